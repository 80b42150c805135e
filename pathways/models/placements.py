"""Where a person is, without a gap."""

import uuid

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from core.actions import declare_sentence
from core.facts import Fact
from core.history import tracked
from organisations.models import Service, Ward
from pathways.codes import AWAY, Elsewhere
from pathways.models.patients import Patient
from pathways.querysets import PlacementQuerySet

declare_sentence(
    "a_line_of_placements_has_no_gap",
    "That would leave a time at which nobody knows where the person is. Say where they were in between.",
)

# Deferred, so that an action may end one placement and begin the next; asked before the action ends.
NO_GAP = pgtrigger.Trigger(
    name="a_line_of_placements_has_no_gap",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    level=pgtrigger.Row,
    timing=pgtrigger.Deferred,
    declare=[("broken", "BOOLEAN")],
    func="""
        SELECT bool_or(following IS NULL AND NOT upper_inf(during)
                       OR following IS NOT NULL AND following IS DISTINCT FROM upper(during))
          INTO broken
          FROM (SELECT during, lead(lower(during)) OVER (ORDER BY lower(during)) AS following
                  FROM pathways_placement
                 WHERE patient_id = NEW.patient_id AND superseded_at IS NULL) AS line;
        IF broken THEN
            RAISE EXCEPTION 'a line of placements has a gap or no open end'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_line_of_placements_has_no_gap';
        END IF;
        RETURN NULL;
    """,
)


@tracked
class Placement(Fact):
    """Where a person is during a period: at a service, or elsewhere. Placements never overlap and leave no gap.

    Write them in the order: end, then start; shrink, then grow.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="placements")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, related_name="+")
    elsewhere = models.CharField(max_length=16, choices=Elsewhere, blank=True, default="")
    during = DateTimeRangeField()
    start_time_known = models.BooleanField(default=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_person_is_in_one_place_at_a_time",
                expressions=[("patient", "="), ("during", "&&")],
                condition=Q(superseded_at=None),
                violation_error_message="The person is already recorded somewhere else for part of this time.",
            ),
            models.CheckConstraint(name="a_placement_lasts_some_time", condition=Q(during__isempty=False)),
            models.CheckConstraint(
                name="a_placement_is_at_a_service_or_elsewhere",
                condition=Q(service__isnull=False, elsewhere="")
                | Q(service=None, ward=None) & ~Q(elsewhere=""),
                violation_error_message="Say where the person is: at a service, or elsewhere.",
            ),
        ]
        triggers = [NO_GAP]
        indexes = [
            models.Index(
                name="placement_by_service", fields=["service", "patient"], condition=Q(superseded_at=None)
            ),
            # For figures of a period as known, which read what is no longer believed as well: most people of twenty
            # years are at no service now, and those who come back from where they are stand beside.
            GistIndex(
                name="placement_by_service_and_time",
                fields=["service", "during"],
                condition=Q(service__isnull=False),
            ),
            GistIndex(name="placement_away_by_time", fields=["during"], condition=Q(elsewhere__in=AWAY)),
        ]

    @property
    def is_at_hospital(self) -> bool:
        """Whether the service that has the person is a hospital."""
        return self.service is not None and self.service.kind == Service.Kind.HOSPITAL

    @property
    def is_in_custody(self) -> bool:
        """Whether the service that has the person is a prison or a removal centre."""
        custody = (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE)
        return self.service is not None and self.service.kind in custody
