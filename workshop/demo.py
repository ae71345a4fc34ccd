"""The demonstration, loaded through the front door as if people had done it."""

from workshop.record.desk import Desk


def load_if_empty(desk: Desk) -> bool:
    raise NotImplementedError


def load_into_folder(data: str | None) -> str:
    raise NotImplementedError
