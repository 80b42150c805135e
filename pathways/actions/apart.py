"""Recording that two people must not share a ward, and that they may again."""

from datetime import date, timedelta
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from pathways import line, rules
from pathways.models import KeepApart, Patient

DAY = timedelta(days=1)


@action
def keep_apart(
    patient: Patient, other: Patient, *, since: date, last_day: date | None = None, reason: str, by: Any
) -> KeepApart:
    """From a London day these two are not given beds on one ward. Where they share one already, nobody is moved."""
    people = Patient.objects.locked(patient.pk, other.pk)
    rules.check_kept_apart(patient, other, since=since, last_day=last_day, reason=reason)
    for person in people:
        rules.check_alive(person)
    first, second = people
    apart = KeepApart.objects.create(
        patient=first,
        other=second,
        during=DateRange(since, last_day + DAY if last_day else None),
        apart_why=reason.strip(),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    _record("pathways.kept_apart", apart, by=by)
    return apart


@action
def end_keep_apart(apart: KeepApart, *, last_day: date, why: str, by: Any) -> KeepApart:
    """After this London day they may share a ward again."""
    Patient.objects.locked(apart.patient_id, apart.other_id)
    apart = KeepApart.objects.select_related("patient", "other").get(pk=apart.pk)
    rules.check_apart_ends(apart, last_day, why=why)
    apart.during = DateRange(apart.during.lower, last_day + DAY)
    apart.ended_why = why.strip()
    apart.save(update_fields=["during", "ended_why"])
    _record("pathways.kept_apart_ended", apart, by=by)
    return apart


def _record(kind: str, apart: KeepApart, *, by: Any) -> None:
    """On the line of both, without saying who the other is."""
    for person in (apart.patient, apart.other):
        line.record(kind, patient=person, by=by)
