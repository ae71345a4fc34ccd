"""The board over HTTP, without scripts: what is shown, what is done, what is refused."""

import re
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import a_card, a_cluster, a_participant, a_step_open, move_step
from tests.web.boards.conftest import Desk, Place
from workshop.domain.cluster import MoveCards
from workshop.domain.contribution import Channel, Kind, WithdrawContribution
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.domain.step import TableIsClosed
from workshop.record.queries.boards import the_board
from workshop.record.queries.cards import the_card
from workshop.record.queries.tables import the_table

Cards = list[str]


def test_the_board_shows_new_cards_groups_and_counts(place: Place, facilitator: Desk, cards: Cards) -> None:
    a_cluster(place.meeting, facilitator.actor, "Muoversi senza ostacoli", [cards[1]])

    page = facilitator.get(_board(place)).text

    assert _in_list(page, "new-cards") == [cards[0], cards[2]]
    assert "Muoversi senza ostacoli" in page
    assert "2 da mettere" in page
    assert "3 carte" in page


@pytest.mark.parametrize("path", ["", "/paper", "/tent", "/forms"])
def test_who_is_not_signed_in_sees_nothing(place: Place, path: str) -> None:
    assert place.nobody().get(_board(place) + path).status_code == 401


@pytest.mark.parametrize("path", ["", "/paper", "/tent", "/forms"])
def test_a_facilitator_sees_only_her_own_table(place: Place, facilitator: Desk, path: str) -> None:
    assert facilitator.get(f"/tables/{place.meeting.tables[1]}{path}").status_code == 403


def test_a_table_that_is_not_there_is_told_so(place: Place) -> None:
    assert place.lead().get(f"/tables/{new_id()}").status_code == 404


@pytest.mark.parametrize("path", ["entries", "moves", "clusters", "undo", "steps", "extend", "paper-dots"])
def test_nothing_is_changed_at_another_table(place: Place, facilitator: Desk, path: str) -> None:
    other = place.meeting.tables[1]
    assert facilitator.post(f"/tables/{other}/{path}", kind="need", text="Non è il mio tavolo").status_code == 403
    assert place.nobody().post(f"/tables/{other}/{path}", headers={"Origin": "http://localhost"}).status_code == 401


@pytest.mark.parametrize("path", ["redact", "tend", "merge", "translation", "different"])
def test_nothing_is_changed_on_a_card_of_another_table(place: Place, facilitator: Desk, cards: Cards, path: str) -> None:
    other = place.staff(table=place.meeting.tables[1])
    assert other.post(f"/cards/{cards[0]}/{path}", act="read", into_id=cards[1], other_id=cards[1]).status_code == 403


@pytest.mark.parametrize("path", ["title", "merge", "order"])
def test_nothing_is_changed_on_a_group_of_another_table(place: Place, facilitator: Desk, cards: Cards, path: str) -> None:
    cluster = a_cluster(place.meeting, facilitator.actor)
    other = place.staff(table=place.meeting.tables[1])
    assert other.post(f"/clusters/{cluster}/{path}", title="Il mio titolo", position="1", into_id="").status_code == 403


def test_a_card_of_another_table_does_not_come_to_this_one(place: Place, facilitator: Desk, cards: Cards) -> None:
    there = place.staff(table=place.meeting.tables[1])
    a_step_open(place.meeting, "scrivi", place.meeting.tables[1])
    foreign = a_card(place.meeting, there.actor, "Sono di un altro tavolo")

    assert facilitator.post(f"{_board(place)}/moves", contribution_ids=foreign, place="parked").status_code == 403


def test_a_card_is_moved_to_a_group_and_back(place: Place, facilitator: Desk, cards: Cards) -> None:
    cluster = a_cluster(place.meeting, facilitator.actor)

    assert _move(facilitator, place, cards[0], cluster).status_code == 303
    assert _place_of(place, cards[0]) == cluster

    _move(facilitator, place, cards[0], "loose")
    assert _place_of(place, cards[0]) == ""


def test_several_cards_go_to_a_new_group_at_once(place: Place, facilitator: Desk, cards: Cards) -> None:
    facilitator.post(f"{_board(place)}/moves", contribution_ids=cards[:2], place="new")

    [cluster] = place.meeting.ask(the_board, place.meeting.table).clusters
    assert [card.id for card in cluster.cards] == cards[:2]


def test_a_group_is_split_by_choosing_some_of_its_cards(place: Place, facilitator: Desk, cards: Cards) -> None:
    whole = a_cluster(place.meeting, facilitator.actor, "Tutto insieme", cards)
    seen = _replaces(facilitator.get(_board(place)).text, "selection")

    facilitator.post(f"{_board(place)}/moves", contribution_ids=cards[1:], place="new", replaces=seen)

    first, second = place.meeting.ask(the_board, place.meeting.table).clusters
    assert (first.id, [card.id for card in first.cards], [card.id for card in second.cards]) == (whole, cards[:1], cards[1:])


def test_two_facilitators_who_move_one_card_at_once_lose_nothing(place: Place, facilitator: Desk, cards: Cards) -> None:
    one, other = (a_cluster(place.meeting, facilitator.actor, title) for title in ("Orari della città", "Spazi pubblici"))
    colleague = place.staff()

    _move(facilitator, place, cards[0], one, replaces="")
    _move(colleague, place, cards[0], other, replaces="")
    page = facilitator.get(_board(place)).text
    assert "L’ha spostata anche un’altra persona" in page

    card = place.meeting.ask(the_card, cards[0])
    _move(facilitator, place, cards[0], one, replaces=" ".join(card.place_versions))
    card = place.meeting.ask(the_card, cards[0])
    assert (card.place, card.other_places) == (one, ())


def test_each_act_is_undone_one_after_the_other(place: Place, facilitator: Desk, cards: Cards) -> None:
    first, second = (a_cluster(place.meeting, facilitator.actor, title) for title in ("Orari della città", "Spazi pubblici"))
    _move(facilitator, place, cards[0], first)
    _move(facilitator, place, cards[0], second)
    _move(facilitator, place, cards[0], "parked")
    seen = " ".join(place.meeting.ask(the_board, place.meeting.table).clusters[0].title_versions)
    facilitator.post(f"/clusters/{first}/title", title="Orari per chi lavora", replaces=seen)
    facilitator.post(f"/cards/{cards[1]}/merge", into_id=cards[2])

    told = []
    while act := re.search(r'name="act_id" value="(\w+)".*?Annulla: ([^<]+)<', facilitator.get(_board(place)).text, re.S):
        assert facilitator.post(f"{_board(place)}/undo", act_id=act[1]).status_code == 303
        told.append(act[2].strip())

    assert told == [
        "T1-02 unita",
        "titolo di un gruppo",
        "T1-01 spostata",
        "T1-01 spostata",
        "T1-01 spostata",
        "nuovo gruppo",
        "nuovo gruppo",
    ]
    board = place.meeting.ask(the_board, place.meeting.table)
    assert (board.clusters, [card.id for card in board.orphans]) == ((), cards)


def test_undoing_what_somebody_went_on_from_is_refused(place: Place, facilitator: Desk, cards: Cards) -> None:
    cluster = a_cluster(place.meeting, facilitator.actor)
    _move(facilitator, place, cards[0], cluster)
    stale = place.meeting.ask(the_board, place.meeting.table).last_act
    assert stale is not None
    _move(place.staff(), place, cards[0], "parked")

    assert facilitator.post(f"{_board(place)}/undo", act_id=stale.id).status_code == 409
    assert _place_of(place, cards[0]) == "parked"


def test_a_refused_form_gives_the_words_back(place: Place, facilitator: Desk, cards: Cards) -> None:
    answer = facilitator.post(f"/cards/{cards[0]}/redact", text="Parole nuove del tavolo", reason="")

    assert answer.status_code == 422
    assert "Parole nuove del tavolo" in answer.text


def test_redacting_keeps_the_reason_and_the_new_words(place: Place, facilitator: Desk, cards: Cards) -> None:
    seen = " ".join(place.meeting.ask(the_card, cards[0]).text_versions)
    facilitator.post(f"/cards/{cards[0]}/redact", text="Bagni con fasciatoio", reason="C’era un nome", replaces=seen)

    page = facilitator.get(_board(place)).text
    assert "Bagni con fasciatoio" in page
    assert "C’era un nome" in page
    assert "Fasciatoi anche nei bagni degli uomini" not in page


def test_a_dictated_card_is_confirmed_by_who_said_it(place: Place, facilitator: Desk, cards: Cards) -> None:
    assert facilitator.get(_board(place)).text.count("Detto così: sì") == 3
    facilitator.post(f"/cards/{cards[0]}/tend", act="confirmed")
    assert facilitator.get(_board(place)).text.count("Detto così: sì") == 2


def test_what_looks_like_personal_data_asks_for_review(place: Place, facilitator: Desk, cards: Cards) -> None:
    card = a_card(place.meeting, facilitator.actor, "Chiamate 347 1234567 per le chiavi")
    assert "un numero di telefono?" in facilitator.get(_board(place)).text
    facilitator.post(f"/cards/{card}/tend", act="reviewed")
    assert "un numero di telefono?" not in facilitator.get(_board(place)).text


@pytest.mark.parametrize("typed", ["T1-02", "t1-2", "02", "2"])
def test_a_card_is_merged_with_another_by_its_code(place: Place, facilitator: Desk, cards: Cards, typed: str) -> None:
    assert facilitator.post(f"/cards/{cards[0]}/merge", into_id=typed).status_code == 303
    assert place.meeting.ask(the_card, cards[0]).merged_into == cards[1]


def test_a_code_that_no_card_has_is_told(place: Place, facilitator: Desk, cards: Cards) -> None:
    assert facilitator.post(f"/cards/{cards[0]}/merge", into_id="T1-99").status_code == 404
    assert facilitator.post(f"/cards/{cards[0]}/merge", into_id="fasciatoi").status_code == 404


def test_merged_cards_show_both_texts_and_how_often_it_was_said(place: Place, facilitator: Desk, cards: Cards) -> None:
    facilitator.post(f"/cards/{cards[0]}/merge", into_id=cards[1])
    page = facilitator.get(_board(place)).text

    assert "Detto 2 volte" in page
    assert "Fasciatoi anche nei bagni degli uomini" in page
    facilitator.post(f"/cards/{cards[0]}/merge", into_id="", replaces=_last(place.meeting.ask(the_card, cards[0]).merge_versions))
    assert "Detto 2 volte" not in facilitator.get(_board(place)).text


def test_a_similar_card_is_suggested_until_somebody_says_that_they_are_different(place: Place, facilitator: Desk, cards: Cards) -> None:
    alike = a_card(place.meeting, facilitator.actor, "Servono fasciatoi e bagni puliti nei luoghi pubblici")
    assert "Somiglia a T1-01." in facilitator.get(_board(place)).text

    facilitator.post(f"/cards/{alike}/different", other_id=cards[0])

    assert "Somiglia a" not in place.staff().get(_board(place)).text


def test_a_withdrawn_card_keeps_its_code_and_loses_its_words(place: Place, facilitator: Desk, cards: Cards) -> None:
    who = a_participant(place.meeting)
    card = a_card(place.meeting, who, "Queste parole le ritiro")
    place.meeting.do(WithdrawContribution, who, contribution_id=card)

    page = facilitator.get(_board(place)).text
    assert "Queste parole le ritiro" not in page
    assert "T1-04" in page


def test_a_group_gets_a_title_and_a_short_one_is_refused(place: Place, facilitator: Desk, cards: Cards) -> None:
    cluster = a_cluster(place.meeting, facilitator.actor, "")
    assert facilitator.post(f"/clusters/{cluster}/title", title="x").status_code == 422
    facilitator.post(f"/clusters/{cluster}/title", title="Orari della città", description="Anche la sera", replaces=cluster)

    [shown] = place.meeting.ask(the_board, place.meeting.table).clusters
    assert (shown.title, shown.description, shown.other_titles) == ("Orari della città", "Anche la sera", ())


def test_groups_change_places_as_often_as_people_like(place: Place, facilitator: Desk, cards: Cards) -> None:
    ids = [a_cluster(place.meeting, facilitator.actor, title) for title in ("Primo gruppo", "Secondo gruppo", "Terzo gruppo")]
    for _ in range(40):
        page = facilitator.get(_board(place)).text
        form = page[: page.index(f'id="up-{ids[2]}"')].rpartition('action="/clusters/')[2]
        moved, position = form[:32], re.findall(r'name="position" value="(\d+)"', form)[0]
        assert facilitator.post(f"/clusters/{moved}/order", position=position).status_code == 303
        clusters = [c.id for c in place.meeting.ask(the_board, place.meeting.table).clusters]
        assert clusters == [ids[0], ids[2], ids[1]]
        ids = clusters


def test_a_group_is_put_together_with_another_and_taken_apart(place: Place, facilitator: Desk, cards: Cards) -> None:
    one = a_cluster(place.meeting, facilitator.actor, "Orari della città", cards[:1])
    other = a_cluster(place.meeting, facilitator.actor, "Orari degli uffici", cards[1:])
    facilitator.post(f"/clusters/{other}/merge", into_id=one)
    [whole] = place.meeting.ask(the_board, place.meeting.table).clusters
    assert [card.id for card in whole.cards] == cards

    facilitator.post(f"/clusters/{other}/merge", into_id="", replaces=_last(whole.merged[0].merge_versions))
    assert len(place.meeting.ask(the_board, place.meeting.table).clusters) == 2


def test_the_scribe_writes_a_dictated_card_in_another_language(place: Place, cards: Cards) -> None:
    scribe = place.staff(Role.SCRIBE)
    fields = {"channel": "scribe", "kind": "need", "text": "نحتاج إلى مكان هادئ", "language": "ar", "translation": "Un posto tranquillo"}
    assert scribe.post(f"{_board(place)}/entries", **fields).status_code == 303

    page = scribe.get(_board(place)).text
    assert 'lang="ar" dir="auto">نحتاج إلى مكان هادئ' in page
    assert "Un posto tranquillo" in page


def test_a_card_cannot_be_written_before_the_first_round(place: Place, facilitator: Desk) -> None:
    answer = facilitator.post(f"{_board(place)}/entries", channel="scribe", kind="need", text="Troppo presto")
    assert answer.status_code == 409
    assert "Troppo presto" in answer.text


@pytest.mark.parametrize("fields", [{"kind": "poem"}, {"channel": "pigeon"}, {"text": ""}, {"text": "x" * 281}, {"surprise": "1"}])
def test_bad_words_are_refused(place: Place, facilitator: Desk, cards: Cards, fields: dict[str, str]) -> None:
    good = {"channel": "scribe", "kind": "need", "text": "Una panchina"}
    assert facilitator.post(f"{_board(place)}/entries", **(good | fields)).status_code == 422


def test_the_next_step_says_what_is_still_to_do(place: Place, facilitator: Desk, cards: Cards) -> None:
    a_step_open(place.meeting, "orfani")
    bollini = place.meeting.steps["bollini"]
    assert "mettere ogni carta in un gruppo o nel parcheggio" in facilitator.get(_board(place)).text

    refused = facilitator.post(f"{_board(place)}/steps", step_id=bollini, state="open")
    assert refused.status_code == 409
    assert "mettere ogni carta in un gruppo o nel parcheggio" in refused.text

    lead = place.lead()
    assert lead.post(f"{_board(place)}/steps", step_id=bollini, state="open", reason="Il tempo è finito").status_code == 303


def test_a_scribe_moves_no_step(place: Place, cards: Cards) -> None:
    scribe = place.staff(Role.SCRIBE)
    assert scribe.post(f"{_board(place)}/steps", step_id=place.meeting.steps["orfani"], state="open").status_code == 403
    assert "Apri: " not in scribe.get(_board(place)).text


def test_a_step_is_paused_resumed_and_stretched(place: Place, facilitator: Desk, cards: Cards) -> None:
    step = place.meeting.steps["nuvole"]
    facilitator.post(f"{_board(place)}/steps", step_id=step, state="paused")
    assert "Riprendi" in facilitator.get(_board(place)).text
    facilitator.post(f"{_board(place)}/steps", step_id=step, state="open")
    assert facilitator.post(f"{_board(place)}/extend", step_id=step, minutes="5").status_code == 303


def test_the_result_of_the_dots_is_told_only_after_closing_with_ties_as_ties(place: Place, facilitator: Desk, cards: Cards) -> None:
    titles = ("Orari della città", "Spazi pubblici", "Muoversi bene")
    clusters = [a_cluster(place.meeting, facilitator.actor, title, [card]) for title, card in zip(titles, cards, strict=True)]
    step = a_step_open(place.meeting, "bollini")
    dots = {f"dots.{cluster}": number for cluster, number in zip(clusters, (3, 3, 1), strict=True)}
    assert facilitator.post(f"{_board(place)}/paper-dots", step_id=step, ballots="4", **dots).status_code == 303
    page = facilitator.get(_board(place)).text
    assert "4 su carta" in page
    assert "Risultato dei bollini" not in page

    move_step(place.meeting, "risultato", "open")

    page = facilitator.get(_board(place)).text
    told = re.sub(r"<[^>]+>", " ", page[page.index("Risultato dei bollini") :])
    assert re.findall(r"(\d)°\s+(a pari merito)?", told) == [("1", "a pari merito"), ("1", "a pari merito"), ("3", "")]


def test_more_dots_than_the_ballots_hold_are_refused(place: Place, facilitator: Desk, cards: Cards) -> None:
    cluster = a_cluster(place.meeting, facilitator.actor, "Orari della città", cards)
    step = a_step_open(place.meeting, "bollini")
    answer = facilitator.post(f"{_board(place)}/paper-dots", **{"step_id": step, "ballots": "1", f"dots.{cluster}": "9"})
    assert answer.status_code == 422


def test_a_table_of_300_cards_costs_as_many_queries_as_an_empty_one(place: Place, facilitator: Desk) -> None:
    empty = _queries(place, lambda: facilitator.get(_board(place)))
    a_step_open(place.meeting, "scrivi")
    cluster = a_cluster(place.meeting, facilitator.actor)
    ids = [
        a_card(place.meeting, facilitator.actor, f"Serve la cosa numero {n}", channel=Channel.SCRIBE, kind=Kind.NEED) for n in range(300)
    ]
    place.meeting.do(MoveCards, facilitator.actor, work_table_id=place.meeting.table, contribution_ids=tuple(ids[:150]), place=cluster)

    full = _queries(place, lambda: facilitator.get(_board(place)))

    assert full <= empty + 5
    assert full <= 40


def _board(place: Place) -> str:
    return f"/tables/{place.meeting.table}"


def _move(desk: Desk, place: Place, card: str, where: str, replaces: str | None = None) -> Any:
    seen = " ".join(place.meeting.ask(the_card, card).place_versions) if replaces is None else replaces
    return desk.post(f"{_board(place)}/moves", contribution_ids=card, place=where, replaces=seen)


def _place_of(place: Place, card: str) -> str:
    return place.meeting.ask(the_card, card).place


def _in_list(page: str, list_id: str) -> list[str]:
    inside = page.split(f'id="{list_id}"', 1)[1].split('data-empty-for="')[0]
    return re.findall(r'<li class="card" id="card-(\w+)"', inside)


def _replaces(page: str, form: str) -> str:
    return " ".join(re.findall(rf'form="{form}" name="replaces" value="([^"]+)"', page))


def _last(versions: tuple[str, ...]) -> str:
    return " ".join(versions)


def _queries(place: Place, act: Any) -> int:
    seen: list[str] = []
    engine = place.building.house.store.readers
    here = get_ident()  # the announcer reads meanwhile, in a thread of its own
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2]) if get_ident() == here else None)
    act()
    return len(seen)


def where(place: Place) -> str:
    return str(place.meeting.ask(the_table, place.meeting.table).state)


def test_a_table_takes_a_break_and_goes_on_where_it_was(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    path = f"/tables/{place.meeting.table}"
    facilitator.post(f"{path}/state", command_id=new_id(), state="paused")
    assert (where(place), "La pausa è finita" in facilitator.get(path).text) == ("paused", True)
    back = re.search(r'name="state" value="(\w+)"', facilitator.get(path).text.split('id="table-state"')[1])
    assert back
    facilitator.post(f"{path}/state", command_id=new_id(), state=back[1])
    assert where(place) == "collecting"


def test_a_table_is_closed_by_who_says_to_be_sure_and_then_seats_nobody(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    path = f"/tables/{place.meeting.table}"
    refused = facilitator.post(f"{path}/state", command_id=new_id(), state="closed")
    assert (refused.status_code, "Non si torna indietro." in refused.text, where(place)) == (422, True, "collecting")
    assert facilitator.post(f"{path}/state", command_id=new_id(), state="closed", next="sure").status_code == 303
    assert (where(place), 'id="close-table"' in facilitator.get(path).text) == ("closed", False)
    with pytest.raises(TableIsClosed):
        a_participant(place.meeting)


def test_a_table_is_merged_and_its_people_are_told_where_to_go(place: Place, facilitator: Desk) -> None:
    here, there = place.meeting.tables
    told = {"state": "merged", "next": "sure"}
    assert facilitator.post(f"/tables/{here}/state", command_id=new_id(), **told).status_code == 409
    assert facilitator.post(f"/tables/{here}/state", command_id=new_id(), into_id=there, **told).status_code == 303
    assert (where(place), "Le persone vanno al tavolo 2" in facilitator.get(f"/tables/{here}").text) == ("merged", True)


def test_neither_a_scribe_nor_a_facilitator_of_another_table_ends_a_table(place: Place) -> None:
    for who in (place.staff(Role.SCRIBE), place.staff(table=place.meeting.tables[1])):
        assert who.post(f"/tables/{place.meeting.table}/state", command_id=new_id(), state="closed", next="sure").status_code == 403
    assert place.lead().post(f"/tables/{place.meeting.table}/state", command_id=new_id(), state="merged", into_id="").status_code == 422
