"""At the centre: a computer's standing. When it was here and how that ended; shutting it out; what it brings afterwards."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from sync.log import Digest
from sync.signing import fingerprint, revoke
from workshop.private.peers import Device, devices, revoke_device
from workshop.private.settings_kept import keep_setting, setting
from workshop.record.queries.processes import processes
from workshop.record.signed import waiting_for
from workshop.settings import device_key
from workshop.web.house import House
from workshop.web.signets import log_of_house, moment


@dataclass(frozen=True, slots=True)
class Met:
    """How the last contact about a process ended. `complete`: when both were last the same, "" for never; `fingerprint`: of both digests
    when they were equal in the last contact, else ""."""

    title: str
    at: str
    complete: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`titles`: processes it is good for, None for all; `waiting`: entries it signed after it was shut out, which nobody has accepted."""

    device: Device
    titles: list[str] | None
    met: list[Met]
    waiting: int

    @property
    def contact(self) -> str:
        return max((met.at for met in self.met), default="")


def standings(record: Connection, private: Connection) -> list[Standing]:
    titles = {each.id: each.description.title for each in processes(record)}
    return [_standing(record, private, device, titles) for device in devices(private)]


def note_contact(private: Connection, device: Device, scope: str, digest: Digest, is_same: bool) -> None:
    now, before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"), _met(private, device, scope)
    complete = now if is_same else before.get("complete", "")
    told = {"at": now, "complete": complete, "fingerprint": fingerprint(digest.sha256) if is_same else ""}
    keep_setting(private, f"met:{device.id}:{scope}", json.dumps(told))


def shut_out(home: House, device: Device) -> None:
    """The centre puts its own name under what the computer has sent until now, then takes back its word about the computer."""
    log = log_of_house(home)
    if device.public_key:
        log.vouch_for(device.public_key)
        log.hear([revoke(device_key(home.folder), device.public_key, moment())])
    home.keep_private(revoke_device, device.id)


def accept_from(home: House, device: Device) -> None:
    """Put the centre's name under what waits: it is used here, and wherever the next contacts bring that name."""
    log = log_of_house(home)
    for scope, ends in home.ask(waiting_for, device.public_key).items():
        log.accept(scope, ends)


def _standing(record: Connection, private: Connection, device: Device, titles: dict[str, str]) -> Standing:
    found = [(title, _met(private, device, scope)) for scope, title in titles.items()]
    named = None if device.scopes is None else [titles.get(scope, scope[:8]) for scope in sorted(device.scopes)]
    waiting = sum(len(hashes) for hashes in waiting_for(record, device.public_key).values())
    return Standing(device, named, [Met(title, **met) for title, met in found if met], waiting)


def _met(private: Connection, device: Device, scope: str) -> dict[str, str]:
    kept = setting(private, f"met:{device.id}:{scope}")
    return dict(json.loads(kept)) if kept else {}
