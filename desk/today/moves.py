"""What waits for who asked for a move of another kind than the transfer from prison, or receives the person."""

from django.db.models import Exists, OuterRef, Q

from core.pages import in_sentence
from desk.today.things import MOST, SOON, Source, Thing
from organisations.actor import Actor
from pathways import plans
from referrals.codes import StepKind
from referrals.models import Approach, Referral, Step
from referrals.planned import plan_of, planned_moves
from referrals.rules import OWNERS, Side

# A decision, an assessment and a bed date stand on Home by themselves, for the service that owes them.
ASKER = [
    step
    for step, owner in OWNERS.items()
    if owner.side != Side.HOSPITAL and step not in (StepKind.MOVED, StepKind.AGREED)
]


def steps(actor: Actor) -> list[Thing]:
    """The next step of each referral that one of the actor's services asks for, where it is theirs to do."""
    open_ones = Referral.objects.visible_to(actor).of_other_kinds().open()
    mine = open_ones.filter(from_service_id__in=actor.service_ids, next_step__in=ASKER)
    owed = mine.order_by("urgency", "report_first_requested_on", "pk")[:MOST]
    return [
        Thing(
            f"{one.get_kind_display()}: {in_sentence(StepKind(one.next_step).label)}",
            referral_id=one.pk,
            part="checklist",
        )
        for one in owed
        if any(map(actor.has, OWNERS[StepKind(one.next_step)].rights))
    ]


def agreements(actor: Actor) -> list[Thing]:
    """People whom one of the actor's services is to receive from hospital, where it has not agreed."""
    asked = Approach.objects.visible_to(actor).open().filter(service_id__in=actor.service_ids)
    owed = asked.filter(referral__next_step=StepKind.AGREED, referral__ended_on=None).select_related(
        "service", "referral"
    )
    return [
        Thing(f"Say whether {one.service.name} agrees", referral_id=one.referral_id, part="services")
        for one in owed.order_by("asked_at", "pk")[:MOST]
    ]


def arrivals(actor: Actor) -> list[Thing]:
    """Moves planned within a week, or for a day that is behind, which one of the actor's services gives or receives."""
    asked = Approach.objects.filter(referral=OuterRef("referral"), service_id__in=actor.service_ids)
    seen = Referral.objects.visible_to(actor).of_other_kinds().open()
    planned = (
        Step.objects.current()
        .filter(kind=StepKind.PLANNED, referral__in=seen.values("pk"), for_on__lte=actor.today + SOON)
        .filter(Q(referral__from_service_id__in=actor.service_ids) | Exists(asked.receiving()))
        .select_related("referral")
    )
    return [
        Thing(
            f"{one.referral.get_kind_display()} planned: record when they have moved",
            one.for_on,
            referral_id=one.referral_id,
            part="checklist",
        )
        for one in planned.order_by("for_on", "pk")[:MOST]
    ]


def unauthorised(actor: Actor) -> list[Thing]:
    """Moves of one's own people planned under an authority that has ended since, or before the law wanted one."""
    mine = Referral.objects.visible_to(actor).of_other_kinds().open()
    planned = planned_moves(mine.filter(from_service_id__in=actor.service_ids))
    refused = plans.refused([plan_of(one) for one in planned]) if planned else []
    return [
        Thing(
            f"{one.referral.get_kind_display()} planned without authority on record: record it, or plan another day",
            one.for_on,
            referral_id=one.referral_id,
            part="checklist",
        )
        for one, why_not in zip(planned, refused, strict=True)
        if why_not
    ][:MOST]


SOURCES: tuple[Source, ...] = (steps, agreements, arrivals, unauthorised)
