"""What is done at the desk itself: reading the bell."""

from typing import Any

from core.actions import action
from core.models import Notification


@action
def read_notification(notification: Notification, *, by: Any) -> Notification:
    """Somebody has read what they were told. Read once, it stays so."""
    Notification.objects.bell_of(by.user).unread().filter(pk=notification.pk).update(read_at=by.at)
    return notification


@action
def read_all_notifications(*, by: Any) -> int:
    """Everything told so far is read; how many were new."""
    return Notification.objects.bell_of(by.user).unread().filter(made_at__lte=by.at).update(read_at=by.at)
