"""Commands that look after a record: verify, rebuild, sync, enrol, code. They ask the running server, or open the folder themselves."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, Final, Protocol

import click
import httpx
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.exc import DatabaseError

from workshop.domain.refusal import Refusal
from workshop.private import peers
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import Store, StoreIsUnsafe, open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.verify import Verdict, verify
from workshop.record.verify import rebuild as rebuild_store
from workshop.record.writer import Writer
from workshop.settings import Folder, FolderIsServed, open_folder
from workshop.web.courier import Contact, Courier
from workshop.web.wording import describe

LOOK_EVERY: Final = 0.2  # seconds between two looks at the progress
REASONS: Final = {
    "head": "the head of this entry was changed",
    "body": "the body of this entry was changed",
    "size": "this entry is larger than any may be",
    "chain": "this entry does not follow the one before it",
    "columns": "the columns of this entry do not say what its head says",
    "rows_differ": "the rows are not what the log says: run `tavoli rebuild`",
    "unreadable_store": "the database itself is damaged: restore a backup",
}
data_option: Final = click.option("--data", "data", default=None, help="Data folder (default: the user's own).")


@click.command("sync")
@click.argument("url", required=False)
@click.option("--code", default="", help="One-time code, when this computer is not linked to that central record yet.")
@data_option
def sync_command(url: str | None, code: str, data: str | None) -> None:
    """Send to the central record what it lacks, and take what is new there."""
    if bool(url) != bool(code):
        raise click.UsageError("Linking needs both: the address and --code. Afterwards `tavoli sync` needs neither.")
    with keeper_of(data) as keeper:
        if url:
            keeper.enrol(url, code)
        contact = sync_with_bar(keeper)
    line = f"sent {contact.sent}, received {contact.received}"
    click.echo(f"{line}, identical" if contact.identical else f"{line}, not identical yet: {why_not(contact)}")
    sys.exit(0 if contact.identical else 1)


@click.command("enrol")
@click.argument("url")
@click.argument("code")
@data_option
def enrol_command(url: str, code: str, data: str | None) -> None:
    """Link this computer to a central record with a one-time code."""
    with keeper_of(data) as keeper:
        click.echo(f"linked to {keeper.enrol(url, code)['name']}")


@click.command("code")
@data_option
def code_command(data: str | None) -> None:
    """At the central record: make a one-time code for one computer."""
    with keeper_of(data) as keeper:
        made = keeper.code()
    click.echo(f"{made['code'][:5]}-{made['code'][5:]}")
    click.echo(f"good for one computer, {made['minutes']} minutes", err=True)


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@data_option
def verify_command(as_json: bool, data: str | None) -> None:
    """Check every byte against its hash, and the rows against a rebuild. May run while Tavoli serves."""
    with store_of(open_folder(data)) as store:
        verdict = verify(store)
    if as_json:
        click.echo(json.dumps(asdict(verdict)))
    else:
        click.echo(_verdict_in_words(verdict))
    sys.exit(0 if verdict.is_good else 1)


@click.command("rebuild")
@data_option
def rebuild_command(data: str | None) -> None:
    """Fold all rows again from the log."""
    folder = open_folder(data)
    with alone(folder), store_of(folder) as store:
        click.echo(f"folded {rebuild_store(store)} entries")


record_commands: Final[list[click.Command]] = [sync_command, enrol_command, code_command, verify_command, rebuild_command]


def _verdict_in_words(verdict: Verdict) -> str:
    if verdict.is_good:
        return f"{verdict.entries} entries, every one as it was written, rows equal a rebuild\n{verdict.digest}"
    return f"{verdict.first_bad or 'record'}: {REASONS.get(verdict.reason, verdict.reason)}"
