"""Commands about people: organisers of the central record, and a new passphrase for a room's lead."""

import contextlib
import os
import time
from typing import Any, Final

import click

from workshop.cli_record import data_option
from workshop.cli_words import N_, Command, Group, _

name_argument: Final = click.argument("name")


@click.group(cls=Group, help=N_("Who keeps the central record: run this on its computer."))
def organiser() -> None: ...


@organiser.command(
    "add", help=N_("NAME is what they sign in with (an e-mail address, or a name of their choice). Prints a one-time link for them.")
)
@name_argument
@data_option
def add(name: str, data: str | None) -> None:
    _tell_link(_ask("add", name, data))


@organiser.command("renew", help=N_("A new one-time link, for who has lost passphrase or phone."))
@name_argument
@data_option
def renew(name: str, data: str | None) -> None:
    _tell_link(_ask("renew", name, data))


@organiser.command("list", help=N_("Who organises, and how many sessions they have open."))
@data_option
def listed(data: str | None) -> None:
    for name, is_set_up, sessions in _ask("list", "", data)["organisers"]:
        state = _("signs in") if is_set_up else _("has not used the link yet")
        click.echo("\t".join((name, state, _("%(n)s open", n=sessions))))


@organiser.command("revoke", help=N_("Send somebody away: they are out at once."))
@name_argument
@data_option
def revoke(name: str, data: str | None) -> None:
    _ask("revoke", name, data)
    click.echo(_("%(name)s does not organise any more", name=name))


@organiser.command("sign-out", help=N_("End all sessions of somebody."))
@name_argument
@data_option
def sign_out(name: str, data: str | None) -> None:
    _ask("sign-out", name, data)
    click.echo(_("%(name)s is signed out everywhere", name=name))


@click.command(
    "passphrase", cls=Command, help=N_("Make a new passphrase for the lead of a room. The old one, and whoever came in with it, is out.")
)
@data_option
def passphrase(data: str | None) -> None:
    click.echo(_ask("passphrase", "", data)["passphrase"])


people_commands: Final[list[click.Command]] = [organiser, passphrase]


def _ask(job: str, name: str, data: str | None) -> dict[str, Any]:
    """The server that runs on the folder does it, or we ourselves."""
    from workshop.keeping import Running, alone
    from workshop.private.database import open_private
    from workshop.private.front_desk import job_named
    from workshop.settings import open_folder

    folder = open_folder(data)
    if (served := folder.serving()) and served.get("url"):
        return Running(str(served["url"]), str(served.get("key", ""))).people(job, name)
    with alone(folder), contextlib.closing(open_private(folder.private_url)) as store, store.writer.begin() as connection:
        return job_named(job)(connection, name, int(time.time()))


def _tell_link(made: dict[str, Any]) -> None:
    origin = made["origin"] or os.environ.get("TAVOLI_ADDRESS", "").rstrip("/") or "https://YOUR.NAME"
    click.echo(f"{origin}{made['path']}")
    click.echo(_("good once, for 48 hours: give it to this person alone"), err=True)
