"""Delays, reviews and contacts while somebody waits."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from accounts.rights import Right
from core.pages import long_date
from organisations.doors import needs
from referrals import actions, rules
from referrals.actions.waiting import named_of
from referrals.codes import DelayParty
from referrals.forms.fields import WhyForm
from referrals.forms.waiting import (
    ContactForm,
    CorrectDelayForm,
    DelayForm,
    EndDelayForm,
    ReviewForm,
)
from referrals.models import Delay, Referral
from referrals.pages import line
from referrals.pages.found import find_any_to_record, find_delay, find_newest_delay, find_to_record
from referrals.pages.verbs import data_of, form_page

DELAYS = "delays"
TOLD = "The clock runs on. The party named has been told."


def _ever_asked(referral: Referral) -> list[int]:
    return list(referral.approaches.values_list("service_id", flat=True))


@needs(Right.RECORD_DELAY)
def record_delay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put days of the wait down to somebody, for a reason."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = DelayForm(data_of(request), actor=actor, asked_ids=_ever_asked(referral))
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.record_delay(referral, by=actor, **form.answers()),
        heading="Record a delay",
        intro="A delay says what the days were waited for. It does not stop the clock.",
        button="Record the delay",
        said=_recorded,
        part=DELAYS,
    )


def _recorded(delay: Delay) -> str:
    told = delay.party in rules.OF_THE_PRISON or delay.service_id or delay.party == DelayParty.COMMISSIONER
    return TOLD if told else "Recorded. The clock runs on."


@needs(Right.RECORD_DELAY)
def correct_delay(request: HttpRequest, public_id: UUID, delay_id: UUID) -> HttpResponse:
    """Put a delay right."""
    referral = find_to_record(request, public_id)
    delay = find_newest_delay(referral, delay_id)
    actor = request.actor  # type: ignore[attr-defined]
    asked = {*_ever_asked(referral), delay.service_id}
    form = CorrectDelayForm(data_of(request), actor=actor, asked_ids=asked, initial=_initial(delay))
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.correct_delay(
            delay, why=given["why"], version=given["version"], by=actor, **form.answers()
        ),
        history=line.history_of(referral, delay),
        after_end=True,
        heading="Correct a delay",
        intro="What was recorded first is kept beside it.",
        button="Correct the delay",
        said="The delay is corrected.",
        part=DELAYS,
    )


def _initial(delay: Delay) -> dict[str, Any]:
    names = ("party", "reason", "contributing", "words")
    upper = delay.during.upper
    return {name: getattr(delay, name) for name in names} | {
        "version": delay.version,
        "first_day": delay.during.lower,
        "last_day": upper - timedelta(days=1) if upper else None,
        "service": delay.service and delay.service.public_id,
    }


@needs(Right.RECORD_DELAY)
def end_delay(request: HttpRequest, public_id: UUID, delay_id: UUID) -> HttpResponse:
    """The last day of a delay that goes on."""
    referral = find_to_record(request, public_id)
    delay = find_delay(referral, delay_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        EndDelayForm(data_of(request), actor=actor, initial={"last_day": actor.today}),
        lambda given: actions.end_delay(delay, last_day=given["last_day"], by=actor),
        after_end=True,
        heading="End a delay",
        pairs=[("Reason", delay.get_reason_display()), ("Since", long_date(delay.during.lower))],
        button="End the delay",
        said="The delay has ended.",
        part=DELAYS,
    )


@needs(Right.RECORD_DELAY)
def dispute_delay(request: HttpRequest, public_id: UUID, delay_id: UUID) -> HttpResponse:
    """The party named does not agree."""
    referral = find_to_record(request, public_id)
    delay = find_delay(referral, delay_id)
    actor = request.actor  # type: ignore[attr-defined]
    if not rules.may_dispute(named_of(delay, referral), by=actor):
        raise Http404
    return form_page(
        request,
        referral,
        WhyForm(data_of(request), actor=actor, label="Why do you dispute it?"),
        lambda given: actions.dispute_delay(delay, why=given["why"], by=actor),
        after_end=True,
        heading="Dispute a delay",
        intro="It still counts until it is corrected. The dispute stands beside it for everyone to see.",
        pairs=[("Put down to", delay.get_party_display()), ("Reason", delay.get_reason_display())],
        button="Dispute the delay",
        said="Disputed. Everyone concerned and the case managers have been told.",
        part=DELAYS,
    )


@needs(Right.RECORD_REVIEW)
def record_review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How the person is while they wait."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        ReviewForm(data_of(request), actor=actor),
        lambda given: actions.record_review(
            referral,
            on=given["on"],
            how_the_person_is=given["how_the_person_is"],
            interim_plan=given["interim_plan"],
            next_on=given["next_on"],
            by=actor,
        ),
        heading="Record a review",
        intro="At least once a week while the person waits. Read by clinicians and case managers only.",
        button="Record the review",
        said=lambda review: f"Reviewed. The next review is due on {long_date(review.next_on)}.",
        part="reviews",
    )


@needs(Right.RECORD_CONTACT)
def record_contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A call or message that moves things on."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        ContactForm(data_of(request), actor=actor),
        lambda given: actions.record_contact(
            referral,
            on=given["on"],
            with_whom=given["with_whom"],
            said=given["said"],
            next_action=given["next_action"],
            next_on=given["next_on"],
            by=actor,
        ),
        heading="Record a contact",
        button="Record the contact",
        said="The contact is recorded.",
        part="contacts",
    )
