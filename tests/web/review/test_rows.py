"""Each sort of row: shown side by side with who and where, and settled by a person on every computer."""

import re
from typing import Any

from tests.builders import a_card, a_cluster, a_facilitator, a_participant, a_sentence, a_step_open
from tests.web.review.conftest import Laptops
from workshop.domain.cluster import MoveCards, OrderCluster, TitleCluster
from workshop.domain.contribution import CorrectContribution, Kind, RedactContribution, WithdrawContribution
from workshop.domain.ids import new_id
from workshop.domain.meeting import Plan, ReplanMeeting, SetRunningSheet
from workshop.domain.people import Actor, Role
from workshop.domain.process import DescribeProcess, Description
from workshop.domain.sentence import RemoveSentence, RewriteSentence, Section, Wording
from workshop.domain.work_table import PrepareTable, RethemeTable, Theme
from workshop.record.fold import rows_digest
from workshop.record.queries.boards import the_board
from workshop.record.queries.cards import cards_of_table, the_card
from workshop.record.queries.processes import the_meeting, the_process
from workshop.record.queries.review import the_review
from workshop.record.queries.syntheses import sentences_of, the_sentence
from workshop.record.queries.tables import the_table


def matters(laptops: Laptops) -> list[str]:
    return [matter.matter for matter in laptops.one.ask(the_review, laptops.one.process_id)]


def versions_on(page: str) -> list[str]:
    """Ids of the versions that may be kept, in the order they are shown."""
    return re.findall(r'name="version_id" value="(\w+)"', page)


def replaces_on(page: str) -> str:
    return re.findall(r'name="replaces" value="([^"]+)"', page)[0]


def keep(laptops: Laptops, thing: str, field: str, which: int = 1) -> Any:
    page = laptops.page()
    kept = {"thing_id": thing, "field": field, "version_id": versions_on(page)[which], "replaces": replaces_on(page)}
    return laptops.settle("keep", **kept)


def settled_everywhere(laptops: Laptops) -> bool:
    laptops.exchange()
    return matters(laptops) == [] and laptops.one.ask(rows_digest) == laptops.other.ask(rows_digest)


def a_sentence_on_both(laptops: Laptops) -> str:
    sentence = a_sentence(laptops.one, a_facilitator(laptops.one), "Servono bagni.")
    laptops.exchange()
    return sentence


def rewrite_apart(laptops: Laptops, sentence: str) -> None:
    for meeting, text in ((laptops.one, "Servono bagni puliti."), (laptops.other, "Servono bagni per tutti.")):
        meeting.do(RewriteSentence, a_facilitator(meeting), sentence_id=sentence, wording=Wording(text=text), replaces=(sentence,))


def a_card_on_both(laptops: Laptops, text: str = "Servono fasciatoi") -> tuple[str, Any]:
    a_step_open(laptops.one, "scrivi")
    who = a_participant(laptops.one)
    card = a_card(laptops.one, who, text)
    laptops.exchange()
    return card, who


def test_a_sentence_written_apart_stands_side_by_side_with_who_and_where(laptops: Laptops) -> None:
    rewrite_apart(laptops, a_sentence_on_both(laptops))
    laptops.exchange()
    page = laptops.page()
    assert "A sentence has two wordings" in page
    assert re.sub(r"</?ins>", "", page).count("Servono bagni p") == 3  # both versions, and the box
    assert "who facilitates, this computer" in page
    assert re.search(r"who facilitates, computer “[0-9A-F]{4}-[0-9A-F]{4}”", page)


def test_the_version_that_is_kept_counts_on_both_computers(laptops: Laptops) -> None:
    sentence = a_sentence_on_both(laptops)
    rewrite_apart(laptops, sentence)
    laptops.exchange()
    second = laptops.one.ask(the_sentence, sentence).siblings[0][1].text
    assert keep(laptops, sentence, "wording").status_code == 303
    assert settled_everywhere(laptops)
    assert {meeting.ask(the_sentence, sentence).wording.text for meeting in (laptops.one, laptops.other)} == {second}


def test_one_wording_for_both_takes_the_place_of_all(laptops: Laptops) -> None:
    sentence = a_sentence_on_both(laptops)
    rewrite_apart(laptops, sentence)
    laptops.exchange()
    told = {"text": "Servono bagni puliti per tutti.", "replaces": replaces_on(laptops.page())}
    assert laptops.settle(f"words/wording/{sentence}", **told).status_code == 303
    assert settled_everywhere(laptops)
    assert laptops.other.ask(the_sentence, sentence).wording.text == "Servono bagni puliti per tutti."


def test_both_wordings_may_stay_as_two_sentences_with_the_same_evidence(laptops: Laptops) -> None:
    card, _ = a_card_on_both(laptops)
    sentence = a_sentence(laptops.one, a_facilitator(laptops.one), "Servono bagni.", evidence=(card,))
    laptops.exchange()
    rewrite_apart(laptops, sentence)
    laptops.exchange()
    assert laptops.settle("both", thing_id=sentence, replaces=replaces_on(laptops.page())).status_code == 303
    assert settled_everywhere(laptops)
    told = laptops.other.ask(sentences_of, laptops.other.table)
    assert {s.wording.text for s in told} == {"Servono bagni puliti.", "Servono bagni per tutti."}
    assert [s.evidence for s in told] == [(card,), (card,)]


def test_who_leads_may_rewrite_a_sentence_only_to_settle_it(laptops: Laptops) -> None:
    sentence = a_sentence_on_both(laptops)
    told = {"text": "Tutto un’altra cosa.", "replaces": sentence}
    assert laptops.settle(f"words/wording/{sentence}", **told).status_code == 403
    rewrite_apart(laptops, sentence)
    laptops.exchange()
    assert laptops.settle(f"words/wording/{sentence}", **told).status_code == 403  # saw only one of them


def test_two_texts_of_a_card_are_settled_in_its_authors_words_or_with_a_reason(laptops: Laptops) -> None:
    card, who = a_card_on_both(laptops)
    for meeting, text in ((laptops.one, "Servono fasciatoi ovunque"), (laptops.other, "Servono i fasciatoi")):
        meeting.do(CorrectContribution, who, contribution_id=card, text=text, replaces=(card,))
    laptops.exchange()
    assert "A card has two texts" in laptops.page()
    other = laptops.one.ask(the_card, card).other_texts[0]
    assert keep(laptops, card, "text").status_code == 303
    assert settled_everywhere(laptops)
    assert (laptops.other.ask(the_card, card).text, laptops.other.ask(the_card, card).redacted) == (other, False)


def test_a_card_redacted_here_and_corrected_there_is_told_as_such_and_keeps_its_reason(laptops: Laptops) -> None:
    card, who = a_card_on_both(laptops, "La signora Bianchi è gentile")
    told = {"contribution_id": card, "replaces": (card,)}
    laptops.one.do(RedactContribution, a_facilitator(laptops.one), **told, text="Una persona è gentile", reason="nome tolto")
    laptops.other.do(CorrectContribution, who, **told, text="La signora Bianchi è gentilissima")
    laptops.exchange()
    page = laptops.page()
    assert "A card was redacted in one place and corrected in another" in page
    assert "Reason: nome tolto" in page
    shown = laptops.one.ask(the_card, card)
    assert keep(laptops, card, "text", 0 if shown.redact_reason else 1).status_code == 303
    assert settled_everywhere(laptops)
    kept = laptops.other.ask(the_card, card)
    assert (kept.text, kept.redacted, kept.redact_reason) == ("Una persona è gentile", True, "nome tolto")


def test_a_card_put_in_two_groups_goes_where_a_person_says(laptops: Laptops) -> None:
    card, _ = a_card_on_both(laptops)
    facilitator = a_facilitator(laptops.one)
    groups = [a_cluster(laptops.one, facilitator, title) for title in ("Bagni", "Orari")]
    laptops.exchange()
    for meeting, group in zip((laptops.one, laptops.other), groups, strict=True):
        meeting.do(MoveCards, facilitator, work_table_id=meeting.table, contribution_ids=(card,), place=group)
    laptops.exchange()
    page = laptops.page()
    assert "A card lies in two places" in page
    assert all(title in page for title in ("Bagni", "Orari", "T1-01", "Servono fasciatoi"))
    other = laptops.one.ask(the_card, card).other_places[0]
    assert keep(laptops, card, "place").status_code == 303
    assert settled_everywhere(laptops)
    assert laptops.other.ask(the_card, card).place == other


def test_a_move_to_the_same_place_on_both_computers_leaves_nothing_to_decide(laptops: Laptops) -> None:
    card, _ = a_card_on_both(laptops)
    for meeting in (laptops.one, laptops.other):
        told = {"work_table_id": meeting.table, "contribution_ids": (card,), "place": "parked"}
        meeting.do(MoveCards, a_facilitator(meeting), **told)
    laptops.exchange()
    assert matters(laptops) == []


def test_titles_plans_themes_descriptions_and_sheets_are_settled_alike(laptops: Laptops) -> None:
    one, lead = laptops.one, laptops.one.lead
    group = a_cluster(one, a_facilitator(one), "Bagni")
    laptops.exchange()
    shown = one.ask(the_meeting, one.id)
    for meeting, text in ((one, "Bagni puliti"), (laptops.other, "Bagni per tutti")):
        meeting.do(TitleCluster, a_facilitator(meeting), cluster_id=group, title=text, replaces=(group,))
        meeting.do(OrderCluster, a_facilitator(meeting), cluster_id=group, position=len(text))
        plan = Plan(title=text, date="2020-10-24", start="10:00", place="Sala")
        meeting.do(ReplanMeeting, lead, meeting_id=meeting.id, plan=plan, reason="cambio", replaces=shown.versions)
        meeting.do(SetRunningSheet, lead, meeting_id=meeting.id, pack="tavoli-metaplan", replaces=shown.sheet_versions)
        meeting.do(RethemeTable, lead, work_table_id=meeting.table, theme=Theme(title=text), replaces=(meeting.table,))
        described = Description(title=text, contact_email="famiglia@example.org")
        meeting.do(DescribeProcess, lead, description=described, replaces=(meeting.process_id,))
    laptops.exchange()
    fields = {matter.partition(":")[2] for matter in matters(laptops)}
    assert fields == {"title", "position", "plan", "sheet", "theme", "description"}
    for matter in one.ask(the_review, one.process_id):
        last = matter.found.versions[-1].id  # type: ignore[union-attr]
        told = {"thing_id": matter.about, "field": matter.matter.partition(":")[2], "version_id": last}
        assert laptops.settle("keep", **told, replaces=" ".join(matter.found.ids)).status_code == 303  # type: ignore[union-attr]
    assert settled_everywhere(laptops)
    kept = {one.ask(the_table, one.table).theme.title, one.ask(the_process, one.process_id).description.title}
    assert kept <= {"Bagni puliti", "Bagni per tutti"}


def test_the_running_sheet_that_is_kept_keeps_its_steps(laptops: Laptops) -> None:
    """A sheet set anew would have other steps, and what was done in the old ones would hang in the air."""
    shown = laptops.one.ask(the_meeting, laptops.one.id)
    for meeting in (laptops.one, laptops.other):
        told = {"meeting_id": meeting.id, "pack": "tavoli-metaplan", "replaces": shown.sheet_versions}
        meeting.do(SetRunningSheet, meeting.lead, **told)
    steps = [step.id for step in laptops.other.ask(the_meeting, laptops.one.id).steps]
    laptops.exchange()
    first = laptops.one.ask(the_meeting, laptops.one.id)
    which = 0 if [step.id for step in first.steps] == steps else 1
    assert keep(laptops, laptops.one.id, "sheet", which).status_code == 303
    assert settled_everywhere(laptops)
    assert [step.id for step in laptops.one.ask(the_meeting, laptops.one.id).steps] == steps


def rivals_on_both(laptops: Laptops) -> str:
    a_step_open(laptops.one, "scrivi")
    who = a_participant(laptops.one)
    laptops.exchange()
    card = new_id()
    for meeting, text in ((laptops.one, "Servono fasciatoi"), (laptops.other, "Servono altalene")):
        a_card_with_id(meeting, who, card, text)
    laptops.exchange()
    return card


def a_card_with_id(meeting: Any, who: Any, card: str, text: str) -> None:
    from workshop.domain.contribution import AddContribution

    told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": text}
    meeting.do(AddContribution, who, command_id=card, **told)


def test_a_second_card_with_the_same_id_can_be_shown_too(laptops: Laptops) -> None:
    rivals_on_both(laptops)
    page = laptops.page()
    assert "Two cards were added with one name" in page
    [rival], [thing] = re.findall(r'name="rival" value="(\w+)"', page), set(re.findall(r'name="thing_id" value="(\w+)"', page))
    answer = laptops.settle("adopt", thing_id=thing, rival=rival)
    assert answer.status_code == 303
    laptops.exchange()
    assert [m for m in matters(laptops) if not m.startswith("double")] == []
    texts = {card.text for card in laptops.other.ask(cards_of_table, laptops.other.table)}
    assert texts == {"Servono fasciatoi", "Servono altalene"}


def note(laptops: Laptops, matter: str) -> Any:
    found = next(m for m in laptops.one.ask(the_review, laptops.one.process_id) if m.matter == matter)
    return laptops.settle("noted", thing_id=found.about, matter=found.matter, seen=found.seen)


def test_what_was_looked_at_is_off_the_list_until_more_comes(laptops: Laptops) -> None:
    card = rivals_on_both(laptops)
    assert note(laptops, "rivals").status_code == 303
    assert "rivals" not in matters(laptops)
    laptops.exchange()
    third = laptops.there.browser_of()
    assert "rivals" not in [m.matter for m in laptops.other.ask(the_review, laptops.other.process_id)]
    assert third.get(f"/review/{laptops.one.process_id}").status_code == 401
    assert card


def test_one_card_that_two_laptops_heard_is_no_rival_of_itself(laptops: Laptops) -> None:
    a_step_open(laptops.one, "scrivi")
    who = a_participant(laptops.one)
    laptops.exchange()
    card = new_id()
    for meeting in (laptops.one, laptops.other):
        a_card_with_id(meeting, who, card, "Servono fasciatoi")
    laptops.exchange()
    assert matters(laptops) == []


def test_numbers_that_two_laptops_gave_are_one_row_for_the_table_and_one_for_the_meeting(laptops: Laptops) -> None:
    a_step_open(laptops.one, "scrivi")
    people = [a_participant(laptops.one) for _ in range(2)]
    laptops.exchange()
    for meeting, who in zip((laptops.one, laptops.other), people, strict=True):
        for n in range(3):
            a_card(meeting, who, f"Carta {n} di {who.id[:4]}")
    laptops.exchange()
    assert matters(laptops) == ["double:codes", "double:numbers"]
    page = laptops.page()
    assert all(given in page for given in (">1, 2, 3</strong>", ">T1-01, T1-02, T1-03</strong>"))
    assert [note(laptops, matter).status_code for matter in ("double:codes", "double:numbers")] == [303, 303]
    assert settled_everywhere(laptops)


def test_two_tables_with_one_number_are_both_kept_and_told(laptops: Laptops) -> None:
    for meeting, title in ((laptops.one, "Strade"), (laptops.other, "Scuole")):
        meeting.do(PrepareTable, meeting.lead, meeting_id=meeting.id, number=7, theme=Theme(title=title))
    laptops.exchange()
    page = laptops.page()
    assert "Two tables have one number" in page
    assert all(title in page for title in ("Strade", "Scuole"))
    assert note(laptops, "double:table_number_7").status_code == 303
    assert settled_everywhere(laptops)


def test_a_card_withdrawn_here_and_corrected_there_stays_away_and_shows_no_words(laptops: Laptops) -> None:
    card, who = a_card_on_both(laptops, "Parole da togliere")
    laptops.one.do(WithdrawContribution, who, contribution_id=card)
    laptops.other.do(CorrectContribution, who, contribution_id=card, text="Parole da togliere, dopo", replaces=(card,))
    laptops.exchange()
    page = laptops.page()
    assert "A card was withdrawn, and corrected elsewhere" in page
    assert "Parole da togliere" not in page
    assert note(laptops, "revived:card").status_code == 303
    assert settled_everywhere(laptops)
    assert laptops.other.ask(the_card, card).text is None


def test_a_card_withdrawn_after_its_correction_was_seen_is_no_matter(laptops: Laptops) -> None:
    card, who = a_card_on_both(laptops)
    laptops.one.do(CorrectContribution, who, contribution_id=card, text="Servono i fasciatoi", replaces=(card,))
    laptops.one.do(WithdrawContribution, who, contribution_id=card)
    laptops.exchange()
    assert matters(laptops) == []


def test_a_sentence_taken_out_here_and_rewritten_there_can_be_brought_back(laptops: Laptops) -> None:
    sentence = a_sentence_on_both(laptops)
    told = {"sentence_id": sentence, "wording": Wording(text="Servono bagni per tutti."), "replaces": (sentence,)}
    laptops.other.do(RewriteSentence, a_facilitator(laptops.other), **told)
    for n in range(3):  # whichever comes later in the order of all entries
        a_sentence(laptops.one, a_facilitator(laptops.one), f"Altra frase {n}", Section.FRAME)
    laptops.one.do(RemoveSentence, a_facilitator(laptops.one), sentence_id=sentence)
    laptops.exchange()
    assert "A sentence was taken out here, and rewritten elsewhere" in laptops.page()
    assert laptops.settle("back", thing_id=sentence).status_code == 303
    assert settled_everywhere(laptops)
    shown = laptops.other.ask(the_sentence, sentence)
    assert (shown.removed, shown.wording.text) == (False, "Servono bagni per tutti.")


def test_a_group_taken_away_here_and_titled_there_can_be_brought_back(laptops: Laptops) -> None:
    from workshop.domain.cluster import UndoBoardAct

    group = a_cluster(laptops.one, a_facilitator(laptops.one), "Bagni")
    laptops.exchange()
    laptops.one.do(UndoBoardAct, a_facilitator(laptops.one), work_table_id=laptops.one.table, act_id=group)
    for text in ("Bagni p", "Bagni per tutti"):
        seen = laptops.other.ask(the_board, laptops.other.table).clusters[0].title_versions
        laptops.other.do(TitleCluster, a_facilitator(laptops.other), cluster_id=group, title=text, replaces=seen)
    laptops.exchange()
    assert matters(laptops) == ["revived:group"]
    assert laptops.settle("back", thing_id=group).status_code == 303
    assert settled_everywhere(laptops)
    assert [c.title for c in laptops.other.ask(the_board, laptops.other.table).clusters] == ["Bagni per tutti"]


def test_a_synthesis_confirmed_apart_in_two_versions_is_told(laptops: Laptops) -> None:
    from tests.builders import a_confirmed_synthesis

    for meeting in (laptops.one, laptops.other):
        a_confirmed_synthesis(meeting, a_facilitator(meeting))
    laptops.exchange()
    assert "double:confirmed" in matters(laptops)
    page = laptops.page()
    assert "A synthesis was confirmed in two versions" in page
    assert f'href="/archive/syntheses/{laptops.one.table}"' in page
    assert note(laptops, "double:confirmed").status_code == 303
    assert "double:confirmed" not in matters(laptops)


def test_of_two_cards_with_one_id_that_were_withdrawn_no_words_are_shown(laptops: Laptops) -> None:
    card = rivals_on_both(laptops)
    assert "altalene" in laptops.page()
    author = laptops.one.ask(the_card, card).participant_id
    who = Actor(role=Role.PARTICIPANT, id=author, meeting_id=laptops.one.id, tables=frozenset({laptops.one.table}))
    laptops.one.do(WithdrawContribution, who, contribution_id=card)
    page = laptops.page()
    assert "altalene" not in page
    assert "fasciatoi" not in page
