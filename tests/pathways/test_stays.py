"""Stays in hospital: what goes on with one, what ends it, and how long it is."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from psycopg2.extras import DateTimeTZRange

from pathways.rules.stays import HospitalStay, hospital_stays, in_custody_since, in_hospital_since

ASHDOWN, BROOK, PRISON = 1, 2, 3


def day(number):
    return datetime(2026, 1, number, 12, tzinfo=UTC)


def line(*places):
    """Places from the given days of January on, the last of them open."""
    rows = []
    for number, (since, where) in enumerate(places):
        until = day(places[number + 1][0]) if number + 1 < len(places) else None
        service = where if isinstance(where, int) else None
        rows.append(
            SimpleNamespace(
                service_id=service,
                is_at_hospital=service in (ASHDOWN, BROOK),
                is_in_custody=service == PRISON,
                elsewhere="" if service else where,
                during=DateTimeTZRange(day(since), until),
            )
        )
    return rows


@pytest.mark.parametrize(
    ("places", "stays"),
    [
        ([], []),
        ([(1, PRISON)], []),
        ([(1, ASHDOWN)], [(ASHDOWN, 1, None)]),
        ([(1, PRISON), (3, ASHDOWN), (9, PRISON)], [(ASHDOWN, 3, 9)]),
        ([(1, ASHDOWN), (5, ASHDOWN), (9, "released")], [(ASHDOWN, 1, 9)]),  # another ward
        ([(1, ASHDOWN), (5, BROOK)], [(ASHDOWN, 1, 5), (BROOK, 5, None)]),
        ([(1, ASHDOWN), (5, "general_hospital"), (7, ASHDOWN)], [(ASHDOWN, 1, None)]),
        ([(1, ASHDOWN), (5, "at_large"), (7, BROOK)], [(ASHDOWN, 1, 7), (BROOK, 7, None)]),
        ([(1, ASHDOWN), (5, "not_known"), (6, "general_hospital")], [(ASHDOWN, 1, None)]),
        ([(1, ASHDOWN), (5, "released"), (7, ASHDOWN)], [(ASHDOWN, 1, 5), (ASHDOWN, 7, None)]),
        ([(1, ASHDOWN), (5, "died")], [(ASHDOWN, 1, 5)]),
        ([(1, "general_hospital"), (3, ASHDOWN)], [(ASHDOWN, 3, None)]),  # away from no hospital of ours
        ([(1, PRISON), (3, "general_hospital"), (5, PRISON)], []),
    ],
)
def test_stays_of_a_line(places, stays):
    expected = [
        HospitalStay(service, day(since), day(until) if until else None) for service, since, until in stays
    ]
    assert hospital_stays(line(*places)) == expected


@pytest.mark.parametrize(
    ("places", "since"),
    [
        ([], None),
        ([(1, PRISON)], None),
        ([(1, PRISON), (3, "general_hospital")], None),
        ([(1, PRISON), (3, ASHDOWN)], 3),
        ([(1, ASHDOWN), (3, ASHDOWN), (5, BROOK)], 1),
        ([(1, ASHDOWN), (3, "at_large")], 1),
        ([(1, ASHDOWN), (3, "not_known"), (4, "general_hospital")], 1),
        ([(1, "general_hospital"), (3, ASHDOWN)], 3),
        ([(1, ASHDOWN), (3, "released")], None),
        ([(1, ASHDOWN), (3, PRISON), (5, "at_large")], None),
        ([(1, ASHDOWN), (3, "released"), (5, BROOK), (7, "at_large")], 5),
        ([(1, ASHDOWN), (3, "died")], None),
    ],
)
def test_since_when_somebody_has_not_left_hospital(places, since):
    assert in_hospital_since(line(*places)) == (day(since) if since else None)


@pytest.mark.parametrize(
    ("places", "since"),
    [
        ([], None),
        ([(1, ASHDOWN)], None),
        ([(1, PRISON)], 1),
        ([(1, PRISON), (3, PRISON), (5, "at_large")], 1),
        ([(1, PRISON), (3, "general_hospital"), (5, PRISON)], 1),
        ([(1, PRISON), (3, "released")], None),
        ([(1, PRISON), (3, ASHDOWN), (5, PRISON)], 5),
    ],
)
def test_since_when_somebody_is_in_custody(places, since):
    assert in_custody_since(line(*places)) == (day(since) if since else None)


def test_the_day_of_admission_counts_and_that_of_discharge_does_not():
    assert HospitalStay(ASHDOWN, day(1), day(9)).days(on=date(2026, 2, 1)) == 8
    assert HospitalStay(ASHDOWN, day(1), None).days(on=date(2026, 1, 9)) == 9
