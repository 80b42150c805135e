"""Who must not share a ward."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from core.facts import Fact
from core.history import tracked
from pathways.models.patients import Patient
from pathways.querysets import KeepApartQuerySet


@tracked
class KeepApart(Fact):
    """Two people who must not share a ward on some days. A pair is one row: `patient` is the one with the lower id.

    Whoever asks for a bed is told that there is a conflict on the ward, never with whom or why.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    during = DateRangeField()
    apart_why = models.TextField()
    ended_why = models.TextField(blank=True, default="")

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_pair_kept_apart_is_written_one_way", condition=Q(patient__lt=F("other"))
            ),
            models.CheckConstraint(
                name="people_are_kept_apart_for_some_days", condition=Q(during__isempty=False)
            ),
            ExclusionConstraint(
                name="a_pair_is_kept_apart_once_at_a_time",
                expressions=[("patient", "="), ("other", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="These two are already recorded as kept apart for part of this time.",
            ),
        ]
        indexes = [models.Index(name="keep_apart_other", fields=["other"])]

    def other_than(self, patient_id: int) -> int:
        """The id of the one of the two who is not this one."""
        return self.patient_id if self.other_id == patient_id else self.other_id
