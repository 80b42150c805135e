"""What happened last week can be entered today, and what was entered wrongly put right; what stood is kept."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import beds, patients, placements
from pathways.days import noon
from pathways.models import BedUse, Placement, Relationship
from referrals.models import HandOver, Referral
from tests.pathways.moves_world import DAY, HOUR, WHY, confirmed, place
from tests.referrals.transfers import asked
from tests.world import NOW, a_patient, actor_of


def line_of(patient, *, at=None):
    """Where the person is believed to have been, or was believed to have been as known at an instant."""
    rows = patient.placements.as_known(at) if at else patient.placements.current()
    rows = sorted(rows.select_related("service", "ward"), key=lambda row: row.during.lower)
    for earlier, later in pairwise(rows):
        assert earlier.during.upper == later.during.lower
    return [
        (row.service.name if row.service else row.elsewhere, (row.during.lower - NOW).days) for row in rows
    ]


def at_other_prison(england, patient, days, **known):
    return place(england, patient, days, service=england.other_prison, **known)


def test_a_move_of_last_week_is_entered_between_others(england, stepped_down):
    _, conflicts = confirmed(
        lambda **known: placements.place(
            stepped_down, service=england.other_prison, at=NOW - 50 * DAY, by=actor_of(england.maya), **known
        )
    )
    assert conflicts == (
        (
            "On 10 February 2026, 09:00 they are recorded as at Ashdown Unit, Alder ward; this move would record them "
            "as at HMP Barrow Hill from 11 January 2026, 09:00 until then. 1 later move stays as recorded."
        ),
    )
    assert line_of(stepped_down) == [
        ("HMP Wexley", -100),
        ("HMP Barrow Hill", -50),
        ("Ashdown Unit", -20),
        ("Brook House", -5),
    ]
    assert not verification.failures()


def test_nothing_is_written_before_the_conflicts_are_seen_or_when_they_are_others(england, stepped_down):
    before = line_of(stepped_down)
    for checked in ("", "0123456789abcdef"):
        with pytest.raises(Conflicting):
            at_other_prison(
                england, stepped_down, -50, checked=checked
            ) if checked == "" else placements.place(
                stepped_down,
                service=england.other_prison,
                at=NOW - 50 * DAY,
                checked=checked,
                by=actor_of(england.maya),
            )
    assert line_of(stepped_down) == before
    assert stepped_down.placements.count() == 3


def test_what_was_known_before_stays_as_it_was_known(england, stepped_down):
    then = NOW - 2 * DAY
    as_it_stood = line_of(stepped_down, at=then)
    by = actor_of(england.maya)
    confirmed(
        lambda **known: placements.place(
            stepped_down, service=england.other_prison, at=NOW - 50 * DAY, by=by, **known
        )
    )
    newest = Placement.objects.open_of(stepped_down)
    confirmed(
        lambda **known: placements.correct_placement(
            newest, at=NOW - 4 * DAY, why=WHY, by=actor_of(england.luke), **known
        )
    )
    assert line_of(stepped_down, at=then) == as_it_stood
    assert line_of(stepped_down)[-1] == ("Brook House", -4)
    old = stepped_down.placements.get(pk=newest.pk)
    assert (old.superseded_by, old.why) == (england.luke, WHY)


def test_a_move_entered_late_supersedes_so_that_yesterday_stays_as_known(england):
    patient = a_patient(england, since=NOW - 100 * DAY, at_service=england.prison)
    known_from = max(row.recorded_at for row in patient.placements.all())
    by = actor_of(england.maya, at=known_from + 3 * DAY)
    placements.place(patient, service=england.ashdown, at=known_from + DAY, by=by)
    yesterday = patient.placements.as_known(known_from + 2 * DAY).get()
    assert yesterday.during.upper is None
    assert Placement.objects.open_of(patient).service == england.ashdown
    assert not verification.failures()


def test_a_move_entered_as_it_happens_ends_the_row_that_stood(england):
    patient = a_patient(england)
    place(england, patient, 0, service=england.ashdown)
    assert patient.placements.count() == 2


def test_a_bed_on_a_ward_they_were_not_on_is_shown_and_settled_not_cut_unseen(england, stepped_down):
    use = BedUse.objects.current().get(patient=stepped_down, bed=england.bed)
    act = lambda **known: placements.place(  # noqa: E731
        stepped_down, elsewhere="abroad", at=NOW - 10 * DAY, by=actor_of(england.maya), **known
    )
    with pytest.raises(Conflicting, match="in bed 1 of Alder ward, Ashdown Unit, from 10 February 2026"):
        act()
    use.refresh_from_db()
    assert use.superseded_at is None
    _, conflicts = confirmed(act)
    assert "Of that only from 10 February 2026 to 20 February 2026 would stay." in conflicts[1]
    use.refresh_from_db()
    left = BedUse.objects.current().get(patient=stepped_down, bed=england.bed)
    assert use.superseded_by == england.maya
    assert (left.during.lower, left.during.upper) == (NOW - 20 * DAY, NOW - 10 * DAY)
    assert stepped_down.events.filter(kind="pathways.bed_corrected").count() == 1
    then = NOW - 2 * DAY
    assert BedUse.objects.as_known(then).get(bed=england.bed, patient=stepped_down).during == use.during


def test_a_bed_on_trial_elsewhere_is_none_of_a_correction_s_business(england):
    patient = a_patient(england, since=NOW - 100 * DAY)
    place(england, patient, -20, known=-20, service=england.ashdown, ward=england.ward)
    by = actor_of(england.maya, at=NOW - 10 * DAY)
    use = beds.occupy_bed(england.bed, patient=patient, at=NOW - 10 * DAY, by=by)
    BedUse.objects.filter(pk=use.pk).update(bed=england.brook_bed)
    newest = Placement.objects.open_of(patient)
    placements.correct_placement(newest, at=NOW - 19 * DAY, why=WHY, by=actor_of(england.maya))
    assert BedUse.objects.current().get(patient=patient).pk == use.pk


def test_relationships_follow_the_line(england, stepped_down, settings):
    grace = timedelta(days=settings.RELATIONSHIP_GRACE_DAYS)
    newest = Placement.objects.open_of(stepped_down)
    confirmed(
        lambda **known: placements.correct_placement(
            newest, at=NOW - 3 * DAY, why=WHY, by=actor_of(england.luke), **known
        )
    )
    now = Placement.objects.open_of(stepped_down)
    luke = Relationship.objects.get(patient=stepped_down, service=england.brook)
    assert (luke.about_id, luke.during.lower, luke.during.upper) == (now.pk, NOW - 3 * DAY, None)
    maya = Relationship.objects.get(patient=stepped_down, service=england.ashdown)
    assert maya.during.upper == NOW - 3 * DAY + grace
    assert not verification.failures()


def test_a_place_recorded_in_error_opens_the_person_no_more(england, stepped_down):
    people = type(stepped_down).objects
    newest = Placement.objects.open_of(stepped_down)
    confirmed(
        lambda **known: placements.remove_placement(newest, why=WHY, by=actor_of(england.luke), **known)
    )
    assert line_of(stepped_down)[-1] == ("Ashdown Unit", -20)
    later = NOW + HOUR
    assert stepped_down not in people.visible_to(actor_of(england.luke, at=later))
    assert stepped_down in people.visible_to(actor_of(england.maya, at=later + 100 * DAY))
    assert stepped_down.events.filter(kind="pathways.placement_removed").count() == 1
    assert not verification.failures()


def test_another_service_in_its_place(england, stepped_down):
    newest = Placement.objects.open_of(stepped_down)
    confirmed(
        lambda **known: placements.correct_placement(
            newest, service=england.elsewhere, why=WHY, by=actor_of(england.luke), **known
        )
    )
    assert line_of(stepped_down)[-1] == ("Far Clinic", -5)
    people = type(stepped_down).objects
    assert stepped_down in people.visible_to(actor_of(england.sam))
    assert stepped_down not in people.visible_to(actor_of(england.luke, at=NOW + HOUR))
    assert not BedUse.objects.current().filter(patient=stepped_down, during__contains=NOW).exists()
    assert not verification.failures()


def test_back_where_they_came_from_they_never_left(england, stepped_down):
    by = actor_of(england.luke)
    _, _ = confirmed(
        lambda **known: placements.place(
            stepped_down, elsewhere="general_hospital", at=NOW - 30 * DAY, by=by, **known
        )
    )
    confirmed(
        lambda **known: placements.place(
            stepped_down, service=england.prison, at=NOW - 29 * DAY, by=by, **known
        )
    )
    assert len(line_of(stepped_down)) == 5
    away = stepped_down.placements.current().get(elsewhere="general_hospital")
    placements.remove_placement(away, why=WHY, by=by)
    assert line_of(stepped_down)[:2] == [("HMP Wexley", -100), ("Ashdown Unit", -20)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"at": NOW - 21 * DAY}, "in another order"),
        ({"at": NOW + DAY}, "today or in the past"),
        ({}, "Nothing is different"),
        ({"service": "ashdown", "ward": "ward"}, "already recorded there"),
        ({"elsewhere": "died"}, "Record the death itself"),
        ({"ward": "ward"}, "belongs to another service"),
        ({"at": noon(date(2026, 2, 10)), "time_known": False}, "Enter the time of this move too"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(england, stepped_down, change, sentence):
    newest = Placement.objects.open_of(stepped_down)
    given = {
        name: getattr(england, value) if name in ("service", "ward") else value
        for name, value in change.items()
    }
    with pytest.raises(Refused, match=sentence):
        placements.correct_placement(newest, why=WHY, by=actor_of(england.luke), **given)


def test_a_correction_needs_its_reason_and_a_row_that_still_stands(england, stepped_down):
    newest, by = Placement.objects.open_of(stepped_down), actor_of(england.luke)
    for act in (placements.correct_placement, placements.remove_placement):
        with pytest.raises(Refused):
            act(newest, why=" ", by=by)
    confirmed(lambda **known: placements.remove_placement(newest, why=WHY, by=by, **known))
    for act in (placements.correct_placement, placements.remove_placement):
        with pytest.raises(Refused, match="changed since"):
            act(newest, why=WHY, by=actor_of(england.maya))


def test_the_only_place_and_a_death_stay(england, stepped_down):
    patient = a_patient(england)
    with pytest.raises(Refused, match="only place"):
        placements.remove_placement(patient.placements.get(), why=WHY, by=actor_of(england.lena))
    patients.record_death(patient, on=NOW.date(), by=actor_of(england.lena))
    with pytest.raises(Refused, match="death"):
        placements.remove_placement(Placement.objects.open_of(patient), why=WHY, by=actor_of(england.lena))


def test_the_first_place_can_be_removed_and_corrected(england, stepped_down):
    first = stepped_down.placements.order_by("during").first()
    corrected = placements.correct_placement(first, at=NOW - 120 * DAY, why=WHY, by=actor_of(england.lena))
    assert line_of(stepped_down)[0] == ("HMP Wexley", -120)
    placements.remove_placement(corrected, why=WHY, by=actor_of(england.lena))
    assert line_of(stepped_down)[0] == ("Ashdown Unit", -20)


def test_only_services_concerned_say_where_somebody_is(england, stepped_down):
    newest = Placement.objects.open_of(stepped_down)
    for user in (england.sam, england.owen):
        by = actor_of(user)
        with pytest.raises(Refused, match="Only the service"):
            placements.record_place(stepped_down, elsewhere="released", at=NOW, by=by)
        with pytest.raises(Refused, match="Only the service"):
            placements.correct_placement(newest, at=NOW - DAY, why=WHY, by=by)
        with pytest.raises(Refused, match="Only the service"):
            placements.remove_placement(newest, why=WHY, by=by)
    placements.record_place(stepped_down, service=england.elsewhere, at=NOW, by=actor_of(england.sam))
    with pytest.raises(Refused, match="Record the death itself"):
        placements.record_place(stepped_down, elsewhere="died", at=NOW, by=actor_of(england.sam))


def test_an_open_transfer_follows_only_where_the_person_is_now(england):
    patient = a_patient(england, since=NOW - 100 * DAY)
    referral = asked(england, patient)
    by = actor_of(england.owen, at=NOW + DAY)
    moved = placements.place(patient, service=england.other_prison, at=NOW + DAY, by=by)
    assert Referral.objects.get(pk=referral.pk).from_service == england.other_prison
    confirmed(
        lambda **known: placements.place(
            patient, elsewhere="general_hospital", at=NOW - 40 * DAY, by=by, **known
        )
    )
    confirmed(
        lambda **known: placements.place(patient, service=england.prison, at=NOW - 39 * DAY, by=by, **known)
    )
    assert HandOver.objects.filter(referral=referral).count() == 1
    placements.remove_placement(moved, why=WHY, by=by)
    assert Referral.objects.get(pk=referral.pk).from_service == england.prison
    assert HandOver.objects.filter(referral=referral).count() == 2
