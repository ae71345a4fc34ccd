"""Commands that look after a record: verify, rebuild, sync."""

import click

record_commands: list[click.Command] = []
