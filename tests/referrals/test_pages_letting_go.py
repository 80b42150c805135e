"""Letting one service go: what falls with it stands above the form, and nothing else does."""

import pytest

from referrals import actions
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.sending import address, says
from tests.referrals.transfers import approach_of, asked, ready
from tests.world import NOW, TODAY, actor_of, client_of

BED, WARRANT = "is free again", "the warrant in force until"


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def page(user, approach):
    shown = client_of(user).get(address(approach.referral, f"services/{approach.public_id}/withdraw"))
    assert shown.status_code == 200
    return says(shown)


def test_the_bed_and_the_warrant_of_the_service_are_named(england):
    shown = page(england.lena, approach_of(ready(england), england.ashdown))
    assert "Alder ward, bed 1, held from 5 March 2026, is free again" in shown
    assert (
        "the warrant in force until 15 March 2026 names Ashdown Unit: another hospital needs a new one"
        in shown
    )


def test_what_another_service_gave_is_not_said_to_fall(england):
    referral = ready(england)
    shown = page(england.lena, approach_of(referral, england.brook))
    assert BED not in shown
    assert WARRANT not in shown
    assert "no service is asked any more" not in shown


def test_the_last_service_and_the_one_that_leads_say_so(england):
    referral = asked(england, services=[england.ashdown])
    actions.name_lead(referral, england.ashdown, by=actor_of(england.carl))
    shown = page(england.lena, approach_of(referral, england.ashdown))
    assert "no service leads the assessment any more" in shown
    assert "no service is asked any more" in shown
    assert BED not in shown


def test_a_service_that_steps_back_reads_what_its_own_stepping_back_means(england):
    shown = page(england.maya, approach_of(ready(england), england.ashdown))
    assert "Alder ward, bed 1, held from 5 March 2026, is free again" in shown
    assert WARRANT in shown
    assert "those who asked and the case manager are told" in shown


def test_an_agreement_that_falls_is_said(england):
    maya = actor_of(england.maya)
    remission = referred(
        england, in_ashdown(england, code="15"), "remission", ground="not_required", on=TODAY
    )
    for prison in (england.prison, england.other_prison):
        actions.ask_service(remission, prison, by=maya)
    actions.record_agreement(approach_of(remission, england.prison), on=TODAY, by=actor_of(england.lena))
    agreed = "the agreement of HMP Wexley no longer counts"
    assert agreed in page(england.maya, approach_of(remission, england.prison))
    assert "the agreement of" not in page(england.maya, approach_of(remission, england.other_prison))
