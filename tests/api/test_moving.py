"""Referrals of other kinds as machines send them: done for whoever may, closed to everybody else."""

from datetime import timedelta

import pytest

from core.refusals import Conflicting
from organisations.actor import Actor
from pathways.actions import clocks, placements
from pathways.models import Flag, LegalStatus, Patient, Placement
from referrals import actions
from referrals.models import Referral
from tests.api.asking import do, read, stranger
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.transfers import approach_of, asked, at
from tests.world import NOW, TODAY, a_patient, actor_of

pytestmark = pytest.mark.django_db
TODAY_TEXT = str(TODAY)
# Every verb of these referrals alone, with a body of the right shape.
VERBS = {
    "services/{approach}/agree/": {"on": TODAY_TEXT},
    "meeting/": {"on": TODAY_TEXT},
    "plan/": {"on": TODAY_TEXT},
    "court-order/": {"order": "10", "ordered_on": TODAY_TEXT},
    "moved/": {"service": "prison", "on": TODAY_TEXT},
    "primary/": {},
    "flags/": {},
    "end/": {"reason": "not_needed", "why": "X", "on": TODAY_TEXT, "version": 0},
}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def remission(england):
    patient = in_ashdown(england, code="15")
    on = TODAY - timedelta(days=5)
    referral = referred(england, patient, "remission", ground="not_required", on=on)
    actions.ask_service(referral, england.prison, by=actor_of(england.maya))
    return referral


def path(referral, verb=""):
    return f"referrals/{referral.public_id}/{verb}"


def fresh(referral):
    return Referral.objects.get(pk=referral.pk)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_closed_to_nobody_wrong_roles_strangers_and_the_unnamed(england, remission, verb):
    approach = approach_of(remission, england.prison)
    address = path(remission, verb.format(approach=approach.public_id))
    body = {
        key: str(england.prison.public_id) if key == "service" else value
        for key, value in VERBS[verb].items()
    }
    before = fresh(remission).version
    assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
    assert do(england.anna, address, body).status_code == 403
    assert do(england.adam, address, body).status_code == 403
    assert do(england.sam, address, body).status_code in (403, 404)
    Patient.objects.filter(pk=remission.patient_id).update(has_restricted_access=True)
    assert do(england.maya, address, body).status_code == 403
    assert (fresh(remission).version, fresh(remission).ended_on) == (before, None)


def test_a_return_to_prison_is_agreed_and_recorded(england, remission):
    approach = approach_of(remission, england.prison)
    agreed = do(england.lena, path(remission, f"services/{approach.public_id}/agree/"), {"on": TODAY_TEXT})
    assert agreed.status_code == 200, agreed.content
    assert fresh(remission).next_step == "aftercare"
    body = {"service": str(england.prison.public_id), "on": TODAY_TEXT, "at_time": "08:30"}
    moved = do(england.lena, path(remission, "moved/"), body)
    assert moved.status_code == 200, moved.content
    assert fresh(remission).end_reason == "moved"
    again = do(england.lena, path(remission, "moved/"), body)
    assert (again.status_code, again.json()["detail"][:14]) == (409, "This has ended")


def test_a_move_entered_late_is_done_with_the_conflicts_seen(england, remission):
    maya = actor_of(england.maya)
    placements.place(remission.patient, elsewhere="general_hospital", at=NOW - timedelta(days=1), by=maya)
    body = {"service": str(england.prison.public_id), "on": str(TODAY - timedelta(days=3))}
    refused = do(england.maya, path(remission, "moved/"), body)
    assert refused.status_code == 409
    assert fresh(remission).is_open
    with pytest.raises(Conflicting) as seen:
        placements.place(remission.patient, service=england.prison, at=NOW - timedelta(days=3), by=maya)
    assert refused.json()["conflicts"][1:] == list(seen.value.conflicts)[1:]
    done = do(england.maya, path(remission, "moved/"), {**body, "checked": refused.json()["checked"]})
    assert done.status_code == 200, done.content
    assert Placement.objects.open_of(remission.patient).elsewhere == "general_hospital"


def test_a_flag_is_acknowledged(england, remission, time_machine):
    time_machine.move_to(at(20), tick=False)
    clocks.raise_flags(by=Actor.system("sweep", at=at(20)))
    flag = Flag.objects.to_acknowledge().get(clock__about_kind="referral")
    done = do(england.carl, path(remission, "flags/"), {"flag": flag.pk})
    assert done.status_code == 200, done.content
    assert Flag.objects.get(pk=flag.pk).acknowledged_by == england.carl


def test_a_transfer_is_not_found_among_the_others_nor_the_other_way(england, remission):
    transfer = asked(england)
    assert read(england.maya, path(transfer)).status_code == 404
    assert read(england.maya, f"transfers/{remission.public_id}/").status_code == 404
    assert do(england.lena, path(transfer, "end/"), VERBS["end/"]).status_code == 404


def test_a_court_order_is_recorded_and_the_move_stands_on_it_from_its_own_day(england):
    patient, ines = a_patient(england), actor_of(england.ines)
    asked_for = {"kind": "court_admission", "from_service": england.prison, "urgency": 2, "why": "Unfit."}
    first_day = TODAY - timedelta(days=9)
    referral = actions.refer(patient, **asked_for, on=first_day, by=ines)
    actions.ask_service(referral, england.ashdown, by=ines)
    order = {"order": "10", "ordered_on": str(TODAY - timedelta(days=5))}
    recorded = do(england.lena, path(referral, "court-order/"), order)
    assert recorded.status_code == 200, recorded.content
    move = {"service": str(england.ashdown.public_id), "bed": str(england.bed.public_id), "on": TODAY_TEXT}
    early = do(england.maya, path(referral, "moved/"), {**move, "order": "10", "ordered_on": str(first_day)})
    assert (early.status_code, early.json()["field"]) == (409, "ordered_on")
    moved = do(england.maya, path(referral, "moved/"), move)
    assert moved.status_code == 200, moved.content
    status = LegalStatus.objects.current().get(patient=patient)
    assert (status.code, str(status.during.lower)) == ("10", order["ordered_on"])
