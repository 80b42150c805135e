"""The bed date that an accepting service gives, and takes back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from accounts.rights import Right
from core.pages import long_date
from organisations.doors import needs
from organisations.models import Bed, Service
from pathways.free_beds import FreeBed, beds_from, free_beds
from pathways.models import Patient
from referrals import actions
from referrals.forms.approaches import BedDateForm
from referrals.forms.fields import WhyOfSeenForm
from referrals.pages import line
from referrals.pages.approaches import find_path
from referrals.pages.found import find_any_to_record, find_own_approach
from referrals.pages.verbs import data_of, form_page

PART = "services"


def beds_of(service: Service, actor: Any, *, patient: Patient) -> list[FreeBed]:
    """The beds of a service that can be had, soonest first."""
    return free_beds(_beds(service, actor), at=actor.at, patient=patient)


def beds_then(service: Service, actor: Any, *, patient: Patient, at: datetime) -> list[FreeBed]:
    """The beds of a service into which somebody can have come at an instant."""
    return beds_from(_beds(service, actor), at=at, now=actor.at, patient=patient)


def _beds(service: Service, actor: Any) -> Any:
    return Bed.objects.visible_to(actor).of_services([service.pk]).select_related("ward__service")


@needs(Right.OFFER_BED)
def give_bed_date(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """Give a bed date: a bed is held from that day."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    approach = find_own_approach(referral, approach_id, actor)
    form = BedDateForm(
        data_of(request),
        actor=actor,
        beds=lambda: beds_of(approach.service, actor, patient=referral.patient),
        initial={"bed_on": actor.today, "bed": request.GET.get("bed", "")},
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.give_bed_date(
            approach,
            form.free[given["bed"]],
            bed_on=given["bed_on"],
            exception_why=given["exception_why"],
            seen_at=form.seen_at,
            by=actor,
        ),
        heading=f"Give a bed date: {approach.service.name}",
        intro="The bed is held for this person, and for nobody else meanwhile.",
        links=[
            ("Find a bed: your wards beside others, with what is met and what is not", find_path(referral))
        ],
        button="Give this bed date",
        said=lambda offer: (
            f"Bed held from {long_date(offer.bed_on)}. {referral.from_service.name} has been told."
        ),
        part=PART,
    )


@needs(Right.OFFER_BED)
def withdraw_bed_date(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """Take a bed date back."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    approach = find_own_approach(referral, approach_id, actor)
    offer = approach.bed_offers.current().select_related("bed__ward", "approach__referral").first()
    if offer is None:
        raise Http404
    return form_page(
        request,
        referral,
        WhyOfSeenForm(
            data_of(request),
            actor=actor,
            label="Why is the bed date withdrawn?",
            initial={"version": approach.version},
        ),
        lambda given: actions.withdraw_bed_date(offer, why=given["why"], version=given["version"], by=actor),
        history=line.history_of_approach(approach),
        heading=f"Withdraw the bed date: {approach.service.name}",
        falls=[
            f"{offer.bed.ward.name} ward, bed {offer.bed.name}, held from {long_date(offer.bed_on)}, is free again"
        ],
        button="Withdraw the bed date",
        warning=True,
        said="The bed date is withdrawn. Those who asked and the case managers have been told.",
        part=PART,
    )
