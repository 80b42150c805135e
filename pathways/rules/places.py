"""Where people may be, and which way a move goes."""

from collections.abc import Collection
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices

from core.refusals import Refused
from organisations.rules import HOSPITAL_TIERS, SECURITY_ORDER, Tier, is_more_secure
from pathways.codes import AWAY, Act, Elsewhere
from pathways.days import london_date
from pathways.rules.lines import Line, Place, Stay


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
    TO_PRISON = "to_prison", "From the community to prison"


class SectorChange(TextChoices):
    """Whether a move crosses between NHS and independent providers of care."""

    TO_INDEPENDENT = "to_independent", "From the NHS to an independent provider"
    TO_NHS = "to_nhs", "From an independent provider to the NHS"
    WITHIN_NHS = "within_nhs", "Within the NHS"
    WITHIN_INDEPENDENT = "within_independent", "Within independent providers"
    NOT_BETWEEN = "not_between", "Not between providers of care"


NHS, INDEPENDENT = "nhs", "independent"
SECTOR_CHANGES: dict[tuple[str, str], SectorChange] = {
    (NHS, NHS): SectorChange.WITHIN_NHS,
    (NHS, INDEPENDENT): SectorChange.TO_INDEPENDENT,
    (INDEPENDENT, NHS): SectorChange.TO_NHS,
    (INDEPENDENT, INDEPENDENT): SectorChange.WITHIN_INDEPENDENT,
}
# Where care is given by a provider. A prison or court is nobody's bed, whoever runs its healthcare.
KINDS_OF_CARE = frozenset({"hospital", "community"})


# What leaving a hospital for good is in law, by the kind of service that somebody comes to, and by where else.
ACTS_OF_PLACES: dict[str, Act] = {
    "hospital": Act.TRANSFER,
    "prison": Act.REMISSION,
    "removal_centre": Act.REMISSION,
    "community": Act.DISCHARGE,
    Elsewhere.RELEASED: Act.DISCHARGE,
    Elsewhere.ABROAD: Act.TRANSFER,
}


def last_in_care(line: Line, at: datetime) -> Place | None:
    """Where somebody was before an instant, whatever they were away from there meanwhile; None before everything."""
    places = (stay.place for stay in reversed(line) if stay.since < at)
    return next((place for place in places if place.elsewhere not in AWAY), None)


def act_of_place(hospital: Any, service: Any, elsewhere: str) -> Act | None:
    """What it is in law that somebody who was in a hospital is at a service or elsewhere; None where it is nothing.

    `hospital`: in which they were before, if in one.
    """
    if hospital is None or (service is not None and service.pk == hospital.pk):
        return None
    return ACTS_OF_PLACES.get(service.kind if service is not None else elsewhere)


def sector_change_of(from_sector: str, to_sector: str) -> SectorChange:
    """Whether a move crosses between sectors. A sector is empty where no provider of care has the person."""
    return SECTOR_CHANGES.get((from_sector, to_sector), SectorChange.NOT_BETWEEN)


def sector_of(service: Any) -> str:
    """The sector of a service that gives care; empty for a prison, a court, a removal centre, and elsewhere."""
    return service.provider.sector if service is not None and service.kind in KINDS_OF_CARE else ""


def direction_of(from_tier: str, to_tier: str) -> str:
    """Which way a move between two tiers goes; empty where either is not known. Total over every pair of tiers."""
    if not from_tier or not to_tier:
        return ""
    if from_tier == Tier.PRISON:
        return _from_prison(to_tier)
    if to_tier == Tier.PRISON:
        return Direction.REMISSION if from_tier in HOSPITAL_TIERS else Direction.TO_PRISON
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


def check_not_death(elsewhere: str) -> None:
    """A death is recorded as one: a place would not end what ends with it."""
    if elsewhere == Elsewhere.DIED:
        raise Refused("Record the death itself, so that everything ends with it.", "elsewhere")


def check_has_happened(at: datetime, *, time_known: bool = True, now: datetime) -> None:
    """What is recorded as a fact is not in the future; a date without a time may be today, whatever the hour."""
    if (at > now) if time_known else (london_date(at) > london_date(now)):
        raise Refused("The date must be today or in the past.", "on")


def check_can_be_moved(line: Line) -> None:
    """Nobody moves after their death."""
    if line and line[-1].place.elsewhere == Elsewhere.DIED:
        raise Refused("This person has died. Nothing more can be recorded about where they are.")


def check_time_tells_order(line: Line, new: Stay) -> None:
    """Two moves on one day need their times, or nobody knows which came first.

    Only a move that is recorded after all others may do with its date: it comes last.
    """
    is_last = new.placement_id is None and all(stay.since < new.since for stay in line)
    for stay in line:
        is_itself = new.placement_id is not None and stay.placement_id == new.placement_id
        if is_itself or london_date(stay.since) != london_date(new.since):
            continue
        if stay.since == new.since or not (is_last or (stay.time_known and new.time_known)):
            raise Refused(f"The person moved twice on this day. {_times_wanted(stay, new)}", "at_time")


def _times_wanted(other: Stay, new: Stay) -> str:
    where = "put it right on the person’s pathway line first."
    if not other.time_known:
        both = "" if new.time_known else "Enter the times of both moves. "
        return f"{both}The other one has no time: {where}"
    if not new.time_known:
        return "Enter the time of this move too."
    return f"The other one has this very time. If that is wrong, {where}"


def check_sorted(line: Line) -> None:
    """A corrected beginning stays between the move before it and the one after it."""
    if any(later.since <= earlier.since for earlier, later in pairwise(line)):
        raise Refused(
            "With that date the moves would be in another order. Remove this one and record it again.", "on"
        )


def check_goes_somewhere(line: Line, new: Stay) -> None:
    """A move leads somewhere else than where the person was, and than where the next record says they came to."""
    at = line.index(new)
    if at and line[at - 1].place == new.place:
        raise Refused("They are already recorded there at that time.", "service")
    if at + 1 < len(line) and line[at + 1].place == new.place:
        raise Refused("The next record says that they came there. Correct the date of that one.", "service")


def check_may_be_there(line: Line, new: Stay, service: Any) -> None:
    """Nobody is now at a service that has closed, though they may have been."""
    if service is not None and not service.is_open and line[-1] == new:
        raise Refused("That service has closed. Choose where they are now.", "service")


def check_can_be_corrected(line: Line, placement_id: int) -> None:
    """A death is put right where it was recorded, not as a place."""
    stay = next((one for one in line if one.placement_id == placement_id), None)
    if stay is None:
        raise Refused("That was changed since you opened the page. Look at it again.")
    if stay.place.elsewhere == Elsewhere.DIED:
        raise Refused("A death is not a place that can be corrected here.")


def check_leaves_a_line(line: Line) -> None:
    """A person who is on record was somewhere."""
    if not line:
        raise Refused("This is the only place on record. Correct it instead.")


def check_may_place(service_ids: Collection[int], *, acts_for: Collection[int]) -> None:
    """Where somebody is may be said by those who have them, had them or receive them."""
    if not set(service_ids) & set(acts_for):
        raise Refused("Only the service that has the person, had them then or received them can record this.")
