"""One table, one afternoon, by clicking only: from an empty room to a confirmed synthesis that the centre can walk back to its cards."""

from pathlib import Path

import pytest

from tests.journeys.people import Crowd, Facilitator, Lead, Organiser, Phone, Scribe
from tests.support.server import a_server

pytestmark = pytest.mark.timeout(300)

TABLE = "Conciliazione famiglia-lavoro"
NURSERY = "Mi serve un nido aperto fino alle 19."
MORNINGS = "Mi servono orari certi la mattina."
PART_TIME = "Ho paura di perdere il lavoro se chiedo il part time."
ONE_DOOR = "Facciamo uno sportello unico per le famiglie."
NO_GRANDPARENTS = "Ho vissuto tre anni senza nonni vicini."
MINIBUS = "Mettiamo un pulmino che porta i bambini a scuola."
GRANDPARENTS = "Un posto dove i nonni stanno con i nipoti."
NIGHTS = "Chi lavora la notte non trova nessun servizio aperto."

OPEN_SERVICES = "Servizi aperti quando si lavora"
NOBODY_ALONE = "Nessuno resta solo a curare"
DOOR_AND_MINIBUS = "Uno sportello e un pulmino"

FRAME = "Abbiamo parlato di come tenere insieme lavoro e cura."
CONVERGENCE = "Servono servizi aperti nelle ore in cui si lavora."
PROPOSAL = "Apriamo uno sportello unico, con un pulmino per la scuola."
QUESTION = "Chi paga le ore in più del nido?"
OBJECTION = "Per me non servono più ore: servono stipendi più alti."


def test_the_whole_afternoon(tmp_path: Path, crowd: Crowd, postgres_url: str) -> None:
    here = ("--host", "127.0.0.1")
    with (
        a_server(tmp_path / "room", *here) as room,
        a_server(tmp_path / "central", "--central", "--try", *here, environment={"DATABASE_URL": postgres_url}) as central,
    ):
        # Before: the lead prepares the laboratory and invites who helps.
        lead = Lead(crowd, room.entry)
        lead.starts_from_the_example(email="famiglia@example.org")
        lead.follows("Verso un patto di comunità", "Verso un patto di comunità")
        lead.chooses_the_method("Tavoli tematici (Metaplan)")
        lead.begins_the_meeting()
        lead.lets_the_cards_leave_too()
        facilitator = Facilitator(crowd, lead.invites("Chi facilita", f"1. {TABLE}"), TABLE)
        scribe = Scribe(crowd, lead.invites("Chi verbalizza", f"1. {TABLE}"), TABLE)
        address = room.url + lead.reads_the_code_of(TABLE)

        # People come in; the room's screen says how.
        screen = lead.opens_the_screen()
        screen.shows("Benvenute e benvenuti. Un passo per entrare.")
        first, second, third = (Phone(crowd, address) for _ in range(3))
        facilitator.sees("Telefoni: 3 su 3")

        # Everybody writes: by phone, also without network, by voice, on paper.
        facilitator.opens("Ci presentiamo", "La domanda e le regole", "Scriviamo in silenzio")
        first.writes("Esigenza", NURSERY)
        first.reads_the_receipt(1)
        first.writes("Esigenza", MORNINGS)
        first.reads_the_receipt(2)
        second.writes("Preoccupazione", PART_TIME)
        second.reads_the_receipt(3)
        third.loses_the_network()
        third.writes("Proposta", ONE_DOOR)
        third.writes("Esperienza", NO_GRANDPARENTS)
        third.keeps_on_the_phone(2)
        third.finds_the_network_again()
        third.reads_the_receipt(5)
        scribe.writes_what_is_said("P Proposta", MINIBUS)
        scribe.reads_it_again_to_who_said_it(MINIBUS)
        scribe.copies_the_paper_cards([("C01", "Esigenza", GRANDPARENTS), ("C02", "Preoccupazione", NIGHTS)])
        facilitator.counts("8 carte", "5 dal telefono", "1 dettate", "2 su carta")
        assert sorted(third.looks_at_own_cards()) == [ONE_DOOR, NO_GRANDPARENTS]

        # The table reads, puts together, gives titles; nobody is left out.
        facilitator.opens("Leggiamo ad alta voce")
        lead.turns_the_screen_to("Parete")
        facilitator.marks_all_as_read()
        screen.shows("Che cosa stiamo dicendo", NIGHTS)
        facilitator.opens("Mettiamo insieme")
        facilitator.groups(OPEN_SERVICES, NURSERY, MORNINGS, NIGHTS)
        facilitator.groups(NOBODY_ALONE, PART_TIME, NO_GRANDPARENTS, GRANDPARENTS)
        facilitator.groups(DOOR_AND_MINIBUS, ONE_DOOR)
        facilitator.opens("Nessuno resta fuori")
        facilitator.sees("mettere ogni carta in un gruppo o nel parcheggio (1 carta)")
        facilitator.adds_to(DOOR_AND_MINIBUS, MINIBUS)

        # Dots: three by phone, one ballot on paper. A tie is told as a tie.
        facilitator.opens("I bollini")
        lead.turns_the_screen_to("Bollini", f"1. {TABLE}")
        first.votes({OPEN_SERVICES: 2, NOBODY_ALONE: 1, DOOR_AND_MINIBUS: 1})
        second.votes({OPEN_SERVICES: 2, NOBODY_ALONE: 1, DOOR_AND_MINIBUS: 2})
        third.votes({NOBODY_ALONE: 1, DOOR_AND_MINIBUS: 1})
        scribe.counts_the_paper_dots(1, {OPEN_SERVICES: 1, NOBODY_ALONE: 2, DOOR_AND_MINIBUS: 0})
        screen.shows("I bollini", "Il risultato si vede alla fine, tutti insieme.")
        facilitator.opens("Che cosa è uscito")
        assert facilitator.reads_the_result() == [
            f"1° a pari merito {OPEN_SERVICES} 5 bollini",
            f"1° a pari merito {NOBODY_ALONE} 5 bollini",
            f"3° {DOOR_AND_MINIBUS} 4 bollini",
        ]
        screen.shows("I bollini", f"1. {OPEN_SERVICES}", f"1. {NOBODY_ALONE}", "pari 5 bollini")
        first.sees("Che cosa dicono i bollini", "(a pari merito)")

        # The scribe writes the synthesis; every card has its place in it, or a reason.
        facilitator.opens("Scriviamo la sintesi")
        scribe.goes_to_the_synthesis()
        scribe.writes("Quadro", FRAME, group=NOBODY_ALONE)
        scribe.writes("Convergenze", CONVERGENCE, cards=[NURSERY, MORNINGS])
        scribe.writes(
            "Proposte", PROPOSAL, cards=[ONE_DOOR, MINIBUS], who="Il Comune", first_step="Mettere gli uffici a un tavolo", due="marzo"
        )
        scribe.writes("Domande aperte", QUESTION)
        scribe.leaves_out(NIGHTS, reason="Ne parla il tavolo 5.")
        scribe.writes_that_nobody_sees_it_another_way()
        scribe.sees("Pronta per la rilettura.")

        # Read back. Somebody does not find herself in it: her words become a different position.
        facilitator.opens("Rileggiamo")
        lead.turns_the_screen_to("Sintesi", f"1. {TABLE}")
        scribe.reads_it_aloud()
        screen.shows("Abbiamo scritto bene?", FRAME)
        first.agrees_with_all_the_rest()
        second.agrees_with_all_the_rest()
        third.opens_the_tab("Scelte")
        third.agrees()
        third.objects(OBJECTION)
        third.agrees_with_all_the_rest()
        facilitator.goes_to_the_synthesis()
        facilitator.turns_to(CONVERGENCE)
        screen.shows("Abbiamo scritto bene?", CONVERGENCE)
        facilitator.keeps_the_objection(OBJECTION)

        # Read back again, with hands for who has no phone; then the table validates.
        facilitator.reads_it_aloud()
        for phone in (first, second, third):
            phone.sees("La sintesi è cambiata dall’ultima lettura: rispondi di nuovo.")
            phone.agrees_with_all_the_rest()
        facilitator.counts_hands_for_the_sentence(agree=1)
        facilitator.sees("4 d’accordo")
        told = facilitator.validates(version=2, favour=3, against=1, more_hands_than_phones=True)
        screen.shows("Che cosa diciamo agli altri", FRAME, CONVERGENCE, OBJECTION, QUESTION, PROPOSAL, "Da dove partiamo")
        first.sees("Il tavolo ha confermato la sua sintesi.", OBJECTION, told)
        scribe.sees("Che cosa ha confermato il tavolo", told)
        assert scribe.page.locator("textarea, button:has-text('Rileggi')").count() == 0
        facilitator.goes_to_the_board()
        facilitator.opens("Approviamo la sintesi")
        facilitator.closes_the_last_step()

        # Afterwards: what was only here goes to the centre.
        assert lead.counts_what_is_only_here() > 100
        organiser = Organiser(crowd, central.entry)
        lead.connects_to(organiser.makes_a_one_time_code())
        lead.sends()
        lead.sees("Quello che doveva partire è nell’archivio centrale.")  # who joined and how each one voted stays here

        # At the centre: the same words, the same fingerprint, and the way back to the cards.
        organiser.opens_the_synthesis_of(f"1. {TABLE}")
        organiser.sees("3 sì, 1 no, 0 astenuti", FRAME, OBJECTION, PROPOSAL)
        assert organiser.reads_the_fingerprint() == told
        organiser.asks_where_it_comes_from(PROPOSAL)
        organiser.goes_to_the_card(ONE_DOOR)
        organiser.sees(DOOR_AND_MINIBUS, "4 bollini", "Validata")
        organiser.follows(PROPOSAL, "Da dove viene questa frase")

    assert crowd.faults == []
    assert crowd.elsewhere == []
