"""A ballot that two laptops counted apart: both results side by side, what differs in them, and the note that it was looked at."""

from tests.builders import a_cluster, a_facilitator, a_participant, move_step
from tests.web.review.conftest import Laptops
from workshop.domain.dots import CastDots
from workshop.record.queries.review import the_review


def test_both_results_stand_side_by_side_until_somebody_has_looked(laptops: Laptops) -> None:
    group = a_cluster(laptops.one, a_facilitator(laptops.one), "Servono bagni")
    move_step(laptops.one, "bollini", "open", reason="andiamo avanti")
    laptops.exchange()
    for meeting, dots in ((laptops.one, 1), (laptops.other, 2)):
        told = {"work_table_id": meeting.table, "step_id": meeting.steps["bollini"], "dots": {group: dots}}
        meeting.do(CastDots, a_participant(meeting), **told)
        move_step(meeting, "bollini", "closed")
    laptops.exchange()
    page = laptops.page()
    assert "Two computers counted one ballot" in page
    assert page.index("Shown to everybody") < page.index("Kept, and not shown")
    assert ("<dd>1</dd>" in page, "<dd>2</dd>" in page, "Servono bagni" in page) == (True, True, True)
    assert "Votes by phone: this computer: 1, computer" in page
    [matter] = [each for each in laptops.one.ask(the_review, laptops.one.process_id) if each.matter.startswith("ballot:")]
    laptops.settle("noted", thing_id=matter.about, matter=matter.matter, seen=matter.seen)
    assert "Two computers counted one ballot" not in laptops.page()
