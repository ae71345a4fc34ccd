"""Start: open the folder, make what a first start needs, print where to go, serve."""

import io
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

import qrcode
from rich.console import Console

from workshop import demo
from workshop.addresses import lan_addresses
from workshop.app import Building, build
from workshop.copies.restoring import put_in_place
from workshop.copies.trouble import look_at
from workshop.domain.people import Role
from workshop.private import organisers, staff
from workshop.private.settings_kept import keep_setting, setting
from workshop.private.signing_in import keep_one_time_link
from workshop.record.database import sqlite_has_wal_reset_bug
from workshop.serving import allowed_hosts, listen, own_names, serve
from workshop.settings import Folder, FolderIsServed, open_folder, private_key
from workshop.terms import Terms, terms_of

console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for. `listen`: an address of this computer, default: all in the room, its own at the centre."""

    port: int = 8080
    host: str = ""
    data: str | None = None
    central: bool = False
    demo: bool = False
    address: str = ""
    proxies: tuple[str, ...] = ()
    listen: str = ""
    trial: bool = False


def start(wish: Wish, open_browser: Callable[[str], object] | None) -> None:
    """Blocks until asked to stop. Raises NotFitToServe, FolderIsServed, FolderUnusable, PortUnusable, and what the databases raise."""
    if wish.central:
        _start_centre(wish, terms_of(wish.address, wish.proxies, os.environ, trial=wish.trial), open_browser)
    else:
        _start_room(wish, open_browser)


def _start_room(wish: Wish, open_browser: Callable[[str], object] | None) -> None:
    folder = open_folder(wish.data)
    _refuse_a_second_server(folder)
    put_in_place(folder)
    look_at(folder)
    sock = listen(wish.listen or "0.0.0.0", wish.port)  # noqa: S104  (phones in the room must reach it; the guard checks the host)
    with folder.served_at(f"http://127.0.0.1:{sock.getsockname()[1]}") as key:
        _serve_room(wish, folder, key, sock, open_browser)
        while put_in_place(folder):  # a copy was restored from the browser, whose next request waits at the same address
            _serve_room(wish, folder, key, sock, None)


def _serve_room(wish: Wish, folder: Folder, key: str, sock: socket.socket, open_browser: Callable[[str], object] | None) -> None:
    port = int(sock.getsockname()[1])
    building = build(folder, "room", "gevent", allowed_hosts(port, wish.host))
    building.house.local_key = key
    building.house.address = f"{wish.host or _address(building)}:{port}"
    building.house.load_demo = lambda: demo.load_if_empty(building.house.desk)
    passphrase = _first_start(building)
    if wish.demo:
        demo.load_if_empty(building.house.desk)
    entry = f"http://127.0.0.1:{port}/enter/{_one_time_link(building)}"
    serve(building, sock.dup(), lambda: _tell(building, passphrase, entry, open_browser))


def _start_centre(wish: Wish, terms: Terms, open_browser: Callable[[str], object] | None) -> None:
    folder = open_folder(wish.data)
    _refuse_a_second_server(folder)
    look_at(folder)
    private_key(folder)  # whole, before anything else is opened
    sock = listen("127.0.0.1" if terms.is_trial else wish.listen or "127.0.0.1", wish.port)
    port = int(sock.getsockname()[1])
    with folder.served_at(f"http://127.0.0.1:{port}") as key:
        names = (lambda: own_names(port) | {terms.netloc}) if terms.netloc else allowed_hosts(port, wish.host)
        building = build(folder, "central", "gevent", names, terms.line, terms.is_trial)
        building.house.local_key = key
        building.house.address = terms.netloc or f"{wish.host or '127.0.0.1'}:{port}"
        building.house.keep_private(keep_setting, "origin", terms.origin or f"http://127.0.0.1:{port}")
        building.house.load_demo = (lambda: demo.load_if_empty(building.house.desk)) if terms.is_trial else None
        if wish.demo:
            demo.load_if_empty(building.house.desk)
        serve(building, sock, lambda: _tell_centre(building, port, terms, open_browser))


def _refuse_a_second_server(folder: Folder) -> None:
    """Before asking for the port: who starts it twice should read where the first one is, not that the port is taken."""
    if running := folder.serving():
        raise FolderIsServed(str(running["url"]))


def _address(building: Building) -> str:
    kept = building.house.ask_private(setting, "address")
    found = lan_addresses()
    return kept if kept in found else next(iter(found), "127.0.0.1")


def _first_start(building: Building) -> str:
    """Make the lead and the passphrase, shown only now."""
    if building.house.ask_private(staff.lead_of, Role.LEAD):
        return ""
    passphrase = staff.new_passphrase()
    building.house.keep_private(staff.make_lead, Role.LEAD, passphrase)
    return passphrase


def _one_time_link(building: Building) -> str:
    """Opens the lead's page on this computer without typing the passphrase: used once, then void."""
    return building.house.keep_private(keep_one_time_link)


def _tell(building: Building, passphrase: str, entry: str, open_browser: Callable[[str], object] | None) -> None:
    page = f"http://{building.house.address}"
    console.print("[bold]Tavoli[/]")
    console.print(f"  Chi conduce / the lead:  {entry}", soft_wrap=True)
    if passphrase:
        console.print(f"  Frase segreta / passphrase (si vede solo ora): [bold]{passphrase}[/]", soft_wrap=True)
    console.print(f"  Telefoni / phones:       [bold]{page}[/]", soft_wrap=True)
    console.print(_qr(page), end="")
    if building.house.store.is_sqlite and sqlite_has_wal_reset_bug():
        console.print("  [dim]SQLite < 3.51.3: one writer only, as Tavoli does.[/]")
    _end_telling(entry, open_browser)


def _tell_centre(building: Building, port: int, terms: Terms, open_browser: Callable[[str], object] | None) -> None:
    """A trial has its one-time link, as a room has; at a real centre people come in by their own account."""
    console.print("[bold]Tavoli[/] · archivio centrale / central record")
    if terms.is_trial:
        entry = f"http://127.0.0.1:{port}/enter/{building.house.keep_private(organisers.one_time_link_of_trial)}"
        console.print("  [bold red]Prova: senza https. Non mettere qui dati veri. / Trial: no https, no real data.[/]")
        console.print(f"  Chi organizza / the organiser:  {entry}", soft_wrap=True)
        return _end_telling(entry, open_browser)
    console.print(f"  Indirizzo / address:          [bold]{terms.origin}[/]", soft_wrap=True)
    console.print(f"  Per il proxy / for the proxy: http://127.0.0.1:{port}", soft_wrap=True)
    if not building.house.ask_private(organisers.organisers):
        console.print("  Nessuno organizza ancora / nobody organises yet: tavoli organiser add NAME --data DIR", soft_wrap=True)
    return _end_telling(terms.origin, None)


def _end_telling(entry: str, open_browser: Callable[[str], object] | None) -> None:
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
