"""Services asked, what they decide about the person, and the bed they offer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Acceptance
from core.facts import Fact, FactQuerySet
from core.history import tracked
from organisations.models import AdmissionCriterion, Bed, Service
from organisations.rules import Tier
from pathways.models import BedUse
from referrals.codes import DeclineReason, Outcome
from referrals.models.referrals import Referral
from referrals.querysets import ApproachQuerySet

USER = settings.AUTH_USER_MODEL


@tracked
class Approach(models.Model):
    """A service asked to take the person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="approaches")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, help_text="Withdrawn, or the transfer ended.")
    closed_why = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    objects = ApproachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_service_is_asked_once",
                fields=["referral", "service"],
                condition=Q(closed_at=None),
                violation_error_message="That service has already been asked.",
            )
        ]
        indexes = [
            models.Index(name="approach_open_of_service", fields=["service"], condition=Q(closed_at=None))
        ]


@tracked
class Decision(Fact):
    """What a service decided about the person. A change of mind supersedes it, with why.

    Accepted without a bed is waiting for a bed: `expected_on` and `depends_on` say until when and for what.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    approach = models.ForeignKey(Approach, models.PROTECT, related_name="decisions")
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=19, choices=Outcome)
    tier = models.CharField(max_length=10, choices=Tier, blank=True, default="")
    reason = models.CharField(max_length=14, choices=DeclineReason, blank=True, default="")
    criterion = models.ForeignKey(AdmissionCriterion, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True, default="")
    deferred_to = models.DateField(null=True)
    expected_on = models.DateField(null=True, help_text="When a bed is expected.")
    depends_on = models.CharField(max_length=200, blank=True, default="")
    decided_on = models.DateField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_service_decides_once",
                fields=["approach"],
                condition=Q(superseded_at=None),
                violation_error_message="A decision is already recorded. Open it to change it.",
            ),
            models.CheckConstraint(
                name="a_declined_person_has_a_reason",
                condition=~Q(outcome="declined") | ~Q(reason=""),
                violation_error_message="Choose why the person is declined.",
            ),
            models.CheckConstraint(
                name="a_deferred_decision_has_a_date",
                condition=~Q(outcome="deferred") | Q(deferred_to__isnull=False),
                violation_error_message="Say to which date the decision is deferred.",
            ),
            models.CheckConstraint(
                name="an_accepted_person_has_a_tier",
                condition=~Q(outcome__in=["accepted", "accepted_other_tier"]) | ~Q(tier=""),
                violation_error_message="Choose the tier at which the person is accepted.",
            ),
            models.CheckConstraint(
                name="a_decision_says_nothing_of_another_outcome",
                condition=Q(
                    outcome__in=["accepted", "accepted_other_tier"],
                    reason="",
                    criterion=None,
                    deferred_to=None,
                )
                | Q(outcome="declined", tier="", expected_on=None, depends_on="", deferred_to=None)
                | Q(outcome="deferred", tier="", expected_on=None, depends_on="", reason="", criterion=None),
                violation_error_message="Part of this goes with another decision. Leave it out.",
            ),
        ]


@tracked
class BedOffer(Fact):
    """A bed date given by the accepting service, with the bed and the hold on it."""

    approach = models.ForeignKey(Approach, models.PROTECT, related_name="bed_offers")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="+")
    hold = models.ForeignKey(BedUse, models.PROTECT, related_name="+")
    bed_on = models.DateField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_service_offers_one_bed",
                fields=["approach"],
                condition=Q(superseded_at=None),
                violation_error_message="A bed date is already given. Change that one.",
            )
        ]
