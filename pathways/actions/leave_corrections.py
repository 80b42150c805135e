"""Leave put right, whatever ended it: what was agreed, its times, how it ended, or that it never was.

What stood is kept as a row that is no longer believed, with who and why.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.pages import date_and_time
from core.refusals import Refused, check_version
from pathways import rules
from pathways.actions import authorities, beds, leave_beds, lines
from pathways.actions.leave import Terms, check_terms, held_leave, note_leave, there_during
from pathways.actions.leave_ends import close_relationships, correct_row, record_leave_event, show_to_ward
from pathways.models import BedUse, Leave
from pathways.rules import leave as of_leave
from pathways.rules.leave import BACK, NOT_BACK, Ending, Verb


@action
def correct_leave(
    leave: Leave,
    *,
    terms: Terms,
    planned_from: datetime | None = None,
    left_at: datetime | None = None,
    returned_at: datetime | None = None,
    how: str = "",
    recall_why: str = "",
    version: int,
    why: str,
    checked: str = "",
    by: Any,
) -> Leave:
    """Put right what is recorded of a leave; its beds follow. A plan is asked again for its authority.

    `how`: that they returned, were recalled, or were not back (`HOW_ENDED`); empty as it stands. Another ending than
    a move says, or than what was recorded after a return, is shown before it is written (`checked`: see Conflicting).
    """
    leave = held_leave(leave, Verb.CORRECT, by=by)
    check_version(leave.version, version)
    rules.check_words(why, "why")
    planned_from = planned_from or leave.planned_from
    changes: dict[str, Any] = {"planned_from": planned_from}
    if leave.during is None and planned_from is not None:
        of_leave.check_plan(planned_from, terms.due_back_at, now=by.at)
        check_terms(leave.patient, planned_from, terms)
    else:
        ends = end_as_said(leave, returned_at, how)
        changes |= _times(leave, left_at, ends, recall_why, by=by)
    of_leave.check_kind(terms.kind, terms.to_ward, None)
    if (terms.to_ward.pk if terms.to_ward else None) != leave.to_ward_id:
        raise Refused("Another ward is another leave. Cancel or remove this one first.", "to_ward")
    beds.lock_beds_of(leave.patient)
    if leave.during is not None:
        lines.check_seen(_against(leave, terms.kind, ends), checked)
    _rewrite(leave, {**terms.columns(), **changes}, why=why.strip(), by=by)
    record_leave_event("pathways.leave_corrected", leave, at=by.at, by=by)
    return leave


@action
def remove_leave(leave: Leave, *, why: str, by: Any) -> Leave:
    """They never left: nothing of it is believed any more, and their bed was theirs all the time."""
    leave = held_leave(leave, Verb.REMOVE, by=by)
    rules.check_words(why, "why")
    leave_beds.lift(leave, why=why.strip(), by=by)
    leave.supersede(by=by, why=why.strip())
    close_relationships(leave, at=by.at, by=by)
    authorities.take_back_missing(leave.patient, about=("leave", leave.pk), by=by)
    record_leave_event("pathways.leave_removed", leave, at=by.at, by=by)
    return leave


def end_as_said(leave: Leave, returned_at: datetime | None, how: str) -> Ending:
    """When and as what a leave that was taken ended, as somebody says now; what they leave out stays."""
    of_leave.check_end_can_be_said(leave, how, returned_at)
    how = how or of_leave.how_it_ended(leave)
    if how == NOT_BACK:
        if leave.ended_as not in BACK:
            return Ending(leave.during.upper, leave.ended_as)
        return of_leave.ending_by(leave, lines.line_in(lines.rows_of(leave.patient)), is_back=False)
    back = returned_at or (leave.during.upper if leave.ended_as in BACK else None)
    if how and back is None:
        raise Refused("Say when they were back.", "back_on")
    return Ending(back, how)


def _times(
    leave: Leave, left_at: datetime | None, ends: Ending, recall_why: str, *, by: Any
) -> dict[str, Any]:
    """The times and the end as they should stand; those that are not given stay."""
    left = left_at or leave.during.lower
    if (left, ends) == (leave.during.lower, Ending(leave.during.upper, leave.ended_as)):
        return _recalled(leave, ends, recall_why)
    there_during(leave.patient, left, ends.at)
    rules.check_has_happened(left, now=by.at)
    if ends.at is not None:
        rules.check_has_happened(ends.at, now=by.at)
        of_leave.check_return(ends.at, left_at=left, absent_since=leave.absent_since)
    if leave.absent_since:
        of_leave.check_absence(leave.absent_since, left_at=left)
    during = DateTimeTZRange(left, ends.at)
    return {"during": during, "ended_as": ends.ended_as, **_recalled(leave, ends, recall_why)}


def _recalled(leave: Leave, ends: Ending, recall_why: str) -> dict[str, str]:
    """Why they were called back, which only a recall has."""
    why = recall_why.strip() or (leave.ended_why if ends.ended_as == leave.ended_as else "")
    if ends.ended_as == "recalled":
        rules.check_words(why, "recall_why")
        return {"ended_why": why}
    return {"ended_why": ""}


def _against(leave: Leave, kind: str, ends: Ending) -> list[str]:
    """What is recorded and goes against another end than stands, in sentences. Another time of a return is none."""
    was_back, is_back = leave.ended_as in BACK, ends.ended_as in BACK
    if was_back == is_back:
        return []
    ended = date_and_time(leave.during.upper)
    if is_back:
        back = date_and_time(ends.at)
        return [
            f"They are recorded as away when they moved or died, {ended}. They would be back from {back}."
        ]
    away = f"be away until they moved or died, {date_and_time(ends.at)}" if ends.at else "still be away"
    sentences = [f"They are recorded as back since {ended}. They would {away}."]
    if kind in of_leave.KEEPS_BED or leave.absent_since:
        sentences += [_slept_words(use) for use in _slept_since(leave, ends)]
    return sentences


def _slept_since(leave: Leave, ends: Ending) -> list[BedUse]:
    """The beds in which they are recorded during the time for which they would not be back."""
    away = DateTimeTZRange(leave.during.upper, ends.at)
    uses = BedUse.objects.current().filter(patient=leave.patient_id, purpose=BedUse.Purpose.OCCUPIED)
    rows = uses.filter(during__overlap=away).exclude(Q(about_kind="leave", about_id=leave.pk))
    return list(rows.select_related("bed__ward").order_by("during"))


def _slept_words(use: BedUse) -> str:
    until = f" to {date_and_time(use.during.upper)}" if use.during.upper else " on"
    return (
        f"They are recorded in bed {use.bed.name} of {use.bed.ward.name} ward "
        f"from {date_and_time(use.during.lower)}{until}. It would be kept for them instead."
    )


def _rewrite(leave: Leave, changes: dict[str, Any], *, why: str, by: Any) -> None:
    """The leave as it should stand, with what stood kept. Its beds are laid again where their times are others."""
    moves_beds = leave.during is not None and (
        changes.get("during", leave.during) != leave.during or changes["kind"] != leave.kind
    )
    opens_again = leave.ended_as != "" and changes.get("ended_as", leave.ended_as) == ""
    tried = leave_beds.lift(leave, why=why, by=by) if moves_beds else []
    correct_row(leave, why=why, by=by, **changes)
    if moves_beds:
        leave_beds.keep_bed(leave, by=by)
        leave_beds.try_again(leave, tried, by=by)
        note_leave(leave, by=by)
    if opens_again:
        show_to_ward(leave, by=by)
