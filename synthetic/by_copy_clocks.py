"""Clocks of referrals by COPY, with the flags that ended ones have raised; a sweep raises those of the others."""

from datetime import date

from pathways.days import noon
from pathways.models import ClockPolicy, Flag
from pathways.rules import Counting
from synthetic.by_copy import People
from synthetic.by_copy_referrals import Written
from synthetic.copying import Table

# No referral lasts longer than its flags are looked for.
LONGEST = 600


class Clocks:
    """Tables of clocks and flags. Those of the law go in with them."""

    def __init__(self, people: People) -> None:
        self.people, self.installed = people, people.installed
        self.clocks, self.flags = people.law.clocks, Table(Flag)
        # Those of the law begin with a status, not with a referral: see synthetic.law.
        policies = ClockPolicy.objects.exclude(start_event__startswith="law.")
        self.policies = list(policies.prefetch_related("flag_rules"))

    tables = People.tables

    def write(
        self,
        of: Written,
        policy: ClockPolicy,
        started_on: date,
        ended_on: date | None,
        how: str,
        *,
        manager: int,
    ) -> None:
        """A running clock raises its flags in the sweep that follows; an ended one has those it raised."""
        counting = Counting(policy.days, policy.first_day_counts)
        due_on = counting.due_on(started_on)
        if how == "met" and ended_on is not None and ended_on > due_on:
            how = "lapsed"
        rules = sorted(policy.flag_rules.all(), key=lambda rule: rule.day) if policy.is_on else []
        clock = self.clocks.add(
            patient_id=of.patient,
            policy_id=policy.pk,
            about_kind="referral",
            about_id=of.pk,
            started_on=started_on,
            due_on=due_on,
            next_flag_on=None if ended_on or not rules else counting.day_on(rules[0].day, started_on),
            ended_on=ended_on,
            ended_as=how,
        )
        if ended_on is None:
            return
        for rule in rules:
            days = [rule.day] if not rule.every else range(rule.day, rule.day + LONGEST, rule.every)
            for day in days:
                became_on = counting.day_on(day, started_on)
                if became_on >= ended_on:
                    break
                self._flag(of, policy, clock, rule, day, became_on, manager)

    def _flag(self, of: Written, policy, clock: int, rule, day: int, became_on: date, manager: int) -> None:
        must = rule.must_be_acknowledged
        flag = self.flags.add(
            clock_id=clock,
            level=rule.level,
            day=day,
            owner=rule.owner,
            must_be_acknowledged=must,
            became_on=became_on,
            raised_at=noon(became_on),
            acknowledged_by_id=manager if must else None,
            acknowledged_at=noon(became_on) if must else None,
        )
        self.people.events.add(
            patient_id=of.patient,
            kind="clock.flagged",
            occurred_at=noon(became_on),
            time_known=False,
            recorded_at=noon(became_on),
            about_kind="referral",
            about_id=of.pk,
            details={
                "flag": flag,
                "clock": clock,
                "policy": policy.code,
                "is_headline": policy.is_headline,
                "level": rule.level,
                "day": day,
                "owner": rule.owner,
                "must_be_acknowledged": must,
                "became_on": became_on.isoformat(),
            },
        )
