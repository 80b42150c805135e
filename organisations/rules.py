"""Tiers of security and how they map to NHS codes, and who may have which role where. Pure: no query, no clock."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils import timezone

from accounts.rights import Duty, Role
from core.refusals import Refused

# Days. A machine's access is looked at again at least once a year.
LONGEST_KEY = 366

LONDON = ZoneInfo("Europe/London")


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

# NHS England's regions that touch, by their ODS codes, each pair once, read off the counties that they hold. Near and
# far are said by these alone, so that no distance is invented.
NEIGHBOURS: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in [
        ("Y56", "Y59"),  # London, South East
        ("Y56", "Y61"),  # London, East of England
        ("Y58", "Y59"),  # South West, South East
        ("Y58", "Y60"),  # South West, Midlands
        ("Y59", "Y60"),  # South East, Midlands
        ("Y59", "Y61"),  # South East, East of England
        ("Y60", "Y61"),  # Midlands, East of England
        ("Y60", "Y62"),  # Midlands, North West
        ("Y60", "Y63"),  # Midlands, North East and Yorkshire
        ("Y62", "Y63"),  # North West, North East and Yorkshire
    ]
)


def is_neighbour(one: str, other: str) -> bool:
    """Whether two regions lie next to each other."""
    return frozenset({one, other}) in NEIGHBOURS


# The sections of the Mental Health Act 1983 under which people come to hospital, as an admission criterion names them.
SECTIONS = ("2", "3", "35", "36", "37", "38", "45A", "47", "48(a)", "48(b)", "48(c)", "48(d)")

# What wards and services call the groups of diagnoses; `pathways.rules.GROUPS` has their ICD-10 codes.
DIAGNOSTIC_GROUPS = ("mental illness", "personality disorder", "learning disability", "autism")

SINGLE_SEX = ("men", "women")


def check_covers(kind: str, covers: Collection[str], *, regions: Collection[str]) -> None:
    """The codes of an admission criterion are of its kind."""
    of_kind: dict[str, Collection[str]] = {
        "tier": HOSPITAL_TIERS,
        "gender": SINGLE_SEX,
        "legal_basis": SECTIONS,
        "diagnosis": DIAGNOSTIC_GROUPS,
        "area": regions,
    }
    if not set(covers) <= set(of_kind.get(kind, ())):
        raise Refused("Some of these are not about what you chose.")


def is_more_secure(one: str, other: str) -> bool:
    """Whether one tier is more secure than another; ValueError for prison, which is not on that scale."""
    order = [str(tier) for tier in SECURITY_ORDER]
    return order.index(one) < order.index(other)


# Which duties go with which role (design.md, “Who uses it”): a case manager is a commissioner's, beds and the Mental
# Health Act office are a hospital's, and the privacy officer may be anybody.
DUTIES_OF: dict[str, frozenset[str]] = {
    Role.CLINICIAN: frozenset({Duty.BED_MANAGER, Duty.MHA_OFFICE, Duty.PRIVACY}),
    Role.LIAISON: frozenset({Duty.PRIVACY}),
    Role.COMMISSIONER: frozenset({Duty.CASE_MANAGER, Duty.PRIVACY}),
    Role.ADMINISTRATOR: frozenset({Duty.PRIVACY}),
}


def start_of_day(on: date) -> datetime:
    """The instant at which a London day begins."""
    return timezone.make_aware(datetime.combine(on, time.min), LONDON)


def end_of_day(on: date | None) -> datetime | None:
    """The instant at which a London day is over; None where there is no last day."""
    return start_of_day(on + timedelta(days=1)) if on else None


def day_of(at: datetime) -> date:
    """The London day of an instant."""
    return timezone.localdate(at, LONDON)


def last_day_of(until: datetime | None) -> date | None:
    """The last London day on which something still holds that ends at an instant: at midnight, the day before."""
    return day_of(until - timedelta(microseconds=1)) if until else None


def check_days(since: date, last_day: date | None) -> None:
    """The last day is not before the first."""
    if last_day is not None and last_day < since:
        raise Refused("The last day is before the first.", "last_day")


def check_last_day(last_day: date | None, *, before: date | None, today: date) -> None:
    """A role is not said to have been over for a time in which it let somebody in."""
    if last_day is not None and last_day != before and last_day < today:
        raise Refused("The last day has passed. Choose today or later, or end the role now.", "last_day")


def check_may_end_now(membership: Any, *, by: Any) -> None:
    """Only a role of somebody else that has begun and goes on can end now."""
    check_not_own_membership(membership.user_id, by=by)
    if by.at <= membership.during.lower:
        raise Refused("This role has not begun. Give it its first day as its last.")
    if membership.during.upper is not None and membership.during.upper <= by.at:
        raise Refused("This role is over already.")


def check_designated_after(before: datetime, start: datetime) -> None:
    """A ward's designation begins on or after the day on which the present one began."""
    if start < before:
        raise Refused("This is before the present designation began. Check the date.", "since")


def check_place_of_role(role: str, service: object | None, commissioner: object | None) -> None:
    """Clinicians and liaison staff belong to a service, commissioners to a commissioner, administrators to neither."""
    if role in (Role.CLINICIAN, Role.LIAISON) and (service is None or commissioner is not None):
        raise Refused("Choose the service where this person works.", "service")
    if role == Role.COMMISSIONER and (commissioner is None or service is not None):
        raise Refused("Choose the commissioner that this person works for.", "commissioner")
    if role == Role.ADMINISTRATOR and (service is not None or commissioner is not None):
        raise Refused("An administrator belongs to the whole installation: choose no place.", "role")


def check_duties(role: str, duties: Collection[str]) -> None:
    """Only duties that go with the role."""
    for duty in duties:
        if duty not in DUTIES_OF[role]:
            raise Refused(f"{Duty(duty).label} is not a duty of this role.", "duties")


def hash_of(key: str) -> str:
    """What is kept of a key. Keys are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def check_key(name: str, days: int, *, is_held: bool) -> None:
    """A key says what it is for, lasts no longer than a year, and stands for a role that is held now."""
    if not is_held:
        raise Refused("Nobody holds this role now, so no key can stand for it.")
    if not name.strip():
        raise Refused("Say what the key is for.", "name")
    if not 0 < days <= LONGEST_KEY:
        raise Refused(f"A key lasts from 1 to {LONGEST_KEY} days.", "days")


def check_revocation(is_revoked: bool, why: str) -> None:
    """A key is revoked once, with a reason."""
    if is_revoked:
        raise Refused("This key is revoked already.")
    if not why.strip():
        raise Refused("Say why.", "why")


def check_not_own_membership(user_id: int, *, by: Any) -> None:
    """Nobody gives themselves a role or a duty, nor locks themselves out: another administrator does either."""
    if by.user is not None and user_id == by.user.pk:
        raise Refused("Ask another administrator to change your own roles.")
