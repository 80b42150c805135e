"""The limits of the law that somebody is held under: started when a fact is recorded, ended when the next one is.

No act ends them by itself: they are worked out again from what is on record, so that only recording the new authority,
date or place stops an alarm.
"""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import Q
from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations.models import Service
from pathways import policies
from pathways.actions import clocks
from pathways.codes import Elsewhere
from pathways.days import london_date, noon
from pathways.models import Clock, ClockPolicy, KeyDate, LegalDuration, LegalStatus, Patient, Placement
from pathways.rules.legal.limits import OF_THE_LAW, Limit, limits_of

FREE = (Elsewhere.RELEASED, Elsewhere.ABROAD, Elsewhere.DIED)


@action
def follow_law(patient: Patient, *, on: date, corrected: bool = False, by: Any) -> None:
    """End the limits that no longer hold, as met or lapsed on a London date, and start those that now do.

    After a correction the old ones never held: they end as void.
    """
    Patient.objects.locked(patient.pk)
    wanted = {(limit.event, limit.about): limit for limit in _limits(patient)}
    running = Clock.objects.running().filter(patient=patient, about_kind__in=OF_THE_LAW)
    for clock in running.select_related("policy"):
        limit = wanted.get((clock.policy.start_event, (clock.about_kind, clock.about_id)))
        if limit is None or limit.due_on != clock.due_on:
            clocks.settle_clock(clock, on=on, void=corrected, by=by)
        else:
            del wanted[limit.event, limit.about]
    for limit in wanted.values():
        clocks.start_clocks_towards(
            patient, event=limit.event, about=limit.about, due_on=limit.due_on, since=limit.since, by=by
        )


def _limits(patient: Patient) -> list[Limit]:
    if patient.died_on is not None:
        return []
    status = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    place = Placement.objects.open_of(patient)
    since = status.during.lower if status else None
    return limits_of(
        status,
        _key_dates(patient),
        LegalDuration.objects.lengths(status.code, status.form, on=since) if status else {},
        admission_days=dict(
            ClockPolicy.objects.filter(stop_event=policies.ADMITTED).values_list("start_event", "days")
        ),
        admitted=since is not None and _was_in_hospital(patient, since),
        held_somewhere=place is None or place.elsewhere not in FREE,
    )


def _key_dates(patient: Patient) -> list[Any]:
    """The newest of each kind, with the London day since which it is known."""
    newest = {}
    for one in KeyDate.objects.current().filter(patient=patient).order_by("on", "pk"):
        newest[one.kind] = SimpleNamespace(
            pk=one.pk, kind=one.kind, on=one.on, known_on=london_date(one.recorded_at)
        )
    return list(newest.values())


def _was_in_hospital(patient: Patient, since: date) -> bool:
    return (
        Placement.objects.current()
        .filter(
            Q(during__overlap=DateTimeTZRange(noon(since), None)),
            patient=patient,
            service__kind=Service.Kind.HOSPITAL,
        )
        .exists()
    )
