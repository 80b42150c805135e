"""Beds into which somebody can have come at an earlier moment, and the page on which one is moved to."""

from datetime import timedelta

import pytest

from organisations.models import Bed
from pathways.actions import beds, placements
from pathways.free_beds import beds_from
from pathways.models import BedUse
from tests.pathways.leave_world import in_bed
from tests.referrals.asking import boxes, text
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def occupied(england, bed, *, since, until=None):
    """Somebody else had the bed for a time, and was released at its end."""
    other = a_patient(england)
    by = actor_of(england.maya, at=since)
    placements.place(other, service=england.ashdown, ward=england.ward, at=since, by=by)
    beds.occupy_bed(bed, patient=other, at=since, by=by)
    if until is not None:
        by = actor_of(england.maya, at=until)
        placements.place(other, elsewhere="released", at=until, by=by)
    return other


def free(england, patient, at):
    ours = [england.bed, england.second_bed]
    return {one.bed: one.state for one in beds_from(ours, at=at, now=NOW, patient=patient)}


def test_a_bed_that_somebody_else_had_then_is_not_offered_though_it_is_free_now(england):
    occupied(england, england.bed, since=NOW - 5 * DAY, until=NOW - DAY)
    patient = a_patient(england)
    assert free(england, patient, NOW - 3 * DAY) == {england.second_bed: "Free then"}
    assert free(england, patient, NOW - HOUR) == {
        england.bed: "Free then",
        england.second_bed: "Free then",
    }
    assert set(free(england, patient, NOW).values()) == {"Free now"}


def test_a_bed_that_was_free_then_and_that_somebody_has_now_cannot_be_theirs_still(england):
    occupied(england, england.bed, since=NOW - DAY)
    assert free(england, a_patient(england), NOW - 3 * DAY) == {england.second_bed: "Free then"}


def test_for_somebody_who_has_left_again_it_only_had_to_be_free_until_then(england):
    occupied(england, england.bed, since=NOW - DAY)
    patient = a_patient(england)
    placements.place(patient, elsewhere="released", at=NOW - 2 * DAY, by=actor_of(england.lena))
    assert free(england, patient, NOW - 3 * DAY) == {
        england.bed: "Free then",
        england.second_bed: "Free then",
    }


def test_their_own_hold_comes_first_and_what_does_not_fit_last(england):
    patient = a_patient(england, stated_gender="2")
    by = actor_of(england.maya, at=NOW - 4 * DAY)
    beds.hold_bed(
        england.second_bed,
        patient=patient,
        since=NOW - 4 * DAY,
        until=NOW + DAY,
        about=None,
        exception_why="For one night.",
        by=by,
    )
    found = beds_from([england.bed, england.second_bed], at=NOW - 3 * DAY, now=NOW, patient=patient)
    assert [(one.bed, one.is_held_for_them, one.why_held) for one in found] == [
        (england.second_bed, True, "For one night."),
        (england.bed, False, ""),
    ]
    assert found[1].state == "Free then. Needs a reason: single-sex ward"


def test_a_bed_that_was_closed_then_is_not_offered(england):
    by = actor_of(england.maya, at=NOW - 4 * DAY)
    beds.close_bed(england.bed, since=NOW - 4 * DAY, until=NOW - 2 * DAY, why="Paint.", by=by)
    assert free(england, a_patient(england), NOW - 3 * DAY) == {england.second_bed: "Free then"}


def move(england, patient, **given):
    use = BedUse.objects.current().get(patient=patient, during__upper_inf=True)
    path = f"/beds/uses/{use.public_id}/move/"
    client = client_of(england.maya)
    return client.post(path, given) if given else client.get(path)


def test_the_beds_of_a_typed_day_are_shown_and_nothing_else_is_said(england):
    third = Bed.objects.create(ward=england.ward, name="3")
    patient = in_bed(england)
    occupied(england, england.second_bed, since=NOW - 5 * DAY, until=NOW - DAY)
    page = text(move(england, patient))
    assert "Show the beds that were free then" in page
    assert "bed 2" in page
    when = {**boxes("on", TODAY - 3 * DAY), "at_time": "10:00"}
    response = move(england, patient, **when, look="1")
    page = text(response)
    assert response.status_code == 200
    assert "There is a problem" not in page
    assert "These beds were free from 27 February 2026, 10:00 on." in page
    assert "bed 2" not in page.split("To which bed?")[1]
    assert 'value="10:00"' in response.content.decode()
    response = move(england, patient, **when, bed=str(england.second_bed.public_id))
    assert response.status_code == 400
    assert "That bed was not free at that moment" in text(response)
    response = move(england, patient, **when, bed=str(third.public_id))
    assert response.status_code == 302
    use = BedUse.objects.current().get(patient=patient, bed=third)
    assert use.during.lower == NOW - 3 * DAY + HOUR


def test_a_day_that_cannot_be_read_is_said_and_the_beds_are_those_of_now(england):
    patient = in_bed(england)
    response = move(england, patient, **boxes("on", TODAY + DAY), look="1")
    assert response.status_code == 400
    assert "must be today or in the past" in text(response)
    assert "Free now" in text(response)


def test_where_none_was_free_that_is_said(england):
    patient = in_bed(england)
    occupied(england, england.second_bed, since=NOW - 5 * DAY, until=NOW - DAY)
    page = text(move(england, patient, **boxes("on", TODAY - 3 * DAY), look="1"))
    assert "No bed was free from 27 February 2026, 12:00 on." in page
