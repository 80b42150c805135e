"""People and beds, as machines read them."""

from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from core.api import Input, Shown, with_etag
from core.problems import TO_READ
from organisations.api import Listing, NamedOut, actor_of, saw
from organisations.models import Bed
from organisations.rules import Tier
from pathways.bed_states import FREE, FREE_CHOICE, STATES, in_state, in_use, uses_at
from pathways.codes import Elsewhere, Ethnicity, NoNhsNumber, StatedGender
from pathways.fields import FIELDS
from pathways.models import BedUse, Patient, Placement


def sees_of(actor: Any) -> Any:
    """What may be seen of somebody found by `visible_to`: who it is, and clinical columns with the right to them."""
    clinical = actor is not None and actor.has(Right.READ_CLINICAL)
    return lambda _row: SimpleNamespace(identity=True, words=clinical, clinical=clinical)


class PlaceOut(serializers.Serializer):
    """Where somebody is."""

    service = NamedOut(allow_null=True)
    elsewhere = serializers.ChoiceField(choices=Elsewhere.choices, allow_blank=True)
    ward = serializers.UUIDField(source="ward.public_id", allow_null=True, default=None)
    since = serializers.DateTimeField(source="during.lower")
    time_known = serializers.BooleanField(source="start_time_known")


class PatientOut(Shown):
    """Somebody whom the reader may open. Clinical columns are null without the right to them."""

    row = "Patient"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    nhs_number = serializers.CharField(allow_null=True)
    no_nhs_number = serializers.ChoiceField(choices=NoNhsNumber.choices, allow_blank=True)
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    born_on = serializers.DateField()
    died_on = serializers.DateField(allow_null=True)
    stated_gender = serializers.ChoiceField(choices=StatedGender.choices)
    ethnicity = serializers.ChoiceField(choices=Ethnicity.choices, allow_null=True)
    interpreter_language = serializers.CharField(allow_null=True)
    prison_number = serializers.CharField(allow_null=True)
    home_area = serializers.UUIDField(source="home_area.public_id", allow_null=True, default=None)
    has_restricted_access = serializers.BooleanField()
    place = PlaceOut(allow_null=True)
    version = serializers.IntegerField()


class WarningOut(Shown):
    """What everybody who handles the person must know."""

    row = "RiskAlert"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    words = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class OnePatientOut(PatientOut):
    """One person, with the warnings that stand at the top of every page about them."""

    warnings = WarningOut(many=True, source="shown_warnings")


class PatientFilters(Input):
    """Which people. Names and numbers are never in an address: search on the pages."""

    service = serializers.UUIDField(required=False, help_text="Who are at this service now.")


def with_places(people: list[Patient], actor: Any) -> None:
    """Give each person their `place`. One query for all."""
    open_ones = Placement.objects.visible_to(actor).open().filter(patient__in=people)
    places = {place.patient_id: place for place in open_ones.select_related("service", "ward")}
    for person in people:
        person.place = places.get(person.pk)  # type: ignore[attr-defined]


class Patients(Listing):
    """The people whom the key's role may open."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = PatientOut
    filter_class = PatientFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        people = Patient.objects.visible_to(self.actor).select_related("home_area")
        if service := asked.get("service"):
            here = Placement.objects.visible_to(self.actor).open().filter(service__public_id=service)
            people = people.filter(pk__in=here.values("patient"))
        return people.order_by("pk")

    def prepare(self, page: list[Any]) -> Any:
        with_places(page, self.actor)
        return [person.pk for person in page]

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {
            "sees": sees_of(actor_of(self.request) if self.request else None)
        }


class OnePatient(generics.GenericAPIView):
    """One person."""

    rights = (Right.OPEN_PATIENT,)
    serializer_class = OnePatientOut

    @extend_schema(responses={200: OnePatientOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        people = Patient.objects.visible_to(actor).select_related("home_area")
        person: Any = get_object_or_404(people, public_id=public_id)
        person.shown_warnings = list(person.risk_alerts.current().order_by("-recorded_at"))
        saw(request, [person.pk])
        with_places([person], actor)
        context = self.get_serializer_context() | {"sees": sees_of(actor)}
        return with_etag(OnePatientOut(person, context=context).data, person.version)


class BedOut(serializers.Serializer):
    """A bed and how it stands now."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    ward = serializers.CharField(source="ward.name")
    service = NamedOut(source="ward.service")
    is_open = serializers.BooleanField(help_text="Whether its ward has it now.")
    state = serializers.ChoiceField(choices=[FREE_CHOICE, *BedUse.Purpose.choices])
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True, help_text="The end, or the expected one.")
    patient = serializers.UUIDField(
        allow_null=True, help_text="Whose it is; null for somebody whom the reader may not open."
    )
    use = serializers.UUIDField(
        allow_null=True, help_text="The id of the use, for acts on it; null where the patient is."
    )
    use_version = serializers.IntegerField(allow_null=True)


class BedFilters(Input):
    """Which beds."""

    service = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(choices=STATES, required=False)
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)


def with_states(beds: list[Bed], actor: Any) -> list[int]:
    """Give each bed how it stands, and whose it is where the actor may open the person. Gives those people's ids."""
    uses = uses_at(beds, at=actor.at)
    ids = [use.patient_id for use in uses.values() if use.patient_id]
    known = dict(Patient.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "public_id"))
    for bed in beds:
        use: Any = uses.get(bed.pk)
        is_out_of_use = use is not None and use.purpose == BedUse.Purpose.NOT_IN_USE
        bed.is_open = not is_out_of_use  # type: ignore[attr-defined]
        bed.state = use.purpose if use else FREE  # type: ignore[attr-defined]
        bed.since = use.during.lower if use else None  # type: ignore[attr-defined]
        bed.until = (use.during.upper or use.expected_end_at) if use else None  # type: ignore[attr-defined]
        bed.patient = known.get(use.patient_id) if use else None  # type: ignore[attr-defined]
        may_act = use is not None and (use.patient_id is None or use.patient_id in known)
        bed.use = use.public_id if may_act else None  # type: ignore[attr-defined]
        bed.use_version = use.version if may_act else None  # type: ignore[attr-defined]
    return list(known)


class Beds(Listing):
    """Beds in use and how each stands now."""

    rights = (Right.SEE_BEDS,)
    serializer_class = BedOut
    filter_class = BedFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        beds = in_use(Bed.objects.visible_to(self.actor), at=self.actor.at, now=self.actor.at)
        if service := asked.get("service"):
            beds = beds.filter(ward__service__public_id=service)
        if tier := asked.get("tier"):
            wards = {"tier": tier, "during__contains": self.actor.at, "superseded_at": None}
            beds = beds.filter(**{f"ward__designations__{name}": value for name, value in wards.items()})
        if state := asked.get("state"):
            beds = in_state(beds, state, at=self.actor.at)
        return beds.select_related("ward__service").order_by(
            "ward__service__name", "ward__name", "name", "pk"
        )

    def prepare(self, page: list[Any]) -> Any:
        return with_states(page, self.actor)


class OneBed(generics.GenericAPIView):
    """One bed and how it stands now."""

    rights = (Right.SEE_BEDS,)
    serializer_class = BedOut

    @extend_schema(responses={200: BedOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        beds = Bed.objects.visible_to(actor).select_related("ward__service")
        bed = get_object_or_404(beds, public_id=public_id)
        saw(request, with_states([bed], actor))
        return Response(BedOut(bed).data)
