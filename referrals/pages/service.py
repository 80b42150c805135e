"""One service on one printable page: whom it is asked about, its waiting list, its bed dates, whom it expects."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.csv import csv_response
from organisations.doors import needs
from organisations.models import Service
from organisations.rules import Tier
from pathways import days
from referrals.codes import Outcome
from referrals.models import Approach, Referral
from referrals.pages import rows
from referrals.pages.found import sight
from referrals.waiting_lists import Place, places_of

SHAPES = {"print": Action.PRINT, "csv": Action.EXPORT}
GROUPS = {
    "undecided": "Asked and not decided",
    "deferred": "Deferred to a date",
    "declined": "Declined, still open",
    "waiting": "Accepted and waiting for a bed",
    "dated": "Bed date given",
    "expected": "Expected",
}


@dataclass(frozen=True)
class Entry:
    """One person on the service's page."""

    facts: rows.Facts
    asked_on: Any
    place: int | None
    outcome: str
    deferred_to: date | None
    tier: str
    expected_on: date | None
    depends_on: str
    bed: str
    bed_on: date | None
    warrant_until: date | None
    left: bool


@require_safe
@needs(Right.SEE_SERVICE)
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A service's referrals and waiting list: people the actor may see, with their places in the whole list."""
    actor = request.actor  # type: ignore[attr-defined]
    places = Service.objects.visible_to(actor).select_related("provider", "region", "commissioner")
    shown = get_object_or_404(places, public_id=public_id)
    is_hospital = shown.kind == Service.Kind.HOSPITAL
    entries = _asked(shown, actor) if is_hospital else []
    leaving = [] if is_hospital else _leaving(shown, actor)
    shape = request.GET.get("format", "")
    request.reads.saw(  # type: ignore[attr-defined]
        [one.patient_id for one in leaving] if leaving else [pk for pk, _ in entries],
        SHAPES.get(shape, Action.LIST),
    )
    groups = _grouped([entry for _, entry in entries])
    if shape == "csv":
        return _file(groups, [one.facts for one in leaving], actor)
    return render(
        request,
        "referrals/service.jinja",
        {
            "heading": shown.name,
            "service": shown,
            "is_hospital": is_hospital,
            "is_own": actor.works_at(shown.pk),
            "leaving": [one.facts for one in leaving],
            "criteria": list(shown.criteria.filter(is_open=True).order_by("kind", "words")),
            "own_services": _others(actor, shown),
            "today": actor.today,
            **groups,
        },
    )


def _file(groups: dict[str, list[Entry]], leaving: list[rows.Facts], actor: Any) -> HttpResponse:
    """The lists of the page in one file, each row with the list it stands in."""
    found = [(GROUPS[name], entry.facts, entry) for name, entries in groups.items() for entry in entries]
    found += [("Waiting to go to hospital", facts, None) for facts in leaving]
    by_name = rows.shows_people(actor)
    heads = [
        "List",
        "Place",
        "Reference",
        "Person",
        *(["Date of birth"] if by_name else []),
        "From",
        "Urgency",
    ]
    heads += [
        "Day",
        "Last day in time",
        "Next step",
        "Asked",
        "Decision",
        "Deferred to",
        "Tier",
        "Bed expected",
        "Depends on",
    ]
    heads += ["Bed date", "Bed", "Warrant until", "Left prison"]
    return csv_response("service", heads, (_cells(*one, by_name=by_name) for one in found))


def _cells(listed: str, facts: rows.Facts, entry: Entry | None, *, by_name: bool) -> list[Any]:
    start = [listed, entry.place if entry else None, facts.reference, facts.who]
    start += [
        *([facts.born_on] if by_name else []),
        facts.prison,
        facts.urgency,
        facts.day,
        facts.due_on,
        facts.step,
    ]
    if entry is None:
        return [*start, *[None] * 10]
    decision = Outcome(entry.outcome).label if entry.outcome else ""
    own = [days.london_date(entry.asked_on), decision, entry.deferred_to, entry.tier]
    own += [entry.expected_on, entry.depends_on]
    own += [entry.bed_on, entry.bed, entry.warrant_until, "Yes" if entry.left else "No"]
    return [*start, *own]


def _others(actor: Any, shown: Service) -> list[Service]:
    """The other services at which the actor works."""
    return list(Service.objects.visible_to(actor).worked_at_by(actor).exclude(pk=shown.pk).order_by("name"))


def _leaving(prison: Service, actor: Any) -> list[Referral]:
    """The open transfers from a prison, in the order of the worklist."""
    found = Referral.objects.visible_to(actor).transfers().open().filter(from_service=prison)
    waiting = list(rows.with_facts(found, actor).worklist(on=actor.today))
    rows.add_facts(waiting, actor)
    return waiting


def _asked(shown: Service, actor: Any) -> list[tuple[int, Entry]]:
    """Everybody about whom the service is asked and not yet let go, with the person's id for the read log."""
    approaches = list(
        Approach.objects.visible_to(actor)
        .open()
        .filter(service=shown)
        .with_standing(on=actor.today)
        .order_by("asked_at", "pk")
    )
    found = Referral.objects.visible_to(actor).open().filter(pk__in=[one.referral_id for one in approaches])
    referrals = {one.pk: one for one in rows.with_facts(found, actor)}
    rows.add_facts(list(referrals.values()), actor)
    places = places_of([shown.pk])
    return [
        (
            referrals[one.referral_id].patient_id,
            _entry(one, referrals[one.referral_id], places.get(one.pk), actor),
        )
        for one in approaches
        if one.referral_id in referrals
    ]


def _entry(approach: Any, referral: Any, place: Place | None, actor: Any) -> Entry:
    decision = next(iter(approach.decided), None)
    offer = next(iter(approach.offers), None)
    return Entry(
        facts=referral.facts,
        asked_on=approach.asked_at,
        place=place.number if place else None,
        outcome=decision.outcome if decision else "",
        deferred_to=decision.deferred_to if decision else None,
        tier=Tier(decision.tier).label if decision and decision.tier else "",
        expected_on=decision.expected_on if decision else None,
        depends_on=decision.depends_on if decision and sight(referral, actor).words else "",
        bed=f"{offer.bed.ward.name}, bed {offer.bed.name}" if offer else "",
        bed_on=offer.bed_on if offer else None,
        warrant_until=approach.warrant_until,
        left=approach.has_left,
    )


def _grouped(entries: list[Entry]) -> dict[str, list[Entry]]:
    """Each person once: expected, with a bed date, waiting for a bed, deferred, declined, or still undecided about."""
    expected = [one for one in entries if one.bed_on and (one.warrant_until or one.left)]
    dated = [one for one in entries if one.bed_on and one not in expected]
    waiting = sorted((one for one in entries if one.place), key=lambda one: one.place or 0)
    others = [one for one in entries if not one.bed_on and not one.place]
    others.sort(key=lambda one: (one.facts.urgency_order, one.asked_on))
    return {
        "undecided": [one for one in others if one.outcome not in (Outcome.DEFERRED, Outcome.DECLINED)],
        "deferred": [one for one in others if one.outcome == Outcome.DEFERRED],
        "declined": [one for one in others if one.outcome == Outcome.DECLINED],
        "waiting": waiting,
        "dated": sorted(dated, key=lambda one: one.bed_on or date.max),
        "expected": sorted(expected, key=lambda one: one.bed_on or date.max),
    }
