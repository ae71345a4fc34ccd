"""Profiles: which bodies leave the laptop for the central record. Heads always travel, and nothing in a head is about a person.

Every kind of fact stands in exactly one of three lists (a test keeps it so); a kind that stands in none does not travel. What single
people did never travels as it is: sealed, or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Profile(StrEnum):
    SYNTHESES = "syntheses"  # what an organiser needs to read and publish a synthesis; no card, no vote, nothing of single people
    CONTRIBUTIONS = "contributions"  # and the cards, as the table has them, without names
    FULL = "full"  # and what single people did, sealed for who organises: no program at the centre can read it


DEFAULT: Final = Profile.SYNTHESES

OF_THE_TABLE: Final = frozenset(  # how the day was arranged and what a table says as a table: totals, titles, sentences
    {
        "ballot.closed/1",
        "board.act_undone/1",
        "cluster.added/1",
        "cluster.merged/1",
        "cluster.ordered/1",
        "cluster.removed/1",
        "cluster.titled/1",
        "dots.paper_counted/1",
        "good_practice.added/1",
        "good_practice.changed/1",
        "good_practice.removed/1",
        "local_resource.added/1",
        "local_resource.changed/1",
        "local_resource.removed/1",
        "meeting.moved/1",
        "meeting.planned/1",
        "meeting.replanned/1",
        "meeting.running_sheet_set/1",
        "process.created/1",
        "process.described/1",
        "process.moved/1",
        "review.noted/1",
        "screen.turned/1",
        "sentence.added/1",
        "sentence.evidence_cited/1",
        "sentence.placed/1",
        "sentence.removed/1",
        "sentence.rewritten/1",
        "step.extended/1",
        "step.limited/1",
        "step.moved/1",
        "stream.opened/1",
        "synthesis.hands_counted/1",
        "synthesis.no_minority_declared/1",
        "synthesis.page_turned/1",
        "synthesis.read_back_closed/1",
        "synthesis.read_back_opened/1",
        "synthesis.rectified/1",
        "synthesis.validated/1",
        "words.erased/1",
        "words.erasure_confirmed/1",
        "work_table.help_called/1",
        "work_table.moved/1",
        "work_table.prepared/1",
        "work_table.rethemed/1",
    }
)
OF_THE_CARDS: Final = frozenset(  # words of people, under no name
    {
        "contribution.added/1",
        "contribution.corrected/1",
        "contribution.left_out/1",
        "contribution.merged/1",
        "contribution.placed/1",
        "contribution.redacted/1",
        "contribution.tended/1",
        "contribution.translated/1",
        "contribution.withdrawn/1",
        "photo.added/1",
        "photo.removed/1",
    }
)
OF_SINGLE_PEOPLE: Final = frozenset(  # who joined, where they sat, how they voted and answered
    {
        "dots.cast/1",
        "participant.joined/1",
        "seat.taken/1",
        "synthesis.sentence_answered/1",
    }
)

TRAVELS: Final[Mapping[Profile, frozenset[str]]] = {
    Profile.SYNTHESES: OF_THE_TABLE,
    Profile.CONTRIBUTIONS: OF_THE_TABLE | OF_THE_CARDS,
    Profile.FULL: OF_THE_TABLE | OF_THE_CARDS,
}
SEALED: Final[Mapping[Profile, frozenset[str]]] = {  # kinds whose bodies leave for one reader alone
    Profile.SYNTHESES: frozenset(),
    Profile.CONTRIBUTIONS: frozenset(),
    Profile.FULL: OF_SINGLE_PEOPLE,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a receipt says left this place, in things that people know."""

    syntheses: int = 0
    sentences: int = 0
    groups: int = 0
    cards: int = 0
    personal: int = 0


def sent_of(bodies: Mapping[str, int]) -> Sent:
    """From how many bodies of each kind left."""
    return Sent(
        syntheses=bodies.get("synthesis.validated/1", 0) + bodies.get("synthesis.rectified/1", 0),
        sentences=bodies.get("sentence.added/1", 0),
        groups=bodies.get("cluster.added/1", 0),
        cards=bodies.get("contribution.added/1", 0),
        personal=sum(count for kind, count in bodies.items() if kind in OF_SINGLE_PEOPLE),
    )
