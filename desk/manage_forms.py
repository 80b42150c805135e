"""Forms of managing."""

from typing import Any

from django import forms

from accounts.rights import Duty, Role
from core.dates import DateInputField
from core.forms import PathwaysForm, VersionField
from organisations.models import (
    AdmissionCriterion,
    Commissioner,
    Provider,
    Region,
    Service,
    WardGender,
)
from organisations.rules import DIAGNOSTIC_GROUPS, HOSPITAL_TIERS, SECTIONS, SINGLE_SEX, Tier

YES_NO = [("yes", "Yes"), ("no", "No")]
WHY = 200


def line(label: str, length: int, **kwargs: Any) -> forms.CharField:
    """One line of text, of a length at most."""
    return forms.CharField(label=label, max_length=length, **kwargs)


def yes_no(label: str, **kwargs: Any) -> forms.TypedChoiceField:
    """A question that is answered yes or no; neither is chosen beforehand unless the row says."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        **kwargs,
    )


def said(value: bool) -> str:
    """A yes or no as the question has it."""
    return "yes" if value else "no"


class ManageForm(PathwaysForm):
    """A form of managing: sent once, and with the version of what it changes, where it changes something."""

    sent_once = True

    def answers(self) -> dict[str, Any]:
        """What the action is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class ChangeForm(ManageForm):
    """Changes a row that has a version."""

    version = VersionField()


class WhyForm(ManageForm):
    """Nothing but a reason."""

    why = line("Why?", WHY, error_messages={"required": "Say why"})


class VersionedWhyForm(WhyForm):
    """A reason, and the version of what it is about."""

    version = VersionField()


class RegionForm(ManageForm):
    """A region of NHS England."""

    code = line("Code", 3, help_text="Like Y56")
    name = line("Name", 80)
    widths = {"code": 4, "name": 30}


class CommissionerForm(ManageForm):
    """A commissioner."""

    name = line("Name", 120)
    kind = forms.ChoiceField(choices=Commissioner.Kind.choices, widget=forms.RadioSelect)
    region = forms.ModelChoiceField(queryset=None, to_field_name="code")
    widths = {"name": 30}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.order_by("name")


class ProviderForm(ManageForm):
    """A provider."""

    name = line("Name", 120)
    ods_code = line("ODS code", 5, help_text="Like RXT")
    sector = forms.ChoiceField(choices=Provider.Sector.choices, widget=forms.RadioSelect)
    widths = {"name": 30, "ods_code": 5}


class ServiceForm(CommissionerForm):
    """A service."""

    name = line("Name", 120)
    kind = forms.ChoiceField(choices=Service.Kind.choices, widget=forms.RadioSelect)
    code = line("ODS site code", 9, help_text="Like RXT01")
    provider = forms.ModelChoiceField(queryset=None, to_field_name="public_id")
    region = forms.ModelChoiceField(queryset=None, to_field_name="code")
    commissioner = forms.ModelChoiceField(
        queryset=None, to_field_name="public_id", required=False, empty_label="None"
    )
    alert_mailbox = forms.EmailField(
        label="Shared mailbox for alerts",
        help_text="Flags and requests are sent here, without names.",
    )
    referral_telephone = line("Referral telephone", 30, required=False)
    widths = {"name": 30, "code": 10, "alert_mailbox": 30, "referral_telephone": 20}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Provider.objects.order_by("name")
        commissioners = Commissioner.objects.visible_to(self.actor).order_by("name")
        self.fields["commissioner"].queryset = commissioners


class ChangeRegionForm(RegionForm, ChangeForm):
    """Put a region right."""


class ChangeCommissionerForm(CommissionerForm, ChangeForm):
    """Change a commissioner."""


class ChangeProviderForm(ProviderForm, ChangeForm):
    """Change a provider."""


class ChangeServiceForm(ServiceForm, ChangeForm):
    """Change a service, or say that it is no longer in use."""

    is_open = yes_no("Is it in use?", help_text="Nobody can be referred to a service that is not in use.")


class DesignationForm(ManageForm):
    """What a ward is for from a day."""

    tier = forms.ChoiceField(
        label="Tier",
        choices=[(tier.value, tier.label) for tier in Tier if tier in HOSPITAL_TIERS],
        widget=forms.RadioSelect,
    )
    gender = forms.ChoiceField(label="Whom it takes", choices=WardGender.choices, widget=forms.RadioSelect)
    specialties = line(
        "Specialties", 200, required=False, help_text="With commas between, like learning disability, autism"
    )
    since = DateInputField(label="From which day?", help_text="For example, 27 3 2026")

    def clean_specialties(self) -> list[str]:
        parts = [one.strip() for one in self.cleaned_data["specialties"].split(",") if one.strip()]
        if any(len(one) > 30 for one in parts):
            raise forms.ValidationError("Each specialty must be 30 characters or fewer")
        return parts


class WardForm(DesignationForm):
    """A new ward."""

    name = line("Name", 80)
    field_order = ["name"]
    widths = {"name": 20}


class RedesignateForm(DesignationForm):
    """A ward that changes what it is for."""

    why = line("Why?", WHY, error_messages={"required": "Say why"})


class NameForm(ManageForm):
    """The name of something new."""

    name = line("Name", 20)
    widths = {"name": 20}


class BedForm(NameForm):
    """A new bed."""

    since = DateInputField(label="In use from which day?", help_text="For example, 27 3 2026")


class FromDayForm(ManageForm):
    """From which day something is no more, and why."""

    since = DateInputField(
        label="From which day?", help_text="The first day without it. For example, 27 3 2026"
    )
    why = line("Why?", WHY, error_messages={"required": "Say why"})


class RenameForm(NameForm, ChangeForm):
    """Another name."""


class CloseBedForm(ManageForm):
    """When a bed cannot be had, and why."""

    since = DateInputField(label="First day closed", help_text="For example, 27 3 2026")
    last_day = DateInputField(
        label="Last day closed", required=False, help_text="Leave it empty if nobody knows yet."
    )
    why = line("Why is it closed?", WHY, error_messages={"required": "Say why it is closed"})


def _covers(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Held against what is recorded of a person when a bed is looked for. With none, a person reads it.",
    )


class CriterionForm(ManageForm):
    """One thing a service takes or does not take."""

    kind = forms.ChoiceField(
        label="About what?", choices=AdmissionCriterion.Kind.choices, widget=forms.RadioSelect
    )
    takes = yes_no("Does the service take it?")
    words = line("In words", 200, help_text="For example: men aged 18 and over")
    tier = _covers("Which tiers?")
    gender = _covers("Which gender?")
    legal_basis = _covers("Which sections?")
    diagnosis = _covers("Which groups of diagnoses?")
    area = _covers("Which regions?")

    # One field for the codes of each kind, by the name of the kind.
    reveals = {kind: ("kind", kind) for kind in ("tier", "gender", "legal_basis", "diagnosis", "area")}

    def __init__(self, *args: Any, initial: Any = None, **kwargs: Any) -> None:
        shown = dict(initial or {})
        shown[shown.get("kind", "")] = shown.pop("covers", [])
        super().__init__(*args, initial=shown, **kwargs)
        codes = {
            "tier": [(tier.value, tier.label) for tier in HOSPITAL_TIERS],
            "gender": [(one, one.capitalize()) for one in SINGLE_SEX],
            "legal_basis": [(one, f"Section {one}") for one in SECTIONS],
            "diagnosis": [(one, one.capitalize()) for one in DIAGNOSTIC_GROUPS],
            "area": list(Region.objects.order_by("name").values_list("code", "name")),
        }
        for kind, choices in codes.items():
            self.fields[kind].choices = choices

    def answers(self) -> dict[str, Any]:
        """What the action is told: of the codes those of the kind that is chosen."""
        given = super().answers()
        covers = {kind: given.pop(kind) for kind in self.reveals}
        return {**given, "covers": covers.get(given["kind"], [])}


class ChangeCriterionForm(CriterionForm, ChangeForm):
    """Say it otherwise, or publish it no longer."""

    is_open = yes_no("Is it published?")


class AccountForm(ManageForm):
    """Somebody who signs in."""

    name = line("Full name", 120)
    email = forms.EmailField(label="E-mail address")
    widths = {"name": 30, "email": 30}


class ChangeAccountForm(AccountForm, ChangeForm):
    """Another name or address."""


class DutiesForm(ManageForm):
    """Duties and what goes with them."""

    duties = forms.MultipleChoiceField(
        label="Duties beside the role",
        choices=Duty.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_on_duty = yes_no("Told about flags by e-mail and bell?")
    last_day = DateInputField(
        label="Last day", required=False, help_text="Leave it empty until further notice."
    )


class MembershipForm(DutiesForm):
    """A role at one place."""

    role = forms.ChoiceField(choices=Role.choices, widget=forms.RadioSelect)
    service = forms.ModelChoiceField(
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label="None",
        help_text="For clinicians and prison liaison.",
    )
    commissioner = forms.ModelChoiceField(
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label="None",
        help_text="For commissioners.",
    )
    since = DateInputField(label="First day", help_text="For example, 27 3 2026")
    field_order = ["role", "service", "commissioner", "duties", "is_on_duty", "since", "last_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(self.actor).open().order_by("name")
        commissioners = Commissioner.objects.visible_to(self.actor).order_by("name")
        self.fields["commissioner"].queryset = commissioners


class ChangeMembershipForm(DutiesForm, ChangeForm):
    """Duties and last day of a role."""
