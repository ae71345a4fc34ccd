"""Start: open the folder, make what a first start needs, print where to go, serve."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import qrcode
from rich.console import Console

from workshop import demo
from workshop.addresses import lan_addresses
from workshop.app import Building, build
from workshop.domain.people import Role
from workshop.private import staff
from workshop.private.settings_kept import setting
from workshop.private.signing_in import keep_one_time_link
from workshop.record.database import sqlite_has_wal_reset_bug
from workshop.serving import allowed_hosts, listen, serve
from workshop.settings import Folder, FolderIsServed, open_folder

console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    port: int = 8080
    host: str = ""
    data: str | None = None
    central: bool = False
    demo: bool = False


def start(wish: Wish, open_browser: Callable[[str], object] | None) -> None:
    """Blocks until asked to stop. Raises FolderIsServed, FolderUnusable, PortUnusable, and what the databases raise."""
    folder = open_folder(wish.data)
    _refuse_a_second_server(folder)
    sock = listen("0.0.0.0", wish.port)  # noqa: S104  (phones in the room must reach it; the guard checks the host)
    port = int(sock.getsockname()[1])
    with folder.served_at(f"http://127.0.0.1:{port}") as key:
        building = build(folder, "central" if wish.central else "room", "gevent", allowed_hosts(port, wish.host))
        building.house.local_key = key
        building.house.address = f"{wish.host or _address(building)}:{port}"
        building.house.load_demo = lambda: demo.load_if_empty(building.house.desk)
        passphrase = _first_start(building, wish.central)
        if wish.demo:
            demo.load_if_empty(building.house.desk)
        entry = f"http://127.0.0.1:{port}/enter/{_one_time_link(building)}"
        serve(building, sock, lambda: _tell(building, port, passphrase, entry, open_browser))


def _refuse_a_second_server(folder: Folder) -> None:
    """Before asking for the port: who starts it twice should read where the first one is, not that the port is taken."""
    if running := folder.serving():
        raise FolderIsServed(str(running["url"]))


def _address(building: Building) -> str:
    kept = building.house.ask_private(setting, "address")
    found = lan_addresses()
    return kept if kept in found else next(iter(found), "127.0.0.1")


def _first_start(building: Building, central: bool) -> str:
    """Make the lead (or organiser) and the passphrase, shown only now."""
    role = Role.ORGANISER if central else Role.LEAD
    if building.house.ask_private(staff.lead_of, role):
        return ""
    passphrase = staff.new_passphrase()
    building.house.keep_private(staff.make_lead, role, passphrase)
    return passphrase


def _one_time_link(building: Building) -> str:
    """Opens the lead's page on this computer without typing the passphrase: used once, then void."""
    return building.house.keep_private(keep_one_time_link)


def _tell(building: Building, port: int, passphrase: str, entry: str, open_browser: Callable[[str], object] | None) -> None:
    page = f"http://{building.house.address}"
    console.print(f"[bold]Tavoli[/] {'· archivio centrale' if building.house.place == 'central' else ''}")
    console.print(f"  Chi conduce / the lead:  {entry}", soft_wrap=True)
    if passphrase:
        console.print(f"  Frase segreta / passphrase (si vede solo ora): [bold]{passphrase}[/]", soft_wrap=True)
    if building.house.place == "room":
        console.print(f"  Telefoni / phones:       [bold]{page}[/]", soft_wrap=True)
        console.print(_qr(page), end="")
    if building.house.store.is_sqlite and sqlite_has_wal_reset_bug():
        console.print("  [dim]SQLite < 3.51.3: one writer only, as Tavoli does.[/]")
    console.print("  Ctrl+C per fermare / to stop.")
    console.file.flush()
    if open_browser:
        open_browser(entry)


def _qr(text: str) -> str:
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue()
