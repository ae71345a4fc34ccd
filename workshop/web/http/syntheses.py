"""Writing the synthesis: sentences with their evidence, cards told or left out, two wordings side by side."""

from flask import Blueprint, Response, request

from workshop.domain.contribution import LeaveOut
from workshop.domain.differences import only_new
from workshop.domain.ids import is_id
from workshop.domain.permissions import Action, may, permit
from workshop.domain.sentence import AddSentence, CiteEvidence, PlaceSentence, RemoveSentence, RewriteSentence, Section
from workshop.domain.synthesis import DeclareNoMinority
from workshop.record.queries.cards import the_card
from workshop.record.queries.syntheses import SentenceShown, the_sentence
from workshop.record.queries.tables import TableShown, the_table
from workshop.record.queries.writing_desks import ranked, the_writing_desk
from workshop.web.answers import back_to, show
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.photos_shown import photos_shown

blueprint = Blueprint("syntheses", __name__)


@blueprint.get("/tables/<work_table_id>/synthesis")
def see_the_draft(work_table_id: str) -> Response:
    """While it is read back, and after it is validated, the read-back's page is the synthesis."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    topic = f"synthesis:{work_table_id}"
    version = house().versions(topic)
    table = house().ask(the_table, work_table_id)
    desk = house().ask(the_writing_desk, table)
    if desk.draft.state != "draft":
        return back_to(f"/tables/{table.id}/read-back")
    return show(
        "syntheses/editor.html",
        topic=topic,
        version=version,
        table=table,
        desk=desk,
        parts=[section.value for section in Section],
        ranks=ranked(desk.draft.priorities),
        writes=may(staff(), Action.WRITE_SYNTHESIS, table.id),
        leads=staff().leads,
        open_id=request.args.get("edit", ""),
        card_id=request.args.get("card", ""),
        only_new=only_new,
        photos=house().ask(photos_shown, table.id),
    )


@blueprint.post("/tables/<work_table_id>/sentences")
def add_a_sentence(work_table_id: str) -> Response:
    table = ours(work_table_id)
    command = read(AddSentence, process_id=table.process_id, synthesis_id=table.id)
    added = house().dispatch(command, staff())
    return back_to(f"/tables/{table.id}/synthesis?edit={added.command_id}#add-{command.section}")


@blueprint.post("/sentences/<sentence_id>/words")
def rewrite_a_sentence(sentence_id: str) -> Response:
    """Words that are as they were make no new version: the button Done comes after what saves itself."""
    shown, table = _sentence_of_ours(sentence_id)
    command = read(RewriteSentence, process_id=table.process_id, sentence_id=sentence_id)
    if not (command.wording == shown.wording and set(command.replaces) == set(shown.versions)):
        house().dispatch(command, staff())
    return _back(table, "" if field("next") == "done" else sentence_id, sentence_id)


@blueprint.post("/sentences/<sentence_id>/evidence")
def cite_evidence(sentence_id: str) -> Response:
    _, table = _sentence_of_ours(sentence_id)
    house().dispatch(read(CiteEvidence, process_id=table.process_id, sentence_id=sentence_id), staff())
    return _back(table, sentence_id, sentence_id)


@blueprint.post("/cards/<contribution_id>/told")
def tell_a_card(contribution_id: str) -> Response:
    """The same from the list of cards that no sentence tells: the form says which sentence."""
    table = _table_of_card(contribution_id)
    command = read(CiteEvidence, process_id=table.process_id, evidence_id=contribution_id)
    house().dispatch(command, staff())
    return _back(table, field("back"), command.sentence_id)


@blueprint.post("/cards/<contribution_id>/left-out")
def leave_a_card_out(contribution_id: str) -> Response:
    table = _table_of_card(contribution_id)
    house().dispatch(read(LeaveOut, process_id=table.process_id, contribution_id=contribution_id), staff())
    return _back(table, field("back"), "untold")


@blueprint.post("/sentences/<sentence_id>/position")
def place_a_sentence(sentence_id: str) -> Response:
    _, table = _sentence_of_ours(sentence_id)
    house().dispatch(read(PlaceSentence, process_id=table.process_id, sentence_id=sentence_id), staff())
    return _back(table, field("back"), field("back"))


@blueprint.post("/sentences/<sentence_id>/removed")
def remove_a_sentence(sentence_id: str) -> Response:
    shown, table = _sentence_of_ours(sentence_id)
    command = read(RemoveSentence, process_id=table.process_id, sentence_id=sentence_id)
    house().dispatch(command, staff())
    return _back(table, "" if command.removed else sentence_id, f"section-{shown.section}")


@blueprint.post("/tables/<work_table_id>/no-minority")
def declare_no_minority(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(DeclareNoMinority, process_id=table.process_id, synthesis_id=table.id), staff())
    return _back(table, field("back"), "section-minority")


def ours(work_table_id: str) -> TableShown:
    """A table whose synthesis this member of the staff may look at; the command's own rule says who may write."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    return house().ask(the_table, work_table_id)


def _sentence_of_ours(sentence_id: str) -> tuple[SentenceShown, TableShown]:
    permit(staff(), Action.SEE_BOARD)
    shown = house().ask(the_sentence, sentence_id)
    return shown, ours(shown.synthesis_id)


def _table_of_card(contribution_id: str) -> TableShown:
    permit(staff(), Action.SEE_BOARD)
    return ours(house().ask(the_card, contribution_id).work_table_id)


def _back(table: TableShown, open_id: str, place: str) -> Response:
    """To the editor, with one sentence open or none, at the place where the work is."""
    asked = f"?edit={open_id}" if is_id(open_id) else ""
    at = f"s-{place}" if is_id(place) else place if place.startswith(("section-", "untold")) else ""
    return back_to(f"/tables/{table.id}/synthesis{asked}{f'#{at}' if at else ''}")
