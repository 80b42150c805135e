"""Asking for a transfer: one form for each question. What is asked is kept in the draft under the fields' names."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.dates import DateInputField
from core.forms import PathwaysForm, SeenForm
from core.refusals import refusal
from organisations.models import Commissioner, Service
from pathways import days, nhs_number
from pathways.codes import Ethnicity, Limb, NoNhsNumber, StatedGender
from referrals import rules
from referrals.codes import LegalSection, Urgency

WHY_WORDS = 2000
REASON_WORDS = 200


class QuestionForm(PathwaysForm):
    """One question of the request."""


class NumbersMixin:
    """NHS and prison numbers as they are typed, with the exact sentence for each slip."""

    def clean_nhs_number(self) -> str:
        return self._number("nhs_number", nhs_number.clean, nhs_number.check)

    def clean_prison_number(self) -> str:
        return self._number("prison_number", nhs_number.clean_prison_number, nhs_number.check_prison_number)

    def _number(self, field: str, clean: Any, check: Any) -> str:
        number = clean(self.cleaned_data.get(field) or "")  # type: ignore[attr-defined]
        if not number:
            return ""
        wrong = refusal(check, number)
        if wrong:
            raise ValidationError(wrong)
        return number


class PersonForm(QuestionForm):
    """Who it is for, looked for among the actor's own people. Posted, so that no name is ever in an address."""

    words = forms.CharField(
        label="Name, NHS number or prison number",
        max_length=120,
        help_text="Part of a name is enough, and small misspellings do not matter.",
    )
    widths = {"words": 20}


class TraceForm(NumbersMixin, QuestionForm):
    """Somebody outside one's own people: full identifiers, and why."""

    BY = [
        ("nhs_number", "NHS number"),
        ("prison_number", "Prison number"),
        ("name", "Full name and date of birth"),
    ]

    by_what = forms.ChoiceField(label="What do you know?", choices=BY, widget=forms.RadioSelect)
    nhs_number = forms.CharField(label="NHS number", max_length=20, help_text="10 numbers, like 999 123 4567")
    prison_number = forms.CharField(label="Prison number", max_length=12, help_text="Like A1234BC")
    given_name = forms.CharField(label="First name", max_length=80)
    family_name = forms.CharField(label="Last name", max_length=80)
    born_on = DateInputField(label="Date of birth", limit="past", help_text="For example, 31 3 1980")
    reason = forms.CharField(
        label="Why are you looking for this person?",
        max_length=REASON_WORDS,
        help_text="Kept with your name. For example: came to the prison today and needs a transfer.",
        error_messages={"required": "Say why you are looking for this person"},
    )
    widths = {"nhs_number": 10, "prison_number": 10, "given_name": 20, "family_name": 20}
    reveals = {
        "nhs_number": ("by_what", "nhs_number"),
        "prison_number": ("by_what", "prison_number"),
        "given_name": ("by_what", "name"),
        "family_name": ("by_what", "name"),
        "born_on": ("by_what", "name"),
    }

    def identifiers(self) -> dict[str, Any]:
        """What a trace is asked with: only the fields of the choice that was made."""
        fields = [name for name, place in self.reveals.items() if place[1] == self.cleaned_data["by_what"]]
        return {name: self.cleaned_data[name] for name in fields}


class PrisonForm(QuestionForm):
    """Asks at which prison, where the actor works at several. Sent twice it counts once."""

    sent_once = True

    def __init__(self, *args: Any, prisons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(prisons) > 1:
            self.fields["at_service"] = forms.ModelChoiceField(
                queryset=prisons,
                label="Prison",
                to_field_name="public_id",
                error_messages={
                    "required": "Choose the prison",
                    "invalid_choice": "Choose one of the prisons given",
                },
            )
        self.only = None if len(prisons) > 1 else next(iter(prisons), None)

    @property
    def prison(self) -> Service:
        """The one chosen, or the only one."""
        return self.only or self.cleaned_data["at_service"]


class ArrivedForm(SeenForm, PrisonForm):
    """When somebody who was found elsewhere came to the actor's prison."""

    arrived_on = DateInputField(
        label="When did this person come to your prison?",
        limit="today or past",
        help_text="For example, 27 3 2026. The person’s record then opens to your prison.",
    )

    def came(self) -> dict[str, Any]:
        """Since when they are there, and what was seen that this goes against."""
        at, time_known = days.since(self.cleaned_data["arrived_on"], now=self.actor.at)
        return {"at": at, "time_known": time_known, "checked": self.cleaned_data["checked"]}


class RegisterForm(NumbersMixin, PrisonForm):
    """Somebody whom neither search nor trace finds."""

    HAS_NUMBER = [("yes", "Yes"), *NoNhsNumber.choices]

    given_name = forms.CharField(label="First name", max_length=80)
    family_name = forms.CharField(label="Last name", max_length=80)
    born_on = DateInputField(label="Date of birth", limit="past", help_text="For example, 31 3 1980")
    stated_gender = forms.ChoiceField(
        label="Gender",
        choices=StatedGender.choices,
        widget=forms.RadioSelect,
        help_text="As the person states it.",
    )
    has_nhs_number = forms.ChoiceField(
        label="Is there an NHS number?",
        choices=HAS_NUMBER,
        widget=forms.RadioSelect,
        error_messages={"required": "Enter the NHS number, or say why there is none"},
    )
    nhs_number = forms.CharField(label="NHS number", max_length=20, help_text="10 numbers, like 999 123 4567")
    prison_number = forms.CharField(
        label="Prison number", max_length=12, required=False, help_text="Like A1234BC"
    )
    pnc_id = forms.CharField(
        label="PNC number", max_length=13, required=False, help_text="Like 2004/1234567A"
    )
    ethnicity = forms.ChoiceField(
        label="Ethnic group", choices=Ethnicity.choices, initial=Ethnicity.NOT_KNOWN
    )
    interpreter_language = forms.CharField(
        label="Language of interpreter", max_length=40, required=False, help_text="Only if one is needed."
    )
    home_area = forms.ModelChoiceField(
        queryset=None,
        label="Home area",
        to_field_name="public_id",
        required=False,
        empty_label="Not known",
        help_text="Whose population the person belongs to: it answers for the transfer.",
    )
    came_on = DateInputField(
        label="Date they came to this prison",
        limit="today or past",
        required=False,
        help_text="Leave it empty if they came today. For example, 27 3 2026",
    )
    reason = forms.CharField(
        label="Why are you registering this person?",
        max_length=REASON_WORDS,
        help_text="Kept with your name, because the numbers are traced first. "
        "For example: came to the prison today and needs a transfer.",
        error_messages={"required": "Say why you are registering this person"},
    )
    is_nobody_found = forms.BooleanField(
        label="None of the people above is this person",
        required=False,
        help_text="You have compared them with the person’s papers.",
    )
    widths = {
        "given_name": 20,
        "family_name": 20,
        "nhs_number": 10,
        "prison_number": 10,
        "pnc_id": 20,
        "interpreter_language": 20,
    }
    reveals = {"nhs_number": ("has_nhs_number", "yes")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers_found = False
        self.fields["home_area"].queryset = Commissioner.objects.visible_to(self.actor).order_by("name")  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        """What `register_patient` is told."""
        given = dict(self.cleaned_data)
        reason = given.pop("has_nhs_number")
        given.pop("at_service", None)
        given.pop("submission")
        given.pop("reason")
        given.pop("is_nobody_found")
        given.pop("came_on")
        given["nhs_number"] = given["nhs_number"] or None
        given["prison_number"] = given["prison_number"] or None
        return {**given, "no_nhs_number": "" if reason == "yes" else reason}

    def who(self) -> dict[str, str]:
        """The name and date of birth by which the same person may already be recorded, as a draft keeps them."""
        given = self.cleaned_data
        names = {name: given[name].strip().casefold() for name in ("given_name", "family_name")}
        return {**names, "born_on": given["born_on"].isoformat()}

    def numbers(self) -> dict[str, str]:
        """The numbers that were typed, by which somebody may already be recorded."""
        typed = {name: self.cleaned_data[name] for name in ("nhs_number", "prison_number")}
        return {name: number for name, number in typed.items() if number}


class SectionForm(QuestionForm):
    """The section of the Act."""

    section = forms.ChoiceField(
        label="Under which section is the transfer asked?",
        choices=LegalSection.choices,
        widget=forms.RadioSelect,
    )


class LimbForm(QuestionForm):
    """The group of section 48(2)."""

    limb = forms.ChoiceField(
        label="Why is this person detained?",
        choices=Limb.choices,
        widget=forms.RadioSelect,
        help_text="The four groups of section 48(2) of the Mental Health Act 1983.",
    )


class RestrictionsForm(QuestionForm):
    """Section 49, where the law leaves a choice."""

    with_restrictions = forms.TypedChoiceField(
        label="Are section 49 restrictions asked for?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        help_text="With restrictions, leave, transfer and discharge need the Ministry of Justice’s agreement.",
        error_messages={"required": "Choose whether section 49 restrictions are asked for"},
    )


class DatesForm(QuestionForm):
    """Dates of the court or the sentence; only those that fit the legal basis."""

    release_on = DateInputField(
        label=rules.DATE_WORDS["release_on"],
        required=False,
        help_text="Section 49 restrictions end on it. For example, 27 3 2027",
    )
    hearing_on = DateInputField(
        label=rules.DATE_WORDS["hearing_on"], required=False, help_text="For example, 27 3 2027"
    )
    remand_expires_on = DateInputField(
        label=rules.DATE_WORDS["remand_expires_on"],
        required=False,
        help_text="The end of the custody time limit. For example, 27 3 2027",
    )

    def __init__(self, *args: Any, fitting: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in fitting]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        for name, on in list(self.cleaned_data.items()):
            wrong = on and refusal(rules.check_date_to_come, name, on, today=self.actor.today)  # type: ignore[attr-defined]
            if wrong:
                self.add_error(name, wrong)
        return self.cleaned_data


class UrgencyForm(QuestionForm):
    """How soon, and why."""

    urgency = forms.TypedChoiceField(
        label="How soon is the transfer needed?",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        coerce=int,
    )
    urgency_why = forms.CharField(
        label="Why is it this urgent?",
        max_length=WHY_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why it is this urgent"},
    )


class RequestedForm(QuestionForm):
    """The day that starts the clocks."""

    report_first_requested_on = DateInputField(
        label="When was a medical report first requested?",
        limit="today or past",
        help_text="The day anybody first asked a doctor for a report for a transfer. The 14 days run from it. "
        "For example, 27 3 2026",
    )

    def clean_report_first_requested_on(self) -> Any:
        on = self.cleaned_data["report_first_requested_on"]
        wrong = refusal(rules.check_first_day, on, today=self.actor.today)  # type: ignore[attr-defined]
        if wrong:
            raise ValidationError(wrong)
        return on


class ServicesForm(QuestionForm):
    """The services asked: those ticked stay in the list whatever the filter shows."""

    services = forms.ModelMultipleChoiceField(
        queryset=None,
        label="Services to ask",
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose from the services given",
            "list": "Choose from the services given",
        },
    )
    none_yet = forms.BooleanField(
        label="I do not know yet whom to ask",
        required=False,
        help_text="The clock runs all the same. You or the case manager can ask services later.",
    )

    def __init__(self, *args: Any, services: Any, hints: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = services  # type: ignore[attr-defined]
        self.choice_hints = {"services": hints}

    def clean(self) -> dict[str, Any]:
        chosen, none_yet = self.cleaned_data.get("services"), self.cleaned_data.get("none_yet")
        if "services" in self.errors:
            return self.cleaned_data
        if chosen and none_yet:
            self.add_error("none_yet", "Either choose services, or say that you do not know yet whom to ask")
        elif not chosen and not none_yet:
            self.add_error(
                "services", "Choose at least one service, or say that you do not know yet whom to ask"
            )
        return self.cleaned_data


class CheckForm(QuestionForm):
    """Nothing but the key that makes it count once."""

    sent_once = True
