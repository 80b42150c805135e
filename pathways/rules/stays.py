"""Stays in hospital: a person's places at one hospital that follow each other, with times away in between."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pathways.codes import AWAY
from pathways.rules.bed_days import length_of_stay


@dataclass(frozen=True)
class HospitalStay:
    """All the time of one person at one hospital, until they moved on; `until` is None while they have not."""

    service_id: int
    since: datetime
    until: datetime | None

    def days(self, *, on: date) -> int:
        """Its length to a London day, as `length_of_stay` counts it."""
        return length_of_stay(self.since, self.until, on=on)


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
    found: list[HospitalStay] = []
    hospital = None
    for place in places:
        if place.elsewhere not in AWAY:
            before, hospital = hospital, place.service_id if place.is_at_hospital else None
            if hospital is not None and hospital != before:
                found.append(HospitalStay(hospital, place.during.lower, place.during.upper))
        if hospital is not None:
            found[-1] = replace(found[-1], until=place.during.upper)
    return found
