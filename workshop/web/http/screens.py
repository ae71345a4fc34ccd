"""The room's screen: what everybody in the room may see, driven from the lead's page. Nobody signs in, nothing is sent from here."""

from typing import Any

from flask import Blueprint, Response, request

from workshop.domain.refusal import NotFound
from workshop.private.settings_kept import setting
from workshop.record.queries.processes import live_meetings
from workshop.web.answers import back_to, show
from workshop.web.house import house
from workshop.web.room_screen import OnScreen, context_of, on_screen
from workshop.web.wifi import wifi_payload

blueprint = Blueprint("screens", __name__)


@blueprint.get("/screen")
def the_screen() -> Response:
    """The screen of the meeting that is on now; a list when there are several, or none."""
    meetings = house().ask(live_meetings)
    if len(meetings) == 1:
        return back_to(f"/screen/{meetings[0].id}")
    return show("screens/choose.html", meetings=meetings)


@blueprint.get("/screen/<meeting_id>")
def a_screen(meeting_id: str) -> Response:
    topic = f"screen:{meeting_id}"
    version = house().versions(topic)
    with house().reading() as connection:
        screen = on_screen(connection, meeting_id)
        context = context_of(connection, screen)
    if screen.view == "entrance":
        context |= _entrance()
    phones = house().presence.phones_in(meeting_id)
    return show(f"screens/{_template(screen)}.html", screen=screen, topic=topic, version=version, phones=phones, **context)


def _template(screen: OnScreen) -> str:
    if screen.view not in _VIEWS:
        raise NotFound("view")
    return f"{screen.view}_of_table" if screen.table and screen.view in _OF_TABLE else screen.view


_VIEWS = frozenset({"entrance", "wall", "clock", "dots", "synthesis", "neutral"})
_OF_TABLE = frozenset({"dots", "synthesis"})


def _entrance() -> dict[str, Any]:
    """The page's address as the codes say it; the Wi-Fi only when the lead wrote it down."""
    with house().reading_private() as private:
        name, password = setting(private, "wifi_name"), setting(private, "wifi_password")
    address = house().address or request.host
    return {
        "address": address,
        "page": f"http://{address}",
        "wifi": {"name": name, "password": password, "payload": wifi_payload(name, password)} if name else None,
    }
