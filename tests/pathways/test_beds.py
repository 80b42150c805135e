"""A bed never holds two people, is never promised twice, and is drawn from what was believed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from core.refusals import Refused
from pathways.actions import beds, patients, placements
from pathways.models import BedUse
from tests.world import LONG_AGO, NOW, a_patient, actor_of

DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def inpatient(england):
    patient = a_patient(england)
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=actor_of(england.maya)
    )
    return patient


def hold(england, by, *, since=0, until=14, patient=None, bed=None):
    return beds.hold_bed(
        bed or england.bed,
        patient=patient or a_patient(england),
        since=NOW + since * DAY,
        until=NOW + until * DAY,
        about=("referral", 1),
        by=by,
    )


def occupy(england, by, *, at=0, patient=None, bed=None, expected=None):
    return beds.occupy_bed(
        bed or england.bed,
        patient=patient or inpatient(england),
        at=NOW + at * DAY,
        expected_end_at=NOW + expected * DAY if expected else None,
        by=by,
    )


def test_a_promised_bed_is_not_promised_to_another_for_any_of_that_time(england, by):
    hold(england, by, since=2, until=5)
    for since, until in ((0, 3), (3, 4), (4, 9), (0, 9)):
        with pytest.raises(Refused, match="just gone"):
            hold(england, by, since=since, until=until)
    hold(england, by, since=5, until=9)
    hold(england, by, since=0, until=2)


def test_a_hold_that_is_over_blocks_nothing(england, by):
    hold(england, by, until=1)
    later = actor_of(england.maya, at=NOW + 2 * DAY)
    hold(england, later, since=2, until=3)
    occupy(england, later, at=1, bed=england.second_bed)


def test_the_next_person_is_promised_the_bed_for_after_the_expected_end(england, by):
    occupy(england, by, at=-3, expected=2)
    with pytest.raises(Refused):
        hold(england, by, since=1, until=5)
    hold(england, by, since=2, until=5)


def test_a_bed_without_an_expected_end_is_promised_to_nobody(england, by):
    occupy(england, by, at=-3)
    with pytest.raises(Refused):
        hold(england, by, since=300, until=301)


def test_somebody_who_stays_past_the_expected_end_still_has_the_bed(england, by):
    occupy(england, by, at=-3, expected=2)
    held_for = inpatient(england)
    hold(england, by, since=2, until=9, patient=held_for)
    later = actor_of(england.maya, at=NOW + 3 * DAY)
    with pytest.raises(Refused, match="taken"):
        occupy(england, later, at=3, patient=held_for)


def test_a_bed_that_was_occupied_in_the_past_can_be_taken_from_its_end(england, by):
    patient = inpatient(england)
    occupy(england, by, at=-9, patient=patient)
    beds.vacate_bed(patient, at=NOW - 2 * DAY, by=by)
    with pytest.raises(Refused):
        occupy(england, by, at=-3)
    occupy(england, by, at=-2)


def test_taking_the_bed_ends_the_promise_of_it(england, by):
    patient = inpatient(england)
    promise = hold(england, by, since=-1, until=14, patient=patient)
    use = occupy(england, by, patient=patient)
    promise.refresh_from_db()
    assert promise.during.upper == NOW == use.during.lower
    assert promise.superseded_at is None


def test_coming_before_the_promised_time_supersedes_the_promise(england, by):
    patient = inpatient(england)
    promise = hold(england, by, since=1, until=14, patient=patient)
    occupy(england, by, patient=patient)
    promise.refresh_from_db()
    assert promise.superseded_at == NOW
    assert promise.superseded_by == england.maya


def test_moving_to_another_bed_leaves_the_first(england, by):
    patient = inpatient(england)
    first = occupy(england, by, at=-3, patient=patient)
    occupy(england, by, patient=patient, bed=england.second_bed)
    first.refresh_from_db()
    assert first.during.upper == NOW
    occupy(england, by)


def test_nobody_sleeps_where_they_are_not(england, by):
    with pytest.raises(Refused, match="not at the service"):
        occupy(england, by, patient=a_patient(england))


def test_a_hold_is_extended_shortened_and_given_back(england, by):
    use = hold(england, by, since=-1, until=2)
    beds.extend_hold(use, until=NOW + 5 * DAY, by=by)
    with pytest.raises(Refused, match="just gone"):
        hold(england, by, since=3, until=4)
    beds.release_bed(use, at=NOW, by=by)
    use.refresh_from_db()
    assert use.during.upper == NOW
    hold(england, by, since=0, until=4)


def test_a_hold_that_has_not_begun_is_no_longer_believed_once_given_back(england, by):
    use = hold(england, by, since=1, until=2)
    beds.release_bed(use, at=NOW, by=by)
    use.refresh_from_db()
    assert use.superseded_at == NOW
    with pytest.raises(Refused, match="not held any more"):
        beds.release_bed(use, at=NOW, by=by)


def test_an_extension_gives_way_to_the_next_promise(england, by):
    use = hold(england, by, until=2)
    hold(england, by, since=2, until=4)
    with pytest.raises(Refused, match="just gone"):
        beds.extend_hold(use, until=NOW + 3 * DAY, by=by)


@pytest.mark.parametrize(("since", "until"), [(3, 3), (3, 2), (-5, -4)])
def test_a_hold_lasts_some_time_and_is_not_over(england, by, since, until):
    with pytest.raises(Refused):
        hold(england, by, since=since, until=until)


def test_a_closed_bed_is_nobodys_until_it_is_open_again(england, by):
    closed = beds.close_bed(england.bed, since=NOW, why="The window is broken.", by=by)
    with pytest.raises(Refused):
        hold(england, by, since=1, until=2)
    with pytest.raises(Refused):
        occupy(england, by)
    beds.reopen_bed(closed, at=NOW + DAY, by=by)
    hold(england, by, since=1, until=2)
    with pytest.raises(Refused, match="already ended"):
        beds.reopen_bed(closed, at=NOW + 2 * DAY, by=by)


def test_somebody_without_a_bed_cannot_leave_it(england, by):
    with pytest.raises(Refused, match="has no bed"):
        beds.vacate_bed(inpatient(england), at=NOW, by=by)


def test_nothing_is_promised_to_somebody_who_has_died(england, by):
    patient = a_patient(england)
    patients.record_death(patient, on=by.today, by=by)
    with pytest.raises(Refused, match="has died"):
        hold(england, by, patient=patient)


def raw(england, purpose, lower, upper, **more):
    known = {"bed": england.bed, "patient": a_patient(england), "recorded_at": NOW, **more}
    return BedUse.objects.create(purpose=purpose, during=DateTimeTZRange(lower, upper), **known)


@pytest.mark.parametrize(
    ("name", "purpose", "upper", "more"),
    [
        ("a_bed_never_holds_two_people", "leave", NOW + DAY, {}),
        ("a_bed_is_used_for_some_time", "held", LONG_AGO, {}),
        ("a_bed_that_nobody_can_have_has_no_patient", "held", NOW - DAY, {"patient": None}),
        ("a_hold_has_an_end", "held", None, {}),
    ],
)
def test_the_database_refuses(england, name, purpose, upper, more):
    # Expected to be free from NOW - 2 days, so that only the stay itself, and not the promise of it, is in the way.
    raw(england, "occupied", NOW - 3 * DAY, None, expected_end_at=NOW - 2 * DAY)
    lower = LONG_AGO if upper == LONG_AGO else NOW - 2 * DAY
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        raw(england, purpose, lower, upper, **more)


def test_the_database_refuses_two_promises(england):
    raw(england, "held", NOW, NOW + 2 * DAY)
    with pytest.raises(IntegrityError, match="a_bed_is_never_promised_twice"), transaction.atomic():
        raw(england, "held", NOW + DAY, NOW + 3 * DAY)


def test_the_database_refuses_two_beds_for_one_person(england):
    use = raw(england, "occupied", NOW, None)
    with pytest.raises(IntegrityError, match="a_person_sleeps_in_one_bed"), transaction.atomic():
        raw(england, "occupied", NOW + DAY, None, bed=england.second_bed, patient=use.patient)


def test_a_use_that_is_no_longer_believed_blocks_nothing(england):
    raw(england, "occupied", NOW, None, superseded_at=NOW)
    raw(england, "occupied", NOW, None)
