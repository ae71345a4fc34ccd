"""Why a command was not carried out. A refusal carries facts, never sentences: `web/wording.py` has the words."""

from enum import StrEnum
from typing import ClassVar


class Sort(StrEnum):
    """What the person can do about it; the web maps each sort to one HTTP status."""

    UNREADABLE = "unreadable"  # 422: correct what you wrote
    FORBIDDEN = "forbidden"  # 403: somebody else may do it
    UNKNOWN = "unknown"  # 404: there is no such thing
    OUT_OF_STEP = "out_of_step"  # 409: not now, or not any more
    TOO_MUCH = "too_much"  # 413
    SLOW_DOWN = "slow_down"  # 503: the same again in a moment
    TOO_OFTEN = "too_often"  # 429: wait some minutes
    NO_SPACE = "no_space"  # 507: somebody must look at the disk, then the same again
    WHO_ARE_YOU = "who_are_you"  # 401: enter with your code


class Refusal(Exception):
    """Base of all refusals: nothing was changed. `detail` is what the sentence needs (limits, names of fields)."""

    sort: ClassVar[Sort] = Sort.UNREADABLE

    def __init__(self, field: str = "", **detail: object) -> None:
        super().__init__(type(self).__name__)
        self.field = field
        self.detail = detail


class NotAllowed(Refusal):
    """The actor's role or reach does not allow this action."""

    sort = Sort.FORBIDDEN


class NotFound(Refusal):
    """No thing of that id in this record."""

    sort = Sort.UNKNOWN


class SignInFirst(Refusal):
    """Nobody in particular asks for what only somebody may do."""

    sort = Sort.WHO_ARE_YOU


class IdAlreadyUsed(Refusal):
    """The same id came with another content or from another person."""

    sort = Sort.OUT_OF_STEP


class MoveNotAllowed(Refusal):
    """A state machine has no such move. Detail: noun, before, after."""

    sort = Sort.OUT_OF_STEP


class TextMissing(Refusal):
    """A compulsory text is empty. Detail: least."""


class TextTooShort(Refusal):
    """Detail: least (characters), length."""


class TextTooLong(Refusal):
    """Detail: most (characters), length."""


class TextUnreadable(Refusal):
    """A character that no database of ours can keep: NUL, a lone surrogate, a control character."""


class NumberOutOfRange(Refusal):
    """Detail: least, most."""


class NotInList(Refusal):
    """Detail: choices."""


class FieldUnknown(Refusal):
    """The form or JSON has a field that the command does not know."""


class Malformed(Refusal):
    """The input is not what the door expects (not JSON, wrong type, too deep)."""


class ReasonMissing(Refusal):
    """This act needs a reason in words."""


class ChangedMeanwhile(Refusal):
    """What the person saw is not what is there any more."""

    sort = Sort.OUT_OF_STEP
