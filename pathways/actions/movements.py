"""Temporary movements: planned, out to court, A&E or under escort, and back. Nothing else ends, stops or moves by one.

Planning asks for the authority that is needed from a hospital; what has happened is recorded in any case. No bed,
clock, referral or placement is looked at here. A move from the place ends the movement, as it does a leave.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import check_version
from pathways import rules
from pathways.actions import authorities
from pathways.actions.leave_corrections import end_as_said
from pathways.actions.leave_ends import change_leave, close_leave, correct_row, record_leave_event
from pathways.codes import LeaveEnd
from pathways.days import london_date
from pathways.models import Leave, Patient, Placement
from pathways.rules import leave as of_leave
from pathways.rules import movements as of_movements
from pathways.rules.leave import Verb


@dataclass(frozen=True)
class Outing:
    """What is said of a movement: its kind, where to and what for, when they left, or are to, and are expected back."""

    kind: str
    to_where: str
    purpose: str
    left_at: datetime
    due_back_at: datetime | None = None

    def columns(self) -> dict[str, Any]:
        """As the row has them, but for when they left."""
        return {
            "kind": self.kind,
            "to_where": self.to_where.strip(),
            "purpose": self.purpose.strip(),
            "due_back_at": self.due_back_at,
        }


@action
def plan_movement(patient: Patient, outing: Outing, *, by: Any) -> Leave:
    """They are to go. From a hospital it is refused without the authority that it needs on each of its days."""
    (patient,) = Patient.objects.locked(patient.pk)
    rules.check_alive(patient)
    placement = _place_then(patient, by.at, None)
    assert placement.service is not None  # noqa: S101 (check_taken_from refused)
    of_movements.check_may_record(
        [placement.service.pk, *_on_trial_at(patient, by.at)], acts_for=by.service_ids
    )
    _check_plan(patient, outing, placement.service.kind, by=by)
    movement = Leave.objects.create(
        patient=patient,
        service=placement.service,
        planned_from=outing.left_at,
        recorded_at=by.at,
        recorded_by=by.user,
        **outing.columns(),
    )
    record_leave_event("pathways.leave_planned", movement, at=by.at, by=by)
    return movement


@action
def begin_movement(movement: Leave, *, at: datetime, by: Any) -> Leave:
    """They have left as planned."""
    movement = _held(movement, Verb.BEGIN, by=by)
    rules.check_has_happened(at, now=by.at)
    _place_then(movement.patient, at, None, service_id=movement.service_id)
    change_leave(movement, at=at, by=by, during=DateTimeTZRange(at, None))
    _note_unauthorised(movement, by=by)
    record_leave_event("pathways.went_out", movement, at=at, by=by)
    return movement


@action
def cancel_movement(movement: Leave, *, why: str, by: Any) -> Leave:
    """It does not take place."""
    movement = _held(movement, Verb.CANCEL, by=by)
    rules.check_words(why, "why")
    return close_leave(
        movement,
        "pathways.leave_cancelled",
        at=by.at,
        by=by,
        ended_as=LeaveEnd.CANCELLED,
        ended_why=why.strip(),
    )


@action
def record_movement(
    patient: Patient, outing: Outing, *, returned_at: datetime | None = None, by: Any
) -> Leave:
    """They are out, or were out and are back. Never refused for want of authority."""
    (patient,) = Patient.objects.locked(patient.pk)
    if returned_at is None:
        rules.check_alive(patient)
    placement = _from_where(patient, outing, returned_at, by=by)
    assert placement.service is not None  # noqa: S101 (check_taken_from refused)
    of_movements.check_may_record(
        [placement.service.pk, *_on_trial_at(patient, outing.left_at)], acts_for=by.service_ids
    )
    movement = Leave.objects.create(
        patient=patient,
        service=placement.service,
        during=DateTimeTZRange(outing.left_at, returned_at),
        ended_as=LeaveEnd.RETURNED if returned_at else "",
        recorded_at=by.at,
        recorded_by=by.user,
        **outing.columns(),
    )
    _note_unauthorised(movement, by=by)
    record_leave_event("pathways.went_out", movement, at=outing.left_at, by=by)
    return movement


@action
def return_movement(movement: Leave, *, at: datetime, by: Any) -> Leave:
    """They are back."""
    movement = _held(movement, Verb.RETURN, by=by)
    rules.check_has_happened(at, now=by.at)
    of_leave.check_return(at, left_at=movement.during.lower)
    return close_leave(
        movement,
        "pathways.came_back_in",
        at=at,
        by=by,
        during=DateTimeTZRange(movement.during.lower, at),
        ended_as=LeaveEnd.RETURNED,
    )


@action
def correct_movement(
    movement: Leave,
    outing: Outing,
    *,
    returned_at: datetime | None = None,
    how: str = "",
    version: int,
    why: str,
    by: Any,
) -> Leave:
    """Put right what is recorded of a movement. What stood is kept. `how`: back or not back, if that is wrong too.

    A plan is asked again for its authority.
    """
    movement = _held(movement, Verb.CORRECT, by=by)
    check_version(movement.version, version)
    rules.check_words(why, "why")
    if movement.during is None:
        return _plan_again(movement, outing, why.strip(), by=by)
    of_movements.check_comes_back(how)
    ends = end_as_said(movement, returned_at, how)
    _from_where(movement.patient, outing, ends.at, by=by, service_id=movement.service_id)
    correct_row(
        movement,
        why=why.strip(),
        by=by,
        during=DateTimeTZRange(outing.left_at, ends.at),
        ended_as=ends.ended_as,
        **outing.columns(),
    )
    authorities.take_back_missing(movement.patient, about=("leave", movement.pk), by=by)
    _note_unauthorised(movement, by=by)
    record_leave_event("pathways.leave_corrected", movement, at=by.at, by=by)
    return movement


@action
def remove_movement(movement: Leave, *, why: str, by: Any) -> Leave:
    """They were never out."""
    movement = _held(movement, Verb.REMOVE, by=by)
    rules.check_words(why, "why")
    movement.supersede(by=by, why=why.strip())
    authorities.take_back_missing(movement.patient, about=("leave", movement.pk), by=by)
    record_leave_event("pathways.leave_removed", movement, at=by.at, by=by)
    return movement


def _check_plan(patient: Patient, outing: Outing, from_kind: str, *, by: Any) -> None:
    """Refuse a plan of what is over, of an emergency, or without the authority that it needs on each of its days."""
    of_movements.check_said(outing.kind, outing.to_where, outing.purpose)
    of_movements.check_can_be_planned(outing.kind)
    of_movements.check_plan(outing.left_at, outing.due_back_at, now=by.at)
    assert outing.due_back_at is not None  # noqa: S101 (the rule refused)
    act = of_movements.act_of(outing.kind, from_kind)
    if act is not None:
        last_day = london_date(outing.due_back_at)
        authorities.check_authorised(patient, act, on=london_date(outing.left_at), last_day=last_day)


def _plan_again(movement: Leave, outing: Outing, why: str, *, by: Any) -> Leave:
    """The plan as it should stand, with what stood kept."""
    _check_plan(movement.patient, outing, movement.service.kind, by=by)
    correct_row(movement, why=why, by=by, planned_from=outing.left_at, **outing.columns())
    record_leave_event("pathways.leave_corrected", movement, at=by.at, by=by)
    return movement


def _from_where(
    patient: Patient, outing: Outing, until: datetime | None, *, by: Any, service_id: int | None = None
) -> Placement:
    """The place that they were taken from, if all that is said can be so. `service_id`: the one it has to be."""
    of_movements.check_said(outing.kind, outing.to_where, outing.purpose)
    rules.check_has_happened(outing.left_at, now=by.at)
    of_movements.check_due(outing.left_at, outing.due_back_at)
    if until is not None:
        rules.check_has_happened(until, now=by.at)
        of_leave.check_return(until, left_at=outing.left_at)
    return _place_then(patient, outing.left_at, until, service_id=service_id)


def _place_then(
    patient: Patient, left_at: datetime, until: datetime | None, *, service_id: int | None = None
) -> Placement:
    """The prison or hospital that has the person from one instant to another; refused where none has."""
    rows = list(Placement.objects.current().filter(patient=patient).select_related("service"))
    placement = next((row for row in rows if left_at in row.during), None)
    of_movements.check_taken_from(placement, service_id=service_id)
    assert placement is not None  # noqa: S101 (the rule refused)
    assert placement.service_id is not None  # noqa: S101
    moved_at = of_movements.moved_after(rows, left_at, placement.service_id)
    of_movements.check_within_stay(until, moved_at=moved_at)
    return placement


def _on_trial_at(patient: Patient, at: datetime) -> list[int]:
    """The hospital that had the person on trial leave at an instant: they sleep there, and are taken out from there."""
    rows = Leave.objects.given().taken().filter(patient=patient, during__contains=at, to_ward__isnull=False)
    return list(rows.values_list("to_ward__service_id", flat=True))


def _held(movement: Leave, verb: Verb, *, by: Any) -> Leave:
    """The movement as it is now, its person locked, as somebody who may do this about it."""
    Patient.objects.locked(movement.patient_id)
    movement = Leave.objects.movements().select_related("patient", "service", "to_ward").get(pk=movement.pk)
    concerned = [movement.service_id, *_on_trial_at(movement.patient, movement.left_at or by.at)]
    of_movements.check_may_record(concerned, acts_for=by.service_ids)
    of_leave.check_verb(movement, verb)
    return movement


def _note_unauthorised(movement: Leave, *, by: Any) -> None:
    """A task where it needed an authority on its day and none is on record."""
    act = of_movements.act_of(movement.kind, movement.service.kind)
    if act is not None:
        authorities.note_unauthorised(
            movement.patient,
            act,
            on=london_date(movement.during.lower),
            about=("leave", movement.pk),
            by=by,
        )
