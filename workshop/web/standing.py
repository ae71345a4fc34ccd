"""At the centre: a computer's standing. When it was here and how that ended; shutting it out; what it brings afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, TypeAlias

from sqlalchemy import Connection

from sync import wire
from sync.log import Digest, Load
from sync.signing import fingerprint, revoke
from workshop.private.peers import Device, devices, revoke_device
from workshop.private.settings_kept import keep_setting, setting
from workshop.record.queries.processes import processes
from workshop.record.signed import waiting_for
from workshop.record.tips import digest as digest_now
from workshop.settings import device_key
from workshop.web.house import House
from workshop.web.signets import log_of_house, moment


@dataclass(frozen=True, slots=True)
class Met:
    """How it stands about a process. `at`: when the computer last said anything of it; `complete`: when both were last the same, "" for
    never; `fingerprint`: of both digests, while what is here is still what was compared then, else ""; `new`: entries here since then."""

    title: str
    at: str
    complete: str = ""
    fingerprint: str = ""
    new: int = 0


Digests: TypeAlias = Callable[[str, Load], Digest]


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
    """Reads every hash of what was compared: called apart."""
    titles = {each.id: each.description.title for each in processes(record)}
    digests = cache(partial(digest_now, record))
    return [_standing(record, private, device, titles, digests) for device in devices(private)]


def note_visit(home: House, device: Device, scope: str) -> None:
    """It said something of this process, whatever becomes of the contact. Written once a minute, not at each batch."""
    if home.ask_private(_met, device, scope).get("at") != _now():
        home.keep_private(_note, device, scope, {})


def note_contact(private: Connection, device: Device, scope: str, digest: Digest, load: Load, is_same: bool) -> None:
    """The end of a contact: both digests were compared, over the bodies that this load carries."""
    same = {"complete": _now(), "fingerprint": fingerprint(digest.sha256), "entries": digest.entries, **wire.load_to_json(load)}
    _note(private, device, scope, same if is_same else {"fingerprint": ""})


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


def _standing(record: Connection, private: Connection, device: Device, titles: dict[str, str], digests: Digests) -> Standing:
    kept = [(scope, title, _met(private, device, scope)) for scope, title in titles.items()]
    named = None if device.scopes is None else [titles.get(scope, scope[:8]) for scope in sorted(device.scopes)]
    waiting = sum(len(hashes) for hashes in waiting_for(record, device.public_key).values())
    return Standing(device, named, [_met_today(title, met, partial(digests, scope)) for scope, title, met in kept if met], waiting)


def _met_today(title: str, met: dict[str, Any], today: Callable[[Load], Digest]) -> Met:
    """Other computers may have changed what is here since: "identical" is said of today or not at all."""
    if not met.get("complete"):
        return Met(title, met["at"])
    now = today(wire.load_from_json(met))
    print_now, new = fingerprint(now.sha256), max(0, now.entries - met.get("entries", now.entries))
    return Met(title, met["at"], met["complete"], print_now if met["fingerprint"] == print_now else "", new)


def _note(private: Connection, device: Device, scope: str, told: dict[str, Any]) -> None:
    keep_setting(private, f"met:{device.id}:{scope}", json.dumps({**_met(private, device, scope), "at": _now(), **told}))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _met(private: Connection, device: Device, scope: str) -> dict[str, Any]:
    kept = setting(private, f"met:{device.id}:{scope}")
    return dict(json.loads(kept)) if kept else {}
