"""Temporary movements in words, for every page on which somebody may be out at court, at A&E or under escort."""

from datetime import datetime
from typing import Any

from core.pages import date_and_time
from pathways.days import LONDON, london_date
from pathways.rules.leave import is_late
from pathways.rules.movements import MOVEMENTS


def out_since(movement: Any, *, now: datetime) -> str:
    """“At court since 10:20, expected back 16:00.” With the day where it is not today’s."""
    where = MOVEMENTS[movement.kind].while_on
    if movement.due_back_at is None:
        return f"{where} since {_when(movement.left_at, now)}, no time agreed to be back."
    expected = "late: was expected" if is_late(movement.due_back_at, None, now=now) else "expected"
    return (
        f"{where} since {_when(movement.left_at, now)}, {expected} back {_when(movement.due_back_at, now)}."
    )


def _when(at: datetime, now: datetime) -> str:
    is_today = london_date(at) == london_date(now)
    return f"{at.astimezone(LONDON):%H:%M}" if is_today else date_and_time(at)
