"""Who wishes to come to a meeting, by name: list, adding, changing, removing after the day. For the lead and the organiser."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, request

from workshop.copies.forgetting import forget_names
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotInList
from workshop.domain.registration import Registration, saying
from workshop.domain.registration_lines import Read, read_lines
from workshop.private import registrations as kept
from workshop.record.queries.processes import MeetingShown, the_meeting
from workshop.record.queries.tables import TableShown, tables_of
from workshop.record.writer import Writer
from workshop.web import lead_words
from workshop.web.answers import back_to, show
from workshop.web.doors import field, form_id
from workshop.web.house import house
from workshop.web.identity import language, staff
from workshop.web.shown import utc_now
from workshop.web.wording import describe

blueprint = Blueprint("registrations", __name__)
NOTHING_READ: Final = Read((), ())


@blueprint.get("/meetings/<meeting_id>/registrations")
def registration_list(meeting_id: str) -> Response:
    """`?q=`: those with these words in name, contact or needs. `?left=`: copies that could not be reached when names were removed."""
    return _page(_meeting(meeting_id))


@blueprint.post("/meetings/<meeting_id>/registrations")
def add(meeting_id: str) -> Response:
    """One person; in the room, perhaps one who stands at the door."""
    meeting = _meeting(meeting_id)
    wish = saying(replace(_blank(meeting), id=form_id()), _told(meeting_id))
    house().keep_private(kept.add, replace(wish, came=house().place == "room" and field("came") == "1"))
    return back_to(_path(meeting_id))


@blueprint.post("/meetings/<meeting_id>/registrations/lines")
def add_lines(meeting_id: str) -> Response:
    """A pasted list. What cannot be read stays in the box, each line with its reason; the others are kept."""
    meeting = _meeting(meeting_id)
    read = read_lines(field("lines"), _blank(meeting), _tables_by_word(meeting_id))
    added = house().keep_private(kept.add_all, meeting_id, read.people)
    return _page(meeting, read, added)


@blueprint.get("/meetings/<meeting_id>/registrations/sheet")
def attendance_sheet(meeting_id: str) -> Response:
    """To be printed: names, tables, needs and a place to sign; no contacts."""
    return _show("registrations/sheet.html", _meeting(meeting_id))


@blueprint.get("/meetings/<meeting_id>/registrations/remove")
def ask_first(meeting_id: str) -> Response:
    return _show("registrations/remove.html", _meeting(meeting_id))


@blueprint.post("/meetings/<meeting_id>/registrations/remove")
def remove_all(meeting_id: str) -> Response:
    """Every name of the meeting goes from this computer: from the database, its log file, and the copies that can be reached."""
    meeting = _meeting(meeting_id)
    house().desk.submit(partial(_remove_all, meeting.id, house().place == "room"))
    left = house().desk.apart(forget_names, house().copier)
    return back_to(f"{_path(meeting_id)}{f'?left={left}' if left else ''}")


@blueprint.get("/registrations/<registration_id>")
def registration(registration_id: str) -> Response:
    found = _registration(registration_id)
    return _show("registrations/registration.html", house().ask(the_meeting, found.meeting_id), person=found)


@blueprint.post("/registrations/<registration_id>")
def change(registration_id: str) -> Response:
    found = _registration(registration_id)
    house().keep_private(kept.change, registration_id, _told(found.meeting_id))
    return back_to(_path(found.meeting_id))


@blueprint.post("/registrations/<registration_id>/remove")
def remove(registration_id: str) -> Response:
    found = _registration(registration_id)
    house().desk.submit(partial(_remove, registration_id))
    return back_to(_path(found.meeting_id))


def _remove_all(meeting_id: str, keep_out: bool, writer: Writer) -> int:
    writer.cut_logs = True  # after COMMIT: else the names would stand in the log file
    return kept.remove_all(writer.private, meeting_id, keep_out=keep_out)


def _remove(registration_id: str, writer: Writer) -> None:
    writer.cut_logs = True
    kept.remove(writer.private, registration_id)


def _page(meeting: MeetingShown, read: Read = NOTHING_READ, added: int | None = None) -> Response:
    unread = [(each, describe(each.why, language())) for each in read.unread]
    left = request.args.get("left", "")
    told: dict[str, Any] = {
        "read": read,
        "added": added,
        "unread": unread,
        "copies_left": left if left.isascii() and left.isdigit() else "",
    }
    with house().reading_private() as private:
        told |= {"count": kept.count(private, meeting.id), "is_kept_out": kept.is_kept_out(private, meeting.id)}
    return _show("registrations/list.html", meeting, request.args.get("q", "")[:200], **told)


def _show(template: str, meeting: MeetingShown, asked: str = "", **told: Any) -> Response:
    """Names are for this look alone: no browser keeps the page."""
    people, tables = house().ask_private(kept.registrations_of, meeting.id, asked), house().ask(tables_of, meeting.id)
    answer = show(template, meeting=meeting, people=people, tables=tables, asked=asked, words=lead_words, **told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(meeting_id: str) -> dict[str, str]:
    """What the form says of a person."""
    table, known = field("work_table_id"), {each.id for each in house().ask(tables_of, meeting_id)}
    if table and table not in known:
        raise NotInList("work_table_id", choices=tuple(sorted(known)))
    return {"work_table_id": table} | {name: field(name) for name in ("name", "contact", "category", "needs")}


def _blank(meeting: MeetingShown) -> Registration:
    now = utc_now().strftime("%Y-%m-%dT%H:%MZ")
    return Registration(id="", process_id=meeting.process_id, meeting_id=meeting.id, name="", created=now)


def _tables_by_word(meeting_id: str) -> dict[str, str]:
    """By number and by theme, as people write them in a list."""
    tables: list[TableShown] = house().ask(tables_of, meeting_id)
    return {each.theme.title.casefold(): each.id for each in tables} | {str(each.number): each.id for each in tables}


def _meeting(meeting_id: str) -> MeetingShown:
    permit(staff(), Action.KEEP_REGISTRATIONS)
    return house().ask(the_meeting, meeting_id)


def _registration(registration_id: str) -> Registration:
    permit(staff(), Action.KEEP_REGISTRATIONS)
    return house().ask_private(kept.the_registration, registration_id)


def _path(meeting_id: str) -> str:
    return f"/meetings/{meeting_id}/registrations"
