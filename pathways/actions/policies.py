"""How long a limit is from a day on, on which days it raises flags, and whose job they are."""

from datetime import date
from typing import Any

from psycopg2.extras import DateRange

from core.actions import action
from core.refusals import Refused, check_version
from pathways import rules
from pathways.actions.clocks import change_policy
from pathways.models import ClockPolicy, FlagRule


@action
def set_days(
    policy: ClockPolicy, *, version: int, name: str, days: int, since: date, basis: str, by: Any
) -> ClockPolicy:
    """Another number of days for whatever starts on or after a day to come. What started before goes on as it began.

    Flags keep their distance from the last day. A length that is to hold from that very day is replaced.
    """
    held = _held(policy, version)
    rules.check_words(name, "name")
    rules.check_words(basis, "basis")
    rules.check_newer_length(since, of=held.effective, today=by.today)
    by_day = [(rule.day + days - held.days, rule) for rule in held.flag_rules.order_by("day")]
    rules.check_flags_fit(day for day, _ in by_day)
    if held.effective.lower == since:
        held.flag_rules.all().delete()
        changed = held
    else:
        held.effective = DateRange(held.effective.lower, since)
        held.version += 1
        held.save(update_fields=["effective", "version"])
        changed = ClockPolicy.objects.get(pk=held.pk)
        changed.pk, changed.version = None, -1
    changed.name, changed.basis = name.strip(), basis.strip()
    changed.days, changed.effective = days, DateRange(since, None)
    changed.version += 1
    changed.save()
    for day, rule in by_day:
        rule.pk, rule.policy, rule.day = None, changed, day
    FlagRule.objects.bulk_create(rule for _, rule in by_day)
    return changed


@action
def set_flag_rule(
    policy: ClockPolicy,
    *,
    version: int,
    day: int,
    level: str,
    every: int | None,
    owner: str,
    must_be_acknowledged: bool,
    by: Any,
) -> FlagRule:
    """A flag on a day of the policy; one there already is changed. Running clocks follow at once.

    Flags that were raised stay as they were raised: they say what was true and whose job it was then.
    """
    held = _held(policy, version)
    rules.check_may_change_flag(
        is_lapse=held.is_lapse,
        before=FlagRule.objects.filter(policy=held, day=day).values_list("level", flat=True).first(),
        level=level,
        every=every,
    )
    if every is not None and every < 1:
        raise Refused("A flag comes again after at least one day.", "every")
    rule, _ = FlagRule.objects.update_or_create(
        policy=policy,
        day=day,
        defaults={
            "level": level,
            "every": every,
            "owner": owner,
            "must_be_acknowledged": must_be_acknowledged,
        },
    )
    _follow(policy, version, by=by)
    return rule


@action
def remove_flag_rule(rule: FlagRule, *, version: int, by: Any) -> None:
    """No flag on that day any more. Flags already raised stay."""
    policy = _held(rule.policy, version)
    rules.check_may_remove_flag(is_lapse=policy.is_lapse, level=rule.level)
    FlagRule.objects.filter(pk=rule.pk).delete()
    _follow(policy, version, by=by)


def _held(policy: ClockPolicy, version: int) -> ClockPolicy:
    held = ClockPolicy.objects.select_for_update(no_key=True).get(pk=policy.pk)
    check_version(held.version, version)
    return held


def _follow(policy: ClockPolicy, version: int, *, by: Any) -> None:
    """Work out the next flag of every clock that runs under the policy."""
    held = ClockPolicy.objects.get(pk=policy.pk)
    change_policy(held, version=version, is_on=held.is_on, by=by)
