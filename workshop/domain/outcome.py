"""Who records the outcome of a read-back: whoever facilitates the table, or who leads in their absence."""

from workshop.domain.refusal import NotAllowed, Refusal
from workshop.domain.synthesis import Validate


class FacilitatorValidates(Refusal):
    """The table has a facilitator, and nobody said that they are away."""


def check_in_whose_place(command: Validate, by_lead: bool, has_facilitator: bool) -> None:
    """Whoever facilitates records the outcome; who leads only in their absence, which is then written in the record."""
    if by_lead and has_facilitator and not command.facilitator_away:
        raise FacilitatorValidates("facilitator_away")
    if command.facilitator_away and not by_lead:
        raise NotAllowed("facilitator_away")
