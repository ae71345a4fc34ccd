"""What is to leave this computer, how much of it nobody else has yet, and what stays on purpose: as others said at their last contact."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection

from sync.exchange import Outcome
from sync.log import EVERYTHING, Load, Tip, Tips
from workshop.domain.profiles import DEFAULT, SEALED, TRAVELS, Profile
from workshop.private import peers
from workshop.private.settings_kept import setting
from workshop.record import tips
from workshop.record.log import scopes

PROFILE: Final = "profile"
Chosen = Callable[[str], bool]


def profile_of(private: Connection) -> Profile:
    """Which bodies leave this laptop: what the lead chose."""
    return Profile(setting(private, PROFILE, DEFAULT))


def load_of(profile: Profile, reader: str = "") -> Load:
    """`reader`: public key for which the profile's sealed kinds are sealed; without one they are lacking there, and it is said."""
    return Load(TRAVELS[profile], SEALED[profile], reader)


def leaving(profile: Profile) -> Load:
    """What leaves in the end, open or sealed: for counting."""
    return Load(TRAVELS[profile] | SEALED[profile])


def brought(before: str, profile: Profile, outcome: Outcome) -> str:
    """The profile whose bodies a peer has for all heads that it has: after a contact that ended early, what earlier ones had brought counts
    too, unless there were none. "": nobody can say."""
    if not (outcome.problem or outcome.refused):
        return profile
    base = profile if outcome.from_nothing else before
    return min(base, profile, key=lambda each: len(leaving(Profile(each)).kinds or ())) if base else ""


def only_here(record: Connection, private: Connection) -> int:
    """How many entries nobody else said they have, of those that shall leave: all of them before it knows another computer."""
    load = _to_leave(private)
    return sum(_lacking(record, scope, list(peers.seen_by_each(private, scope).values()), load) for scope in scopes(record))


def not_at_centre(record: Connection, private: Connection, goes: Chosen = lambda _scope: True) -> int:
    """How many the centre has not, of processes that go there. A laptop beside this one may have them."""
    centre, load = peers.the_centre(private), leaving(profile_of(private))
    if centre is None:
        return 0
    had = {scope: peers.seen_by_each(private, scope).get(centre.id) for scope in filter(goes, scopes(record))}
    return sum(_lacking(record, scope, [there] if there else [], load) for scope, there in had.items())


def kept_here(record: Connection, private: Connection) -> int:
    """How many stay here on purpose: their heads travel, their words do not."""
    load = _to_leave(private)
    return sum(tips.count_carried(record, scope, EVERYTHING) - tips.count_carried(record, scope, load) for scope in scopes(record))


def _to_leave(private: Connection) -> Load:
    if peers.the_centre(private):
        return leaving(profile_of(private))
    return leaving(Profile.CONTRIBUTIONS) if peers.neighbours(private) else EVERYTHING


def _lacking(record: Connection, scope: str, had: list[peers.Seen], load: Load) -> int:
    """Entries that none of them has; and bodies that came to none of them, because the profile was narrower when their heads went."""
    anybody = _together(had)
    withheld = 0
    for carriers, kinds in _by_carriers(had, load).items():
        if len(carriers) < len(had):
            some = _together(had[at] for at in carriers)
            withheld += _bodies(record, scope, some, kinds) - _bodies(record, scope, anybody, kinds)
    return tips.count_beyond(record, scope, anybody, load) + withheld


def _by_carriers(had: list[peers.Seen], load: Load) -> dict[tuple[int, ...], set[str]]:
    """Kinds by which of the others (places in `had`) were brought their bodies."""
    told: dict[tuple[int, ...], set[str]] = defaultdict(set)
    brought = [leaving(Profile(each.carried)).kinds or frozenset() if each.carried else frozenset() for each in had]
    for kind in load.kinds or ():
        told[tuple(at for at, kinds in enumerate(brought) if kind in kinds)].add(kind)
    return told


def _bodies(record: Connection, scope: str, beyond: Tips, kinds: Iterable[str]) -> int:
    return tips.count_beyond(record, scope, beyond, Load(frozenset(kinds)), with_body=True)


def _together(had: Iterable[peers.Seen]) -> Tips:
    streams: dict[str, set[Tip]] = defaultdict(set)
    for each in had:
        for stream, branches in each.tips.streams.items():
            streams[stream].update(branches)
    return Tips({stream: tuple(sorted(branches)) for stream, branches in streams.items()})
