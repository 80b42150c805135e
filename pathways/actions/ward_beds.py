"""What a service does with its own beds: hold, give back, take, move, swap, expect, close.

The acts of `pathways.actions.beds` underneath serve every floor; these are those of the bed board, and ask first
whose bed it is.
"""

from datetime import datetime
from typing import Any

import pghistory
from django.db.models import Q

from core.actions import action
from core.refusals import check_version, refusal
from organisations.models import Bed, Service, Ward
from pathways import line, rules
from pathways.actions import beds, leave_beds, placements, run_out
from pathways.models import BedUse, Patient, Placement


@action
def hold_own_bed(
    bed: Bed, *, patient: Patient, since: datetime, until: datetime, exception_why: str = "", by: Any
) -> BedUse:
    """Hold one of the service's own beds, now or for after somebody's expected departure."""
    rules.check_own_bed(acts_for_it=by.works_at(bed.ward.service_id))
    concerned = Patient.objects.concerning(bed.ward.service_id, at=by.at)
    rules.check_concerns(is_concerned=concerned.filter(pk=patient.pk).exists())
    later = BedUse.objects.current().filter(bed=bed, during__startswith__gt=since)
    rules.check_not_taken_later(is_taken=later.filter(during__startswith__lt=until).exists())
    return beds.hold_bed(
        bed, patient=patient, since=since, until=until, about=None, exception_why=exception_why, by=by
    )


@action
def change_hold(use: BedUse, *, until: datetime, version: int, by: Any) -> BedUse:
    """Hold the same bed for longer, or for less long."""
    use = _own_hold(use, by=by)
    check_version(use.version, version)
    return beds.extend_hold(use, until=until, by=by)


@action
def give_back(use: BedUse, *, by: Any) -> BedUse:
    """The bed is free again before the hold runs out."""
    use = _own_hold(use, by=by)
    return beds.release_bed(use, at=by.at, by=by)


@action
def take_bed(
    bed: Bed,
    *,
    patient: Patient,
    at: datetime,
    expected_end_at: datetime | None = None,
    exception_why: str = "",
    by: Any,
) -> BedUse:
    """Somebody who is at the service goes to a bed of it, from another bed or none; their ward goes with them.

    Somebody on trial there goes to another bed of the ward of the trial.
    """
    rules.check_own_bed(acts_for_it=by.works_at(bed.ward.service_id))
    rules.check_has_happened(at, now=by.at)
    Patient.objects.locked(patient.pk)
    return _put_into(bed, patient, at, expected_end_at, exception_why, by=by)


@action
def swap_beds(
    use: BedUse, other: BedUse, *, at: datetime, exception_why: str = "", by: Any
) -> tuple[BedUse, BedUse]:
    """Two people take each other's beds at one moment. Each keeps the departure that was expected of them.

    Both are out before either is in, so that no bed holds two people at any point of the transaction.
    """
    people = Patient.objects.locked(*filter(None, (use.patient_id, other.patient_id)))
    wards = {use.bed.ward_id, other.bed.ward_id}
    list(Ward.objects.select_for_update(no_key=True).filter(pk__in=wards).order_by("pk"))
    list(Bed.objects.select_for_update(no_key=True).filter(pk__in=[use.bed_id, other.bed_id]).order_by("pk"))
    use, other = _fresh(use), _fresh(other)
    rules.check_swap(use, other)
    rules.check_own_bed(acts_for_it=by.works_at(use.bed.ward.service_id))
    rules.check_has_happened(at, now=by.at)
    known = {person.pk: person for person in people}
    moves = [(known[use.patient_id], use, other), (known[other.patient_id], other, use)]
    for _, own, _other in moves:
        rules.check_bed_period(own.during.lower, at)
        beds.end_use(own, at, by=by)
    for person, _own_use, theirs in moves:
        if leave_beds.on_trial_at(person, theirs.bed) is None:
            _go_to_ward(person, theirs.bed, at, by=by)
    one, two = [
        _enter(theirs.bed, person, own, at, exception_why=exception_why, by=by)
        for person, own, theirs in moves
    ]
    return one, two


@action
def expect_departure(use: BedUse, *, until: datetime | None, version: int, by: Any) -> BedUse:
    """Say when the person in the bed is expected to leave it, or that nobody knows."""
    use = _own(use, by=by)
    rules.check_in_bed(use)
    check_version(use.version, version)
    rules.check_departure(until, since=use.during.lower, claimed_from=_claimed_from(use, by.at))
    return _expect(use, until, by=by)


@action
def follow_plan(
    patient: Patient, service: Service, *, until: datetime | None, planned: datetime | None = None, by: Any
) -> None:
    """Somebody's move from a hospital is planned for an instant, so they are expected to leave their bed of it then.

    Without one (None) the move is called off: what was expected for when it was `planned` is expected no more. What is
    promised for after a departure, or closed, stands: the departure stays as it is rather than going against that.
    """
    Patient.objects.locked(patient.pk)
    uses = BedUse.objects.current().occupying().filter(patient=patient, during__upper_inf=True)
    for one in uses.filter(bed__ward__service=service).order_by("bed_id"):
        use = beds.locked_use(one)
        is_meant = use.expected_end_at == planned if until is None else use.expected_end_at != until
        claimed_from = _claimed_from(use, by.at)
        if is_meant and not refusal(
            rules.check_departure, until, since=use.during.lower, claimed_from=claimed_from
        ):
            _expect(use, until, by=by)


def _claimed_from(use: BedUse, now: datetime) -> datetime | None:
    """From when the bed is held for somebody after them, or closed."""
    lasting = Q(during__upper_inf=True) | Q(during__endswith__gt=now)
    later = BedUse.objects.current().filter(lasting, bed=use.bed, during__startswith__gt=use.during.lower)
    following = later.order_by("during").first()
    return following.during.lower if following else None


def _expect(use: BedUse, until: datetime | None, *, by: Any) -> BedUse:
    run_out.give_way(use.bed, use.during.lower, until, by=by)
    assert use.patient is not None  # noqa: S101 (somebody is in it, or it is kept for them)
    use.expected_end_at = until
    use.version += 1
    use.save(update_fields=["expected_end_at", "version"])
    line.record(
        "pathways.departure_expected",
        patient=use.patient,
        about=("bed_use", use.pk),
        service=use.bed.ward.service,
        details={"bed": use.bed_id, "until": until.isoformat() if until else ""},
        by=by,
    )
    return use


@action
def close_own_bed(bed: Bed, *, since: datetime, until: datetime | None, why: str, by: Any) -> BedUse:
    """Nobody can have one of the service's own beds for a time."""
    rules.check_own_bed(acts_for_it=by.works_at(bed.ward.service_id))
    return beds.close_bed(bed, since=since, until=until, why=why, by=by)


@action
def reopen_own_bed(use: BedUse, *, at: datetime, why: str, by: Any) -> BedUse:
    """A closed bed can be had again from an instant; why is in the change history of the closure."""
    rules.check_own_bed(acts_for_it=by.works_at(use.bed.ward.service_id))
    rules.check_words(why, "why")
    with pghistory.context(why=why):
        return beds.reopen_bed(use, at=at, by=by)


def _own(use: BedUse, *, by: Any) -> BedUse:
    """The use as it is now, locked, of a bed of one's own service."""
    use = beds.locked_use(use)
    rules.check_own_bed(acts_for_it=by.works_at(use.bed.ward.service_id))
    return use


def _own_hold(use: BedUse, *, by: Any) -> BedUse:
    """A hold that still runs, of a bed of one's own service, and not with a bed date."""
    use = _own(use, by=by)
    rules.check_hold_runs(use, now=by.at)
    rules.check_not_of_a_transfer(use)
    return use


def _fresh(use: BedUse) -> BedUse:
    uses = BedUse.objects.select_for_update(no_key=True, of=["self"]).select_related("bed__ward__service")
    return uses.get(pk=use.pk)


def _go_to_ward(patient: Patient, bed: Bed, at: datetime, *, by: Any) -> None:
    """Move somebody within their service to the ward of a bed, unless they are on it."""
    placement = Placement.objects.open_of(patient)
    rules.check_occupant_on_ward(placement, bed)
    if placement is not None and placement.ward_id != bed.ward_id:
        placements.place(patient, service=bed.ward.service, ward=bed.ward, at=at, by=by)


def _enter(bed: Bed, patient: Patient, own: BedUse, at: datetime, *, exception_why: str, by: Any) -> BedUse:
    """The second half of a swap: into the other's bed, with the departure that was expected."""
    expected = own.expected_end_at if own.expected_end_at and own.expected_end_at > at else None
    return _put_into(bed, patient, at, expected, exception_why, by=by)


def _put_into(
    bed: Bed, patient: Patient, at: datetime, expected: datetime | None, exception_why: str, *, by: Any
) -> BedUse:
    trial = leave_beds.on_trial_at(patient, bed)
    if trial is not None:
        return leave_beds.change_trial_bed(
            trial, bed, at=at, expected_end_at=expected, exception_why=exception_why, by=by
        )
    _go_to_ward(patient, bed, at, by=by)
    return beds.occupy_bed(
        bed, patient=patient, at=at, expected_end_at=expected, exception_why=exception_why, by=by
    )
