"""The worklist of transfers: everything that is open, in the order in which it needs somebody."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from organisations.doors import needs
from organisations.models import Service
from referrals.codes import EndReason, Urgency
from referrals.models import Referral
from referrals.pages import rows
from referrals.rules import TRANSFER_STEPS

PRISONS = (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE)
CAPTION = "Transfers from prison"
NOTHING = "No transfer fits. Remove a filter to see more."
STATES = [("ended", "Ended")]
LATE = [("late", "Late"), ("approaching", "Within four days of the limit")]


@require_safe
@needs(Right.SEE_TRANSFERS)
def worklist(request: HttpRequest) -> HttpResponse:
    """Open transfers, most urgent first; ended ones where asked for."""
    actor = request.actor  # type: ignore[attr-defined]
    found = rows.with_facts(in_state(request, actor), actor)
    # What ended last is what somebody comes to look for.
    newest_first = found.order_by("-ended_on", "-pk")
    found = newest_first if state_of(request) == "ended" else found.worklist(on=actor.today)
    table = Table(
        request,
        found,
        columns=columns(request),
        name="transfers",
        caption=CAPTION,
        filters=filters(request),
        nothing=nothing_words(request, actor),
    )
    rows.add_facts(table.rows, actor)
    request.reads.saw([row.patient_id for row in table.rows], how_read(table))  # type: ignore[attr-defined]
    return table.answer(
        "referrals/worklist.jinja", today=actor.today, may_ask=may_ask(actor), state=state_of(request)
    )


def may_ask(actor: Any) -> bool:
    """Whether the actor works at a prison that may ask for a transfer."""
    places = [held.service for held in actor.memberships if held.service_id]
    return actor.has(Right.REQUEST_TRANSFER) and any(place.kind in PRISONS for place in places)


def how_read(table: Table) -> Action:
    if table.is_csv:
        return Action.EXPORT
    return Action.PRINT if table.is_print else Action.LIST


def state_of(request: HttpRequest) -> str:
    """Open, unless the address asks for ended ones."""
    return "ended" if request.GET.get("state") == "ended" else "open"


def in_state(request: HttpRequest, actor: Any) -> Any:
    """The transfers the actor may see, open or ended."""
    transfers = Referral.objects.visible_to(actor).transfers()
    return transfers.ended() if state_of(request) == "ended" else transfers.open()


def nothing_words(request: HttpRequest, actor: Any) -> str:
    """Why the list is empty and what to do."""
    asked_for = {name for name, value in request.GET.items() if value} - {"sort", "page", "format"}
    if asked_for - {"state"}:
        return NOTHING
    if state_of(request) == "ended":
        return "No transfer of the people you work with has ended."
    begin = " Ask for one with the button above." if may_ask(actor) else ""
    return f"Nobody you work with is waiting for a transfer.{begin}"


def filters(request: HttpRequest) -> list[Filter]:
    """What the list can be narrowed by. The board has the same."""
    actor = request.actor  # type: ignore[attr-defined]
    services = list(Service.objects.visible_to(actor).open().select_related("region").order_by("name"))
    prisons = [(one.public_id, one.name) for one in services if one.kind in ("prison", "removal_centre")]
    hospitals = [(one.public_id, one.name) for one in services if one.kind == "hospital"]
    regions = sorted({(one.region.code, one.region.name) for one in services}, key=lambda pair: pair[1])
    ended = state_of(request) == "ended"
    return [
        Filter("state", "State", lambda found, value: found, STATES, every="Open"),
        Filter("needs", "Waits for", _needing(actor), [("me", "Me")]),
        Filter(
            "urgency",
            "Urgency",
            lambda found, value: found.filter(urgency=value),
            choices_of(Urgency.choices),
        ),
        *([] if ended else [_step_filter(), _late_filter(actor)]),
        *([] if _is_one_prison(actor) else [Filter("prison", "Prison", _from_prison, choices_of(prisons))]),
        Filter("asked", "Service asked", lambda found, value: found.asking(value), choices_of(hospitals)),
        *([] if _is_one_prison(actor) else [Filter("region", "Region", _in_region, regions)]),
        *([_end_filter()] if ended else []),
    ]


def _is_one_prison(actor: Any) -> bool:
    """Whether everything the actor does is at one prison: asking which, or in which region, means nothing there."""
    places = [held.service for held in actor.memberships]
    return len(places) == 1 and places[0] is not None and places[0].kind in PRISONS


def _needing(actor: Any) -> Callable[[Any, str], Any]:
    return lambda found, value: found.needing(actor)


def _step_filter() -> Filter:
    return Filter(
        "step",
        "Next step",
        lambda found, value: found.filter(next_step=value),
        [(step.value, step.label) for step in TRANSFER_STEPS],
    )


def _late_filter(actor: Any) -> Filter:
    def narrow(found: Any, value: str) -> Any:
        return found.late(on=actor.today) if value == "late" else found.approaching(on=actor.today)

    return Filter("late", "14 day limit", narrow, LATE)


def _end_filter() -> Filter:
    return Filter(
        "end",
        "How it ended",
        lambda found, value: found.filter(end_reason=value),
        choices_of(EndReason.choices),
    )


def _from_prison(found: Any, value: str) -> Any:
    return found.filter(from_service__public_id=value)


def _in_region(found: Any, value: str) -> Any:
    return found.filter(from_service__region__code=value)


def of_fact(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row.facts, name)


def columns(request: HttpRequest) -> list[Column]:
    """What a row says, in reading order; a file holds the parts of it one by one."""
    by_name = rows.shows_people(request.actor)  # type: ignore[attr-defined]
    in_file = request.GET.get("format") == "csv"
    person = Column("who", "Person", of_fact("who"), sort="shown_name" if by_name else "")
    start = [
        Column("reference", "Reference", "reference", sort="reference", link=of_fact("address")),
        person,
        *([Column("born_on", "Date of birth", of_fact("born_on"))] if in_file and by_name else []),
        Column("prison", "Prison", of_fact("prison"), sort="from_service__name"),
        Column("urgency", "Urgency", of_fact("urgency"), sort="urgency"),
        Column("day", "Day", of_fact("day"), sort="waited"),
        *([Column("due", "Last day in time", of_fact("due_on"))] if in_file else []),
    ]
    if state_of(request) == "ended":
        return [
            *start,
            Column("ended_on", "Ended", of_fact("ended_on"), sort="ended_on"),
            Column("ended", "How", of_fact("ended")),
            Column("asked", "Services asked", of_fact("asked_words")),
        ]
    return [
        *start,
        Column("flag", "Flag", of_fact("flag")),
        Column("step", "Next step", of_fact("step"), sort="next_step"),
        *([Column("owner", "From whom", of_fact("owner"))] if in_file else []),
        Column("asked", "Services asked", of_fact("asked_words")),
        Column("review", "Next review", of_fact("review_on"), sort="next_review_on"),
        Column("since", "Waiting since", of_fact("waiting_since"), sort="waiting_since"),
    ]
