"""The command line: `tavoli serve` starts a room or the centre; the rest looks after a record without a browser."""

import contextlib
import os
import sys
import webbrowser
from typing import Any

import click

from workshop.cli_bundle import bundle_commands
from workshop.cli_copies import copy_commands
from workshop.cli_people import people_commands
from workshop.cli_record import record_commands
from workshop.cli_sealed import sealed_commands
from workshop.cli_words import LANGUAGES, N_, Group, Option, _, language, option


class _InWords(Group):
    """What stops a command is one line, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as wrong:
            if told := _told(wrong):
                raise click.ClickException(told) from wrong
            raise


def _told(wrong: Exception) -> str:
    """'' for what nobody foresaw."""
    from sqlalchemy.exc import DatabaseError

    from workshop.copies import words
    from workshop.domain.refusal import Refusal
    from workshop.record.database import StoreIsUnsafe, WrittenByNewer, disk_refusal
    from workshop.serving import PortUnusable
    from workshop.settings import FolderIsAnothers, FolderIsServed, FolderUnusable, KeyIsShort
    from workshop.terms import NotFitToServe
    from workshop.web.wording import describe

    match (disk_refusal(wrong) if isinstance(wrong, DatabaseError) else None) or wrong:
        case FolderIsServed():
            return _("Another Tavoli serves this data folder already, at %(where)s", where=wrong)
        case FolderUnusable() | FolderIsAnothers() | KeyIsShort() | PortUnusable() | NotFitToServe() | WrittenByNewer():
            return str(wrong)
        case StoreIsUnsafe():
            return _("This disk does not keep safely what is written (%(why)s). Choose a folder on another disk with --data.", why=wrong)
        case DatabaseError(orig=cause):
            return _("The database in the data folder cannot be read (%(why)s). Restore a backup, or choose another folder.", why=cause)
        case Refusal() as refusal:
            found = describe(refusal, language())
            return f"{found['title']} {found['detail']}"
        case _:
            return words.told(wrong)


@click.group(
    cls=_InWords,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=N_("Tavoli: a participatory workshop from one laptop, with or without the internet."),
)
@click.version_option(package_name="tavoli", cls=Option, help=N_("Show the version and do nothing."))
@option(
    "--lang", is_eager=True, type=click.Choice(LANGUAGES), help=N_("Language of the answers (default: the system's, when it is Italian).")
)
def main(lang: str | None) -> None:
    os.umask(0o077)  # databases too: other people of this computer do not read them


@main.command(help=N_("Start Tavoli and print where it is."))
@option("--port", default=8080, show_default=True, help=N_("Keep it the same during an event: phones remember the address."))
@option("--host", default="", help=N_("Address that the QR codes say (default: chosen on the lead's page)."))
@option("--data", "data", default=None, help=N_("Data folder (default: the user's own)."))
@option("--no-browser", is_flag=True, help=N_("Do not open the lead's page."))
@option("--demo", is_flag=True, help=N_("Load the demonstration first, if the record is empty."))
@option("--listen", default="", help=N_("Address of this computer to listen on (room: all; central record: 127.0.0.1)."))
@option("--central", is_flag=True, help=N_("Run as the central record, on PostgreSQL (DATABASE_URL)."))
@option("--address", envvar="TAVOLI_ADDRESS", default="", help=N_("Central record: its public address, https://…"))
@option("--proxy", "proxies", envvar="TAVOLI_PROXY", multiple=True, help=N_("Central record: IP or network of its reverse proxy."))
@option("--try", "trial", is_flag=True, help=N_("Central record: try it out on this computer, without https and PostgreSQL."))
def serve(
    port: int,
    host: str,
    data: str | None,
    no_browser: bool,
    demo: bool,
    listen: str,
    central: bool,
    address: str,
    proxies: tuple[str, ...],
    trial: bool,
) -> None:
    from workshop import starting

    if trial and not central:
        raise click.UsageError("--try is for a central record: add --central.")
    wish = starting.Wish(port, host, data, central, demo, address, proxies, listen, trial)
    starting.start(wish, None if no_browser else webbrowser.open)


@main.group(help=N_("The demonstration “Lucca In... famiglia”."))
def demo() -> None: ...


@demo.command("load", help=N_("Load it through the front door, as if people had done it. Where Tavoli runs on the folder, it does it."))
@option("--data", "data", default=None)
def demo_load(data: str | None) -> None:
    from workshop.demo import in_words, load_into_folder
    from workshop.keeping import Running
    from workshop.settings import open_folder

    served = open_folder(data).serving()
    if served and served.get("url"):
        click.echo(in_words(Running(str(served["url"]), str(served.get("key", ""))).demo()))
    else:
        click.echo(load_into_folder(data))


for command in (*record_commands, *copy_commands, *bundle_commands, *sealed_commands, *people_commands):
    main.add_command(command)


def _utf8(stream: Any) -> None:
    with contextlib.suppress(AttributeError, ValueError):
        stream.reconfigure(encoding="utf-8")


_utf8(sys.stdout)

if __name__ == "__main__":
    main()
