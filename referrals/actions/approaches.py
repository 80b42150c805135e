"""Asking services, letting them go, and naming the lead."""

from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from pathways.actions import relationships
from pathways.models import Relationship
from referrals import messages, rules
from referrals.actions import beds, checklist, escalation
from referrals.codes import StepKind
from referrals.models import Approach, BedOffer, Referral
from referrals.reasons import why_is_in


@action
def ask_service(referral: Referral, service: Service, *, by: Actor) -> Approach:
    """Ask a service to take the person; from now on it may open them."""
    referral = checklist.hold_open(referral)
    checklist.check_may(rules.Act.ASK, referral, by=by)
    approach = begin(referral, service, by=by)
    checklist.settle(referral, "services_first_asked_on", "lead_service")
    return approach


def begin(referral: Referral, service: Service, *, by: Actor) -> Approach:
    """The asking itself, inside an action that holds the locks and settles after."""
    rules.check_ask(
        service,
        asked=service.pk in checklist.asked_ids(referral),
        takers=rules.KINDS[referral.kind].asked,
    )
    approach = Approach.objects.create(referral=referral, service=service, asked_at=by.at, asked_by=by.user)
    relationships.open_relationship(
        referral.patient,
        service=service,
        basis=Relationship.Basis.APPROACH,
        about=("approach", approach.pk),
        since=by.at,
        by=by,
    )
    checklist.mark(referral, StepKind.SERVICES_ASKED, on=by.today, by=by)
    referral.services_first_asked_on = referral.services_first_asked_on or by.today
    if referral.lead_service_id is None and StepKind.ASSESSMENT in rules.steps_of(referral.kind):
        referral.lead_service = rules.lead_among([service], referral.patient.home_area_id)
    event = checklist.record(referral, "referrals.service_asked", service=service, by=by)
    messages.tell(event, referral, services=[service], by=by)
    return approach


@action
def withdraw_approach(approach: Approach, *, why: str, by: Actor) -> Approach:
    """Let a service go, or step back oneself. Its bed falls free and, after the grace, it can't open the person."""
    referral = checklist.hold_open(approach.referral)
    approach = Approach.objects.get(pk=approach.pk)
    is_own = by.works_at(approach.service_id)
    checklist.check_may(rules.Act.STOP_ASKING, referral, is_own=is_own, by=by)
    rules.check_withdrawal(closed=approach.closed_at is not None, why=why)
    close(approach, why=why, by=by)
    kind = "referrals.stepped_back" if is_own else "referrals.approach_withdrawn"
    event = checklist.record(referral, kind, service=approach.service, details=why_is_in(approach), by=by)
    if is_own:
        messages.tell_concerned(event, referral, case_managers=True, by=by)
    else:
        messages.tell(event, referral, services=[approach.service], by=by)
    if referral.lead_service_id == approach.service_id:
        referral.lead_service = None
    left = checklist.asked_ids(referral)
    if not left:
        checklist.reopen(referral, StepKind.SERVICES_ASKED, why="No service is asked any more.", by=by)
    agreed = checklist.done(referral).get(StepKind.AGREED)
    if agreed is not None and agreed.service_id == approach.service_id:
        why_open = "The service that agreed is not asked any more."
        checklist.reopen(referral, StepKind.AGREED, why=why_open, by=by)
    escalation.look(referral, by=by)
    checklist.settle(referral, "lead_service")
    return approach


def close(approach: Approach, *, why: str, by: Actor) -> None:
    """Close an approach with its bed date, inside an action."""
    approach.closed_at, approach.closed_why = by.at, why[:200]
    approach.version += 1
    approach.save(update_fields=["closed_at", "closed_why", "version"])
    for offer in BedOffer.objects.current().filter(approach=approach).select_related("hold"):
        beds.let_go(offer, why=why, by=by)
    relationships.end_relationships(about=("approach", approach.pk), at=by.at, by=by)


@action
def name_lead(referral: Referral, service: Service, *, by: Actor) -> Referral:
    """Say which of the services asked leads the one assessment."""
    referral = checklist.hold_open(referral)
    rules.check_lead(service.pk, checklist.asked_ids(referral))
    referral.lead_service = service
    referral.version += 1
    referral.save(update_fields=["lead_service", "version"])
    event = checklist.record(referral, "referrals.lead_named", service=service, by=by)
    messages.tell_concerned(event, referral, by=by)
    return referral
