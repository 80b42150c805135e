"""Leave: what may be done about it when, what it needs, and what becomes of the bed meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.refusals import Refused
from pathways.codes import Act, Elsewhere, LeaveEnd, LeaveKind
from pathways.days import london_date
from pathways.rules.lines import Line
from pathways.rules.movements import MOVEMENTS


class Standing(StrEnum):
    """How far a leave has come."""

    PLANNED = "planned"
    AWAY = "away"
    ABSENT = "absent"
    OVER = "over"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What may be done about a leave."""

    BEGIN = "begin"
    CANCEL = "cancel"
    RETURN = "return"
    ABSENT = "absent"
    STAY = "stay"
    CORRECT = "correct"
    REMOVE = "remove"


# What each kind is called when it is asked by whose authority.
ACTS: dict[str, Act] = {
    LeaveKind.ESCORTED: Act.ESCORTED_LEAVE,
    LeaveKind.UNESCORTED: Act.UNESCORTED_LEAVE,
    LeaveKind.OVERNIGHT: Act.OVERNIGHT_LEAVE,
    LeaveKind.TRIAL: Act.TRIAL_LEAVE,
}
# By rule the bed of somebody who is out for the day stays occupied; over a night it is kept: “reserved and not
# available” (NHS Data Dictionary, hospital bed; domain.md 4.1).
KEEPS_BED = frozenset({LeaveKind.OVERNIGHT, LeaveKind.TRIAL})
# “Leave over 28 days ends the hospital provider spell” (NHS Data Dictionary; domain.md 4.1).
LONGEST_IN_SPELL = 28

NEXT: dict[Standing, tuple[Verb, ...]] = {
    Standing.PLANNED: (Verb.BEGIN, Verb.CANCEL, Verb.CORRECT),
    Standing.AWAY: (Verb.RETURN, Verb.ABSENT, Verb.STAY, Verb.CORRECT, Verb.REMOVE),
    Standing.ABSENT: (Verb.RETURN, Verb.CORRECT, Verb.REMOVE),
    Standing.OVER: (Verb.CORRECT, Verb.REMOVE),
    Standing.CANCELLED: (),
}
# Who runs away from a movement is at large, which is a place; nobody stays at court.
OF_MOVEMENTS = frozenset({Verb.BEGIN, Verb.CANCEL, Verb.RETURN, Verb.CORRECT, Verb.REMOVE})
_NOT_SO: dict[Standing, str] = {
    Standing.PLANNED: "They have not left yet. Record that first.",
    Standing.AWAY: "They have left already. Look at it again.",
    Standing.ABSENT: "They are recorded as absent without leave. Record their return.",
    Standing.OVER: "This leave is over. Look at it again.",
    Standing.CANCELLED: "This leave was cancelled. Plan another.",
}
_NOT_SO_OF_MOVEMENTS: dict[Standing, str] = {
    Standing.OVER: "This movement is over. Look at it again.",
    Standing.CANCELLED: "This movement was cancelled. Plan another.",
}


def standing_of(leave: Any) -> Standing:
    """How far a leave has come, by its row."""
    if leave.ended_as == LeaveEnd.CANCELLED:
        return Standing.CANCELLED
    if leave.during is None:
        return Standing.PLANNED
    if leave.during.upper is not None:
        return Standing.OVER
    return Standing.ABSENT if leave.absent_since else Standing.AWAY


def verbs_of(leave: Any) -> tuple[Verb, ...]:
    """What may be done about a leave now."""
    return tuple(one for one in NEXT[standing_of(leave)] if _is_for(one, leave.kind))


def _is_for(verb: Verb, kind: str) -> bool:
    if kind in MOVEMENTS:
        return verb in OF_MOVEMENTS
    return verb != Verb.STAY or kind == LeaveKind.TRIAL


def check_verb(leave: Any, verb: Verb) -> None:
    """Refuse what does not follow from how far the leave has come, or is said of what is no longer believed."""
    if leave.superseded_at is not None:
        raise Refused("That was changed since you opened the page. Look at it again.")
    if verb not in NEXT[standing_of(leave)]:
        words = _NOT_SO | _NOT_SO_OF_MOVEMENTS if leave.kind in MOVEMENTS else _NOT_SO
        raise Refused(words[standing_of(leave)])
    if verb == Verb.STAY and leave.kind != LeaveKind.TRIAL:
        raise Refused("Only trial leave becomes a stay on the other ward.")


def is_late(due_back_at: datetime | None, ended_at: datetime | None, *, now: datetime) -> bool:
    """Whether somebody came back after they were due, or is not back although they are."""
    return due_back_at is not None and (ended_at or now) > due_back_at


def in_words(leave: Any, *, now: datetime) -> str:
    """How a leave stands or ended, in a few words."""
    standing = standing_of(leave)
    if standing in (Standing.PLANNED, Standing.CANCELLED):
        return {Standing.PLANNED: "Planned", Standing.CANCELLED: "Cancelled"}[standing]
    late = is_late(leave.due_back_at, leave.during.upper, now=now)
    if standing == Standing.ABSENT:
        return "Absent without leave"
    if standing == Standing.AWAY:
        return "Late" if late else MOVEMENTS[leave.kind].while_on if leave.kind in MOVEMENTS else "On leave"
    if leave.ended_as == LeaveEnd.RETURNED and leave.absent_since:
        return "Returned after absence without leave"
    if leave.ended_as == LeaveEnd.RETURNED and late:
        return "Returned late"
    return LeaveEnd(leave.ended_as).label


def kept_from(leave: Any) -> datetime | None:
    """From when the person's bed is kept for them: from leaving, from the absence of a day's leave, or not at all."""
    if leave.during is None:
        return None
    return leave.during.lower if leave.kind in KEEPS_BED else leave.absent_since


def nights_away(left_at: datetime, ended_at: datetime | None, *, on: date) -> int:
    """Days of leave by the NHS rule: the day they left counts, the day they came back does not."""
    last = london_date(ended_at) if ended_at else on
    return max(0, (last - london_date(left_at)).days)


def ends_spell(left_at: datetime, ended_at: datetime | None, *, on: date) -> bool:
    """Whether the leave lasts so long that the hospital provider spell has ended by it."""
    return nights_away(left_at, ended_at, on=on) > LONGEST_IN_SPELL


BACK = frozenset({LeaveEnd.RETURNED, LeaveEnd.RECALLED})
_BY_PLACE: dict[str, LeaveEnd] = {Elsewhere.DIED: LeaveEnd.DIED, Elsewhere.AT_LARGE: LeaveEnd.NOT_RETURNED}


@dataclass(frozen=True)
class Ending:
    """When a leave ended and as what, by a line of places. Open: neither. `ended_as` None: it cannot have been."""

    at: datetime | None
    ended_as: str | None


def ending_by(leave: Any, line: Line, *, is_back: bool | None = None) -> Ending:
    """How a line of places ends a leave that was taken: with the next move, unless the person was back before it.

    A move to another ward of the hospital after leave is over, or during one from which they are back, ends nothing;
    nor does one while they are at court or A&E. `is_back`: as the row has it, unless said.
    """
    left_at, ended_at = leave.during.lower, leave.during.upper
    here = next((stay for stay in reversed(line) if stay.since <= left_at), None)
    if here is None or here.place.service_id != leave.service_id:
        return Ending(None, None)
    is_back = leave.ended_as in BACK if is_back is None else is_back
    stays_there = is_back or leave.kind in MOVEMENTS
    later = (
        stay
        for stay in line
        if stay.since > left_at and not (stays_there and stay.place.service_id == leave.service_id)
    )
    moved = next(later, None)
    if is_back and (moved is None or moved.since >= ended_at):
        return Ending(ended_at, leave.ended_as)
    if moved is None:
        return Ending(None, "")
    return Ending(moved.since, _BY_PLACE.get(moved.place.elsewhere, LeaveEnd.MOVED))


def check_kind(kind: str, to_ward: Any, from_ward_id: int | None) -> None:
    """One of the kinds; trial leave is to a ward, and to another."""
    if kind not in LeaveKind.values:
        raise Refused("Choose the kind of leave from the list.", "kind")
    if (kind == LeaveKind.TRIAL) != (to_ward is not None):
        raise Refused("Choose the ward that the person goes to on trial.", "to_ward")
    if to_ward is not None and to_ward.pk == from_ward_id:
        raise Refused("They are on that ward already. Choose another.", "to_ward")


def check_plan(planned_from: datetime, due_back_at: datetime | None, *, now: datetime) -> None:
    """A plan is about what is to come, and says until when, in that order."""
    if due_back_at is None:
        raise Refused("Say when they are due back.", "due_back")
    if due_back_at <= planned_from:
        raise Refused("They must be due back after they leave.", "due_back")
    if due_back_at <= now:
        raise Refused("That is over. Record the leave instead of planning it.", "due_back")


def check_back_before(away: Any, planned_from: datetime) -> None:
    """Nobody leaves who, as far as is agreed, is still away. What has happened is held against no plan."""
    if away is not None and planned_from in away.claimed:
        raise Refused("They are on leave until then. Plan it for after they are due back.", "planned_on")


def check_on_ward(placement: Any) -> None:
    """Leave is from a hospital."""
    if placement is None or placement.service is None or placement.service.kind != "hospital":
        raise Refused("The person is not in a hospital, so there is no leave to give.")


def check_within_stay(until: datetime | None, *, stay_ended_at: datetime | None) -> None:
    """A leave is from one stay; what ended that ended the leave."""
    if stay_ended_at is not None and (until is None or until > stay_ended_at):
        raise Refused("They moved before this leave would have ended. Enter it as it was until the move.")


def check_may_give_leave(service_ids: Collection[int], *, acts_for: Collection[int]) -> None:
    """Leave is given and recorded by the hospital that has the person, or by the ward that has them on trial."""
    if not set(service_ids) & set(acts_for):
        raise Refused("Only the hospital that has the person, or has them on trial, can record this.")


def check_return(at: datetime, *, left_at: datetime, absent_since: datetime | None = None) -> None:
    """Nobody is back before they left, nor before they were missed."""
    if at <= left_at:
        raise Refused("The return must be after the leaving. Enter both times.", "at_time")
    if absent_since is not None and at <= absent_since:
        raise Refused("They are recorded as absent from a later time. Check the return.", "at_time")


def check_absence(since: datetime, *, left_at: datetime) -> None:
    """Somebody is absent without leave after they left."""
    if since <= left_at:
        raise Refused("The absence must be after the leaving. Enter the time.", "at_time")


def check_trial_bed(bed: Any, to_ward_id: int | None, *, may_give: bool) -> None:
    """The bed is on the ward of the trial, and given by whose it is: by hand, or by holding it for the person."""
    if bed is None or bed.ward_id != to_ward_id:
        raise Refused("Choose a bed of the ward that they go to.", "bed")
    if not may_give:
        raise Refused("Ask the other ward to hold this bed for the person first, or to record this.", "bed")


def check_not_away(leave: Any) -> None:
    """Somebody whose bed is kept does not take another while they are on leave."""
    if leave is not None and kept_from(leave) is not None:
        raise Refused("This person is on leave. Record their return, or that they stay there, first.")


# What is said of how a leave ended that is put right: that they came back, were called back, or did neither.
NOT_BACK = "not_back"
HOW_ENDED = (LeaveEnd.RETURNED, LeaveEnd.RECALLED, NOT_BACK)


def how_it_ended(leave: Any) -> str:
    """Which of these stands; empty while it goes on."""
    return leave.ended_as if leave.ended_as in (*BACK, "") else NOT_BACK


def check_end_can_be_said(leave: Any, how: str, returned_at: datetime | None) -> None:
    """Only of what has ended, and a time only of a return. When a move ended it, the move says."""
    if how not in ("", *HOW_ENDED):
        raise Refused("Choose how it ended from the list.", "how")
    if leave.ended_as == "" and (how or returned_at):
        raise Refused("They are not back yet. Record the return instead.", "back_on")
    if returned_at is not None and (how or how_it_ended(leave)) == NOT_BACK:
        raise Refused(
            "It ended with a move or a death. Put that right instead, or say that they came back before it.",
            "back_on",
        )


def check_bed_of_trial(bed: Any, to_ward: Any) -> None:
    """Refuse somebody on trial a bed of another ward than that of the trial."""
    if bed.ward_id != to_ward.pk:
        raise Refused(f"They are on trial on {to_ward.name} ward. Choose a bed of that ward.", "bed")


def check_not_on_trial(*, is_on_trial: bool) -> None:
    """Refuse leave from a ward on which somebody is on trial, which is itself a leave."""
    if is_on_trial:
        raise Refused(
            "They are on trial leave for part of this time. Record an outing from there as an escort, or say first "
            "that they are back."
        )


def check_kept(use: Any) -> None:
    """Only a bed that is kept for somebody can be released."""
    if use.purpose != "leave" or use.superseded_at is not None or use.during.upper is not None:
        raise Refused("That bed is not kept for anybody any more.")
