"""Leave of one person for machines: read, and every step by the acts of the pages."""

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
from organisations.api import PublicIdField, actor_of
from organisations.models import Bed, Ward
from pathways.actions import leave as actions
from pathways.actions import leave_corrections
from pathways.actions.leave import Terms
from pathways.api.beds import UseVerb
from pathways.api.inputs import exception_why
from pathways.api.law import PatientVerb, found_patient
from pathways.api.places import SeenIn
from pathways.api.reading import sees_of
from pathways.codes import LeaveEnd, LeaveKind
from pathways.fields import FIELDS
from pathways.models import Leave
from pathways.rules.leave import HOW_ENDED

Given = dict[str, Any]
LINE, WORDS, NAME = 200, 2000, 120


class LeaveOut(Shown):
    """One leave: planned, on, or over. Instants that have not come are null."""

    row = "Leave"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=LeaveKind.choices)
    to_ward = serializers.UUIDField(source="to_ward.public_id", allow_null=True, default=None)
    agreed_by = serializers.CharField()
    conditions = serializers.CharField(allow_null=True)
    planned_from = serializers.DateTimeField(allow_null=True)
    due_back_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(source="during.lower", allow_null=True, default=None)
    ended_at = serializers.DateTimeField(source="during.upper", allow_null=True, default=None)
    absent_since = serializers.DateTimeField(allow_null=True)
    absent_told = serializers.CharField(allow_null=True)
    ended_as = serializers.ChoiceField(choices=LeaveEnd.choices, allow_blank=True)
    ended_why = serializers.CharField(allow_null=True)
    bed_released_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class Leaves(generics.GenericAPIView):
    """Leave of one person, the newest first."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = LeaveOut
    pagination_class = None

    @extend_schema(responses={200: LeaveOut(many=True), **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        rows = found_patient(request, public_id).leaves.current().given().select_related("to_ward")
        context = self.get_serializer_context() | {"sees": sees_of(actor_of(request))}
        return Response(LeaveOut(rows.order_by("-claimed", "-pk"), many=True, context=context).data)


def wards(actor: Any) -> Any:
    """Wards of hospitals, for a trial."""
    return Ward.objects.visible_to(actor).filter(service__kind="hospital").select_related("service")


def beds(actor: Any) -> Any:
    """Beds of the directory."""
    return Bed.objects.visible_to(actor).select_related("ward__service")


def line(**known: Any) -> serializers.CharField:
    return serializers.CharField(max_length=known.pop("max_length", LINE), **known)


def some_instant() -> serializers.DateTimeField:
    return serializers.DateTimeField(required=False, allow_null=True, default=None)


class LeaveTermsIn(Input):
    kind = serializers.ChoiceField(choices=LeaveKind.choices)
    to_ward = PublicIdField(among=wards, required=False, allow_null=True, default=None)
    due_back_at = some_instant()
    agreed_by = line(max_length=NAME, required=False, allow_blank=True, default="")
    conditions = serializers.CharField(max_length=WORDS, required=False, allow_blank=True, default="")


class PlanLeaveIn(LeaveTermsIn):
    planned_from = serializers.DateTimeField()


class TrialBedIn(Input):
    bed = PublicIdField(among=beds, required=False, allow_null=True, default=None, help_text="Of a trial.")
    exception_why = exception_why()


class RecordLeaveIn(LeaveTermsIn, TrialBedIn):
    left_at = serializers.DateTimeField()
    returned_at = some_instant()


class BeginLeaveIn(TrialBedIn):
    at = serializers.DateTimeField()


class ReturnLeaveIn(Input):
    at = serializers.DateTimeField()
    recalled = serializers.BooleanField(required=False, default=False)
    why = line(required=False, allow_blank=True, default="")


class AbsentLeaveIn(Input):
    since = serializers.DateTimeField()
    told = serializers.CharField(max_length=WORDS)


class StayLeaveIn(Input):
    at = serializers.DateTimeField()


class LeaveWhyIn(Input):
    why = line()


class CorrectLeaveIn(LeaveTermsIn, VersionedInput, SeenIn):
    planned_from = some_instant()
    left_at = some_instant()
    returned_at = some_instant()
    how = serializers.ChoiceField(
        choices=list(HOW_ENDED),
        required=False,
        allow_blank=True,
        default="",
        help_text="How it ended, if that was wrong: back, called back, or neither, so that the next move ended it.",
    )
    recall_why = line(required=False, allow_blank=True, default="")
    why = line()


def _with_terms(given: Given) -> Given:
    """What was agreed as one, beside the rest."""
    names = ("kind", "to_ward", "due_back_at", "agreed_by", "conditions")
    terms = Terms(**{name: given[name] for name in names})
    return {name: value for name, value in given.items() if name not in names} | {"terms": terms}


class LeaveVerb(PatientVerb):
    """An act about leave of one person. Gives the id of the leave."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_LEAVE)

    def here(self, made: Any) -> str:
        return f"{reverse('api:leaves', args=[self.patient.public_id])}#{made.public_id}"


class PlanLeave(LeaveVerb):
    """Plan and authorise a leave; refused where an authority that it needs is not on record."""

    serializer_class = PlanLeaveIn

    def act(self, given: Given) -> str:
        return self.here(actions.plan_leave(self.patient, by=self.actor, **_with_terms(given)))


class RecordLeave(LeaveVerb):
    """Record a leave that has begun or is over; never refused for want of an authority."""

    serializer_class = RecordLeaveIn

    def act(self, given: Given) -> str:
        return self.here(actions.record_leave(self.patient, by=self.actor, **_with_terms(given)))


class OneLeaveVerb(LeaveVerb):
    """An act on one leave."""

    leave: Leave

    def find(self) -> None:
        super().find()
        self.leave = self.one_of(self.patient.leaves.current().given())


class BeginLeave(OneLeaveVerb):
    """They have left; somebody on trial is in a bed of the other ward."""

    serializer_class = BeginLeaveIn

    def act(self, given: Given) -> str:
        return self.here(actions.begin_leave(self.leave, by=self.actor, **given))


class ReturnLeave(OneLeaveVerb):
    """They are back, by themselves or recalled."""

    serializer_class = ReturnLeaveIn

    def act(self, given: Given) -> str:
        return self.here(actions.return_leave(self.leave, by=self.actor, **given))


class AbsentLeave(OneLeaveVerb):
    """They are absent without leave, and who was told."""

    serializer_class = AbsentLeaveIn

    def act(self, given: Given) -> str:
        return self.here(actions.record_absence(self.leave, by=self.actor, **given))


class StayLeave(OneLeaveVerb):
    """The trial has become a stay on the other ward."""

    serializer_class = StayLeaveIn

    def act(self, given: Given) -> str:
        actions.stay_on_ward(self.leave, by=self.actor, **given)
        return self.here(self.leave)


class CancelLeave(OneLeaveVerb):
    """It does not take place."""

    serializer_class = LeaveWhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.cancel_leave(self.leave, by=self.actor, **given))


class CorrectLeave(OneLeaveVerb):
    """Put right what is recorded, whatever ended it; the beds follow."""

    serializer_class = CorrectLeaveIn

    def version_held(self) -> int | None:
        return Leave.objects.visible_to(self.actor).get(pk=self.leave.pk).version

    def act(self, given: Given) -> str:
        given["version"] = needed_version(given)
        return self.here(leave_corrections.correct_leave(self.leave, by=self.actor, **_with_terms(given)))


class RemoveLeave(OneLeaveVerb):
    """They never left."""

    serializer_class = LeaveWhyIn

    def act(self, given: Given) -> str:
        return self.here(leave_corrections.remove_leave(self.leave, by=self.actor, **given))


class ReleaseKept(UseVerb):
    """A bed that is kept for somebody on leave is not kept any longer."""

    rights = (Right.OFFER_BED,)
    serializer_class = LeaveWhyIn

    def act(self, given: Given) -> str:
        return self.here(actions.release_kept_bed(self.use, by=self.actor, **given))


ONE = "patients/<uuid:public_id>/leave/"
LEAVE = f"{ONE}<uuid:row_id>/"

LEAVES: Iterable[URLPattern] = [
    path(ONE, Leaves.as_view(), name="leaves"),
    path(f"{ONE}plan/", PlanLeave.as_view(), name="plan_leave"),
    path(f"{ONE}record/", RecordLeave.as_view(), name="record_leave"),
    path(f"{LEAVE}begin/", BeginLeave.as_view(), name="begin_leave"),
    path(f"{LEAVE}return/", ReturnLeave.as_view(), name="return_leave"),
    path(f"{LEAVE}absent/", AbsentLeave.as_view(), name="absent_leave"),
    path(f"{LEAVE}stay/", StayLeave.as_view(), name="stay_leave"),
    path(f"{LEAVE}cancel/", CancelLeave.as_view(), name="cancel_leave"),
    path(f"{LEAVE}correct/", CorrectLeave.as_view(), name="correct_leave"),
    path(f"{LEAVE}remove/", RemoveLeave.as_view(), name="remove_leave"),
    path("beds/uses/<uuid:public_id>/release/", ReleaseKept.as_view(), name="release_kept"),
]
