"""A person is in one place at a time, without a gap, and never after death."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import Refused
from pathways.actions import beds, placements
from pathways.codes import Elsewhere
from pathways.days import noon
from pathways.models import Placement, Relationship
from pathways.rules import Direction
from tests.world import LONG_AGO, NOW, a_patient, actor_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def place(england, patient, *, at=NOW, **where):
    return placements.place(patient, at=at, by=actor_of(england.maya, at=max(NOW, at)), **where)


def test_a_move_ends_one_placement_and_begins_the_next(england):
    patient = a_patient(england)
    new = place(england, patient, service=england.ashdown, ward=england.ward)
    old = patient.placements.exclude(pk=new.pk).get()
    assert old.during.upper == new.during.lower == NOW
    assert Placement.objects.open_of(patient) == new
    event = patient.events.get(kind="pathways.placed", about_id=new.pk)
    assert event.details["direction"] == Direction.FROM_PRISON


def test_a_place_is_named_once_and_only_once(england):
    patient = a_patient(england)
    for where in (
        {},
        {"service": england.ashdown, "elsewhere": "released"},
        {"elsewhere": "the moon"},
        {"service": england.ashdown, "ward": england.brook_ward},
    ):
        with pytest.raises(Refused):
            place(england, patient, **where)
    assert patient.placements.count() == 1


def test_a_move_before_the_present_place_is_refused_until_that_has_been_seen(england):
    patient = a_patient(england)
    with pytest.raises(Refused, match="On 1 January 2020, 00:00 they are recorded as at HMP Wexley"):
        place(england, patient, service=england.ashdown, at=LONG_AGO - DAY)


def test_a_move_in_the_future_is_refused(england):
    patient = a_patient(england)
    for later, time_known in ((NOW + HOUR, True), (NOW + DAY, False)):
        with pytest.raises(Refused, match="today or in the past"):
            placements.place(
                patient, elsewhere="released", at=later, time_known=time_known, by=actor_of(england.lena)
            )


def test_today_without_a_time_may_be_recorded_in_the_morning(england):
    patient = a_patient(england)
    by = actor_of(england.lena)
    placements.place(patient, elsewhere="released", at=noon(date(2026, 3, 2)), time_known=False, by=by)
    assert Placement.objects.open_of(patient).elsewhere == "released"


def test_two_moves_on_one_day_ask_for_times(england):
    patient = a_patient(england)
    place(england, patient, elsewhere="general_hospital", at=noon(date(2026, 2, 1)), time_known=False)
    with pytest.raises(Refused, match="times of both"):
        place(england, patient, service=england.prison, at=noon(date(2026, 2, 1)), time_known=False)
    place(england, patient, service=england.prison, at=noon(date(2026, 2, 1)) + HOUR)


def test_a_move_to_another_ward_leaves_the_bed(england):
    patient = a_patient(england)
    place(england, patient, service=england.ashdown, ward=england.ward, at=NOW - DAY)
    use = beds.occupy_bed(england.bed, patient=patient, at=NOW - DAY, by=actor_of(england.maya))
    place(england, patient, service=england.brook, ward=england.brook_ward)
    use.refresh_from_db()
    assert use.during.upper == NOW


def raw(patient, service, lower, upper, **more):
    return Placement.objects.create(
        patient=patient,
        service=service,
        during=DateTimeTZRange(lower, upper),
        recorded_at=NOW,
        **more,
    )


def test_a_gap_is_refused_by_the_database_when_constraints_are_asked(england):
    patient = a_patient(england)
    placement = patient.placements.get()
    placement.during = DateTimeTZRange(LONG_AGO, NOW - DAY)
    placement.save(update_fields=["during"])
    raw(patient, england.ashdown, NOW, None)
    with pytest.raises(IntegrityError, match="gap"):
        connection.check_constraints()


def test_a_line_without_an_open_end_is_refused_by_the_database(england):
    patient = a_patient(england)
    patient.placements.update(during=DateTimeTZRange(LONG_AGO, NOW))
    with pytest.raises(IntegrityError, match="gap"):
        connection.check_constraints()


def test_a_gap_is_a_refusal_to_whoever_acts(england):
    patient = a_patient(england)

    @action
    def end_only(*, by):
        patient.placements.update(during=DateTimeTZRange(LONG_AGO, NOW))

    with pytest.raises(Refused, match="nobody knows where"):
        end_only(by=actor_of(england.lena))


@pytest.mark.parametrize(
    ("name", "during", "where"),
    [
        ("a_person_is_in_one_place_at_a_time", (NOW, None), {"elsewhere": "released"}),
        ("a_placement_lasts_some_time", (NOW, NOW), {"elsewhere": "released"}),
        ("a_placement_is_at_a_service_or_elsewhere", (NOW, None), {"elsewhere": ""}),
    ],
)
def test_the_database_refuses(england, name, during, where):
    patient = a_patient(england)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        raw(patient, None, *during, **where)


MOVES = st.lists(
    st.tuples(st.integers(-3, 40), st.sampled_from(["prison", "ashdown", "brook", *Elsewhere.values])),
    max_size=8,
)


@pytest.mark.property
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=MOVES)
def test_whatever_moves_are_asked_the_line_has_no_overlap_and_no_gap(england, moves):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        patient = a_patient(england, since=start)
        for hours, where in moves:
            target = (
                {"elsewhere": where} if where in Elsewhere.values else {"service": getattr(england, where)}
            )
            try:
                place(england, patient, at=start + hours * HOUR, **target)
            except Refused:
                pass
        line = sorted(patient.placements.current(), key=lambda placement: placement.during.lower)
        bounds = [(placement.during.lower, placement.during.upper) for placement in line]
        assert bounds[0][0] == start
        assert bounds[-1][1] is None
        assert all(ends == begins for (_, ends), (begins, _) in pairwise(bounds))
        assert all(placement.elsewhere != "died" for placement in line[:-1])
        connection.check_constraints()
        transaction.set_rollback(True)


def test_the_right_to_open_outlives_a_departure_by_the_grace(england, settings):
    patient = a_patient(england)
    place(england, patient, service=england.ashdown)
    grace = timedelta(days=settings.RELATIONSHIP_GRACE_DAYS)
    ended = Relationship.objects.get(patient=patient, service=england.prison)
    assert ended.during.upper == NOW + grace
    people = type(patient).objects
    assert patient in people.visible_to(actor_of(england.lena, at=NOW + grace - HOUR))
    assert patient not in people.visible_to(actor_of(england.lena, at=NOW + grace))
    assert patient in people.visible_to(actor_of(england.maya, at=NOW + grace))
