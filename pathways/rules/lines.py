"""The line of places of one person, as beginnings: each place lasts until the next begins, so a line has no gap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from pathways.codes import AWAY


@dataclass(frozen=True)
class Place:
    """Where somebody is: at a service, on a ward of it if that is known, or elsewhere."""

    service_id: int | None = None
    ward_id: int | None = None
    elsewhere: str = ""

    def has_bed_of(self, ward: tuple[int, int]) -> bool:
        """Whether a bed on a ward (service, ward) can be slept in by somebody who is here."""
        return self.service_id == ward[0] and self.ward_id in (None, ward[1])


@dataclass(frozen=True)
class Stay:
    """Somebody came to a place. `placement_id`: the row that says so; None for one that is yet to be written."""

    place: Place
    since: datetime
    time_known: bool
    placement_id: int | None = None


Line = tuple[Stay, ...]
# An end and a beginning of time for comparing; never written.
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stretch:
    """A stay with its end, which is None while it goes on."""

    stay: Stay
    until: datetime | None


def stretches(line: Line) -> Iterator[Stretch]:
    """Every stay with its end: where the next begins."""
    for stay, following in pairwise((*line, None)):
        if stay is not None:
            yield Stretch(stay, following.since if following else None)


def line_with(line: Line, new: Stay) -> Line:
    """The line with one more beginning, in its order."""
    return tuple(sorted((*line, new), key=lambda stay: stay.since))


def line_without(line: Line, placement_id: int) -> Line:
    """The line as if somebody had never come there. Back where they came from, they never left."""
    at = next(number for number, stay in enumerate(line) if stay.placement_id == placement_id)
    never_left = 0 < at < len(line) - 1 and line[at - 1].place == line[at + 1].place
    return line[:at] + line[at + 1 + never_left :]


Range = tuple[datetime, datetime | None]
# What a line says of a bed at an instant: the person can sleep in it, or is away from it and has not moved on.
SLEPT, KEPT = "slept", "kept"


@dataclass(frozen=True)
class Part:
    """A part of the use of a bed. `turned`: slept or kept where the line has come to say so, empty where it stands."""

    since: datetime
    until: datetime | None
    turned: str = ""


def bed_at(line: Line, at: datetime, ward: tuple[int, int]) -> str:
    """Whether somebody can sleep in a bed of a ward (service, ward) at an instant, is away from it, or neither."""
    is_away = False
    for stay in reversed(line):
        if stay.since > at:
            continue
        if stay.place.elsewhere not in AWAY:
            return "" if not stay.place.has_bed_of(ward) else KEPT if is_away else SLEPT
        is_away = True
    return ""


def parts_of(during: Range, ward: tuple[int, int], before: Line, after: Line) -> list[Part]:
    """What becomes of the use of a bed once the line has changed: without the time that it now says was elsewhere.

    Time that the line already said was elsewhere (a bed on trial, for example) is none of the change's business.
    """
    kept: list[Part] = []
    for since, until in _between(during, before, after):
        was, now = bed_at(before, since, ward), bed_at(after, since, ward)
        if not was or now:
            kept.append(Part(since, until, now if was and was != now else ""))
    return joined(kept)


def parts_given_back(during: Range, ward: tuple[int, int], after: Line) -> list[Part]:
    """A time for which a bed is theirs again, as the line says: slept in, or kept."""
    return joined(
        Part(since, until, bed_at(after, since, ward)) for since, until in _between(during, (), after)
    )


def joined(parts: Iterable[Part]) -> list[Part]:
    """Parts in their order, those that follow each other and are alike made one."""
    found: list[Part] = []
    for part in parts:
        if found and (found[-1].until, found[-1].turned) == (part.since, part.turned):
            found[-1] = replace(found[-1], until=part.until)
        else:
            found.append(part)
    return found


def _between(during: Range, *lines: Line) -> list[Range]:
    """The pieces of a time into which the beginnings of some lines cut it."""
    begins, ends = during[0], during[1] or FOREVER
    cuts = {begins, ends} | {stay.since for line in lines for stay in line if begins < stay.since < ends}
    return [(since, None if until == FOREVER else until) for since, until in pairwise(sorted(cuts))]


def time_given_back(during: Range, ward: tuple[int, int], before: Line, after: Line) -> Range | None:
    """The time after the end of the use of a bed for which the changed line says that it was theirs after all.

    Only where the bed was left with a move that did not happen, or not then.
    """
    left = during[1]
    if left is None or all(stay.since != left for stay in before):
        return None
    was, now = bed_at(before, left, ward), bed_at(after, left, ward)
    if was in (SLEPT, now) or not now:
        return None
    gone = (stay.since for stay in after if stay.since > left and not bed_at(after, stay.since, ward))
    return left, min(gone, default=None)
