"""Who is kept apart from whom, as far as a reader may know."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.rights import Right
from core.prepared import Prepared
from core.refusals import Refused
from pathways import nhs_number
from pathways.bed_fit import wards_in_conflict
from pathways.models import BedUse, KeepApart, Patient, Placement


@dataclass(frozen=True)
class Apart:
    """One pair as it is read from the page of one of them. `other` and `reason` only for who may open both."""

    public_id: Any
    other: Patient | None
    reason: str
    since: date
    last_day: date | None
    by: str


_PAIRS = Prepared(
    lambda pk: KeepApart.objects.current().of(pk).select_related("recorded_by").order_by("-during", "-pk")
)


def pairs_of(patient: Patient, actor: Any) -> list[Apart]:
    """From whom somebody is kept apart, now or in days to come, for those with the right to keep people apart.

    Of a person that the actor has been found to may open, which makes every pair of theirs visible.
    """
    if not actor.has(Right.KEEP_APART):
        return []
    rows = [
        row for row in _PAIRS.of(patient.pk) if row.during.upper is None or row.during.upper > actor.today
    ]
    if not rows:
        return []
    known = Patient.objects.visible_to(actor).in_bulk([row.other_than(patient.pk) for row in rows])
    return [_apart(row, known.get(row.other_than(patient.pk))) for row in rows]


def _apart(row: KeepApart, other: Patient | None) -> Apart:
    upper = row.during.upper
    return Apart(
        public_id=row.public_id,
        other=other,
        reason=row.apart_why if other is not None else "",
        since=row.during.lower,
        last_day=upper - timedelta(days=1) if upper else None,
        by=row.recorded_by.name if row.recorded_by else "the system",
    )


def somebody_by_number(number: str, actor: Any) -> Patient:
    """The one person with this NHS or prison number whom the actor may open."""
    people = Patient.objects.visible_to(actor)
    found = (
        people.filter(nhs_number=nhs_number.clean(number)).first()
        or people.filter(prison_number=nhs_number.clean_prison_number(number)).first()
    )
    if found is None:
        raise Refused("Nobody whom you may open has this number. Check it.", "number")
    return found


def share_a_ward(apart: KeepApart, *, at: datetime) -> bool:
    """Whether the two are on one ward at an instant."""
    patient = apart.patient
    own = {
        *BedUse.objects.current()
        .occupying()
        .filter(patient=patient, during__contains=at)
        .values_list("bed__ward_id", flat=True),
        *Placement.objects.current()
        .filter(patient=patient, during__contains=at, ward__isnull=False)
        .values_list("ward_id", flat=True),
    }
    return bool(own & wards_in_conflict(patient, since=at, until=at + timedelta(seconds=1)))
