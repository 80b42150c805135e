"""Who changed what: a trigger copies every version of a row, however it was written."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db.models import Model

M = TypeVar("M", bound=type[Model])


def tracked_without(*fields: str) -> Callable[[M], M]:
    """Keep every version of a model's rows, but for fields that must not be copied, such as a password's hash."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(fields) or None,
        # No pointer back and no shared context row: a version stands for itself and is never touched again.
        obj_field=None,
        context_field=pghistory.ContextJSONField(),
        # None is what the library's code takes for “no such column”; its annotation leaves it out.
        context_id_field=None,  # type: ignore[arg-type]
    )


def tracked(model: M) -> M:
    """Keep every version of a model's rows."""
    return tracked_without()(model)
