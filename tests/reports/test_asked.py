"""What the dashboard is asked, as its address has it: periods, days, and what cannot be meant."""

from datetime import date, datetime, timedelta

import pytest

from reports.figures import asked as question
from tests.reports.small_world import ASKED_AT, asked


def test_an_as_at_in_the_future_is_today():
    later = question.read({"as_at": "2031-01-01"}, now=ASKED_AT)
    assert later.known_at == ASKED_AT


@pytest.mark.parametrize(
    "nonsense", ["", "soon", "2026-02-30", "2026-13", "0000-00", "0001-01-01", "9999-12"]
)
def test_a_period_that_cannot_be_read_is_the_usual_one(nonsense):
    found = question.read({"from": nonsense, "to": nonsense, "as_at": nonsense}, now=ASKED_AT)
    assert (found.since, found.until) == (date(2025, 4, 1), date(2026, 3, 2))


def test_the_end_of_a_day_is_londons():
    assert question.end_of(date(2026, 3, 28)) + timedelta(microseconds=1) == datetime.fromisoformat(
        "2026-03-29T00:00+00:00"
    )
    assert question.end_of(date(2026, 3, 29)) + timedelta(microseconds=1) == datetime.fromisoformat(
        "2026-03-29T23:00+00:00"
    )


def test_other_areas_stand_as_the_last_whole_month_ended():
    found = asked().for_other_areas()
    assert (found.on, found.until) == (date(2026, 2, 28), date(2026, 2, 28))
    assert found.known_at == question.end_of(date(2026, 2, 28))
    earlier = asked(as_at="2026-01-31").for_other_areas()
    assert earlier.on == date(2026, 1, 31)
    one_day_on = asked(as_at="2026-02-03", region="Y99", tier="low", gender="men").for_other_areas()
    assert (one_day_on.on, one_day_on.region) == (date(2026, 1, 31), "")
    assert (one_day_on.provider, one_day_on.tier, one_day_on.gender) == ("", "", "")


@pytest.mark.parametrize(
    ("name", "value", "is_not"),
    [
        ("from", "soon", "a month"),
        ("from", "2026-13", "a month"),
        ("from", "2031-01", "a month before the end of the period"),
        ("from", "2026-01", None),
        ("to", "2026-02-30", "a month"),
        ("to", "2031-01", None),
        ("as_at", "yesterday", "a day"),
        ("as_at", "2031-01-01", "a day that has been"),
        ("as_at", ASKED_AT.date().isoformat(), None),
        ("region", "Y99", "a region"),
        ("region", "Y60", None),
        ("provider", "none", "a provider of a hospital"),
        ("provider", "the-id", None),
        ("provider", " ", None),
        ("tier", "prison", "a tier of a ward"),
        ("tier", "step_down", None),
        ("gender", "cats", "whom a ward takes"),
        ("gender", "mixed", None),
    ],
)
def test_what_cannot_be_meant_is_named(name, value, is_not):
    known = {"regions": {"Y60"}, "providers": {"the-id"}}
    found = question.slips({name: value}, now=ASKED_AT, **known)
    assert found == ({name: is_not} if is_not else {})
