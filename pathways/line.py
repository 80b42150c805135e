"""The line of one person's journey: what happens is recorded here, and higher floors hear of it at once.

A floor that has to do something when a lower one acts says so in its `listens.py`, and does it in the same
transaction. A listener may refuse, and then nothing has happened. `clock.flagged` is recorded for many people at
once: its listeners get a list of events.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
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


def record_many(kind: str, rows: Iterable[Mapping[str, Any]], *, by: Any) -> None:
    """Record one kind of event for many people at once. Each row has `patient_id`, `on`, `about` and `details`.

    The listeners get the events without their ids.
    """
    events = [
        Event(
            kind=kind,
            patient_id=row["patient_id"],
            occurred_at=noon(row["on"]),
            time_known=False,
            recorded_at=by.at,
            by=by.user,
            about_kind=row["about"][0],
            about_id=row["about"][1],
            details=row["details"],
        )
        for row in rows
    ]
    if not events:
        return
    with connection.cursor() as cursor:
        known = {"kind": kind, "at": by.at, "by": by.user.pk if by.user else None}
        cursor.execute(_RECORD, {**known, "rows": json.dumps([_as_row(event) for event in events])})
    for listener in LISTENERS.get(kind, ()):
        listener(events)


def _as_row(event: Event) -> dict[str, Any]:
    return {
        "patient_id": event.patient_id,
        "occurred_at": event.occurred_at.isoformat(),
        "about_kind": event.about_kind,
        "about_id": event.about_id,
        "details": event.details,
    }
