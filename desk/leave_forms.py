"""Forms about leave: what was agreed, when they left and were back, and what to put right."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import PublicField, SeenForm, VersionField
from organisations.models import Ward
from pathways import days
from pathways.actions.leave import Terms
from pathways.codes import LeaveKind
from pathways.days import LONDON
from pathways.models import Leave
from pathways.pages.bed_forms import MomentForm, exception_field
from pathways.rules.leave import BACK, NOT_BACK, how_it_ended
from referrals.forms.fields import VerbForm, line_field, words_field

NOT_BACK_HINT = "The next move then says how it ended. Without one they are still away."
CLOCK = ["%H:%M", "%H.%M", "%H%M"]
TIME_HINT = "24-hour clock, like 14:05."


def time_field(label: str, *, required: bool = True, help_text: str = TIME_HINT) -> forms.TimeField:
    """A time of day on a ward's clock."""
    return forms.TimeField(label=label, required=required, input_formats=CLOCK, help_text=help_text)


class WardField(PublicField):
    """A ward of a hospital, by both names."""

    def label_from_instance(self, ward: Ward) -> str:
        return f"{ward.service.name}, {ward.name} ward"


class TermsForm(VerbForm):
    """What was agreed about a leave."""

    kind = forms.ChoiceField(label="What kind of leave?", choices=LeaveKind.choices, widget=forms.RadioSelect)
    to_ward = WardField(label="To which ward?", empty_label="Choose one")
    due_back = DateInputField(label="Due back on which day?")
    due_time = time_field("Due back at what time?")
    agreed_by = line_field(
        "Who agreed to it?", help_text="Name and office, such as the responsible clinician.", length=120
    )
    conditions = words_field(
        "Conditions", required=False, help_text="Read by those who may read clinical text."
    )
    reveals = {"to_ward": ("kind", LeaveKind.TRIAL)}
    widths = {"due_time": 5, "planned_time": 5, "left_time": 5, "back_time": 5}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = Ward.objects.visible_to(self.actor).filter(service__kind="hospital", service__is_open=True)
        self.fields["to_ward"].queryset = wards.select_related("service").order_by("service__name", "name")

    def terms(self) -> Terms:
        """As the actions ask for it."""
        given = self.cleaned_data
        return Terms(
            kind=given["kind"],
            to_ward=given["to_ward"],
            due_back_at=moment_of(given["due_back"], given["due_time"]),
            agreed_by=given["agreed_by"],
            conditions=given["conditions"],
        )


def moment_of(on: date | None, when: time | None) -> datetime | None:
    """The instant of a day and time; at noon where the time was left out."""
    return days.at_or_noon(on, when)[0] if on else None


class PlanForm(TermsForm):
    """When they are to leave, and what was agreed."""

    planned_on = DateInputField(label="On which day do they leave?", limit="today or future")
    planned_time = time_field("At what time?")
    field_order = [
        "kind",
        "to_ward",
        "planned_on",
        "planned_time",
        "due_back",
        "due_time",
        "agreed_by",
        "conditions",
    ]

    def planned_from(self) -> datetime:
        """When they are to leave."""
        return days.at(self.cleaned_data["planned_on"], self.cleaned_data["planned_time"])


class TrialBedForm(VerbForm):
    """Beds of the ward of a trial, looked at again each time: one may just have gone."""

    def offer(self, beds: Callable[[], Any]) -> None:
        """Ask for a bed among those that can be had."""
        self._beds = beds
        self.fields["bed"] = forms.ChoiceField(label="Into which bed there?", widget=forms.RadioSelect)
        self.fields["exception_why"] = exception_field()
        self.offer_again()

    def offer_again(self) -> None:
        """Look again which beds can be had."""
        if "bed" not in self.fields:
            return
        free = self._beds()
        self.free = {str(one.bed.public_id): one.bed for one in free}
        self.fields["bed"].choices = [(key, one.words) for key, one in zip(self.free, free, strict=True)]
        self.choice_hints = {"bed": {key: one.state for key, one in zip(self.free, free, strict=True)}}

    def bed(self) -> dict[str, Any]:
        """The bed, as the action asks for it; nothing where none was asked for."""
        if "bed" not in self.fields:
            return {}
        given = self.cleaned_data
        return {"bed": self.free[given["bed"]], "exception_why": given["exception_why"]}


class RecordForm(TrialBedForm, TermsForm):
    """A leave that has begun, or is over. The bed of a trial is asked for once its ward is known."""

    left_on = DateInputField(label="On which day did they leave?", limit="today or past")
    left_time = time_field("At what time did they leave?")
    is_back = forms.ChoiceField(
        label="Are they back?", choices=[("no", "No"), ("yes", "Yes")], widget=forms.RadioSelect
    )
    back_on = DateInputField(label="On which day were they back?", limit="today or past")
    back_time = time_field("At what time were they back?")
    reveals = {
        "to_ward": ("kind", LeaveKind.TRIAL),
        "back_on": ("is_back", "yes"),
        "back_time": ("is_back", "yes"),
    }
    field_order = [
        "kind",
        "to_ward",
        "left_on",
        "left_time",
        "is_back",
        "back_on",
        "back_time",
        "due_back",
        "due_time",
        "agreed_by",
        "conditions",
    ]

    def __init__(self, *args: Any, beds: Callable[[Ward], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("due_back", "due_time", "agreed_by"):
            self.fields[name].required = False
        ward = self._chosen()
        if ward is not None:
            self.offer(lambda: beds(ward))

    def _chosen(self) -> Ward | None:
        """The ward as it was sent, where that can be one."""
        if self.data.get("kind") != LeaveKind.TRIAL:
            return None
        try:
            return self.fields["to_ward"].clean(self.data.get("to_ward"))  # type: ignore[no-any-return]
        except forms.ValidationError:
            return None

    @property
    def asks_bed(self) -> bool:
        """Whether the ward was only now chosen, so that nobody was asked for a bed of it."""
        return (
            self.is_bound
            and "bed" in self.fields
            and "bed" not in self.data
            and "exception_why" not in self.data
        )

    def times(self) -> dict[str, Any]:
        """When they left and were back."""
        given = self.cleaned_data
        return {
            "left_at": days.at(given["left_on"], given["left_time"]),
            "returned_at": moment_of(given["back_on"], given["back_time"])
            if given["is_back"] == "yes"
            else None,
        }


class BeginForm(TrialBedForm, MomentForm):
    """When they left, and into which bed somebody on trial went. `beds`: None but for a trial."""

    def __init__(self, *args: Any, beds: Callable[[], Any] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if beds is not None:
            self.offer(beds)


class ReturnForm(MomentForm):
    """When they were back, and whether they were called back."""

    how = forms.ChoiceField(
        label="How did the leave end?",
        choices=[("returned", "They came back"), ("recalled", "They were recalled")],
        widget=forms.RadioSelect,
        initial="returned",
    )
    why = line_field("Why were they recalled?")
    reveals = {"why": ("how", "recalled")}
    field_order = ["on", "at_time", "how", "why"]


class AbsentForm(MomentForm):
    """Since when they are missed, and who was told."""

    told = words_field(
        "Who was told?", help_text="For example the police, the Ministry of Justice, the family."
    )
    field_order = ["on", "at_time", "told"]


class CorrectLeaveForm(SeenForm, TermsForm):
    """A leave as it should stand, with why. Only the times that it has are asked for, and how it ended once it has."""

    planned_on = DateInputField(label="Planned for which day?", required=False)
    planned_time = time_field("Planned for what time?", required=False)
    left_on = DateInputField(label="On which day did they leave?", limit="today or past", required=False)
    left_time = time_field("At what time did they leave?", required=False)
    how = forms.ChoiceField(
        label="How did the leave end?",
        choices=[
            ("returned", "They came back"),
            ("recalled", "They were recalled"),
            (NOT_BACK, "They did not come back"),
        ],
        widget=forms.RadioSelect,
    )
    recall_why = line_field("Why were they recalled?")
    back_on = DateInputField(
        label="On which day were they back?",
        limit="today or past",
        required=False,
        help_text="Leave it empty if they did not come back.",
    )
    back_time = time_field("At what time were they back?", required=False)
    why = line_field("Why is it corrected?", help_text="Kept with what stood before.")
    version = VersionField()
    reveals = {}
    choice_hints = {"how": {NOT_BACK: NOT_BACK_HINT}}
    field_order = [
        "kind",
        "planned_on",
        "planned_time",
        "left_on",
        "left_time",
        "how",
        "recall_why",
        "back_on",
        "back_time",
        "due_back",
        "due_time",
        "agreed_by",
        "conditions",
        "why",
    ]

    def __init__(self, *args: Any, leave: Leave, **kwargs: Any) -> None:
        self.leave = leave
        super().__init__(*args, initial=_as_recorded(leave), **kwargs)
        del self.fields["to_ward"]
        is_trial = leave.kind == LeaveKind.TRIAL
        self.fields["kind"].choices = [
            choice for choice in LeaveKind.choices if (choice[0] == LeaveKind.TRIAL) == is_trial
        ]
        planned = leave.during is None
        for name in ("due_back", "due_time", "agreed_by"):
            self.fields[name].required = planned
        has_ended = leave.ended_at is not None
        for begins, is_shown in {"planned": planned, "left": not planned, "back": has_ended}.items():
            for name in (f"{begins}_on", f"{begins}_time"):
                # Whoever did not come back has no such day.
                self.fields[name].required = is_shown and begins != "back"
                if not is_shown:
                    del self.fields[name]
        if has_ended:
            self.reveals = {"recall_why": ("how", "recalled")}
        else:
            del self.fields["how"], self.fields["recall_why"]

    def answers(self) -> dict[str, Any]:
        """As the action asks for it."""
        given = self.cleaned_data | {"to_ward": self.leave.to_ward}
        self.cleaned_data = given
        how = given.get("how", "")
        back = moment_of(given.get("back_on"), given.get("back_time"))
        return {
            "terms": self.terms(),
            "planned_from": moment_of(given.get("planned_on"), given.get("planned_time")),
            "left_at": moment_of(given.get("left_on"), given.get("left_time")),
            "returned_at": None if how == NOT_BACK else back,
            "how": how,
            "recall_why": given.get("recall_why") or "",
            "version": given["version"],
            "why": given["why"],
            "checked": given["checked"],
        }


def _as_recorded(leave: Leave) -> dict[str, Any]:
    known = {
        "planned": leave.planned_from,
        "left": leave.left_at,
        "back": leave.ended_at if leave.ended_as in BACK else None,
    }
    initial: dict[str, Any] = {
        "kind": leave.kind,
        "agreed_by": leave.agreed_by,
        "conditions": leave.conditions,
        "how": how_it_ended(leave),
        "recall_why": leave.ended_why if leave.ended_as == "recalled" else "",
        "version": leave.version,
    }
    for begins, at in known.items():
        initial |= as_boxes(at, f"{begins}_on", f"{begins}_time")
    return initial | as_boxes(leave.due_back_at, "due_back", "due_time")


def as_boxes(at: datetime | None, day: str, when: str) -> dict[str, Any]:
    """An instant as the day and time that a form shows; nothing where there is none."""
    if at is None:
        return {}
    local = at.astimezone(LONDON)
    return {day: local.date(), when: f"{local:%H:%M}"}
