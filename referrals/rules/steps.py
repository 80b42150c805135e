"""The checklist: which step needs which, who records it, and what is needed next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from accounts.rights import Right
from core.refusals import Refused
from organisations.actor import Actor
from pathways.days import london_date
from referrals.codes import StepKind

# Which step wants which first (design.md, “A prison transfer”). Prompts, but where BLOCKED_BY_LAW says otherwise.
NEEDS: dict[StepKind, frozenset[StepKind]] = {
    StepKind.REPORT_REQUESTED: frozenset(),
    StepKind.FIRST_REPORT: frozenset({StepKind.REPORT_REQUESTED}),
    StepKind.SERVICES_ASKED: frozenset({StepKind.REPORT_REQUESTED}),
    StepKind.ASSESSMENT: frozenset({StepKind.SERVICES_ASKED}),
    StepKind.DECISION: frozenset({StepKind.ASSESSMENT}),
    StepKind.SECOND_REPORT: frozenset({StepKind.FIRST_REPORT}),
    StepKind.BED_DATE: frozenset({StepKind.DECISION}),
    StepKind.APPLICATION: frozenset({StepKind.FIRST_REPORT, StepKind.SECOND_REPORT, StepKind.BED_DATE}),
    StepKind.WARRANT: frozenset({StepKind.APPLICATION}),
    StepKind.ESCORT: frozenset({StepKind.WARRANT}),
    StepKind.LEFT: frozenset({StepKind.WARRANT}),
    StepKind.RECEIVED: frozenset({StepKind.WARRANT}),
}

# Mental Health Act 1983 s47(1), s48(1): the Secretary of State acts on reports by two doctors; s47(2): nobody leaves
# prison for a hospital, or is received there, without a warrant in force. Nothing else stops anyone recording.
BLOCKED_BY_LAW = frozenset({StepKind.APPLICATION, StepKind.WARRANT, StepKind.LEFT, StepKind.RECEIVED})


class Side(StrEnum):
    """Which end of a transfer does a step."""

    PRISON = "prison"
    HOSPITAL = "hospital"
    EITHER = "either"


@dataclass(frozen=True)
class Owner:
    """Who does a step, in words; from which end it is recorded; and the rights any one of which allows it."""

    words: str
    side: Side
    rights: frozenset[Right]


def _owner(words: str, side: Side, *rights: Right) -> Owner:
    return Owner(words, side, frozenset(rights))


OWNERS: dict[StepKind, Owner] = {
    StepKind.REPORT_REQUESTED: _owner("Prison healthcare", Side.PRISON, Right.REQUEST_TRANSFER),
    StepKind.FIRST_REPORT: _owner("The first doctor", Side.PRISON, Right.RECORD_REPORT, Right.RECORD_STEP),
    StepKind.SERVICES_ASKED: _owner(
        "Prison liaison or the case manager", Side.PRISON, Right.REQUEST_TRANSFER, Right.TRIAGE
    ),
    StepKind.ASSESSMENT: _owner("The lead assessing service", Side.HOSPITAL, Right.SIGN_ASSESSMENT),
    StepKind.DECISION: _owner("Each service asked", Side.HOSPITAL, Right.DECIDE),
    StepKind.SECOND_REPORT: _owner("The second doctor", Side.EITHER, Right.RECORD_REPORT, Right.RECORD_STEP),
    StepKind.BED_DATE: _owner("The accepting service", Side.HOSPITAL, Right.OFFER_BED),
    StepKind.APPLICATION: _owner("Prison healthcare", Side.PRISON, Right.RECORD_STEP),
    StepKind.WARRANT: _owner("The Secretary of State", Side.EITHER, Right.RECORD_WARRANT),
    StepKind.ESCORT: _owner("The prison", Side.PRISON, Right.RECORD_STEP),
    StepKind.LEFT: _owner("The prison", Side.PRISON, Right.RECORD_STEP),
    StepKind.RECEIVED: _owner("The hospital", Side.HOSPITAL, Right.ADMIT),
}

# Recorded as a date and nothing more. The two reports among them, so that a liaison officer can give date and doctor.
SIMPLY_DATED = frozenset(
    {StepKind.FIRST_REPORT, StepKind.SECOND_REPORT, StepKind.APPLICATION, StepKind.ESCORT, StepKind.LEFT}
)


def board_columns() -> list[StepKind]:
    """The columns of the board, in the order of the checklist: a transfer stands under its first unmet need."""
    return list(StepKind)


def first_unmet(done: Collection[str]) -> StepKind | str:
    """The first step of the checklist that is not done, or an empty string once every one is.

    Nobody books an escort for a person who has left.
    """
    over = {StepKind.ESCORT} if StepKind.LEFT in done else set()
    return next((kind for kind in StepKind if kind not in done and kind not in over), "")


def missing_before(kind: str, done: Collection[str]) -> list[StepKind]:
    """What a step wants first and has not got, in the order of the checklist."""
    return [need for need in StepKind if need in NEEDS[StepKind(kind)] and need not in done]


def check_law(kind: str, done: Collection[str]) -> None:
    """Refuse a step that the law does not allow yet. A prompt never refuses."""
    missing = missing_before(kind, done)
    if kind in BLOCKED_BY_LAW and missing:
        wanted = ", ".join(need.label[0].lower() + need.label[1:] for need in missing)
        raise Refused(f"This can't be recorded before: {wanted}.")


def acts_for(by: Actor, *service_ids: int | None) -> bool:
    """Whether somebody works at one of some services. A job of the installation acts for all of them."""
    return bool(by.job) or any(by.works_at(service_id) for service_id in service_ids)


def check_recorder(kind: str, *, prison_id: int, hospital_ids: Collection[int], by: Actor) -> None:
    """Refuse somebody who is not at the end of the transfer where the step is done."""
    side = OWNERS[StepKind(kind)].side
    at_prison, at_hospital = acts_for(by, prison_id), acts_for(by, *hospital_ids)
    if side == Side.PRISON and not at_prison:
        raise Refused("The prison that has the person records this step.")
    if side == Side.HOSPITAL and not at_hospital:
        raise Refused("A service that has been asked records this step.")
    check_concerned(prison_id=prison_id, hospital_ids=hospital_ids, by=by)


def check_done_on(on: date, *, first_day: date, today: date) -> None:
    """Refuse a date on which the step can't have been done: after today, or before the first request."""
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < first_day:
        raise Refused("The date is before the day a medical report was first requested.", "on")


def check_booked_for(kind: str, for_on: date | None, *, booked_on: date) -> None:
    """Refuse a day for a step that is not booked for one, and one before the booking."""
    if for_on is None:
        return
    if kind != StepKind.ESCORT:
        raise Refused("Only an escort is booked for a day.", "for_on")
    if for_on < booked_on:
        raise Refused("The escort comes on or after the day it was booked.", "for_on")


def check_simply_dated(kind: str, words: str, first_doctor: str) -> None:
    """Refuse a step that has an act of its own, a report without its doctor, and one doctor twice."""
    if kind not in SIMPLY_DATED:
        raise Refused("This step is recorded by what happens, not by a date alone.")
    if kind in (StepKind.FIRST_REPORT, StepKind.SECOND_REPORT) and not words.strip():
        raise Refused("Enter the doctor's name.", "words")
    if kind == StepKind.SECOND_REPORT and words.strip().casefold() == first_doctor.strip().casefold():
        raise Refused("The two reports must be by two different doctors.", "words")


def check_not_done(kind: str, done: Collection[str]) -> None:
    """Refuse a step that is recorded already."""
    if kind in done:
        raise Refused("That step is already recorded. Correct it with a reason instead.")


def day_left(on: date | None, at: datetime | None, *, now: datetime) -> date:
    """The London date of a day or a time given; refuse neither, and a time that has not come."""
    if at is None:
        if on is None:
            raise Refused("Enter the day.", "on")
        return on
    if at > now:
        raise Refused("The time must be in the past.", "at")
    return london_date(at)


def check_step_correction(kind: str, why: str, *, superseded: bool) -> None:
    """Refuse a correction without a reason, of what no longer holds, and of steps whose date is another row's."""
    if superseded:
        raise Refused("That step no longer holds. Open the transfer again.")
    if kind not in SIMPLY_DATED:
        raise Refused("Correct what this step came from instead.")
    if not why.strip():
        raise Refused("Say why the date is corrected.", "why")


def check_concerned(*, prison_id: int, hospital_ids: Collection[int], by: Actor) -> None:
    """Refuse somebody from neither end of the transfer, unless they are its case manager."""
    if not (acts_for(by, prison_id, *hospital_ids) or by.has(Right.TRIAGE)):
        raise Refused("Only the prison, the services asked and the case manager can record this.")
