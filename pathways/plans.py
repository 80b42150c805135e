"""What is planned and could not be planned now: its authority ended or was put right, or the law has changed, since.

Asked of people whom the reader may see, in two queries for however many plans.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from core.refusals import refusal
from pathways import rules
from pathways.days import london_date
from pathways.models import Authority, Leave, LegalStatus
from pathways.rules.leave import ACTS
from pathways.rules.movements import MOVEMENTS


class Plan(NamedTuple):
    """An act planned for somebody from a London day to another, to a hospital or to none."""

    patient_id: int
    act: str
    on: date
    last_day: date
    hospital_id: int | None = None


def plan_of(leave: Leave) -> Plan:
    """A planned leave or movement, with the ward of a trial at hand: its first day where no time to be back is said."""
    assert leave.planned_from is not None  # noqa: S101 (only planned ones are asked about)
    on = london_date(leave.planned_from)
    last_day = london_date(leave.due_back_at) if leave.due_back_at else on
    hospital_id = leave.to_ward.service_id if leave.to_ward else None
    act = ACTS.get(leave.kind) or MOVEMENTS[leave.kind].act
    return Plan(leave.patient_id, act or "", on, last_day, hospital_id)


def refused(plans: Sequence[Plan]) -> list[str | None]:
    """Of each plan why it would be refused now, in a sentence, or None."""
    people = {one.patient_id for one in plans}
    statuses = _by_person(LegalStatus.objects.current().filter(patient__in=people))
    authorities = _by_person(Authority.objects.current().filter(patient__in=people))
    return [refusal_of(one, statuses[one.patient_id], authorities[one.patient_id]) for one in plans]


def refusal_of(plan: Plan, statuses: Sequence[Any], authorities: Sequence[Any]) -> str | None:
    """The same of one, with what is recorded of the person at hand."""
    return refusal(
        rules.check_planned_days,
        plan.act,
        statuses,
        authorities,
        on=plan.on,
        last_day=plan.last_day,
        hospital_id=plan.hospital_id,
    )


def rests_on(plan: Plan, authority: Authority) -> bool:
    """Whether an authority may be what allows a plan: for its act, on one of its days, and not for another hospital."""
    lower, upper = authority.during.lower, authority.during.upper
    names_another = authority.hospital_id and plan.hospital_id and authority.hospital_id != plan.hospital_id
    overlaps = lower <= plan.last_day and (upper is None or plan.on < upper)
    return plan.act in authority.scope and overlaps and not names_another


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found
