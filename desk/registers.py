"""What an administrator manages, by the right that it needs. Nothing here is about a patient."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import User
from accounts.rights import Right
from core.models import Job, Notification
from organisations.actor import Actor
from organisations.models import (
    AdmissionCriterion,
    ApiKey,
    Bed,
    Commissioner,
    Membership,
    Provider,
    Region,
    Service,
    Ward,
    WardDesignation,
)
from pathways.models import BedPrice, BedUse, ClockPolicy, LegalDuration
from pathways.rules.legal import Stage


def _for(actor: Actor, right: Right, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if actor.has(right) else rows.none()


def regions(actor: Actor) -> QuerySet[Any]:
    """Regions with how many services each has."""
    rows = Region.objects.annotate(count=Count("services"))
    return _for(actor, Right.MANAGE_ORGANISATIONS, rows)


def commissioners(actor: Actor) -> QuerySet[Any]:
    """Commissioners with their region."""
    return _for(actor, Right.MANAGE_ORGANISATIONS, Commissioner.objects.select_related("region"))


def providers(actor: Actor) -> QuerySet[Any]:
    """Providers with how many services each runs."""
    return _for(actor, Right.MANAGE_ORGANISATIONS, Provider.objects.annotate(count=Count("services")))


def services(actor: Actor) -> QuerySet[Any]:
    """Services with whose they are."""
    related = ("provider", "region", "commissioner")
    return _for(actor, Right.MANAGE_ORGANISATIONS, Service.objects.select_related(*related))


def wards(actor: Actor) -> QuerySet[Any]:
    """Wards with their service, what they are for now, and how many beds are in use now."""
    now = WardDesignation.objects.filter(ward=OuterRef("pk"), during__contains=actor.at, superseded_at=None)
    rows = Ward.objects.select_related("service").annotate(
        tier=Subquery(now.values("tier")[:1]),
        gender=Subquery(now.values("gender")[:1]),
        bed_count=Count("beds", filter=~Q(beds__in=_out_of_use(actor).values("bed"))),
    )
    return _for(actor, Right.MANAGE_ORGANISATIONS, rows)


def beds(actor: Actor) -> QuerySet[Any]:
    """Beds with their ward, and whether they are closed or out of use now. Who is in them is no matter of managing."""
    closed = BedUse.objects.current().filter(
        bed=OuterRef("pk"), purpose=BedUse.Purpose.CLOSED, during__contains=actor.at
    )
    rows = Bed.objects.select_related("ward__service").annotate(
        closed_why=Subquery(closed.values("why")[:1]),
        is_out_of_use=Exists(_out_of_use(actor).filter(bed=OuterRef("pk"))),
    )
    return _for(actor, Right.MANAGE_ORGANISATIONS, rows)


def _out_of_use(actor: Actor) -> QuerySet[Any]:
    return BedUse.objects.current().not_in_use().filter(during__contains=actor.at)


def shut_beds(actor: Actor) -> QuerySet[Any]:
    """Times, not over yet, for which beds are or will be closed or not in use."""
    rows = BedUse.objects.current().filter(
        Q(during__upper_inf=True) | Q(during__endswith__gt=actor.at), patient=None
    )
    return _for(actor, Right.MANAGE_ORGANISATIONS, rows.select_related("bed__ward", "recorded_by"))


def criteria(actor: Actor) -> QuerySet[Any]:
    """What services take and do not take."""
    return _for(actor, Right.MANAGE_ORGANISATIONS, AdmissionCriterion.objects.select_related("service"))


def policies(actor: Actor) -> QuerySet[Any]:
    """Clock policies with their flag rules, and how many clocks run under each."""
    rows = ClockPolicy.objects.prefetch_related("flag_rules").annotate(
        running=Count("clocks", filter=Q(clocks__ended_on=None))
    )
    return _for(actor, Right.MANAGE_POLICIES, rows)


def durations(actor: Actor) -> QuerySet[Any]:
    """How long each stage of a legal status lasts, with the place of the stage among the others."""
    places = [When(stage=stage, then=place) for place, stage in enumerate(Stage)]
    return _for(actor, Right.MANAGE_POLICIES, LegalDuration.objects.annotate(place=Case(*places)))


def bed_prices(actor: Actor) -> QuerySet[Any]:
    """What a day in each tier is reckoned to cost, over time."""
    return _for(actor, Right.MANAGE_PRICES, BedPrice.objects.visible_to(actor))


def users(actor: Actor) -> QuerySet[Any]:
    """Accounts with the roles that they hold now."""
    held = Membership.objects.filter(user=OuterRef("pk"), during__contains=actor.at)
    rows = User.objects.annotate(roles=ArraySubquery(held.order_by("role").values("role").distinct()))
    return _for(actor, Right.MANAGE_ACCOUNTS, rows)


def memberships(actor: Actor) -> QuerySet[Any]:
    """Who has which role where."""
    rows = Membership.objects.select_related("user", "service", "commissioner")
    return _for(actor, Right.MANAGE_ACCOUNTS, rows)


def keys(actor: Actor) -> QuerySet[Any]:
    """Keys of machines with whose they are, and whether each lets anybody in now."""
    related = ("membership__user", "membership__service", "membership__commissioner")
    usable = ApiKey.objects.usable(actor.at).filter(pk=OuterRef("pk"))
    rows = ApiKey.objects.select_related(*related).annotate(is_usable=Exists(usable)).defer("hash")
    return _for(actor, Right.MANAGE_ACCOUNTS, rows)


def jobs(actor: Actor) -> QuerySet[Any]:
    """Work owed and done. What a job was given is not shown."""
    return _for(actor, Right.READ_AUDIT, Job.objects.select_related("asked_by").defer("payload"))


def messages(actor: Actor) -> QuerySet[Any]:
    """The outbox."""
    return _for(actor, Right.READ_AUDIT, Notification.objects.select_related("user"))
