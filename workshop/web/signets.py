"""Who this place is when it meets other places: its key, its centre's, and the record as peers see it."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from sync.signing import public_key_of
from workshop.private.database import PrivateStore
from workshop.private.peers import neighbours, the_centre
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.peers import PeerLog
from workshop.record.signed import Signet
from workshop.settings import Folder, device_key
from workshop.web.house import House


def signet_of(folder: Folder, private: Connection, place: str = "room") -> Signet:
    """A centre certifies by its own key; a laptop believes the centre it is enrolled at."""
    seed = device_key(folder)
    centre = the_centre(private)
    if place == "central":
        return Signet(seed, public_key_of(seed))
    paired = frozenset(each.public_key for each in neighbours(private))
    return Signet(seed, centre.public_key if centre else "", paired)


def log_of(folder: Folder, store: Store, private_store: PrivateStore, desk: Desk, place: str = "room") -> PeerLog:
    """The record as it meets others: signs what it gives, holds what nobody it knows has signed."""
    with private_store.readers.connect() as private:
        return PeerLog(store, desk, signet_of(folder, private, place))


def log_of_house(home: House) -> PeerLog:
    return log_of(home.folder, home.store, home.private_store, home.desk, home.place)


def moment() -> str:
    """When a notice is issued: later ones compare greater."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
