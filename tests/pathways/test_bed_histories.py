"""Whatever is tried with beds in whatever order, no bed is used twice, and the days agree with what happened."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.refusals import Refused
from pathways.actions import beds, placements, ward_beds
from pathways.bed_states import uses_at
from pathways.days import london_date
from pathways.models import BedUse, Event
from pathways.rules import bed_days
from tests.world import NOW, a_patient, actor_of

pytestmark = [pytest.mark.property, pytest.mark.django_db]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEDS, PEOPLE, SPAN = 3, 3, 40

# Half days from the beginning, so that ends and beginnings meet.
MOMENTS = st.integers(0, 2 * SPAN)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "take",
                "take",
                "leave",
                "hold",
                "hold",
                "give back",
                "longer",
                "close",
                "open",
                "swap",
                "expect",
            ]
        ),
        st.integers(0, BEDS - 1),
        st.integers(0, PEOPLE - 1),
        MOMENTS,
        st.integers(1, 20),
    ),
    min_size=4,
    max_size=25,
)


class Ward:
    """Three beds and three people, for whom anything is tried; what is refused leaves no trace."""

    def __init__(self, england):
        self.england, self.done = england, 0
        self.start = NOW - SPAN * DAY
        self.beds = [england.bed, england.second_bed, england.ward.beds.create(name="3")]
        self.people = [a_patient(england) for _ in range(PEOPLE)]
        for person in self.people:
            placements.place(
                person,
                service=england.ashdown,
                ward=england.ward,
                at=self.start - DAY,
                by=actor_of(england.maya),
            )

    def attempt(self, verb, bed, person, half_days, length):
        at = self.start + half_days * DAY / 2
        by = actor_of(self.england.maya)
        try:
            with transaction.atomic():
                getattr(self, verb.replace(" ", "_"))(self.beds[bed], self.people[person], at, length, by)
            self.done += 1
        except Refused:
            pass

    def take(self, bed, person, at, length, by):
        ward_beds.take_bed(bed, patient=person, at=at, expected_end_at=at + length * DAY, by=by)

    def leave(self, bed, person, at, length, by):
        beds.vacate_bed(person, at=at, by=by)

    def hold(self, bed, person, at, length, by):
        # Recorded at its own time: a promise is made for what is to come.
        then = actor_of(self.england.maya, at=at)
        beds.hold_bed(bed, patient=person, since=at, until=at + length * DAY, about=None, by=then)

    def give_back(self, bed, person, at, length, by):
        for use in BedUse.objects.current().held().filter(bed=bed)[:1]:
            beds.release_bed(use, at=at, by=by)

    def longer(self, bed, person, at, length, by):
        for use in BedUse.objects.current().held().filter(bed=bed)[:1]:
            beds.extend_hold(
                use, until=use.during.upper + length * DAY, by=actor_of(self.england.maya, at=at)
            )

    def close(self, bed, person, at, length, by):
        beds.close_bed(bed, since=at, until=at + length * DAY, why="Paint.", by=by)

    def open(self, bed, person, at, length, by):
        for use in BedUse.objects.current().filter(bed=bed, purpose="closed")[:1]:
            beds.reopen_bed(use, at=at, by=by)

    def swap(self, bed, person, at, length, by):
        slept = BedUse.objects.current().filter(purpose="occupied", during__upper_inf=True)
        uses = list(slept.select_related("bed__ward").order_by("pk")[:2])
        if len(uses) == 2:
            ward_beds.swap_beds(*uses, at=at, by=by)

    def expect(self, bed, person, at, length, by):
        for use in BedUse.objects.current().filter(bed=bed, purpose="occupied", during__upper_inf=True):
            ward_beds.expect_departure(use, until=at + length * DAY, version=use.version, by=by)


def overlap(one, other):
    """Whether two half-open ranges share a moment."""
    return (one.upper is None or other.lower < one.upper) and (other.upper is None or one.lower < other.upper)


def never_twice(uses):
    """The rules of the table, worked out again pair by pair."""
    for number, one in enumerate(uses):
        for other in uses[number + 1 :]:
            same_bed = one.bed_id == other.bed_id
            planned = {"held", "closed"} & {one.purpose, other.purpose}
            assert not (same_bed and overlap(one.claimed, other.claimed)), (one, other)
            assert not (same_bed and not planned and overlap(one.during, other.during)), (one, other)
            slept = one.purpose == other.purpose == "occupied"
            same_person = slept and one.patient_id == other.patient_id
            assert not (same_person and overlap(one.during, other.during)), (one, other)


def from_events():
    """Who was in which bed when, from the line of events alone: into a bed, out of it, and into another."""
    stays, here = [], {}
    lines = defaultdict(list)
    for event in Event.objects.filter(kind__in=["pathways.bed_occupied", "pathways.bed_vacated"]).order_by(
        "pk"
    ):
        lines[event.patient_id].append(event)
    for person, events in lines.items():
        for event in events:
            before = here.pop(person, None)
            # A bed left at the moment at which it was taken was never slept in.
            if before is not None and before[2] < event.occurred_at:
                stays.append((*before, event.occurred_at))
            if event.kind == "pathways.bed_occupied":
                here[person] = (event.details["bed"], person, event.occurred_at)
    return stays + [(*stay, None) for stay in here.values()]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(steps=[("take", 0, 0, 0, 1)] * 3)
@given(steps=st.one_of(STEPS, STEPS.map(lambda steps: sorted(steps, key=lambda step: step[3]))))
def test_no_history_overlaps_or_counts_a_day_twice(england, steps):
    with transaction.atomic():
        ward = Ward(england)
        for step in steps:
            ward.attempt(*step)
        uses = list(BedUse.objects.current())
        never_twice(uses)
        slept = [use for use in uses if use.purpose == "occupied"]
        recorded = sorted((use.bed_id, use.patient_id, use.during.lower, use.during.upper) for use in slept)
        assert recorded == sorted(from_events(), key=lambda stay: stay[:3])
        _days_agree(ward, slept)
        transaction.set_rollback(True)


def _days_agree(ward, slept):
    """Day by day: who is in bed as the night begins is who has that bed day, and nobody has two."""
    first, last = london_date(ward.start), london_date(NOW)
    by_day = defaultdict(int)
    for use in slept:
        for on in (first + n * DAY for n in range((last - first).days + 1)):
            by_day[on] += bed_days(use.during.lower, use.during.upper, first_day=on, last_day=on)
    for on, counted in by_day.items():
        midnight = ward.start.replace(hour=0) + (on - first + DAY)
        in_beds = uses_at(ward.beds, at=midnight - timedelta(microseconds=1))
        assert counted == sum(use.purpose == "occupied" for use in in_beds.values()) <= BEDS
    whole = sum(bed_days(u.during.lower, u.during.upper, first_day=first, last_day=last) for u in slept)
    assert whole == sum(by_day.values())


def test_the_check_of_pairs_bites(england):
    use = beds.hold_bed(
        england.bed,
        patient=a_patient(england),
        since=NOW,
        until=NOW + DAY,
        about=None,
        by=actor_of(england.maya),
    )
    use.refresh_from_db()
    with pytest.raises(AssertionError):
        never_twice([use, use])
