"""Regions, commissioners, providers, services, wards, beds, and who belongs where."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from accounts.rights import Duty, Role
from core.history import tracked
from organisations.querysets import (
    ApiKeyQuerySet,
    BedQuerySet,
    CommissionerQuerySet,
    MembershipQuerySet,
    ServiceQuerySet,
    WardQuerySet,
)
from organisations.rules import Tier


class WardGender(models.TextChoices):
    """Whom a ward takes. Wards are single-sex unless they say otherwise."""

    MEN = "men", "Men"
    WOMEN = "women", "Women"
    MIXED = "mixed", "Mixed"


@tracked
class Region(models.Model):
    """A region of NHS England."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


@tracked
class Commissioner(models.Model):
    """A body that pays for care and answers for a population."""

    class Kind(models.TextChoices):
        COLLABORATIVE = "collaborative", "Provider collaborative"
        NHS_ENGLAND = "nhs_england", "NHS England"
        ICB = "icb", "Integrated care board"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="commissioners")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    version = models.PositiveIntegerField(default=0)

    objects = CommissionerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


@tracked
class Provider(models.Model):
    """A trust or company that runs services."""

    class Sector(models.TextChoices):
        NHS = "nhs", "NHS"
        INDEPENDENT = "independent", "Independent"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    ods_code = models.CharField("ODS code", max_length=5, unique=True)
    sector = models.CharField(max_length=12, choices=Sector)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


@tracked
class Service(models.Model):
    """A hospital, community team, prison, court or removal centre: what refers, is asked, and where people are."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "Hospital"
        COMMUNITY = "community", "Community team"
        PRISON = "prison", "Prison"
        COURT = "court", "Court"
        REMOVAL_CENTRE = "removal_centre", "Immigration removal centre"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="services")
    kind = models.CharField(max_length=15, choices=Kind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="services")
    commissioner = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="services")
    code = models.CharField("ODS site code", max_length=9, unique=True)
    name = models.CharField(max_length=120, unique=True)
    alert_mailbox = models.EmailField("Shared mailbox for alerts")
    referral_telephone = models.CharField("Referral telephone", max_length=30, blank=True, default="")
    is_open = models.BooleanField("Open", default=True)
    version = models.PositiveIntegerField(default=0)

    objects = ServiceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


@tracked
class Ward(models.Model):
    """A ward of a hospital service. Tier, gender and specialties are dated: see WardDesignation."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="wards")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=0)

    objects = WardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_ward_has_one_name_in_its_service",
                fields=["service", "name"],
                violation_error_message="This service already has a ward of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class WardDesignation(models.Model):
    """What a ward is for during a period: security belongs to the ward and can change."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="designations")
    tier = models.CharField(max_length=10, choices=Tier)
    gender = models.CharField(max_length=5, choices=WardGender)
    specialties = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    during = DateTimeRangeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_ward_is_one_thing_at_a_time",
                expressions=[("ward", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="The ward already has a designation for part of this time.",
            ),
            models.CheckConstraint(
                name="a_ward_designation_lasts_some_time", condition=Q(during__isempty=False)
            ),
        ]


@tracked
class Bed(models.Model):
    """A bed on a ward. Whether it is free, or in use at all, on a day is asked of its uses, never of this row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="beds")
    name = models.CharField(max_length=20)
    added_at = models.DateTimeField(
        null=True, help_text="When it was entered; empty for one that was there when these records began."
    )
    version = models.PositiveIntegerField(default=0)

    objects = BedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_bed_has_one_name_on_its_ward",
                fields=["ward", "name"],
                violation_error_message="This ward already has a bed of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class AdmissionCriterion(models.Model):
    """One published thing that a service takes or does not take, so that a decline can be held against it.

    `covers`: the codes its words stand for, by which it is held against what is recorded of a person: tiers, genders,
    sections, groups of diagnoses or regions. Empty: a person reads it.
    """

    class Kind(models.TextChoices):
        TIER = "tier", "Tier of security"
        GENDER = "gender", "Gender"
        LEGAL_BASIS = "legal_basis", "Legal basis"
        DIAGNOSIS = "diagnosis", "Diagnosis"
        AREA = "area", "Home area"
        OTHER = "other", "Other"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="criteria")
    kind = models.CharField(max_length=12, choices=Kind)
    takes = models.BooleanField("The service takes this", default=True)
    words = models.CharField("In words", max_length=200)
    covers = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_open = models.BooleanField("Published", default=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.words


@tracked
class Membership(models.Model):
    """Somebody's role at one service, one commissioner or the whole installation, for a time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=15, choices=Role)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="memberships")
    commissioner = models.ForeignKey(
        Commissioner, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    duties = ArrayField(models.CharField(max_length=15, choices=Duty), default=list, blank=True)
    is_on_duty = models.BooleanField("Told about flags", default=True)
    during = DateTimeRangeField()
    version = models.PositiveIntegerField(default=0)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_membership_is_where_its_role_works",
                condition=Q(role__in=["clinician", "liaison"], service__isnull=False, commissioner=None)
                | Q(role="commissioner", service=None, commissioner__isnull=False)
                | Q(role="administrator", service=None, commissioner=None),
                violation_error_message=(
                    "Clinicians and liaison staff belong to a service, commissioners to a commissioner, "
                    "administrators to neither."
                ),
            ),
            ExclusionConstraint(
                name="a_membership_is_held_once_at_a_time",
                expressions=[
                    ("user", "="),
                    ("role", "="),
                    (models.functions.Coalesce(F("service_id"), 0), "="),
                    (models.functions.Coalesce(F("commissioner_id"), 0), "="),
                    ("during", "&&"),
                ],
                violation_error_message="This person already has that role there for part of this time.",
            ),
            models.CheckConstraint(name="a_membership_lasts_some_time", condition=Q(during__isempty=False)),
        ]


@tracked
class ApiKey(models.Model):
    """How a machine signs in: as one membership, for a time or until revoked. Only a hash of the key is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="api_keys")
    name = models.CharField("What the key is for", max_length=80)
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, in hexadecimal.")
    during = DateTimeRangeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    last_used_on = models.DateField(null=True, help_text="To the day, so that reading writes once a day.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why_revoked = models.CharField(max_length=200, blank=True, default="")

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_membership_has_one_key_of_a_name",
                expressions=[("membership", "="), ("name", "="), ("during", "&&")],
                condition=Q(revoked_at=None),
                violation_error_message="This role already has a key of that name. Choose another, or revoke that one.",
            ),
            models.CheckConstraint(
                name="a_key_is_revoked_with_a_reason",
                condition=Q(revoked_at=None, why_revoked="")
                | Q(revoked_at__isnull=False) & ~Q(why_revoked=""),
                violation_error_message="Say why.",
            ),
        ]
