"""When two people may be recorded as kept apart, and when that may end."""

from datetime import date, timedelta
from typing import Any

from core.refusals import Refused

DAY = timedelta(days=1)


def check_kept_apart(patient: Any, other: Any, *, since: date, last_day: date | None, reason: str) -> None:
    """Two different people, some days, and why."""
    if patient.pk == other.pk:
        raise Refused("Choose somebody else: this is the same person.", "other")
    if last_day is not None and last_day < since:
        raise Refused("The last day is before the first.", "last_day")
    if not reason.strip():
        raise Refused("Say why, for those who may read it.", "reason")


def check_apart_ends(apart: Any, last_day: date, *, why: str) -> None:
    """A pair is let meet again once, on a day that was within the time they were kept apart."""
    if apart.superseded_at is not None or (
        apart.during.upper is not None and apart.during.upper <= last_day + DAY
    ):
        raise Refused("That has already ended. Look at it again.")
    if last_day < apart.during.lower:
        raise Refused("The last day is before the first.", "last_day")
    if not why.strip():
        raise Refused("Say why.", "why")
