"""What one person's page says of being ready to move on, and of the security they need and have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desk.ready_forms import ended_words
from desk.recorded import NEEDS, Recorded
from organisations.rules import Tier
from pathways.models import ReadyPeriod
from pathways.ready_codes import AttributableTo, ReadyReason
from pathways.ready_lists import counted, days_of, in_words, prices_by_tier, years_of
from pathways.rules.security import (
    Dated,
    Match,
    Price,
    Span,
    avoidable_cost,
    days_by_match,
    need_on,
    prices_used,
    spans_of,
)
from pathways.whereabouts import assessed_need, decided_need, tiers_during
from referrals.pages.found import Sees

MATCH_COLOURS = {Match.MATCHED: "green", Match.OVER: "orange", Match.UNDER: "red", Match.NOT_KNOWN: "grey"}
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Ready:
    """One period as the page has it. Words that were typed only for those who may read clinical text."""

    period: ReadyPeriod
    reason: str
    group: str
    attributable_to: str
    next_tier: str
    waits_on: str
    words: str
    since: date
    until: date | None
    days: int
    ended: str
    ended_why: str
    cost: Decimal | None
    prices: tuple[tuple[str, Price], ...]  # on which the cost rests
    goes_on: bool
    may_change: bool
    is_newest: bool

    @property
    def years(self) -> str:
        """At which years' prices the cost is."""
        return years_of(self.prices)

    @property
    def is_open(self) -> bool:
        """Whether the person is ready now."""
        return self.until is None


def ready_of(recorded: Recorded, sees: Sees, tiers: Sequence[Dated]) -> list[Ready]:
    """Every period, newest first."""
    actor, prices = recorded.actor, prices_by_tier()
    shown = []
    for number, one in enumerate(recorded.ready_periods):
        first, until = counted(one, actor.today)
        until = max(first, until)
        tier = next((stay.tier for stay in tiers if _holds(stay, one.during.lower)), "")
        shown.append(
            Ready(
                period=one,
                reason=str(ReadyReason(one.reason_code).label),
                group=one.group,
                attributable_to=str(AttributableTo(one.attributable_to).label),
                next_tier=str(Tier(one.next_tier).label),
                waits_on=one.waits_on_whom,
                words=one.waits_on_words if sees.clinical else "",
                since=one.during.lower,
                until=one.during.upper,
                days=days_of(one, actor.today),
                ended=ended_words(one),
                ended_why=one.ended_why if sees.clinical else "",
                cost=avoidable_cost(first, until, tier, one.next_tier, prices),
                prices=tuple(prices_used(first, until, tier, one.next_tier, prices)),
                goes_on=one.during.lower > one.ready_since,
                may_change=actor.works_at(one.service_id),
                is_newest=number == 0,
            )
        )
    return shown


def prices_in_words(ready: Sequence[Ready]) -> list[str]:
    """The prices on which the estimates shown rest, each once, with year and source."""
    used = dict.fromkeys(price for one in ready if one.cost for price in one.prices)
    return [in_words(*price) for price in used]


def _holds(stay: Any, on: date) -> bool:
    return stay.since <= on and (stay.until is None or on <= stay.until)


@dataclass(frozen=True)
class Security:
    """What security a person needs now, and their days by how the ward's compared with it."""

    need: str
    need_since: date | None
    spans: list[Span]
    days: list[tuple[str, str, int]]

    @property
    def total(self) -> int:
        """All days in hospital."""
        return sum(count for _, _, count in self.days)


def security_of(recorded: Recorded, stays: Sequence[Dated]) -> Security:
    """Over all of the person's time in hospital, newest first."""
    needs = [
        *map(assessed_need, NEEDS.of(recorded.patient.pk)),
        *map(decided_need, recorded.ready_periods),
    ]
    today = recorded.actor.today
    spans = spans_of(stays, needs, first_day=LONG_AGO, last_day=today)
    now = need_on(needs, today)
    counted = days_by_match(spans)
    return Security(
        need=str(Tier(now.tier).label) if now else "",
        need_since=now.since if now else None,
        spans=spans[::-1],
        days=[(str(match.label), MATCH_COLOURS[match], counted[match]) for match in Match],
    )


def context_of(recorded: Recorded, sees: Sees) -> dict[str, Any]:
    """Both, for the page."""
    stays = [tier for one in recorded.placements for tier in tiers_during(one, recorded.designations)]
    ready = ready_of(recorded, sees, stays)
    return {
        "ready": ready,
        "ready_prices": prices_in_words(ready),
        # What somebody needs is a clinical judgement, as on every other page.
        "security": security_of(recorded, stays) if sees.clinical else None,
        "match_words": dict(Match.choices),
        "match_colours": {match.value: colour for match, colour in MATCH_COLOURS.items()},
        "tier_words": dict(Tier.choices),
    }
