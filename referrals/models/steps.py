"""Steps done, and warrants."""

import uuid

from django.db import models
from django.db.models import Q

from core.facts import Fact, FactQuerySet
from core.history import tracked
from organisations.models import Service
from referrals.codes import LegalSection, StepKind, WarrantOutcome
from referrals.models.referrals import Referral
from referrals.querysets import WarrantQuerySet


@tracked
class Step(Fact):
    """A step of the checklist that was done, on which London date. One that no longer holds is superseded."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    done_on = models.DateField()
    done_at = models.DateTimeField(null=True, help_text="Where the time is known.")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=200, blank=True, default="", help_text="Operational words only.")
    for_on = models.DateField(null=True, help_text="Of what is booked: the day it is booked for.")
    confirmed_at = models.DateTimeField(null=True, help_text="When the other end confirmed it.")

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_step_is_done_once",
                fields=["referral", "kind"],
                condition=Q(superseded_at=None),
                violation_error_message="That step is already recorded. Correct it with a reason instead.",
            )
        ]
        indexes = [
            models.Index(name="step_by_date", fields=["kind", "done_on"], condition=Q(superseded_at=None))
        ]


@tracked
class Warrant(Fact):
    """A direction of the Secretary of State. It lapses at the end of 14 days beginning with the day it is given.

    Mental Health Act 1983 s47(2), applied to s48 by s48(3).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="warrants")
    section = models.CharField(max_length=2, choices=LegalSection)
    with_restrictions = models.BooleanField()
    hospital = models.ForeignKey(Service, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=80, blank=True, default="")
    given_on = models.DateField()
    ends_on = models.DateField(help_text="The last day on which it may be used.")
    outcome = models.CharField(max_length=8, choices=WarrantOutcome, default=WarrantOutcome.LIVE)
    outcome_on = models.DateField(null=True)

    objects = WarrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_transfer_has_one_live_warrant",
                fields=["referral"],
                condition=Q(superseded_at=None, outcome="live"),
                violation_error_message="There is a live warrant already.",
            ),
            models.CheckConstraint(
                name="a_warrant_ends_on_or_after_it_is_given", condition=Q(ends_on__gte=models.F("given_on"))
            ),
        ]
