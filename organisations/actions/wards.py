"""Wards and what they are for, beds, and whom a service takes."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import Refused
from organisations import rules
from organisations.actions import directory
from organisations.models import AdmissionCriterion, Bed, Region, Service, Ward, WardDesignation


@action
def add_ward(
    service: Service,
    *,
    name: str,
    tier: str,
    gender: str,
    specialties: Collection[str] = (),
    since: date,
    by: Any,
) -> Ward:
    """A ward of a hospital, and what it is for from a London day."""
    if service.kind != Service.Kind.HOSPITAL:
        raise Refused("Only a hospital has wards.")
    ward = directory.add(Ward, {"service": service, "name": name})
    _designate(ward, tier=tier, gender=gender, specialties=specialties, since=since, by=by)
    return ward


@action
def rename_ward(ward: Ward, *, version: int, name: str, by: Any) -> Ward:
    """Another name for the same ward."""
    return directory.change(ward, {"name": name}, version=version)


@action
def designate_ward(
    ward: Ward,
    *,
    tier: str,
    gender: str,
    specialties: Collection[str] = (),
    since: date,
    why: str,
    by: Any,
) -> WardDesignation:
    """The ward is for something else from a London day; what it was for before ends that day and is kept.

    Another designation for the same day corrects the first.
    """
    ward = Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
    if not why.strip():
        raise Refused("Say why.", "why")
    start = rules.start_of_day(since)
    standing = WardDesignation.objects.filter(ward=ward, superseded_at=None)
    before = standing.filter(during__upper_inf=True).first()
    if before is not None:
        rules.check_designated_after(before.during.lower, start)
        _end(before, start, why=why.strip(), by=by)
    return _designate(
        ward, tier=tier, gender=gender, specialties=specialties, since=since, why=why.strip(), by=by
    )


@action
def close_ward(ward: Ward, *, since: date, why: str, by: Any) -> WardDesignation:
    """The ward is for nothing from a London day on. That nobody is left on it is for who closes it to see to."""
    ward = Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
    if not why.strip():
        raise Refused("Say why.", "why")
    before = WardDesignation.objects.filter(ward=ward, superseded_at=None, during__upper_inf=True).first()
    if before is None:
        raise Refused("This ward is closed, or to be closed, already.", "since")
    start = rules.start_of_day(since)
    rules.check_designated_after(before.during.lower, start)
    return _end(before, start, why=why.strip(), by=by)


def _end(designation: WardDesignation, at: datetime, *, why: str, by: Any) -> WardDesignation:
    """What a ward was for ends. An end that has passed is said anew, so that what was known can be read as it was."""
    ended = DateTimeTZRange(designation.during.lower, at)
    if designation.during.lower < at and at >= by.at:
        designation.during = ended
        designation.save(update_fields=["during"])
        return designation
    designation.superseded_at, designation.superseded_by, said = by.at, by.user, designation.why
    designation.why = why
    designation.save(update_fields=["superseded_at", "superseded_by", "why"])
    if designation.during.lower == at:
        return designation
    designation.pk, designation.superseded_at, designation.superseded_by = None, None, None
    designation.during, designation.why = ended, said
    designation.recorded_at, designation.recorded_by = by.at, by.user
    designation.save(force_insert=True)
    return designation


def _designate(
    ward: Ward,
    *,
    tier: str,
    gender: str,
    specialties: Collection[str],
    since: date,
    why: str = "",
    by: Any,
) -> WardDesignation:
    if tier not in rules.HOSPITAL_TIERS:
        raise Refused("Choose a tier that a ward can have.", "tier")
    return WardDesignation.objects.create(
        ward=ward,
        tier=tier,
        gender=gender,
        specialties=sorted({" ".join(one.split()) for one in specialties if one.strip()}),
        during=DateTimeTZRange(rules.start_of_day(since), None),
        recorded_at=by.at,
        recorded_by=by.user,
        why=why,
    )


@action
def add_bed(ward: Ward, *, name: str, by: Any) -> Bed:
    """One more bed on a ward. From when it is in use is for `pathways.actions.bed_places` to say."""
    return directory.add(Bed, {"ward": ward, "name": name, "added_at": by.at})


@action
def rename_bed(bed: Bed, *, version: int, name: str, by: Any) -> Bed:
    """Another name for the same bed."""
    return directory.change(bed, {"name": name}, version=version)


@action
def add_criterion(
    service: Service, *, kind: str, takes: bool, words: str, covers: Collection[str] = (), by: Any
) -> AdmissionCriterion:
    """Publish one thing that a service takes or does not take."""
    rules.check_covers(kind, covers, regions=_region_codes())
    answers = {"kind": kind, "takes": takes, "words": words, "covers": list(covers)}
    return directory.add(AdmissionCriterion, {"service": service, **answers})


@action
def change_criterion(
    criterion: AdmissionCriterion,
    *,
    version: int,
    kind: str,
    takes: bool,
    words: str,
    is_open: bool,
    covers: Collection[str] = (),
    by: Any,
) -> AdmissionCriterion:
    """Say it otherwise, or publish it no longer. Declines already held against it keep pointing at it."""
    rules.check_covers(kind, covers, regions=_region_codes())
    answers = {"kind": kind, "takes": takes, "words": words, "covers": list(covers), "is_open": is_open}
    return directory.change(criterion, answers, version=version)


def _region_codes() -> set[str]:
    return set(Region.objects.values_list("code", flat=True))
