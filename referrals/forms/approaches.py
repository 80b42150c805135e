"""Services asked: asking, deciding, and giving a bed date."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from core.dates import LATEST, DateInputField
from core.forms import VersionField
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.days import noon
from referrals.codes import DeclineReason, Outcome
from referrals.forms.fields import (
    HOSPITAL,
    PublicField,
    ServiceField,
    VerbForm,
    day_field,
    exception_field,
    hospitals,
    line_field,
    offer_beds,
    services_of,
    words_field,
)
from referrals.rules import ACCEPTING, BELONGS_TO


class AskForm(VerbForm):
    """Which service to ask, of those offered, each with a hint."""

    service = ServiceField(label="Service", widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, offered: Any, hints: dict[str, str], kinds: Any = HOSPITAL, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # Those asked already stay valid, so that a second press gets the sentence of the rule and no riddle.
        self.fields["service"].queryset = services_of(self.actor, kinds)
        self.fields["service"].choices = [(one.public_id, one.name) for one in offered]
        self.choice_hints = {"service": hints}


class LeadForm(VerbForm):
    """Which of the services asked leads the one assessment."""

    service = ServiceField(
        label="Which service leads the assessment?", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, asked_ids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = hospitals(self.actor).filter(pk__in=asked_ids)


class DecisionForm(VerbForm):
    """What the service decides about the person.

    `acceptance` is the service's word on the assessment that its clinician had in view; after a “no” it `may_accept`
    nobody.
    """

    acceptance = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="What has your service decided?", choices=Outcome.choices, widget=forms.RadioSelect
    )
    tier = forms.ChoiceField(label="At which tier?", choices=[("", "Choose one")])
    reason = forms.ChoiceField(label="Main reason", choices=[("", "Choose one"), *DeclineReason.choices])
    criterion = PublicField(
        label="Which published criterion is not met?",
        required=False,
        empty_label="None of them",
        help_text="Your service's own criteria, as published here.",
    )
    deferred_to = DateInputField(label="Deferred to which date?", limit="future")
    expected_on = DateInputField(
        label="When do you expect a bed?",
        required=False,
        help_text="If you accept and have no bed yet. The person joins your service's waiting list.",
    )
    depends_on = line_field(
        "What does the bed depend on?", required=False, help_text="For example, a discharge or a ward move."
    )
    words = words_field(
        "Anything those who asked should know",
        required=False,
        help_text="Read by clinicians and case managers only. If you decline for another reason, say here which.",
    )
    decided_on = day_field("When was this decided?")

    reveals = {
        "tier": ("outcome", Outcome.ACCEPTED_OTHER_TIER),
        "reason": ("outcome", Outcome.DECLINED),
        "criterion": ("outcome", Outcome.DECLINED),
        "deferred_to": ("outcome", Outcome.DEFERRED),
    }

    def __init__(
        self, *args: Any, service: Any, recommended: str, may_accept: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = service.wards.all().tiers_at(self.actor.at)
        others = [(tier, Tier(tier).label) for tier in HOSPITAL_TIERS if tier in own and tier != recommended]
        self.fields["tier"].choices = [("", "Choose one"), *others]
        self.fields["criterion"].queryset = own_criteria(service)
        without = set(ACCEPTING) if not may_accept else {Outcome.ACCEPTED_OTHER_TIER} if not others else set()
        self.fields["outcome"].choices = [one for one in Outcome.choices if one[0] not in without]
        if not may_accept:
            for name in ("tier", "expected_on", "depends_on"):
                del self.fields[name]
            self.reveals = {name: choice for name, choice in self.reveals.items() if name != "tier"}
        missing = "" if recommended in own else " Your service has no such ward, so this can't be chosen."
        hint = f"At the tier recommended: {Tier(recommended).label.lower()}.{missing}"
        self.choice_hints = {"outcome": {Outcome.ACCEPTED: hint}}

    def answer(self) -> dict[str, Any]:
        """What was decided, as the action asks for it."""
        given = self.cleaned_data
        nothing = {"tier": "", "reason": "", "depends_on": ""}
        belonging = {
            name: (given.get(name) if given["outcome"] in outcomes else None) or nothing.get(name)
            for name, outcomes in BELONGS_TO.items()
        }
        return {name: given[name] for name in ("outcome", "words", "decided_on")} | belonging


class ChangeDecisionForm(DecisionForm):
    """Another decision in place of the one that was seen."""

    version = VersionField()
    why = line_field("Why does the decision change?")

    starts_with = ("decided_on",)


def own_criteria(service: Any) -> Any:
    """The criteria that a service publishes."""
    criteria: Any = service.criteria
    return criteria.filter(is_open=True).order_by("kind", "pk")


class BedDateForm(VerbForm):
    """Which bed, from which day. `beds` gives the beds that can still be had, each time it is asked.

    The page keeps when it listed them, in whole seconds: a bed taken since has just gone, one chosen too soon has not.
    """

    listed_at = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=int(noon(LATEST).timestamp())
    )
    bed_on = DateInputField(label="From which day?", limit="today or future")
    bed = forms.ChoiceField(label="Which bed?", widget=forms.RadioSelect)
    exception_why = exception_field()

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beds = beds
        offer_beds(self, beds())
        self.fields["listed_at"].initial = int(self.actor.at.timestamp())

    def offer_again(self) -> None:
        """Look again which beds can be had: one may just have gone."""
        offer_beds(self, self._beds())
        self.data = self.data.copy()
        self.data["listed_at"] = str(self.fields["listed_at"].initial)

    @property
    def seen_at(self) -> datetime | None:
        """When the beds were listed that were chosen from."""
        listed_at = self.cleaned_data["listed_at"]
        return None if listed_at is None else datetime.fromtimestamp(listed_at, UTC)
