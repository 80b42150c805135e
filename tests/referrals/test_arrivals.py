"""A reception, or another move, that was recorded by mistake is taken back with all that came with it."""

from datetime import timedelta

import pytest

from core.refusals import Refused
from organisations.actor import Actor
from pathways.actions import beds, legal, placements
from pathways.models import BedUse, Clock, Event, LegalStatus, MissingAuthority, Placement
from referrals import actions
from referrals.models import BedOffer, Warrant
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.test_mistakes import clock_of, undone
from tests.referrals.transfers import applied, at, fresh, on, ready, received, standing, warranted
from tests.world import TODAY, actor_of

DAY = timedelta(days=1)


def statuses(patient):
    """Code and days of what the person is believed to be held under, earliest first."""
    believed = LegalStatus.objects.current().filter(patient=patient).order_by("during")
    return [(one.code, one.during.lower, one.during.upper) for one in believed]


def bed_of(patient):
    use = BedUse.objects.current().occupying().filter(patient=patient, during__upper_inf=True).first()
    return use.bed if use else None


@pytest.mark.parametrize("who", ["maya", "lena", "carl"])
def test_a_reception_by_mistake_is_undone_by_either_end_and_the_case_manager(england, who):
    referral = ready(england)
    before, held = standing(referral), statuses(referral.patient)
    received(england, referral)
    again = undone(england, referral, who=who, when=at(4))
    assert (again.ended_on, again.received_on, again.received_service) == (None, None, None)
    assert standing(referral) == before
    assert Placement.objects.open_of(referral.patient).service == england.prison
    assert bed_of(referral.patient) is None
    assert statuses(referral.patient) == held
    running = set(Clock.objects.running().of("referral", referral.pk).values_list("policy__code", flat=True))
    assert {"bradley-14", "nhse-transfer-14", "warrant-14"} <= running
    assert Warrant.objects.live().filter(referral=referral).exists()
    assert BedOffer.objects.current().get(approach__referral=referral).bed == england.bed
    kinds = set(Event.objects.filter(patient=referral.patient).values_list("kind", flat=True))
    assert {"pathways.bed_taken_back", "pathways.status_taken_back", "pathways.placement_removed"} <= kinds


def test_they_are_received_again_on_the_right_day(england):
    referral = ready(england)
    received(england, referral, when=at(3))
    undone(england, referral, when=at(4))
    again = received(england, fresh(referral), when=at(2, 9))
    assert (again.received_on, again.end_reason) == (on(2), "admitted")
    assert bed_of(referral.patient) == england.bed
    assert clock_of(referral, "bradley-14").ended_on == on(2)
    assert Warrant.objects.get(referral=referral).outcome == "used"


def test_what_the_prison_said_of_their_leaving_stands_and_is_unconfirmed_again(england):
    referral = ready(england)
    actions.leave_prison(referral, on=on(3), by=actor_of(england.lena, at=at(3)))
    received(england, referral, when=at(3))
    undone(england, referral, when=at(4))
    left = referral.steps.current().get(kind="left")
    assert (left.done_on, left.confirmed_at) == (on(3), None)


def test_what_the_prison_said_in_answer_goes_with_the_reception(england):
    referral = ready(england)
    received(england, referral)
    actions.confirm_departure(referral, by=actor_of(england.lena, at=at(4)))
    undone(england, referral, when=at(5))
    assert "left" not in standing(referral)


def test_a_warrant_that_lapsed_before_stays_lapsed(england):
    referral = ready(england)
    actions.lapse_warrants(on=on(14), by=Actor.system("sweep", at=at(14)))
    referral = fresh(referral)
    applied(england, referral, when=at(15))
    warranted(england, referral, when=at(15))
    received(england, fresh(referral), when=at(17))
    undone(england, referral, when=at(18))
    clocks = Clock.objects.of("referral", referral.pk).filter(policy__code="warrant-14").order_by("pk")
    assert [clock.ended_as for clock in clocks] == ["lapsed", ""]
    outcomes = Warrant.objects.filter(referral=referral).order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["lapsed", "live"]


def test_a_warrant_whose_days_are_over_by_then_has_lapsed(england):
    referral = ready(england)
    received(england, referral, when=at(13))
    undone(england, referral, when=at(16))
    assert Warrant.objects.get(referral=referral).outcome == "lapsed"
    assert not {"warrant", "application"} & standing(referral)


@pytest.mark.parametrize("what", ["another bed", "another place", "another legal status"])
def test_what_stands_on_the_reception_is_put_right_first(england, what):
    referral = received(england, ready(england))
    maya = actor_of(england.maya, at=at(4))
    if what == "another bed":
        beds.vacate_bed(referral.patient, at=at(4), by=maya)
        beds.occupy_bed(england.second_bed, patient=referral.patient, at=at(4), by=maya)
    elif what == "another place":
        placements.place(referral.patient, service=england.brook, at=at(4), by=maya)
    else:
        legal.record_legal_status(referral.patient, code="03", since=on(4), by=maya)
    with pytest.raises(Refused, match=what):
        undone(england, referral, when=at(5))
    assert fresh(referral).end_reason == "admitted"


def test_a_reception_whose_place_was_not_recorded_with_it_stands(england):
    referral = received(england, ready(england))
    now = Placement.objects.open_of(referral.patient)
    Placement.objects.filter(pk=now.pk).update(recorded_at=at(2))
    with pytest.raises(Refused, match="another place"):
        undone(england, referral, when=at(5))


# Other moves


def test_a_move_by_mistake_is_undone_and_the_bed_left_is_theirs_again(england):
    patient = in_ashdown(england)
    was, held = bed_of(patient), statuses(patient)
    referral = referred(england, patient)
    accepted_by_brook(england, referral)
    luke = actor_of(england.luke, at=at(1))
    actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=at(1), by=luke)
    assert bed_of(patient) == england.brook_bed
    actions.undo_end(fresh(referral), why="Another person's.", by=actor_of(england.luke, at=at(2)))
    assert fresh(referral).ended_on is None
    assert "moved" not in standing(referral)
    assert Placement.objects.open_of(patient).service == england.ashdown
    assert (bed_of(patient), statuses(patient)) == (was, held)


def test_what_lacked_an_authority_does_so_again_when_it_happens_after_all(england, maya):
    patient = in_ashdown(england, code="09")
    referral = referred(england, patient, "sideways")
    actions.ask_service(referral, england.brook, by=maya)
    at_brook = {"service": england.brook, "bed": england.brook_bed}
    first, second = (actor_of(england.luke, at=at(days)) for days in (1, 3))
    actions.record_move(referral, **at_brook, at=at(1), by=first)
    missing = MissingAuthority.objects.get(about_kind="referral", about_id=referral.pk)
    actions.undo_end(fresh(referral), why="Another person's.", by=actor_of(england.luke, at=at(2)))
    missing.refresh_from_db()
    assert missing.settled_at == at(2)
    actions.record_move(fresh(referral), **at_brook, at=at(3), by=second)
    missing.refresh_from_db()
    assert (missing.settled_at, missing.on) == (None, TODAY + 3 * DAY)
