"""The private database: one SQLite file beside the record, with other backups, keys and lifetimes.."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, String, Table, Text

from workshop.record.database import Store, open_store

PRIVATE = MetaData()

token_table = Table(  # who a device is: looked up at every request, revocable, never signed
    "token",
    PRIVATE,
    Column("hash", String(64), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("subject_id", String(32), nullable=False),
    Column("meeting_id", String(32), nullable=False, default=""),
    Column("revoked", Boolean, nullable=False, default=False),
)

person_table = Table(  # participant -> personal code and nickname; detached when the retention time is over
    "person",
    PRIVATE,
    Column("participant_id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("meeting_id", String(32), nullable=False),
    Column("code", String(12), nullable=False, unique=True),
    Column("nickname", String(24), nullable=False, default=""),
    Column("notice_version", String(20), nullable=False, default=""),
)

staff_table = Table(
    "staff",
    PRIVATE,
    Column("id", String(32), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("name", String(80), nullable=False, default=""),
    Column("meeting_id", String(32), nullable=False, default=""),
    Column("tables", Text, nullable=False, default=""),  # ids separated by spaces
    Column("invite_hash", String(64), nullable=False, default=""),
    Column("pin_hash", String(200), nullable=False, default=""),
    Column("revoked", Boolean, nullable=False, default=False),
)

registration_table = (
    Table(  # who wishes to come, by name; removed after the day. In a room: `own` were added here, the others came in a parcel
        "registration",
        PRIVATE,
        Column("id", String(32), primary_key=True),
        Column("process_id", String(32), nullable=False, index=True),
        Column("meeting_id", String(32), nullable=False, index=True),
        Column("name", String(80), nullable=False),
        Column("contact", String(120), nullable=False, default=""),
        Column("work_table_id", String(32), nullable=False, default=""),
        Column("category", String(20), nullable=False, default=""),
        Column("needs", String(200), nullable=False, default=""),
        Column("created", String(17), nullable=False, default=""),
        Column("came", Boolean, nullable=False, default=False),
        Column("own", Boolean, nullable=False, default=True),
    )
)

ballot_key_table = Table(  # destroyed when the ballot closes
    "ballot_key",
    PRIVATE,
    Column("ballot_id", String(32), primary_key=True),
    Column("key", LargeBinary),
)

setting_table = Table(
    "setting",
    PRIVATE,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

guess_table = Table(  # wrong PINs and codes, so that guessing is slow
    "guess",
    PRIVATE,
    Column("what", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Integer, nullable=False),  # monotonic enough: seconds since the epoch, only ever compared with itself
)

account_table = Table(  # central record: how an organiser of the staff signs in; empty until the one-time link was used
    "account",
    PRIVATE,
    Column("staff_id", String(32), primary_key=True),
    Column("sign_in_name", String(120), nullable=False, unique=True),  # as it is compared: no capitals
    Column("passphrase_hash", String(200), nullable=False, default=""),
    Column("totp_secret", LargeBinary),  # locked with keys/private.key
    Column("last_step", BigInteger, nullable=False, default=0),  # of the last code that was taken: none is taken twice
)

recovery_table = Table(  # one row for each code that is still good; keyed hashes
    "recovery",
    PRIVATE,
    Column("hash", String(64), primary_key=True),
    Column("staff_id", String(32), nullable=False),
)

link_table = Table(  # one-time links with which an organiser sets passphrase and second factor
    "one_time_link",
    PRIVATE,
    Column("hash", String(64), primary_key=True),
    Column("staff_id", String(32), nullable=False),
    Column("until", BigInteger, nullable=False),
)

visit_table = Table(  # sessions of organisers: unlike those of a room they end by themselves
    "visit",
    PRIVATE,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", String(32), nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)

peer_table = Table(  # room: the centre it is enrolled at; centre: devices it has enrolled, and codes not used yet
    "peer",
    PRIVATE,
    Column("id", String(64), primary_key=True),
    Column("sort", String(10), nullable=False),  # centre, device, code
    Column("name", String(120), nullable=False, default=""),
    Column("url", Text, nullable=False, default=""),
    Column("public_key", String(64), nullable=False, default=""),
    Column("until", Integer, nullable=False, default=0),
    Column("revoked", Boolean, nullable=False, default=False),
)

reach_table = Table(  # centre: for which processes a code or a device is good
    "reach",
    PRIVATE,
    Column("peer_id", String(64), primary_key=True),
    Column("scopes", Text, nullable=False),  # "all", or ids separated by spaces
)

seen_table = Table(  # what a peer said it had at the last contact: for the display only, never trusted for sending
    "seen",
    PRIVATE,
    Column("peer_id", String(64), primary_key=True),
    Column("scope", String(32), primary_key=True),
    Column("stream", String(32), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("n", Integer, nullable=False),
)

holder_table = Table(  # computers that may hold the words of a process; see holders
    "holder",
    PRIVATE,
    Column("place", String(64), primary_key=True),  # short name
    Column("scope", String(32), primary_key=True),
    Column("sort", String(10), nullable=False),  # centre, computer
    Column("name", String(120), nullable=False, default=""),
)

copy_out_table = Table(  # copies that do not hear of erasures by themselves; see copies_out
    "copy_out",
    PRIVATE,
    Column("id", String(32), primary_key=True),
    Column("sort", String(10), nullable=False),  # bundle, backup, second
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False, default=""),
    Column("at", String(20), nullable=False),
    Column("scope", String(32), nullable=False, default=""),
    Column("profile", String(20), nullable=False, default=""),
    Column("reach", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False, default=0),
    Column("is_sealed", Boolean, nullable=False, default=False),
)

erasure_left_table = Table(  # erasure -> copies that may still hold what was erased
    "erasure_left",
    PRIVATE,
    Column("erasure_id", String(32), primary_key=True),
    Column("copy_id", String(32), primary_key=True),
    Column("scope", String(32), nullable=False),
)


class PrivateStore(Store):
    """Never taken for the record's."""


def open_private(url: str) -> PrivateStore:
    """Always SQLite; made at first start."""
    store = open_store(url)
    with store.writer.begin() as connection:
        PRIVATE.create_all(connection)
    return PrivateStore(store.writer, store.readers)
