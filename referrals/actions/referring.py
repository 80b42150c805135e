"""Asking that a person be taken by another service, of every kind but the transfer from prison."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from assessments.models import SignedAssessment
from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from pathways import days
from pathways.actions import clocks, relationships
from pathways.models import KeyDate, LegalStatus, Patient, Placement, Relationship
from referrals import messages, references, rules
from referrals.actions import approaches, checklist
from referrals.actions.transfers import commissioner_of, yield_the_lead
from referrals.codes import StepKind
from referrals.models import Referral


@action
def refer(
    patient: Patient,
    *,
    kind: str,
    from_service: Service,
    on: date,
    urgency: int,
    why: str,
    act: str = "",
    ground: str = "",
    services: Iterable[Service] = (),
    by: Actor,
) -> Referral:
    """Ask for a move of another kind than the transfer from prison, on the day it was first asked for.

    `act`: of a discharge, which. `ground`: of a return to prison, one of the two. The first open referral of a person
    leads; one that is asked beside others does not, until it is chosen.
    """
    (patient,) = Patient.objects.locked(patient.pk)
    _check(patient, kind, from_service, on=on, act=act, ground=ground, by=by)
    rules.check_urgency(urgency, why)
    referral = Referral.objects.create(
        reference=references.new_reference(),
        kind=kind,
        patient=patient,
        from_service=from_service,
        commissioner=commissioner_of(patient, on=by.today),
        urgency=urgency,
        urgency_why=why.strip(),
        report_first_requested_on=on,
        waiting_since=on,
        requested_at=by.at,
        requested_by=by.user,
        act=act,
        ground=ground,
        is_primary=not _open_of(patient).exists(),
    )
    _begin(referral, by=by)
    event = checklist.record(
        referral,
        "referrals.referred",
        service=from_service,
        details={
            "referral": kind,
            "acts": [act] if act else [],
            "days_entered_late": rules.days_entered_late(on, entered_on=by.today),
        },
        by=by,
    )
    messages.tell(event, referral, services=[from_service], case_managers=True, by=by)
    services = list(services)
    if StepKind.ASSESSMENT in rules.steps_of(kind):
        referral.lead_service = rules.lead_among(services, patient.home_area_id)
    for service in services:
        approaches.begin(referral, service, by=by)
    return checklist.settle(referral, "services_first_asked_on", "lead_service")


def _check(
    patient: Patient, kind: str, from_service: Service, *, on: date, act: str, ground: str, by: Actor
) -> None:
    rules.check_alive(patient.died_on)
    rules.check_kind(kind, from_service, acts_for_it=rules.acts_for(by, from_service.pk))
    now = Placement.objects.open_of(patient)
    rules.check_here(kind, is_here=now is not None and now.service_id == from_service.pk)
    rules.check_no_other(kind, set(_open_of(patient).values_list("kind", flat=True)))
    rules.check_asked_on(on, today=by.today)
    rules.check_ground(kind, ground)
    rules.check_act(kind, act)
    check_lawful(patient, kind, act, by=by)


def check_lawful(patient: Patient, kind: str, act: str, *, by: Actor) -> None:
    """Refuse what the law of the person's status can't allow today, with the reason."""
    status = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    release = KeyDate.objects.current().filter(patient=patient, kind=KeyDate.Kind.RELEASE).order_by("-pk")
    release_on = release.values_list("on", flat=True).first()
    rules.check_lawful(kind, act, status, on=by.today, release_on=release_on)


def _open_of(patient: Patient) -> Any:
    return Referral.objects.open().filter(patient=patient)


def _begin(referral: Referral, *, by: Actor) -> None:
    """What starts with a referral: who may open the person because of it, its clock, and an assessment used again."""
    patient, about = referral.patient, checklist.about(referral)
    for holder in ({"service": referral.from_service}, {"commissioner": referral.commissioner}):
        if any(holder.values()):
            basis = Relationship.Basis.REQUEST
            relationships.open_relationship(patient, **holder, basis=basis, about=about, since=by.at, by=by)
    if clock := rules.KINDS[referral.kind].clock:
        clocks.start_clocks(patient, event=clock, about=about, on=referral.report_first_requested_on, by=by)
    signed = SignedAssessment.objects.of(patient).current(on=by.today).first()
    if signed is not None and StepKind.ASSESSMENT in rules.steps_of(referral.kind):
        on = days.london_date(signed.signed_at)
        checklist.mark(referral, StepKind.ASSESSMENT, on=on, service=signed.service, by=by)


@action
def make_primary(referral: Referral, *, by: Actor) -> Referral:
    """Of several open referrals of a person this one leads now. One that leads already goes on."""
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    if referral.is_primary:
        return referral
    yield_the_lead(referral.patient)
    referral.is_primary = True
    referral.version += 1
    referral.save(update_fields=["is_primary", "version"])
    checklist.record(referral, "referrals.leads", by=by)
    return referral
