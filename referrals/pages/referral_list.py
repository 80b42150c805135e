"""The worklist of every kind of referral but the transfer from prison, in the order in which they need somebody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from organisations.doors import needs
from organisations.models import Service
from referrals.codes import Kind, MoveEnd, Urgency
from referrals.models import Referral
from referrals.pages import rows
from referrals.pages.worklist import how_read, of_fact
from referrals.rules import OTHER_KINDS, steps_of

STEPS = tuple(dict.fromkeys(step for kind in OTHER_KINDS for step in steps_of(kind)))


@require_safe
@needs(Right.SEE_TRANSFERS)
def referrals(request: HttpRequest) -> HttpResponse:
    """Open referrals, most urgent first; ended ones where asked for."""
    actor = request.actor  # type: ignore[attr-defined]
    is_ended = request.GET.get("state") == "ended"
    found = Referral.objects.visible_to(actor).of_other_kinds()
    found = rows.with_facts(found.ended() if is_ended else found.open(), actor)
    table = Table(
        request,
        found.order_by("-ended_on", "-pk") if is_ended else found.worklist(on=actor.today),
        columns=_columns(request, is_ended),
        name="referrals",
        caption="Referrals",
        filters=_filters(actor, is_ended),
        nothing=_nothing(request, is_ended),
    )
    rows.add_facts(table.rows, actor)
    request.reads.saw([row.patient_id for row in table.rows], how_read(table))  # type: ignore[attr-defined]
    return table.answer(
        "referrals/referrals.jinja",
        today=actor.today,
        may_refer=actor.has(Right.REQUEST_TRANSFER),
        state="ended" if is_ended else "open",
    )


def _nothing(request: HttpRequest, is_ended: bool) -> str:
    asked_for = {name for name, value in request.GET.items() if value} - {"sort", "page", "format", "state"}
    if asked_for:
        return "No referral fits. Remove a filter to see more."
    if is_ended:
        return "No referral of the people you work with has ended."
    return "Nobody you work with is referred. Open a person’s page to refer them."


def _filters(actor: Any, is_ended: bool) -> list[Filter]:
    services = list(Service.objects.visible_to(actor).open().select_related("region").order_by("name"))
    named = [(one.public_id, one.name) for one in services]
    regions = sorted({(one.region.code, one.region.name) for one in services}, key=lambda pair: pair[1])
    kinds = [(kind.value, kind.label) for kind in OTHER_KINDS]
    steps = [(step.value, step.label) for step in STEPS]
    return [
        Filter("state", "State", lambda found, value: found, [("ended", "Ended")], every="Open"),
        Filter("needs", "Waits for", lambda found, value: found.needing(actor), [("me", "Me")]),
        Filter("kind", "Kind", lambda found, value: found.filter(kind=value), kinds),
        Filter(
            "urgency",
            "Urgency",
            lambda found, value: found.filter(urgency=value),
            choices_of(Urgency.choices),
        ),
        *(
            [_ends()]
            if is_ended
            else [Filter("step", "Next step", lambda found, value: found.filter(next_step=value), steps)]
        ),
        Filter(
            "from",
            "Asked by",
            lambda found, value: found.filter(from_service__public_id=value),
            choices_of(named),
        ),
        Filter("asked", "Service asked", lambda found, value: found.asking(value), choices_of(named)),
        Filter(
            "region", "Region", lambda found, value: found.filter(from_service__region__code=value), regions
        ),
    ]


def _ends() -> Filter:
    return Filter(
        "end", "How it ended", lambda found, value: found.filter(end_reason=value), list(MoveEnd.choices)
    )


def _columns(request: HttpRequest, is_ended: bool) -> list[Column]:
    by_name = rows.shows_people(request.actor)  # type: ignore[attr-defined]
    in_file = request.GET.get("format") == "csv"
    start = [
        Column("reference", "Reference", "reference", sort="reference", link=of_fact("address")),
        Column("who", "Person", of_fact("who"), sort="shown_name" if by_name else ""),
        *([Column("born_on", "Date of birth", of_fact("born_on"))] if in_file and by_name else []),
        Column("kind", "Kind", lambda row: Kind(row.kind).label, sort="kind"),
        Column("prison", "Asked by", of_fact("prison"), sort="from_service__name"),
        Column("urgency", "Urgency", of_fact("urgency"), sort="urgency"),
        Column("day", "Waiting", of_fact("day"), sort="waited"),
    ]
    if is_ended:
        return [
            *start,
            Column("ended_on", "Ended", of_fact("ended_on"), sort="ended_on"),
            Column("ended", "How", of_fact("ended")),
            Column("asked", "Services asked", of_fact("asked_words")),
        ]
    return [
        *start,
        Column("step", "Next step", of_fact("step"), sort="next_step"),
        *([Column("owner", "From whom", of_fact("owner"))] if in_file else []),
        Column("asked", "Services asked", of_fact("asked_words")),
        Column("leads", "Leads", lambda row: "Yes" if row.is_primary else "No"),
    ]
