"""The pathway line: how one person's journey is drawn. Facts in, shapes out: no query, no request, no clock.

Tiers are lanes from prison through the secure tiers to the community; time runs across; a place is a bar. Everything
that a colour says is said by a pattern, a shape or words too, so that it reads on grey paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core.pages import days as day_words
from core.pages import long_date
from desk.journey import Held, Journey, Period, Stay
from desk.time_axis import LETTER, SMALL_LETTER, Scale, Tick, ticks_of
from organisations.rules import HOSPITAL_TIERS, Tier

# Units of the drawing. A wide screen shows them about one to one.
WIDTH, LEFT, RIGHT, TOP = 1000, 128, 22, 30
LANE, EMPTY_LANE, BAR, ABOVE = 60, 22, 26, 20
LAW = 34
# Room before the first thing of interest, as a share of all that is drawn.
LEAD_IN = 0.05
# A bar too narrow for more than its number, and the notch or point of one that goes beyond the picture.
NARROW, TIP = 30.0, 8.0

ELSEWHERE = "elsewhere"
LANES: tuple[tuple[str, str], ...] = (
    (Tier.PRISON, "Prison"),
    *((tier, Tier(tier).label) for tier in HOSPITAL_TIERS),
    (Tier.COMMUNITY, "Community"),
    (ELSEWHERE, "Elsewhere"),
)


@dataclass(frozen=True)
class Lane:
    """A tier as a band across the picture."""

    key: str
    words: str
    y: float
    height: float
    is_used: bool

    @property
    def bar_y(self) -> float:
        """Where its bars begin."""
        return self.y + ABOVE

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return self.bar_y + BAR / 2 if self.is_used else self.y + self.height / 2


@dataclass(frozen=True)
class Bar:
    """A stay. `kind`: nhs, independent, prison or elsewhere; each has a pattern of its own."""

    stay: Stay
    kind: str
    x: float
    y: float
    width: float
    path: str
    label: str
    label_x: float
    is_centred: bool
    words: str


@dataclass(frozen=True)
class Step:
    """A move between lanes: a line with an arrowhead where it arrives."""

    path: str
    head: str


@dataclass(frozen=True)
class Mark:
    """A time marked on a bar: above it a wait or readiness to move on, below it leave and movements."""

    kind: str
    x: float
    y: float
    width: float
    label: str
    label_x: float
    anchor: str
    words: str


@dataclass(frozen=True)
class Band:
    """A legal status along the foot of the picture."""

    x: float
    width: float
    label: str
    words: str
    is_restricted: bool


@dataclass(frozen=True)
class Drawing:
    """Everything that the template writes down."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]
    law_y: float
    ticks: tuple[Tick, ...]
    ends_x: float
    ended: str
    is_stretched: bool
    kinds: tuple[str, ...]


def draw(journey: Journey) -> Drawing | None:
    """The picture of a journey; None for somebody who was never anywhere."""
    if not journey.stays:
        return None
    begins, ends = _begins(journey), _ends(journey)
    shown = [stay for stay in journey.stays if (stay.until or ends) > begins and stay.since <= ends]
    starts = sorted({begins, ends, *(stay.since for stay in shown if begins < stay.since < ends)})
    scale = Scale(starts, LEFT, WIDTH - LEFT - RIGHT)
    lanes = _lanes(shown)
    by_key = {lane.key: lane for lane in lanes}
    bottom = lanes[-1].y + lanes[-1].height
    bars = tuple(_bar(stay, by_key, scale, begins, ends) for stay in shown if not stay.is_death)
    last = journey.stays[-1]
    ended = f"Died {long_date(last.since)}" if last.is_death else "Today"
    return Drawing(
        width=WIDTH,
        height=bottom + LAW + 4 if journey.held else bottom + 4,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=bottom,
        lanes=lanes,
        bars=bars,
        steps=tuple(_steps(bars)),
        marks=tuple(_marks(journey, bars, scale, begins, ends)),
        bands=tuple(_bands(journey.held, scale, begins, ends)),
        law_y=bottom + 8,
        ticks=tuple(ticks_of(scale, begins, ends, WIDTH - 12 - len(ended) * LETTER)),
        ends_x=scale.x(ends),
        ended=ended,
        is_stretched=scale.is_stretched,
        kinds=tuple(dict.fromkeys(bar.kind for bar in bars)),
    )


def _begins(journey: Journey) -> datetime:
    """A little before the first request or the first place that is no prison; or the first place of all."""
    first = journey.stays[0].since
    interesting = [stay.since for stay in journey.stays[1:] if stay.tier != Tier.PRISON]
    interesting += [journey.stays[0].since] if journey.stays[0].tier != Tier.PRISON else []
    interesting += [period.since for period in journey.periods]
    if not interesting:
        return first
    start, end = min(interesting), _ends(journey)
    return max(first, start - max(LEAD_IN * (end - start), timedelta(days=2)))


def _ends(journey: Journey) -> datetime:
    """The present, or the end of a life; always a while after the beginning."""
    last = journey.stays[-1]
    # A place that they have only just come to has some room too.
    ends = last.since if last.is_death else max(journey.now, last.since + timedelta(minutes=1))
    return max(ends, journey.stays[0].since + timedelta(days=1))


def _lanes(stays: Iterable[Stay]) -> tuple[Lane, ...]:
    used = {_lane_of(stay) for stay in stays if not stay.is_death}
    lanes, y = [], float(TOP)
    for key, words in LANES:
        if key == ELSEWHERE and key not in used:
            continue
        height = LANE if key in used else EMPTY_LANE
        lanes.append(Lane(key, words, y, height, key in used))
        y += height
    return tuple(lanes)


def _lane_of(stay: Stay) -> str:
    return stay.tier or ELSEWHERE


def _kind_of(stay: Stay) -> str:
    return stay.sector or ("prison" if stay.tier == Tier.PRISON else ELSEWHERE)


def _bar(stay: Stay, lanes: dict[str, Lane], scale: Scale, begins: datetime, ends: datetime) -> Bar:
    lane = lanes[_lane_of(stay)]
    x1, x2 = scale.x(stay.since) + 1, scale.x(stay.until or ends) - 1
    width, notch = max(3.0, x2 - x1), stay.since < begins
    label = _label(stay, width - (TIP if notch else 0))
    is_centred = width < NARROW
    return Bar(
        stay=stay,
        kind=_kind_of(stay),
        x=x1,
        y=lane.bar_y,
        width=width,
        path=_outline(x1, lane.bar_y, width, comes_from_before=notch, goes_on=stay.until is None),
        label=label,
        label_x=x1 + (width / 2 if is_centred else 7 + (TIP if notch else 0)),
        is_centred=is_centred,
        words=_bar_words(stay),
    )


def _outline(x: float, y: float, width: float, *, comes_from_before: bool, goes_on: bool) -> str:
    """A bar: notched where it began before the picture does, pointed where it goes on."""
    tip = min(TIP, width / 2)
    right = (
        f"H{x + width:.1f} l{tip:.1f} {BAR / 2} l-{tip:.1f} {BAR / 2}"
        if goes_on
        else f"H{x + width:.1f} v{BAR}"
    )
    left = f"H{x:.1f} l{tip:.1f} -{BAR / 2} z" if comes_from_before else f"H{x:.1f} z"
    return f"M{x:.1f} {y:.1f} {right} {left}"


def _label(stay: Stay, width: float) -> str:
    """As much of the name as there is room for, after the number that it has in the table."""
    number = str(stay.number)
    if width < NARROW:
        return number if len(number) * SMALL_LETTER < width else ""
    room = (width - 14) / LETTER
    place = f"{number}  {stay.place}"
    where = f"{place}, {stay.ward}" if stay.ward else place
    whose = f"{where} ({stay.provider})" if stay.provider else where
    return next((words for words in (whose, where, place) if len(words) <= room), number)


def _bar_words(stay: Stay) -> str:
    facts = [
        stay.where,
        ", ".join(filter(None, (stay.tier_words, stay.provider_words))),
        f"{long_date(stay.since)} to {long_date(stay.until) or 'now'}, {day_words(stay.days)}",
        f"Held under {stay.held_under}" if stay.held_under else "",
        ", ".join(filter(None, (stay.came_by, stay.crossed.lower().replace("nhs", "NHS")))),
    ]
    return f"{stay.number}. " + ". ".join(filter(None, facts)) + "."


def _steps(bars: Sequence[Bar]) -> Iterable[Step]:
    for before, after in pairwise(bars):
        if before.y == after.y:
            continue
        down = after.y > before.y
        x = after.x - 1
        begin, end = (before.y + BAR, after.y) if down else (before.y, after.y + BAR)
        back = -7 if down else 7
        yield Step(f"M{x:.1f} {begin:.1f} V{end + back:.1f}", f"M{x:.1f} {end:.1f} l-4.5 {back} h9 z")


def _marks(
    journey: Journey, bars: Sequence[Bar], scale: Scale, begins: datetime, ends: datetime
) -> Iterable[Mark]:
    written_to: dict[float, float] = {}
    for period in journey.periods:
        over = next((bar for bar in bars if _is_during(bar.stay, max(period.since, begins))), None)
        if over is None or (period.until or ends) < begins or period.since > ends:
            continue
        is_below = period.kind in BELOW
        x1, x2 = scale.x(period.since), scale.x(period.until or ends)
        width = max(4.0, (min(x2, over.x + over.width) if is_below else x2) - x1)
        y = over.y + BAR + 3 if is_below else over.y - 8
        label, label_x, anchor = _mark_label(period, x1, width, over, written_to.get(y, 0.0))
        if label:
            written_to[y] = label_x + (len(label) * SMALL_LETTER if anchor == "start" else 0) + 6
        yield Mark(
            kind=period.kind,
            x=x1,
            y=y,
            width=width,
            label=label,
            label_x=label_x,
            anchor=anchor,
            words=f"{period.words}: {long_date(period.since)} to {long_date(period.until) or 'now'}, "
            f"{day_words(period.days)}",
        )


def _is_during(stay: Stay, at: datetime) -> bool:
    return stay.since <= at and (stay.until is None or at < stay.until)


NAMES = {"waiting": "Waited", "ready": "Ready"}
# Marked below the bar, without a word.
BELOW = ("leave", "movement")


def _mark_label(
    period: Period, x: float, width: float, over: Bar, written_to: float
) -> tuple[str, float, str]:
    """A few words over a wait, beginning or ending with it, where nothing else is written. None over leave."""
    if period.kind in BELOW:
        return "", x, "start"
    name = "Waiting" if period.kind == "waiting" and period.until is None else NAMES[period.kind]
    words = f"{name} {day_words(period.days)}"
    long = len(words) * SMALL_LETTER
    if x >= written_to and (long <= width or (over.y == TOP + ABOVE and x + long < WIDTH - RIGHT)):
        return words, x, "start"
    if x + width - long >= max(over.x, written_to):
        return words, x + width, "end"
    return "", x, "start"


def _bands(held: Sequence[Held], scale: Scale, begins: datetime, ends: datetime) -> Iterable[Band]:
    for one in held:
        if (one.until or ends) <= begins or one.since > ends:
            continue
        x1, x2 = scale.x(one.since), scale.x(one.until or ends)
        width = max(3.0, x2 - x1 - 1)
        restricted = ", restricted" if one.is_restricted else ""
        yield Band(
            x=x1,
            width=width,
            label=one.short if len(one.short) * LETTER + 6 <= width else "",
            words=f"{one.words}{restricted}: {long_date(one.since)} to {long_date(one.until) or 'now'}",
            is_restricted=one.is_restricted,
        )
