"""`tavoli bundle export|import`: a process in a file, for a stick. Also while Tavoli serves the folder."""

import sys
from pathlib import Path
from typing import Final

import click

from workshop.cli_record import data_option
from workshop.cli_words import N_, Group, _, option


def key_in(file: Path) -> str:
    """As it stands on paper; a file that is none gives a key that is refused in words."""
    return file.read_text(encoding="utf-8", errors="replace")[:1_000].strip() or "-"


@click.group("bundle", cls=Group, help=N_("Carry a process in a file, sealed for the central record and its computers."))
def bundle_group() -> None: ...


@bundle_group.command("export", help=N_("Write FILE, whole or not at all."))
@click.argument("file", type=click.Path(path_type=Path))
@data_option
@option("--process", "process", default="", help=N_("Id of the process, when there are several."))
@option("--profile", "profile", default="", help=N_("syntheses, contributions, full (default: what the lead chose)."))
@option("--unsealed", "is_open", is_flag=True, help=N_("Leave it open: whoever has the file can read it."))
def export_command(file: Path, data: str | None, process: str, profile: str, is_open: bool) -> None:
    from workshop.cli_bars import with_bar
    from workshop.domain.profiles import Profile
    from workshop.keeping import keeper_of

    if profile and profile not in list(Profile):
        raise click.UsageError(f"--profile is one of: {', '.join(Profile)}")
    if not file.absolute().parent.is_dir():
        raise click.ClickException(_("There is no folder %(path)s. Is the stick in?", path=file.absolute().parent))
    with keeper_of(data) as keeper:
        told = with_bar(keeper, lambda: keeper.bundle_out(str(file.absolute()), process, profile, is_open), keeper.bundle_progress)
    line = _("%(n)s entries, sealed", n=told["entries"]) if told["is_sealed"] else _("%(n)s entries, open", n=told["entries"])
    click.echo(f"{line}\n{told['digest']}\n{file}")


@bundle_group.command("import", help=N_("Take in FILE: twice does no harm, a file that was cut gives what came before the cut."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@option("--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=N_("The organiser's key, for a full one."))
def import_command(file: Path, data: str | None, key_file: Path | None) -> None:
    from workshop.cli_bars import Interrupted, with_bar
    from workshop.keeping import keeper_of

    with keeper_of(data) as keeper:
        key = key_in(key_file) if key_file else ""
        told = with_bar(keeper, lambda: keeper.bundle_in(str(file.absolute()), key), keeper.bundle_progress)
    if told["why"] == "stopped":
        raise Interrupted(_("stopped: %(read)s of %(told)s were read and stay; import it again, and the rest comes", **told))
    click.echo(_("%(stored)s new, %(known)s already here, %(held)s held, %(refused)s refused", **told))
    if told["why"]:
        click.echo(_("the file ends early (%(why)s): %(read)s of %(told)s were read and are kept", **told), err=True)
    sys.exit(1 if told["why"] or told["refused"] else 0)


bundle_commands: Final[list[click.Command]] = [bundle_group]
