"""Recording that somebody is clinically ready to move on, for what it waits, and how that ended.

Another reason is another period, as MHSDS has it: the periods of one wait follow one another day by day and share their
first day. A move ends them, also one entered late; what a move ended follows it when it is put right.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from core.pages import long_date
from core.refusals import Refused
from organisations.models import Commissioner, Service
from pathways import line, rules
from pathways.models import Patient, ReadyPeriod
from pathways.ready_codes import BY_HAND, ReadyEnd, WaitsOn
from pathways.rules import ready as ready_rules
from pathways.rules.ready import Departure, Stretch, Whereabouts
from pathways.whereabouts import stays_of

# What a period says beside its days and its end.
SAID = (
    "reason_code", "attributable_to", "next_tier", "waits_on", "waits_on_service", "waits_on_commissioner",
    "waits_on_words",
)  # fmt: skip
ENTERED_LATER = "How it ended was entered after it had happened."
FOLLOWS_A_MOVE = "A place of the person was recorded or put right."


@action
def record_ready(
    patient: Patient,
    *,
    since: date,
    reason: str,
    attributable_to: str,
    next_tier: str,
    waits_on: str,
    waits_on_service: Service | None = None,
    waits_on_commissioner: Commissioner | None = None,
    waits_on_words: str = "",
    confirmed: Collection[str],
    by: Any,
) -> ReadyPeriod:
    """From a London day somebody in hospital is clinically ready to move on. A move already recorded ends it."""
    Patient.objects.locked(patient.pk)
    stays = stays_of(patient)
    number = ready_rules.stay_to_wait_in(stays, since, acts_for=by.service_ids)
    ready_rules.check_ready(
        stays[number].tier, since=since, next_tier=next_tier, confirmed=confirmed, today=by.today
    )
    said = _said(
        reason, attributable_to, next_tier, waits_on, waits_on_service, waits_on_commissioner, waits_on_words
    )
    departure = ready_rules.departure_after(stays, number)
    if departure is not None and departure.on <= since:
        raise Refused(
            "They moved on that same day, so they never waited. There is nothing to record.", "since"
        )
    period = ReadyPeriod.objects.create(
        patient=patient,
        service_id=stays[number].service_id,
        during=DateRange(since, departure.on if departure else None),
        ready_since=since,
        ended_as=departure.ended_as if departure else "",
        recorded_at=by.at,
        recorded_by=by.user,
        **said,
    )
    _record("pathways.ready", period, on=since, by=by)
    return period


@action
def change_ready_reason(
    period: ReadyPeriod,
    *,
    since: date,
    reason: str,
    attributable_to: str,
    next_tier: str,
    waits_on: str,
    waits_on_service: Service | None = None,
    waits_on_commissioner: Commissioner | None = None,
    waits_on_words: str = "",
    by: Any,
) -> ReadyPeriod:
    """From a London day it waits for something else. The present period ends, and another goes on from it."""
    period = _held(period, by=by)
    ready_rules.check_period_is_open(period.ended_as)
    ready_rules.check_changes_later(period.during.lower, since, today=by.today)
    ready_rules.check_next_tier(_tier_of(period), next_tier)
    said = _said(
        reason, attributable_to, next_tier, waits_on, waits_on_service, waits_on_commissioner, waits_on_words
    )
    _end(period, since, ReadyEnd.REASON, by=by)
    changed = ReadyPeriod.objects.create(
        patient=period.patient,
        service=period.service,
        during=DateRange(since, None),
        ready_since=period.ready_since,
        recorded_at=by.at,
        recorded_by=by.user,
        **said,
    )
    _record("pathways.ready_reason_changed", changed, on=since, by=by)
    return changed


@action
def end_ready(period: ReadyPeriod, *, on: date, ended_as: str, why: str, by: Any) -> ReadyPeriod:
    """They are no longer ready and have not moved: they became unwell, or for another reason that is said."""
    period = _held(period, by=by)
    ready_rules.check_period_is_open(period.ended_as)
    ready_rules.check_ready_ends(period.during.lower, on, ended_as=ended_as, why=why, today=by.today)
    ended = _end(period, on, ended_as, ended_why=why.strip(), by=by)
    _record("pathways.ready_ended", ended, on=on, by=by)
    return ended


@action
def correct_ready(
    period: ReadyPeriod,
    *,
    since: date,
    until: date | None = None,
    reason: str,
    attributable_to: str,
    next_tier: str,
    waits_on: str,
    waits_on_service: Service | None = None,
    waits_on_commissioner: Commissioner | None = None,
    waits_on_words: str = "",
    why: str,
    by: Any,
) -> ReadyPeriod:
    """Put a period right; the one before it ends where it now begins. `until` is asked only of one ended by hand.

    Without it such a period goes on: they were ready all the time. What a move ended follows the move.
    """
    period = _held(period, by=by)
    rules.check_words(why, "why")
    said = _said(
        reason, attributable_to, next_tier, waits_on, waits_on_service, waits_on_commissioner, waits_on_words
    )
    run = _run_of(period)
    place = next(number for number, one in enumerate(run) if one.pk == period.pk)
    stays = stays_of(period.patient)
    first = since if place == 0 else period.ready_since
    number = ready_rules.stay_when_ready(stays, period.service_id, first)
    if number is None:
        raise Refused(
            "They were not in the hospital on that day. Check the date, or where they were.", "since"
        )
    ready_rules.check_next_tier(stays[number].tier, next_tier)
    wanted = [_stretch(one) for one in run]
    wanted[place] = replace(wanted[place], since=since)
    if place:
        wanted[place - 1] = replace(wanted[place - 1], until=since)
    if period.ended_as in BY_HAND:
        wanted[place] = replace(wanted[place], until=until, ended_as=period.ended_as if until else "")
    ready_rules.check_run(wanted, today=by.today)
    wanted = ready_rules.run_after(
        wanted, ready_rules.departure_after(stays, number), is_last=_is_last(period)
    )
    if len(wanted) < len(run):
        raise Refused("They had moved on by then. Correct the move first, or take this back.", "since")
    corrected = _rewrite(run, wanted, first, why=why.strip(), said={period.pk: said}, by=by)
    _record("pathways.ready_corrected", corrected[place], on=since, by=by)
    return corrected[place]


@action
def take_back_ready(period: ReadyPeriod, *, why: str, by: Any) -> None:
    """Recorded by mistake. What went on for another reason before it goes on; what stood is kept, with why."""
    period = _held(period, by=by)
    rules.check_words(why, "why")
    run = _run_of(period)
    ready_rules.check_nothing_follows(run[-1].pk == period.pk)
    wanted = [_stretch(one) for one in run[:-1]]
    if wanted:
        taken = _stretch(period)
        wanted[-1] = replace(wanted[-1], until=taken.until, ended_as=taken.ended_as)
    _rewrite(run, wanted, period.ready_since, why=why.strip(), by=by)
    _record("pathways.ready_taken_back", period, on=period.during.lower, by=by)


@action
def follow_places(patient: Patient, *, by: Any) -> None:
    """Let a move end being ready, or no longer, once the line of places has changed."""
    Patient.objects.locked(patient.pk)
    for run, wanted in _followed(patient, lambda: stays_of(patient)):
        left = _rewrite(run, wanted, run[0].ready_since, why=FOLLOWS_A_MOVE, by=by)
        last = left[-1] if left else run[-1]
        kind = "pathways.ready_ended" if last.ended_as else "pathways.ready_corrected"
        _record(kind, last, on=last.during.upper or last.during.lower, by=by)


def lost_by(patient: Patient, stays: Callable[[], Sequence[Whereabouts]]) -> list[str]:
    """What somebody recorded about being ready and would no longer be believed with other places, in sentences."""
    return [
        f"They are recorded as clinically ready from {long_date(period.during.lower)}. "
        + ("That would no longer be believed." if number >= len(wanted) else _cut_words(wanted[number]))
        for run, wanted in _followed(patient, stays)
        for number, period in enumerate(run)
        if number >= len(wanted) or (period.ended_as in BY_HAND and wanted[number] != _stretch(period))
    ]


def _cut_words(stretch: Stretch) -> str:
    return f"That would end on {long_date(stretch.until)}, with the move."


def _followed(
    patient: Patient, stays: Callable[[], Sequence[Whereabouts]]
) -> Iterator[tuple[list[ReadyPeriod], list[Stretch]]]:
    """The periods that follow one another, and what is left of them with these places, where that differs."""
    believed = list(ReadyPeriod.objects.current().filter(patient=patient).order_by("during"))
    places = stays() if believed else []
    for first, periods in groupby(believed, key=lambda one: one.ready_since):
        run = list(periods)
        number = ready_rules.stay_when_ready(places, run[0].service_id, first)
        departure: Departure | None = Departure(first, ReadyEnd.MOVED.value)
        if number is not None:
            departure = ready_rules.departure_after(places, number)
        was = [_stretch(one) for one in run]
        wanted = ready_rules.run_after(was, departure, is_last=run[-1] is believed[-1])
        if wanted != was:
            yield run, wanted


def _tier_of(period: ReadyPeriod) -> str:
    stays = stays_of(period.patient)
    number = ready_rules.stay_when_ready(stays, period.service_id, period.ready_since)
    return stays[number].tier if number is not None else ""


def _said(
    reason: str,
    attributable_to: str,
    next_tier: str,
    waits_on: str,
    service: Service | None,
    commissioner: Commissioner | None,
    words: str,
) -> dict[str, Any]:
    ready_rules.check_waits_on(waits_on, service, commissioner, words)
    return {
        "reason_code": reason,
        "attributable_to": attributable_to,
        "next_tier": next_tier,
        "waits_on": waits_on,
        "waits_on_service": service if waits_on == WaitsOn.SERVICE else None,
        "waits_on_commissioner": commissioner if waits_on == WaitsOn.COMMISSIONER else None,
        "waits_on_words": words.strip(),
    }


def _held(period: ReadyPeriod, *, by: Any) -> ReadyPeriod:
    """The period as it stands, its person locked."""
    Patient.objects.locked(period.patient_id)
    period = ReadyPeriod.objects.select_related("patient", "service").get(pk=period.pk)
    rules.check_still_believed(period)
    ready_rules.check_has_the_person(period.service_id, acts_for=by.service_ids)
    return period


def _run_of(period: ReadyPeriod) -> list[ReadyPeriod]:
    """The periods that share their first day, earliest first."""
    run = ReadyPeriod.objects.current().filter(patient=period.patient_id, ready_since=period.ready_since)
    return list(run.select_related("patient", "service").order_by("during"))


def _is_last(period: ReadyPeriod) -> bool:
    later = ReadyPeriod.objects.current().filter(
        patient=period.patient_id, ready_since__gt=period.ready_since
    )
    return not later.exists()


def _stretch(period: ReadyPeriod) -> Stretch:
    return Stretch(period.during.lower, period.during.upper, period.ended_as)


def _end(period: ReadyPeriod, on: date, ended_as: str, *, ended_why: str = "", by: Any) -> ReadyPeriod:
    """Ended in place as it happens; one that ended before today is said anew, so that what was known stays known."""
    if on < by.today:
        period.supersede(by=by, why=ENTERED_LATER)
        return _again(period, Stretch(period.during.lower, on, ended_as), by=by, ended_why=ended_why)
    period.during = DateRange(period.during.lower, on)
    period.ended_as, period.ended_why = ended_as, ended_why
    period.save(update_fields=["during", "ended_as", "ended_why"])
    return period


def _rewrite(
    run: list[ReadyPeriod],
    wanted: list[Stretch],
    first: date,
    *,
    why: str,
    said: dict[int, dict[str, Any]] | None = None,
    by: Any,
) -> list[ReadyPeriod]:
    """Make the rows of one run say what is wanted, the first ones of them: all that changes is said anew."""
    said = said or {}
    left = list(run[: len(wanted)])
    for period in run[len(wanted) :]:
        period.supersede(by=by, why=why)
    changed = [
        number
        for number, (period, stretch) in enumerate(zip(left, wanted, strict=True))
        if stretch != _stretch(period) or period.pk in said or first != period.ready_since
    ]
    if len(changed) == 1 and not said:
        number = changed[0]
        ends_on = _just_ends(left[number], wanted[number], today=by.today)
        if ends_on is not None:
            left[number] = _end(left[number], ends_on, wanted[number].ended_as, by=by)
            return left
    for number in changed:
        left[number].supersede(by=by, why=why)
    for number in changed:
        more = said.get(run[number].pk, {})
        left[number] = _again(left[number], wanted[number], ready_since=first, by=by, **more)
    return left


def _just_ends(period: ReadyPeriod, stretch: Stretch, *, today: date) -> date | None:
    """The day, today or later, on which a period that was open ends, if nothing else about it changes."""
    was_open, since = period.during.upper is None, period.during.lower
    ends_on = stretch.until
    return ends_on if was_open and stretch.since == since and ends_on and ends_on >= today else None


def _again(period: ReadyPeriod, stretch: Stretch, *, by: Any, **known: Any) -> ReadyPeriod:
    """The period said anew with other days, or another end."""
    kept = {name: getattr(period, name) for name in (*SAID, "ready_since")}
    ended_why = period.ended_why if stretch.ended_as == period.ended_as else ""
    return ReadyPeriod.objects.create(
        patient=period.patient,
        service=period.service,
        during=DateRange(stretch.since, stretch.until),
        ended_as=stretch.ended_as,
        recorded_at=by.at,
        recorded_by=by.user,
        **{**kept, "ended_why": ended_why, **known},
    )


def _record(kind: str, period: ReadyPeriod, *, on: date, by: Any) -> None:
    line.record(
        kind,
        patient=period.patient,
        on=on,
        about=("ready_period", period.pk),
        service=period.service,
        details={
            "reason": period.reason_code,
            "tier": period.next_tier,
            **({"ended_as": period.ended_as} if period.ended_as else {}),
        },
        by=by,
    )
