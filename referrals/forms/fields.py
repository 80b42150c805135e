"""Fields that several verbs ask for."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from core.dates import DateInputField
from core.forms import PathwaysForm, PublicField, VersionField
from organisations.models import Service
from pathways.free_beds import FreeBed

WORDS = 2000
LINE = 200


class VerbForm(PathwaysForm):
    """The form of one verb. Sent twice it counts once."""

    sent_once = True


class ServiceField(PublicField):
    """A service from the directory."""

    def label_from_instance(self, service: Service) -> str:
        return service.name


# The kinds of service that most referrals ask.
HOSPITAL = frozenset({Service.Kind.HOSPITAL})


def services_of(actor: Any, kinds: Collection[str]) -> Any:
    """Open services of some kinds."""
    return Service.objects.visible_to(actor).open().filter(kind__in=kinds).order_by("name")


def hospitals(actor: Any) -> Any:
    """Hospitals that may be asked or named."""
    return Service.objects.visible_to(actor).open().hospitals().order_by("name")


def prisons(actor: Any) -> Any:
    """Prisons and removal centres."""
    return Service.objects.visible_to(actor).open().prisons().order_by("name")


def day_field(label: str, *, help_text: str = "", required: bool = True) -> DateInputField:
    """A London day that has been."""
    return DateInputField(label=label, limit="today or past", help_text=help_text, required=required)


def words_field(label: str, *, help_text: str = "", required: bool = True) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(
        label=label, max_length=WORDS, widget=forms.Textarea, help_text=help_text, required=required
    )


def line_field(
    label: str, *, help_text: str = "", required: bool = True, length: int = LINE
) -> forms.CharField:
    """A few words."""
    return forms.CharField(label=label, max_length=length, help_text=help_text, required=required)


def exception_field() -> forms.CharField:
    """Why somebody has a bed that does not fit them."""
    return line_field(
        "If the bed does not fit the person, why is it given all the same?",
        required=False,
        help_text="Only where the bed says that it needs a reason. It is kept with the bed.",
    )


def offer_beds(form: Any, free: Sequence[FreeBed]) -> None:
    """Let a form's `bed` be chosen among beds that can be had; `form.free` has them by public id.

    A bed held for the person is where to begin, and a reason given with the hold need not be given again.
    """
    form.free = {str(one.bed.public_id): one.bed for one in free}
    form.fields["bed"].choices = [(key, one.words) for key, one in zip(form.free, free, strict=True)]
    form.choice_hints = {"bed": {key: one.state for key, one in zip(form.free, free, strict=True)}}
    held = next((one for one in free if one.is_held_for_them), None)
    if held:
        form.fields["bed"].initial = str(held.bed.public_id)
    if held and held.why_held:
        given = f"Given when it was held: “{held.why_held}”."
        form.fields[
            "exception_why"
        ].help_text = f"{given} Leave this empty to keep it for the ward of that bed."


class WhyForm(VerbForm):
    """Nothing but a reason."""

    why = line_field("Why?")

    def __init__(self, *args: Any, label: str = "Why?", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask("why", label)


class WhyOfSeenForm(WhyForm):
    """A reason to take back the very row that was seen, and none that has come in its place."""

    version = VersionField()
