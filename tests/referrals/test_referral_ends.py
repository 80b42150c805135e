"""How a referral of another kind than the transfer ends: by a death, by hand, and undone."""

from datetime import timedelta

import pytest

from core.notifications import Notification
from core.refusals import Refused
from pathways.actions import patients
from pathways.models import BedUse
from referrals import actions
from referrals.actions.undoing import end_of
from referrals.models import Referral
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.transfers import asked, fresh
from tests.world import NOW, TODAY, actor_of

DAY = timedelta(days=1)


def test_a_death_ends_every_referral_and_tells_nobody(england, maya):
    patient = in_ashdown(england)
    open_ones = [referred(england, patient), referred(england, patient, "sideways")]
    before = Notification.objects.count()
    patients.record_death(patient, on=TODAY, by=maya)
    assert {fresh(one).end_reason for one in open_ones} == {"died"}
    assert Notification.objects.count() == before


def test_what_a_death_ended_by_mistake_is_open_again_and_what_had_ended_before_is_not(england, maya):
    patient = in_ashdown(england)
    over = referred(england, patient)
    actions.end_referral(over, reason="not_needed", why="Slip.", on=TODAY, by=maya)
    Referral.objects.filter(pk=over.pk).update(end_reason="died")  # by an earlier death
    open_ones = [referred(england, patient), referred(england, patient, "sideways")]
    then, later = (actor_of(england.maya, at=NOW + hours * timedelta(hours=1)) for hours in (1, 2))
    patients.record_death(patient, on=TODAY, by=then)
    patients.take_back_death(patient, why="Another person.", by=later)
    assert [fresh(one).end_reason for one in (over, *open_ones)] == ["died", "", ""]
    assert [fresh(one).is_primary for one in open_ones] == [True, False]
    told = Notification.objects.filter(kind="referrals.end_undone", about_kind="referral")
    assert set(told.values_list("about_id", flat=True)) == {one.pk for one in open_ones}


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({"reason": "moved"}, "Choose how"),
        ({"reason": "died"}, "Choose how"),
        ({"why": " "}, "Say why"),
        ({"on": TODAY + DAY}, "today or in the past"),
        ({"on": TODAY - DAY}, "before the day it was asked"),
    ],
)
def test_an_end_by_hand_takes_a_reason_of_its_list(england, maya, known, says):
    referral = referred(england, in_ashdown(england))
    with pytest.raises(Refused, match=says):
        actions.end_referral(
            referral, **{"reason": "not_needed", "why": "Better.", "on": TODAY, **known}, by=maya
        )


def test_what_was_open_falls_with_the_end(england, maya, luke):
    referral = referred(england, in_ashdown(england))
    approach = accepted_by_brook(england, referral)
    actions.give_bed_date(approach, england.brook_bed, bed_on=TODAY + DAY, by=luke)
    actions.end_referral(referral, reason="overtaken", why="Went to court.", on=TODAY, by=maya)
    approach.refresh_from_db()
    assert approach.closed_at is not None
    assert not BedUse.objects.current().filter(purpose="held").exists()
    assert end_of(fresh(referral)).details["reason"] == "overtaken"


def test_an_end_by_hand_is_undone_with_what_was_asked(england, maya, luke):
    referral = referred(england, in_ashdown(england))
    approach = accepted_by_brook(england, referral)
    actions.give_bed_date(approach, england.brook_bed, bed_on=TODAY + DAY, by=luke)
    actions.end_referral(referral, reason="not_needed", why="Slip.", on=TODAY, by=maya)
    with pytest.raises(Refused, match="or the case manager"):
        actions.undo_end(fresh(referral), why="Wrong one.", by=luke)
    actions.undo_end(fresh(referral), why="Wrong one.", by=maya)
    again = fresh(referral)
    assert (again.ended_on, again.is_primary, again.next_review_on) == (None, True, None)
    approach.refresh_from_db()
    assert approach.closed_at is None
    assert BedUse.objects.current().filter(purpose="held", bed=england.brook_bed).exists()


def test_an_end_is_not_undone_beside_a_second_of_the_kind(england, maya):
    patient = in_ashdown(england)
    first = referred(england, patient)
    actions.end_referral(first, reason="not_needed", why="Slip.", on=TODAY, by=maya)
    referred(england, patient)
    with pytest.raises(Refused, match="asked for already"):
        actions.undo_end(fresh(first), why="Wrong one.", by=maya)


def test_a_transfer_from_prison_is_not_ended_here(england):
    with pytest.raises(Refused, match="on its own page"):
        actions.end_referral(
            asked(england), reason="not_needed", why="Slip.", on=TODAY, by=actor_of(england.lena)
        )
