"""Which beds can be promised, and from when. Says nothing of who is in a bed."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.pages import long_date
from organisations.models import Bed
from pathways.models import BedUse, Patient


@dataclass(frozen=True)
class FreeBed:
    """A bed with the instant from which it is nobody's; None: now."""

    bed: Bed
    free_from: datetime | None
    is_held_for_them: bool = False

    @property
    def words(self) -> str:
        """The bed by ward and name."""
        return f"{self.bed.ward.name} ward, bed {self.bed.name}"

    @property
    def state(self) -> str:
        """From when it can be had."""
        if self.is_held_for_them:
            return "Held for this person"
        return f"Free from {long_date(self.free_from)}" if self.free_from else "Free now"


def free_beds(beds: Iterable[Bed], *, at: datetime, patient: Patient | None = None) -> list[FreeBed]:
    """The beds that are not somebody else's without end, soonest first; those held for the patient before all.

    A bed in use until an expected end can be had after it. What the patient holds does not count against them.
    """
    beds = list(beds)
    claims = defaultdict(list)
    uses = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], claimed__endswith__gt=at)
    endless = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], claimed__upper_inf=True)
    for use in (uses | endless).only("bed_id", "patient_id", "claimed", "purpose"):
        claims[use.bed_id].append(use)
    found = [_free(bed, claims[bed.pk], patient) for bed in beds]
    free = [one for one in found if one is not None]
    return sorted(
        free, key=lambda one: (not one.is_held_for_them, one.free_from or at, _reading_order(one.words))
    )


def _reading_order(words: str) -> list[str]:
    """Bed 2 before bed 10."""
    return [part.zfill(6) if part.isdigit() else part for part in re.split(r"(\d+)", words)]


def _free(bed: Bed, uses: list[BedUse], patient: Patient | None) -> FreeBed | None:
    theirs = [use for use in uses if patient is not None and use.patient_id == patient.pk]
    others = [use for use in uses if use not in theirs]
    if any(use.claimed.upper is None for use in others):
        return None
    until = max((use.claimed.upper for use in others), default=None)
    return FreeBed(bed, until, is_held_for_them=bool(theirs))
