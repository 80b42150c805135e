"""Stays and uses of beds whose days a person can count by hand, written as plain facts recorded on their day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg2.extras import DateRange, DateTimeTZRange

from pathways.models import BedUse, Leave, Patient, Placement, ReadyPeriod
from tests.world import LONG_AGO, England, a_patient

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(month: int, day: int, hour: int = 12, *, year: int = 2026) -> datetime:
    """An instant of the year in which everything is asked."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def a_use(
    bed: Any, patient: Patient | None, since: datetime | None, until: datetime | None, **known: Any
) -> BedUse:
    """A use of a bed, by somebody unless it is closed; known from its beginning, or from long ago."""
    purpose = known.pop("purpose", "occupied" if patient else "closed")
    known.setdefault("recorded_at", since or LONG_AGO)
    return BedUse.objects.create(
        bed=bed, patient=patient, purpose=purpose, during=DateTimeTZRange(since, until), **known
    )


def correct(use: BedUse, since: datetime, until: datetime | None, *, corrected_at: datetime) -> BedUse:
    """The use put right at a later instant."""
    use.superseded_at, use.why = corrected_at, "It was misread."
    use.save()
    return a_use(use.bed, use.patient, since, until, recorded_at=corrected_at)


def moved(england: England, patient: Patient, *stays: tuple[datetime, dict[str, Any]]) -> list[Placement]:
    """The places to which somebody went after prison, in order; each known from its beginning."""
    last = patient.placements.get(during__upper_inf=True)
    rows = []
    for since, where in stays:
        last.during = DateTimeTZRange(last.during.lower, since)
        last.save()
        last = Placement.objects.create(
            patient=patient, during=DateTimeTZRange(since, None), recorded_at=since, **where
        )
        rows.append(last)
    return rows


def in_hospital(
    england: England, since: datetime, until: datetime | None, *, bed: Any = None, **known: Any
) -> Patient:
    """Somebody from prison in a bed, of Ashdown's unless said, and in prison again at the end; long registered."""
    patient = a_patient(england, **known)
    patient.responsibilities.update(recorded_at=LONG_AGO)
    bed = bed or england.bed
    places = [(since, {"service": bed.ward.service, "ward": bed.ward})]
    if until:
        places.append((until, {"service": england.prison}))
    moved(england, patient, *places)
    a_use(bed, patient, since, until)
    return patient


def on_leave(
    england: England, patient: Patient, since: datetime, until: datetime | None, *, ward: Any = None
) -> Leave:
    """A leave by night; `ward`: on trial to it."""
    return Leave.objects.create(
        patient=patient,
        service=england.ashdown,
        kind="trial" if ward else "overnight",
        to_ward=ward,
        during=DateTimeTZRange(since, until),
        ended_as="returned" if until else "",
        recorded_at=since,
    )


def ready(
    patient: Patient, service: Any, since: date, until: date | None = None, **known: Any
) -> ReadyPeriod:
    """Days of being ready to step down, known from their beginning."""
    return ReadyPeriod.objects.create(
        patient=patient,
        service=service,
        during=DateRange(since, until),
        ready_since=since,
        reason_code="05",
        attributable_to="04",
        next_tier="low",
        waits_on="ministry",
        ended_as="moved" if until else "",
        recorded_at=known.pop("recorded_at", datetime(since.year, since.month, since.day, 12, tzinfo=UTC)),
        **known,
    )
