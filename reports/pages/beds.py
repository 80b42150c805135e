"""The dashboard of beds: days, occupancy, leave and lengths of stay, what each means, and the stays behind."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.csv import csv_response
from organisations.doors import needs_any
from organisations.models import Service, WardGender
from organisations.rules import HOSPITAL_TIERS
from reports.figures import asked as question
from reports.figures import bed_door, bed_panels
from reports.figures.asked import Asked
from reports.figures.bed_catalogue import FIGURES, MEANINGS, WORDS
from reports.figures.panels import Address, Cell, Panel
from reports.forms import months_offered, providers_offered, regions_offered
from reports.pages.transfers import Tile, answers_of

# What the address may ask.
QUESTIONS = ("from", "to", "as_at", "region", "provider", "tier", "gender")


@require_safe
@needs_any(Right.SEE_DASHBOARDS, Right.SEE_BEDS)
def beds(request: HttpRequest) -> HttpResponse:
    """Beds of the actor's services, and the actor's people in beds; for a commissioner also all England."""
    actor = request.actor  # type: ignore[attr-defined]
    answers, slips = answers_of(request, QUESTIONS)
    asked = question.read(answers, now=actor.at)
    figures = bed_door.figures(actor, asked)
    parts = _parts(actor, figures, answers)
    others = _other_areas(actor, asked)
    if request.GET.get("format") == "csv":
        return _file([*parts, *others], request.GET.get("table", ""))
    return render(
        request,
        "reports/beds.jinja",
        {
            "asked": asked,
            "slips": slips,
            "answers": answers,
            "filters": _filters(actor, answers),
            "is_empty": not (
                figures["beds"]["available"] or figures["people"]["less_leave"] or _stays(figures)
            ),
            "tiles": _tiles(actor, figures, answers),
            "panels": parts,
            "others": others,
            "other_asked": asked.for_other_areas(),
            "charts": {part.key: asdict(part.chart) for part in parts if part.chart and part.rows},
            "whose": _whose(actor),
            "sees_dashboards": actor.has(Right.SEE_DASHBOARDS),
            "sees_ready": actor.has(Right.SEE_READY),
            "address": address,
        },
    )


def address(answers: Mapping[str, str], **changes: str) -> str:
    """The address of the dashboard with some of its questions changed."""
    return f"{reverse('reports:beds')}?{urlencode({**answers, **changes})}"


def rows_address(answers: Mapping[str, str], figure: str, of: str = "", **changes: str) -> str:
    """The address of the stays behind a figure, with some of the page's questions changed."""
    more = {"of": of} if of else {}
    return f"{reverse('reports:stays')}?{urlencode({'figure': figure, **more, **answers, **changes})}"


def _parts(actor: Any, figures: Mapping[str, Any], answers: Mapping[str, str]) -> list[Panel]:
    """Every part; for the beds of one's own services without those that compare providers and regions."""
    parts = bed_panels.panels(figures, *_addresses(actor, answers))
    if actor.has(Right.SEE_DASHBOARDS):
        return parts
    return [part for part in parts if not part.key.endswith(("-region", "-provider"))]


def _addresses(actor: Any, answers: Mapping[str, str]) -> tuple[Address, Address]:
    def rows_at(figure: str, of: str = "", **changes: str) -> str:
        return rows_address(answers, figure, of, **changes) if actor.has(Right.OPEN_FIGURES) else ""

    return rows_at, lambda **changes: address(answers, **changes)


def _filters(actor: Any, answers: Mapping[str, str]) -> list[tuple[str, str, Any, str, str]]:
    """What narrows the page: name, label, choices, what is chosen, and what no choice means.

    Somebody who sees the beds of their own services is not asked whose.
    """
    months = months_offered(actor.today)
    found = [("from", "From", months, "The last 12 months"), ("to", "Until", months, "Now")]
    if actor.has(Right.SEE_DASHBOARDS):
        found += [
            ("region", "Region of the hospital", regions_offered(), "All"),
            ("provider", "Provider of the hospital", providers_offered(), "All"),
        ]
    found += [
        ("tier", "Tier of the ward", [(tier.value, str(tier.label)) for tier in HOSPITAL_TIERS], "All"),
        ("gender", "Ward takes", [(value, str(words)) for value, words in WardGender.choices], "All"),
    ]
    return [(name, label, choices, answers.get(name, ""), every) for name, label, choices, every in found]


def _whose(actor: Any) -> str:
    """Whose beds and people are counted, in words."""
    scope = bed_door.scope_of(actor)
    if scope.is_all:
        return "Beds of all England, and everybody in them"
    if scope.service_ids:
        places = Service.objects.worked_at_by(actor).order_by("name").values_list("name", flat=True)
        return f"Beds of {' and '.join(places)}, and everybody in them"
    names = " or ".join(sorted({one.commissioner.name for one in actor.memberships if one.commissioner_id}))
    return (
        f"Beds of services that {names} commissions, whoever is in them; and people for whom {names} answered on the "
        "day, wherever they were"
    )


def _stays(figures: Mapping[str, Any]) -> int:
    return figures["admitted"] + figures["discharged"]["n"] + figures["staying"]["n"]


def _other_areas(actor: Any, asked: Asked) -> list[Panel]:
    figures = bed_door.other_areas(actor, asked)
    if figures is None:
        return []
    return [
        bed_panels.other_areas("by-tier", "England by tier", bed_panels.tiers_named(figures["by_tier"])),
        bed_panels.other_areas("by-region", "England by region of the hospital", figures["by_region"]),
        bed_panels.other_areas("by-provider", "England by provider of the hospital", figures["by_provider"]),
    ]


def _tiles(actor: Any, figures: Mapping[str, Any], answers: Mapping[str, str]) -> list[Tile]:
    beds_of, discharged, staying = figures["beds"], figures["discharged"], figures["staying"]
    shares = {
        name: bed_panels.share(beds_of[name], beds_of["available"]) for name in ("occupied", "less_leave")
    }
    days = [
        Tile(WORDS[name], Cell(beds_of[name]).words, MEANINGS[name], shares.get(name) or "")
        for name in ("available", "occupied", "less_leave", "kept", "closed")
    ]
    rows_at, _narrowed = _addresses(actor, answers)
    counted = {"admitted": figures["admitted"], "discharged": discharged["n"], "in": staying["n"]}
    people = {
        key: Tile(figure.words, Cell(counted[key]).words, figure.definition, link=rows_at(key))
        for key, figure in FIGURES.items()
    }
    return [
        *days,
        people["admitted"],
        people["discharged"],
        _spread("median", discharged),
        people["in"],
        _spread("staying_median", staying),
    ]


def _spread(name: str, stays: Mapping[str, Any]) -> Tile:
    """Half, and beside it nine in ten, of some stays' days."""
    beside = f"90th percentile {Cell(stays['ninetieth']).words}" if stays["n"] else ""
    return Tile(WORDS[name], Cell(stays["median"]).words, MEANINGS[name], beside)


def _file(parts: list[Panel], key: str) -> HttpResponse:
    for part in parts:
        if part.key == key:
            return csv_response(f"beds-{key}", part.headings, part.values())  # type: ignore[return-value]
    raise Http404
