"""Delays, reviews and contacts while somebody waits."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from accounts.rights import Right
from core.refusals import Refused
from organisations.actor import Actor
from referrals.codes import DelayParty, DelayReason
from referrals.rules.steps import acts_for
from referrals.rules.who import is_author_or_case_manager

# A person who waits is looked at by a clinician at least weekly (design.md, `Review`).
REVIEW_EVERY_DAYS = 7

# The prison that has the person, and the healthcare that works in it: both are told and answer there.
OF_THE_PRISON = frozenset({DelayParty.PRISON, DelayParty.PRISON_HEALTHCARE})
NAMES_A_SERVICE = frozenset({DelayParty.SERVICE_ASKED, DelayParty.ACCEPTING_SERVICE})


def days_of(first_day: date, last_day: date | None) -> tuple[date, date | None]:
    """The half-open range of London days from a first to a last one, or with no end yet."""
    return first_day, last_day + timedelta(days=1) if last_day else None


def check_delay(
    *,
    first_day: date,
    last_day: date | None,
    party: str,
    has_service: bool,
    reason: str,
    contributing: Sequence[str],
    words: str,
    waiting_from: date,
    ended_on: date | None,
    today: date,
) -> None:
    """Refuse a delay outside the wait, or put down to nobody or to no known reason."""
    if party not in DelayParty.values:
        raise Refused("Choose who the delay is put down to.", "party")
    if party in NAMES_A_SERVICE and not has_service:
        raise Refused("Choose the service the delay is put down to.", "service")
    if reason not in DelayReason.values:
        raise Refused("Choose the main reason for the delay.", "reason")
    if any(other not in DelayReason.values or other == reason for other in contributing):
        raise Refused("Choose contributing reasons other than the main one.", "contributing")
    if reason == DelayReason.OTHER and not words.strip():
        raise Refused("Say in words what the delay is.", "words")
    if first_day > today:
        raise Refused("The first day must be today or in the past.", "first_day")
    if first_day < waiting_from:
        raise Refused("The first day is before the day a medical report was first requested.", "first_day")
    if last_day is not None:
        check_delay_end(last_day, first_day=first_day, today=today)
    # Days are half-open: the day it ended is nobody's delay any more.
    if ended_on is not None and (last_day is None or last_day >= ended_on):
        raise Refused("The transfer has ended: give a last day before its end.", "last_day")


def check_no_other_delay(*, found: bool) -> None:
    """Refuse days of which some are put down to somebody already: main reasons never overlap."""
    if found:
        raise Refused(
            "Part of this time already has a main reason. Correct that one, or choose other days.",
            "first_day",
        )


def check_delay_end(last_day: date, *, first_day: date, today: date) -> None:
    """Refuse a last day before the first or after today."""
    if last_day < first_day:
        raise Refused("The last day is before the first.", "last_day")
    if last_day > today:
        raise Refused("The last day must be today or in the past.", "last_day")


def check_delay_open(*, superseded: bool, ended: bool) -> None:
    """Refuse to change a delay that has been corrected since, or to end one that has ended."""
    if superseded:
        raise Refused("That delay has been corrected since. Open the newest one.")
    if ended:
        raise Refused("That delay has an end already. Correct it with a reason instead.")


def prison_on(on: date, moves: Collection[Any], *, prison_id: int) -> int:
    """The prison that had the person at the end of a London day, by the hand-overs of the transfer in any order.

    `prison_id`: the one that has the transfer now.
    """
    if not moves:
        return prison_id
    until = [move for move in moves if move.moved_on <= on]
    if until:
        return max(until, key=lambda move: (move.moved_on, move.pk)).to_service_id
    return min(moves, key=lambda move: move.pk).from_service_id


def service_named(party: str, service_id: int | None, *, prison_id: int) -> int | None:
    """The service that a delay is put down to: the prison that had the person, for the prison and for its healthcare.

    `prison_id`: the prison on the first of the days (see `prison_on`). None for a party with nobody here, like the
    Ministry of Justice or a court.
    """
    return prison_id if party in OF_THE_PRISON else service_id


def may_dispute(named_id: int | None, *, by: Actor) -> bool:
    """Whether a delay is somebody's to dispute: the service's that is named, or a case manager's for any party."""
    return by.has(Right.TRIAGE) or (named_id is not None and acts_for(by, named_id))


def check_dispute(
    *, why: str, disputed: bool, named_id: int | None, recorded_by_id: int | None, by: Actor
) -> None:
    """Refuse a dispute without a reason, a second one, one's own, and one by anybody but the party named.

    The case manager disputes for a party that has nobody here.
    """
    if disputed:
        raise Refused("This delay is disputed already.")
    if not why.strip():
        raise Refused("Say why your service disputes this.", "why")
    if by.user is not None and by.user.pk == recorded_by_id:
        raise Refused("You recorded this delay yourself. Correct it instead.")
    if not may_dispute(named_id, by=by):
        raise Refused("The party that the delay is put down to may dispute it, or the case manager.")


def check_delay_corrected(*, named_id: int | None, author_id: int | None, by: Actor) -> None:
    """Refuse the party named to rewrite days that somebody else put down to it: it disputes them instead."""
    is_named = named_id is not None and not by.job and acts_for(by, named_id)
    if is_named and not is_author_or_case_manager(author_id, by=by):
        raise Refused("This delay is put down to your service. Dispute it, and say why.")


def check_delay_moved(*, moved: bool, author_id: int | None, by: Actor) -> None:
    """Refuse anybody but who put a delay down to its party, and the case manager, to put it down to another."""
    if moved and not is_author_or_case_manager(author_id, by=by):
        raise Refused(
            "Only who recorded this delay, or the case manager, can put it down to somebody else. "
            "If it is put down to you, dispute it.",
            "party",
        )


def check_review(*, on: date, next_on: date, today: date, how: str, plan: str, first_day: date) -> None:
    """Refuse a review without words, in the future, or with the next one more than a week after."""
    if not how.strip():
        raise Refused("Say how the person is.", "how_the_person_is")
    if not plan.strip():
        raise Refused("Say what is done meanwhile.", "interim_plan")
    if on > today:
        raise Refused("The date of the review must be today or in the past.", "on")
    if on < first_day:
        raise Refused("The review is before the day a medical report was first requested.", "on")
    if next_on <= on:
        raise Refused("The next review must be after this one.", "next_on")
    if (next_on - on).days > REVIEW_EVERY_DAYS:
        raise Refused("The next review must be within a week of this one.", "next_on")


def check_contact(*, on: date, today: date, with_whom: str, said: str, next_on: date | None) -> None:
    """Refuse a contact with nobody, about nothing, or in the future."""
    if not with_whom.strip():
        raise Refused("Say with whom you spoke.", "with_whom")
    if not said.strip():
        raise Refused("Say what was said.", "said")
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if next_on is not None and next_on < on:
        raise Refused("The next action must not be before this contact.", "next_on")
