"""Pages, one module per page family. A route reads the form, makes a command, shows a fragment; it decides nothing."""

import importlib
from typing import Any, Final

from flask import Flask

from workshop.domain.ids import is_id
from workshop.domain.refusal import NotFound

EVERYWHERE: Final = (
    "static_files",
    "setup",
    "setup_meetings",
    "good_practices",
    "local_resources",
    "archive",
    "threads",
    "review",
    "photos",
    "erasing",
    "sticks",
    "registrations",
    "local",
    "local_people",
)
ROOM: Final = (
    "sign_in",
    "join",
    "rejoin",
    "phones",
    "phone_cards",
    "phone_thread",
    "phone_kept",
    "choices",
    "boards",
    "board_cards",
    "board_clusters",
    "board_steps",
    "paper",
    "practices_at_table",
    "photo_uploads",
    "syntheses",
    "read_backs",
    "lead",
    "lead_settings",
    "lead_passphrase",
    "central",
    "central_scan",
    "sync",
    "pairing",
    "neighbours",
    "copies",
    "invitations",
    "arrivals",
    "screens",
)
CENTRAL: Final = ("sync", "blobs", "sealed", "parcels", "devices", "central_home", "organiser_door", "organisers", "account", "complete")


def mount(app: Flask, place: str) -> None:
    """Each module has a `blueprint`; the room and the centre show different ones."""
    app.url_value_preprocessor(_only_ids)
    for name in (*EVERYWHERE, *(ROOM if place == "room" else CENTRAL)):
        app.register_blueprint(importlib.import_module(f"workshop.web.http.{name}").blueprint)


def _only_ids(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """What cannot be an id is asked of no database: PostgreSQL would break on some of it."""
    for name, value in (values or {}).items():
        if name.endswith("_id") and not is_id(value):
            raise NotFound(name)
