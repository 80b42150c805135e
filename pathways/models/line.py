"""The line of one person's journey."""

from django.conf import settings
from django.db import models

from core.models import AppendOnly
from organisations.models import Service
from pathways.models.patients import Patient
from pathways.querysets import EventQuerySet


class Event(AppendOnly):
    """Something that happened to or for a person, written in the same transaction as what it tells of.

    Kept for ever as it is written, so `details` holds codes, ids, dates and numbers: what somebody typed stays with
    the fact, which can be corrected and is classed by field.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=60, help_text="app.verb, for example referrals.requested")
    occurred_at = models.DateTimeField()
    time_known = models.BooleanField(default=True, help_text="False where only the London date is known.")
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    about_kind = models.CharField(max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="event_line", fields=["patient", "-occurred_at", "-id"]),
            models.Index(name="event_about", fields=["about_kind", "about_id", "-occurred_at"]),
        ]
