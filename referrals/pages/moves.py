"""Prison moves while somebody waits, and flags that somebody takes on."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.rights import Right
from organisations.doors import needs
from referrals import actions
from referrals.forms.request import PrisonMoveForm, TakeOverForm
from referrals.models import HandOver
from referrals.pages.found import find_any_to_record, find_referral, find_to_record
from referrals.pages.verbs import data_of, done, form_page

PART = "moves"


@needs(Right.RECORD_STEP)
def record_prison_move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has moved to another prison."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = PrisonMoveForm(
        data_of(request), actor=actor, from_id=referral.from_service_id, initial={"on": actor.today}
    )

    def act(given: dict[str, Any]) -> HandOver:
        at, time_known = form.moment()
        to_service = given["to_service"]
        return actions.record_prison_move(
            referral, to_service=to_service, on=form.day, at=at if time_known else None, by=actor
        )

    return form_page(
        request,
        referral,
        form,
        act,
        heading="Moved to another prison",
        intro=f"The transfer goes with the person. They are now at {referral.from_service.name}.",
        falls=[
            "the new prison has the transfer, and is asked to say “I have it”",
            "an escort booked from the old prison no longer counts",
        ],
        button="Record the move",
        said=lambda move: f"Moved to {move.to_service.name}, which has been told.",
        part=PART,
    )


@require_POST
@needs(Right.RECORD_STEP)
def take_hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """“I have it.”"""
    referral = find_to_record(request, public_id)
    hand_overs = referral.hand_overs.select_related("referral").order_by("-pk")
    newest = hand_overs.first()
    if newest is None:
        raise Http404
    actions.take_hand_over(newest, by=request.actor)  # type: ignore[attr-defined]
    return done(request, referral, "You have this transfer. The prison before you has been told.", PART)


@needs(Right.REQUEST_TRANSFER)
def take_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person is at one's own prison now."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    own = [held.service.public_id for held in actor.memberships if held.service_id]
    form = TakeOverForm(data_of(request), actor=actor, initial={"service": own[0] if len(own) == 1 else None})
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.take_over_transfer(referral, service=given["service"], **form.came(), by=actor),
        heading="Take over this transfer",
        intro=f"For when the person has moved to your prison. {referral.from_service.name} has the transfer now.",
        button="Take it over",
        said=lambda taken: (
            f"{taken.from_service.name} has this transfer now. Everyone concerned has been told."
        ),
        part=PART,
    )


@require_POST
@needs(Right.ACKNOWLEDGE_FLAG)
def acknowledge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody takes on every flag that waits for their side; a case manager also those of a masked transfer."""
    actor = request.actor  # type: ignore[attr-defined]
    find = find_referral if actor.is_case_manager else find_any_to_record
    referral = find(request, public_id)
    actions.acknowledge_flags(referral, by=actor)
    return done(request, referral, "Acknowledged. Your name now stands beside what waited for you.", "flags")
