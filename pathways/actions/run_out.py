"""Holds that have run out: the bed is free by itself, and whoever held it is told, once.

The sweep reads only holds whose end has come, in batches of their own transactions, and passes over rows that somebody
is at work on: the next round takes them. It can run twice, late, or on two workers, and says the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.notifications import Message, notify
from organisations.actor import Actor
from organisations.models import Bed
from pathways import days, line
from pathways.models import BedUse

BATCH = 500
SUBJECT = "A bed is no longer held"
GAVE_WAY = "The hold ran out, and somebody else was in the bed."


def tell_of_holds(*, by: Any) -> int:
    """Tell of every hold that has run out by the actor's instant, and answer how many there were."""
    told = 0
    while batch := _tell_batch(by=by):
        told += batch
    return told


@action
def _tell_batch(*, by: Any) -> int:
    due = BedUse.objects.to_run_out(by.at).select_related("bed__ward__service", "patient")
    holds = list(
        due.select_for_update(no_key=True, skip_locked=True, of=["self"]).order_by("tell_owner_at", "pk")[
            :BATCH
        ]
    )
    _tell(holds, by=by)
    return len(holds)


def give_way(bed: Bed, since: datetime, until: datetime | None, *, by: Any) -> None:
    """Stop believing the holds of a bed that ran out and that somebody was in it instead; under the lock of the bed.

    Who held it is told by the system, as the sweep would.
    """
    over = BedUse.objects.current().held().filter(bed=bed, during__endswith__lte=by.at)
    meant = over.filter(during__overlap=DateTimeTZRange(since, until)).select_related(
        "bed__ward__service", "patient"
    )
    holds = list(meant.select_for_update(no_key=True, of=["self"]).order_by("pk"))
    _tell(
        [use for use in holds if use.tell_owner_at is not None],
        by=Actor.system("tell-of-holds", at=by.at),
    )
    for use in holds:
        use.supersede(by=by, why=GAVE_WAY)


def _tell(holds: Sequence[BedUse], *, by: Any) -> None:
    BedUse.objects.filter(pk__in=[use.pk for use in holds]).update(tell_owner_at=None)
    # After a death nothing more is sent.
    of_the_living = [use for use in holds if use.patient is not None and use.patient.died_on is None]
    notify(message for use in of_the_living for message in _messages(use, by=by))
    line.record_many("pathways.hold_ran_out", [_as_event(use) for use in of_the_living], by=by)


def _messages(use: BedUse, *, by: Any) -> list[Message]:
    """In the bell of whoever held the bed for somebody, and in the mailbox of their service, in case they are away."""
    bed = use.bed
    known = {
        "kind": "pathways.hold_ran_out",
        "subject": f"{SUBJECT}: {bed.ward.service.name}, {bed.ward.name} ward, bed {bed.name}",
        "body": "The time for which the bed was held is over and the person has not come. The hold has ended.",
        "path": f"/beds/{bed.public_id}/",
        "about_kind": "bed_use",
        "about_id": use.pk,
        "made_at": by.at,
    }
    key = f"hold-ran-out:{use.pk}:{use.during.upper.isoformat()}"
    found = [Message(key=f"{key}:mailbox", mailbox=bed.ward.service.alert_mailbox, **known)]
    if use.recorded_by_id is not None:
        found.append(Message(key=f"{key}:owner", user_id=use.recorded_by_id, **known))
    return found


def _as_event(use: BedUse) -> dict[str, Any]:
    return {
        "patient_id": use.patient_id,
        "on": days.last_day(use.during.upper),
        "about": ("bed_use", use.pk),
        "details": {"bed": use.bed_id},
    }
