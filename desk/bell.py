"""The bell: what one user has been told, and that they have read it."""

from typing import Any

from core.models import Notification
from organisations.actor import Actor


def told(actor: Actor) -> Any:
    """What the actor has been told, newest first."""
    return Notification.objects.bell_of(actor.user)
