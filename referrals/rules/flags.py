"""Who takes a flag on: the side that it was raised for, and nobody else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.rights import Right
from core.pages import in_sentence
from core.refusals import Refused
from organisations.actor import Actor
from pathways.models import FlagRule
from referrals.rules.steps import acts_for


class FlagSide(StrEnum):
    """Who stands behind an owner of flags."""

    ENDS = "ends"  # whoever works at the prison or at a service asked
    COMMISSIONER = "commissioner"  # the case managers of the commissioner that answers for the person
    REGION = "region"  # those of NHS England's own office in the region of the prison


TAKEN_BY: dict[str, FlagSide] = {
    FlagRule.Owner.CONCERNED: FlagSide.ENDS,
    FlagRule.Owner.CASE_MANAGER: FlagSide.COMMISSIONER,
    FlagRule.Owner.COMMISSIONER: FlagSide.COMMISSIONER,
    FlagRule.Owner.REGION: FlagSide.REGION,
}


@dataclass(frozen=True)
class Sides:
    """Who stands on each side of one transfer. A region without an office of its own has nobody in `office_ids`."""

    service_ids: frozenset[int]
    commissioner_id: int | None
    office_ids: frozenset[int]


def side_of(owner: str, *, has_office: bool) -> FlagSide:
    """The side that takes on the flags of an owner; where the region has no office, the commissioner's."""
    side = TAKEN_BY[owner]
    return FlagSide.COMMISSIONER if side == FlagSide.REGION and not has_office else side


def takes_on(owner: str, sides: Sides, *, by: Actor) -> bool:
    """Whether somebody is on the side that an owner's flags wait for."""
    side = side_of(owner, has_office=bool(sides.office_ids))
    if side == FlagSide.ENDS:
        return acts_for(by, *sides.service_ids)
    if not by.has(Right.TRIAGE):
        return False
    answering = sides.office_ids if side == FlagSide.REGION else {sides.commissioner_id}
    return bool(by.commissioner_ids & answering)


def check_flags_count(ended_on: date | None) -> None:
    """Refuse to take on a flag of a transfer that has ended."""
    if ended_on is not None:
        raise Refused("This has ended. There is nothing to acknowledge.")


def check_takes_on(owner: str, sides: Sides, *, by: Actor) -> None:
    """Refuse anybody but the owner's side."""
    if not takes_on(owner, sides, by=by):
        raise Refused(
            f"This flag is for {in_sentence(FlagRule.Owner(owner).label)}, and nobody else acknowledges it."
        )


def check_some_wait(found: int) -> None:
    """Refuse to take on everything where nothing waits."""
    if not found:
        raise Refused("No flag waits for you here.")
