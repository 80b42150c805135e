"""Who may not: every verb on a transfer is closed to nobody, to the wrong role and to those it is not about."""

import pytest

from pathways.models import Patient
from tests.api.asking import do, read, stranger
from tests.api.test_verbs import TODAY_TEXT, path
from tests.referrals.transfers import approach_of, asked, fresh

pytestmark = pytest.mark.django_db


# Every verb on a transfer with a body of the right shape, and a role whose right it is not.
VERBS = {
    "services/": ({"service": "elsewhere"}, "anna"),
    "lead/": ({"service": "ashdown"}, "lena"),
    "steps/application/": ({"on": TODAY_TEXT}, "anna"),
    "steps/application/correct/": ({"on": TODAY_TEXT, "why": "X"}, "anna"),
    "reports/": (
        {
            "doctor_name": "X",
            "gmc_number": "1111111",
            "is_section_12_approved": True,
            "examined_on": TODAY_TEXT,
            "signed_on": TODAY_TEXT,
        },
        "lena",
    ),
    "warrant/": ({"given_on": TODAY_TEXT, "hospital": "ashdown", "with_restrictions": True}, "ines"),
    "warrant/refused/": ({"on": TODAY_TEXT, "why": "X"}, "ines"),
    "left/": ({"on": TODAY_TEXT}, "carl"),
    "received/": ({"on": TODAY_TEXT, "bed": "bed"}, "lena"),
    "departure/": ({}, "carl"),
    "request-date/": ({"on": TODAY_TEXT, "why": "X", "version": 0}, "carl"),
    "urgency/": ({"urgency": 1, "why": "X", "version": 0}, "anna"),
    "legal-basis/": ({"section": "47", "since": TODAY_TEXT}, "carl"),
    "key-dates/": ({"kind": "release", "on": TODAY_TEXT}, "carl"),
    "warnings/": ({"words": "X"}, "carl"),
    "prison/": ({"to_service": "other_prison", "on": TODAY_TEXT}, "carl"),
    "prison/i-have-it/": ({}, "carl"),
    "take-over/": ({"service": "prison", "on": TODAY_TEXT}, "carl"),
    "flags/": ({"flag": 1}, "anna"),
    "delays/": ({"first_day": TODAY_TEXT, "party": "prison", "reason": "other"}, "anna"),
    "reviews/": (
        {"on": TODAY_TEXT, "how_the_person_is": "X", "interim_plan": "X", "next_on": TODAY_TEXT},
        "lena",
    ),
    "contacts/": ({"on": TODAY_TEXT, "with_whom": "X", "said": "X"}, "anna"),
    "end/": ({"reason": "released", "on": TODAY_TEXT}, "carl"),
    "end/undo/": ({"why": "X"}, "anna"),
    "steps/application/mistake/": ({"why": "X"}, "anna"),
    "services/{approach}/withdraw/": ({"why": "X"}, "anna"),
    "services/{approach}/decide/": (
        {
            "acceptance": "6b1f0a46-9d4c-4b53-8f0c-0d9d8a6f6a11",
            "outcome": "declined",
            "decided_on": TODAY_TEXT,
        },
        "lena",
    ),
    "services/{approach}/change/": (
        {
            "acceptance": "6b1f0a46-9d4c-4b53-8f0c-0d9d8a6f6a11",
            "outcome": "declined",
            "decided_on": TODAY_TEXT,
            "why": "X",
        },
        "lena",
    ),
    "services/{approach}/bed/": ({"bed": "bed", "bed_on": TODAY_TEXT}, "lena"),
    "services/{approach}/bed/withdraw/": ({"why": "X"}, "lena"),
    "delays/{delay}/correct/": (
        {"first_day": TODAY_TEXT, "party": "prison", "reason": "other", "why": "X"},
        "anna",
    ),
    "delays/{delay}/end/": ({"last_day": TODAY_TEXT}, "anna"),
    "delays/{delay}/dispute/": ({"why": "X"}, "anna"),
}
PLACES = {"elsewhere", "ashdown", "other_prison", "prison", "bed"}


@pytest.fixture
def verb(england, waiting, request):
    """A verb's address on the waiting transfer, and its body with real ids."""
    approach, delay = approach_of(waiting, england.ashdown), waiting.delays.current().get()
    template, (body, wrong_role) = request.param, VERBS[request.param]
    address = path(waiting, template.format(approach=approach.public_id, delay=delay.public_id))
    real = {
        name: str(getattr(england, value).public_id) if value in PLACES else value
        for name, value in body.items()
    }
    return address, real, getattr(england, wrong_role)


@pytest.mark.parametrize("verb", VERBS, indirect=True)
def test_a_verb_is_closed_to_nobody_wrong_roles_and_strangers(england, waiting, verb):
    address, body, wrong_role = verb
    before = read(england.carl, path(waiting)).json()
    assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
    assert do(wrong_role, address, body).status_code == 403
    for user in (england.sam, england.owen):
        assert do(user, address, body).status_code in (403, 404)
    assert do(england.adam, address, body).status_code == 403
    assert read(england.carl, path(waiting)).json() == before


def test_a_stranger_with_the_right_is_told_it_is_not_there(england, waiting):
    bodies = {"steps/application/": {"on": TODAY_TEXT}, "end/": {"reason": "released", "on": TODAY_TEXT}}
    for address, body in bodies.items():
        assert do(england.sam, path(waiting, address), body).status_code == 404


def test_a_verb_on_another_transfer_s_approach_or_delay_is_not_found(england, waiting):
    other = asked(england)
    approach, delay = approach_of(other, england.ashdown), waiting.delays.current().get()
    assert (
        do(england.lena, path(waiting, f"services/{approach.public_id}/withdraw/"), {"why": "X"}).status_code
        == 404
    )
    assert (
        do(england.lena, path(other, f"delays/{delay.public_id}/dispute/"), {"why": "X"}).status_code == 404
    )


def test_of_a_restricted_person_nothing_is_recorded_by_the_unnamed(england, waiting):
    Patient.objects.filter(pk=waiting.patient_id).update(has_restricted_access=True)
    assert (
        do(england.lena, path(waiting, "end/"), {"reason": "released", "on": TODAY_TEXT}).status_code == 403
    )
    assert fresh(waiting).ended_on is None
