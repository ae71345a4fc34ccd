"""What is not shown because something is missing, or the program is too old; long lists; and who may look."""

import re
import time
from dataclasses import replace
from typing import Any

import pytest

from sync.entry import Entry, seal
from sync.log import Raw
from tests.builders import a_facilitator, a_sentence
from tests.record.played import receive
from tests.sync.streams import an_entry
from tests.web.review.conftest import Laptops, another_laptop
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.domain.sentence import RewriteSentence, Wording
from workshop.record.queries.review import the_review
from workshop.record.queries.syntheses import the_sentence


def come(laptops: Laptops, *entries: Entry) -> None:
    receive(laptops.one, [Raw(entry.head_bytes, entry.body_bytes) for entry in entries])


def about(thing_id: str, entry: Entry) -> Entry:
    return seal(replace(entry.head, about=thing_id), entry.body_bytes or b"")


def listed(laptops: Laptops) -> list[str]:
    return [matter.matter for matter in laptops.one.ask(the_review, laptops.one.process_id)]


HELD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown_kind": ({"kind": "pact.signed/3"}, "Written by a newer Tavoli"),
    "lamport_jump": ({"kind": "contribution.withdrawn/1", "lamport": 10**9}, "It comes from far ahead in the order"),
    "invalid_body": ({"kind": "contribution.added/1", "body": b'{"salt":"0","number":"x"}'}, "It cannot be read"),
    "unreadable_body": ({"kind": "contribution.added/1", "body": b"[]"}, "It cannot be read"),
}


@pytest.mark.parametrize("reason", HELD)
def test_what_is_held_is_told_with_its_reason_and_what_to_do(laptops: Laptops, reason: str) -> None:
    told, words = HELD[reason]
    come(laptops, an_entry(laptops.one.process_id, new_id(), **told))
    assert listed(laptops) == [f"waiting:{reason}"]
    page = laptops.page()
    assert words in page
    assert "1 item of a computer we do not know is kept and passed on, but not shown." in page
    [found] = laptops.one.ask(the_review, laptops.one.process_id)
    assert laptops.settle("noted", thing_id=found.about, matter=found.matter, seen=found.seen).status_code == 303
    assert listed(laptops) == []


def test_a_reason_that_this_page_does_not_know_has_a_row_all_the_same(laptops: Laptops) -> None:
    from sqlalchemy import update

    from workshop.record.log import held_table

    come(laptops, an_entry(laptops.one.process_id, new_id(), kind="pact.signed/3"))
    laptops.one.room.desk.submit(lambda writer: writer.connection.execute(update(held_table).values(reason="of_tomorrow")) and None)
    page = laptops.page()
    assert "It waits" in page
    assert "shown as soon as it can be" in page


def test_cards_of_an_unknown_table_and_evidence_that_is_nowhere_are_told(laptops: Laptops) -> None:
    process, table, sentence = laptops.one.process_id, new_id(), a_sentence(laptops.one, a_facilitator(laptops.one), "Servono bagni.")
    card = b'{"salt":"0","meeting_id":"%s","work_table_id":"%s","step_id":"","card_kind":"need","text":"Di un altro tavolo",'
    card += b'"language":"it","channel":"phone","number":1,"seq":1}'
    body = card % (laptops.one.id.encode(), table.encode())
    cited = b'{"salt":"0","synthesis_id":"%s","evidence_id":"%s","present":true}' % (laptops.one.table.encode(), new_id().encode())
    come(
        laptops,
        an_entry(process, new_id(), kind="contribution.added/1", body=body),
        about(sentence, an_entry(process, new_id(), kind="sentence.evidence_cited/1", body=cited, lamport=500)),
    )
    assert listed(laptops) == ["stray:cards", "stray:evidence"]
    page = laptops.page()
    assert "Di un altro tavolo" in page
    [evidence] = re.findall(r'name="evidence_id" value="(\w+)"', page)
    assert laptops.settle("drop", sentence_id=sentence, evidence_id=evidence).status_code == 303
    assert laptops.one.ask(the_sentence, sentence).evidence == ()
    assert listed(laptops) == ["stray:cards"]


def three_hundred(laptops: Laptops) -> None:
    facilitator = a_facilitator(laptops.one)
    sentences = [a_sentence(laptops.one, facilitator, f"Frase {n}") for n in range(300)]
    laptops.exchange()
    for meeting in (laptops.one, laptops.other):
        for n, sentence in enumerate(sentences):
            words = Wording(text=f"Frase {n} di {meeting.lead.id}")
            meeting.do(RewriteSentence, facilitator, sentence_id=sentence, wording=words, replaces=(sentence,))
    laptops.exchange()


def test_three_hundred_rows_come_in_parts_and_the_work_goes_on_from_row_to_row(laptops: Laptops) -> None:
    three_hundred(laptops)
    page = laptops.page()
    keys = re.findall(r'<li class="panel stack tight" id="([\w-]+)"', page)
    assert (len(keys), "300 to review" in page, "Part 1 of 15" in page) == (20, True, True)
    assert laptops.page(page=15).count('class="panel stack tight"') == 20
    assert laptops.page(page=999).count('class="panel stack tight"') == 20
    following = re.findall(r'name="next" value="1 ([\w-]*)"', page)[0]
    assert following == keys[1]
    first = keys[0].removeprefix("siblings-wording-")
    versions, replaces = re.findall(r'name="version_id" value="(\w+)"', page)[0], re.findall(r'name="replaces" value="([^"]+)"', page)[0]
    told = {"thing_id": first, "field": "wording", "version_id": versions, "replaces": replaces, "next": f"1 {following}"}
    answer = laptops.settle("keep", **told)
    assert answer.headers["Location"].endswith(f"?page=1&at={following}")
    after = laptops.lead.get(answer.headers["Location"]).text
    assert "299 to review" in after
    assert re.findall(r'id="([\w-]+)" tabindex="-1" autofocus', after) == [following]


def test_an_empty_list_says_so(laptops: Laptops) -> None:
    assert "Nothing to review." in laptops.page()
    assert "autofocus" in laptops.page(at="next")


def test_the_lead_reads_the_number_on_their_own_page_and_it_follows(laptops: Laptops) -> None:
    cockpit = f"/lead/meetings/{laptops.one.id}"
    assert re.search(r"To review: +nothing", laptops.lead.get(cockpit).text)
    come(laptops, an_entry(laptops.one.process_id, new_id(), kind="pact.signed/3"))
    page = page_with(laptops, cockpit, 'To review: <strong class="num">1</strong>')
    assert f'data-topic="review:{laptops.one.process_id}"' in page


def page_with(laptops: Laptops, path: str, words: str) -> str:
    """As it is when the news has been told, which is moments after it came."""
    until = time.monotonic() + 10
    while words not in (page := str(laptops.lead.get(path).text)):
        assert time.monotonic() < until, f"{words!r} is not on the page"
    return page


def test_with_one_process_the_way_leads_there_at_once(laptops: Laptops) -> None:
    assert laptops.lead.get("/review").headers["Location"] == f"/review/{laptops.one.process_id}"


def test_what_is_odd_is_refused_with_words(laptops: Laptops) -> None:
    at = laptops.one.process_id
    assert laptops.settle("nothing").status_code == 404
    assert laptops.settle("words/nothing/" + at).status_code == 404
    assert laptops.settle("keep", thing_id=at, field="description", version_id=new_id(), replaces=at).status_code == 409
    assert laptops.settle("both", thing_id=new_id(), replaces=at).status_code == 404
    assert laptops.settle("adopt", thing_id=new_id(), rival="x").status_code == 404
    assert laptops.settle("back", thing_id=new_id()).status_code == 404
    assert laptops.settle("noted", thing_id=at, matter="x" * 90, seen="0" * 16).status_code == 422
    assert laptops.settle("noted", thing_id=at, matter="rivals", seen="no").status_code == 422
    assert laptops.lead.get(f"/review/{new_id()}").status_code == 404
    assert laptops.lead.get(f"/review/{at}?page=x").status_code == 200


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SCRIBE])
def test_who_works_at_one_table_decides_at_that_table_and_not_here(laptops: Laptops, role: Role) -> None:
    _, token = laptops.here.someone(role)
    assert laptops.here.browser_of(token).get(f"/review/{laptops.one.process_id}").status_code == 403


def test_an_organiser_settles_at_the_centre_and_the_room_hears_of_it(laptops: Laptops, tmp_path: Any) -> None:
    sentence = a_sentence(laptops.one, a_facilitator(laptops.one), "Servono bagni.")
    laptops.exchange()
    for meeting, text in ((laptops.one, "Servono bagni puliti."), (laptops.other, "Servono bagni per tutti.")):
        told = {"sentence_id": sentence, "wording": Wording(text=text), "replaces": (sentence,)}
        meeting.do(RewriteSentence, a_facilitator(meeting), **told)
    centre = another_laptop(tmp_path / "centre", laptops.here, "central")
    _, token = centre.someone(Role.ORGANISER)
    at_centre = Laptops(centre, laptops.here, centre.browser_of(token))
    laptops.exchange()
    at_centre.exchange()
    page = at_centre.page()
    assert "who facilitates, computer “" in page
    told = {"text": "Servono bagni puliti, per tutti.", "replaces": re.findall(r'name="replaces" value="([^"]+)"', page)[0]}
    assert at_centre.settle(f"words/wording/{sentence}", **told).status_code == 303
    at_centre.exchange()
    assert laptops.one.ask(the_sentence, sentence).wording.text == "Servono bagni puliti, per tutti."
    assert listed(laptops) == []
    centre.close()


def test_words_that_stay_in_the_room_are_settled_there(laptops: Laptops, tmp_path: Any) -> None:
    """The centre may hold the heads alone."""
    from tests.record.full_history import entries_of

    sentence = a_sentence(laptops.one, a_facilitator(laptops.one), "Servono bagni.")
    laptops.exchange()
    for meeting, text in ((laptops.one, "Servono bagni puliti."), (laptops.other, "Servono bagni per tutti.")):
        told = {"sentence_id": sentence, "wording": Wording(text=text), "replaces": (sentence,)}
        meeting.do(RewriteSentence, a_facilitator(meeting), **told)
    laptops.exchange()
    centre = another_laptop(tmp_path / "centre", laptops.here, "central")
    kept = {"process.created/1", "meeting.planned/1", "work_table.prepared/1", "sentence.added/1", "stream.opened/1"}
    entries = entries_of(laptops.one)
    one = next(e for e in entries if e.head.kind == "sentence.rewritten/1")
    receive(centre.meeting, [Raw(e.head_bytes, e.body_bytes if e.head.kind in kept or e is one else None) for e in entries])
    _, token = centre.someone(Role.ORGANISER)
    page = Laptops(centre, laptops.here, centre.browser_of(token)).page()
    assert "Its words are not on this computer." in page
    assert "It is settled where all the words are" in page
    assert 'name="version_id"' not in page
    centre.close()
