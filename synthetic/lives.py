"""Where made-up people are over the years: a simulation by days, so that no bed ever holds two of them.

Everybody begins in prison. Some are asked for, wait and are received in hospital, others are sent there by a court;
in hospital they step down tier by tier as beds come free, now and then up or sideways, and leave for prison or the
community, from where some come back. What they are held under goes with it (`held`). Nothing here touches the database.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random

from pathways.rules import Held
from synthetic import held
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
KEPT_FREE = {"medium": 2, "low": 2}
# Of moves on from a ward, how many go to a lower tier, sideways and up where there is one; the others leave. Ours.
SHARE_DOWN, SHARE_SIDEWAYS, SHARE_UP = 0.62, 0.08, 0.05
SHARE_FROM_GENERAL = 0.25
HIGHER_TIER = {lower: tier for tier, lower in NEXT_TIER.items()}
# Of those who leave: back to prison where the law has a way, died; of those in the community some come back. Ours.
SHARE_TO_PRISON, SHARE_DIED = 0.45, 0.05
SHARE_BACK = {held.CONDITIONAL: 0.25, held.CTO: 0.3}
SHARE_ADMITTED_AGAIN, SHARE_AT_LARGE, SHARE_LOST = 0.18, 0.12, 0.015
BACK_AFTER, AT_LARGE_FOR = (40, 700), (1, 9)
# A few stays are interrupted by some days in a general hospital, or at large.
SHARE_AWAY, AWAY_FOR, AWAY_IN = 0.03, (2, 12), ("general_hospital", "general_hospital", "at_large")
COURTS_OWN_WAIT = 30


@dataclass
class Stay:
    """A time in one place: a service (its index), or elsewhere. `bed` is (ward, bed) within the service.

    `came_by` is the kind of referral by which they came, empty where nobody asked for it.
    """

    service: int | None
    since: date
    until: date | None = None
    elsewhere: str = ""
    bed: tuple[int, int] | None = None
    came_by: str = ""


@dataclass
class Request:
    """A transfer asked for: when, from where, under what, and how it ended, if it has."""

    requested_on: date
    prison: int
    under: Held
    ended_on: date | None = None
    end: str = ""
    hospital: int | None = None
    planned_wait: int = 0


@dataclass
class Life:
    """One person's places, requests and what they were held under, each in order."""

    person: Person
    stays: list[Stay] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    law: held.Law = field(default_factory=held.Law)


class Beds:
    """Free beds by tier and gender, those of the home region first."""

    def __init__(self, services: list[Service]) -> None:
        self.free: dict[tuple[str, str, int], deque[tuple[int, int, int]]] = defaultdict(deque)
        self.region = [service.region for service in services]
        self.ward = [[(ward.tier, ward.gender) for ward in service.wards] for service in services]
        places = [
            (bed, index, number, ward.tier, ward.gender, service.region)
            for index, service in enumerate(services)
            for number, ward in enumerate(service.wards)
            # The first beds of each ward are never used, so that boards have free beds for those still waiting.
            for bed in range(KEPT_FREE.get(ward.tier, 1), ward.beds)
        ]
        # Of each ward one bed before the next of any, so that no ward is empty beside a full one.
        for bed, index, number, *pool in sorted(places, key=lambda one: -one[0]):
            self.free[tuple(pool)].append((index, number, bed))  # type: ignore[index]

    def take(
        self, tier: str, gender: str, home: int, regions: int, *, but_not: int | None = None
    ) -> tuple[int, int, int] | None:
        """A free bed as near home as there is, of another service than one, or None."""
        for step in range(regions):
            pool = self.free[tier, gender, (home + step) % regions]
            found = next((bed for bed in reversed(pool) if bed[0] != but_not), None)
            if found is not None:
                pool.remove(found)
                return found
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
        self.beds, self.deck = Beds(services), held.Deck(random)
        self.share_open = SHARE_OPEN_NOW
        self.regions = 1 + max(service.region for service in services)
        self.teams = {s.region: i for i, s in enumerate(services) if s.kind == "community"}
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
            request = Request(asked_on, prison, self.deck.draw(held.ASKED_UNDER), planned_wait=wait)
            life.requests.append(request)
            fails = not open_now and self.random.random() < SHARE_NOT_RECEIVED
            self._at(asked_on + timedelta(days=wait), life, self._ends_otherwise if fails else self._received)
        else:
            self._at(asked_on, life, self._received)
        return life

    def _wait(self) -> int:
        return max(2, min(LONGEST_WAIT, round(self.random.lognormvariate(WAIT_MU, WAIT_SIGMA))))

    def _hold(self, life: Life, status: Held, day: date) -> None:
        """They are held under a status from a day; what follows it by itself comes in its time."""
        period = life.law.begin(status, day)
        following = self.deck.what_follows(period)
        if following is None:
            return
        on, becomes = following

        def follow(life: Life, day: date) -> None:
            if life.law.now is None or life.law.periods[-1] is not period:
                return
            if becomes == held.FREE and life.stays[-1].elsewhere in AWAY_IN:
                self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, follow)
                return
            if becomes == held.FREE and life.stays[-1].since == day:
                # They came back to the ward this very day; a stay lasts at least one.
                self._at(day + timedelta(days=1), life, follow)
                return
            if becomes == held.FREE and life.stays[-1].bed:
                self._leave(life, day)
                life.stays.append(Stay(life.stays[0].service, day, came_by="remission"))
            self._hold(life, becomes, day)

        self._at(on, life, follow)

    def _received(self, life: Life, day: date) -> None:
        tier = self.random.choices(list(FIRST_TIER), weights=FIRST_TIER.values())[0]
        if not self._move_to_bed(life, day, tier, "" if life.requests else "court_admission"):
            asked_on = life.requests[-1].requested_on if life.requests else day
            gives_up = (day - asked_on).days > 2 * LONGEST_WAIT
            act = self._ends_otherwise if gives_up else self._received
            self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, act)
            return
        if life.requests:
            request = life.requests[-1]
            request.ended_on, request.end, request.hospital = day, "admitted", life.stays[-1].service
        under = life.requests[-1].under if life.requests else self.deck.draw(held.ORDERED)
        self._hold(life, under, day)

    def _move_to_bed(
        self, life: Life, day: date, tier: str, came_by: str, *, but_not: int | None = None
    ) -> bool:
        gender = life.person.ward_gender
        found = self.beds.take(tier, gender, life.person.home, self.regions, but_not=but_not)
        if found is None:
            return False
        self._leave(life, day)
        service, *bed = found
        stay = Stay(service, day, bed=(bed[0], bed[1]), came_by=came_by)
        life.stays.append(stay)
        median, sigma = STAY[tier]
        days = max(3, round(median * self.random.lognormvariate(0, sigma)))
        self._at(day + timedelta(days=days), life, lambda life, day: self._moves_on(life, day, tier))
        if days > 60 and self.random.random() < SHARE_AWAY:
            goes_on = day + timedelta(days=self.random.randrange(20, days - 30))
            self._at(goes_on, life, lambda life, day: self._goes_away(life, day, stay))
        return True

    def _goes_away(self, life: Life, day: date, stay: Stay) -> None:
        """Some days elsewhere; their bed waits for them."""
        if life.stays[-1] is not stay:
            return
        self._goes_elsewhere(life, day, self.random.choice(AWAY_IN))

        def back(life: Life, day: date) -> None:
            life.stays[-1].until = day
            life.stays.append(Stay(stay.service, day, bed=stay.bed))

        self._at(day + timedelta(days=self.random.randint(*AWAY_FOR)), life, back)

    def _leave(self, life: Life, day: date) -> None:
        stay = life.stays[-1]
        stay.until = day
        if stay.bed is not None and stay.service is not None:
            self.beds.leave(stay.service, stay.bed)

    def _moves_on(self, life: Life, day: date, tier: str) -> None:
        def again(life: Life, day: date) -> None:
            self._moves_on(life, day, tier)

        if life.stays[-1].bed is None and life.stays[-1].elsewhere not in AWAY_IN:
            return  # They were returned to prison meanwhile.
        if held.is_for_the_court(life.law.now) or life.stays[-1].bed is None:
            self._at(day + timedelta(days=COURTS_OWN_WAIT), life, again)
            return
        if life.law.changes_on(day):
            self._at(day + timedelta(days=1), life, again)
            return
        kind, to_tier = self._way(tier)
        if not to_tier:
            self._leaves_hospital(life, day)
            return
        but_not = life.stays[-1].service if kind == "sideways" else None
        if not self._move_to_bed(life, day, to_tier, kind, but_not=but_not):
            self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, again)

    def _way(self, tier: str) -> tuple[str, str]:
        """The kind of a move to another ward and its tier, or nothing where they leave hospital."""
        ways = (
            ("step_down", NEXT_TIER.get(tier), SHARE_DOWN),
            ("sideways", tier if tier in NEXT_TIER else None, SHARE_SIDEWAYS),
            ("step_up", HIGHER_TIER.get(tier), SHARE_UP),
            ("admission", "low" if tier == "general" else None, SHARE_FROM_GENERAL),
        )
        roll = self.random.random()
        for kind, to_tier, share in ways:
            if to_tier and 0 <= roll < share:
                return kind, to_tier
            roll -= share
        return "", ""

    def _leaves_hospital(self, life: Life, day: date) -> None:
        now = life.law.now
        self._leave(life, day)
        roll = self.random.random()
        if roll < SHARE_DIED:
            life.stays.append(Stay(None, day, elsewhere="died"))
            life.law.end(day)
        elif held.may_return(now) and roll < SHARE_DIED + SHARE_TO_PRISON:
            life.stays.append(Stay(life.stays[0].service, day, came_by="remission"))
            self._hold(life, held.FREE, day)
        else:
            life.stays.append(Stay(self.teams[life.person.home], day, came_by="to_community"))
            self._hold(life, self.deck.after_discharge(now), day)
            self._may_come_back(life, day)

    def _may_come_back(self, life: Life, day: date) -> None:
        """From the community some are recalled or admitted again, a few of them from being at large; a few are lost."""
        now = life.law.now
        roll = self.random.random()
        on = day + timedelta(days=self.random.randint(*BACK_AFTER))
        if roll < SHARE_BACK.get(now, SHARE_ADMITTED_AGAIN):  # type: ignore[arg-type]
            if now in SHARE_BACK and self.random.random() < SHARE_AT_LARGE:
                self._at(on, life, lambda life, day: self._goes_elsewhere(life, day, "at_large"))
                on += timedelta(days=self.random.randint(*AT_LARGE_FOR))
            self._at(on, life, self._comes_back)
        elif roll > 1 - SHARE_LOST and now == held.FREE:
            self._at(on, life, lambda life, day: self._goes_elsewhere(life, day, "not_known"))

    @staticmethod
    def _goes_elsewhere(life: Life, day: date, where: str) -> None:
        life.stays[-1].until = day
        life.stays.append(Stay(None, day, elsewhere=where))

    def _comes_back(self, life: Life, day: date) -> None:
        """Recalled under what they were discharged from, or admitted as anybody else would be."""
        if life.law.changes_on(day):
            self._at(day + timedelta(days=1), life, self._comes_back)
            return
        now, before = life.law.now, life.law.before_discharge()
        kind = "recall" if now in SHARE_BACK else "admission"
        tier = self.random.choices(
            ("medium", "low", "general"), weights=(2, 5, 3 if kind == "admission" else 0)
        )[0]
        if not self._move_to_bed(life, day, tier, kind):
            self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, self._comes_back)
        elif now == held.CONDITIONAL and before is not None:
            self._hold(life, before, day)
        elif now == held.CTO and before is not None and before in held.REVOKED_TO:
            # Whoever is recalled may be kept for 72 hours; the order is revoked within them.
            self._hold(life, held.RECALLED, day)
            self._at(day + timedelta(days=2), life, lambda life, day: self._revoke(life, day, before))
        elif now == held.CTO:
            self._hold(life, Held("03"), day)
        else:
            self._hold(life, self.deck.draw(held.CIVIL_ADMISSIONS, after=life.law.now), day)

    def _revoke(self, life: Life, day: date, to: Held) -> None:
        """The treatment order is revoked, unless they left meanwhile."""
        if life.law.now == held.RECALLED:
            self._hold(life, to, day)

    def _ends_otherwise(self, life: Life, day: date) -> None:
        request = life.requests[-1]
        request.end = self.random.choices(list(OTHER_ENDS), weights=OTHER_ENDS.values())[0]
        request.ended_on = day
        if request.end in ("admitted_by_court", "admitted_after_release"):
            is_civil = request.end == "admitted_after_release"
            if not self._move_to_bed(life, day, "low" if is_civil else "medium", ""):
                request.end, request.ended_on = "", None
                self._at(day + timedelta(days=LOOK_AGAIN_AFTER), life, self._ends_otherwise)
                return
            request.hospital = life.stays[-1].service
            law = held.CIVIL_ADMISSIONS if is_civil else held.ORDERED
            self._hold(life, self.deck.draw(law, after=life.law.now), day)
        elif request.end in ("released", "left_england", "died"):
            self._leave(life, day)
            place = {"released": "released", "left_england": "abroad", "died": "died"}[request.end]
            life.stays.append(Stay(None, day, elsewhere=place))
            if request.end == "released":
                self._hold(life, self.deck.draw(held.RELEASED), day)
