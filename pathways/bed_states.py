"""How a bed stands at an instant: asked of its uses, never of the bed's own row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from organisations.models import Bed
from pathways.models import BedUse

FREE = "free"
FREE_CHOICE = (FREE, "Free")
# Those that a bed in use may have.
STATES = [
    FREE_CHOICE,
    *((value, label) for value, label in BedUse.Purpose.choices if value != BedUse.Purpose.NOT_IN_USE),
]
LABELS = dict(BedUse.Purpose.choices)
KEPT_WHILE_AWAY = "Kept while away"
# Where a bed is both held for one person and used by another, the use is what a visitor would see.
WEIGHT: dict[str, int] = {
    BedUse.Purpose.HELD: 0,
    BedUse.Purpose.CLOSED: 1,
    BedUse.Purpose.NOT_IN_USE: 1,
    BedUse.Purpose.LEAVE: 2,
    BedUse.Purpose.OCCUPIED: 3,
}


def words_of(purpose: str, about_kind: str) -> str:
    """A use of a bed in words. What is kept for no leave is kept for somebody at a general hospital or at large."""
    is_away = purpose == BedUse.Purpose.LEAVE and about_kind != "leave"
    return KEPT_WHILE_AWAY if is_away else str(LABELS[purpose])


def in_use(beds: Any, *, at: datetime, now: datetime) -> Any:
    """Of a queryset of beds those that their ward has at an instant, or has given up and somebody is still in."""
    uses = BedUse.objects.current().filter(bed=OuterRef("pk"))
    out_of_use = uses.not_in_use().filter(during__contains=at)
    return beds.filter(~Exists(out_of_use) | Exists(uses.staying(at, now=now)))


def uses_at(beds: Iterable[Bed], *, at: datetime) -> dict[int, BedUse]:
    """The use that each bed has at an instant, by the bed's id; a free bed has none. One query for all."""
    found: dict[int, BedUse] = {}
    uses = BedUse.objects.current().filter(bed__in=[bed.pk for bed in beds], during__contains=at)
    for use in sorted(uses.order_by("pk"), key=lambda use: WEIGHT[use.purpose]):
        found[use.bed_id] = use
    return found


def in_state(beds: Any, state: str, *, at: datetime) -> Any:
    """Of a queryset of beds those that stand so at an instant."""
    here = BedUse.objects.current().filter(bed=OuterRef("pk"), during__contains=at)
    if state == FREE:
        return beds.filter(~Exists(here))
    if state == BedUse.Purpose.HELD:
        return beds.filter(Exists(here.held()), ~Exists(here.exclude(purpose=BedUse.Purpose.HELD)))
    return beds.filter(Exists(here.filter(purpose=state)))
