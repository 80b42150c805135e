"""Temporary movements of one person for machines: read, and every step by the acts of the pages."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.api import Input, Shown, VersionedInput, needed_version
from core.problems import TO_READ
from organisations.api import actor_of
from pathways.actions import movements as actions
from pathways.actions.movements import Outing
from pathways.api.law import PatientVerb, found_patient
from pathways.api.leave import LeaveWhyIn, line, some_instant
from pathways.api.reading import sees_of
from pathways.codes import LeaveEnd, MovementKind
from pathways.fields import FIELDS
from pathways.models import Leave
from pathways.rules.leave import NOT_BACK

Given = dict[str, Any]
SHORT = 120


class MovementOut(Shown):
    """One movement: planned, on or over. Instants that have not come are null."""

    row = "Leave"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=MovementKind.choices)
    to_where = serializers.CharField()
    purpose = serializers.CharField()
    planned_from = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(source="during.lower", allow_null=True, default=None)
    due_back_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(source="during.upper", allow_null=True, default=None)
    ended_as = serializers.ChoiceField(choices=LeaveEnd.choices, allow_blank=True)
    ended_why = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()


class Movements(generics.GenericAPIView):
    """Court, A&E and escorted movements of one person, the newest first."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = MovementOut
    pagination_class = None

    @extend_schema(responses={200: MovementOut(many=True), **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        rows = found_patient(request, public_id).leaves.current().movements()
        context = self.get_serializer_context() | {"sees": sees_of(actor_of(request))}
        return Response(MovementOut(rows.order_by("-claimed", "-pk"), many=True, context=context).data)


class OutingIn(Input):
    kind = serializers.ChoiceField(choices=MovementKind.choices)
    to_where = line(max_length=SHORT)
    purpose = line(
        max_length=SHORT, help_text="Read by everybody who may open the person: no clinical detail."
    )
    left_at = serializers.DateTimeField()
    due_back_at = some_instant()


class PlanMovementIn(OutingIn):
    left_at = serializers.DateTimeField(help_text="When they are to leave.")
    due_back_at = serializers.DateTimeField()


class BeginMovementIn(Input):
    at = serializers.DateTimeField()


class RecordMovementIn(OutingIn):
    returned_at = some_instant()


class ReturnMovementIn(Input):
    at = serializers.DateTimeField()


class CorrectMovementIn(OutingIn, VersionedInput):
    left_at = serializers.DateTimeField(help_text="Of a plan: when they are to leave.")
    returned_at = some_instant()
    how = serializers.ChoiceField(
        choices=[LeaveEnd.RETURNED.value, NOT_BACK], required=False, allow_blank=True, default=""
    )
    why = line()


def _as_outing(given: Given) -> Given:
    """What is said of it as one, beside the rest."""
    names = ("kind", "to_where", "purpose", "left_at", "due_back_at")
    outing = Outing(**{name: given[name] for name in names})
    return {name: value for name, value in given.items() if name not in names} | {"outing": outing}


class RecordMovement(PatientVerb):
    """They are out, or were out and are back. Nothing else ends by it. Gives the id of the movement."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
    serializer_class = RecordMovementIn

    def here(self, made: Any) -> str:
        return f"{reverse('api:movements', args=[self.patient.public_id])}#{made.public_id}"

    def act(self, given: Given) -> str:
        return self.here(actions.record_movement(self.patient, by=self.actor, **_as_outing(given)))


class PlanMovement(RecordMovement):
    """They are to go; refused where an authority that it needs from a hospital is not on record."""

    serializer_class = PlanMovementIn

    def act(self, given: Given) -> str:
        return self.here(actions.plan_movement(self.patient, by=self.actor, **_as_outing(given)))


class OneMovementVerb(RecordMovement):
    """An act on one movement."""

    movement: Leave

    def find(self) -> None:
        super().find()
        self.movement = self.one_of(self.patient.leaves.current().movements())


class BeginMovement(OneMovementVerb):
    """They have left as planned."""

    serializer_class = BeginMovementIn

    def act(self, given: Given) -> str:
        return self.here(actions.begin_movement(self.movement, by=self.actor, **given))


class CancelMovement(OneMovementVerb):
    """It does not take place."""

    serializer_class = LeaveWhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.cancel_movement(self.movement, by=self.actor, **given))


class ReturnMovement(OneMovementVerb):
    """They are back."""

    serializer_class = ReturnMovementIn

    def act(self, given: Given) -> str:
        return self.here(actions.return_movement(self.movement, by=self.actor, **given))


class CorrectMovement(OneMovementVerb):
    """Put right what is recorded of it."""

    serializer_class = CorrectMovementIn

    def version_held(self) -> int | None:
        return Leave.objects.visible_to(self.actor).get(pk=self.movement.pk).version

    def act(self, given: Given) -> str:
        given["version"] = needed_version(given)
        return self.here(actions.correct_movement(self.movement, by=self.actor, **_as_outing(given)))


class RemoveMovement(OneMovementVerb):
    """They were never out."""

    serializer_class = LeaveWhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.remove_movement(self.movement, by=self.actor, **given))


ALL = "patients/<uuid:public_id>/movements/"
ONE = f"{ALL}<uuid:row_id>/"

MOVEMENTS: Iterable[URLPattern] = [
    path(ALL, Movements.as_view(), name="movements"),
    path(f"{ALL}plan/", PlanMovement.as_view(), name="plan_movement"),
    path(f"{ALL}record/", RecordMovement.as_view(), name="record_movement"),
    path(f"{ONE}begin/", BeginMovement.as_view(), name="begin_movement"),
    path(f"{ONE}cancel/", CancelMovement.as_view(), name="cancel_movement"),
    path(f"{ONE}return/", ReturnMovement.as_view(), name="return_movement"),
    path(f"{ONE}correct/", CorrectMovement.as_view(), name="correct_movement"),
    path(f"{ONE}remove/", RemoveMovement.as_view(), name="remove_movement"),
]
