"""A move that meets what else is recorded: trial leave, a place known already, later records, an undone end."""

from datetime import timedelta

import pytest
from psycopg2.extras import DateRange

from core.refusals import Conflicting, Refused
from organisations.models import Bed
from pathways.actions import beds, leave, legal, placements
from pathways.days import noon
from pathways.models import BedUse, LegalStatus, MissingAuthority, Placement
from referrals import actions
from tests.pathways.leave_world import away, on_trial
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.transfers import approach_of, asked, at, fresh
from tests.world import NOW, TODAY, a_patient, a_service, actor_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def lena(england):
    return actor_of(england.lena, at=NOW + 6 * HOUR)


@pytest.fixture
def team(england):
    provider = england.ashdown.provider
    return a_service("Shires team", kind="community", provider=provider, commissioner=england.north)


@pytest.fixture
def remission(england, maya):
    """Asked five days ago of HMP Wexley, by its restriction direction."""
    patient = in_ashdown(england, code="15")
    referral = referred(england, patient, "remission", ground="not_required", on=TODAY - 5 * DAY)
    actions.ask_service(referral, england.prison, by=maya)
    return referral


def beds_of(patient):
    lasting = BedUse.objects.current().filter(patient=patient, during__upper_inf=True)
    return [(one.bed, one.purpose) for one in lasting]


def statuses_of(patient):
    known = LegalStatus.objects.current().filter(patient=patient).order_by("during")
    return [(one.code, one.during.lower, one.during.upper) for one in known]


# The place and the bed


@pytest.mark.parametrize("stays_first", [False, True])
def test_whoever_is_on_trial_in_the_bed_moves_into_it(england, maya, stays_first):
    patient = in_ashdown(england)
    referral = referred(england, patient)
    actions.ask_service(referral, england.brook, by=maya)
    tried, luke = on_trial(england, patient), actor_of(england.luke, at=at(3, 1))
    if stays_first:
        leave.stay_on_ward(tried, at=at(3), by=luke)
    actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=at(3), by=luke)
    assert fresh(referral).end_reason == "moved"
    assert beds_of(patient) == [(england.brook_bed, "occupied")]
    tried.refresh_from_db()
    assert tried.ended_as == "moved"
    assert Placement.objects.current().filter(patient=patient, service=england.brook).count() == 1


def test_whoever_is_on_trial_moves_into_another_bed_of_the_ward(england, maya):
    patient = in_ashdown(england)
    referral = referred(england, patient)
    actions.ask_service(referral, england.brook, by=maya)
    on_trial(england, patient)
    other, by = Bed.objects.create(ward=england.brook_ward, name="9"), actor_of(england.luke, at=at(3))
    actions.record_move(referral, service=england.brook, bed=other, at=at(3), by=by)
    assert beds_of(patient) == [(other, "occupied")]
    tried = BedUse.objects.current().get(patient=patient, bed=england.brook_bed)
    assert (tried.during.lower, tried.during.upper) == (NOW, at(3))


@pytest.mark.parametrize("kind", ["overnight", "escorted"])
def test_whoever_moves_while_on_leave_keeps_no_bed_and_is_on_leave_no_more(england, maya, kind):
    patient = in_ashdown(england)
    referral = referred(england, patient)
    actions.ask_service(referral, england.brook, by=maya)
    gone, by = away(england, patient, kind), actor_of(england.luke, at=at(1))
    actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=at(1), by=by)
    assert beds_of(patient) == [(england.brook_bed, "occupied")]
    gone.refresh_from_db()
    assert gone.ended_as == "moved"


def test_a_place_that_is_known_already_is_not_recorded_again(england, remission, lena):
    patient = remission.patient
    known = placements.place(patient, service=england.prison, at=NOW + 2 * HOUR, by=lena)
    with pytest.raises(Refused, match="there since 2 March 2026"):
        actions.record_move(remission, service=england.prison, at=NOW - DAY, by=lena)
    actions.record_move(remission, service=england.prison, at=noon(TODAY), time_known=False, by=lena)
    assert fresh(remission).end_reason == "moved"
    assert Placement.objects.open_of(patient) == known


def test_a_move_entered_after_another_is_recorded_once_its_conflicts_are_seen(england, remission, maya):
    placements.place(remission.patient, elsewhere="general_hospital", at=NOW - DAY, by=maya)
    with pytest.raises(Conflicting) as seen:
        actions.record_move(remission, service=england.prison, at=NOW - 3 * DAY, by=maya)
    assert fresh(remission).is_open
    actions.record_move(
        remission, service=england.prison, at=NOW - 3 * DAY, checked=seen.value.checked, by=maya
    )
    assert fresh(remission).end_reason == "moved"
    assert Placement.objects.open_of(remission.patient).elsewhere == "general_hospital"


def test_a_move_into_a_bed_is_entered_after_they_left_it_again(england, maya):
    """Brook House had them for two days; then they came back to Ashdown, and only that was recorded."""
    patient = in_ashdown(england)
    referral = referred(england, patient, on=TODAY - 5 * DAY)
    actions.ask_service(referral, england.brook, by=maya)
    placements.place(patient, elsewhere="general_hospital", at=NOW - DAY, by=maya)
    move = {"service": england.brook, "bed": england.brook_bed, "at": NOW - 3 * DAY}
    with pytest.raises(Conflicting) as seen:
        actions.record_move(referral, **move, by=maya)
    assert fresh(referral).is_open
    actions.record_move(referral, **move, checked=seen.value.checked, by=maya)
    assert fresh(referral).end_reason == "moved"
    assert Placement.objects.open_of(patient).elsewhere == "general_hospital"
    use = BedUse.objects.current().get(patient=patient, bed=england.brook_bed)
    assert (use.during.lower, use.during.upper) == (NOW - 3 * DAY, NOW - DAY)
    other = BedUse.objects.current().get(patient=patient, bed=england.second_bed)
    assert other.during.upper == NOW - 3 * DAY


def test_a_bed_that_somebody_else_had_then_is_not_entered_late(england, maya):
    patient = in_ashdown(england)
    referral = referred(england, patient, on=TODAY - 5 * DAY)
    actions.ask_service(referral, england.brook, by=maya)
    placements.place(patient, elsewhere="general_hospital", at=NOW - DAY, by=maya)
    other, luke = a_patient(england), actor_of(england.luke)
    placements.place(other, service=england.brook, ward=england.brook_ward, at=NOW - 2 * DAY, by=luke)
    beds.occupy_bed(england.brook_bed, patient=other, at=NOW - 2 * DAY, by=luke)
    move = {"service": england.brook, "bed": england.brook_bed, "at": NOW - 3 * DAY}
    with pytest.raises(Conflicting) as seen:
        actions.record_move(referral, **move, by=maya)
    with pytest.raises(Refused):
        actions.record_move(referral, **move, checked=seen.value.checked, by=maya)
    assert fresh(referral).is_open
    assert not BedUse.objects.filter(patient=patient, bed=england.brook_bed).exists()


def test_nobody_moves_to_a_service_that_is_not_asked(england, maya):
    referral = referred(england, in_ashdown(england))
    with pytest.raises(Refused, match="not asked"):
        actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=NOW, by=maya)


# The law


def ended(status, last_day):
    """As it was recorded while that could still be said of somebody in hospital."""
    during = DateRange(status.during.lower, last_day + DAY)
    LegalStatus.objects.filter(pk=status.pk).update(during=during)


def test_a_status_that_ended_on_the_day_of_the_move_gives_way(england, remission, maya, lena):
    patient = remission.patient
    (status,) = LegalStatus.objects.current().filter(patient=patient)
    ended(status, TODAY)
    actions.record_move(remission, service=england.prison, at=NOW, by=lena)
    assert fresh(remission).end_reason == "moved"
    assert statuses_of(patient) == [("15", TODAY - 40 * DAY, TODAY), ("98", TODAY, None)]


def test_a_status_that_ended_after_the_day_of_the_move_stands(england, remission, maya, lena):
    patient = remission.patient
    (status,) = LegalStatus.objects.current().filter(patient=patient)
    ended(status, TODAY - DAY)
    actions.record_move(remission, service=england.prison, at=NOW - 3 * DAY, by=lena)
    assert statuses_of(patient) == [("15", TODAY - 40 * DAY, TODAY), ("98", TODAY, None)]


def test_a_status_that_began_after_the_move_stands_and_what_it_lacked_is_a_task(england, maya, team):
    patient = in_ashdown(england, code="09")
    referral = referred(england, patient, "to_community", act="conditional_discharge", on=TODAY - 5 * DAY)
    actions.ask_service(referral, team, by=maya)
    legal.record_legal_status(patient, code="02", since=TODAY - DAY, by=maya)
    actions.record_move(referral, service=team, at=NOW - 3 * DAY, by=maya)
    assert fresh(referral).end_reason == "moved"
    assert [code for code, _, _ in statuses_of(patient)] == ["09", "02"]
    assert [one.act for one in MissingAuthority.objects.all()] == ["conditional_discharge"]


def test_whoever_is_recalled_from_a_community_treatment_order_is_held_for_72_hours(england, maya, team):
    patient = in_ashdown(england, code="03")
    out = referred(england, patient, "to_community", act="community_treatment")
    actions.ask_service(out, team, by=maya)
    actions.record_move(out, service=team, at=NOW, by=maya)
    by = actor_of(england.luke, at=at(1))
    recall = actions.refer(
        patient, kind="recall", from_service=england.brook, urgency=1, why="Relapse.", on=TODAY + DAY, by=by
    )
    actions.ask_service(recall, england.brook, by=by)
    actions.record_move(recall, service=england.brook, bed=england.brook_bed, at=at(1), by=by)
    assert fresh(recall).end_reason == "moved"
    status = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    assert (status.form, status.began_at, status.lapses_at) == (
        "recalled",
        at(1),
        at(1) + timedelta(hours=72),
    )
    assert not MissingAuthority.objects.exists()
    actions.undo_end(recall, why="Never came.", by=actor_of(england.luke, at=at(1) + timedelta(hours=1)))
    status = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    assert (status.form, status.lapses_at) == ("community_treatment", None)


# Agreement


def test_nobody_leads_an_assessment_that_is_not_made(england, remission, maya):
    assert fresh(remission).lead_service is None
    step_up = referred(england, remission.patient, "step_up", services=[england.brook])
    assert step_up.lead_service == england.brook


def test_an_agreement_falls_with_the_service_that_gave_it(england, remission, maya, lena):
    actions.ask_service(remission, england.other_prison, by=maya)
    approach = approach_of(remission, england.prison)
    actions.record_agreement(approach, on=TODAY, by=lena)
    assert fresh(remission).next_step == "aftercare"
    actions.withdraw_approach(approach, why="Full.", by=maya)
    assert fresh(remission).next_step == "agreed"


def test_an_agreement_stays_when_another_service_is_let_go(england, remission, maya, lena):
    actions.ask_service(remission, england.other_prison, by=maya)
    actions.record_agreement(approach_of(remission, england.prison), on=TODAY, by=lena)
    actions.withdraw_approach(approach_of(remission, england.other_prison), why="Full.", by=maya)
    assert fresh(remission).next_step == "aftercare"


def test_nobody_says_that_another_service_agrees(england, remission, maya, lena):
    actions.ask_service(remission, england.other_prison, by=maya)
    other = approach_of(remission, england.other_prison)
    with pytest.raises(Refused, match="the one that agrees"):
        actions.record_agreement(other, on=TODAY, by=lena)
    actions.record_agreement(other, on=TODAY, by=maya)
    assert fresh(remission).next_step == "aftercare"


# Undoing


def test_an_end_is_undone_beside_another_referral_that_leads_meanwhile(england):
    patient = a_patient(england)
    court = actions.refer(
        patient,
        kind="court_admission",
        from_service=england.prison,
        urgency=2,
        why="Found unfit.",
        on=TODAY,
        by=actor_of(england.ines),
    )
    transfer, by = asked(england, patient), actor_of(england.lena)
    actions.end_transfer(transfer, reason="entered_in_error", why="Slip.", on=TODAY, by=by)
    assert fresh(court).is_primary
    actions.undo_end(fresh(transfer), why="It stands.", by=by)
    assert (fresh(court).is_primary, fresh(transfer).is_primary) == (False, True)


# Putting right


def test_the_end_follows_the_day_of_the_move_where_no_limit_was_judged_by_it(england, maya):
    referral = referred(england, in_ashdown(england), on=TODAY - 2 * DAY)
    actions.ask_service(referral, england.brook, by=maya)
    actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=NOW, by=maya)
    here = Placement.objects.open_of(referral.patient)
    put_right(here, NOW - DAY, maya)
    moved = fresh(referral)
    assert (moved.ended_on, moved.received_on) == (TODAY - DAY, TODAY - DAY)
    (step,) = referral.steps.current().filter(kind="moved")
    assert (step.done_on, step.done_at) == (TODAY - DAY, NOW - DAY)
    with pytest.raises(Refused, match="before the day it was asked"):
        put_right(Placement.objects.open_of(referral.patient), NOW - 3 * DAY, maya)
    taken = Placement.objects.open_of(referral.patient)
    with pytest.raises(Refused, match=f"Step down {referral.reference} ended with this move"):
        seen_through(lambda checked: placements.remove_placement(taken, why="No.", checked=checked, by=maya))


def test_the_day_of_a_return_to_prison_stays_as_its_limit_was_judged(england, remission, maya):
    actions.record_move(remission, service=england.prison, at=NOW, by=maya)
    here = Placement.objects.open_of(remission.patient)
    with pytest.raises(Refused, match=f"Remission to prison {remission.reference} ended with this move"):
        put_right(here, NOW - DAY, maya)


def put_right(placement, at, by):
    seen_through(
        lambda checked: placements.correct_placement(placement, at=at, why="Slip.", checked=checked, by=by)
    )


def seen_through(act):
    """Do what goes against what is recorded once that has been seen."""
    try:
        act("")
    except Conflicting as seen:
        act(seen.checked)
