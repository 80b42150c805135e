"""The forms of assessments."""

from typing import Any, ClassVar

from django import forms

from assessments.codes import (
    AcceptanceAnswer,
    Instrument,
    RecommendedUrgency,
    RepeatReason,
    Restriction,
)
from assessments.rules import RECOMMENDATION_PARTS, TIERS_OF, readable_restrictions
from core.forms import DateInputField, PathwaysForm, VersionField
from organisations.models import Service, WardGender
from organisations.rules import SECURITY_ORDER, Tier

# About forty pages. A report longer than that belongs in a document of its own.
LONGEST = 100_000
ASSESSING_KINDS = (Service.Kind.HOSPITAL, Service.Kind.COMMUNITY)


def own_services(actor: Any) -> Any:
    """The hospital and community services where the actor works."""
    services = Service.objects.visible_to(actor).worked_at_by(actor)
    return services.open().filter(kind__in=ASSESSING_KINDS).order_by("name")


class OwnServiceForm(PathwaysForm):
    """A form that is filled in for one of one's own services; the only one is not asked for."""

    service = forms.ModelChoiceField(label="Your service", queryset=Service.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = own_services(self.actor)
        self.fields["service"].queryset = services
        if len(services) == 1:
            self.fields["service"].initial = services[0]
            self.fields["service"].widget = forms.HiddenInput()


class ClaimForm(OwnServiceForm):
    """Starting an assessment. The reason is asked for only where one is open or current."""

    sent_once = True
    repeat_reason = forms.ChoiceField(
        label="Why is a second assessment needed?",
        choices=RepeatReason.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    repeat_why = forms.CharField(
        label="Say more",
        widget=forms.Textarea,
        max_length=1000,
        required=False,
        help_text="In your own words.",
    )

    def __init__(self, *args: Any, is_repeat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_repeat:
            del self.fields["repeat_reason"], self.fields["repeat_why"]


class TakeOverForm(OwnServiceForm):
    """Another service goes on with a draft that is past its due date."""

    why = forms.CharField(label="Why does your service take it over?", widget=forms.Textarea, max_length=1000)


class WhyForm(PathwaysForm):
    """An act that needs one reason."""

    why = forms.CharField(label="Why?", widget=forms.Textarea, max_length=1000)


class ReplyForm(PathwaysForm):
    """The answer to another service's question."""

    sent_once = True
    words = forms.CharField(label="Your answer", widget=forms.Textarea, max_length=2000)


SECTION_LABELS = {
    Restriction.NONE.value: ("Text", "Everyone who may read the assessment reads this."),
    Restriction.THIRD_PARTY.value: (
        "From or about a third party",
        "Clinicians read this; case managers do not.",
    ),
    Restriction.VICTIM.value: ("About a victim", "Clinicians read this; case managers do not."),
    Restriction.HOSPITAL_ONLY.value: (
        "For hospital staff only",
        "Only clinicians of hospitals read this; a prison's in-reach team does not.",
    ),
}


class SectionForm(PathwaysForm):
    """The words of one section: a box for each restriction that the writer may read."""

    version = VersionField()

    def __init__(self, *args: Any, rows: int = 14, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for restriction in readable_restrictions(self.actor):
            label, hint = SECTION_LABELS[restriction]
            box = forms.Textarea(attrs={"rows": rows if restriction == Restriction.NONE else 5})
            self.fields[restriction] = forms.CharField(
                label=label, help_text=hint, widget=box, max_length=LONGEST, required=False, strip=False
            )

    @property
    def restrictions(self) -> list[str]:
        """The names of the boxes, the open one first."""
        return [name for name in self.fields if name in Restriction.values]

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by restriction."""
        return {name: self.cleaned_data[name] for name in self.restrictions}


class RecommendationForm(PathwaysForm):
    """The tier, and why neither lower nor higher. Until it is `finished` any answer may be wanting."""

    tier = forms.ChoiceField(
        label="Which tier do you recommend?", choices=Tier.choices, widget=forms.RadioSelect
    )
    also_suitable = forms.MultipleChoiceField(
        label="Also suitable", choices=Tier.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    why_not_lower = forms.CharField(
        label="Why would a lower tier not do?", widget=forms.Textarea, max_length=5000
    )
    why_not_higher = forms.CharField(
        label="Why is a higher tier not needed?", widget=forms.Textarea, max_length=5000
    )
    urgency = forms.ChoiceField(
        label="How soon is admission needed?", choices=RecommendedUrgency.choices, widget=forms.RadioSelect
    )
    ward_gender = forms.ChoiceField(label="Which ward?", choices=WardGender.choices, widget=forms.RadioSelect)
    special_needs = forms.CharField(
        label="Special needs", widget=forms.Textarea, max_length=5000, required=False
    )
    version = VersionField()

    def __init__(self, *args: Any, finished: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not finished:
            for name in RECOMMENDATION_PARTS:
                self.fields[name].required = False


class RatingForm(PathwaysForm):
    """That an instrument was used. Its items are never asked for."""

    instrument = forms.ChoiceField(choices=Instrument.choices)
    instrument_version = forms.CharField(label="Version", max_length=20, required=False)
    rated_on = DateInputField(label="Date of the rating", limit="today or past")
    rater = forms.CharField(label="Who rated", max_length=120)
    score = forms.DecimalField(
        label="Total score", max_digits=6, decimal_places=1, required=False, help_text="Not for the HCR-20."
    )
    summary = forms.CharField(
        widget=forms.Textarea,
        max_length=5000,
        required=False,
        help_text="The summary ratings in words. Do not copy the instrument's items.",
    )
    widths: ClassVar = {"instrument_version": 5, "rater": 20}


class SignForm(PathwaysForm):
    """The signature."""

    sent_once = True
    statement = forms.BooleanField(
        label="I have read this assessment as it stands and sign it for my service.",
        error_messages={"required": "Tick the statement to sign"},
    )


class AcceptForm(OwnServiceForm):
    """A service's word on the assessment."""

    sent_once = True
    answer = forms.ChoiceField(
        label="Does your service accept this assessment?",
        choices=AcceptanceAnswer.choices,
        widget=forms.RadioSelect,
    )
    question = forms.CharField(label="The question", widget=forms.Textarea, max_length=2000)
    why_not = forms.CharField(label="Why not", widget=forms.Textarea, max_length=2000)
    tier = forms.ChoiceField(
        label="At which tier would your service take the person?",
        widget=forms.RadioSelect,
        help_text="This is about the assessment. The decision on the person is made on the transfer.",
    )
    reveals: ClassVar = {
        "question": ("answer", AcceptanceAnswer.QUESTION.value),
        "why_not": ("answer", AcceptanceAnswer.NO.value),
    }
    field_order = ("service", "answer", "question", "why_not", "tier")

    def __init__(self, *args: Any, recommended: str, **kwargs: Any) -> None:
        """Begins with the tier that was `recommended` where one's only service has it, or else with its only tier."""
        super().__init__(*args, **kwargs)
        services = list(self.fields["service"].queryset)
        offered = {tier for one in services for tier in TIERS_OF[Service.Kind(one.kind)]}
        self.fields["tier"].choices = [(tier, tier.label) for tier in SECURITY_ORDER if tier in offered]
        if len(services) == 1:
            own = services[0].wards.all().tiers_at(self.actor.at)
            if recommended in own or len(own) == 1:
                self.fields["tier"].initial = recommended if recommended in own else own.pop()

    @property
    def words(self) -> str:
        """The question, or why not."""
        return self.cleaned_data["question"] or self.cleaned_data["why_not"]
