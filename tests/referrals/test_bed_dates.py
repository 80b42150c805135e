"""The bed date of an accepting service: given, held, taken back."""

from datetime import timedelta

import pytest

from core.models import Notification
from core.refusals import Refused
from pathways.actions import beds, placements
from pathways.days import noon
from pathways.models import BedUse
from referrals import actions
from referrals.models import BedOffer
from tests.referrals.transfers import (
    accepted,
    applied,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    decided,
    fresh,
    on,
    ready,
    reported,
    standing,
    warranted,
)
from tests.world import actor_of


def test_a_bed_date_holds_the_bed_from_noon_for_a_week(england):
    referral = accepted(england)
    offer = bedded(england, referral)
    hold = offer.hold
    assert (hold.during.lower, hold.during.upper) == (noon(on(3)), noon(on(10)))
    assert (hold.patient, hold.purpose) == (referral.patient, "held")
    assert fresh(referral).next_step == "first_report"
    with pytest.raises(Refused, match="already given"):
        bedded(england, referral)


def test_a_bed_just_gone_is_refused_and_nothing_is_half_written(england):
    first, second = accepted(england), accepted(england)
    bedded(england, first)
    with pytest.raises(Refused, match="just gone"):
        bedded(england, second)
    assert BedOffer.objects.count() == 1
    assert "bed_date" not in standing(second)


def test_a_bed_that_was_somebodys_already_is_free_from_a_day_and_has_not_just_gone(england):
    first, second = accepted(england), accepted(england)
    bedded(england, first)
    with pytest.raises(Refused, match=f"This bed is free from {on(10).day} March 2026") as refused:
        bedded(england, second, when=at(1))
    assert refused.value.field == "bed_on"
    assert bedded(england, second, when=at(1), bed_on=on(10)).bed == england.bed


def test_a_bed_that_is_free_in_the_evening_can_be_had_the_day_after(england):
    first, second = accepted(england), accepted(england)
    hold = bedded(england, first).hold
    beds.extend_hold(hold, until=noon(on(10)) + timedelta(hours=6), by=actor_of(england.maya))
    with pytest.raises(Refused, match="free from 13 March 2026"):
        bedded(england, second, when=at(1), bed_on=on(10))
    assert bedded(england, second, when=at(1), bed_on=on(11))


def test_a_bed_in_use_without_an_end_has_no_day_from_which_it_is_free(england):
    first, second = accepted(england), accepted(england)
    patients = [first.patient, second.patient]
    placements.place(
        patients[0],
        service=england.ashdown,
        ward=england.bed.ward,
        at=at(-2),
        by=actor_of(england.maya, at=at(-2)),
    )
    beds.occupy_bed(
        england.bed, patient=patients[0], at=at(-2), about=None, by=actor_of(england.maya, at=at(-2))
    )
    with pytest.raises(Refused, match="taken for part of this time"):
        bedded(england, second)


def test_a_bed_date_needs_an_acceptance_and_a_bed_of_ones_own(england):
    referral = asked(england)
    with pytest.raises(Refused, match="Accept the person"):
        bedded(england, referral)
    assessed(england, referral)
    decided(england, referral)
    approach = approach_of(referral, england.ashdown)
    with pytest.raises(Refused, match="your own service"):
        actions.give_bed_date(approach, england.brook_bed, bed_on=on(3), by=actor_of(england.maya))
    with pytest.raises(Refused, match="Only the service"):
        actions.give_bed_date(approach, england.bed, bed_on=on(3), by=actor_of(england.luke))


def test_a_bed_date_taken_back_frees_the_bed_and_calls_the_case_manager(england):
    referral = accepted(england)
    offer = bedded(england, referral)
    by = actor_of(england.maya, at=at(1))
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_bed_date(offer, why=" ", by=by)
    actions.withdraw_bed_date(offer, why="A flood.", by=by)
    assert "bed_date" not in standing(referral)
    assert not BedUse.objects.current().filter(patient=referral.patient).exists()
    assert Notification.objects.filter(kind="referrals.bed_date_withdrawn", user=england.carl).exists()
    with pytest.raises(Refused, match="withdrawn already"):
        actions.withdraw_bed_date(offer, why="A flood.", by=by)


def test_a_hold_that_has_run_out_is_let_go_without_a_fuss(england):
    referral = accepted(england)
    offer = bedded(england, referral)
    actions.withdraw_bed_date(offer, why="Too late now.", by=actor_of(england.maya, at=at(20)))
    offer.hold.refresh_from_db()
    assert offer.hold.superseded_at is None
    assert offer.hold.during.upper == noon(on(10))


def test_under_a_live_warrant_the_bed_is_held_to_the_end_of_it(england):
    referral = ready(england)
    offer = BedOffer.objects.current().get(approach__referral=referral)
    assert offer.hold.during.upper.date() == on(14)
    by = actor_of(england.maya)
    actions.withdraw_bed_date(offer, why="Another room.", by=by)
    again = bedded(england, referral, bed_on=on(1))
    assert again.hold.during.upper.date() == on(14)


def test_a_warrant_leaves_a_hold_alone_that_runs_longer(england):
    referral = accepted(england)
    reported(england, referral)
    offer = bedded(england, referral, bed_on=on(12))
    applied(england, referral)
    warranted(england, referral)
    offer.hold.refresh_from_db()
    assert offer.hold.during.upper == noon(on(19))
