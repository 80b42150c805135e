"""The worklist by what is needed next: a column for each step, a card for each transfer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.tables import Chip, query
from organisations.doors import needs
from referrals import rules
from referrals.models import Referral
from referrals.pages import rows
from referrals.pages.worklist import filters, may_ask

# Cards of one column; the worklist has the rest. A board of everything would be read by nobody.
MOST_CARDS = 25


@dataclass(frozen=True)
class ColumnOfCards:
    """One column: a step, who does it, how many wait for it, and the first of them."""

    step: str
    owner: str
    total: int
    cards: list[Any]
    address: str


class Narrowed:
    """The filters of the address, in the shape that the list's filter form reads."""

    caption = "Board of transfers"
    on = None

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.filters = [one for one in filters(request) if one.name not in ("state", "step", "end")]

    def chosen(self, name: str) -> str:
        """The value of a filter in the address, “” for none."""
        return self.request.GET.get(name, "").strip()

    def apply(self, found: Any) -> Any:
        """The transfers that the filters let through."""
        for one in self.filters:
            value = self.chosen(one.name)
            if value and one.words(value) is not None:
                found = one.apply(found, value)
        return found

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on."""
        return [
            Chip(one.label, words, query(self.request, **{one.name: None}))
            for one in self.filters
            if (value := self.chosen(one.name)) and (words := one.words(value)) is not None
        ]


@require_safe
@needs(Right.SEE_TRANSFERS)
def board(request: HttpRequest) -> HttpResponse:
    """Open transfers under their first unmet need, each column in the order of the worklist."""
    actor = request.actor  # type: ignore[attr-defined]
    narrowed = Narrowed(request)
    found = narrowed.apply(Referral.objects.visible_to(actor).transfers().open())
    totals = dict(found.order_by().values_list("next_step").annotate(total=Count("pk")))
    cards = list(_first_of_each(rows.with_facts(found, actor), actor))
    rows.add_facts(cards, actor)
    request.reads.saw([card.patient_id for card in cards], Action.LIST)  # type: ignore[attr-defined]
    columns = [
        ColumnOfCards(
            step=step.label,
            owner=rules.OWNERS[step].words,
            total=totals.get(step.value, 0),
            cards=[card for card in cards if card.next_step == step],
            address=f"/transfers/{query(request, step=step.value, sort=None, page=None)}",
        )
        for step in rules.board_columns()
    ]
    return render(
        request,
        "referrals/board.jinja",
        {
            "heading": "Board of transfers",
            "table": narrowed,
            "columns": columns,
            "total": sum(totals.values()),
            "today": actor.today,
            "may_ask": may_ask(actor),
            "worklist": f"/transfers/{query(request)}",
            # The list of the same transfers, whole: a column here shows only its first cards.
            "csv": f"/transfers/{query(request, format='csv')}",
            "print": f"/transfers/{query(request, format='print')}",
        },
    )


def _first_of_each(found: Any, actor: Any) -> Any:
    """The first cards of each column, in one query."""
    overdue = Case(When(next_review_on__lt=actor.today, then=Value(0)), default=Value(1))
    order = [F("urgency").asc(), overdue.asc(), F("report_first_requested_on").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=F("next_step"), order_by=order)
    return found.annotate(place=place).filter(place__lte=MOST_CARDS).order_by("place")
