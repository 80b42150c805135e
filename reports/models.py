"""Exports asked for, and views kept by name."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.history import tracked
from core.models import Job
from reports.querysets import ExportQuerySet, SavedViewQuerySet

USER = settings.AUTH_USER_MODEL


@tracked
class Export(models.Model):
    """A file asked for. The job writes it; it can be had for 24 hours through a scoped view."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=30)
    form = models.CharField(max_length=4, choices=Form)
    filters = models.JSONField(default=dict)
    why = models.CharField("What it is for", max_length=200)
    holds_identity = models.BooleanField("Names people", default=False)
    identity_why = models.CharField("Why names are needed", max_length=200, blank=True, default="")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    file_name = models.CharField(
        max_length=80, blank=True, default="", help_text="Random; the file has gone when empty."
    )
    rows = models.PositiveIntegerField(null=True)
    bytes = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_export_with_names_says_why",
                condition=Q(holds_identity=False) | ~Q(identity_why=""),
                violation_error_message="Say why names are needed.",
            )
        ]


@tracked
class SavedView(models.Model):
    """A page's filters kept under a name by one user."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_saved_view_has_one_name",
                fields=["user", "page", "name"],
                violation_error_message="You already have a view of that name.",
            )
        ]
