"""Which tier of care a place is: security belongs to the ward and can change, the rest to the kind of service."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from organisations.models import Service, WardDesignation
from organisations.rules import Tier
from pathways.codes import Elsewhere

KIND_TIERS: dict[str, str] = {
    Service.Kind.PRISON: Tier.PRISON,
    Service.Kind.REMOVAL_CENTRE: Tier.PRISON,
    Service.Kind.COMMUNITY: Tier.COMMUNITY,
}

Designations = Mapping[int, list[WardDesignation]]


def designations_of(ward_ids: Iterable[int | None]) -> Designations:
    """What each ward has been for, earliest first, in one query."""
    wards = {ward_id for ward_id in ward_ids if ward_id is not None}
    if not wards:
        return {}
    return by_ward(WardDesignation.objects.filter(ward__in=wards, superseded_at=None).order_by("during"))


def by_ward(designations: Iterable[WardDesignation]) -> Designations:
    """What each ward has been for, in the order given."""
    found: dict[int, list[WardDesignation]] = {}
    for designation in designations:
        found.setdefault(designation.ward_id, []).append(designation)
    return found


def tier_of(placement: Any, at: datetime, designations: Designations) -> str:
    """The tier of care at a placement at an instant; empty where that is not known or there is none."""
    if placement.service is None:
        return Tier.COMMUNITY if placement.elsewhere == Elsewhere.RELEASED else ""
    if placement.service.kind in KIND_TIERS:
        return KIND_TIERS[placement.service.kind]
    of_ward = designations.get(placement.ward_id, ())
    return next((one.tier for one in of_ward if at in one.during), "")
