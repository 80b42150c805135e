"""Stays in hospital: what goes on with one, what ends it, and how long it is."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from psycopg2.extras import DateTimeTZRange

from pathways.days import london_date
from pathways.rules.ready import Stretch
from pathways.rules.stays import (
    HospitalStay,
    hospital_stays,
    in_custody_since,
    in_hospital_since,
    provider_spells,
)

ASHDOWN, BROOK, PRISON, FAR = 1, 2, 3, 4
TRUST, COMPANY = 11, 12
PROVIDERS = {ASHDOWN: TRUST, BROOK: COMPANY, FAR: COMPANY, PRISON: 13}


def day(number):
    """Noon of a day, counted from the first of January."""
    return datetime(2025, 12, 31, 12, tzinfo=UTC) + timedelta(days=number)


def line(*places):
    """Places from the given days of January on, the last of them open."""
    rows = []
    for number, (since, where) in enumerate(places):
        until = day(places[number + 1][0]) if number + 1 < len(places) else None
        service = where if isinstance(where, int) else None
        rows.append(
            SimpleNamespace(
                service_id=service,
                service=SimpleNamespace(provider_id=PROVIDERS.get(service)),
                is_at_hospital=service in (ASHDOWN, BROOK, FAR),
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


@pytest.mark.parametrize(
    ("ready", "days"),
    [
        ([], 10),
        ([(5, None)], 5),  # ready from the 5th: the 6th to the 10th do not count
        ([(5, 8)], 8),
        ([(5, 8), (8, None)], 5),  # for another reason from the 8th on, which counts from its own day
        ([(3, 5), (8, 9)], 9),  # a second time, of no day that counts
        ([(5, 20)], 5),  # beyond the end of the stay
    ],
)
def test_the_length_less_the_days_of_being_ready(ready, days):
    """Ten days, from the 1st to the 10th."""
    stretches = [Stretch(day(since).date(), day(until).date() if until else None) for since, until in ready]
    elsewhen = Stretch(date(2025, 1, 1), date(2025, 12, 1))
    stay = HospitalStay(ASHDOWN, day(1), day(11))
    assert stay.days_less_ready([*stretches, elsewhen], on=date(2026, 2, 1)) == days
    assert HospitalStay(ASHDOWN, day(1), None).days_less_ready(stretches, on=date(2026, 1, 10)) == days


@pytest.mark.parametrize(
    ("places", "leaves", "spells"),
    [
        ([(1, ASHDOWN), (200, PRISON)], [], [(TRUST, 1, 200)]),
        ([(1, BROOK), (50, FAR), (200, PRISON)], [], [(COMPANY, 1, 200)]),  # another hospital of one provider
        ([(1, ASHDOWN), (50, BROOK)], [], [(TRUST, 1, 50), (COMPANY, 50, None)]),
        ([(1, BROOK), (50, PRISON), (60, FAR)], [], [(COMPANY, 1, 50), (COMPANY, 60, None)]),
        ([(1, ASHDOWN)], [(10, 38)], [(TRUST, 1, None)]),  # back on the 29th day: 28 days of leave
        ([(1, ASHDOWN)], [(10, 39)], [(TRUST, 1, 38), (TRUST, 39, None)]),
        ([(1, ASHDOWN)], [(262, None)], [(TRUST, 1, None)]),  # 28 days so far
        ([(1, ASHDOWN)], [(261, None)], [(TRUST, 1, 289)]),  # 29
        ([(1, ASHDOWN), (60, BROOK)], [(10, 60)], [(TRUST, 1, 38), (COMPANY, 60, None)]),  # it became a move
        ([(1, ASHDOWN), (60, "at_large"), (70, ASHDOWN)], [(10, 60)], [(TRUST, 1, 38), (TRUST, 70, None)]),
        ([(1, ASHDOWN)], [(10, 50), (60, 100)], [(TRUST, 1, 38), (TRUST, 50, 88), (TRUST, 100, None)]),
        ([(1, ASHDOWN), (50, ASHDOWN)], [(10, 20)], [(TRUST, 1, None)]),
        ([(1, PRISON)], [], []),
    ],
)
def test_spells_of_a_line(places, leaves, spells):
    """To the 290th day. A spell that a leave ends has its 28 days, and none of the day after."""
    rows = [
        SimpleNamespace(during=DateTimeTZRange(day(left), day(back) if back else None))
        for left, back in leaves
    ]
    found = provider_spells(line(*places), rows, on=day(290).date())
    days = [(one.since.date(), london_date(one.until) if one.until else None) for one in found]
    assert days == [(day(since).date(), day(until).date() if until else None) for _, since, until in spells]
    assert [one.provider_id for one in found] == [provider for provider, *_ in spells]
