"""A furnished room where every private thing is one of a kind, and a way to look for all of them in whatever left the private database."""

import base64
import re
import sqlite3
import zlib
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from tests.attacks.place import PASSPHRASE, TABLES, Furnished
from tests.builders import a_participant
from workshop.domain.dots import CastDots
from workshop.domain.people import Role
from workshop.private.database import PRIVATE
from workshop.private.settings_kept import keep_setting
from workshop.private.staff import invite

NICKNAMES: Final = ("Canarino Aurelio", "Canarina Fosca")
WIFI: Final = "canarino-senza-fili"
STAFF: Final = "Canarina Verbale, canarina@example.org, +39 333 0192837"
REGISTERED: Final = {  # at the centre: they reach the room in a parcel
    "name": "Canarina Iscritta Bertolucci",
    "contact": "bertolucci.iscritta@example.org",
    "needs": "canarina con rampa e interprete",
}
# What the private database shares with the record, or says aloud: names of things, not of people. Any other text in it is private.
SHARED: Final = {
    "token": {"role", "subject_id", "meeting_id"},
    "person": {"participant_id", "process_id", "meeting_id", "notice_version"},
    "staff": {"id", "role", "meeting_id", "tables"},
    "registration": {"id", "process_id", "meeting_id", "work_table_id", "category", "created"},
    "ballot_key": {"ballot_id"},
    "setting": {"key", "value"},  # the one that is private is looked for by itself
    "guess": {"what"},
    "peer": {"id", "sort", "name", "url", "public_key"},
    "reach": {"peer_id", "scopes"},
    "seen": {"peer_id", "scope", "stream", "hash"},
}


def plant(place: Furnished) -> dict[str, str]:
    """What is private, by what it is."""
    house = place.building.house
    for table, nickname in zip(TABLES, NICKNAMES, strict=False):
        a_participant(place.meeting, place.ids[table], nickname=nickname)
    invited = house.keep_private(invite, Role.SCRIBE, STAFF, place.meeting.id, frozenset({place.ids["here"]}))
    house.keep_private(keep_setting, "wifi_name", "Sala")
    house.keep_private(keep_setting, "wifi_password", WIFI)
    voter, step = place.actors["voter"], place.meeting.steps["bollini"]
    place.meeting.do(CastDots, voter, work_table_id=place.ids["voting"], step_id=step, dots={place.ids["chosen"]: 2})
    said = {"wifi": WIFI, "staff": STAFF, "e-mail": "canarina@example.org", "phone": "333 0192837", "passphrase": PASSPHRASE}
    said |= {"pin": invited.pin, "invitation": invited.secret}
    said |= {f"token of {who}": token for who, (_, token) in place.tokens.items()}
    with house.reading_private() as private:
        return {**_written_in(private), **said}


def found(secrets: dict[str, str], where: bytes) -> list[str]:
    """What of it stands there."""
    return sorted(name for name, secret in secrets.items() if _stands(secret.encode(), where))


def of_folder(folder: Path) -> bytes:
    """Every byte of its databases and their logs, and every value in every table: a long one is cut in pieces in the file."""
    files = [file for file in folder.rglob("*") if file.is_file() and "record" in file.name]
    return b"\n".join([file.read_bytes() for file in files] + [_values(file) for file in files if file.suffix == ".db"])


def unpacked(heard: bytes) -> bytes:
    """What went over a line, with all that was packed in it."""
    parts = [heard]
    for packed in re.finditer(rb"\x1f\x8b\x08", heard):
        try:
            parts.append(zlib.decompressobj(31).decompress(heard[packed.start() :]))
        except zlib.error:
            continue  # no gzip: these bytes by chance
    return b"\n".join(parts)


def _written_in(private: Connection) -> dict[str, str]:
    """All texts and keys of the private database that are not said to be shared."""
    secrets: dict[str, str] = {}
    for table in PRIVATE.sorted_tables:
        columns = [column for column in table.columns if column.name not in SHARED.get(table.name, set())]
        for n, row in enumerate(private.execute(select(*columns)).mappings()) if columns else ():
            secrets |= {f"{table.name}.{column} {n} {way}": text for column, value in row.items() for way, text in _ways(value).items()}
    return {name: secret for name, secret in secrets.items() if len(secret) > 3}


def _ways(value: object) -> dict[str, str]:
    """How it may be written."""
    if isinstance(value, bytes):
        return {"hex": value.hex(), "base64": base64.b64encode(value).decode()}
    if not isinstance(value, str):
        return {}
    return {"": value, "with a dash": f"{value[:3]}-{value[3:]}"} if len(value) == 6 else {"": value}


def _stands(secret: bytes, where: bytes) -> bool:
    """A short one as a word of its own: six letters or numbers also stand in a hash by chance."""
    if len(secret) > 8 or secret not in where:
        return secret in where
    return re.search(rb"(?<![0-9A-Za-z])" + re.escape(secret) + rb"(?![0-9A-Za-z])", where) is not None


def _values(file: Path) -> bytes:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as record:
        record.text_factory = bytes
        tables = [name.decode() for (name,) in record.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = [cell for table in tables for row in record.execute(f'SELECT * FROM "{table}"') for cell in row]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
