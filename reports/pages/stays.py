"""The stays behind a figure of beds: the viewer's own population only, by name only for those who may know it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.tables import Column
from organisations.doors import needs
from organisations.rules import Tier
from referrals.pages.rows import shows_people
from reports.figures import asked as question
from reports.figures import bed_door
from reports.figures.bed_catalogue import FIGURES
from reports.figures.bed_counts import BANDS
from reports.pages.beds import QUESTIONS, address
from reports.pages.behind import rows_behind
from reports.pages.transfers import answers_of

LENGTHS = {key: words for key, words, _first in BANDS}
NOTHING = "No stay of anybody of yours is counted here."


@require_safe
@needs(Right.SEE_DASHBOARDS, Right.OPEN_FIGURES)
def stays(request: HttpRequest) -> HttpResponse:
    """The stays that one figure counts, the one that began first at the top."""
    actor = request.actor  # type: ignore[attr-defined]
    figure, of = FIGURES.get(request.GET.get("figure", "")), request.GET.get("of", "")
    if figure is None or (of and (of not in LENGTHS or figure.key == "admitted")):
        raise Http404
    answers, slips = answers_of(request, QUESTIONS)
    asked = question.read(answers, now=actor.at)
    return rows_behind(
        request,
        bed_door.rows_behind(actor, asked, figure.key, of),
        partial(bed_door.facts_of, actor, asked),
        name="stays",
        columns=_columns(actor),
        caption=figure.words + (f": {LENGTHS[of].lower()}" if of else ""),
        order=["during"],
        nothing=NOTHING,
        figure=figure,
        asked=asked,
        slips=slips,
        back=address(answers),
    )


def _known(name: str) -> Callable[[Any], Any]:
    return lambda row: row.known[name]


def _tier(row: Any) -> str:
    return str(Tier(row.known["tier"]).label) if row.known["tier"] else "Not known"


def _person(row: Any) -> str:
    return reverse("desk:patient", args=[row.patient.public_id]) if row.shows_identity else ""


def _columns(actor: Any) -> list[Column]:
    by_name, sees_ready = shows_people(actor), actor.has(Right.SEE_READY)
    return [
        Column("who", "Person", lambda row: row.who[0], link=_person if by_name else None),
        *([Column("born", "Date of birth", lambda row: row.who[1])] if by_name else []),
        Column("hospital", "Hospital", _known("hospital"), sort="service__name"),
        Column("tier", "Tier", _tier),
        Column("since", "Came", _known("since_on"), sort="during"),
        Column("left", "Left", _known("left_on")),
        Column("days", "Days", _known("days"), numeric=True),
        *(
            [Column("ready", "Of them ready to move on", _known("ready_days"), numeric=True)]
            if sees_ready
            else []
        ),
    ]
