"""The shared assessment: a working draft, signed versions that never change, and what others say of them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.codes import (
    AcceptanceAnswer,
    Closing,
    RecommendedUrgency,
    RepeatReason,
    Restriction,
    SectionKind,
)
from assessments.querysets import (
    AcceptanceQuerySet,
    AssessmentQuerySet,
    MedicalReportQuerySet,
    PassageQuerySet,
    SectionQuerySet,
    SignedAssessmentQuerySet,
)
from core.facts import Fact
from core.history import tracked
from core.models import AppendOnly
from organisations.models import Service, WardGender
from organisations.rules import Tier
from pathways.models import Patient

USER = settings.AUTH_USER_MODEL


@tracked
class Assessment(models.Model):
    """The working draft of the assessment of one person, and who is at work on it until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    lead_service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    assessor = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    repeats = models.ForeignKey("SignedAssessment", models.PROTECT, null=True, related_name="+")
    repeat_reason = models.CharField(max_length=17, choices=RepeatReason, blank=True, default="")
    repeat_why = models.TextField(blank=True, default="")
    corrects = models.ForeignKey("SignedAssessment", models.PROTECT, null=True, related_name="+")
    corrects_why = models.TextField(blank=True, default="")
    about_kind = models.CharField(max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    taken_over_why = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=9, choices=Closing, blank=True, default="")
    closed_why = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_person_has_one_open_assessment",
                fields=["patient"],
                condition=Q(closed_at=None, repeat_reason=""),
                violation_error_message=(
                    "This person is already being assessed. "
                    "Use that assessment, or give a reason for a second one."
                ),
            ),
            models.UniqueConstraint(
                name="a_service_has_one_open_assessment_of_a_person",
                fields=["patient", "lead_service"],
                condition=Q(closed_at=None),
                violation_error_message="Your service already has an open assessment of this person.",
            ),
            models.CheckConstraint(
                name="a_closed_assessment_says_how",
                condition=Q(closed_at=None, closed_as="") | Q(closed_at__isnull=False) & ~Q(closed_as=""),
            ),
        ]


@tracked
class Section(models.Model):
    """One section of a draft. Its words are in passages, so that each can have its own restriction."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sections")
    kind = models.CharField(max_length=12, choices=SectionKind)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    is_prefilled = models.BooleanField(
        default=False, help_text="Copied from what is held; not yet confirmed."
    )
    is_written = models.BooleanField(default=False, help_text="Its writer says that it is finished.")
    version = models.PositiveIntegerField(default=0)

    objects = SectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_assessment_has_each_section_once", fields=["assessment", "kind"]
            ),
            models.CheckConstraint(
                name="a_written_section_has_been_saved",
                condition=Q(is_written=False) | Q(saved_at__isnull=False, is_prefilled=False),
            ),
        ]


@tracked
class Passage(models.Model):
    """Words of a section under one restriction."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="passages")
    restriction = models.CharField(max_length=13, choices=Restriction, default=Restriction.NONE)
    text = models.TextField(blank=True, default="")

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_section_has_one_passage_of_a_kind", fields=["section", "restriction"]
            )
        ]


@tracked
class Recommendation(models.Model):
    """The tier the assessor recommends, and why neither lower nor higher. Saved as it is written, like a section."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="recommendation")
    tier = models.CharField(max_length=10, choices=Tier, blank=True, default="")
    also_suitable = ArrayField(models.CharField(max_length=10, choices=Tier), default=list, blank=True)
    why_not_lower = models.TextField(blank=True, default="")
    why_not_higher = models.TextField(blank=True, default="")
    urgency = models.CharField(max_length=9, choices=RecommendedUrgency, blank=True, default="")
    ward_gender = models.CharField(max_length=5, choices=WardGender, blank=True, default="")
    special_needs = models.TextField(blank=True, default="")
    is_written = models.BooleanField(default=False, help_text="Its writer says that it is finished.")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_written_recommendation_is_whole",
                condition=Q(is_written=False)
                | ~Q(tier="")
                & ~Q(why_not_lower="")
                & ~Q(why_not_higher="")
                & ~Q(urgency="")
                & ~Q(ward_gender=""),
                violation_error_message="Answer every part of the recommendation before it is marked as written.",
            )
        ]


@tracked
class Rating(models.Model):
    """That a licensed instrument was used: name, version, date, rater and summary. Never its items."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="ratings")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=20)
    rated_on = models.DateField()
    rater = models.CharField(max_length=120)
    score = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    summary = models.TextField(blank=True, default="")


class SignedAssessment(AppendOnly):
    """A signed version. It never changes; a correction is a new version that points at this one and says why.

    `content` holds sections, passages, recommendation and ratings as they stood; `sha256` is over its canonical
    JSON, the signer and the time, and is checked whenever the version is shown.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="signed_versions")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="Version number within the assessment, from 1.")
    content = models.JSONField()
    tier = models.CharField(max_length=10, choices=Tier)
    sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    current_until = models.DateField(help_text="The last London date on which it is current.")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by_version")
    why = models.TextField(blank=True, default="")

    objects = SignedAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_version_number_is_used_once", fields=["assessment", "number"]),
            models.CheckConstraint(
                name="a_correction_says_why",
                condition=Q(supersedes=None) | ~Q(why=""),
                violation_error_message="Say why the signed version is corrected.",
            ),
        ]
        indexes = [models.Index(name="signed_of_patient", fields=["patient", "-signed_at"])]


class CurrencyEnd(AppendOnly):
    """A material change after which a signed version is no longer current."""

    signed = models.OneToOneField(SignedAssessment, models.PROTECT, related_name="currency_end")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    why = models.TextField()


class SectionConfirmation(AppendOnly):
    """Somebody with clinical rights confirmed that a section still holds."""

    signed = models.ForeignKey(SignedAssessment, models.PROTECT, related_name="confirmations")
    kind = models.CharField(max_length=12, choices=SectionKind)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    confirm_by = models.DateField(
        null=True, help_text="By when it should next be confirmed; empty: at each change of legal status."
    )

    class Meta:
        indexes = [models.Index(name="confirmation_of_signed", fields=["signed", "kind", "-confirmed_at"])]


class Acceptance(AppendOnly):
    """A service's word on a signed version: its own, with a question, or not and why. The newest stands."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signed = models.ForeignKey(SignedAssessment, models.PROTECT, related_name="acceptances")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    tier = models.CharField(
        max_length=10, choices=Tier, help_text="The tier at which the service would take it."
    )
    answer = models.CharField(max_length=8, choices=AcceptanceAnswer)
    words = models.TextField("The question, or why not", blank=True, default="")
    answered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_question_or_a_no_has_words",
                condition=Q(answer="yes") | ~Q(words=""),
                violation_error_message="Write the question, or say why the assessment is not accepted.",
            )
        ]
        indexes = [models.Index(name="acceptance_of_service", fields=["service", "-answered_at"])]


class Reply(AppendOnly):
    """What the service that signed answers to a question that another service put with its acceptance."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="replies")
    words = models.TextField("The answer")
    answered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_reply_has_words",
                condition=~Q(words=""),
                violation_error_message="Write the answer.",
            )
        ]


@tracked
class MedicalReport(Fact):
    """A doctor's report for a transfer under section 47 or 48: two doctors, one approved under section 12."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    doctor_name = models.CharField("Doctor", max_length=120)
    gmc_number = models.CharField("GMC number", max_length=7)
    is_section_12_approved = models.BooleanField("Approved under section 12")
    examined_on = models.DateField()
    signed_on = models.DateField()
    section = models.CharField(max_length=2, choices=[("47", "Section 47"), ("48", "Section 48")])
    says_urgent_need = models.BooleanField("Says treatment is urgently needed", default=False)

    objects = MedicalReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_doctor_reports_once_under_a_section",
                fields=["about_kind", "about_id", "section", "gmc_number"],
                condition=Q(superseded_at=None),
                violation_error_message="The two reports must be by two different doctors.",
            ),
            models.CheckConstraint(
                name="a_report_is_signed_on_or_after_the_examination",
                condition=Q(signed_on__gte=models.F("examined_on")),
                violation_error_message="The report is signed before the examination. Check the dates.",
            ),
        ]
