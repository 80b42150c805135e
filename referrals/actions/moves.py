"""A prison move while somebody waits: the transfer follows the person, and somebody says “I have it”."""

from datetime import date, datetime

from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from pathways import days
from pathways.actions import placements, relationships
from pathways.models import Patient, Placement, Relationship
from referrals import messages, rules
from referrals.actions import checklist
from referrals.codes import StepKind
from referrals.models import HandOver, Referral


@action
def record_prison_move(
    referral: Referral, *, to_service: Service, on: date, at: datetime | None = None, by: Actor
) -> HandOver:
    """Record that the person has moved to another prison on a London day, which has the transfer from then on.

    `at`: the moment on that day, where its time is known.
    """
    referral = checklist.hold_open(referral)
    rules.check_may(rules.Act.PRISON_MOVE, prison_id=referral.from_service_id, by=by)
    first_day = referral.report_first_requested_on
    rules.check_move(referral.from_service_id, to_service, on, first_day=first_day, today=by.today)
    now = Placement.objects.open_of(referral.patient)
    if now is not None and now.service_id == to_service.pk:
        return follow_person(referral, to_service, at=at or days.noon(on), by=by)
    placements.place(
        referral.patient, service=to_service, at=at or days.noon(on), time_known=at is not None, by=by
    )
    # The placement was heard of (referrals.listens) and the transfer has followed it.
    return HandOver.objects.filter(referral=referral, to_service=to_service).latest("pk")


@action
def record_arrival(
    patient: Patient,
    *,
    prison: Service,
    at: datetime,
    time_known: bool = True,
    checked: str = "",
    by: Actor,
) -> Placement:
    """Record that somebody found by a trace has arrived at the actor's prison; a transfer follows them.

    `checked`: what was seen that this goes against (see Conflicting).
    """
    Patient.objects.locked(patient.pk)
    now = Placement.objects.open_of(patient)
    rules.check_from(
        prison,
        acts_for_it=rules.acts_for(by, prison.pk),
        at_hospital=now is not None and now.is_at_hospital,
    )
    return placements.place(patient, service=prison, at=at, time_known=time_known, checked=checked, by=by)


@action
def follow_person(referral: Referral, to_service: Service, *, at: datetime, by: Actor) -> HandOver:
    """Give the transfer to the prison the person is at now. An escort booked from the old one no longer serves."""
    referral = checklist.hold_open(referral)
    hand_over = _hand_over(referral, to_service, at=at, by=by)
    event = checklist.record(
        referral, "referrals.prison_moved", on=days.london_date(at), service=to_service, by=by
    )
    services = [hand_over.from_service, to_service]
    messages.tell(event, referral, services=services, case_managers=True, by=by)
    checklist.settle(referral, "from_service", "version")
    return hand_over


def _hand_over(referral: Referral, to_service: Service, *, at: datetime, by: Actor) -> HandOver:
    hand_over = HandOver.objects.create(
        referral=referral,
        from_service=referral.from_service,
        to_service=to_service,
        moved_on=days.london_date(at),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    # The prison that the person has left can open them for the grace, and no longer.
    about = checklist.about(referral)
    relationships.end_relationships(about=about, at=by.at, service=referral.from_service, by=by)
    referral.from_service = to_service
    referral.version += 1
    checklist.reopen(referral, StepKind.ESCORT, why="The person moved to another prison.", by=by)
    relationships.open_relationship(
        referral.patient,
        service=to_service,
        basis=Relationship.Basis.TAKE_OVER,
        about=about,
        since=by.at,
        by=by,
    )
    return hand_over


@action
def take_hand_over(hand_over: HandOver, *, by: Actor) -> HandOver:
    """“I have it”: somebody at the new prison knows of the transfer and goes on with it."""
    referral = checklist.hold_open(hand_over.referral)
    hand_over = HandOver.objects.select_related("from_service", "to_service").get(pk=hand_over.pk)
    rules.check_hand_over(
        taken=hand_over.taken_at is not None, acts_for_it=rules.acts_for(by, hand_over.to_service_id)
    )
    _take(hand_over, by=by)
    event = checklist.record(referral, "referrals.hand_over_taken", service=hand_over.to_service, by=by)
    messages.tell(event, referral, services=[hand_over.from_service], by=by)
    return hand_over


@action
def take_over_transfer(
    referral: Referral,
    *,
    service: Service,
    at: datetime,
    time_known: bool = True,
    checked: str = "",
    by: Actor,
) -> Referral:
    """Take over a transfer because the person is at this prison now: the move and “I have it” in one.

    `at`: when they came; where their place says so already, that stands. `checked`: what was seen that this goes
    against (see Conflicting).
    """
    referral = checklist.hold_open(referral)
    rules.check_take_over(referral.from_service_id, service, acts_for_it=rules.acts_for(by, service.pk))
    now = Placement.objects.open_of(referral.patient)
    if now is not None and now.service_id == service.pk:
        follow_person(referral, service, at=now.during.lower, by=by)
    else:
        rules.check_not_moved_on(at, since=now.during.lower if now else None)
        placements.place(
            referral.patient, service=service, at=at, time_known=time_known, checked=checked, by=by
        )
    _take(HandOver.objects.filter(referral=referral, to_service=service).latest("pk"), by=by)
    referral = Referral.objects.locked(referral)
    event = checklist.record(referral, "referrals.taken_over", service=service, by=by)
    messages.tell_concerned(event, referral, by=by)
    return referral


def _take(hand_over: HandOver, *, by: Actor) -> None:
    hand_over.taken_at, hand_over.taken_by = by.at, by.user
    hand_over.save(update_fields=["taken_at", "taken_by"])
