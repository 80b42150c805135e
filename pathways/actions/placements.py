"""Where a person is: every move ends one placement and begins the next, so the line has no gap."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from core.actions import action
from core.pages import date_and_time, long_date
from core.refusals import Refused
from organisations.models import Service, Ward
from pathways import line, rules
from pathways.actions import acts_of_places, beds, law, lines, ready, relationships
from pathways.codes import Elsewhere
from pathways.days import london_date
from pathways.models import Patient, Placement
from pathways.rules.lines import Line, Place, Stay, stretches
from pathways.whereabouts import stays_in

ENTERED_LATER = "A move was entered after it had happened."


@action
def place(
    patient: Patient,
    *,
    service: Service | None = None,
    elsewhere: str = "",
    ward: Ward | None = None,
    at: datetime,
    time_known: bool = True,
    checked: str = "",
    by: Any,
) -> Placement:
    """Move the person to a service or elsewhere from an instant, which may lie before moves already recorded.

    Those stand, and so do beds, unless whoever acts has seen what goes against them (`checked`: see Conflicting).
    A bed on another ward is left at the moment of the newest move.
    """
    Patient.objects.locked(patient.pk)
    stay = _stay(service, ward, elsewhere, at, time_known, by=by)
    return _move(patient, lines.rows_of(patient), stay, service, ward, checked=checked, by=by)


@action
def record_place(
    patient: Patient,
    *,
    service: Service | None = None,
    elsewhere: str = "",
    ward: Ward | None = None,
    at: datetime,
    time_known: bool = True,
    checked: str = "",
    by: Any,
) -> Placement:
    """Say where the person is or was, as somebody of a service that has them, had them then or received them.

    What leaving a hospital so is in law (transfer, remission, discharge) is marked where its authority is missing.
    """
    Patient.objects.locked(patient.pk)
    rules.check_not_death(elsewhere)
    stay = _stay(service, ward, elsewhere, at, time_known, by=by)
    rows = lines.rows_of(patient)
    known = lines.line_in(rows)
    _check_may_place(known, at, service, by=by)
    rules.check_goes_somewhere(rules.line_with(known, stay), stay)
    placement = _move(patient, rows, stay, service, ward, checked=checked, by=by)
    acts_of_places.note_act(patient, known, stay, placement, by=by)
    return placement


@action
def correct_placement(
    placement: Placement,
    *,
    at: datetime | None = None,
    time_known: bool = True,
    service: Service | None = None,
    ward: Ward | None = None,
    elsewhere: str = "",
    why: str,
    checked: str = "",
    by: Any,
) -> Placement:
    """Put right when somebody came to a place, or which place it was. What stood is kept, with who and why.

    A service or elsewhere takes the place of what stood, its ward with it; a ward alone is another ward there.
    """
    patient = placement.patient
    Patient.objects.locked(patient.pk)
    rules.check_words(why, "why")
    rows = lines.rows_of(patient)
    before = lines.line_in(rows)
    rules.check_can_be_corrected(before, placement.pk)
    old = next(stay for stay in before if stay.placement_id == placement.pk)
    if service is None and not elsewhere:
        service, elsewhere = rows[placement.pk].service, old.place.elsewhere
        ward = ward or rows[placement.pk].ward
    rules.check_place(service, elsewhere, ward)
    rules.check_not_death(elsewhere)
    new = replace(old, place=_place(service, ward, elsewhere))
    if at is not None:
        rules.check_has_happened(at, time_known=time_known, now=by.at)
        new = replace(new, since=at, time_known=time_known)
    after = tuple(new if stay == old else stay for stay in before)
    _check_correction(before, after, old, new)
    if new.place.service_id != old.place.service_id:
        rules.check_may_be_there(after, new, service)
    _check_may_place(before, old.since, service, by=by)
    changes = lines.bed_changes(patient, before, after)
    beds.lock_beds_of(patient)
    backs = lines.beds_back(patient, before, after, changes, at=by.at)
    lost = [*lines.beds_gone(backs), *_ready_conflicts(patient, rows, after, service)]
    lines.check_seen([*lines.conflicts(patient, before, after, changes), *lost], checked)
    placements = lines.rewrite(patient, rows, after, changes, backs, why=why.strip(), by=by)
    _record("pathways.placement_corrected", new, after, placements, corrects=old, by=by)
    acts_of_places.note_corrected(placement, before, new, placements[new], by=by)
    law.follow_law(patient, on=by.today, corrected=True, by=by)
    ready.follow_places(patient, by=by)
    return placements[new]


@action
def remove_placement(placement: Placement, *, why: str, checked: str = "", by: Any) -> None:
    """They never came there: where they were before goes on until the next move. What stood is kept, with why."""
    patient = placement.patient
    Patient.objects.locked(patient.pk)
    rules.check_words(why, "why")
    rows = lines.rows_of(patient)
    before = lines.line_in(rows)
    rules.check_can_be_corrected(before, placement.pk)
    after = rules.line_without(before, placement.pk)
    rules.check_leaves_a_line(after)
    _check_may_place(before, placement.during.lower, None, by=by)
    changes = lines.bed_changes(patient, before, after)
    beds.lock_beds_of(patient)
    backs = lines.beds_back(patient, before, after, changes, at=by.at)
    lost = [*lines.beds_gone(backs), *_ready_conflicts(patient, rows, after)]
    lines.check_seen([*lines.conflicts(patient, before, after, changes), *lost], checked)
    lines.rewrite(patient, rows, after, changes, backs, why=why.strip(), by=by)
    _record_removed(rows[placement.pk], by=by)
    acts_of_places.take_back_act(rows[placement.pk], by=by)
    law.follow_law(patient, on=by.today, corrected=True, by=by)
    ready.follow_places(patient, by=by)


@action
def take_back_place(patient: Patient, *, why: str, by: Any) -> None:
    """The last move came with something recorded by mistake, an end or a death: where they were before goes on.

    Whoever takes that back was asked there whether they may. A bed that was left with the move is theirs again where
    nobody else has it.
    """
    Patient.objects.locked(patient.pk)
    rules.check_words(why, "why")
    rows = lines.rows_of(patient)
    before = lines.line_in(rows)
    last = before[-1].placement_id or 0
    after = rules.line_without(before, last)
    rules.check_leaves_a_line(after)
    changes = lines.bed_changes(patient, before, after)
    if lines.conflicts(patient, before, after, changes):
        raise Refused(
            "The person has slept in a bed there since. Put their place right on their own page first."
        )
    beds.lock_beds_of(patient)
    backs = lines.beds_back(patient, before, after, changes, at=by.at)
    lines.rewrite(patient, rows, after, changes, backs, why=why.strip(), by=by)
    _record_removed(rows[last], by=by)
    acts_of_places.take_back_act(rows[last], by=by)
    law.follow_law(patient, on=by.today, corrected=True, by=by)
    ready.follow_places(patient, by=by)


def _stay(
    service: Service | None, ward: Ward | None, elsewhere: str, at: datetime, time_known: bool, *, by: Any
) -> Stay:
    rules.check_place(service, elsewhere, ward)
    rules.check_has_happened(at, time_known=time_known, now=by.at)
    return Stay(_place(service, ward, elsewhere), at, time_known)


def _move(
    patient: Patient,
    rows: lines.Rows,
    stay: Stay,
    service: Service | None,
    ward: Ward | None,
    *,
    checked: str,
    by: Any,
) -> Placement:
    """Write one more beginning into the line of a person who is locked."""
    before = lines.line_in(rows)
    rules.check_can_be_moved(before)
    rules.check_time_tells_order(before, stay)
    after = rules.line_with(before, stay)
    if not before or before[-1].place.service_id != stay.place.service_id:
        rules.check_may_be_there(after, stay, service)
    if after[-1] != stay:
        rules.check_goes_somewhere(after, stay)
    changes = lines.bed_changes(patient, before, after)
    against = [*_later_records(rows, after, stay, service, ward), *lines.bed_conflicts(changes)]
    # A death ends leave and waiting on its day, whatever was said of them since.
    if stay.place.elsewhere != Elsewhere.DIED:
        against += lines.leave_conflicts(patient, before, after)
        against += _ready_conflicts(patient, rows, after, service)
    lines.check_seen(against, checked)
    placements = lines.rewrite(patient, rows, after, changes, why=ENTERED_LATER, by=by)
    _end_opening(before, after, placements, by=by)
    _record("pathways.placed", stay, after, placements, by=by)
    law.follow_law(patient, on=london_date(stay.since), by=by)
    ready.follow_places(patient, by=by)
    return placements[stay]


def beds_not_given_back(patient: Patient, *, at: datetime) -> list[str]:
    """The beds that would not be theirs again if the last move were taken back, in sentences."""
    before = lines.line_in(lines.rows_of(patient))
    after = rules.line_without(before, before[-1].placement_id or 0)
    changes = lines.bed_changes(patient, before, after)
    return lines.beds_gone(lines.beds_back(patient, before, after, changes, at=at))


def _record_removed(removed: Placement, *, by: Any) -> None:
    line.record(
        "pathways.placement_removed",
        patient=removed.patient,
        occurred_at=removed.during.lower,
        time_known=removed.start_time_known,
        about=("placement", removed.pk),
        service=removed.service,
        details={"elsewhere": removed.elsewhere, "corrects": removed.pk},
        by=by,
    )


def _place(service: Service | None, ward: Ward | None, elsewhere: str) -> Place:
    return Place(service.pk if service else None, ward.pk if ward else None, elsewhere)


def _check_correction(before: Line, after: Line, old: Stay, new: Stay) -> None:
    if new == old:
        raise Refused("Nothing is different from what is recorded. Change something, or go back.")
    rules.check_time_tells_order(before, new)
    rules.check_sorted(after)
    if new.place != old.place:
        rules.check_goes_somewhere(after, new)


def _check_may_place(known: Line, at: datetime, service: Service | None, *, by: Any) -> None:
    """The services concerned: where the person is now, was just before and then, and is said to be."""
    then = [stay for stay in known if stay.since <= at][-2:]
    concerned = [stay.place.service_id for stay in (*then, *known[-1:])] + [service.pk if service else None]
    rules.check_may_place([one for one in concerned if one is not None], acts_for=by.service_ids)


def _later_records(
    rows: lines.Rows,
    after: Line,
    stay: Stay,
    service: Service | None,
    ward: Ward | None,
) -> list[str]:
    """What is recorded after a move that is entered late, and how the two go together, in a sentence."""
    later = after[after.index(stay) + 1 :]
    if not later:
        return []
    here = _words(service, ward, stay.place.elsewhere)
    following = rows[later[0].placement_id or 0]
    there = _words(following.service, following.ward, following.elsewhere)
    sentence = (
        f"On {_when(later[0])} they are recorded as {there}; "
        f"this move would record them as {here} from {_when(stay)} until then."
    )
    if len(later) > 1:
        sentence += (
            f" {len(later) - 1} later {'move stays' if len(later) == 2 else 'moves stay'} as recorded."
        )
    return [sentence]


def _ready_conflicts(
    patient: Patient, rows: lines.Rows, after: Line, service: Service | None = None
) -> list[str]:
    """What is recorded about being ready to move on and does not go with the line as it would be."""
    services = {row.service_id: row.service for row in rows.values() if row.service_id and row.service}
    if service is not None:
        services[service.pk] = service
    return ready.lost_by(patient, lambda: stays_in(after, services))


def _when(stay: Stay) -> str:
    return (date_and_time if stay.time_known else long_date)(stay.since)


def _words(service: Service | None, ward: Ward | None, elsewhere: str) -> str:
    if service is None:
        return f"“{Elsewhere(elsewhere).label.lower()}”"
    return f"at {service.name}, {ward.name} ward" if ward else f"at {service.name}"


def _end_opening(before: Line, after: Line, placements: dict[Stay, Placement], *, by: Any) -> None:
    """A placement that ended in place ends its service's right to open the person after the grace."""
    ended = {stretch.stay: stretch.until for stretch in stretches(after)}
    for stay in before[-1:]:
        until = ended[stay]
        if until is not None and placements[stay].pk == stay.placement_id:
            relationships.end_relationships(about=("placement", placements[stay].pk), at=until, by=by)


def _record(
    kind: str,
    stay: Stay,
    after: Line,
    placements: dict[Stay, Placement],
    *,
    corrects: Stay | None = None,
    by: Any,
) -> None:
    placement = placements[stay]
    details: dict[str, Any] = {
        "elsewhere": placement.elsewhere,
        **lines.codes_of_move(stay, after, placements),
    }
    if corrects is not None:
        details["corrects"] = corrects.placement_id
    if corrects is not None and corrects.since != stay.since:
        days = [london_date(one.since).isoformat() for one in (corrects, stay)]
        details |= {"before": days[0], "now": days[1]}
    line.record(
        kind,
        patient=placement.patient,
        occurred_at=stay.since,
        time_known=stay.time_known,
        about=("placement", placement.pk),
        service=placement.service,
        details=details,
        by=by,
    )
