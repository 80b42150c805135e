"""What a move or a death does to leave: what was on ends with it, what was only planned is no longer so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.pages import date_and_time, in_sentence
from pathways import line
from pathways.actions import leave_beds, relationships
from pathways.codes import LeaveEnd
from pathways.models import Leave, Patient, Relationship
from pathways.rules.leave import BACK, Ending, ending_by
from pathways.rules.lines import Line
from pathways.rules.movements import MOVEMENTS

MOVED_ON = "The person moved or died before."


@dataclass(frozen=True)
class LeaveChange:
    """A leave that the changed line of places ends, begins to end elsewhere, or says cannot have been.

    `follows`: it goes with the change and goes against nothing that was said of the leave itself.
    """

    leave: Leave
    ends: Ending
    follows: bool


def leave_changes(patient: Patient, before: Line, after: Line) -> list[LeaveChange]:
    """What becomes of the person's leave once the line of places has changed."""
    rows = Leave.objects.current().filter(patient=patient).exclude(ended_as=LeaveEnd.CANCELLED)
    found = []
    for leave in rows.select_related("service", "to_ward__service", "patient").order_by("claimed"):
        if leave.during is None:
            moved_away = before and before[-1].place.service_id == leave.service_id
            if moved_away and after[-1].place.service_id != leave.service_id:
                found.append(LeaveChange(leave, Ending(None, LeaveEnd.CANCELLED), follows=True))
            continue
        was, ends = ending_by(leave, before), ending_by(leave, after)
        if ends != was:
            returned = leave.ended_as in BACK
            found.append(LeaveChange(leave, ends, follows=not returned and ends.ended_as is not None))
    return found


def leave_conflicts(changes: Iterable[LeaveChange]) -> list[str]:
    """What is recorded of leave and would no longer be believed, in sentences."""
    return [_words(change) for change in changes if not change.follows]


def _words(change: LeaveChange) -> str:
    leave = change.leave
    ended = f" to {date_and_time(leave.ended_at)}" if leave.ended_at else ""
    stays = "It would end with the move." if change.ends.ended_as else "That would no longer be believed."
    away = MOVEMENTS[leave.kind].while_on if leave.is_movement else f"On {leave.get_kind_display().lower()}"
    return f"They are recorded {in_sentence(away)} from {date_and_time(leave.left_at)}{ended}. {stays}"


def change_leaves(changes: Iterable[LeaveChange], *, by: Any) -> None:
    """Make the leaves say what the line says; inside an action that has written it."""
    for change in changes:
        leave, ends = change.leave, change.ends
        if leave.during is None:
            cancelled = {"ended_as": LeaveEnd.CANCELLED, "ended_why": MOVED_ON}
            close_leave(leave, "pathways.leave_cancelled", at=by.at, by=by, **cancelled)
        elif ends.ended_as is None:
            leave.supersede(by=by, why=MOVED_ON)
            close_relationships(leave, at=by.at, by=by)
            record_leave_event("pathways.leave_removed", leave, at=by.at, by=by)
        else:
            _end_as(leave, ends, by=by)


def _end_as(leave: Leave, ends: Ending, *, by: Any) -> None:
    """Ended with a move, ended with it at another time, or on again because it did not happen."""
    known = {
        "during": DateTimeTZRange(leave.during.lower, ends.at),
        "ended_as": ends.ended_as,
        "ended_why": "",
    }
    at = min(filter(None, (ends.at, leave.ended_at)), default=by.at)
    if ends.at is not None:
        leave_beds.settle_in(leave, ends.at, by=by)
        close_leave(leave, "pathways.leave_ended", at=at, by=by, **known)
        return
    change_leave(leave, at=at, by=by, **known)
    show_to_ward(leave, by=by)
    record_leave_event("pathways.leave_corrected", leave, at=by.at, by=by)


def show_to_ward(leave: Leave, *, by: Any) -> None:
    """The hospital of a trial may open the person from when it is planned, to hold a bed and to have them."""
    if leave.to_ward is not None and leave.to_ward.service_id != leave.service_id:
        relationships.open_relationship(
            leave.patient,
            service=leave.to_ward.service,
            basis=Relationship.Basis.APPROACH,
            about=("leave", leave.pk),
            since=by.at,
            by=by,
        )


@action
def close_leave(leave: Leave, kind: str, *, at: datetime, by: Any, **changes: Any) -> Leave:
    """The leave is over, from an instant, in some way; inside an action that has locked the person."""
    change_leave(leave, at=at, by=by, **changes)
    close_relationships(leave, at=at, by=by)
    record_leave_event(kind, leave, at=at, by=by)
    return leave


def close_relationships(leave: Leave, *, at: datetime, by: Any) -> None:
    """The ward of a trial that is over may open the person for the grace after it."""
    relationships.end_relationships(about=("leave", leave.pk), at=at, by=by)


ENTERED_LATER = "It was entered after it had happened."


def change_leave(leave: Leave, *, at: datetime, by: Any, **changes: Any) -> None:
    """Write what the leave now is, from an instant; inside an action.

    As known: a row is changed in place only by what happens as it is recorded. Of what is said to have been so before,
    what stood is kept.
    """
    if at < by.at:
        correct_row(leave, why=ENTERED_LATER, by=by, **changes)
    else:
        _write(leave, changes)


def correct_row(leave: Leave, *, why: str, by: Any, **changes: Any) -> None:
    """Write what the leave is and was, and keep what stood as a row that is no longer believed; inside an action."""
    kept = [field for field in Leave._meta.concrete_fields if not field.generated and not field.primary_key]
    stood = {field.attname: getattr(leave, field.attname) for field in kept if field.name != "public_id"}
    superseded = {"superseded_at": by.at, "superseded_by_id": by.user.pk if by.user else None, "why": why}
    Leave.objects.create(**stood | superseded)
    _write(leave, {**changes, "recorded_at": by.at, "recorded_by": by.user})


def _write(leave: Leave, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(leave, name, value)
    leave.version += 1
    leave.save(update_fields=[*changes, "version"])


# What happens to a leave, as it is called of a movement.
_OF_MOVEMENTS = {
    "pathways.leave_planned": "pathways.movement_planned",
    "pathways.leave_cancelled": "pathways.movement_cancelled",
    "pathways.leave_ended": "pathways.movement_ended",
    "pathways.leave_corrected": "pathways.movement_corrected",
    "pathways.leave_removed": "pathways.movement_removed",
}


def record_leave_event(kind: str, leave: Leave, *, at: datetime, by: Any, **details: Any) -> None:
    """On the person's line, as of when it happened, with the leave as it now stands in codes and times."""
    line.record(
        _OF_MOVEMENTS.get(kind, kind) if leave.is_movement else kind,
        patient=leave.patient,
        occurred_at=min(at, by.at) if kind != "pathways.leave_planned" else None,
        about=("leave", leave.pk),
        service=leave.service,
        details={
            "leave": leave.kind,
            "left_at": leave.left_at.isoformat() if leave.left_at else "",
            "ended_at": leave.ended_at.isoformat() if leave.ended_at else "",
            "leave_ended_as": leave.ended_as,
            **details,
        },
        by=by,
    )
