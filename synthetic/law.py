"""The law of made-up stays: renewed and reported on in time, and the limits that run for those who are still there."""

from datetime import date, datetime, timedelta
from typing import Any

from pathways.days import london_date
from pathways.models import Clock, ClockPolicy
from pathways.policies import AUTHORITY_DATED, REPORT_DATED
from pathways.rules import authority_ends_on, next_flag_on
from pathways.rules.legal import DURATIONS, Stage, last_day_of, lengths_of
from synthetic.copying import Table

S37, S38 = "10", "12"
DAY = timedelta(days=1)


class Law:
    """Legal statuses with their dates, and clocks; those go in with the clocks of transfers."""

    def __init__(self, now: datetime) -> None:
        self.today = london_date(now)
        self.clocks = Table(Clock)
        policies = ClockPolicy.objects.prefetch_related("flag_rules")
        self.policies = {policy.start_event: policy for policy in policies}
        codes = {row.code for row in DURATIONS}
        self.lengths = {
            code: lengths_of(
                row for row in DURATIONS if row.in_force_from and (row.code, row.form) == (code, "")
            )
            for code in codes
        }

    def facts_of(self, code: str, since: date, until: date | None) -> dict[str, Any]:
        """Code, renewals and reports, each in time. The court has long disposed of an old interim order."""
        lengths, seen_until = self.lengths.get(code, {}), until or self.today
        if code == S38 and last_day_of(since, lengths[Stage.FIRST]) < seen_until:
            return self.facts_of(S37, since, until)
        ends_on, renewals = authority_ends_on(since, lengths), 0
        while ends_on is not None and ends_on < seen_until:
            renewals += 1
            ends_on = authority_ends_on(ends_on + DAY, lengths, renewals=renewals, first_day=since)
        reported_on = None
        if Stage.REPORT in lengths:
            years = seen_until.year - since.year
            days = (date(since.year + year, since.month, min(since.day, 28)) for year in range(1, years + 1))
            reported_on = max((day for day in days if day <= seen_until), default=None)
        return {"code": code, "authorised_until": ends_on, "renewals": renewals, "reported_on": reported_on}

    def watch(
        self,
        patient: int,
        status: int,
        *,
        since: date,
        code: str,
        authorised_until: date | None,
        reported_on: date | None,
        **_: Any,
    ) -> None:
        """The limits that run for somebody who is still held; those who should be told of them have been."""
        if authorised_until is not None:
            self._clock(patient, status, AUTHORITY_DATED, authorised_until)
        report = self.lengths.get(code, {}).get(Stage.REPORT)
        if report:
            self._clock(patient, status, REPORT_DATED, last_day_of(reported_on or since, report))

    def _clock(self, patient: int, status: int, event: str, due_on: date) -> None:
        policy = self.policies[event]
        counting, starts = policy.counting, policy.counting.start_for(due_on)
        after = counting.day_of(self.today, starts)
        self.clocks.add(
            patient_id=patient,
            policy_id=policy.pk,
            about_kind="legal_status",
            about_id=status,
            started_on=starts,
            due_on=due_on,
            next_flag_on=next_flag_on(policy.flag_days, starts, counting, after=after),
        )
