"""The limits of the law that somebody is held under: started when a fact is recorded, ended when the next one is.

No act ends them by itself: they are worked out again from what is on record, so that only recording the new authority,
date or place stops an alarm.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from psycopg2.extras import DateTimeTZRange

from core.actions import action
from organisations.models import Service
from pathways import policies
from pathways.actions import clocks
from pathways.codes import Elsewhere
from pathways.days import london_date, noon
from pathways.line import About
from pathways.models import Clock, ClockPolicy, KeyDate, LegalDuration, LegalStatus, Patient, Placement
from pathways.rules.clocks import outcome_of
from pathways.rules.legal.limits import (
    ADMISSIONS,
    OF_THE_LAW,
    Limit,
    day_of_move,
    end_of,
    limits_of,
    runs_on,
)

DAY = timedelta(days=1)
FREE = (Elsewhere.RELEASED, Elsewhere.ABROAD)


@action
def follow_law(patient: Patient, *, on: date, corrected: bool = False, by: Any) -> None:
    """End the limits that no longer hold, as met or lapsed on a London date, and start those that now do.

    What a place ends, an admission or a release, ends on the day of the move, whenever that is entered or put right.
    After any other correction the old ones never held: they end as void. A death has ended all of them.
    """
    Patient.objects.locked(patient.pk)
    if patient.died_on is not None:
        return
    status = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    admitted_on = _admitted_on(patient, status.during.lower) if status else None
    if status:
        _judge_admission(status, admitted_on, by=by)
    place = Placement.objects.open_of(patient)
    freed_on = london_date(place.during.lower) if place and place.elsewhere in FREE else None
    limits = _limits(patient, status, admitted=admitted_on is not None, held_somewhere=freed_on is None)
    wanted = {(limit.event, limit.about): limit for limit in limits}
    running = Clock.objects.running().filter(patient=patient, about_kind__in=OF_THE_LAW)
    for clock in running.select_related("policy"):
        event, about = clock.policy.start_event, (clock.about_kind, clock.about_id)
        limit = wanted.get((event, about))
        if limit is not None and runs_on(limit, clock.due_on):
            del wanted[event, about]
            continue
        admission = admitted_on if status and about == ("legal_status", status.pk) else None
        ended_on, is_void = end_of(
            event,
            clock.due_on,
            on=on,
            moved_on=day_of_move(event, admission, freed_on),
            has_next=limit is not None,
            never_held=corrected,
        )
        clocks.settle_clock(clock, on=ended_on, void=is_void or _is_corrected(about), by=by)
    for limit in wanted.values():
        clocks.start_clocks_towards(
            patient, event=limit.event, about=limit.about, due_on=limit.due_on, since=limit.since, by=by
        )


@action
def follow_past(status: LegalStatus, *, by: Any) -> None:
    """The limits of a status that is over and was entered late end as if it had been known in time; none raises a flag.

    Of one that goes on nothing is done here: see `follow_law`.
    """
    patient, until = status.patient, status.during.upper
    if until is None or patient.died_on is not None:
        return
    admitted_on = _admitted_on(patient, status.during.lower)
    limits = _limits_of(status, [], admitted=admitted_on is not None and admitted_on < until)
    for limit in limits:
        on, is_void = end_of(
            limit.event, limit.due_on, on=until, moved_on=None, has_next=False, never_held=False
        )
        if is_void:
            continue
        for clock in clocks.start_clocks_towards(
            patient, event=limit.event, about=limit.about, due_on=limit.due_on, since=limit.since, by=by
        ):
            clocks.settle_clock(clock, on=on, by=by)


@action
def end_again(status: LegalStatus, ended_on: date | None, *, by: Any) -> None:
    """A status had ended on a day, and ended sooner for all that is known now: its limits are judged by that."""
    if ended_on is None:
        return
    stopped = Clock.objects.of("legal_status", status.pk).filter(
        policy__stop_event=policies.NEXT_RECORDED,
        ended_on__in=[ended_on - DAY, ended_on],
        ended_as__in=[Clock.End.MET, Clock.End.LAPSED],
    )
    # A report that was made was made.
    reported = {"policy__start_event": policies.REPORT_DATED, "ended_as": Clock.End.MET}
    for clock in stopped.exclude(**reported).select_related("policy"):
        on, is_void = end_of(
            clock.policy.start_event,
            clock.due_on,
            on=status.during.upper,
            moved_on=None,
            has_next=False,
            never_held=False,
        )
        clocks.settle_clock(clock, on=on, void=is_void, by=by)


@action
def never_held(status: LegalStatus, *, by: Any) -> None:
    """A status that is no longer believed had no limits: what they came to no longer applies."""
    judged = Clock.objects.of("legal_status", status.pk).filter(
        ended_as__in=[Clock.End.MET, Clock.End.LAPSED]
    )
    for clock in judged:
        assert clock.ended_on is not None  # noqa: S101 (a clock ends as something on a day)
        clocks.settle_clock(clock, on=clock.ended_on, void=True, by=by)


def _judge_admission(status: LegalStatus, admitted_on: date | None, *, by: Any) -> None:
    """An admission that was put right, or entered after a later one, ends its limit on another day, or not at all."""
    about = ("legal_status", status.pk)
    ended = Clock.objects.of(*about).filter(
        policy__stop_event=policies.ADMITTED, ended_as__in=[Clock.End.MET, Clock.End.LAPSED]
    )
    if ended.exclude(ended_on=admitted_on).exists():
        clocks.change_stop(about=about, event=policies.ADMITTED, on=admitted_on, by=by)
    elif admitted_on is not None and admitted_on > status.during.lower:
        _judge_late_admission(status, admitted_on, by=by)


def _judge_late_admission(status: LegalStatus, admitted_on: date, *, by: Any) -> None:
    """An order recorded after the admission that came too late for it lapsed, as if it had been recorded before.

    Of somebody of whom nothing is recorded from before the order lapsed nobody knows when they were first admitted.
    """
    patient, about = status.patient, ("legal_status", status.pk)
    waited = [one for one in _limits_of(status, [], admitted=False) if one.event in ADMISSIONS]
    late = [one for one in waited if outcome_of(one.due_on, admitted_on) == Clock.End.LAPSED]
    if not late or Clock.objects.of(*about).filter(policy__stop_event=policies.ADMITTED).exists():
        return
    known = Placement.objects.current().filter(patient=patient, during__startswith__lt=noon(late[0].due_on))
    if not known.exists():
        return
    for limit in late:
        for clock in clocks.start_clocks_towards(
            patient, event=limit.event, about=about, due_on=limit.due_on, since=limit.since, by=by
        ):
            clocks.settle_clock(clock, on=admitted_on, by=by)


def _is_corrected(about: About) -> bool:
    """Whether a limit is about a legal status that nobody believes any more."""
    kind, pk = about
    return kind == "legal_status" and not LegalStatus.objects.current().filter(pk=pk).exists()


def _limits(
    patient: Patient, status: LegalStatus | None, *, admitted: bool, held_somewhere: bool
) -> list[Limit]:
    return _limits_of(status, _key_dates(patient), admitted=admitted, held_somewhere=held_somewhere)


def _limits_of(
    status: LegalStatus | None, key_dates: list[Any], *, admitted: bool, held_somewhere: bool = True
) -> list[Limit]:
    since = status.during.lower if status else None
    return limits_of(
        status,
        key_dates,
        LegalDuration.objects.lengths(status.code, status.form, on=since) if status else {},
        admission_days=_admission_days(since) if since else {},
        admitted=admitted,
        held_somewhere=held_somewhere,
    )


def _admission_days(since: date) -> dict[str, int]:
    """Within how many days somebody is to be admitted who is held since a day, by what the limit starts with."""
    limits = ClockPolicy.objects.filter(stop_event=policies.ADMITTED, effective__contains=since)
    return dict(limits.values_list("start_event", "days"))


def _key_dates(patient: Patient) -> list[Any]:
    """The newest of each kind, with the London day since which it is known."""
    newest = {}
    for one in KeyDate.objects.current().filter(patient=patient).order_by("on", "pk"):
        newest[one.kind] = SimpleNamespace(
            pk=one.pk, kind=one.kind, on=one.on, known_on=london_date(one.recorded_at)
        )
    return list(newest.values())


def _admitted_on(patient: Patient, since: date) -> date | None:
    """The first London day in hospital since a day."""
    first = (
        Placement.objects.current()
        .filter(
            during__overlap=DateTimeTZRange(noon(since), None),
            patient=patient,
            service__kind=Service.Kind.HOSPITAL,
        )
        .order_by("during")
        .first()
    )
    return max(since, london_date(first.during.lower)) if first else None
