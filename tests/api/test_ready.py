"""Being ready to move on, for machines: read and recorded by the pages' actions, closed to others."""

from datetime import timedelta

import pytest

from pathways.actions import ready
from pathways.models import ReadyPeriod
from tests.api.asking import do, read, stranger
from tests.pathways.waiting import reason, waits
from tests.referrals.asking import today
from tests.world import a_patient, actor_of, now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def patient(england):
    """Somebody at Ashdown, ready for thirty days."""
    patient, by = a_patient(england, at_service=england.ashdown), actor_of(england.maya, at=now())
    ready.record_ready(patient, since=today() - 30 * DAY, **waits(), by=by)
    return patient


def path(patient, verb=""):
    return f"patients/{patient.public_id}/{verb}"


def verbs(patient):
    """Every verb with a body of the right shape."""
    one = f"ready/{ReadyPeriod.objects.current().get(patient=patient).public_id}/"
    changed = {**reason(reason="24"), "since": today() - 3 * DAY}
    return {
        "ready/": {**waits(), "since": today()},
        f"{one}reason/": changed,
        f"{one}correct/": {**changed, "why": "Misread."},
        f"{one}end/": {"on": today(), "ended_as": "unwell", "why": "Unwell."},
        f"{one}take-back/": {"why": "Another person."},
    }


def test_a_verb_is_closed_to_nobody_wrong_roles_and_strangers(england, patient):
    for verb, body in verbs(patient).items():
        address = path(patient, verb)
        assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
        for user, answer in (
            (england.carl, 403),
            (england.lena, 403),
            (england.anna, 403),
            (england.sam, 404),
        ):
            assert do(user, address, body).status_code == answer, (verb, user)
    assert ReadyPeriod.objects.count() == 1


def test_it_is_read_by_those_who_may_open_the_person(england, patient):
    (shown,) = read(england.maya, path(patient, "ready-periods/")).json()
    assert (shown["reason"], shown["since"], shown["until"]) == ("05", str(today() - 30 * DAY), None)
    assert shown["waits_on_words"] == "The panel on Thursday"
    assert read(england.carl, path(patient, "ready-periods/")).status_code == 200
    assert read(england.sam, path(patient, "ready-periods/")).status_code == 404
    assert read(england.anna, path(patient, "ready-periods/")).status_code == 403


def test_the_verbs_do_what_the_pages_do(england, patient):
    refused = do(england.maya, path(patient, "ready/"), verbs(patient)["ready/"])
    assert refused.status_code == 409
    for number, ends in enumerate(("reason", "correct", "end", "take-back")):
        verb = next(one for one in _open(patient) if one.endswith(f"{ends}/"))
        assert do(england.maya, path(patient, verb), _open(patient)[verb]).status_code == 200, (number, verb)
    assert [one.ended_as for one in patient.ready_periods.current()] == ["unwell"]


def _open(patient):
    """The verbs of the newest period."""
    newest = patient.ready_periods.current().order_by("-during").first()
    return {
        f"ready/{newest.public_id}/reason/": {**reason(reason="24"), "since": today() - 3 * DAY},
        f"ready/{newest.public_id}/correct/": {**reason(), "since": today() - 4 * DAY, "why": "Misread."},
        f"ready/{newest.public_id}/end/": {"on": today(), "ended_as": "unwell", "why": "Unwell."},
        f"ready/{newest.public_id}/take-back/": {"why": "Another person."},
    }
