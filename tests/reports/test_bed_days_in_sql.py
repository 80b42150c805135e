"""Days in beds as the database counts them are those of the pure rule, whatever the history."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import median
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extras import DateTimeTZRange

from organisations.models import Bed, Service, WardDesignation
from pathways.days import london_date
from pathways.models import BedUse, Placement
from pathways.rules import occupancy
from pathways.rules.bed_days import BedStay, bed_days, bed_days_less_leave, geometric_mean, person_bed_days
from pathways.rules.ready import Stretch
from pathways.rules.stays import hospital_stays, provider_spells
from reports.figures import asked as question
from reports.figures import bed_door
from tests.reports.bed_world import on_leave, ready
from tests.world import a_patient, a_ward, actor_of

pytestmark = [pytest.mark.property, pytest.mark.django_db]

# Around the night in March in which the clocks go forward; everything is asked in May.
FIRST, SPAN, HOUR = datetime(2026, 3, 10, tzinfo=UTC), 60 * 24, timedelta(hours=1)
ASKED_AT = datetime(2026, 5, 20, 9, tzinfo=UTC)
PEOPLE = 3
PERIODS = st.sampled_from(
    [("2026-03", "2026-03"), ("2026-03", "2026-04"), ("2026-04", "2026-04"), ("2026-02", "2026-05")]
)

# One stay: whose, in hours from the first, how long it was, and where in it a leave began and how long that lasted.
STAYS = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),
        st.integers(0, SPAN),
        st.one_of(st.none(), st.integers(1, 30 * 24)),
        st.sampled_from(["", "overnight", "trial"]),
        st.integers(0, 12 * 24),
        st.integers(1, 20 * 24),
        # Of a trial: how much longer, or less long, than the leave the own bed is kept.
        st.integers(-6 * 24, 6 * 24),
    ),
    max_size=7,
)
CLOSURES = st.lists(st.tuples(st.integers(0, SPAN), st.integers(1, 400)), max_size=2)


class History:
    """The same history as rows, and as the rule has it. Between two stays of one person they are in prison."""

    def __init__(self, england):
        self.england = england
        self.people = [a_patient(england) for _ in range(PEOPLE)]
        self.beds = [Bed.objects.create(ward=england.ward, name=f"own {number}") for number in range(PEOPLE)]
        self.trials = [
            Bed.objects.create(ward=england.brook_ward, name=f"trial {number}") for number in range(PEOPLE)
        ]
        self.uses = defaultdict(list)
        self.closed = []

    def write(self, stays, closures):
        free = [FIRST - HOUR] * PEOPLE
        for number, hours, length, kind, *away in sorted(stays, key=lambda stay: stay[:2]):
            since = FIRST + hours * HOUR
            if since <= free[number]:
                continue
            until = since + length * HOUR if length else None
            self.stay(number, since, until, kind, away)
            free[number] = datetime.max.replace(tzinfo=UTC) if until is None else until
        for number, (hours, length) in enumerate(closures):
            since = FIRST + hours * HOUR
            self._close([self.england.bed, self.england.second_bed][number], since, since + length * HOUR)

    def _use(self, number, bed, since, until, purpose="occupied", leave=None, is_trial=False):
        if until is not None and until <= since:
            return
        BedUse.objects.create(
            bed=bed,
            patient=self.people[number],
            purpose=purpose,
            during=DateTimeTZRange(since, until),
            about_kind="leave" if leave else "",
            about_id=leave.pk if leave else None,
            recorded_at=since,
        )
        self.uses[number].append(BedStay(since, until, is_kept=purpose == "leave", is_trial=is_trial))

    def stay(self, number, since, until, kind, away):
        patient, bed, ward = self.people[number], self.beds[number], self.england.ward
        place(patient, since, service=ward.service, ward=ward)
        if until is not None:
            place(patient, until, service=self.england.prison)
        left = since + away[0] * HOUR
        back = left + away[1] * HOUR
        if not kind or (until is not None and back >= until):
            self._use(number, bed, since, until)
            return
        to = self.england.brook_ward if kind == "trial" else None
        leave = on_leave(self.england, patient, left, back, ward=to)
        kept_until = (
            back if to is None else min(max(left, back + away[2] * HOUR), until or back + SPAN * HOUR)
        )
        self._use(number, bed, since, left)
        self._use(number, bed, left, kept_until, "leave", leave)
        if to is None:
            self._use(number, bed, back, until)
            return
        self._use(number, self.trials[number], left, back, leave=leave, is_trial=True)
        self._use(number, bed, max(back, kept_until), until)

    def _close(self, bed, since, until):
        BedUse.objects.create(
            bed=bed, purpose="closed", during=DateTimeTZRange(since, until), recorded_at=since
        )
        self.closed.append((since, until))


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stays=STAYS, closures=CLOSURES, period=PERIODS)
def test_the_days_are_those_of_the_rule(england, stays, closures, period):
    with transaction.atomic():
        history = History(england)
        history.write(stays, closures)
        asked = question.read({"from": period[0], "to": period[1]}, now=ASKED_AT)
        actor = actor_of(england.adam, at=ASKED_AT)
        found = bed_door.figures(actor, asked)
        days = {"first_day": asked.since, "last_day": asked.until}
        agrees(history, found, days)
        each_hospital_counts_its_own_beds(history, asked, days)
        transaction.set_rollback(True)


# One person's places: how many hours each lasts, and where it is.
WHERES = ("ward", "ward", "low", "brook", "far", "prison", "general_hospital", "at_large", "released")
# In each of their stays: days until they were ready to move on, and for how long.
LONG = 20
WAITS = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 25)), max_size=3)
LINES = st.lists(
    st.lists(st.tuples(st.integers(1, 20 * 24), st.sampled_from(WHERES)), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=LINES, waits=WAITS, period=PERIODS)
def test_the_stays_are_those_of_the_rule(england, lines, waits, period):
    with transaction.atomic():
        low = a_ward(england.ashdown, "low", name="Cedar")
        wheres = {
            "ward": {"service": england.ashdown, "ward": england.ward},
            "low": {"service": england.ashdown, "ward": low},
            "brook": {"service": england.brook, "ward": england.brook_ward},
            "far": {"service": england.elsewhere},
            "prison": {"service": england.prison},
        }
        stays, spells = [], []
        for places in lines:
            patient, since = a_patient(england), FIRST
            for hours, where in places:
                place(patient, since, **wheres.get(where, {"elsewhere": where}))
                since += hours * HOUR
            own = hospital_stays(lines_of(patient))
            stays += [(stay, wait_in(stay, patient, waits)) for stay in own]
            spells += provider_spells(
                lines_of(patient), long_leave(england, patient, waits), on=ASKED_AT.date()
            )
        asked = question.read({"from": period[0], "to": period[1]}, now=ASKED_AT)
        found = bed_door.figures(actor_of(england.adam, at=ASKED_AT), asked)
        agree_about_spells(spells, found, asked.since, asked.until)
        agree_about_stays(stays, found, asked.since, asked.until)
        transaction.set_rollback(True)


def wait_in(stay, patient, waits):
    """The days of a stay on which they were ready to move on, as the rule has them; the last of them open if it is."""
    found, since = [], london_date(stay.since)
    ends = london_date(stay.until) if stay.until else None
    for gap, length in waits:
        since += timedelta(days=gap)
        until = since + timedelta(days=length)
        if (ends is not None and until > ends) or (found and found[-1].until is None):
            break
        found.append(Stretch(since, None if ends is None and length > LONG else until))
        since = until
    for one in found:
        ready(patient, Service.objects.get(pk=stay.service_id), one.since, one.until)
    return found


def lines_of(patient):
    return patient.placements.order_by("during").select_related("service")


def long_leave(england, patient, waits):
    """Leave from where they are at last, if that is a hospital, as it is known when all is asked."""
    last, found = lines_of(patient).last(), []
    since = last.during.lower + HOUR
    for gap, length in waits if last.is_at_hospital else []:
        since += timedelta(days=gap)
        until = since + timedelta(days=2 * length)
        row = on_leave(england, patient, since, until)
        if since <= ASKED_AT:
            back = until if until <= ASKED_AT else None
            found.append(SimpleNamespace(during=DateTimeTZRange(row.during.lower, back)))
        since = until + HOUR
    return found


def agree_about_spells(spells, found, first_day: date, last_day: date):
    ended = [one for one in spells if one.until and first_day <= london_date(one.until) <= last_day]
    on = [
        one
        for one in spells
        if london_date(one.since) <= last_day and (one.until is None or london_date(one.until) > last_day)
    ]
    for figure, counted in (("spells_ended", ended), ("spells_on", on)):
        lengths = [one.days(on=last_day) for one in counted]
        assert (found[figure]["n"], found[figure]["longest"]) == (len(lengths), max(lengths, default=None))


def place(patient, since, **where):
    """They move there; known from then."""
    last = patient.placements.get(during__upper_inf=True)
    last.during = DateTimeTZRange(last.during.lower, since)
    last.save()
    Placement.objects.create(patient=patient, during=DateTimeTZRange(since, None), recorded_at=since, **where)


def agrees(history, found, days):
    uses = history.uses.values()
    beds = found["beds"]
    assert beds["occupied"] == sum(person_bed_days(of, **days) for of in uses)
    assert beds["less_leave"] == sum(bed_days_less_leave(of, **days) for of in uses)
    kept = [(use.since, use.until) for of in uses for use in of if use.is_kept]
    assert beds["kept"] == sum(bed_days(*one, **days) for one in kept)
    closed = sum(bed_days(*one, **days) for one in history.closed)
    assert beds["closed"] == closed
    length = (days["last_day"] - days["first_day"]).days + 1
    assert beds["available"] == (3 + 2 * PEOPLE) * length - closed
    assert 0 <= occupancy(beds["occupied"], beds["available"]) <= 1
    for parts in ("beds_by_month", "beds_by_tier", "beds_by_provider", "people_by_tier"):
        assert all(row["less_leave"] <= row["occupied"] for row in found[parts]), parts
    for name in ("occupied", "less_leave", "kept"):
        for parts in ("beds_by_month", "beds_by_tier", "beds_by_region", "people_by_month", "people_by_tier"):
            assert sum(row[name] for row in found[parts]) == beds[name], parts
    lines = [person.placements.order_by("during").select_related("service") for person in history.people]
    stays = [(stay, []) for line in lines for stay in hospital_stays(line)]
    agree_about_stays(stays, found, **days)


def each_hospital_counts_its_own_beds(history, asked, days):
    """As if there were no other beds: a day of trial leave for that of the trial."""
    for user, is_trial in ((history.england.maya, False), (history.england.luke, True)):
        found = bed_door.figures(actor_of(user, at=ASKED_AT), asked)
        own = [[use for use in of if use.is_trial is is_trial] for of in history.uses.values()]
        assert found["beds"]["occupied"] == sum(person_bed_days(of, **days) for of in own)
        if is_trial:
            assert found["beds"]["less_leave"] == sum(bed_days_less_leave(of, **days) for of in own)


def agree_about_stays(stays, found, first_day: date, last_day: date):
    """Who came, who left, and who is in at the end of the last day."""
    days = [
        (london_date(stay.since), london_date(stay.until) if stay.until else None, stay, waits)
        for stay, waits in stays
    ]
    gone = [one for one in days if one[1] is not None and first_day <= one[1] <= last_day]
    staying = [one for one in days if one[0] <= last_day and (one[1] is None or one[1] > last_day)]
    assert found["admitted"] == sum(first_day <= began <= last_day for began, *_ in days)
    for figure, counted in (("discharged", gone), ("staying", staying)):
        lengths = [stay.days(on=last_day) for *_, stay, _waits in counted]
        assert (found[figure]["n"], found[figure]["longest"]) == (len(lengths), max(lengths, default=None))
        less_ready = [stay.days_less_ready(waits, on=last_day) for *_, stay, waits in counted]
        for name, days in (("geometric", lengths), ("less_ready_geometric", less_ready)):
            mean = geometric_mean(days)
            assert found[figure][name] == (mean if mean is None else pytest.approx(mean))
        assert found[figure]["less_ready_median"] == (median(less_ready) if less_ready else None)


def test_as_known_then_is_what_was_believed_then(england):
    """Each correction supersedes; as known between two of them the days are those of the one believed."""
    patient, actor = a_patient(england), actor_of(england.adam, at=ASKED_AT)
    believed = []
    for number, length in enumerate((3, 9, 1)):
        at = datetime(2026, 4, 10 + number, 12, tzinfo=UTC)
        patient.bed_uses.filter(superseded_at=None).update(superseded_at=at, why="It was misread.")
        BedUse.objects.create(
            bed=england.bed,
            patient=patient,
            purpose="occupied",
            during=DateTimeTZRange(FIRST, FIRST + length * timedelta(days=1)),
            recorded_at=at,
        )
        believed.append((at, length))
    for at, length in believed:
        answers = {"from": "2026-03", "to": "2026-04", "as_at": at.date().isoformat()}
        asked = question.read(answers, now=ASKED_AT)
        assert bed_door.figures(actor, asked)["beds"]["occupied"] == length


def test_a_ward_without_a_purpose_is_counted_by_its_use(england):
    """The days of the rule, wherever the purposes of the ward begin and end."""
    WardDesignation.objects.filter(ward=england.ward).update(
        during=DateTimeTZRange(FIRST + 5 * timedelta(days=1), FIRST + 9 * timedelta(days=1))
    )
    history = History(england)
    history.stay(0, FIRST, FIRST + timedelta(days=15), "", (0, 0))
    asked = question.read({"from": "2026-03", "to": "2026-03"}, now=ASKED_AT)
    found = bed_door.figures(actor_of(england.adam, at=ASKED_AT), asked)
    assert found["beds"]["occupied"] == 15
    assert {row["code"]: row["occupied"] for row in found["beds_by_tier"] if row["occupied"]} == {
        "medium": 4,
        "": 11,
    }
