"""The end of a transfer: one of a closed list, each with what it takes."""

from typing import Any

from django import forms

from core.forms import VersionField
from referrals.codes import EndReason
from referrals.forms.fields import ServiceField, VerbForm, day_field, hospitals, words_field
from referrals.rules import END_REASONS

# Where the words of an end are typed, and where its hospital is chosen: each inside its own choice.
WHY = {EndReason.IMPROVED: "why_improved", EndReason.ENTERED_IN_ERROR: "why_in_error"}
HOSPITAL = {
    EndReason.ADMITTED_BY_COURT: "hospital_by_court",
    EndReason.ADMITTED_AFTER_RELEASE: "hospital_after",
}


class EndForm(VerbForm):
    """How it ended, and when."""

    version = VersionField()
    reason = forms.ChoiceField(label="How did it end?", choices=(), widget=forms.RadioSelect)
    hospital_by_court = ServiceField(label="Which hospital admitted the person?")
    hospital_after = ServiceField(label="Which hospital admitted the person?")
    after_care = words_field(
        "Plan for the last day, and who follows up",
        help_text="Who meets the person, medicines given, appointments, and whom to call.",
        required=False,
    )
    why_improved = words_field(
        "Why is hospital no longer needed?", help_text="And the treatment in prison that was agreed."
    )
    why_in_error = words_field("What was wrong?")
    on = day_field("On which day?")

    starts_with = ("on",)
    reveals = {
        "hospital_by_court": ("reason", EndReason.ADMITTED_BY_COURT),
        "hospital_after": ("reason", EndReason.ADMITTED_AFTER_RELEASE),
        "after_care": ("reason", EndReason.RELEASED),
        "why_improved": ("reason", EndReason.IMPROVED),
        "why_in_error": ("reason", EndReason.ENTERED_IN_ERROR),
    }
    choice_hints = {
        "reason": {
            EndReason.IMPROVED: "Only a clinician can record this.",
            EndReason.DIED: "Everything stops at once, and no message is sent.",
        }
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [
            (reason, EndReason(reason).label) for reason, end in END_REASONS.items() if not end.otherwise
        ]
        for name in HOSPITAL.values():
            self.fields[name].queryset = hospitals(self.actor)

    def end(self) -> dict[str, Any]:
        """The end, as the action asks for it."""
        given, reason = self.cleaned_data, EndReason(self.cleaned_data["reason"])
        return {
            "reason": reason,
            "why": given.get(WHY.get(reason, ""), "") or "",
            "on": given["on"],
            "after_care": given["after_care"] or "",
            "service": given.get(HOSPITAL.get(reason, "")),
        }
