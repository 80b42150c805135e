"""Legal statuses as days: how long one entered late lasts, what stays of the others, and which days cannot be."""

from datetime import date

import pytest

from core.refusals import refusal
from pathways.rules import legal
from pathways.rules.legal import Days


def day(number):
    return date(2026, 3, number)


def days(since, until=None):
    return Days(day(since), day(until) if until else None)


@pytest.mark.parametrize(
    ("known", "since", "last_day", "lasts"),
    [
        ([], 5, None, days(5)),
        ([], 5, 5, days(5, 6)),
        ([days(1, 10), days(10)], 5, None, days(5, 10)),
        ([days(1, 10), days(20)], 12, None, days(12, 20)),
        ([days(1, 10), days(10)], 5, 12, days(5, 13)),
        ([days(5)], 5, None, days(5)),
    ],
)
def test_it_lasts_to_its_last_day_or_until_the_next_begins_or_goes_on(known, since, last_day, lasts):
    assert legal.days_of(known, day(since), day(last_day) if last_day else None) == lasts


@pytest.mark.parametrize(
    ("known", "new", "stays"),
    [
        (days(1, 5), days(5, 9), [days(1, 5)]),
        (days(9), days(5, 9), [days(9)]),
        (days(1, 7), days(5, 9), [days(1, 5)]),
        (days(1), days(5), [days(1, 5)]),
        (days(7, 12), days(5, 9), [days(9, 12)]),
        (days(7), days(5, 9), [days(9)]),
        (days(1, 12), days(5, 9), [days(1, 5), days(9, 12)]),
        (days(1), days(5, 9), [days(1, 5), days(9)]),
        (days(5, 9), days(5, 9), []),
        (days(6, 8), days(5, 9), []),
        (days(5), days(5), []),
    ],
)
def test_what_stays_of_a_status(known, new, stays):
    assert legal.rest_of(known, new) == stays
    for one in stays:
        assert legal.rest_of(one, new) == [one]


@pytest.mark.parametrize(
    ("known", "new", "simply"),
    [
        ([], days(5), True),
        ([days(1)], days(5), True),
        ([days(5)], days(5), True),
        ([days(1, 6)], days(5), True),
        ([days(1, 5)], days(5), True),
        ([days(1, 7)], days(5), False),
        ([days(1)], days(5, 9), False),
        ([days(6)], days(5, 6), False),
    ],
)
def test_what_simply_takes_its_turn_goes_against_nothing(known, new, simply):
    assert legal.follows_on(known, new) is simply


@pytest.mark.parametrize(
    ("since", "last_day", "refused"),
    [(1, None, True), (2, None, False), (8, 8, False), (9, None, True), (5, 9, True), (5, None, False)],
)
def test_nobody_is_held_outside_their_life(since, last_day, refused):
    said = refusal(
        legal.check_in_life,
        day(since),
        day(last_day) if last_day else None,
        born_on=day(2),
        died_on=day(8),
    )
    assert bool(said) is refused
    assert refusal(legal.check_in_life, day(since), born_on=None, died_on=None) is None


@pytest.mark.parametrize(("since", "refused"), [(5, False), (6, True)])
def test_what_goes_on_goes_on_by_today(since, refused):
    assert bool(refusal(legal.check_rest_has_begun, days(since), today=day(5))) is refused
