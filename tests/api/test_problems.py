"""Why not, for machines: one shape for every answer, and the pages' plain words in it."""

import pytest
from rest_framework import serializers

from core.api import Input
from core.problems import speak_plainly
from tests.api.asking import do, read, stranger
from tests.api.test_verbs import TODAY_TEXT, path
from tests.referrals.transfers import asked
from tests.world import client_of

pytestmark = pytest.mark.django_db
CONTACT = {"on": TODAY_TEXT, "with_whom": "A", "said": "B"}


@pytest.mark.parametrize(
    ("verb", "body", "field", "sentence"),
    [
        ("contacts/", {"on": TODAY_TEXT, "with_whom": "A"}, "said", "This is needed."),
        ("contacts/", {**CONTACT, "said": None}, "said", "This cannot be null."),
        ("contacts/", {**CONTACT, "said": ""}, "said", "This cannot be empty."),
        ("contacts/", {**CONTACT, "said": "x" * 2001}, "said", "Must be 2000 or fewer in length."),
        ("contacts/", {**CONTACT, "said": "\0"}, "said", "Must be text without control characters."),
        ("contacts/", {**CONTACT, "said": ["list"]}, "said", "Must be text."),
        ("contacts/", {**CONTACT, "on": "2026-02-31"}, "on", "Must be a real date, written as 2026-03-27."),
        ("contacts/", {**CONTACT, "on": "0001-01-01"}, "on", "Must be after 1899."),
        ("contacts/", {**CONTACT, "next_on": "9999-12-31"}, "next_on", "Must be before 2101."),
        ("contacts/", {**CONTACT, "x": 1}, "x", "Not a field of this."),
        ("flags/", {"flag": 2**63}, "flag", f"Must be {2**62} or less."),
        ("flags/", {"flag": "one"}, "flag", "Must be a whole number."),
        ("services/", {"service": "no id"}, "service", "Must be an id, as this API gives them."),
        (
            "delays/",
            {"first_day": TODAY_TEXT, "party": "prison", "reason": "other", "contributing": ["x"]},
            "contributing.0",
            "Must be one of its codes, which the document at /api/schema/ lists.",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_plain_words(england, verb, body, field, sentence):
    response = do(england.lena, path(asked(england), verb), body)
    told = {"detail": sentence, "field": field, "errors": {field: [sentence]}}
    assert (response.status_code, response.json()) == (400, told)


def test_what_is_not_there_is_told_in_words_for_a_machine(england):
    said = {do(england.sam, path(asked(england), "contacts/"), CONTACT).json()["detail"]}
    said.add(read(england.sam, "no/such/").json()["detail"])
    assert said == {"There is nothing here, or nothing that you may see."}


def test_every_field_that_cannot_be_read_is_told_at_once(england):
    told = do(england.lena, path(asked(england), "contacts/"), {}).json()
    assert set(told["errors"]) == {"on", "with_whom", "said"}
    assert (told["detail"], told["field"]) == ("This is needed.", "on")


@pytest.mark.parametrize("body", ["{", '{"said": "\\ud800"}', "[]", "3", "null", '"x"'])
def test_a_body_that_is_no_object_is_told_what_to_send(england, body):
    address = f"/api/{path(asked(england), 'contacts/')}"
    response = client_of(england.lena).post(address, body, content_type="application/json")
    told = response.json()
    assert response.status_code == 400
    assert told["field"] is None or body.startswith("{")
    assert not any(word in told["detail"] for word in ("parse", "dictionary", "No data"))


@pytest.mark.parametrize("status", [401, 403, 404, 405, 406, 415])
def test_every_no_has_a_sentence_and_says_which_field(england, status):
    referral = asked(england)
    address = f"/api/{path(referral, 'contacts/')}"
    lena = client_of(england.lena)
    response = {
        401: lambda: stranger().post(address, "{}", content_type="application/json"),
        403: lambda: do(england.anna, path(referral, "contacts/"), CONTACT),
        404: lambda: do(england.sam, path(referral, "contacts/"), CONTACT),
        405: lambda: lena.get(address),
        406: lambda: lena.get("/api/transfers/", headers={"Accept": "text/csv"}),
        415: lambda: lena.post(address, {"on": TODAY_TEXT}),
    }[status]()
    assert response.status_code == status
    told = response.json()
    assert (set(told), told["field"]) == ({"detail", "field"}, None)
    assert told["detail"].endswith(".")


def inputs(base=Input):
    for kind in base.__subclasses__():
        yield kind
        yield from inputs(kind)


def test_no_field_of_an_input_speaks_in_the_framework_s_words():
    """Whatever a field may say of what it cannot read is in our words."""
    kinds = {type(field) for kind in inputs() for field in kind().fields.values()}
    bare = []
    for kind in inputs():
        for name, field in kind().fields.items():
            standard = serializers.Field.default_error_messages | type(field).default_error_messages
            spoken = {key for key in standard if field.error_messages[key] == standard[key]}
            own = {"unknown"} | NEVER_SAID.get(next(k for k in NEVER_SAID if isinstance(field, k)), set())
            bare += [f"{kind.__name__}.{name}: {key}" for key in sorted(spoken - own)]
    assert kinds
    assert bare == []


# Limits that no field of ours has without a number of its own, and what `Input` says in our words for itself.
NEVER_SAID = {
    serializers.CharField: {"max_length", "min_length"},
    serializers.IntegerField: {"max_value", "min_value"},
    serializers.DecimalField: {
        "max_value",
        "min_value",
        "max_digits",
        "max_decimal_places",
        "max_whole_digits",
    },
    serializers.ListField: {"max_length", "min_length"},
    Input: {"invalid"},
    serializers.Field: set(),
}


def test_a_limit_is_told_with_its_number():
    field = serializers.IntegerField(min_value=2, max_value=5)
    speak_plainly(field)
    for wrong, said in ((1, "Must be 2 or more."), (6, "Must be 5 or less.")):
        with pytest.raises(serializers.ValidationError) as error:
            field.run_validation(wrong)
        assert error.value.detail == [said]
