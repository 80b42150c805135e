"""Whatever is tried with leave, moves and beds: no bed is used twice, no day counts twice, and the events agree."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.refusals import Conflicting, Refused
from organisations.models import Bed
from organisations.rules import Tier
from pathways import verification
from pathways.actions import leave, leave_corrections, placements, ward_beds
from pathways.days import at, london_date
from pathways.models import BedUse, Event, Leave
from pathways.rules.bed_days import BedStay, bed_days_less_leave, person_bed_days
from tests.pathways.leave_world import DAY, in_bed, terms
from tests.pathways.test_bed_histories import never_twice, overlap
from tests.world import NOW, a_ward, actor_of

pytestmark = [pytest.mark.property, pytest.mark.django_db]
SPAN, LATE = 30, 6
KINDS = ("escorted", "unescorted", "overnight", "overnight", "trial", "trial")
ACTS = (
    "go",
    "go",
    "go",
    "back",
    "back",
    "back",
    "absent",
    "stay",
    "release",
    "move",
    "take",
    "correct",
    "correct_end",
    "correct_end",
    "remove",
)
# An act on a half day of the history: what, of whom, how many hours ago it is said to have been, and what kind.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2 * SPAN),
        st.sampled_from(ACTS),
        st.integers(0, 1),
        st.integers(0, LATE),
        st.sampled_from(KINDS),
    ),
    min_size=4,
    max_size=24,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))


class World:
    """Two people of one hospital with two wards; what is refused leaves no trace."""

    def __init__(self, england):
        self.england, self.start = england, NOW
        self.people = [in_bed(england), in_bed(england, bed=england.second_bed)]
        self.ward = a_ward(england.ashdown, Tier.LOW, name="Cedar")
        self.beds = [Bed.objects.create(ward=self.ward, name=str(n)) for n in (1, 2)]
        self.done = 0

    def attempt(self, half_days, verb, number, hours, kind):
        now = self.start + half_days * DAY / 2
        at = now - timedelta(hours=5 * hours)
        by = actor_of(self.england.maya, at=now)
        try:
            with transaction.atomic():
                getattr(self, verb)(self.people[number], number, at, kind, by)
            self.done += 1
        except Refused:
            pass

    def _away(self, person):
        return Leave.objects.away_of(person)

    def go(self, person, number, at, kind, by):
        is_trial = kind == "trial"
        agreed = terms(kind, to_ward=self.ward if is_trial else None)
        bed = self.beds[number] if is_trial else None
        leave.record_leave(person, left_at=at, terms=agreed, bed=bed, by=by)

    def back(self, person, number, at, kind, by):
        if row := self._away(person):
            leave.return_leave(row, at=at, by=by)

    def absent(self, person, number, at, kind, by):
        if row := self._away(person):
            leave.record_absence(row, since=at, told="Police.", by=by)

    def stay(self, person, number, at, kind, by):
        if row := self._away(person):
            leave.stay_on_ward(row, at=at, by=by)

    def release(self, person, number, at, kind, by):
        kept = BedUse.objects.current().filter(patient=person, purpose="leave", during__upper_inf=True)
        for use in kept.select_related("bed__ward__service")[:1]:
            leave.release_kept_bed(use, why="Needed.", by=by)

    def move(self, person, number, at, kind, by):
        where = {"elsewhere": "general_hospital"} if kind == "trial" else {"service": self.england.ashdown}
        ward = {"ward": self.england.ward} if "service" in where and number else {}
        try:
            placements.place(person, **where, **ward, at=at, by=by)
        except Conflicting as conflict:
            placements.place(person, **where, **ward, at=at, checked=conflict.checked, by=by)

    def take(self, person, number, at, kind, by):
        own = [self.england.bed, self.england.second_bed][number]
        ward_beds.take_bed(own, patient=person, at=at, by=by)

    def correct(self, person, number, at, kind, by):
        for row in Leave.objects.current().taken().filter(patient=person).order_by("-pk")[:1]:
            agreed = terms(row.kind, to_ward=row.to_ward)
            leave_corrections.correct_leave(
                row, terms=agreed, left_at=at, version=row.version, why="Misread.", by=by
            )

    def correct_end(self, person, number, at, kind, by):
        how = {"overnight": "returned", "trial": "recalled"}.get(kind, "not_back")
        for row in Leave.objects.current().taken().filter(patient=person).order_by("-pk")[:1]:
            known = {"returned_at": at if how != "not_back" else None, "how": how, "recall_why": "Drinking."}
            known |= {"terms": terms(row.kind, to_ward=row.to_ward), "version": row.version, "by": by}
            try:
                leave_corrections.correct_leave(row, **known, why="Misread.")
            except Conflicting as conflict:
                checked = conflict.checked
                leave_corrections.correct_leave(row, **known, why="Misread.", checked=checked)

    def remove(self, person, number, at, kind, by):
        for row in Leave.objects.current().taken().filter(patient=person).order_by("-pk")[:1]:
            leave_corrections.remove_leave(row, why="Another person.", by=by)


def leaves_never_overlap(people):
    for person in people:
        rows = list(Leave.objects.taken().filter(patient=person))
        for number, one in enumerate(rows):
            for other in rows[number + 1 :]:
                assert not overlap(one.during, other.during), (one, other)
            assert one.during.upper is not None or one.ended_as == ""


def as_stays(person):
    """The uses of beds of one person as the rules of days have them."""
    wards = dict(Leave.objects.filter(patient=person).values_list("pk", "to_ward_id"))
    return [
        BedStay(
            use.during.lower,
            use.during.upper,
            is_kept=use.purpose == "leave",
            is_trial=use.about_kind == "leave" and use.bed.ward_id == wards[use.about_id],
        )
        for use in BedUse.objects.current().occupying().filter(patient=person).select_related("bed")
    ]


def from_leaves(person, events):
    """When the person was away by night, from the line of events alone: each tells the whole of its leave."""
    told = {}
    for event in events:
        told[event.about_id] = event
    spells = []
    for event in told.values():
        known = event.details
        if event.kind == "pathways.leave_removed" or not known.get("left_at"):
            continue
        spells.append((known["leave"], known["left_at"], known["ended_at"]))
    return sorted(spells)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_no_history_of_leave_overlaps_or_counts_a_day_twice(england, steps):
    with transaction.atomic():
        world = World(england)
        for step in steps:
            world.attempt(*step)
        never_twice(list(BedUse.objects.current()))
        leaves_never_overlap(world.people)
        assert verification.failures() == {}
        for person in world.people:
            _events_agree(person)
            _days_agree(world, person)
        transaction.set_rollback(True)


def _events_agree(person):
    """The leaves that are believed are those that the events tell of."""
    events = list(Event.objects.filter(patient=person, about_kind="leave").order_by("pk"))
    believed = Leave.objects.taken().filter(patient=person)
    rows = [
        (row.kind, row.left_at.isoformat(), row.ended_at.isoformat() if row.ended_at else "")
        for row in believed
    ]
    assert from_leaves(person, events) == sorted(rows)


def _days_agree(world, person):
    """Day by day a person has one bed day or none; less leave, that of the bed in which they are at midnight."""
    stays, first = as_stays(person), london_date(world.start - 10 * DAY)
    uses = list(BedUse.objects.current().occupying().filter(patient=person))
    for on in (first + n * DAY for n in range(SPAN + 15)):
        day = {"first_day": on, "last_day": on}
        counted, less_leave = person_bed_days(stays, **day), bed_days_less_leave(stays, **day)
        midnight = at(on + DAY, time(0)) - timedelta(microseconds=1)
        here = [use.purpose for use in uses if midnight in use.during]
        assert counted == (1 if here else 0)
        assert less_leave == here.count("occupied") <= 1
