"""Days in more, or less, security than people were assessed to need: by region and tier, for one's own population."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.csv import csv_response
from organisations.actor import Actor
from organisations.doors import needs
from organisations.models import Service
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.models import Patient
from pathways.rules.security import Match, spans_of
from pathways.whereabouts import needs_of_many, tiers_of_many

# Days of the period, to today, as the address has them.
PERIODS = {"90": "The last 90 days", "365": "The last 365 days", "1095": "The last three years"}
USUAL = "365"
HEADINGS = ("Region", "Tier of the ward", "People", "Days in hospital", *(match.label for match in Match))


@dataclass
class Line:
    """One region and tier."""

    region: str
    tier: str
    people: set[int] = field(default_factory=set)
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Match.values, 0))

    @property
    def tier_words(self) -> str:
        """The tier, or that it is not known."""
        return str(Tier(self.tier).label) if self.tier else "Not known"

    @property
    def total(self) -> int:
        """All days in hospital."""
        return sum(self.days.values())

    @property
    def cells(self) -> list[Any]:
        """As a file has it."""
        return [self.region, self.tier_words, len(self.people), self.total, *self.days.values()]


@require_safe
@needs(Right.SEE_READY)
def security(request: HttpRequest) -> HttpResponse:
    """Counts only, so that nobody is known by it."""
    actor = request.actor  # type: ignore[attr-defined]
    period = request.GET.get("days", USUAL)
    period = period if period in PERIODS else USUAL
    first_day = actor.today - timedelta(days=int(period) - 1)
    lines = lines_of(actor, first_day)
    if request.GET.get("format") == "csv":
        name = f"security-needed-and-had-{actor.today.isoformat()}"
        return csv_response(name, HEADINGS, [line.cells for line in lines])
    return render(
        request,
        "desk/ready_security.jinja",
        {
            "heading": "Security needed and had",
            "lines": lines,
            "total": _sum(lines),
            "matches": list(Match),
            "periods": PERIODS,
            "period": period,
            "first_day": first_day,
            "today": actor.today,
            "back": reverse("desk:ready_queue"),
            "back_words": "Ready to move on",
        },
    )


def lines_of(actor: Actor, first_day: date) -> list[Line]:
    """The people of the actor, by region and tier in reading order. Six queries, however many people."""
    ids = list(Patient.objects.in_population_of(actor).values_list("pk", flat=True))
    tiers, needed = tiers_of_many(ids), needs_of_many(ids)
    services = Service.objects.visible_to(actor).hospitals()
    regions = dict(services.values_list("pk", "region__name"))
    lines: dict[tuple[str, str], Line] = {}
    for patient_id, stays in tiers.items():
        for span in spans_of(stays, needed[patient_id], first_day=first_day, last_day=actor.today):
            region = regions.get(span.service_id or 0, "Not known")
            line = lines.setdefault((region, span.tier), Line(region, span.tier))
            line.people.add(patient_id)
            line.days[span.match] += span.days
    order = {tier.value: place for place, tier in enumerate(HOSPITAL_TIERS)}
    return sorted(lines.values(), key=lambda line: (line.region, order.get(line.tier, len(order))))


def _sum(lines: Iterable[Line]) -> Line:
    days: dict[str, int] = defaultdict(int)
    people: set[int] = set()
    for line in lines:
        people |= line.people
        for match, count in line.days.items():
            days[match] += count
    return Line("All", "", people, {match: days[match] for match in Match.values})
