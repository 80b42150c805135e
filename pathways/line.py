"""The line of one person's journey: what happens is recorded here, and higher floors hear of it at once.

A floor that has to do something when a lower one acts says so in its `listens.py`, and does it in the same
transaction. A listener may refuse, and then nothing has happened. `clock.flagged` is recorded for many people at
once: its listeners get a list of events.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from organisations.models import Service
from pathways.days import noon
from pathways.models import Event, Patient

About = tuple[str, int]
Listener = Callable[[Any], None]

LISTENERS: dict[str, list[Listener]] = defaultdict(list)


def listens(kind: str) -> Callable[[Listener], Listener]:
    """Call the function whenever an event of this kind is recorded."""

    def register(listener: Listener) -> Listener:
        if listener not in LISTENERS[kind]:
            LISTENERS[kind].append(listener)
        return listener

    return register


def record(
    kind: str,
    *,
    patient: Patient,
    by: Any,
    occurred_at: datetime | None = None,
    on: date | None = None,
    time_known: bool = True,
    about: About | None = None,
    service: Service | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Record that something happened, at an instant or on a London date, and tell the listeners of its kind.

    With neither it happened as it was recorded. `details` hold codes, ids, dates and numbers, and nothing typed.
    """
    event = Event.objects.create(
        kind=kind,
        patient=patient,
        occurred_at=occurred_at or (noon(on) if on else by.at),
        time_known=time_known if occurred_at or not on else False,
        recorded_at=by.at,
        by=by.user,
        service=service,
        about_kind=about[0] if about else "",
        about_id=about[1] if about else None,
        details=dict(details or {}),
    )
    for listener in LISTENERS.get(kind, ()):
        listener(event)
    return event


# As a set: a sweep may record twenty thousand.
_RECORD = """
INSERT INTO pathways_event (patient_id, kind, occurred_at, time_known, recorded_at, by_id, about_kind, about_id,
                            details)
SELECT patient_id, %(kind)s, occurred_at, false, %(at)s, %(by)s, about_kind, about_id, details
  FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS event(patient_id bigint, occurred_at timestamptz, about_kind text, about_id bigint, details jsonb)
"""


@dataclass(frozen=True)
class Recorded:
    """One of many events recorded at once, as its listeners get it: what the row says, and no model."""

    kind: str
    patient_id: int
    occurred_at: datetime
    recorded_at: datetime
    about_kind: str
    about_id: int
    details: Mapping[str, Any]


def record_many(kind: str, rows: Iterable[Mapping[str, Any]], *, by: Any) -> None:
    """Record one kind of event for many people at once. Each row has `patient_id`, `on`, `about` and `details`."""
    noons: dict[date, datetime] = {}
    events = [
        Recorded(
            kind,
            row["patient_id"],
            noons.get(row["on"]) or noons.setdefault(row["on"], noon(row["on"])),
            by.at,
            *row["about"],
            row["details"],
        )
        for row in rows
    ]
    if not events:
        return
    with connection.cursor() as cursor:
        known = {"kind": kind, "at": by.at, "by": by.user.pk if by.user else None}
        found = json.dumps([vars(event) for event in events], default=datetime.isoformat)
        cursor.execute(_RECORD, {**known, "rows": found})
    for listener in LISTENERS.get(kind, ()):
        listener(events)
