"""Taking back the move by which a referral ended, with all that was recorded of it in that moment."""

from datetime import datetime

from organisations.actor import Actor
from pathways.actions import authorities, legal, placements
from pathways.actions import beds as bed_uses
from pathways.models import BedUse, LegalStatus, Placement
from referrals.actions import checklist
from referrals.codes import EndReason, StepKind
from referrals.models import Referral, Step

ARRIVALS = (StepKind.RECEIVED, StepKind.MOVED)


def recorded_since(referral: Referral, ended_at: datetime) -> list[str]:
    """What has been recorded of the person after the move and stands on it, in words."""
    later = {"patient": referral.patient_id, "recorded_at__gt": ended_at}
    left = _bed(referral, ended_at)
    places = Placement.objects.current().filter(patient=referral.patient_id)
    came = places.filter(recorded_at=ended_at).exists() or referral.end_reason != EndReason.ADMITTED
    found = {
        "another place": not came or places.filter(recorded_at__gt=ended_at).exists(),
        "another bed": BedUse.objects.current().occupying().filter(**later).exists(),
        "that they left the bed": left is not None and left.during.upper is not None,
        "another legal status": LegalStatus.objects.current().filter(**later).exists(),
    }
    return [words for words, is_so in found.items() if is_so]


def take_back(referral: Referral, ended_at: datetime, *, why: str, by: Actor) -> None:
    """The person never came: they are where they were before, and held under what they were held under.

    Inside an action that asked whether the end may be undone, and `recorded_since`.
    """
    patient, made = referral.patient, {"patient": referral.patient_id, "recorded_at": ended_at}
    use = _bed(referral, ended_at)
    if use is not None:
        bed_uses.take_back_bed(use, why=why, by=by)
    if Placement.objects.current().filter(**made, during__upper_inf=True).exists():
        placements.take_back_place(patient, why=why, by=by)
    status = LegalStatus.objects.current().filter(**made, during__upper_inf=True).first()
    if status is not None:
        legal.take_back_legal_status(status, why=why, by=by)
    authorities.take_back_missing(patient, about=checklist.about(referral), by=by)
    _take_back_steps(referral, ended_at, why=why, by=by)


def _bed(referral: Referral, ended_at: datetime) -> BedUse | None:
    occupied = BedUse.objects.current().filter(patient=referral.patient_id, purpose=BedUse.Purpose.OCCUPIED)
    return occupied.filter(recorded_at=ended_at).order_by("pk").last()


def _take_back_steps(referral: Referral, ended_at: datetime, *, why: str, by: Actor) -> None:
    """What the prison said of their leaving stands and is unconfirmed again; what it said in answer goes with it."""
    known = Step.objects.current().filter(referral=referral)
    answered = known.filter(kind=StepKind.LEFT, recorded_at__gt=ended_at)
    for step in [*known.filter(kind__in=ARRIVALS), *answered]:
        step.supersede(by=by, why=why.strip())
    known.filter(kind=StepKind.LEFT).update(confirmed_at=None)
