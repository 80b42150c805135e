"""Forms as NHS pages have them: what a field is decides how it looks, and a refusal stands where it belongs."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.dates import DateInputField
from core.pages import in_sentence
from core.refusals import Conflicting, Refused, Stale
from core.rendering import error_list, form_field, in_words

__all__ = [
    "DateInputField",
    "Outcome",
    "PathwaysForm",
    "PublicField",
    "SeenForm",
    "VersionField",
    "check_page",
    "checked",
    "error_list",
    "form_field",
    "render_form",
    "speak_plainly",
]


# Of what was posted, what a check page does not send on: it has its own.
UNKEPT = ("csrfmiddlewaretoken", "checked", "change")


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt; false when the action refused."""

    done: bool
    value: Any = None

    def __bool__(self) -> bool:
        return self.done


class VersionField(forms.IntegerField):
    """The version of the row that the person was looking at; the action refuses a stale one."""

    widget = forms.HiddenInput


class PublicField(forms.ModelChoiceField):
    """A row by its public id, never by its number. Set the queryset once it is known who asks."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(queryset=None, label=label, to_field_name="public_id", **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (
            ValidationError
        ) as error:  # what is no id at all is as little a choice as one that is not there
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from error


class PathwaysForm(forms.Form):
    """A form in NHS style. Give it the request's actor; it knows what day it is from there.

    `widths`: characters of a text box (2, 3, 4, 5, 10, 20, 30). `choice_hints`: the line under one choice.
    `reveals`: {"other_words": ("reason", "other")} puts a field inside that choice, and asks for it only there.
    `sent_once`: adds the hidden key that `core.submissions.once` needs.
    `starts_with`: fields whose `initial` is only where to begin, and not what the row says.
    """

    widths: ClassVar[Mapping[str, int]] = {}
    choice_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    reveals: ClassVar[Mapping[str, tuple[str, str]]] = {}
    sent_once: ClassVar[bool] = False
    starts_with: ClassVar[Sequence[str]] = ()

    def __init__(self, data: Any = None, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.actor = actor
        self.refused: Refused | None = None
        self.is_stale = False
        if self.sent_once:
            self.fields["submission"] = forms.UUIDField(
                widget=forms.HiddenInput,
                required=False,
                initial=uuid.uuid4,
                error_messages={"invalid": "Open this page again, then send it once more."},
            )
        speak_plainly(self)
        dates = {name: field for name, field in self.fields.items() if isinstance(field, DateInputField)}
        for name, field in dates.items():
            field.words = field.label or _words(name)
            field.is_one_of_several = len(dates) > 1
            field.today = actor.today if actor else None

    @property
    def submission_key(self) -> uuid.UUID | None:
        """The hidden key of a form that is sent once, or None."""
        return getattr(self, "cleaned_data", {}).get("submission")

    def _clean_fields(self) -> None:
        """A field inside a choice that was not made is neither asked for nor kept."""
        super()._clean_fields()
        for name, (choice, value) in self.reveals.items():
            made = self[choice].data
            if value not in (made if isinstance(made, list) else [made]):
                self._errors.pop(name, None)
                self.cleaned_data[name] = getattr(self.fields[name], "empty_value", None)

    def ask(self, name: str, label: str) -> None:
        """Ask a question in other words than the class has, in its errors too."""
        field = self.fields[name]
        before, after = _plain(field, str(field.label or _words(name))), _plain(field, label)
        field.error_messages |= {
            key: said for key, said in after.items() if field.error_messages.get(key) == before[key]
        }
        field.label = label
        if isinstance(field, DateInputField):
            field.words = label

    def attempt(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Outcome:
        """Do what the form asks for. A refusal becomes an error beside its field, and the outcome is false."""
        try:
            return Outcome(True, action(*args, **kwargs))
        except Refused as refusal:
            self.refused = refusal
            self.is_stale = isinstance(refusal, Stale)
            shown = refusal.field in self.fields and not self.fields[refusal.field].widget.is_hidden
            self.add_error(refusal.field if shown else None, refusal.sentence)
            return Outcome(False)

    def renew(self) -> None:
        """Let a stale form be sent again, now that what the row says is shown: with the version of that."""
        if "version" in self.initial:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.initial["version"])

    @property
    def says_now(self) -> list[tuple[str, str]]:
        """Where a stale form differs from the row: the question, and what the row says."""
        if not self.is_stale:
            return []
        return [
            (str(bound.label), now)
            for bound in self.visible_fields()
            if bound.name in self.initial
            and bound.name not in self.starts_with
            and (now := in_words(bound.field, self.initial[bound.name]))
            != in_words(bound.field, self.cleaned_data.get(bound.name))
        ]


class SeenForm(PathwaysForm):
    """A form whose act may go against what is recorded: then it is shown, and sent again with what was seen."""

    checked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data.copy() if data is not None else None, *args, **kwargs)

    def show_again(self, refused: Conflicting) -> None:
        """Ask once more, now with these conflicts seen; the page shows them one by one."""
        self.data["checked"] = refused.checked
        words = "This goes against what is recorded. Read what is below; nothing is written yet."
        self.errors[NON_FIELD_ERRORS] = self.error_class([words], error_class="nonfield")


def checked(request: HttpRequest) -> bool:
    """Whether the answers were read again on a check page before they were sent (`core/check.jinja`)."""
    return request.POST.get("checked") == "yes"


def check_page(
    request: HttpRequest,
    *,
    heading: str,
    pairs: Sequence[tuple[str, str]],
    button: str,
    falls: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """Before what is hard to undo: what was answered and what falls with it; sent from here, or changed."""
    kept = [(name, value) for name, values in request.POST.lists() if name not in UNKEPT for value in values]
    shown = {"heading": heading, "pairs": pairs, "button": button, "falls": falls, "kept": kept}
    return render(request, "core/check.jinja", {**shown, **context})


def speak_plainly(form: forms.BaseForm) -> None:
    """Our sentences in place of Django's, for those that the form does not word itself."""
    for name, field in form.fields.items():
        field.error_messages = {
            **field.error_messages,
            **_plain_messages(field, str(field.label or _words(name))),
        }


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


# A label that begins so is no name of a thing: “Enter what else”, “Choose your service”.
STAND_ALONE = frozenset(
    {"A", "An", "Any", "How", "Say", "The", "What", "When", "Where", "Which", "Who", "Why", "Your"}
)


def _named(label: str) -> str:
    """The label as something to choose or enter: “the main reason”, “your service”."""
    return in_sentence(label) if label.split(" ")[0] in STAND_ALONE else f"the {in_sentence(label)}"


def _plain_messages(field: forms.Field, label: str) -> dict[str, str]:
    """Those that the form does not word itself."""
    standard = _standard_messages(type(field))
    plain = _plain(field, label)
    return {key: said for key, said in plain.items() if field.error_messages.get(key) == standard.get(key)}


def _plain(field: forms.Field, label: str) -> dict[str, str]:
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    subject = label
    if label.endswith("?"):
        required = f"{'Choose' if chosen else 'Enter'} an answer to “{label}”"
        subject = "This"
    else:
        required = f"{'Choose' if chosen else 'Enter'} {_named(label)}"
    plain = {
        "required": required,
        "invalid_choice": "Choose one of the answers given",
        "invalid_list": "Choose from the answers given",
        "invalid_pk_value": "Choose one of the answers given",
    }
    if isinstance(field, forms.CharField):
        plain["max_length"] = f"{subject} must be %(limit_value)d characters or fewer"
    if isinstance(field, forms.IntegerField):
        plain["invalid"] = f"{subject} must be a whole number"
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        plain["min_value"] = f"{subject} must be %(limit_value)s or more"
        plain["max_value"] = f"{subject} must be %(limit_value)s or less"
    if isinstance(field, forms.EmailField):
        plain["invalid"] = f"{subject} must be like name@nhs.net"
    elif isinstance(field, forms.DecimalField):
        plain["invalid"] = f"{subject} must be a number"
    elif isinstance(field, forms.TimeField):
        plain["invalid"] = f"{subject} must be a time, like 14:05"
    elif isinstance(field, forms.DateField):
        plain["invalid"] = f"{subject} must be a real date"
    return plain


def _standard_messages(kind: type) -> dict[str, Any]:
    """What a kind of field says unless a form words it."""
    messages: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        messages |= getattr(base, "default_error_messages", {})
    return messages


def render_form(
    request: HttpRequest, template: str, form: forms.BaseForm, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """The page of a form: 200 when first shown, 400 when what was typed can't be, 409 when the action refused."""
    if getattr(form, "is_stale", False):
        form.renew()  # type: ignore[attr-defined]
    if status is None:
        status = 409 if getattr(form, "refused", False) else 400 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
