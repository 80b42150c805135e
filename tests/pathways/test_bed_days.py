"""Bed days as NHS England counts them: the day of admission counts, the day of discharge does not; London days."""

from datetime import UTC, date, datetime

import pytest

from pathways.days import last_day
from pathways.rules import bed_days, length_of_stay, occupancy, occupied_bed_days


def at(month, day, hour=12, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


APRIL = {"first_day": date(2026, 4, 1), "last_day": date(2026, 4, 30)}


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at(4, 10), at(4, 13), 3),  # 10, 11 and 12 April; not the day of discharge
        (at(4, 10, 8), at(4, 10, 20), 0),  # came and went on one day
        (at(4, 10, 12), at(4, 11, 7), 1),
        (at(4, 10), None, 21),  # still there: to the last day of the period
        (at(3, 1), None, 30),
        (at(3, 1), at(6, 1), 30),
        (at(3, 1), at(4, 1), 0),  # discharged on the first day of the period
        (at(3, 1), at(4, 2), 1),
        (at(4, 30), at(5, 1), 1),  # the last day of the period counts
        (at(4, 30), at(4, 30, 18), 0),
        (at(5, 1), None, 0),
        (at(1, 1), at(2, 1), 0),
        (at(4, 9, 23, 30), at(4, 11), 1),  # 23:30 UTC in summer is already 10 April in London
        (at(4, 10), at(4, 12, 23, 30), 3),  # and the discharge is on 13 April
    ],
)
def test_occupied_bed_days_of_a_stay_in_april(since, until, days):
    assert bed_days(since, until, **APRIL) == days


@pytest.mark.parametrize(
    ("month", "day", "days"),
    [
        (3, 29, 1),  # the clocks go forward: a day of 23 hours is a day
        (10, 25, 1),  # and back: a day of 25 hours is one
    ],
)
def test_a_day_of_another_length_is_a_day(month, day, days):
    period = {"first_day": date(2026, month, day), "last_day": date(2026, month, day)}
    assert bed_days(at(month, day - 1), at(month, day + 1), **period) == days


def test_a_leap_day_is_a_day():
    period = {"first_day": date(2028, 2, 1), "last_day": date(2028, 2, 29)}
    assert bed_days(datetime(2028, 1, 1, tzinfo=UTC), None, **period) == 29


def test_a_move_from_bed_to_bed_counts_its_day_once():
    moved = [(at(4, 1), at(4, 5)), (at(4, 5), at(4, 9))]
    assert occupied_bed_days(moved, **APRIL) == bed_days(at(4, 1), at(4, 9), **APRIL) == 8


@pytest.mark.parametrize(
    ("since", "until", "on", "days"),
    [
        (at(3, 1), at(4, 1), date(2026, 6, 1), 31),
        (at(3, 1, 9), at(3, 1, 17), date(2026, 6, 1), 0),
        (at(3, 1), None, date(2026, 3, 1), 1),  # the day of admission counts
        (at(3, 1), None, date(2026, 3, 10), 10),
        (at(3, 1), at(4, 1), date(2026, 3, 10), 10),  # as it stood before the end
        (at(3, 10), None, date(2026, 3, 1), 0),
    ],
)
def test_length_of_stay(since, until, on, days):
    assert length_of_stay(since, until, on=on) == days


def test_occupancy_is_of_the_days_that_were_to_be_had():
    assert occupancy(27, 30) == 0.9
    assert occupancy(0, 0) is None


@pytest.mark.parametrize(
    ("until", "last"),
    [
        (
            at(4, 10, 23),
            date(2026, 4, 10),
        ),  # midnight in London in summer is 23:00 UTC: 10 April was the last day
        (at(4, 10, 12), date(2026, 4, 10)),
        (at(1, 10, 0), date(2026, 1, 9)),
    ],
)
def test_the_last_day_on_which_a_promise_holds(until, last):
    assert last_day(until) == last
