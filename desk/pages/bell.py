"""The bell: what somebody has been told, newest first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from core.tables import Column, Filter, Table
from desk import actions
from desk.bell import told
from organisations.doors import open_to_all_signed_in


@require_safe
@open_to_all_signed_in
def bell(request: HttpRequest) -> HttpResponse:
    """Everything told to the actor. No name is in it, so nothing about a person is read here."""
    rows = told(request.actor)
    table = Table(
        request,
        rows,
        name="messages",
        caption="Messages",
        columns=[
            Column("made", "When", "made_at", sort="made_at"),
            Column("subject", "What", "subject"),
            Column("body", "In words", "body"),
            Column("read", "Read", "read_at"),
        ],
        filters=[Filter("state", "Show", _state, [("new", "New ones"), ("read", "Read ones")])],
        nothing="Nothing has been sent to you." if not request.GET else "Nothing fits.",
    )
    return table.answer("desk/bell.jinja", new=rows.unread().order_by().count())


def _state(rows, value):
    return rows.unread() if value == "new" else rows.exclude(read_at=None)


@require_POST
@open_to_all_signed_in
def open_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Read one and go where it leads."""
    notification = get_object_or_404(told(request.actor), public_id=public_id)
    actions.read_notification(notification, by=request.actor)
    # Paths are written by our own actions; anything else stays here.
    is_ours = notification.path.startswith("/") and not notification.path.startswith("//")
    return redirect(notification.path if is_ours else "desk:bell")


@require_POST
@open_to_all_signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.read_all_notifications(by=request.actor)
    messages.success(request, "Everything is marked as read.")
    return redirect("desk:bell")
