"""The line of placements for machines: read, added to, put right and taken back by the acts of the pages."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.problems import TO_READ
from organisations.api import NamedOut, PublicIdField, Verb
from organisations.models import Service, Ward
from pathways import days
from pathways.actions import placements
from pathways.api.finding import found_patient
from pathways.api.inputs import SeenIn
from pathways.codes import Elsewhere
from pathways.models import Patient, Placement

Given = dict[str, Any]
LONGEST_WHY = 200
SOMEWHERE = [(code, words) for code, words in Elsewhere.choices if code != Elsewhere.DIED]


class PlacementOut(serializers.Serializer):
    """Where the person is or was, as it is believed now."""

    id = serializers.UUIDField(source="public_id", help_text="Another one once it has been corrected.")
    service = NamedOut(allow_null=True)
    ward = serializers.UUIDField(source="ward.public_id", allow_null=True, default=None)
    elsewhere = serializers.ChoiceField(choices=Elsewhere.choices, allow_blank=True)
    since = serializers.DateTimeField(source="during.lower")
    time_known = serializers.BooleanField(source="start_time_known")
    until = serializers.DateTimeField(source="during.upper", allow_null=True)
    recorded_at = serializers.DateTimeField()


class WhereIn(SeenIn):
    service = PublicIdField(
        among=lambda actor: Service.objects.visible_to(actor),
        required=False,
        default=None,
        help_text="One that has closed since only for a time that is over.",
    )
    ward = PublicIdField(among=lambda actor: Ward.objects.visible_to(actor), required=False, default=None)
    elsewhere = serializers.ChoiceField(choices=SOMEWHERE, required=False, allow_blank=True, default="")


class PlaceIn(WhereIn):
    on = serializers.DateField()
    at_time = serializers.TimeField(
        required=False, allow_null=True, default=None, help_text="London time. Leave out what is not known."
    )


class CorrectPlaceIn(WhereIn):
    on = serializers.DateField(required=False, allow_null=True, default=None)
    at_time = serializers.TimeField(required=False, allow_null=True, default=None)
    why = serializers.CharField(max_length=LONGEST_WHY)


class RemovePlaceIn(SeenIn):
    why = serializers.CharField(max_length=LONGEST_WHY)


def _moment(given: Given) -> Given:
    """The instant in place of the date and time."""
    on, at_time = given.pop("on"), given.pop("at_time")
    if on is None:
        return given
    at, time_known = days.at_or_noon(on, at_time)
    return {**given, "at": at, "time_known": time_known}


class Placements(generics.GenericAPIView):
    """Where one person is and was, oldest first."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = PlacementOut
    pagination_class = None

    @extend_schema(responses={200: PlacementOut(many=True), **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        found = found_patient(request, public_id).placements.current().select_related("service", "ward")
        return Response(PlacementOut(found.order_by("during"), many=True).data)


class RecordPlace(Verb):
    """Say where the person is or was from an instant on."""

    rights: ClassVar = (Right.RECORD_STEP,)
    serializer_class = PlaceIn
    patient: Patient

    def find(self) -> None:
        self.patient = found_patient(self.request, self.kwargs["public_id"])

    def act(self, given: Given) -> str:
        placements.record_place(self.patient, by=self.actor, **_moment(given))
        return self.here()

    def here(self) -> str:
        """The line of this person."""
        return reverse("api:places", args=[self.patient.public_id])


class PlacementVerb(RecordPlace):
    """An act on one placement of a person."""

    placement: Placement

    def find(self) -> None:
        super().find()
        believed = self.patient.placements.current().select_related("patient")
        self.placement = get_object_or_404(believed, public_id=self.kwargs["placement_id"])


class CorrectPlace(PlacementVerb):
    """Put right when the person came there, or where that was. What is left out stays."""

    serializer_class = CorrectPlaceIn

    def act(self, given: Given) -> str:
        placements.correct_placement(self.placement, by=self.actor, **_moment(given))
        return self.here()


class RemovePlace(PlacementVerb):
    """They never came there."""

    serializer_class = RemovePlaceIn

    def act(self, given: Given) -> str:
        placements.remove_placement(self.placement, by=self.actor, **given)
        return self.here()
