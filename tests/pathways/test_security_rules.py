"""Over- and under-secure days, and the estimate of what waiting costs; worked examples."""

from datetime import date
from decimal import Decimal

import pytest

from core.refusals import Refused
from organisations.rules import HOSPITAL_TIERS, SECURITY_ORDER, Tier
from pathways.days import noon
from pathways.rules import security as rules
from pathways.rules.bed_days import bed_days
from pathways.rules.security import Dated, Price, Span


def may(day):
    return date(2026, 5, day)


MAY = {"first_day": may(1), "last_day": may(31)}
M, L, C, P = Tier.MEDIUM.value, Tier.LOW.value, Tier.COMMUNITY.value, Tier.PRISON.value


def test_every_pair_of_tier_and_need_matches_somehow():
    for place, tier in enumerate(HOSPITAL_TIERS):
        for other, need in enumerate(SECURITY_ORDER):
            expected = "matched" if place == other else "over" if place < other else "under"
            assert rules.match_of(tier, need) == expected, (tier, need)
        assert rules.match_of(tier, P) == "over"
        assert rules.match_of(tier, "") == "not_known"
    assert rules.match_of("", L) == "not_known"


# Tiers and needs as (from, to, tier), and the days of May by match: matched, over, under, not known.
WORKED = {
    "as needed all month": ([(1, None, M)], [(1, None, M)], (31, 0, 0, 0)),
    "admitted on the 10th, left on the 20th": ([(10, 20, M), (20, None, C)], [(1, None, M)], (10, 0, 0, 0)),
    "came and went on one day": ([(10, 10, M), (10, None, C)], [(1, None, M)], (0, 0, 0, 0)),
    "assessed for less on the 11th": ([(1, None, M)], [(1, 11, M), (11, None, L)], (10, 21, 0, 0)),
    "stepped down before anybody said so": ([(1, 11, M), (11, None, L)], [(1, None, M)], (10, 0, 21, 0)),
    "nobody has assessed": ([(1, None, M)], [], (0, 0, 0, 31)),
    "assessed on the 11th": ([(1, None, M)], [(11, None, M)], (21, 0, 0, 10)),
    "ready for low, then unwell": ([(1, None, M)], [(1, None, M), (11, 21, L)], (21, 10, 0, 0)),
    "ready for prison": ([(1, None, M)], [(1, None, M), (11, None, P)], (10, 21, 0, 0)),
    "no ward said": ([(1, None, "")], [(1, None, M)], (0, 0, 0, 31)),
    "assessed in prison": ([(1, 11, P), (11, None, M)], [(5, None, M)], (21, 0, 0, 0)),
    "back after a time out, not assessed again": (
        [(1, 11, M), (11, 21, C), (21, None, M)],
        [(1, None, M)],
        (10, 0, 0, 11),
    ),
    "back after a time out, assessed again": (
        [(1, 11, M), (11, 21, C), (21, None, M)],
        [(1, 15, M), (15, None, L)],
        (10, 11, 0, 0),
    ),
    "moved from prison to prison before": (
        [(1, 5, P), (5, 11, P), (11, None, M)],
        [(3, None, M)],
        (21, 0, 0, 0),
    ),
}


@pytest.mark.parametrize("name", WORKED)
def test_days_by_how_they_match(name):
    stays, needs, days = WORKED[name]

    def dated(rows):
        return [Dated(may(since), may(until) if until else None, tier) for since, until, tier in rows]

    spans = rules.spans_of(dated(stays), dated(needs), **MAY)
    assert tuple(rules.days_by_match(spans).values()) == days


def test_they_sum_to_the_occupied_bed_days():
    stays = [Dated(date(2026, 4, 20), may(12), M), Dated(may(12), may(25), L), Dated(may(25), None, C)]
    spans = rules.spans_of(stays, [Dated(may(3), may(15), M)], **MAY)
    counted = sum(
        bed_days(noon(one.since), noon(one.until) if one.until else None, **MAY) for one in stays[:2]
    )
    assert sum(span.days for span in spans) == counted == 24
    assert spans == [
        Span(may(1), may(3), M, ""),
        Span(may(3), may(12), M, M),
        Span(may(12), may(15), L, M),
        Span(may(15), may(25), L, ""),
    ]


D = Decimal
PRICES = {
    M: [Price(may(1), may(11), D("450.00")), Price(may(11), None, D("500.00"))],
    L: [Price(may(1), None, D("400.00"))],
}


def test_the_estimate_is_days_times_the_difference_at_the_prices_of_each_day():
    assert rules.avoidable_cost(may(1), may(11), M, L, PRICES) == 10 * 50
    assert rules.avoidable_cost(may(1), may(21), M, L, PRICES) == 10 * 50 + 10 * 100
    assert rules.avoidable_cost(may(5), may(5), M, L, PRICES) == 0
    assert rules.avoidable_cost(may(1), may(11), L, M, PRICES) == 0
    assert rules.avoidable_cost(may(1), may(11), M, C, PRICES) is None
    assert rules.avoidable_cost(date(2026, 4, 1), may(11), M, L, PRICES) is None
    assert rules.price_on(PRICES[M], may(10)) == D("450.00")
    assert rules.price_on(PRICES[M], may(11)) == D("500.00")


def test_an_estimate_rests_on_the_prices_of_its_days():
    first, second, low = *PRICES[M], *PRICES[L]
    assert rules.prices_used(may(1), may(11), M, L, PRICES) == [(M, first), (L, low)]
    assert rules.prices_used(may(10), may(12), M, L, PRICES) == [(M, first), (M, second), (L, low)]
    assert rules.prices_used(may(11), may(12), M, C, PRICES) == [(M, second)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pounds_a_day": D(0)}, "pounds_a_day"),
        ({"price_year": 1989}, "price_year"),
        ({"price_year": 2028}, "price_year"),
        ({"source": " "}, "source"),
        ({"newest_since": may(1)}, "since"),
    ],
)
def test_a_price_says_where_it_comes_from_and_follows_the_one_before(change, field):
    asked = {"pounds_a_day": D(450), "price_year": 2026, "source": "Ours", "newest_since": None, **change}
    with pytest.raises(Refused) as refused:
        rules.check_price(**asked, since=may(1))
    assert refused.value.field == field
