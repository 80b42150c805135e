"""Answers to a flow of questions, kept as they are given. A draft is its owner's alone and is no record of care."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.models import Draft
from core.refusals import Refused

# An answer given on Friday is there after a fortnight's leave; after a month the facts behind it have moved on.
KEPT = timedelta(days=30)


def begin(kind: str, *, by: Any, answers: dict[str, Any] | None = None) -> Draft:
    """A new flow of questions."""
    return Draft.objects.create(
        user=by.user, kind=kind, answers=answers or {}, begun_at=by.at, saved_at=by.at
    )


def keep(draft: Draft, answers: dict[str, Any], *, version: int | None = None, by: Any) -> Draft:
    """Add answers to those given before. With the `version` that a page showed, refuse if another tab has answered."""
    with transaction.atomic():
        held = Draft.objects.visible_to(by).select_for_update().get(pk=draft.pk)
        if version is not None and version != held.version:
            raise Refused(
                "You have answered this in another window since. Check the answers and go on from there."
            )
        held.answers = {**held.answers, **answers}
        held.version += 1
        held.saved_at = by.at
        held.save(update_fields=["answers", "version", "saved_at"])
    return held


def discard(draft: Draft, *, by: Any) -> None:
    """Remove a draft: it has become what it was for, or is not wanted."""
    Draft.objects.visible_to(by).filter(pk=draft.pk).delete()


def clear(at: datetime) -> int:
    """Remove drafts that nobody has touched for thirty days; how many."""
    removed, _ = Draft.objects.filter(saved_at__lt=at - KEPT).delete()
    return removed
