"""What a service does with its own beds: promise, take, move, swap, expect, close; and who is told of a lapse."""

from datetime import timedelta

import pytest

from core.models import Notification
from core.refusals import Refused
from organisations.actor import Actor
from organisations.rules import end_of_day
from pathways.actions import beds, patients, placements, run_out, ward_beds
from pathways.days import london_date
from pathways.models import BedUse, Event, Placement
from referrals.models import BedOffer
from tests.referrals.transfers import accepted, bedded
from tests.world import NOW, TODAY, a_patient, a_ward, actor_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def inpatient(england):
    patient = a_patient(england)
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=actor_of(england.maya)
    )
    return patient


def promised(england, by, *, since=0, until=3, patient=None, bed=None):
    return ward_beds.hold_own_bed(
        bed or england.bed,
        patient=patient or inpatient(england),
        since=NOW + since * DAY,
        until=NOW + until * DAY,
        by=by,
    )


def in_bed(england, by, *, bed=None, at=-5, patient=None, leaves=None):
    return ward_beds.take_bed(
        bed or england.bed,
        patient=patient or inpatient(england),
        at=NOW + at * DAY,
        expected_end_at=NOW + leaves * DAY if leaves else None,
        by=by,
    )


def later(england, days):
    return actor_of(england.maya, at=NOW + days * DAY)


def test_only_the_service_gives_its_beds(england, by):
    stranger = actor_of(england.luke)
    use, other = in_bed(england, by), in_bed(england, by, bed=england.second_bed)
    closure = closed(england, by, since=0, bed=england.ward.beds.create(name="3"))
    for act in (
        lambda: promised(england, stranger, since=1),
        lambda: in_bed(england, stranger),
        lambda: ward_beds.swap_beds(use, other, at=NOW, by=stranger),
        lambda: ward_beds.expect_departure(use, until=None, version=0, by=stranger),
        lambda: ward_beds.close_own_bed(england.bed, since=NOW, until=None, why="X", by=stranger),
        lambda: ward_beds.reopen_own_bed(closure, at=NOW + DAY, why="X", by=stranger),
    ):
        with pytest.raises(Refused, match="Only the service"):
            act()


def test_the_next_person_is_promised_the_bed_for_after_the_expected_departure(england, by):
    use = in_bed(england, by)
    with pytest.raises(Refused, match="just gone"):
        promised(england, by, since=4, until=8)
    ward_beds.expect_departure(use, until=NOW + 4 * DAY, version=0, by=by)
    promised(england, by, since=4, until=8)


def test_a_departure_is_not_put_off_into_the_promise_of_the_next(england, by):
    use = in_bed(england, by, leaves=2)
    promised(england, by, since=4, until=8)
    use = ward_beds.expect_departure(use, until=NOW + 4 * DAY, version=0, by=by)
    for until in (NOW + 5 * DAY, None):
        with pytest.raises(Refused, match="held for somebody or closed before that"):
            ward_beds.expect_departure(use, until=until, version=1, by=by)
    with pytest.raises(Refused, match="after the arrival"):
        ward_beds.expect_departure(use, until=NOW - 6 * DAY, version=1, by=by)


@pytest.mark.parametrize("until", [5, None])
def test_a_hold_that_has_run_out_gives_way_to_whoever_stays(england, by, until):
    use = in_bed(england, by, leaves=1)
    ran_out = promised(england, by, since=1, until=3)
    now = later(england, 4)
    end = NOW + until * DAY if until else None
    use = ward_beds.expect_departure(use, until=end, version=0, by=now)
    use.refresh_from_db()
    assert use.claimed.upper == end
    ran_out.refresh_from_db()
    assert (ran_out.superseded_at, ran_out.superseded_by) == (now.at, england.maya)
    assert "ran out" in ran_out.why
    assert ran_out in BedUse.objects.as_known(NOW + 2 * DAY)


def test_a_hold_that_runs_on_or_that_nobody_stays_over_is_believed_still(england, by):
    use = in_bed(england, by, leaves=1)
    before, running = promised(england, by, since=1, until=2), promised(england, by, since=3, until=9)
    now = later(england, 4)
    with pytest.raises(Refused, match="held for somebody or closed before that"):
        ward_beds.expect_departure(use, until=NOW + 5 * DAY, version=0, by=now)
    ward_beds.expect_departure(use, until=NOW + DAY + HOUR, version=0, by=now)
    before.refresh_from_db()
    running.refresh_from_db()
    assert (before.superseded_at, running.superseded_at) == (now.at, None)


def test_whoever_promised_a_bed_is_told_though_somebody_stays_in_it(england, by):
    use = in_bed(england, by, leaves=1)
    promised(england, by, since=1, until=3)
    ward_beds.expect_departure(use, until=None, version=0, by=later(england, 4))
    assert sweep(england, 5) == 0
    assert Notification.objects.filter(kind="pathways.hold_ran_out", user=england.maya).count() == 1
    assert Event.objects.get(kind="pathways.hold_ran_out").by is None


def test_a_hold_that_has_run_out_gives_way_to_whoever_was_put_to_bed_meanwhile(england, by):
    promised(england, by, until=3)
    use = in_bed(england, later(england, 4), at=2)
    assert BedUse.objects.current().get(bed=england.bed) == use


def test_an_expected_departure_is_changed_on_the_page_that_shows_it_now(england, by):
    use = in_bed(england, by)
    ward_beds.expect_departure(use, until=NOW + 4 * DAY, version=0, by=by)
    with pytest.raises(Refused, match="Somebody changed this"):
        ward_beds.expect_departure(use, until=NOW + 5 * DAY, version=0, by=by)
    event = Event.objects.get(kind="pathways.departure_expected")
    assert (event.patient, event.about_id) == (use.patient, use.pk)


def test_nobody_s_departure_is_expected_from_a_bed_they_have_left(england, by):
    use = in_bed(england, by)
    beds.vacate_bed(use.patient, at=NOW, by=by)
    with pytest.raises(Refused, match="Nobody is in that bed"):
        ward_beds.expect_departure(use, until=None, version=1, by=by)


def test_a_promise_is_changed_and_given_back(england, by):
    use = promised(england, by)
    use = ward_beds.change_hold(use, until=NOW + 9 * DAY, version=0, by=by)
    with pytest.raises(Refused, match="Somebody changed this"):
        ward_beds.change_hold(use, until=NOW + 4 * DAY, version=0, by=by)
    ward_beds.give_back(use, by=later(england, 1))
    promised(england, later(england, 1), since=1, until=2)


def test_a_promise_that_has_run_out_is_not_changed_any_more(england, by):
    use = promised(england, by)
    for act in (
        lambda: ward_beds.change_hold(use, until=NOW + 9 * DAY, version=0, by=later(england, 4)),
        lambda: ward_beds.give_back(use, by=later(england, 4)),
    ):
        with pytest.raises(Refused, match="run out"):
            act()


def test_a_bed_promised_with_a_bed_date_is_given_back_with_it_and_not_here(england, by):
    bedded(england, accepted(england))
    use = BedOffer.objects.get().hold
    for act in (
        lambda: ward_beds.change_hold(use, until=NOW + 40 * DAY, version=0, by=by),
        lambda: ward_beds.give_back(use, by=by),
    ):
        with pytest.raises(Refused, match="withdraw the bed date"):
            act()


def test_a_move_to_another_ward_takes_the_placement_with_it(england, by):
    patient = inpatient(england)
    in_bed(england, by, patient=patient)
    ward = a_ward(england.ashdown, "medium", name="Cedar")
    bed = ward.beds.create(name="1")
    ward_beds.take_bed(bed, patient=patient, at=NOW - HOUR, by=by)
    placement = Placement.objects.open_of(patient)
    assert (placement.ward, placement.during.lower) == (ward, NOW - HOUR)
    assert BedUse.objects.current().occupying().get(patient=patient, during__upper_inf=True).bed == bed
    in_bed(england, by, at=0)


def test_a_move_on_the_ward_leaves_the_placement_as_it_is(england, by):
    patient = inpatient(england)
    in_bed(england, by, patient=patient)
    ward_beds.take_bed(england.second_bed, patient=patient, at=NOW, by=by)
    assert Placement.objects.current().filter(patient=patient).count() == 2  # prison, then this


def test_nobody_is_put_to_bed_in_the_future_or_from_elsewhere(england, by):
    with pytest.raises(Refused, match="today or in the past"):
        in_bed(england, by, at=1)
    with pytest.raises(Refused, match="not at the service"):
        in_bed(england, by, patient=a_patient(england))


def test_two_people_swap_beds_with_the_departure_expected_of_each(england, by):
    one = in_bed(england, by, leaves=9)
    other = in_bed(england, by, bed=england.second_bed)
    new_one, new_other = ward_beds.swap_beds(one, other, at=NOW - HOUR, by=by)
    assert (new_one.bed, new_one.patient) == (england.second_bed, one.patient)
    assert (new_other.bed, new_other.patient) == (england.bed, other.patient)
    assert (new_one.expected_end_at, new_other.expected_end_at) == (NOW + 9 * DAY, None)
    left = BedUse.objects.current().get(patient=one.patient, bed=england.bed)
    assert left.during.upper == new_other.during.lower == NOW - HOUR


def test_a_swap_across_wards_moves_both_and_one_that_cannot_be_moves_neither(england, by):
    ward = a_ward(england.ashdown, "medium", name="Cedar")
    bed = ward.beds.create(name="1")
    one, other = in_bed(england, by), in_bed(england, by, bed=bed)
    ward_beds.swap_beds(one, other, at=NOW - HOUR, by=by)
    assert Placement.objects.open_of(one.patient).ward == ward
    assert Placement.objects.open_of(other.patient).ward == england.ward
    with pytest.raises(Refused, match="swapped"):
        ward_beds.swap_beds(one, other, at=NOW, by=by)
    now_one = BedUse.objects.current().get(patient=one.patient, during__upper_inf=True)
    now_other = BedUse.objects.current().get(patient=other.patient, during__upper_inf=True)
    with pytest.raises(Refused, match="after the beginning"):
        ward_beds.swap_beds(now_one, now_other, at=NOW - 2 * HOUR, by=by)
    with pytest.raises(Refused, match="another bed"):
        ward_beds.swap_beds(now_one, now_one, at=NOW, by=by)


def test_a_swap_gives_way_to_who_is_promised_the_bed(england, by):
    one = in_bed(england, by, leaves=2)
    promised(england, by, since=2, until=4)
    other = in_bed(england, by, bed=england.second_bed)
    with pytest.raises(Refused, match="just gone"):
        ward_beds.swap_beds(one, other, at=NOW, by=by)
    assert BedUse.objects.current().filter(during__upper_inf=True, purpose="occupied").count() == 2


def test_a_bed_is_closed_and_opened_again_with_its_reasons(england, by):
    use = ward_beds.close_own_bed(england.bed, since=NOW, until=None, why="The window is broken.", by=by)
    with pytest.raises(Refused, match="bed is closed"):
        promised(england, by, since=1, until=2)
    with pytest.raises(Refused, match="Say why"):
        ward_beds.reopen_own_bed(use, at=NOW + DAY, why=" ", by=by)
    ward_beds.reopen_own_bed(use, at=NOW + DAY, why="Mended.", by=by)
    promised(england, by, since=1, until=2)


def sweep(england, days):
    return run_out.tell_of_holds(by=Actor.system("tell-of-holds", at=NOW + days * DAY))


def test_whoever_promised_a_bed_is_told_once_when_the_promise_runs_out(england, by):
    use = promised(england, by)
    assert sweep(england, 2) == 0
    assert sweep(england, 3) == 1
    assert sweep(england, 4) == 0
    told = {row.user_id: row for row in Notification.objects.filter(kind="pathways.hold_ran_out")}
    assert set(told) == {england.maya.pk, None}
    assert told[None].mailbox == england.ashdown.alert_mailbox
    assert told[england.maya.pk].path == f"/beds/{england.bed.public_id}/"
    for row in told.values():
        assert use.patient.family_name.lower() not in f"{row.subject} {row.body}".lower()
    event = Event.objects.get(kind="pathways.hold_ran_out")
    assert (event.patient, event.about_id, event.by) == (use.patient, use.pk, None)
    assert london_date(event.occurred_at) == TODAY + 3 * DAY
    promised(england, later(england, 4), since=4, until=5)


def test_a_hold_to_the_end_of_a_day_ran_out_on_that_day(england, by):
    ward_beds.hold_own_bed(
        england.bed, patient=inpatient(england), since=NOW, until=end_of_day(TODAY + DAY), by=by
    )
    assert sweep(england, 2) == 1
    assert london_date(Event.objects.get(kind="pathways.hold_ran_out").occurred_at) == TODAY + DAY


def test_nobody_is_told_of_a_promise_that_was_taken_up_or_given_back(england, by):
    patient = inpatient(england)
    promised(england, by, patient=patient)
    ward_beds.give_back(promised(england, by, bed=england.second_bed), by=by)
    in_bed(england, later(england, 1), at=1, patient=patient)
    assert sweep(england, 9) == 0


def test_a_longer_promise_is_told_of_at_its_new_end(england, by):
    ward_beds.change_hold(promised(england, by), until=NOW + 6 * DAY, version=0, by=by)
    assert [sweep(england, days) for days in (4, 6, 7)] == [0, 1, 0]


def test_nothing_is_sent_about_somebody_who_has_died(england, by):
    use = promised(england, by)
    patients.record_death(use.patient, on=TODAY, by=later(england, 0.5))
    sweep(england, 4)
    assert not Notification.objects.filter(kind="pathways.hold_ran_out").exists()


def closed(england, by, *, since, until=None, bed=None):
    return ward_beds.close_own_bed(
        bed or england.bed,
        since=NOW + since * DAY,
        until=NOW + until * DAY if until else None,
        why="New windows.",
        by=by,
    )


def test_whoever_stays_after_the_bed_is_held_for_the_next_can_still_leave_it(england, by):
    use = in_bed(england, by, leaves=2)
    promised(england, by, since=3, until=9)
    beds.vacate_bed(use.patient, at=NOW + 5 * DAY, by=later(england, 5))
    use.refresh_from_db()
    assert use.during.upper == NOW + 5 * DAY


def test_a_bed_is_closed_from_when_whoever_is_in_it_is_expected_to_leave(england, by):
    use = in_bed(england, by, leaves=2)
    closure = closed(england, by, since=2, until=9)
    with pytest.raises(Refused, match="closed before that"):
        ward_beds.expect_departure(use, until=NOW + 4 * DAY, version=0, by=by)
    with pytest.raises(Refused, match="closed for part"):
        promised(england, by, since=4, until=6)
    beds.vacate_bed(use.patient, at=NOW + 3 * DAY, by=later(england, 3))
    assert BedUse.objects.current().get(pk=closure.pk).during.lower == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("leaves", "since", "on"),
    [(None, 2, 0), (2, 1, 0), (2, 3, 2)],
    ids=["not known", "before", "they stayed"],
)
def test_a_bed_that_somebody_is_in_then_is_not_closed(england, by, leaves, since, on):
    in_bed(england, by, leaves=leaves)
    with pytest.raises(Refused, match="Somebody is in that bed"):
        closed(england, later(england, on), since=since)


def test_a_bed_in_which_somebody_was_then_was_not_closed(england, by):
    use = in_bed(england, by)
    beds.vacate_bed(use.patient, at=NOW - DAY, by=by)
    with pytest.raises(Refused, match="Somebody is in that bed"):
        closed(england, by, since=-3)


def test_somebody_who_leaves_before_the_bed_is_closed_can_have_it(england, by):
    closed(england, by, since=5)
    with pytest.raises(Refused, match="closed for part"):
        in_bed(england, by, leaves=6)
    assert in_bed(england, by, leaves=5).during.upper is None


def test_a_bed_is_held_for_those_at_the_service_and_those_about_whom_it_is_asked(england, by):
    with pytest.raises(Refused, match="not asked about them"):
        promised(england, by, patient=a_patient(england))
    waiting = accepted(england).patient
    assert promised(england, by, patient=waiting).patient == waiting


@pytest.mark.parametrize(("since", "until"), [(0, None), (1, 3), (3, 9)])
def test_a_bed_that_is_held_then_is_not_closed_and_that_is_said(england, by, since, until):
    promised(england, by, since=2, until=5)
    with pytest.raises(Refused, match="held for somebody in this time") as no:
        closed(england, by, since=since, until=until)
    assert no.value.field == "since"
    closed(england, by, since=5)


def test_a_bed_is_not_closed_twice_and_that_is_said(england, by):
    closed(england, by, since=2, until=5)
    with pytest.raises(Refused, match="closed already for part of this time"):
        closed(england, by, since=4)
