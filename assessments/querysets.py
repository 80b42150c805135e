"""Reads of assessments: visible where the person is and the actor may read assessments."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.rights import Right
from core.facts import FactQuerySet
from pathways.models import Patient


class AboutPersonQuerySet(models.QuerySet):
    """Rows with a `patient`."""

    def visible_to(self, actor) -> Self:
        """Of people the actor may open, for those who may read assessments."""
        if not actor.has(Right.READ_ASSESSMENT):
            return self.none()
        return self.filter(patient__in=Patient.objects.visible_to(actor))

    def of(self, patient) -> Self:
        """Of one person."""
        return self.filter(patient=patient)


class AssessmentQuerySet(AboutPersonQuerySet):
    """Working drafts."""

    def open(self) -> Self:
        """Still being worked on."""
        return self.filter(closed_at=None)

    def locked(self, assessment):
        """The draft, read again under a lock."""
        return self.select_for_update(no_key=True).get(pk=assessment.pk)


class SignedAssessmentQuerySet(AboutPersonQuerySet):
    """Signed versions."""

    def standing(self) -> Self:
        """Not superseded by a newer version of the same assessment."""
        return self.filter(superseded_by_version=None)

    def current(self, *, on) -> Self:
        """Standing, within its term on a London date, and not ended by a material change. Newest first."""
        return (
            self.standing()
            .filter(Q(currency_end=None), current_until__gte=on)
            .order_by(F("signed_at").desc(), F("pk").desc())
        )


class PassageQuerySet(models.QuerySet):
    """Words, by who may read them."""


class AcceptanceQuerySet(models.QuerySet):
    """What services said of signed versions."""

    def visible_to(self, actor) -> Self:
        """Of assessments the actor may read."""
        if not actor.has(Right.READ_ASSESSMENT):
            return self.none()
        return self.filter(signed__patient__in=Patient.objects.visible_to(actor))


class MedicalReportQuerySet(FactQuerySet):
    """Doctors' reports. That one exists, by whom and when, is operational: liaison staff see it too."""

    def visible_to(self, actor) -> Self:
        """Of people the actor may open."""
        return self.filter(patient__in=Patient.objects.visible_to(actor))

    def of(self, kind: str, about_id: int) -> Self:
        """The reports for one thing that are believed now, in the order they were signed."""
        return self.current().filter(about_kind=kind, about_id=about_id).order_by("signed_on", "pk")
