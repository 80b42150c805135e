"""Reads of the core tables."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q


class JobQuerySet(models.QuerySet):
    """Jobs by what is owed."""

    STALE_AFTER = timedelta(seconds=60)

    def owed(self, at: datetime) -> Self:
        """Jobs nobody is at work on: waiting, or running with a heartbeat that stopped a minute ago."""
        stale = Q(state="running", heartbeat_at__lt=at - self.STALE_AFTER)
        return self.filter(Q(state="waiting") | stale)


class NotificationQuerySet(models.QuerySet):
    """Messages by what is owed and to whom."""

    def owed(self, at: datetime) -> Self:
        """E-mails still to be sent whose time has come."""
        due = Q(next_try_at=None) | Q(next_try_at__lte=at)
        return self.filter(due, sent_at=None, stopped_at=None).exclude(mailbox="")

    def bell_of(self, user) -> Self:
        """What one user has been told in the application, newest first."""
        return self.filter(user=user).order_by("-made_at")

    def unread(self) -> Self:
        """Not yet opened."""
        return self.filter(read_at=None)


class DraftQuerySet(models.QuerySet):
    """Drafts belong to the one user who began them."""

    def visible_to(self, actor) -> Self:
        """The actor's own, newest first."""
        return self.filter(user=actor.user).order_by(F("saved_at").desc())
