"""Who is in a hospital and in no bed stands on the bed board and on the ward's Home, until they are in one."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessedPatient
from pathways.actions import beds, leave, placements
from pathways.models import Patient, Placement
from tests.pathways.leave_world import away, fresh, in_bed, on_trial, uses
from tests.referrals.asking import text
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def board(user, **asked):
    return text(client_of(user).get("/beds/", asked))


def home(user):
    return text(client_of(user).get("/"))


def arrived(england, *, days_ago=3, ward=True, **known):
    """Somebody who is at Ashdown and was given no bed."""
    patient = a_patient(england, **known)
    placements.place(
        patient,
        service=england.ashdown,
        ward=england.ward if ward else None,
        at=NOW - days_ago * DAY,
        by=actor_of(england.maya),
    )
    return patient


def test_the_board_counts_and_names_them_below_the_wards(england):
    one, other = arrived(england), arrived(england, ward=False)
    page = board(england.maya)
    assert "2 people are in no bed" in page
    assert f"2 people are here in no bed: {one.full_name} (Alder ward); {other.full_name}" in page
    assert "1 person is" not in page


def test_others_see_how_many_and_not_who(england):
    patient = arrived(england)
    for user in (england.sam, england.anna):
        page = board(user, where="all")
        assert "1 person is here in no bed." in page
        assert patient.family_name.upper() not in page


def test_somebody_with_restricted_access_is_counted_and_not_named(england):
    patient = arrived(england)
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    assert "1 person is here in no bed." in board(england.maya)
    assert patient.full_name not in home(england.maya)


def test_on_paper_and_as_a_file(england):
    patient = arrived(england)
    assert f"1 person is here in no bed: {patient.full_name}" in board(england.maya, format="print")
    answer = client_of(england.maya).get("/beds/", {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    found = [row for row in rows if row["State"] == "In no bed"]
    assert [(row["Service"], row["Ward"], row["Bed"], row["Person"]) for row in found] == [
        ("Ashdown Unit", "Alder", "", patient.full_name)
    ]
    assert AccessedPatient.objects.filter(patient_id=patient.pk).exists()


def test_on_the_board_of_a_day_past_those_of_that_day(england, by):
    patient = arrived(england, days_ago=6)
    beds.occupy_bed(england.bed, patient=patient, at=NOW - 2 * DAY, by=by)
    found = {
        days: "in no bed" in board(england.maya, on=(TODAY - days * DAY).isoformat()) for days in (0, 1, 4, 8)
    }
    assert found == {0: False, 1: False, 4: True, 8: False}


def test_home_says_since_when_until_they_are_in_a_bed(england, by):
    patient = arrived(england)
    page = home(england.maya)
    assert "In no bed since 27 February 2026, Alder ward: give them one" in page
    assert patient.full_name in page
    assert "In no bed" not in home(england.sam)
    beds.occupy_bed(england.bed, patient=patient, at=NOW, by=by)
    assert "In no bed" not in home(england.maya)
    assert "in no bed" not in board(england.maya)


def test_back_from_leave_after_the_bed_was_released(england, by):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    (kept,) = [use for use in patient.bed_uses.current() if use.purpose == "leave"]
    leave.release_kept_bed(kept, why="The ward is full.", by=by)
    assert "in no bed" not in board(england.maya)  # nobody who is out needs one now
    leave.return_leave(fresh(row), at=NOW, by=by)
    assert uses(patient)[-1][1] == "leave"
    assert f"1 person is here in no bed: {patient.full_name} (Alder ward)" in board(england.maya)
    assert "In no bed since 2 March 2026, Alder ward" in home(england.maya)


def test_absent_from_leave_of_a_day_with_a_bed_released_is_not_there(england, by):
    patient = in_bed(england)
    row = away(england, patient, "unescorted", at=NOW - 2 * DAY)
    leave.record_absence(row, since=NOW - DAY, told="The police.", by=by)
    (kept,) = [use for use in patient.bed_uses.current() if use.purpose == "leave"]
    leave.release_kept_bed(kept, why="The ward is full.", by=by)
    assert "in no bed" not in board(england.maya)


def test_out_for_the_day_without_a_bed_is_without_a_bed(england):
    patient = arrived(england)
    away(england, patient, "escorted")
    assert "1 person is here in no bed" in board(england.maya)


def test_on_trial_in_the_bed_of_another_ward_is_not_without_a_bed(england, by):
    patient = in_bed(england)
    on_trial(england, patient, at=NOW - DAY)
    (kept,) = [use for use in patient.bed_uses.current() if use.purpose == "leave"]
    leave.release_kept_bed(kept, why="The ward is full.", by=by)
    assert "in no bed" not in board(england.maya, where="all")


def test_nobody_in_a_prison_or_a_closed_line_is_meant(england, by):
    patient = a_patient(england)
    assert Placement.objects.open_of(patient).service.kind == "prison"
    assert not Placement.objects.filter(patient=patient).without_bed(NOW).exists()
    gone = arrived(england)
    placements.record_place(gone, elsewhere="released", at=NOW, by=by)
    assert not Placement.objects.open().filter(patient=gone).without_bed(NOW).exists()


def _queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", ["/beds/", "/"])
def test_as_many_queries_for_ten_of_them_as_for_one(england, path):
    arrived(england)
    client = client_of(england.maya)
    _queries(client, path)
    few = _queries(client, path)
    for _ in range(9):
        arrived(england)
    assert _queries(client, path) == few
