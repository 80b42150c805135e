"""The bed board: `/beds/`, on screen, on paper and as a file.

It lives on this floor and not on the desk because it composes nothing from above: beds, their uses and who may be
named are all known here, so that higher floors can lead to it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.csv import csv_response
from core.pages import long_date
from core.tables import Chip, Filter, choices_of, query
from organisations.doors import needs
from organisations.models import Provider, Region, Service, WardGender
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways import bed_board, days

# A region has up to 1,000 beds. All England is asked for region by region, or of the API.
MOST_BEDS = 1500
MINE, ALL = "mine", "all"
HEADINGS = (
    "Service",
    "Provider",
    "Region",
    "Ring",
    "Ward",
    "Tier",
    "Takes",
    "Bed",
    "State",
    "Person",
    "Until",
    "Why closed",
    "Next",
)


class Asked:
    """The day and the filters of the address, in the shape that filter forms and chips read."""

    caption = "Beds"

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.actor = request, request.actor  # type: ignore[attr-defined]
        self.on = _day(request.GET.get("on", ""), self.actor.today)
        self.at = days.now_or_noon(self.on, now=self.actor.at)
        self.filters = _filters(self.actor, self.at)

    def chosen(self, name: str) -> str:
        """The value of a filter in the address; where nothing is asked for, one's own services or region."""
        given = self.request.GET.get(name, "").strip()
        if given or any(self.request.GET.get(one.name) for one in self.filters):
            return given
        return self._own.get(name, "")

    @property
    def _own(self) -> dict[str, str]:
        if _works_on_wards(self.actor):
            return {"where": MINE}
        places = [one.service or one.commissioner for one in self.actor.memberships]
        return {"region": places[0].region.code} if places and places[0] else {}

    def apply(self, beds: Any) -> Any:
        """The beds that the filters let through."""
        for one in self.filters:
            value = self.chosen(one.name)
            if value and one.words(value) is not None:
                beds = one.apply(beds, value)
        return beds

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on. Without the last of them everything is shown."""
        on = [(one, self.chosen(one.name)) for one in self.filters]
        shown = [(one, words) for one, value in on if value and (words := one.words(value)) is not None]
        return [Chip(one.label, words, self._without(one.name, shown)) for one, words in shown]

    def _without(self, name: str, shown: list[Any]) -> str:
        kept = {one.name: self.chosen(one.name) for one, _ in shown if one.name != name}
        changes = kept or {"where": ALL}
        return query(self.request, **{name: None, **changes})

    def day(self, step: int) -> str:
        """The address of the same beds some days before or after."""
        return query(self.request, on=(self.on + timedelta(days=step)).isoformat())


@require_safe
@needs(Right.SEE_BEDS)
def board(request: HttpRequest) -> HttpResponse:
    """Beds by service and ward on one day: how each stands, and whose it is where the reader may know."""
    asked = Asked(request)
    actor, shape = asked.actor, request.GET.get("format", "")
    beds = asked.apply(bed_board.beds_at(asked.at, now=asked.actor.at))
    found = bed_board.board_of(beds, actor, at=asked.at, most=MOST_BEDS)
    action = {"csv": Action.EXPORT, "print": Action.PRINT}.get(shape, Action.LIST)
    request.reads.saw(found.named, action)  # type: ignore[attr-defined]
    if shape == "csv":
        lines = chain(map(_cells, found.lines), _bedless_cells(found))
        return csv_response(f"beds-{asked.on.isoformat()}", HEADINGS, lines)
    return render(
        request,
        "pathways/bed_list.jinja" if shape == "print" else "pathways/bed_board.jinja",
        {
            "heading": "Beds" if asked.on == actor.today else f"Beds on {long_date(asked.on)}",
            "asked": asked,
            "board": found,
            "looks": bed_board.LOOKS,
            # Each bed's page is below it; worked out once, and not for each of a thousand.
            "beds_path": reverse("pathways:beds"),
            "today": actor.today,
            "most": MOST_BEDS,
        },
    )


def _cells(line: Any) -> list[Any]:
    service, ward, tile = line
    return [
        *_whose(service),
        ward.name,
        ward.tier,
        ward.gender,
        tile.name,
        tile.words,
        tile.who,
        tile.until,
        tile.why,
        tile.next_words,
    ]


def _whose(service: bed_board.ServiceOfWards) -> list[str]:
    return [service.name, service.provider, service.region, service.telephone]


def _bedless_cells(board: bed_board.Board) -> Iterator[list[Any]]:
    """After the beds a row for each of those who have none."""
    for service in board.services:
        for one in service.bedless:
            yield [*_whose(service), one.ward, "", "", "", "In no bed", one.who, "", "", ""]


def _day(typed: str, today: date) -> date:
    """The day of the address; today where it is none, or further away than anybody plans or keeps records."""
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        return today
    return on if 1950 <= on.year <= today.year + 50 else today


def _filters(actor: Any, at: Any) -> list[Filter]:
    """Whose, where and what for."""
    own = [(MINE, "My services")] if _works_on_wards(actor) else []
    hospitals = Service.objects.visible_to(actor).open().hospitals()
    regions = Region.objects.filter(pk__in=hospitals.values("region")).order_by("name")
    providers = Provider.objects.filter(pk__in=hospitals.values("provider")).order_by("name")
    return [
        Filter("where", "Services", _of_own(actor), [*own, (ALL, "Every service")], every="Any"),
        Filter("region", "Region", _by("ward__service__region__code"), _named(regions, "code")),
        Filter(
            "provider", "Provider", _by("ward__service__provider__public_id"), _named(providers, "public_id")
        ),
        Filter("tier", "Tier", _by("tier"), choices_of((one, Tier(one).label) for one in HOSPITAL_TIERS)),
        Filter("gender", "Takes", _by("gender"), choices_of(WardGender.choices)),
        Filter("specialty", "Specialty", _by("specialties__contains", many=True), _specialties(actor, at)),
    ]


def _works_on_wards(actor: Any) -> bool:
    """Whether the actor works at a hospital. In-reach teams and commissioners look at the beds of a region."""
    places = [one.service for one in actor.memberships if one.service_id]
    return any(place.kind == Service.Kind.HOSPITAL for place in places)


def _of_own(actor: Any) -> Any:
    return lambda beds, value: beds.filter(ward__service__in=actor.service_ids) if value == MINE else beds


def _by(column: str, *, many: bool = False) -> Any:
    return lambda beds, value: beds.filter(**{column: [value] if many else value})


def _named(rows: Any, key: str) -> list[tuple[str, str]]:
    return choices_of(rows.values_list(key, "name"))


def _specialties(actor: Any, at: Any) -> list[tuple[str, str]]:
    """The specialties that wards have on that day."""
    found = bed_board.specialties_at(at)
    return [(one, one[:1].upper() + one[1:]) for one in found]
