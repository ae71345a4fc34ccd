"""Pages, one module per page family. A route reads the form, makes a command, shows a fragment; it decides nothing."""

import importlib
from typing import Final

from flask import Flask

EVERYWHERE: Final = ("static_files", "sign_in", "setup", "setup_meetings", "archive", "threads", "local")
ROOM: Final = (
    "join",
    "rejoin",
    "phones",
    "phone_cards",
    "choices",
    "boards",
    "board_cards",
    "board_clusters",
    "board_steps",
    "paper",
    "syntheses",
    "read_backs",
    "lead",
    "lead_settings",
    "central",
    "invitations",
    "screens",
)
CENTRAL: Final = ("sync", "devices", "central_home")


def mount(app: Flask, place: str) -> None:
    """Each module has a `blueprint`; the room and the centre show different ones."""
    for name in (*EVERYWHERE, *(ROOM if place == "room" else CENTRAL)):
        app.register_blueprint(importlib.import_module(f"workshop.web.http.{name}").blueprint)
