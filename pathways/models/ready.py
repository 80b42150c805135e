"""When somebody was clinically ready to move on, and what for."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from core.facts import Fact
from core.history import tracked
from organisations.models import Commissioner, Service
from organisations.rules import Tier
from pathways.models.patients import Patient
from pathways.querysets import ReadyPeriodQuerySet
from pathways.ready_codes import GROUPS, AttributableTo, ReadyEnd, ReadyGroup, ReadyReason, WaitsOn


@tracked
class ReadyPeriod(Fact):
    """Days on which a person was clinically ready to leave or to step down, for one reason.

    `during` begins on the day on which it was decided and ends before the day on which it ended, as MHSDS has start
    and end. Another reason is another period: `ready_since` is the first day of all that follow one another so. Days
    count by `rules.ready_days`. Who was ready on no night, for they moved the same day, has no period.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="ready_periods")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", help_text="Which had the person.")
    during = DateRangeField()
    ready_since = models.DateField(help_text="The first day, whatever the reason was then.")
    reason_code = models.CharField("MHSDS v6 delay reason", max_length=2, choices=ReadyReason)
    attributable_to = models.CharField(max_length=2, choices=AttributableTo)
    next_tier = models.CharField(max_length=10, choices=Tier, help_text="The tier of care they need next.")
    waits_on = models.CharField(max_length=15, choices=WaitsOn)
    waits_on_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    waits_on_commissioner = models.ForeignKey(Commissioner, models.PROTECT, null=True, related_name="+")
    waits_on_words = models.CharField(max_length=120, blank=True, default="")
    ended_as = models.CharField(max_length=8, choices=ReadyEnd, blank=True, default="")
    ended_why = models.CharField(max_length=200, blank=True, default="")

    objects = ReadyPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_ready_once_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="The person is already recorded as ready for part of this time.",
            ),
            models.CheckConstraint(name="a_ready_period_lasts_some_days", condition=Q(during__isempty=False)),
            models.CheckConstraint(
                name="a_ready_period_begins_on_or_after_the_first_day",
                condition=Q(during__startswith__gte=F("ready_since")),
            ),
            models.CheckConstraint(
                name="a_ready_period_that_ended_says_how",
                condition=Q(during__upper_inf=True, ended_as="")
                | Q(during__upper_inf=False) & ~Q(ended_as=""),
            ),
            models.CheckConstraint(
                name="a_ready_period_waits_on_whom_it_says",
                condition=Q(waits_on="service", waits_on_service__isnull=False, waits_on_commissioner=None)
                | Q(waits_on="commissioner", waits_on_service=None, waits_on_commissioner__isnull=False)
                | ~Q(waits_on__in=["service", "commissioner"])
                & Q(waits_on_service=None, waits_on_commissioner=None),
                violation_error_message="Say which service or commissioner it waits on.",
            ),
        ]
        indexes = [
            models.Index(
                name="ready_open",
                fields=["patient"],
                condition=Q(superseded_at=None, during__upper_inf=True),
            )
        ]

    @property
    def group(self) -> str:
        """NHS England's group of the reason, in words."""
        return ReadyGroup(GROUPS[self.reason_code]).label

    @property
    def waits_on_whom(self) -> str:
        """Who has to act next, by name where one is recorded."""
        named = self.waits_on_service or self.waits_on_commissioner
        return named.name if named else str(WaitsOn(self.waits_on).label)
