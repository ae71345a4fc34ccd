"""What a computer is called on screen: the record knows only the short name that each gives itself when it begins to write."""

from sqlalchemy import Connection

from workshop.private.holders import short_name
from workshop.private.peers import devices
from workshop.web.answers import words
from workshop.web.house import house
from workshop.web.refusal_words import N_


def names(private: Connection) -> dict[str, str]:
    """Short name -> the name it was given where it was enrolled."""
    return {short_name(device.public_key): device.name for device in devices(private) if device.name}


def computer_words(device: str, known: dict[str, str]) -> str:
    if not device:
        return words(N_("a computer we do not know"))
    if device == house().device:
        return words(N_("this computer"))
    return words(N_("computer “%(name)s”"), name=known.get(device) or f"{device[:4]}-{device[4:8]}".upper())
