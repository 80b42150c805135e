"""One bed: how its uses follow one another, and what its own service may do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rights import Right
from organisations.doors import needs
from organisations.models import Bed, WardGender
from organisations.rules import Tier
from pathways import bed_line, rules
from pathways.bed_states import words_of
from pathways.codes import BedException
from pathways.models import BedUse, Patient


@dataclass(frozen=True)
class Part:
    """One use of the bed as it is read, with what may be done about it."""

    use: BedUse
    when: str
    words: str
    who: Patient | None
    days: int | None
    exceptions: list[str]
    reason: str
    may: frozenset[str]


def find_bed(request: HttpRequest, public_id: UUID) -> Bed:
    """A bed of the directory."""
    beds = Bed.objects.visible_to(request.actor).select_related("ward__service__provider")  # type: ignore[attr-defined]
    return get_object_or_404(beds, public_id=public_id)


def find_use(request: HttpRequest, public_id: UUID) -> BedUse:
    """A use by somebody whom the actor may open, or a closure; that the person was looked at is logged."""
    uses = BedUse.objects.visible_to(request.actor).current()  # type: ignore[attr-defined]
    use = get_object_or_404(
        uses.select_related("bed__ward__service", "patient", "recorded_by"), public_id=public_id
    )
    if use.patient_id:
        request.reads.saw([use.patient_id])  # type: ignore[attr-defined]
    return use


@require_safe
@needs(Right.SEE_BEDS)
def bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed's past, present and future, and its acts."""
    actor = request.actor  # type: ignore[attr-defined]
    found = find_bed(request, public_id)
    uses = bed_line.uses_of(found)
    ids = [use.patient_id for use in uses if use.patient_id]
    people = {one.pk: one for one in Patient.objects.visible_to(actor).filter(pk__in=ids)}
    request.reads.saw(people)  # type: ignore[attr-defined]
    is_out_of_use = any(_is_out_of_use(use, actor.at) for use in uses)
    may = acts_of(found, actor) - (rules.NOT_WHILE_OUT_OF_USE if is_out_of_use else frozenset())
    parts = [_part(use, people.get(use.patient_id), may, actor) for use in uses]
    designation = bed_line.designation_of(found, actor.at)
    return render(
        request,
        "pathways/bed.jinja",
        {
            "heading": f"Bed {found.name}",
            "bed": found,
            "ward": found.ward,
            "service": found.ward.service,
            "tier": Tier(designation.tier).label if designation else "",
            "gender": WardGender(designation.gender).label if designation else "",
            "specialties": ", ".join(designation.specialties) if designation else "",
            "to_come": [part for part in parts if part.when == rules.TO_COME][::-1],
            "now": [part for part in parts if part.when == rules.NOW],
            "past": [part for part in parts if part.when == rules.PAST],
            "may": may,
            "is_out_of_use": is_out_of_use,
            "is_taken": any(part.when == rules.NOW and part.use.purpose != "held" for part in parts),
            "most": bed_line.MOST,
        },
    )


def acts_of(found: Bed, actor: Any) -> frozenset[str]:
    """What the actor may do with beds of this service; whether it can be done now is the rules' to say."""
    if not actor.works_at(found.ward.service_id):
        return frozenset()
    giving = (
        {"hold", "change", "give_back", "departure", "close", "reopen", "release"}
        if actor.has(Right.OFFER_BED)
        else set()
    )
    moving = {"take", "move", "swap"} if actor.has(Right.ADMIT) else set()
    return frozenset(giving | moving)


def _is_out_of_use(use: BedUse, at: datetime) -> bool:
    return use.purpose == BedUse.Purpose.NOT_IN_USE and rules.time_of(use, at=at) == rules.NOW


def _part(use: BedUse, person: Patient | None, may: frozenset[str], actor: Any) -> Part:
    when = rules.time_of(use, at=actor.at)
    clinical = person is not None and actor.has(Right.READ_CLINICAL)
    restricted = use.patient is not None and use.patient.has_restricted_access and person is None
    offered = rules.acts_on(use.purpose, when) & may
    slept = use.purpose in ("occupied", "leave") and when != rules.TO_COME
    return Part(
        use=use,
        when=when,
        words=f"{words_of(use.purpose, use.about_kind)}{' (restricted)' if restricted else ''}",
        who=person,
        days=rules.length_of_stay(use.during.lower, use.during.upper, on=actor.today) if slept else None,
        exceptions=[BedException(one).label for one in use.exceptions],
        reason=use.exception_why if clinical else "",
        may=offered if person is not None or use.patient_id is None else frozenset(),
    )
