"""The beds of somebody on leave follow the leave: kept while they are away, theirs again after, another one on trial.

Each is called inside an action that has locked the person. As known: a use is ended in place only by what happens as
it is recorded; otherwise it is superseded and said anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from organisations.models import Bed
from pathways import rules
from pathways.actions import beds, run_out
from pathways.models import BedUse, Leave, Patient
from pathways.rules.leave import check_bed_of_trial, kept_from
from pathways.rules.lines import KEPT, SLEPT, Part

Purpose = BedUse.Purpose
FOLLOWS = "The bed follows the leave."


@dataclass(frozen=True)
class Piece:
    """A part of the use of a bed, as it is to be written. `use` is the one that it is a part of."""

    use: BedUse
    purpose: str
    since: datetime
    until: datetime | None
    about: tuple[str, int | None]

    @property
    def is_something(self) -> bool:
        """Whether there is any time in it."""
        return self.until is None or self.until > self.since


def kept_of(leave: Leave) -> list[BedUse]:
    """The uses of the person's own bed that are kept for this leave, in order."""
    about = BedUse.objects.current().filter(about_kind="leave", about_id=leave.pk, purpose=Purpose.LEAVE)
    return list(
        about.exclude(bed__ward=leave.to_ward_id).select_related("bed__ward__service").order_by("during")
    )


def trial_of(leave: Leave) -> list[BedUse]:
    """The uses of the bed in which the person is on trial, in order."""
    about = BedUse.objects.current().filter(about_kind="leave", about_id=leave.pk)
    return list(
        about.filter(bed__ward=leave.to_ward_id).select_related("bed__ward__service").order_by("during")
    )


def keep_bed(leave: Leave, *, by: Any) -> None:
    """Keep for the person, while they are away, whatever bed of their own they are recorded in."""
    since = kept_from(leave)
    if since is None:
        return
    until = leave.during.upper
    slept = BedUse.objects.current().filter(
        patient=leave.patient_id, purpose=Purpose.OCCUPIED, during__overlap=DateTimeTZRange(since, until)
    )
    for use in slept.exclude(pk__in=[one.pk for one in trial_of(leave)]).order_by("during"):
        _cut(use, _kept_while(use, since, until, ("leave", leave.pk)), by=by)


def _kept_while(
    use: BedUse, since: datetime, until: datetime | None, about: tuple[str, int | None]
) -> list[Piece]:
    """A use in three: slept in, kept, slept in again."""
    begins, ends = use.during.lower, use.during.upper
    own = (use.about_kind, use.about_id)
    kept_until = until if ends is None else ends if until is None else min(until, ends)
    pieces = [
        Piece(use, Purpose.OCCUPIED, begins, since, own),
        Piece(use, Purpose.LEAVE, max(since, begins), kept_until, about),
    ]
    if until is not None:
        pieces.append(Piece(use, Purpose.OCCUPIED, until, ends, own))
    return pieces


def give_trial_bed(leave: Leave, bed: Bed, *, exception_why: str, by: Any) -> BedUse:
    """Somebody on trial sleeps in a bed of the other ward. Their promise of it has done its work."""
    patient, bed = beds.locked_bed(leave.patient, bed)
    since, until = leave.during.lower, leave.during.upper
    due = leave.due_back_at if leave.due_back_at and leave.due_back_at > since else None
    fitted = beds.fitted_bed(bed, patient, since, until, exception_why, leaves=due)
    for use in BedUse.objects.current().held().filter(patient=patient, bed=bed):
        beds.let_go(use, since, why="The person came before the hold began.", by=by)
    run_out.give_way(bed, since, until or due, by=by)
    return _write(bed, patient.pk, Purpose.OCCUPIED, since, until, ("leave", leave.pk), by=by, **fitted)


def on_trial_at(patient: Patient, bed: Bed) -> Leave | None:
    """The trial on which somebody is at the service of a bed, if they are."""
    leave = Leave.objects.away_of(patient)
    is_there = leave is not None and leave.to_ward and leave.to_ward.service_id == bed.ward.service_id
    return leave if is_there and leave.absent_since is None else None


def change_trial_bed(
    leave: Leave, bed: Bed, *, at: datetime, expected_end_at: datetime | None, exception_why: str, by: Any
) -> BedUse:
    """Somebody on trial goes to another bed of that ward; the bed that is kept for them stays as it is."""
    patient, bed = beds.locked_bed(leave.patient, bed)
    check_bed_of_trial(bed, leave.to_ward)
    about = ("leave", leave.pk)
    for use in trial_of(leave):
        if use.during.upper is None:
            rules.check_bed_period(use.during.lower, at)
            exception_why = exception_why or use.exception_why
            _cut(use, [Piece(use, use.purpose, use.during.lower, at, about)], by=by)
    fitted = beds.fitted_bed(bed, patient, at, None, exception_why, leaves=expected_end_at)
    for held in BedUse.objects.current().held().filter(patient=patient, bed=bed):
        beds.let_go(held, at, why="The person came before the hold began.", by=by)
    run_out.give_way(bed, at, expected_end_at, by=by)
    expected = {"expected_end_at": expected_end_at}
    return _write(bed, patient.pk, Purpose.OCCUPIED, at, None, about, by=by, **expected, **fitted)


def is_promised(bed: Bed, patient_id: int, at: datetime) -> bool:
    """Whether the bed is held for somebody at an instant: then its ward has given it."""
    held = BedUse.objects.current().held().filter(bed=bed, patient=patient_id)
    return held.filter(during__contains=at).exists()


def miss_from_trial(leave: Leave, since: datetime, *, by: Any) -> None:
    """The bed of a trial is kept, too, from when somebody is absent from it."""
    for use in trial_of(leave):
        if use.purpose == Purpose.OCCUPIED and use.during.upper is None:
            about = (use.about_kind, use.about_id)
            pieces = [
                Piece(use, Purpose.OCCUPIED, use.during.lower, since, about),
                Piece(use, Purpose.LEAVE, since, None, about),
            ]
            _cut(use, pieces, by=by)


def settle_in(leave: Leave, at: datetime, *, by: Any) -> None:
    """The bed that they are left with by a move is simply theirs from then: of the trial, or the one that was kept."""
    for use in [*trial_of(leave), *kept_of(leave)]:
        if use.during.upper is None and use.during.lower < at:
            is_trial = use.bed.ward_id == leave.to_ward_id
            pieces = [
                Piece(use, use.purpose, use.during.lower, at, (use.about_kind, use.about_id)),
                Piece(use, Purpose.OCCUPIED, at, None, ("", None) if is_trial else _about_before(use)),
            ]
            _cut(use, pieces, by=by)


def take_back_bed(leave: Leave, at: datetime, *, by: Any) -> bool:
    """They are back: in their own bed if it was kept, and out of that of the trial. Answers whether one was kept."""
    for use in trial_of(leave):
        if use.during.upper is None:
            _cut(use, [Piece(use, use.purpose, use.during.lower, at, (use.about_kind, use.about_id))], by=by)
    kept = [use for use in kept_of(leave) if use.during.upper is None]
    for use in kept:
        pieces = [
            Piece(use, Purpose.LEAVE, use.during.lower, at, ("leave", leave.pk)),
            Piece(use, Purpose.OCCUPIED, at, None, _about_before(use)),
        ]
        _cut(use, pieces, by=by)
    return bool(kept) or kept_from(leave) is None


def lift(leave: Leave, *, why: str, by: Any) -> list[BedUse]:
    """The beds as if the person had never left. Answers what is no longer believed of the bed of the trial."""
    tried = trial_of(leave)
    for use in tried:
        use.supersede(by=by, why=why)
    for use in kept_of(leave):
        before, after = _beside(use, upper=use.during.lower), None
        if use.during.upper is not None:
            after = _beside(use, lower=use.during.upper)
        since = before.during.lower if before else use.during.lower
        last = after or use
        for one in filter(None, (before, use, after)):
            one.supersede(by=by, why=why)
        about = _about_before(use, before)
        whole = Piece(use, Purpose.OCCUPIED, since, last.during.upper, about)
        _write_piece(whole, by=by)
    return tried


def try_again(leave: Leave, tried: list[BedUse], *, by: Any) -> None:
    """The beds of the trial again, each from when they came to it, over the leave as it now stands."""
    about, until = ("leave", leave.pk), leave.during.upper
    slept = [use for use in tried if use.purpose == Purpose.OCCUPIED]
    left = leave.absent_since or until
    pieces = []
    for number, use in enumerate(slept):
        begins = use.during.lower if number else leave.during.lower
        ends = slept[number + 1].during.lower if number + 1 < len(slept) else left
        if ends is not None and left is not None:
            ends = min(ends, left)
        pieces.append(Piece(use, Purpose.OCCUPIED, begins, ends, about))
    pieces = [piece for piece in pieces if piece.is_something]
    if leave.absent_since and pieces:
        pieces.append(Piece(pieces[-1].use, Purpose.LEAVE, leave.absent_since, until, about))
    for piece in pieces:
        _write_piece(piece, by=by)


def follow_line(use: BedUse, parts: Iterable[Part], *, why: str, by: Any) -> None:
    """Write what the line of places leaves of a bed: kept while they are away and have not moved on, else slept in."""
    _cut(use, _alike([_as_turned(use, part) for part in parts]), why=why, by=by)


def _as_turned(use: BedUse, part: Part) -> Piece:
    """A bed that is kept without being kept for a leave is kept for somebody who is in another place for a time."""
    purpose, about = use.purpose, (use.about_kind, use.about_id)
    is_of_leave = use.about_kind == "leave"
    if part.turned == KEPT:
        purpose, about = Purpose.LEAVE, _about_before(use) if is_of_leave else about
    elif part.turned == SLEPT and not is_of_leave:
        # They did not go away from the leave on which they were, or not then.
        kept = _beside(use, Purpose.LEAVE, upper=use.during.lower) if part.since == use.during.lower else None
        goes_on = kept is not None and kept.about_kind == "leave"
        purpose = Purpose.LEAVE if goes_on else Purpose.OCCUPIED
        about = (kept.about_kind, kept.about_id) if kept is not None and goes_on else about
    return Piece(use, purpose, part.since, part.until, about)


def _alike(pieces: list[Piece]) -> list[Piece]:
    """Pieces that follow each other and are alike made one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and (last.until, last.purpose, last.about) == (piece.since, piece.purpose, piece.about):
            found[-1] = replace(last, until=piece.until)
        else:
            found.append(piece)
    return found


def _beside(use: BedUse, purpose: str = Purpose.OCCUPIED, **bound: datetime) -> BedUse | None:
    """The person's own use of the same bed, of sleeping in it unless said, that ends or begins where a use does."""
    ((which, at),) = bound.items()
    where = {"during__endswith": at} if which == "upper" else {"during__startswith": at}
    slept = BedUse.objects.current().filter(patient=use.patient_id, bed=use.bed_id, purpose=purpose, **where)
    return slept.first()


def _about_before(use: BedUse, before: BedUse | None = None) -> tuple[str, int | None]:
    """What the person had the bed for before it was kept."""
    before = before or _beside(use, upper=use.during.lower)
    return (before.about_kind, before.about_id) if before else ("", None)


def _cut(use: BedUse, pieces: Iterable[Piece], *, why: str = FOLLOWS, by: Any) -> None:
    """Write the parts of a use in its place; the first stays the row that it is where it ends only now."""
    left = [piece for piece in pieces if piece.is_something]
    ends_now = left[0].until if left and _begins_as(use, left[0]) and use.during.upper is None else None
    if ends_now is not None and ends_now >= by.at:
        beds.end_use(use, ends_now, by=by)
        left = left[1:]
    else:
        use.supersede(by=by, why=why)
    for piece in left:
        _write_piece(piece, by=by)


def _begins_as(use: BedUse, piece: Piece) -> bool:
    return (piece.purpose, piece.since) == (use.purpose, use.during.lower)


def _write_piece(piece: Piece, *, by: Any) -> BedUse:
    """A part of a use, which fits the person as far as the whole did. It is expected to end while it goes on."""
    use = piece.use
    expected = use.expected_end_at if piece.until is None else None
    return _write(
        use.bed,
        use.patient_id,
        piece.purpose,
        piece.since,
        piece.until,
        piece.about,
        by=by,
        expected_end_at=expected if expected and expected > piece.since else None,
        exceptions=use.exceptions,
        exception_why=use.exception_why,
    )


def _write(
    bed: Bed,
    patient_id: int | None,
    purpose: str,
    since: datetime,
    until: datetime | None,
    about: tuple[str, int | None],
    *,
    by: Any,
    **more: Any,
) -> BedUse:
    return BedUse.objects.create(
        bed=bed,
        patient_id=patient_id,
        purpose=purpose,
        during=DateTimeTZRange(since, until),
        about_kind=about[0],
        about_id=about[1],
        recorded_at=by.at,
        recorded_by=by.user,
        **more,
    )
