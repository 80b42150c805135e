"""What happened to a transfer, newest first, in words that name nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from core.pages import in_sentence, long_date
from organisations.rules import Tier
from pathways import days
from pathways.codes import (
    Act,
    AuthorityKind,
    Elsewhere,
    LeaveEnd,
    LeaveKind,
    LegalForm,
    LiftReason,
    MhsdsLegalStatus,
    MovementKind,
    RestrictionReason,
)
from pathways.models import Event, FlagRule, KeyDate
from pathways.ready_codes import ReadyEnd, ReadyReason
from pathways.rules import Direction, SectorChange
from referrals.codes import (
    DeclineReason,
    DelayParty,
    DelayReason,
    EndReason,
    LegalSection,
    Outcome,
    StepKind,
    Urgency,
)
from referrals.models import Approach, Delay, Referral, Step
from referrals.pages.found import Sees
from referrals.pages.line_groups import of_group
from referrals.reasons import reasons_of

# Newest events of one page; older ones of a very long wait are on the person's own page.
MOST = 200

# What each kind of event is called here. A kind that is not named stands as its verb.
WORDS = {
    "referrals.requested": "Transfer asked for",
    "referrals.service_asked": "Service asked",
    "referrals.approach_withdrawn": "Service no longer asked",
    "referrals.stepped_back": "Service stepped back",
    "referrals.lead_named": "Lead named for the assessment",
    "referrals.decided": "Decision made",
    "referrals.decision_changed": "Decision changed",
    "referrals.all_declined": "Every service asked has declined",
    "referrals.bed_date_given": "Bed date given",
    "referrals.bed_date_withdrawn": "Bed date withdrawn",
    "referrals.step_recorded": "Step recorded",
    "referrals.step_corrected": "Date of a step corrected",
    "referrals.step_reopened": "Step open again",
    "referrals.step_taken_back": "Step taken back: recorded by mistake",
    "referrals.warrant_given": "Warrant given",
    "referrals.warrant_refused": "Warrant refused",
    "referrals.warrant_lapsed": "Warrant lapsed",
    "referrals.first_date_corrected": "First day corrected",
    "referrals.urgency_changed": "Urgency changed",
    "referrals.legal_basis_changed": "Legal basis changed",
    "referrals.prison_moved": "Moved to another prison",
    "referrals.hand_over_taken": "Hand-over taken: “I have it”",
    "referrals.taken_over": "Taken over by another prison",
    "referrals.delay_recorded": "Delay recorded",
    "referrals.delay_ended": "Delay ended",
    "referrals.delay_corrected": "Delay corrected",
    "referrals.delay_disputed": "Delay disputed",
    "referrals.reviewed": "Reviewed",
    "referrals.contacted": "Contact recorded",
    "referrals.admitted": "Received in hospital",
    "referrals.departure_confirmed": "Departure confirmed",
    "referrals.ended": "Ended",
    "referrals.referred": "Move asked for",
    "referrals.moved": "Moved as asked",
    "referrals.leads": "Leads among the open referrals",
    "referrals.end_undone": "End undone: recorded by mistake",
    "assessments.opened": "Assessment begun",
    "assessments.taken_over": "Assessment taken over",
    "assessments.signed": "Assessment signed",
    "assessments.corrected": "Assessment corrected",
    "assessments.accepted": "Word on the assessment",
    "assessments.question_answered": "Question on the assessment answered",
    "assessments.abandoned": "Assessment given up",
    "assessments.currency_ended": "Assessment no longer current",
    "assessments.section_confirmed": "Section of the assessment confirmed",
    "assessments.reported": "Medical report recorded",
    "assessments.report_withdrawn": "Medical report withdrawn",
    "clock.flagged": "Flag raised",
    "clock.acknowledged": "Flag acknowledged",
    "pathways.registered": "Person registered",
    "pathways.placed": "Place changed",
    "pathways.placement_corrected": "Place corrected",
    "pathways.placement_removed": "Place removed: they never came there",
    "pathways.held": "Legal status changed",
    "pathways.status_corrected": "Legal status corrected",
    "pathways.status_ended": "Legal status ended",
    "pathways.status_taken_back": "Legal status taken back: recorded by mistake",
    "pathways.renewed": "Authority to detain renewed",
    "pathways.reported_on": "Yearly report to the Ministry of Justice",
    "pathways.authorised": "Authority recorded",
    "pathways.authority_corrected": "Authority corrected",
    "pathways.authority_ended": "Authority ended",
    "pathways.unauthorised": "Without authority on record",
    "pathways.authority_settled": "Missing authority settled",
    "pathways.diagnosed": "Diagnosis recorded",
    "pathways.undiagnosed": "Diagnosis withdrawn",
    "pathways.dated": "Date recorded",
    "pathways.date_corrected": "Date corrected",
    "pathways.date_withdrawn": "Date withdrawn",
    "pathways.alerted": "Risk to staff recorded",
    "pathways.alert_withdrawn": "Risk to staff withdrawn",
    "pathways.bed_held": "Bed held",
    "pathways.bed_released": "Held bed given back",
    "pathways.bed_extended": "Hold on the bed changed",
    "pathways.bed_occupied": "In the bed",
    "pathways.bed_vacated": "Left the bed",
    "pathways.bed_taken_back": "In the bed taken back: recorded by mistake",
    "pathways.departure_expected": "Departure expected",
    "pathways.hold_ran_out": "Hold on the bed ran out",
    "pathways.kept_apart": "To be kept apart from somebody",
    "pathways.kept_apart_ended": "No longer kept apart from somebody",
    "pathways.ready": "Clinically ready to move on",
    "pathways.ready_reason_changed": "Ready, and waits for something else",
    "pathways.ready_ended": "No longer waits to move on",
    "pathways.ready_corrected": "Being ready to move on corrected",
    "pathways.ready_taken_back": "Being ready taken back: recorded by mistake",
    "pathways.bed_corrected": "Use of a bed corrected",
    "pathways.leave_planned": "Leave planned",
    "pathways.went_on_leave": "Went on leave",
    "pathways.came_back": "Came back from leave",
    "pathways.absent_without_leave": "Absent without leave",
    "pathways.leave_ended": "Leave ended by a move or death",
    "pathways.leave_cancelled": "Leave cancelled",
    "pathways.leave_corrected": "Leave corrected",
    "pathways.leave_removed": "Leave removed: they never left",
    "pathways.kept_bed_released": "Kept bed released",
    "pathways.went_out": "Went out, to come back",
    "pathways.came_back_in": "Came back",
    "pathways.movement_planned": "Court day or escort planned",
    "pathways.movement_cancelled": "Court day or escort cancelled",
    "pathways.movement_ended": "Movement ended by a move or death",
    "pathways.movement_corrected": "Movement corrected",
    "pathways.movement_removed": "Movement removed: they were never out",
    "pathways.corrected": "Record corrected",
    "pathways.access_restricted": "Access restricted",
    "pathways.restriction_lifted": "Restriction lifted",
    "pathways.staff_named": "Somebody named",
    "pathways.named_staff_removed": "Somebody no longer named",
    "pathways.died": "Died",
    "pathways.death_taken_back": "Death recorded by mistake",
}

# Each moves the version of the request on by one.
MOVE_THE_VERSION = (
    "referrals.first_date_corrected",
    "referrals.urgency_changed",
    "referrals.legal_basis_changed",
    "referrals.lead_named",
    "referrals.leads",
    "referrals.moved",
    "referrals.prison_moved",
    "referrals.admitted",
    "referrals.ended",
    "referrals.end_undone",
)

# Each moves the version of a service asked on by one.
MOVE_THE_ANSWER = (
    "referrals.decided",
    "referrals.decision_changed",
    "referrals.bed_date_given",
    "referrals.bed_date_withdrawn",
    "referrals.approach_withdrawn",
    "referrals.stepped_back",
)


@dataclass(frozen=True)
class Line:
    """One event as it is read. `late`: days from what happened to its being recorded. `corrected`: it was not so."""

    words: str
    said: str
    service: str
    by: str
    event: Event
    late: int
    corrected: bool = False


def events_of(referral: Referral, *, group: str, sees: Sees) -> list[Line]:
    """The events of a transfer and of the person while it was open, for a reader who may know who that is."""
    about = Q(about_kind="referral", about_id=referral.pk)
    if sees.identity:
        about |= Q(recorded_at__gte=referral.requested_at, occurred_at__lt=_until(referral))
    events = referral.patient.events.filter(about)
    found = list(events.filter(of_group(group)).line().select_related("by", "service")[:MOST])
    reasons, untrue = reasons_of(found, sees), _untrue(events)
    return [_line(event, reasons.get(event.pk, ""), corrected=event.pk in untrue) for event in found]


# What takes back that a step was done, or was done on a day: of the events before it, the newest of that step.
TAKE_BACK = ("referrals.step_corrected", "referrals.step_taken_back")


def _untrue(events: Any) -> set[int]:
    """The events of steps whose date was corrected, or that were recorded by mistake."""
    last: dict[str, int] = {}
    untrue = set()
    about_steps = events.filter(kind__in=("referrals.step_recorded", *TAKE_BACK)).order_by(
        "recorded_at", "pk"
    )
    for pk, kind, details in about_steps.values_list("pk", "kind", "details"):
        step = details.get("step", "")
        if kind in TAKE_BACK and step in last:
            untrue.add(last.pop(step))
        if kind != "referrals.step_taken_back":
            last[step] = pk
    return untrue


def history_of(referral: Referral, delay: Delay | None = None) -> Any:
    """The events that moved the version of a request, or of one of its delays; newest first."""
    if delay is None:
        return _newest(referral, kind__in=MOVE_THE_VERSION)
    return _newest(referral, details__delay__in=[delay.pk, delay.corrects_id])


def history_of_approach(approach: Approach) -> Any:
    """The events that moved the version of what a service asked has said; newest first."""
    return _newest(approach.referral, kind__in=MOVE_THE_ANSWER, service=approach.service_id)


def history_of_step(step: Step) -> Any:
    """What has happened to a step since it was recorded as this row has it; newest first."""
    return _newest(step.referral, details__step=step.kind, recorded_at__gt=step.recorded_at)


def _newest(referral: Referral, **about: Any) -> Any:
    events = referral.patient.events.filter(about_kind="referral", about_id=referral.pk, **about)
    return events.order_by("-recorded_at", "-pk").select_related("by", "service")


def last_of(history: Any, count: int, sees: Sees) -> list[Line]:
    """The newest of some events, as they are read."""
    found = list(history[:count])
    reasons = reasons_of(found, sees)
    return [_line(event, reasons.get(event.pk, "")) for event in found]


def _until(referral: Referral) -> Any:
    """Well after anything that can have happened, or the end of the day on which the transfer ended."""
    return days.noon((referral.ended_on or date(9000, 1, 1)) + timedelta(days=1))


def _line(event: Event, why: str, *, corrected: bool = False) -> Line:
    happened, recorded = days.london_date(event.occurred_at), days.london_date(event.recorded_at)
    return Line(
        words=WORDS.get(event.kind, _verb(event.kind)),
        said=said(event.details, event.kind, why),
        service=event.service.name if event.service else "",
        by=event.by.name if event.by else "the system",
        event=event,
        # A flag is raised by the system for the day it became true: nobody entered it late.
        late=0 if event.kind == "clock.flagged" else max(0, (recorded - happened).days),
        corrected=corrected,
    )


def _verb(kind: str) -> str:
    return kind.partition(".")[2].replace("_", " ").capitalize()


def _day(value: str) -> str:
    return long_date(date.fromisoformat(value))


def _named(choices: Any) -> Callable[[Any], str]:
    return lambda value: dict(choices.choices).get(value, "")


def _section(value: str) -> str:
    words = f"section {value[:2]}"
    return f"{words}({value[2:]})" if value[2:] else words


# Said only where a move crosses between sectors.
SECTORS_CROSSED = {
    change.value: change.label.lower().replace("nhs", "NHS")
    for change in (SectorChange.TO_INDEPENDENT, SectorChange.TO_NHS)
}
# How each detail is put in words. One not named here is for machines.
DETAILS: dict[str, Callable[[Any], str]] = {
    "step": _named(StepKind),
    "outcome": _named(Outcome),
    "tier": _named(Tier),
    "party": lambda value: f"put down to: {in_sentence(dict(DelayParty.choices).get(value, ''))}",
    "elsewhere": _named(Elsewhere),
    "leave": lambda value: _named(MovementKind if value in MovementKind.values else LeaveKind)(value),
    "leave_ended_as": _named(LeaveEnd),
    "direction": lambda value: dict(Direction.choices).get(value, "").lower(),
    "sector_change": lambda value: SECTORS_CROSSED.get(value, ""),
    "code": _named(MhsdsLegalStatus),
    "form": _named(LegalForm),
    "authority": _named(AuthorityKind),
    "acts": lambda value: ", ".join(map(_named(Act), value)),
    "kind": _named(KeyDate.Kind),
    "level": _named(FlagRule.Level),
    "day": lambda value: f"day {value}",
    "bed_on": lambda value: f"from {_day(value)}",
    "ends_on": lambda value: f"last day {_day(value)}",
    "next_on": lambda value: f"next on {_day(value)}",
    "on": lambda value: _day(value),
    "first_requested_on": lambda value: f"first requested on {_day(value)}",
    "days_entered_late": lambda value: f"entered {value} days later" if value else "",
    "days_waited": lambda value: f"after {value} days",
    "warrant_lapsed": lambda value: "application or warrant lapsed" if value else "",
    "ended_as": _named(ReadyEnd),
    "section": lambda value: dict(LegalSection.choices).get(value, ""),
}
REASONS = {
    "pathways.ready": _named(ReadyReason),
    "pathways.ready_reason_changed": _named(ReadyReason),
    "pathways.ready_corrected": _named(ReadyReason),
    "pathways.access_restricted": _named(RestrictionReason),
    "pathways.restriction_lifted": _named(LiftReason),
    "referrals.ended": _named(EndReason),
    "referrals.end_undone": _named(EndReason),
    "referrals.decided": _named(DeclineReason),
    "referrals.decision_changed": _named(DeclineReason),
    "referrals.delay_recorded": _named(DelayReason),
    "referrals.delay_ended": _named(DelayReason),
    "referrals.delay_corrected": _named(DelayReason),
}
CHANGES = {
    "referrals.urgency_changed": _named(Urgency),
    "referrals.legal_basis_changed": _section,
    "referrals.first_date_corrected": _day,
    "referrals.step_corrected": _day,
    "pathways.placement_corrected": _day,
    "pathways.date_corrected": _day,
}


def said(details: dict[str, Any], kind: str, why: str) -> str:
    """The details of an event in words, and why, as far as the reader may read that."""
    parts = [
        DETAILS[name](value) for name, value in details.items() if name in DETAILS and value not in ("", None)
    ]
    if kind in REASONS and details.get("reason"):
        parts.append(REASONS[kind](details["reason"]))
    if kind in CHANGES and "now" in details:
        parts.append(f"from {CHANGES[kind](details['before'])} to {CHANGES[kind](details['now'])}")
    parts.append(why)
    return "; ".join(part for part in parts if part)
