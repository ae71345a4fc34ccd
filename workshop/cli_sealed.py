"""`tavoli open-sealed`: with the organiser's key, read what single people did where it is kept closed. Also while Tavoli serves."""

import sys
from pathlib import Path
from typing import Final

import click

from workshop.cli_bundle import key_in
from workshop.cli_record import data_option
from workshop.cli_words import N_, Command, _, option


@click.command(
    "open-sealed",
    cls=Command,
    help=N_("Open what was sealed for the key of complete records. It is in the record then, for whoever reads this folder."),
)
@data_option
@option("--key-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=N_("Where the key is; else it is asked for."))
def open_command(data: str | None, key_file: Path | None) -> None:
    from workshop.cli_bars import with_spinner
    from workshop.keeping import keeper_of

    key = key_in(key_file) if key_file else click.prompt(_("Key of complete records"), hide_input=True)
    with keeper_of(data) as keeper:
        told = with_spinner(_("opening what is sealed"), lambda: keeper.open_sealed(key))
    others = sum(told["others"].values())
    numbers = {"n": told["opened"], "false": len(told["false"]), "others": others}
    click.echo(_("%(n)s opened, %(false)s false, %(others)s sealed for other keys", **numbers))
    for entry in told["false"]:
        click.echo(_("not what its computer had written, thrown away: %(entry)s", entry=entry), err=True)
    sys.exit(1 if told["false"] else 0)


sealed_commands: Final[list[click.Command]] = [open_command]
