"""Counting in London days, at every boundary where it could go wrong. No database."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import Refused
from pathways.days import at_or_noon, london_date, noon
from pathways.policies import FLAG_RULES, POLICIES
from pathways.rules import (
    Counting,
    FlagDay,
    check_request_date,
    first_flag_on,
    flags_owed,
    next_flag_on,
    outcome_of,
)

DAY_ZERO_14 = Counting(14, first_day_counts=False)
DAY_ONE_14 = Counting(14, first_day_counts=True)
DAY_ONE_28 = Counting(28, first_day_counts=True)
DAY_ZERO_28 = Counting(28, first_day_counts=False)
DAY_ONE_7 = Counting(7, first_day_counts=True)

POLICY_COUNTING = {row[0]: Counting(row[4], row[5]) for row in POLICIES}
BRADLEY_DAYS = [FlagDay(row[2], row[3]) for row in FLAG_RULES if row[0] == "bradley-14"]


# domain.md 1.1, “Test vectors for a clock library”.
@pytest.mark.parametrize(
    ("counting", "start", "last_day"),
    [
        (DAY_ONE_28, date(2026, 6, 1), date(2026, 6, 28)),
        (DAY_ZERO_28, date(2026, 6, 1), date(2026, 6, 29)),
        (DAY_ZERO_14, date(2026, 6, 1), date(2026, 6, 15)),
        (DAY_ONE_14, date(2026, 6, 10), date(2026, 6, 23)),
        (DAY_ONE_7, date(2026, 6, 1), date(2026, 6, 7)),
    ],
)
def test_vectors_of_the_law(counting, start, last_day):
    assert counting.due_on(start) == last_day
    assert outcome_of(counting.due_on(start), last_day) == "met"
    assert outcome_of(counting.due_on(start), last_day + timedelta(days=1)) == "lapsed"


# Instants of a first request, the London day they fall on, and the last day in time where the request is day 0, where
# it is day 1 of 14, and where it is day 1 of 28. Both clock changes of 2026 are at 01:00 UTC.
BOUNDARIES = [
    (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), date(2026, 3, 1), "03-15 03-14 03-28"),
    (datetime(2026, 3, 15, 12, 0, tzinfo=UTC), date(2026, 3, 15), "03-29 03-28 04-11"),
    (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28), "04-11 04-10 04-24"),
    (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29), "04-12 04-11 04-25"),
    (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30), "04-13 04-12 04-26"),
    (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30), "07-14 07-13 07-27"),
    (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1), "07-15 07-14 07-28"),
    (datetime(2026, 10, 11, 12, 0, tzinfo=UTC), date(2026, 10, 11), "10-25 10-24 11-07"),
    (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25), "11-08 11-07 11-21"),
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25), "11-08 11-07 11-21"),
    (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25), "11-08 11-07 11-21"),
    (datetime(2028, 2, 15, 12, 0, tzinfo=UTC), date(2028, 2, 15), "02-29 02-28 03-13"),
    (datetime(2028, 2, 29, 23, 59, tzinfo=UTC), date(2028, 2, 29), "03-14 03-13 03-27"),
]


@pytest.mark.parametrize(("instant", "day", "last_days"), BOUNDARIES)
@pytest.mark.parametrize(("rule", "counting"), list(enumerate([DAY_ZERO_14, DAY_ONE_14, DAY_ONE_28])))
def test_the_last_day_in_time_of_a_request_near_a_boundary(instant, day, last_days, rule, counting):
    month, of_month = last_days.split()[rule].split("-")
    assert london_date(instant) == day
    assert counting.due_on(london_date(instant)) == date(day.year, int(month), int(of_month))


@pytest.mark.parametrize(
    ("on", "instant"),
    [
        (date(2026, 1, 5), datetime(2026, 1, 5, 12, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 11, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 11, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 12, tzinfo=UTC)),
    ],
)
def test_noon_is_noon_in_london(on, instant):
    assert noon(on) == instant
    assert noon(on).tzinfo == UTC
    assert at_or_noon(on, None) == (instant, False)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_noon_always_falls_on_its_own_day(on):
    assert london_date(noon(on)) == on


def test_bradley_flags_in_their_order():
    started = date(2026, 3, 1)
    days, after = [], -1
    for _ in range(9):
        on = next_flag_on(BRADLEY_DAYS, started, DAY_ZERO_14, after=after)
        after = DAY_ZERO_14.day_of(on, started)
        days.append(after)
    assert days == [10, 12, 15, 21, 28, 42, 56, 70, 84]


def test_a_warrant_is_breached_on_its_fifteenth_day_counting_the_first():
    days = [FlagDay(row[2], row[3]) for row in FLAG_RULES if row[0] == "warrant-14"]
    counting = POLICY_COUNTING["warrant-14"]
    assert next_flag_on(days, date(2026, 6, 10), counting, after=13) == date(2026, 6, 24)
    assert next_flag_on(days, date(2026, 6, 10), counting, after=15) is None


@pytest.mark.parametrize("row", POLICIES, ids=lambda row: row[0])
def test_every_policy_flags_its_first_day_out_of_time_as_breached(row):
    breaches = [rule[2] for rule in FLAG_RULES if rule[0] == row[0] and rule[1] == "breached"]
    assert breaches == [row[4] + 1]


@given(
    rules=st.lists(
        st.builds(FlagDay, st.integers(0, 60), st.none() | st.integers(1, 20)),
        max_size=4,
        unique_by=lambda r: r.day,
    ),
    first_day_counts=st.booleans(),
    elapsed=st.integers(0, 200),
)
def test_going_from_flag_to_flag_meets_exactly_the_days_owed(rules, first_day_counts, elapsed):
    counting, started = Counting(14, first_day_counts), date(2026, 1, 31)
    until = started + timedelta(days=elapsed)
    met, on = [], next_flag_on(rules, started, counting)
    while on is not None and on <= until:
        met.append(counting.day_of(on, started))
        on = next_flag_on(rules, started, counting, after=met[-1])
    assert met == flags_owed(rules, started, counting, on=until)


def test_a_rule_that_comes_again_has_no_end():
    assert list(islice(FlagDay(42, 14).days_after(41), 4)) == [42, 56, 70, 84]
    assert list(islice(FlagDay(42, 14).days_after(57), 2)) == [70, 84]


def test_a_request_date_may_be_today_and_never_tomorrow():
    check_request_date(date(2026, 3, 1), today=date(2026, 3, 1))
    with pytest.raises(Refused):
        check_request_date(date(2026, 3, 2), today=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("known_after", "first_after"),
    [(0, 14), (14, 14), (20, 14), (26, 26), (29, 29), (40, 36), (43, 43)],
)
def test_what_is_known_late_is_one_flag_and_not_one_for_every_week_gone(known_after, first_after):
    counting, begun = Counting(28, True), date(2026, 1, 1)
    days = [FlagDay(14), FlagDay(26), FlagDay(29, 7)]
    known_on = counting.day_on(known_after, begun)
    found = first_flag_on(days, begun, counting, since=begun, known_on=known_on)
    assert found == counting.day_on(first_after, begun)


def test_no_flag_is_of_a_day_before_there_was_anything_to_flag():
    counting, begun = Counting(28, True), date(2026, 1, 1)
    found = first_flag_on(
        [FlagDay(14), FlagDay(26)], begun, counting, since=date(2026, 1, 20), known_on=date(2026, 1, 20)
    )
    assert found == date(2026, 1, 26)
