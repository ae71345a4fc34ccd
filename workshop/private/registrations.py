"""Registrations in the private database: who wishes to come to which meeting, and who came. Never in the record, nor in a log line."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from workshop.domain.refusal import IdAlreadyUsed, NotFound
from workshop.domain.registration import Registration, check_own, check_room_for, registered, saying
from workshop.private.database import registration_table
from workshop.private.settings_kept import keep_setting, setting

_r: Final = registration_table.c


@dataclass(frozen=True, slots=True)
class Count:
    """People of one meeting."""

    came: int
    all: int


class Taken(NamedTuple):
    """How many are here of a parcel, and how many of an earlier one are gone."""

    here: int
    gone: int


def registrations_of(connection: Connection, meeting_id: str, asked: str = "") -> list[Registration]:
    """By name. `asked`: every word of it stands in name, contact or needs; accents and capitals make no difference."""
    parts = _plain(asked).split()
    return [each for each in _all(connection, _r.meeting_id == meeting_id) if all(part in _searched(each) for part in parts)]


def registrations_in(connection: Connection, process_id: str) -> list[Registration]:
    """Of all its meetings."""
    return _all(connection, _r.process_id == process_id)


def the_registration(connection: Connection, registration_id: str) -> Registration:
    """Raises NotFound."""
    if not (found := _all(connection, _r.id == registration_id)):
        raise NotFound("registration_id")
    return found[0]


def count(connection: Connection, meeting_id: str) -> Count:
    came, there = connection.execute(select(func.count().filter(_r.came.is_(True)), func.count()).where(_r.meeting_id == meeting_id)).one()
    return Count(came, there)


def add(connection: Connection, wish: Registration) -> Registration:
    """The id is the form's: sent twice, it is one. Raises IdAlreadyUsed when it was somebody else."""
    kept = registered(wish)
    if before := _all(connection, _r.id == kept.id):
        if not kept.says_the_same(before[0]):
            raise IdAlreadyUsed("command_id")
        return before[0]
    check_room_for(_in_process(connection, kept.process_id), 1)
    connection.execute(insert(registration_table), asdict(kept))
    return kept


def add_all(connection: Connection, meeting_id: str, people: Iterable[Registration]) -> int:
    """Those of a list who are not in it yet; how many were added. All or, when they do not fit, none."""
    known = {each.mark for each in registrations_of(connection, meeting_id)}
    fresh = [each for mark, each in {each.mark: each for each in people}.items() if mark not in known]
    if fresh:
        check_room_for(_in_process(connection, fresh[0].process_id), len(fresh))
        connection.execute(insert(registration_table), [asdict(each) for each in fresh])
    return len(fresh)


def change(connection: Connection, registration_id: str, told: Mapping[str, str]) -> None:
    """Raises WrittenAtTheCentre where it came in a parcel."""
    found = the_registration(connection, registration_id)
    check_own(found)
    kept = registered(saying(found, told))
    connection.execute(update(registration_table).where(_r.id == registration_id).values(asdict(kept)))


def remove(connection: Connection, registration_id: str) -> None:
    check_own(the_registration(connection, registration_id))
    connection.execute(delete(registration_table).where(_r.id == registration_id))


def remove_all(connection: Connection, meeting_id: str, *, keep_out: bool) -> int:
    """After the day. `keep_out`: the next parcel does not bring them back, until `let_in`."""
    if keep_out:
        keep_setting(connection, _kept_out(meeting_id), "yes")
    return connection.execute(delete(registration_table).where(_r.meeting_id == meeting_id)).rowcount


def let_in(connection: Connection, meeting_id: str) -> None:
    keep_setting(connection, _kept_out(meeting_id), "")


def is_kept_out(connection: Connection, meeting_id: str) -> bool:
    return setting(connection, _kept_out(meeting_id)) == "yes"


def mark_came(connection: Connection, registration_id: str, came: bool) -> Registration:
    found = the_registration(connection, registration_id)
    connection.execute(update(registration_table).where(_r.id == registration_id).values(came=came))
    return found


def take_in(connection: Connection, process_id: str, people: Iterable[Registration]) -> Taken:
    """What a parcel brought takes the place of what an earlier one did.

    Who was marked as arrived stays so, by id; who was added here stays; a meeting whose names were removed here gets none."""
    here = {each.id: each for each in registrations_in(connection, process_id)}
    before = {each.id: each for each in here.values() if not each.own}
    told = {each.id: each for each in people}
    out = {meeting for meeting in {each.meeting_id for each in told.values()} if is_kept_out(connection, meeting)}
    taken = _ids_of_others(connection, told, before)
    fresh = (each for each in told.values() if each.id not in taken and each.meeting_id not in out)
    brought = {each.id: replace(each, own=False, came=each.id in before and before[each.id].came) for each in fresh}
    if brought != before:
        connection.execute(delete(registration_table).where(_r.process_id == process_id, _r.own.is_(False)))
        _insert(connection, brought.values())
    return Taken(len(brought), len(before.keys() - brought.keys()))


def _ids_of_others(connection: Connection, told: Iterable[str], before: Iterable[str]) -> set[str]:
    """Ids that somebody has who was added here, or is in another process: nobody is replaced by a parcel but who came in one."""
    return (set(told) & set(connection.execute(select(_r.id)).scalars())) - set(before)


def _insert(connection: Connection, people: Iterable[Registration]) -> None:
    if values := [asdict(each) for each in people]:
        connection.execute(insert(registration_table), values)


def _all(connection: Connection, which: Any) -> list[Registration]:
    rows = connection.execute(select(registration_table).where(which)).mappings()
    return sorted((Registration(**row) for row in rows), key=lambda each: (_plain(each.name), each.id))


def _in_process(connection: Connection, process_id: str) -> int:
    return int(connection.execute(select(func.count()).where(_r.process_id == process_id)).scalar_one())


def _searched(found: Registration) -> str:
    return _plain(f"{found.name} {found.contact} {found.needs}")


def _plain(text: str) -> str:
    """For comparing: without accents and capitals."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)).casefold()


def _kept_out(meeting_id: str) -> str:
    return f"names_removed:{meeting_id}"
