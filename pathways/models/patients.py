"""A patient, who answers for them, and who has a relationship with them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from core.facts import Fact, FactQuerySet
from core.history import tracked
from organisations.models import Commissioner, Service
from pathways.codes import Ethnicity, NoNhsNumber, StatedGender
from pathways.querysets import PatientQuerySet, RelationshipQuerySet
from pathways.rules.people import NUMBERS_KEPT_BACK

USER = settings.AUTH_USER_MODEL


@tracked
class Patient(models.Model):
    """A person in, or on the way to, secure care. Never deleted; merged or marked entered in error."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Null and not empty where there is none, so that any number of people can have none.
    nhs_number = models.CharField("NHS number", max_length=10, null=True)
    no_nhs_number = models.CharField(max_length=12, choices=NoNhsNumber, blank=True, default="")
    given_name = models.CharField("First name", max_length=80)
    family_name = models.CharField("Last name", max_length=80)
    search_name = models.CharField(
        max_length=400, help_text="Names and aliases, without accents, in lower case."
    )
    born_on = models.DateField("Date of birth")
    died_on = models.DateField(null=True)
    stated_gender = models.CharField(max_length=1, choices=StatedGender)
    ethnicity = models.CharField(max_length=2, choices=Ethnicity, default=Ethnicity.NOT_KNOWN)
    prison_number = models.CharField(max_length=7, null=True)
    pnc_id = models.CharField("PNC number", max_length=13, blank=True, default="")
    interpreter_language = models.CharField(max_length=40, blank=True, default="")
    home_area = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="+")
    has_restricted_access = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_patient_has_an_nhs_number_or_a_reason_why_none",
                condition=Q(nhs_number__isnull=False, no_nhs_number="")
                | Q(nhs_number=None) & ~Q(no_nhs_number=""),
                violation_error_message="Enter the NHS number, or say why there is none.",
            ),
            models.UniqueConstraint(
                name="an_nhs_number_belongs_to_one_person",
                fields=["nhs_number"],
                violation_error_message=NUMBERS_KEPT_BACK,
            ),
            models.UniqueConstraint(
                name="a_prison_number_belongs_to_one_person",
                fields=["prison_number"],
                violation_error_message=NUMBERS_KEPT_BACK,
            ),
            models.CheckConstraint(
                name="nobody_dies_before_birth",
                condition=Q(died_on=None) | Q(died_on__gte=models.F("born_on")),
                violation_error_message="The date of death is before the date of birth.",
            ),
        ]
        indexes = [
            GinIndex(name="patient_search_name", fields=["search_name"], opclasses=["gin_trgm_ops"]),
            models.Index(name="patient_by_name", fields=["family_name", "given_name", "id"]),
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    @property
    def full_name(self) -> str:
        """Last name first, in the order a list is read."""
        return f"{self.family_name.upper()}, {self.given_name}"


@tracked
class PatientAlias(models.Model):
    """Another name a person is or was known by."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=160)


@tracked
class RiskAlert(Fact):
    """A risk to staff that everyone who handles the person must see, in a few plain words."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="risk_alerts")
    words = models.CharField(max_length=200)

    objects = FactQuerySet.as_manager()


@tracked
class Diagnosis(Fact):
    """A diagnosis by its ICD-10 code, from a day on."""

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="diagnoses")
    icd10 = models.CharField("ICD-10 code", max_length=5)
    diagnosed_on = models.DateField()

    objects = FactQuerySet.as_manager()


@tracked
class Responsibility(Fact):
    """The commissioner that answers for a person during a period of days."""

    class State(models.TextChoices):
        AGREED = "agreed", "Agreed"
        DISPUTED = "disputed", "Disputed"
        NOT_KNOWN = "not_known", "Not known"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="responsibilities")
    commissioner = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="+")
    during = DateRangeField()
    state = models.CharField(max_length=10, choices=State)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_responsibility_names_a_commissioner_unless_not_known",
                condition=Q(commissioner__isnull=False) | Q(state="not_known"),
            )
        ]


@tracked
class Relationship(models.Model):
    """Why a service, a user or a commissioner may open a person, and for how long.

    The one table behind `Patient.visible_to`. Actions of any floor open and close it; the grace after an end is the
    upper bound of `during`, so nothing has to expire it.
    """

    class Basis(models.TextChoices):
        PLACEMENT = "placement", "Placement"
        APPROACH = "approach", "Asked about the person"
        ASSESSMENT = "assessment", "Assessment"
        REQUEST = "request", "Asked for the transfer"
        TAKE_OVER = "take-over", "Took over the transfer"
        NAMED = "named", "Named"
        BREAK_GLASS = "break-glass", "Break glass"
        RESPONSIBILITY = "responsibility", "Responsible commissioner"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="relationships")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    commissioner = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=15, choices=Basis)
    about_kind = models.CharField(max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    during = DateTimeRangeField()
    why = models.TextField(blank=True, default="")

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_relationship_has_one_holder",
                condition=Q(service__isnull=False, user=None, commissioner=None)
                | Q(service=None, user__isnull=False, commissioner=None)
                | Q(service=None, user=None, commissioner__isnull=False),
            ),
            models.CheckConstraint(name="a_relationship_lasts_some_time", condition=Q(during__isempty=False)),
        ]
        indexes = [
            models.Index(
                name="relationship_by_service",
                fields=["service", "patient"],
                condition=Q(service__isnull=False),
            ),
            models.Index(
                name="relationship_by_user", fields=["user", "patient"], condition=Q(user__isnull=False)
            ),
            models.Index(
                name="relationship_by_commissioner",
                fields=["commissioner", "patient"],
                condition=Q(commissioner__isnull=False),
            ),
            models.Index(name="relationship_about", fields=["about_kind", "about_id"]),
        ]
