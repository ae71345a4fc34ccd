"""The story read from its Italian file: Italian names and values become words of the program."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from workshop.demo_content.story import (
    CardTold,
    ClusterTold,
    MeetingTold,
    PersonTold,
    SentenceTold,
    Story,
    SynthesisTold,
    TableTold,
)
from workshop.domain.contribution import Channel, Kind
from workshop.domain.good_practice import GoodPractice
from workshop.domain.local_resource import LocalResource, ResourceKind
from workshop.domain.meeting import Plan
from workshop.domain.process import Description
from workshop.domain.sentence import Section, Wording
from workshop.domain.work_table import Theme

FILE: Final = files("workshop.demo_content") / "lucca-in-famiglia.json"
KINDS: Final = {
    "punto_di_vista": Kind.VIEWPOINT,
    "esigenza": Kind.NEED,
    "esperienza": Kind.EXPERIENCE,
    "preoccupazione": Kind.CONCERN,
    "proposta": Kind.PROPOSAL,
}
CHANNELS: Final = {"telefono": Channel.PHONE, "voce": Channel.SCRIBE, "cartoncino": Channel.PAPER}
CATEGORIES: Final = {
    "famiglia": "family",
    "cittadino": "citizen",
    "ente_locale": "institution",
    "terzo_settore": "third_sector",
    "impresa": "business",
}
FORMATS: Final = {"webinar": "webinar", "laboratorio": "laboratory", "avvio_rete": "network_launch"}
MODES: Final = {"online": "online", "in_presenza": "in_person"}
STATES: Final = {
    "annunciato": "announced",
    "aperto": "open",
    "pronto": "ready",
    "in_corso": "live",
    "chiuso": "closed",
    "rendicontato": "reported",
}
RESOURCES: Final = {
    "spazio": ResourceKind.SPACE,
    "tempo": ResourceKind.TIME,
    "competenza": ResourceKind.SKILL,
    "materiale": ResourceKind.GOODS,
    "denaro": ResourceKind.MONEY,
    "accompagnamento": ResourceKind.SUPPORT,
}
SECTIONS: Final = {
    "quadro": Section.FRAME,
    "convergenze": Section.CONVERGENCES,
    "posizioni_diverse": Section.MINORITY,
    "domande_aperte": Section.OPEN_QUESTIONS,
    "proposte": Section.PROPOSALS,
}


@cache
def the_story() -> Story:
    told = json.loads(FILE.read_text(encoding="utf-8"))
    return Story(
        description=_description(told["percorso"]),
        meetings=tuple(map(_meeting, told["incontri"])),
        practices=tuple(map(_practice, told["buone_pratiche"])),
        resources=tuple(map(_resource, told["risorse_territorio"])),
        tables=tuple(map(_table, told["tavoli"])),
        people=tuple(map(_person, told["partecipanti"])),
        cards=tuple(map(_card, told["carte"])),
        clusters=tuple(map(_cluster, told["gruppi"])),
        syntheses=tuple(map(_synthesis, told["sintesi"])),
    )


def _description(told: dict[str, Any]) -> Description:
    return Description(
        title=told["titolo"],
        subtitle=told["sottotitolo"],
        aim=told["obiettivo"],
        territory=told["territorio"],
        promoters=told["promotori"],
        contact_email=told["email"],
        contact_phone=told["telefono"],
        licence=told["licenza"],
        languages=tuple(told["lingue"]),
        time_zone=told["fuso_orario"],
    )


def _meeting(told: dict[str, Any]) -> MeetingTold:
    moved = told.get("variazione", {})
    return MeetingTold(
        plan=_plan(told),
        pack=told["scaletta"],
        states=tuple(STATES[state] for state in told["stati"]),
        moved=_plan({**told, **moved}) if moved else None,
        reason=moved.get("motivo", ""),
    )


def _plan(told: dict[str, Any]) -> Plan:
    return Plan(
        title=told["titolo"],
        format=FORMATS[told["formato"]],
        mode=MODES[told["modo"]],
        date=told["giorno"],
        start=told["inizio"],
        end=told["fine"],
        place=told["luogo"],
        link=told["collegamento"],
    )


def _practice(told: dict[str, Any]) -> GoodPractice:
    return GoodPractice(
        title=told["titolo"],
        place=told["luogo"],
        actor_kind=told["chi"],
        what=told["che_cosa"],
        tools=tuple(told["strumenti"]),
        transferable_if=told["trasferibile_se"],
        source=told["fonte"],
    )


def _resource(told: dict[str, Any]) -> LocalResource:
    return LocalResource(title=told["titolo"], kind=RESOURCES[told["tipo"]], offered_by=told["offerta_da"], terms=told["condizioni"])


def _table(told: dict[str, Any]) -> TableTold:
    theme = Theme(title=told["titolo"], question=told["domanda"], seats=told["posti"])
    return TableTold(told["numero"], theme, told["fase"])


def _person(told: dict[str, Any]) -> PersonTold:
    return PersonTold(
        key=told["id"],
        table=told["tavolo"],
        category=CATEGORIES[told["categoria"]],
        language=told["lingua"],
        channel=CHANNELS[told["modo"]],
        nickname=told.get("soprannome", ""),
        then_table=told.get("poi_al_tavolo", 0),
    )


def _card(told: dict[str, Any]) -> CardTold:
    return CardTold(
        code=told["codice"],
        kind=KINDS[told["tipo"]],
        text=told["testo"],
        channel=CHANNELS[told["canale"]],
        language=told.get("lingua", "it"),
        translation=told.get("traduzione", ""),
        author=told.get("autore", ""),
        paper_number=told.get("numero", ""),
        first_text=told.get("detto", ""),
        reason=told.get("motivo", ""),
        merged_into=told.get("unita_a", ""),
        late=told.get("in_ritardo", False),
        withdrawn=told.get("ritirata", False),
        parked=told.get("parcheggiata", False),
    )


def _cluster(told: dict[str, Any]) -> ClusterTold:
    return ClusterTold(told["id"], told["tavolo"], told["titolo"], told["descrizione"], told["bollini"], tuple(told["carte"]))


def _synthesis(told: dict[str, Any]) -> SynthesisTold:
    vote, correction = told.get("voto", {}), told.get("rettifica", {})
    return SynthesisTold(
        table=told["tavolo"],
        sentences=tuple(map(_sentence, told["frasi"])),
        vote=(vote.get("favorevoli", 0), vote.get("contrari", 0), vote.get("astenuti", 0)),
        correction=(correction.get("frase", 0), correction.get("testo", ""), correction.get("motivo", "")),
        objection=told.get("obiezione", ""),
    )


def _sentence(told: dict[str, Any]) -> SentenceTold:
    wording = Wording(text=told["testo"], who=told.get("chi", ""), first_step=told.get("primo_passo", ""), due=told.get("entro", ""))
    return SentenceTold(SECTIONS[told["sezione"]], wording, tuple(told["prove"]))
