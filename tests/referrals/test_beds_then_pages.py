"""Receiving and moving, entered for an earlier day: the beds are those that were free then."""

from datetime import timedelta

import pytest
from psycopg2.extras import DateTimeTZRange

from organisations.models import Bed
from pathways.models import BedUse
from tests.pathways.test_beds_then import occupied
from tests.referrals.asking import boxes, text
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.sending import address, done, refused, says, send
from tests.referrals.transfers import at, fresh, on, ready
from tests.world import NOW, TODAY, a_patient, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_somebody_is_received_late_into_a_bed_that_was_free_then(england, time_machine):
    third = Bed.objects.create(ward=england.ward, name="3")
    referral = ready(england)
    occupied(england, england.second_bed, since=at(3), until=at(5))
    time_machine.move_to(at(6), tick=False)
    then = boxes("on", on(4))
    client = client_of(england.maya)
    shown = client.get(address(referral, "received"))
    assert "Alder ward, bed 2" in text(shown)
    shown = client.post(address(referral, "received"), {**then, "look": "1"})
    assert shown.status_code == 200
    assert "Alder ward, bed 2" not in text(shown)
    assert "Alder ward, bed 3" in text(shown)
    assert "Held for this person" in text(shown)
    assert fresh(referral).ended_on is None
    given = {"bed": str(england.second_bed.public_id), **then}
    refused(send(england.maya, referral, "received", **given), "That bed was not free at that moment", 400)
    done(send(england.maya, referral, "received", **{**given, "bed": str(third.public_id)}))
    assert BedUse.objects.current().get(patient=referral.patient, purpose="occupied").bed == third


def test_somebody_has_moved_into_a_bed_that_was_free_then(england, time_machine):
    other = Bed.objects.create(ward=england.brook_ward, name="2")
    patient = in_ashdown(england)
    referral = referred(england, patient)
    accepted_by_brook(england, referral)
    BedUse.objects.create(
        bed=england.brook_bed,
        patient=a_patient(england),
        purpose="occupied",
        during=DateTimeTZRange(NOW, NOW + 2 * DAY),
        recorded_at=NOW,
    )
    time_machine.move_to(NOW + 3 * DAY, tick=False)
    path = f"/referrals/{referral.public_id}/moved/"
    client = client_of(england.luke)
    assert "Birch ward, bed 1" in says(client.get(path))
    shown = client.post(path, {**boxes("on", TODAY + DAY), "look": "1"})
    assert shown.status_code == 200
    assert "Birch ward, bed 1" not in says(shown)
    assert "Birch ward, bed 2" in says(shown)
    then = {"bed": str(other.public_id), **boxes("on", TODAY + DAY)}
    assert client.post(path, then).status_code == 302
    assert BedUse.objects.current().get(patient=patient, during__upper_inf=True).bed == other
