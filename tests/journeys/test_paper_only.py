"""A table where nobody has a phone, in a process that began from a blank page: paper cards, paper dots, raised hands."""

from pathlib import Path

import pytest

from tests.journeys.people import Crowd, Facilitator, Lead, Scribe
from tests.support.server import a_server

pytestmark = pytest.mark.timeout(240)

TABLE = "Il parco di via Roma"
SHADE, BENCHES, DOGS, NIGHT = "Mi serve ombra d’estate.", "Ci vogliono panchine nuove.", "Ho paura dei cani sciolti.", "Di sera è buio."
TO_SIT, TO_FEEL_SAFE = "Un posto dove stare seduti all’ombra", "Un parco che non fa paura"


def test_a_table_without_any_phone_validates_its_synthesis(tmp_path: Path, crowd: Crowd) -> None:
    with a_server(tmp_path, "--host", "127.0.0.1") as room:
        lead = Lead(crowd, room.entry)
        lead.starts_blank("Il parco che vogliamo", email="parco@example.org")
        lead.adds_a_meeting("Un pomeriggio al parco", date="2026-11-28", start="15:00", place="Sala civica")
        lead.adds_a_table(TABLE, "Che cosa ti farebbe venire al parco?")
        lead.chooses_the_method("Tavoli tematici (Metaplan)")
        lead.begins_the_meeting()
        facilitator = Facilitator(crowd, lead.invites("Chi facilita", f"1. {TABLE}"), TABLE)
        scribe = Scribe(crowd, lead.invites("Chi verbalizza", f"1. {TABLE}"), TABLE)

        facilitator.opens("Ci presentiamo", "La domanda e le regole", "Scriviamo in silenzio")
        scribe.copies_the_paper_cards(
            [("1", "Esigenza", SHADE), ("2", "Proposta", BENCHES), ("3", "Preoccupazione", DOGS), ("4", "Esperienza", NIGHT)]
        )
        facilitator.counts("4 da mettere", "4 su carta")
        facilitator.opens("Leggiamo ad alta voce")
        facilitator.marks_all_as_read()
        facilitator.opens("Mettiamo insieme")
        facilitator.groups(TO_SIT, SHADE, BENCHES)
        facilitator.groups(TO_FEEL_SAFE, DOGS, NIGHT)
        facilitator.opens("Nessuno resta fuori", "I bollini")
        scribe.counts_the_paper_dots(5, {TO_SIT: 9, TO_FEEL_SAFE: 10})
        facilitator.opens("Che cosa è uscito")
        assert facilitator.reads_the_result() == [f"1° {TO_FEEL_SAFE} 10 bollini", f"2° {TO_SIT} 9 bollini"]

        facilitator.opens("Scriviamo la sintesi")
        scribe.goes_to_the_synthesis()
        scribe.writes("Quadro", "Abbiamo parlato di che cosa tiene lontani dal parco.", cards=[NIGHT])
        scribe.writes("Convergenze", "Un parco con luce e ombra è di tutti.", cards=[SHADE, DOGS])
        scribe.writes("Proposte", "Mettiamo panchine nuove sotto gli alberi.", cards=[BENCHES], who="Il quartiere")
        scribe.writes_that_nobody_sees_it_another_way()
        facilitator.opens("Rileggiamo")
        facilitator.goes_to_the_synthesis()
        scribe.reads_it_aloud()
        facilitator.is_on("Rilettura ad alta voce")
        facilitator.counts_hands_for_the_sentence(agree=5)
        told = facilitator.validates(version=1, favour=4, against=1)
        scribe.sees("Nessuna espressa", "4 sì, 1 no, 0 astenuti", told)

        lead.leads_on()
        lead.sees("Sintesi: convalidata", "0 telefoni, 0 persone, 4 carte")

    assert crowd.faults == []
    assert crowd.elsewhere == []
