"""Commands that look after a record: verify, rebuild, sync, enrol, code. Each loads what it needs: `tavoli --help` answers at once."""

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Final

import click

from workshop.cli_words import N_, Command, _, option

if TYPE_CHECKING:
    from workshop.record.verify import Verdict

REASONS: Final = {
    "head": N_("the head of this entry was changed"),
    "body": N_("the body of this entry was changed"),
    "size": N_("this entry is larger than any may be"),
    "chain": N_("this entry does not follow the one before it"),
    "columns": N_("the columns of this entry do not say what its head says"),
    "rows_differ": N_("the rows are not what the log says: run `tavoli rebuild`"),
    "rows_of_another_version": N_("the rows are those of another version of Tavoli: run `tavoli rebuild`"),
    "unreadable_store": N_("the database itself is damaged: restore a backup"),
}
LEFT: Final = (N_("syntheses"), N_("sentences"), N_("groups"), N_("cards"), N_("personal"))  # what a receipt counts: `domain.profiles.Sent`
data_option: Final = option("--data", "data", default=None, help=N_("Data folder (default: the user's own)."))


@click.command("sync", cls=Command, help=N_("Send to the central record what it lacks, and take what is new there."))
@click.argument("url", required=False)
@option("--code", default="", help=N_("One-time code, when this computer is not linked to that central record yet."))
@data_option
def sync_command(url: str | None, code: str, data: str | None) -> None:
    from workshop.cli_bars import Interrupted, with_bar
    from workshop.keeping import keeper_of, why_not

    if code and not url:
        raise click.UsageError("--code needs the address of the central record too.")
    with keeper_of(data) as keeper:
        if url and code:
            keeper.enrol(url, code)
        contact = with_bar(keeper, lambda: keeper.sync(url or ""), keeper.progress)
    line = _("sent %(sent)s, received %(received)s", sent=contact.sent, received=contact.received)
    if contact.bodies:
        click.echo(_("left:") + " " + ", ".join(f"{getattr(contact.left, name)} {_(name)}" for name in LEFT))
    if contact.sealed:
        click.echo(_("left sealed for who organises: %(n)s", n=contact.sealed))
    if contact.was_stopped:
        raise Interrupted(_("stopped: %(line)s; what has arrived stays, next time it goes on from there", line=line))
    end = _("identical") if contact.identical else _("not identical yet: %(why)s", why=why_not(contact))
    click.echo(f"{line}, {end}")
    sys.exit(0 if contact.identical else 1)


@click.command(
    "enrol",
    cls=Command,
    help=N_("Link this computer to a central record: with the whole link that it shows, or with its address and a one-time code."),
)
@click.argument("url")
@click.argument("code", default="")
@data_option
def enrol_command(url: str, code: str, data: str | None) -> None:
    from workshop.keeping import keeper_of

    with keeper_of(data) as keeper:
        click.echo(_("linked to %(name)s", name=keeper.enrol(url, code)["name"]))


@click.command("code", cls=Command, help=N_("At the central record: make a one-time code for one computer."))
@data_option
def code_command(data: str | None) -> None:
    from workshop.keeping import keeper_of

    with keeper_of(data) as keeper:
        made = keeper.code()
    click.echo(f"{made['code'][:5]}-{made['code'][5:]}")
    click.echo(_("good for one computer, %(minutes)s minutes", minutes=made["minutes"]), err=True)


@click.command(
    "verify", cls=Command, help=N_("Check every byte against its hash, and the rows against a rebuild. May run while Tavoli serves.")
)
@option("--json", "as_json", is_flag=True, help=N_("One JSON object, for programs."))
@data_option
def verify_command(as_json: bool, data: str | None) -> None:
    from workshop.keeping import kept_store_of
    from workshop.record.verify import verify
    from workshop.settings import open_folder

    with kept_store_of(open_folder(data)) as store:
        verdict = verify(store)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(verdict)))
    else:
        click.echo(_verdict_in_words(verdict))
    sys.exit(0 if verdict.is_good else 1)


@click.command("rebuild", cls=Command, help=N_("Fold all rows again from the log."))
@data_option
def rebuild_command(data: str | None) -> None:
    from workshop.keeping import alone, kept_store_of
    from workshop.record.verify import rebuild
    from workshop.settings import open_folder

    folder = open_folder(data)
    with alone(folder), kept_store_of(folder) as store:
        click.echo(_("folded %(n)s entries", n=rebuild(store)))


record_commands: Final[list[click.Command]] = [sync_command, enrol_command, code_command, verify_command, rebuild_command]


def _verdict_in_words(verdict: "Verdict") -> str:
    if verdict.is_good:
        return _("%(n)s entries, every one as it was written, rows equal a rebuild", n=verdict.entries) + f"\n{verdict.digest}"
    return f"{verdict.first_bad or 'record'}: {_(REASONS.get(verdict.reason, verdict.reason))}"
