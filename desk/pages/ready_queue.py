"""People who are ready to move on and have not: how long, why, on whom it waits, and what that is reckoned to cost.

Of any past day too, from the dated periods as believed now, counted to that day.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, DateField, F, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.pages import long_date
from core.tables import Column, Filter, Table, choices_of
from organisations.actor import Actor
from organisations.doors import needs
from organisations.models import Provider, Region
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways import days
from pathways.codes import Elsewhere
from pathways.models import BedPrice, ReadyPeriod
from pathways.ready_codes import AttributableTo, ReadyGroup, ReadyReason, WaitsOn, reasons_in
from pathways.ready_lists import prices_by_tier, totals_of, with_place
from pathways.rules.ready import NEXT_TIERS, Stretch, counted_days
from pathways.rules.security import Prices, avoidable_cost
from referrals.pages.rows import shows_people, who_is

CAPTION = "Ready to move on"
DAY, FIRST_YEAR = timedelta(days=1), 1950


@require_safe
@needs(Right.SEE_READY)
def queue(request: HttpRequest) -> HttpResponse:
    """Everybody of the actor's people and populations who is clinically ready and still there, or was on a day."""
    actor = request.actor  # type: ignore[attr-defined]
    on, prices = _day(request.GET.get("on", ""), actor.today), prices_by_tier()
    is_today = on == actor.today
    table = Table(
        request,
        _rows(actor, on),
        columns=_columns(request, prices, on),
        name=f"ready-to-move-on-{on.isoformat()}",
        caption=CAPTION if is_today else f"{CAPTION}: {long_date(on)}",
        on=on,
        filters=_filters(),
        order=["ready_since"],
        nothing=_nothing(request, on, actor.today),
    )
    logged = Action.EXPORT if table.is_csv else Action.PRINT if table.is_print else Action.LIST
    request.reads.saw([row.patient_id for row in table.rows], logged)  # type: ignore[attr-defined]
    return table.answer(
        "desk/ready_queue.jinja",
        totals=totals_of(table.found, prices, on),
        prices=BedPrice.objects.visible_to(actor).in_force(on=on).order_by("-pounds_a_day"),
        tier_words=dict(Tier.choices),
        on=on,
        is_today=is_today,
        day_before=on - DAY,
        day_after=None if is_today else on + DAY,
    )


def _day(typed: str, today: date) -> date:
    """The day of the address; today where it is none, is to come, or lies before anybody kept records."""
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        return today
    return on if on.year >= FIRST_YEAR and on <= today else today


def _rows(actor: Actor, on: date) -> Any:
    listed = ReadyPeriod.objects.listed_for(actor)
    rows = listed.open() if on == actor.today else listed.open_on(on)
    rows = with_place(rows, days.now_or_noon(on, now=actor.at)).with_identity(actor)
    rows = rows.select_related(
        "service__provider", "service__region", "waits_on_service", "waits_on_commissioner"
    )
    rows = rows.annotate(days_ready=Value(on, output_field=DateField()) - F("ready_since"))
    if not shows_people(actor):
        return rows
    # Those whose name is kept back stand together, so that a place in the list tells nothing.
    name = Case(When(shows_identity=True, then="patient__family_name"), output_field=CharField())
    return rows.annotate(shown_name=name).select_related("service__provider", "service__region", "patient")


def _nothing(request: HttpRequest, on: date, today: date) -> str:
    asked_for = {name for name, value in request.GET.items() if value} - {"sort", "page", "format", "on"}
    if asked_for:
        return "Nobody fits. Remove a filter to see more."
    if on != today:
        return "Nobody you work with was waiting to move on that day."
    return "Nobody you work with is waiting to move on. Record that somebody is ready on their own page."


def _filters() -> list[Filter]:
    regions = Region.objects.order_by("name").values_list("code", "name")
    providers = Provider.objects.order_by("name").values_list("public_id", "name")
    return [
        Filter("region", "Region", _by("service__region__code"), choices_of(regions)),
        Filter("provider", "Provider", _by("service__provider__public_id"), choices_of(providers)),
        Filter("tier", "Tier now", _by("tier_now"), _tiers(HOSPITAL_TIERS)),
        Filter("next", "Needs next", _by("next_tier"), _tiers(NEXT_TIERS)),
        Filter("group", "Reason", _of_group, choices_of(ReadyGroup.choices)),
        Filter("waits", "Waits on", _by("waits_on"), choices_of(WaitsOn.choices)),
    ]


def _tiers(tiers: Any) -> list[tuple[str, str]]:
    return choices_of((one, Tier(one).label) for one in tiers)


def _by(column: str) -> Callable[[Any, str], Any]:
    return lambda rows, value: rows.filter(**{column: value})


def _of_group(rows: Any, group: str) -> Any:
    return rows.filter(reason_code__in=reasons_in(group))


def _columns(request: HttpRequest, prices: Prices, on: date) -> list[Column]:
    actor, in_file = request.actor, request.GET.get("format") == "csv"  # type: ignore[attr-defined]
    by_name = shows_people(actor)
    return [
        Column(
            "who",
            "Person",
            lambda row: who_is(row, actor)[0],
            sort="shown_name" if by_name else "",
            link=_link if by_name else None,
        ),
        *(
            [Column("born", "Date of birth", lambda row: who_is(row, actor)[1])]
            if in_file and by_name
            else []
        ),
        *([Column("day", "On", lambda row: on)] if in_file else []),
        Column("days", "Days ready", lambda row: row.days_ready.days, sort="days_ready", numeric=True),
        *([Column("since", "Ready since", "ready_since")] if in_file else []),
        Column("where", "Where", _where, sort="service__name"),
        *(
            [
                Column("provider", "Provider", lambda row: row.service.provider.name),
                Column("region", "Region", lambda row: row.service.region.name),
            ]
            if in_file
            else []
        ),
        Column("tier", "Tier now", lambda row: _tier(row.tier_now), sort="tier_now"),
        Column("next", "Needs next", lambda row: _tier(row.next_tier), sort="next_tier"),
        *([Column("code", "MHSDS reason code", "reason_code")] if in_file else []),
        Column("reason", "Reason", lambda row: ReadyReason(row.reason_code).label, sort="reason_code"),
        *(
            [
                Column("group", "NHS England’s group", lambda row: row.group),
                Column("party", "Attributable to", lambda row: AttributableTo(row.attributable_to).label),
            ]
            if in_file
            else []
        ),
        Column("waits", "Waits on", _waits_on(actor), sort="waits_on"),
        Column("cost", "Avoidable cost, estimate", _cost(prices, on, in_file=in_file), numeric=True),
    ]


def _link(row: Any) -> str:
    return reverse("desk:patient", args=[row.patient.public_id]) if row.shows_identity else ""


def _where(row: Any) -> str:
    if row.ward_now:
        return f"{row.service.name}, {row.ward_now} ward"
    away = f", away: {Elsewhere(row.elsewhere_now).label.lower()}" if row.elsewhere_now else ""
    return f"{row.service.name}{away}"


def _tier(tier: str | None) -> str:
    return str(Tier(tier).label) if tier else "Not known"


def _waits_on(actor: Actor) -> Callable[[Any], str]:
    """Who has to act; what was typed beside it only where the reader knows whom it is about."""
    reads = actor.has(Right.READ_CLINICAL)

    def words(row: Any) -> str:
        typed = row.waits_on_words if reads and row.shows_identity else ""
        return f"{row.waits_on_whom}: {typed}" if typed else row.waits_on_whom

    return words


def _cost(prices: Prices, on: date, *, in_file: bool) -> Callable[[Any], Any]:
    """Pounds as a number for a file, in words for a page; nothing where a tier has no price."""

    def cost(row: Any) -> Any:
        first, until = counted_days(Stretch(row.ready_since, None), goes_on=False, today=on)
        pounds = avoidable_cost(first, until, row.tier_now or "", row.next_tier, prices)
        if pounds is None:
            return "" if in_file else "No price"
        return round(pounds) if in_file else f"£{pounds:,.0f}"

    return cost
