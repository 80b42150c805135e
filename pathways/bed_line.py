"""The uses of one bed in their order, as believed now, and what its ward is for."""

from datetime import datetime

from django.db.models import Q

from organisations.models import Bed, WardDesignation
from pathways.models import BedUse

# A bed is used by a person a year or so; more than this on one page would be read by nobody.
MOST = 100


def uses_of(bed: Bed) -> list[BedUse]:
    """The newest uses of a bed, latest first."""
    uses = BedUse.objects.current().filter(bed=bed).select_related("patient", "recorded_by")
    return list(uses.order_by("-during", "-pk")[:MOST])


def use_now(bed: Bed, at: datetime) -> BedUse | None:
    """Who is in the bed at an instant, or for whom it is kept on leave."""
    uses = BedUse.objects.current().occupying().filter(bed=bed, during__contains=at)
    return uses.select_related("bed__ward__service", "patient").first()


def next_use(bed: Bed, after: datetime) -> BedUse | None:
    """What the bed is promised for, or closed, next after an instant."""
    later = BedUse.objects.current().filter(bed=bed, during__startswith__gt=after)
    return later.order_by("during").first()


def others_in_beds(use: BedUse) -> list[BedUse]:
    """Everybody else who is in a bed of the same service, ward by ward, in reading order."""
    uses = BedUse.objects.current().filter(
        Q(during__upper_inf=True), purpose=BedUse.Purpose.OCCUPIED, bed__ward__service=use.bed.ward.service_id
    )
    found = uses.exclude(pk=use.pk).select_related("bed__ward", "patient")
    return sorted(found, key=lambda one: (one.bed.ward.name, len(one.bed.name), one.bed.name))


def designation_of(bed: Bed, at: datetime) -> WardDesignation | None:
    """What the bed's ward is for at an instant; None while it is closed."""
    return WardDesignation.objects.filter(ward=bed.ward_id, during__contains=at, superseded_at=None).first()
