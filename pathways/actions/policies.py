"""On which days a clock policy raises flags, and whose job they are."""

from typing import Any

from core.actions import action
from core.refusals import Refused, check_version
from pathways import rules
from pathways.actions.clocks import change_policy
from pathways.models import ClockPolicy, FlagRule


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
    _held(policy, version)
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
    change_policy(held, version=version, days=held.days, is_on=held.is_on, by=by)
