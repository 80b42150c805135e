"""Stays in hospital, and hospital provider spells: a person's places that follow each other, with times away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from pathways.codes import AWAY
from pathways.days import at, london_date
from pathways.rules.bed_days import DAY, length_of_stay
from pathways.rules.leave import LONGEST_IN_SPELL, ends_spell
from pathways.rules.ready import Stretch, ready_days


@dataclass(frozen=True)
class HospitalStay:
    """All the time of one person at one hospital, until they moved on; `until` is None while they have not."""

    service_id: int
    since: datetime
    until: datetime | None

    def days(self, *, on: date) -> int:
        """Its length to a London day, as `length_of_stay` counts it."""
        return length_of_stay(self.since, self.until, on=on)

    def days_less_ready(self, stretches: Iterable[Stretch], *, on: date) -> int:
        """“LOS excluding CRFD” (domain.md 4.1): its length less the days on which they were ready to move on.

        `stretches`: all that this hospital recorded of them; those of other stays there are left out.
        """
        began = london_date(self.since)
        ended = began + self.days(on=on) * DAY
        own = [one for one in stretches if one.since < ended and (one.until is None or one.until > began)]
        return self.days(on=on) - ready_days(own, first_day=began, last_day=ended - DAY)


@dataclass(frozen=True)
class ProviderSpell:
    """A hospital provider spell; `until` is None while it goes on."""

    provider_id: int
    since: datetime
    until: datetime | None

    def days(self, *, on: date) -> int:
        """Its length to a London day, as `length_of_stay` counts it."""
        return length_of_stay(self.since, self.until, on=on)


@dataclass(frozen=True)
class _Piece:
    """Some time of a line of places. `home`: the hospital or its provider; None at no hospital."""

    home: int | None
    is_away: bool
    since: datetime
    until: datetime | None


def in_hospital_since(places: Iterable[Any]) -> datetime | None:
    """Since when a person has not left hospital, from their places, earliest first; None where they have.

    Another ward or hospital goes on with it, and so does a time away from which people come back.
    """
    return _unbroken_since(places, lambda place: place.is_at_hospital)


def in_custody_since(places: Iterable[Any]) -> datetime | None:
    """The same of prisons and removal centres."""
    return _unbroken_since(places, lambda place: place.is_in_custody)


def _unbroken_since(places: Iterable[Any], is_there: Callable[[Any], bool]) -> datetime | None:
    since = None
    for place in places:
        if is_there(place):
            since = since or place.during.lower
        elif place.elsewhere not in AWAY:
            since = None
    return since


def hospital_stays(places: Iterable[Any]) -> list[HospitalStay]:
    """The stays of one person, from their places (`pathways.models.Placement`), both earliest first.

    Another ward of the same hospital goes on with a stay, and so does a time away from which people come back: leave is
    part of a ward stay (domain.md 4.1), and whoever is in a general hospital or at large has not moved on. What
    `reports.figures` counts in the database is held against this.
    """
    return [HospitalStay(*run) for run in _runs([_piece(one, one.service_id) for one in places])]


def provider_spells(places: Iterable[Any], leaves: Iterable[Any], *, on: date) -> list[ProviderSpell]:
    """The hospital provider spells of one person, from their places and the leave that they took, to a London day.

    Other than a stay, a spell goes on in another hospital of the same provider, and “leave over 28 days ends the
    hospital provider spell” (domain.md 4.1): after the 28th day, and coming back begins another.
    """
    gaps = [gap for leave in leaves if (gap := _gap(leave.during.lower, leave.during.upper, on)) is not None]
    pieces = [_piece(place, place.service.provider_id if place.is_at_hospital else None) for place in places]
    cut = [part for piece in pieces for part in _without(piece, gaps)]
    return [ProviderSpell(*run) for run in _runs(sorted([*cut, *gaps], key=lambda piece: piece.since))]


def _piece(place: Any, home: int | None) -> _Piece:
    return _Piece(
        home if place.is_at_hospital else None,
        place.elsewhere in AWAY,
        place.during.lower,
        place.during.upper,
    )


def _gap(left_at: datetime, back_at: datetime | None, on: date) -> _Piece | None:
    """The time out of a spell that a leave means, if it is a long one."""
    if not ends_spell(left_at, back_at, on=on):
        return None
    return _Piece(None, False, at(london_date(left_at) + LONGEST_IN_SPELL * DAY, time(0)), back_at)


def _without(piece: _Piece, gaps: Iterable[_Piece]) -> list[_Piece]:
    """What some gaps leave of a piece."""
    left = [piece]
    for gap in gaps:
        left = [part for one in left for part in _less(one, gap)]
    return left


def _less(piece: _Piece, gap: _Piece) -> list[_Piece]:
    before = (
        piece if piece.until is not None and piece.until <= gap.since else replace(piece, until=gap.since)
    )
    found = [before] if piece.since < gap.since else []
    if gap.until is not None and (piece.until is None or piece.until > gap.until):
        found.append(replace(piece, since=max(piece.since, gap.until)))
    return found


def _runs(pieces: Iterable[_Piece]) -> list[tuple[int, datetime, datetime | None]]:
    """Pieces of one home that follow each other, with the times away in between: the home, from when and until when."""
    found: list[tuple[int, datetime, datetime | None]] = []
    home = None
    for piece in pieces:
        if not piece.is_away:
            before, home = home, piece.home
            if home is not None and home != before:
                found.append((home, piece.since, piece.until))
        if home is not None:
            found[-1] = (*found[-1][:2], piece.until)
    return found
