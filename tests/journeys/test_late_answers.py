"""A slow network must not take away what somebody has opened meanwhile."""

import re
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.journeys.people import Crowd, Facilitator, Lead, Scribe
from tests.support.server import a_server

TABLE = "Spazi e tempi della città"


def test_a_late_answer_does_not_close_the_sentence_that_was_opened_meanwhile(tmp_path: Path, crowd: Crowd) -> None:
    with a_server(tmp_path, "--demo", "--host", "127.0.0.1") as room:
        lead = Lead(crowd, room.entry)
        lead.goes_to_the_meeting()
        scribe = Scribe(crowd, lead.invites("Chi verbalizza", f"4. {TABLE}"), TABLE)
        facilitator = Facilitator(crowd, lead.invites("Chi facilita", f"4. {TABLE}"), TABLE)
        scribe.goes_to_the_synthesis()
        facilitator.goes_to_the_synthesis()

        late: list[Route] = []
        scribe.page.route(
            re.compile("/synthesis$"), lambda route: late.append(route) if "x-live" in route.request.headers else route.continue_()
        )
        with scribe.page.expect_request(lambda asked: "x-live" in asked.headers):  # because somebody else writes
            facilitator.writes_a_position("Per qualcuno basta così.")
        scribe.page.get_by_role("link", name="Scrivi la frase 1", exact=True).click()
        expect(scribe.page.locator(".hot textarea")).to_be_visible()

        with scribe.page.expect_response(lambda answer: answer.url.endswith("/synthesis")):
            late.pop().continue_()
        scribe.sees("Per qualcuno basta così.")  # the page asked again, for what is looked at now
        expect(scribe.page.locator(".hot textarea")).to_be_visible()
        expect(scribe.page.get_by_role("button", name=re.compile("^Aggiungi alla frase 1")).first).to_be_visible()
