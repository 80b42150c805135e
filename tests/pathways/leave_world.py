"""Somebody at Ashdown in a bed, and what tests do with their leave."""

from datetime import timedelta
from typing import Any

from pathways.actions import authorities, beds, leave, legal, placements
from pathways.actions.leave import Terms
from pathways.codes import Act
from pathways.models import BedUse, Leave, Patient
from tests.world import NOW, England, a_patient, actor_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOW - 40 * DAY


def in_bed(england: England, *, code: str = "10", bed: Any = None) -> Patient:
    """Somebody who has slept at Ashdown for forty days, under section 37 unless said."""
    patient = a_patient(england)
    by = actor_of(england.maya, at=SINCE)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=SINCE, by=by)
    beds.occupy_bed(bed or england.bed, patient=patient, at=SINCE, by=by)
    legal.record_legal_status(patient, code=code, since=SINCE.date(), by=by)
    return patient


def terms(kind: str = "overnight", **known: Any) -> Terms:
    """What was agreed, by made-up words."""
    return Terms(kind, agreed_by=known.pop("agreed_by", "Dr A Pemberton"), **known)


def trial_terms(england: England, **known: Any) -> Terms:
    """Trial leave to Birch ward of Brook House."""
    return terms(
        "trial", to_ward=england.brook_ward, due_back_at=known.pop("due_back_at", NOW + 14 * DAY), **known
    )


def away(
    england: England, patient: Patient, kind: str = "overnight", *, at: Any = NOW, **known: Any
) -> Leave:
    """Recorded as having left at an instant, at that instant."""
    by = actor_of(england.maya, at=at)
    return leave.record_leave(patient, left_at=at, terms=terms(kind, **known), by=by)


def on_trial(england: England, patient: Patient, *, at: Any = NOW, **known: Any) -> Leave:
    """In the bed of Brook House that they hold for the person."""
    hold(england, patient, since=at)
    by = actor_of(england.maya, at=at)
    return leave.record_leave(
        patient, left_at=at, terms=trial_terms(england, **known), bed=england.brook_bed, by=by
    )


def hold(england: England, patient: Patient, *, since: Any = NOW) -> BedUse:
    """Brook House holds its bed for the person for two days."""
    by = actor_of(england.luke, at=since)
    return beds.hold_bed(
        england.brook_bed, patient=patient, since=since, until=since + 2 * DAY, about=None, by=by
    )


def consent(england: England, patient: Patient, act: Act, **known: Any) -> None:
    """The Ministry agrees to an act for a month."""
    given = {"since": NOW.date(), "last_day": (NOW + 30 * DAY).date(), **known}
    authorities.record_authority(
        patient, kind="ministry_standing", scope=[act], by=actor_of(england.maya), **given
    )


def uses(patient: Patient) -> list[tuple[str, str, Any, Any]]:
    """The beds of somebody as believed now: ward, purpose, from and to."""
    believed = BedUse.objects.current().filter(patient=patient).select_related("bed__ward")
    return [
        (f"{use.bed.ward.name} {use.bed.name}", use.purpose, use.during.lower, use.during.upper)
        for use in believed.order_by("during", "pk")
    ]


def fresh(row: Leave) -> Leave:
    """As it is now."""
    return Leave.objects.get(pk=row.pk)


def plan(england: England, patient: Patient, kind: str = "overnight", **known: Any) -> Leave:
    """Maya plans leave for tomorrow, back the day after unless said."""
    from_at = known.pop("planned_from", NOW + DAY)
    agreed = known.pop("agreed", None) or terms(kind, due_back_at=known.pop("due_back_at", from_at + DAY))
    return leave.plan_leave(patient, planned_from=from_at, terms=agreed, by=actor_of(england.maya), **known)


def back(england: England, row: Leave, *, at: Any = NOW + DAY, now: Any = None, **known: Any) -> Leave:
    """They are back, recorded by Maya as it happens unless said."""
    return leave.return_leave(row, at=at, by=actor_of(england.maya, at=now or at), **known)


def kinds(patient: Patient) -> list[str]:
    """What the line says of leave, in order."""
    return list(patient.events.filter(kind__contains="leave").order_by("pk").values_list("kind", flat=True))
