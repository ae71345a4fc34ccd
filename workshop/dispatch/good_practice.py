"""What the rules of good practices need to be loaded: whether it is still there."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.good_practice import (
    AddGoodPractice,
    ChangeGoodPractice,
    RemoveGoodPractice,
    add_good_practice,
    change_good_practice,
    remove_good_practice,
)
from workshop.domain.permissions import permit
from workshop.record.queries.good_practices import the_good_practice


@handles(AddGoodPractice)
def _(command: AddGoodPractice, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return add_good_practice(command)


@handles(ChangeGoodPractice)
def _(command: ChangeGoodPractice, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return change_good_practice(command, the_good_practice(load.connection, command.good_practice_id).is_gone)


@handles(RemoveGoodPractice)
def _(command: RemoveGoodPractice, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return remove_good_practice(command, the_good_practice(load.connection, command.good_practice_id).is_gone)
