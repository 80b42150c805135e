"""Clinically ready to move on: what may be recorded, what a move ends, and how the days count."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from core.refusals import Refused
from organisations.rules import SECURITY_ORDER, Tier, is_more_secure
from pathways.codes import AWAY, Elsewhere
from pathways.ready_codes import BY_A_MOVE, BY_HAND, Confirmation, ReadyEnd, WaitsOn

DAY = timedelta(days=1)

# What somebody in hospital may need next: anything but a prison is on one scale of security.
NEXT_TIERS = (*SECURITY_ORDER[1:], Tier.PRISON)


@dataclass(frozen=True)
class Whereabouts:
    """Where a person came to on a London day, as far as being ready asks. `service_id` is 0 elsewhere."""

    since: date
    service_id: int
    is_hospital: bool
    tier: str
    elsewhere: str = ""


@dataclass(frozen=True)
class Departure:
    """The move that ended being ready: on which London day, and as what."""

    on: date
    ended_as: str


@dataclass(frozen=True)
class Stretch:
    """One period of being ready, as far as its days ask: from a day to the day on which it ended, if it has."""

    since: date
    until: date | None
    ended_as: str = ""


def ready_days(stretches: Iterable[Stretch], *, first_day: date, last_day: date) -> int:
    """The days of being ready in one hospital stay, within a period of London days both of which belong to it.

    As NHS England's own code counts them (Acute Inpatient Dashboard 2025, CRFD days): the first counts from the day
    after it began, so does one that begins more than a day after the last one ended; one that goes on from another
    counts from its own day. The day on which one ended does not count; one still open counts to the end of the period;
    one that began before the period counts from the period's first day.
    """
    days, ended = 0, None
    for one in sorted(stretches, key=lambda stretch: stretch.since):
        goes_on = ended is not None and one.since <= ended + DAY
        counts_from = first_day if one.since < first_day else one.since if goes_on else one.since + DAY
        counts_to = min(one.until or last_day + DAY, last_day + DAY)
        days += max(0, (counts_to - counts_from).days)
        ended = one.until
    return days


def counted_days(stretch: Stretch, *, goes_on: bool, today: date) -> tuple[date, date]:
    """The first day of a stretch that counts, and the day after its last, to a London day if it is open."""
    return (stretch.since if goes_on else stretch.since + DAY), stretch.until or today + DAY


def stay_when_ready(stays: Sequence[Whereabouts], service_id: int, on: date) -> int | None:
    """The number of the stay at a service in which somebody was on a London day: of two on one day, the first."""
    for number, stay in enumerate(stays):
        ends = stays[number + 1].since if number + 1 < len(stays) else None
        if stay.service_id == service_id and stay.since <= on and (ends is None or on <= ends):
            return number
    return None


def stay_to_wait_in(stays: Sequence[Whereabouts], on: date, *, acts_for: Collection[int]) -> int:
    """The number of the stay in a hospital of the actor's on a London day; of several hospitals, the newest."""
    hospitals = {one.service_id for one in stays if one.is_hospital and one.service_id in acts_for}
    found = [stay_when_ready(stays, service_id, on) for service_id in hospitals]
    numbers = [number for number in found if number is not None]
    if not numbers:
        raise Refused(
            "They were not in your hospital on that day. Check the date, or where they were.", "since"
        )
    return max(numbers)


def departure_after(stays: Sequence[Whereabouts], number: int) -> Departure | None:
    """The first move that means somebody has moved on from a stay, or None while they have not.

    Another service, another tier in the same one, release, leaving England and death do. Another ward of the same tier
    does not, nor being away at a general hospital or at large, from where people come back.
    """
    tier = stays[number].tier
    for stay in stays[number + 1 :]:
        if stay.elsewhere in AWAY:
            continue
        if stay.elsewhere == Elsewhere.DIED:
            return Departure(stay.since, ReadyEnd.DIED.value)
        if stay.service_id != stays[number].service_id or (tier and stay.tier and stay.tier != tier):
            return Departure(stay.since, _moved_as(tier, stay.tier))
        tier = stay.tier or tier
    return None


def _moved_as(tier: str, new_tier: str) -> str:
    order = set(SECURITY_ORDER)
    is_higher = {tier, new_tier} <= order and is_more_secure(new_tier, tier)
    return (ReadyEnd.HIGHER if is_higher else ReadyEnd.MOVED).value


def run_after(run: Sequence[Stretch], departure: Departure | None, *, is_last: bool) -> list[Stretch]:
    """What is left of periods that follow one another, once it is known when the person moved on, if they have.

    What was ended by hand before that stays. What a move had ended that is no longer believed goes on, where nothing
    later is recorded.
    """
    if departure is None:
        last = run[-1]
        if last.ended_as in BY_A_MOVE and is_last:
            return [*run[:-1], replace(last, until=None, ended_as="")]
        return list(run)
    kept = [one for one in run if one.since < departure.on]
    if not kept:
        return []
    last = kept[-1]
    if last.until is not None and last.until <= departure.on and last.ended_as in BY_HAND:
        return kept
    return [*kept[:-1], replace(last, until=departure.on, ended_as=departure.ended_as)]


def check_ready(tier: str, *, since: date, next_tier: str, confirmed: Collection[str], today: date) -> None:
    """From a day that has come, for lower security than the tier of the ward, with all that it takes."""
    check_not_to_come(since, today, "since")
    if not set(Confirmation) <= set(confirmed):
        raise Refused(
            "Somebody is clinically ready only when all three are so. If one is not, do not record it yet.",
            "confirmed",
        )
    check_next_tier(tier, next_tier)


def check_next_tier(tier: str, next_tier: str) -> None:
    """Nobody is ready to move on to where they are, or to higher security: that is asked for by a referral."""
    if next_tier not in NEXT_TIERS:
        raise Refused("Choose what they need next from the list.", "next_tier")
    if tier in SECURITY_ORDER and next_tier in SECURITY_ORDER and not is_more_secure(tier, next_tier):
        raise Refused("They are there already, or in lower security. Choose what comes next.", "next_tier")


def check_waits_on(waits_on: str, service: Any, commissioner: Any, words: str) -> None:
    """Who has to act is named where it can be."""
    if waits_on == WaitsOn.SERVICE and service is None:
        raise Refused("Choose the service that it waits on.", "waits_on_service")
    if waits_on == WaitsOn.COMMISSIONER and commissioner is None:
        raise Refused("Choose the commissioner that it waits on.", "waits_on_commissioner")
    if waits_on == WaitsOn.OTHER and not words.strip():
        raise Refused("Say who it waits on.", "waits_on_words")


def check_not_to_come(on: date, today: date, field: str) -> None:
    """What is recorded has happened."""
    if on > today:
        raise Refused("The date must be today or in the past.", field)


def check_period_is_open(ended_as: str) -> None:
    """Only somebody who is ready can stop being so."""
    if ended_as:
        raise Refused("These days have ended already. Correct them if that is wrong.")


def check_changes_later(began: date, on: date, *, today: date) -> None:
    """Another reason holds from a later day than the present one."""
    check_not_to_come(on, today, "since")
    if on <= began:
        raise Refused("The present reason began on that day or later. Correct it instead.", "since")


def check_ready_ends(began: date, on: date, *, ended_as: str, why: str, today: date) -> None:
    """It ends on a later day than it began, by what is no move, with a reason."""
    check_not_to_come(on, today, "on")
    if on <= began:
        raise Refused("It began on that day or later. If they never were ready, take it back instead.", "on")
    if ended_as not in BY_HAND:
        raise Refused(
            "A move ends it when the move is recorded. Choose why they are no longer ready.", "ended_as"
        )
    if not why.strip():
        raise Refused("Say why.", "why")


def check_run(run: Sequence[Stretch], *, today: date) -> None:
    """Corrected days stay in their order, each lasting, none of them to come."""
    for one in run:
        check_not_to_come(one.since, today, "since")
        if one.until is not None:
            check_not_to_come(one.until, today, "until")
        if one.until is not None and one.until <= one.since:
            raise Refused("With these dates it would have ended before it began.", "since")
    if any(later.since != earlier.until for earlier, later in pairwise(run)):
        raise Refused("Another reason follows it. Correct the day of that one.", "until")


def check_nothing_follows(is_last: bool) -> None:
    """What is taken back is the newest: a later reason is taken back first."""
    if not is_last:
        raise Refused("A later reason follows it. Take that one back first.")


def check_has_the_person(service_id: int, *, acts_for: Collection[int]) -> None:
    """The hospital that has or had the person says whether they are ready."""
    if service_id not in acts_for:
        raise Refused("Only the hospital that has the person can record this.")
