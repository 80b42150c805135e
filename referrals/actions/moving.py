"""What comes between a decision and the move, of every kind of referral but the transfer from prison; and the move."""

from datetime import date, datetime

from core.actions import action
from organisations.actor import Actor
from organisations.models import Bed, Service, Ward
from pathways import days, policies
from pathways.actions import authorities, beds, clocks, legal, placements
from pathways.codes import LegalForm
from pathways.models import BedUse, LegalStatus, Patient, Placement
from pathways.rules import rule_of
from referrals import messages, rules
from referrals.actions import checklist, departures, ending, orders
from referrals.codes import Kind, MoveEnd, StepKind
from referrals.models import Approach, Referral, Step


@action
def record_agreement(approach: Approach, *, on: date, words: str = "", by: Actor) -> Step:
    """Those who are to receive the person agree: the prison's governor, or the community team."""
    referral = checklist.hold_open(approach.referral)
    checklist.check_recorder(referral, StepKind.AGREED, by=by)
    rules.check_own_word(approach.service_id, from_service_id=referral.from_service_id, by=by)
    rules.check_of_kind(StepKind.AGREED, referral.kind)
    rules.check_still_asked(closed=Approach.objects.get(pk=approach.pk).closed_at is not None)
    rules.check_not_done(StepKind.AGREED, checklist.done(referral))
    rules.check_step_day(on, first_day=referral.report_first_requested_on, today=by.today)
    step = checklist.mark(
        referral, StepKind.AGREED, on=on, service=approach.service, words=words.strip(), by=by
    )
    return _recorded(referral, step, by=by)


@action
def record_meeting(referral: Referral, *, on: date | None = None, exception: str = "", by: Actor) -> Step:
    """The meeting on after-care (Mental Health Act 1983 s117), or why there was none, which is kept as an exception."""
    referral = checklist.hold_open(referral)
    checklist.check_recorder(referral, StepKind.AFTERCARE, by=by)
    rules.check_of_kind(StepKind.AFTERCARE, referral.kind)
    rules.check_not_done(StepKind.AFTERCARE, checklist.done(referral))
    rules.check_meeting(on, exception, today=by.today)
    words = "" if on else f"No meeting: {exception.strip()}"
    step = checklist.mark(referral, StepKind.AFTERCARE, on=on or by.today, words=words, by=by)
    return _recorded(referral, step, by=by)


@action
def plan_move(referral: Referral, *, on: date, why: str = "", by: Actor) -> Step:
    """Plan the move for a day, under an authority on record for that day where the law wants one.

    Their bed is expected to be free then. Another day takes the place of the first, with why.
    """
    referral = checklist.hold_open(referral)
    checklist.check_recorder(referral, StepKind.PLANNED, by=by)
    rules.check_of_kind(StepKind.PLANNED, referral.kind)
    rules.check_planned_on(on, today=by.today)
    rules.check_met(referral.kind, checklist.done(referral))
    if referral.kind == Kind.COURT_ADMISSION:
        rules.check_order_stands(orders.lapses_on(referral.patient), on=on)
    act = rules.act_of(referral.kind, referral.act)
    if act:
        authorities.check_authorised(referral.patient, act, on=on, hospital=hospital_of(referral))
    planned = checklist.done(referral).get(StepKind.PLANNED)
    if planned is not None:
        rules.check_why(why)
        planned.supersede(by=by, why=why.strip())
    step = checklist.mark(referral, StepKind.PLANNED, on=by.today, for_on=on, by=by)
    departures.follow_plan(referral, by=by)
    return _recorded(referral, step, by=by)


def receivers_of(referral: Referral) -> list[Service]:
    """Who is to receive the person (`ApproachQuerySet.receiving`), first asked first; once ended, who did."""
    if referral.ended_on is not None:
        return [referral.received_service] if referral.received_service else []
    receiving = Approach.objects.filter(referral=referral).receiving().select_related("service")
    return [one.service for one in receiving.order_by("pk")]


def hospital_of(referral: Referral) -> Service | None:
    """The hospital that is to receive the person, the first of several; none where the move is not into a bed."""
    return next(iter(receivers_of(referral)), None) if rules.KINDS[referral.kind].needs_bed else None


@action
def record_move(
    referral: Referral,
    *,
    service: Service,
    bed: Bed | None = None,
    at: datetime,
    time_known: bool = True,
    exception_why: str = "",
    order: str = "",
    ordered_on: date | None = None,
    checked: str = "",
    by: Actor,
) -> Referral:
    """The person has moved as asked: into the bed, or to the prison or the community.

    What has happened is always recorded. Without the authority it needed it is marked so and becomes a task of the
    Mental Health Act office; an agreement or a meeting that is not on record is kept with it as an exception.
    `order`: of an admission by a court, the code of the status that it gives, and `ordered_on` the day on which the
    court made it; neither is needed of one that is on record. `checked`: see Conflicting.
    """
    referral = checklist.hold_open(referral)
    on = days.london_date(at)
    rules.check_arrival(
        referral.kind,
        service,
        has_bed=bed is not None,
        bed_is_own=bed is not None and bed.ward.service_id == service.pk,
        may=rules.acts_for(by, service.pk, referral.from_service_id),
        is_asked=service.pk in checklist.asked_ids(referral),
        first_day=referral.report_first_requested_on,
        on=on,
        today=by.today,
    )
    is_by_court = referral.kind == Kind.COURT_ADMISSION
    if is_by_court and not order and (on_record := orders.order_on_record(referral.patient)):
        order = on_record.code
    rules.check_order_of_court(referral.kind, order)
    told = messages.concerned(referral)
    exceptions = rules.exceptions_of_move(referral.kind, checklist.done(referral))
    known = list(LegalStatus.objects.current().filter(patient=referral.patient).order_by("-during"))
    stands = any(one.during.lower > on for one in known)
    # Before the arrival, which ends its days for the admission in time or too late.
    if is_by_court and not stands:
        orders.hold_under(referral.patient, order, ordered_on, known=known, arrived_on=on, by=by)
    act = rules.act_of(referral.kind, referral.act)
    # A discharge that gives another legal status is marked by whoever records that status.
    if act and (stands or act not in legal.ACTS.values()):
        authorities.note_unauthorised(
            referral.patient,
            act,
            on=on,
            about=checklist.about(referral),
            hospital=service if bed else None,
            by=by,
        )
    _move_in(
        referral,
        service,
        bed,
        at=at,
        time_known=time_known,
        exception_why=exception_why,
        checked=checked,
        by=by,
    )
    # A status that began after the day of the move was recorded by somebody who knew more.
    if not stands:
        _hold_legally(referral, known, on=on, at=at if time_known else None, by=by)
    checklist.mark(
        referral,
        StepKind.MOVED,
        on=on,
        at=at if time_known else None,
        service=service,
        words=exceptions,
        by=by,
    )
    clocks.stop_clocks(about=checklist.about(referral), event=policies.RETURNED, on=on, by=by)
    ending.finish(referral, MoveEnd.MOVED, on=on, service=service, by=by)
    event = checklist.record(
        referral, "referrals.moved", at=at if time_known else None, on=on, service=service, by=by
    )
    messages.tell(event, referral, services=[*told, service], case_managers=True, by=by)
    return referral


def _move_in(
    referral: Referral,
    service: Service,
    bed: Bed | None,
    *,
    at: datetime,
    time_known: bool,
    exception_why: str,
    checked: str,
    by: Actor,
) -> None:
    """Put the person where they have moved to, and to bed, as far as that is not on record already."""
    patient, ward = referral.patient, bed.ward if bed else None
    if not _is_there(patient, service, ward, on=days.london_date(at)):
        placements.place(
            patient, service=service, ward=ward, at=at, time_known=time_known, checked=checked, by=by
        )
    slept = BedUse.objects.current().filter(patient=patient, bed=bed, purpose=BedUse.Purpose.OCCUPIED)
    if bed is not None and not slept.filter(during__upper_inf=True).exists():
        beds.occupy_bed(
            bed,
            patient=patient,
            at=at,
            time_known=time_known,
            about=checklist.about(referral),
            exception_why=exception_why,
            by=by,
        )


def _is_there(patient: Patient, service: Service, ward: Ward | None, *, on: date) -> bool:
    """Whether that they came there on that day is recorded; refused where another day is."""
    there = Placement.objects.current().filter(patient=patient, service=service)
    if ward is not None:
        there = there.filter(ward=ward)
    if any(days.london_date(one.during.lower) == on for one in there):
        return True
    now = there.filter(during__upper_inf=True).first()
    rules.check_not_there_since(days.london_date(now.during.lower) if now else None)
    return False


def _hold_legally(
    referral: Referral,
    known: list[LegalStatus],
    *,
    on: date,
    at: datetime | None,
    by: Actor,
) -> None:
    """What the person is held under from this day, where the move itself changes it. `known`: the newest first.

    What is recorded to have ended since goes on to its end. Hours are counted from the arrival, `at`, where its time is
    known.
    """
    now = next((one for one in known if one.during.upper is None), None)
    before = next((one for one in known if rule_of(one.code, one.limb or one.form).detains), None)
    after = rules.status_after(referral.kind, referral.act, now, before)
    if after is None:
        return
    ended = max((one.during.upper for one in known if one.during.upper), default=on)
    since = max(on, min(ended, by.today))
    legal.record_legal_status(
        referral.patient,
        code=after.code,
        limb=after.limb,
        form=after.form,
        since=since,
        began_at=at if since == on and after.form == LegalForm.RECALLED else None,
        by=by,
    )


def _recorded(referral: Referral, step: Step, *, by: Actor) -> Step:
    """The step on the person's line, everyone told, and what is needed next worked out."""
    event = checklist.record(
        referral,
        "referrals.step_recorded",
        on=step.done_on,
        service=step.service,
        details={"step": step.kind},
        by=by,
    )
    messages.tell_concerned(event, referral, by=by)
    checklist.settle(referral)
    return step
