"""Between a decision and the move, of every kind of referral but the transfer from prison; and how it ends."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from accounts.rights import Right
from core.pages import listed, long_date
from core.refusals import Refused
from organisations.actor import Actor
from organisations.models import Service
from pathways.codes import Act, LegalForm, MhsdsLegalStatus
from referrals.codes import Kind, MoveEnd, StepKind
from referrals.rules.kinds import KINDS, steps_of
from referrals.rules.steps import acts_for

S = MhsdsLegalStatus
# The orders and remands by which a court sends somebody to hospital (Mental Health Act 1983 ss35 to 38, 44, 45A, and
# the hospital orders of the Criminal Procedure (Insanity) Act 1964).
ORDERS_OF_COURT = (S.S37, S.S37_41, S.S38, S.S45A, S.S35, S.S36, S.S44, S.INSANITY_ACT)
# The others are what follows from a move or a death.
ENDS_BY_HAND = (
    MoveEnd.NOT_NEEDED,
    MoveEnd.NOT_POSSIBLE,
    MoveEnd.OVERTAKEN,
    MoveEnd.ENTERED_IN_ERROR,
)
# What somebody is held under, or no longer, once discharged in one of the ways of the law: code and form.
AFTER_DISCHARGE: dict[str, tuple[str, str]] = {
    Act.CONDITIONAL_DISCHARGE: (S.NOT_APPLICABLE, LegalForm.CONDITIONAL_DISCHARGE),
    Act.COMMUNITY_TREATMENT: (S.NOT_APPLICABLE, LegalForm.COMMUNITY_TREATMENT),
    Act.DISCHARGE: (S.NOT_APPLICABLE, ""),
}


def check_of_kind(step: str, kind: str) -> None:
    """Refuse a step that this kind of referral does not have."""
    if step not in steps_of(kind):
        raise Refused(f"{Kind(kind).label} has no step “{StepKind(step).label}”.")


def check_of_another_kind(kind: str) -> None:
    """Refuse for a transfer from prison, which ends by a list of its own."""
    if kind == Kind.PRISON_TRANSFER:
        raise Refused("A transfer from prison is ended on its own page.")


def check_still_asked(*, closed: bool) -> None:
    """Refuse the word of a service that is not asked any more."""
    if closed:
        raise Refused("That service is not asked any more.")


def check_own_word(service_id: int, *, from_service_id: int, by: Actor) -> None:
    """Refuse a service that is asked the word of another one."""
    if not (acts_for(by, service_id, from_service_id) or by.has(Right.TRIAGE)):
        raise Refused("The service that asks, or the one that agrees, records this.")


def check_somebody_is_asked(asked_ids: Collection[int]) -> None:
    """Refuse to say that somebody moved as asked while no service is asked."""
    if not asked_ids:
        raise Refused("No service is asked. Ask the one that received the person first.")


def check_step_day(on: date, *, first_day: date, today: date) -> None:
    """Refuse a day after today, or before it was asked for."""
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < first_day:
        raise Refused("The date is before the day it was asked for.", "on")


def check_planned_on(on: date, *, today: date) -> None:
    """Refuse to plan a move for a day that is behind: what has happened is recorded as done."""
    if on < today:
        raise Refused(
            "The day planned must be today or later. Record a move that has happened as done.", "on"
        )


# What comes before somebody leaves hospital, and stands with the move as an exception where it is not on record.
BEFORE_LEAVING = {
    StepKind.AGREED: "agreement of those who receive them",
    StepKind.AFTERCARE: "section 117 meeting",
}


def check_met(kind: str, done: Collection[str]) -> None:
    """Refuse to plan that somebody leaves hospital before the meeting on after-care, or why there was none."""
    if StepKind.AFTERCARE in steps_of(kind) and StepKind.AFTERCARE not in done:
        raise Refused("Record the section 117 meeting first, or why there was none.")


def exceptions_of_move(kind: str, done: Collection[str]) -> str:
    """What should have come before a move and is not on record, as it is kept with the move; empty for nothing."""
    missing = [words for step, words in BEFORE_LEAVING.items() if step in steps_of(kind) and step not in done]
    return f"Not on record when they moved: {listed(missing)}." if missing else ""


def check_meeting(on: date | None, exception: str, *, today: date) -> None:
    """Refuse neither a day of the meeting nor why there was none, both, and a day to come."""
    if (on is None) == (not exception.strip()):
        raise Refused("Give the day of the meeting, or say why there was none.", "on")
    if on is not None and on > today:
        raise Refused("The day of the meeting must be today or in the past.", "on")


def check_records_move(*, may: bool) -> None:
    """Refuse whoever is neither at the service that had the person nor at one that receives them."""
    if not may:
        raise Refused("Only the service that had the person or the one that receives them records this.")


def check_arrival(
    kind: str,
    service: Service,
    *,
    has_bed: bool,
    bed_is_own: bool,
    may: bool,
    is_asked: bool,
    first_day: date,
    on: date,
    today: date,
) -> None:
    """Refuse an arrival at a service that is not asked, without its bed, before it was asked, or in the future.

    Whether an authority was there is not asked: what has happened is recorded, and marked.
    """
    rule = KINDS[kind]
    check_records_move(may=may)
    if service.kind not in rule.asked:
        raise Refused(f"Choose {rule.receivers}.", "service")
    if not is_asked:
        raise Refused("That service is not asked. Ask the one that received the person first.", "service")
    if rule.needs_bed != has_bed:
        raise Refused("Choose the bed." if rule.needs_bed else "No bed goes with this move.", "bed")
    if has_bed and not bed_is_own:
        raise Refused("Choose a bed of the hospital that receives the person.", "bed")
    if on > today:
        raise Refused("The date and time of the move must not be in the future.", "on")
    check_not_before_asked(on, first_day=first_day)


def check_not_before_asked(on: date, *, first_day: date) -> None:
    """Refuse a move before the day it was asked for."""
    if on < first_day:
        raise Refused("The move is before the day it was asked for.", "on")


def check_not_there_since(since: date | None) -> None:
    """Refuse another day than the one on which the person is recorded to have come to where they are."""
    if since is not None:
        raise Refused(
            f"They are recorded there since {long_date(since)}. Give that day, or put their place right first.",
            "on",
        )


def check_move_end(reason: str, *, why: str, on: date, first_day: date, today: date) -> None:
    """Refuse an end that is not on the list or not recorded by hand, without why, or on a day it can't be."""
    if reason not in ENDS_BY_HAND:
        raise Refused("Choose how the referral ended.", "reason")
    if not why.strip():
        raise Refused("Say why.", "why")
    if on > today:
        raise Refused("The date must be today or in the past.", "on")
    if on < first_day:
        raise Refused("The end is before the day it was asked for.", "on")


def check_order_of_court(kind: str, order: str) -> None:
    """Refuse an admission by a court without its order, and an order with any other move."""
    if kind == Kind.COURT_ADMISSION and order not in ORDERS_OF_COURT:
        raise Refused("Choose the order or remand of the court.", "order")
    if kind != Kind.COURT_ADMISSION and order:
        raise Refused("Only an admission by a court has an order.", "order")


def check_day_of_order(ordered_on: date | None, *, by: date, known_since: date | None) -> None:
    """Refuse an order without its day, made after a day by which it was, or before the same order on record.

    `by`: today, or the day of the move. `known_since`: the day of the same order where one is on record, else None.
    """
    if ordered_on is None and known_since is None:
        raise Refused("Give the day on which the court made the order.", "ordered_on")
    if ordered_on is not None and ordered_on > by:
        raise Refused(f"The court made the order by {long_date(by)}. Check the day.", "ordered_on")
    if ordered_on is not None and known_since is not None and ordered_on < known_since:
        raise Refused(
            f"The order on record was made on {long_date(known_since)}. Give that day, or put the legal status right "
            "first.",
            "ordered_on",
        )


def check_order_stands(lapses_on: date | None, *, on: date) -> None:
    """Refuse to plan the admission for a day on which the court's order has lapsed.

    `lapses_on`: its last day for the admission, or None where none runs out. An order not carried out by then ceases
    ([2008] EWCA Civ 1354).
    """
    if lapses_on is not None and on > lapses_on:
        raise Refused(
            f"The court’s order lapses unless they are admitted by {long_date(lapses_on)}. Plan an earlier day, or go "
            "back to the court and record its new order first.",
            "on",
        )


class After(NamedTuple):
    """What somebody is held under once they have moved."""

    code: str
    limb: str = ""
    form: str = ""


def _is_community_patient(status: Any) -> bool:
    return status is not None and status.form == LegalForm.COMMUNITY_TREATMENT


def status_after(kind: str, act: str, now: Any, before: Any) -> After | None:
    """The status that holds once somebody has moved, or None where the move changes nothing.

    That of a court's order holds from the day of the order: see `referrals.actions.orders`.

    `now` is the status that holds, `before` the last one that detained them in hospital, either None where unknown.
    Somebody recalled from a conditional discharge is held as before: section 42(4). From a community treatment order
    they are held as recalled, for 72 hours at most, until it is revoked or they are released: section 17F(4) to (7).
    """
    if kind == Kind.REMISSION:
        after = After(S.NOT_APPLICABLE)
    elif kind == Kind.TO_COMMUNITY:
        code, form = AFTER_DISCHARGE[act]
        after = After(code, form=form)
    elif kind == Kind.RECALL and _is_community_patient(now):
        after = After(S.NOT_APPLICABLE, form=LegalForm.RECALLED)
    elif kind == Kind.RECALL and before is not None:
        after = After(before.code, before.limb, before.form)
    else:
        return None
    is_same = now is not None and (now.code, now.limb, now.form) == after
    return None if is_same else after
