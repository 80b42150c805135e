"""Forms about where a person is and was."""

from typing import Any

from django import forms

from core.forms import SeenForm
from organisations.models import Service, Ward
from pathways.codes import Elsewhere
from pathways.days import LONDON
from pathways.models import Placement
from referrals.forms.fields import PublicField, ServiceField, line_field
from referrals.forms.steps import MomentForm

WHY = "Kept with what stood before. For example: the escort came a day later."


class AnyServiceField(ServiceField):
    """A service from the directory, also one that has closed since somebody was there."""

    def label_from_instance(self, service: Service) -> str:
        return service.name if service.is_open else f"{service.name} (closed)"


class PlaceForm(SeenForm, MomentForm):
    """Where, and since when. Wards are asked for once the hospital is known."""

    KINDS = (
        ("service", "At a service: a hospital, prison, court or community team"),
        ("elsewhere", "Elsewhere"),
    )
    kind = forms.ChoiceField(
        label="Where are they, or where were they?", choices=KINDS, widget=forms.RadioSelect
    )
    service = AnyServiceField(label="Which service?", empty_label="Choose one")
    elsewhere = forms.ChoiceField(
        label="Where?",
        choices=[choice for choice in Elsewhere.choices if choice[0] != Elsewhere.DIED],
        widget=forms.RadioSelect,
    )
    ward = PublicField(label="On which ward?", required=False, empty_label="Not known")
    reveals = {"service": ("kind", "service"), "elsewhere": ("kind", "elsewhere")}
    field_order = ["kind", "service", "elsewhere", "ward", "on", "at_time"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        services = Service.objects.visible_to(self.actor).order_by("name")
        self.fields["service"].queryset = services
        self.fields["on"].label = "On which day did they come there?"
        wards = Ward.objects.visible_to(self.actor).filter(service__public_id=self._chosen())
        self.fields["ward"].queryset = wards.order_by("name")
        self.has_wards = wards.exists()
        if not self.has_wards:
            del self.fields["ward"]

    def _chosen(self) -> str | None:
        """The service as it was sent, or as it is recorded, where that can be one."""
        asked = self.data.get("service") if self.is_bound else self.initial.get("service")
        is_service = (self.data.get("kind") if self.is_bound else self.initial.get("kind")) == "service"
        try:
            return str(forms.UUIDField().clean(str(asked))) if is_service and asked else None
        except forms.ValidationError:
            return None

    @property
    def asks_ward(self) -> bool:
        """Whether the hospital was only now chosen, so that nobody was asked for a ward of it."""
        return self.has_wards and "ward" not in self.data

    def where(self) -> dict[str, Any]:
        """The place, as the action asks for it."""
        at_service = self.cleaned_data["kind"] == "service"
        return {
            "service": self.cleaned_data["service"] if at_service else None,
            "ward": self.cleaned_data.get("ward") if at_service else None,
            "elsewhere": "" if at_service else self.cleaned_data["elsewhere"],
        }


class CorrectPlaceForm(PlaceForm):
    """The place and its beginning as they should stand, with why."""

    why = line_field("Why is it corrected?", help_text=WHY)
    field_order = [*PlaceForm.field_order, "why"]

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        self.placement = placement
        super().__init__(*args, initial=_as_recorded(placement), **kwargs)

    def when(self) -> dict[str, Any]:
        """The beginning, as the action asks for it; nothing where it stays as it was shown, which is to the minute."""
        shown = (self.initial["on"], self.initial["at_time"])
        if shown == (self.day, self.clock_time and f"{self.clock_time:%H:%M}"):
            return {}
        at, time_known = self.moment()
        return {"at": at, "time_known": time_known}


def _as_recorded(placement: Placement) -> dict[str, Any]:
    began = placement.during.lower.astimezone(LONDON)
    service, ward = placement.service, placement.ward
    return {
        "kind": "service" if service else "elsewhere",
        "service": service.public_id if service else None,
        "ward": ward.public_id if ward else None,
        "elsewhere": placement.elsewhere,
        "on": began.date(),
        "at_time": f"{began:%H:%M}" if placement.start_time_known else None,
    }


class RemovePlaceForm(SeenForm):
    """Why they never came there."""

    sent_once = True
    why = line_field(
        "Why is it removed?", help_text="Kept with what stood before. For example: entered for somebody else."
    )
