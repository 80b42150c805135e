"""Bed days as NHS England counts them: the day of admission counts, the day of discharge does not; London days."""

from datetime import UTC, date, datetime

import pytest

from pathways.days import last_day
from pathways.rules import bed_days, length_of_stay, occupancy, occupied_bed_days
from pathways.rules.bed_days import BedStay, bed_days_less_leave, geometric_mean, person_bed_days


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


# In the bed from 1 April, back in it to the end; what differs is the leave between. One person's uses of beds, their
# occupied bed days in April, and those less leave (domain.md 4.1).
BEFORE, AFTER = BedStay(at(4, 1), at(4, 10)), BedStay(at(4, 14), None)
KEPT = BedStay(at(4, 10), at(4, 14), is_kept=True)
ON_TRIAL = BedStay(at(4, 10), at(4, 14), is_trial=True)


@pytest.mark.parametrize(
    ("uses", "days", "less_leave"),
    [
        ([BedStay(at(4, 1), None)], 30, 30),  # out for some hours: the bed is occupied all the time
        ([BEFORE, KEPT, AFTER], 30, 26),  # the 10th to the 13th on overnight leave; back on the 14th
        ([BEFORE, KEPT, ON_TRIAL, AFTER], 30, 30),  # on trial in another bed: each of the four days once
        # Left at 9 and back the next morning: one night, one day of leave.
        (
            [
                BedStay(at(4, 1), at(4, 10, 9)),
                BedStay(at(4, 10, 9), at(4, 11, 8), is_kept=True),
                BedStay(at(4, 11, 8), None),
            ],
            30,
            29,
        ),
        # The kept bed was released on the 12th, back in another bed on the 14th: nobody's days are the 12th and 13th.
        ([BEFORE, BedStay(at(4, 10), at(4, 12), is_kept=True), AFTER], 28, 26),
        # Released while they are on trial: from then on the trial's bed counts.
        ([BEFORE, BedStay(at(4, 10), at(4, 12), is_kept=True), ON_TRIAL, AFTER], 30, 30),
        # The trial became a stay on the 20th, when the first bed was released.
        (
            [BEFORE, BedStay(at(4, 10), at(4, 20), is_kept=True), BedStay(at(4, 10), None, is_trial=True)],
            30,
            30,
        ),
        # Missed from the trial on the 12th, back in the own bed on the 14th: both were kept, neither slept in.
        (
            [
                BEFORE,
                KEPT,
                BedStay(at(4, 10), at(4, 12), is_trial=True),
                BedStay(at(4, 12), at(4, 14), is_kept=True, is_trial=True),
                AFTER,
            ],
            30,
            28,
        ),
    ],
)
def test_leave_is_counted_once_and_can_be_left_out(uses, days, less_leave):
    assert person_bed_days(uses, **APRIL) == days
    assert bed_days_less_leave(uses, **APRIL) == less_leave


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


@pytest.mark.parametrize(
    ("days", "mean"), [([], None), ([10], 10), ([10, 1000], 100), ([4, 0], 2), ([1, 10, 100], 10)]
)
def test_the_geometric_mean_of_lengths(days, mean):
    assert geometric_mean(days) == (mean if mean is None else pytest.approx(mean))


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
