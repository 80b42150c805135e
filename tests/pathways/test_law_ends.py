"""How each limit of the law ended: met, lapsed, or no longer applying. Only what it waits for meets it."""

from datetime import timedelta

import pytest

from core.refusals import Conflicting
from pathways import verification
from pathways.actions import legal, patients, placements
from pathways.models import Clock, ClockPolicy
from tests.pathways.test_law import held, remand, running
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england):
    """Somebody in prison."""
    return a_patient(england)


@pytest.fixture(autouse=True)
def _verified(db):
    yield
    assert not verification.failures()


def ends(patient):
    """Each limit that has ended: its policy, on which day, and as what."""
    rows = Clock.objects.filter(patient=patient, ended_on__isnull=False).order_by("pk")
    return list(rows.values_list("policy__code", "ended_on", "ended_as"))


def admit(patient, england, *, days_ago, by):
    return placements.place(patient, service=england.ashdown, at=NOW - days_ago * DAY, by=by)


def test_a_death_meets_no_limit_and_lets_none_lapse(patient, by):
    held(patient, "10", since=TODAY - 40 * DAY, by=by)
    remand(patient, TODAY + 5 * DAY, by)
    patients.record_death(patient, on=TODAY, by=by)
    assert set(ends(patient)) == {("detention-ends", TODAY, "void"), ("court-28", TODAY, "void")}
    patients.take_back_death(patient, why="Another person.", by=by)
    assert running(patient).keys() == {"detention-ends", "court-28"}


def test_a_death_of_somebody_on_remand_is_no_end_of_the_remand(patient, by):
    remand(patient, TODAY + 5 * DAY, by)
    patients.record_death(patient, on=TODAY - DAY, by=by)
    assert ends(patient) == [("remand-expiry", TODAY - DAY, "void")]


def test_what_is_put_right_after_a_death_starts_nothing(patient, by):
    status = held(patient, "10", since=TODAY - 9 * DAY, by=by)
    patients.record_death(patient, on=TODAY, by=by)
    legal.correct_legal_status(status, code="09", since=TODAY - 9 * DAY, why="Misread.", by=by)
    assert running(patient) == {}


@pytest.mark.parametrize(("days_ago", "outcome"), [(20, "void"), (27, "void"), (28, "lapsed")])
def test_an_order_replaced_before_anybody_was_admitted_was_not_met(patient, by, days_ago, outcome):
    held(patient, "09", since=TODAY - days_ago * DAY, by=by)
    held(patient, "03", since=TODAY, by=by)
    assert ("court-28", TODAY, outcome) in ends(patient)


@pytest.mark.parametrize(("days_ago", "outcome"), [(20, "void"), (40, "lapsed")])
def test_an_order_ended_before_anybody_was_admitted_was_not_met(patient, by, days_ago, outcome):
    status = held(patient, "09", since=TODAY - days_ago * DAY, by=by)
    remand(patient, TODAY + 5 * DAY, by)
    legal.end_legal_status(status, last_day=TODAY, by=by)
    assert ("court-28", TODAY, outcome) in ends(patient)


def test_no_report_was_made_on_somebody_who_is_no_longer_restricted(england, by):
    patient = a_patient(england, at_service=england.ashdown)
    held(patient, "09", since=TODAY - 300 * DAY, by=by)
    held(patient, "10", since=TODAY, by=by)
    assert ends(patient) == [("yearly-report", TODAY, "void")]


def test_a_status_corrected_on_its_own_day_never_held(england, by):
    patient = a_patient(england, at_service=england.ashdown)
    held(patient, "02", by=by)
    held(patient, "03", by=by)
    assert ends(patient) == [("detention-ends", TODAY, "void")]


@pytest.mark.parametrize(("days_ago", "outcome"), [(3, "met"), (2, "lapsed")])
def test_an_admission_counts_on_its_own_day_whenever_it_is_entered(england, patient, by, days_ago, outcome):
    held(patient, "10", since=TODAY - 30 * DAY, by=by)
    admit(patient, england, days_ago=days_ago, by=by)
    assert ("court-28", TODAY - days_ago * DAY, outcome) in ends(patient)


def test_somebody_in_hospital_before_the_order_is_admitted_on_its_day(england, patient, by):
    held(patient, "10", since=TODAY - 30 * DAY, by=by)
    admit(patient, england, days_ago=35, by=by)
    assert ("court-28", TODAY - 30 * DAY, "met") in ends(patient)


def test_an_earlier_admission_entered_later_meets_what_had_lapsed(england, patient, by):
    held(patient, "10", since=TODAY - 30 * DAY, by=by)
    admit(patient, england, days_ago=0, by=by)
    assert ("court-28", TODAY, "lapsed") in ends(patient)
    with pytest.raises(Conflicting) as conflicting:
        placements.place(patient, service=england.brook, at=NOW - 9 * DAY, by=by)
    placements.place(
        patient, service=england.brook, at=NOW - 9 * DAY, checked=conflicting.value.checked, by=by
    )
    assert ends(patient) == [("court-28", TODAY - 9 * DAY, "met")]


def test_a_place_put_right_as_a_hospital_meets_the_order_on_the_day_of_the_move(england, patient, by):
    held(patient, "10", since=TODAY - 20 * DAY, by=by)
    moved = placements.place(patient, service=england.other_prison, at=NOW - 5 * DAY, by=by)
    placements.correct_placement(moved, service=england.ashdown, why="Misread.", by=by)
    assert ends(patient) == [("court-28", TODAY - 5 * DAY, "met")]


def test_an_admission_put_right_is_judged_again(england, patient, by):
    held(patient, "10", since=TODAY - 30 * DAY, by=by)
    moved = admit(patient, england, days_ago=1, by=by)
    moved = placements.correct_placement(moved, at=NOW - 4 * DAY, why="Misread.", by=by)
    assert ends(patient) == [("court-28", TODAY - 4 * DAY, "met")]
    placements.correct_placement(moved, at=NOW - 2 * DAY, why="Misread again.", by=by)
    assert ends(patient) == [("court-28", TODAY - 2 * DAY, "lapsed")]


def test_an_admission_that_never_was_leaves_the_order_waiting(england, patient, by):
    held(patient, "10", since=TODAY - 9 * DAY, by=by)
    moved = admit(patient, england, days_ago=1, by=by)
    placements.remove_placement(moved, why="Another person.", by=by)
    assert ends(patient) == []
    assert running(patient)["court-28"] == TODAY + 18 * DAY
    assert Clock.objects.filter(patient=patient, policy__code="court-28").count() == 1


def test_a_place_put_right_as_released_ends_the_remand_on_that_day(england, patient, by):
    remand(patient, TODAY + 5 * DAY, by)
    moved = admit(patient, england, days_ago=2, by=by)
    placements.correct_placement(moved, elsewhere="released", why="Misread.", by=by)
    assert ends(patient) == [("remand-expiry", TODAY - 2 * DAY, "met")]


def test_a_longer_limit_for_admission_leaves_the_clock_that_runs(patient, by):
    held(patient, "10", since=TODAY - 9 * DAY, by=by)
    ClockPolicy.objects.filter(code="court-28").update(days=35)
    remand(patient, TODAY + 5 * DAY, by)
    assert ends(patient) == []
    assert running(patient)["court-28"] == TODAY + 18 * DAY


def test_an_order_recorded_after_the_admission_that_came_too_late_for_it_lapsed(england, patient, by):
    admit(patient, england, days_ago=2, by=by)
    status = held(patient, "10", since=TODAY - 30 * DAY, by=by)
    assert ends(patient) == [("court-28", TODAY - 2 * DAY, "lapsed")]
    assert Clock.objects.of_lapsed_orders().get().about_id == status.pk
    now = legal.correct_legal_status(status, code="10", since=TODAY - 29 * DAY, why="Misread.", by=by)
    assert not Clock.objects.of_lapsed_orders().filter(about_id=now.pk).exists()


def test_of_whom_nothing_is_known_from_before_nobody_says_that_they_came_too_late(england, by):
    patient = a_patient(england, at_service=england.ashdown, since=NOW - 2 * DAY)
    held(patient, "10", since=TODAY - 30 * DAY, by=by)
    assert ends(patient) == []
