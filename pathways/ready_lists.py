"""Reads of who is and was ready to move on, with days and estimates, in a number of queries that does not grow."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q

from core.prepared import Prepared
from pathways.models import BedPrice, ReadyPeriod
from pathways.rules.ready import Stretch, counted_days
from pathways.rules.security import Price, Prices, avoidable_cost


def counted(period: Any, today: date) -> tuple[date, date]:
    """The first day of a period that counts, and the day after its last."""
    stretch = Stretch(period.during.lower, period.during.upper, period.ended_as)
    return counted_days(stretch, goes_on=period.during.lower > period.ready_since, today=today)


def days_of(period: Any, today: date) -> int:
    """How many days of a period count, to a London day if it is open."""
    first, until = counted(period, today)
    return max(0, (until - first).days)


def with_place(periods: Any, at: Any) -> Any:
    """Each period with where the person is at an instant: `ward_now`, `tier_now` and `elsewhere_now`."""
    here = Q(
        patient__placements__superseded_at__isnull=True,
        patient__placements__during__contains=at,
    )
    designated = Q(
        here__ward__designations__superseded_at__isnull=True, here__ward__designations__during__contains=at
    )
    return periods.annotate(
        here=FilteredRelation("patient__placements", condition=here),
        designated=FilteredRelation("here__ward__designations", condition=designated),
        ward_now=F("here__ward__name"),
        elsewhere_now=F("here__elsewhere"),
        tier_now=F("designated__tier"),
    )


def prices_by_tier() -> Prices:
    """Every price of every tier. One query."""
    found = defaultdict(list)
    for one in BedPrice.objects.order_by("effective"):
        found[one.tier].append(Price(one.effective.lower, one.effective.upper, one.pounds_a_day))
    return found


@dataclass(frozen=True)
class Totals:
    """What all the people of a list have waited, and what that is reckoned to cost."""

    people: int
    days: int
    pounds: Decimal
    unpriced: int  # people for whose tiers there is no price


def totals_of(rows: Any, prices: Prices, today: date) -> Totals:
    """Of a list of people who are ready, or were on a past day (`with_place`), to that day. One query, however many."""
    people = days = unpriced = 0
    pounds = Decimal(0)
    for since, tier, next_tier in rows.order_by().values_list("ready_since", "tier_now", "next_tier"):
        first, until = counted_days(Stretch(since, None), goes_on=False, today=today)
        cost = avoidable_cost(first, until, tier or "", next_tier, prices)
        people, days = people + 1, days + max(0, (until - first).days)
        pounds, unpriced = pounds + (cost or 0), unpriced + (cost is None)
    return Totals(people, days, pounds, unpriced)


_PERIODS = Prepared(
    lambda pk: (
        ReadyPeriod.objects.current()
        .filter(patient=pk)
        .select_related("service", "waits_on_service", "waits_on_commissioner", "recorded_by")
        .order_by("-during")
    )
)


def periods_of(patient: Any) -> list[ReadyPeriod]:
    """Every period of one person, newest first."""
    return _PERIODS.of(patient.pk)
