"""Clocks start, stop, and are put right. The sweep that raises their flags is in `pathways.sweep`."""

from collections.abc import Collection
from datetime import date
from typing import Any

from core.actions import action
from core.refusals import Refused, check_version
from pathways import line, rules
from pathways.line import About
from pathways.models import Clock, ClockPolicy, Flag, Patient
from pathways.policies import WARRANT
from pathways.sweep import raise_flags

__all__ = [
    "acknowledge_flag",
    "change_policy",
    "change_stop",
    "end_clocks",
    "end_every_clock",
    "judge_lapsed",
    "raise_flags",
    "restart_clocks",
    "resume_clocks",
    "settle_clock",
    "start_clocks",
    "start_clocks_towards",
    "stop_clocks",
]


@action
def start_clocks(patient: Patient, *, event: str, about: About, on: date, by: Any) -> list[Clock]:
    """Start every limit that begins with an event on a London date. One that runs already for the same thing goes on.

    A start in the past is taken as it is: the next sweep raises every flag owed, each with the day it became true.
    """
    Patient.objects.locked(patient.pk)
    running = Clock.objects.running().of(*about).values("policy__code")
    policies = ClockPolicy.objects.filter(start_event=event, effective__contains=on)
    return [
        Clock.objects.create(
            patient=patient,
            policy=policy,
            about_kind=about[0],
            about_id=about[1],
            started_on=on,
            due_on=policy.counting.due_on(on),
            next_flag_on=_first_unraised(policy, on, set(), today=on),
        )
        for policy in policies.exclude(code__in=running).prefetch_related("flag_rules")
    ]


@action
def start_clocks_towards(
    patient: Patient, *, event: str, about: About, due_on: date, since: date, by: Any
) -> list[Clock]:
    """Start every limit of an event so that its last day is a date given by somebody else: an order, a sentence.

    What it is about has been so since `since` and is known since today: of flags whose day had come, the last is owed.
    """
    Patient.objects.locked(patient.pk)
    running = Clock.objects.running().of(*about).values("policy__code")
    policies = ClockPolicy.objects.filter(start_event=event, effective__contains=since)
    made = []
    for policy in policies.exclude(code__in=running).prefetch_related("flag_rules"):
        counting, starts = policy.counting, policy.counting.start_for(due_on)
        flag_on = rules.first_flag_on(policy.flag_days, starts, counting, since=since, known_on=by.today)
        made.append(
            Clock.objects.create(
                patient=patient,
                policy=policy,
                about_kind=about[0],
                about_id=about[1],
                started_on=starts,
                due_on=due_on,
                next_flag_on=flag_on if policy.is_on else None,
            )
        )
    return made


@action
def settle_clock(clock: Clock, *, on: date, void: bool = False, by: Any) -> None:
    """End one limit because what it waited for is on record: met up to its last day, lapsed after it, or void."""
    Patient.objects.locked(clock.patient_id)
    _end(clock, on, Clock.End.VOID if void else rules.outcome_of(clock.due_on, on), by=by)


@action
def pass_on(*, about: About, to: int, by: Any) -> None:
    """What limits are about is recorded in another row now: they are about that one, as they stand."""
    _locked(about).update(about_id=to)


@action
def stop_clocks(*, about: About, event: str, on: date, by: Any) -> int:
    """Stop the limits that an event on a London date ends: met up to the last day in time, lapsed after it."""
    clocks = _locked(about).filter(policy__stop_event=event, ended_on=None)
    for clock in clocks:
        _end(clock, on, rules.outcome_of(clock.due_on, on), by=by)
    return len(clocks)


@action
def end_clocks(
    *,
    about: About,
    on: date,
    by: Any,
    only: str | Collection[str] | None = None,
    ended_as: str = Clock.End.VOID,
) -> int:
    """End the limits of one thing, as no longer applying unless said; `only` is a policy code, or several."""
    clocks = _locked(about).filter(ended_on=None)
    if only is not None:
        clocks = clocks.filter(policy__code__in=[only] if isinstance(only, str) else only)
    for clock in clocks:
        _end(clock, on, ended_as, by=by)
    return len(clocks)


@action
def end_every_clock(patient: Patient, *, on: date, by: Any) -> None:
    """Nothing runs any more for this person."""
    for clock in Clock.objects.running().filter(patient=patient).select_for_update(no_key=True):
        _end(clock, on, Clock.End.VOID, by=by)


@action
def restart_clocks(*, about: About, event: str, on: date, by: Any) -> None:
    """Put right the day on which limits began: their last days move with it, and flags no longer true are superseded.

    Each is as long as it was on the day on which it is now known to have begun. One that had been met or had lapsed is
    judged again; one that is void stays so.
    """
    clocks = _locked(about).filter(policy__start_event=event).exclude(ended_as=Clock.End.VOID)
    for clock in clocks.prefetch_related("policy__flag_rules"):
        if on in clock.policy.effective:
            clock.due_on = on + (clock.due_on - clock.started_on)
        else:
            held = ClockPolicy.objects.filter(code=clock.policy.code, effective__contains=on)
            clock.policy = held.prefetch_related("flag_rules").get()
            clock.due_on = clock.policy.counting.due_on(on)
        clock.started_on = on
        _judge(clock, by=by)


@action
def change_stop(
    *, about: About, event: str, on: date | None, ended_on: Collection[date] = (), by: Any
) -> None:
    """Put right the day on which limits stopped; with None it did not happen, and they run on as if never stopped.

    `ended_on`: only those that stopped on one of some days; one that lapsed before stays as it was.
    """
    stopped = _locked(about).filter(policy__stop_event=event, ended_as__in=[Clock.End.MET, Clock.End.LAPSED])
    if ended_on:
        stopped = stopped.filter(ended_on__in=ended_on)
    for clock in stopped.prefetch_related("policy__flag_rules"):
        clock.ended_on = on
        _judge(clock, by=by)


@action
def judge_lapsed(*, about: About, code: str, started_on: date, on: date, by: Any) -> None:
    """A limit that ran out before anybody said that it had been met, on a London date: judged by that day."""
    ran_out = _locked(about).filter(policy__code=code, started_on=started_on, ended_as=Clock.End.LAPSED)
    for clock in ran_out.prefetch_related("policy__flag_rules").order_by("-pk")[:1]:
        clock.ended_on = on
        _judge(clock, by=by)


@action
def resume_clocks(*, about: About, ended_on: Collection[date], but: Collection[str] = (), by: Any) -> None:
    """Let limits run on that ended on one of some days as no longer applying: what ended them was a mistake.

    Of several of one policy the newest. `but`: codes of policies that did not run then.
    """
    void = _locked(about).filter(ended_on__in=ended_on, ended_as=Clock.End.VOID).exclude(policy__code__in=but)
    running = set(Clock.objects.running().of(*about).values_list("policy", flat=True))
    newest = {clock.policy_id: clock for clock in void.prefetch_related("policy__flag_rules")}
    for policy_id, clock in newest.items():
        if policy_id not in running:
            clock.ended_on = None
            _judge(clock, by=by)


@action
def acknowledge_flag(flag: Flag, *, by: Any) -> Flag:
    """Somebody has seen the flag and takes it on."""
    Patient.objects.locked(flag.clock.patient_id)
    flag.refresh_from_db()
    rules.check_may_acknowledge(is_lapse=flag.clock.policy.is_lapse)
    if flag.superseded_at is not None:
        raise Refused("A corrected date has made this flag untrue. There is nothing to acknowledge.")
    if flag.acknowledged_at is not None:
        raise Refused("Somebody has acknowledged this flag already.")
    flag.acknowledged_by, flag.acknowledged_at = by.user, by.at
    flag.save(update_fields=["acknowledged_by", "acknowledged_at"])
    line.record(
        "clock.acknowledged",
        patient=flag.clock.patient,
        about=(flag.clock.about_kind, flag.clock.about_id),
        details={"flag": flag.pk, "level": flag.level, "day": flag.day},
        by=by,
    )
    return flag


@action
def change_policy(policy: ClockPolicy, *, version: int, is_on: bool, by: Any) -> ClockPolicy:
    """Say whether a limit raises flags. Switched on, the next sweep raises what clocks owe; off, nothing more."""
    policy = ClockPolicy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    check_version(policy.version, version)
    rules.check_may_switch(is_authority=policy.is_lapse or policy.code == WARRANT, is_on=is_on)
    policy.is_on, policy.version = is_on, policy.version + 1
    policy.save(update_fields=["is_on", "version"])
    for clock in Clock.objects.running().filter(policy=policy).select_for_update(no_key=True):
        clock.policy = policy
        clock.next_flag_on = _first_unraised(policy, clock.started_on, _flagged(clock), today=by.today)
        clock.save(update_fields=["next_flag_on"])
    return policy


def _locked(about: About) -> Any:
    """The clocks of one thing, after the people they are for, in the one order of locks."""
    people = Clock.objects.of(*about).values_list("patient", flat=True)
    Patient.objects.locked(*set(people))
    return Clock.objects.of(*about).select_related("policy").order_by("pk")


def _end(clock: Clock, on: date, outcome: str, *, by: Any) -> None:
    clock.ended_on, clock.ended_as, clock.next_flag_on = on, outcome, None
    clock.save(update_fields=["ended_on", "ended_as", "next_flag_on"])
    # A flag for a day that the clock had not reached is kept, and no longer counted.
    clock.flags.filter(superseded_at=None, became_on__gt=on).update(superseded_at=by.at)


def _judge(clock: Clock, *, by: Any) -> None:
    """Work out again how a clock stands after one of its dates was put right."""
    policy = clock.policy
    true_until = min(by.today, clock.ended_on or by.today)
    for flag in clock.flags.filter(superseded_at=None):
        became_on = policy.counting.day_on(flag.day, clock.started_on)
        if became_on > true_until:
            # It keeps the day on which it was raised as true.
            flag.superseded_at = by.at
        else:
            flag.became_on = became_on
        flag.save(update_fields=["became_on", "superseded_at"])
    if clock.ended_on:
        clock.ended_as = rules.outcome_of(clock.due_on, clock.ended_on)
        clock.next_flag_on = None
    else:
        clock.ended_as = ""
        clock.next_flag_on = _first_unraised(policy, clock.started_on, _flagged(clock), today=by.today)
    clock.version += 1
    dates = ["started_on", "due_on", "ended_on", "ended_as", "next_flag_on"]
    clock.save(update_fields=["policy", *dates, "version"])


def _flagged(clock: Clock) -> set[int]:
    return set(clock.flags.filter(superseded_at=None).values_list("day", flat=True))


def _first_unraised(policy: ClockPolicy, started_on: date, flagged: set[int], *, today: date) -> date | None:
    """The date of the first flag that is owed or to come; None for a policy that raises none."""
    if not policy.is_on:
        return None
    counting, days = policy.counting, policy.flag_days
    for day in rules.flags_owed(days, started_on, counting, on=today):
        if day not in flagged:
            return counting.day_on(day, started_on)
    return rules.next_flag_on(days, started_on, counting, after=counting.day_of(today, started_on))
