"""A table that has written its cards, grouped them and given its dots: what a synthesis begins from."""

from dataclasses import dataclass

from tests.builders import a_card, a_cluster, a_participant, a_sentence, a_step_open, move_step
from tests.web.syntheses.place import Place
from workshop.domain.contribution import Kind
from workshop.domain.dots import CastDots
from workshop.domain.people import Actor
from workshop.domain.sentence import Section
from workshop.domain.synthesis import DeclareNoMinority, OpenReadBack

CARDS = (
    (Kind.NEED, "Servono fasciatoi e bagni puliti anche nei giardini."),
    (Kind.NEED, "I marciapiedi davanti alla scuola sono troppo stretti per due passeggini."),
    (Kind.CONCERN, "Non sono d’accordo con le strade chiuse: il negozio di mio padre ha protestato."),
    (Kind.EXPERIENCE, "In un’altra città le strade scolastiche in prova hanno funzionato 👍."),
    (Kind.PROPOSAL, "Apriamo i cortili delle scuole il sabato mattina."),
    (Kind.PROPOSAL, "Un giorno al mese con tutti gli sportelli aperti più a lungo."),
)
ARABIC = "أحتاج إلى من يشرح لي استمارات المدرسة بلغة بسيطة"


@dataclass(slots=True)
class Scene:
    people: list[Actor]
    facilitator: Actor
    cards: list[str]
    groups: list[str]


def a_scene(place: Place, facilitator: Actor, voters: int = 3) -> Scene:
    """Six cards and one in Arabic, two groups, a closed vote that ends in a tie."""
    meeting = place.meeting
    a_step_open(meeting, "scrivi")
    people = [a_participant(meeting) for _ in range(voters)]
    cards = [a_card(meeting, facilitator, text, kind=kind) for kind, text in CARDS]
    cards.append(a_card(meeting, people[0], ARABIC, kind=Kind.NEED, language="ar"))
    groups = [
        a_cluster(meeting, facilitator, "Strade e bagni per chi ha bambini", cards[:4]),
        a_cluster(meeting, facilitator, "Spazi aperti", cards[4:6]),
    ]
    step = a_step_open(meeting, "bollini")
    for who in people:
        dots = {groups[0]: 1, groups[1]: 1}
        meeting.do(CastDots, who, work_table_id=meeting.table, step_id=step, dots=dots)
    move_step(meeting, "bollini", "closed", reason="fatto")
    return Scene(people, facilitator, cards, groups)


def a_written_synthesis(place: Place, scene: Scene) -> list[str]:
    """Three sentences that tell every card; the ids. Nobody thinks otherwise, so far."""
    meeting, who = place.meeting, scene.facilitator
    said = (
        (Section.FRAME, "Il tavolo ha messo insieme ostacoli molto concreti e il bisogno di luoghi dove stare.", scene.groups),
        (Section.CONVERGENCES, "Partire da prove reversibili con una verifica a data fissa.", scene.cards[3:5]),
        (Section.CONVERGENCES, "Servono parole semplici nei moduli della scuola.", scene.cards[6:]),
    )
    ids = [a_sentence(meeting, who, text, section, evidence=tuple(behind)) for section, text, behind in said]
    meeting.do(DeclareNoMinority, who, synthesis_id=meeting.table)
    return ids


def a_reading(place: Place, scene: Scene) -> tuple[list[str], str]:
    """(sentences, read-back): the synthesis is written and being read aloud."""
    ids = a_written_synthesis(place, scene)
    return ids, place.meeting.do(OpenReadBack, scene.facilitator, synthesis_id=place.meeting.table).command_id
