"""Asking for a move of another kind than the transfer from prison, and what comes until the person has moved."""

from datetime import datetime
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import SeenForm, VersionField
from pathways.codes import Act, MhsdsLegalStatus
from pathways.pages.bed_forms import BedThenForm
from referrals.codes import Kind, RemissionReason, Urgency
from referrals.forms.fields import (
    ServiceField,
    VerbForm,
    day_field,
    exception_field,
    line_field,
    offer_beds,
    services_of,
    words_field,
)
from referrals.forms.steps import MomentForm
from referrals.rules import ENDS_BY_HAND, KINDS, ORDERS_OF_COURT, OTHER_KINDS

WHY_ASKED = {
    Kind.REMISSION: "How is the person, and what was tried?",
    Kind.TO_COMMUNITY: "Why can the person leave hospital?",
    Kind.STEP_DOWN: "Why is less security enough now?",
    Kind.STEP_UP: "Why is more security needed?",
}


class KindForm(VerbForm):
    """What is asked for, of all that a service of one of some kinds may ask."""

    kind = forms.ChoiceField(label="What does the person need?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in OTHER_KINDS if KINDS[kind].asks & set(places)]
        self.fields["kind"].choices = [(kind, kind.label) for kind in kinds]
        self.choice_hints = {"kind": {kind: KINDS[kind].hint for kind in kinds}}


class ReferForm(VerbForm):
    """Everything that a kind of referral asks at its beginning; the services are asked on its page."""

    from_service = ServiceField(label="For which service do you ask?", empty_label=None)
    act = forms.ChoiceField(label="How is the person discharged?", widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label="Why is the person to return to prison?",
        choices=RemissionReason.choices,
        widget=forms.RadioSelect,
    )
    urgency = forms.TypedChoiceField(
        label="How urgent is it?", choices=Urgency.choices, coerce=int, widget=forms.RadioSelect
    )
    why = words_field("Why is it asked for?", help_text="Read by those who may read clinical words.")
    on = day_field("On which day was it first asked for?", help_text="It may be earlier than today.")

    def __init__(self, *args: Any, kind: str, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = KINDS[kind]
        self.fields["from_service"].queryset = services
        self.ask("why", WHY_ASKED.get(Kind(kind), "Why is it asked for?"))
        self.fields["act"].choices = [(act, Act(act).label) for act in rule.acts]
        if len(services) == 1:
            self.fields["from_service"].widget = forms.HiddenInput()
        if not rule.acts:
            del self.fields["act"]
        if kind != Kind.REMISSION:
            del self.fields["ground"]

    def referral(self) -> dict[str, Any]:
        """What is asked for, as the action asks for it."""
        names = ("from_service", "act", "ground", "urgency", "why", "on")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


class AgreeForm(VerbForm):
    """When those who receive the person agreed, and who."""

    on = day_field("On which day did they agree?")
    words = line_field("Who agreed?", help_text="Role, like: the governor, or the team leader.")


class MeetingForm(VerbForm):
    """The day of the meeting, or why there was none."""

    was_held = forms.ChoiceField(
        label="Was a section 117 meeting held?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    on = day_field("On which day?")
    exception = line_field("Why was there none?", help_text="Kept on the record as an exception.", length=180)

    reveals = {"on": ("was_held", "yes"), "exception": ("was_held", "no")}


class PlanForm(VerbForm):
    """The day for which the move is planned. Another day than before wants a reason."""

    on = DateInputField(
        label="For which day is the move planned?",
        limit="today or future",
        help_text="Their bed is expected to be free from that day, unless it is promised to somebody else before.",
    )
    why = line_field("Why does the day change?")

    def __init__(self, *args: Any, is_planned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_planned:
            del self.fields["why"]


def order_field(label: str) -> forms.ChoiceField:
    """One of the orders and remands by which a court sends somebody to hospital."""
    choices = [(code, MhsdsLegalStatus(code).label) for code in ORDERS_OF_COURT]
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def order_day_field() -> DateInputField:
    """The court's own day, from which its order is counted."""
    return day_field(
        "On which day did the court make it?",
        help_text="The order holds from that day, and so do the days within which the person is to be admitted.",
    )


class OrderForm(SeenForm, VerbForm):
    """What the court decided, and when."""

    order = order_field("Which order or remand did the court make?")
    ordered_on = order_day_field()


class MovedForm(BedThenForm, SeenForm, MomentForm):
    """When the person moved, and where to: into a bed, or to a prison or community team."""

    order = order_field("Under which order or remand of the court?")
    ordered_on = order_day_field()
    service = ServiceField(label="Where are they now?", widget=forms.RadioSelect, empty_label=None)
    bed = forms.ChoiceField(label="Into which bed?", widget=forms.RadioSelect)
    exception_why = exception_field()

    def __init__(self, *args: Any, kind: str, services: Any, beds: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beds = beds
        if kind != Kind.COURT_ADMISSION:
            del self.fields["order"], self.fields["ordered_on"]
        if KINDS[kind].needs_bed:
            del self.fields["service"]
            self.offer_again()
        else:
            del self.fields["bed"], self.fields["exception_why"]
            self.look_after = ""
            self.fields["service"].queryset = services

    def offer(self, at: datetime) -> None:
        """Among those into which they can have come."""
        offer_beds(self, self._beds(at) if self._beds else [])


class EndReferralForm(VerbForm):
    """How it ended without the move, and why."""

    version = VersionField()
    reason = forms.ChoiceField(
        label="How did it end?",
        choices=[(reason, reason.label) for reason in ENDS_BY_HAND],
        widget=forms.RadioSelect,
    )
    why = words_field("Why?")
    on = day_field("On which day?")


def receivers(actor: Any, kind: str) -> Any:
    """Services that may receive somebody by a kind of referral."""
    return services_of(actor, KINDS[kind].asked)
