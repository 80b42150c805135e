"""Beds promised, taken, left and closed. The database refuses what must never be; this says it in words."""

from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import Refused
from organisations.models import Bed
from pathways import line, rules
from pathways.line import About
from pathways.models import BedUse, Patient, Placement

Purpose = BedUse.Purpose


@action
def hold_bed(
    bed: Bed, *, patient: Patient, since: datetime, until: datetime, about: About | None, by: Any
) -> BedUse:
    """Promise a bed to a person for a time. When that is over the bed is free again without anybody doing anything."""
    patient, bed = _locked(patient, bed)
    rules.check_alive(patient)
    rules.check_bed_in_use(bed)
    rules.check_bed_period(since, until)
    rules.check_hold_is_to_come(until, now=by.at)
    use = _use(bed, Purpose.HELD, since, until, patient=patient, about=about, by=by)
    _record("pathways.bed_held", use, by=by)
    return use


@action
def extend_hold(use: BedUse, *, until: datetime, by: Any) -> BedUse:
    """Promise the same bed for longer, or for less long."""
    use = _locked_use(use)
    rules.check_use_is_hold(use)
    rules.check_bed_period(use.during.lower, until)
    rules.check_hold_is_to_come(until, now=by.at)
    _end(use, until)
    _record("pathways.bed_extended", use, by=by)
    return use


@action
def release_bed(use: BedUse, *, at: datetime, by: Any) -> BedUse:
    """Give a promised bed back: a hold that has begun ends, one that has not is no longer believed."""
    use = _locked_use(use)
    rules.check_use_is_hold(use)
    _let_go(use, at, why="The bed was given back before the hold began.", by=by)
    _record("pathways.bed_released", use, by=by)
    return use


@action
def occupy_bed(
    bed: Bed,
    *,
    patient: Patient,
    at: datetime,
    expected_end_at: datetime | None = None,
    about: About | None = None,
    by: Any,
) -> BedUse:
    """The person sleeps in this bed from an instant; the promise of it has done its work, and any other bed is left."""
    patient, bed = _locked(patient, bed)
    rules.check_bed_in_use(bed)
    rules.check_bed_period(at, expected_end_at)
    rules.check_occupant_on_ward(Placement.objects.open_of(patient), bed)
    for use in BedUse.objects.current().filter(patient=patient):
        if use.purpose == Purpose.HELD and use.bed_id == bed.pk:
            _let_go(use, at, why="The person came before the hold began.", by=by)
        elif use.purpose != Purpose.HELD and use.during.upper is None:
            rules.check_bed_period(use.during.lower, at)
            _end(use, at)
    use = _use(
        bed, Purpose.OCCUPIED, at, None, patient=patient, about=about, by=by, expected_end_at=expected_end_at
    )
    _record("pathways.bed_occupied", use, by=by)
    return use


@action
def vacate_bed(patient: Patient, *, at: datetime, by: Any) -> BedUse:
    """The person leaves the bed they are in, or that is kept for them."""
    Patient.objects.locked(patient.pk)
    use = BedUse.objects.current().occupying().filter(patient=patient, during__upper_inf=True).first()
    if use is None:
        raise Refused("This person has no bed.")
    rules.check_bed_period(use.during.lower, at)
    _end(use, at)
    _record("pathways.bed_vacated", use, by=by)
    return use


@action
def close_bed(bed: Bed, *, since: datetime, until: datetime | None = None, why: str, by: Any) -> BedUse:
    """Nobody can have the bed for a time, for example while its room is repaired."""
    (bed,) = Bed.objects.select_for_update(no_key=True).filter(pk=bed.pk)
    rules.check_bed_in_use(bed)
    rules.check_bed_period(since, until)
    rules.check_words(why, "why")
    return _use(bed, Purpose.CLOSED, since, until, patient=None, about=None, by=by, why=why)


@action
def reopen_bed(use: BedUse, *, at: datetime, by: Any) -> BedUse:
    """The bed can be had again from an instant."""
    use = _locked_use(use)
    rules.check_use_is_open(use, purpose=Purpose.CLOSED, at=at)
    _let_go(use, at, why="The bed was not closed after all.", by=by)
    return use


def _locked(patient: Patient, bed: Bed) -> tuple[Patient, Bed]:
    """The person, then the bed: the one order of locks."""
    (patient,) = Patient.objects.locked(patient.pk)
    return patient, Bed.objects.select_for_update(no_key=True, of=["self"]).select_related("ward").get(
        pk=bed.pk
    )


def _locked_use(use: BedUse) -> BedUse:
    if use.patient_id is not None:
        Patient.objects.locked(use.patient_id)
    Bed.objects.select_for_update(no_key=True).get(pk=use.bed_id)
    return BedUse.objects.select_for_update(no_key=True).get(pk=use.pk)


def _use(
    bed: Bed,
    purpose: str,
    since: datetime,
    until: datetime | None,
    *,
    patient: Patient | None,
    about: About | None,
    by: Any,
    **more: Any,
) -> BedUse:
    kind, about_id = about or ("", None)
    return BedUse.objects.create(
        bed=bed,
        patient=patient,
        purpose=purpose,
        during=DateTimeTZRange(since, until),
        about_kind=kind,
        about_id=about_id,
        recorded_at=by.at,
        recorded_by=by.user,
        **more,
    )


def _end(use: BedUse, at: datetime) -> None:
    use.during = DateTimeTZRange(use.during.lower, at)
    use.save(update_fields=["during"])


def _let_go(use: BedUse, at: datetime, *, why: str, by: Any) -> None:
    """End what has begun, stop believing what has not, and leave alone what is over."""
    if use.during.lower >= at:
        use.supersede(by=by, why=why)
    elif use.during.upper is None or use.during.upper > at:
        _end(use, at)


def _record(kind: str, use: BedUse, *, by: Any) -> None:
    if use.patient is None:  # a closed bed is on nobody's line
        return
    line.record(
        kind,
        patient=use.patient,
        about=("bed_use", use.pk),
        service=use.bed.ward.service,
        details={"bed": use.bed_id, "until": use.during.upper.isoformat() if use.during.upper else ""},
        by=by,
    )
