"""Which beds can be held or could be had, from when, and which do not fit. Says nothing of who is in a bed."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.pages import long_date
from core.refusals import refusal
from organisations.models import Bed
from pathways import rules
from pathways.bed_fit import fits_of
from pathways.codes import BedException
from pathways.models import BedUse, Patient, Placement


@dataclass(frozen=True)
class FreeBed:
    """A bed with the instant from which it is nobody's; None: now, or at the earlier moment that was asked about.

    `misfit`: why the person cannot have it, or what needs a reason. `why_held`: the reason given when it was held.
    `taken_from`: of a bed that is held for the person, when it is promised to somebody else or closed after them.
    """

    bed: Bed
    free_from: datetime | None
    is_held_for_them: bool = False
    misfit: str = ""
    why_held: str = ""
    taken_from: datetime | None = None
    is_past: bool = False

    @property
    def words(self) -> str:
        """The bed by ward and name."""
        return f"{self.bed.ward.name} ward, bed {self.bed.name}"

    @property
    def state(self) -> str:
        """From when it can be had, and whether it fits."""
        free = f"Free from {long_date(self.free_from)}" if self.free_from else "Free now"
        if self.is_past:
            free = "Free then"
        if self.is_held_for_them:
            free = "Held for this person"
            if self.taken_from:
                free += f", and taken from {long_date(self.taken_from)}"
        return f"{free}. {self.misfit}" if self.misfit else free


def free_beds(beds: Iterable[Bed], *, at: datetime, patient: Patient | None = None) -> list[FreeBed]:
    """The beds that are not somebody else's without end: held for the patient, then what fits, each soonest first.

    A bed in use until an expected end can be had after it. What the patient holds does not count against them. For a
    patient the beds come with their ward and service.
    """
    beds = list(beds)
    misfits = _misfits(beds, patient, at) if patient is not None else {}
    claims = defaultdict(list)
    uses = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], claimed__endswith__gt=at)
    endless = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], claimed__upper_inf=True)
    for use in (uses | endless).only("bed_id", "patient_id", "claimed", "purpose", "exception_why"):
        claims[use.bed_id].append(use)
    found = [_free(bed, claims[bed.pk], patient, misfits.get(bed.pk, "")) for bed in beds]
    free = [one for one in found if one is not None]
    return sorted(free, key=lambda one: _order(one, at))


def beds_from(beds: Iterable[Bed], *, at: datetime, now: datetime, patient: Patient) -> list[FreeBed]:
    """The beds into which somebody can have come at an instant. Of an earlier one: those that nobody else had then.

    Nor may anybody else have one since, until the person is recorded to have left its service again.
    """
    beds = list(beds)
    if at >= now:
        return free_beds(beds, at=now, patient=patient)
    misfits, taken, held = _misfits(beds, patient, at), set(), {}
    during = DateTimeTZRange(at, _left_again(beds, patient, at))
    uses = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], during__overlap=during)
    for use in uses.only("bed_id", "patient_id", "purpose", "exception_why"):
        if use.patient_id != patient.pk:
            taken.add(use.bed_id)
        elif use.purpose == BedUse.Purpose.HELD:
            held[use.bed_id] = use.exception_why
    found = [
        FreeBed(bed, None, bed.pk in held, misfits.get(bed.pk, ""), held.get(bed.pk, ""), is_past=True)
        for bed in beds
        if bed.pk not in taken
    ]
    return sorted(found, key=lambda one: _order(one, at))


def _left_again(beds: list[Bed], patient: Patient, at: datetime) -> datetime | None:
    """When the person is first recorded somewhere else than at the service of the beds, after an instant."""
    services = {bed.ward.service_id for bed in beds}
    later = Placement.objects.current().filter(patient=patient, during__startswith__gt=at)
    left = later.exclude(service__in=services).order_by("during").first()
    return left.during.lower if left else None


def _order(one: FreeBed, at: datetime) -> tuple[Any, ...]:
    is_theirs = one.is_held_for_them and one.taken_from is None
    return not is_theirs, bool(one.misfit), one.free_from or at, _reading_order(one.words)


def _reading_order(words: str) -> list[str]:
    """Bed 2 before bed 10."""
    return [part.zfill(6) if part.isdigit() else part for part in re.split(r"(\d+)", words)]


def _misfits(beds: list[Bed], patient: Patient, at: datetime) -> dict[int, str]:
    """In what each bed does not fit, by the same rule by which it would be held or taken."""
    return {pk: _misfit(fit) for pk, fit in fits_of(beds, patient, since=at, until=None).items()}


def _misfit(fit: rules.Fit) -> str:
    # Closed or not in use for a time is a matter of when, and is among the uses.
    if reason := refusal(rules.check_possible, replace(fit, bed_is_closed=False, bed_is_in_use=True)):
        return reason
    needed = [BedException(one).label.lower() for one in rules.reasons_needed(fit)]
    return f"Needs a reason: {', '.join(needed)}" if needed else ""


def _free(bed: Bed, uses: list[BedUse], patient: Patient | None, misfit: str) -> FreeBed | None:
    theirs = [use for use in uses if patient is not None and use.patient_id == patient.pk]
    others = [use for use in uses if use not in theirs]
    if any(use.claimed.upper is None for use in others):
        return None
    until = max((use.claimed.upper for use in others), default=None)
    why = next((use.exception_why for use in theirs if use.exception_why), "")
    taken_from = min((use.claimed.lower for use in others), default=None) if theirs else None
    return FreeBed(bed, until, bool(theirs), misfit, why, taken_from)
