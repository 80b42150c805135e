"""Asking for a transfer, and what changes about the request while somebody waits."""

from collections.abc import Iterable
from datetime import date, datetime

from core.pages import long_date
from core.refusals import Refused
from organisations.models import Service
from referrals.codes import ADMISSIONS, EndReason, Urgency

# Asked again within this many days of an end without admission, it is the same wait (domain.md 1.7).
FOLLOWS_WITHIN_DAYS = 90
# A request longer ago than this is a slip of the year. The longest wait published is 462 days (domain.md 1.4).
FIRST_DAY_WITHIN_DAYS = 3 * 365


def check_open(ended_on: date | None) -> None:
    """Refuse to go on with a transfer that has ended."""
    if ended_on is not None:
        raise Refused("This has ended. Nothing more can be recorded on it.")


def check_alive(died_on: date | None) -> None:
    """Refuse a request for somebody who has died."""
    if died_on is not None:
        raise Refused("This person has died. Nothing can be asked for.")


def check_from(service: Service, *, acts_for_it: bool, at_hospital: bool) -> None:
    """Refuse a request that does not come from the prison that has the person."""
    if service.kind not in (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE):
        raise Refused("A transfer is asked for by a prison or a removal centre.", "from_service")
    if not acts_for_it:
        raise Refused("You can ask only for the prison you work at.", "from_service")
    check_not_in_hospital(at_hospital=at_hospital)


def check_not_in_hospital(*, at_hospital: bool) -> None:
    """Refuse a transfer to hospital of somebody who is in one."""
    if at_hospital:
        raise Refused("This person is in hospital. Ask for a transfer when they are back in prison.")


def check_first_day(on: date, *, today: date, field: str = "report_first_requested_on") -> None:
    """Refuse a first request after today, or so long ago that the year must be wrong."""
    if on > today:
        raise Refused("The day a medical report was first requested must be today or in the past.", field)
    if (today - on).days > FIRST_DAY_WITHIN_DAYS:
        raise Refused(
            "The day a medical report was first requested is more than three years ago. Check the year.",
            field,
        )


def check_nothing_before(first_day: date, recorded: Iterable[tuple[str, date]]) -> None:
    """Refuse a first day put right to one after something recorded. `recorded`: what, in words, and when it was."""
    before = [(on, what) for what, on in recorded if on < first_day]
    if before:
        on, what = min(before)
        raise Refused(f"“{what}” is recorded on {long_date(on)}, before that day. Check both dates.", "on")


def days_entered_late(first_day: date, *, entered_on: date) -> int:
    """Days between the first request and its being entered here: the reason behind a third of late transfers."""
    return (entered_on - first_day).days


def check_urgency(urgency: int, why: str, *, field: str = "why") -> None:
    """Refuse an unknown urgency, and one without a reason."""
    if urgency not in Urgency.values:
        raise Refused("Choose how urgent this is.", "urgency")
    if not why.strip():
        raise Refused("Say why it is this urgent.", field)


def follows(reason: str, ended_on: date | None, *, asked_on: date) -> bool:
    """Whether a new request goes on with the wait of one that ended on a day for a reason."""
    if ended_on is None or reason in (*ADMISSIONS, EndReason.ENTERED_IN_ERROR, EndReason.DIED):
        return False
    return 0 <= (asked_on - ended_on).days <= FOLLOWS_WITHIN_DAYS


def lead_among(services: Iterable[Service], home_area_id: int | None) -> Service | None:
    """The lead assessing service: the first one asked that belongs to the home area."""
    return next((s for s in services if home_area_id and s.commissioner_id == home_area_id), None)


def check_move(from_id: int, to: Service, on: date, *, first_day: date, today: date) -> None:
    """Refuse a prison move to no prison, to the same one, after today, or before there was anything to hand over."""
    if to.kind not in (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE):
        raise Refused("Choose the prison the person has moved to.", "to_service")
    if to.pk == from_id:
        raise Refused("The person is already at this prison.", "to_service")
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < first_day:
        raise Refused(
            f"The move is before {long_date(first_day)}, the day a medical report was first requested.", "on"
        )


def check_take_over(from_id: int, service: Service, *, acts_for_it: bool) -> None:
    """Refuse to take a transfer over for somebody else's prison, or for the one that has it."""
    check_from(service, acts_for_it=acts_for_it, at_hospital=False)
    if service.pk == from_id:
        raise Refused("Your prison already has this transfer.")


def check_not_moved_on(at: datetime, *, since: datetime | None) -> None:
    """Refuse to take a transfer over for a prison that the person has left again: they are elsewhere `since` later."""
    if since is not None and at < since:
        raise Refused(
            "By what is recorded the person has moved on since that day. Put right where they are, then take it over."
        )


def check_hand_over(*, taken: bool, acts_for_it: bool) -> None:
    """Refuse “I have it” from anyone but the prison the person moved to, and a second time."""
    if taken:
        raise Refused("This hand-over has been taken already.")
    if not acts_for_it:
        raise Refused("The prison the person moved to takes the hand-over.")


def check_no_open_transfer(found: object | None) -> None:
    """Refuse a second transfer of one person."""
    if found is not None:
        raise Refused("This person already has an open transfer. Take it over or add to it.")


def check_why(why: str) -> None:
    """Refuse a correction without a reason."""
    if not why.strip():
        raise Refused("Say why.", "why")
