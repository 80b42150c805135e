"""The one door to figures of beds and of those who are in them: whose an actor's figures count, and their stays."""

from typing import Any

from django.db.models import QuerySet

from accounts.rights import Right
from organisations.actor import Actor
from pathways.models import Placement
from reports.figures import bed_counts, door
from reports.figures.asked import Asked
from reports.figures.bed_facts import stays
from reports.figures.facts import Scope, Statement

_EVERYBODY = Scope(is_all=True)


def scope_of(actor: Actor) -> Scope:
    """As of transfers; for somebody who sees beds and no dashboards, the beds of the services where they work."""
    if actor.has(Right.SEE_DASHBOARDS):
        return door.scope_of(actor)
    return Scope(service_ids=actor.service_ids if actor.has(Right.SEE_BEDS) else frozenset())


def figures(actor: Actor, asked: Asked) -> dict[str, Any]:
    """All figures of the dashboard for the actor. One query."""
    return door.answer(bed_counts.everything(asked, scope_of(actor)))


def other_areas(actor: Actor, asked: Asked) -> dict[str, Any] | None:
    """All England, unsuppressed: whoever shows it suppresses it. None for those who have it anyway, or may not. One
    query."""
    if scope_of(actor).is_all or not actor.has(Right.SEE_DASHBOARDS):
        return None
    return door.answer(bed_counts.areas(asked.for_other_areas(), _EVERYBODY))


def rows_behind(actor: Actor, asked: Asked, figure: str, of: str = "") -> QuerySet[Placement]:
    """The first places of the stays that a figure counts, of people whom the actor may list. `of`: how long, or ""."""
    known = stays(asked, scope_of(actor))
    sql = f"{known.sql} SELECT id FROM stay WHERE {bed_counts.CONDITIONS[figure]}"
    counted = door.raw(Statement(sql, {**known.values, "of": of}))
    return Placement.objects.listed_for(actor).filter(pk__in=counted)


def facts_of(actor: Actor, asked: Asked, placement_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What is known at the instant of some stays that `rows_behind` has found already, by their first place. One
    query."""
    known = stays(asked, scope_of(actor))
    sql = (
        f"{known.sql} SELECT stay.id, stay.since_on, stay.left_on, stay.days, stay.ready_days, stay.tier, "
        "service.name AS hospital FROM stay JOIN organisations_service service ON service.id = stay.service_id "
        "WHERE stay.id = ANY(%(ids)s)"
    )
    return door.by_id(Statement(sql, {**known.values, "ids": placement_ids}))
