"""Writing a changed line of places. Beds and the right to open the person follow it; nothing is lost unseen.

Facts as known: a row is ended in place only by what happens as it is recorded. Whatever is entered later supersedes
what stood and says the rest anew, so that a figure of any past day can be reproduced as it stood.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.pages import long_date
from core.refusals import Conflicting
from pathways import line, rules
from pathways.actions import beds, relationships
from pathways.models import BedUse, Patient, Placement
from pathways.rules.lines import Line, Place, Range, Stay, Stretch, stretches, without_time_elsewhere
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
    """The use of a bed of which less is left. `was_left`: the person simply left the bed by moving."""

    use: BedUse
    left: list[Range]
    was_left: bool


def bed_changes(patient: Patient, before: Line, after: Line) -> list[BedChange]:
    """The beds in which the changed line says that the person did not sleep all the time that is recorded."""
    moved = after[-1] if len(after) == len(before) + 1 and after[:-1] == before else None
    uses = BedUse.objects.current().occupying().filter(patient=patient).select_related("bed__ward__service")
    return [change for use in uses.order_by("during") if (change := _bed_change(use, before, after, moved))]


def _bed_change(use: BedUse, before: Line, after: Line, moved: Stay | None) -> BedChange | None:
    during = (use.during.lower, use.during.upper)
    if moved is not None and during[1] is None and during[0] < moved.since:
        stays = moved.place.ward_id == use.bed.ward_id
        return None if stays else BedChange(use, [(during[0], moved.since)], was_left=True)
    left = without_time_elsewhere(during, (use.bed.ward.service_id, use.bed.ward_id), before, after)
    return None if left == [during] else BedChange(use, left, was_left=False)


def check_seen(conflicts: list[str], checked: str) -> None:
    """Nothing is written against what is recorded unless these very conflicts have been seen."""
    if conflicts and Conflicting(conflicts).checked != checked:
        raise Conflicting(conflicts)


def bed_conflicts(changes: list[BedChange]) -> list[str]:
    """What is recorded about beds and would no longer be believed, in sentences."""
    return [_bed_words(change) for change in changes if not change.was_left]


def _bed_words(change: BedChange) -> str:
    use, bed = change.use, change.use.bed
    kept = " and ".join(_range_words(one) for one in change.left)
    return (
        f"They are recorded in bed {bed.name} of {bed.ward.name} ward, {bed.ward.service.name}, "
        f"{_range_words((use.during.lower, use.during.upper))}. "
        + (f"Of that only {kept} would stay." if kept else "That would no longer be believed.")
    )


def _range_words(during: Range) -> str:
    since, until = during
    return f"from {long_date(since)}" + (f" to {long_date(until)}" if until else " on")


def rewrite(
    patient: Patient, rows: Rows, after: Line, changes: list[BedChange], *, why: str, by: Any
) -> dict[Stay, Placement]:
    """Make the rows say what the line says, in the order that the database can follow: shrink, then grow."""
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
    if change.was_left and (ended := change.left[0][1]) is not None:
        beds.end_use(change.use, ended, why=why, by=by)
    else:
        beds.keep_of(change.use, change.left, why=why, by=by)


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
