"""London days and the instants that stand for them. Pure: nothing here reads the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NOON = time(12)


def london_date(instant: datetime) -> date:
    """The calendar date in London at an instant: 23:30 UTC on 30 June is already 1 July there."""
    return instant.astimezone(LONDON).date()


def last_day(until: datetime) -> date:
    """The last London date on which something still holds that ends at an instant: at midnight, the day before."""
    return london_date(until - timedelta(microseconds=1))


def noon(on: date) -> datetime:
    """Noon in London as UTC: the instant that stands for a date whose time is not known."""
    return at(on, NOON)


def at(on: date, when: time) -> datetime:
    """A London date and wall-clock time as UTC; of an hour that happens twice, the first."""
    return datetime.combine(on, when, tzinfo=LONDON).astimezone(UTC)


def now_or_noon(on: date, *, now: datetime) -> datetime:
    """The instant of a day that is looked at or acted on: now if that is today, else noon in London."""
    return now if on == london_date(now) else noon(on)


def since(on: date, *, now: datetime) -> tuple[datetime, bool]:
    """The instant from which something holds that began on a day, and whether its time is known.

    Noon of an earlier day; of today the present moment, since noon may still be to come.
    """
    is_today = on == london_date(now)
    return (now if is_today else noon(on)), is_today


def at_or_noon(on: date, when: time | None) -> tuple[datetime, bool]:
    """The instant of a date with or without its time, and whether the time is known."""
    return (noon(on), False) if when is None else (at(on, when), True)
