"""The law of made-up lives by COPY: renewed and reported on in time, and the limits that run for those still held."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pathways.days import at, london_date, noon
from pathways.models import Clock, ClockPolicy, LegalStatus
from pathways.policies import AUTHORITY_DATED, REPORT_DATED
from pathways.rules import Held, authority_ends_on, lapses_at
from pathways.rules.legal import DURATIONS, Length, Stage, is_in_hours, last_day_of, lengths_of
from synthetic.copying import Table
from synthetic.held import Period

DAY = timedelta(days=1)
# Of those whose authority is renewed, one in so many was forgotten a few days ago: an alarm here and there. Ours.
ONE_FORGOTTEN_IN, FORGOTTEN_FOR = 90, timedelta(days=3)


_IN_FORCE = [row for row in DURATIONS if row.in_force_from]
LENGTHS = {
    key: lengths_of(row for row in _IN_FORCE if (row.code, row.form) == key)
    for key in {(row.code, row.form) for row in _IN_FORCE}
}


class Facts(NamedTuple):
    """The dates of one status: until when it authorises, when it was renewed, and when it was reported on."""

    authorised_until: date | None
    renewed_on: list[tuple[date, date]]
    reported_on: list[date]


def dates_of(period: Period, today: date) -> Facts:
    """Renewals and reports, each in time."""
    lengths = _lengths(period.held)
    since, seen_until = period.since, period.until or today
    ends_on, renewed = authority_ends_on(since, lengths), []
    while ends_on is not None and ends_on < seen_until:
        following = authority_ends_on(ends_on + DAY, lengths, renewals=len(renewed) + 1, first_day=since)
        if following is None or following <= ends_on:
            break
        renewed.append((ends_on, following))
        ends_on = following
    return Facts(ends_on, renewed, _reports(since, seen_until) if Stage.REPORT in lengths else [])


def _reports(since: date, until: date) -> list[date]:
    """Every year on the same day."""
    years = range(1, until.year - since.year + 1)
    days = (date(since.year + year, since.month, min(since.day, 28)) for year in years)
    return [day for day in days if day < until]


class Law:
    """Legal statuses with their dates and events, and clocks; those go in with the clocks of transfers."""

    def __init__(self, now: datetime, event: Callable[..., None]) -> None:
        self.today, self.event = london_date(now), event
        self.statuses, self.clocks = Table(LegalStatus), Table(Clock)
        policies = ClockPolicy.objects.prefetch_related("flag_rules")
        self.policies = {policy.start_event: policy for policy in policies}
        self.renewable = 0

    def tables(self) -> list[Table]:
        """Statuses; the clocks go in with those of transfers."""
        return [self.statuses]

    def write(self, patient: int, period: Period, *, by: int | None, holder: int | None) -> None:
        """One status, as recorded by a user on its first day. `holder`: the plain service that acts on it since."""
        limb, form = _variants(period.held)
        facts = self._forget(period, dates_of(period, self.today))
        status = self.statuses.add(
            patient_id=patient,
            code=period.held.code,
            limb=limb,
            form=form,
            during=(period.since, period.until),
            authorised_until=facts.authorised_until,
            lapses_at=_lapses_at(period),
            renewals=len(facts.renewed_on),
            reported_on=facts.reported_on[-1] if facts.reported_on else None,
            recorded_at=noon(period.since),
            recorded_by_id=by,
        )
        said = {"code": str(period.held.code), "limb": limb, "form": form}

        def record(kind: str, on: date, **more: str) -> None:
            self.event(patient, kind, on, by=holder, about=("legal_status", status), **said, **more)

        record("pathways.held", period.since)
        for on, until in facts.renewed_on:
            record("pathways.renewed", on, ends_on=until.isoformat())
        for on in facts.reported_on:
            record("pathways.reported_on", on)
        if period.until is None:
            self._watch(patient, status, period, facts)

    def _forget(self, period: Period, facts: Facts) -> Facts:
        """The same, but for the few whose last renewal somebody forgot."""
        if period.until is not None or not facts.renewed_on:
            return facts
        self.renewable += 1
        if self.renewable % ONE_FORGOTTEN_IN != ONE_FORGOTTEN_IN // 2:
            return facts
        return facts._replace(authorised_until=max(period.since, self.today - FORGOTTEN_FOR))

    def _watch(self, patient: int, status: int, period: Period, facts: Facts) -> None:
        """The limits that run for somebody who is still held; the sweep that follows flags what is due by now."""
        if facts.authorised_until is not None:
            self._clock(patient, status, AUTHORITY_DATED, facts.authorised_until)
        report = _lengths(period.held).get(Stage.REPORT)
        if report:
            reported = facts.reported_on[-1] if facts.reported_on else period.since
            self._clock(patient, status, REPORT_DATED, last_day_of(reported, report))

    def _clock(self, patient: int, status: int, event: str, due_on: date) -> None:
        policy = self.policies[event]
        counting, starts = policy.counting, policy.counting.start_for(due_on)
        first = min(rule.day for rule in policy.flag_days)
        self.clocks.add(
            patient_id=patient,
            policy_id=policy.pk,
            about_kind="legal_status",
            about_id=status,
            started_on=starts,
            due_on=due_on,
            next_flag_on=counting.day_on(first, starts),
        )


def _lapses_at(period: Period) -> datetime | None:
    """When the hours of a status are over that the law counts in hours; counted from the start of its day."""
    lengths = _lengths(period.held)
    return lapses_at(at(period.since, time(0)), lengths[Stage.FIRST]) if is_in_hours(lengths) else None


def _variants(status: Held) -> tuple[str, str]:
    """The limb and the form of a status."""
    variant = str(status.variant)
    return (variant, "") if len(variant) == 1 else ("", variant)


def _lengths(status: Held) -> dict[str, Length]:
    """How long a status lasts, by stage; nothing for one without a limit."""
    return LENGTHS.get((status.code, _variants(status)[1]), {})
