"""The one door to figures: whose transfers an actor's figures count, and the statement run for them."""

import re
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.rights import Right
from organisations.actor import Actor
from pathways.models import ClockPolicy
from referrals.models import Referral
from reports.figures import counts
from reports.figures.asked import Asked
from reports.figures.catalogue import CONDITIONS
from reports.figures.facts import Scope, Statement, transfers

_EVERYBODY = Scope(is_all=True)


def scope_of(actor: Actor) -> Scope:
    """A commissioner's own populations, by who answered for the person when the transfer was asked for; else all.

    By that fact and not by who answers now, so that a figure stays what it was when people move.
    """
    if actor.has(Right.SEE_DASHBOARDS) and actor.has(Right.SEE_EVERY_TRANSFER):
        return _EVERYBODY
    return Scope(actor.commissioner_ids if actor.has(Right.SEE_DASHBOARDS) else frozenset())


def figures(actor: Actor, asked: Asked) -> dict[str, Any]:
    """All figures of the dashboard for the actor's population. One query."""
    return answer(counts.everything(asked, scope_of(actor)))


def other_areas(actor: Actor, asked: Asked) -> dict[str, Any] | None:
    """Regions and providers of all England, unsuppressed: whoever shows them suppresses them. None for those who
    have them anyway. One query."""
    if scope_of(actor).is_all or not actor.has(Right.SEE_DASHBOARDS):
        return None
    return answer(counts.areas(asked.for_other_areas(), _EVERYBODY))


def rows_behind(actor: Actor, asked: Asked, figure: str, of: str = "") -> QuerySet[Referral]:
    """The transfers that a figure counts, of those the actor may see. `of` is an end reason, or "" for any."""
    if not actor.has(Right.OPEN_FIGURES):
        return Referral.objects.none()
    known = transfers(asked, scope_of(actor))
    sql = f"{known.sql} SELECT id FROM t WHERE {CONDITIONS[figure]}"
    return Referral.objects.visible_to(actor).filter(pk__in=raw(Statement(sql, {**known.values, "of": of})))


def policy_named(code: str) -> str:
    """What a clock policy is called; “” for none of that code."""
    return ClockPolicy.objects.filter(code=code).values_list("name", flat=True).first() or ""


def dates_of(actor: Actor, asked: Asked, referral_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What is known at the instant of some transfers that have been found by `rows_behind` already. One query."""
    known = transfers(asked, scope_of(actor))
    sql = (
        f"{known.sql} SELECT t.id, t.requested_on, t.received_on, t.ended_on, t.reason, t.days, "
        "prison.name AS prison, hospital.name AS hospital "
        "FROM t JOIN organisations_service prison ON prison.id = t.prison_id "
        "LEFT JOIN organisations_service hospital ON hospital.id = t.hospital_id WHERE t.id = ANY(%(ids)s)"
    )
    return by_id(Statement(sql, {**known.values, "ids": referral_ids}))


def by_id(statement: Statement) -> dict[int, dict[str, Any]]:
    """The rows that a statement finds by their first column, which is an id."""
    with connections["default"].cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def answer(statement: Statement) -> dict[str, Any]:
    """The one object that a statement answers with."""
    with connections["default"].cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return cursor.fetchone()[0]


_NAMED = re.compile(r"%\((\w+)\)s")


def raw(statement: Statement) -> RawSQL:
    """The statement inside a queryset, which knows its values by place and not by name."""
    values = [statement.values[name] for name in _NAMED.findall(statement.sql)]
    return RawSQL(_NAMED.sub("%s", statement.sql), values)  # noqa: S611 (SQL of our own; every value is a parameter)
