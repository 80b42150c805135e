"""Forms about temporary movements: planned, out to court, A&E or under escort, back, and put right."""

from datetime import datetime
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import VersionField
from desk.leave_forms import NOT_BACK_HINT, TIME_HINT, as_boxes, moment_of, time_field
from pathways import days
from pathways.actions.movements import Outing
from pathways.codes import MovementKind
from pathways.models import Leave
from pathways.rules.leave import NOT_BACK, how_it_ended
from pathways.rules.movements import PLANNED_KINDS
from referrals.forms.fields import VerbForm, line_field

# As long as the columns are.
SHORT = 120


class OutingForm(VerbForm):
    """Where to and what for, when they left and are expected."""

    kind = forms.ChoiceField(
        label="What kind of movement?", choices=MovementKind.choices, widget=forms.RadioSelect
    )
    to_where = line_field("Where to?", help_text="For example Wexley Crown Court.", length=SHORT)
    purpose = line_field(
        "What for?",
        help_text="In a few words without clinical detail, such as plea hearing or injured hand. "
        "Everybody who may open the person reads it.",
        length=SHORT,
    )
    left_on = DateInputField(label="On which day did they leave?", limit="today or past")
    left_time = time_field("At what time did they leave?")
    due_back = DateInputField(
        label="Expected back on which day?", required=False, help_text="Leave it empty for the same day."
    )
    due_time = time_field(
        "Expected back at what time?",
        required=False,
        help_text=f"{TIME_HINT} Leave it empty if nobody knows.",
    )
    choice_hints = {
        "kind": {
            MovementKind.COURT: "Produced at a court in person.",
            MovementKind.EMERGENCY: "Taken to an emergency department, and not admitted there.",
            MovementKind.ESCORT: "Any other visit under escort, such as an appointment or a funeral. "
            "From a hospital it is escorted leave, and asks for the same authority.",
        }
    }
    widths = {"left_time": 5, "due_time": 5, "back_time": 5}

    def outing(self) -> Outing:
        """As the actions ask for it."""
        given = self.cleaned_data
        due_on = given["due_back"] or (given["left_on"] if given["due_time"] else None)
        return Outing(
            kind=given["kind"],
            to_where=given["to_where"],
            purpose=given["purpose"],
            left_at=days.at(given["left_on"], given["left_time"]),
            due_back_at=moment_of(due_on, given["due_time"]),
        )


class PlanMovementForm(OutingForm):
    """A court day or an escort to come. The hour of the return is asked for, as far as anybody knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_as_plan(self)
        self.fields["left_on"].limit = "today or future"  # type: ignore[attr-defined]


def ask_as_plan(form: OutingForm) -> None:
    """Ask about what is to come, with an hour until which they are expected back."""
    form.fields["kind"].choices = [  # type: ignore[attr-defined]
        choice for choice in MovementKind.choices if choice[0] in PLANNED_KINDS
    ]
    left_on, due_time = form.fields["left_on"], form.fields["due_time"]
    left_on.label = "On which day do they leave?"
    left_on.limit = None  # type: ignore[attr-defined]
    form.fields["left_time"].label = "At what time?"
    due_time.required, due_time.help_text = True, TIME_HINT


class RecordMovementForm(OutingForm):
    """A movement that has begun, or is over."""

    is_back = forms.ChoiceField(
        label="Are they back?", choices=[("no", "No"), ("yes", "Yes")], widget=forms.RadioSelect
    )
    back_on = DateInputField(label="On which day were they back?", limit="today or past")
    back_time = time_field("At what time were they back?")
    reveals = {"back_on": ("is_back", "yes"), "back_time": ("is_back", "yes")}

    def returned_at(self) -> datetime | None:
        """When they were back; None while they are out."""
        given = self.cleaned_data
        return moment_of(given["back_on"], given["back_time"]) if given["is_back"] == "yes" else None


class CorrectMovementForm(OutingForm):
    """A movement as it should stand, with why. How it ended is asked for once it has."""

    how = forms.ChoiceField(
        label="How did it end?",
        choices=[("returned", "They came back"), (NOT_BACK, "They did not come back")],
        widget=forms.RadioSelect,
    )
    back_on = DateInputField(label="On which day were they back?", limit="today or past")
    back_time = time_field("At what time were they back?")
    why = line_field("Why is it corrected?", help_text="Kept with what stood before.")
    version = VersionField()
    choice_hints = {**OutingForm.choice_hints, "how": {NOT_BACK: NOT_BACK_HINT}}

    def __init__(self, *args: Any, movement: Leave, **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_recorded(movement), **kwargs)
        if movement.during is None:
            ask_as_plan(self)
        if movement.ended_as == "":
            for name in ("how", "back_on", "back_time"):
                del self.fields[name]
        else:
            self.reveals = {"back_on": ("how", "returned"), "back_time": ("how", "returned")}

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        given = self.cleaned_data
        return {
            "outing": self.outing(),
            "how": given.get("how", ""),
            "returned_at": moment_of(given.get("back_on"), given.get("back_time")),
            "version": given["version"],
            "why": given["why"],
        }


def _as_recorded(movement: Leave) -> dict[str, Any]:
    is_back = how_it_ended(movement) == "returned"
    return {
        "kind": movement.kind,
        "to_where": movement.to_where,
        "purpose": movement.purpose,
        "how": how_it_ended(movement),
        "version": movement.version,
        **as_boxes(movement.left_at or movement.planned_from, "left_on", "left_time"),
        **as_boxes(movement.due_back_at, "due_back", "due_time"),
        **as_boxes(movement.ended_at if is_back else None, "back_on", "back_time"),
    }
