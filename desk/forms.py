"""Forms about one person, and the search for one."""

from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import PathwaysForm, VersionField
from organisations.models import Commissioner
from pathways.codes import Ethnicity, LiftReason, NoNhsNumber, RestrictionReason, StatedGender
from pathways.models import Patient
from referrals.forms.new import NumbersMixin

WHY = 200


class SearchForm(PathwaysForm):
    """Posted, so that no name is ever in an address or a log of addresses."""

    words = forms.CharField(
        label="Name, NHS number or prison number",
        max_length=120,
        help_text="Part of a name is enough, and small misspellings do not matter.",
    )
    widths = {"words": 20}


class FindAccountForm(PathwaysForm):
    """Posted as well: who works here is in no address either."""

    words = forms.CharField(
        label="Name or e-mail address", max_length=120, help_text="Part of it is enough, in any order."
    )
    widths = {"words": 20}


class CorrectForm(NumbersMixin, PathwaysForm):
    """What is written about a person, put right with a reason."""

    sent_once = True
    HAS_NUMBER = [("yes", "Yes"), *NoNhsNumber.choices]

    given_name = forms.CharField(label="First name", max_length=80)
    family_name = forms.CharField(label="Last name", max_length=80)
    born_on = DateInputField(label="Date of birth", limit="past")
    stated_gender = forms.ChoiceField(label="Gender", choices=StatedGender.choices, widget=forms.RadioSelect)
    has_nhs_number = forms.ChoiceField(
        label="Is there an NHS number?", choices=HAS_NUMBER, widget=forms.RadioSelect
    )
    nhs_number = forms.CharField(label="NHS number", max_length=20, help_text="10 numbers, like 999 123 4567")
    prison_number = forms.CharField(
        label="Prison number", max_length=12, required=False, help_text="Like A1234BC"
    )
    pnc_id = forms.CharField(label="PNC number", max_length=13, required=False)
    ethnicity = forms.ChoiceField(label="Ethnic group", choices=Ethnicity.choices)
    interpreter_language = forms.CharField(label="Language of interpreter", max_length=40, required=False)
    home_area = forms.ModelChoiceField(
        queryset=None, label="Home area", to_field_name="public_id", required=False, empty_label="Not known"
    )
    why = forms.CharField(
        label="Why is it corrected?",
        max_length=WHY,
        help_text="Kept with the change. For example: the name was misspelt on the reception form.",
        error_messages={"required": "Say why it is corrected"},
    )
    version = VersionField()
    widths = {
        "given_name": 20,
        "family_name": 20,
        "nhs_number": 10,
        "prison_number": 10,
        "pnc_id": 20,
        "interpreter_language": 20,
    }
    reveals = {"nhs_number": ("has_nhs_number", "yes")}

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_it_is(patient), **kwargs)
        self.patient = patient
        self.fields["home_area"].queryset = Commissioner.objects.visible_to(self.actor).order_by("name")

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.changes():
            raise forms.ValidationError(
                "Nothing is different from what is written. Change something, or go back."
            )
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """Only what differs from what is written: what nobody touched is not corrected."""
        given = {name: self.cleaned_data[name] for name in self.fields if name in CORRECTED}
        has_number = self.cleaned_data["has_nhs_number"]
        given["no_nhs_number"] = "" if has_number == "yes" else has_number
        given["nhs_number"] = (given["nhs_number"] or None) if has_number == "yes" else None
        given["prison_number"] = given["prison_number"] or None
        return {name: value for name, value in given.items() if getattr(self.patient, name) != value}

    def numbers(self) -> dict[str, str]:
        """Numbers that are new to the person, by which somebody else may be recorded."""
        new = self.changes()
        return {name: new[name] for name in ("nhs_number", "prison_number") if new.get(name)}


CORRECTED = (
    "given_name",
    "family_name",
    "born_on",
    "stated_gender",
    "nhs_number",
    "prison_number",
    "pnc_id",
    "ethnicity",
    "interpreter_language",
    "home_area",
)


def _as_it_is(patient: Patient) -> dict[str, Any]:
    known = {name: getattr(patient, name) for name in CORRECTED}
    area = patient.home_area.public_id if patient.home_area else None
    return {
        **known,
        "home_area": area,
        "has_nhs_number": patient.no_nhs_number or "yes",
        "version": patient.version,
    }


class DeathForm(PathwaysForm):
    """When a person died."""

    sent_once = True
    on = DateInputField(label="Date of death", limit="today or past", help_text="For example, 27 3 2026")


class AlertForm(PathwaysForm):
    """A risk to staff in a few plain words."""

    sent_once = True
    words = forms.CharField(
        label="What must everyone who handles the person know?",
        max_length=WHY,
        help_text="Plain words without clinical details. For example: two officers at the cell door.",
        error_messages={"required": "Say what everyone must know"},
    )


class CorrectKeyDateForm(PathwaysForm):
    """When it is, and why what is recorded is wrong."""

    sent_once = True
    on = DateInputField(label="When is it?")
    why = forms.CharField(
        label="Why is it corrected?", max_length=WHY, error_messages={"required": "Say why it is corrected"}
    )


class WithdrawAlertForm(PathwaysForm):
    """Why a warning no longer holds."""

    sent_once = True
    why = forms.CharField(
        label="Why does it no longer hold?",
        max_length=WHY,
        error_messages={"required": "Say why it no longer holds"},
    )


class RestrictForm(PathwaysForm):
    """Why only named staff may know who somebody is, and who they are."""

    sent_once = True
    why = forms.ChoiceField(
        label="Why is access restricted?", choices=RestrictionReason.choices, widget=forms.RadioSelect
    )
    named_staff = forms.CharField(
        label="Who may open the record?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Their e-mail addresses, one on each line.",
        error_messages={"required": "Name at least one person"},
    )


class LiftForm(PathwaysForm):
    """Why a restriction ends."""

    sent_once = True
    why = forms.ChoiceField(
        label="Why does the restriction end?", choices=LiftReason.choices, widget=forms.RadioSelect
    )


class NameStaffForm(PathwaysForm):
    """One more person who may know."""

    sent_once = True
    named_staff = forms.EmailField(label="Their e-mail address", help_text="The one they sign in with.")
    widths = {"named_staff": 30}


class RemoveStaffForm(PathwaysForm):
    """One of those named."""

    sent_once = True
    named_staff = forms.ChoiceField(label="Who is removed?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named_staff"].choices = choices  # type: ignore[attr-defined]
