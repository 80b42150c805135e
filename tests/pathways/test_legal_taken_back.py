"""A legal status recorded by mistake: what it ended, shortened or took the place of is believed again."""

from datetime import timedelta

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused
from pathways.actions import legal, placements
from pathways.models import LegalStatus
from tests.pathways.test_law import ended, held, running
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
SINCE, LATER = TODAY - 30 * DAY, TODAY - 5 * DAY


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def later(england):
    """The same clinician an hour on: what was recorded then was recorded together."""
    return actor_of(england.maya, at=NOW + timedelta(hours=1))


@pytest.fixture
def patient(england):
    """Somebody in hospital."""
    return a_patient(england, at_service=england.ashdown)


def taken_back(status, *, by, why="Another person's."):
    legal.take_back_legal_status(status, why=why, by=by)


def statuses(patient):
    believed = patient.legal_statuses.current().order_by("during")
    return [(one.code, one.during.lower, one.during.upper) for one in believed]


def test_the_status_before_goes_on_with_its_limit(patient, by, later):
    first = held(patient, "02", since=SINCE, by=by)
    limit = running(patient)
    wrong = held(patient, "03", since=LATER, by=later)
    taken_back(wrong, by=later)
    assert statuses(patient) == [("02", SINCE, None)]
    assert running(patient) == limit == {"detention-ends": first.authorised_until}
    assert ("detention-ends", "void") in ended(patient)
    wrong.refresh_from_db()
    assert (wrong.why, wrong.superseded_by) == ("Another person's.", later.user)


def test_one_of_the_same_day_is_believed_again(patient, by, later):
    held(patient, "02", since=LATER, by=by)
    wrong = held(patient, "03", since=LATER, by=later)
    taken_back(wrong, by=later)
    assert statuses(patient) == [("02", LATER, None)]


def test_one_that_was_shortened_to_make_room_has_its_last_day_again(patient, by, later):
    first = held(patient, "02", since=SINCE, by=by)
    LegalStatus.objects.filter(pk=first.pk).update(during=DateRange(SINCE, LATER + DAY))
    wrong = held(patient, "03", since=LATER, by=later)
    assert statuses(patient)[0] == ("02", SINCE, LATER)
    taken_back(wrong, by=later)
    assert statuses(patient) == [("02", SINCE, LATER + DAY)]


def test_one_that_somebody_had_ended_the_day_before_stays_ended(patient, by, later):
    first = held(patient, "02", since=SINCE, by=by)
    away = placements.place(patient, elsewhere="abroad", at=NOW - 6 * DAY, by=by)
    legal.end_legal_status(first, last_day=LATER - DAY, by=by)
    placements.remove_placement(away, why="Never left.", by=by)
    taken_back(held(patient, "03", since=LATER, by=later), by=later)
    assert statuses(patient) == [("02", SINCE, LATER)]


def test_the_first_of_all_leaves_nothing(patient, by):
    taken_back(held(patient, "02", since=SINCE, by=by), by=by)
    assert statuses(patient) == []


def test_only_the_newest_is_taken_back_and_with_a_reason(patient, by, later):
    first = held(patient, "02", since=SINCE, by=by)
    newest = held(patient, "03", since=LATER, by=later)
    with pytest.raises(Refused, match="ended or was corrected"):
        taken_back(first, by=later)
    with pytest.raises(Refused, match="Say"):
        taken_back(newest, by=later, why=" ")
