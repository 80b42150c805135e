"""What is known of beds and of the person they are for, so that the rules can say whether they fit.

Four queries however many beds. Actions ask under their locks; lists of free beds ask the same before anybody chooses.
"""

from collections.abc import Iterable
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

    `leaves`: when somebody who has no end is expected to leave; the bed may be closed after it.
    """
    beds, period = list(beds), DateTimeTZRange(since, until or leaves)
    wards = {bed.ward_id for bed in beds}
    designated = {
        one.ward_id: one
        for one in WardDesignation.objects.filter(
            ward__in=wards, during__contains=since, superseded_at=None
        ).only("ward_id", "gender", "specialties")
    }
    shut = set(
        BedUse.objects.current()
        .filter(bed__in=[bed.pk for bed in beds], patient=None, during__overlap=period)
        .values_list("bed_id", "purpose")
    )
    codes = tuple(Diagnosis.objects.current().filter(patient=patient).values_list("icd10", flat=True))
    in_conflict = wards_in_conflict(patient, since=since, until=until)

    def fit(bed: Bed) -> Fit:
        designation = designated.get(bed.ward_id)
        return Fit(
            bed_is_in_use=(bed.pk, BedUse.Purpose.NOT_IN_USE) not in shut,
            service_is_open=bed.ward.service.is_open,
            bed_is_closed=(bed.pk, BedUse.Purpose.CLOSED) in shut,
            ward_gender=designation.gender if designation else "",
            specialties=tuple(designation.specialties) if designation else (),
            stated_gender=patient.stated_gender,
            diagnoses=codes,
            meets_kept_apart=bed.ward_id in in_conflict,
        )

    return {bed.pk: fit(bed) for bed in beds}


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
