"""How a contact with the centre ended: its failures, each with words of its own, and what is kept of the last one for the screen."""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from sync import transport
from sync.exchange import GivesNoEnd, Outcome, PeerProblem, Stopped
from sync.parcel import ParcelUnusable
from workshop.domain.profiles import Sent, sent_of
from workshop.domain.refusal import Refusal, Sort
from workshop.private.settings_kept import keep_setting, setting

LAST: Final = "last_contact"


class ContactFailed(Refusal):
    """Base: the contact ended early; nothing is lost, the next one goes on. Detail: detail (what the line said)."""

    sort = Sort.OUT_OF_STEP


class CentreOutOfReach(ContactFailed): ...


class CentreIsSilent(ContactFailed): ...


class LineWasCut(ContactFailed): ...


class LoginPageInBetween(ContactFailed): ...


class CentreHasMoved(ContactFailed): ...


class CertificateNotTrusted(ContactFailed): ...


class CentreIsBroken(ContactFailed): ...


class CentreIsBusy(ContactFailed): ...


class NotEnrolledAnyMore(ContactFailed): ...


class AnotherCentre(ContactFailed): ...


class CentreRefused(ContactFailed): ...


class NotATavoli(ContactFailed): ...


class CentreGivesNoEnd(ContactFailed): ...


class ParcelNotUsable(ContactFailed): ...


class ContactWasStopped(ContactFailed):
    """By somebody on this computer."""


FAILURES: Final[dict[type[PeerProblem], type[ContactFailed]]] = {
    transport.CannotReach: CentreOutOfReach,
    transport.NoAnswer: CentreIsSilent,
    transport.LineCut: LineWasCut,
    transport.LoginPage: LoginPageInBetween,
    transport.Moved: CentreHasMoved,
    transport.NotTrusted: CertificateNotTrusted,
    transport.PeerBroken: CentreIsBroken,
    transport.PeerBusy: CentreIsBusy,
    transport.NotEnrolled: NotEnrolledAnyMore,
    transport.RefusedThere: CentreRefused,
    transport.AnotherPeer: AnotherCentre,
    transport.NotOurProtocol: NotATavoli,
    Stopped: ContactWasStopped,
    GivesNoEnd: CentreGivesNoEnd,
    ParcelUnusable: ParcelNotUsable,
}


FAILURE_NAMED: Final = {failure.__name__: failure for failure in FAILURES.values()}


@dataclass(frozen=True, slots=True)
class Contact:
    """What became of a contact, for the screen and the command line."""

    at: str  # UTC, to the minute
    sent: int = 0
    received: int = 0
    identical: bool = False
    refused: tuple[tuple[str, str], ...] = ()  # (hash, why)
    held: int = 0  # of those sent: kept there, and not used before somebody looks at them
    bodies: dict[str, int] = field(default_factory=dict)  # how many left, by kind
    sealed: int = 0  # how many left closed, for who organises alone
    photos: dict[str, int] = field(default_factory=dict)  # sent, received, waiting, refused, cut
    registrations: dict[str, Any] = field(default_factory=dict)  # here, unread, problem
    problem: str = ""  # the name of a ContactFailed: the contact ended early
    detail: str = ""

    @property
    def left(self) -> Sent:
        """What left this computer, in things that people know."""
        return sent_of(self.bodies)

    @property
    def was_stopped(self) -> bool:
        return self.problem == ContactWasStopped.__name__

    @property
    def failure(self) -> ContactFailed | None:
        """For `describe`, which has the words."""
        return FAILURE_NAMED[self.problem]("centre", detail=self.detail) if self.problem in FAILURE_NAMED else None

    @property
    def names_failure(self) -> ContactFailed | None:
        """Why the registrations did not come through."""
        named = FAILURE_NAMED.get(self.registrations.get("problem", ""))
        return named("centre", detail="") if named else None


def last_contact(private: Connection) -> Contact | None:
    return _contact_in(setting(private, LAST))


def contact_with(private: Connection, neighbour_id: str) -> Contact | None:
    """The last one with a paired laptop."""
    return _contact_in(setting(private, f"contact_with:{neighbour_id}"))


def _contact_in(kept: str) -> Contact | None:
    """As another version of this program may have kept it: what this one does not know is left out."""
    known = {each.name for each in fields(Contact)}
    return Contact(**{name: value for name, value in json.loads(kept).items() if name in known}) if kept else None


def keep_contact_with(private: Connection, neighbour_id: str, contact: Contact) -> None:
    keep_setting(private, f"contact_with:{neighbour_id}", json.dumps(asdict(contact)))


def keep_contact(private: Connection, contact: Contact) -> None:
    keep_setting(private, LAST, json.dumps(asdict(contact)))


def contact_of(outcome: Outcome) -> Contact:
    failure = outcome.problem and failure_of(outcome.problem)
    refused = tuple((each.hash, each.why) for each in outcome.refused)
    told = (type(failure).__name__, str(failure.detail["detail"])) if failure else ("", "")
    contact = Contact(_now(), outcome.sent, outcome.received, outcome.identical, refused, outcome.held, dict(outcome.bodies))
    return replace(contact, sealed=outcome.sealed, problem=told[0], detail=told[1])


def failure_of(problem: PeerProblem) -> ContactFailed:
    return FAILURES.get(type(problem), CentreRefused)("centre", detail=problem.detail)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
