"""Italian names of a method pack's properties and values: a facilitator may write the whole file in Italian."""

from typing import Any, Final

PROPERTIES: Final[dict[str, str]] = {
    "formato": "format",
    "versione": "version",
    "genere": "type",
    "minuti": "minutes",
    "inizio": "start",
    "tavoli": "tables",
    "persone": "people",
    "tipi": "kinds",
    "caratteri": "card_chars",
    "passo": "step",
    "fa": "do",
    "ore": "at",
    "minimo": "shortest",
    "dove": "where",
    "usa": "uses",
    "svela": "reveal",
    "scheda": "ballot",
    "voti": "votes",
    "per_voce": "per_item",
    "documento": "document",
    "sezioni": "sections",
    "obbligo": "must",
    "verifica": "should",
    "nome": "name",
    "descrizione": "about",
    "quando": "when",
    "materiali": "materials",
    "titolo": "title",
    "frase": "say",
    "guida": "guide",
}

_CONDITIONS: Final = {
    "tutti_seduti": "all_seated",
    "ospite_scelto": "host_chosen",
    "portavoce_scelto": "spokesperson_chosen",
    "una_carta_a_testa": "one_card_each",
    "tutto_letto": "all_read",
    "domande_segnate": "questions_marked",
    "nessuna_orfana": "no_orphans",
    "titoli_scritti": "titles_filled",
    "temi_collocati": "topics_placed",
    "una_idea": "one_idea",
    "tutti_hanno_votato": "all_voted",
    "nessuna_obiezione": "no_open_objection",
    "sezioni_complete": "sections_filled",
    "minoranza_scritta": "minority_filled",
    "fonti_collegate": "sources_linked",
    "proposte_complete": "proposals_complete",
    "garante_indicato": "guarantor_named",
    "validata": "validated",
    "tutti_i_tavoli_pronti": "all_tables_done",
}

# Property (its English name) -> Italian value -> English one.
VALUES: Final[dict[str, dict[str, str]]] = {
    "do": {
        "parla": "talk",
        "raccogli": "collect",
        "leggi": "read",
        "raggruppa": "cluster",
        "collega": "link",
        "vota": "vote",
        "chiedi": "ask",
        "scrivi": "write",
        "valida": "validate",
        "spostati": "move",
        "pausa": "pause",
    },
    "type": {"giornata": "day", "metodo": "method", "inserto": "insert"},
    "where": {"plenaria": "plenary", "tavoli": "tables", "regia": "desk", "ovunque": "anywhere"},
    "kinds": {
        "punto_di_vista": "viewpoint",
        "esigenza": "need",
        "esperienza": "experience",
        "preoccupazione": "concern",
        "proposta": "proposal",
        "riflessione": "reflection",
        "domanda": "question",
        "tema": "topic",
        "visione": "vision",
    },
    "reveal": {"subito": "live", "alla_chiusura": "on_close", "in_lettura": "in_reading", "dalla_regia": "by_lead", "mai": "never"},
    "ballot": {"bollini": "dots", "classifica": "rank", "scelte": "approve", "pugno": "fist", "consenso": "consent"},
    "document": {
        "sintesi_tavolo": "table_synthesis",
        "sintesi_plenaria": "plenary_synthesis",
        "verbale_gruppo": "group_report",
        "visione": "vision",
        "temi": "themes",
        "bozza_patto": "pact_draft",
        "testo": "text",
    },
    "sections": {
        "corpo": "body",
        "quadro": "frame",
        "convergenze": "convergences",
        "minoranza": "minority",
        "priorita": "priorities",
        "proposte": "proposals",
        "domande_aperte": "open_questions",
        "fili": "threads",
        "idee": "ideas",
        "come": "how",
        "chi": "who",
        "senso": "sense",
        "organizzazione": "organisation",
        "ruoli": "roles",
        "regole": "rules",
        "attivita": "activities",
        "nucleo": "nucleus",
        "garante": "guarantor",
        "prossimi_passi": "next_steps",
    },
    "must": _CONDITIONS,
    "should": _CONDITIONS,
}


def in_english(value: Any, name: str = "") -> Any:
    """A whole pack, or the value of one property: what is Italian becomes English, what is English stays."""
    match value:
        case dict():
            return {(known := _property(key)): in_english(item, known) for key, item in value.items()}
        case list():
            return [in_english(item, name) for item in value]
        case str() if name in VALUES:
            return VALUES[name].get(value, value)
        case _:
            return value


def _property(name: str) -> str:
    return PROPERTIES.get(name, name)
