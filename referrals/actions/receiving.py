"""Leaving prison and being received in hospital: both ends say so."""

from datetime import date, datetime

from core.actions import action
from organisations.actor import Actor
from organisations.models import Bed, Service
from pathways import days
from pathways.actions import beds as bed_uses
from pathways.actions import legal, placements
from pathways.models import LegalStatus
from referrals import messages, rules
from referrals.actions import checklist, ending, steps, warrants
from referrals.codes import EndReason, StepKind
from referrals.models import LegalBasis, Referral, Step, Warrant


@action
def leave_prison(
    referral: Referral, *, on: date | None = None, at: datetime | None = None, by: Actor
) -> Step:
    """Record that the person has left prison for the hospital. They are the prison's until they are received."""
    left_on = rules.day_left(on, at, now=by.at)
    return steps.record_step(referral, StepKind.LEFT, on=left_on, at=at, service=referral.from_service, by=by)


@action
def admit(
    referral: Referral,
    *,
    service: Service,
    bed: Bed,
    at: datetime,
    time_known: bool = True,
    exception_why: str = "",
    checked: str = "",
    by: Actor,
) -> Referral:
    """Receive the person: into the bed, under the warrant. Every clock stops and everyone is told.

    Entered late, it may go against what is recorded since (`checked`: see Conflicting).
    """
    referral = checklist.hold_open(referral)
    rules.check_receives(acts_for_it=rules.acts_for(by, service.pk))
    warrant = Warrant.objects.filter(referral=referral).to_receive_under()
    rules.check_admission(
        hospital_id=warrant.hospital_id if warrant else None,
        given_on=warrant.given_on if warrant else None,
        ends_on=warrant.ends_on if warrant else None,
        service_id=service.pk,
        bed_is_own=bed.ward.service_id == service.pk,
        at=at,
        now=by.at,
        time_known=time_known,
    )
    on = days.london_date(at)
    rules.check_dates(
        StepKind.RECEIVED,
        rules.When(on, at if time_known else None),
        checklist.dates(referral),
    )
    assert warrant is not None  # noqa: S101 (the rule refused without one)
    warrants.use_in_time(warrant, referral, on=on, by=by)
    told = messages.concerned(referral)
    _move_in(referral, bed, at=at, time_known=time_known, exception_why=exception_why, checked=checked, by=by)
    _hold_legally(referral, warrant, on=on, by=by)
    _mark(referral, service, on=on, at=at if time_known else None, by=by)
    ending.finish(referral, EndReason.ADMITTED, on=on, service=service, by=by)
    event = checklist.record(
        referral,
        "referrals.admitted",
        at=at if time_known else None,
        on=on,
        service=service,
        details={"days_waited": referral.days_waited(on=on)},
        by=by,
    )
    messages.tell(event, referral, services=[*told, service], case_managers=True, by=by)
    return referral


def _move_in(
    referral: Referral,
    bed: Bed,
    *,
    at: datetime,
    time_known: bool,
    exception_why: str,
    checked: str,
    by: Actor,
) -> None:
    """End the prison placement, begin the hospital's, and put the person to bed."""
    patient, ward = referral.patient, bed.ward
    placements.place(
        patient, service=ward.service, ward=ward, at=at, time_known=time_known, checked=checked, by=by
    )
    bed_uses.occupy_bed(
        bed,
        patient=patient,
        at=at,
        time_known=time_known,
        about=checklist.about(referral),
        exception_why=exception_why,
        by=by,
    )


def _hold_legally(referral: Referral, warrant: Warrant, *, on: date, by: Actor) -> None:
    """From this day the person is held under the section of the warrant, restricted or not.

    A status that began after that day was recorded by somebody who knew more: it stands, and the office enters what was
    before it, having seen both.
    """
    if LegalStatus.objects.current().filter(patient=referral.patient, during__startswith__gt=on).exists():
        return
    basis = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    code = rules.DIRECTION_CODES[warrant.section, warrant.with_restrictions]
    legal.record_legal_status(
        referral.patient, code=code, limb=basis.limb, since=on, counted_from=warrant.given_on, by=by
    )


def _mark(referral: Referral, service: Service, *, on: date, at: datetime | None, by: Actor) -> None:
    """Put down that the hospital received the person, which confirms what the prison said of their leaving."""
    checklist.mark(referral, StepKind.RECEIVED, on=on, at=at, service=service, by=by)
    Step.objects.current().filter(referral=referral, kind=StepKind.LEFT).update(confirmed_at=by.at)


@action
def confirm_departure(referral: Referral, *, by: Actor) -> Referral:
    """The prison confirms that the person it says was received is the one who left."""
    referral = checklist.hold(referral)
    done = checklist.done(referral)
    received = done.get(StepKind.RECEIVED)
    rules.check_departure(
        received=received is not None,
        confirmed=received is not None and received.confirmed_at is not None,
        acts_for_prison=rules.acts_for(by, referral.from_service_id),
    )
    assert received is not None  # noqa: S101 (the rule refused without it)
    received.confirmed_at = by.at
    received.save(update_fields=["confirmed_at"])
    checklist.mark(referral, StepKind.LEFT, on=received.done_on, service=referral.from_service, by=by)
    checklist.record(referral, "referrals.departure_confirmed", service=referral.from_service, by=by)
    return referral
