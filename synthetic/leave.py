"""Leave of made-up people: some of every kind over the years, and now some on time, late, absent, on trial, planned.

Written by COPY as if the actions had, with a random of its own for each stay, so that nobody's life is another by it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from organisations.rules import Tier
from pathways.codes import LeaveKind as Kind
from pathways.days import at, london_date, noon
from pathways.models import Authority, Leave, MissingAuthority
from pathways.rules import authority_needed
from pathways.rules.leave import ACTS, BACK, KEEPS_BED
from synthetic.copying import Table
from synthetic.held import Law
from synthetic.installation import DEMONSTRATION, Installation
from synthetic.lives import NEXT_TIER, Stay

Bed = tuple[int, int, int]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Somebody has leave once they have settled in; ours.
SETTLED = timedelta(days=90)
# Of those who are in hospital now, one in so many is on leave or has one planned; ours.
ONE_IN = 7
# The same where the demonstration's clinicians work, so that their boards show it.
ONE_IN_SHOWN = 3
SHOWN = {place for _, _, role, place, _ in DEMONSTRATION if role == "clinician"}
SHARE_RECALLED, SHARE_ENDED_BY_PLACE, SHARE_TRIED = 0.06, 0.5, 0.15
ENDED_BY_PLACE = {"died": "died", "at_large": "not_returned"}
PAST_KINDS = {Kind.ESCORTED: 0.5, Kind.UNESCORTED: 0.25, Kind.OVERNIGHT: 0.15, Kind.TRIAL: 0.1}
AGREED_BY = "Dr A Pemberton, responsible clinician"
CONDITIONS = "No alcohol. Back by the time agreed; rings the ward if late."


@dataclass(frozen=True)
class Outing:
    """One leave before any row is written. Without `left` it is planned; with `back` it is over."""

    kind: str
    left: datetime | None
    due: datetime
    back: datetime | None = None
    planned: datetime | None = None
    absent: datetime | None = None
    is_cancelled: bool = False
    lacks_authority: bool = False
    ended_as: str = "returned"


def now_cycle(now: datetime) -> list[Outing]:
    """What those who are on leave now, or are to go, take turns at."""
    now = now.replace(minute=0, second=0, microsecond=0)
    tomorrow = at(london_date(now) + DAY, time(10))
    return [
        Outing(Kind.OVERNIGHT, now - DAY, now + DAY),
        Outing(Kind.TRIAL, now - 10 * DAY, now + 18 * DAY),
        Outing(Kind.UNESCORTED, now - 6 * HOUR, now - 2 * HOUR, lacks_authority=True),
        Outing(Kind.ESCORTED, None, tomorrow + 3 * HOUR, planned=tomorrow),
        Outing(Kind.OVERNIGHT, now - 3 * DAY, now - DAY, absent=now - DAY),
        Outing(Kind.ESCORTED, now - HOUR, now + 2 * HOUR),
        Outing(Kind.OVERNIGHT, now - 35 * DAY, now + 20 * DAY),
        Outing(Kind.UNESCORTED, None, tomorrow + 5 * HOUR, planned=tomorrow, is_cancelled=True),
        Outing(Kind.TRIAL, now - 40 * DAY, now - 2 * DAY),
    ]


def past_outings(random: Random, began: datetime, until: datetime) -> list[Outing]:
    """Up to two, each in its own half of the time."""
    time_for_it = until - began - 2 * SETTLED / 3
    if time_for_it < SETTLED:
        return []
    found = []
    for half in range(random.randrange(3)):
        days = time_for_it / 2 * (half + 0.6 * random.random())
        left = at(london_date(began + SETTLED / 3 + days), time(10))
        kind = random.choices(list(PAST_KINDS), weights=list(PAST_KINDS.values()))[0]
        due = left + {Kind.OVERNIGHT: 2 * DAY, Kind.TRIAL: 10 * DAY}.get(kind, 4 * HOUR)
        late = 3 * HOUR if random.random() < 0.1 else -HOUR / 2
        if kind not in (Kind.TRIAL, Kind.ESCORTED) and random.random() < SHARE_RECALLED:
            found.append(Outing(kind, left, due, back=left + (due - left) / 2, ended_as="recalled"))
        else:
            found.append(Outing(kind, left, due, back=due + late))
    return found


def last_outing(random: Random, began: datetime, until: datetime, after: Stay | None) -> Outing | None:
    """One that what came after the stay ended: a death, being at large, or the move that was tried by it."""
    if after is None or until - began < SETTLED or random.random() >= SHARE_ENDED_BY_PLACE:
        return None
    if after.came_by == "step_down" and random.random() >= SHARE_TRIED:
        return None
    if after.elsewhere in ENDED_BY_PLACE:
        kind, left, ended_as = Kind.OVERNIGHT, until - DAY, ENDED_BY_PLACE[after.elsewhere]
    elif after.came_by == "step_down":
        kind, left, ended_as = Kind.TRIAL, until - 14 * DAY, "moved"
    else:
        return None
    return Outing(kind, left, until + 2 * DAY, back=until, ended_as=ended_as)


class Leaves:
    """Leave and the beds of stays, which it cuts."""

    def __init__(
        self,
        installed: Installation,
        now: datetime,
        promised: Iterable[Bed],
        *,
        bed_uses: Table,
        relationships: Table,
        events: Table,
    ) -> None:
        self.installed, self.now = installed, now
        self.bed_uses, self.relationships, self.events = bed_uses, relationships, events
        self.leaves = Table(Leave)
        self.authorities, self.missing = Table(Authority), Table(MissingAuthority)
        self.promised, self.tried = set(promised), defaultdict(list)
        self.cycle, self.turns = now_cycle(now), 0
        self.inpatients: Counter[int | None] = Counter()
        self.shown = {index for index, one in enumerate(installed.services) if one.name in SHOWN}
        self.outings: list[tuple[int, Outing]] = []

    def tables(self) -> list[Table]:
        """Its own; the others are those of the lives."""
        return [self.leaves, self.authorities, self.missing]

    def write_stay(
        self, patient: int, stay: Stay, after: Stay | None, began: datetime, ended: datetime | None
    ) -> None:
        """The bed of a stay, as leave leaves it, and the leave itself."""
        assert stay.service is not None  # noqa: S101 (a stay with a bed is at a service)
        assert stay.bed is not None  # noqa: S101
        self.outings, pieces, since = [], [], began
        for outing in self._outings(patient, stay, after, began, ended):
            trial = self._trial_bed(stay, after, outing) if outing.kind == Kind.TRIAL else None
            if outing.kind == Kind.TRIAL and trial is None:
                continue
            row = self._leave(patient, stay, outing, trial)
            kept = outing.left if outing.kind in KEEPS_BED else outing.absent
            if kept is not None:
                pieces += [(since, kept, "occupied", None), (kept, outing.back, "leave", row)]
                since = outing.back
            if trial is not None:
                self._use(trial, patient, stay.service, outing.left, outing.back, "occupied", row)
        pieces += [(since, ended, "occupied", None)] if since and since != ended else []
        for first, last, purpose, row in pieces:
            use = self._use((stay.service, *stay.bed), patient, stay.service, first, last, purpose, row)
            if first == began:
                bed = self.installed.beds[stay.service, *stay.bed]
                said = {"bed": bed, "until": "", "exceptions": 0}
                self._line(
                    "pathways.bed_occupied", patient, ("bed_use", use), began, stay, said, at_ward=True
                )

    def keep_bed(self, patient: int, stay: Stay, since: datetime, until: datetime | None) -> None:
        """The bed of a stay waits for somebody who is elsewhere for some days."""
        assert stay.service is not None  # noqa: S101 (a stay with a bed is at a service)
        assert stay.bed is not None  # noqa: S101
        self._use((stay.service, *stay.bed), patient, stay.service, since, until, "leave", None)

    def authorise(self, patient: int, stay: Stay, law: Law) -> None:
        """For the leave of the stay just written: what was agreed, or a task where nothing was."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for row, outing in self.outings:
            act = ACTS[outing.kind]
            status = law.on(london_date(outing.left or outing.planned or self.now))
            needed = authority_needed(act, *status) if status else None
            if needed is None or not needed.kinds:
                continue
            if outing.lacks_authority and outing.left:
                self._missing(patient, row, act, outing.left, stay)
            else:
                # Of those that show it the Ministry's standing consent, else the court's.
                wanted[max(needed.kinds)].add(act)
        for kind, acts in wanted.items():
            row = self.authorities.add(
                patient_id=patient,
                kind=kind,
                scope=sorted(acts),
                conditions=CONDITIONS,
                during=(stay.since, stay.until),
                reference="Made up",
                recorded_at=at(stay.since, time(12)),
                recorded_by_id=self.installed.staff_of(stay.service or 0),
            )
            said = {"authority": str(kind), "acts": sorted(acts)}
            self._line("pathways.authorised", patient, ("authority", row), noon(stay.since), stay, said)

    def _line(
        self,
        kind: str,
        patient: int,
        about: tuple[str, int],
        when: datetime,
        stay: Stay,
        said: dict[str, Any],
        *,
        at_ward: bool = False,
    ) -> None:
        """One event on the person's line; what happens on a ward is its service's."""
        self.events.add(
            patient_id=patient,
            kind=kind,
            occurred_at=when,
            time_known=False,
            recorded_at=when,
            by_id=self.installed.staff_of(stay.service or 0),
            service_id=self.installed.service_ids[stay.service or 0] if at_ward else None,
            about_kind=about[0],
            about_id=about[1],
            details=said,
        )

    def _missing(self, patient: int, row: int, act: str, left: datetime, stay: Stay) -> None:
        missing = self.missing.add(
            patient_id=patient,
            act=act,
            on=london_date(left),
            service_id=self.installed.service_ids[stay.service or 0],
            noticed_at=left,
            about_kind="leave",
            about_id=row,
        )
        self._line(
            "pathways.unauthorised", patient, ("missing_authority", missing), left, stay, {"acts": [str(act)]}
        )

    def _outings(
        self, patient: int, stay: Stay, after: Stay | None, began: datetime, ended: datetime | None
    ) -> list[Outing]:
        """In order, with time between them."""
        random = Random(f"{patient} {stay.since}")
        found = past_outings(random, began, ended or self.now - 60 * DAY)
        if ended is not None and (last := last_outing(random, began, ended, after)):
            found.append(last)
        if ended is None and began < self.now - SETTLED:
            counted = stay.service if stay.service in self.shown else None
            self.inpatients[counted] += 1
            if self.inpatients[counted] % (ONE_IN_SHOWN if counted is not None else ONE_IN) == 1:
                found.append(self.cycle[self.turns % len(self.cycle)])
                self.turns += 1
        return found

    def _trial_bed(self, stay: Stay, after: Stay | None, outing: Outing) -> Bed | None:
        """The bed of a lower ward in the region that is kept free of stays, unless somebody else tries it then.

        Of a trial that became a move, on the ward moved to.
        """
        services, index, bed = self.installed.services, stay.service or 0, stay.bed or (0, 0)
        here = services[index].wards[bed[0]]
        lower = NEXT_TIER.get(here.tier, Tier.STEP_DOWN if here.tier == Tier.LOW else "")
        until = outing.back or datetime.max.replace(tzinfo=self.now.tzinfo)
        for place, service in enumerate(services):
            for ward, plain in enumerate(service.wards):
                found = (place, ward, 0)
                fits = (plain.tier, plain.gender, service.region) == (
                    lower,
                    here.gender,
                    services[index].region,
                )
                if outing.ended_as == "moved":
                    fits = (
                        after is not None
                        and after.bed is not None
                        and found[:2] == (after.service, after.bed[0])
                    )
                if not fits or found in self.promised:
                    continue
                assert outing.left is not None  # noqa: S101 (only taken leave is on trial)
                if all(until <= since or outing.left >= to for since, to in self.tried[found]):
                    self.tried[found].append((outing.left, until))
                    return found
        return None

    def _leave(self, patient: int, stay: Stay, outing: Outing, trial: Bed | None) -> int:
        index = stay.service or 0
        service, by = self.installed.service_ids[index], self.installed.staff_of(index)
        known = outing.left or self.now - DAY
        row = self.leaves.add(
            patient_id=patient,
            service_id=service,
            kind=outing.kind,
            to_ward_id=self.installed.wards[trial[:2]] if trial else None,
            agreed_by=AGREED_BY,
            conditions=CONDITIONS,
            planned_from=outing.planned,
            due_back_at=outing.due,
            during=(outing.left, outing.back) if outing.left else None,
            absent_since=outing.absent,
            absent_told="Police, family and the Ministry of Justice." if outing.absent else "",
            ended_as="cancelled" if outing.is_cancelled else outing.ended_as if outing.back else "",
            ended_why="Made up: unwell." if outing.is_cancelled or outing.ended_as == "recalled" else "",
            recorded_at=known,
            recorded_by_id=by,
        )
        self.outings.append((row, outing))
        for kind, when in (
            ("pathways.leave_planned", known if outing.planned else None),
            ("pathways.leave_cancelled", known if outing.is_cancelled else None),
            ("pathways.went_on_leave", outing.left),
            ("pathways.absent_without_leave", outing.absent),
            ("pathways.came_back" if outing.ended_as in BACK else "pathways.leave_ended", outing.back),
        ):
            if when is not None:
                self._event(kind, patient, row, outing, when, service, by)
        if trial is not None and trial[0] != index:
            self._show(patient, row, outing, self.installed.service_ids[trial[0]])
        return row

    def _show(self, patient: int, row: int, outing: Outing, service: int) -> None:
        """The hospital of a trial may open the person while it lasts and for the grace after."""
        until = outing.back + 28 * DAY if outing.back else None
        self.relationships.add(
            patient_id=patient,
            service_id=service,
            basis="approach",
            about_kind="leave",
            about_id=row,
            during=(outing.left, until),
        )

    def _event(
        self, kind: str, patient: int, row: int, outing: Outing, when: datetime, service: int, by: int
    ) -> None:
        is_over = kind in ("pathways.came_back", "pathways.leave_ended")
        details: dict[str, Any] = {
            "leave": outing.kind,
            "left_at": outing.left.isoformat() if outing.left else "",
            "ended_at": outing.back.isoformat() if outing.back and is_over else "",
            "leave_ended_as": outing.ended_as if is_over else "",
        }
        self.events.add(
            patient_id=patient,
            kind=kind,
            occurred_at=when,
            recorded_at=when,
            by_id=by,
            service_id=service,
            about_kind="leave",
            about_id=row,
            details=details,
        )

    def _use(
        self,
        bed: Bed,
        patient: int,
        index: int,
        since: datetime | None,
        until: datetime | None,
        purpose: str,
        row: int | None,
    ) -> int:
        return self.bed_uses.add(
            bed_id=self.installed.beds[bed],
            patient_id=patient,
            during=(since, until),
            purpose=purpose,
            about_kind="leave" if row else "",
            about_id=row,
            recorded_at=since,
            recorded_by_id=self.installed.staff_of(index),
        )
