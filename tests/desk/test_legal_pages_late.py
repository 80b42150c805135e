"""The page of a legal status that held earlier, and of one that the law counts in hours."""

import re
from datetime import timedelta

import pytest

from accounts.rights import Role
from core.pages import date_and_time, long_date
from pathways.actions import beds, legal
from pathways.days import LONDON, london_date
from pathways.models import LegalStatus
from tests.desk.test_legal_pages import address, send
from tests.referrals.asking import boxes, text, today
from tests.world import a_patient, a_user, actor_of, client_of, member, now

DAY = timedelta(days=1)


@pytest.fixture
def patient(england):
    """Somebody at Ashdown."""
    return a_patient(england, at_service=england.ashdown)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=now())


@pytest.fixture
def status(patient, by):
    """Under sections 37 and 41 for a month."""
    return legal.record_legal_status(patient, code="09", since=today() - 30 * DAY, by=by)


@pytest.fixture
def a_doctor(england):
    """A clinician of Ashdown without duties."""
    doctor = a_user("Dora")
    member(doctor, Role.CLINICIAN, service=england.ashdown)
    return doctor


def test_one_that_held_earlier_is_entered_once_what_it_goes_against_was_seen(england, patient, status):
    since, last_day = today() - 60 * DAY, today() - 21 * DAY
    given = {"status": "other", "other": "17a", **boxes("since", since), **boxes("last_day", last_day)}
    shown = send(england, patient, "legal-status/", **given)
    assert shown.status_code == 409
    page = text(shown)
    assert "Nothing is written yet" in page
    assert f"This would record “Section 48 with section 49 restrictions” from {long_date(since)}" in page
    assert f"only from {long_date(last_day + DAY)} on would stay" in page
    assert "Record the legal status all the same" in page
    assert LegalStatus.objects.get() == status
    checked = re.search(r'name="checked" value="([^"]+)"', shown.content.decode())[1]
    assert send(england, patient, "legal-status/", **given, checked=checked).status_code == 302
    found = LegalStatus.objects.current().order_by("during")
    assert [(one.code, one.during.lower) for one in found] == [("17", since), ("09", last_day + DAY)]
    assert found[1].during.upper is None
    status.refresh_from_db()
    assert status.superseded_by == england.maya


def test_a_recall_has_its_time_and_its_hours_on_the_page_and_on_home(england, by, a_doctor, time_machine):
    began = by.at.replace(hour=12, minute=0, second=0, microsecond=0) - DAY
    time_machine.move_to(began, tick=False)
    patient = a_patient(england, at_service=england.ashdown)
    beds.occupy_bed(england.bed, patient=patient, at=began, by=by)
    since = london_date(began)
    given = {"status": "other", "other": "98recalled", **boxes("since", since)}
    wall = f"{began.astimezone(LONDON):%H:%M}"
    assert send(england, patient, "legal-status/", **given, at_time=wall).status_code == 302
    status = LegalStatus.objects.current().get()
    assert (status.began_at, status.lapses_at) == (began, began + timedelta(hours=72))
    page = text(client_of(england.maya).get(address(patient)))
    assert f"authority until {date_and_time(status.lapses_at)}" in page
    assert "72 hours left" in page
    correct = address(patient, f"legal-status/{status.public_id}/correct/")
    assert f'value="{wall}"' in client_of(england.maya).get(correct).content.decode()
    for moved, tag, on_home in (
        (timedelta(hours=71, minutes=59), "Less than 1 hour left", "The authority to detain ends soon"),
        (timedelta(hours=72), "Over", "The authority to detain has ended"),
    ):
        time_machine.move_to(began + moved, tick=False)
        assert tag in text(client_of(england.maya).get(address(patient)))
        for user in (england.maya, a_doctor):
            home = text(client_of(user).get("/"))
            assert f"{on_home}: {date_and_time(status.lapses_at)}" in home
            assert ("To do now" in home) is (tag == "Over")
    revoked = {"status": "03", **boxes("since", london_date(status.lapses_at))}
    assert send(england, patient, "legal-status/", **revoked).status_code == 302
    assert "The authority to detain" not in text(client_of(a_doctor).get("/"))


def test_a_time_of_what_is_counted_in_days_is_refused_beside_it(england, patient):
    given = {"status": "other", "other": "03", **boxes("since", today() - DAY), "at_time": "10:00"}
    response = send(england, patient, "legal-status/", **given)
    assert response.status_code == 409
    assert "counts in hours has a time" in text(response)
