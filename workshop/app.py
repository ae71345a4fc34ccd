"""The composition root: puts the record, the front door, the pages and the live rooms together, for a room or for the centre."""

import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask
from flask_socketio import SocketIO

from sync.entry import sha256
from workshop.copies.copier import Copier
from workshop.copies.forgetting import forget_in_copies
from workshop.copies.second_place import second_place
from workshop.copies.trouble import keep_format
from workshop.photos.keeping import concerns, tidy
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import one_at_a_time, open_store
from workshop.record.desk import Desk, Listener, ThreadDesk
from workshop.record.fold import prepare
from workshop.record.writer import Committed, Received, Writer
from workshop.settings import Folder, device_key, device_name
from workshop.web import http
from workshop.web.answers import answer_errors
from workshop.web.eraser import Eraser, Retire
from workshop.web.fragments import Fragments, folder_of
from workshop.web.guard import Guard, Page
from workshop.web.house import House, Place
from workshop.web.htmx import understand_htmx
from workshop.web.line import DIRECT, Line
from workshop.web.live.announcer import Announcer
from workshop.web.live.fragments_told import renderer
from workshop.web.live.rooms import Presence, open_rooms
from workshop.web.live.widening import widen
from workshop.web.sent import look_first

rows.every_noun()
Mode = Literal["gevent", "threading"]


@dataclass(slots=True)
class Building:
    """A running program: close it to leave the databases tidy."""

    app: Flask
    sockets: SocketIO
    house: House
    guard: Guard
    announcer: Announcer

    def close(self) -> None:
        if self.house.eraser:
            self.house.eraser.stop()
        if self.house.copier:
            self.house.desk.apart(self.house.copier.close)
        self.house.desk.close()
        self.house.store.close()
        self.house.private_store.close()


def build(
    folder: Folder,
    place: Place = "room",
    mode: Mode = "gevent",
    hosts: Callable[[], set[str]] | None = None,
    line: Line = DIRECT,
    trial: bool = False,
) -> Building:
    """Open the folder's databases and make the program. `hosts`: allowed `host:port`; default: the test client's own.

    `line`: how people reach it. `trial`: a central record without https, to be tried out on this computer alone."""
    folder.claim("trial" if trial else place)
    store, private_store = open_store(folder.record_url), open_private(folder.private_url)
    with store.writer.begin() as connection:
        one_at_a_time(connection)
        prepare(connection)
    for database in (store.writer, private_store.writer):
        keep_format(database)
    cookie = f"{'__Host-' if line.is_https else ''}tavoli_{sha256(device_key(folder))[:8]}"
    app = Flask("workshop", static_folder=str(folder_of("static")), static_url_path="/unused")
    app.config.update(MAX_CONTENT_LENGTH=4 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=256 * 1024, MAX_FORM_PARTS=500, SEND_FILE_MAX_AGE_DEFAULT=0)
    sockets = SocketIO(
        app,
        async_mode=mode,
        manage_session=False,
        cookie=None,
        cors_allowed_origins=[],  # the guard in front has already looked
        logger=_silent(),
        engineio_logger=_silent(),
        max_http_buffer_size=65_536,
        always_connect=False,
    )
    listeners: list[Listener] = []
    writer = Writer(store, private_store, program="tavoli", device=device_name(folder))
    desk = _desk(mode, writer, lambda told: _tell_all(listeners, told))
    home = House(place, folder, store, private_store, desk, Fragments(in_a_room=place == "room", in_trial=trial), cookie, trial)
    presence = Presence()
    home.device = writer.device
    announcer = Announcer(sockets, renderer(home), presence.languages, lambda topic: widen(home, topic))
    listeners.append(announcer.tell)
    if store.is_sqlite:
        home.copier = Copier(folder, desk, lambda: home.ask_private(second_place))
        listeners.append(home.copier.hear)
    home.eraser = Eraser(store, desk, writer.device, _retirer(home))
    listeners.append(lambda told: _erase_soon(home, sockets, told))
    desk.apart(tidy, store, home.shelf)
    listeners.append(lambda told: _tidy_photos(home, told))
    home.presence, home.versions = presence, announcer.version
    app.extensions["house"] = home
    guard = Guard(app.wsgi_app, hosts or (lambda: {"localhost"}), cookie, line, _page_of_guard(home))
    app.wsgi_app = guard  # type: ignore[method-assign]
    open_rooms(sockets, home, guard, announcer, presence)
    if mode == "gevent":
        from workshop.web.live.lines import harden  # noqa: PLC0415  (gevent is not loaded in threading mode)

        harden(sockets)
    understand_htmx(app)
    look_first(app)
    http.mount(app, place)
    answer_errors(app)
    _tune()
    return Building(app, sockets, home, guard, announcer)


def _tell_all(listeners: list[Listener], told: list[Committed | Received]) -> None:
    for listener in listeners:
        listener(told)


def _erase_soon(home: House, sockets: SocketIO, told: list[Committed | Received]) -> None:
    if home.eraser and home.eraser.hear(told):
        sockets.start_background_task(home.desk.apart, home.eraser.run_quietly)


def _retirer(home: House) -> Retire:
    """What has copies forgets what was erased in them too."""
    return lambda erased: forget_in_copies(home.copier, erased) if home.copier else []


def _tidy_photos(home: House, told: list[Committed | Received]) -> None:
    """Bytes of photos that were removed or erased, here or elsewhere, go as soon as it is heard."""
    if concerns(told):
        home.desk.apart(tidy, home.store, home.shelf)


def _silent() -> logging.Logger:
    """Strangers' odd packets, and sids, are nothing for a log; what breaks in our own events is logged by `rooms`."""
    silent = logging.getLogger("tavoli.packets")
    silent.setLevel(logging.CRITICAL + 1)
    return silent


def _page_of_guard(home: House) -> Page:
    told: dict[str, Any] = {"sent": [], "action": "", "is_staff": False}
    return lambda problem, language: home.fragments.render("problems/refused.html", language, problem=problem, **told)


def _desk(mode: Mode, writer: Writer, listener: Listener) -> Desk:
    if mode == "threading":
        return ThreadDesk(writer, listener)
    from workshop.record.green_desk import GreenDesk  # noqa: PLC0415  (gevent is not loaded in threading mode)

    return GreenDesk(writer, listener)


def _tune() -> None:
    """Measured: joins cost a third less with rarer collections; a shorter switch interval takes a third off the p95 of answers."""
    gc.set_threshold(100_000, 50, 1_000)
    sys.setswitchinterval(0.0005)
