"""Time across a picture: where an instant lies, and which dates stand above it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from pathways import days

# No span is narrower than this, unless there are so many that it can't be otherwise.
NARROWEST = 16.0
# The width of a letter at 12 units of the drawing, and at 11; on the large side.
LETTER, SMALL_LETTER = 6.7, 5.9


@dataclass(frozen=True)
class Tick:
    """A date on the axis."""

    x: float
    words: str


class Scale:
    """Time across. Straight within each stay, and never so steep that a short one would not be seen."""

    def __init__(self, instants: Sequence[datetime], left: float, width: float) -> None:
        self.instants = list(instants)
        spans = [(later - earlier).total_seconds() for earlier, later in pairwise(self.instants)]
        least = min(NARROWEST, 0.7 * width / max(1, len(spans)))
        widths = _widths(spans, width, least)
        self.is_stretched = any(
            wide > 1.5 * width * span / (sum(spans) or 1) for wide, span in zip(widths, spans, strict=True)
        )
        self.xs = [left]
        for wide in widths:
            self.xs.append(self.xs[-1] + wide)

    def x(self, at: datetime) -> float:
        """Where an instant lies; what is outside lies at the edge."""
        at = min(max(at, self.instants[0]), self.instants[-1])
        for (earlier, later), (x1, x2) in zip(pairwise(self.instants), pairwise(self.xs), strict=True):
            if at <= later:
                return x1 + (x2 - x1) * ((at - earlier) / (later - earlier))
        return self.xs[-1]


def _widths(spans: Sequence[float], width: float, least: float) -> list[float]:
    """The width of each span, in proportion but for those that would be too narrow."""
    narrow: set[int] = set()
    while True:
        free = width - least * len(narrow)
        rest = sum(span for n, span in enumerate(spans) if n not in narrow) or 1.0
        more = {n for n, span in enumerate(spans) if n not in narrow and free * span / rest < least}
        if not more:
            return [least if n in narrow else free * span / rest for n, span in enumerate(spans)]
        narrow |= more


# How far apart dates on the axis are: days, or months that divide the years evenly.
TICKS = (("days", 1), ("days", 7), *(("months", months) for months in (1, 3, 6, 12, 24, 60, 120)))
DAYS_OF = {"days": 1.0, "months": 30.4}
MOST_TICKS = 11


def ticks_of(scale: Scale, begins: datetime, ends: datetime, free_to: float) -> Iterable[Tick]:
    """The dates above the picture, as many as can be read, none beyond `free_to`."""
    first, last = days.london_date(begins), days.london_date(ends)
    unit, step = next(
        (one for one in TICKS if (last - first).days / (DAYS_OF[one[0]] * one[1]) <= MOST_TICKS), TICKS[-1]
    )
    written_to = scale.xs[0]
    for on in _days(first, last, step) if unit == "days" else _months(first, last, step):
        x, words = scale.x(days.noon(on)), _tick_words(on, unit, step)
        half = len(words) * SMALL_LETTER / 2
        if first < on and x - half >= written_to and x + half < free_to:
            written_to = x + half + 8
            yield Tick(x, words)


def _days(first: date, last: date, step: int) -> Iterable[date]:
    """Every day, or every Monday."""
    on = first + timedelta(days=-first.weekday() % step)
    while on <= last:
        yield on
        on += timedelta(days=step)


def _months(first: date, last: date, step: int) -> Iterable[date]:
    """First days of months."""
    years = max(1, step // 12)
    for year in range(first.year - first.year % years, last.year + 1, years):
        for month in range(1, 13, min(step, 12)):
            if first <= date(year, month, 1) <= last:
                yield date(year, month, 1)


def _tick_words(on: date, unit: str, step: int) -> str:
    if unit == "days":
        return f"{on.day} {on:%b}"
    return f"{on:%b %Y}" if step < 12 else str(on.year)
