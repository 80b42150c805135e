"""By what right a person is held from a day on, and the dates in court or sentence that drive their pathway."""

from datetime import date
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from pathways import line, rules
from pathways.models import KeyDate, LegalStatus, Patient


@action
def record_legal_status(patient: Patient, *, code: str, since: date, limb: str = "", by: Any) -> LegalStatus:
    """The person is held under a status from a London day; the one before ends that day.

    Another status given for the same day corrects the first.
    """
    Patient.objects.locked(patient.pk)
    rules.check_legal_status(code, limb)
    before = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    if before is not None:
        rules.check_status_follows(before.during.lower, since)
        if before.during.lower == since:
            before.supersede(by=by, why="Another legal status was given for the same day.")
        else:
            before.during = DateRange(before.during.lower, since)
            before.save(update_fields=["during"])
    status = LegalStatus.objects.create(
        patient=patient,
        code=code,
        limb=limb,
        during=DateRange(since, None),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    line.record(
        "pathways.held",
        patient=patient,
        on=since,
        about=("legal_status", status.pk),
        details={"code": code, "limb": limb},
        by=by,
    )
    return status


@action
def record_key_date(patient: Patient, *, kind: str, on: date, by: Any) -> KeyDate:
    """A hearing, a release or another date that matters. A new one takes the place of one of its kind still to come."""
    Patient.objects.locked(patient.pk)
    rules.check_key_date_kind(kind, KeyDate.Kind.values)
    to_come = KeyDate.objects.current().filter(patient=patient, kind=kind, on__gte=by.today)
    for known in to_come:
        if known.on == on:
            return known
        known.supersede(by=by, why="A new date was given.")
    key_date = KeyDate.objects.create(
        patient=patient, kind=kind, on=on, recorded_at=by.at, recorded_by=by.user
    )
    line.record(
        "pathways.dated",
        patient=patient,
        about=("key_date", key_date.pk),
        details={"kind": kind, "on": on.isoformat()},
        by=by,
    )
    return key_date
