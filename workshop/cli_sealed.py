"""`tavoli open-sealed`: with the organiser's key, read what single people did where it is kept closed. Also while Tavoli serves."""

import sys
from pathlib import Path
from typing import Final

import click

from workshop.cli_bundle import key_in
from workshop.cli_record import data_option


@click.command("open-sealed")
@data_option
@click.option("--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Where the key is; else it is asked for.")
def open_command(data: str | None, key_file: Path | None) -> None:
    """Open what was sealed for the key of complete records. It is in the record then, for whoever reads this folder."""
    from workshop.keeping import keeper_of

    key = key_in(key_file) if key_file else click.prompt("Key", hide_input=True)
    with keeper_of(data) as keeper:
        told = keeper.open_sealed(key)
    click.echo(f"{told['opened']} opened, {len(told['false'])} false, {sum(told['others'].values())} sealed for other keys")
    for entry in told["false"]:
        click.echo(f"not what its computer had written, thrown away: {entry}", err=True)
    sys.exit(1 if told["false"] else 0)


sealed_commands: Final[list[click.Command]] = [open_command]
