"""Where a person is: every move ends one placement and begins the next, so the line has no gap."""

from datetime import datetime
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from core.refusals import Refused
from organisations.models import Service, Ward
from organisations.rules import Tier
from pathways import line, rules
from pathways.actions import relationships
from pathways.codes import Elsewhere
from pathways.models import BedUse, Patient, Placement, Relationship

KIND_TIERS: dict[str, str] = {
    Service.Kind.PRISON: Tier.PRISON,
    Service.Kind.REMOVAL_CENTRE: Tier.PRISON,
    Service.Kind.COMMUNITY: Tier.COMMUNITY,
}


@action
def place(
    patient: Patient,
    *,
    service: Service | None = None,
    elsewhere: str = "",
    ward: Ward | None = None,
    at: datetime,
    time_known: bool = True,
    by: Any,
) -> Placement:
    """Move the person to a service or elsewhere from an instant. A bed on another ward is left at that moment."""
    Patient.objects.locked(patient.pk)
    rules.check_place(service, elsewhere, ward)
    rules.check_has_happened(at, time_known=time_known, now=by.at)
    before = Placement.objects.open_of(patient)
    if before is not None:
        rules.check_move(before, at)
        before.during = DateTimeTZRange(before.during.lower, at)
        before.save(update_fields=["during"])
    _leave_bed(patient, ward, at)
    placement = Placement.objects.create(
        patient=patient,
        service=service,
        elsewhere=elsewhere,
        ward=ward,
        during=DateTimeTZRange(at, None),
        start_time_known=time_known,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    if before is not None:
        relationships.end_relationships(about=("placement", before.pk), at=at, by=by)
    if service is not None:
        relationships.open_relationship(
            patient,
            service=service,
            basis=Relationship.Basis.PLACEMENT,
            about=("placement", placement.pk),
            since=at,
            by=by,
        )
    line.record(
        "pathways.placed",
        patient=patient,
        occurred_at=at,
        time_known=time_known,
        about=("placement", placement.pk),
        service=service,
        details={
            "elsewhere": elsewhere,
            "direction": rules.direction_of(_tier_of(before), _tier_of(placement)),
        },
        by=by,
    )
    return placement


@action
def take_back_place(patient: Patient, *, why: str, by: Any) -> Placement:
    """The last move was recorded by mistake: the person is where they were before, as if they had never left.

    A bed that was left with the move is not given back.
    """
    Patient.objects.locked(patient.pk)
    last = Placement.objects.open_of(patient)
    before = (
        last
        and Placement.objects.current()
        .filter(patient=patient, during__endswith=last.during.lower)
        .select_related("service")
        .first()
    )
    if last is None or before is None:
        raise Refused("It is not known where the person was before.")
    last.supersede(by=by, why=why)
    before.during = DateTimeTZRange(before.during.lower, None)
    before.save(update_fields=["during"])
    relationships.end_relationships(about=("placement", last.pk), at=by.at, by=by)
    about = ("placement", before.pk)
    if before.service is not None:
        basis = Relationship.Basis.PLACEMENT
        relationships.open_relationship(
            patient, service=before.service, basis=basis, about=about, since=by.at, by=by
        )
    line.record("pathways.place_taken_back", patient=patient, about=about, service=before.service, by=by)
    return before


def _tier_of(placement: Placement | None) -> str:
    """The tier of care a placement began in, as far as it is known."""
    if placement is None:
        return ""
    if placement.service is None:
        return Tier.COMMUNITY if placement.elsewhere == Elsewhere.RELEASED else ""
    if placement.service.kind in KIND_TIERS:
        return KIND_TIERS[placement.service.kind]
    designation = (
        placement.ward.designations.filter(
            during__contains=placement.during.lower, superseded_at=None
        ).first()
        if placement.ward
        else None
    )
    return designation.tier if designation else ""


def _leave_bed(patient: Patient, ward: Ward | None, at: datetime) -> None:
    """Nobody keeps a bed on a ward they have left."""
    taken = BedUse.objects.current().occupying().filter(patient=patient, during__contains=at)
    for use in taken.filter(during__startswith__lt=at).select_related("bed"):
        if ward is None or use.bed.ward_id != ward.pk:
            use.during = DateTimeTZRange(use.during.lower, at)
            use.save(update_fields=["during"])
