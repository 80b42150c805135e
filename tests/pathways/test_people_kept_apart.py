"""People who must not share a ward: never in its beds, whatever the reason, and recorded once for both."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateRange

from core.refusals import Refused
from pathways.actions import apart, beds, patients, placements
from pathways.models import BedUse, Event, KeepApart
from tests.pathways.test_bed_fit import CONFLICT, hold, inpatient, take
from tests.world import NOW, TODAY, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def kept(england, by, *people, **known):
    answers = {"since": TODAY, "reason": "An assault in 2024.", **known}
    return apart.keep_apart(*people, by=by, **answers)


def test_people_kept_apart_never_share_a_ward_whatever_the_reason(england, by):
    one, two = inpatient(england), inpatient(england)
    pair = kept(england, by, two, one)
    take(england.bed, one, by, at=NOW - DAY)
    for act in (
        lambda: hold(england, by, two, bed=england.second_bed, why="No choice."),
        lambda: take(england.second_bed, two, by, why="No choice."),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.sentence == CONFLICT
    apart.end_keep_apart(pair, last_day=TODAY, why="Both agreed.", by=by)
    with pytest.raises(Refused):
        take(england.second_bed, two, by)
    tomorrow = actor_of(england.maya, at=NOW + DAY)
    take(england.second_bed, two, tomorrow, at=NOW + DAY)


def test_a_promise_on_the_ward_is_a_conflict_too_and_another_ward_is_none(england, by):
    one, two = inpatient(england), inpatient(england)
    kept(england, by, one, two)
    hold(england, by, one, since=3, until=9)
    with pytest.raises(Refused, match="Conflict"):
        hold(england, by, two, bed=england.second_bed, since=5, until=6)
    earlier = hold(england, by, two, bed=england.second_bed, since=0, until=2)
    with pytest.raises(Refused, match="Conflict"):
        beds.extend_hold(earlier, until=NOW + 5 * DAY, by=by)
    hold(england, by, two, bed=england.brook_bed, since=5, until=6)


def test_somebody_placed_on_the_ward_without_a_bed_is_met_there(england, by):
    one, two = inpatient(england), inpatient(england)
    placements.place(one, service=england.ashdown, ward=england.ward, at=NOW - DAY, by=by)
    kept(england, by, one, two)
    with pytest.raises(Refused, match="Conflict"):
        hold(england, by, two)


def test_keeping_apart_is_refused_for_one_person_for_no_days_and_for_no_reason(england, by):
    one, two = inpatient(england), inpatient(england)
    for people, known, sentence in (
        ((one, one), {}, "same person"),
        ((one, two), {"last_day": TODAY - DAY}, "before the first"),
        ((one, two), {"reason": "  "}, "Say why"),
    ):
        with pytest.raises(Refused, match=sentence):
            kept(england, by, *people, **known)
    patients.record_death(two, on=TODAY, by=by)
    with pytest.raises(Refused, match="has died"):
        kept(england, by, one, two)


def test_a_pair_is_recorded_once_whichever_way_and_on_both_lines(england, by):
    one, two = inpatient(england), inpatient(england)
    pair = kept(england, by, two, one)
    assert (pair.patient, pair.other) == (one, two)
    with pytest.raises(Refused, match="already recorded"):
        kept(england, by, one, two)
    events = Event.objects.filter(kind="pathways.kept_apart")
    assert {event.patient_id for event in events} == {one.pk, two.pk}
    assert all(event.details == {} and event.about_id is None for event in events)


def test_a_pair_ends_once_within_its_time_and_with_a_reason(england, by):
    pair = kept(england, by, inpatient(england), inpatient(england))
    for last_day, why, sentence in (
        (TODAY - DAY, "Agreed.", "before the first"),
        (TODAY, " ", "Say why"),
    ):
        with pytest.raises(Refused, match=sentence):
            apart.end_keep_apart(pair, last_day=last_day, why=why, by=by)
    apart.end_keep_apart(pair, last_day=TODAY, why="Agreed.", by=by)
    with pytest.raises(Refused, match="already ended"):
        apart.end_keep_apart(pair, last_day=TODAY, why="Agreed.", by=by)


@pytest.mark.parametrize(
    ("name", "turned", "days"),
    [
        ("a_pair_kept_apart_is_written_one_way", True, 1),
        ("people_are_kept_apart_for_some_days", False, 0),
    ],
)
def test_the_database_refuses_a_pair(england, name, turned, days):
    one, two = inpatient(england), inpatient(england)
    pair = (two, one) if turned else (one, two)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        KeepApart.objects.create(
            patient=pair[0],
            other=pair[1],
            during=DateRange(TODAY, TODAY + days * DAY),
            apart_why="X",
            recorded_at=NOW,
        )


def test_the_database_refuses_a_pair_twice_and_an_exception_without_its_reason(england, by):
    pair = kept(england, by, inpatient(england), inpatient(england))
    known = {"patient": pair.patient, "other": pair.other, "during": pair.during}
    with pytest.raises(IntegrityError, match="a_pair_is_kept_apart_once"), transaction.atomic():
        KeepApart.objects.create(apart_why="X", recorded_at=NOW, **known)
    use = hold(england, by, inpatient(england))
    with pytest.raises(IntegrityError, match="a_bed_that_does_not_fit"), transaction.atomic():
        BedUse.objects.filter(pk=use.pk).update(exceptions=["gender"])
