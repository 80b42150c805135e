"""What waits for the people of a prison: its liaison officers and its in-reach team."""

from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.rights import Right
from core.pages import in_sentence, long_date
from desk.today.things import MOST, SOON, Thing
from organisations.actor import Actor
from referrals.codes import StepKind
from referrals.models import Contact, HandOver, Referral, Step
from referrals.pages import order
from referrals.pages.drafts import question_address, unfinished
from referrals.rules import OWNERS, Side

# The prison records it and can only wait for it.
WAITED_FOR = (StepKind.WARRANT,)
STEPS = [kind for kind, owner in OWNERS.items() if owner.side != Side.HOSPITAL]


def own_transfers(actor: Actor) -> Any:
    """The open transfers of the actor's own prisons, the longest wait first."""
    transfers = Referral.objects.visible_to(actor).transfers().open()
    return transfers.filter(from_service_id__in=actor.service_ids).order_by("report_first_requested_on", "pk")


def steps(actor: Actor) -> list[Thing]:
    """The next step of each transfer, where it is the prison's to do."""
    owed = own_transfers(actor).filter(next_step__in=STEPS).values_list("pk", "next_step")[:MOST]
    return [
        Thing(
            f"Needed next: {in_sentence(StepKind(kind).label)}",
            by_clock=True,
            now=kind not in WAITED_FOR,
            referral_id=pk,
            part="checklist",
        )
        for pk, kind in owed
        if any(map(actor.has, OWNERS[StepKind(kind)].rights))
    ]


def hand_overs(actor: Actor) -> list[Thing]:
    """Moves to the actor's prison that nobody there has said they know of."""
    newest = HandOver.objects.filter(referral=OuterRef("referral")).order_by("-pk").values("pk")[:1]
    moves = HandOver.objects.filter(
        taken_at=None, to_service_id__in=actor.service_ids, referral__in=own_transfers(actor).order_by()
    ).filter(pk=Subquery(newest))
    return [
        Thing(
            "Moved to you: say that you have it",
            due_on=move.moved_on,
            referral_id=move.referral_id,
            part="moves",
        )
        for move in moves.order_by("moved_on", "pk")[:MOST]
    ]


def departures(actor: Actor) -> list[Thing]:
    """People whom a hospital has received, and of whom the prison has not said that they are the ones who left."""
    owed = Step.objects.current().filter(
        kind=StepKind.RECEIVED,
        confirmed_at=None,
        referral__from_service_id__in=actor.service_ids,
        referral__in=Referral.objects.visible_to(actor).transfers().ended(),
    )
    return [
        Thing("Confirm that they left", step.done_on, referral_id=step.referral_id)
        for step in owed.order_by("done_on", "pk")[:MOST]
    ]


def next_actions(actor: Actor) -> list[Thing]:
    """What the last call or message about a transfer left to be done, due within a week."""
    last = (
        Contact.objects.current()
        .filter(referral=OuterRef("referral"))
        .order_by("-on", "-pk")
        .values("pk")[:1]
    )
    contacts = Contact.objects.current().filter(
        next_on__lte=actor.today + SOON, referral__in=own_transfers(actor).order_by()
    )
    return [
        Thing(
            contact.next_action or "Call again",
            contact.next_on,
            referral_id=contact.referral_id,
            part="contacts",
        )
        for contact in contacts.filter(pk=Subquery(last)).order_by("next_on", "pk")[:MOST]
    ]


def reviews(actor: Actor) -> list[Thing]:
    """Weekly reviews of people who wait, due within a week, for those who may write them."""
    if not actor.has(Right.RECORD_REVIEW):
        return []
    due = (
        own_transfers(actor)
        .filter(next_review_on__lte=actor.today + SOON)
        .values_list("pk", "next_review_on")
    )
    return [Thing("Review how the person is", on, referral_id=pk, part="reviews") for pk, on in due[:MOST]]


def drafts(actor: Actor) -> list[Thing]:
    """Requests begun and not sent. Nobody waits for them yet, so they have no date."""
    return [
        Thing(
            "Finish asking for a transfer",
            path=question_address(draft, order.next_question(draft.answers)),
            who=f"Begun {long_date(draft.begun_at)}",
        )
        for draft in unfinished(actor)[:MOST]
    ]


SOURCES = (steps, hand_overs, departures, next_actions, reviews, drafts)
