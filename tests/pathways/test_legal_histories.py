"""Legal statuses entered in any order: never two at a time, and what was known on any day stays as it was known."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.refusals import Conflicting, Refused
from pathways import verification
from pathways.actions import legal
from pathways.models import LegalStatus
from tests.world import a_patient, actor_of

START, DAY = datetime(2025, 3, 1, 12, tzinfo=UTC), timedelta(days=1)
CODES = ("01", "02", "03", "05", "07", "09", "10", "16")
# What is entered on each day of the history: code, since how many days back, and for how many days, if that is known.
ENTRIES = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 30))),
    min_size=2,
    max_size=8,
)


def enter(patient, code, since, last_day, *, by):
    try:
        legal.record_legal_status(patient, code=code, since=since, last_day=last_day, by=by)
    except Conflicting as seen:
        legal.record_legal_status(
            patient, code=code, since=since, last_day=last_day, checked=seen.checked, by=by
        )


def days_as_known(patient, at):
    """Under what the person was held on each day that was over by an instant, as was known at it."""
    rows = sorted(LegalStatus.objects.as_known(at).filter(patient=patient), key=lambda row: row.during.lower)
    known = {}
    for row in rows:
        on = row.during.lower
        while on < at.date() and (row.during.upper is None or on < row.during.upper):
            assert on not in known
            known[on] = row.code
            on += DAY
    return known


@pytest.mark.property
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entries=ENTRIES)
def test_random_entries_never_overlap_and_the_past_stays_as_known(england, entries):
    with transaction.atomic():
        patient = a_patient(england, at_service=england.ashdown, since=START - 90 * DAY)
        stood = {}
        for n, (code, back, length) in enumerate(entries, start=1):
            now = START + n * DAY
            stood[now - timedelta(hours=1)] = days_as_known(patient, now - timedelta(hours=1))
            since = now.date() - back * DAY
            last_day = None if length is None else since + length * DAY
            before = _covered(patient)
            try:
                enter(patient, code, since, last_day, by=actor_of(england.maya, at=now))
            except Refused:
                assert _covered(patient) == before
                continue
            rows = list(patient.legal_statuses.current().order_by("during"))
            assert all(
                one.during.upper is not None and one.during.upper <= next_one.during.lower
                for one, next_one in pairwise(rows)
            )
            assert all(row.during.lower <= now.date() for row in rows)
            assert _code_on(rows, since) == code
            # Nothing that was recorded for a day is lost but to another status.
            assert before <= _covered(patient)
        for at, as_it_stood in stood.items():
            assert days_as_known(patient, at) == as_it_stood
        assert not verification.failures()
        transaction.set_rollback(True)


def _covered(patient) -> set[date]:
    """The days of the history for which something is recorded."""
    last = (START + 10 * DAY).date()
    return {
        START.date() + number * DAY
        for row in patient.legal_statuses.current()
        for number in range(-60, 11)
        if START.date() + number * DAY in row.during and START.date() + number * DAY <= last
    }


def _code_on(rows, on):
    return next((row.code for row in rows if on in row.during), None)
