"""Reads of exports."""

from typing import Self

from django.db import models

from accounts.rights import Right


class ExportQuerySet(models.QuerySet):
    """Files asked for."""

    def visible_to(self, actor) -> Self:
        """An administrator's own: a file with people in it is for whoever asked."""
        if not actor.has(Right.EXPORT):
            return self.none()
        return self.filter(asked_by=actor.user).order_by("-asked_at")
