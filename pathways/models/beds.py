"""Every use of a bed in one table, so that the database refuses what must never be true."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least

from core.facts import Fact
from core.history import tracked
from organisations.models import Bed
from pathways.codes import BedException
from pathways.models.patients import Patient
from pathways.querysets import BedUseQuerySet


def _bound(which: str) -> Func:
    return Func(F("during"), function=which, output_field=models.DateTimeField())


@tracked
class BedUse(Fact):
    """A bed occupied, held, kept for leave, closed, or not in use, during a period.

    `during` is fact. `claimed` runs to the expected end where there is one, so the next person can be held for, or the
    bed be closed, after it; whoever stays longer takes nothing from that. An expired hold has an end in the past and
    blocks nothing. A bed kept for no leave (`about_kind`) is kept for somebody who is away in another place and has not
    moved on. A bed is not in use before the ward had it, which has no beginning, and after it was given up.
    `exceptions`: in what it does not fit the person.
    """

    class Purpose(models.TextChoices):
        OCCUPIED = "occupied", "Occupied"
        HELD = "held", "Held"
        LEAVE = "leave", "Kept for leave"
        CLOSED = "closed", "Closed"
        NOT_IN_USE = "not_in_use", "Not in use"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="bed_uses")
    during = DateTimeRangeField()
    expected_end_at = models.DateTimeField(null=True)
    claimed = models.GeneratedField(
        expression=Func(
            _bound("lower"),
            Least(_bound("upper"), F("expected_end_at")),
            function="tstzrange",
            output_field=DateTimeRangeField(),
        ),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    purpose = models.CharField(max_length=10, choices=Purpose)
    about_kind = models.CharField(max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    exceptions = ArrayField(models.CharField(max_length=12, choices=BedException), default=list, blank=True)
    exception_why = models.TextField(blank=True, default="")
    tell_owner_at = models.DateTimeField(
        null=True,
        help_text="When a hold runs out; empty once its owner was told, or it was given back or taken up.",
    )
    version = models.PositiveIntegerField(default=0)

    objects = BedUseQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_bed_never_holds_two_people",
                expressions=[("bed", "="), ("during", "&&")],
                condition=Q(superseded_at=None, purpose__in=["occupied", "leave"]),
                violation_error_message="That bed is taken for part of this time. Choose another bed or other dates.",
            ),
            ExclusionConstraint(
                name="a_bed_is_never_promised_twice",
                expressions=[("bed", "="), ("claimed", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="That bed has just gone. Choose another bed or other dates.",
            ),
            ExclusionConstraint(
                name="a_person_sleeps_in_one_bed",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None, purpose="occupied"),
                violation_error_message="This person already has a bed for part of this time.",
            ),
            models.CheckConstraint(
                name="a_bed_is_used_for_some_time",
                condition=Q(during__isempty=False),
                violation_error_message="The end must be after the beginning.",
            ),
            models.CheckConstraint(
                name="a_bed_that_nobody_can_have_has_no_patient",
                condition=Q(purpose__in=["closed", "not_in_use"], patient=None)
                | ~Q(purpose__in=["closed", "not_in_use"]) & Q(patient__isnull=False),
            ),
            models.CheckConstraint(
                name="a_hold_has_an_end",
                condition=~Q(purpose="held") | Q(during__upper_inf=False),
                violation_error_message="Say until when the bed is held.",
            ),
            models.CheckConstraint(
                name="a_bed_that_does_not_fit_has_a_reason",
                condition=Q(exceptions=[]) | ~Q(exception_why=""),
                violation_error_message="Say why the bed is given all the same.",
            ),
        ]
        indexes = [
            models.Index(name="bed_use_about", fields=["about_kind", "about_id"]),
            # So few that every board of beds can ask.
            models.Index(
                name="bed_use_not_in_use",
                fields=["bed"],
                condition=Q(purpose="not_in_use", superseded_at=None),
            ),
            # For figures of a period as known, which read what is no longer believed as well.
            GistIndex(name="bed_use_by_time", fields=["during"]),
            models.Index(
                name="bed_use_runs_out",
                fields=["tell_owner_at"],
                condition=Q(tell_owner_at__isnull=False, superseded_at=None),
            ),
        ]
