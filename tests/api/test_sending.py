"""The shape of what is sent, sending twice, and sending about a row that has changed."""

import uuid

import pytest

from core.models import Submission
from referrals import actions
from referrals.models import Approach, BedOffer, Contact, Decision, Delay, Referral, Step
from tests.api.asking import do, read
from tests.api.test_verbs import TODAY_TEXT, new_transfer, of_approach, path
from tests.assessments.drafting import drafted
from tests.referrals.transfers import (
    accepted,
    accepts_assessment,
    asked,
    assessed,
    bedded,
    fresh,
    on,
    ready,
)
from tests.world import a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
CONTACT = {"on": TODAY_TEXT, "with_whom": "A", "said": "B"}


@pytest.fixture
def referral(england):
    return asked(england)


def test_an_unknown_code_is_400_beside_its_field(england, referral):
    body = {"first_day": TODAY_TEXT, "party": "the moon", "reason": "late_request"}
    response = do(england.lena, path(referral, "delays/"), body)
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["party"]
    assert (
        do(england.lena, path(referral, "end/"), {"reason": "admitted", "on": TODAY_TEXT}).status_code == 400
    )


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("contacts/", {**CONTACT, "said": ""}, "said"),
        ("contacts/", {**CONTACT, "said": "x" * 2001}, "said"),
        ("contacts/", {**CONTACT, "said": "\0"}, "said"),
        ("contacts/", {**CONTACT, "on": "2 March"}, "on"),
        ("contacts/", {**CONTACT, "said": ["list"]}, "said"),
        ("flags/", {"flag": 2**63}, "flag"),
        ("urgency/", {"urgency": 1, "why": "X", "version": 2**31}, "version"),
        ("urgency/", {"urgency": 1, "why": "X"}, "version"),
        ("services/", {"service": "not an id"}, "service"),
        (
            "delays/",
            {"first_day": TODAY_TEXT, "party": "prison", "reason": "other", "contributing": "x"},
            "contributing",
        ),
    ],
)
def test_a_wrong_shape_is_400(england, referral, verb, body, field):
    response = do(england.lena, path(referral, verb), body)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


def test_what_is_not_an_object_is_400(england, referral):
    client = client_of(england.lena)
    for body in ("[]", "3", "null", '"x"', "{", '{"said": "\\ud800"}'):
        address = f"/api/{path(referral, 'contacts/')}"
        response = client.post(address, body, content_type="application/json")
        assert (body, response.status_code) == (body, 400)
    assert client.post(address, {"on": TODAY_TEXT}).status_code == 415
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    "more",
    ["organisation", "signed_by", "state", "recorded_by", "recorded_at", "referral", "version", "id", "by"],
)
def test_mass_assignment_is_400_and_changes_nothing(england, referral, more):
    response = do(england.lena, path(referral, "contacts/"), {**CONTACT, more: 1})
    assert (response.status_code, list(response.json()["errors"])) == (400, [more])
    assert not Contact.objects.exists()


def test_an_id_of_another_kind_or_nobody_s_is_400(england, referral):
    prison, nobody = str(england.prison.public_id), str(uuid.uuid4())
    asking = path(referral, "services/")
    assert do(england.lena, asking, {"service": nobody}).json()["field"] == "service"
    refused = do(england.lena, asking, {"service": prison})
    assert (refused.status_code, refused.json()["field"]) == (409, "service")
    body = new_transfer(england, a_patient(england, at_service=england.other_prison))
    refused = do(england.ines, "transfers/new/", {**body, "patient": nobody})
    assert (refused.status_code, refused.json()["field"]) == (400, "patient")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"release_on": "2020-01-01"}, "release_on"),
        ({"remand_expires_on": "2099-01-01"}, "remand_expires_on"),
        ({"section": "48", "limb": "a", "with_restrictions": None, "hearing_on": "2020-01-01"}, "hearing_on"),
        ({"section": "48", "limb": "a", "with_restrictions": None, "release_on": "2099-01-01"}, "release_on"),
    ],
)
def test_a_new_transfer_takes_no_date_that_the_questions_would_not(england, given, field):
    person = a_patient(england)
    refused = do(england.lena, "transfers/new/", {**new_transfer(england, person), **given})
    assert (refused.status_code, refused.json()["field"]) == (409, field)
    assert not Referral.objects.filter(patient=person).exists()


def test_a_person_who_is_not_one_s_own_is_no_person(england):
    theirs = a_patient(england, at_service=england.other_prison)
    # Lena's prison registered them, so the far clinic's clinician, who never heard of them, tries.
    response = do(england.sam, "transfers/new/", new_transfer(england, theirs))
    assert (response.status_code, response.json()["field"]) == (400, "patient")
    assert not Referral.objects.filter(patient=theirs).exists()


def test_a_decision_names_one_s_own_service_s_word_and_criterion(england, referral):
    assessed(england, referral)
    theirs = accepts_assessment(england, referral, england.brook)
    body = {
        "acceptance": str(theirs.public_id),
        "outcome": "declined",
        "reason": "no_bed",
        "decided_on": TODAY_TEXT,
    }
    response = do(england.maya, of_approach(referral, england.ashdown, "decide"), body)
    assert (response.status_code, list(response.json()["errors"])) == (400, ["acceptance"])
    own = {**body, "acceptance": str(accepts_assessment(england, referral, england.ashdown).public_id)}
    wrong = {**own, "criterion": str(uuid.uuid4())}
    refused = do(england.maya, of_approach(referral, england.ashdown, "decide"), wrong)
    assert refused.json()["field"] == "criterion"
    right = {**own, "criterion": str(england.ashdown.criteria.get().public_id)}
    assert do(england.maya, of_approach(referral, england.ashdown, "decide"), right).status_code == 200
    assert Decision.objects.get().criterion == england.ashdown.criteria.get()


def test_another_service_s_bed_cannot_be_promised(england, referral):
    body = {"bed": str(england.brook_bed.public_id), "bed_on": TODAY_TEXT}
    assert do(england.maya, of_approach(referral, england.ashdown, "bed"), body).status_code == 409


def test_sent_twice_with_one_key_it_is_done_once_and_answered_the_same(england, referral):
    key, body = str(uuid.uuid4()), {"service": str(england.elsewhere.public_id)}
    first = do(england.lena, path(referral, "services/"), body, Idempotency_Key=key)
    again = do(england.lena, path(referral, "services/"), body, Idempotency_Key=key)
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Approach.objects.filter(referral=referral, service=england.elsewhere).count() == 1


def test_without_a_key_it_is_done_again(england, referral):
    for _ in range(2):
        assert do(england.lena, path(referral, "contacts/"), CONTACT).status_code == 200
    assert Contact.objects.count() == 2


def test_a_new_transfer_sent_twice_leads_to_the_same_one(england):
    key, body = str(uuid.uuid4()), new_transfer(england, a_patient(england))
    first, again = (do(england.lena, "transfers/new/", body, Idempotency_Key=key) for _ in range(2))
    assert first.json() == again.json()
    assert Referral.objects.count() == 1


def test_one_key_for_two_acts_is_422_and_nothing_is_taken_for_done(england, referral):
    key = str(uuid.uuid4())
    do(england.lena, path(referral, "contacts/"), CONTACT, Idempotency_Key=key)
    other = do(england.lena, path(referral, "contacts/"), {**CONTACT, "said": "C"}, Idempotency_Key=key)
    elsewhere = do(england.lena, path(asked(england), "contacts/"), CONTACT, Idempotency_Key=key)
    assert (other.status_code, elsewhere.status_code) == (422, 422)
    assert Contact.objects.count() == 1


def test_a_key_is_one_s_own(england, referral):
    key = str(uuid.uuid4())
    for user in (england.lena, england.ines):
        assert do(user, path(referral, "contacts/"), CONTACT, Idempotency_Key=key).status_code == 200
    assert Contact.objects.count() == 2


def test_a_refused_act_may_be_sent_again_with_its_key(england, referral):
    key, body = str(uuid.uuid4()), {**CONTACT, "on": str(on(1))}
    for _ in range(2):
        assert do(england.lena, path(referral, "contacts/"), body, Idempotency_Key=key).status_code == 409
    assert not Submission.objects.exists()


def test_a_key_that_is_no_uuid_is_400(england, referral):
    response = do(england.lena, path(referral, "contacts/"), CONTACT, Idempotency_Key="one")
    assert (response.status_code, list(response.json()["errors"])) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize("how", ["header", "body"])
def test_a_stale_version_is_412_and_changes_nothing(england, referral, how):
    body, headers = {"urgency": 1, "why": "Worse."}, {}
    if how == "body":
        body["version"] = referral.version + 1
    else:
        headers["If_Match"] = f'"{referral.version + 1}"'
    response = do(england.lena, path(referral, "urgency/"), body, **headers)
    assert response.status_code == 412
    assert fresh(referral).urgency == 2


def test_the_version_read_is_the_one_that_is_sent(england, referral):
    etag = read(england.lena, path(referral))["ETag"]
    body = {"urgency": 1, "why": "Worse."}
    assert do(england.lena, path(referral, "urgency/"), body, If_Match=etag).status_code == 200
    assert (
        do(england.lena, path(referral, "urgency/"), {**body, "urgency": 3}, If_Match=etag).status_code == 412
    )


def test_any_verb_may_ask_that_nothing_has_changed(england, referral):
    etag = read(england.lena, path(referral))["ETag"]
    do(england.lena, path(referral, "urgency/"), {"urgency": 1, "why": "Worse.", "version": referral.version})
    body = {"first_day": TODAY_TEXT, "party": "prison", "reason": "other", "words": "X"}
    assert do(england.lena, path(referral, "delays/"), body, If_Match=etag).status_code == 412
    assert not Delay.objects.exists()
    assert do(england.lena, path(referral, "delays/"), body, If_Match="*").status_code == 200
    assert do(england.lena, path(referral, "delays/"), body, If_Match="soon").status_code == 400


def test_a_replay_is_answered_though_the_version_has_moved_on(england, referral):
    key, etag = str(uuid.uuid4()), read(england.lena, path(referral))["ETag"]
    body = {"urgency": 1, "why": "Worse."}
    sent = [
        do(england.lena, path(referral, "urgency/"), body, If_Match=etag, Idempotency_Key=key)
        for _ in range(2)
    ]
    assert [response.status_code for response in sent] == [200, 200]


def test_a_section_that_somebody_else_saved_is_412(england, referral):
    draft = drafted(england, referral.patient)
    one = f"assessments/drafts/{draft.public_id}/sections/risk/"
    assert do(england.maya, one, {"texts": {"none": "First."}, "version": 0}).status_code == 200
    assert do(england.maya, one, {"texts": {"none": "Second."}}, If_Match='"0"').status_code == 412
    assert draft.sections.get(kind="risk").passages.get().text == "First."
    assert do(england.maya, one, {"texts": {"none": "First."}, "version": 0}).status_code == 200


def test_what_a_service_has_said_is_not_changed_over_what_was_not_read(england):
    referral = accepted(england)
    (ashdown, _) = read(england.maya, path(referral)).json()["services"]
    bedded(england, referral)
    change = {
        "acceptance": str(Decision.objects.get().acceptance.public_id),
        "outcome": "declined",
        "reason": "no_bed",
        "decided_on": TODAY_TEXT,
        "why": "Full.",
    }
    etag, seen = f'"{ashdown["version"]}"', {"version": ashdown["version"]}
    verbs = [("change", change), ("bed/withdraw", {"why": "Flooded."})]
    for verb, body in verbs:
        address = of_approach(referral, england.ashdown, verb)
        assert do(england.maya, address, body, If_Match=etag).status_code == 412
        assert do(england.maya, address, {**body, **seen}).status_code == 412
    assert BedOffer.objects.current().exists()
    (ashdown, _) = read(england.maya, path(referral)).json()["services"]
    body = {"why": "Flooded.", "version": ashdown["version"]}
    assert do(england.maya, of_approach(referral, england.ashdown, "bed/withdraw"), body).status_code == 200


@pytest.mark.parametrize(("verb", "body"), [("correct", {"on": TODAY_TEXT}), ("mistake", {})])
def test_a_step_put_right_since_it_was_read_is_412(england, verb, body):
    referral = ready(england, report_first_requested_on=on(-9))
    step = actions.record_step(referral, "escort", on=on(0), by=actor_of(england.lena))
    seen = _version_of(england, referral, "escort")
    actions.correct_step(step, on=on(-1), why="A day earlier.", by=actor_of(england.lena))
    address, body = path(referral, f"steps/escort/{verb}/"), {**body, "why": "X"}
    assert do(england.lena, address, {**body, "version": seen}).status_code == 412
    assert do(england.lena, address, body, If_Match=f'"{seen}"').status_code == 412
    assert Step.objects.current().get(kind="escort").done_on == on(-1)
    now = _version_of(england, referral, "escort")
    assert do(england.lena, address, {**body, "version": now}).status_code == 200


def _version_of(england, referral, kind):
    """The version of a step as a machine reads it."""
    steps = read(england.lena, path(referral)).json()["steps"]
    (version,) = [step["version"] for step in steps if step["kind"] == kind]
    return version


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("request-date/", {"on": "2020-01-01", "why": "X", "version": 0}, "on"),
        ("urgency/", {"urgency": 1, "why": " ", "version": 0}, "why"),
        ("delays/", {"first_day": TODAY_TEXT, "party": "ministry", "reason": "escort"}, "first_day"),
    ],
)
def test_what_a_rule_refuses_names_the_field_that_was_sent(england, referral, verb, body, field):
    if verb == "delays/":
        do(england.lena, path(referral, verb), body)
    refused = do(england.lena, path(referral, verb), body)
    assert refused.json()["field"] == field, refused.json()
