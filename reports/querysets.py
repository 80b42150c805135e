"""Reads of exports and of views kept by name."""

from datetime import datetime
from typing import Self

from django.db import models

from accounts.rights import Right


class ExportQuerySet(models.QuerySet):
    """Files asked for."""

    def visible_to(self, actor) -> Self:
        """An administrator's own: a file with people in it is for whoever asked."""
        if not actor.has(Right.EXPORT):
            return self.none()
        return self.filter(asked_by=actor.user).select_related("job").order_by("-asked_at")

    def ready(self, *, at: datetime) -> Self:
        """Written, and to be had for some hours yet."""
        return self.exclude(file_name="").filter(expires_at__gt=at)

    def expired(self, *, at: datetime) -> Self:
        """With a file that is no longer to be had and still lies there."""
        return self.exclude(file_name="").filter(expires_at__lte=at)


class SavedViewQuerySet(models.QuerySet):
    """Filters kept under a name."""

    def visible_to(self, actor) -> Self:
        """The actor's own."""
        return self.filter(user=actor.user).order_by("name", "pk")

    def of_page(self, page: str) -> Self:
        """Those of one page."""
        return self.filter(page=page)
