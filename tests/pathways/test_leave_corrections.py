"""Leave that has ended, put right with a reason: its times, how it ended, or that it never was. The beds follow."""

import pytest

from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import leave, leave_corrections, patients, placements
from pathways.models import BedUse, Event, Leave, Relationship
from tests.pathways.leave_world import (
    DAY,
    HOUR,
    SINCE,
    away,
    back,
    fresh,
    in_bed,
    on_trial,
    terms,
    trial_terms,
    uses,
)
from tests.world import NOW, actor_of

pytestmark = pytest.mark.django_db
BED, BROOK = "Alder 1", "Birch 1"


WAITS = (BED, "leave", NOW - 3 * DAY, None)


def correct(england, row, *, at=NOW, agreed=None, **known):
    row, by = fresh(row), actor_of(england.maya, at=at)
    known = {"version": row.version, "why": "Misread.", **known}
    return fresh(leave_corrections.correct_leave(row, terms=agreed or terms(row.kind), by=by, **known))


def seen_and_sent(england, row, **known):
    """Corrected against what is recorded, with the conflicts seen. Answers the leave and the conflicts."""
    with pytest.raises(Conflicting) as seen:
        correct(england, row, **known)
    return correct(england, row, checked=seen.value.checked, **known), seen.value.conflicts


def lost(england, patient, *, at):
    """At large from then, recorded now: a bed that they had waits for them."""
    return placements.record_place(patient, elsewhere="at_large", at=at, by=actor_of(england.maya))


def test_when_they_left_is_corrected_although_a_move_ended_it(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    row = correct(england, row, left_at=NOW - 4 * DAY)
    assert (row.left_at, row.ended_at, row.ended_as) == (NOW - 4 * DAY, NOW - 3 * DAY, "not_returned")
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW - 4 * DAY),
        (BED, "leave", NOW - 4 * DAY, NOW - 3 * DAY),
        WAITS,
    ]
    stood = Leave.objects.filter(why="Misread.").get()
    assert (stood.left_at, stood.superseded_by, stood.superseded_at) == (NOW - 5 * DAY, england.maya, NOW)
    assert Event.objects.filter(kind="pathways.leave_corrected", patient=patient).count() == 1


def test_they_had_come_back_before_the_move(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    row, conflicts = seen_and_sent(england, row, how="returned", returned_at=NOW - 4 * DAY)
    assert " ".join(conflicts) == (
        "They are recorded as away when they moved or died, 27 February 2026, 09:00. "
        "They would be back from 26 February 2026, 09:00."
    )
    assert (row.ended_at, row.ended_as) == (NOW - 4 * DAY, "returned")
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW - 5 * DAY),
        (BED, "leave", NOW - 5 * DAY, NOW - 4 * DAY),
        (BED, "occupied", NOW - 4 * DAY, NOW - 3 * DAY),
        WAITS,
    ]
    assert verification.failures() == {}


def test_nothing_is_written_before_the_conflict_was_seen(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    before = uses(patient)
    with pytest.raises(Conflicting):
        correct(england, row, how="returned", returned_at=NOW - 4 * DAY, checked="another")
    assert (fresh(row).ended_as, uses(patient)) == ("not_returned", before)


def test_the_day_of_the_move_is_put_right_there(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    with pytest.raises(Refused, match="Put that right instead, or say that they came back") as seen:
        correct(england, row, returned_at=NOW - 2 * DAY)
    assert seen.value.field == "back_on"
    with pytest.raises(Refused, match="They moved before this leave would have ended"):
        correct(england, row, how="returned", returned_at=NOW - 2 * DAY)
    with pytest.raises(Refused, match="Say when they were back"):
        correct(england, row, how="returned")
    with pytest.raises(Refused, match="not in a hospital"):
        correct(england, row, left_at=NOW - 3 * DAY)


def test_nobody_leaves_after_the_move_that_ended_it(england):
    patient, by = in_bed(england), actor_of(england.maya)
    row = away(england, patient, at=NOW - 5 * DAY)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW - 3 * DAY, by=by)
    with pytest.raises(Refused, match="The return must be after the leaving"):
        correct(england, row, left_at=NOW - 2 * DAY)


def test_a_return_was_a_recall_and_says_why(england):
    row = back(england, away(england, in_bed(england), at=NOW - 3 * DAY), at=NOW - DAY, now=NOW - DAY)
    with pytest.raises(Refused, match="Say this in a few words") as seen:
        correct(england, row, how="recalled")
    assert seen.value.field == "recall_why"
    row = correct(england, row, how="recalled", recall_why="Drinking.")
    assert (row.ended_as, row.ended_why, row.ended_at) == ("recalled", "Drinking.", NOW - DAY)
    assert correct(england, row, left_at=NOW - 2 * DAY).ended_why == "Drinking."
    row = correct(england, row, how="returned")
    assert (row.ended_as, row.ended_why) == ("returned", "")


def test_they_are_not_back_after_all(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 3 * DAY), at=NOW - DAY, now=NOW - DAY)
    row, conflicts = seen_and_sent(england, row, how="not_back")
    assert " ".join(conflicts) == (
        "They are recorded as back since 1 March 2026, 09:00. They would still be away. "
        "They are recorded in bed 1 of Alder ward from 1 March 2026, 09:00 on. "
        "It would be kept for them instead."
    )
    assert (row.ended_at, row.ended_as) == (None, "")
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - 3 * DAY), (BED, "leave", NOW - 3 * DAY, None)]
    assert verification.failures() == {}
    assert back(england, row).ended_as == "returned"


def test_they_were_never_back_and_moved_from_leave(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 5 * DAY), at=NOW - 4 * DAY, now=NOW - 4 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    row, conflicts = seen_and_sent(england, row, how="not_back")
    assert "They would be away until they moved or died, 27 February 2026, 09:00." in conflicts[0]
    assert (row.ended_at, row.ended_as) == (NOW - 3 * DAY, "not_returned")
    assert uses(patient)[-2:] == [(BED, "leave", NOW - 5 * DAY, NOW - 3 * DAY), WAITS]


def test_somebody_who_has_gone_on_leave_since_had_come_back(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 5 * DAY), at=NOW - 4 * DAY, now=NOW - 4 * DAY)
    away(england, patient, at=NOW - 2 * DAY)
    with pytest.raises(Conflicting) as seen:
        correct(england, row, how="not_back")
    with pytest.raises(Refused, match="Another leave is recorded for part of this time"):
        correct(england, row, how="not_back", checked=seen.value.checked)
    assert fresh(row).ended_as == "returned"


def test_the_bed_of_a_trial_that_goes_on_is_theirs_or_it_is_refused(england):
    patient = in_bed(england)
    row = back(england, on_trial(england, patient, at=NOW - 3 * DAY), at=NOW - DAY, now=NOW - DAY)
    agreed = trial_terms(england)
    other = in_bed(england, bed=england.second_bed)
    taken = on_trial(england, other, at=NOW - HOUR)
    known = {"how": "not_back", "agreed": agreed}
    with pytest.raises(Conflicting) as seen:
        correct(england, row, **known)
    with pytest.raises(Refused, match="taken for part of this time"):
        correct(england, row, **known, checked=seen.value.checked)
    leave_corrections.remove_leave(fresh(taken), why="Another person.", by=actor_of(england.maya))
    correct(england, row, **known, checked=seen.value.checked)
    assert (BROOK, "occupied", NOW - 3 * DAY, None) in uses(patient)
    held = Relationship.objects.filter(patient=patient, service=england.brook)
    assert held.filter(during__upper_inf=True).exists()


def test_a_trial_that_became_a_stay_began_later(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    leave.stay_on_ward(row, at=NOW + 3 * DAY, by=actor_of(england.luke, at=NOW + 3 * DAY))
    row = correct(england, row, left_at=NOW + DAY, at=NOW + 4 * DAY, agreed=trial_terms(england))
    assert row.ended_as == "moved"
    assert uses(patient) == [
        (BED, "occupied", SINCE, NOW + DAY),
        (BED, "leave", NOW + DAY, NOW + 3 * DAY),
        (BROOK, "occupied", NOW + DAY, NOW + 3 * DAY),
        (BROOK, "occupied", NOW + 3 * DAY, None),
    ]


def test_who_died_on_leave_had_come_back_first(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    patients.record_death(patient, on=(NOW - 2 * DAY).date(), by=actor_of(england.maya))
    row, _ = seen_and_sent(england, row, how="returned", returned_at=NOW - 4 * DAY)
    assert row.ended_as == "returned"
    assert all(until is not None for *_, until in uses(patient))


@pytest.mark.parametrize("how", ["home", "moved"])
def test_how_it_ended_is_one_of_three(england, how):
    row = back(england, away(england, in_bed(england), at=NOW - 2 * DAY), at=NOW - DAY)
    with pytest.raises(Refused, match="Choose how it ended"):
        correct(england, row, how=how)


def test_who_is_away_has_no_end_to_put_right(england):
    row = away(england, in_bed(england), at=NOW - DAY)
    for known in ({"how": "returned", "returned_at": NOW - HOUR}, {"returned_at": NOW - HOUR}):
        with pytest.raises(Refused, match="They are not back yet"):
            correct(england, row, **known)


def test_they_never_left_and_moved_from_the_ward(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    lost(england, patient, at=NOW - 3 * DAY)
    leave_corrections.remove_leave(fresh(row), why="Another person.", by=actor_of(england.maya))
    assert not Leave.objects.current().exists()
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - 3 * DAY), WAITS]


def test_what_lacked_an_authority_and_was_not_is_no_task(england):
    patient = in_bed(england, code="09")
    row = away(england, patient, at=NOW - DAY)
    assert patient.missing_authorities.open().exists()
    leave_corrections.remove_leave(row, why="Another person.", by=actor_of(england.maya))
    assert not patient.missing_authorities.open().exists()


def test_another_time_of_the_return_goes_against_nothing(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 5 * DAY), at=NOW - 4 * DAY, now=NOW - 4 * DAY)
    row = correct(england, row, how="returned", returned_at=NOW - 3 * DAY)
    assert row.ended_at == NOW - 3 * DAY
    kept = BedUse.objects.current().get(patient=patient, purpose="leave")
    assert (kept.during.lower, kept.during.upper) == (NOW - 5 * DAY, NOW - 3 * DAY)
