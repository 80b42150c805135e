"""Temporary movements: court, A&E and escorts. From where, whose authority, and in what order things are said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.refusals import Refused
from pathways.codes import Act, LeaveEnd, MovementKind

HOSPITAL = "hospital"
# Who can be produced at court, sent to A&E or taken somewhere, and comes back there.
TAKEN_FROM = frozenset({"prison", "removal_centre", HOSPITAL})


@dataclass(frozen=True)
class Movement:
    """One kind. `while_on`: where somebody is meanwhile. `act`: what it is by law from a hospital; None: no leave.

    `is_planned`: whether it can be known beforehand.
    """

    while_on: str
    act: Act | None
    is_planned: bool


# Section 17 is leave of a patient from a hospital, so from prison none of these is (Mental Health Act 1983 s17(1)).
# From hospital a restricted person is away only as section 41(3)(c)(i) has it, at court too (domain.md 1.5; decision
# record 20). An emergency asks nobody first. An escort to anywhere else is escorted leave by another name.
MOVEMENTS: dict[str, Movement] = {
    MovementKind.COURT: Movement("At court", Act.COURT_ATTENDANCE, True),
    MovementKind.EMERGENCY: Movement("At A&E", None, False),
    MovementKind.ESCORT: Movement("Out under escort", Act.ESCORTED_LEAVE, True),
}
# What may be planned. Nobody knows of an emergency the day before.
PLANNED_KINDS = tuple(kind for kind, movement in MOVEMENTS.items() if movement.is_planned)


def act_of(kind: str, from_kind: str) -> Act | None:
    """Whose authority is asked about as what, by the kind of movement and of the service it is from."""
    return MOVEMENTS[kind].act if from_kind == HOSPITAL else None


def check_said(kind: str, to_where: str, purpose: str) -> None:
    """One of the kinds, with where to and what for."""
    if kind not in MOVEMENTS:
        raise Refused("Choose the kind of movement from the list.", "kind")
    if not to_where.strip():
        raise Refused("Say where they went.", "to_where")
    if not purpose.strip():
        raise Refused("Say what it was for.", "purpose")


def check_can_be_planned(kind: str) -> None:
    """Nobody plans an emergency; a visit to hospital that was arranged is another movement."""
    if not MOVEMENTS[kind].is_planned:
        raise Refused(
            "A visit to A&E is not planned. For an appointment at a hospital choose an escorted movement.",
            "kind",
        )


def check_plan(planned_from: datetime, due_back_at: datetime | None, *, now: datetime) -> None:
    """A plan is about what is to come, and says until when, in that order."""
    if due_back_at is None:
        raise Refused("Say when they are expected back.", "due_back")
    check_due(planned_from, due_back_at)
    if due_back_at <= now:
        raise Refused("That is over. Record the movement instead of planning it.", "due_back")


def check_taken_from(placement: Any, *, service_id: int | None = None) -> None:
    """A movement is from a prison or a hospital, and back there. `service_id`: the one that it is recorded from."""
    if placement is None or placement.service is None or placement.service.kind not in TAKEN_FROM:
        raise Refused("The person was neither in a prison nor in a hospital then. Check when they left.")
    if service_id not in (None, placement.service_id):
        raise Refused("They were somewhere else then. Remove this one, and record that one from there.")


def check_comes_back(how: str) -> None:
    """Nobody is recalled from court: they are back, or they are not."""
    if how == LeaveEnd.RECALLED:
        raise Refused("A movement ends with the return. Choose that.", "how")


def moved_after(placements: Iterable[Any], left_at: datetime, service_id: int) -> datetime | None:
    """When somebody moved away from the service after they were taken out of it, or None. Wards do not count."""
    later = (one for one in placements if one.during.lower > left_at and one.service_id != service_id)
    return min((one.during.lower for one in later), default=None)


def check_within_stay(until: datetime | None, *, moved_at: datetime | None) -> None:
    """A movement is from one place; a move from there ended it."""
    if moved_at is not None and (until is None or until > moved_at):
        raise Refused("They moved before this would have ended. Enter it as it was until the move.")


def check_may_record(service_ids: Collection[int], *, acts_for: Collection[int]) -> None:
    """It is recorded by those who have the person, or have them on trial leave."""
    if not set(service_ids) & set(acts_for):
        raise Refused("Only the prison or hospital that has the person can record this.")


def check_due(left_at: datetime, due_back_at: datetime | None) -> None:
    """Nobody is expected back before they left."""
    if due_back_at is not None and due_back_at <= left_at:
        raise Refused("They must be expected back after they left.", "due_back")
