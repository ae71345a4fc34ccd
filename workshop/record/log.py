"""The log, frozen at format 1: entries, and who vouches for them, are only added to; everything else is folded from them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from sync.entry import Entry, read_entry
from workshop.record.database import LOG
from workshop.record.prepared import Prepared

AT_ONCE: Final = 500  # entries in one statement
ADDITIONS: Final = tuple(  # kinds whose id is that of the thing: two places may add two things with one id
    f"{noun}/1"
    for noun in ("process.created", "meeting.planned", "work_table.prepared", "contribution.added", "cluster.added", "sentence.added")
)
Item = TypeVar("Item")

IS_ADDITION: Final = text(  # in these words in a query too: with parameters SQLite does not see that the index serves
    f"kind IN ({', '.join(map(repr, ADDITIONS))})"
)

IS_BARE: Final = text("body IS NULL")

entry_table = Table(
    "entry",
    LOG,
    Column("hash", String(64), primary_key=True),
    Column("scope", String(32), nullable=False),
    Column("stream", String(32), nullable=False),
    Column("n", Integer, nullable=False),
    Column("lamport", BigInteger, nullable=False),
    Column("kind", String(90), nullable=False),
    Column("about", String(32), nullable=False),
    Column("cause", String(32), nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("body", LargeBinary),
    Index("entry_by_stream", "scope", "stream", "n"),  # not unique: a true fork keeps both branches
    Index("entry_by_order", "scope", "lamport", "hash"),
    Index("entry_by_cause", "scope", "cause"),
    Index("entry_by_about", "about"),
    Index("entry_by_kind", "scope", "kind", "hash"),  # what two records compare, read without touching the entries themselves
    # `body` is in it, always empty, so that it tells everything that is asked: otherwise SQLite takes whichever index was made first.
    Index("entry_bare", "scope", "lamport", "hash", "kind", "body", sqlite_where=IS_BARE, postgresql_where=IS_BARE),
    Index("entry_by_addition", "scope", "about", sqlite_where=IS_ADDITION, postgresql_where=IS_ADDITION),
)

held_table = Table(
    "held",
    LOG,
    Column("hash", String(64), primary_key=True),
    Column("scope", String(32), nullable=False),
    Column("reason", String(40), nullable=False),
)

tip_table = Table(
    "signed_tip",
    LOG,
    Column("hash", String(64), primary_key=True),
    Column("by", String(64), primary_key=True),  # public key of who vouches
    Column("scope", String(32), nullable=False),
    Column("stream", String(32), nullable=False, index=True),
    Column("n", Integer, nullable=False),
    Column("signature", String(128), nullable=False),
)

notice_table = Table(  # certificates and revocations that our centre signed
    "notice",
    LOG,
    Column("hash", String(64), primary_key=True),
    Column("public_key", String(64), nullable=False, index=True),  # of the device
    Column("sort", String(12), nullable=False),  # certificate, revocation
    Column("data", LargeBinary, nullable=False),
    Column("signature", String(128), nullable=False),
)

sealed_table = Table(  # bodies that nobody here can read, for entries that are here without; no part of the log itself
    "sealed_body",
    LOG,
    Column("hash", String(64), primary_key=True),  # of the entry whose body it is said to be
    Column("reader", String(64), primary_key=True),  # public key of who can open it: a key that was lost is replaced by sending again
    Column("scope", String(32), nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
)

WAITING: Final = ("unsigned", "revoked")  # held until a signature covers them
NOT_FOLDED: Final = frozenset({"lamport_jump", *WAITING})  # decided when the entry came, not by reading it

_OF_CAUSE: Final = Prepared(
    select(entry_table.c.head, entry_table.c.body).where(
        entry_table.c.scope == bindparam("scope"), entry_table.c.cause == bindparam("cause")
    )
)
_OUT_OF_ORDER: Final = select(held_table.c.hash).where(
    held_table.c.scope == bindparam("scope"), or_(*(held_table.c.reason == reason for reason in sorted(NOT_FOLDED)))
)
_LATEST: Final = Prepared(
    select(entry_table.c.lamport)
    .where(entry_table.c.scope == bindparam("scope"), entry_table.c.hash.not_in(_OUT_OF_ORDER))
    .order_by(entry_table.c.lamport.desc())
    .limit(1)
)
_STORE: Final = Prepared(insert(entry_table))


def rows_of(entries: Iterable[Entry]) -> list[dict[str, object]]:
    return [
        {
            "hash": entry.hash,
            "scope": entry.head.scope,
            "stream": entry.head.stream,
            "n": entry.head.n,
            "lamport": entry.head.lamport,
            "kind": entry.head.kind,
            "about": entry.head.about,
            "cause": entry.head.cause,
            "head": entry.head_bytes,
            "body": entry.body_bytes,
        }
        for entry in entries
    ]


def store(connection: Connection, entries: list[Entry]) -> None:
    if len(entries) == 1:
        _STORE.write(connection, rows_of(entries)[0])
    elif entries:
        connection.execute(insert(entry_table), rows_of(entries))


def fill(connection: Connection, entries: list[Entry]) -> None:
    """Bodies of entries that were here without: the only change an entry ever sees, but for its erasure."""
    if entries:
        lacking = update(entry_table).where(entry_table.c.hash == bindparam("entry_hash"), entry_table.c.body.is_(None))
        filled = [{"entry_hash": entry.hash, "entry_body": entry.body_bytes} for entry in entries]
        connection.execute(lacking.values(body=bindparam("entry_body")), filled)


def entry_of(row: Row[*tuple[Any, ...]]) -> Entry:
    """From a row with `head` and `body`."""
    body = bytes(row.body) if row.body is not None else None
    return read_entry(bytes(row.head), body)


def latest_lamport(connection: Connection, scope: str) -> int:
    """Held entries left out: one with an absurd lamport must not push ours."""
    return _LATEST.scalar(connection, scope=scope) or 0


def entries_of_cause(connection: Connection, scope: str, cause: str) -> list[Entry]:
    """What a command led to, in the order it was written. Sorted here: with ORDER BY, SQLite reads the whole scope in order instead."""
    found = [
        read_entry(bytes(head), bytes(body) if body is not None else None)
        for head, body in _OF_CAUSE.all(connection, scope=scope, cause=cause)
    ]
    return sorted(found, key=lambda entry: entry.place)


def entries_in_order(connection: Connection, scope: str = "", batch: int = 1_000) -> Iterator[Entry]:
    """Every entry (of one scope), by (lamport, hash), read in batches so that memory stays bounded."""
    after = ("", -1, "")
    while rows := connection.execute(_page(scope, after, batch)).all():
        yield from (entry_of(row) for row in rows)
        after = (rows[-1].scope, rows[-1].lamport, rows[-1].hash)


def count_entries(connection: Connection, scope: str = "") -> int:
    counted = select(func.count()).select_from(entry_table)
    return connection.execute(counted.where(entry_table.c.scope == scope) if scope else counted).scalar_one()


def held_of(connection: Connection, scope: str) -> int:
    return connection.execute(select(func.count()).select_from(held_table).where(held_table.c.scope == scope)).scalar_one()


def scopes(connection: Connection) -> list[str]:
    """From one to the next in the index: asked for what is distinct, a database reads every entry."""
    found: list[str] = []
    following = select(func.min(entry_table.c.scope))
    while scope := connection.execute(following.where(entry_table.c.scope > found[-1]) if found else following).scalar():
        found.append(scope)
    return found


def in_batches(items: Iterable[Item], most: int = AT_ONCE) -> Iterator[list[Item]]:
    """So many at a time, so that a statement has a length that every database takes."""
    waiting = iter(items)
    while some := list(islice(waiting, most)):
        yield some


def _page(scope: str, after: tuple[str, int, str], batch: int) -> Select[tuple[str, int, str, bytes, bytes | None]]:
    e = entry_table.c
    chosen = select(e.scope, e.lamport, e.hash, e.head, e.body)
    if scope:
        chosen = chosen.where(e.scope == scope)
    last_scope, lamport, last_hash = after
    later = (e.scope > last_scope) | ((e.scope == last_scope) & ((e.lamport > lamport) | ((e.lamport == lamport) & (e.hash > last_hash))))
    return chosen.where(later).order_by(e.scope, e.lamport, e.hash).limit(batch)
