"""The chosen second place: a stick or another disk. Copies of several computers may lie on it, each in a folder of its own."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from sync.entry import sha256
from workshop.private.copies_out import owes
from workshop.private.settings_kept import keep_setting, setting
from workshop.settings import Folder, device_key


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """`is_apart`: it was on another disk than the data when it was chosen; an empty mount point must not be taken for it.

    `owes`: it was out of reach when words were erased that its copies may hold."""

    path: Path
    is_apart: bool
    owes: bool = False

    def is_there(self, folder: Folder) -> bool:
        try:
            return self.path.is_dir() and (not self.is_apart or is_apart(self.path, folder))
        except OSError:
            return False


def second_place(connection: Connection) -> SecondPlace | None:
    path = setting(connection, "second_place")
    apart = setting(connection, "second_place_is_apart") == "yes"
    return SecondPlace(Path(path), apart, owes(connection, str(Path(path)))) if path else None


def choose_second_place(connection: Connection, path: str, *, apart: bool) -> None:
    """'' for none."""
    keep_setting(connection, "second_place", path)
    keep_setting(connection, "second_place_is_apart", "yes" if apart else "")


def is_apart(place: Path, folder: Folder) -> bool:
    """On another disk than the data folder."""
    return place.stat().st_dev != folder.path.stat().st_dev


def own_folder(place: Path, folder: Folder) -> Path:
    """This computer's part of a place that others may share."""
    return place / f"tavoli-{sha256(device_key(folder))[:8]}"
