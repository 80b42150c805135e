"""What is recorded while somebody waits."""

from datetime import timedelta
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import VersionField
from referrals.codes import DelayParty, DelayReason
from referrals.forms.fields import ServiceField, VerbForm, day_field, hospitals, line_field, words_field
from referrals.rules import REVIEW_EVERY_DAYS


class DelayForm(VerbForm):
    """Days of the wait, to whom they are put down and why. `asked_ids`: the services that may be named."""

    first_day = day_field("First day of the delay")
    last_day = day_field("Last day of the delay", required=False, help_text="Leave empty if it goes on.")
    party = forms.ChoiceField(
        label="Who is the delay put down to?", choices=[("", "Choose one"), *DelayParty.choices]
    )
    service = ServiceField(
        label="Which service?",
        required=False,
        help_text="Needed for a service asked or the accepting service.",
    )
    reason = forms.ChoiceField(label="Main reason", choices=[("", "Choose one"), *DelayReason.choices])
    contributing = forms.MultipleChoiceField(
        label="Contributing reasons",
        choices=DelayReason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = words_field("In words", required=False, help_text="No clinical details.")

    def __init__(self, *args: Any, asked_ids: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = hospitals(self.actor).filter(pk__in=asked_ids)

    def answers(self) -> dict[str, Any]:
        """The delay, as the action asks for it."""
        return {name: self.cleaned_data[name] for name in DELAY}


DELAY = ("first_day", "last_day", "party", "service", "reason", "contributing", "words")


class CorrectDelayForm(DelayForm):
    """A delay put right, with why."""

    version = VersionField()
    why = line_field("Why is it corrected?")


class EndDelayForm(VerbForm):
    """The last day of a delay."""

    last_day = day_field("Last day of the delay")


class ReviewForm(VerbForm):
    """How the person is, the plan meanwhile, and when next."""

    on = day_field("When was the review?")
    how_the_person_is = words_field("How is the person?")
    interim_plan = words_field("What is done meanwhile?", help_text="Treatment, observation, who sees them.")
    next_on = DateInputField(label="When is the next review?", help_text="Within 7 days of this one.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = self.actor.today
        self.fields["on"].initial = today
        self.fields["next_on"].initial = today + timedelta(days=REVIEW_EVERY_DAYS)


class ContactForm(VerbForm):
    """A call or message: with whom, what was said, and what comes next."""

    on = day_field("On which day?")
    with_whom = line_field("With whom?", length=120, help_text="Role or name, like: bed manager at the unit.")
    said = words_field("What was said?", help_text="No clinical details.")
    next_action = line_field("What happens next?", required=False)
    next_on = DateInputField(label="When?", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.actor.today
