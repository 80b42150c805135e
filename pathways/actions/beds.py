"""Beds held, taken, left and closed. The database refuses what must never be; this says it in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import Refused
from organisations.models import Bed, Ward
from pathways import line, rules
from pathways.actions import run_out
from pathways.bed_fit import fits_of
from pathways.line import About
from pathways.models import BedUse, KeepApart, Leave, Patient, Placement
from pathways.rules.lines import Range

Purpose = BedUse.Purpose
ENTERED_LATER = "An end was entered after it had come."


@action
def hold_bed(
    bed: Bed,
    *,
    patient: Patient,
    since: datetime,
    until: datetime,
    about: About | None,
    exception_why: str = "",
    by: Any,
) -> BedUse:
    """Hold a bed for a person for a time. When that is over the bed is free again without anybody doing anything.

    `exception_why`: why it is held although it does not fit the person; asked for only then.
    """
    patient, bed = locked_bed(patient, bed)
    rules.check_alive(patient)
    rules.check_bed_period(since, until)
    rules.check_hold_is_to_come(until, now=by.at)
    fitted = fitted_bed(bed, patient, since, until, exception_why)
    use = _use(
        bed, Purpose.HELD, since, until, patient=patient, about=about, by=by, tell_owner_at=until, **fitted
    )
    _record("pathways.bed_held", use, by=by)
    return use


@action
def extend_hold(use: BedUse, *, until: datetime, by: Any) -> BedUse:
    """Hold the same bed for longer, or for less long. What it does not fit needs the reason that was given with it."""
    use = locked_use(use)
    rules.check_use_is_hold(use)
    rules.check_bed_period(use.during.lower, until)
    rules.check_hold_is_to_come(until, now=by.at)
    assert use.patient is not None  # noqa: S101 (only a closed bed has no patient)
    fit = fits_of([use.bed], use.patient, since=use.during.lower, until=until)[use.bed_id]
    use.exceptions = rules.check_fit(fit, exception_why=use.exception_why)
    use.save(update_fields=["exceptions"])
    use = end_use(use, until, tell_owner_at=until, by=by)
    _record("pathways.bed_extended", use, by=by)
    return use


@action
def release_bed(use: BedUse, *, at: datetime, by: Any) -> BedUse:
    """Give a held bed back: a hold that has begun ends, one that has not is no longer believed."""
    use = locked_use(use)
    rules.check_use_is_hold(use)
    use = let_go(use, at, why="The bed was given back before the hold began.", by=by)
    _record("pathways.bed_released", use, by=by)
    return use


@action
def occupy_bed(
    bed: Bed,
    *,
    patient: Patient,
    at: datetime,
    time_known: bool = True,
    expected_end_at: datetime | None = None,
    about: About | None = None,
    exception_why: str = "",
    by: Any,
) -> BedUse:
    """The person sleeps in this bed from an instant; the hold has done its work, and any other bed is left.

    A reason that was given when the bed was held, or for another bed of the ward, need not be given again. Of somebody
    who is recorded to have left the service since, it is entered late, and lasts until they left.
    """
    patient, bed = locked_bed(patient, bed)
    rules.check_bed_period(at, expected_end_at)
    now = Placement.objects.open_of(patient)
    left_at = _left_since(patient, bed, at) if now and now.service_id != bed.ward.service_id else None
    if left_at is not None:
        return _enter_past_use(bed, patient, at, left_at, time_known, about, exception_why, by=by)
    rules.check_occupant_on_ward(now, bed)
    rules.check_not_away(Leave.objects.away_of(patient))
    exception_why = exception_why or _reason_given(patient, bed, at)
    fitted = fitted_bed(bed, patient, at, None, exception_why, leaves=expected_end_at)
    _use_hold(bed, patient, at, by=by)
    for use in BedUse.objects.current().filter(patient=patient):
        if use.purpose != Purpose.HELD and use.during.lower == at and use.during.upper is None:
            use.supersede(by=by, why="Another bed was taken at that moment.")
        elif use.purpose != Purpose.HELD and use.during.upper is None:
            rules.check_bed_period(use.during.lower, at)
            end_use(use, at, by=by)
    run_out.give_way(bed, at, expected_end_at, by=by)
    use = _use(
        bed,
        Purpose.OCCUPIED,
        at,
        None,
        patient=patient,
        about=about,
        by=by,
        expected_end_at=expected_end_at,
        **fitted,
    )
    _record("pathways.bed_occupied", use, at=at, time_known=time_known, by=by)
    return use


def _use_hold(bed: Bed, patient: Patient, at: datetime, *, by: Any) -> None:
    """Who has come needs their hold of the bed no longer."""
    for use in BedUse.objects.current().filter(patient=patient, bed=bed, purpose=Purpose.HELD):
        let_go(use, at, why="The person came before the hold began.", by=by)


def _left_since(patient: Patient, bed: Bed, at: datetime) -> datetime | None:
    """When somebody who was at the bed's service at an instant is recorded to have left that ward or it."""
    then = Placement.objects.current().filter(patient=patient, service=bed.ward.service_id)
    return then.filter(during__contains=at).values_list("during__endswith", flat=True).first()


def _enter_past_use(
    bed: Bed,
    patient: Patient,
    at: datetime,
    until: datetime,
    time_known: bool,
    about: About | None,
    exception_why: str,
    *,
    by: Any,
) -> BedUse:
    """Somebody slept in the bed and has left it again; whoever else is recorded in it then speaks against that."""
    fitted = fitted_bed(bed, patient, at, until, exception_why or _reason_given(patient, bed, at))
    _use_hold(bed, patient, at, by=by)
    run_out.give_way(bed, at, until, by=by)
    use = _use(bed, Purpose.OCCUPIED, at, until, patient=patient, about=about, by=by, **fitted)
    _record("pathways.bed_occupied", use, at=at, time_known=time_known, by=by)
    return use


@action
def vacate_bed(patient: Patient, *, at: datetime, by: Any) -> BedUse:
    """The person leaves the bed they are in, or that is kept for them."""
    Patient.objects.locked(patient.pk)
    use = BedUse.objects.current().occupying().filter(patient=patient, during__upper_inf=True).first()
    if use is None:
        raise Refused("This person has no bed.")
    rules.check_bed_period(use.during.lower, at)
    use = end_use(use, at, by=by)
    _record("pathways.bed_vacated", use, at=at, by=by)
    return use


@action
def take_back_bed(use: BedUse, *, why: str, by: Any) -> None:
    """The person never slept in this bed: it was recorded by mistake. Where they slept before is the line's to say.

    Whoever takes that back was asked there whether they may.
    """
    use = locked_use(use)
    rules.check_words(why, "why")
    use.supersede(by=by, why=why.strip())
    _record("pathways.bed_taken_back", use, by=by)


@action
def close_bed(bed: Bed, *, since: datetime, until: datetime | None = None, why: str, by: Any) -> BedUse:
    """Nobody can have the bed for a time, for example while its room is repaired; somebody in it leaves it before."""
    (bed,) = Bed.objects.select_for_update(no_key=True).filter(pk=bed.pk)
    rules.check_bed_period(since, until)
    rules.check_words(why, "why")
    out_of_use = BedUse.objects.current().not_in_use().filter(bed=bed)
    during = DateTimeTZRange(since, until)
    rules.check_bed_in_use(is_in_use=not out_of_use.filter(during__overlap=during).exists())
    in_it = BedUse.objects.current().occupying().filter(bed=bed)
    for use in in_it.filter(during__overlap=during):
        rules.check_can_be_closed(use, since=since, now=by.at)
    then = BedUse.objects.current().filter(bed=bed, during__overlap=during)
    rules.check_not_promised(
        is_promised=then.held().exists(), is_closed=then.filter(purpose=Purpose.CLOSED).exists()
    )
    return use_for_nobody(bed, Purpose.CLOSED, since, until, why=why, by=by)


@action
def reopen_bed(use: BedUse, *, at: datetime, by: Any) -> BedUse:
    """The bed can be had again from an instant."""
    use = locked_use(use)
    rules.check_use_is_open(use, purpose=Purpose.CLOSED, at=at)
    return let_go(use, at, why="The bed was not closed after all.", by=by)


def locked_bed(patient: Patient, bed: Bed) -> tuple[Patient, Bed]:
    """The person, then the bed: the one order of locks, with the ward between for those who are kept apart.

    Inside an action.
    """
    (patient,) = Patient.objects.locked(patient.pk)
    _hold_ward(patient, bed)
    return patient, Bed.objects.select_for_update(no_key=True, of=["self"]).select_related(
        "ward__service"
    ).get(pk=bed.pk)


def _hold_ward(patient: Patient, bed: Bed) -> None:
    """Somebody who must be kept apart from another locks the ward, and so does the other: neither comes onto it unseen.

    Nobody else waits for a ward.
    """
    if KeepApart.objects.current().of(patient).exists():
        list(Ward.objects.select_for_update(no_key=True).filter(pk=bed.ward_id))


def _reason_given(patient: Patient, bed: Bed, at: datetime) -> str:
    """Why the person has or had until now a bed of this ward that does not fit them."""
    uses = BedUse.objects.current().by_exception().filter(patient=patient, bed__ward=bed.ward_id)
    lasting = uses.filter(Q(during__upper_inf=True) | Q(during__endswith__gte=at))
    return lasting.values_list("exception_why", flat=True).first() or ""


def fitted_bed(
    bed: Bed,
    patient: Patient,
    since: datetime,
    until: datetime | None,
    exception_why: str,
    *,
    leaves: datetime | None = None,
) -> dict[str, Any]:
    """Refuse a bed that the person may not have; the exceptions made, with their reason, as they are kept."""
    fit = fits_of([bed], patient, since=since, until=until, leaves=leaves)[bed.pk]
    exceptions = rules.check_fit(fit, exception_why=exception_why)
    return {"exceptions": exceptions, "exception_why": exception_why.strip() if exceptions else ""}


def locked_use(use: BedUse) -> BedUse:
    """The use as it is now, locked after its person and its bed; inside an action."""
    if use.patient_id is not None:
        (patient,) = Patient.objects.locked(use.patient_id)
        _hold_ward(patient, use.bed)
    Bed.objects.select_for_update(no_key=True).get(pk=use.bed_id)
    uses = BedUse.objects.select_for_update(no_key=True, of=["self"])
    return uses.select_related("bed__ward__service", "patient").get(pk=use.pk)


def lock_beds_of(patient: Patient) -> None:
    """Every bed that the person is recorded in, locked in the order of the beds; inside an action."""
    for use in BedUse.objects.current().occupying().filter(patient=patient).order_by("bed_id"):
        locked_use(use)


def use_for_nobody(
    bed: Bed, purpose: str, since: datetime | None, until: datetime | None, *, why: str = "", by: Any
) -> BedUse:
    """The bed closed or not in use for a time, inside an action that has asked whether it can be."""
    return _use(bed, purpose, since, until, patient=None, about=None, by=by, why=why)


def _use(
    bed: Bed,
    purpose: str,
    since: datetime | None,
    until: datetime | None,
    *,
    patient: Patient | None,
    about: tuple[str, int | None] | None,
    by: Any,
    **more: Any,
) -> BedUse:
    kind, about_id = about or ("", None)
    return BedUse.objects.create(
        bed=bed,
        patient=patient,
        purpose=purpose,
        during=DateTimeTZRange(since, until),
        about_kind=kind,
        about_id=about_id,
        recorded_at=by.at,
        recorded_by=by.user,
        **more,
    )


def end_use(
    use: BedUse, at: datetime, *, why: str = ENTERED_LATER, tell_owner_at: datetime | None = None, by: Any
) -> BedUse:
    """Another end, inside an action. Whoever ends a hold knows that it is over, and need not be told later.

    An end that has passed is said anew, so that what was known until now can be read as it was.
    """
    if at < by.at:
        (ended,) = keep_of(use, [(use.during.lower, at)], why=why, by=by)
        return ended
    use.during = DateTimeTZRange(use.during.lower, at)
    use.tell_owner_at = tell_owner_at
    use.version += 1
    use.save(update_fields=["during", "tell_owner_at", "version"])
    return use


def keep_of(use: BedUse, left: Iterable[Range], *, why: str, by: Any) -> list[BedUse]:
    """Supersede a use and say anew what is left of it, inside an action."""
    more = {name: getattr(use, name) for name in ("exceptions", "exception_why", "why")}
    about = (use.about_kind, use.about_id) if use.about_kind else None
    use.supersede(by=by, why=why)
    return [
        _use(
            use.bed,
            use.purpose,
            since,
            until,
            patient=use.patient,
            about=about,
            expected_end_at=use.expected_end_at if until is None else None,
            by=by,
            **more,
        )
        for since, until in left
    ]


def let_go(use: BedUse, at: datetime, *, why: str, by: Any) -> BedUse:
    """End what has begun, stop believing what has not, and leave alone what is over."""
    if use.during.lower is not None and use.during.lower >= at:
        use.supersede(by=by, why=why)
    elif use.during.upper is None or use.during.upper > at:
        return end_use(use, at, by=by)
    return use


def _record(kind: str, use: BedUse, *, by: Any, at: datetime | None = None, time_known: bool = True) -> None:
    """On the person's line, as of when it happened where that is not now. How often a bed did not fit is counted there;
    why stays with the use of the bed.
    """
    if use.patient is None:  # a closed bed is on nobody's line
        return
    line.record(
        kind,
        patient=use.patient,
        occurred_at=at,
        time_known=time_known,
        about=("bed_use", use.pk),
        service=use.bed.ward.service,
        details={
            "bed": use.bed_id,
            "until": use.during.upper.isoformat() if use.during.upper else "",
            "exceptions": len(use.exceptions),
        },
        by=by,
    )
