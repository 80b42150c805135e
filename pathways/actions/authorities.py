"""Authorities for what is planned, and what was recorded without one."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from organisations.models import Service
from pathways import line, rules
from pathways.days import at
from pathways.line import About
from pathways.models import Authority, LegalStatus, MissingAuthority, Patient, Placement

DAY = timedelta(days=1)

DID_NOT_HAPPEN = "It was recorded by mistake and did not happen."


@action
def record_authority(
    patient: Patient,
    *,
    kind: str,
    scope: Iterable[str],
    since: date,
    last_day: date | None = None,
    conditions: str = "",
    reference: str = "",
    hospital: Service | None = None,
    by: Any,
) -> Authority:
    """Record an authority for some acts during some days. Acts that lacked it are settled by it."""
    Patient.objects.locked(patient.pk)
    authority = _made(
        patient,
        kind=kind,
        scope=scope,
        since=since,
        last_day=last_day,
        conditions=conditions,
        reference=reference,
        hospital=hospital,
        by=by,
    )
    _record("pathways.authorised", authority, on=since, by=by)
    _settle_by(authority, by=by)
    return authority


@action
def end_authority(authority: Authority, *, last_day: date, why: str, by: Any) -> Authority:
    """The authority ends sooner than was said, or at all: withdrawn, or no longer needed."""
    _held(authority)
    rules.check_words(why, "why")
    rules.check_authority_ends(authority.during, last_day)
    ended = _again(authority, last_day=last_day, why=why, by=by)
    _record("pathways.authority_ended", ended, on=last_day, by=by)
    _reopen_uncovered(authority, ended, by=by)
    return ended


@action
def correct_authority(
    authority: Authority,
    *,
    kind: str,
    scope: Iterable[str],
    since: date,
    last_day: date | None = None,
    conditions: str = "",
    reference: str = "",
    hospital: Service | None = None,
    why: str,
    by: Any,
) -> Authority:
    """Put an authority right. What it no longer covers is without authority again."""
    _held(authority)
    rules.check_words(why, "why")
    authority.supersede(by=by, why=why.strip())
    corrected = _made(
        authority.patient,
        kind=kind,
        scope=scope,
        since=since,
        last_day=last_day,
        conditions=conditions,
        reference=reference,
        hospital=hospital,
        by=by,
    )
    _record("pathways.authority_corrected", corrected, on=since, by=by)
    _reopen_uncovered(authority, corrected, by=by)
    _settle_by(corrected, by=by)
    return corrected


def check_authorised(
    patient: Patient, act: str, *, on: date, last_day: date | None = None, hospital: Service | None = None
) -> None:
    """Refuse to plan or authorise an act that needs an authority which is not on record for its day.

    With a `last_day`, for every day from the one to the other.
    """
    rules.check_planned_days(
        act,
        list(LegalStatus.objects.current().filter(patient=patient)),
        _authorities(patient),
        on=on,
        last_day=last_day or on,
        hospital_id=hospital.pk if hospital else None,
    )


def missing_authority(patient: Patient, act: str, *, since: date) -> Any:
    """What an act to come needs and is not on record for any day since; None where nothing is needed or it is."""
    if not act:
        return None
    status = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    return rules.missing_since(act, status, _authorities(patient), since=since)


@action
def note_unauthorised(
    patient: Patient, act: str, *, on: date, about: About, hospital: Service | None = None, by: Any
) -> MissingAuthority | None:
    """Mark something that has happened as without authority on record, for the Mental Health Act office to settle.

    Does nothing where an authority covers it or none is needed. What happened is recorded in any case, by the caller.
    """
    return note_under(_status_on(patient, on), patient, act, on=on, about=about, hospital=hospital, by=by)


@action
def note_under(
    status: LegalStatus | None,
    patient: Patient,
    act: str,
    *,
    on: date,
    about: About,
    hospital: Service | None = None,
    by: Any,
) -> MissingAuthority | None:
    """The same for an act that ends a legal status: what it needed is asked of that one."""
    Patient.objects.locked(patient.pk)
    hospital_id = hospital.pk if hospital else None
    needed = rules.recorded_without(act, status, _authorities(patient), on=on, hospital_id=hospital_id)
    if needed is None:
        return None
    missing, is_new = MissingAuthority.objects.get_or_create(
        act=act,
        about_kind=about[0],
        about_id=about[1],
        defaults={
            "patient": patient,
            "on": on,
            "service": _who_had(patient, on),
            "hospital": hospital,
            "noticed_at": by.at,
            "noticed_by": by.user,
        },
    )
    if missing.why == DID_NOT_HAPPEN:  # and now it has
        missing.on, missing.service, missing.hospital = on, _who_had(patient, on), hospital
        missing.why, missing.settled_at, missing.settled_by = "", None, None
        missing.save()
        is_new = True
    if is_new:
        _record_missing("pathways.unauthorised", missing, on=on, by=by)
    return missing


@action
def note_again(status: LegalStatus, act: str, *, ended_by: LegalStatus, by: Any) -> None:
    """What ended a status that is known only now: an act that lacked its authority under it is a task, once."""
    patient, on = status.patient, ended_by.during.lower
    if not MissingAuthority.objects.filter(patient=patient, act=act, on=on).exists():
        note_under(status, patient, act, on=on, about=("legal_status", ended_by.pk), by=by)


@action
def take_back_missing(patient: Patient, *, about: About, by: Any) -> None:
    """What was marked as done without an authority was not done: there is nothing to settle."""
    Patient.objects.locked(patient.pk)
    for missing in MissingAuthority.objects.open().filter(about_kind=about[0], about_id=about[1]):
        missing.why = DID_NOT_HAPPEN
        _settle(missing, by=by)


@action
def settle_missing_authority(missing: MissingAuthority, *, why: str, by: Any) -> MissingAuthority:
    """Say why something done without an authority on record needs none, or what was done about it."""
    Patient.objects.locked(missing.patient_id)
    missing.refresh_from_db()
    rules.check_words(why, "why")
    rules.check_not_settled(missing)
    missing.why = why.strip()
    _settle(missing, by=by)
    return missing


def _status_on(patient: Patient, on: date) -> LegalStatus | None:
    return LegalStatus.objects.current().filter(patient=patient, during__contains=on).first()


def _who_had(patient: Patient, on: date) -> Service | None:
    """The service that had the person as the day began: a move away is the task of those who let them go."""
    line_of = Placement.objects.current().filter(patient=patient).select_related("service")
    there = line_of.filter(during__contains=at(on, time(0))).first() or line_of.order_by("during").last()
    return there.service if there else None


def _authorities(patient: Patient) -> list[Authority]:
    return list(Authority.objects.current().filter(patient=patient))


def _held(authority: Authority) -> None:
    Patient.objects.locked(authority.patient_id)
    authority.refresh_from_db()
    rules.check_still_believed(authority)


def _made(patient: Patient, *, since: date, last_day: date | None, by: Any, **known: Any) -> Authority:
    scope = list(known.pop("scope"))
    rules.check_authority(kind=known["kind"], scope=scope, since=since, last_day=last_day)
    return Authority.objects.create(
        patient=patient,
        scope=scope,
        during=DateRange(since, last_day + DAY if last_day else None),
        recorded_at=by.at,
        recorded_by=by.user,
        **known,
    )


def _again(authority: Authority, *, last_day: date, why: str, by: Any) -> Authority:
    authority.supersede(by=by, why=why.strip())
    kept = ("kind", "scope", "conditions", "reference", "hospital")
    known = {name: getattr(authority, name) for name in kept}
    return _made(authority.patient, since=authority.during.lower, last_day=last_day, by=by, **known)


def _covers(authority: Authority, missing: MissingAuthority) -> bool:
    status = _status_on(missing.patient, missing.on)
    return not rules.recorded_without(
        missing.act, status, [authority], on=missing.on, hospital_id=missing.hospital_id
    )


def _settle_by(authority: Authority, *, by: Any) -> None:
    """Settle what the authority covers of what lacked one."""
    for missing in MissingAuthority.objects.open().filter(patient=authority.patient, act__in=authority.scope):
        if _covers(authority, missing):
            missing.authority = authority
            _settle(missing, by=by)


def _settle(missing: MissingAuthority, *, by: Any) -> None:
    missing.settled_at, missing.settled_by = by.at, by.user
    missing.save(update_fields=["authority", "why", "settled_at", "settled_by"])
    _record_missing("pathways.authority_settled", missing, on=missing.on, by=by)


def _reopen_uncovered(before: Authority, after: Authority, *, by: Any) -> None:
    """What the authority no longer covers follows another that does, or lacks one again.

    The rest follows its new row.
    """
    others = [after, *_authorities(after.patient)]
    for missing in MissingAuthority.objects.filter(authority=before):
        missing.authority = next((one for one in others if _covers(one, missing)), None)
        if missing.authority is None:
            missing.settled_at, missing.settled_by = None, None
            _record_missing("pathways.unauthorised", missing, on=missing.on, by=by)
        missing.save(update_fields=["authority", "settled_at", "settled_by"])


def _record(kind: str, authority: Authority, *, on: date, by: Any) -> None:
    line.record(
        kind,
        patient=authority.patient,
        on=on,
        about=("authority", authority.pk),
        service=authority.hospital,
        details={"authority": authority.kind, "acts": list(authority.scope)},
        by=by,
    )


def _record_missing(kind: str, missing: MissingAuthority, *, on: date, by: Any) -> None:
    line.record(
        kind,
        patient=missing.patient,
        on=on,
        about=("missing_authority", missing.pk),
        details={"acts": [missing.act]},
        by=by,
    )
