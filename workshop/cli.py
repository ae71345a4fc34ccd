"""The command line: `tavoli serve` starts a room or the centre; the rest looks after a record without a browser."""

import contextlib
import sys
import webbrowser
from typing import Any

import click

from workshop.cli_record import record_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tavoli")
def main() -> None:
    """Tavoli: a participatory workshop from one laptop, with or without the internet."""


@main.command()
@click.option("--port", default=8080, show_default=True, help="Keep it the same during an event: phones remember the address.")
@click.option("--host", default="", help="Address that the QR codes say (default: chosen on the lead's page).")
@click.option("--data", "data", default=None, help="Data folder (default: the user's own).")
@click.option("--no-browser", is_flag=True, help="Do not open the lead's page.")
@click.option("--central", is_flag=True, help="Run as the central record (DATABASE_URL for PostgreSQL).")
@click.option("--demo", is_flag=True, help="Load the demonstration first, if the record is empty.")
def serve(port: int, host: str, data: str | None, no_browser: bool, central: bool, demo: bool) -> None:
    """Start Tavoli and print where it is."""
    from workshop import starting
    from workshop.settings import FolderIsServed

    try:
        starting.start(starting.Wish(port=port, host=host, data=data, central=central, demo=demo), None if no_browser else webbrowser.open)
    except FolderIsServed as served:
        raise click.ClickException(f"Another Tavoli serves this data folder already, at {served.url}") from served
    except OSError as wrong:
        raise click.ClickException(f"Port {port} cannot be used ({wrong.strerror}). Close the other program or choose --port.") from wrong


@main.group()
def demo() -> None:
    """The demonstration “Lucca In... famiglia”."""


@demo.command("load")
@click.option("--data", "data", default=None)
def demo_load(data: str | None) -> None:
    """Load it through the front door, as if people had done it."""
    from workshop.demo import load_into_folder

    click.echo(load_into_folder(data))


for command in record_commands:
    main.add_command(command)


def _utf8(stream: Any) -> None:
    with contextlib.suppress(AttributeError, ValueError):
        stream.reconfigure(encoding="utf-8")


_utf8(sys.stdout)

if __name__ == "__main__":
    main()
