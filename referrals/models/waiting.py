"""What happens while somebody waits: delays, reviews, contacts."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from core.facts import Fact, FactQuerySet
from core.history import tracked
from organisations.models import Service
from referrals.codes import DelayParty, DelayReason
from referrals.models.referrals import Referral

USER = settings.AUTH_USER_MODEL


@tracked
class Delay(Fact):
    """Days of the wait put down to one party and one main reason. Main reasons never overlap, so they sum to the wait.

    The clock does not pause: a delay is attributed, not subtracted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="delays")
    during = DateRangeField()
    party = models.CharField(max_length=17, choices=DelayParty)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("Main reason", max_length=20, choices=DelayReason)
    contributing = ArrayField(models.CharField(max_length=20, choices=DelayReason), default=list, blank=True)
    words = models.TextField(blank=True, default="")
    disputed_at = models.DateTimeField(null=True)
    disputed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    disputed_why = models.TextField(blank=True, default="")
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrected_as",
        help_text="The delay that this one was recorded in place of.",
    )
    version = models.PositiveIntegerField(default=0)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_day_of_waiting_has_one_main_reason",
                expressions=[("referral", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message=(
                    "Part of this time already has a main reason. Correct that one, or choose other days."
                ),
            ),
            models.CheckConstraint(
                name="a_delay_lasts_some_days",
                condition=Q(during__isempty=False),
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                name="a_dispute_says_who_when_and_why",
                condition=Q(disputed_at=None, disputed_by=None, disputed_why="")
                | Q(disputed_at__isnull=False, disputed_by__isnull=False) & ~Q(disputed_why=""),
            ),
        ]


@tracked
class Review(Fact):
    """How the person is while they wait, and the plan meanwhile. Clinical text."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="reviews")
    on = models.DateField()
    how_the_person_is = models.TextField()
    interim_plan = models.TextField()
    next_on = models.DateField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="the_next_review_is_after_this_one",
                condition=Q(next_on__gt=models.F("on")),
                violation_error_message="The next review must be after this one.",
            )
        ]


@tracked
class Contact(Fact):
    """A call or message to move things on: with whom, what was said, what next and when. Operational words."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contacts")
    on = models.DateField()
    with_whom = models.CharField(max_length=120)
    said = models.TextField()
    next_action = models.CharField(max_length=200, blank=True, default="")
    next_on = models.DateField(null=True)

    objects = FactQuerySet.as_manager()
