"""Fields that several verbs ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.dates import DateInputField
from core.forms import PathwaysForm
from organisations.models import Service

WORDS = 2000
LINE = 200


class VerbForm(PathwaysForm):
    """The form of one verb. Sent twice it counts once."""

    sent_once = True


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


class ServiceField(PublicField):
    """A service from the directory."""

    def label_from_instance(self, service: Service) -> str:
        return service.name


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


class WhyForm(VerbForm):
    """Nothing but a reason."""

    why = line_field("Why?")

    def __init__(self, *args: Any, label: str = "Why?", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask("why", label)
