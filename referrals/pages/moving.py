"""Verbs of other kinds of referral than the transfer: agreement, meeting, the day planned, the move, the end."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.rights import Right
from core.pages import long_date
from organisations.actor import Actor
from organisations.doors import needs, needs_any
from organisations.models import Service
from referrals import actions, rules
from referrals.actions.moving import receivers_of
from referrals.actions.orders import order_on_record
from referrals.codes import Kind, StepKind
from referrals.forms.moving import (
    AgreeForm,
    EndReferralForm,
    MeetingForm,
    MovedForm,
    OrderForm,
    PlanForm,
    receivers,
)
from referrals.models import Referral
from referrals.pages.beds import beds_then
from referrals.pages.ending import what_falls
from referrals.pages.found import find_any_to_record, find_approach
from referrals.pages.verbs import data_of, done, form_page

PART = "checklist"


def _find(request: HttpRequest, public_id: UUID) -> Referral:
    """A referral to record something on that is no transfer from prison."""
    referral = find_any_to_record(request, public_id)
    rules.check_of_another_kind(referral.kind)
    return referral


@needs(Right.RECORD_STEP)
def agree(request: HttpRequest, public_id: UUID, approach_id: UUID) -> HttpResponse:
    """Those who are to receive the person agree."""
    referral = _find(request, public_id)
    approach = find_approach(referral, approach_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        AgreeForm(data_of(request), actor=actor, initial={"on": actor.today}),
        lambda given: actions.record_agreement(approach, on=given["on"], words=given["words"], by=actor),
        heading=f"{approach.service.name} agrees",
        button="Record that they agree",
        said="Recorded. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.RECORD_STEP)
def meeting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The meeting on after-care, or why there was none."""
    referral = _find(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]

    def act(given: dict[str, Any]) -> Any:
        held = given["was_held"] == "yes"
        on, exception = (given["on"], "") if held else (None, given["exception"])
        return actions.record_meeting(referral, on=on, exception=exception, by=actor)

    return form_page(
        request,
        referral,
        MeetingForm(data_of(request), actor=actor),
        act,
        heading="Section 117 meeting",
        intro="After-care is owed after most sections: plan it with those who will give it.",
        button="Record it",
        said="Recorded. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.RECORD_STEP)
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The day for which the move is planned."""
    referral = _find(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    planned = referral.steps.current().filter(kind=StepKind.PLANNED).first()
    return form_page(
        request,
        referral,
        PlanForm(data_of(request), actor=actor, is_planned=planned is not None),
        lambda given: actions.plan_move(referral, on=given["on"], why=given.get("why", ""), by=actor),
        heading="Plan the day of the move",
        intro=f"Planned now for {long_date(planned.for_on)}." if planned else "",
        button="Plan this day",
        said=lambda step: f"Planned for {long_date(step.for_on)}. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.RECORD_STEP)
def court_order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The court has made its order or remand."""
    referral = _find(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        OrderForm(data_of(request), actor=actor, initial=_order_on_record(referral)),
        lambda given: actions.record_court_order(
            referral, order=given["order"], on=given["ordered_on"], checked=given["checked"], by=actor
        ),
        heading="Record the court’s order",
        intro="An order lapses unless the person is admitted within 28 days beginning with it; a remand within 7.",
        falls=["the person is held under it from that day: what they were held under before ends"],
        button="Record the order",
        said="The order is recorded, and its days run.",
        part="request",
    )


@needs_any(Right.ADMIT, Right.RECORD_STEP)
def moved(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has moved as asked."""
    referral = _find(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    rule, to = rules.KINDS[referral.kind], _received_by(referral, actor)
    hospital = to[0] if rule.needs_bed else None
    form = MovedForm(
        data_of(request),
        actor=actor,
        kind=referral.kind,
        services=receivers(actor, referral.kind).filter(pk__in=[one.pk for one in to]),
        beds=(lambda at: beds_then(hospital, actor, patient=referral.patient, at=at)) if hospital else None,
        initial={"on": actor.today, **_order_on_record(referral)},
    )

    def act(given: dict[str, Any]) -> Any:
        at, time_known = form.moment()
        return actions.record_move(
            referral,
            service=hospital if rule.needs_bed else given["service"],
            bed=form.free[given["bed"]] if rule.needs_bed else None,
            at=at,
            time_known=time_known,
            exception_why=given.get("exception_why", ""),
            order=given.get("order", ""),
            ordered_on=given.get("ordered_on"),
            checked=given["checked"],
            by=actor,
        )

    return form_page(
        request,
        referral,
        form,
        act,
        heading=f"Moved to {hospital.name}" if hospital else "The person has moved",
        falls=[
            "the person's place changes from that moment",
            *_of_law(referral),
            *what_falls(referral, to=to[0] if len(to) == 1 else hospital),
        ],
        button="Record that they have moved",
        said="Recorded. The referral is complete and everyone concerned has been told.",
        part=PART,
    )


def _order_on_record(referral: Referral) -> dict[str, Any]:
    """What a form about the court's order begins with."""
    known = order_on_record(referral.patient) if referral.kind == Kind.COURT_ADMISSION else None
    return {"order": known.code, "ordered_on": known.during.lower} if known else {}


def _received_by(referral: Referral, actor: Actor) -> list[Service]:
    """Where the actor may say that the person moved to, their own services first; refused where that is nowhere.

    Out of hospital that is any service asked, into a bed who is to receive them. Once ended it is who did: the same
    answer sent twice is answered as the first.
    """
    found = receivers_of(referral)
    if not found:
        rules.check_open(referral.ended_on)
        rules.check_somebody_is_asked(found)
    if referral.ended_on:
        return found
    if not rules.KINDS[referral.kind].needs_bed:
        asked = referral.approaches.open().select_related("service").order_by("pk")
        found = [one.service for one in asked]
    has_the_person = rules.acts_for(actor, referral.from_service_id)
    rules.check_records_move(may=has_the_person or rules.acts_for(actor, *(one.pk for one in found)))
    own = [one for one in found if actor.works_at(one.pk)]
    return [*own, *(one for one in found if one not in own)] if has_the_person else own


def _of_law(referral: Referral) -> list[str]:
    """What the move does to the legal status."""
    return {
        Kind.REMISSION: ["the legal status ends: nobody is held under the Act in prison"],
        Kind.TO_COMMUNITY: ["the legal status becomes that of the discharge"],
        Kind.COURT_ADMISSION: [
            "the legal status becomes that of the court’s order, from the day on which the court made it"
        ],
        Kind.RECALL: [
            "after a conditional discharge the legal status becomes again what it was before it",
            "a community treatment order stands: the person may be kept for up to 72 hours, unless it is revoked",
        ],
    }.get(Kind(referral.kind), [])


@require_POST
@needs_any(Right.REQUEST_TRANSFER, Right.TRIAGE)
def make_primary(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of several open referrals this one leads."""
    referral = _find(request, public_id)
    actions.make_primary(referral, by=request.actor)  # type: ignore[attr-defined]
    return done(request, referral, "This referral leads now.")


@needs(Right.END_TRANSFER)
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End it although nobody moved by it; what falls with it stands above the form."""
    referral = _find(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    if referral.ended_on:
        return redirect("referrals:referral", public_id)
    form = EndReferralForm(
        data_of(request), actor=actor, initial={"version": referral.version, "on": actor.today}
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.end_referral(
            referral,
            reason=given["reason"],
            why=given["why"],
            on=given["on"],
            version=given["version"],
            by=actor,
        ),
        heading="End this referral",
        intro="Has the person moved as asked? Record that on the checklist instead.",
        falls=what_falls(referral),
        button="End the referral",
        warning=True,
        said="The referral has ended. Everyone concerned has been told.",
    )
