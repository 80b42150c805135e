"""Days in a bed, as NHS England's own code counts them (domain.md 4.1; MHSDS, “occupied bed days”).

The London day of admission counts, the day of discharge does not. Who comes and goes on one day has no bed day.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pathways.days import london_date

DAY = timedelta(days=1)


def bed_days(since: datetime, until: datetime | None, *, first_day: date, last_day: date) -> int:
    """The occupied bed days of one stay in a period of London days, both of which belong to it.

    A stay that is still open, or ends later, has every day to the last of the period.
    """
    end = last_day + DAY
    if until is not None:
        end = min(end, london_date(until))
    return max(0, (end - max(london_date(since), first_day)).days)


def occupied_bed_days(
    stays: Iterable[tuple[datetime, datetime | None]], *, first_day: date, last_day: date
) -> int:
    """The occupied bed days of many stays. A move from bed to bed counts its day once, for the bed moved into."""
    return sum(bed_days(since, until, first_day=first_day, last_day=last_day) for since, until in stays)


def length_of_stay(since: datetime, until: datetime | None, *, on: date) -> int:
    """Days of a whole stay: from its first day to the day before it ended, or to a London day if it has not."""
    began = london_date(since)
    ended = on + DAY if until is None or london_date(until) > on else london_date(until)
    return max(0, (ended - began).days)


def occupancy(occupied: int, available: int) -> float | None:
    """The share of available bed days that were occupied; None where no bed was to be had."""
    return occupied / available if available else None
