"""The application, the warrant, and being received under it."""

from datetime import date, datetime, time, timedelta

from core.refusals import Refused
from pathways import days
from pathways.codes import Limb

# “At the expiration of the period of 14 days beginning with the date on which it is given” (s47(2), s48(3)).
WARRANT_DAYS = 14
# How long a bed is held after its date while there is no warrant yet: our choice, a working week.
HOLD_DAYS = 7


def warrant_ends_on(given_on: date) -> date:
    """The last day on which a warrant may be used; it is out of force from the next."""
    return given_on + timedelta(days=WARRANT_DAYS - 1)


def hold_until(bed_on: date, warrant_ends: date | None) -> datetime:
    """Until when a bed is held: some days past its date, and under a live warrant at least to the end of it."""
    until = days.noon(bed_on + timedelta(days=HOLD_DAYS))
    if warrant_ends is None:
        return until
    return max(until, days.at(warrant_ends + timedelta(days=1), time(0)))


def check_warrant(
    *,
    section: str,
    basis_section: str,
    limb: str,
    with_restrictions: bool,
    hospital_is_one: bool,
    hospital_has_accepted: bool,
    given_on: date,
    today: date,
) -> None:
    """Refuse a warrant that does not fit what was applied for, or a date it can't have been given on."""
    if section != basis_section:
        raise Refused("The warrant is under another section. Change the legal basis first.", "section")
    if limb in (Limb.CROWN_REMAND, Limb.MAGISTRATES_REMAND) and not with_restrictions:
        raise Refused("Section 49 restrictions are mandatory for people on remand.", "with_restrictions")
    if not hospital_is_one:
        raise Refused("Choose the hospital that the warrant names.", "hospital")
    # The direction names the hospital (s47(1)), and the application was made for one that had accepted the person.
    if not hospital_has_accepted:
        raise Refused(
            "That hospital has not accepted the person. Ask that service first, and record what it decides.",
            "hospital",
        )
    if given_on > today:
        raise Refused("The date of the warrant must be today or in the past.", "given_on")


def check_refusal(*, in_force: bool, on: date, applied_on: date | None, why: str, today: date) -> None:
    """Refuse a refusal of what was never applied for, without a reason, or on a day it can't have come."""
    if in_force:
        raise Refused("A warrant is in force. It was given, not refused.")
    if applied_on is None:
        raise Refused("No application is recorded, so it can't have been refused.")
    if not why.strip():
        raise Refused("Say why the warrant was refused.", "why")
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < applied_on:
        raise Refused("The refusal is dated before the application.", "on")


def check_admission(
    *,
    hospital_id: int | None,
    given_on: date | None,
    ends_on: date | None,
    service_id: int,
    bed_is_own: bool,
    at: datetime,
    now: datetime,
    time_known: bool,
) -> None:
    """Refuse to receive somebody without a warrant in force that names the hospital (s47(2)), or in the future."""
    on = days.london_date(at)
    if on > days.london_date(now) or (time_known and at > now):
        field = "at_time" if on == days.london_date(now) else "on"
        raise Refused("The date and time of admission must not be in the future.", field)
    if hospital_id is None or given_on is None or ends_on is None:
        raise Refused("There is no live warrant. Nobody is received under section 47 or 48 without one.")
    if hospital_id != service_id:
        raise Refused("The warrant names another hospital. A new warrant is needed for this one.", "service")
    if on < given_on:
        raise Refused("The admission is before the warrant was given.", "on")
    if on > ends_on:
        raise Refused("The warrant had lapsed by then. A new one is needed.", "on")
    if not bed_is_own:
        raise Refused("Choose a bed of the hospital that receives the person.", "bed")


def check_receives(*, acts_for_it: bool) -> None:
    """Refuse anyone but the hospital itself to say that it received the person."""
    if not acts_for_it:
        raise Refused("The hospital that receives the person records this.", "service")


def check_departure(*, received: bool, confirmed: bool, acts_for_prison: bool) -> None:
    """Refuse to confirm a departure twice, from the wrong end, or before anybody was received."""
    if not received:
        raise Refused("The hospital has not recorded that it received the person.")
    if not acts_for_prison:
        raise Refused("The prison that had the person confirms the departure.")
    if confirmed:
        raise Refused("The departure is confirmed already.")
