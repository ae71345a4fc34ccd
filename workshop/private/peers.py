"""Peers: at the centre the codes and the devices enrolled with them; in the room the centre it sends to, and what that said it has."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from sync.log import Tip, Tips
from sync.signing import ALL
from workshop.domain.ids import new_code, new_id, read_code
from workshop.domain.refusal import NotFound, Refusal, Sort
from workshop.domain.text import maybe_words
from workshop.private.database import peer_table, reach_table, seen_table
from workshop.private.guesses import WrongSecret, check_guesses, note_guess
from workshop.private.settings_kept import keep_setting, setting
from workshop.private.tokens import hashed

CODE_LENGTH: Final = 10  # of 25 letters: 46 bits
CODE_LASTS: Final = 900  # seconds
GUESSES_OF_ALL: Final = 100  # wrong codes in ten minutes from all addresses together
_p: Final = peer_table.c
_r: Final = reach_table.c
_s: Final = seen_table.c
Scopes: TypeAlias = "frozenset[str] | None"  # None: all processes of this centre, those to come too


class CodeExpired(Refusal):
    """Detail: minutes that a code lasts."""

    sort = Sort.OUT_OF_STEP


class CodeUsed(Refusal):
    """A code enrols one computer, once."""

    sort = Sort.OUT_OF_STEP


class NotEnrolledHere(Refusal):
    """The request is signed by nobody that is enrolled here, or by a computer that was shut out."""

    sort = Sort.WHO_ARE_YOU


class StaleCall(Refusal):
    """The challenge that the request was signed with is older than it may be."""

    sort = Sort.WHO_ARE_YOU


class NotOfThisComputer(Refusal):
    """This computer was not enrolled for this process."""

    sort = Sort.FORBIDDEN


class NoCentre(Refusal):
    """This computer is not enrolled at any centre yet."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True)
class Device:
    """A computer enrolled at this centre."""

    id: str
    name: str
    public_key: str
    revoked: bool = False
    scopes: Scopes = frozenset()

    def may_send(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True, slots=True)
class Neighbour:
    """In a room: another laptop of the same network, and where it was when it was paired."""

    id: str
    name: str
    public_key: str
    url: str


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre this computer is enrolled at."""

    id: str
    name: str
    url: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a peer said it has of a scope, and the profile whose bodies it was brought ("" : nobody can say)."""

    tips: Tips
    carried: str = ""


def make_code(connection: Connection, now: int, scopes: Scopes = None) -> str:
    """A one-time code, good for 15 minutes and for these processes. Codes of yesterday are swept away."""
    old = select(_p.id).where(_p.sort == "code", _p.until < now - 24 * 3600)
    connection.execute(delete(reach_table).where(_r.peer_id.in_(old)))
    connection.execute(delete(peer_table).where(_p.id.in_(old)))
    code = new_code(CODE_LENGTH)
    connection.execute(insert(peer_table), {"id": hashed(code), "sort": "code", "until": now + CODE_LASTS})
    _let_reach(connection, hashed(code), scopes)
    return code


def enrol(connection: Connection, typed: str, name: str, public_key: str, address: str, now: int) -> Device:
    """A device in exchange for a code. Wrong codes are counted for the address and for all addresses together."""
    kept_name, code = maybe_words(name, "name", 120), read_code(typed)
    _use_code(connection, code, address, now)
    device = Device(new_id(), kept_name, public_key, scopes=_reach_of(connection, hashed(code)))
    connection.execute(delete(peer_table).where(_p.sort == "device", _p.public_key == public_key))  # the same computer, enrolled again
    values = {"id": device.id, "sort": "device", "name": kept_name, "public_key": public_key}
    connection.execute(insert(peer_table), values)
    _let_reach(connection, device.id, device.scopes)
    return device


def device_with(connection: Connection, public_key: str, also_revoked: bool = False) -> Device:
    """The device whose key this is; raises NotEnrolledHere."""
    chosen = _devices().where(_p.public_key == public_key)
    row = connection.execute(chosen if also_revoked else chosen.where(_p.revoked.is_(False))).first()
    if row is None:
        raise NotEnrolledHere("public_key")
    return _device(connection, row)


def pair(connection: Connection, name: str, public_key: str, url: str) -> None:
    """In the room: another laptop, whose words people have compared; it may send and ask for every process."""
    connection.execute(delete(peer_table).where(_p.sort == "device", _p.public_key == public_key))
    values = {"id": public_key[:32], "sort": "device", "name": name[:120], "public_key": public_key, "url": url}
    connection.execute(insert(peer_table), values)
    connection.execute(delete(reach_table).where(_r.peer_id == values["id"]))
    _let_reach(connection, values["id"], None)


def neighbours(connection: Connection) -> list[Neighbour]:
    """Laptops that were paired with this one, and not let go."""
    chosen = select(_p.id, _p.name, _p.public_key, _p.url).where(_p.sort == "device", _p.url != "", _p.revoked.is_(False))
    return [Neighbour(*row) for row in connection.execute(chosen.order_by(_p.name, _p.id))]


def devices(connection: Connection) -> list[Device]:
    return [_device(connection, row) for row in connection.execute(_devices().order_by(_p.name, _p.id)).all()]


def the_device(connection: Connection, device_id: str) -> Device:
    """Raises NotFound."""
    row = connection.execute(_devices().where(_p.id == device_id)).first()
    if row is None:
        raise NotFound("device_id")
    return _device(connection, row)


def revoke_device(connection: Connection, device_id: str) -> None:
    connection.execute(update(peer_table).where(_p.id == device_id, _p.sort == "device").values(revoked=True))


def keep_centre(connection: Connection, centre: Centre) -> None:
    """One centre at a time; what an earlier one had is forgotten, so that the number shown is not too low."""
    earlier = the_centre(connection)
    connection.execute(delete(peer_table).where(_p.sort == "centre"))
    if earlier and earlier.id != centre.id:
        connection.execute(delete(seen_table).where(_s.peer_id == earlier.id))
    values = {"id": centre.id, "sort": "centre", "name": centre.name, "url": centre.url}
    values["public_key"] = centre.public_key
    connection.execute(insert(peer_table), values)


def the_centre(connection: Connection) -> Centre | None:
    row = connection.execute(select(_p.id, _p.name, _p.url, _p.public_key).where(_p.sort == "centre")).first()
    return Centre(*row) if row else None


def remember_seen(connection: Connection, peer_id: str, scope: str, tips: Tips) -> None:
    """What the peer said it has at this contact, in place of what it said before: for the display only, never believed for sending."""
    connection.execute(delete(seen_table).where(_s.peer_id == peer_id, _s.scope == scope))
    told = [(stream, tip) for stream, branches in tips.streams.items() for tip in branches]
    values = [{"peer_id": peer_id, "scope": scope, "stream": stream, "n": tip.n, "hash": tip.hash} for stream, tip in told]
    if values:
        connection.execute(insert(seen_table), values)


def remember_carried(connection: Connection, peer_id: str, scope: str, profile: str) -> None:
    """Which bodies it was brought, whenever their heads went: kept only after a contact that left out none."""
    keep_setting(connection, f"carried:{peer_id}:{scope}", profile)


def seen_by_each(connection: Connection, scope: str) -> dict[str, Seen]:
    """Peer id -> what it said it has of a scope."""
    found: dict[str, dict[str, tuple[Tip, ...]]] = {}
    for row in connection.execute(select(_s.peer_id, _s.stream, _s.n, _s.hash).where(_s.scope == scope)):
        streams = found.setdefault(row.peer_id, {})
        streams[row.stream] = (*streams.get(row.stream, ()), Tip(row.n, row.hash))
    return {peer: Seen(Tips(streams), setting(connection, f"carried:{peer}:{scope}")) for peer, streams in found.items()}


def _use_code(connection: Connection, code: str, address: str, now: int) -> None:
    check_guesses(connection, f"enrol:{address}", now)
    check_guesses(connection, "enrol", now, GUESSES_OF_ALL)
    row = connection.execute(select(_p.until, _p.revoked).where(_p.id == hashed(code), _p.sort == "code")).first()
    if row is None:
        note_guess(connection, "enrol", now)
        note_guess(connection, f"enrol:{address}", now)
        raise WrongSecret("code")
    if row.revoked:
        raise CodeUsed("code")
    if row.until < now:
        raise CodeExpired("code", minutes=CODE_LASTS // 60)
    connection.execute(update(peer_table).where(_p.id == hashed(code)).values(revoked=True))


def _devices() -> Select[str, str, str, bool]:
    return select(_p.id, _p.name, _p.public_key, _p.revoked).where(_p.sort == "device")


def _device(connection: Connection, row: Row[str, str, str, bool]) -> Device:
    return Device(*row, scopes=_reach_of(connection, row[0]))


def _reach_of(connection: Connection, peer_id: str) -> Scopes:
    """Who has no row reaches nothing."""
    kept = connection.execute(select(_r.scopes).where(_r.peer_id == peer_id)).scalar() or ""
    return None if kept == ALL else frozenset(kept.split())


def _let_reach(connection: Connection, peer_id: str, scopes: Scopes) -> None:
    kept = ALL if scopes is None else " ".join(sorted(scopes))
    connection.execute(insert(reach_table), {"peer_id": peer_id, "scopes": kept})
