"""Leave on the bed board: when who is away is due back, and how the bed stands on a day to come."""

import csv
import io
from datetime import timedelta

import pytest

from pathways.actions import leave
from pathways.models import Patient
from tests.pathways.leave_world import away, back, fresh, in_bed, on_trial, terms
from tests.referrals.asking import text
from tests.world import NOW, TODAY, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def tile(user, days=0, bed="Alder 1"):
    """State and until when of a bed on the board of a day, as a file has them."""
    asked = {"format": "csv", "where": "all", "on": (TODAY + days * DAY).isoformat()}
    answer = client_of(user).get("/beds/", asked).getvalue().decode("utf-8-sig")
    rows = {f"{row['Ward']} {row['Bed']}": row for row in csv.DictReader(io.StringIO(answer))}
    return rows[bed]["State"], rows[bed]["Until"][:10]


def board(user, days=0, **asked):
    return text(client_of(user).get("/beds/", {"on": (TODAY + days * DAY).isoformat(), **asked}))


def test_who_is_on_leave_is_due_back_and_then_expected_to_be(england):
    patient = in_bed(england)
    away(england, patient, at=NOW - DAY, due_back_at=NOW + 3 * DAY)
    assert tile(england.maya) == ("Kept for leave", "2026-03-05")
    assert tile(england.sam) == ("Kept for leave", "2026-03-05")  # until when is for everybody
    assert f"◑ Kept for leave {patient.full_name} Due back 5 Mar 2026" in board(england.maya)
    assert tile(england.maya, 2) == ("Kept for leave", "2026-03-05")
    assert tile(england.maya, 9) == ("Occupied", "")
    assert "No departure date Expected back from leave 5 Mar 2026" in board(england.maya, 9)
    assert "Occupied. Expected back from leave 5 Mar 2026" in board(england.maya, 9, format="print")


def test_who_is_late_is_not_taken_to_be_back(england):
    patient = in_bed(england)
    away(england, patient, at=NOW - 3 * DAY, due_back_at=NOW - DAY)
    assert "Was due back 1 Mar 2026" in board(england.maya)
    assert tile(england.maya, 5)[0] == "Kept for leave"


def test_who_is_absent_is_due_back_no_more(england, by):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 3 * DAY, due_back_at=NOW + DAY)
    leave.record_absence(row, since=NOW - DAY, told="The police.", by=by)
    assert tile(england.maya) == ("Kept for leave", "")
    assert tile(england.maya, 5) == ("Kept for leave", "")


def test_the_beds_of_a_trial_stand_as_they_are_so_that_nobody_is_in_two(england):
    patient = in_bed(england)
    on_trial(england, patient, due_back_at=NOW + 3 * DAY)
    for days in (1, 9):
        assert tile(england.maya, days) == ("Kept for leave", "2026-03-05")
        assert tile(england.maya, days, "Birch 1")[0] == "Occupied"


def test_a_day_past_says_until_when_it_was_kept(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 9 * DAY, due_back_at=NOW - 8 * DAY)
    back(england, fresh(row), at=NOW - 5 * DAY)
    page = board(england.maya, -7)
    assert "Kept for leave" in page
    assert "Until 25 Feb 2026" in page
    assert "expected to leave" not in page.split("What the board shows")[0]


def planned(england, patient, kind, by):
    return leave.plan_leave(
        patient, planned_from=NOW + 10 * DAY, terms=terms(kind, due_back_at=NOW + 12 * DAY), by=by
    )


def test_a_leave_that_is_planned_is_drawn_on_its_days(england, by):
    patient = in_bed(england)
    row = planned(england, patient, "overnight", by)
    found = {days: tile(england.maya, days) for days in (0, 9, 11, 13)}
    assert found == {
        0: ("Occupied", ""),
        9: ("Occupied", ""),
        11: ("Kept for leave", "2026-03-14"),
        13: ("Occupied", ""),
    }
    assert "Due back 14 Mar 2026 Leave planned from 12 Mar 2026" in board(england.maya, 11)
    leave.cancel_leave(row, why="They are unwell.", by=by)
    assert tile(england.maya, 11)[0] == "Occupied"


def test_a_leave_of_a_day_keeps_no_bed(england, by):
    patient = in_bed(england)
    planned(england, patient, "escorted", by)
    assert tile(england.maya, 11)[0] == "Occupied"


def test_of_somebody_with_restricted_access_no_more_is_said_than_that(england, by):
    patient = in_bed(england)
    planned(england, patient, "overnight", by)
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    assert tile(england.maya, 11)[0] == "Kept for leave (restricted)"
    assert patient.full_name not in board(england.maya, 11)
