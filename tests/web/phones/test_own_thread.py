"""What became of my words: step by step, only of one's own cards, and in the central record only when it said so."""

from collections.abc import Iterator

import pytest

from tests.builders import a_card, a_cluster, a_facilitator, a_sentence
from tests.web.phones.conftest import RoomWithPhones
from tests.web.phones.test_own_cards import Desk
from workshop.domain.contribution import CorrectContribution, LeaveOut
from workshop.domain.profiles import Profile
from workshop.domain.sentence import Section
from workshop.domain.synthesis import DeclareNoMinority, OpenReadBack, Validate
from workshop.private.peers import Centre, keep_centre, remember_carried, remember_seen
from workshop.record.peers import PeerLog
from workshop.record.queries.cards import the_card


@pytest.fixture
def desk(room: RoomWithPhones) -> Iterator[Desk]:
    yield Desk(room)


def thread(desk: Desk, card: str = "") -> str:
    return desk.phone.page(f"/mine/{card or desk.card}")


def read_back(desk: Desk) -> str:
    meeting, who = desk.meeting, desk.facilitator
    group = a_cluster(meeting, who, "Bagni per tutti", [desk.card])
    a_sentence(meeting, who, "Il tavolo ha parlato di spazi.", Section.FRAME, evidence=(group,))
    a_sentence(meeting, who, "Servono bagni attrezzati.", evidence=(group,))
    meeting.do(DeclareNoMinority, who, synthesis_id=meeting.table)
    return str(meeting.do(OpenReadBack, who, synthesis_id=meeting.table).command_id)


def confirmed(desk: Desk) -> None:
    told = {"synthesis_id": desk.meeting.table, "read_back_id": read_back(desk), "favour": 9, "against": 1, "abstain": 0}
    desk.meeting.do(Validate, desk.facilitator, **told)


def contact(desk: Desk, profile: Profile) -> None:
    """The centre said that it has all there is now."""
    home, scope = desk.room.building.house, desk.meeting.process_id
    tips = PeerLog(home.store, home.desk).tips(scope)
    home.keep_private(keep_centre, Centre("c" * 32, "Provincia", "https://centro.example", "token"))
    home.keep_private(remember_seen, "c" * 32, scope, tips)
    home.keep_private(remember_carried, "c" * 32, scope, profile)


def test_mine_leads_to_the_thread_of_each_card(desk: Desk) -> None:
    assert f'href="/mine/{desk.card}"' in desk.mine()
    assert "What became of T1-01" in thread(desk)


def test_a_new_card_is_in_no_group_yet_and_nothing_is_promised(desk: Desk) -> None:
    page = thread(desk)
    assert "In no group yet." in page
    assert "The table has not read its synthesis yet." in page
    assert "Not yet. It is safe on the workshop computer." in page


def test_what_is_still_being_written_belongs_to_who_writes_it(desk: Desk) -> None:
    a_sentence(desk.meeting, desk.facilitator, "Una bozza che cambierà.", evidence=(desk.card,))
    assert "Una bozza che cambierà." not in thread(desk)


def test_while_it_is_read_back_the_sentence_is_shown(desk: Desk) -> None:
    read_back(desk)
    page = thread(desk)
    assert all(words in page for words in ("Bagni per tutti", "Servono bagni attrezzati.", "The table is reading it now"))


def test_a_confirmed_sentence_comes_with_how_the_table_answered(desk: Desk) -> None:
    confirmed(desk)
    page = thread(desk)
    assert all(words in page for words in ("Servono bagni attrezzati.", "9 yes, 1 no, 0 abstained"))


def test_a_card_that_was_not_taken_up_says_why(desk: Desk) -> None:
    desk.meeting.do(LeaveOut, desk.facilitator, contribution_id=desk.card, reason="riguarda un altro tavolo")
    assert "riguarda un altro tavolo" in thread(desk)


def test_the_card_of_somebody_else_is_not_ones_own_to_follow(desk: Desk) -> None:
    other = a_card(desk.meeting, a_facilitator(desk.meeting), "Dettata")
    assert desk.phone.get(f"/mine/{other}").status_code == 403
    assert desk.room.phone().get(f"/mine/{desk.card}").status_code in {401, 403}


def test_before_any_contact_a_card_is_on_the_workshop_computer(desk: Desk) -> None:
    page = desk.mine()
    assert "On the workshop computer" in page
    assert "In the central record" not in page


def test_a_card_whose_words_travelled_is_in_the_central_record(desk: Desk) -> None:
    contact(desk, Profile.CONTRIBUTIONS)
    assert "In the central record" in desk.mine()
    assert "Your card has arrived" in thread(desk)


def test_what_was_corrected_after_the_contact_is_not_there_yet(desk: Desk) -> None:
    contact(desk, Profile.CONTRIBUTIONS)
    told = {"contribution_id": desk.card, "text": "Servono più fasciatoi"}
    desk.meeting.do(CorrectContribution, desk.me, **told, replaces=desk.meeting.ask(the_card, desk.card).text_versions)
    assert "In the central record" not in desk.mine()


def test_a_card_that_came_after_the_contact_is_not_there_yet(desk: Desk) -> None:
    contact(desk, Profile.CONTRIBUTIONS)
    later = a_card(desk.meeting, desk.me, "Servono altalene")
    assert desk.mine().count("In the central record") == 1
    assert "Not yet. It is safe on the workshop computer." in thread(desk, later)


def test_words_that_stay_here_on_purpose_are_never_said_to_be_there(desk: Desk) -> None:
    confirmed(desk)
    contact(desk, Profile.SYNTHESES)
    assert "In the central record" not in desk.mine()
    page = thread(desk)
    assert "The synthesis has arrived" in page
    assert "Of your card only the code is there" in page


def test_a_centre_that_lost_a_part_is_believed(desk: Desk) -> None:
    """Its tips of the last contact count, not what was sent once."""
    contact(desk, Profile.CONTRIBUTIONS)
    home = desk.room.building.house
    from sync.log import Tips

    home.keep_private(remember_seen, "c" * 32, desk.meeting.process_id, Tips())
    assert "In the central record" not in desk.mine()


def test_a_stream_with_branches_is_not_said_to_be_there(desk: Desk) -> None:
    """Two computers went on from one stream: one tip does not tell which of the two entries the centre has."""
    from sync.log import Raw
    from tests.record.full_history import entries_of
    from tests.record.played import receive
    from tests.sync.streams import an_entry

    contact(desk, Profile.CONTRIBUTIONS)
    entries = entries_of(desk.meeting)
    stream = next(e.head.stream for e in entries if e.head.about == desk.card)
    first = next(e for e in entries if e.head.stream == stream and e.head.n == 1)
    branch = an_entry(desk.meeting.process_id, stream, first)
    receive(desk.meeting, [Raw(branch.head_bytes, branch.body_bytes)])
    assert "In the central record" not in desk.mine()
