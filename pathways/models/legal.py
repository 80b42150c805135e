"""By what right a person is held, and the dates that matter for it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.history import tracked
from organisations.models import Service
from pathways.codes import Act, AuthorityKind, LegalForm, Limb, MhsdsLegalStatus
from pathways.models.patients import Patient
from pathways.querysets import (
    FactAboutPatientQuerySet,
    LegalDurationQuerySet,
    LegalStatusQuerySet,
    MissingAuthorityQuerySet,
)
from pathways.rules.legal.durations import Stage, Unit

USER = settings.AUTH_USER_MODEL


@tracked
class LegalStatus(Fact):
    """The legal status of a person during a period of London days, by MHSDS code.

    `authorised_until` is the last day of the authority where it has one; a renewal moves it on. Of a status that the
    law counts in hours `lapses_at` is the moment at which they are over, and `began_at` the one from which they are
    counted; where nobody knows it they are counted from the start of the day.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="legal_statuses")
    code = models.CharField(max_length=2, choices=MhsdsLegalStatus)
    limb = models.CharField(max_length=1, choices=Limb, blank=True, default="")
    form = models.CharField(max_length=21, choices=LegalForm, blank=True, default="", db_default="")
    during = DateRangeField()
    authorised_until = models.DateField(null=True)
    renewals = models.PositiveSmallIntegerField(default=0, db_default=0)
    reported_on = models.DateField(null=True, help_text="When the Secretary of State last had a report.")
    began_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)

    objects = LegalStatusQuerySet.as_manager()

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
            models.CheckConstraint(
                name="a_legal_form_belongs_to_its_status",
                condition=Q(form="")
                | Q(form__in=["conditional_discharge", "community_treatment", "recalled"], code="98")
                | Q(form="with_restrictions", code="31"),
                violation_error_message="That does not go with this legal status.",
            ),
            models.CheckConstraint(
                name="a_legal_status_lasts_some_time",
                condition=Q(during__isempty=False),
                violation_error_message="A legal status lasts at least a day.",
            ),
        ]
        indexes = [
            models.Index(
                name="legal_status_in_hours",
                fields=["lapses_at"],
                condition=Q(lapses_at__isnull=False, superseded_at=None),
            ),
        ]

    @property
    def words(self) -> str:
        """What it is called: the form where there is one that says more than the code."""
        form = self.get_form_display()
        if self.form == LegalForm.WITH_RESTRICTIONS:
            return f"{self.get_code_display()}, {form.lower()}"
        return form or self.get_code_display()

    def is_over(self, now: datetime) -> bool:
        """Whether the hours of one that the law counts in hours have passed. False of every other."""
        return self.lapses_at is not None and now >= self.lapses_at


@tracked
class KeyDate(Fact):
    """A date in a court or sentence that drives the pathway."""

    class Kind(models.TextChoices):
        HEARING = "hearing", "Court hearing"
        REMAND_EXPIRY = "remand_expiry", "Remand expires"
        RELEASE = "release", "Release date"
        PAROLE = "parole", "Parole eligibility"
        TRIBUNAL = "tribunal", "Tribunal"

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="key_dates")
    kind = models.CharField(max_length=14, choices=Kind)
    on = models.DateField()

    objects = FactAboutPatientQuerySet.as_manager()


@tracked
class Authority(Fact):
    """An authority for something planned: a Ministry consent, a tribunal or court decision, a warrant.

    One covers every act of its scope on every day of its period: one consent, many outings.
    """

    Kind = AuthorityKind

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="authorities")
    kind = models.CharField(max_length=17, choices=AuthorityKind)
    scope = ArrayField(models.CharField(max_length=21, choices=Act), help_text="What it allows.")
    conditions = models.TextField(blank=True, default="")
    during = DateRangeField()
    reference = models.CharField(max_length=60, blank=True, default="")
    hospital = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")

    objects = FactAboutPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_authority_allows_something",
                condition=Q(scope__len__gt=0),
                violation_error_message="Choose what the authority allows.",
            ),
            models.CheckConstraint(
                name="an_authority_lasts_some_time",
                condition=Q(during__isempty=False),
                violation_error_message="An authority lasts at least a day.",
            ),
        ]

    @property
    def scope_words(self) -> str:
        """What it allows, in words."""
        return ", ".join(Act(act).label for act in self.scope)


@tracked
class MissingAuthority(models.Model):
    """Something that was recorded without the authority it needs: a task for the Mental Health Act office.

    Settled by recording an authority that covers it, or by saying why none is needed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="missing_authorities")
    act = models.CharField(max_length=21, choices=Act)
    on = models.DateField(help_text="The London date on which it was done.")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose task it is: who had the person.",
    )
    hospital = models.ForeignKey(
        Service, models.PROTECT, null=True, related_name="+", help_text="To which it was done, if to one."
    )
    noticed_at = models.DateTimeField()
    noticed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True, default="")

    objects = MissingAuthorityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_act_lacks_its_authority_once", fields=["about_kind", "about_id", "act"]
            ),
            models.CheckConstraint(
                name="a_missing_authority_is_settled_by_one_or_a_reason",
                condition=Q(settled_at=None, authority=None, why="")
                | Q(settled_at__isnull=False, authority__isnull=False)
                | Q(settled_at__isnull=False) & ~Q(why=""),
                violation_error_message="Record the authority, or say why none is needed.",
            ),
        ]
        indexes = [
            models.Index(name="missing_authority_open", fields=["patient"], condition=Q(settled_at=None)),
        ]


@tracked
class LegalDuration(models.Model):
    """How long one stage of a legal status lasts, since when, and by what law.

    Enacted and not in force while `effective` is empty.
    """

    code = models.CharField(max_length=2, choices=MhsdsLegalStatus)
    form = models.CharField(max_length=21, choices=LegalForm, blank=True, default="")
    stage = models.CharField(max_length=14, choices=Stage)
    number = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=6, choices=Unit)
    effective = DateRangeField(null=True)
    legal_basis = models.CharField(max_length=120)
    is_verified = models.BooleanField(default=True, help_text="Whether the section was read.")
    version = models.PositiveIntegerField(default=0)

    objects = LegalDurationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_stage_of_a_status_has_one_length_at_a_time",
                expressions=[("code", "="), ("form", "="), ("stage", "="), ("effective", "&&")],
                violation_error_message="Another length is in force for part of this time.",
            ),
            models.CheckConstraint(
                name="a_length_is_at_least_one",
                condition=Q(number__gte=1),
                violation_error_message="A length is at least one.",
            ),
        ]
