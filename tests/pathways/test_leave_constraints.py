"""What the database refuses of leave, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from pathways.models import Leave
from tests.pathways.leave_world import DAY, in_bed
from tests.world import NOW

pytestmark = pytest.mark.django_db
AWAY, OVER = DateTimeTZRange(NOW, None), DateTimeTZRange(NOW - DAY, NOW)


def a_leave(england, patient, **known):
    answers = {"kind": "overnight", "planned_from": NOW, "due_back_at": NOW + DAY, **known}
    return Leave.objects.create(patient=patient, service=england.ashdown, recorded_at=NOW, **answers)


def twice(**known):
    return lambda england, patient: [a_leave(england, patient, **known) for _ in range(2)]


def once(**known):
    return lambda england, patient: a_leave(england, patient, **known)


AT_COURT = {
    "kind": "court",
    "planned_from": None,
    "to_where": "A court",
    "purpose": "Hearing",
    "during": AWAY,
}

PLANNED_COURT = {**AT_COURT, "planned_from": NOW, "during": None}

BREAKS = {
    # The first was planned for another time, and went on.
    "a_person_is_on_one_leave_at_a_time": lambda england, patient: [
        a_leave(
            england,
            patient,
            during=DateTimeTZRange(NOW - 5 * DAY, None),
            planned_from=None,
            due_back_at=NOW - 4 * DAY,
        ),
        a_leave(england, patient, during=AWAY),
    ],
    "leave_is_planned_for_a_free_time": twice(),
    "a_leave_lasts_some_time": once(during=DateTimeTZRange(NOW, NOW), ended_as="returned"),
    "a_leave_is_planned_or_has_begun": once(planned_from=None),
    "a_leave_ends_as_something": once(during=OVER),
    "a_leave_is_due_back_after_it_begins": once(due_back_at=NOW),
    "only_trial_leave_is_to_a_ward": once(kind="trial"),
    "only_who_has_left_is_absent": once(absent_since=NOW),
    "a_kept_bed_is_released_for_a_reason": once(bed_released_at=NOW),
    "a_person_is_on_one_movement_at_a_time": twice(**AT_COURT),
    "a_movement_says_where_to_and_why": once(**{**AT_COURT, "purpose": ""}),
    "a_movement_is_planned_for_a_free_time": twice(**PLANNED_COURT),
    "nobody_plans_an_emergency": once(**{**PLANNED_COURT, "kind": "emergency"}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(england, name):
    patient = in_bed(england)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKS[name](england, patient)


@pytest.mark.parametrize(
    "known",
    [
        {"ended_as": "returned"},
        {"ended_as": "cancelled", "during": OVER},
        {"ended_as": "returned", "during": AWAY},
        {"ended_as": "cancelled", "during": AWAY},
    ],
)
def test_how_it_ended_agrees_with_when(england, known):
    patient = in_bed(england)
    with pytest.raises(IntegrityError, match="a_leave_ends_as_something"), transaction.atomic():
        a_leave(england, patient, **known)
    assert a_leave(england, patient, ended_as="cancelled").during is None


def test_a_court_day_is_planned_during_a_leave_that_is_planned(england):
    patient = in_bed(england)
    a_leave(england, patient)
    assert a_leave(england, patient, **PLANNED_COURT)


def test_a_cancelled_plan_takes_up_no_time(england):
    patient = in_bed(england)
    a_leave(england, patient, ended_as="cancelled")
    row = a_leave(england, patient)
    row.refresh_from_db()
    assert row.claimed == DateTimeTZRange(NOW, NOW + DAY)
