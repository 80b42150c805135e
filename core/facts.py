"""Facts kept as known: what was believed when, so that any figure can be reproduced as it stood on any day."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class FactQuerySet(models.QuerySet[Any]):
    """Reads of rows that are superseded rather than changed."""

    def current(self) -> Self:
        """What is believed now."""
        return self.filter(superseded_at=None)

    def as_known(self, at: datetime) -> Self:
        """What was believed at an instant, whatever has been corrected since."""
        return self.filter(Q(superseded_at=None) | Q(superseded_at__gt=at), recorded_at__lte=at)


class Fact(models.Model):
    """A dated fact about a person. A correction supersedes the row and inserts another, with who and why.

    Growing a fact's end (a placement that ends) is an ordinary update of a fact that was open; changing what was
    once said is a correction. `recorded_by` is empty when the system itself recorded it.
    """

    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    def supersede(self, *, by: Any, why: str) -> None:
        """Stop believing this row. Only actions call it; the caller inserts what is believed instead."""
        self.superseded_at, self.superseded_by, self.why = by.at, by.user, why
        self.save(update_fields=["superseded_at", "superseded_by", "why"])
