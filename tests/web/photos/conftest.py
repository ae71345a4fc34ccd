"""A table with its staff at the door, who photograph what hangs on the wall."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.photos.pictures import a_jpeg
from tests.support.server import a_server
from tests.web.boards.conftest import ORIGIN, Desk, Fill, Place, Served, open_place
from workshop.domain.ids import new_id
from workshop.domain.people import Role

PIECE = 192 * 1024


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path)
    yield opened
    opened.building.close()


@pytest.fixture
def facilitator(place: Place) -> Desk:
    return place.staff()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Fill], Served]]:
    """`served(fill)`: the folder is filled in this process, then served by a real one."""
    running = []

    def serve(fill: Fill) -> Served:
        opened = open_place(tmp_path)
        desks = [opened.staff(), opened.staff(Role.SCRIBE), opened.lead()]
        filled = fill(opened)
        cookie = opened.building.house.cookie
        opened.building.close()
        context = a_server(tmp_path, "--host", "127.0.0.1")
        running.append(context)
        return Served(context.__enter__(), cookie, opened.meeting, desks, filled)

    yield serve
    for context in running:
        context.__exit__(None, None, None)


def send_form(desk: Desk, table: str, data: bytes, name: str = "IMG_0001.jpg", **fields: str) -> Any:
    """As a browser without scripts does; answered in JSON."""
    form = {"command_id": new_id(), "photo": (io.BytesIO(data), name), **fields}
    headers = {**ORIGIN, "Accept": "application/json"}
    return desk.client.post(f"/tables/{table}/photos", data=form, headers=headers, content_type="multipart/form-data")


def a_photo(desk: Desk, table: str, data: bytes = b"", caption: str = "La mappa dei parchi giochi") -> str:
    """Its id."""
    answer = send_form(desk, table, data or a_jpeg(), caption=caption)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def put(desk: Desk, table: str, photo: str, data: bytes, start: int, end: int, size: int = 0) -> Any:
    headers = {**ORIGIN, "Accept": "application/json", "Content-Range": f"bytes {start}-{end - 1}/{size or len(data)}"}
    return desk.client.put(f"/tables/{table}/photos/{photo}/bytes", data=data[start:end], headers=headers)


def held(desk: Desk, table: str, photo: str) -> int:
    return int(desk.get(f"/tables/{table}/photos/{photo}/bytes").json["held"])


def finish(desk: Desk, table: str, photo: str, size: int, **fields: str) -> Any:
    headers = {**ORIGIN, "Accept": "application/json"}
    return desk.client.post(f"/tables/{table}/photos/{photo}/bytes?of={size}", json=fields, headers=headers)
