"""Forms about being clinically ready to move on."""

from typing import Any

from django import forms

from core.forms import PublicField
from organisations.models import Commissioner, Service
from organisations.rules import Tier
from pathways.models import ReadyPeriod
from pathways.ready_codes import BY_HAND, AttributableTo, Confirmation, ReadyEnd, ReadyReason, WaitsOn
from pathways.rules.ready import NEXT_TIERS
from referrals.forms.fields import ServiceField, VerbForm, day_field, line_field

REASONS = [("", "Choose a reason"), *((code, f"{code} {words}") for code, words in ReadyReason.choices)]
WORDS = 120


class CommissionerField(PublicField):
    """A commissioner from the directory."""

    def label_from_instance(self, commissioner: Commissioner) -> str:
        return commissioner.name


class ReasonForm(VerbForm):
    """For what it waits, and on whom."""

    next_tier = forms.ChoiceField(
        label="What do they need next?",
        choices=[(tier, Tier(tier).label) for tier in NEXT_TIERS],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label="Why are they still here?", choices=REASONS, help_text="The reasons are NHS England’s."
    )
    attributable_to = forms.ChoiceField(
        label="To whom is the wait attributable?", choices=AttributableTo.choices, widget=forms.RadioSelect
    )
    waits_on = forms.ChoiceField(
        label="Who has to act next?", choices=WaitsOn.choices, widget=forms.RadioSelect
    )
    waits_on_service = ServiceField(label="Which service?", empty_label="Choose a service")
    waits_on_commissioner = CommissionerField(
        label="Which commissioner?", empty_label="Choose a commissioner"
    )
    waits_on_words = line_field(
        "In a few words, what are they asked to do?",
        required=False,
        length=WORDS,
        help_text="For example, panel on 4 June. Do not name other people.",
    )
    reveals = {
        "waits_on_service": ("waits_on", WaitsOn.SERVICE.value),
        "waits_on_commissioner": ("waits_on", WaitsOn.COMMISSIONER.value),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.visible_to(self.actor).open()
        self.fields["waits_on_service"].queryset = services.order_by("name")
        self.fields["waits_on_commissioner"].queryset = Commissioner.objects.visible_to(self.actor).order_by(
            "name"
        )

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class ReadyForm(ReasonForm):
    """From when somebody is ready, and that all it takes is so."""

    since = day_field("From which day are they clinically ready?")
    confirmed = forms.MultipleChoiceField(
        label="Are all three so?",
        choices=Confirmation.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Confirm all three. If one is not so, do not record it yet"},
    )
    field_order = ("since", "confirmed")


class ChangeReasonForm(ReasonForm):
    """Another reason, from a day on."""

    since = day_field("From which day does it wait for something else?")
    field_order = ("since",)


class EndReadyForm(VerbForm):
    """Why they are no longer ready although they have not moved."""

    on = day_field("On which day did it end?")
    ended_as = forms.ChoiceField(
        label="Why are they no longer ready?",
        choices=[(end.value, end.label) for end in BY_HAND],
        widget=forms.RadioSelect,
    )
    why = line_field("Say in a few words what happened")


class CorrectReadyForm(ReasonForm):
    """A period put right. When it ended is asked only where somebody said so, and not a move."""

    since = day_field("From which day?")
    until = day_field(
        "On which day did it end?",
        required=False,
        help_text="Leave it empty if they were ready all the time.",
    )
    why = line_field("Why is it corrected?", help_text="Kept with what stood before.")
    field_order = ("since", "until")

    def __init__(self, *args: Any, period: ReadyPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if period.ended_as not in BY_HAND:
            del self.fields["until"]


def as_it_is(period: ReadyPeriod) -> dict[str, Any]:
    """What a form about a period begins with."""
    service, commissioner = period.waits_on_service, period.waits_on_commissioner
    return {
        "next_tier": period.next_tier,
        "reason": period.reason_code,
        "attributable_to": period.attributable_to,
        "waits_on": period.waits_on,
        "waits_on_service": service and service.public_id,
        "waits_on_commissioner": commissioner and commissioner.public_id,
        "waits_on_words": period.waits_on_words,
    }


def ended_words(period: ReadyPeriod) -> str:
    """How a period ended, in words; empty while it has not."""
    return str(ReadyEnd(period.ended_as).label) if period.ended_as else ""
