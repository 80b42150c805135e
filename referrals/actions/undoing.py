"""Undoing an end that was recorded by mistake: what can be put back is, and what cannot is said."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import refusal
from organisations.actor import Actor
from pathways import days, policies
from pathways import rules as person_rules
from pathways.actions import beds as bed_uses
from pathways.actions import clocks, patients, placements, relationships
from pathways.bed_fit import fits_of
from pathways.models import BedUse, Event, FlagRule, Placement, Relationship
from referrals import messages, rules
from referrals.actions import arrivals, checklist, departures, escalation, flags, warrants
from referrals.actions.transfers import yield_the_lead
from referrals.codes import (
    ADMISSIONS,
    ENDED,
    NEVER_BEGAN,
    EndReason,
    MoveEnd,
    Outcome,
    StepKind,
    WarrantOutcome,
)
from referrals.models import Approach, BedOffer, Decision, Referral, Warrant

# Ends that came with a move recorded in full: place, bed, legal status, steps.
ARRIVED = (EndReason.ADMITTED, MoveEnd.MOVED)
NO_DEATH = "The death that ended it was recorded by mistake."
# The events by which a referral ends.
ENDS = ("referrals.ended", "referrals.admitted", "referrals.moved")


@action
def undo_end(referral: Referral, *, why: str, by: Actor) -> Referral:
    """Open a referral again whose end was a mistake: its clocks run on, and nothing of the wait is lost."""
    referral = checklist.hold(referral)
    event = end_of(referral)
    check_undo(referral, event, why=why, by=by)
    assert event is not None  # noqa: S101 (the rule refused without it)
    ended_on = {referral.ended_on, referral.patient.died_on}
    if referral.end_reason == EndReason.DIED:  # with it whatever else the death ended is open again
        patients.take_back_death(referral.patient, why=why, by=by)
        referral = checklist.hold(referral)
    return referral if referral.is_open else _reopen(referral, event, ended_on=ended_on, why=why, by=by)


def reopen_ended_by(death: Event, *, by: Actor) -> None:
    """Open again every referral that a death ended which did not happen; inside an action that took the death back."""
    ended = Referral.objects.filter(patient=death.patient, end_reason=EndReason.DIED)
    # A transfer leads, else the oldest: of several the last that is opened.
    for referral in sorted(ended, key=lambda one: (one.is_transfer, -one.pk)):
        referral = checklist.hold(referral)
        event = end_of(referral)
        if event is not None and event.recorded_at == death.recorded_at:
            days_of = {referral.ended_on, days.london_date(death.occurred_at)}
            _reopen(referral, event, ended_on=days_of, why=NO_DEATH, by=by)


def _reopen(
    referral: Referral, event: Event, *, ended_on: Collection[date | None], why: str, by: Actor
) -> Referral:
    reason, live = referral.end_reason, _warrant_ended(referral)
    ended_days = {day for day in ended_on if day}
    _open(referral, why=why, by=by)
    _put_back(referral, reason, event.recorded_at, why=why, by=by)
    _run_on(referral, reason, ended_days, live, by=by)
    _ask_again(referral, event.recorded_at, live, by=by)
    departures.follow_plan(referral, by=by)
    undone = checklist.record(referral, "referrals.end_undone", details={"reason": reason}, by=by)
    if live is not None and live.ends_on < by.today:
        warrants.lapse_warrant(live, on=by.today, by=by)
        referral.refresh_from_db()
    escalation.look(referral, by=by)
    messages.tell_concerned(undone, referral, case_managers=True, by=by)
    return checklist.settle(referral)


def end_of(referral: Referral) -> Event | None:
    """The event by which a referral ended, or None while it is open."""
    ends = Event.objects.filter(about_kind="referral", about_id=referral.pk, kind__in=ENDS)
    return ends.order_by("pk").last() if referral.ended_on else None


def check_undo(referral: Referral, event: Event | None, *, why: str, by: Actor) -> None:
    """The rules of undoing, with what they ask for."""
    rules.check_end_undone(
        why=why,
        reason=referral.end_reason,
        recorded_on=days.london_date(event.recorded_at) if event else None,
        within_days=settings.END_UNDONE_WITHIN_DAYS,
        today=by.today,
        prison_id=referral.from_service_id,
        received_id=referral.received_service_id,
        is_transfer=referral.is_transfer,
        by=by,
    )
    if event is not None and referral.end_reason in ARRIVED:
        rules.check_nothing_since(arrivals.recorded_since(referral, event.recorded_at))
    if referral.is_transfer:
        rules.check_no_open_transfer(Referral.objects.open_transfer_of(referral.patient))
    else:
        others = Referral.objects.open().filter(patient=referral.patient)
        rules.check_no_other(referral.kind, set(others.values_list("kind", flat=True)))
    if referral.end_reason != EndReason.DIED:  # that death is taken back with the end
        person_rules.check_alive(referral.patient)


def not_restored(referral: Referral, *, at: datetime) -> list[str]:
    """What will not be as it was, in words, before the end is undone."""
    event, live = end_of(referral), _warrant_ended(referral)
    lost = [
        f"{offer.bed.ward.name} ward, bed {offer.bed.name}, is gone: a new bed date is needed"
        for offer in (_offers_ended(referral, event.recorded_at) if event else [])
        if _hold_again(offer, live, at=at) is None
    ]
    if live is not None and live.ends_on < days.london_date(at):
        lost.append("the warrant has lapsed meanwhile: a new application and warrant are needed")
    if event and referral.delays.filter(superseded_at=event.recorded_at, why=NEVER_BEGAN).exists():
        lost.append("a delay that began on the day of the end, or later, is gone: record it again")
    if referral.delays.current().filter(during__endswith=referral.ended_on).exists():
        lost.append("a delay that went on stays ended on the day of the end: record it again if it goes on")
    if referral.end_reason == EndReason.DIED:
        lost += [
            *placements.beds_not_given_back(referral.patient, at=at),
            "messages that were stopped are not sent",
        ]
    return lost


def _open(referral: Referral, *, why: str, by: Actor) -> None:
    """As if it had never ended; how it had is on the line, and why that was a mistake in the history of the row."""
    newest = referral.reviews.current().order_by("on", "pk").last()
    referral.ended_on, referral.end_reason, referral.end_why, referral.after_care = None, "", "", ""
    referral.received_on, referral.received_service = None, None
    # Only somebody who waits in prison is reviewed week by week.
    if referral.is_transfer:
        referral.next_review_on = newest.next_on if newest else by.today
    referral.end_undone_why = why.strip()
    if referral.is_primary or not Referral.objects.open().filter(patient=referral.patient_id).exists():
        yield_the_lead(referral.patient)
        referral.is_primary = True
    referral.version += 1
    referral.save(
        update_fields=[
            "ended_on",
            "end_reason",
            "end_why",
            "after_care",
            "received_on",
            "received_service",
            "next_review_on",
            "end_undone_why",
            "is_primary",
            "version",
        ]
    )
    if FlagRule.Owner.REGION in flags.standing_owners(referral):
        flags.open_to_the_region([referral], by=by)
    basis, about = Relationship.Basis.REQUEST, checklist.about(referral)
    for holder in ({"service": referral.from_service}, {"commissioner": referral.commissioner}):
        if any(holder.values()):
            relationships.open_relationship(
                referral.patient, **holder, basis=basis, about=about, since=by.at, by=by
            )


def _put_back(referral: Referral, reason: str, ended_at: datetime, *, why: str, by: Actor) -> None:
    """Where the end put the person they never went. A place that was known before it, or since, stands."""
    if reason in ARRIVED:
        arrivals.take_back(referral, ended_at, why=why, by=by)
        return
    now = Placement.objects.open_of(referral.patient)
    if now is not None and now.recorded_at == ended_at and _moves(reason):
        placements.take_back_place(referral.patient, why=why, by=by)


def _moves(reason: str) -> bool:
    if reason not in EndReason.values:
        return False
    return reason in ADMISSIONS or bool(rules.END_REASONS[EndReason(reason)].elsewhere)


def _run_on(referral: Referral, reason: str, ended_on: set[date], live: Warrant | None, *, by: Actor) -> None:
    """The limits that the end stopped run on from where they began; a warrant in force is in force again."""
    about = checklist.about(referral)
    if reason in (*ADMISSIONS, MoveEnd.MOVED):
        for event in (policies.RECEIVED, policies.RETURNED):
            clocks.change_stop(about=about, event=event, ended_on=ended_on, on=None, by=by)
    never = [] if StepKind.FIRST_REPORT in checklist.done(referral) else [policies.FROM_ASSESSMENT]
    if live is None:
        never.append(policies.WARRANT)
    clocks.resume_clocks(about=about, ended_on=ended_on, but=never, by=by)
    if live is not None:
        live.outcome, live.outcome_on = WarrantOutcome.LIVE, None
        live.save(update_fields=["outcome", "outcome_on"])


def _warrant_ended(referral: Referral) -> Warrant | None:
    """The warrant that was in force when the transfer ended: its step still stands, and its days had not run out."""
    if referral.ended_on is None or StepKind.WARRANT not in checklist.done(referral):
        return None
    over = (WarrantOutcome.LAPSED, WarrantOutcome.USED)
    ended = Warrant.objects.current().filter(referral=referral, outcome__in=over)
    newest = ended.order_by("-recorded_at", "-pk").select_related("referral", "hospital").first()
    in_force = newest is not None and newest.outcome_on is not None and newest.outcome_on <= newest.ends_on
    return newest if in_force else None


def _ask_again(referral: Referral, ended_at: datetime, live: Warrant | None, *, by: Actor) -> None:
    """The services that were let go by the end are asked as before, and their beds held where they still can be."""
    closed = Approach.objects.filter(referral=referral, closed_at=ended_at, closed_why=ENDED)
    # Whoever declined had the person for the grace only, and that goes on from the day of the decision.
    declined = Decision.objects.current().filter(approach__referral=referral, outcome=Outcome.DECLINED)
    let_go = set(declined.values_list("approach", flat=True))
    for approach in closed.select_related("service"):
        approach.closed_at, approach.closed_why = None, ""
        approach.version += 1
        approach.save(update_fields=["closed_at", "closed_why", "version"])
        if approach.pk in let_go:
            continue
        relationships.open_relationship(
            referral.patient,
            service=approach.service,
            basis=Relationship.Basis.APPROACH,
            about=("approach", approach.pk),
            since=by.at,
            by=by,
        )
    for offer in _offers_ended(referral, ended_at):
        period = _hold_again(offer, live, at=by.at)
        if period is not None:
            _offer_again(referral, offer, period, by=by)


def _offers_ended(referral: Referral, ended_at: datetime) -> list[BedOffer]:
    ended = BedOffer.objects.filter(approach__referral=referral, superseded_at=ended_at, why=ENDED)
    return list(
        ended.select_related("approach__referral__patient", "bed__ward__service", "hold").order_by("pk")
    )


def _hold_again(offer: BedOffer, live: Warrant | None, *, at: datetime) -> DateTimeTZRange | None:
    """From when until when a bed can be held again, or None where it is gone."""
    ends = live.ends_on if live is not None and live.hospital_id == offer.approach.service_id else None
    since, until = max(at, days.noon(offer.bed_on)), rules.hold_until(offer.bed_on, ends)
    if until <= since:
        return None
    patient = offer.approach.referral.patient
    fit = fits_of([offer.bed], patient, since=since, until=until)[offer.bed_id]
    if refusal(person_rules.check_fit, fit, exception_why=offer.hold.exception_why):
        return None
    period = DateTimeTZRange(since, until)
    taken = BedUse.objects.current().filter(bed=offer.bed_id, claimed__overlap=period).exists()
    return None if taken else period


def _offer_again(referral: Referral, offer: BedOffer, period: DateTimeTZRange, *, by: Actor) -> None:
    held = bed_uses.hold_bed(
        offer.bed,
        patient=referral.patient,
        since=period.lower,
        until=period.upper,
        about=checklist.about(referral),
        exception_why=offer.hold.exception_why,
        by=by,
    )
    BedOffer.objects.create(
        approach=offer.approach,
        bed=offer.bed,
        hold=held,
        bed_on=offer.bed_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )
