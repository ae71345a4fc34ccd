"""What the machine did not decide: a person keeps one of several versions, keeps both, or notes that it stays as it is."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from workshop.domain.cluster import ClusterAdded, ClusterOrdered, ClusterRemoved, ClusterTitled
from workshop.domain.command import Command
from workshop.domain.contribution import ContributionAdded, ContributionCorrected, ContributionTranslated
from workshop.domain.fact import Edit, Fact
from workshop.domain.good_practice import GoodPracticeAdded, GoodPracticeChanged
from workshop.domain.local_resource import LocalResourceAdded, LocalResourceChanged
from workshop.domain.meeting import MeetingPlanned, MeetingReplanned
from workshop.domain.permissions import Action
from workshop.domain.process import ProcessCreated, ProcessDescribed
from workshop.domain.refusal import ChangedMeanwhile, Malformed, NotFound, Refusal, Sort
from workshop.domain.sentence import EvidenceCited, SentenceAdded, SentenceRemoved, SentenceRewritten, Wording
from workshop.domain.work_table import TablePrepared, TableRethemed

_MATTER: Final = re.compile(r"[a-z_]{1,20}(:[a-z0-9_]{1,40})?")
_SEEN: Final = re.compile(r"[0-9a-f]{16}")


_AS_EDIT: Final[dict[tuple[type[Edit], str], Callable[[Any], Edit]]] = {
    (ContributionAdded, "text"): lambda f: ContributionCorrected(about=f.about, work_table_id=f.work_table_id, text=f.text, hints=f.hints),
    (ContributionAdded, "translation"): lambda f: ContributionTranslated(
        about=f.about, work_table_id=f.work_table_id, translation=f.translation
    ),
    (ClusterAdded, "title"): lambda f: ClusterTitled(about=f.about, work_table_id=f.work_table_id, title=f.title),
    (ClusterAdded, "position"): lambda f: ClusterOrdered(about=f.about, work_table_id=f.work_table_id, position=f.position),
    (ClusterAdded, "removed"): lambda f: ClusterRemoved(about=f.about, work_table_id=f.work_table_id, removed=False),
    (SentenceAdded, "wording"): lambda f: SentenceRewritten(about=f.about, synthesis_id=f.synthesis_id, wording=f.wording),
    (ProcessCreated, "description"): lambda f: ProcessDescribed(about=f.about, description=f.description),
    (MeetingPlanned, "plan"): lambda f: MeetingReplanned(about=f.about, plan=f.plan),
    (TablePrepared, "theme"): lambda f: TableRethemed(about=f.about, theme=f.theme),
    (GoodPracticeAdded, "practice"): lambda f: GoodPracticeChanged(about=f.about, practice=f.practice),
    (LocalResourceAdded, "resource"): lambda f: LocalResourceChanged(about=f.about, resource=f.resource),
}


class NothingToSettle(Refusal):
    """Somebody settled it already, or there never were two."""

    sort = Sort.OUT_OF_STEP


class CannotKeepBoth(Refusal):
    """One of the two has to count here."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepVersion(Command):
    """Of the versions that stand side by side, `version_id` counts; the others stay in the history. `replaces`: all that were seen."""

    may = Action.SETTLE
    thing_id: str
    field: str
    version_id: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBoth(Command):
    """The version shown first stays in its sentence; each of the others becomes a sentence of its own."""

    may = Action.SETTLE
    thing_id: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptRival(Command):
    """Two places added different things with one id: the one that nobody sees becomes a thing of its own. `rival`: hash of its entry."""

    may = Action.SETTLE
    thing_id: str
    rival: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBack(Command):
    """A sentence or a group that was taken away in one place while somebody worked on it in another stands again."""

    may = Action.SETTLE
    thing_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropReference(Command):
    """A sentence no longer names what is in no record here."""

    may = Action.SETTLE
    sentence_id: str
    evidence_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDifference(Command):
    """It was looked at and stays as it is. `seen` names what was there: when more comes, it is to be looked at again."""

    may = Action.SETTLE
    thing_id: str
    matter: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceNoted(Fact):
    """About the thing, or the process."""

    kind: ClassVar[str] = "review.noted/1"
    matter: str
    seen: str


def keep_version(command: KeepVersion, versions: dict[str, Edit]) -> list[Fact]:
    """`versions`: what stands now, version id -> the fact that wrote it. It is stated again in the same words, in place of all."""
    _check_seen(command.replaces, versions)
    if command.version_id not in versions:
        raise NotFound("version_id")
    return [again(versions[command.version_id], command.field, command.replaces)]


def keep_both(command: KeepBoth, versions: dict[str, Edit], sentence: SentenceAdded) -> list[Fact]:
    """`versions`: as they are shown, the first one first; `sentence`: what the new ones are like, but for their words."""
    _check_seen(command.replaces, versions)
    (_, first), *others = versions.items()
    apart = [replace(sentence, about=_own_id(command.command_id, i), wording=wording_of(other), replaces=()) for i, other in others]
    return [again(first, "wording", command.replaces), *apart]


def adopt_rival(command: AdoptRival, rival: Edit, noted: str) -> list[Fact]:
    """The rival once more with an id of its own, and the note that this is settled."""
    if not isinstance(rival, ContributionAdded | ClusterAdded | SentenceAdded):
        raise CannotKeepBoth("thing_id")
    note = DifferenceNoted(about=command.thing_id, matter="rivals", seen=noted)
    return [replace(rival, about=command.command_id, replaces=()), note]


def bring_back_sentence(command: BringBack, synthesis_id: str, is_away: bool, saw: tuple[str, ...]) -> list[Fact]:
    if not is_away:
        raise NothingToSettle("thing_id")
    return [SentenceRemoved(about=command.thing_id, synthesis_id=synthesis_id, removed=False, saw=saw)]


def bring_back_group(command: BringBack, work_table_id: str, is_away: bool, replaces: tuple[str, ...]) -> list[Fact]:
    if not is_away:
        raise NothingToSettle("thing_id")
    return [ClusterRemoved(about=command.thing_id, work_table_id=work_table_id, removed=False, replaces=replaces)]


def drop_reference(command: DropReference, synthesis_id: str, is_here: bool) -> list[Fact]:
    """Only what points to nothing: anything else is taken away by who writes the synthesis."""
    if is_here:
        raise NothingToSettle("evidence_id")
    return [EvidenceCited(about=command.sentence_id, synthesis_id=synthesis_id, evidence_id=command.evidence_id, present=False)]


def note_difference(command: NoteDifference) -> list[Fact]:
    if not _MATTER.fullmatch(command.matter):
        raise Malformed("matter")
    if not _SEEN.fullmatch(command.seen):
        raise Malformed("seen")
    return [DifferenceNoted(about=command.thing_id, matter=command.matter, seen=command.seen)]


def seen_of(things: Iterable[str]) -> str:
    """A short name for what somebody looked at: other things have another one."""
    return hashlib.sha256("\n".join(sorted(things)).encode()).hexdigest()[:16]


def again(version: Edit, field: str, replaces: tuple[str, ...]) -> Edit:
    """The edit that states a version's words once more. Words that came with an addition need an edit of their own."""
    stated = _AS_EDIT.get((type(version), field))
    return replace(stated(version) if stated else version, replaces=replaces)


def _check_seen(seen: tuple[str, ...], versions: dict[str, Edit]) -> None:
    if len(versions) < 2:
        raise NothingToSettle("replaces")
    if not set(versions) <= set(seen):
        raise ChangedMeanwhile("replaces")


def wording_of(version: Edit) -> Wording:
    if not isinstance(version, SentenceAdded | SentenceRewritten):
        raise CannotKeepBoth("thing_id")
    return version.wording


def _own_id(command_id: str, version_id: str) -> str:
    """Sent twice it is the same sentence."""
    return hashlib.sha256(f"{command_id}{version_id}".encode()).hexdigest()[:32]
