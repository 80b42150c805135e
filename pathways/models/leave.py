"""Time away from the ward while the placement goes on."""

import uuid
from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Coalesce, Greatest

from core.facts import Fact
from core.history import tracked
from organisations.models import Service, Ward
from pathways.codes import LeaveEnd, LeaveKind, MovementKind
from pathways.models.patients import Patient
from pathways.querysets import LeaveQuerySet


def _bound(which: str) -> Func:
    return Func(F("during"), function=which, output_field=models.DateTimeField())


# A movement runs beside a leave: somebody on trial leave is produced at court from there.
_IS_MOVEMENT = Q(kind__in=MovementKind.values)
_BEGINS = Coalesce(_bound("lower"), F("planned_from"))
_ENDS = Coalesce(
    _bound("upper"),
    Case(When(due_back_at__isnull=False, then=Greatest(F("due_back_at"), _BEGINS))),
)


@tracked
class Leave(Fact):
    """One outing, from plan to end. A leave keeps its row, so that beds, tasks and events can point at it.

    `during` runs from leaving to returning, and is empty until they have left. What stood before a late entry or a
    correction is kept as a row of its own that is no longer believed. `claimed` is the time that it takes up, as far
    as anybody knows: nothing else is planned for it.

    A temporary movement (court, A&E, escort) is one too, from a prison or a hospital, and no bed follows it.
    """

    Kind = LeaveKind

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="leaves")
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="+", help_text="The hospital, or prison, that has the person."
    )
    kind = models.CharField(max_length=10, choices=[*LeaveKind.choices, *MovementKind.choices])
    to_ward = models.ForeignKey(Ward, models.PROTECT, null=True, related_name="+")
    to_where = models.CharField(max_length=120, blank=True, default="", help_text="Of a movement.")
    purpose = models.CharField(max_length=120, blank=True, default="", help_text="Of a movement.")
    agreed_by = models.CharField(max_length=120, blank=True, default="")
    conditions = models.TextField(blank=True, default="")
    planned_from = models.DateTimeField(null=True)
    due_back_at = models.DateTimeField(null=True)
    during = DateTimeRangeField(null=True)
    claimed = models.GeneratedField(
        expression=Func(_BEGINS, _ENDS, function="tstzrange", output_field=DateTimeRangeField()),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    absent_since = models.DateTimeField(null=True)
    absent_told = models.TextField(blank=True, default="", help_text="Who was told of the absence.")
    ended_as = models.CharField(max_length=12, choices=LeaveEnd, blank=True, default="")
    ended_why = models.TextField(blank=True, default="")
    bed_released_at = models.DateTimeField(null=True)
    bed_release_why = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_on_one_leave_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None) & ~_IS_MOVEMENT,
                violation_error_message="Another leave is recorded for part of this time. Record its return first.",
            ),
            ExclusionConstraint(
                name="a_person_is_on_one_movement_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None) & _IS_MOVEMENT,
                violation_error_message="Another movement is recorded for part of this time. "
                "Record its return first.",
            ),
            models.CheckConstraint(
                name="a_movement_says_where_to_and_why",
                condition=_IS_MOVEMENT & ~Q(to_where="") & ~Q(purpose="")
                | ~_IS_MOVEMENT & Q(to_where="", purpose=""),
                violation_error_message="Say where the person goes, and what for.",
            ),
            models.CheckConstraint(
                name="nobody_plans_an_emergency",
                condition=~Q(kind=MovementKind.EMERGENCY) | Q(during__isnull=False),
                violation_error_message="A visit to A&E is not planned.",
            ),
            ExclusionConstraint(
                name="leave_is_planned_for_a_free_time",
                expressions=[("patient", "="), ("claimed", "&&")],
                condition=Q(superseded_at=None, during=None) & ~Q(ended_as="cancelled") & ~_IS_MOVEMENT,
                violation_error_message="Another leave is planned for part of this time.",
            ),
            ExclusionConstraint(
                name="a_movement_is_planned_for_a_free_time",
                expressions=[("patient", "="), ("claimed", "&&")],
                condition=Q(superseded_at=None, during=None) & ~Q(ended_as="cancelled") & _IS_MOVEMENT,
                violation_error_message="Another court day or escort is planned for part of this time.",
            ),
            models.CheckConstraint(
                name="a_leave_lasts_some_time",
                condition=Q(during=None) | Q(during__isempty=False),
                violation_error_message="The return must be after the leaving. Enter both times.",
            ),
            models.CheckConstraint(
                name="a_leave_is_planned_or_has_begun",
                condition=Q(planned_from__isnull=False) | Q(during__isnull=False),
            ),
            models.CheckConstraint(
                name="a_leave_ends_as_something",
                condition=Q(ended_as="") & (Q(during=None) | Q(during__upper_inf=True))
                | Q(ended_as="cancelled", during=None)
                | ~Q(ended_as__in=["", "cancelled"]) & Q(during__isnull=False, during__upper_inf=False),
            ),
            models.CheckConstraint(
                name="a_leave_is_due_back_after_it_begins",
                condition=Q(due_back_at=None) | Q(planned_from=None) | Q(due_back_at__gt=F("planned_from")),
                violation_error_message="They must be due back after they leave.",
            ),
            models.CheckConstraint(
                name="only_trial_leave_is_to_a_ward",
                condition=Q(kind="trial", to_ward__isnull=False) | ~Q(kind="trial") & Q(to_ward=None),
                violation_error_message="Choose the ward that the person goes to on trial.",
            ),
            models.CheckConstraint(
                name="only_who_has_left_is_absent",
                condition=Q(absent_since=None) | Q(during__isnull=False) & ~Q(absent_told=""),
                violation_error_message="Say since when they are absent, and who was told.",
            ),
            models.CheckConstraint(
                name="a_kept_bed_is_released_for_a_reason",
                condition=Q(bed_released_at=None) | ~Q(bed_release_why=""),
                violation_error_message="Say why the bed is released.",
            ),
        ]
        indexes = [
            models.Index(
                name="leave_open",
                fields=["service", "due_back_at"],
                condition=Q(superseded_at=None, ended_as=""),
            )
        ]

    @property
    def is_movement(self) -> bool:
        """Whether it is a temporary movement and no leave that somebody gave."""
        return self.kind in MovementKind.values

    @property
    def left_at(self) -> datetime | None:
        """When they left; None until they have."""
        return self.during.lower if self.during else None

    @property
    def ended_at(self) -> datetime | None:
        """When they were back, or the leave ended otherwise; None until then."""
        return self.during.upper if self.during else None
