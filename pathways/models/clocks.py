"""Clocks as data: policies, running clocks, and the flags they raise."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from psycopg2.extras import DateRange

from core.history import tracked, tracked_without
from pathways.models.patients import Patient
from pathways.querysets import ClockQuerySet, FlagQuerySet
from pathways.rules.clocks import Counting, FlagDay

USER = settings.AUTH_USER_MODEL


def at_all_times() -> DateRange:
    """From ever and for ever."""
    return DateRange(None, None)


@tracked
class ClockPolicy(models.Model):
    """A limit in days: what starts it, what stops it, how days are counted, and on what authority.

    `effective`: the London dates of the starts for which it is the limit. Another length from a day on is another row
    of the same code, so that what started before goes on as it began.
    """

    code = models.SlugField(max_length=30)
    effective = DateRangeField(default=at_all_times)
    name = models.CharField(max_length=80)
    start_event = models.CharField(max_length=60)
    stop_event = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField()
    first_day_counts = models.BooleanField(
        help_text="“28 days beginning with the request” does; “within 14 days of” does not."
    )
    basis = models.CharField("Authority", max_length=200)
    is_headline = models.BooleanField(default=False)
    is_on = models.BooleanField("Raises flags", default=True)
    is_lapse = models.BooleanField(
        default=False, help_text="An authority ends with it: nobody can dismiss its flags or switch it off."
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_limit_is_at_least_a_day",
                condition=Q(days__gte=1),
                violation_error_message="A limit is at least one day.",
            ),
            ExclusionConstraint(
                name="a_limit_has_one_length_at_a_time",
                expressions=[("code", "="), ("effective", "&&")],
                violation_error_message="There is a length of this limit for part of that time already.",
            ),
            ExclusionConstraint(
                name="there_is_one_headline_limit_at_a_time",
                expressions=[("effective", "&&")],
                condition=Q(is_headline=True),
            ),
            models.CheckConstraint(name="a_limit_holds_for_some_time", condition=Q(effective__isempty=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """What it is called in addresses: its code, with the day from which it holds where another held before."""
        since = self.effective.lower
        return f"{self.code}-{since.isoformat()}" if since else self.code

    @property
    def counting(self) -> Counting:
        """How its days are counted."""
        return Counting(self.days, self.first_day_counts)

    @property
    def flag_days(self) -> list[FlagDay]:
        """The days on which it raises flags."""
        return [FlagDay(rule.day, rule.every) for rule in self.flag_rules.all()]


@tracked
class FlagRule(models.Model):
    """On which day of a policy a flag is raised, whether it comes again, and whose job it is.

    `day` counts as the policy does: day 0 is the start, or day 1 where the first day counts.
    """

    class Level(models.TextChoices):
        APPROACHING = "approaching", "Approaching"
        IMMINENT = "imminent", "Imminent"
        BREACHED = "breached", "Breached"
        ESCALATED = "escalated", "Escalated"

    class Owner(models.TextChoices):
        CONCERNED = "concerned", "The services concerned"
        CASE_MANAGER = "case_manager", "The case manager"
        COMMISSIONER = "commissioner", "The commissioner"
        REGION = "region", "NHS England in the region"

    policy = models.ForeignKey(ClockPolicy, models.PROTECT, related_name="flag_rules")
    level = models.CharField(max_length=12, choices=Level)
    day = models.PositiveSmallIntegerField()
    every = models.PositiveSmallIntegerField(
        null=True, help_text="Comes again after this many days, for ever."
    )
    owner = models.CharField(max_length=15, choices=Owner, default=Owner.CONCERNED)
    must_be_acknowledged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_day_of_a_policy_has_one_flag", fields=["policy", "day"]),
        ]


# The next day to look is reckoned, and each flag raised is a row of its own: no version is kept of that alone.
@tracked_without("next_flag_on")
class Clock(models.Model):
    """One limit running for one person about one thing. Late is a question asked of `due_on`; clocks never pause."""

    class End(models.TextChoices):
        MET = "met", "Met"
        LAPSED = "lapsed", "Lapsed"
        VOID = "void", "No longer applies"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="clocks")
    policy = models.ForeignKey(ClockPolicy, models.PROTECT, related_name="clocks")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    started_on = models.DateField()
    due_on = models.DateField(help_text="The last day in time, a London date.")
    next_flag_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_as = models.CharField(max_length=6, choices=End, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_clock_ends_as_something",
                condition=Q(ended_on=None, ended_as="") | Q(ended_on__isnull=False) & ~Q(ended_as=""),
            ),
            models.CheckConstraint(
                name="an_ended_clock_raises_no_flag", condition=Q(ended_on=None) | Q(next_flag_on=None)
            ),
            models.UniqueConstraint(
                name="one_clock_of_a_kind_runs_at_a_time",
                fields=["about_kind", "about_id", "policy"],
                condition=Q(ended_on=None),
            ),
        ]
        indexes = [
            models.Index(
                name="clock_with_a_flag_to_raise",
                fields=["next_flag_on"],
                condition=Q(next_flag_on__isnull=False),
            ),
            models.Index(name="clock_about", fields=["about_kind", "about_id"]),
        ]

    def days_left(self, *, on) -> int:
        """Calendar days until the last day in time; negative once late."""
        return (self.due_on - on).days


@tracked
class Flag(models.Model):
    """Raised once for a day of a clock. Says when it became true and when it was noticed."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="flags")
    level = models.CharField(max_length=12, choices=FlagRule.Level)
    day = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=15, choices=FlagRule.Owner)
    must_be_acknowledged = models.BooleanField(default=False)
    became_on = models.DateField()
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(
        null=True, help_text="When a corrected first date made it untrue; kept, and no longer counted."
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_flag_is_raised_once", fields=["clock", "day"], condition=Q(superseded_at=None)
            ),
            models.CheckConstraint(
                name="an_acknowledged_flag_says_by_whom_and_when",
                condition=Q(acknowledged_by=None, acknowledged_at=None)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="flag_recent", fields=["-raised_at"]),
            models.Index(
                name="flag_to_acknowledge",
                fields=["clock"],
                condition=Q(must_be_acknowledged=True, acknowledged_at=None, superseded_at=None),
            ),
        ]

    @property
    def was_raised_in_vain(self) -> bool:
        """Whether what the clock waits for had been done by the flag's day, and was only recorded after it."""
        return self.clock.ended_on is not None and self.became_on > self.clock.ended_on
