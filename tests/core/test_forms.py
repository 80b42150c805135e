"""How forms look, what they say, and that nothing typed is lost."""

import uuid
from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from core.forms import DateInputField, PathwaysForm, VersionField, error_list, form_field, render_form
from core.refusals import Refused

ACTOR = SimpleNamespace(today=date(2026, 3, 10), user=None, role="", rights=frozenset(), memberships=())


class Everything(PathwaysForm):
    """One field of each kind."""

    given_name = forms.CharField(max_length=40, help_text="As on the warrant")
    nhs_number = forms.CharField(label="NHS number")
    beds = forms.IntegerField(min_value=1)
    words = forms.CharField(label="How the person is", max_length=400, widget=forms.Textarea)
    note = forms.CharField(widget=forms.Textarea, required=False)
    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("bed", "No bed"), ("risk", "Too great a risk"), ("other", "Something else")],
    )
    other_words = forms.CharField(label="What else")
    agrees = forms.ChoiceField(
        label="Does the prison agree?", widget=forms.RadioSelect, choices=[("yes", "Yes"), ("no", "No")]
    )
    needs = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("a", "Interpreter"), ("b", "Wheelchair")]
    )
    service = forms.ChoiceField(choices=[("1", "Ashdown"), ("2", "Brook")])
    born_on = DateInputField(label="Date of birth", limit="past")
    told = forms.BooleanField(label="The person was told", required=False)
    version = VersionField()

    widths = {"nhs_number": 10}
    choice_hints = {"reason": {"bed": "None within reach by the last day"}}
    reveals = {"other_words": ("reason", "other")}


GOOD = {
    "given_name": "Rosa",
    "nhs_number": "999 000 0018",
    "beds": "3",
    "words": "Settled",
    "reason": "bed",
    "agrees": "yes",
    "needs": "a",
    "service": "2",
    "born_on-day": "6",
    "born_on-month": "8",
    "born_on-year": "1990",
    "version": "4",
}


def filled(**changes: str | None) -> Everything:
    data = QueryDict(mutable=True)
    data.update({name: value for name, value in (GOOD | changes).items() if value is not None})
    return Everything(data, actor=ACTOR)


def shown(form: forms.Form, name: str, **options: object) -> str:
    return str(form_field(form, name, **options))


def test_a_good_form_is_valid_and_its_date_a_date():
    form = filled()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(1990, 8, 6)
    assert form.cleaned_data["version"] == 4


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("given_name", ['type="text"', 'id="id_given_name"', "As on the warrant", "Given name"]),
        ("nhs_number", ["nhsuk-input--width-10", "NHS number"]),
        ("beds", ['inputmode="numeric"', 'type="text"', "nhsuk-input--width-5"]),
        ("words", ["nhsuk-character-count", 'data-maxlength="400"', "<textarea"]),
        ("note", ["<textarea", "Note (optional)"]),
        (
            "reason",
            ['type="radio"', "None within reach", 'id="conditional-id_reason-3"', 'name="other_words"'],
        ),
        ("agrees", ["nhsuk-radios--inline", "Does the prison agree?"]),
        ("needs", ['type="checkbox"', "Wheelchair"]),
        ("service", ["<select", "Choose one", "Brook"]),
        ("born_on", ['name="born_on-day"', 'id="id_born_on-month"', 'name="born_on-year"', "Date of birth"]),
        ("told", ['type="checkbox"', "The person was told"]),
        ("version", ['type="hidden"']),
    ],
)
def test_each_kind_of_field_is_its_component(name, pieces):
    html = shown(Everything(actor=ACTOR), name)
    for piece in pieces:
        assert piece in html


def test_a_question_a_page_makes_the_label_the_heading():
    html = shown(Everything(actor=ACTOR), "agrees", heading=True)
    assert "<h1" in html
    assert "nhsuk-fieldset__legend--l" in html


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"given_name": ""}, "given_name", "Enter the given name"),
        ({"nhs_number": ""}, "nhs_number", "Enter the NHS number"),
        ({"beds": "some"}, "beds", "Beds must be a whole number"),
        ({"reason": None}, "reason", "Choose the reason"),
        ({"reason": "<script>"}, "reason", "Choose one of the answers given"),
        ({"agrees": None}, "agrees", "Choose an answer to “Does the prison agree?”"),
        ({"needs": None}, "needs", "Choose the needs"),
        ({"reason": "other"}, "other_words", "Enter what else"),
        ({"born_on-day": "", "born_on-month": "", "born_on-year": ""}, "born_on", "Enter the date of birth"),
        ({"born_on-month": ""}, "born_on", "Date of birth must include a month"),
        ({"born_on-day": "", "born_on-year": ""}, "born_on", "Date of birth must include a day and year"),
        ({"born_on-day": "31", "born_on-month": "2"}, "born_on", "Date of birth must be a real date"),
        ({"born_on-day": "x"}, "born_on", "Date of birth must be a real date"),
        ({"born_on-day": "9999999999"}, "born_on", "Date of birth must be a real date"),
        ({"born_on-month": "9" * 5000}, "born_on", "Date of birth must be a real date"),
        ({"born_on-day": "١"}, "born_on", "Date of birth must be a real date"),
        ({"born_on-year": "90"}, "born_on", "Date of birth must include a year with 4 numbers, like 2026"),
        ({"born_on-year": "0000"}, "born_on", "Date of birth must be a real date"),
        ({"born_on-year": "٢٠٢٦"}, "born_on", "Date of birth must include a year with 4 numbers, like 2026"),
        ({"born_on-day": "10", "born_on-month": "3", "born_on-year": "2026"}, "born_on",
         "Date of birth must be in the past"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_in_the_summary(changes, name, sentence):
    form = filled(**changes)
    assert not form.is_valid()
    assert form.errors == {name: [sentence]}
    assert [item["text"] for item in error_list(form)] == [sentence]
    where = "reason" if name == "other_words" else name
    assert sentence in shown(form, where)


@pytest.mark.parametrize("month", ["8", "08", "Aug", "august"])
def test_a_month_may_be_a_name(month):
    form = filled(**{"born_on-month": month})
    assert form.is_valid(), form.errors


def test_the_summary_leads_to_the_box_at_fault():
    form = filled(**{"born_on-month": "", "given_name": ""})
    assert {item["href"] for item in error_list(form)} == {"#id_born_on-month", "#id_given_name"}
    html = shown(form, "born_on")
    assert html.count("nhsuk-input--error") == 1


def test_a_field_inside_a_choice_that_was_not_made_is_not_asked_for_or_kept():
    form = filled(other_words="left over")
    assert form.is_valid()
    assert form.cleaned_data["other_words"] == ""


def test_nothing_typed_is_lost_and_nothing_typed_is_run():
    form = filled(given_name='"><script>alert(1)</script>', **{"born_on-day": "thirty", "reason": "risk"})
    form.is_valid()
    assert "&lt;script&gt;" in shown(form, "given_name")
    assert "<script" not in shown(form, "given_name")
    assert 'value="thirty"' in shown(form, "born_on")
    assert 'value="risk" checked' in shown(form, "reason")
    assert 'value="2" selected' in shown(form, "service")


@pytest.mark.parametrize(("limit", "day", "valid"), [
    ("past", 9, True), ("past", 10, False), ("today or past", 10, True), ("today or past", 11, False),
    ("future", 11, True), ("future", 10, False), ("today or future", 10, True), ("today or future", 9, False),
])  # fmt: skip
def test_a_limit_is_held_against_the_actors_today(limit, day, valid):
    class Dated(PathwaysForm):
        on = DateInputField(label="Day", limit=limit)

    form = Dated({"on-day": str(day), "on-month": "3", "on-year": "2026"}, actor=ACTOR)
    assert form.is_valid() is valid


def test_a_question_in_other_words_has_them_in_its_errors():
    class Asked(PathwaysForm):
        on = DateInputField(label="On which day?", limit="past")
        why = forms.CharField(label="Why?", error_messages={"required": "Say why"})

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.ask("on", "Day of the report")
            self.ask("why", "Why is it late?")

    form = Asked({}, actor=ACTOR)
    assert form.errors == {"on": ["Enter the day of the report"], "why": ["Say why"]}
    later = Asked({"on-day": "3", "on-month": "3", "on-year": "2999", "why": "x"}, actor=ACTOR)
    assert later.errors == {"on": ["Day of the report must be in the past"]}


def test_a_limited_date_without_an_actor_is_a_defect():
    class Dated(PathwaysForm):
        on = DateInputField(limit="past")

    with pytest.raises(RuntimeError, match="given an actor"):
        Dated({"on-day": "1", "on-month": "3", "on-year": "2026"}).is_valid()


def refuse(field: str | None):
    def action(*, by):
        raise Refused("That bed is just gone.", field)

    return action


@pytest.mark.parametrize(("field", "where"), [
    ("service", "service"), (None, "__all__"), ("not_on_this_form", "__all__"), ("version", "__all__"),
])  # fmt: skip
def test_a_refusal_stands_beside_its_field_or_above_the_form(field, where):
    form = filled()
    assert form.is_valid()
    outcome = form.attempt(refuse(field), by=ACTOR)
    assert not outcome
    assert form.errors == {where: ["That bed is just gone."]}


def test_an_attempt_that_is_done_gives_what_the_action_gave():
    form = filled()
    form.is_valid()
    outcome = form.attempt(lambda *, by: None, by=ACTOR)
    assert outcome
    assert outcome.value is None


def request_for(form_data: dict | None = None):
    request = RequestFactory().post("/x/", form_data or {})
    request.actor, request.capacities = None, []
    request._messages = []
    return request


@pytest.mark.parametrize(("made", "status"), [("new", 200), ("wrong", 400), ("refused", 409)])
def test_the_status_says_whether_the_shape_or_the_rule_was_the_matter(made, status):
    form = {"new": Everything(actor=ACTOR), "wrong": filled(given_name=""), "refused": filled()}[made]
    if made == "refused":
        form.is_valid()
        form.attempt(refuse("service"), by=ACTOR)
    response = render_form(request_for(), "core/form.jinja", form, heading="Ask", back="/back/")
    html = response.content.decode()
    assert response.status_code == status
    assert ("<title>Error: Ask" in html) is (status != 200)
    assert ("There is a problem" in html) is (status != 200)
    assert 'href="/back/"' in html
    assert " style=" not in html


def test_a_form_sent_once_carries_a_new_key_each_time_it_is_opened():
    class Asked(PathwaysForm):
        sent_once = True

    first, second = Asked(), Asked()
    key = first["submission"].value()
    assert key != second["submission"].value()
    again = Asked({"submission": str(key)})
    assert again.is_valid()
    assert again.submission_key == uuid.UUID(key)
    assert Asked({"submission": "nonsense"}).is_valid() is False
    assert key in str(again["submission"].as_hidden())


def test_our_templates_are_strict_and_the_librarys_lenient():
    env = engines["jinja2"].env
    with pytest.raises(Exception, match="undefined"):
        env.from_string("{{ nothing_of_the_kind }}").render()
    button = '{% from "nhsuk/components/button/macro.jinja" import button %}{{ button({"text": "Go"}) }}'
    assert "nhsuk-button" in env.from_string(button).render()


class Questions(PathwaysForm):
    on = DateInputField(label="When was this decided?", limit="past")
    name = forms.CharField(label="Name", max_length=5)
    at_time = forms.TimeField(label="At what time?", required=False)


def test_a_question_and_a_length_are_refused_in_sentences():
    said = {"on-day": "10", "on-month": "3", "on-year": "2999", "name": "Rosalind", "at_time": "x"}
    form = Questions(said, actor=ACTOR)
    assert form.errors == {
        "on": ["The date must be in the past"],
        "name": ["Name must be 5 characters or fewer"],
        "at_time": ["This must be a time, like 14:05"],
    }


class Numbers(PathwaysForm):
    days = forms.IntegerField(label="Days", min_value=1, max_value=365)


@pytest.mark.parametrize(
    ("typed", "said"), [("0", "Days must be 1 or more"), ("366", "Days must be 365 or less")]
)
def test_a_number_out_of_bounds_is_told_in_plain_words(typed, said):
    assert Numbers({"days": typed}).errors == {"days": [said]}


class TwoDays(PathwaysForm):
    first = DateInputField(label="From which day?")
    last = DateInputField(label="To which day?")


def test_of_several_dates_the_sentence_says_which():
    sent = {f"{name}-{part}": "31" for name in ("first", "last") for part in ("day", "month")}
    errors = TwoDays({**sent, "first-year": "2026", "last-year": "2026"}).errors
    assert errors["last"] == ["The date for “To which day?” must be a real date"]
