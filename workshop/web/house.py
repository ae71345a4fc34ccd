"""What pages reach for: readers, the front door, the renderer. Made once by app.py, found through the running app."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

from flask import current_app
from sqlalchemy import Connection

from workshop.copies.copier import Copier
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.command import Command
from workshop.domain.people import Actor
from workshop.photos.shelf import Shelf, shelf_in
from workshop.private.database import PrivateStore
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.writer import Receipt
from workshop.settings import Folder
from workshop.web.eraser import Eraser
from workshop.web.fragments import Fragments

Place = Literal["room", "central"]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class House:
    """`cookie` is the stem of our cookie names, different for each data folder; `address` is what the QR codes say."""

    place: Place
    folder: Folder
    store: Store
    private_store: PrivateStore
    desk: Desk
    fragments: Fragments
    cookie: str
    is_trial: bool = False  # a central record without https, tried out on this computer
    address: str = ""
    device: str = ""  # what this computer calls itself in the record
    local_key: str = ""
    presence: Any = None  # web.live.rooms.Presence: phones connected
    cut_off: Callable[[str], None] = field(default=lambda _who: None)  # disconnect the sockets of a participant or a member of the staff
    copier: Copier | None = None  # None where the record is in PostgreSQL: who runs that makes its copies
    eraser: Eraser | None = None
    leave: Callable[[], object] | None = None  # given by serving.py: end soon, so that starting.py opens what was restored
    load_demo: Callable[[], bool] | None = None  # given by starting.py: pages do not know the demonstration
    shelf: Shelf = field(init=False)  # bytes of photos
    versions: Callable[[str], str] = field(default=lambda _topic: "")  # topic -> "<run>:<count>"

    def __post_init__(self) -> None:
        self.shelf = shelf_in(self.folder.path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A reader that holds no transaction: it sees every acknowledged write at once."""
        with self.store.readers.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def reading_private(self) -> Iterator[Connection]:
        with self.private_store.readers.connect() as connection:
            yield connection

    def ask(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.store.ask(lambda connection: query(connection, *args, **kwargs))

    def ask_private(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.private_store.ask(lambda connection: query(connection, *args, **kwargs))

    def keep_private(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A write to the private database, by the same thread as all writes."""
        return cast("T", self.desk.submit(lambda writer: change(writer.private, *args, **kwargs)))

    def dispatch(self, command: Command, actor: Actor) -> Receipt:
        return FrontDoor(self.desk)(command, actor)


def house() -> House:
    return cast("House", current_app.extensions["house"])
