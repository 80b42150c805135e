"""A planned move says when the bed is expected to be free, for as long as the plan stands."""

from datetime import timedelta

import pytest

from pathways.actions import beds, ward_beds
from pathways.days import noon
from pathways.models import BedUse
from referrals import actions
from tests.pathways.leave_world import away
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.transfers import fresh
from tests.world import NOW, TODAY, a_patient, client_of

DAY = timedelta(days=1)


@pytest.fixture
def patient(england):
    return in_ashdown(england)


@pytest.fixture
def referral(england, maya, patient):
    referral = referred(england, patient)
    actions.ask_service(referral, england.brook, by=maya)
    return referral


def plan(referral, days, by, **known):
    return actions.plan_move(fresh(referral), on=TODAY + days * DAY, by=by, **known)


def leaves(patient):
    """When they are expected to leave the bed they are in, or that is kept for them, in days from today."""
    found = BedUse.objects.current().occupying().get(patient=patient, during__upper_inf=True).expected_end_at
    return found and (found - noon(TODAY)).days


def test_the_planned_day_is_the_expected_departure_and_another_day_replaces_it(patient, referral, maya):
    plan(referral, 5, maya)
    assert leaves(patient) == 5
    event = patient.events.get(kind="pathways.departure_expected")
    assert event.details["until"] == noon(TODAY + 5 * DAY).isoformat()
    plan(referral, 8, maya, why="No escort.")
    assert leaves(patient) == 8


def test_the_bed_can_be_held_for_the_next_person_after_it(england, patient, referral, maya):
    plan(referral, 5, maya)
    since = noon(TODAY + 5 * DAY)
    beds.hold_bed(
        england.second_bed, patient=a_patient(england), since=since, until=since + DAY, about=None, by=maya
    )
    plan(referral, 8, maya, why="No escort.")  # what was promised stands
    assert leaves(patient) == 5
    plan(referral, 3, maya, why="Sooner.")
    assert leaves(patient) == 3
    actions.take_back_step(referral.steps.current().get(kind="planned"), why="Slip.", by=maya)
    assert leaves(patient) == 3


def test_a_departure_entered_by_hand_gives_way_to_the_plan(patient, referral, maya):
    use = BedUse.objects.current().get(patient=patient)
    ward_beds.expect_departure(use, until=NOW + 20 * DAY, version=use.version, by=maya)
    plan(referral, 5, maya)
    assert leaves(patient) == 5


def test_no_plan_no_departure(patient, referral, maya):
    plan(referral, 5, maya)
    actions.take_back_step(referral.steps.current().get(kind="planned"), why="Slip.", by=maya)
    assert leaves(patient) is None


def test_a_departure_entered_since_stays_when_the_plan_goes(patient, referral, maya):
    plan(referral, 5, maya)
    use = BedUse.objects.current().get(patient=patient)
    ward_beds.expect_departure(use, until=noon(TODAY + 9 * DAY), version=use.version, by=maya)
    actions.take_back_step(referral.steps.current().get(kind="planned"), why="Slip.", by=maya)
    assert leaves(patient) == 9


def test_an_end_without_a_move_calls_it_off_and_undone_it_is_expected_again(patient, referral, maya):
    plan(referral, 5, maya)
    actions.end_referral(fresh(referral), reason="not_needed", why="They are unwell.", on=TODAY, by=maya)
    assert leaves(patient) is None
    actions.undo_end(fresh(referral), why="Another person.", by=maya)
    assert leaves(patient) == 5


def test_a_bed_that_is_kept_has_it_too(england, patient, referral, maya):
    away(england, patient, due_back_at=NOW + 2 * DAY)
    plan(referral, 5, maya)
    assert leaves(patient) == 5


def test_the_board_of_that_day_expects_the_bed_to_be_free(england, referral, maya, time_machine):
    time_machine.move_to(NOW, tick=False)
    plan(referral, 5, maya)
    page = client_of(england.maya).get("/beds/").content.decode()
    assert "Expected to leave 7 Mar 2026" in page
    later = client_of(england.maya).get("/beds/", {"on": (TODAY + 6 * DAY).isoformat()})
    assert "Expected free" in later.content.decode()


def test_beds_of_another_hospital_are_not_touched(england, patient, maya):
    """A referral of a service that has them no more says nothing of the bed in which they are."""
    referral = referred(england, patient)
    BedUse.objects.filter(patient=patient).update(bed=england.brook_bed)
    plan(referral, 5, maya)
    assert leaves(patient) is None
