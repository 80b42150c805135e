"""The bed of somebody who is at large or in a general hospital waits for them, whichever way they left the ward."""

from datetime import timedelta

import pytest

from core.models import Notification
from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import beds, leave, legal, placements
from pathways.actions.clocks import raise_flags
from pathways.models import BedUse, LegalStatus, Placement
from tests.pathways.leave_world import away, back, fresh, in_bed, on_trial, uses
from tests.referrals.asking import text
from tests.world import NOW, a_patient, a_ward, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BED, SINCE = "Alder 1", NOW - 40 * DAY


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def goes(england, patient, days=0, *, by=None, **where):
    """Recorded to be somewhere on a day from now, today unless said, or then if it is to come."""
    known = max(days, 0) * DAY
    at, by = NOW + days * DAY, by or actor_of(england.maya, at=NOW + known)
    return placements.record_place(patient, at=at, by=by, **where)


def on_ward(england):
    return {"service": england.ashdown, "ward": england.ward}


def board(user):
    return text(client_of(user).get("/beds/"))


@pytest.mark.parametrize("where", ["at_large", "general_hospital", "not_known"])
def test_the_bed_is_kept_and_theirs_again(england, where):
    patient = in_bed(england)
    goes(england, patient, -2, elsewhere=where)
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - 2 * DAY), (BED, "leave", NOW - 2 * DAY, None)]
    assert f"◑ Kept while away {patient.full_name}" in board(england.maya)
    goes(england, patient, **on_ward(england))
    assert uses(patient)[1:] == [(BED, "leave", NOW - 2 * DAY, NOW), (BED, "occupied", NOW, None)]
    assert not verification.failures()


def test_nobody_else_takes_it_meanwhile(england, by):
    patient = in_bed(england)
    goes(england, patient, -2, elsewhere="at_large")
    other = a_patient(england)
    placements.place(other, service=england.ashdown, ward=england.ward, at=NOW - DAY, by=by)
    with pytest.raises(Refused, match="taken for part of this time"):
        beds.occupy_bed(england.bed, patient=other, at=NOW, by=by)


def test_what_the_bed_was_given_for_stays_with_it(england, by):
    patient = in_bed(england)
    BedUse.objects.filter(patient=patient).update(
        about_kind="referral", about_id=7, exceptions=["gender"], exception_why="Agreed."
    )
    goes(england, patient, elsewhere="general_hospital")
    goes(england, patient, 1, **on_ward(england))
    found = BedUse.objects.current().filter(patient=patient)
    assert set(found.values_list("about_kind", "about_id", "exception_why")) == {("referral", 7, "Agreed.")}


def test_as_it_happens_the_row_that_stood_ends_and_as_known_stays(england):
    patient = in_bed(england)
    goes(england, patient, elsewhere="at_large")
    assert BedUse.objects.filter(patient=patient).count() == 2
    goes(england, patient, 1, **on_ward(england))
    assert not BedUse.objects.filter(patient=patient).exclude(superseded_at=None).exists()
    # Entered late, what was known until then can be read as it was.
    later = actor_of(england.maya, at=NOW + 9 * DAY)
    goes(england, patient, 5, elsewhere="general_hospital", by=later)
    known = BedUse.objects.as_known(NOW + 8 * DAY).filter(patient=patient)
    assert known.get(during__startswith=NOW + DAY).during.upper is None
    assert uses(patient)[-1] == (BED, "leave", NOW + 5 * DAY, None)


@pytest.mark.parametrize(
    "where", [{"elsewhere": "released"}, {"elsewhere": "abroad"}, {"service": "prison"}, {"service": "brook"}]
)
def test_who_moves_on_from_there_leaves_it(england, by, where):
    patient = in_bed(england)
    goes(england, patient, -3, elsewhere="general_hospital")
    goes(england, patient, -2, elsewhere="at_large")
    assert uses(patient)[-1] == (BED, "leave", NOW - 3 * DAY, None)
    known = {name: getattr(england, value, value) for name, value in where.items()}
    placements.place(patient, at=NOW, by=by, **known)
    assert uses(patient)[-1] == (BED, "leave", NOW - 3 * DAY, NOW)
    assert not verification.failures()


def test_back_on_another_ward_it_is_left_and_back_without_a_ward_it_is_theirs(england):
    first, second = in_bed(england), in_bed(england, bed=england.second_bed)
    for one in (first, second):
        goes(england, one, -2, elsewhere="at_large")
    elm = a_ward(england.ashdown, "medium", name="Elm")
    goes(england, first, service=england.ashdown, ward=elm)
    goes(england, second, service=england.ashdown)
    assert uses(first)[-1] == (BED, "leave", NOW - 2 * DAY, NOW)
    assert uses(second)[-1] == ("Alder 2", "occupied", NOW, None)


def test_another_bed_taken_at_the_return(england, by):
    patient = in_bed(england)
    goes(england, patient, -2, elsewhere="at_large")
    goes(england, patient, **on_ward(england))
    beds.occupy_bed(england.second_bed, patient=patient, at=NOW, by=by)
    assert uses(patient)[1:] == [
        (BED, "leave", NOW - 2 * DAY, NOW),
        ("Alder 2", "occupied", NOW, None),
    ]


def test_a_mistake_about_it_is_put_right(england, by):
    patient = in_bed(england)
    gone = goes(england, patient, -5, elsewhere="at_large")
    gone = placements.correct_placement(gone, at=NOW - 8 * DAY, why="Misread.", by=by)
    assert [one[1:3] for one in uses(patient)][:2] == [("occupied", SINCE), ("leave", NOW - 8 * DAY)]
    placements.correct_placement(gone, at=NOW - 4 * DAY, why="Misread.", by=by)
    slept = [one for one in uses(patient) if one[1] == "occupied"]
    assert (slept[0][2], slept[-1][3]) == (SINCE, NOW - 4 * DAY)
    came = goes(england, patient, **on_ward(england))
    assert uses(patient)[-1] == (BED, "occupied", NOW, None)
    placements.remove_placement(came, why="Another person.", by=by)
    assert uses(patient)[-1] == (BED, "leave", NOW, None)
    placements.remove_placement(Placement.objects.open_of(patient), why="Another person.", by=by)
    assert {one[1] for one in uses(patient)} == {"occupied"}
    assert (uses(patient)[0][2], uses(patient)[-1][3]) == (SINCE, None)
    assert not verification.failures()


def test_not_away_but_gone_is_shown_before_the_bed_is_lost(england, by):
    patient = in_bed(england)
    gone = goes(england, patient, -5, elsewhere="at_large")
    known = {"service": england.prison, "why": "Another person.", "by": by}
    with pytest.raises(Conflicting, match="Bed 1 of Alder ward, Ashdown Unit, is kept for them") as seen:
        placements.correct_placement(gone, **known)
    gone = placements.correct_placement(gone, checked=seen.value.checked, **known)
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - 5 * DAY)]
    # And back: it is kept again as long as nobody else has it.
    placements.correct_placement(gone, elsewhere="at_large", why="It was so.", by=by)
    assert uses(patient) == [(BED, "occupied", SINCE, NOW - 5 * DAY), (BED, "leave", NOW - 5 * DAY, None)]


def test_a_move_on_from_there_that_never_happened_gives_it_back(england):
    patient = in_bed(england)
    goes(england, patient, -5, elsewhere="general_hospital")
    by = actor_of(england.lena)
    moved = goes(england, patient, -2, service=england.prison, by=by)
    assert uses(patient)[-1] == (BED, "leave", NOW - 5 * DAY, NOW - 2 * DAY)
    placements.remove_placement(moved, why="Another person.", by=by)
    assert uses(patient)[-1] == (BED, "leave", NOW - 5 * DAY, None)


def test_released_by_hand_it_is_free_and_whoever_comes_back_is_in_no_bed(england, by):
    patient = in_bed(england)
    goes(england, patient, -5, elsewhere="at_large")
    kept = patient.bed_uses.current().get(purpose="leave")
    client = client_of(england.maya)
    page = f"/beds/uses/{kept.public_id}/release/"
    assert "away since 25 February 2026" in text(client.get(page))
    assert client.post(page, {"why": "The ward is full."}).status_code == 302
    assert uses(patient)[-1] == (BED, "leave", NOW - 5 * DAY, NOW)
    event = patient.events.get(kind="pathways.kept_bed_released")
    assert (event.about_id, event.details["bed"]) == (kept.pk, england.bed.pk)
    came = goes(england, patient, 1, **on_ward(england))
    assert Placement.objects.filter(pk=came.pk).without_bed(NOW + DAY).exists()


def test_another_service_does_not_release_it(england):
    patient = in_bed(england)
    goes(england, patient, -5, elsewhere="at_large")
    kept = patient.bed_uses.current().get(purpose="leave")
    with pytest.raises(Refused, match="Only the service whose bed it is"):
        leave.release_kept_bed(kept, why="We need it.", by=actor_of(england.sam))


def test_who_runs_away_from_trial_leave_keeps_their_own_bed_only(england):
    patient = in_bed(england)
    on_trial(england, patient, at=NOW - 3 * DAY)
    goes(england, patient, elsewhere="at_large")
    assert [one for one in uses(patient) if one[3] is None] == [(BED, "leave", NOW, None)]
    assert ("Birch 1", "occupied", NOW - 3 * DAY, NOW) in uses(patient)


def test_on_leave_again_when_they_were_never_at_large(england, by):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - 5 * DAY)
    gone = goes(england, patient, -3, elsewhere="at_large")
    placements.remove_placement(gone, why="Another person.", by=by)
    kept = patient.bed_uses.current().filter(purpose="leave")
    assert set(kept.values_list("about_kind", "about_id")) == {("leave", row.pk)}
    back(england, fresh(row), at=NOW)
    assert uses(patient)[-1] == (BED, "occupied", NOW, None)
    assert not verification.failures()


def test_home_says_whose_bed_waits_for_whom(england):
    patient = in_bed(england)
    goes(england, patient, -2, elsewhere="general_hospital")
    page = text(client_of(england.maya).get("/"))
    assert "General hospital since 28 February 2026, 09:00: Alder ward, bed 1 is kept" in page
    assert "In no bed" not in page
    assert "is kept" not in text(client_of(england.sam).get("/"))
    goes(england, patient, **on_ward(england))
    assert "is kept" not in text(client_of(england.maya).get("/"))


def test_the_ward_that_keeps_the_bed_hears_what_the_law_asks_meanwhile(england, by):
    patient = in_bed(england, code="03")
    goes(england, patient, elsewhere="general_hospital")
    status = LegalStatus.objects.current().get(patient=patient)
    legal.correct_legal_status(
        status,
        code="03",
        since=status.during.lower,
        authorised_until=by.today + 3 * timedelta(days=1),
        why="As the papers say.",
        by=by,
    )
    raise_flags(by=by)
    assert "authority to detain ends" in text(client_of(england.maya).get("/")).lower()
    told = Notification.objects.filter(about_kind="patient", about_id=patient.pk, subject__startswith="Legal")
    assert england.maya.pk in set(told.values_list("user", flat=True))
