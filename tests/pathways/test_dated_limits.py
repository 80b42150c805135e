"""A limit has the length that it had on the day on which what it counts began."""

from datetime import timedelta

import pytest

from core.refusals import Refused
from pathways.actions import clocks, legal, policies
from pathways.models import Clock, ClockPolicy
from tests.world import NOW, TODAY, a_patient, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ABOUT = ("referral", 1)
REQUESTED = "referral.requested"


@pytest.fixture
def adam(england):
    return actor_of(england.adam, at=NOW)


def limit(code="court-28", **known):
    return ClockPolicy.objects.get(code=code, **known)


def set_days(adam, days, *, code="court-28", ahead=30, **known):
    policy = limit(code, effective__upper_inf=True)
    answers = {
        "version": policy.version,
        "name": "Another limit",
        "basis": "An Act to come, s1",
        "since": TODAY + ahead * DAY,
        **known,
    }
    return policies.set_days(policy, days=days, by=adam, **answers)


def due(patient, code="court-28"):
    return Clock.objects.running().get(patient=patient, policy__code=code).due_on


def test_what_began_before_goes_on_as_it_began(england, adam):
    event = limit("bradley-14").start_event
    before, after = a_patient(england), a_patient(england)
    changed = set_days(adam, 10, code="bradley-14")
    later = actor_of(england.maya, at=NOW + 40 * DAY)
    clocks.start_clocks(before, event=event, about=("referral", 1), on=TODAY + 29 * DAY, by=later)
    clocks.start_clocks(after, event=event, about=("referral", 2), on=TODAY + 30 * DAY, by=later)
    assert due(before, "bradley-14") == TODAY + (29 + 14) * DAY
    assert due(after, "bradley-14") == TODAY + (30 + 10) * DAY
    assert Clock.objects.get(patient=after, policy__code="bradley-14").policy == changed


def test_a_law_of_another_day_is_that_of_an_order_of_that_day(england, adam):
    set_days(adam, 60)
    later = actor_of(england.maya, at=NOW + 40 * DAY)
    before, after = a_patient(england), a_patient(england)
    legal.record_legal_status(before, code="10", since=TODAY + 29 * DAY, by=later)
    legal.record_legal_status(after, code="10", since=TODAY + 30 * DAY, by=later)
    assert (due(before), due(after)) == (TODAY + 56 * DAY, TODAY + 89 * DAY)


def test_a_start_that_is_put_right_has_the_length_of_its_day(england, adam):
    event, patient = limit("bradley-14").start_event, a_patient(england)
    set_days(adam, 10, code="bradley-14")
    later = actor_of(england.maya, at=NOW + 40 * DAY)
    clocks.start_clocks(patient, event=event, about=ABOUT, on=TODAY + 35 * DAY, by=later)
    for day, length in ((25, 14), (30, 10), (29, 14)):
        clocks.restart_clocks(about=ABOUT, event=event, on=TODAY + day * DAY, by=later)
        assert due(patient, "bradley-14") == TODAY + (day + length) * DAY
    assert Clock.objects.filter(patient=patient, policy__code="bradley-14").count() == 1


def test_flags_keep_their_distance_from_the_last_day(adam):
    changed = set_days(adam, 60)
    assert [(one.day, one.level, one.every) for one in changed.flag_rules.order_by("day")] == [
        (53, "approaching", None),
        (58, "imminent", None),
        (61, "breached", 7),
    ]
    with pytest.raises(Refused, match="flags come earlier than that"):
        set_days(adam, 3, code="bradley-14")


def test_a_length_that_has_not_begun_is_replaced(adam):
    first = set_days(adam, 60)
    second = set_days(adam, 40)
    assert (second.pk, second.days, second.version) == (first.pk, 40, 1)
    assert [one.day for one in second.flag_rules.order_by("day")] == [33, 38, 41]
    with pytest.raises(Refused, match="from a later day already"):
        set_days(adam, 50, ahead=20)
    third = set_days(adam, 50, ahead=90)
    assert third.pk != second.pk
    assert ClockPolicy.objects.filter(code="court-28").count() == 3


@pytest.mark.parametrize(
    ("known", "sentence"),
    [({"since": TODAY}, "from tomorrow on"), ({"basis": " "}, "Say this"), ({"version": 7}, "changed")],
)
def test_what_another_length_takes(adam, known, sentence):
    with pytest.raises(Refused, match=sentence):
        set_days(adam, 60, **known)


def test_a_length_that_was_followed_is_not_changed(adam):
    old = limit()
    set_days(adam, 60)
    old.refresh_from_db()
    with pytest.raises(Refused, match="Another length follows"):
        policies.set_days(
            old, version=old.version, days=5, name="A", since=TODAY + 9 * DAY, basis="An Act", by=adam
        )
