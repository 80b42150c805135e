"""Who looked at a person's record: the read log, put in words for those who may ask it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import Access, AccessedPatient, User
from accounts.rights import Right, Role
from organisations.actor import Actor
from organisations.models import Service
from pathways.models import Patient

ACTIONS = dict(Access.Action.choices)
ROLES = dict(Role.choices)


@dataclass(frozen=True)
class Look:
    """One request that showed something about the person, or was refused."""

    at: datetime
    name: str
    role: str
    places: str
    action: str
    reason: str


def looks_at(patient: Patient, actor: Actor) -> QuerySet[AccessedPatient]:
    """The read log of one person, for those who may read it; the table narrows and orders it."""
    rows = AccessedPatient.objects.filter(patient_id=patient.pk)
    if not actor.has(Right.READ_WHO_LOOKED):
        return rows.none()
    access = Access.objects.filter(pk=OuterRef("access_id"), at=OuterRef("at"))
    return rows.annotate(
        user_id=Subquery(access.values("user_id")[:1]),
        role=Subquery(access.values("role")[:1]),
        service_ids=Subquery(access.values("service_ids")[:1]),
        action=Subquery(access.values("action")[:1]),
        reason=Subquery(access.values("reason")[:1]),
    )


def in_words(rows: list[Any]) -> dict[int, Look]:
    """By id of the row: names instead of numbers. Two queries for any number of rows."""
    users = dict(User.objects.filter(pk__in={row.user_id for row in rows}).values_list("pk", "name"))
    ids = {pk for row in rows for pk in row.service_ids or []}
    services = dict(Service.objects.filter(pk__in=ids).values_list("pk", "name"))
    return {
        row.pk: Look(
            at=row.at,
            name=users.get(
                row.user_id, "A machine" if row.user_id is None else "An account that is no longer there"
            ),
            role=ROLES.get(row.role, ""),
            places=", ".join(services[pk] for pk in row.service_ids or [] if pk in services),
            action=ACTIONS.get(row.action, ""),
            reason=row.reason or "",
        )
        for row in rows
    }
