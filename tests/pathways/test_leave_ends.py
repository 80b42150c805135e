"""How leave ends: by return, recall, absence, a move, a stay or a death."""

import pytest

from core.refusals import Conflicting, Refused
from pathways.actions import leave, patients, placements
from pathways.models import Leave
from tests.pathways.leave_world import (
    DAY,
    HOUR,
    SINCE,
    away,
    back,
    fresh,
    in_bed,
    kinds,
    on_trial,
    plan,
    uses,
)
from tests.world import NOW, actor_of

pytestmark = pytest.mark.django_db
BED, BROOK = "Alder 1", "Birch 1"


def test_planned_begun_and_back(england):
    patient = in_bed(england)
    row = plan(england, patient)
    row = leave.begin_leave(row, at=NOW + DAY, by=actor_of(england.maya, at=NOW + DAY))
    assert (row.left_at, row.ended_at) == (NOW + DAY, None)
    row = back(england, row, at=NOW + 2 * DAY)
    assert (fresh(row).ended_as, row.ended_at) == ("returned", NOW + 2 * DAY)
    assert kinds(patient) == ["pathways.leave_planned", "pathways.went_on_leave"]
    assert patient.events.get(kind="pathways.came_back").details["leave_ended_as"] == "returned"


def test_recalled_with_a_reason(england):
    row = away(england, in_bed(england))
    with pytest.raises(Refused):
        back(england, row, recalled=True)
    row = back(england, row, recalled=True, why="Drinking.")
    assert (row.ended_as, row.ended_why) == ("recalled", "Drinking.")


def test_absence_without_leave_says_who_was_told_and_ends_by_return(england):
    row = away(england, in_bed(england))
    by = actor_of(england.maya, at=NOW + 5 * HOUR)
    with pytest.raises(Refused):
        leave.record_absence(row, since=NOW + 4 * HOUR, told=" ", by=by)
    row = leave.record_absence(row, since=NOW + 4 * HOUR, told="Police, the Ministry.", by=by)
    assert fresh(row).absent_since == NOW + 4 * HOUR
    assert back(england, row).ended_as == "returned"


def test_who_is_at_large_did_not_return(england):
    patient = in_bed(england)
    row = away(england, patient)
    later = actor_of(england.maya, at=NOW + DAY)
    placements.record_place(patient, elsewhere="at_large", at=NOW + DAY, by=later)
    assert (fresh(row).ended_as, fresh(row).ended_at) == ("not_returned", NOW + DAY)
    # Kept for the leave until then, and after it because they are away and have not moved on.
    assert uses(patient)[-2:] == [(BED, "leave", NOW, NOW + DAY), (BED, "leave", NOW + DAY, None)]


def test_a_transfer_ends_the_leave_and_cancels_what_was_planned(england):
    patient = in_bed(england)
    row, planned = away(england, patient, due_back_at=NOW + DAY), None
    planned = plan(england, patient, planned_from=NOW + 9 * DAY)
    placements.place(patient, service=england.brook, at=NOW + DAY, by=actor_of(england.luke, at=NOW + DAY))
    assert (fresh(row).ended_as, fresh(planned).ended_as) == ("moved", "cancelled")
    assert uses(patient)[-1] == (BED, "leave", NOW, NOW + DAY)


def test_a_move_within_the_hospital_leaves_its_plans(england):
    patient = in_bed(england)
    planned = plan(england, patient)
    placements.place(patient, service=england.ashdown, at=NOW, by=actor_of(england.maya))
    assert fresh(planned).ended_as == ""


def test_a_death_on_leave_ends_it_and_the_bed(england):
    patient = in_bed(england)
    row = on_trial(england, patient, at=NOW - DAY)
    patients.record_death(patient, on=NOW.date(), by=actor_of(england.maya, at=NOW + 6 * HOUR))
    assert fresh(row).ended_as == "died"
    assert all(upper is not None for *_, upper in uses(patient))


def test_leave_that_would_have_begun_after_a_move_entered_late_is_not_believed(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW)
    later = actor_of(england.maya, at=NOW + DAY)
    with pytest.raises(Conflicting) as seen:
        placements.place(patient, elsewhere="general_hospital", at=NOW - HOUR, by=later)
    checked = seen.value.checked
    placements.place(patient, elsewhere="general_hospital", at=NOW - HOUR, checked=checked, by=later)
    assert fresh(row).superseded_at
    assert not Leave.objects.current().exists()


def test_a_move_entered_late_cuts_a_leave_from_which_they_were_back(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 5 * DAY), at=NOW - 2 * DAY)
    by = actor_of(england.maya, at=NOW)
    with pytest.raises(Conflicting) as seen:
        placements.place(patient, elsewhere="general_hospital", at=NOW - 3 * DAY, by=by)
    assert any("recorded on overnight leave" in one for one in seen.value.conflicts)
    checked = seen.value.checked
    placements.place(patient, elsewhere="general_hospital", at=NOW - 3 * DAY, checked=checked, by=by)
    row = fresh(row)
    assert (row.ended_as, row.ended_at) == ("moved", NOW - 3 * DAY)


def test_the_end_of_a_leave_follows_the_move_that_ended_it(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    by = actor_of(england.maya)
    moved = placements.place(patient, elsewhere="at_large", at=NOW - 3 * DAY, by=by)
    known = {"at": NOW - 4 * DAY, "why": "Misread.", "by": by}
    moved = placements.correct_placement(moved, **known)
    assert (fresh(row).ended_as, fresh(row).ended_at) == ("not_returned", NOW - 4 * DAY)
    placements.remove_placement(moved, why="Another person.", by=by)
    assert (fresh(row).ended_as, fresh(row).ended_at) == ("", None)


def test_a_death_taken_back_leaves_them_on_leave(england):
    patient = in_bed(england)
    row, by = away(england, patient, at=NOW - 5 * DAY), actor_of(england.maya)
    patients.record_death(patient, on=NOW.date() - DAY, by=by)
    assert fresh(row).ended_as == "died"
    patients.take_back_death(patient, why="Another person.", by=by)
    assert fresh(row).ended_as == ""


def test_a_trial_becomes_a_stay(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    leave.stay_on_ward(row, at=NOW + 9 * DAY, by=actor_of(england.luke, at=NOW + 9 * DAY))
    assert fresh(row).ended_as == "moved"
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW),
        (BED, "leave", NOW, NOW + 9 * DAY),
        (BROOK, "occupied", NOW, NOW + 9 * DAY),
        (BROOK, "occupied", NOW + 9 * DAY, None),
    ]


def test_a_death_is_recorded_whatever_was_said_of_leave_since(england):
    patient = in_bed(england)
    gone = away(england, patient, at=NOW - 3 * DAY)
    leave.return_leave(gone, at=NOW - DAY, by=actor_of(england.maya, at=NOW - DAY))
    patients.record_death(patient, on=(NOW - 2 * DAY).date(), by=actor_of(england.maya))
    (ended,) = Leave.objects.current().filter(patient=patient)
    assert (ended.ended_as, ended.during.upper.date()) == ("died", (NOW - 2 * DAY).date())
    assert not [use for use in uses(patient) if use[3] is None]
