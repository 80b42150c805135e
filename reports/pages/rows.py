"""The rows behind a figure: the viewer's own population only, by name only for those who may know it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from assessments.codes import RepeatReason
from core.tables import Column
from organisations.doors import needs
from pathways.models import FlagRule
from referrals.codes import DelayParty, DelayReason, EndReason
from referrals.pages.rows import shows_people
from reports.figures import asked as question
from reports.figures import door
from reports.figures.catalogue import FIGURES
from reports.pages.behind import rows_behind
from reports.pages.transfers import address, answers_of

NOTHING = "No transfer of yours is counted here."


@require_safe
@needs(Right.SEE_DASHBOARDS, Right.OPEN_FIGURES)
def rows(request: HttpRequest) -> HttpResponse:
    """The transfers that one figure counts."""
    actor = request.actor  # type: ignore[attr-defined]
    figure, of = _figure(request), request.GET.get("of", "")
    if figure is None or (of and not words_of(figure.key, of)) or "\0" in of:
        raise Http404
    answers, slips = answers_of(request)
    asked = question.read(answers, now=actor.at)
    return rows_behind(
        request,
        door.rows_behind(actor, asked, figure.key, of),
        partial(door.dates_of, actor, asked),
        name="rows",
        columns=_columns(actor),
        caption=figure.words + (f": {words_of(figure.key, of)}" if of else ""),
        order=["report_first_requested_on"],
        nothing=NOTHING,
        figure=figure,
        asked=asked,
        slips=slips,
        back=address(answers),
    )


def _figure(request: HttpRequest) -> Any:
    return FIGURES.get(request.GET.get("figure", ""))


def words_of(figure: str, of: str) -> str:
    """What a figure is narrowed to, in words; “” for what it can't be narrowed to."""
    first, _, second = of.partition(":")
    if figure == "ended":
        return dict(EndReason.choices).get(of, "").lower()
    if figure == "delayed" and first in DelayParty.values:
        reason = dict(DelayReason.choices).get(second, "")
        return f"{DelayParty(first).label}, {reason}" if reason else ""
    if figure == "flagged" and second in FlagRule.Level.values and (policy := door.policy_named(first)):
        return f"{FlagRule.Level(second).label}, {policy}"
    if figure == "repeated":
        return dict(RepeatReason.choices).get(first, "").lower()
    return ""


def _known(name: str) -> Callable[[Any], Any]:
    return lambda row: row.known[name]


def _ended(row: Any) -> str:
    reason = row.known["reason"]
    return EndReason(reason).label if reason else ""


def _columns(actor: Any) -> list[Column]:
    by_name = shows_people(actor)
    return [
        Column(
            "reference",
            "Reference",
            sort="reference",
            link=lambda row: reverse("referrals:transfer", args=[row.public_id]),
        ),
        Column("who", "Person", lambda row: row.who[0], sort=""),
        *([Column("born", "Date of birth", lambda row: row.who[1])] if by_name else []),
        Column("prison", "Prison", _known("prison")),
        Column("requested_on", "First requested", _known("requested_on"), sort="report_first_requested_on"),
        Column("received_on", "Received", _known("received_on")),
        Column("ended", "How it ended", _ended),
        Column("hospital", "Hospital", _known("hospital")),
        Column("days", "Days", _known("days"), numeric=True),
    ]
