"""The steps of the checklist: reports, dates, the warrant, leaving, being received."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import SeenForm, VersionField
from organisations.models import Service
from pathways import days
from pathways.codes import Limb
from pathways.pages.bed_forms import BedThenForm
from referrals.codes import LegalSection, StepKind
from referrals.forms.fields import (
    ServiceField,
    VerbForm,
    day_field,
    exception_field,
    hospitals,
    line_field,
    offer_beds,
)

YES_NO = [("yes", "Yes"), ("no", "No")]


class StepForm(VerbForm):
    """The day a step was done; of an escort also the day for which it is booked."""

    on = day_field("On which day?")
    for_on = DateInputField(label="For which day?", help_text="The day the escort comes.")
    words = line_field("Anything the others should know", required=False, help_text="No clinical details.")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == StepKind.ESCORT:
            self.ask("on", "Which day was it booked?")
        else:
            del self.fields["for_on"]
        if kind in (StepKind.FIRST_REPORT, StepKind.SECOND_REPORT):
            words = self.fields["words"]
            words.required, words.help_text = True, ""
            words.error_messages["required"] = "Enter the doctor's name"
            self.ask("words", "Which doctor?")
            self.ask("on", "When did the doctor sign the report?")


class ReportForm(VerbForm):
    """A doctor's report, as the law needs it (Mental Health Act 1983 s47(1), s48(1), s54(1))."""

    doctor_name = line_field("Which doctor?", length=120)
    gmc_number = forms.CharField(label="GMC number", max_length=9, help_text="7 digits.")
    is_section_12_approved = forms.ChoiceField(
        label="Is the doctor approved under section 12?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="At least one of the two must be.",
    )
    examined_on = day_field("When did the doctor examine the person?")
    signed_on = day_field("When did the doctor sign the report?")
    says_urgent_need = forms.ChoiceField(
        label="Does the report say that treatment is urgently needed?",
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="Section 48 needs it in both reports.",
    )
    widths = {"gmc_number": 10}

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section != LegalSection.S48:
            del self.fields["says_urgent_need"]

    def report(self) -> dict[str, Any]:
        """The report, as the action asks for it."""
        given = self.cleaned_data
        return {
            "doctor_name": given["doctor_name"],
            "gmc_number": given["gmc_number"],
            "is_section_12_approved": given["is_section_12_approved"] == "yes",
            "examined_on": given["examined_on"],
            "signed_on": given["signed_on"],
            "says_urgent_need": given.get("says_urgent_need") == "yes",
        }


class CorrectForm(VerbForm):
    """A date put right, with why."""

    version = VersionField()
    on = day_field("Which day was it?")
    why = line_field("Why is it corrected?")


class WarrantForm(VerbForm):
    """The Secretary of State's warrant."""

    given_on = day_field(
        "When was the warrant given?",
        help_text="The date on the warrant. It may be used for 14 days beginning with that day.",
    )
    hospital = ServiceField(
        label="Which hospital does it name?",
        help_text="Services that have accepted the person. Does it name another one? Ask that service first.",
    )
    unit = line_field(
        "Which unit of the hospital?", required=False, length=80, help_text="As on the warrant."
    )
    with_restrictions = forms.ChoiceField(
        label="Is it with section 49 restrictions?", choices=YES_NO, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, limb: str, accepting: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Another hospital stays valid, so that whoever sends one gets the sentence of the rule and no riddle.
        self.fields["hospital"].queryset = hospitals(self.actor)
        self.fields["hospital"].choices = [("", "Choose one"), *((s.public_id, s.name) for s in accepting)]
        if limb in (Limb.CROWN_REMAND, Limb.MAGISTRATES_REMAND):
            self.fields["with_restrictions"].help_text = "They are mandatory for people on remand."


class RefusedWarrantForm(VerbForm):
    """That the Secretary of State refused."""

    on = day_field("When was it refused?")
    why = line_field(
        "Why was it refused?", help_text="Send the letter's reasons to the services another way."
    )


class MomentForm(VerbForm):
    """A day, and the time where it is known."""

    on = day_field("On which day?")
    at_time = forms.TimeField(
        label="At what time?",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text="24-hour clock, like 14:05. Leave empty if it is not known.",
    )
    widths = {"at_time": 5}

    @property
    def day(self) -> date:
        """The London day."""
        return self.cleaned_data["on"]

    @property
    def clock_time(self) -> time | None:
        """The time on that day, or None."""
        return self.cleaned_data["at_time"]

    def moment(self) -> tuple[datetime, bool]:
        """The instant, and whether its time is known."""
        return days.at_or_noon(self.day, self.clock_time)


class LeftForm(MomentForm):
    """When the person left prison."""


class AdmitForm(BedThenForm, SeenForm, MomentForm):
    """When and into which bed the hospital received the person. `beds` gives those that could be had from a moment."""

    bed = forms.ChoiceField(label="Into which bed?", widget=forms.RadioSelect)
    exception_why = exception_field()

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beds = beds
        self.offer_again()

    def offer(self, at: datetime) -> None:
        """Among those into which they can have come."""
        offer_beds(self, self._beds(at))
