"""On trial somebody can be moved and swapped within the ward of the trial, and no leave is given from there."""

import pytest

from core.refusals import Conflicting, Refused
from organisations.models import Bed
from pathways.actions import beds, leave, leave_corrections, ward_beds
from pathways.models import BedUse
from tests.pathways.leave_world import DAY, HOUR, back, fresh, in_bed, on_trial, terms, trial_terms, uses
from tests.world import NOW, a_ward, actor_of

pytestmark = pytest.mark.django_db
LATER = NOW + 3 * DAY


@pytest.fixture
def luke(england):
    return actor_of(england.luke, at=LATER)


@pytest.fixture
def trial(england):
    return on_trial(england, in_bed(england))


@pytest.fixture
def other_bed(england):
    return Bed.objects.create(ward=england.brook_ward, name="7")


def go(bed, trial, by, **known):
    return ward_beds.take_bed(bed, patient=trial.patient, at=LATER, by=by, **known)


def test_to_another_bed_of_the_ward_and_back(england, trial, other_bed, luke):
    use = go(other_bed, trial, luke, expected_end_at=NOW + 9 * DAY)
    assert (use.about_kind, use.about_id, use.expected_end_at) == ("leave", trial.pk, NOW + 9 * DAY)
    kept = ("Alder 1", "leave", NOW, None)
    assert sorted(uses(trial.patient)[1:], key=str) == sorted(
        [kept, ("Birch 1", "occupied", NOW, LATER), ("Birch 7", "occupied", LATER, None)], key=str
    )
    back(england, fresh(trial), at=LATER + DAY)
    assert not BedUse.objects.current().filter(bed__ward=england.brook_ward, during__upper_inf=True).exists()
    assert uses(trial.patient)[-1] == ("Alder 1", "occupied", LATER + DAY, None)


def test_a_leave_put_right_has_both_beds_of_the_trial(england, trial, other_bed, luke):
    go(other_bed, trial, luke)
    maya = actor_of(england.maya, at=LATER + HOUR)
    row = fresh(trial)
    leave_corrections.correct_leave(
        row,
        terms=trial_terms(england),
        left_at=NOW - HOUR,
        version=row.version,
        why="It was an hour earlier.",
        by=maya,
    )
    there = [one for one in uses(trial.patient) if one[0].startswith("Birch")]
    assert there == [("Birch 1", "occupied", NOW - HOUR, LATER), ("Birch 7", "occupied", LATER, None)]


def test_a_trial_that_was_over_before_the_other_bed_has_the_first_only(england, trial, other_bed, luke):
    go(other_bed, trial, luke)
    row = back(england, fresh(trial), at=LATER + DAY)
    maya = actor_of(england.maya, at=LATER + 2 * DAY)
    known = {"terms": trial_terms(england), "version": row.version, "why": "Back sooner.", "by": maya}
    with pytest.raises(Conflicting) as seen:
        leave_corrections.correct_leave(row, how="returned", returned_at=NOW + DAY, **known)
    leave_corrections.correct_leave(
        row, how="returned", returned_at=NOW + DAY, checked=seen.value.checked, **known
    )
    there = [one for one in uses(trial.patient) if one[0].startswith("Birch")]
    assert there == [("Birch 1", "occupied", NOW, NOW + DAY)]


def test_only_to_beds_of_the_ward_of_the_trial(england, trial, luke):
    elsewhere = Bed.objects.create(ward=a_ward(england.brook, "low", name="Cedar"), name="1")
    with pytest.raises(Refused, match="They are on trial on Birch ward"):
        go(elsewhere, trial, luke)


def test_a_bed_that_somebody_is_in_is_nobody_elses(england, trial, other_bed, luke):
    one = on_trial_too(england, other_bed)
    with pytest.raises(Refused, match="taken"):
        go(other_bed, trial, luke)
    assert one.patient_id != trial.patient_id


def test_two_people_swap_beds_though_one_is_on_trial(england, trial, other_bed, luke):
    other = on_trial_too(england, other_bed)
    mine = BedUse.objects.current().get(patient=trial.patient, bed=england.brook_bed)
    theirs = BedUse.objects.current().get(patient=other.patient, bed=other_bed)
    ward_beds.swap_beds(mine, theirs, at=LATER, by=luke)
    assert ("Birch 7", "occupied", LATER, None) in uses(trial.patient)
    assert ("Birch 1", "occupied", LATER, None) in uses(other.patient)
    assert ("Alder 1", "leave", NOW, None) in uses(trial.patient)


def on_trial_too(england, bed):
    """Somebody else of Ashdown on trial in another bed of Birch, which Brook House holds for them."""
    patient, maya, luke = (
        in_bed(england, bed=england.second_bed),
        *(actor_of(one, at=NOW) for one in (england.maya, england.luke)),
    )
    beds.hold_bed(bed, patient=patient, since=NOW, until=NOW + 2 * DAY, about=None, by=luke)
    to = terms("trial", to_ward=england.brook_ward)
    return leave.record_leave(patient, left_at=NOW, terms=to, bed=bed, by=maya)


@pytest.mark.parametrize("who", ["luke", "maya"])
def test_an_outing_during_a_trial_says_how_it_is_recorded(england, trial, who):
    by = actor_of(getattr(england, who), at=LATER)
    with pytest.raises(Refused, match="Record an outing from there as an escort"):
        leave.record_leave(trial.patient, left_at=LATER - HOUR, terms=terms("escorted"), by=by)


def test_leave_after_the_trial_is_planned_by_the_hospital_they_come_back_to(england, trial):
    maya, luke = (actor_of(one, at=LATER) for one in (england.maya, england.luke))
    after = NOW + 20 * DAY
    agreed = terms("escorted", due_back_at=after + HOUR)
    assert leave.plan_leave(trial.patient, planned_from=after, terms=agreed, by=maya)
    with pytest.raises(Refused, match="Record an outing from there as an escort"):
        leave.plan_leave(trial.patient, planned_from=after, terms=agreed, by=luke)
