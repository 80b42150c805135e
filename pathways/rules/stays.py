"""Stays in hospital: a person's places at one hospital that follow each other, with times away in between."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pathways.codes import AWAY
from pathways.days import london_date
from pathways.rules.bed_days import DAY, length_of_stay
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
