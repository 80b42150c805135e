"""Whatever is entered late, put right or taken back: one line, no gap, no overlap, and the past stays as known."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rights import Role
from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import beds, placements
from pathways.codes import AWAY
from pathways.models import BedUse, Placement
from tests.world import a_patient, actor_of, member

START, HOUR, DAY = datetime(2025, 1, 1, 12, tzinfo=UTC), timedelta(hours=1), timedelta(days=1)
WHERE = (
    "prison",
    "other_prison",
    "ashdown",
    "ashdown on ward",
    "brook on ward",
    "at_large",
    "general_hospital",
)
WARDS = {"ashdown": "ward", "brook": "brook_ward"}
# An act on day n of the history: what, how many days back it is said to have happened, which placement, where.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["place", "correct time", "correct place", "remove", "to bed"]),
        st.integers(0, 12),
        st.integers(0, 5),
        st.sampled_from(WHERE),
    ),
    min_size=2,
    max_size=12,
)


def where_in(england, words):
    service, _, on_ward = words.partition(" on ")
    if not hasattr(england, service):
        return {"elsewhere": words}
    return {
        "service": getattr(england, service),
        "ward": getattr(england, WARDS[service]) if on_ward else None,
    }


def seen_and_done(act, **known):
    try:
        return act(**known)
    except Conflicting as conflict:
        return act(**known, checked=conflict.checked)


def do(england, patient, now, what, back, number, words):
    known = list(patient.placements.current().order_by("during"))
    row, at, by = known[number % len(known)], now - back * DAY, actor_of(england.maya, at=now)
    if what == "place":
        seen_and_done(lambda **k: placements.place(patient, at=at, by=by, **where_in(england, words), **k))
    elif what == "correct time":
        seen_and_done(lambda **k: placements.correct_placement(row, at=at, why="X", by=by, **k))
    elif what == "correct place":
        where = where_in(england, words)
        seen_and_done(lambda **k: placements.correct_placement(row, why="X", by=by, **where, **k))
    elif what == "remove":
        seen_and_done(lambda **k: placements.remove_placement(row, why="X", by=by, **k))
    else:
        here = Placement.objects.open_of(patient)
        bed = england.bed if here.service == england.ashdown else england.brook_bed
        beds.occupy_bed(bed, patient=patient, at=now, by=by)


def days_by_place(rows, until):
    """Who answers for each day up to an instant: the place in which it ended."""
    counted = Counter()
    for row in rows:
        ends = min(row.during.upper or until, until)
        counted[row.service_id, row.ward_id, row.elsewhere] += max(0, (ends - row.during.lower).days)
    return counted


def line_as_known(patient, at):
    """The line as it was known at an instant, up to that instant."""
    rows = sorted(patient.placements.as_known(at), key=lambda row: row.during.lower)
    bounds = [(row.during.lower, row.during.upper) for row in rows]
    assert all(ends == begins for (_, ends), (begins, _) in pairwise(bounds))
    assert bounds[-1][1] is None or bounds[-1][1] >= at
    places = [(row.service_id, row.ward_id, row.elsewhere, row.during.lower) for row in rows]
    return places, days_by_place(rows, at)


def check_beds(patient):
    """Nobody is in the bed of a ward on which they are not; it is kept while they are away, and only then."""
    line = list(patient.placements.current().order_by("during"))
    for use in BedUse.objects.current().occupying().filter(patient=patient).select_related("bed__ward"):
        for number, row in enumerate(line):
            begins = max(use.during.lower, row.during.lower)
            ends = [end for end in (use.during.upper, row.during.upper) if end is not None]
            if not ends or begins < min(ends):
                home = next(one for one in line[number::-1] if one.elsewhere not in AWAY)
                assert (use.purpose == "leave") == (row.elsewhere in AWAY)
                assert home.service_id == use.bed.ward.service_id
                assert home.ward_id in (None, use.bed.ward_id)


@pytest.mark.property
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_random_histories_never_overlap_gap_or_double_count_and_stay_as_known(england, acts):
    with transaction.atomic():
        for service in (england.brook, england.prison, england.other_prison):
            member(england.maya, Role.CLINICIAN, service=service)
        patient = a_patient(england, since=START - 30 * DAY)
        patient.placements.update(recorded_at=START)
        stood = {}
        for n, act in enumerate(acts, start=1):
            now = START + n * (DAY + HOUR)
            stood[now - HOUR] = line_as_known(patient, now - HOUR)
            try:
                do(england, patient, now, *act)
            except Refused:
                pass
            rows = list(patient.placements.current())
            first = min(row.during.lower for row in rows)
            assert sum(1 for row in rows if row.during.upper is None) == 1
            assert (
                sum(((row.during.upper or now) - row.during.lower for row in rows), timedelta())
                == now - first
            )
            check_beds(patient)
        for at, as_it_stood in stood.items():
            assert line_as_known(patient, at) == as_it_stood
        connection.check_constraints()
        assert not verification.failures()
        transaction.set_rollback(True)
