"""What people do in the days of the state machine: cards, moves, titles, dots, sentences; and their phones send again."""

from collections import Counter
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from tests.sync.computers import CENTRE, Computer, Day, Said
from tests.sync.streams import new_id
from workshop.domain.cluster import LOOSE, PARKED, MoveCards, TitleCluster
from workshop.domain.contribution import AddContribution, CardIsGone, CorrectContribution, Kind, LeaveOut, WithdrawContribution
from workshop.domain.dots import BallotIsClosed, CastDots
from workshop.domain.people import Actor, Role
from workshop.domain.refusal import IdAlreadyUsed, NotAllowed, NotFound, Refusal
from workshop.domain.sentence import AddSentence, RewriteSentence, Section, Wording
from workshop.record.queries.fields import versions_shown

laptops, centres = Bundle("laptops"), Bundle("centres")
places: Final = st.one_of(laptops, centres)
texts: Final = st.sampled_from(["Un parco", "Più ombra 🌳", "أحتاج إلى وقت", "x" * 280])
OF_THE_DAY: Final = (NotFound, CardIsGone, BallotIsClosed, NotAllowed)  # the thing has not come here yet, or is not for here


class PeopleAtWork(RuleBasedStateMachine):
    """`kept`: all that anybody was told is kept; `carried`: how often each command was carried out, by places that had not heard of it."""

    def __init__(self, day: Day) -> None:
        super().__init__()
        self.day = day
        self.kept: dict[str, Said] = {}
        self.carried: Counter[str] = Counter()
        self.erased: set[str] = set()  # cards
        self.waiting: list[tuple[Computer, Said]] = []  # refused after a restore: people still hold it
        self.of_no_use: set[str] = set()
        self.voters = [self._a_phone() for _ in range(2)]

    @rule(at=places, text=texts)
    def a_card(self, at: Computer, text: str) -> None:
        """From a phone that was not heard before: nobody's quota is used up."""
        told = {"work_table_id": self.day.table, "step_id": self.day.steps["scrivi"], "kind": Kind.NEED, "text": text}
        self._do(at, self._a_phone(), AddContribution, **told)

    @rule(at=places, data=st.data())
    def a_card_is_written_better(self, at: Computer, data: st.DataObject) -> None:
        if card := self._a_card_said_at(at, data):
            seen = self._seen(at, card.id, "text")
            self._do(at, card.actor, CorrectContribution, contribution_id=card.id, text="Un parco grande", replaces=seen)

    @rule(at=places, data=st.data())
    def a_card_is_withdrawn(self, at: Computer, data: st.DataObject) -> None:
        if card := self._a_card_said_at(at, data):
            self._do(at, card.actor, WithdrawContribution, contribution_id=card.id)

    @rule(at=places, data=st.data(), place=st.sampled_from([LOOSE, PARKED, "cluster"]))
    def a_card_is_moved(self, at: Computer, data: st.DataObject, place: str) -> None:
        """Two apart leave two places side by side."""
        if card := self._any_card(data):
            seen = self._seen(at, card.id, "place")
            there = self.day.cluster if place == "cluster" else place
            self._do(at, self.day.scribe, MoveCards, work_table_id=self.day.table, contribution_ids=(card.id,), place=there, replaces=seen)

    @rule(at=places, data=st.data())
    def a_newer_program_leaves_a_card_out(self, at: Computer, data: st.DataObject) -> None:
        """Older programs hold that, pass it on, and use it once they are renewed."""
        if not at.lacks and (card := self._a_card_said_at(at, data)):
            self._do(at, self.day.scribe, LeaveOut, contribution_id=card.id, reason="Ne parla un altro tavolo")

    @rule(at=places, title=st.sampled_from(["Bagni", "Strade", "Tempo"]))
    def a_title(self, at: Computer, title: str) -> None:
        seen = self._seen(at, self.day.cluster, "title")
        self._do(at, self.day.scribe, TitleCluster, cluster_id=self.day.cluster, title=title, replaces=seen)

    @rule(at=laptops, who=st.integers(0, 1), dots=st.integers(0, 2))
    def a_vote(self, at: Computer, who: int, dots: int) -> None:
        """The same two people, at whichever laptop: each has one vote, the last. The ballot's key is in the rooms, not at the centre."""
        told = {"work_table_id": self.day.table, "step_id": self.day.steps["bollini"], "dots": {self.day.cluster: dots} if dots else {}}
        self._do(at, self.voters[who], CastDots, **told)

    @rule(at=places, text=texts)
    def a_sentence(self, at: Computer, text: str) -> None:
        told = {"synthesis_id": self.day.table, "section": Section.CONVERGENCES, "wording": Wording(text=text)}
        self._do(at, self.day.scribe, AddSentence, **told)

    @rule(at=places, data=st.data(), text=texts)
    def a_sentence_is_rewritten(self, at: Computer, data: st.DataObject, text: str) -> None:
        if sentence := self._one_of(data, AddSentence):
            seen = self._seen(at, sentence.id, "wording")
            self._do(at, self.day.scribe, RewriteSentence, sentence_id=sentence.id, wording=Wording(text=text), replaces=seen)

    @rule(at=places, data=st.data())
    def a_phone_sends_again(self, at: Computer, data: st.DataObject) -> None:
        """Its answer was lost; or it has come to another computer. Nobody votes at the centre."""
        said = self._one_of(data)
        if said and not (isinstance(said.command, CastDots) and at.seed == CENTRE):
            self._send(at, said)

    def _send(self, at: Computer, said: Said, refused: tuple[type[Refusal], ...] = OF_THE_DAY) -> bool:
        """The same bytes: done once here, whatever this place knows. A body that did not travel cannot be compared: then it says so."""
        if isinstance(said.command, LeaveOut) and at.lacks:
            return False
        known = [entry for entry in at.entries(self.day.process_id) if entry.head.cause == said.id]
        try:
            receipt = at.do(said)
        except refused:
            assert not known
            return False
        except IdAlreadyUsed:
            assert any(entry.body_bytes is None for entry in known)
            return True
        assert receipt.first_time is not bool(known)
        self.carried[said.id] += receipt.first_time
        return True

    def _send_what_waits(self) -> None:
        """What was about a thing that was not here, and is now. Nothing is done any more to a card that was withdrawn or erased."""
        for at, said in self.waiting:
            if not self._is_erased(said) and not self._send(at, said, (CardIsGone,)):
                self.of_no_use.add(said.id)

    def _do(self, at: Computer, who: Actor, wish: Any, **fields: Any) -> None:
        said = Said(wish(command_id=new_id(), process_id=self.day.process_id, **fields), who)
        try:
            at.do(said)
        except OF_THE_DAY:
            assert said.id not in {entry.head.cause for entry in at.entries(self.day.process_id)}
            return
        self.kept[said.id] = said
        self.carried[said.id] = 1

    def _one_of(self, data: st.DataObject, wish: type = object) -> Said | None:
        """Something that was kept, but for words that were taken back."""
        found = [each for each in self.kept.values() if isinstance(each.command, wish) and not self._is_erased(each)]
        return data.draw(st.sampled_from(found)) if found else None

    def _any_card(self, data: st.DataObject) -> Said | None:
        return self._one_of(data, AddContribution)

    def _a_card_said_at(self, at: Computer, data: st.DataObject) -> Said | None:
        found = [each for each in at.said if isinstance(each.command, AddContribution) and not self._is_erased(each)]
        return data.draw(st.sampled_from(found)) if found else None

    def _is_erased(self, said: Said) -> bool:
        command: Any = said.command
        about = {said.id, getattr(command, "contribution_id", ""), *getattr(command, "contribution_ids", ())}
        return bool(about & self.erased)

    def _seen(self, at: Computer, thing: str, field: str) -> tuple[str, ...]:
        shown = at.room.ask(versions_shown, [thing], field).get((thing, field), [])
        return tuple(version.id for version in shown)

    def _a_phone(self) -> Actor:
        table = frozenset({self.day.table})
        return Actor(role=Role.PARTICIPANT, id=new_id(), meeting_id=self.day.meeting_id, tables=table)
