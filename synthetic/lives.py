"""Where made-up people are over the years: a simulation by days, so that no bed ever holds two of them.

Everybody begins in prison. Some are asked for, wait and are received in hospital; in hospital they step down tier by
tier as beds come free, and leave. Nothing here touches the database.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from synthetic.england import Service
from synthetic.people import Person

# Days in prison before hospital was asked for; ours.
BEFORE_REQUEST = (20, 900)
# Wait in days from request to hospital: lognormal fitted to “15% within 28 days”, mean 85, longest 462
# (HM Inspectorate of Prisons, “The long wait”, February 2024; House of Lords, 27 January 2025).
WAIT_MU, WAIT_SIGMA, LONGEST_WAIT = 4.127, 0.85, 462
# Length of stay in days by tier, median and sigma: 580 in a medium secure unit (2012, domain.md 4.2); the rest ours,
# chosen so that about 18% of medium and 23% of high secure stays are very long.
STAY = {
    "high": (1900, 0.8), "medium": (580, 1.0), "low": (420, 0.9), "step_down": (240, 0.6), "general": (60, 0.6)
}  # fmt: skip
FIRST_TIER = {"medium": 0.56, "low": 0.30, "high": 0.04, "general": 0.10}
NEXT_TIER = {"high": "medium", "medium": "low", "low": "step_down"}
# How a request that does not end in hospital ends (closed list of domain.md 1.7); shares are ours.
OTHER_ENDS = {
    "released": 0.42, "improved": 0.24, "admitted_by_court": 0.12, "admitted_after_release": 0.08, "left_england": 0.06,
    "entered_in_error": 0.04, "died": 0.04,
}  # fmt: skip
SHARE_NOT_RECEIVED = 0.22
# Many more wait now than at any past moment, so that a small demonstration shows transfers at every step.
SHARE_OPEN_NOW = 0.085
MOST_OPEN_NOW = 2_500
SHARE_ASKED_FOR = 0.6
LOOK_AGAIN_AFTER = 7


@dataclass
class Stay:
    """A time in one place: a service (its index), or elsewhere. `bed` is (ward, bed) within the service."""

    service: int | None
    since: date
    until: date | None = None
    elsewhere: str = ""
    bed: tuple[int, int] | None = None


@dataclass
class Request:
    """A transfer asked for: when, from where, and how it ended, if it has."""

    requested_on: date
    prison: int
    ended_on: date | None = None
    end: str = ""
    hospital: int | None = None
    planned_wait: int = 0


@dataclass
class Life:
    """One person's places and requests, in order."""

    person: Person
    stays: list[Stay] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)


class Beds:
    """Free beds by tier and gender, those of the home region first."""

    def __init__(self, services: list[Service]) -> None:
        self.free: dict[tuple[str, str, int], deque[tuple[int, int, int]]] = defaultdict(deque)
        self.region = [service.region for service in services]
        self.ward = [[(ward.tier, ward.gender) for ward in service.wards] for service in services]
        for index, service in enumerate(services):
            for ward_index, ward in enumerate(service.wards):
                # One bed in each ward is never used, so that boards have free beds and tests have somewhere to go.
                for bed in reversed(range(1, ward.beds)):
                    self.free[ward.tier, ward.gender, service.region].append((index, ward_index, bed))

    def take(self, tier: str, gender: str, home: int, regions: int) -> tuple[int, int, int] | None:
        """A free bed as near home as there is, or None."""
        for step in range(regions):
            pool = self.free[tier, gender, (home + step) % regions]
            if pool:
                return pool.pop()
        return None

    def leave(self, service: int, bed: tuple[int, int]) -> None:
        """Give a bed back."""
        tier, gender = self.ward[service][bed[0]]
        self.free[tier, gender, self.region[service]].appendleft((service, *bed))


class World:
    """The simulation: events in order of days, each moving one person on."""

    def __init__(self, services: list[Service], today: date, years: int, random: Random) -> None:
        self.services, self.today, self.random = services, today, random
        self.begins = today - timedelta(days=365 * years)
        self.beds = Beds(services)
        self.share_open = SHARE_OPEN_NOW
        self.regions = 1 + max(service.region for service in services)
        self.prisons = [
            [i for i, s in enumerate(services) if s.kind == "prison" and s.region == region]
            for region in range(self.regions)
        ]
        self.events: list = []
        self.order = count()

    def live(self, people: Iterator[Person]) -> list[Life]:
        """Everybody's life up to today."""
        everybody = list(people)
        self.share_open = min(SHARE_OPEN_NOW, MOST_OPEN_NOW / max(1, len(everybody)))
        lives = [self._begin(person) for person in everybody]
        while self.events and self.events[0][0] <= self.today:
            day, _, life, act = heapq.heappop(self.events)
            act(life, day)
        return lives

    def _at(self, day: date, life: Life, act) -> None:
        heapq.heappush(self.events, (day, next(self.order), life, act))

    def _begin(self, person: Person) -> Life:
        home = person.home if self.random.random() < 0.8 else self.random.randrange(self.regions)
        prison = self.random.choice(self.prisons[home])
        life = Life(person)
        open_now = self.random.random() < self.share_open
        wait = self._wait()
        if open_now:
            asked_on = self.today - timedelta(days=self.random.randrange(0, max(2, wait)))
        else:
            asked_on = self.begins + timedelta(days=self.random.randrange((self.today - self.begins).days))
        life.stays.append(Stay(prison, asked_on - timedelta(days=self.random.randint(*BEFORE_REQUEST))))
        if open_now or self.random.random() < SHARE_ASKED_FOR:
            request = Request(asked_on, prison, planned_wait=wait)
            life.requests.append(request)
            fails = not open_now and self.random.random() < SHARE_NOT_RECEIVED
            self._at(asked_on + timedelta(days=wait), life, self._ends_otherwise if fails else self._received)
        else:
            self._at(asked_on, life, self._received)
        return life

    def _wait(self) -> int:
        return max(2, min(LONGEST_WAIT, round(self.random.lognormvariate(WAIT_MU, WAIT_SIGMA))))

    def _gender(self, life: Life) -> str:
        return "women" if life.person.gender == "2" else "men"

    def _received(self, life: Life, day: date) -> None:
        tier = self.random.choices(list(FIRST_TIER), weights=FIRST_TIER.values())[0]
        if not self._move_to_bed(life, day, tier):
            asked_on = life.requests[-1].requested_on if life.requests else day
            gives_up = (day - asked_on).days > 2 * LONGEST_WAIT
            act = self._ends_otherwise if gives_up else self._received
            self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, act)
            return
        if life.requests:
            request = life.requests[-1]
            request.ended_on, request.end, request.hospital = day, "admitted", life.stays[-1].service

    def _move_to_bed(self, life: Life, day: date, tier: str) -> bool:
        gender = self._gender(life)
        found = self.beds.take(tier, gender, life.person.home, self.regions)
        if found is None:
            return False
        self._leave(life, day)
        service, *bed = found
        life.stays.append(Stay(service, day, bed=(bed[0], bed[1])))
        median, sigma = STAY[tier]
        days = max(3, round(median * self.random.lognormvariate(0, sigma)))
        self._at(day + timedelta(days=days), life, lambda life, day: self._moves_on(life, day, tier))
        return True

    def _leave(self, life: Life, day: date) -> None:
        stay = life.stays[-1]
        stay.until = day
        if stay.bed is not None and stay.service is not None:
            self.beds.leave(stay.service, stay.bed)

    def _moves_on(self, life: Life, day: date, tier: str) -> None:
        lower = NEXT_TIER.get(tier)
        if lower and self.random.random() < 0.7:
            if not self._move_to_bed(life, day, lower):
                again = day + timedelta(days=LOOK_AGAIN_AFTER)
                self._at(again, life, lambda life, day: self._moves_on(life, day, tier))
            return
        self._leave(life, day)
        roll = self.random.random()
        if roll < 0.25:
            life.stays.append(Stay(life.stays[0].service, day))
        elif roll < 0.30:
            life.stays.append(Stay(None, day, elsewhere="died"))
        else:
            team = next(
                i
                for i, service in enumerate(self.services)
                if service.kind == "community" and service.region == life.person.home
            )
            life.stays.append(Stay(team, day))

    def _ends_otherwise(self, life: Life, day: date) -> None:
        request = life.requests[-1]
        request.end = self.random.choices(list(OTHER_ENDS), weights=OTHER_ENDS.values())[0]
        request.ended_on = day
        if request.end in ("admitted_by_court", "admitted_after_release"):
            if not self._move_to_bed(
                life, day, "low" if request.end == "admitted_after_release" else "medium"
            ):
                request.end, request.ended_on = "", None
                self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, self._ends_otherwise)
                return
            request.hospital = life.stays[-1].service
        elif request.end in ("released", "left_england", "died"):
            self._leave(life, day)
            place = {"released": "released", "left_england": "abroad", "died": "died"}[request.end]
            life.stays.append(Stay(None, day, elsewhere=place))
