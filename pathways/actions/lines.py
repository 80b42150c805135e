"""Writing a changed line of places. Beds and the right to open the person follow it; nothing is lost unseen.

Facts as known: a row is ended in place only by what happens as it is recorded. Whatever is entered later supersedes
what stood and says the rest anew, so that a figure of any past day can be reproduced as it stood.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from core.pages import listed, long_date
from core.refusals import Conflicting, refusal
from pathways import line, rules
from pathways.actions import beds, leave_beds, leave_ends, relationships, run_out
from pathways.bed_fit import fits_of
from pathways.codes import AWAY
from pathways.models import BedUse, Patient, Placement
from pathways.rules.lines import (
    Line,
    Part,
    Place,
    Range,
    Stay,
    Stretch,
    bed_at,
    joined,
    parts_given_back,
    parts_of,
    stretches,
    time_given_back,
)
from pathways.tiers import designations_of, tier_of

Rows = dict[int, Placement]


def rows_of(patient: Patient) -> Rows:
    """The placements believed now, earliest first."""
    believed = patient.placements.current().select_related("service__provider", "ward")
    return {row.pk: row for row in believed.order_by("during")}


def line_in(rows: Rows) -> Line:
    """The rows as a line of beginnings."""
    return tuple(
        Stay(
            Place(row.service_id, row.ward_id, row.elsewhere),
            row.during.lower,
            row.start_time_known,
            row.pk,
        )
        for row in rows.values()
    )


@dataclass(frozen=True)
class BedChange:
    """The use of a bed of which less is left, or that is kept where it was slept in, or the other way.

    `was_left`: the person simply moved, and with it left the bed, went away from it, or came back to it.
    """

    use: BedUse
    left: list[Part]
    was_left: bool

    @property
    def still_theirs(self) -> list[Range]:
        """The time for which the bed is theirs all the same, slept in or kept."""
        return [(part.since, part.until) for part in joined(replace(one, turned="") for one in self.left)]

    @property
    def goes_against(self) -> bool:
        """Whether something that is recorded of the bed would no longer be believed."""
        return not self.was_left and self.still_theirs != [(self.use.during.lower, self.use.during.upper)]


def bed_changes(patient: Patient, before: Line, after: Line) -> list[BedChange]:
    """The beds in which the changed line says that the person did not sleep all the time that is recorded.

    While they are away and have not moved on (`AWAY`) their bed is kept, and theirs again once they are back.
    """
    moved = after[-1] if len(after) == len(before) + 1 and after[:-1] == before else None
    uses = BedUse.objects.current().occupying().filter(patient=patient).select_related("bed__ward__service")
    return [change for use in uses.order_by("during") if (change := _bed_change(use, before, after, moved))]


def _bed_change(use: BedUse, before: Line, after: Line, moved: Stay | None) -> BedChange | None:
    during, ward = (use.during.lower, use.during.upper), (use.bed.ward.service_id, use.bed.ward_id)
    moves_now = moved is not None and during[1] is None and during[0] < moved.since
    if moves_now and moved is not None and _is_left(moved, ward, before, after):
        return BedChange(use, [Part(during[0], moved.since)], was_left=True)
    left = parts_of(during, ward, before, after)
    if left == [Part(*during)] or (moves_now and all(not part.turned for part in left)):
        return None
    return BedChange(use, left, was_left=moves_now)


def _is_left(moved: Stay, ward: tuple[int, int], before: Line, after: Line) -> bool:
    """Whether the newest move leaves a bed for good. Who comes back to the hospital comes back to their bed."""
    if moved.place.ward_id == ward[1]:
        return False
    if moved.place.elsewhere in AWAY or before[-1].place.elsewhere in AWAY:
        return not bed_at(after, moved.since, ward)
    return True


@dataclass(frozen=True)
class BedBack:
    """A bed that was left with a move that did not happen, and the time for which it is theirs again.

    `is_gone`: somebody else has it for part of that time, or it can be had no more.
    """

    use: BedUse
    since: datetime
    until: datetime | None
    is_gone: bool


def beds_back(
    patient: Patient, before: Line, after: Line, changes: list[BedChange], *, at: datetime
) -> list[BedBack]:
    """The beds in which the changed line says that the person went on sleeping."""
    uses = BedUse.objects.current().occupying().filter(patient=patient).select_related("bed__ward__service")
    left = {change.use.pk: change.left for change in changes}
    slept = [one for use in uses for one in left.get(use.pk, [Part(use.during.lower, use.during.upper)])]
    return [back for use in uses if (back := _bed_back(use, before, after, slept, at))]


def _bed_back(use: BedUse, before: Line, after: Line, slept: list[Part], at: datetime) -> BedBack | None:
    ward = (use.bed.ward.service_id, use.bed.ward_id)
    time = time_given_back((use.during.lower, use.during.upper), ward, before, after)
    if time is None:
        return None
    since, until = time
    until = min(
        [*filter(None, [until]), *(part.since for part in slept if part.since >= since)], default=None
    )
    if until is not None and until <= since:
        return None
    return BedBack(use, since, until, is_gone=_is_gone(use, since, until, at))


def _is_gone(use: BedUse, since: datetime, until: datetime | None, at: datetime) -> bool:
    assert use.patient is not None  # noqa: S101 (somebody slept in it)
    fit = fits_of([use.bed], use.patient, since=since, until=until)[use.bed_id]
    if refusal(rules.check_fit, fit, exception_why=use.exception_why):
        return True
    ran_out = Q(purpose=BedUse.Purpose.HELD, during__endswith__lte=at)
    others = BedUse.objects.current().filter(bed=use.bed_id).exclude(ran_out).exclude(pk=use.pk)
    begun = use.during.lower
    claimed = Q(claimed__overlap=DateTimeTZRange(begun, until or use.expected_end_at))
    in_it = ~Q(purpose=BedUse.Purpose.HELD) & Q(during__overlap=DateTimeTZRange(begun, until))
    return others.filter(claimed | in_it).exists()


def beds_gone(backs: list[BedBack]) -> list[str]:
    """The beds that cannot be given back, in sentences."""
    return [
        f"Bed {back.use.bed.name} of {back.use.bed.ward.name} ward, which they left with this move, "
        f"is no longer free: no bed is recorded {_range_words((back.since, back.until))}."
        for back in backs
        if back.is_gone
    ]


def check_seen(conflicts: list[str], checked: str) -> None:
    """Nothing is written against what is recorded unless these very conflicts have been seen."""
    if conflicts and Conflicting(conflicts).checked != checked:
        raise Conflicting(conflicts)


def conflicts(patient: Patient, before: Line, after: Line, changes: list[BedChange]) -> list[str]:
    """What is recorded about beds and leave and would no longer be believed, in sentences."""
    return [*bed_conflicts(changes), *leave_conflicts(patient, before, after)]


def bed_conflicts(changes: list[BedChange]) -> list[str]:
    """What is recorded about beds alone."""
    return [_bed_words(change) for change in changes if change.goes_against]


def leave_conflicts(patient: Patient, before: Line, after: Line) -> list[str]:
    """What is recorded about leave alone."""
    return leave_ends.leave_conflicts(leave_ends.leave_changes(patient, before, after))


def _bed_words(change: BedChange) -> str:
    use, bed = change.use, change.use.bed
    kept = listed(_range_words(one) for one in change.still_theirs) if change.left else ""
    where = f"ed {bed.name} of {bed.ward.name} ward, {bed.ward.service.name},"
    is_kept = use.purpose == BedUse.Purpose.LEAVE
    return (
        f"{f'B{where} is kept for them' if is_kept else f'They are recorded in b{where}'} "
        f"{_range_words((use.during.lower, use.during.upper))}. "
        + (f"Of that only {kept} would stay." if kept else "That would no longer be believed.")
    )


def _range_words(during: Range) -> str:
    since, until = during
    return f"from {long_date(since)}" + (f" to {long_date(until)}" if until else " on")


def rewrite(
    patient: Patient,
    rows: Rows,
    after: Line,
    changes: list[BedChange],
    backs: Sequence[BedBack] = (),
    *,
    why: str,
    by: Any,
) -> dict[Stay, Placement]:
    """Make the rows say what the line says, in the order that the database can follow: shrink, then grow."""
    of_leave = leave_ends.leave_changes(patient, line_in(rows), after)
    stays = {stretch: _as_it_stands(rows, stretch, by.at) for stretch in stretches(after)}
    kept = {row.pk for row in stays.values() if row is not None}
    for row in rows.values():
        if row.pk not in kept:
            row.supersede(by=by, why=why)
    for change in changes:
        _change_bed(change, why=why, by=by)
    placements = {
        stretch.stay: standing or _write(patient, stretch, by=by) for stretch, standing in stays.items()
    }
    # Other actions only now: each asks at its end whether the line has a gap.
    for stretch, standing in stays.items():
        if standing is None:
            _let_open(placements[stretch.stay], rows.get(stretch.stay.placement_id or 0), by=by)
    for gone in set(rows) - kept - {stretch.stay.placement_id for stretch in stays}:
        relationships.withdraw_relationships(about=("placement", gone), by=by)
    for change in changes:
        if not change.was_left:
            _record_bed(patient, change.use, by=by)
    for back in backs:
        if not back.is_gone:
            _give_back(patient, back, after, why=why, by=by)
    leave_ends.change_leaves(of_leave, by=by)
    return placements


def _as_it_stands(rows: Rows, stretch: Stretch, now: datetime) -> Placement | None:
    """The row that already says this, or says it once it is ended in place; None where it has to be written anew."""
    stay, row = stretch.stay, rows.get(stretch.stay.placement_id or 0)
    if row is None or (stay,) != line_in({row.pk: row}):
        return None
    if row.during.upper == stretch.until:
        return row
    # It goes on no more from this moment, or from one to come: nothing that was said before was otherwise.
    if row.during.upper is not None or stretch.until is None or stretch.until < now:
        return None
    row.during = DateTimeTZRange(row.during.lower, stretch.until)
    row.save(update_fields=["during"])
    return row


def _write(patient: Patient, stretch: Stretch, *, by: Any) -> Placement:
    stay = stretch.stay
    return Placement.objects.create(
        patient=patient,
        service_id=stay.place.service_id,
        ward_id=stay.place.ward_id,
        elsewhere=stay.place.elsewhere,
        during=DateTimeTZRange(stay.since, stretch.until),
        start_time_known=stay.time_known,
        recorded_at=by.at,
        recorded_by=by.user,
    )


def _let_open(placement: Placement, corrects: Placement | None, *, by: Any) -> None:
    """The right to open the person goes on from the row that is corrected, unless that was another service's."""
    if corrects is not None and corrects.service_id != placement.service_id:
        relationships.withdraw_relationships(about=("placement", corrects.pk), by=by)
    relationships.follow_placement(placement, instead_of=corrects.pk if corrects else None, by=by)


def _change_bed(change: BedChange, *, why: str, by: Any) -> None:
    if change.was_left and len(change.left) == 1 and (ended := change.left[0].until) is not None:
        beds.end_use(change.use, ended, why=why, by=by)
    else:
        leave_beds.follow_line(change.use, change.left, why=why, by=by)


def _give_back(patient: Patient, back: BedBack, after: Line, *, why: str, by: Any) -> None:
    use, ward = back.use, (back.use.bed.ward.service_id, back.use.bed.ward_id)
    run_out.give_way(use.bed, back.since, back.until, by=by)
    again = parts_given_back((back.since, back.until), ward, after)
    leave_beds.follow_line(use, [Part(use.during.lower, use.during.upper), *again], why=why, by=by)
    _record_bed(patient, use, by=by)


def _record_bed(patient: Patient, use: BedUse, *, by: Any) -> None:
    line.record(
        "pathways.bed_corrected",
        patient=patient,
        about=("bed_use", use.pk),
        service=use.bed.ward.service,
        details={"bed": use.bed_id},
        by=by,
    )


def codes_of_move(stay: Stay, after: Line, placements: dict[Stay, Placement]) -> dict[str, str]:
    """Which way the move to a stay goes, and whether it crosses between sectors, as codes."""
    number = after.index(stay)
    if number == 0:
        return {"direction": "", "sector_change": rules.SectorChange.NOT_BETWEEN.value}
    came_from, came_to = placements[after[number - 1]], placements[stay]
    known = designations_of([came_from.ward_id, came_to.ward_id])
    tiers = [tier_of(one, stay.since, known) for one in (came_from, came_to)]
    sectors = [rules.sector_of(one.service) for one in (came_from, came_to)]
    return {
        "direction": str(rules.direction_of(*tiers)),
        "sector_change": rules.sector_change_of(*sectors).value,
    }
