"""What settling needs: the versions that stand side by side as the facts that wrote them, and the entry of a rival."""

from dataclasses import replace

from workshop.dispatch.front_door import Load, handles
from workshop.domain.contribution import ContributionAdded
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import permit
from workshop.domain.refusal import NotFound
from workshop.domain.review import (
    AdoptRival,
    BringBack,
    DropReference,
    KeepBoth,
    KeepVersion,
    NoteDifference,
    adopt_rival,
    bring_back_group,
    bring_back_sentence,
    drop_reference,
    keep_both,
    keep_version,
    note_difference,
)
from workshop.domain.sentence import SentenceAdded, SynthesisIsFrozen
from workshop.record.queries.boards import the_cluster
from workshop.record.queries.numbers import next_numbers
from workshop.record.queries.origins import edit_behind
from workshop.record.queries.rivals import rival_entry, rivals_of
from workshop.record.queries.siblings import siblings_of
from workshop.record.queries.subjects import subjects
from workshop.record.queries.syntheses import state_of, the_sentence


@handles(KeepVersion)
def _(command: KeepVersion, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    if command.field == "wording":
        _check_nobody_reads(load, command.thing_id)
    return keep_version(command, _standing(load, command.process_id, command.thing_id, command.field))


@handles(KeepBoth)
def _(command: KeepBoth, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    _check_nobody_reads(load, command.thing_id)
    return keep_both(command, _standing(load, command.process_id, command.thing_id, "wording"), _like(load, command.thing_id))


@handles(AdoptRival)
def _(command: AdoptRival, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    rival = rival_entry(load.connection, command.process_id, command.thing_id, command.rival)
    noted = rivals_of(load.connection, command.process_id, command.thing_id).seen
    return adopt_rival(command, _numbered(load, rival), noted)


@handles(BringBack)
def _(command: BringBack, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    subject = subjects(load.connection, [command.thing_id]).get(command.thing_id)
    if subject and subject.sort == "sentence":
        _check_nobody_reads(load, subject.id)
        saw = siblings_of(load.connection, subject.id, "wording").ids
        return bring_back_sentence(command, subject.work_table_id, subject.is_gone, saw)
    group = the_cluster(load.connection, command.thing_id)
    return bring_back_group(command, group.work_table_id, group.removed, siblings_of(load.connection, group.id, "removed").ids)


@handles(DropReference)
def _(command: DropReference, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    _check_nobody_reads(load, command.sentence_id)
    synthesis_id = the_sentence(load.connection, command.sentence_id).synthesis_id
    return drop_reference(command, synthesis_id, bool(subjects(load.connection, [command.evidence_id])))


@handles(NoteDifference)
def _(command: NoteDifference, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return note_difference(command)


def _standing(load: Load, process_id: str, thing_id: str, field: str) -> dict[str, Edit]:
    """Refused while the words of one of them are not here: nobody can settle what they cannot read."""
    found = {i: edit_behind(load.connection, process_id, thing_id, i, field) for i in siblings_of(load.connection, thing_id, field).ids}
    if None in found.values():
        raise NotFound("version_id")
    return {version_id: edit for version_id, edit in found.items() if edit}


def _check_nobody_reads(load: Load, sentence_id: str) -> None:
    if state_of(load.connection, the_sentence(load.connection, sentence_id).synthesis_id) == "in_review":
        raise SynthesisIsFrozen("thing_id")


def _like(load: Load, sentence_id: str) -> SentenceAdded:
    """A sentence beside this one, with the same evidence."""
    shown = the_sentence(load.connection, sentence_id)
    return SentenceAdded(
        about=sentence_id,
        synthesis_id=shown.synthesis_id,
        section=shown.section,
        wording=shown.wording,
        evidence=shown.evidence,
        position=shown.position + 1,
    )


def _numbered(load: Load, rival: Edit) -> Edit:
    """A card of its own has a number of its own."""
    if not isinstance(rival, ContributionAdded):
        return rival
    number, seq = next_numbers(load.connection, rival.meeting_id, rival.work_table_id)
    return replace(rival, number=number, seq=seq)
