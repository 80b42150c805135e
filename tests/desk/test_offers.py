"""What one person's page offers to whom: nothing that the rule would refuse for who asks or where the person is."""

import re
from datetime import timedelta

import pytest

from pathways.actions import beds, patients, placements
from tests.assessments.drafting import written
from tests.pathways.leave_world import on_trial
from tests.referrals.asking import text
from tests.referrals.transfers import asked
from tests.world import NOW, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# The acts whose rule looks at who asks and where the person is, by how the page names them.
ACTS = {
    "Ask for a transfer": "ask",
    "Start an assessment": "assess",
    "Record that they are ready": "ready",
    "Plan leave": "plan leave",
    "Record leave": "leave",
    "Plan a court day or an escort": "plan movement",
    "Record court, A&E or an escort": "movement",
}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def page_of(england, patient, who):
    return client_of(getattr(england, who)).get(f"/patients/{patient.public_id}/")


def offered(england, patient, who):
    """The acts offered, or the status where the page is closed."""
    response = page_of(england, patient, who)
    if response.status_code != 200:
        return response.status_code
    links = re.findall(r'<a class="nhsuk-button[^>]*>([^<]+)</a>', response.content.decode())
    return {ACTS[one.replace("&amp;", "&")] for one in links if one.replace("&amp;", "&") in ACTS}


def admitted(england, patient, *, at=NOW - DAY):
    by = actor_of(england.maya, at=at)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=at, by=by)
    beds.occupy_bed(england.bed, patient=patient, at=at, by=by)
    return patient


MOVES, HAD = {"plan movement", "movement"}, {"ready", "leave", "movement"}
CLOSED = {"carl": set(), "anna": 403, "adam": 403}


def test_of_somebody_in_prison_with_a_transfer(england):
    patient = asked(england).patient
    wanted = {"lena": MOVES, "ines": MOVES, "maya": {"assess"}, "luke": {"assess"}, **CLOSED}
    assert {who: offered(england, patient, who) for who in wanted} == wanted


def test_of_somebody_in_prison_without_one(england):
    patient = a_patient(england)
    for who in ("lena", "ines"):
        assert offered(england, patient, who) == {"ask", *MOVES}


def test_of_somebody_in_hospital_to_it_and_to_those_who_had_them(england):
    patient = admitted(england, asked(england).patient)
    wanted = {
        "lena": {"movement"},
        "ines": {"movement"},
        "maya": {"assess", "plan leave", "plan movement", *HAD},
        "luke": {"assess"},
        **CLOSED,
    }
    assert {who: offered(england, patient, who) for who in wanted} == wanted


def test_of_somebody_who_has_left_a_hospital(england):
    patient = admitted(england, asked(england).patient, at=NOW - 2 * DAY)
    by = actor_of(england.maya, at=NOW - DAY)
    placements.place(patient, elsewhere="released", at=NOW - DAY, by=by)
    assert offered(england, patient, "maya") == {"assess", *HAD}


def test_of_somebody_on_trial_at_another_hospital(england):
    patient = admitted(england, asked(england).patient, at=NOW - 2 * DAY)
    on_trial(england, patient, at=NOW - DAY)
    assert offered(england, patient, "luke") == {"assess", *MOVES}
    assert "Record the return" in text(page_of(england, patient, "luke"))
    assert "Record the return" not in text(page_of(england, patient, "ines"))


def test_of_somebody_whose_assessment_one_s_own_service_writes(england):
    referral = asked(england)
    written(england, referral.patient)
    assert "assess" not in offered(england, referral.patient, "maya")
    assert "assess" in offered(england, referral.patient, "luke")


def test_of_somebody_who_has_died_nothing_new(england):
    patient = a_patient(england)
    patients.record_death(patient, on=NOW.date(), by=actor_of(england.lena))
    for who in ("lena", "ines"):
        assert offered(england, patient, who) == set()


def test_the_list_of_leave_offers_the_same(england):
    patient = a_patient(england)
    for who in ("ines", "lena"):
        listed = text(client_of(getattr(england, who)).get(f"/patients/{patient.public_id}/leave/"))
        assert "Plan a court day or an escort" in listed
        assert "Plan leave" not in listed
        assert "Record leave" not in listed


def test_a_place_is_put_right_by_those_who_had_the_person_then_or_have_them(england):
    patient = admitted(england, asked(england).patient, at=NOW - 2 * DAY)
    by = actor_of(england.maya, at=NOW - DAY)
    placements.place(patient, elsewhere="released", at=NOW - DAY, by=by)
    prison, hospital, released = patient.placements.current().order_by("during")
    addresses = {
        place: f"/patients/{patient.public_id}/places/{place.public_id}/correct/"
        for place in (prison, hospital, released)
    }
    wanted = {"lena": {prison, hospital}, "maya": {hospital, released}, "luke": set(), "carl": set()}
    for who, places in wanted.items():
        page = page_of(england, patient, who).content.decode()
        assert {place for place, link in addresses.items() if link in page} == places, who
