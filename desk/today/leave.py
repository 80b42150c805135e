"""Leave and movements that somebody has to look to: due back, late, absent, to leave, or on too long."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from core.pages import date_and_time, in_sentence
from desk.today.things import MOST, SOON, Thing
from organisations.actor import Actor
from organisations.rules import end_of_day
from pathways import plans
from pathways.codes import Elsewhere, MovementKind
from pathways.days import LONDON, london_date
from pathways.models import BedUse, Leave, Placement
from pathways.rules.leave import LONGEST_IN_SPELL

DAY = timedelta(days=1)


def _own(actor: Actor) -> Any:
    """Leave from one's own hospital, trial leave to a ward of it, and movements from either."""
    to_own_ward = Q(to_ward__service_id__in=actor.service_ids)
    tried_here = Leave.objects.away().filter(to_own_ward, patient=OuterRef("patient"))
    own = Q(service_id__in=actor.service_ids) | to_own_ward
    own |= Q(Exists(tried_here), kind__in=MovementKind.values)
    return Leave.objects.visible_to(actor).filter(own).select_related("patient", "to_ward__service")


def absences(actor: Actor) -> list[Thing]:
    """Who is absent without leave. It stands here until they are back or recorded somewhere else."""
    rows = _own(actor).away().filter(absent_since__isnull=False).order_by("absent_since", "pk")
    return [
        _thing(one, f"Absent without leave since {date_and_time(one.absent_since)}", one.absent_since)
        for one in rows[:MOST]
    ]


def returns(actor: Actor) -> list[Thing]:
    """Who is due back today, and who is late: from leave, court, A&E or an escort."""
    due = Q(absent_since=None, due_back_at__lt=end_of_day(actor.today))
    rows = _own(actor).away().filter(due).order_by("due_back_at", "pk")
    return [_thing(one, _due(one, actor), one.due_back_at) for one in rows[:MOST]]


def _due(leave: Leave, actor: Actor) -> str:
    assert leave.due_back_at is not None  # noqa: S101 (asked for above)
    kind = in_sentence(leave.get_kind_display())
    when = leave.due_back_at.astimezone(LONDON)
    if leave.due_back_at < actor.at:
        return f"Late back from {kind}: was due {date_and_time(leave.due_back_at)}"
    return f"Due back from {kind} at {when:%H:%M}"


def goings(actor: Actor) -> list[Thing]:
    """Leave, court days and escorts planned for within a week, and those whose hour has come and nobody has begun."""
    rows = _own(actor).planned().filter(planned_from__lt=end_of_day(actor.today + SOON))
    return [
        _thing(one, _going(one, actor), one.planned_from)
        for one in rows.order_by("planned_from", "pk")[:MOST]
    ]


def _going(leave: Leave, actor: Actor) -> str:
    """What it is and when; from its day on, that it is begun or cancelled."""
    assert leave.planned_from is not None  # noqa: S101 (asked for above)
    where = f" at {leave.to_where}" if leave.kind == MovementKind.COURT else ""
    goes = f"{leave.get_kind_display()}{where}, to leave {date_and_time(leave.planned_from)}"
    has_come = london_date(leave.planned_from) <= actor.today
    return f"{goes}: record that they left, or cancel" if has_come else goes


def unauthorised_plans(actor: Actor) -> list[Thing]:
    """Leave planned under an authority that has ended since, or before the law wanted one."""
    rows = list(_own(actor).planned_by_law().order_by("planned_from", "pk"))
    refused = plans.refused([plans.plan_of(one) for one in rows]) if rows else []
    lacking = [one for one, why_not in zip(rows, refused, strict=True) if why_not]
    return [
        _thing(
            one,
            f"{one.get_kind_display()} planned for {date_and_time(one.planned_from)} is without authority on record: "
            "record it, or cancel",
            one.planned_from,
        )
        for one in lacking[:MOST]
    ]


def long_absences(actor: Actor) -> list[Thing]:
    """Leave over 28 days has ended the hospital provider spell; a bed that is still kept needs a decision."""
    kept = (
        BedUse.objects.visible_to(actor)
        .current()
        .filter(about_kind="leave", about_id=OuterRef("pk"), purpose="leave", during__upper_inf=True)
    )
    latest = end_of_day(actor.today - (LONGEST_IN_SPELL + 1) * DAY)
    rows = _own(actor).away().filter(Exists(kept), during__startswith__lt=latest).order_by("during", "pk")
    return [
        _thing(
            one,
            f"On leave over {LONGEST_IN_SPELL} days, which ends the spell: keep the bed or release it",
            one.during.lower + (LONGEST_IN_SPELL + 1) * DAY,
        )
        for one in rows[:MOST]
    ]


def kept_beds(actor: Actor) -> list[Thing]:
    """Beds of one's own hospital kept for people who are at large or in a general hospital, until they are back."""
    open_places = Placement.objects.open().filter(patient=OuterRef("patient"))
    kept = (
        BedUse.objects.visible_to(actor)
        .current()
        .kept_while_away()
        .filter(bed__ward__service_id__in=actor.service_ids)
        .annotate(elsewhere=Subquery(open_places.values("elsewhere")[:1]))
        .select_related("patient", "bed__ward")
        .order_by("during", "pk")
    )
    return [
        _thing(
            one,
            f"{Elsewhere(one.elsewhere).label if one.elsewhere else 'Away'} since {date_and_time(one.during.lower)}: "
            f"{one.bed.ward.name} ward, bed {one.bed.name} is kept",
            one.during.lower,
        )
        for one in kept[:MOST]
    ]


def _thing(about: Leave | BedUse, what: str, due_at: Any) -> Thing:
    assert about.patient is not None  # noqa: S101 (a bed is kept for somebody)
    path = f"{reverse('desk:patient', args=[about.patient.public_id])}#leave"
    return Thing(
        what, london_date(due_at), path=path, who=about.patient.full_name, patient_id=about.patient.pk
    )


SOURCES = (absences, returns, goings, unauthorised_plans, long_absences, kept_beds)
# From prison there are only movements.
OF_PRISONS = (returns, goings)
