"""The dates in court or sentence that drive somebody's pathway."""

from datetime import date
from typing import Any

from core.actions import action
from pathways import line, rules
from pathways.actions import lapses, law
from pathways.models import KeyDate, Patient


@action
def record_key_date(patient: Patient, *, kind: str, on: date, by: Any) -> KeyDate:
    """A hearing, a release or another date that matters. A new one takes the place of one of its kind still to come."""
    Patient.objects.locked(patient.pk)
    rules.check_key_date_kind(kind, KeyDate.Kind.values)
    rules.check_key_date_near(on, today=by.today)
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
    law.follow_law(patient, on=by.today, by=by)
    return key_date


@action
def correct_key_date(key_date: KeyDate, *, on: date, why: str, by: Any) -> KeyDate:
    """Put right when it is. What stood is kept, with why, and the limit that came of it never held.

    A remand that has expired in custody stays so, or another date is to come: see `withdraw_key_date`.
    """
    key_date = _believed(key_date)
    rules.check_words(why, "why")
    rules.check_key_date_near(on, today=by.today)
    rules.check_key_date_differs(key_date.on, on)
    lapsed = lapses.lapsed_in_custody(key_date.patient, by=by)
    key_date.supersede(by=by, why=why.strip())
    corrected = KeyDate.objects.create(
        patient=key_date.patient, kind=key_date.kind, on=on, recorded_at=by.at, recorded_by=by.user
    )
    details = {"before": key_date.on.isoformat(), "now": on.isoformat()}
    _follow_key_date("pathways.date_corrected", corrected, details, by=by)
    lapses.check_followed(key_date.patient, lapsed, by=by)
    return corrected


@action
def withdraw_key_date(key_date: KeyDate, *, why: str, by: Any) -> KeyDate:
    """There is no such date. What stood is kept, with why, and the limit that came of it never held.

    Of a remand that has expired in custody what holds the person now is recorded first.
    """
    key_date = _believed(key_date)
    rules.check_words(why, "why")
    lapsed = lapses.lapsed_in_custody(key_date.patient, by=by)
    key_date.supersede(by=by, why=why.strip())
    _follow_key_date("pathways.date_withdrawn", key_date, {"on": key_date.on.isoformat()}, by=by)
    lapses.check_followed(key_date.patient, lapsed, by=by)
    return key_date


def _believed(key_date: KeyDate) -> KeyDate:
    """The date as it is now, under the lock of its person."""
    Patient.objects.locked(key_date.patient_id)
    key_date = KeyDate.objects.select_related("patient").get(pk=key_date.pk)
    rules.check_still_believed(key_date)
    return key_date


def _follow_key_date(event: str, key_date: KeyDate, details: dict[str, str], *, by: Any) -> None:
    line.record(
        event,
        patient=key_date.patient,
        about=("key_date", key_date.pk),
        details={"kind": key_date.kind, **details},
        by=by,
    )
    law.follow_law(key_date.patient, on=by.today, corrected=True, by=by)
