"""What waits for a commissioner: the case manager's list, and an analyst's figures."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef

from desk.today.things import MOST, Thing
from organisations.actor import Actor
from pathways.days import london_date
from pathways.models import Flag
from referrals.codes import Outcome, StepKind
from referrals.models import Approach, Decision, Referral


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the page behind it."""

    number: int
    words: str
    path: str


def own_transfers(actor: Actor) -> Any:
    """Open transfers of the actor's population."""
    return Referral.objects.visible_to(actor).transfers().open()


def escalations(actor: Actor) -> list[Thing]:
    """Flags that the actor's side has to take on, and nobody has: one thing a transfer, due since the first of them."""
    flags = (
        Referral.objects.flags_for_case_manager(actor)
        .filter(pk__in=Flag.objects.answerable_to(actor).values("pk"))
        .values("clock__about_id")
        .annotate(first=Min("became_on"), last_day=Max("day"), count=Count("pk"))
        .order_by("first", "clock__about_id")
    )
    return [
        Thing(_flags_in_words(one), one["first"], referral_id=one["clock__about_id"], part="flags")
        for one in flags[:MOST]
    ]


def _flags_in_words(one: dict[str, Any]) -> str:
    if one["count"] == 1:
        return f"Take on the flag of day {one['last_day']}"
    return f"Take on {one['count']} flags, the last of day {one['last_day']}"


def declined_by_all(actor: Actor) -> list[Thing]:
    """Transfers that every service still asked has declined."""
    asked = Approach.objects.open().filter(referral=OuterRef("pk"))
    no = Decision.objects.current().filter(approach=OuterRef("pk"), outcome=Outcome.DECLINED)
    found = own_transfers(actor).filter(Exists(asked), ~Exists(asked.filter(~Exists(no))))
    return _each(found, "Declined by every service asked: ask another", "services")


def without_lead(actor: Actor) -> list[Thing]:
    """Services are asked and none leads the assessment."""
    asked = Approach.objects.open().filter(referral=OuterRef("pk"))
    return _each(
        own_transfers(actor).filter(Exists(asked), lead_service=None, next_step=StepKind.ASSESSMENT),
        "Name who leads the assessment",
        "services",
    )


def nobody_asked(actor: Actor) -> list[Thing]:
    """No service is asked yet."""
    asked = Approach.objects.open().filter(referral=OuterRef("pk"))
    found = own_transfers(actor).filter(~Exists(asked)).order_by("urgency", "requested_at", "pk")
    return [
        Thing("No service is asked: ask one", due_on=london_date(at), referral_id=pk, part="services")
        for pk, at in found.values_list("pk", "requested_at")[:MOST]
    ]


def _each(found: Any, what: str, part: str) -> list[Thing]:
    ids = found.order_by("report_first_requested_on", "pk").values_list("pk", flat=True)[:MOST]
    return [Thing(what, by_clock=True, referral_id=pk, part=part) for pk in ids]


def figures(actor: Actor) -> list[Figure]:
    """Open, past the limit, and soon past it."""
    transfers = own_transfers(actor)
    return [
        Figure(transfers.count(), "transfers are open", "/transfers/"),
        Figure(transfers.late(on=actor.today).count(), "are past the 14 days", "/transfers/?late=late"),
        Figure(
            transfers.approaching(on=actor.today).count(),
            "reach the limit within four days",
            "/transfers/?late=approaching",
        ),
    ]


SOURCES = (escalations, declined_by_all, without_lead, nobody_asked)
