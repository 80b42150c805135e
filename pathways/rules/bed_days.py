"""Days in a bed, as NHS England's own code counts them (domain.md 4.1; MHSDS, “occupied bed days”).

The London day of admission counts, the day of discharge does not. Who comes and goes on one day has no bed day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log
from statistics import fmean

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


@dataclass(frozen=True)
class BedStay:
    """One use of a bed by one person. `is_kept`: they are away; `is_trial`: a second bed, while on trial leave."""

    since: datetime
    until: datetime | None
    is_kept: bool = False
    is_trial: bool = False

    def shared_with(self, other: "BedStay") -> tuple[datetime, datetime | None] | None:
        """The time that both have, if there is any."""
        since = max(self.since, other.since)
        ends = [one.until for one in (self, other) if one.until is not None]
        until = min(ends, default=None)
        return None if until is not None and until <= since else (since, until)


def person_bed_days(uses: Sequence[BedStay], *, first_day: date, last_day: date) -> int:
    """The occupied bed days of one person, with those on leave: it does not interrupt a ward stay (domain.md 4.1).

    Of trial leave each day counts once, for the bed that is kept; for that of the trial once the other was released, or
    where the other is not among the uses that are counted.
    """
    own, trial = [use for use in uses if not use.is_trial], [use for use in uses if use.is_trial]
    shared = [time for one in trial for other in own if (time := one.shared_with(other)) is not None]
    total = occupied_bed_days(
        [(use.since, use.until) for use in uses], first_day=first_day, last_day=last_day
    )
    return total - occupied_bed_days(shared, first_day=first_day, last_day=last_day)


def bed_days_less_leave(uses: Iterable[BedStay], *, first_day: date, last_day: date) -> int:
    """“OBD less leave” (domain.md 4.1): days on which the person was in a bed, on trial leave in that of the trial."""
    slept = [(use.since, use.until) for use in uses if not use.is_kept]
    return occupied_bed_days(slept, first_day=first_day, last_day=last_day)


def length_of_stay(since: datetime, until: datetime | None, *, on: date) -> int:
    """Days of a whole stay: from its first day to the day before it ended, or to a London day if it has not."""
    began = london_date(since)
    ended = on + DAY if until is None or london_date(until) > on else london_date(until)
    return max(0, (ended - began).days)


def geometric_mean(days: Sequence[int]) -> float | None:
    """The geometric mean of some lengths of stay, beside the median (domain.md 4.1); None of none.

    It needs a day at least: a stay of no night counts as one day.
    """
    return exp(fmean(log(max(one, 1)) for one in days)) if days else None


def occupancy(occupied: int, available: int) -> float | None:
    """The share of available bed days that were occupied; None where no bed was to be had."""
    return occupied / available if available else None
