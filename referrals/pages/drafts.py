"""The actor's own unfinished requests. They are kept for fourteen days; somebody else's is not there."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from core import drafts
from core.models import Draft
from referrals.pages import order

# The limit itself: by then a request that nobody sent is out of time, and the facts behind it have moved on.
KEPT = timedelta(days=14)


def own_drafts(actor: Any) -> Any:
    """Those begun or touched in the last fourteen days, newest first; one that was sent is known by its answer."""
    return Draft.objects.visible_to(actor).filter(kind=order.KIND, saved_at__gt=actor.at - KEPT)


def unfinished(actor: Any) -> Any:
    """Those still to be sent."""
    return own_drafts(actor).exclude(answers__has_key="sent")


def of_own_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the actor's own draft, or 404. Coming back to one that was sent leads to what came of it."""

    @functools.wraps(view)
    def with_draft(request: HttpRequest, draft_id: UUID, **kwargs: Any) -> HttpResponse:
        draft = get_object_or_404(own_drafts(request.actor), public_id=draft_id)  # type: ignore[attr-defined]
        if "sent" in draft.answers:
            return redirect(draft.answers["sent"])
        return view(request, draft, **kwargs)

    return with_draft


def mark_sent(draft: Draft, address: str, *, by: Any) -> None:
    """Keep of a draft only where it led, so that a second sending and the back button find it."""
    drafts.keep(draft, {**dict.fromkeys(draft.answers), "sent": address}, by=by)


def question_address(draft: Draft, question: str) -> str:
    """Where a question is asked."""
    if question == "person":
        return reverse("referrals:person", args=[draft.public_id])
    return reverse("referrals:question", args=[draft.public_id, question])


def posted(request: HttpRequest) -> Any:
    """What was sent, though every box of it was left empty; None on a page that is only looked at."""
    return request.POST if request.method == "POST" else None
