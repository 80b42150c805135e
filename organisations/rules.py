"""Tiers of security and how they map to NHS codes. Pure: no query, no clock."""

from django.db.models import TextChoices


class Tier(TextChoices):
    """A tier of care. Security belongs to the ward; the other tiers are kinds of place."""

    HIGH = "high", "High secure"
    MEDIUM = "medium", "Medium secure"
    LOW = "low", "Low secure"
    STEP_DOWN = "step_down", "Step-down"
    GENERAL = "general", "General psychiatric"
    COMMUNITY = "community", "Community"
    PRISON = "prison", "Prison"


HOSPITAL_TIERS = (Tier.HIGH, Tier.MEDIUM, Tier.LOW, Tier.STEP_DOWN, Tier.GENERAL)

# Most secure first, for “higher” and “lower”. Prison has no place in the order.
SECURITY_ORDER = (*HOSPITAL_TIERS, Tier.COMMUNITY)

# NHS Data Dictionary, WARD SECURITY LEVEL: 0 general, 1 low (includes psychiatric intensive care), 2 medium, 3 high.
WARD_SECURITY_CODE = {
    Tier.HIGH: "3",
    Tier.MEDIUM: "2",
    Tier.LOW: "1",
    Tier.STEP_DOWN: "0",
    Tier.GENERAL: "0",
    Tier.COMMUNITY: None,
    Tier.PRISON: None,
}

# MHSDS v6 mental health admitted patient classification (from April 2024).
MHSDS_BED_TYPE = {
    Tier.HIGH: "208",
    Tier.MEDIUM: "207",
    Tier.LOW: "206",
    Tier.STEP_DOWN: "212",
    Tier.GENERAL: "200",
    Tier.COMMUNITY: None,
    Tier.PRISON: None,
}


def is_more_secure(one: str, other: str) -> bool:
    """Whether one tier is more secure than another; ValueError for prison, which is not on that scale."""
    order = [str(tier) for tier in SECURITY_ORDER]
    return order.index(one) < order.index(other)
