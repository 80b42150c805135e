"""What the law asks of whoever has a person: ends of authority, and what was done without one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.rights import Right
from core.pages import date_and_time, long_date
from desk.today.things import MOST, SOON, Thing
from organisations.actor import Actor
from organisations.models import Service
from pathways.alarms import words_of
from pathways.codes import Act
from pathways.days import london_date
from pathways.models import BedUse, Clock, KeyDate, LegalStatus, MissingAuthority, Patient, Placement
from pathways.policies import AUTHORITY_DATED
from pathways.rules.legal import SAYS_NOTHING
from pathways.rules.legal.limits import OF_THE_LAW

# A tribunal is prepared for weeks: how long it is shown before is our choice.
PREPARED = timedelta(days=28)
HAD_LAPSED = "Admitted after the court’s order had lapsed: record the legal status that holds"
BY_WHAT_RIGHT = "In hospital, and nothing on record says by what right: record the legal status"


def own_people(actor: Actor) -> Any:
    """Who is at the actor's services now, or away from them for a time with their bed kept."""
    here = Placement.objects.visible_to(actor).open().filter(service_id__in=actor.service_ids)
    away = BedUse.objects.visible_to(actor).current().kept_while_away()
    kept = away.filter(bed__ward__service_id__in=actor.service_ids)
    return here.values("patient").union(kept.values("patient"))


def lapses(actor: Actor) -> list[Thing]:
    """Limits of the law that are near or behind. They stand here until what follows is recorded."""
    held = LegalStatus.objects.visible_to(actor).filter(
        pk=OuterRef("about_id"), patient=OuterRef("patient"), superseded_at=None
    )
    clocks = (
        Clock.objects.visible_to(actor)
        .running()
        .filter(about_kind__in=OF_THE_LAW, patient__in=own_people(actor))
        .filter(Q(due_on__lte=actor.today + SOON) | Q(flags__superseded_at=None, flags__isnull=False))
        .annotate(lapses_at=Subquery(held.values("lapses_at")))
        .select_related("policy", "patient")
        .distinct()
        .order_by("due_on", "pk")
    )
    return [_lapse(one, actor) for one in clocks[:MOST]]


def _lapse(clock: Clock, actor: Actor) -> Thing:
    """A limit in days, or the moment of one in hours: that is to be dealt with now once they are over."""
    lapses_at = clock.lapses_at  # type: ignore[attr-defined]
    if clock.policy.start_event == AUTHORITY_DATED and lapses_at is not None:
        is_over = actor.at >= lapses_at
        words = f"{_words(clock, is_behind=is_over)}: {date_and_time(lapses_at)}"
        return replace(_thing(clock.patient, words, clock.due_on), now=is_over)
    return _thing(clock.patient, _words(clock, is_behind=clock.due_on < actor.today), clock.due_on)


def _words(clock: Clock, *, is_behind: bool) -> str:
    subject, _ = words_of(clock.policy.code, is_behind=is_behind)
    return subject[:1].upper() + subject[1:]


def lapsed_orders(actor: Actor) -> list[Thing]:
    """Who was admitted after the court's order had lapsed and is on record as held under it still."""
    if not actor.has(Right.RECORD_LEGAL_STATUS):
        return []
    held = LegalStatus.objects.current().filter(pk=OuterRef("about_id"), during__upper_inf=True)
    clocks = (
        Clock.objects.visible_to(actor)
        .of_lapsed_orders()
        .filter(Exists(held), patient__in=own_people(actor))
        .select_related("patient")
        .order_by("ended_on", "pk")
    )
    return [replace(_thing(one.patient, HAD_LAPSED, one.ended_on), now=True) for one in clocks[:MOST]]


def held_by_nothing(actor: Actor) -> list[Thing]:
    """Who is in one's own hospital while nothing on record says by what right, and so no limit of the law runs."""
    if not actor.has(Right.RECORD_LEGAL_STATUS):
        return []
    now = LegalStatus.objects.current().filter(patient=OuterRef("patient"), during__upper_inf=True)
    rows = (
        Placement.objects.visible_to(actor)
        .open()
        .filter(service_id__in=actor.service_ids, service__kind=Service.Kind.HOSPITAL)
        .exclude(Exists(now.exclude(code__in=SAYS_NOTHING, form="")))
        .select_related("patient")
        .order_by("during", "pk")
    )
    return [
        replace(_thing(one.patient, BY_WHAT_RIGHT, london_date(one.during.lower)), now=True)
        for one in rows[:MOST]
    ]


def hearings(actor: Actor) -> list[Thing]:
    """Tribunals of one's own people in the next weeks."""
    dates = KeyDate.objects.visible_to(actor).current()
    coming = dates.filter(
        kind=KeyDate.Kind.TRIBUNAL,
        on__range=(actor.today, actor.today + PREPARED),
        patient__in=own_people(actor),
    )
    rows = coming.select_related("patient").order_by("on", "pk")[:MOST]
    return [_thing(one.patient, "Tribunal: reports and attendance", one.on, "dates") for one in rows]


def missing_authorities(actor: Actor) -> list[Thing]:
    """What was recorded without the authority it needs, by one's own services or of who is there now.

    For the Mental Health Act office.
    """
    if not actor.has(Right.RECORD_AUTHORITY):
        return []
    rows = (
        MissingAuthority.objects.visible_to(actor)
        .open()
        .filter(Q(service_id__in=actor.service_ids) | Q(patient__in=own_people(actor)))
        .select_related("patient")
        .order_by("on", "pk")
    )
    return [
        _thing(one.patient, f"Without authority on record: {_act(one)}, {long_date(one.on)}", one.on)
        for one in rows[:MOST]
    ]


def _act(missing: MissingAuthority) -> str:
    label = Act(missing.act).label
    return label[:1].lower() + label[1:]


def _thing(patient: Patient, what: str, due_on: Any, part: str = "legal") -> Thing:
    path = f"{reverse('desk:patient', args=[patient.public_id])}#{part}"
    return Thing(what, due_on, path=path, who=patient.full_name, patient_id=patient.pk)


SOURCES = (lapses, lapsed_orders, held_by_nothing, hearings, missing_authorities)
