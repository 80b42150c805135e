"""Find a bed: what is met and what is not, in the order of the rules, for those who may act on it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.referrals.sending import address, says
from tests.referrals.transfers import accepted, asked
from tests.world import NOW, a_patient, a_ward, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def page(user, referral, **given):
    return client_of(user).get(address(referral, "find-a-bed"), given)


def test_it_opens(england):
    referral = accepted(england)
    response = page(england.maya, referral)
    assert response.status_code == 200
    print(says(response))
