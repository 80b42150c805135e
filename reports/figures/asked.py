"""What a page of figures is asked for: a period of months, a day to stand on, a region, a provider."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date

from core.dates import slip_of
from organisations.models import WardGender
from organisations.rules import HOSPITAL_TIERS

# The period shown where the address names none: this month and the eleven before it.
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Asked:
    """One question. `known_at` is the instant as of which facts are believed, `on` its London date.

    The period is made of whole months from `since`, and ends with `on` where that comes first. `region` is a code and
    `provider` a public id, `tier` and `gender` what a ward is for; "" for all.
    """

    since: date
    until: date
    known_at: datetime
    on: date
    region: str = ""
    provider: str = ""
    tier: str = ""
    gender: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it asks how things stood at the end of an earlier day."""
        return self.known_at == end_of(self.on)

    @property
    def months(self) -> list[date]:
        """The first day of each month of the period."""
        found, month = [], self.since
        while month <= self.until:
            found.append(month)
            month = months_after(month, 1)
        return found

    def for_other_areas(self) -> "Asked":
        """The same for all England as it stood when the last whole month ended.

        Days can't be told apart by asking twice, nor one area by asking for it alone.
        """
        if self.on == last_day_of(self.on) and self.is_past:
            known_on = self.on
        else:
            known_on = self.on.replace(day=1) - timedelta(days=1)
        until = min(self.until, known_on)
        since = min(self.since, known_on.replace(day=1))
        everywhere = {"region": "", "provider": "", "tier": "", "gender": ""}
        return replace(self, since=since, until=until, known_at=end_of(known_on), on=known_on, **everywhere)


def read(answers: Mapping[str, str], *, now: datetime) -> Asked:
    """The question of an address, as “from” and “to” (2026-03), “as_at” (2026-03-31), “region”, “provider”, “tier” and
    “gender”.

    What can't be read is taken as not asked.
    """
    today = timezone.localdate(now)
    as_at = _date(answers.get("as_at", ""))
    on = as_at if as_at and as_at < today else today
    since, until = _month(answers.get("from", "")), _month(answers.get("to", ""))
    last = min(last_day_of(until) if until else on, on)
    if since is None or since > last:
        since = months_after(last.replace(day=1), 1 - MONTHS_SHOWN)
    return Asked(
        since=since,
        until=last,
        known_at=now if on == today else end_of(on),
        on=on,
        region=answers.get("region", "").strip(),
        provider=answers.get("provider", "").strip(),
        tier=answers.get("tier", "").strip(),
        gender=answers.get("gender", "").strip(),
    )


def slips_in_time(answers: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """The months and the day that can't be what was meant, by their name in the address: what each is not."""
    asked, today = read(answers, now=now), timezone.localdate(now)
    as_at = _date(answers.get("as_at", ""))
    first = _month(answers.get("from", ""))
    wrong = {
        "from": "a month"
        if first is None
        else "a month before the end of the period" * (first > asked.until),
        "to": "a month" * (_month(answers.get("to", "")) is None),
        "as_at": "a day" if as_at is None else "a day that has been" * (as_at > today),
    }
    return _given(wrong, answers)


def slips(
    answers: Mapping[str, str], *, now: datetime, regions: Collection[str], providers: Collection[str]
) -> dict[str, str]:
    """The answers that can't be what was meant, by their name in the address: what each is not."""
    asked = read(answers, now=now)
    wrong = {
        "region": "a region" * (asked.region not in regions),
        "provider": "a provider of a hospital" * (asked.provider not in providers),
        "tier": "a tier of a ward" * (asked.tier not in HOSPITAL_TIERS),
        "gender": "whom a ward takes" * (asked.gender not in WardGender.values),
    }
    return slips_in_time(answers, now=now) | _given(wrong, answers)


def _given(wrong: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    return {name: what for name, what in wrong.items() if what and answers.get(name, "").strip()}


def slip_in_words(given: str, what: str) -> str:
    """“2026-11” is not a month before the end of the period."""
    return f"“{given}” is not {what}"


def end_of(day: date) -> datetime:
    """The last moment of a London day."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight, timezone.get_default_timezone()) - timedelta(microseconds=1)


def months_after(month: date, count: int) -> date:
    """The first day of the month so many months later; earlier where the count is negative."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def last_day_of(day: date) -> date:
    """The last day of the month that a day is in."""
    return months_after(day.replace(day=1), 1) - timedelta(days=1)


def _date(text: str) -> date | None:
    try:
        day = parse_date(text.strip())
    except ValueError:
        return None
    return day if day and not slip_of(day) else None


def _month(text: str) -> date | None:
    return _date(f"{text.strip()}-01")
