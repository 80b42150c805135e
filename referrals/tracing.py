"""What a trace says of transfers and assessments, and the open transfer of somebody who was traced."""

from typing import Any

from assessments.models import SignedAssessment
from pathways import tracing
from pathways.days import london_date
from pathways.models import Patient
from referrals.models import Referral


@tracing.fills
def add_to_cards(patient_ids: list[int], actor: Any) -> dict[int, dict[str, Any]]:
    """The open transfer's reference and prison, the current assessment's service and day."""
    more: dict[int, dict[str, Any]] = {}
    transfers = Referral.objects.transfers().open().filter(patient__in=patient_ids)
    for referral in transfers.select_related("from_service"):
        prison = referral.from_service
        words = {"transfer": referral.reference, "transfer_prison": prison.name}
        if actor.works_at(prison.pk):
            words["transfer_is_own"] = "yes"
        more.setdefault(referral.patient_id, {}).update(words)
    signed = SignedAssessment.objects.current(on=actor.today).filter(patient__in=patient_ids)
    for version in signed.select_related("service").defer("content"):
        words = {
            "assessment": version.service.name,
            "assessed_on": london_date(version.signed_at).isoformat(),
        }
        more.setdefault(version.patient_id, {}).update(words)
    return more


def open_transfer_of(patient: Patient) -> Referral | None:
    """The open transfer of somebody whom the actor has traced: to take it over is what makes them visible."""
    return Referral.objects.transfers().open().filter(patient=patient).select_related("from_service").first()
