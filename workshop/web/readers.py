"""Whose key seals what single people did: announced by the centre, heard at a contact, and agreed to by the lead of each room.

The announcement alone is not enough: a centre that was taken over could name a key of its own. So a laptop seals only for the key
that its lead has read and chosen, and for no other one before the lead chooses again.
"""

import json
from typing import Final

from sqlalchemy import Connection, update

from sync import wire
from sync.signing import Notice, Reader, read_reader
from workshop.domain.profiles import Profile
from workshop.domain.refusal import Refusal, Sort
from workshop.private.database import setting_table
from workshop.private.peers import the_centre
from workshop.private.settings_kept import keep_setting, setting

ANNOUNCED: Final = "reader"  # the notice, as the centre signed it
AGREED: Final = "sealed_for"  # public key


class NoReaderYet(Refusal):
    """No organiser has made a key yet, as far as this computer was told."""

    sort = Sort.OUT_OF_STEP


class ReaderHasChanged(Refusal):
    """The centre names another key than the one that was read here. Detail: fingerprint of the one it names now."""

    sort = Sort.OUT_OF_STEP


def announcement(private: Connection) -> Notice | None:
    kept = setting(private, ANNOUNCED)
    return wire.notice_of(json.loads(kept)) if kept else None


def announced(private: Connection, centre: str = "") -> Reader | None:
    """`centre`: its public key; else that of the centre this computer is enrolled at, whose word alone counts."""
    notice, known = announcement(private), the_centre(private)
    by = centre or (known.public_key if known else "")
    return read_reader(notice, by) if notice and by else None


def keep_announced(private: Connection, notice: Notice, centre: str) -> None:
    """The latest word of this centre counts: an earlier one, said again by whoever, changes nothing."""
    heard, before = read_reader(notice, centre), announced(private, centre)
    if heard and (before is None or heard.issued > before.issued):
        keep_setting(private, ANNOUNCED, json.dumps(wire.notice_to_json(notice)))


def agree(private: Connection, public_key: str) -> None:
    """The lead has read this key and chosen it. What was sealed for another one is sent again. Raises NoReaderYet, ReaderHasChanged."""
    the_reader(private, public_key)
    if setting(private, AGREED) != public_key:
        carried = setting_table.c.key.like("carried:%") & (setting_table.c.value == Profile.FULL)
        private.execute(update(setting_table).where(carried).values(value=str(Profile.CONTRIBUTIONS)))
    keep_setting(private, AGREED, public_key)


def agreed(private: Connection) -> str:
    """The public key to seal for; "" while there is none, or another one was announced since."""
    told, chosen = announced(private), setting(private, AGREED)
    return chosen if told and told.public_key == chosen else ""


def the_reader(private: Connection, meant: str = "", centre: str = "") -> Reader:
    """The one that is announced. `meant`: which one somebody has read. Raises NoReaderYet, ReaderHasChanged."""
    told = announced(private, centre)
    if told is None:
        raise NoReaderYet("reader")
    if meant and meant != told.public_key:
        raise ReaderHasChanged("reader", fingerprint=told.fingerprint)
    return told
