"""The closed list of ends of a transfer: who may say so, and what it takes."""

from dataclasses import dataclass
from datetime import date

from accounts.rights import Role
from core.pages import long_date
from core.refusals import Refused
from organisations.actor import Actor
from pathways.codes import Elsewhere
from referrals.codes import EndReason


@dataclass(frozen=True)
class End:
    """What one end asks for, and where the person is after it.

    `otherwise` says how it is recorded where ending the transfer by hand is not the way.
    """

    needs_why: bool = False
    needs_clinician: bool = False
    needs_service: bool = False
    elsewhere: str = ""
    otherwise: str = ""


END_REASONS: dict[EndReason, End] = {
    EndReason.ADMITTED: End(otherwise="Record that the hospital received the person instead."),
    EndReason.ADMITTED_BY_COURT: End(needs_service=True),
    EndReason.ADMITTED_AFTER_RELEASE: End(needs_service=True),
    EndReason.RELEASED: End(elsewhere=Elsewhere.RELEASED),
    EndReason.LEFT_ENGLAND: End(elsewhere=Elsewhere.ABROAD),
    EndReason.IMPROVED: End(needs_why=True, needs_clinician=True),
    EndReason.ENTERED_IN_ERROR: End(needs_why=True),
    EndReason.DIED: End(),
}


def check_end(
    reason: str, *, why: str, on: date, first_day: date, today: date, has_service: bool, by: Actor
) -> None:
    """Refuse an end not on the list, by somebody who may not say so, without what it takes, or on a day it can't be."""
    if reason not in EndReason.values:
        raise Refused("Choose how the transfer ended.", "reason")
    end = END_REASONS[EndReason(reason)]
    if end.otherwise:
        raise Refused(end.otherwise, "reason")
    if end.needs_clinician and by.role != Role.CLINICIAN:
        raise Refused("Only a clinician can record that the person has improved.", "reason")
    if end.needs_why and not why.strip():
        raise Refused("Say why.", "why")
    if end.needs_service and not has_service:
        raise Refused("Choose the hospital that admitted the person.", "service")
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < first_day:
        raise Refused("The end is before the day a medical report was first requested.", "on")


def check_end_after_move(on: date, moved_on: date | None) -> None:
    """Refuse to say that somebody had left prison on a day before they moved to the prison that has them."""
    if moved_on is not None and on < moved_on:
        raise Refused(f"The end is before {long_date(moved_on)}, the day of the last prison move.", "on")
