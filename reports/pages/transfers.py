"""The dashboard of transfers: figures, what each means, and the way to the rows behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.csv import csv_response
from organisations.doors import needs
from reports.figures import asked as question
from reports.figures import door, panels
from reports.figures.asked import Asked
from reports.figures.catalogue import FIGURES
from reports.forms import months_offered, providers_offered, regions_offered
from reports.models import SavedView

PAGE = "transfers"
# What the address may ask.
QUESTIONS = ("from", "to", "as_at", "region", "provider")


@dataclass(frozen=True)
class Tile:
    """One headline figure."""

    words: str
    value: str
    definition: str
    beside: str = ""
    link: str = ""


@require_safe
@needs(Right.SEE_DASHBOARDS)
def dashboards(request: HttpRequest) -> HttpResponse:
    """The first of the dashboards, which has the way to the other."""
    return redirect("reports:transfers")


@require_safe
@needs(Right.SEE_DASHBOARDS)
def transfers(request: HttpRequest) -> HttpResponse:
    """Every figure for the actor's population; for a commissioner also all England, with small numbers hidden."""
    actor = request.actor  # type: ignore[attr-defined]
    answers, slips = answers_of(request)
    asked = question.read(answers, now=actor.at)
    figures = door.figures(actor, asked)
    parts = panels.panels(figures, *_addresses(answers))
    others = _other_areas(actor, asked)
    if request.GET.get("format") == "csv":
        return _file([*parts, *others], request.GET.get("table", ""))
    choices = {
        "months": months_offered(actor.today),
        "regions": regions_offered(),
        "providers": providers_offered(),
    }
    return render(
        request,
        "reports/transfers.jinja",
        {
            "asked": asked,
            "slips": slips,
            "answers": answers,
            "choices": choices,
            "region_words": dict(choices["regions"]).get(asked.region, asked.region),
            "provider_words": dict(choices["providers"]).get(asked.provider, asked.provider),
            "tiles": _tiles(figures, answers),
            "panels": parts,
            "others": others,
            "other_asked": asked.for_other_areas(),
            "charts": {part.key: asdict(part.chart) for part in parts if part.chart},
            "whose": _whose(actor),
            "views": SavedView.objects.visible_to(actor).of_page(PAGE),
            "address": address,
        },
    )


def answers_of(
    request: HttpRequest, questions: Iterable[str] = QUESTIONS
) -> tuple[dict[str, str], list[str]]:
    """What the address asks, without what it may not and what can't be meant; and a sentence for each of these."""
    given = {name: value for name in questions if (value := request.GET.get(name, "").strip())}
    slips = question.slips(
        given,
        now=request.actor.at,  # type: ignore[attr-defined]
        regions=dict(regions_offered()),
        providers=dict(providers_offered()),
    )
    answers = {name: value for name, value in given.items() if name not in slips}
    return answers, [
        f"{question.slip_in_words(given[name], what)}; shown without it." for name, what in slips.items()
    ]


def address(answers: Mapping[str, str], **changes: str) -> str:
    """The address of the dashboard with some of its questions changed."""
    return f"{reverse('reports:transfers')}?{urlencode({**answers, **changes})}"


def rows_address(answers: Mapping[str, str], figure: str, of: str = "", **changes: str) -> str:
    """The address of the rows behind a figure, with some of the page's questions changed."""
    more = {"of": of} if of else {}
    return f"{reverse('reports:rows')}?{urlencode({'figure': figure, **more, **answers, **changes})}"


def _addresses(answers: Mapping[str, str]) -> tuple[panels.Address, panels.Address]:
    return (
        lambda figure, of="", **changes: rows_address(answers, figure, of, **changes),
        lambda **changes: address(answers, **changes),
    )


def _whose(actor: Any) -> str:
    """Whose transfers are counted, in words."""
    names = sorted(one.commissioner.name for one in actor.memberships if one.commissioner_id)
    if door.scope_of(actor).is_all or not names:
        return "All England"
    return f"People for whom {' or '.join(names)} answered when the transfer was asked for"


def _other_areas(actor: Any, asked: Asked) -> list[panels.Panel]:
    figures = door.other_areas(actor, asked)
    if figures is None:
        return []
    return [
        panels.other_areas("by-region", "England by region of the prison", figures["by_region"]),
        panels.other_areas("by-provider", "England by provider of the hospital", figures["by_provider"]),
    ]


def _tiles(figures: Mapping[str, Any], answers: Mapping[str, str]) -> list[Tile]:
    received, waiting = figures["received"], figures["waiting"]
    of = received["received"]
    ended = sum(row["n"] for row in figures["ended"])
    counted = {
        "received": (of, ""),
        "within_14": (received["within_14"], panels.per_cent(received["within_14"], of)),
        "late": (of - received["within_14"], panels.per_cent(of - received["within_14"], of)),
        "within_28": (received["within_28"], panels.per_cent(received["within_28"], of)),
        "waiting": (waiting["waiting"], ""),
        "over_14": (waiting["over_14"], panels.per_cent(waiting["over_14"], waiting["waiting"])),
        "over_28": (waiting["over_28"], panels.per_cent(waiting["over_28"], waiting["waiting"])),
        "unanswered": (figures["unanswered"], ""),
        "asked": (figures["asked"], ""),
        "ended": (ended, ""),
    }
    tiles = [
        Tile(
            FIGURES[key].words,
            panels.Cell(n).words,
            FIGURES[key].definition,
            beside or "",
            rows_address(answers, key),
        )
        for key, (n, beside) in counted.items()
    ]
    median, ninetieth = panels.Cell(received["median"]).words, panels.Cell(received["ninetieth"]).words
    spread = Tile(
        "Median days to receipt",
        median,
        "Half of those received in the period waited no longer than this; nine in ten no longer than the 90th "
        "percentile.",
        f"90th percentile {ninetieth}" if of else "",
    )
    return [*tiles[:4], spread, *tiles[4:]]


def _file(parts: list[panels.Panel], key: str) -> HttpResponse:
    for part in parts:
        if part.key == key:
            return csv_response(f"transfers-{key}", part.headings, part.values())  # type: ignore[return-value]
    raise Http404
