"""Leave as machines read and record it: each step by the pages' actions, closed to others."""

from datetime import timedelta

import pytest

from pathways.models import BedUse, Leave
from tests.api.asking import do, read, stranger
from tests.pathways.leave_world import away, hold, in_bed, on_trial
from tests.world import NOW

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def path(patient, verb=""):
    return f"patients/{patient.public_id}/leave/{verb}"


def done(response):
    assert response.status_code == 200, response.content
    return response.json()


def test_planned_begun_missed_and_back(england, time_machine):
    patient = in_bed(england)
    body = {
        "kind": "overnight",
        "planned_from": NOW,
        "due_back_at": NOW + DAY,
        "agreed_by": "Dr A Pemberton",
        "conditions": "No alcohol.",
    }
    told = done(do(england.maya, path(patient, "plan/"), body))
    row = f"{told['id']}/"
    done(do(england.maya, path(patient, f"{row}begin/"), {"at": NOW}))
    time_machine.move_to(NOW + 2 * DAY, tick=False)
    missed = {"since": NOW + DAY, "told": "Police."}
    done(do(england.maya, path(patient, f"{row}absent/"), missed))
    done(do(england.maya, path(patient, f"{row}return/"), {"at": NOW + 2 * DAY}))
    (shown,) = read(england.maya, path(patient)).json()
    assert (shown["kind"], shown["ended_as"], shown["conditions"]) == ("overnight", "returned", "No alcohol.")
    again = do(england.maya, path(patient, f"{row}return/"), {"at": NOW + 2 * DAY})
    assert (again.status_code, again.json()["detail"]) == (409, "This leave is over. Look at it again.")


def test_a_trial_is_recorded_and_becomes_a_stay(england, time_machine):
    patient = in_bed(england)
    hold(england, patient)
    body = {
        "kind": "trial",
        "to_ward": str(england.brook_ward.public_id),
        "left_at": NOW,
        "bed": str(england.brook_bed.public_id),
    }
    told = done(do(england.maya, path(patient, "record/"), body))
    time_machine.move_to(NOW + DAY, tick=False)
    done(do(england.luke, path(patient, f"{told['id']}/stay/"), {"at": NOW + DAY}))
    assert Leave.objects.get().ended_as == "moved"


def test_it_is_corrected_with_its_version_cancelled_and_removed(england):
    patient = in_bed(england)
    row = away(england, patient, at=NOW - DAY)
    body = {"kind": "overnight", "left_at": NOW - 2 * DAY, "why": "Misread."}
    correct = path(patient, f"{row.public_id}/correct/")
    assert do(england.maya, correct, body).status_code == 400
    assert do(england.maya, correct, {**body, "version": 5}).status_code == 412
    done(do(england.maya, correct, body, If_Match='"0"'))
    assert Leave.objects.get(pk=row.pk).left_at == NOW - 2 * DAY
    done(do(england.maya, path(patient, f"{row.public_id}/remove/"), {"why": "Another person."}))
    plan = {"kind": "escorted", "planned_from": NOW, "due_back_at": NOW + HOUR, "agreed_by": "Dr A"}
    told = done(do(england.maya, path(patient, "plan/"), plan))
    done(do(england.maya, path(patient, f"{told['id']}/cancel/"), {"why": "Unwell."}))


def test_a_kept_bed_is_released(england):
    away(england, in_bed(england), at=NOW - DAY)
    use = BedUse.objects.current().get(purpose="leave")
    address = f"beds/uses/{use.public_id}/release/"
    assert do(england.luke, address, {"why": "X"}).status_code in (403, 404)
    done(do(england.maya, address, {"why": "Needed."}))
    assert Leave.objects.get().bed_released_at == NOW


def test_every_verb_is_closed_to_nobody_wrong_roles_and_strangers(england):
    patient = in_bed(england)
    row = on_trial(england, patient)
    at = {"at": NOW}
    verbs = {
        "plan/": {"kind": "escorted", "planned_from": NOW},
        "record/": {"kind": "escorted", "left_at": NOW},
        **{f"{row.public_id}/{verb}/": at for verb in ("begin", "return", "stay")},
        **{f"{row.public_id}/{verb}/": {"why": "X"} for verb in ("cancel", "remove")},
        f"{row.public_id}/absent/": {"since": NOW, "told": "X"},
        f"{row.public_id}/correct/": {"kind": "trial", "why": "X", "version": 0},
    }
    before = read(england.maya, path(patient)).json()
    for verb, body in verbs.items():
        address = path(patient, verb)
        assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
        for user in (england.lena, england.carl, england.anna, england.adam):
            assert do(user, address, body).status_code == 403, verb
        assert do(england.sam, address, body).status_code == 404, verb
    assert read(england.maya, path(patient)).json() == before
