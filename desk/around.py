"""Where else to go from a page about one person: their record, their open transfer, a decision owed on it."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.rights import Right
from organisations.actor import Actor
from pathways.models import Patient
from referrals.models import Approach, Referral


@dataclass(frozen=True)
class Owed:
    """A decision that one of the reader's services has not made."""

    service_id: int
    service: str
    path: str


@dataclass(frozen=True)
class Around:
    """Addresses that the reader may open; empty where there is none."""

    person: str
    reference: str
    transfer: str
    owed: list[Owed]


def around(patient: Patient, actor: Actor) -> Around:
    """What lies around a page of a lower floor, which knows nothing of transfers."""
    person = reverse("desk:patient", args=[patient.public_id]) if actor.has(Right.OPEN_PATIENT) else ""
    found = Referral.objects.visible_to(actor).transfers().open().filter(patient=patient).first()
    if found is None:
        return Around(person, "", "", [])
    transfer = reverse("referrals:transfer", args=[found.public_id])
    return Around(person, found.reference, transfer, _owed(found, actor))


def _owed(referral: Referral, actor: Actor) -> list[Owed]:
    if not actor.has(Right.DECIDE):
        return []
    mine = Approach.objects.visible_to(actor).open().undecided().filter(referral=referral)
    return [
        Owed(
            one.service_id,
            one.service.name,
            reverse("referrals:decide", args=[referral.public_id, one.public_id]),
        )
        for one in mine.filter(service_id__in=actor.service_ids).select_related("service").order_by("pk")
    ]
