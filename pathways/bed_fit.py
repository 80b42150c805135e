"""What is known of beds and of the person they are for, so that the rules can say whether they fit.

Four queries however many beds. Actions ask under their locks; lists of free beds ask the same before anybody chooses.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from psycopg2.extras import DateRange, DateTimeTZRange

from organisations.models import Bed, WardDesignation
from pathways.days import london_date
from pathways.models import BedUse, Diagnosis, KeepApart, Patient, Placement
from pathways.rules import Fit

DAY = timedelta(days=1)


def fits_of(
    beds: Iterable[Bed],
    patient: Patient,
    *,
    since: datetime,
    until: datetime | None,
    leaves: datetime | None = None,
) -> dict[int, Fit]:
    """How each bed fits the person over a time, by the bed's id. The beds come with their ward and service.

    `leaves`: when somebody who has no end is expected to leave; the bed may be closed after it. Of somebody of whom
    nobody knows when they leave, what the ward is to be later is not asked.
    """
    beds, period = list(beds), DateTimeTZRange(since, until or leaves)
    wards = {bed.ward_id for bed in beds}
    uses_of_wards = _uses_of_wards(wards, since, until or leaves)
    shut = set(
        BedUse.objects.current()
        .filter(bed__in=[bed.pk for bed in beds], patient=None, during__overlap=period)
        .values_list("bed_id", "purpose")
    )
    codes = tuple(Diagnosis.objects.current().filter(patient=patient).values_list("icd10", flat=True))
    in_conflict = wards_in_conflict(patient, since=since, until=until)

    def fit(bed: Bed) -> Fit:
        first, *later = uses_of_wards[bed.ward_id]
        fits = fit_while(bed, first)
        return replace(fits, then=tuple((one.since, fit_while(bed, one)) for one in later)) if later else fits

    def fit_while(bed: Bed, ward: WardUse) -> Fit:
        return Fit(
            bed_is_in_use=(bed.pk, BedUse.Purpose.NOT_IN_USE) not in shut,
            service_is_open=bed.ward.service.is_open,
            bed_is_closed=(bed.pk, BedUse.Purpose.CLOSED) in shut,
            ward_gender=ward.gender,
            specialties=ward.specialties,
            stated_gender=patient.stated_gender,
            diagnoses=codes,
            meets_kept_apart=bed.ward_id in in_conflict,
        )

    return {bed.pk: fit(bed) for bed in beds}


@dataclass(frozen=True)
class WardUse:
    """What a ward is for from an instant on; without a gender it is for nothing."""

    since: datetime
    gender: str = ""
    specialties: tuple[str, ...] = ()


def _uses_of_wards(wards: set[int], since: datetime, until: datetime | None) -> dict[int, list[WardUse]]:
    """What each ward is for over a time, in order; without an end, at its beginning."""
    when = {"during__overlap": DateTimeTZRange(since, until)} if until else {"during__contains": since}
    standing = WardDesignation.objects.filter(ward__in=wards, superseded_at=None, **when)
    found: dict[int, list[WardUse]] = {ward: [WardUse(since)] for ward in wards}
    for one in standing.only("ward_id", "gender", "specialties", "during").order_by("during"):
        of_ward, begins = found[one.ward_id], max(one.during.lower or since, since)
        if of_ward[-1].since == begins:
            of_ward.pop()
        of_ward.append(WardUse(begins, one.gender, tuple(one.specialties)))
        if until and one.during.upper and one.during.upper < until:
            of_ward.append(WardUse(one.during.upper))
    return found


def wards_in_conflict(patient: Patient, *, since: datetime, until: datetime | None) -> set[int]:
    """Wards on which the person would meet somebody they are kept apart from.

    Somebody expected to leave may stay longer, so what counts is where they are and not until when they are expected.
    """
    last = london_date(until) + DAY if until else None
    pairs = KeepApart.objects.current().of(patient).overlapping(DateRange(london_date(since), last))
    others = [pair.other_than(patient.pk) for pair in pairs.only("patient_id", "other_id")]
    if not others:
        return set()
    there = Q(patient__in=others, during__overlap=DateTimeTZRange(since, until))
    beds = BedUse.objects.current().filter(there).values_list("bed__ward_id", flat=True)
    placed = Placement.objects.current().filter(there, ward__isnull=False).values_list("ward_id", flat=True)
    return {*beds, *placed}
