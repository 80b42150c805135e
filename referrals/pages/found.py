"""One transfer and what hangs on it, found for whoever may see it, and named as far as the reader may know."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.rights import Right
from core.pages import long_date
from referrals import rules
from referrals.codes import Kind
from referrals.models import Approach, Delay, Referral
from referrals.naming import title_of
from referrals.pages.rows import who_is

# Whoever writes down calls and delays reads what others wrote there; nobody else without the right to clinical text.
CHASING = (Right.RECORD_CONTACT, Right.RECORD_DELAY)


@dataclass(frozen=True)
class Sees:
    """How much of a transfer its reader may see.

    `identity`: who the person is. `words`: what was typed in the chasing. `clinical`: clinical words.
    """

    identity: bool
    words: bool
    clinical: bool


def find_transfer(request: HttpRequest, public_id: UUID) -> Referral:
    """A transfer the actor may see, or 404. That it was looked at is logged."""
    return _found(request, public_id, Kind.PRISON_TRANSFER)


def find_referral(request: HttpRequest, public_id: UUID) -> Referral:
    """The same for a referral of any kind, for what every kind has."""
    return _found(request, public_id, *Kind)


def _found(request: HttpRequest, public_id: UUID, *kinds: str) -> Referral:
    actor = request.actor  # type: ignore[attr-defined]
    transfers = Referral.objects.visible_to(actor).filter(kind__in=kinds).with_identity(actor)
    related = ("patient__home_area", "from_service", "lead_service", "commissioner", "received_service")
    referral = get_object_or_404(
        transfers.select_related(*related, "requested_by", "follows"), public_id=public_id
    )
    request.reads.saw([referral.patient_id])  # type: ignore[attr-defined]
    return referral


def find_to_record(request: HttpRequest, public_id: UUID) -> Referral:
    """A transfer to record something on: for those who may know whose it is, and nobody else."""
    return _to_record(find_transfer(request, public_id))


def find_any_to_record(request: HttpRequest, public_id: UUID) -> Referral:
    """The same for a referral of any kind."""
    return _to_record(find_referral(request, public_id))


def _to_record(referral: Referral) -> Referral:
    if not referral.shows_identity:  # type: ignore[attr-defined]
        raise PermissionDenied
    return referral


def find_approach(referral: Referral, public_id: UUID) -> Approach:
    """A service asked in this very transfer; one of another transfer is not found."""
    return get_object_or_404(referral.approaches.select_related("service", "referral"), public_id=public_id)


def find_own_approach(referral: Referral, public_id: UUID, actor: Any) -> Approach:
    """The same for what only the service asked may do: another service's is not found."""
    approach = find_approach(referral, public_id)
    if not rules.acts_for(actor, approach.service_id):
        raise Http404
    return approach


def find_delay(referral: Referral, public_id: UUID) -> Delay:
    """A delay of this transfer that is still believed."""
    delays = referral.delays.current().select_related("service", "referral")
    return get_object_or_404(delays, public_id=public_id)


def find_newest_delay(referral: Referral, public_id: UUID) -> Delay:
    """A delay of this transfer, or what it was corrected to, so that a page opened before still leads somewhere."""
    delay = get_object_or_404(referral.delays.all(), public_id=public_id)
    while (newer := referral.delays.filter(corrects=delay).first()) is not None:
        delay = newer
    return find_delay(referral, delay.public_id)


def sight(referral: Referral, actor: Any) -> Sees:
    """What the actor may see of a transfer found here."""
    identity = bool(referral.shows_identity)  # type: ignore[attr-defined]
    clinical = identity and actor.has(Right.READ_CLINICAL)
    return Sees(identity, clinical or (identity and any(map(actor.has, CHASING))), clinical)


def caption(referral: Referral, actor: Any) -> str:
    """What stands above a form: the reference, and the person where the actor may know."""
    who, born_on = who_is(referral, actor)
    born = f", born {long_date(born_on)}" if born_on else ""
    return f"{title_of(referral)}: {who}{born}"
