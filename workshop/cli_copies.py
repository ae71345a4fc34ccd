"""Commands for copies: backup (also while Tavoli serves) and restore (into an empty folder)."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from workshop.cli_record import data_option
from workshop.cli_words import N_, Command, _, option

if TYPE_CHECKING:
    from workshop.copies.shape import Copy
    from workshop.settings import Folder


@click.command(
    "backup",
    cls=Command,
    help=N_(
        "Copy everything, verified, to the data folder's own backups, or TO another place such as a stick. May run while Tavoli serves."
    ),
)
@click.argument("to", required=False, type=click.Path(path_type=Path))
@data_option
def backup_command(to: Path | None, data: str | None) -> None:
    from workshop.cli_bars import with_spinner
    from workshop.settings import open_folder

    folder = open_folder(data)
    served = folder.serving()
    if to is not None and not to.is_dir():
        raise click.ClickException(_("There is no folder %(path)s. Is the stick in?", path=to))

    def job() -> "Copy":
        return _asked(str(served["url"]), str(served.get("key", "")), to) if served and served.get("url") else _made_here(folder, to)

    copy = with_spinner(_("copying and checking"), job)
    click.echo(_("%(n)s entries, verified", n=copy.entries) + f"\n{copy.digest}\n{copy.path}")


@click.command(
    "restore",
    cls=Command,
    help=N_(
        "Restore BACKUP: the folder of a copy, or a place with several (then the newest). Phones then bring what is newer by themselves."
    ),
)
@click.argument("backup", type=click.Path(path_type=Path))
@option("--data", "data", required=True, type=click.Path(path_type=Path), help=N_("A folder that is empty or does not exist yet."))
def restore_command(backup: Path, data: Path) -> None:
    from workshop.cli_bars import with_spinner
    from workshop.copies.restoring import restore

    with _disk_in_words(data):
        restored = with_spinner(_("restoring and checking"), lambda: restore(data, backup))
    titles = ", ".join(restored.copy.told.titles) or _("no process yet")
    click.echo(_("restored the copy of %(made)s: %(titles)s", made=restored.copy.made, titles=titles))
    click.echo(_("%(n)s entries, every one as it was written", n=restored.entries) + f"\n{restored.digest}")
    if restored.erased:
        click.echo(_("%(n)s texts were left out: they were erased since (erasures.txt)", n=restored.erased))
    click.echo(_("start it: %(command)s", command=f"tavoli serve --data {data}"))


def _asked(url: str, key: str, to: Path | None) -> "Copy":
    """The server that runs on this folder makes it."""
    from workshop.copies.shape import read_copy
    from workshop.keeping import Running

    return read_copy(Path(Running(url, key).backup(str(to.resolve()) if to else "")))


def _made_here(folder: "Folder", to: Path | None) -> "Copy":
    from workshop.copies.copier import Copier
    from workshop.copies.second_place import second_place
    from workshop.copies.trouble import look_at
    from workshop.keeping import alone, kept_store_of
    from workshop.private.database import open_private
    from workshop.record.desk import DirectDesk
    from workshop.record.writer import Writer
    from workshop.settings import device_name

    look_at(folder)
    with kept_store_of(folder) as store:
        if not store.is_sqlite:
            raise click.ClickException(_("This record is in PostgreSQL: its own tools make the copy (pg_dump)."))
        with alone(folder), contextlib.closing(open_private(folder.private_url)) as private, private.readers.connect() as reader:
            second = second_place(reader)
            writer = Writer(store, private, "tavoli", device_name(folder))
            with contextlib.closing(DirectDesk(writer, lambda _news: None)) as desk, _disk_in_words(to or folder.path):
                return Copier(folder, desk, lambda: second).copy_now(to)


@contextlib.contextmanager
def _disk_in_words(where: Path) -> Iterator[None]:
    from workshop.copies.words import told

    try:
        yield
    except (OSError, sqlite3.Error) as wrong:
        if told(wrong):
            raise
        raise click.ClickException(
            _("%(path)s cannot be written (%(why)s).", path=where, why=getattr(wrong, "strerror", None) or wrong)
        ) from wrong


copy_commands: Final[list[click.Command]] = [backup_command, restore_command]
