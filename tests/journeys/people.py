"""People of an afternoon at the table. Each has a window or a phone of their own; their methods are what people do, by clicking.

Nobody waits for a while: they wait until they see what they are waiting for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

DESK = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HALL = {"width": 1920, "height": 1080}
HERE = re.compile(r"(?:https?|wss?)://127\.0\.0\.1(?::\d+)?/")


@dataclass
class Crowd:
    """Everybody who came. `elsewhere`: what their pages asked for outside this computer; `faults`: scripts that stumbled."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def comes(self, **options: Any) -> Page:
        """A person who reads Italian opens a browser that nobody else uses."""
        context = self.browser.new_context(locale="it-IT", reduced_motion="reduce", **options)
        self.contexts.append(context)
        context.on("page", self._watch)
        return context.new_page()

    def goes_home(self) -> None:
        for context in self.contexts:
            context.close()

    def _watch(self, page: Page) -> None:
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("pageerror", lambda fault: self.faults.append(f"{page.url}: {fault}"))

    def _note(self, url: str) -> None:
        if not HERE.match(url):
            self.elsewhere.append(url)


class Person:
    def __init__(self, crowd: Crowd, **options: Any) -> None:
        self.page = crowd.comes(**options)

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def follows(self, link: str, heading: str) -> None:
        """Clicks a link and waits for the page it promises."""
        self.page.get_by_role("link", name=link).first.click()
        self.is_on(heading)

    def is_on(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def part(self, heading: str) -> Locator:
        """The section or panel with this heading."""
        return self.page.get_by_role("region", name=heading)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What stands on the sheet that the lead hands over."""

    link: str
    pin: str


class Lead(Person):
    """Prepares the meeting, invites who helps, turns the room's screen, sends the record."""

    def __init__(self, crowd: Crowd, one_time_link: str) -> None:
        super().__init__(crowd, **DESK)
        self.page.goto(one_time_link)
        self.is_on("Incontri")

    def starts_from_the_example(self, email: str) -> None:
        self.follows("Inizia un percorso", "Preparazione")
        self.presses("Parti da questo esempio")
        self.is_on("Lucca In… famiglia")
        self._publishes(email)

    def starts_blank(self, title: str, email: str) -> None:
        self.follows("Inizia un percorso", "Preparazione")
        self.page.get_by_label("Titolo del percorso").fill(title)
        self.presses("Inizia da zero")
        self.is_on(title)
        self._publishes(email)

    def adds_a_meeting(self, title: str, date: str, start: str, place: str) -> None:
        """From the page of the process to that of the meeting; when and where decide whether its doors may open."""
        self.page.get_by_label("Titolo dell’incontro").fill(title)
        self.presses("Aggiungi l’incontro")
        self.is_on(title)
        self.page.get_by_label("Data", exact=True).fill(date)
        self.page.get_by_label("Inizio").fill(start)
        self.page.get_by_label("Luogo").fill(place)
        self._saves("Salva data e luogo")

    def adds_a_table(self, theme: str, question: str) -> None:
        self.page.get_by_label("Tema").last.fill(theme)
        self.page.get_by_label("Domanda guida").last.fill(question)
        self.presses("Aggiungi il tavolo")
        expect(self.page.get_by_role("heading", name=theme)).to_be_visible()

    def chooses_the_method(self, method: str) -> None:
        """From the page of the meeting."""
        self.follows("Scegli un", "Scegli un metodo")
        self.presses(f"Usa questo metodo {method}")
        expect(self.part("Scaletta")).to_contain_text("Scegli un altro metodo")

    def begins_the_meeting(self) -> None:
        """Announced, doors open, ready, live; then to the page where it is led."""
        for move, state in (
            ("Annuncia", "Annunciato"),
            ("Apri le porte", "Porte aperte"),
            ("È tutto pronto", "Sta per iniziare"),
            ("Inizia l’incontro", "In corso"),
        ):
            self.presses(move)
            expect(self.part("Stato").locator(".state")).to_have_text(state)
        self.leads()

    def goes_to_the_meeting(self) -> None:
        """The one that is open now."""
        self.follows("Vai alla regia", "Regia")
        self.cockpit = self.page.url

    def leads(self) -> None:
        self.follows("Regia di questo incontro", "Regia")
        self.cockpit = self.page.url

    def leads_on(self) -> None:
        """Back to the page where the meeting is led."""
        self.page.goto(self.cockpit)

    def invites(self, role: str, *tables: str | re.Pattern[str]) -> Invitation:
        self.leads_on()
        self.follows("Chi aiuta: invita e stampa", "Chi aiuta")
        self.page.get_by_role("radio", name=role).check()
        for table in tables:
            self.page.get_by_role("checkbox", name=table).check()
        self.presses("Prepara il foglio")
        sheet = self.page.locator(".form")
        expect(sheet.get_by_role("img", name=re.compile("^Codice per entrare"))).to_be_visible()
        link = re.search(r"http://\S+", sheet.inner_text())
        assert link
        return Invitation(link[0], sheet.locator("p.num").inner_text())

    def opens_the_screen(self) -> "Screen":
        self.leads_on()
        with self.page.context.expect_page() as opened:
            self.page.get_by_role("link", name="Apri lo schermo in un’altra finestra").click()
        return Screen(opened.value)

    def turns_the_screen_to(self, view: str, table: str | re.Pattern[str] | None = None) -> None:
        if self.page.url != self.cockpit:
            self.leads_on()
        remote = self.part("Schermo di sala")
        if table:
            which = remote.get_by_label("Di quale tavolo?")
            which.select_option(which.locator("option").filter(has_text=table).get_attribute("value"))
        remote.get_by_role("button", name=view, exact=True).click()
        expect(remote).to_contain_text(f"Ora si vede: {view}")

    def reads_the_code_of(self, theme: str) -> str:
        """/t/PYVP, as it stands on the tent and in the setup."""
        self.leads_on()
        self.page.get_by_role("link", name="Data, tavoli, metodo").click()
        table = self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name=theme))
        return table.locator(".code").inner_text()

    def counts_what_is_only_here(self) -> int:
        self.leads_on()
        told = self.page.get_by_text(re.compile(r"^\d+ element[io] esist"))
        return int(told.inner_text().split()[0])

    def lets_the_cards_leave_too(self) -> None:
        """Chosen before anybody joins: it stands in the privacy notice."""
        self.leads_on()
        self.follows("Collega a un archivio centrale", "Archivio centrale")
        self.page.get_by_role("radio", name=re.compile("^Sintesi e carte")).check()
        with self.page.expect_response(lambda answer: answer.request.method == "GET" and "/lead/central" in answer.url):
            self.presses("Salva la scelta")
        expect(self.page.get_by_role("radio", name=re.compile("^Sintesi e carte"))).to_be_checked()

    def connects_to(self, link: str) -> None:
        self.leads_on()
        self.follows("Collega a un archivio centrale", "Archivio centrale")
        self.page.get_by_label("Link, o indirizzo dell’archivio centrale").fill(link)
        self.presses("Collega")
        self.sees("Collegato a ")

    def sends(self) -> None:
        self.presses("Manda all’archivio centrale")
        expect(self.part("Invio")).to_contain_text(", identici")

    def _publishes(self, email: str) -> None:
        self.page.get_by_label("E-mail per le domande").fill(email)
        self._saves("Salva la descrizione")
        self.presses("Pubblica")
        expect(self.part("Stato")).to_contain_text("Pubblicato")

    def _saves(self, button: str) -> None:
        """The page comes again, saved."""
        with self.page.expect_response(lambda answer: answer.request.method == "GET" and "/setup/" in answer.url):
            self.presses(button)


class Screen:
    """The room's screen. Nobody touches it: it follows the lead."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_viewport_size({"width": 1920, "height": 1080})

    def shows(self, heading: str, *words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(heading)
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)


class AtTheDesk(Person):
    """Who facilitates or writes at a table: signs in with the sheet, sees the board."""

    def __init__(self, crowd: Crowd, invitation: Invitation, table: str) -> None:
        super().__init__(crowd, **DESK)
        self.page.goto(invitation.link)
        self.page.get_by_label("PIN").fill(invitation.pin)
        self.presses("Entra")
        self.is_on(table)
        self.board = self.page.url

    def goes_to_the_board(self) -> None:
        self.page.get_by_role("link", name="Lavagna del tavolo").click()
        expect(self.page.locator("#tally")).to_be_visible()

    def goes_to_the_synthesis(self) -> None:
        """The big button of the step, not a link somewhere."""
        self.page.get_by_role("link", name="Vai alla sintesi").click()
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text(re.compile("Lavagna"))
        expect(self.page.get_by_role("link", name="Sintesi", exact=True)).to_have_attribute("aria-current", "page")

    def card(self, words: str) -> Locator:
        return self.page.locator(".card").filter(has=self.page.locator(".words").get_by_text(words, exact=True))

    def new_cards(self) -> Locator:
        return self.page.locator("#new-cards > .card")

    def counts(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("#tally")).to_contain_text(each)

    def writes_a_position(self, words: str) -> None:
        """One of the different positions; it needs no card."""
        part = self.part("Posizioni diverse")
        part.get_by_text("Scrivi una posizione").click()
        part.get_by_label("Una frase nuova per «Posizioni diverse»").fill(words)
        self.presses("Aggiungi la frase Posizioni diverse")
        expect(part.locator(".hot textarea")).to_have_value(words)

    def reads_it_aloud(self) -> None:
        """The synthesis stands still from now on."""
        self.presses("Rileggi ad alta voce")
        self.is_on("Rilettura ad alta voce")


class Facilitator(AtTheDesk):
    """Opens the steps, marks what was read, puts cards together, records what the table decided."""

    def opens(self, *steps: str) -> None:
        for step in steps:
            self.presses(f"Apri: {step}")
            expect(self.page.locator(".steps [aria-current=step]")).to_contain_text(step)

    def closes_the_last_step(self) -> None:
        self.presses("Chiudi l’ultimo passo")
        expect(self.page.locator(".steps [aria-current=step]")).to_contain_text("chiuso")

    def marks_all_as_read(self) -> None:
        unread = self.page.get_by_role("button", name=re.compile("^Segna letta"))
        for left in reversed(range(unread.count())):
            unread.first.click()
            expect(unread).to_have_count(left)

    def groups(self, title: str, *cards: str) -> None:
        """Chosen cards into a new group, which then gets its title."""
        for words in cards:
            self.card(words).get_by_role("checkbox").check()
        self.page.get_by_label(re.compile("^Carte scelte")).select_option(label="Nuovo gruppo")
        self.presses("Sposta le carte scelte")
        group = self._group("Gruppo senza titolo")
        expect(group.locator(".card")).to_have_count(len(cards))
        group.get_by_text("Dagli un titolo").click()
        group.get_by_label("Titolo").fill(title)
        group.get_by_role("button", name="Salva").click()
        expect(self._group(title)).to_be_visible()

    def adds_to(self, title: str, words: str) -> None:
        """One more card by the Move-to control."""
        before = self._group(title).locator(".card").count()
        place = self.card(words).get_by_label(re.compile("^Sposta .* in$"))
        place.select_option(place.locator("option", has_text=title).get_attribute("value"))
        self.card(words).get_by_role("button", name=re.compile("^Sposta")).click()
        expect(self._group(title).locator(".card")).to_have_count(before + 1)

    def reads_the_result(self) -> list[str]:
        """Place, title, dots of each group, as the board tells them."""
        rows = self.page.locator("#outcome li")
        expect(rows.first).to_be_visible()
        return [" ".join(row.split()) for row in rows.all_inner_texts()]

    def turns_to(self, sentence: str) -> None:
        """Reads this sentence again; everybody's page and the screen follow."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(sentence)}")).click()
        expect(self.page.locator("blockquote")).to_contain_text(sentence)

    def keeps_the_objection(self, words: str) -> None:
        """One tap: a sentence of the different positions, in the words of who objected."""
        self.sees(words)
        self.presses("Aggiungi come posizione diversa")
        self.is_on("Sintesi del tavolo")
        expect(self.part("Posizioni diverse").locator("textarea").first).to_have_value(words)

    def counts_hands_for_the_sentence(self, agree: int) -> None:
        self.page.get_by_text("Mani alzate, per chi non ha il telefono").click()
        self.page.get_by_label("Mani d’accordo", exact=True).fill(str(agree))
        self.presses("Segna le mani")
        self.sees(f"{agree} d’accordo, 0 contrarie")

    def validates(self, version: int, favour: int, against: int, more_hands_than_phones: bool = False) -> str:
        """By show of hands; the fingerprint of what was confirmed."""
        for name, hands in (("Favorevoli", favour), ("Contrari", against)):
            for _ in range(hands):
                self.presses(f"{name}: uno in più")
        self.presses(f"Convalida la versione {version}")
        if more_hands_than_phones:
            self.sees("mani, ma a questo tavolo")
            self.presses(f"Le mani sono giuste: convalida la versione {version}")
        expect(self.part("Che cosa ha confermato il tavolo")).to_contain_text(f"{favour} sì, {against} no, 0 astenuti")
        return self.reads_the_fingerprint()

    def reads_the_fingerprint(self) -> str:
        return fingerprint(self.page)

    def _group(self, title: str) -> Locator:
        return self.page.locator(".cluster").filter(has=self.page.get_by_role("heading", name=title, exact=True))


class Scribe(AtTheDesk):
    """Writes what is said and what stands on paper, then the synthesis in the words of the table."""

    def writes_what_is_said(self, kind: str, words: str) -> None:
        self.page.get_by_label("Tipo").select_option(label=kind)
        self.page.get_by_label("Parole della carta").fill(words)
        self.page.keyboard.press("Enter")
        expect(self.card(words)).to_be_visible()

    def reads_it_again_to_who_said_it(self, words: str) -> None:
        self.card(words).get_by_role("button", name=re.compile("^Detto così: sì")).click()
        expect(self.card(words).get_by_text("confermata")).to_be_visible()

    def copies_the_paper_cards(self, cards: Iterable[tuple[str, str, str]]) -> None:
        """(number, kind, words): a pile, without leaving the keyboard."""
        self.follows("Tanti cartoncini", "Trascrivi i cartoncini")
        for number, kind, words in cards:
            self.page.get_by_label("Numero del cartoncino").fill(number)
            self.page.get_by_role("radio", name=kind).check()
            self.page.get_by_label("Testo, parola per parola").fill(words)
            self.page.keyboard.press("Control+Enter")
            expect(self.page.locator("#copied")).to_contain_text(words)
        self.page.get_by_role("link", name="Torna alla lavagna").click()
        expect(self.page.locator("#tally")).to_be_visible()

    def counts_the_paper_dots(self, ballots: int, dots: dict[str, int]) -> None:
        self.page.get_by_text("Bollini dati su carta").click()
        self.page.get_by_label("Schede di carta", exact=True).fill(str(ballots))
        for title, given in dots.items():
            self.page.get_by_label(re.compile(rf"^\d+\. {re.escape(title)}$")).fill(str(given))
        self.presses("Salva i bollini di carta")
        self.sees(f"{ballots} su carta")

    def writes(self, section: str, words: str, cards: Iterable[str] = (), group: str = "", **plan: str) -> None:
        """A sentence, and the cards or the group that say it. `plan`: who, first_step, due of a proposal."""
        part = self.part(section)
        part.get_by_label(f"Una frase nuova per «{section}»").fill(words)
        for name, value in plan.items():
            part.locator(f"form.stack [name={name}]").fill(value)
        self.presses(f"Aggiungi la frase {section}")
        expect(part.locator(".hot textarea")).to_have_value(words)
        for each in cards:
            self._untold(each).get_by_role("button", name=re.compile("^Aggiungi alla frase")).click()
            expect(self._untold(each)).to_have_count(0)
        if group:
            part.get_by_label(re.compile("^Una carta o un gruppo dietro")).select_option(label=group)
            part.get_by_role("button", name=re.compile("^Metti dietro")).click()
            expect(part.locator(".hot").get_by_role("link", name=group)).to_be_visible()

    def leaves_out(self, words: str, reason: str) -> None:
        card = self._untold(words)
        card.get_by_text("Letta, non ripresa").click()
        card.get_by_label("Il motivo del tavolo").fill(reason)
        card.get_by_role("button", name=re.compile("^Lasciata fuori")).click()
        expect(card).to_have_count(0)

    def writes_that_nobody_sees_it_another_way(self) -> None:
        self.presses("Nessuna espressa")
        expect(self.part("Prima della rilettura")).to_contain_text("Posizioni diverse: nessuna espressa")

    def _untold(self, words: str) -> Locator:
        return self.part("Carte che nessuna frase racconta").locator("li.card").filter(has_text=words).filter(has_text="Letta, non ripresa")


class Phone(Person):
    """Somebody with a phone, who scanned the code of the table."""

    def __init__(self, crowd: Crowd, address: str) -> None:
        super().__init__(crowd, **PHONE)
        self.page.goto(address)
        self.presses("Entra al tavolo")
        self.is_on("Ci sei.")
        self.page.get_by_role("link", name="Fatto: vai avanti").click()
        expect(self.page.get_by_role("navigation", name="Sezioni")).to_be_visible()
        self.page.wait_for_load_state()  # the words are seen before the scripts that keep what is written

    def writes(self, kind: str, words: str) -> None:
        self.page.get_by_role("radio", name=kind).check()
        self.page.get_by_label("Una sola idea").fill(words)
        self.presses("Manda al tavolo")

    def reads_the_receipt(self, number: int) -> None:
        expect(self.page.locator("#receipt")).to_contain_text(f"Ricevuta, n. {number}")

    def loses_the_network(self) -> None:
        self.page.context.set_offline(True)

    def keeps_on_the_phone(self, count: int) -> None:
        expect(self.page.locator("#outbox > li")).to_have_count(count)

    def finds_the_network_again(self) -> None:
        self.page.context.set_offline(False)
        self.keeps_on_the_phone(0)

    def looks_at_own_cards(self) -> list[str]:
        self.opens_the_tab("Le mie")
        cards = self.page.locator("#my-cards > li")
        expect(cards.first).to_be_visible()
        return cards.locator("p.words").all_inner_texts()

    def votes(self, dots: dict[str, int]) -> None:
        self.opens_the_tab("Scelte")
        for title, given in dots.items():
            for _ in range(given):
                self.presses(f"Metti un bollino su {title}")
        self.presses("Conferma le mie scelte")
        self.sees("Puoi cambiare idea finché il voto è aperto.")

    def opens_the_tab(self, name: str) -> None:
        tab = self.page.get_by_role("navigation", name="Sezioni").get_by_role("link", name=name)
        tab.click()
        expect(tab).to_have_attribute("aria-current", "page")

    def agrees(self) -> None:
        self._answers("Sono d’accordo")

    def objects(self, words: str) -> None:
        self._answers("Non mi ritrovo", words)

    def agrees_with_all_the_rest(self) -> None:
        self.presses("Sono d’accordo con tutte le altre")
        self.sees("Hai risposto a tutte le frasi.")

    def _answers(self, answer: str, words: str = "") -> None:
        given = self.page.get_by_role("region", name="Già risposte").locator("ol > li")
        before = given.count()
        form = self.page.locator("main > form.said")
        form.get_by_role("radio", name=answer).check()
        if words:
            form.get_by_label("Che cosa non va?").fill(words)
        form.get_by_role("button", name=re.compile("^Avanti|^Manda")).click()
        expect(given).to_have_count(before + 1)


class Organiser(Person):
    """Keeps the central record: lets computers in, reads what the tables confirmed."""

    def __init__(self, crowd: Crowd, one_time_link: str) -> None:
        super().__init__(crowd, **DESK)
        self.page.goto(one_time_link)
        self.is_on("Che cosa hanno confermato i tavoli")

    def makes_a_one_time_code(self) -> str:
        """The link with it, as it is sent to the lead."""
        self.follows("Computer", "Computer delle sale")
        self.presses("Crea un codice monouso")
        return self.page.get_by_label("Link per quel computer").input_value()

    def opens_the_synthesis_of(self, table: str) -> None:
        self.follows("Archivio", "Che cosa hanno confermato i tavoli")
        self.page.get_by_role("link", name=table).click()
        expect(self.part("Che cosa ha confermato il tavolo")).to_be_visible()

    def reads_the_fingerprint(self) -> str:
        return fingerprint(self.page)

    def asks_where_it_comes_from(self, sentence: str) -> None:
        self.page.get_by_role("link", name=re.compile(f"^Filo {re.escape(sentence[:20])}")).click()
        self.is_on("Da dove viene questa frase")

    def goes_to_the_card(self, words: str) -> None:
        row = self.page.get_by_role("listitem").filter(has_text=words).last
        row.get_by_role("link").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Che cosa è diventata la carta"))


def fingerprint(page: Page) -> str:
    """As it is said aloud: 7c66-5538."""
    found = re.search(r"[0-9a-f]{4}-[0-9a-f]{4}", page.get_by_role("region", name="Che cosa ha confermato il tavolo").inner_text())
    assert found
    return found[0]
