"""What becomes of the beds of somebody on leave: kept, theirs again, released, and a second one on trial."""

import pytest

from core.refusals import Refused
from pathways.actions import beds, leave, leave_corrections, placements, ward_beds
from pathways.bed_board import beds_at, board_of
from pathways.models import BedUse
from tests.pathways.leave_world import (
    DAY,
    HOUR,
    SINCE,
    away,
    fresh,
    hold,
    in_bed,
    on_trial,
    terms,
    trial_terms,
    uses,
)
from tests.world import NOW, a_patient, actor_of

pytestmark = pytest.mark.django_db
BED, BROOK = "Alder 1", "Birch 1"


def back(england, row, *, at=NOW + DAY, now=None):
    return leave.return_leave(row, at=at, by=actor_of(england.maya, at=now or at))


def kept_for(patient):
    return BedUse.objects.current().get(patient=patient, purpose="leave", during__upper_inf=True)


def states(england, user, at):
    board = board_of(beds_at(at, now=at), actor_of(user, at=at), at=at, most=100)
    return {f"{ward.name} {tile.name}": tile.state for _, ward, tile in board.lines}


# By rule


@pytest.mark.parametrize("kind", ["escorted", "unescorted"])
def test_the_bed_of_a_day_s_leave_stays_occupied(england, kind):
    patient = in_bed(england)
    row = away(england, patient, kind)
    back(england, row, at=NOW + 2 * HOUR)
    assert uses(patient) == [(BED, "occupied", SINCE, None)]


def test_the_bed_of_overnight_leave_is_kept_and_given_back(england):
    patient = in_bed(england)
    row = away(england, patient)
    assert uses(patient) == [(BED, "occupied", SINCE, NOW), (BED, "leave", NOW, None)]
    back(england, row)
    assert uses(patient)[1:] == [(BED, "leave", NOW, NOW + DAY), (BED, "occupied", NOW + DAY, None)]


def test_entered_late_the_beds_are_the_same_and_what_was_known_is_kept(england):
    patient, by = in_bed(england), actor_of(england.maya)
    known = {"left_at": NOW - 3 * DAY, "returned_at": NOW - 2 * DAY}
    leave.record_leave(patient, **known, terms=terms(), by=by)
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW - 3 * DAY),
        (BED, "leave", NOW - 3 * DAY, NOW - 2 * DAY),
        (BED, "occupied", NOW - 2 * DAY, None),
    ]
    (before,) = BedUse.objects.filter(patient=patient).as_known(NOW - HOUR)
    assert (before.purpose, before.during.lower, before.during.upper) == ("occupied", SINCE, None)


def test_a_kept_bed_can_be_given_to_nobody(england):
    patient, other = in_bed(england), a_patient(england)
    away(england, patient)
    by = actor_of(england.maya)
    placements.place(other, service=england.ashdown, ward=england.ward, at=NOW - HOUR, by=by)
    for act, known in (
        (beds.occupy_bed, {"at": NOW}),
        (beds.hold_bed, {"since": NOW, "until": NOW + DAY, "about": None}),
    ):
        with pytest.raises(Refused, match="That bed"):
            act(england.bed, patient=other, by=by, **known)


def test_who_is_on_leave_takes_no_other_bed(england):
    patient = in_bed(england)
    away(england, patient)
    by = actor_of(england.maya, at=NOW + HOUR)
    with pytest.raises(Refused, match="This person is on leave"):
        ward_beds.take_bed(england.second_bed, patient=patient, at=NOW + HOUR, by=by)


def test_a_bed_is_kept_from_an_absence_on_a_day_s_leave(england):
    patient = in_bed(england)
    row = away(england, patient, "unescorted")
    missed = NOW + 4 * HOUR
    row = leave.record_absence(row, since=missed, told="Police.", by=actor_of(england.maya, at=missed))
    assert uses(patient)[1:] == [(BED, "leave", missed, None)]
    back(england, row)
    assert uses(patient)[1:] == [(BED, "leave", missed, NOW + DAY), (BED, "occupied", NOW + DAY, None)]


def test_what_a_bed_was_for_and_its_departure_come_back_with_the_person(england):
    patient = in_bed(england)
    own = BedUse.objects.current().get(patient=patient)
    BedUse.objects.filter(pk=own.pk).update(
        about_kind="referral",
        about_id=7,
        expected_end_at=NOW + 30 * DAY,
        exceptions=["gender"],
        exception_why="Known.",
    )
    back(england, away(england, patient))
    again = BedUse.objects.current().get(patient=patient, during__upper_inf=True)
    assert (again.about_kind, again.about_id, again.expected_end_at) == ("referral", 7, NOW + 30 * DAY)
    assert (again.exceptions, again.exception_why) == (["gender"], "Known.")


# Released


def test_a_kept_bed_is_released_by_its_own_service_for_a_reason(england):
    patient = in_bed(england)
    row = away(england, patient)
    use, later = kept_for(patient), NOW + 30 * DAY
    with pytest.raises(Refused, match="Only the service whose bed it is"):
        leave.release_kept_bed(use, why="Needed.", by=actor_of(england.luke, at=later))
    with pytest.raises(Refused):
        leave.release_kept_bed(use, why=" ", by=actor_of(england.maya, at=later))
    leave.release_kept_bed(use, why="Away for over 28 days.", by=actor_of(england.maya, at=later))
    row = fresh(row)
    assert (row.bed_released_at, row.bed_release_why) == (later, "Away for over 28 days.")
    with pytest.raises(Refused, match="not kept for anybody"):
        leave.release_kept_bed(use, why="Again.", by=actor_of(england.maya, at=later))
    other = a_patient(england)
    by = actor_of(england.maya, at=later)
    placements.place(other, service=england.ashdown, ward=england.ward, at=later, by=by)
    beds.occupy_bed(england.bed, patient=other, at=later, by=by)
    back(england, row, at=later + DAY)
    assert uses(patient)[-1] == (BED, "leave", NOW, later)


# Trial leave


def test_on_trial_one_person_has_two_beds(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW),
        (BED, "leave", NOW, None),
        (BROOK, "occupied", NOW, None),
    ]
    shown = states(england, england.maya, NOW + HOUR)
    assert (shown[BED], shown[BROOK]) == ("leave", "occupied")
    back(england, row)
    assert uses(patient)[1:] == [
        (BED, "leave", NOW, NOW + DAY),
        (BROOK, "occupied", NOW, NOW + DAY),
        (BED, "occupied", NOW + DAY, None),
    ]


def test_the_other_ward_gives_its_bed_by_holding_it_or_by_hand(england):
    patient = in_bed(england)
    known = {"left_at": NOW, "terms": trial_terms(england), "bed": england.brook_bed}
    with pytest.raises(Refused, match="Ask the other ward to hold this bed"):
        leave.record_leave(patient, **known, by=actor_of(england.maya))
    planned = leave.plan_leave(
        patient, planned_from=NOW, terms=trial_terms(england), by=actor_of(england.maya)
    )
    luke = actor_of(england.luke)
    assert leave.begin_leave(planned, at=NOW, bed=england.brook_bed, by=luke).left_at == NOW


def test_the_bed_of_a_trial_is_on_its_ward_and_fits_the_person(england):
    patient = in_bed(england)
    by = actor_of(england.maya)
    with pytest.raises(Refused, match="Choose a bed of the ward"):
        leave.record_leave(patient, left_at=NOW, terms=trial_terms(england), bed=england.second_bed, by=by)
    england.brook_ward.designations.update(gender="women")
    hold_why = {"exception_why": "No other bed."}
    with pytest.raises(Refused, match="single-sex ward"):
        hold(england, patient)
    beds.hold_bed(
        england.brook_bed,
        patient=patient,
        since=NOW,
        until=NOW + DAY,
        about=None,
        **hold_why,
        by=actor_of(england.luke),
    )
    known = {"left_at": NOW, "terms": trial_terms(england), "bed": england.brook_bed, "by": by}
    with pytest.raises(Refused, match="single-sex ward"):
        leave.record_leave(patient, **known)
    leave.record_leave(patient, **known, **hold_why)


def test_a_taken_bed_is_nobody_s_trial(england):
    patient, other = in_bed(england), a_patient(england)
    by = actor_of(england.luke)
    placements.place(other, service=england.brook, ward=england.brook_ward, at=SINCE, by=by)
    beds.occupy_bed(england.brook_bed, patient=other, at=SINCE, by=by)
    planned = leave.plan_leave(
        patient, planned_from=NOW, terms=trial_terms(england), by=actor_of(england.maya)
    )
    with pytest.raises(Refused, match="That bed"):
        leave.begin_leave(planned, at=NOW, bed=england.brook_bed, by=by)
    assert fresh(planned).during is None


def test_absent_from_a_trial_both_beds_are_kept(england):
    patient = in_bed(england)
    row, missed = on_trial(england, patient), NOW + 5 * HOUR
    row = leave.record_absence(row, since=missed, told="Police.", by=actor_of(england.luke, at=missed))
    assert uses(patient)[1:] == [
        (BROOK, "occupied", NOW, missed),
        (BED, "leave", NOW, None),
        (BROOK, "leave", missed, None),
    ]
    back(england, row)
    assert uses(patient)[-2:] == [(BROOK, "leave", missed, NOW + DAY), (BED, "occupied", NOW + DAY, None)]


def test_who_is_placed_on_their_own_ward_again_has_their_bed_again(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    by = actor_of(england.maya, at=NOW + DAY)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW + DAY, by=by)
    assert fresh(row).ended_as == "moved"
    assert uses(patient)[1:] == [
        (BED, "leave", NOW, NOW + DAY),
        (BROOK, "occupied", NOW, NOW + DAY),
        (BED, "occupied", NOW + DAY, None),
    ]


# Corrected


def test_the_beds_follow_a_corrected_leave(england):
    patient = in_bed(england)
    row = back(england, on_trial(england, patient, at=NOW - 5 * DAY), at=NOW - DAY)
    row = leave_corrections.correct_leave(
        row,
        terms=trial_terms(england),
        left_at=NOW - 4 * DAY,
        returned_at=NOW - 2 * DAY,
        version=row.version,
        why="Misread.",
        by=actor_of(england.maya),
    )
    left, home = NOW - 4 * DAY, NOW - 2 * DAY
    assert uses(patient) == [
        (BED, "occupied", SINCE, left),
        (BED, "leave", left, home),
        (BROOK, "occupied", left, home),
        (BED, "occupied", home, None),
    ]


def test_another_kind_keeps_the_bed_or_does_not(england):
    patient = in_bed(england)
    row = away(england, patient, "overnight", at=NOW - HOUR)
    by = actor_of(england.maya)
    row = leave_corrections.correct_leave(
        row, terms=terms("escorted"), version=row.version, why="Misread.", by=by
    )
    assert uses(patient) == [(BED, "occupied", SINCE, None)]
    leave_corrections.correct_leave(row, terms=terms("overnight"), version=row.version, why="It was.", by=by)
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - HOUR), (BED, "leave", NOW - HOUR, None)]
