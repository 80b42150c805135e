"""That assessments of a person exist: by which service, in what state, with which dates. Nothing of what they say.

What everyone who may open the person sees, prison liaison among them; only those who may read assessments get an
address to open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.rights import Right
from assessments.models import Assessment, SignedAssessment
from assessments.rules import check_may_assess, is_current
from core.prepared import Prepared
from core.refusals import refusal
from pathways.days import london_date
from pathways.models import Patient


@dataclass(frozen=True)
class Existing:
    """One draft or signed version, as far as everybody concerned may know."""

    service: str
    service_id: int
    state: str
    is_signed: bool
    is_current: bool
    on: date  # opened, or signed
    until: date  # due, or current until
    path: str  # "" where the actor may not read it


_DRAFTS = Prepared(
    lambda pk: (
        Assessment.objects.open()
        .filter(patient=pk)
        .without_words()
        .select_related("lead_service")
        .order_by("opened_at", "pk")
    )
)
_VERSIONS = Prepared(
    lambda pk: (
        SignedAssessment.objects.filter(patient=pk)
        .without_words()
        .with_state()
        .select_related("service")
        .order_by("-signed_at", "-pk")
    )
)


def existing_of(patient: Patient, actor: Any) -> list[Existing]:
    """Open drafts first, then signed versions, newest first; of a person that the actor has been found to may open."""
    return [
        *[_draft(one, actor) for one in _DRAFTS.of(patient.pk)],
        *[_version(one, actor) for one in _VERSIONS.of(patient.pk)],
    ]


def _draft(draft: Assessment, actor: Any) -> Existing:
    return Existing(
        service=draft.lead_service.name,
        service_id=draft.lead_service_id,
        state="Being written, past its due date" if draft.due_on < actor.today else "Being written",
        is_signed=False,
        is_current=False,
        on=london_date(draft.opened_at),
        until=draft.due_on,
        path=_path("draft", draft, actor),
    )


def _version(signed: SignedAssessment, actor: Any) -> Existing:
    current = is_current(signed, actor.today)
    return Existing(
        service=signed.service.name,
        service_id=signed.service_id,
        state=state_of(signed, actor.today),
        is_signed=True,
        is_current=current,
        on=london_date(signed.signed_at),
        until=signed.current_until,
        path=_path("signed", signed, actor),
    )


def may_start(patient: Patient, existing: Iterable[Existing], actor: Any) -> bool:
    """Whether a service of the actor's may start an assessment, as far as can be said before a reason is given."""
    if not actor.has(Right.WRITE_ASSESSMENT):
        return False
    writing = {one.service_id for one in existing if not one.is_signed}
    own = [held.service for held in actor.memberships if held.service is not None]
    return any(
        not refusal(check_may_assess, one, died_on=patient.died_on, has_own_open=one.pk in writing)
        for one in own
    )


def state_of(signed: SignedAssessment, on: date) -> str:
    """How a signed version stands, in a word or two."""
    if hasattr(signed, "superseded_by_version"):
        return "Superseded by a newer version"
    if hasattr(signed, "currency_end"):
        return "Ended by a material change"
    return "Current" if is_current(signed, on) else "Out of date"


def _path(name: str, row: Any, actor: Any) -> str:
    return reverse(f"assessments:{name}", args=[row.public_id]) if actor.has(Right.READ_ASSESSMENT) else ""
