"""Being clinically ready to move on, for machines: read, and recorded by the pages' own actions."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.api import Input, Shown
from core.problems import TO_READ
from organisations.api import NamedOut, PublicIdField, actor_of
from organisations.models import Commissioner, Service
from organisations.rules import Tier
from pathways.actions import ready
from pathways.api.law import Given, PatientVerb, any_day, found_patient, line
from pathways.api.reading import sees_of
from pathways.fields import FIELDS
from pathways.models import ReadyPeriod
from pathways.ready_codes import BY_HAND, AttributableTo, Confirmation, ReadyEnd, ReadyReason, WaitsOn
from pathways.ready_lists import periods_of
from pathways.rules.ready import NEXT_TIERS

NEXT = [(tier.value, tier.label) for tier in map(Tier, NEXT_TIERS)]


class ReadyPeriodOut(Shown):
    """Days of being ready for one reason; `until` is the day on which it ended, and does not count."""

    row = "ReadyPeriod"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    service = NamedOut()
    since = serializers.DateField(source="during.lower")
    until = serializers.DateField(source="during.upper", allow_null=True)
    ready_since = serializers.DateField()
    reason = serializers.ChoiceField(source="reason_code", choices=ReadyReason.choices)
    attributable_to = serializers.ChoiceField(choices=AttributableTo.choices)
    next_tier = serializers.ChoiceField(choices=NEXT)
    waits_on = serializers.ChoiceField(choices=WaitsOn.choices)
    waits_on_service = NamedOut(allow_null=True)
    waits_on_commissioner = NamedOut(allow_null=True)
    waits_on_words = serializers.CharField(allow_null=True)
    ended_as = serializers.ChoiceField(choices=ReadyEnd.choices, allow_blank=True)
    ended_why = serializers.CharField(allow_null=True)


class ReadyReasonIn(Input):
    since = serializers.DateField()
    reason = serializers.ChoiceField(choices=ReadyReason.choices)
    attributable_to = serializers.ChoiceField(choices=AttributableTo.choices)
    next_tier = serializers.ChoiceField(choices=NEXT)
    waits_on = serializers.ChoiceField(choices=WaitsOn.choices)
    waits_on_service = PublicIdField(
        among=lambda actor: Service.objects.visible_to(actor).open(),
        required=False,
        allow_null=True,
        default=None,
    )
    waits_on_commissioner = PublicIdField(
        among=lambda actor: Commissioner.objects.visible_to(actor),
        required=False,
        allow_null=True,
        default=None,
    )
    waits_on_words = line(max_length=120, required=False, allow_blank=True, default="")


class ReadyIn(ReadyReasonIn):
    confirmed = serializers.ListField(
        child=serializers.ChoiceField(choices=Confirmation.choices), help_text="All three, or it is refused."
    )


class EndReadyIn(Input):
    on = serializers.DateField()
    ended_as = serializers.ChoiceField(choices=[(end.value, end.label) for end in BY_HAND])
    why = line()


class CorrectReadyIn(ReadyReasonIn):
    until = any_day()
    why = line()


class TakeBackReadyIn(Input):
    why = line()


class OnePatientsReady(generics.GenericAPIView):
    """Every period of being ready to move on, newest first."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = ReadyPeriodOut
    pagination_class = None

    @extend_schema(responses={200: ReadyPeriodOut(many=True), **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        rows = periods_of(found_patient(request, public_id))
        context = self.get_serializer_context() | {"sees": sees_of(actor_of(request))}
        return Response(ReadyPeriodOut(rows, many=True, context=context).data)


class ReadyVerb(PatientVerb):
    """An act about being ready."""

    rights = (Right.OPEN_PATIENT, Right.RECORD_READY)

    def here(self, made: ReadyPeriod) -> str:
        return f"{reverse('api:ready_periods', args=[self.patient.public_id])}#{made.public_id}"


class RecordReady(ReadyVerb):
    """Record that somebody in hospital is clinically ready to move on."""

    serializer_class = ReadyIn

    def act(self, given: Given) -> str:
        return self.here(ready.record_ready(self.patient, by=self.actor, **given))


class PeriodVerb(ReadyVerb):
    """An act on one period."""

    def find(self) -> None:
        super().find()
        self.period = self.one_of(self.patient.ready_periods.current())


class ChangeReadyReason(PeriodVerb):
    """From a day on it waits for something else."""

    serializer_class = ReadyReasonIn

    def act(self, given: Given) -> str:
        return self.here(ready.change_ready_reason(self.period, by=self.actor, **given))


class EndReady(PeriodVerb):
    """They are no longer ready and have not moved."""

    serializer_class = EndReadyIn

    def act(self, given: Given) -> str:
        return self.here(ready.end_ready(self.period, by=self.actor, **given))


class CorrectReady(PeriodVerb):
    """Put a period right. `until` is heard only of one that somebody ended by hand."""

    serializer_class = CorrectReadyIn

    def act(self, given: Given) -> str:
        return self.here(ready.correct_ready(self.period, by=self.actor, **given))


class TakeBackReady(PeriodVerb):
    """It was recorded by mistake."""

    serializer_class = TakeBackReadyIn

    def act(self, given: Given) -> str:
        ready.take_back_ready(self.period, by=self.actor, **given)
        return reverse("api:ready_periods", args=[self.patient.public_id])


ONE = "patients/<uuid:public_id>/ready/"
PERIOD = f"{ONE}<uuid:row_id>/"

READY: Iterable[URLPattern] = [
    path("patients/<uuid:public_id>/ready-periods/", OnePatientsReady.as_view(), name="ready_periods"),
    path(ONE, RecordReady.as_view(), name="record_ready"),
    path(f"{PERIOD}reason/", ChangeReadyReason.as_view(), name="change_ready_reason"),
    path(f"{PERIOD}end/", EndReady.as_view(), name="end_ready"),
    path(f"{PERIOD}correct/", CorrectReady.as_view(), name="correct_ready"),
    path(f"{PERIOD}take-back/", TakeBackReady.as_view(), name="take_back_ready"),
]
