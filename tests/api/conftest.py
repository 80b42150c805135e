"""A transfer with clinical and typed words wherever they may stand, on the Monday of the made-up world."""

import pytest

from referrals import actions
from referrals.models import Referral
from tests.referrals.transfers import asked, assessed, decided, fresh, on, reported
from tests.world import NOW, a_patient, actor_of

NAME, CLINICAL, TYPED = "Namecanary", "Clinicalcanary", "Typedcanary"


@pytest.fixture(autouse=True)
def monday(time_machine):
    """The API reads the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def waiting(england) -> Referral:
    """Accepted and reported, with a review, a delay and a contact."""
    patient = a_patient(england, given_name=NAME, family_name=NAME)
    referral = asked(england, patient, urgency_why=CLINICAL, report_first_requested_on=on(-9))
    assessed(england, referral)
    decided(england, referral, words=CLINICAL, expected_on=on(5), depends_on=TYPED)
    decided(england, referral, england.brook, outcome="declined", reason="tier_too_low", words=CLINICAL)
    reported(england, referral)
    ines, lena = actor_of(england.ines), actor_of(england.lena)
    actions.record_review(
        referral, on=on(0), how_the_person_is=CLINICAL, interim_plan=CLINICAL, next_on=on(7), by=ines
    )
    days = {"first_day": on(-9), "last_day": on(-6), "party": "prison", "reason": "late_request"}
    actions.record_delay(referral, words=TYPED, by=lena, **days)
    actions.record_contact(referral, on=on(0), with_whom="Bed manager", said=TYPED, by=lena)
    return fresh(referral)
