"""A referral, on what legal basis, and which prison has it."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from core.facts import Fact, FactQuerySet
from core.history import tracked
from organisations.models import Commissioner, Service
from pathways.codes import Act, Limb
from pathways.models import Patient
from referrals.codes import EndReason, Kind, LegalSection, MoveEnd, RemissionReason, StepKind, Urgency
from referrals.querysets import ReferralQuerySet

USER = settings.AUTH_USER_MODEL
# Each end once: some are the same for a transfer and for every other kind.
ENDS = list({**dict(MoveEnd.choices), **dict(EndReason.choices)}.items())


@tracked
class Referral(models.Model):
    """A request that a person be taken by another service, from its first day to its end.

    `next_step` is the first unmet need, kept because the board groups by it; `next_review_on` because the worklist
    sorts by it. Everything else that is counted comes from dated facts.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=8, unique=True, help_text="Short and speakable; names nobody.")
    kind = models.CharField(max_length=15, choices=Kind)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    from_service = models.ForeignKey(
        Service,
        models.PROTECT,
        related_name="+",
        help_text="The service that asks. Of a transfer the prison that has the person; follows a prison move.",
    )
    lead_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    commissioner = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="+")
    urgency = models.PositiveSmallIntegerField(choices=Urgency)
    urgency_why = models.TextField(help_text="Of another kind than a transfer: why the move is asked for.")
    report_first_requested_on = models.DateField(
        help_text="The first day. Of another kind than a transfer: the day it was asked for."
    )
    services_first_asked_on = models.DateField(null=True)
    waiting_since = models.DateField(help_text="The first date of the earliest linked request.")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    is_primary = models.BooleanField(
        default=False, help_text="Of several open ones of a person, the one that leads."
    )
    act = models.CharField(
        max_length=21, choices=Act, blank=True, default="", help_text="Of a discharge: which."
    )
    ground = models.CharField(
        max_length=13, choices=RemissionReason, blank=True, default="", help_text="Of a return to prison."
    )
    next_step = models.CharField(max_length=16, choices=StepKind, blank=True, default="")
    next_review_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    received_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=22, choices=ENDS, blank=True, default="")
    end_why = models.TextField(blank=True, default="")
    after_care = models.TextField(
        blank=True, default="", help_text="On release: last day's plan and who follows up."
    )
    end_undone_why = models.TextField(
        blank=True, default="", help_text="Why the last end was undone, where one was."
    )
    version = models.PositiveIntegerField(default=0)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_person_has_one_open_transfer",
                fields=["patient"],
                condition=Q(kind="prison_transfer", ended_on=None),
                violation_error_message="This person already has an open transfer. Take it over or add to it.",
            ),
            models.UniqueConstraint(
                name="a_person_has_one_open_referral_of_a_kind",
                fields=["patient", "kind"],
                condition=Q(ended_on=None) & ~Q(kind="prison_transfer"),
                violation_error_message="This is asked for already. Ask another service on that referral instead.",
            ),
            models.UniqueConstraint(
                name="a_person_has_one_primary_referral",
                fields=["patient"],
                condition=Q(ended_on=None, is_primary=True),
                violation_error_message="Another referral of this person leads. Look at the page again.",
            ),
            models.CheckConstraint(
                name="a_return_to_prison_has_a_ground",
                condition=Q(kind="remission") & ~Q(ground="") | ~Q(kind="remission") & Q(ground=""),
                violation_error_message="Choose why the person is to return to prison.",
            ),
            models.CheckConstraint(
                name="a_discharge_says_which",
                condition=Q(kind="to_community") & ~Q(act="") | ~Q(kind="to_community") & Q(act=""),
                violation_error_message="Choose how the person is discharged.",
            ),
            models.CheckConstraint(
                name="a_referral_ends_for_a_reason",
                condition=Q(ended_on=None, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                violation_error_message="Say how the transfer ended.",
            ),
            models.CheckConstraint(
                name="a_referral_ends_on_or_after_its_first_day",
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("report_first_requested_on")),
                violation_error_message="The end is before the day a medical report was first requested.",
            ),
        ]
        indexes = [
            models.Index(
                name="referral_worklist",
                fields=["kind", "urgency", "report_first_requested_on"],
                condition=Q(ended_on=None),
            ),
            models.Index(name="referral_of_patient", fields=["patient", "-requested_at"]),
            models.Index(name="referral_by_first_day", fields=["kind", "report_first_requested_on"]),
            models.Index(
                name="referral_received", fields=["received_on"], condition=Q(received_on__isnull=False)
            ),
            models.Index(name="referral_by_prison", fields=["from_service"], condition=Q(ended_on=None)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.ended_on is None

    @property
    def is_transfer(self) -> bool:
        """Whether it is the transfer from prison, which has pages and a list of ends of its own."""
        return self.kind == Kind.PRISON_TRANSFER

    def days_waited(self, *, on) -> int:
        """Calendar days from the day a report was first requested (day 0) to the end, or to a London date."""
        return ((self.received_on or self.ended_on or on) - self.report_first_requested_on).days


@tracked
class LegalBasis(Fact):
    """The section, limb and restrictions a transfer is asked under, during a period of days."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="legal_bases")
    section = models.CharField(max_length=2, choices=LegalSection)
    limb = models.CharField(max_length=1, choices=Limb, blank=True, default="")
    with_restrictions = models.BooleanField("With section 49 restrictions")
    during = DateRangeField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_referral_has_one_legal_basis_at_a_time",
                expressions=[("referral", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="Another legal basis is recorded for part of this time.",
            ),
            models.CheckConstraint(
                name="section_48_has_a_limb_and_47_none",
                condition=Q(section="47", limb="") | Q(section="48") & ~Q(limb=""),
                violation_error_message="Say which group of section 48 the person belongs to.",
            ),
            models.CheckConstraint(
                name="remand_under_section_48_is_restricted",
                condition=~Q(limb__in=["a", "b"]) | Q(with_restrictions=True),
                violation_error_message="Section 49 restrictions are mandatory for people on remand.",
            ),
        ]


@tracked
class HandOver(models.Model):
    """A prison move while somebody waits: who had the request, who has it now, and that they know."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="hand_overs")
    from_service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    to_service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    moved_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_hand_over_taken_says_by_whom",
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
            )
        ]
