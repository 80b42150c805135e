"""How much security somebody needs, and what a day of it costs."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.history import tracked
from organisations.rules import Tier
from pathways.models.patients import Patient
from pathways.querysets import BedPriceQuerySet, FactAboutPatientQuerySet


@tracked
class SecurityNeed(Fact):
    """The tier that somebody was assessed to need, from a London day until another assessment said otherwise."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="security_needs")
    tier = models.CharField(max_length=10, choices=Tier)
    during = DateRangeField()
    about_kind = models.CharField(max_length=40, help_text="The source: what was signed.")
    about_id = models.BigIntegerField()

    objects = FactAboutPatientQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_has_one_need_of_security_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="A need of security is already recorded for part of this time.",
            ),
            models.CheckConstraint(
                name="a_need_of_security_lasts_some_days", condition=Q(during__isempty=False)
            ),
        ]


@tracked
class BedPrice(models.Model):
    """What a day in a bed of a tier is reckoned to cost, since when, at which year's prices and by which source.

    For estimates only: nobody is paid by it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tier = models.CharField("Tier", max_length=10, choices=Tier)
    pounds_a_day = models.DecimalField("Pounds a day", max_digits=7, decimal_places=2)
    effective = DateRangeField()
    price_year = models.PositiveSmallIntegerField("Year of the price")
    source = models.CharField("Source", max_length=200)

    objects = BedPriceQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_tier_has_one_price_at_a_time",
                expressions=[("tier", "="), ("effective", "&&")],
                violation_error_message="A later price of this tier is already recorded.",
            ),
            models.CheckConstraint(name="a_price_holds_for_some_days", condition=Q(effective__isempty=False)),
            models.CheckConstraint(
                name="a_price_is_more_than_nothing",
                condition=Q(pounds_a_day__gt=0),
                violation_error_message="A price is more than nothing.",
            ),
        ]
