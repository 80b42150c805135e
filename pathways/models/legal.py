"""By what right a person is held, and the dates that matter for it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.history import tracked
from organisations.models import Service
from pathways.codes import Limb, MhsdsLegalStatus
from pathways.models.patients import Patient
from pathways.querysets import FactAboutPatientQuerySet


@tracked
class LegalStatus(Fact):
    """The legal status of a person during a period of London days, by MHSDS code."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="legal_statuses")
    code = models.CharField(max_length=2, choices=MhsdsLegalStatus)
    limb = models.CharField(max_length=1, choices=Limb, blank=True, default="")
    during = DateRangeField()

    objects = FactAboutPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_has_one_legal_status_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="Another legal status is recorded for part of this time.",
            ),
            models.CheckConstraint(
                name="a_limb_belongs_to_section_48",
                condition=Q(limb="") | Q(code__in=["17", "18"]),
                violation_error_message="Only section 48 has limbs (a) to (d).",
            ),
        ]


@tracked
class KeyDate(Fact):
    """A date in a court or sentence that drives the pathway."""

    class Kind(models.TextChoices):
        HEARING = "hearing", "Court hearing"
        REMAND_EXPIRY = "remand_expiry", "Remand expires"
        RELEASE = "release", "Release date"
        PAROLE = "parole", "Parole eligibility"
        TRIBUNAL = "tribunal", "Tribunal"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="key_dates")
    kind = models.CharField(max_length=14, choices=Kind)
    on = models.DateField()

    objects = FactAboutPatientQuerySet.as_manager()


@tracked
class Authority(Fact):
    """An authority for something planned: a Ministry consent, a tribunal or court decision, a warrant."""

    class Kind(models.TextChoices):
        MINISTRY_SPECIFIC = "ministry_specific", "Ministry of Justice, specific"
        MINISTRY_STANDING = "ministry_standing", "Ministry of Justice, standing"
        TRIBUNAL = "tribunal", "Tribunal"
        COURT = "court", "Court"
        WARRANT = "warrant", "Warrant"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=17, choices=Kind)
    scope = models.CharField(max_length=200)
    conditions = models.TextField(blank=True, default="")
    during = DateRangeField()
    reference = models.CharField(max_length=60, blank=True, default="")
    hospital = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")

    objects = FactAboutPatientQuerySet.as_manager()
