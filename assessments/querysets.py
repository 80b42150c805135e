"""Reads of assessments: visible where the person is and the actor may read assessments."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from accounts.rights import Right
from core.facts import FactQuerySet
from pathways.models import Patient


class AboutPersonQuerySet(models.QuerySet):
    """Rows with a `patient`."""

    def visible_to(self, actor: Any) -> Self:
        """Of people the actor may open, for those who may read assessments."""
        if not actor.has(Right.READ_ASSESSMENT):
            return self.none()
        return self.filter(patient__in=Patient.objects.visible_to(actor))

    def known_to_exist_by(self, actor: Any) -> Self:
        """Of people the actor may open. Show only service, state and dates: liaison staff ask this."""
        return self.filter(patient__in=Patient.objects.visible_to(actor)).without_words()

    def without_words(self) -> Self:
        """Clinical words are not even read."""
        return self.defer(*self._worded())

    def _worded(self) -> tuple[str, ...]:
        """Columns that hold clinical words."""
        raise NotImplementedError

    def of(self, patient: Patient) -> Self:
        """Of one person."""
        return self.filter(patient=patient)


class AssessmentQuerySet(AboutPersonQuerySet):
    """Working drafts."""

    def _worded(self) -> tuple[str, ...]:
        return ("repeat_why", "corrects_why", "taken_over_why", "closed_why")

    def open(self) -> Self:
        """Still being worked on."""
        return self.filter(closed_at=None)

    def written_by(self, actor: Any) -> Self:
        """Those whose words the actor may change: open, and of a service where the actor works."""
        return self.visible_to(actor).open().filter(lead_service_id__in=actor.service_ids)

    def overdue(self, *, on: date) -> Self:
        """Being worked on past their last day; another service may take them over."""
        return self.open().filter(due_on__lt=on)

    def repeated(self) -> Self:
        """Second assessments made while one was open or current, each for a coded reason."""
        return self.exclude(repeat_reason="")

    def locked(self, assessment: Any) -> Any:
        """The draft, read again under a lock."""
        return self.select_for_update(no_key=True).get(pk=assessment.pk)


class SectionQuerySet(models.QuerySet):
    """Sections of drafts."""

    def locked(self, assessment: Any, kind: str) -> Any:
        """One section, read again under a lock."""
        return self.select_for_update(no_key=True).get(assessment=assessment, kind=kind)

    def written(self) -> Self:
        """Those whose writer says that they are finished."""
        return self.filter(is_written=True)

    def with_passages(self, restrictions: list[str]) -> Self:
        """With `readable_passages`: the words under restrictions that the reader may read, and no others."""
        passages = self.model._meta.get_field("passages").related_model.objects
        readable = passages.filter(restriction__in=restrictions).order_by("pk")
        return self.prefetch_related(Prefetch("passages", readable, to_attr="readable_passages"))


class SignedAssessmentQuerySet(AboutPersonQuerySet):
    """Signed versions."""

    def _worded(self) -> tuple[str, ...]:
        return ("content", "why")

    def standing(self) -> Self:
        """Not superseded by a newer version of the same assessment."""
        return self.filter(superseded_by_version=None)

    def current(self, *, on: date) -> Self:
        """Standing, within its term on a London date, and not ended by a material change. Newest first."""
        return (
            self.standing()
            .filter(Q(currency_end=None), current_until__gte=on)
            .order_by(F("signed_at").desc(), F("pk").desc())
        )

    def with_state(self) -> Self:
        """With what `rules.is_current` asks, in the same query."""
        return self.select_related("currency_end", "superseded_by_version")

    def shared(self) -> Self:
        """Those that a service other than the one that signed accepts as its own."""
        acceptances = self.model._meta.get_field("acceptances").related_model.objects
        return self.filter(Exists(acceptances.sharing().filter(signed=OuterRef("pk"))))

    def repeated(self) -> Self:
        """Those that came of a second assessment."""
        return self.exclude(assessment__repeat_reason="")

    def with_services_relying(self) -> Self:
        """With `services_relying`: how many other services accept it as their own."""
        acceptances = self.model._meta.get_field("acceptances").related_model.objects
        sharing = acceptances.sharing().filter(signed=OuterRef("pk")).order_by().values("signed")
        counted = sharing.annotate(services=Count("service", distinct=True)).values("services")
        return self.annotate(
            services_relying=models.functions.Coalesce(
                models.Subquery(counted), 0, output_field=models.IntegerField()
            )
        )


class PassageQuerySet(models.QuerySet):
    """Words, by who may read them."""


class AcceptanceQuerySet(models.QuerySet):
    """What services said of signed versions."""

    def visible_to(self, actor: Any) -> Self:
        """Of assessments the actor may read."""
        if not actor.has(Right.READ_ASSESSMENT):
            return self.none()
        return self.filter(signed__patient__in=Patient.objects.visible_to(actor))

    def standing(self) -> Self:
        """Each service's newest word on a version."""
        newer = self.model.objects.filter(
            signed=OuterRef("signed"), service=OuterRef("service"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(newer))

    def accepting(self) -> Self:
        """A yes, with or without a question."""
        return self.filter(answer__in=["yes", "question"])

    def unanswered(self) -> Self:
        """Questions that the service which signed has not answered."""
        return self.filter(answer="question", replies=None)

    def with_replies(self) -> Self:
        """Each with what was answered to it, first answer first."""
        replies = self.model._meta.get_field("replies").related_model.objects
        return self.prefetch_related(
            Prefetch("replies", replies.select_related("answered_by").order_by("pk"))
        )

    def by_another_service(self) -> Self:
        """Of services other than the one that signed."""
        return self.exclude(service=F("signed__service"))

    def sharing(self) -> Self:
        """Standing words of other services that accept: each is an assessment not made a second time."""
        return self.standing().accepting().by_another_service()


class MedicalReportQuerySet(FactQuerySet):
    """Doctors' reports. That one exists, by whom and when, is operational: liaison staff see it too."""

    def visible_to(self, actor: Any) -> Self:
        """Of people the actor may open."""
        return self.filter(patient__in=Patient.objects.visible_to(actor))

    def of(self, kind: str, about_id: int) -> Self:
        """The reports for one thing that are believed now, in the order they were signed."""
        return self.current().filter(about_kind=kind, about_id=about_id).order_by("signed_on", "pk")
