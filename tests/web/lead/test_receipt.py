"""The receipt of a whole day, as the lead reads it: what left, in things that people know, and nothing of single people."""

import contextlib
from pathlib import Path

import pytest

from tests.builders import a_cluster, a_confirmed_synthesis, a_facilitator, a_participant
from tests.support.server import a_server
from tests.sync.test_two_processes import a_code
from tests.web.syntheses.place import Place, a_place
from workshop.domain.people import Role
from workshop.private.settings_kept import keep_setting
from workshop.web.http.local import courier
from workshop.web.leaving import PROFILE

TABLES, GROUPS = 6, 3


def a_whole_day(place: Place) -> None:
    """At each table somebody sits down, a card is written, three groups are made, and two sentences are confirmed."""
    meeting = place.meeting
    for table in meeting.tables:
        facilitator = a_facilitator(meeting, table)
        a_participant(meeting, table)
        for n in range(GROUPS - 1):
            a_cluster(meeting, facilitator, f"Gruppo {n}")
        a_confirmed_synthesis(meeting, facilitator)


@pytest.mark.parametrize(
    ("profile", "receipt"),
    [
        ("syntheses", "Inviate 6 sintesi, 18 raggruppamenti, 12 frasi, 0 carte, 0 dati personali."),
        ("contributions", "Inviate 6 sintesi, 18 raggruppamenti, 12 frasi, 6 carte, 0 dati personali."),
    ],
)
def test_the_receipt_counts_syntheses_groups_and_what_is_of_single_people(tmp_path: Path, profile: str, receipt: str) -> None:
    place = a_place(tmp_path / "laptop", tables=TABLES)
    lead = place.browser_of(place.someone(Role.LEAD)[1]).client
    a_whole_day(place)
    place.building.house.keep_private(keep_setting, PROFILE, profile)
    with contextlib.closing(place), a_server(tmp_path / "centre", "--central", "--try") as centre:
        with place.building.app.app_context():
            courier().enrol(centre.url, a_code(centre))
            assert courier().run().identical
        assert receipt in lead.get("/lead/central", headers={"Accept-Language": "it"}).text
