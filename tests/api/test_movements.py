"""Temporary movements as machines read and record them: by the pages' actions, closed to others."""

from datetime import timedelta

import pytest

from pathways.models import Leave
from tests.api.asking import do, read, stranger
from tests.pathways.leave_world import away, back, in_bed
from tests.world import NOW, a_patient

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SAID = {"kind": "court", "to_where": "Wexley Crown Court", "purpose": "Plea hearing", "left_at": NOW}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def path(patient, verb=""):
    return f"patients/{patient.public_id}/movements/{verb}"


def done(response):
    assert response.status_code == 200, response.content
    return response.json()


def test_out_and_back(england, time_machine):
    patient = a_patient(england)
    told = done(do(england.lena, path(patient, "record/"), {**SAID, "due_back_at": NOW + 6 * HOUR}))
    (shown,) = read(england.lena, path(patient)).json()
    assert shown.pop("left_at")[:16] == "2026-03-02T09:00"
    assert shown.pop("due_back_at")[:16] == "2026-03-02T15:00"
    assert shown == {
        "id": told["id"],
        "kind": "court",
        "to_where": "Wexley Crown Court",
        "purpose": "Plea hearing",
        "planned_from": None,
        "ended_at": None,
        "ended_as": "",
        "ended_why": None,
        "version": 0,
    }
    time_machine.move_to(NOW + DAY, tick=False)
    done(do(england.ines, path(patient, f"{told['id']}/return/"), {"at": NOW + 5 * HOUR}))
    again = do(england.lena, path(patient, f"{told['id']}/return/"), {"at": NOW + 5 * HOUR})
    assert (again.status_code, again.json()["detail"]) == (409, "This movement is over. Look at it again.")
    (shown,) = read(england.lena, path(patient)).json()
    assert shown["ended_as"] == "returned"


def test_planned_begun_and_cancelled(england, time_machine):
    patient = a_patient(england)
    plan = {**SAID, "left_at": NOW + DAY, "due_back_at": NOW + DAY + HOUR}
    assert do(england.lena, path(patient, "plan/"), {**plan, "kind": "emergency"}).status_code == 409
    assert do(england.lena, path(patient, "plan/"), SAID).status_code == 400
    told = done(do(england.lena, path(patient, "plan/"), plan))
    escort = {**plan, "kind": "escort", "left_at": NOW + 2 * DAY, "due_back_at": NOW + 3 * DAY}
    other = done(do(england.ines, path(patient, "plan/"), escort))
    newest, first = read(england.lena, path(patient)).json()
    assert (newest["id"], first["id"]) == (other["id"], told["id"])
    assert (first["planned_from"][:16], first["left_at"]) == ("2026-03-03T09:00", None)
    later = {**plan, "left_at": NOW + 5 * DAY, "due_back_at": NOW + 6 * DAY, "why": "Adjourned."}
    done(do(england.lena, path(patient, f"{told['id']}/correct/"), later, If_Match='"0"'))
    done(do(england.lena, path(patient, f"{other['id']}/cancel/"), {"why": "Not needed."}))
    time_machine.move_to(NOW + 5 * DAY, tick=False)
    done(do(england.lena, path(patient, f"{told['id']}/begin/"), {"at": NOW + 5 * DAY}))
    again = do(england.lena, path(patient, f"{told['id']}/begin/"), {"at": NOW + 5 * DAY})
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "They have left already. Look at it again.",
    )
    shown = {one["id"]: (one["left_at"], one["ended_as"]) for one in read(england.lena, path(patient)).json()}
    assert shown[other["id"]] == (None, "cancelled")
    assert shown[told["id"]][0][:16] == "2026-03-07T09:00"


def test_a_plan_without_its_authority_is_refused(england):
    patient = in_bed(england, code="09")
    plan = {**SAID, "left_at": NOW + DAY, "due_back_at": NOW + DAY + HOUR}
    refused = do(england.maya, path(patient, "plan/"), plan)
    assert refused.status_code == 409
    assert "or the order of the court" in refused.json()["detail"]


def test_it_is_corrected_with_its_version_and_removed(england):
    patient = a_patient(england)
    told = done(
        do(
            england.lena,
            path(patient, "record/"),
            {**SAID, "left_at": NOW - DAY, "returned_at": NOW - HOUR},
        )
    )
    correct = path(patient, f"{told['id']}/correct/")
    body = {**SAID, "left_at": NOW - 2 * DAY, "how": "not_back", "why": "Misread."}
    assert do(england.lena, correct, body).status_code == 400
    assert do(england.lena, correct, {**body, "version": 5}).status_code == 412
    done(do(england.lena, correct, body, If_Match='"0"'))
    row = Leave.objects.current().get()
    assert (row.left_at, row.ended_as) == (NOW - 2 * DAY, "")
    done(do(england.lena, path(patient, f"{told['id']}/remove/"), {"why": "Another person."}))
    assert read(england.lena, path(patient)).json() == []


@pytest.mark.parametrize(
    ("known", "status"),
    [({"kind": "overnight"}, 400), ({"to_where": ""}, 400), ({"left_at": NOW + HOUR}, 409)],
)
def test_what_cannot_be_is_refused(england, known, status):
    patient = a_patient(england)
    assert do(england.lena, path(patient, "record/"), {**SAID, **known}).status_code == status
    assert not Leave.objects.exists()


def test_leave_and_movements_are_apart(england):
    patient = in_bed(england)
    given = away(england, patient)
    told = done(do(england.maya, path(patient, "record/"), SAID))
    leave = f"patients/{patient.public_id}/leave/"
    assert [one["id"] for one in read(england.maya, leave).json()] == [str(given.public_id)]
    assert [one["id"] for one in read(england.maya, path(patient)).json()] == [told["id"]]
    assert do(england.maya, f"{leave}{told['id']}/return/", {"at": NOW}).status_code == 404
    assert do(england.maya, path(patient, f"{given.public_id}/return/"), {"at": NOW}).status_code == 404


def test_every_verb_is_closed_to_nobody_wrong_roles_and_strangers(england):
    patient = a_patient(england)
    row = done(do(england.lena, path(patient, "record/"), SAID))["id"]
    verbs = {
        "record/": SAID,
        "plan/": {**SAID, "left_at": NOW + DAY, "due_back_at": NOW + 2 * DAY},
        f"{row}/begin/": {"at": NOW},
        f"{row}/cancel/": {"why": "X"},
        f"{row}/return/": {"at": NOW},
        f"{row}/correct/": {**SAID, "why": "X", "version": 0},
        f"{row}/remove/": {"why": "X"},
    }
    before = read(england.lena, path(patient)).json()
    for verb, body in verbs.items():
        address = path(patient, verb)
        assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
        for user in (england.carl, england.anna, england.adam):
            assert do(user, address, body).status_code == 403, verb
        for user in (england.sam, england.owen):
            assert do(user, address, body).status_code == 404, verb
    assert read(england.sam, path(patient)).status_code == 404
    assert read(england.lena, path(patient)).json() == before


def test_how_a_leave_ended_is_put_right_once_the_conflict_was_seen(england):
    patient = in_bed(england)
    row = back(england, away(england, patient, at=NOW - 3 * DAY), at=NOW - DAY, now=NOW - DAY)
    correct = f"patients/{patient.public_id}/leave/{row.public_id}/correct/"
    body = {"kind": "overnight", "how": "not_back", "why": "Misread.", "version": row.version}
    refused = do(england.maya, correct, body)
    assert refused.status_code == 409
    assert "They are recorded as back since" in refused.json()["conflicts"][0]
    done(do(england.maya, correct, {**body, "checked": refused.json()["checked"]}))
    row.refresh_from_db()
    assert row.ended_as == ""
    assert do(england.maya, correct, {**body, "how": "moved"}).status_code == 400
