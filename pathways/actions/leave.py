"""Leave from plan to end: planned with the authority that it needs, begun, back, absent. Put right beside this.

Planning asks for the authority. What has happened is recorded in any case, and marked where none is on record.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import pghistory
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations.models import Bed, Service, Ward
from pathways import line, rules
from pathways.actions import authorities, beds, leave_beds, placements
from pathways.actions.leave_ends import (
    change_leave,
    close_leave,
    record_leave_event,
    show_to_ward,
)
from pathways.codes import LeaveEnd, LeaveKind
from pathways.days import at, london_date
from pathways.models import BedUse, Leave, Patient, Placement
from pathways.rules import leave as of_leave
from pathways.rules.leave import ACTS, Verb

RELEASED = "pathways.kept_bed_released"


@dataclass(frozen=True)
class Terms:
    """What was agreed about a leave: its kind, the ward of a trial, by whom, on what conditions, and until when."""

    kind: str
    to_ward: Ward | None = None
    due_back_at: datetime | None = None
    agreed_by: str = ""
    conditions: str = ""

    def columns(self) -> dict[str, Any]:
        """As the row has them."""
        return {
            "kind": self.kind,
            "to_ward": self.to_ward,
            "due_back_at": self.due_back_at,
            "agreed_by": self.agreed_by.strip(),
            "conditions": self.conditions.strip(),
        }


@action
def plan_leave(patient: Patient, *, planned_from: datetime, terms: Terms, by: Any) -> Leave:
    """Plan and authorise a leave. Without the authority that it needs on each of its days it is refused."""
    placement = _from_ward(patient, terms, since=by.at, by=by)
    of_leave.check_plan(planned_from, terms.due_back_at, now=by.at)
    of_leave.check_back_before(Leave.objects.away_of(patient), planned_from)
    rules.check_words(terms.agreed_by, "agreed_by")
    check_terms(patient, planned_from, terms)
    leave = _made(patient, placement, terms, by=by, planned_from=planned_from)
    show_to_ward(leave, by=by)
    record_leave_event("pathways.leave_planned", leave, at=by.at, by=by)
    return leave


@action
def begin_leave(
    leave: Leave, *, at: datetime, bed: Bed | None = None, exception_why: str = "", by: Any
) -> Leave:
    """They have left as planned; somebody on trial is in a bed of the other ward."""
    leave = held_leave(leave, Verb.BEGIN, by=by)
    rules.check_has_happened(at, now=by.at)
    there_during(leave.patient, at, None)
    change_leave(leave, at=at, by=by, during=DateTimeTZRange(at, None))
    _let_go(leave, bed, exception_why, by=by)
    return leave


@action
def record_leave(
    patient: Patient,
    *,
    left_at: datetime,
    returned_at: datetime | None = None,
    terms: Terms,
    bed: Bed | None = None,
    exception_why: str = "",
    by: Any,
) -> Leave:
    """They have left, or left and are back, without a plan on record. Never refused for want of authority."""
    rules.check_has_happened(left_at, now=by.at)
    placement = _from_ward(patient, terms, since=left_at, until=returned_at, is_taken=True, by=by)
    if returned_at is not None:
        rules.check_has_happened(returned_at, now=by.at)
        of_leave.check_return(returned_at, left_at=left_at)
    ended_as = LeaveEnd.RETURNED if returned_at else ""
    during = DateTimeTZRange(left_at, returned_at)
    leave = _made(patient, placement, terms, by=by, during=during, ended_as=ended_as)
    if returned_at is None:
        show_to_ward(leave, by=by)
    _let_go(leave, bed, exception_why, by=by)
    return leave


@action
def return_leave(leave: Leave, *, at: datetime, recalled: bool = False, why: str = "", by: Any) -> Leave:
    """They are back, by themselves or recalled: into their own bed if it was kept for them."""
    leave = held_leave(leave, Verb.RETURN, by=by)
    rules.check_has_happened(at, now=by.at)
    of_leave.check_return(at, left_at=leave.during.lower, absent_since=leave.absent_since)
    if recalled:
        rules.check_words(why, "why")
    leave_beds.take_back_bed(leave, at, by=by)
    return close_leave(
        leave,
        "pathways.came_back",
        at=at,
        by=by,
        during=DateTimeTZRange(leave.during.lower, at),
        ended_as=LeaveEnd.RECALLED if recalled else LeaveEnd.RETURNED,
        ended_why=why.strip() if recalled else "",
    )


@action
def record_absence(leave: Leave, *, since: datetime, told: str, by: Any) -> Leave:
    """They are absent without leave since then, and somebody was told. A bed is kept for them meanwhile."""
    leave = held_leave(leave, Verb.ABSENT, by=by)
    rules.check_has_happened(since, now=by.at)
    of_leave.check_absence(since, left_at=leave.during.lower)
    rules.check_words(told, "told")
    change_leave(leave, at=since, by=by, absent_since=since, absent_told=told.strip())
    leave_beds.keep_bed(leave, by=by)
    leave_beds.miss_from_trial(leave, since, by=by)
    record_leave_event("pathways.absent_without_leave", leave, at=since, by=by)
    return leave


@action
def cancel_leave(leave: Leave, *, why: str, by: Any) -> Leave:
    """It does not take place."""
    leave = held_leave(leave, Verb.CANCEL, by=by)
    rules.check_words(why, "why")
    return close_leave(
        leave,
        "pathways.leave_cancelled",
        at=by.at,
        by=by,
        ended_as=LeaveEnd.CANCELLED,
        ended_why=why.strip(),
    )


@action
def stay_on_ward(leave: Leave, *, at: datetime, by: Any) -> Placement:
    """Trial leave has become a stay: the person is placed on the other ward, and the bed kept for them is released."""
    leave = held_leave(leave, Verb.STAY, by=by)
    assert leave.to_ward is not None  # noqa: S101 (the rule refused all but trial leave)
    of_leave.check_return(at, left_at=leave.during.lower)
    return placements.place(leave.patient, service=leave.to_ward.service, ward=leave.to_ward, at=at, by=by)


@action
def release_kept_bed(use: BedUse, *, why: str, by: Any) -> BedUse:
    """The bed is free although somebody who is away is not back: decided by the service whose it is, for a reason."""
    use = beds.locked_use(use)
    rules.check_own_bed(acts_for_it=by.works_at(use.bed.ward.service_id))
    of_leave.check_kept(use)
    rules.check_words(why, "why")
    if use.about_kind != "leave":
        return _release_while_away(use, why.strip(), by=by)
    leave = Leave.objects.current().select_related("patient", "service").get(pk=use.about_id)
    if use.bed.ward_id != leave.to_ward_id:
        change_leave(leave, at=by.at, by=by, bed_released_at=by.at, bed_release_why=why.strip())
    beds.end_use(use, by.at, by=by)
    record_leave_event(RELEASED, leave, at=by.at, by=by, bed=use.bed_id)
    return use


def _release_while_away(use: BedUse, why: str, *, by: Any) -> BedUse:
    """The bed of somebody in another place for a time. Why is in the change history of the bed."""
    assert use.patient is not None  # noqa: S101 (a bed is kept for somebody)
    with pghistory.context(why=why):
        beds.end_use(use, by.at, by=by)
    line.record(
        RELEASED,
        patient=use.patient,
        about=("bed_use", use.pk),
        service=use.bed.ward.service,
        details={"bed": use.bed_id},
        by=by,
    )
    return use


def _from_ward(
    patient: Patient,
    terms: Terms,
    *,
    since: datetime,
    until: datetime | None = None,
    is_taken: bool = False,
    by: Any,
) -> Placement:
    """Where the person is or was, locked, as somebody who may give them leave from there."""
    (patient,) = Patient.objects.locked(patient.pk)
    trials = Leave.objects.taken().filter(patient=patient, kind=LeaveKind.TRIAL)
    then = trials.filter(during__overlap=DateTimeTZRange(since, until))
    of_leave.check_not_on_trial(
        is_on_trial=then.exclude(service__in=by.service_ids).exists() or (is_taken and then.exists())
    )
    if until is None:
        rules.check_alive(patient)
    placement = there_during(patient, since, until)
    of_leave.check_may_give_leave([_hospital(placement).pk], acts_for=by.service_ids)
    of_leave.check_kind(terms.kind, terms.to_ward, placement.ward_id)
    return placement


def there_during(patient: Patient, since: datetime, until: datetime | None) -> Placement:
    """The stay in a hospital during which a leave was, or is."""
    rows = Placement.objects.current().filter(patient=patient).select_related("service")
    placement = rows.filter(during__contains=since).first()
    of_leave.check_on_ward(placement)
    assert placement is not None  # noqa: S101 (the rule refused)
    of_leave.check_within_stay(until, stay_ended_at=placement.during.upper)
    return placement


def _hospital(placement: Placement) -> Service:
    assert placement.service is not None  # noqa: S101 (check_on_ward refused)
    return placement.service


def held_leave(leave: Leave, verb: Verb, *, by: Any) -> Leave:
    """The leave as it is now, its person locked, as somebody who may do this about it."""
    Patient.objects.locked(leave.patient_id)
    rows = Leave.objects.given().select_related("patient", "service", "to_ward__service")
    leave = rows.get(pk=leave.pk)
    concerned = [leave.service_id] + ([leave.to_ward.service_id] if leave.to_ward else [])
    of_leave.check_may_give_leave(concerned, acts_for=by.service_ids)
    of_leave.check_verb(leave, verb)
    return leave


def _made(patient: Patient, placement: Placement, terms: Terms, *, by: Any, **when: Any) -> Leave:
    return Leave.objects.create(
        patient=patient,
        service=_hospital(placement),
        recorded_at=by.at,
        recorded_by=by.user,
        **terms.columns(),
        **when,
    )


def check_terms(patient: Patient, planned_from: datetime, terms: Terms) -> None:
    """Refuse what is planned without the authority that it needs on each of its days."""
    authorities.check_authorised(
        patient,
        ACTS[terms.kind],
        on=london_date(planned_from),
        last_day=london_date(terms.due_back_at) if terms.due_back_at else None,
        hospital=terms.to_ward.service if terms.to_ward else None,
    )


def _let_go(leave: Leave, bed: Bed | None, exception_why: str, *, by: Any) -> None:
    """The beds follow the leaving, and what lacks an authority is a task from then."""
    leave_beds.keep_bed(leave, by=by)
    if leave.kind == LeaveKind.TRIAL:
        _go_on_trial(leave, bed, exception_why, by=by)
    note_leave(leave, by=by)
    record_leave_event("pathways.went_on_leave", leave, at=leave.during.lower, by=by)


def _go_on_trial(leave: Leave, bed: Bed | None, exception_why: str, *, by: Any) -> None:
    may_give = bed is not None and (
        by.works_at(bed.ward.service_id) or leave_beds.is_promised(bed, leave.patient_id, leave.during.lower)
    )
    of_leave.check_trial_bed(bed, leave.to_ward_id, may_give=may_give)
    assert bed is not None  # noqa: S101 (the rule refused)
    leave_beds.give_trial_bed(leave, bed, exception_why=exception_why, by=by)


@action
def note_leaves_during(patient: Patient, during: Any, *, by: Any) -> None:
    """Leave on days for which another legal status was recorded: what it lacked under that is a task now."""
    ends = at(during.upper, time(0)) if during.upper else None
    days = DateTimeTZRange(at(during.lower, time(0)), ends)
    for leave in Leave.objects.current().given().filter(patient=patient, during__overlap=days):
        note_leave(leave, by=by)


def note_leave(leave: Leave, *, by: Any) -> None:
    """One task for a leave, of the first of its days on which an authority is missing: that it began, or was to end."""
    begins, ends = leave.during.lower, leave.during.upper or leave.due_back_at
    for moment in filter(None, (begins, ends)):
        noted = authorities.note_unauthorised(
            leave.patient,
            ACTS[leave.kind],
            on=london_date(moment),
            about=("leave", leave.pk),
            hospital=leave.to_ward.service if leave.to_ward else None,
            by=by,
        )
        if noted is not None:
            return
