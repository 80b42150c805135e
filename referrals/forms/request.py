"""What changes about the request while somebody waits."""

from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import SeenForm, VersionField
from pathways import days
from pathways.codes import Limb
from pathways.models import KeyDate
from referrals.codes import LegalSection, Urgency
from referrals.forms.fields import ServiceField, VerbForm, day_field, line_field, prisons, words_field
from referrals.forms.steps import YES_NO, MomentForm


class RequestDateForm(VerbForm):
    """The first day, put right."""

    version = VersionField()
    on = day_field("On which day was a medical report first requested?")
    why = line_field("Why is it corrected?")


class UrgencyForm(VerbForm):
    """How soon, and why."""

    version = VersionField()
    urgency = forms.TypedChoiceField(
        label="How urgent is it?", choices=Urgency.choices, coerce=int, widget=forms.RadioSelect
    )
    why = words_field("Why?")


class LegalBasisForm(VerbForm):
    """The section, its group and restrictions, from a day on."""

    version = VersionField()
    section = forms.ChoiceField(
        label="Under which section is the transfer asked now?",
        choices=LegalSection.choices,
        widget=forms.RadioSelect,
    )
    limb = forms.ChoiceField(
        label="To which group of section 48 does the person belong?",
        choices=Limb.choices,
        widget=forms.RadioSelect,
    )
    with_restrictions = forms.ChoiceField(
        label="Are section 49 restrictions asked for?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
        help_text="They are mandatory for people on remand: leave this empty for them.",
    )
    since = day_field("Since which day?")

    reveals = {"limb": ("section", LegalSection.S48)}

    def basis(self) -> dict[str, Any]:
        """The legal basis, as the action asks for it."""
        given = self.cleaned_data
        return {
            "section": given["section"],
            "limb": given["limb"] or "",
            "with_restrictions": {"yes": True, "no": False}.get(given["with_restrictions"]),
            "since": given["since"],
        }


class KeyDateForm(VerbForm):
    """A date in a court or sentence."""

    kind = forms.ChoiceField(label="Which date?", choices=KeyDate.Kind.choices, widget=forms.RadioSelect)
    on = DateInputField(label="When is it?")


class RiskAlertForm(VerbForm):
    """A risk to staff in a few plain words."""

    words = line_field(
        "What must everyone who handles the person know?",
        help_text="Plain words without clinical details. For example: two officers at the cell door.",
    )


class PrisonMoveForm(MomentForm):
    """To which prison, and when."""

    to_service = ServiceField(label="To which prison?")
    field_order = ["to_service", "on", "at_time"]

    def __init__(self, *args: Any, from_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_service"].queryset = prisons(self.actor).exclude(pk=from_id)


class TakeOverForm(SeenForm, VerbForm):
    """For which of one's own prisons, and since when the person is there."""

    service = ServiceField(label="For which prison?", widget=forms.RadioSelect, empty_label=None)
    on = day_field("When did the person come to it?", help_text="For example, 27 3 2026")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = prisons(self.actor).worked_at_by(self.actor)
        self.fields["service"].queryset = own

    def came(self) -> dict[str, Any]:
        """Since when they are there, and what was seen that this goes against."""
        at, time_known = days.since(self.cleaned_data["on"], now=self.actor.at)
        return {"at": at, "time_known": time_known, "checked": self.cleaned_data["checked"]}
