"""Forms of the acts on one bed."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.dates import DateInputField
from core.forms import PathwaysForm, PublicField, VersionField
from core.pages import date_and_time, long_date
from organisations.rules import end_of_day
from pathways import days

WORDS, LINE = 2000, 200
DAY_HINT = "For example, 27 3 2026"


def exception_field() -> forms.CharField:
    """Why somebody has a bed that does not fit them."""
    return forms.CharField(
        label="If the bed does not fit the person, why is it given all the same?",
        max_length=LINE,
        required=False,
        help_text="Only where you are asked for it. It is kept with the bed, and such beds are counted.",
    )


def departure_field() -> DateInputField:
    """When somebody is expected to leave a bed."""
    return DateInputField(
        label="Expected departure",
        limit="future",
        required=False,
        help_text="The bed can be held for the next person from that day. Leave it empty if nobody knows.",
    )


def begins(on: date, *, actor: Any, leaves: datetime | None = None) -> datetime:
    """When something that begins on a London day begins: now if that is today, else at noon.

    `leaves`: when whoever is in the bed is expected to leave it; on that day it begins no earlier.
    """
    at = days.now_or_noon(on, now=actor.at)
    return max(at, leaves) if leaves is not None and days.london_date(leaves) == on else at


class PersonField(PublicField):
    """Somebody whom the actor may open, by name and birth."""

    def label_from_instance(self, person: Any) -> str:
        return f"{person.full_name}, born {long_date(person.born_on)}"


class BedForm(PathwaysForm):
    """The form of one act. Sent twice it counts once."""

    sent_once = True


class HoldForm(BedForm):
    """For whom a bed is held, and from when to when."""

    patient = PersonField(label="For whom?", empty_label="Choose one")
    since = DateInputField(label="From which day?", limit="today or future", help_text=DAY_HINT)
    last_day = DateInputField(
        label="Until the end of which day?",
        limit="today or future",
        help_text="After it the bed is free by itself, and you are told.",
    )
    exception_why = exception_field()

    def __init__(self, *args: Any, people: Any, leaves: datetime | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaves = leaves
        self.fields["patient"].queryset = people

    def answer(self) -> dict[str, Any]:
        """What the action is told."""
        given = self.cleaned_data
        return {
            "patient": given["patient"],
            "since": begins(given["since"], actor=self.actor, leaves=self.leaves),
            "until": end_of_day(given["last_day"]),
            "exception_why": given["exception_why"],
        }


class ChangeHoldForm(BedForm):
    """Another last day."""

    last_day = DateInputField(label="Until the end of which day?", limit="today or future")
    version = VersionField()


class MomentForm(BedForm):
    """When something happened: a day, and the time where it matters."""

    on = DateInputField(label="On which day?", limit="today or past", help_text=DAY_HINT)
    at_time = forms.TimeField(
        label="At what time?",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text="24-hour clock, like 14:05. Leave empty for now, or for noon of an earlier day.",
    )
    widths = {"at_time": 5}

    def moment(self) -> datetime:
        """The instant."""
        return moment(self.cleaned_data["on"], self.cleaned_data["at_time"], self.actor)


def moment(on: date, at_time: time | None, actor: Any) -> datetime:
    """A day and a time; without a time now, or noon of an earlier day."""
    return days.now_or_noon(on, now=actor.at) if at_time is None else days.at(on, at_time)


class BedThenForm(PathwaysForm):
    """Asks when, and then for a bed among those that could be had at that moment; looked at again each time.

    `offer` puts them into the form. A button after the time asks for the page again, with the beds of what is typed.
    """

    look_after = "at_time"
    look_words = "Show the beds that were free then"
    NOT_THEN = "That bed was not free at that moment. Choose one that was."

    def is_valid(self) -> bool:
        """Never where only the beds are asked for: then what else is missing is not said yet."""
        is_valid = super().is_valid()
        if "look" not in self.data:
            return is_valid
        for name in set(self.errors) - {"on", "at_time"}:
            del self.errors[name]
        return False

    def then(self) -> datetime:
        """The moment that is typed, as far as it can be read and has come; else now."""
        on, at_time = self.fields["on"], self.fields["at_time"]
        try:
            day, clock = on.clean(self["on"].data), at_time.clean(self["at_time"].data)
        except ValidationError:
            return self.actor.at
        return min(moment(day, clock, self.actor), self.actor.at)

    def offer_again(self) -> None:
        """Look again which beds could be had."""
        if "bed" not in self.fields:
            return
        at = self.then() if self.is_bound else self.actor.at
        self.offer(at)
        bed = self.fields["bed"]
        bed.error_messages["invalid_choice"] = self.NOT_THEN
        if at < self.actor.at:
            found = "These beds were" if self.free else "No bed was"
            bed.help_text = f"{found} free from {date_and_time(at)} on."

    def offer(self, at: datetime) -> None:
        """Let the bed be chosen among those that could be had from a moment."""
        raise NotImplementedError


class TakeForm(MomentForm):
    """Who goes into this bed."""

    patient = PersonField(label="Who?", empty_label="Choose one")
    departure_on = departure_field()
    exception_why = exception_field()
    field_order = ["patient", "on", "at_time", "departure_on", "exception_why"]

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient"].queryset = people


class MoveForm(BedThenForm, MomentForm):
    """Into which other bed somebody goes. `beds` gives those that could be had from a moment."""

    bed = forms.ChoiceField(label="To which bed?", widget=forms.RadioSelect)
    exception_why = exception_field()
    field_order = ["on", "at_time", "bed", "exception_why"]

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beds = beds
        self.offer_again()

    def offer(self, at: datetime) -> None:
        """Among those that somebody could go to."""
        free = self._beds(at)
        self.free = {str(one.bed.public_id): one.bed for one in free}
        self.fields["bed"].choices = [(key, one.words) for key, one in zip(self.free, free, strict=True)]
        self.choice_hints = {"bed": {key: one.state for key, one in zip(self.free, free, strict=True)}}


class SwapForm(MomentForm):
    """With whom somebody swaps beds. `others`: pairs of a use's id and its words."""

    other = forms.ChoiceField(label="With which bed?", widget=forms.RadioSelect)
    exception_why = exception_field()
    field_order = ["other", "on", "at_time", "exception_why"]

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = others


class DepartureForm(BedForm):
    """When somebody is expected to leave."""

    departure_on = departure_field()
    version = VersionField()


class CloseForm(BedForm):
    """When a bed cannot be had, and why."""

    since = DateInputField(label="First day closed", help_text=DAY_HINT)
    last_day = DateInputField(
        label="Last day closed", required=False, help_text="Leave it empty if nobody knows yet."
    )
    why = forms.CharField(
        label="Why is it closed?",
        max_length=LINE,
        help_text="Everybody who sees the board reads it. Name nobody.",
        error_messages={"required": "Say why it is closed"},
    )


class ReopenForm(BedForm):
    """From when a closed bed can be had again, and why."""

    on = DateInputField(label="From which day can it be had?", help_text=DAY_HINT)
    why = forms.CharField(label="Why?", max_length=LINE, error_messages={"required": "Say why"})


class KeepApartForm(BedForm):
    """Who must not share a ward with this person: by number, so that nobody is taken for somebody else."""

    number = forms.CharField(
        label="NHS number or prison number of the other person",
        max_length=20,
        help_text="Somebody whom you may open.",
    )
    since = DateInputField(label="From which day?", help_text=DAY_HINT)
    last_day = DateInputField(
        label="Last day", required=False, help_text="Leave it empty until further notice."
    )
    reason = forms.CharField(
        label="Why?",
        max_length=WORDS,
        widget=forms.Textarea,
        help_text="Read only by those who may keep people apart and may open both.",
    )
    widths = {"number": 20}


class EndKeepApartForm(BedForm):
    """From when two people may share a ward again."""

    last_day = DateInputField(label="Last day on which they are kept apart", help_text=DAY_HINT)
    why = forms.CharField(label="Why may they share a ward again?", max_length=WORDS, widget=forms.Textarea)
