"""Beds beside moves that are entered late, put right or taken back: as known, and given back where they can be."""

from datetime import date

import pytest

from pathways.actions import beds, patients, placements
from pathways.models import BedUse
from tests.pathways.moves_world import DAY, WHY, confirmed, place
from tests.world import NOW, a_patient, actor_of


def test_what_is_left_of_a_bed_keeps_why_it_was_given_although_it_does_not_fit(england):
    patient = a_patient(england, since=NOW - 100 * DAY, stated_gender="2")
    place(england, patient, -20, known=-20, service=england.ashdown, ward=england.ward)
    since = NOW - 20 * DAY
    beds.occupy_bed(
        england.bed, patient=patient, at=since, exception_why="Agreed.", by=actor_of(england.maya, at=since)
    )
    place(england, patient, -10, elsewhere="abroad")
    left = BedUse.objects.current().get(patient=patient)
    assert (left.exceptions, left.exception_why) == (["gender"], "Agreed.")


def beds_as_known(patient, days):
    """From when until when the person was known to have which bed, at an instant."""
    uses = BedUse.objects.as_known(NOW + days * DAY).filter(patient=patient).order_by("during")
    return [
        (use.bed.name, (use.during.lower - NOW).days, use.during.upper and (use.during.upper - NOW).days)
        for use in uses
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda e, person, by: beds.vacate_bed(person, at=NOW - 2 * DAY, by=by),
        lambda e, person, by: beds.occupy_bed(e.second_bed, patient=person, at=NOW - 2 * DAY, by=by),
        lambda e, person, by: patients.record_death(person, on=date(2026, 2, 28), by=by),
        lambda e, person, by: place(e, person, -2, service=e.ashdown, by=by),
    ],
    ids=["left", "moved", "died", "off the ward"],
)
def test_a_bed_that_was_left_before_that_was_entered_stays_as_it_was_known(england, act):
    patient = a_patient(england, since=NOW - 100 * DAY)
    place(england, patient, -20, known=-20, service=england.ashdown, ward=england.ward)
    beds.occupy_bed(
        england.bed, patient=patient, at=NOW - 20 * DAY, by=actor_of(england.maya, at=NOW - 20 * DAY)
    )
    act(england, patient, actor_of(england.maya))
    assert beds_as_known(patient, -1) == [("1", -20, None)]
    assert beds_as_known(patient, 1)[0] == ("1", -20, -2)


def test_a_bed_that_is_left_as_that_is_entered_ends_where_it_stands(england, stepped_down):
    beds.vacate_bed(stepped_down, at=NOW, by=actor_of(england.maya))
    assert BedUse.objects.filter(patient=stepped_down, bed=england.brook_bed).count() == 1


def test_a_closed_bed_that_was_opened_before_that_was_entered_says_still_why_it_was_closed(england):
    then, by = actor_of(england.maya, at=NOW - 9 * DAY), actor_of(england.maya)
    use = beds.close_bed(england.bed, since=NOW - 9 * DAY, why="The window is broken.", by=then)
    opened = beds.reopen_bed(use, at=NOW - 2 * DAY, by=by)
    assert (opened.why, opened.during.upper) == ("The window is broken.", NOW - 2 * DAY)
    assert BedUse.objects.as_known(NOW - DAY).get(bed=england.bed).during.upper is None


def test_a_bed_left_with_a_move_that_never_happened_is_theirs_again(england, stepped_down):
    by = actor_of(england.maya)
    newest = stepped_down.placements.current().get(service=england.brook)
    confirmed(lambda **known: placements.remove_placement(newest, why=WHY, by=by, **known))
    assert beds_as_known(stepped_down, 1) == [("1", -20, None)]
    assert beds_as_known(stepped_down, -1) == [("1", -20, -5), ("1", -5, None)]


def test_a_bed_left_too_early_was_theirs_until_they_left(england, stepped_down):
    by = actor_of(england.maya)
    newest = stepped_down.placements.current().get(service=england.brook)
    at = NOW - 3 * DAY
    confirmed(lambda **known: placements.correct_placement(newest, at=at, why=WHY, by=by, **known))
    assert beds_as_known(stepped_down, 1) == [("1", -20, -3), ("1", -3, None)]


def test_a_bed_that_somebody_else_has_by_now_is_not_given_back_and_that_is_said(england, stepped_down):
    by = actor_of(england.maya)
    other = a_patient(england, since=NOW - 100 * DAY)
    place(england, other, -2, known=-2, service=england.ashdown, ward=england.ward)
    beds.occupy_bed(england.bed, patient=other, at=NOW - 2 * DAY, by=by)
    newest = stepped_down.placements.current().get(service=england.brook)
    _, seen = confirmed(lambda **known: placements.remove_placement(newest, why=WHY, by=by, **known))
    assert seen[1] == (
        "Bed 1 of Alder ward, which they left with this move, is no longer free: "
        "no bed is recorded from 25 February 2026 on."
    )
    assert beds_as_known(stepped_down, 1) == [("1", -20, -5)]


def test_a_death_recorded_by_mistake_gives_the_bed_back(england, stepped_down):
    by = actor_of(england.maya)
    patients.record_death(stepped_down, on=date(2026, 3, 1), by=by)
    assert placements.beds_not_given_back(stepped_down, at=NOW) == []
    patients.take_back_death(stepped_down, why=WHY, by=by)
    assert beds_as_known(stepped_down, 1) == [("1", -20, -5), ("1", -5, None)]


def test_a_bed_left_with_a_death_and_promised_since_is_gone(england, stepped_down):
    by = actor_of(england.maya)
    patients.record_death(stepped_down, on=date(2026, 3, 1), by=by)
    other = a_patient(england, since=NOW - 100 * DAY)
    beds.hold_bed(england.brook_bed, patient=other, since=NOW, until=NOW + DAY, about=None, by=by)
    assert "Bed 1 of Birch ward" in str(placements.beds_not_given_back(stepped_down, at=NOW))
    patients.take_back_death(stepped_down, why=WHY, by=by)
    assert beds_as_known(stepped_down, 1)[-1] == ("1", -5, -1)
