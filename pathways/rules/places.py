"""Where people may be, and which way a move goes."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from core.refusals import Refused
from organisations.rules import HOSPITAL_TIERS, SECURITY_ORDER, Tier, is_more_secure
from pathways.codes import Elsewhere
from pathways.days import london_date


class Direction(TextChoices):
    """Which way a person goes by a move."""

    UP = "up", "To higher security"
    DOWN = "down", "To lower security"
    SIDEWAYS = "sideways", "To the same security"
    FROM_PRISON = "from_prison", "From prison to hospital"
    REMISSION = "remission", "Remission to prison"
    TO_GENERAL = "to_general", "To general psychiatry"
    FROM_GENERAL = "from_general", "From general psychiatry"
    TO_COMMUNITY = "to_community", "To the community"
    FROM_COMMUNITY = "from_community", "From the community"
    BETWEEN_PRISONS = "between_prisons", "From prison to prison"


def direction_of(from_tier: str, to_tier: str) -> str:
    """Which way a move between two tiers goes; empty where either is not known. Total over every pair of tiers."""
    if not from_tier or not to_tier:
        return ""
    if from_tier == Tier.PRISON:
        return _from_prison(to_tier)
    if to_tier == Tier.PRISON:
        return Direction.REMISSION if from_tier in HOSPITAL_TIERS else ""
    if from_tier == to_tier:
        return Direction.SIDEWAYS
    if to_tier == Tier.COMMUNITY:
        return Direction.TO_COMMUNITY
    if from_tier == Tier.COMMUNITY:
        return Direction.FROM_COMMUNITY
    if to_tier == Tier.GENERAL:
        return Direction.TO_GENERAL
    if from_tier == Tier.GENERAL:
        return Direction.FROM_GENERAL
    return Direction.UP if is_more_secure(to_tier, from_tier) else Direction.DOWN


def _from_prison(to_tier: str) -> str:
    if to_tier == Tier.PRISON:
        return Direction.BETWEEN_PRISONS
    return Direction.TO_COMMUNITY if to_tier == SECURITY_ORDER[-1] else Direction.FROM_PRISON


def check_place(service: Any, elsewhere: str, ward: Any) -> None:
    """A person is at one service, on a ward of it if any, or elsewhere: never both, never neither."""
    if (service is None) == (not elsewhere):
        raise Refused("Say where the person is: at a service, or elsewhere.", "service")
    if elsewhere and elsewhere not in Elsewhere.values:
        raise Refused("Choose where the person is from the list.", "elsewhere")
    if ward is not None and (service is None or ward.service_id != service.pk):
        raise Refused("That ward belongs to another service.", "ward")


def check_has_happened(at: datetime, *, time_known: bool = True, now: datetime) -> None:
    """What is recorded as a fact is not in the future; a date without a time may be today, whatever the hour."""
    if (at > now) if time_known else (london_date(at) > london_date(now)):
        raise Refused("The date must be today or in the past.", "on")


def check_move(before: Any, at: datetime) -> None:
    """A move comes after the one before it, and nobody moves after their death."""
    if before.elsewhere == Elsewhere.DIED:
        raise Refused("This person has died. Nothing more can be recorded about where they are.")
    if at > before.during.lower:
        return
    if london_date(at) == london_date(before.during.lower):
        raise Refused("The person moved twice on this day. Enter the times of both moves.", "at")
    raise Refused("This is before the person came to where they are now. Check the date.", "on")
