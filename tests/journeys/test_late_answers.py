"""A slow network must not take away what somebody has opened or written meanwhile, nor write their words somewhere else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.slow_network import OPEN, Table, a_table, answered, holding, is_act, is_news

HALF, WHOLE = "Un parco con luce", "Un parco con luce e ombra è di tutti."

NOTE_THE_FEWEST = """() => {
  const count = () => document.querySelectorAll('[aria-label="Dietro la frase 1"] > li').length;
  window.fewest = count();
  const look = () => { window.fewest = Math.min(window.fewest, count()); };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


@pytest.fixture
def table(tmp_path: Path, browser: Browser) -> Iterator[Table]:
    with a_table(tmp_path, browser) as opened:
        yield opened


def a_new_sentence(page: Page, section: str) -> Locator:
    """The box for one more sentence, opened if it is not."""
    box = page.get_by_label(f"Una frase nuova per «{section}»")
    if not box.is_visible():
        page.get_by_role("region", name=section).get_by_text("Scrivi una frase").click()
    return box


def tells_a_card(page: Page) -> Locator:
    """The button that puts the first untold card behind the sentence that is open."""
    return page.get_by_role("button", name=re.compile("^Aggiungi alla frase 1")).first


def behind_the_first(page: Page) -> Locator:
    return page.get_by_role("list", name="Dietro la frase 1").get_by_role("listitem")


def test_late_news_does_not_close_the_sentence_that_was_opened_meanwhile(table: Table) -> None:
    page, colleague = table.writer(), table.writer(1)
    news = holding(page, is_news)
    a_new_sentence(colleague, "Domande aperte").fill("Chi paga?")
    colleague.get_by_role("button", name="Aggiungi la frase Domande aperte").click()
    news.wait()
    page.get_by_role("link", name="Scrivi la frase 1", exact=True).click()
    expect(page.get_by_label("Frase 1", exact=True)).to_be_visible()
    with page.expect_response(lambda answer: is_news(answer.request) and "edit=" in answer.url):  # it asks for what is looked at now
        news.lets_go()
    expect(page.get_by_text("Chi paga?")).to_be_visible()
    expect(page.get_by_label("Frase 1", exact=True)).to_be_visible()


def test_an_answer_that_comes_while_somebody_writes_elsewhere_leaves_them_there(table: Table) -> None:
    page = table.with_the_first_sentence_open()
    held = holding(page, is_act)
    tells_a_card(page).click()
    held.wait()
    box = a_new_sentence(page, "Domande aperte")
    box.click()
    page.keyboard.insert_text(HALF)
    with answered(page):
        held.lets_go()
    expect(behind_the_first(page)).to_have_count(2)
    page.keyboard.insert_text(WHOLE.removeprefix(HALF))
    expect(box).to_have_value(WHOLE)
    expect(page.get_by_label("Frase 1", exact=True)).to_have_value(OPEN)


def test_a_new_sentence_does_not_call_back_who_writes_elsewhere(table: Table) -> None:
    """Its box takes the next words, unless the person has gone on."""
    page = table.writer()
    box, next_box = a_new_sentence(page, "Convergenze"), a_new_sentence(page, "Domande aperte")
    box.fill("Una frase detta in fretta.")
    held = holding(page, is_act)
    page.get_by_role("button", name="Aggiungi la frase Convergenze").click()
    held.wait()
    next_box.click()
    page.keyboard.insert_text(HALF)
    with answered(page):
        held.lets_go()
    page.keyboard.insert_text(WHOLE.removeprefix(HALF))
    expect(next_box).to_have_value(WHOLE)
    expect(box).to_have_value("")
    expect(page.get_by_label("Frase 3", exact=True)).to_have_value("Una frase detta in fretta.")


def test_an_act_leads_where_the_work_goes_on(table: Table) -> None:
    """The sentence that was opened, the box for the next one; and what had the focus and is gone gives it to the open sentence."""
    page = table.writer()
    page.get_by_role("link", name="Scrivi la frase 1", exact=True).click()
    expect(page.get_by_label("Frase 1", exact=True)).to_be_focused()
    with answered(page):
        tells_a_card(page).click()
    expect(page.get_by_label("Frase 1", exact=True)).to_be_focused()
    a_new_sentence(page, "Convergenze").fill("Una frase detta in fretta.")
    with answered(page):
        page.get_by_role("button", name="Aggiungi la frase Convergenze").click()
    expect(page.get_by_label("Frase 3", exact=True)).to_be_focused()


def test_words_whose_place_is_gone_stay_until_the_person_has_done_with_them(table: Table) -> None:
    """Why a card is left out is being written, and somebody else puts that card into a sentence; then comes the answer to an own act."""
    page, colleague = table.with_the_first_sentence_open(), table.with_the_first_sentence_open(1)
    reason = page.get_by_label("Il motivo del tavolo").nth(1)
    card = (reason.get_attribute("id") or "").removeprefix("reason-")
    held = holding(page, lambda asked: is_act(asked) or is_news(asked))
    tells_a_card(page).click()
    page.get_by_text("Letta, non ripresa").nth(1).click()
    reason.fill("Ne parla un altro tavolo.")
    colleague.locator(f"#tell-{card} button").click()
    expect(colleague.locator(f"#reason-{card}")).to_have_count(0)
    with answered(page):
        held.lets_go()
    expect(behind_the_first(page)).to_have_count(3)
    expect(page.locator(f"#reason-{card}")).to_have_value("Ne parla un altro tavolo.")


def test_news_of_an_own_act_that_comes_before_its_answer_wipes_nothing(table: Table) -> None:
    """The button that was pressed is gone from the page that the news bring; its answer is put in place all the same."""
    page = table.with_the_first_sentence_open()
    answer, news = holding(page, is_act), holding(page, is_news)
    tells_a_card(page).click()
    box = a_new_sentence(page, "Domande aperte")
    box.click()
    page.keyboard.insert_text(HALF)
    answer.wait()
    news.wait()
    news.lets_go()
    expect(behind_the_first(page)).to_have_count(2)
    with answered(page):
        answer.lets_go()
    page.keyboard.insert_text(WHOLE.removeprefix(HALF))
    expect(box).to_have_value(WHOLE)
    expect(page.get_by_label("Frase 1", exact=True)).to_have_value(OPEN)
    expect(page.get_by_role("button", name=re.compile("^Aggiungi alla frase 1"))).to_have_count(3)


def test_words_written_on_while_the_first_ones_are_sent_stay_in_sight(table: Table) -> None:
    page = table.writer()
    box = a_new_sentence(page, "Convergenze")
    box.fill("Una frase")
    held = holding(page, is_act)
    page.get_by_role("button", name="Aggiungi la frase Convergenze").click()
    held.wait()
    box.press("End")
    page.keyboard.insert_text(" e il suo seguito")
    with answered(page):
        held.lets_go()
    expect(page.get_by_label("Frase 3", exact=True)).to_have_value("Una frase")
    expect(box).to_be_visible()
    expect(box).to_have_value("Una frase e il suo seguito")


def test_news_that_is_older_than_an_own_act_takes_nothing_back(table: Table) -> None:
    """The page asked for news; then the person did something and saw it done; then came the old news."""
    page, colleague = table.with_the_first_sentence_open(), table.writer(1)
    old = holding(page, is_news)
    a_new_sentence(colleague, "Domande aperte").fill("Chi paga?")
    colleague.get_by_role("button", name="Aggiungi la frase Domande aperte").click()
    old.wait()
    with answered(page):
        tells_a_card(page).click()
    expect(behind_the_first(page)).to_have_count(2)
    page.evaluate(NOTE_THE_FEWEST)
    old.lets_go()
    a_new_sentence(colleague, "Proposte").fill("Apriamo i cortili.")
    colleague.get_by_role("button", name="Aggiungi la frase Proposte").click()
    expect(page.get_by_text("Apriamo i cortili.")).to_be_visible()
    assert page.evaluate("window.fewest") == 2


def test_a_card_sent_again_after_silence_is_one_card_even_if_news_came_between(table: Table) -> None:
    page, colleague = table.writer(path=""), table.writer(1, path="")
    first = page.get_by_label("Parole della carta")
    answer = holding(page, is_act)
    first.fill("Una panchina sola")
    first.press("Enter")
    answer.wait()
    with page.expect_response(lambda told: is_news(told.request)):
        colleague.get_by_role("button", name=re.compile("^Annulla")).click()
    answer.loses()
    expect(page.get_by_text("Il programma non risponde.")).to_be_visible()
    first.press("Enter")
    expect(first).to_have_value("")
    expect(colleague.locator(".card .words", has_text="Una panchina sola")).to_have_count(1)
