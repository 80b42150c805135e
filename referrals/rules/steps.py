"""The checklist: which step needs which, who records it, and what is needed next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from accounts.rights import Right
from assessments.rules import same_doctor
from core.pages import in_sentence, long_date
from core.refusals import Refused, Stale
from organisations.actor import Actor
from pathways.days import london_date
from referrals.codes import LegalSection, StepKind

# The steps of a transfer from prison. Other kinds of referral have theirs in `kinds`.
TRANSFER_STEPS = tuple(StepKind)[: list(StepKind).index(StepKind.RECEIVED) + 1]

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
    StepKind.AGREED: frozenset({StepKind.SERVICES_ASKED}),
    StepKind.AFTERCARE: frozenset(),
    StepKind.AUTHORITY: frozenset(),
    StepKind.PLANNED: frozenset({StepKind.AUTHORITY}),
    StepKind.MOVED: frozenset({StepKind.PLANNED}),
}

# Mental Health Act 1983 s47(1), s48(1): the Secretary of State acts on reports by two doctors; s47(2): nobody leaves
# prison for a hospital, or is received there, without a warrant in force. Nothing else stops anyone recording.
BLOCKED_BY_LAW = frozenset({StepKind.APPLICATION, StepKind.WARRANT, StepKind.LEFT, StepKind.RECEIVED})


@dataclass(frozen=True)
class When:
    """When a step was done: a London date, and the instant where its time is known."""

    on: date
    at: datetime | None = None

    def is_before(self, other: "When") -> bool:
        """Whether it was sooner; on one day that can be told only where both times are known."""
        if self.on == other.on and self.at and other.at:
            return self.at < other.at
        return self.on < other.on


class Side(StrEnum):
    """Which end of a referral does a step. `prison` is the end that asks, which for other kinds is any service."""

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
    StepKind.AGREED: _owner("Those who receive the person", Side.EITHER, Right.RECORD_STEP),
    StepKind.AFTERCARE: _owner("The service that has the person", Side.PRISON, Right.RECORD_STEP),
    StepKind.AUTHORITY: _owner("The Mental Health Act office", Side.EITHER, Right.RECORD_AUTHORITY),
    StepKind.PLANNED: _owner("The service that has the person", Side.PRISON, Right.RECORD_STEP),
    StepKind.MOVED: _owner("Those who receive the person", Side.EITHER, Right.ADMIT, Right.RECORD_STEP),
}

# What can't have happened before what, where both are recorded. A step that is missing only prompts. Left out is what
# may truly be older: an assessment that is used again, and an escort booked ahead of the warrant.
NOT_BEFORE: dict[StepKind, frozenset[StepKind]] = {
    **dict.fromkeys(StepKind, frozenset({StepKind.REPORT_REQUESTED})),
    StepKind.REPORT_REQUESTED: frozenset(),
    StepKind.ASSESSMENT: frozenset(),
    StepKind.AUTHORITY: frozenset(),
    StepKind.SECOND_REPORT: frozenset({StepKind.FIRST_REPORT}),
    StepKind.APPLICATION: frozenset(
        {StepKind.FIRST_REPORT, StepKind.SECOND_REPORT, StepKind.SERVICES_ASKED, StepKind.BED_DATE}
    ),
    StepKind.WARRANT: frozenset({StepKind.APPLICATION}),
    StepKind.LEFT: frozenset({StepKind.WARRANT}),
    StepKind.RECEIVED: frozenset({StepKind.WARRANT, StepKind.LEFT}),
}

# Done again for the same transfer when another service is asked or another bed held: the first time counts.
DONE_AGAIN = frozenset({StepKind.SERVICES_ASKED, StepKind.BED_DATE})

REPORTS = (StepKind.FIRST_REPORT, StepKind.SECOND_REPORT)

# Recorded as a date and nothing more. The two reports among them, so that a liaison officer can give date and doctor.
SIMPLY_DATED = frozenset({*REPORTS, StepKind.APPLICATION, StepKind.ESCORT, StepKind.LEFT})


def board_columns() -> list[StepKind]:
    """The columns of the board, in the order of the checklist: a transfer stands under its first unmet need."""
    return list(TRANSFER_STEPS)


def missing_before(kind: str, done: Collection[str]) -> list[StepKind]:
    """What a step wants first and has not got, in the order of the checklist."""
    return [need for need in StepKind if need in NEEDS[StepKind(kind)] and need not in done]


def check_law(kind: str, done: Collection[str]) -> None:
    """Refuse a step that the law does not allow yet. A prompt never refuses."""
    missing = missing_before(kind, done)
    if kind in BLOCKED_BY_LAW and missing:
        wanted = ", ".join(in_sentence(need.label) for need in missing)
        raise Refused(f"This can't be recorded before: {wanted}.")


def acts_for(by: Actor, *service_ids: int | None) -> bool:
    """Whether somebody works at one of some services. A job of the installation acts for all of them."""
    return bool(by.job) or any(by.works_at(service_id) for service_id in service_ids)


def check_recorder(
    kind: str,
    *,
    prison_id: int,
    hospital_ids: Collection[int],
    origin: str = "prison that has the person",
    by: Actor,
) -> None:
    """Refuse somebody who is not at the end of the referral where the step is done. `origin`: see `kinds.origin_of`."""
    side = OWNERS[StepKind(kind)].side
    at_prison, at_hospital = acts_for(by, prison_id), acts_for(by, *hospital_ids)
    if side == Side.PRISON and not at_prison:
        raise Refused(f"The {origin} records this step.")
    if side == Side.HOSPITAL and not at_hospital:
        raise Refused("A service that has been asked records this step.")
    check_concerned(prison_id=prison_id, hospital_ids=hospital_ids, origin=origin, by=by)


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


def check_dates(
    kind: str, when: When, dates: Mapping[str, When], *, last_day: date | None = None, field: str = "on"
) -> None:
    """Refuse a date that contradicts another step's: before what comes first, or after what needed this.

    `dates`: the other steps recorded. `last_day`: that of the warrant under which somebody leaves (s47(2)).
    """
    for other in StepKind:
        if other not in dates or other == kind:
            continue
        if other in NOT_BEFORE[StepKind(kind)] and when.is_before(dates[other]):
            raise Refused(f"That is before {_recorded(other, dates)}. Check both dates.", field)
        if kind in NOT_BEFORE[other] and dates[other].is_before(when):
            raise Refused(f"That is after {_recorded(other, dates)}. Check both dates.", field)
    if kind == StepKind.LEFT and last_day is not None and when.on > last_day:
        raise Refused(
            f"The last day of the warrant is {long_date(last_day)}. Nobody leaves under it after that.", field
        )


def _recorded(kind: StepKind, dates: Mapping[str, When]) -> str:
    return f"“{kind.label}”, recorded on {long_date(dates[kind].on)}"


def check_simply_dated(kind: str, words: str, other_doctors: Iterable[str]) -> None:
    """Refuse a step that has an act of its own, a report without its doctor, and one doctor twice."""
    if kind not in SIMPLY_DATED:
        raise Refused("This step is recorded by what happens, not by a date alone.")
    if kind not in REPORTS:
        return
    if not words.strip():
        raise Refused("Enter the doctor's name.", "words")
    if any(same_doctor(words, other) for other in other_doctors):
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
        raise Refused("The time must be in the past.", "at_time")
    return london_date(at)


def check_step_correction(kind: str, why: str, *, superseded: bool, report_held: bool) -> None:
    """Refuse a correction without a reason, of what no longer holds, and of steps whose date is another row's."""
    if superseded:
        raise Stale
    if kind not in SIMPLY_DATED:
        raise Refused("Correct what this step came from instead.")
    if report_held:
        raise Refused(
            "The doctor's report is held here, and the date is its own. "
            "A clinician withdraws the report and records it again."
        )
    if not why.strip():
        raise Refused("Say why the date is corrected.", "why")


def stands_on(reports: Iterable[Any], doctor: str, on: date) -> bool:
    """Whether a report step stands on one of some reports: by its doctor, or by its date where nobody is named."""
    return any(
        same_doctor(doctor, report.doctor_name)
        or (not doctor and on in (report.examined_on, report.signed_on))
        for report in reports
    )


def steps_of_reports(reports: Iterable[Any], named: Collection[str]) -> dict[StepKind, tuple[date, str]]:
    """The date and doctor of each report step that reports held give; `named` steps are known by name alone.

    The first is of the earliest examination and has its date, which clocks hang on; the second that of its signature.
    """
    by_date = iter(sorted(reports, key=lambda report: (report.examined_on, report.pk)))
    found = {}
    for kind in REPORTS:
        report = next(by_date, None) if kind not in named else None
        if report is not None:
            on = report.examined_on if kind == StepKind.FIRST_REPORT else report.signed_on
            found[kind] = (on, report.doctor_name)
    return found


def first_assessed_on(step_on: date | None, reports: Iterable[Any], section: str) -> date | None:
    """The London date of the first psychiatric assessment, if there was one: that of its step, or an earlier one.

    Examined for a report of another section than that in force, the person was assessed, though that report does not
    serve. `reports`: all that are held for the transfer.
    """
    days = [report.examined_on for report in reports if report.section != section]
    return min([*days, *([step_on] if step_on else [])], default=None)


def reports_that_fall(sections: Collection[str], section: str) -> str:
    """What a change of section would mean for the reports held, in words; empty where none would fall.

    `sections`: of each report held. `section`: the one in force.
    """
    other = next(one for one in LegalSection.values if one != section)
    if section not in sections or list(sections).count(other) > 1:
        return ""
    return (
        f"if the section changes: the reports held are for section {section}; two for section {other} are needed, "
        "and the report steps open again"
    )


def check_concerned(
    *,
    prison_id: int,
    hospital_ids: Collection[int],
    origin: str = "prison that has the person",
    by: Actor,
) -> None:
    """Refuse somebody from neither end of the referral, unless they are its case manager."""
    if not (acts_for(by, prison_id, *hospital_ids) or by.has(Right.TRIAGE)):
        raise Refused(f"Only the {origin}, the services asked and the case manager can record this.")
