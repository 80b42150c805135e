"""Lists and details of signed versions and drafts."""

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import Right
from assessments import rules
from assessments.codes import (
    AcceptanceAnswer,
    Closing,
    RecommendedUrgency,
    RepeatReason,
    Restriction,
    SectionKind,
)
from assessments.content import readable_content
from assessments.fields import FIELDS
from assessments.models import Assessment, SignedAssessment
from assessments.seal import is_intact
from core.api import Input, Shown, with_etag
from core.problems import TO_READ
from organisations.api import Listing, NamedOut, actor_of, saw
from organisations.models import WardGender
from organisations.rules import Tier
from pathways.api.reading import sees_of


class SignedRowOut(Shown):
    """A signed version in a list: that it is there, and its tier."""

    row = "SignedAssessment"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    patient = serializers.UUIDField(source="patient.public_id")
    service = NamedOut()
    number = serializers.IntegerField(help_text="Version number within the assessment, from 1.")
    tier = serializers.ChoiceField(choices=Tier.choices)
    signed_at = serializers.DateTimeField()
    current_until = serializers.DateField()
    is_current = serializers.BooleanField()
    supersedes = serializers.UUIDField(source="supersedes.public_id", allow_null=True, default=None)


class PassageOut(serializers.Serializer):
    """Words under one restriction."""

    restriction = serializers.ChoiceField(choices=Restriction.choices)
    text = serializers.CharField()


class SectionOut(serializers.Serializer):
    """A section as it was signed, less what the reader may not read."""

    kind = serializers.ChoiceField(choices=SectionKind.choices)
    holds_from = serializers.DateField()
    saved_by = serializers.CharField()
    passages = PassageOut(many=True)
    is_partly_hidden = serializers.BooleanField()


class RecommendationOut(serializers.Serializer):
    """The tier the assessor recommends, and why."""

    tier = serializers.ChoiceField(choices=Tier.choices)
    also_suitable = serializers.ListField(child=serializers.ChoiceField(choices=Tier.choices))
    why_not_lower = serializers.CharField()
    why_not_higher = serializers.CharField()
    urgency = serializers.ChoiceField(choices=RecommendedUrgency.choices)
    ward_gender = serializers.ChoiceField(choices=WardGender.choices)
    special_needs = serializers.CharField()


class RatingOut(serializers.Serializer):
    """That an instrument was used."""

    instrument = serializers.CharField()
    version = serializers.CharField()
    rated_on = serializers.DateField()
    rater = serializers.CharField()
    score = serializers.CharField(allow_null=True)
    summary = serializers.CharField()


class ContentOut(serializers.Serializer):
    """What was signed."""

    assessor = serializers.CharField()
    service = serializers.CharField()
    sections = SectionOut(many=True)
    recommendation = RecommendationOut()
    ratings = RatingOut(many=True)


class ReplyOut(Shown):
    """What the service that signed answers to a question."""

    row = "Reply"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    words = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField()


class AcceptanceOut(Shown):
    """What a service says of the version. Decisions name it by its id."""

    row = "Acceptance"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    service = NamedOut()
    tier = serializers.ChoiceField(choices=Tier.choices)
    answer = serializers.ChoiceField(choices=AcceptanceAnswer.choices)
    words = serializers.CharField(allow_null=True)
    answered_at = serializers.DateTimeField()
    replies = ReplyOut(many=True, help_text="What the service that signed answers to a question.")


class SignedOut(SignedRowOut):
    """A signed version. `is_intact` is false where it is no longer what was signed."""

    sha256 = serializers.CharField()
    is_intact = serializers.BooleanField()
    why = serializers.CharField(allow_null=True, help_text="Why it corrects the version before.")
    readable = ContentOut()
    acceptances = AcceptanceOut(many=True, source="words_of_services")


class AssessmentFilters(Input):
    """Which signed versions."""

    patient = serializers.UUIDField(required=False)
    service = serializers.UUIDField(required=False, help_text="The service that signed.")
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    is_current = serializers.BooleanField(required=False)


class Assessments(Listing):
    """Signed versions of people whom the key's role may open, newest first."""

    rights = (Right.READ_ASSESSMENT, Right.READ_CLINICAL)
    serializer_class = SignedRowOut
    filter_class = AssessmentFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        rows = SignedAssessment.objects.visible_to(self.actor)
        if asked.get("is_current"):
            rows = rows.current(on=self.actor.today)
        for name, column in (
            ("patient", "patient__public_id"),
            ("service", "service__public_id"),
            ("tier", "tier"),
        ):
            if name in asked:
                rows = rows.filter(**{column: asked[name]})
        rows = rows.with_state().select_related(
            "patient", "service", "supersedes", "currency_end", "superseded_by_version"
        )
        hidden = ("content", "supersedes__content", "superseded_by_version__content")
        return rows.defer(*hidden).order_by("-signed_at", "-pk")

    def prepare(self, page: list[Any]) -> Any:
        for row in page:
            row.is_current = rules.is_current(row, self.actor.today)
        return super().prepare(page)

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {
            "sees": sees_of(actor_of(self.request) if self.request else None)
        }


class OneAssessment(generics.GenericAPIView):
    """A signed version, less the words that the reader may not read."""

    rights = (Right.READ_ASSESSMENT, Right.READ_CLINICAL)
    serializer_class = SignedOut

    @extend_schema(responses={200: SignedOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        signed: Any = found_signed(request, public_id)
        signed.is_current = rules.is_current(signed, actor.today)
        signed.is_intact = is_intact(signed)
        signed.readable = readable_content(signed.content, actor)
        signed.words_of_services = list(
            signed.acceptances.standing().select_related("service").with_replies().order_by("pk")
        )
        context = self.get_serializer_context() | {"sees": sees_of(actor)}
        return Response(SignedOut(signed, context=context).data)


def found_signed(request: Request, public_id: UUID) -> SignedAssessment:
    """A signed version of somebody the actor may open, or 404; noted in the read log."""
    versions = SignedAssessment.objects.visible_to(actor_of(request)).with_state()
    found = get_object_or_404(
        versions.select_related("patient", "service", "signed_by", "assessment", "supersedes").defer(
            "supersedes__content", "superseded_by_version__content"
        ),
        public_id=public_id,
    )
    saw(request, [found.patient_id])
    return found


class DraftRowOut(Shown):
    """A draft in a list."""

    row = "Assessment"
    table: ClassVar = FIELDS
    id = serializers.UUIDField(source="public_id")
    patient = serializers.UUIDField(source="patient.public_id")
    lead_service = NamedOut()
    opened_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    repeat_reason = serializers.ChoiceField(choices=RepeatReason.choices, allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_as = serializers.ChoiceField(choices=Closing.choices, allow_blank=True)
    version = serializers.IntegerField()


class DraftSectionOut(serializers.Serializer):
    """A section of a draft. Its words are for the service that writes it."""

    kind = serializers.ChoiceField(choices=SectionKind.choices)
    version = serializers.IntegerField()
    is_written = serializers.BooleanField()
    is_prefilled = serializers.BooleanField()
    saved_at = serializers.DateTimeField(allow_null=True)
    passages = PassageOut(many=True, source="shown_passages")


class DraftRecommendationOut(RecommendationOut):
    """The recommendation so far: what is not yet answered is empty."""

    tier = serializers.ChoiceField(choices=Tier.choices, allow_blank=True)
    urgency = serializers.ChoiceField(choices=RecommendedUrgency.choices, allow_blank=True)
    ward_gender = serializers.ChoiceField(choices=WardGender.choices, allow_blank=True)
    is_written = serializers.BooleanField()
    version = serializers.IntegerField()


class DraftRatingOut(RatingOut):
    """An instrument that was used, by the id under which it can be taken off."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.CharField(source="instrument_version")


class DraftOut(DraftRowOut):
    """A draft: how far it is; and for the service that writes it, its words."""

    sections = DraftSectionOut(many=True, source="shown_sections")
    recommendation = DraftRecommendationOut(source="shown_recommendation", allow_null=True)
    ratings = DraftRatingOut(many=True, source="shown_ratings")


class DraftFilters(Input):
    """Which drafts."""

    patient = serializers.UUIDField(required=False)


class Drafts(Listing):
    """Assessments being written of people whom the key's role may open."""

    rights = (Right.READ_ASSESSMENT,)
    serializer_class = DraftRowOut
    filter_class = DraftFilters

    def rows(self, asked: dict[str, Any]) -> Any:
        rows = Assessment.objects.visible_to(self.actor).open().select_related("patient", "lead_service")
        if patient := asked.get("patient"):
            rows = rows.filter(patient__public_id=patient)
        return rows.order_by("due_on", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {
            "sees": sees_of(actor_of(self.request) if self.request else None)
        }


class OneDraft(generics.GenericAPIView):
    """One draft, with the versions of its sections."""

    rights = (Right.READ_ASSESSMENT,)
    serializer_class = DraftOut

    @extend_schema(responses={200: DraftOut, **TO_READ})
    def get(self, request: Request, public_id: UUID) -> Response:
        actor = actor_of(request)
        draft: Any = found_draft(request, public_id)
        is_own = actor.works_at(draft.lead_service_id) and actor.has(Right.WRITE_ASSESSMENT)
        readable = rules.readable_restrictions(actor) if is_own else []
        draft.shown_sections = list(draft.sections.with_passages(readable).order_by("pk"))
        for section in draft.shown_sections:
            section.shown_passages = section.readable_passages
        draft.shown_recommendation = getattr(draft, "recommendation", None) if is_own else None
        draft.shown_ratings = list(draft.ratings.order_by("rated_on", "pk")) if is_own else []
        context = self.get_serializer_context() | {"sees": sees_of(actor)}
        return with_etag(DraftOut(draft, context=context).data, draft.version)


def found_draft(request: Request, public_id: UUID) -> Assessment:
    """A draft of somebody the actor may open, or 404; noted in the read log."""
    drafts = Assessment.objects.visible_to(actor_of(request))
    found = get_object_or_404(drafts.select_related("patient", "lead_service"), public_id=public_id)
    saw(request, [found.patient_id])
    return found
