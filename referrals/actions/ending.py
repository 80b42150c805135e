"""How a transfer ends, and everything that falls with it."""

from datetime import date, timedelta

from psycopg2.extras import DateRange

from core.actions import action
from core.notifications import stop_about
from organisations.actor import Actor
from organisations.models import Service
from pathways import days, policies
from pathways.actions import clocks, patients, placements, relationships
from pathways.models import Placement
from referrals import messages, rules
from referrals.actions import approaches, checklist, departures, warrants
from referrals.codes import ADMISSIONS, ENDED, NEVER_BEGAN, EndReason, MoveEnd, StepKind, WarrantOutcome
from referrals.models import Approach, Delay, Referral, Warrant

A_MOMENT = timedelta(seconds=1)


@action
def end_transfer(
    referral: Referral,
    *,
    reason: str,
    why: str = "",
    on: date,
    after_care: str = "",
    service: Service | None = None,
    version: int | None = None,
    by: Actor,
) -> Referral:
    """End a transfer for a reason of the closed list. A court's or civil admission names the hospital.

    With a `version`, only if nobody changed the request since that was read.
    """
    referral = checklist.hold_open(referral)
    checklist.check_seen(referral, version)
    rules.check_may(rules.Act.END, prison_id=referral.from_service_id, by=by)
    rules.check_end(
        reason,
        why=why,
        on=on,
        first_day=referral.report_first_requested_on,
        today=by.today,
        has_service=service is not None,
        by=by,
    )
    if reason == EndReason.DIED:
        patients.record_death(referral.patient, on=on, by=by)
        return checklist.hold(referral)
    told = messages.concerned(referral)
    referral.end_why, referral.after_care = why.strip(), after_care.strip()
    _move(referral, reason, service, on=on, by=by)
    finish(referral, reason, on=on, service=service, by=by)
    event = checklist.record(
        referral, "referrals.ended", on=on, service=service, details={"reason": reason}, by=by
    )
    also = [service] if service else []
    messages.tell(event, referral, services=[*told, *also], case_managers=True, by=by)
    return referral


@action
def end_referral(
    referral: Referral, *, reason: str, why: str, on: date, version: int | None = None, by: Actor
) -> Referral:
    """End a referral of another kind than a transfer although nobody moved by it, with why."""
    referral = checklist.hold_open(referral)
    checklist.check_seen(referral, version)
    checklist.check_may(rules.Act.END, referral, by=by)
    rules.check_of_another_kind(referral.kind)
    rules.check_move_end(reason, why=why, on=on, first_day=referral.report_first_requested_on, today=by.today)
    told = messages.concerned(referral)
    referral.end_why = why.strip()
    finish(referral, reason, on=on, by=by)
    event = checklist.record(referral, "referrals.ended", on=on, details={"reason": reason}, by=by)
    messages.tell(event, referral, services=told, case_managers=True, by=by)
    return referral


def _move(referral: Referral, reason: str, service: Service | None, *, on: date, by: Actor) -> None:
    """Put the person where the end says they are, unless they are known to be there, or somewhere else since.

    Somebody whose place at the prison began later that day, or was entered later, leaves it the moment after.
    """
    elsewhere = rules.END_REASONS[EndReason(reason)].elsewhere
    if reason not in ADMISSIONS and not elsewhere:
        return
    newest = referral.hand_overs.order_by("moved_on").last()
    rules.check_end_after_move(on, newest.moved_on if newest else None)
    at = days.noon(on)
    now = Placement.objects.open_of(referral.patient)
    if now is not None:
        there = (now.elsewhere, now.service_id) == (elsewhere, service and service.pk)
        since = now.during.lower
        if there or (since >= at and now.service_id != referral.from_service_id):
            return
        at = max(at, since + A_MOMENT)
    where = service if reason in ADMISSIONS else None
    placements.place(referral.patient, service=where, elsewhere=elsewhere, at=at, time_known=False, by=by)


def finish(referral: Referral, reason: str, *, on: date, service: Service | None = None, by: Actor) -> None:
    """Close everything a transfer had open, inside an action that holds the locks and records the event."""
    received = reason in (*ADMISSIONS, MoveEnd.MOVED)
    about = checklist.about(referral)
    referral.ended_on, referral.end_reason = on, reason
    referral.next_review_on = None
    referral.version += 1
    if received:
        referral.received_on, referral.received_service = on, service
        clocks.stop_clocks(about=about, event=policies.RECEIVED, on=on, by=by)
    else:
        departures.call_off(referral, checklist.done(referral).get(StepKind.PLANNED), by=by)
    clocks.end_clocks(about=about, on=on, by=by)
    for approach in Approach.objects.open().filter(referral=referral):
        approaches.close(approach, why=ENDED, by=by)
    for warrant in Warrant.objects.live().filter(referral=referral):
        used = reason == EndReason.ADMITTED
        outcome = WarrantOutcome.USED if used else WarrantOutcome.LAPSED
        warrants.close(warrant, outcome, on=max(on, warrant.given_on), by=by)
    _end_delays(referral, on, by=by)
    relationships.end_relationships(about=about, at=by.at, by=by)
    _pass_on_the_lead(referral)
    checklist.settle(
        referral,
        "ended_on",
        "end_reason",
        "end_why",
        "after_care",
        "next_review_on",
        "received_on",
        "received_service",
        "version",
    )


def move_end(referral: Referral, placement: Placement, *, by: Actor) -> None:
    """The move that ended a referral was on another day: its end is that day too; inside an action."""
    on = days.london_date(placement.during.lower)
    rules.check_not_before_asked(on, first_day=referral.report_first_requested_on)
    for step in referral.steps.current().filter(kind=StepKind.MOVED):
        step.supersede(by=by, why="The day of the move was corrected.")
    at = placement.during.lower if placement.start_time_known else None
    checklist.mark(referral, StepKind.MOVED, on=on, at=at, service=placement.service, by=by)
    referral.received_on = referral.ended_on = on
    referral.version += 1
    referral.save(update_fields=["received_on", "ended_on", "version"])


def _pass_on_the_lead(referral: Referral) -> None:
    """Another open referral of the person leads from now on, if there is one."""
    others = Referral.objects.open().filter(patient=referral.patient).exclude(pk=referral.pk)
    following = rules.next_primary(others) if referral.is_primary else None
    if following is not None:
        # Of two that lead one must have ended: the row that ends is written first.
        referral.save(update_fields=["ended_on", "end_reason"])
        following.is_primary = True
        following.save(update_fields=["is_primary"])


def _end_delays(referral: Referral, on: date, *, by: Actor) -> None:
    """Nobody waits from the day it ended: a delay that goes on ends there, one that begins there never was."""
    for delay in Delay.objects.current().filter(referral=referral, during__endswith=None):
        if delay.during.lower < on:
            delay.during = DateRange(delay.during.lower, on)
            delay.version += 1
            delay.save(update_fields=["during", "version"])
        else:
            delay.supersede(by=by, why=NEVER_BEGAN)


def die(referral: Referral, *, on: date, by: Actor) -> None:
    """End a transfer because the person died. Everything stops, and nothing is sent that was not sent already."""
    referral = checklist.hold(referral)
    if referral.ended_on is not None:
        return
    stop_about("referral", [referral.pk], at=by.at)
    finish(referral, EndReason.DIED, on=max(on, referral.report_first_requested_on), by=by)
    checklist.record(referral, "referrals.ended", on=on, details={"reason": EndReason.DIED}, by=by)
