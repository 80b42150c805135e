"""Another length of a legal status from a day on: the past stands, and only what is to come is replaced."""

from datetime import date, timedelta

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused
from pathways.actions import durations, legal
from pathways.models import LegalDuration
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
LAW = "Mental Health Act 1983 s2(4)"


@pytest.fixture
def by(england):
    return actor_of(england.adam)


def lasting(by, number, *, since, **known):
    answers = {
        "code": "02",
        "stage": "first",
        "unit": "days",
        "legal_basis": LAW,
        "is_verified": True,
        **known,
    }
    return durations.set_duration(number=number, since=since, by=by, **answers)


def of(code, stage="first"):
    rows = LegalDuration.objects.filter(code=code, stage=stage, effective__isnull=False).order_by("effective")
    return [(row.number, row.effective) for row in rows]


SINCE_1983 = date(1983, 9, 30)


def test_another_length_begins_on_its_day_and_the_one_before_holds_until_then(england, by):
    begins = TODAY + 9 * DAY
    lasting(by, 21, since=begins)
    assert of("02") == [(28, DateRange(SINCE_1983, begins)), (21, DateRange(begins, None))]
    patient = a_patient(england, at_service=england.ashdown)
    known = legal.record_legal_status(patient, code="02", since=TODAY, by=actor_of(england.maya))
    assert known.authorised_until == TODAY + 27 * DAY
    later = actor_of(england.maya, at=NOW + 9 * DAY)
    assert legal.record_legal_status(patient, code="02", since=begins, by=later).authorised_until == (
        begins + 20 * DAY
    )


def test_what_is_to_come_is_replaced_from_its_own_day_and_only_that(england, by):
    begins = TODAY + 9 * DAY
    first = lasting(by, 21, since=begins)
    second = lasting(by, 14, since=begins)
    assert (second.pk, second.version) == (first.pk, 1)
    assert of("02") == [(28, DateRange(SINCE_1983, begins)), (14, DateRange(begins, None))]
    with pytest.raises(Refused, match="Choose a later day") as refused:
        lasting(by, 7, since=begins - DAY)
    assert refused.value.field == "since"


def test_the_past_and_what_holds_today_are_never_changed(england, by):
    with pytest.raises(Refused, match="today or in the future"):
        lasting(by, 21, since=TODAY - DAY)
    lasting(by, 21, since=TODAY)
    with pytest.raises(Refused, match="Choose a later day"):
        lasting(by, 14, since=TODAY)
    assert of("02") == [(28, DateRange(SINCE_1983, TODAY)), (21, DateRange(TODAY, None))]


def test_a_length_enacted_without_a_day_comes_into_force(england, by):
    enacted = LegalDuration.objects.get(code="03", stage="first", effective=None)
    made = lasting(by, 3, code="03", unit="months", since=TODAY + DAY)
    assert (made.pk, made.effective) == (enacted.pk, DateRange(TODAY + DAY, None))
    assert of("03") == [(6, DateRange(SINCE_1983, TODAY + DAY)), (3, DateRange(TODAY + DAY, None))]


def test_a_stage_without_a_length_gets_its_first(england, by):
    lasting(by, 6, code="10", stage="second_renewal", unit="months", since=TODAY)
    assert of("10", "second_renewal") == [(6, DateRange(TODAY, None))]


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"code": "33"}, "code"),
        ({"form": "with_restrictions"}, "form"),
        ({"stage": "third"}, "stage"),
        ({"unit": "years"}, "unit"),
        ({"number": 0}, "number"),
        ({"legal_basis": " "}, "legal_basis"),
    ],
)
def test_a_length_that_cannot_be_changes_nothing(england, by, known, field):
    before = of("02")
    with pytest.raises(Refused) as refused:
        lasting(by, **{"number": 21, "since": TODAY + DAY, **known})
    assert refused.value.field == field
    assert of("02") == before
