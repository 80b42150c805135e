"""Home: what needs me today."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right, Role
from core.tables import Table
from desk.today import commissioner, installation, prison, work
from desk.today.things import SHOWN, grouped
from organisations.doors import open_to_all_signed_in
from referrals.pages import rows
from referrals.pages.worklist import columns, may_ask

# What the worklist says of each transfer, less what is the same for all of one prison.
OWN_COLUMNS = (
    "reference",
    "who",
    "born_on",
    "urgency",
    "day",
    "due",
    "flag",
    "step",
    "owner",
    "asked",
    "review",
)


@require_safe
@open_to_all_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the actor by due date, and what else their role looks at first."""
    actor = request.actor
    things = work.things_of(actor)
    own = _own_transfers(request, actor)
    if own is not None and own.is_csv:
        request.reads.saw([row.patient_id for row in own.rows], Action.EXPORT)
        return own.answer("desk/home.jinja")
    seen = [thing.patient_id for thing in things[:SHOWN] if thing.patient_id]
    listed = [row.patient_id for row in own.rows] if own else []
    request.reads.saw([*seen, *listed], Action.PRINT if own and own.is_print else Action.LIST)
    return render(
        request,
        "desk/home.jinja",
        {
            "heading": "Home",
            "today": actor.today,
            "groups": grouped(things[:SHOWN], actor.today),
            "more": max(0, len(things) - SHOWN),
            "has_list": bool(work.sources_of(actor)),
            "own": own,
            "may_ask": may_ask(actor),
            "elsewhere": work.waiting_elsewhere(actor),
            **_by_role(actor),
        },
    )


def _own_transfers(request: HttpRequest, actor: Any) -> Table | None:
    """The open transfers of the actor's prisons by the headline clock, which began with the report asked for first."""
    if not (actor.role == Role.LIAISON or may_ask(actor)):
        return None
    shown = [column for column in columns(request) if column.key in OWN_COLUMNS]
    own = Table(
        request,
        rows.with_facts(prison.own_transfers(actor), actor),
        columns=shown,
        name="own-transfers",
        caption="Your open transfers",
    )
    rows.add_facts(own.rows, actor)
    return own


def _by_role(actor: Any) -> dict[str, Any]:
    """Figures for a commissioner, signs of health for an administrator."""
    figures = commissioner.figures(actor) if actor.has(Right.SEE_DASHBOARDS) else []
    is_administrator = actor.role == Role.ADMINISTRATOR
    return {
        "figures": figures,
        "signs": installation.signs(actor) if is_administrator else [],
        "runs": installation.last_runs() if is_administrator else [],
    }
