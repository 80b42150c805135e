"""Over- and under-secure days, and what waiting in too much security is reckoned to cost. Estimates say so."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import TextChoices

from core.refusals import Refused
from organisations.rules import HOSPITAL_TIERS, SECURITY_ORDER, is_more_secure

DAY = timedelta(days=1)


class Match(TextChoices):
    """How the tier of a ward compares with what the person on it was assessed to need."""

    MATCHED = "matched", "As needed"
    OVER = "over", "More secure than needed"
    UNDER = "under", "Less secure than needed"
    NOT_KNOWN = "not_known", "Need or tier not known"


class Dated(NamedTuple):
    """A tier from one London day to before another, or on without end."""

    since: date
    until: date | None
    tier: str
    service_id: int | None = None


@dataclass(frozen=True)
class Span:
    """Days on wards of one tier with one need. `until` is the first day that no longer belongs to it."""

    since: date
    until: date
    tier: str
    need: str
    service_id: int | None = None

    @property
    def days(self) -> int:
        """How many, as occupied bed days are counted."""
        return (self.until - self.since).days

    @property
    def match(self) -> str:
        """How tier and need compare."""
        return match_of(self.tier, self.need)


def match_of(tier: str, need: str) -> str:
    """How a tier of a ward compares with a need. A need of prison is no need of hospital security at all."""
    if not tier or not need:
        return Match.NOT_KNOWN.value
    if tier == need:
        return Match.MATCHED.value
    if need not in SECURITY_ORDER:
        return Match.OVER.value
    return (Match.OVER if is_more_secure(tier, need) else Match.UNDER).value


def spans_of(
    stays: Sequence[Dated], needs: Sequence[Dated], *, first_day: date, last_day: date
) -> list[Span]:
    """The days of a period that somebody was in hospital, by tier and need; oldest first.

    A day counts for the ward on which it ends, as an occupied bed day does: the day of admission, not that of leaving.
    The newest need that holds on a day is the one that counts. One assessed before the person last left hospital for
    prison or the community says nothing about a later admission.
    """
    spans: list[Span] = []
    left_on, in_hospital = None, False
    for stay in stays:
        if stay.tier and stay.tier not in HOSPITAL_TIERS:
            left_on, in_hospital = (stay.since if in_hospital else left_on), False
            continue
        in_hospital = True
        begins, ends = max(stay.since, first_day), min(stay.until or last_day + DAY, last_day + DAY)
        usable = [need for need in needs if left_on is None or need.since >= left_on]
        spans += _by_need(stay._replace(since=begins, until=ends), usable)
    return _joined(spans)


def _by_need(stay: Dated, needs: Sequence[Dated]) -> Iterable[Span]:
    begins, ends = stay.since, stay.until or stay.since
    edges = {begins, ends} | {edge for need in needs for edge in need[:2] if edge and begins < edge < ends}
    for since, until in pairwise(sorted(edges) if begins < ends else []):
        need = need_on(needs, since)
        yield Span(since, until, stay.tier, need.tier if need else "", stay.service_id)


def need_on(needs: Iterable[Dated], on: date) -> Dated | None:
    """The need that counts on a London day: the newest that holds."""
    holding = [one for one in needs if one.since <= on and (one.until is None or on < one.until)]
    return max(holding, key=lambda one: one.since, default=None)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1] == replace(span, since=joined[-1].since, until=span.since):
            joined[-1] = replace(joined[-1], until=span.until)
        else:
            joined.append(span)
    return joined


def days_by_match(spans: Iterable[Span]) -> dict[str, int]:
    """How many days are over-secure, under-secure, matched and not known; 0 for those of which there are none."""
    counted: Counter[str] = Counter()
    for span in spans:
        counted[span.match] += span.days
    return {match: counted[match] for match in Match.values}


class Price(NamedTuple):
    """What a day costs in a tier from one London day to before another, or on without end; at which year's prices."""

    since: date
    until: date | None
    pounds_a_day: Decimal
    year: int = 0
    source: str = ""


Prices = Mapping[str, Sequence[Price]]


def avoidable_cost(first_day: date, until: date, tier: str, next_tier: str, prices: Prices) -> Decimal | None:
    """Days in a tier where another was needed, times what a day costs more there; None without a price for each.

    An estimate (domain.md 7, 36): each day at the prices that held on it. Where the next tier is the dearer, nothing.
    `until` is the first day that no longer counts.
    """
    total = Decimal(0)
    edges = {first_day, until}
    for price in (*prices.get(tier, ()), *prices.get(next_tier, ())):
        edges |= {edge for edge in (price.since, price.until) if edge and first_day < edge < until}
    ordered = sorted(edges) if first_day < until else []
    for since, ends in pairwise(ordered):
        dear, cheap = price_on(prices.get(tier, ()), since), price_on(prices.get(next_tier, ()), since)
        if dear is None or cheap is None:
            return None
        total += max(dear - cheap, Decimal(0)) * (ends - since).days
    return total


def prices_used(
    first_day: date, until: date, tier: str, next_tier: str, prices: Prices
) -> list[tuple[str, Price]]:
    """The prices that such an estimate rests on, each with its tier: that of where they are first, the oldest first."""
    return [
        (one, price)
        for one in (tier, next_tier)
        for price in prices.get(one, ())
        if price.since < until and (price.until is None or price.until > first_day)
    ]


def price_on(prices: Iterable[Price], on: date) -> Decimal | None:
    """The price of a London day, if there is one."""
    return next(
        (one.pounds_a_day for one in prices if one.since <= on and (one.until is None or on < one.until)),
        None,
    )


def check_price(
    pounds_a_day: Decimal, price_year: int, source: str, *, since: date, newest_since: date | None
) -> None:
    """A price says where it comes from, and follows the one before it."""
    if pounds_a_day <= 0:
        raise Refused("A price is more than nothing.", "pounds_a_day")
    if not 1990 <= price_year <= since.year + 1:
        raise Refused("Check the year of the price.", "price_year")
    if not source.strip():
        raise Refused("Say where the price comes from.", "source")
    if newest_since is not None and since <= newest_since:
        raise Refused("A price from that day or later is recorded already. Choose a later day.", "since")
