"""The line of places of one person, as beginnings: each place lasts until the next begins, so a line has no gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise


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


def without_time_elsewhere(during: Range, ward: tuple[int, int], before: Line, after: Line) -> list[Range]:
    """What is left of the use of a bed once the line has changed: without the time that it now says was elsewhere.

    Time that the line already said was elsewhere (a bed on trial, for example) is none of the change's business.
    """
    begins, ends = during[0], during[1] or FOREVER
    cuts = {begins, ends} | {stay.since for stay in (*before, *after) if begins < stay.since < ends}
    kept: list[tuple[datetime, datetime]] = []
    for since, until in pairwise(sorted(cuts)):
        if _has_bed(before, since, ward) and not _has_bed(after, since, ward):
            continue
        if kept and kept[-1][1] == since:
            kept[-1] = (kept[-1][0], until)
        else:
            kept.append((since, until))
    return [(since, None if until == FOREVER else until) for since, until in kept]


def time_given_back(during: Range, ward: tuple[int, int], before: Line, after: Line) -> Range | None:
    """The time after the end of the use of a bed that the changed line says was spent there after all.

    Only where the bed was left with a move that did not happen, or not then.
    """
    left = during[1]
    if left is None or all(stay.since != left for stay in before):
        return None
    if _has_bed(before, left, ward) or not _has_bed(after, left, ward):
        return None
    gone = (stay.since for stay in after if stay.since > left and not stay.place.has_bed_of(ward))
    return left, min(gone, default=None)


def _has_bed(line: Line, at: datetime, ward: tuple[int, int]) -> bool:
    here = next((stay for stay in reversed(line) if stay.since <= at), None)
    return here is not None and here.place.has_bed_of(ward)
