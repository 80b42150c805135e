"""A legal status put right: its neighbours, until when it authorises, and the limits that never held."""

from datetime import date, timedelta

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused
from pathways.actions import legal, placements
from pathways.codes import AWAY
from pathways.models import LegalStatus
from tests.pathways.test_law import ended, held, renew, running
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england):
    """Somebody in hospital."""
    return a_patient(england, at_service=england.ashdown)


def as_known(status):
    """The row that says it now: one that another ended in the past was said anew."""
    return LegalStatus.objects.current().get(
        patient=status.patient_id, during__startswith=status.during.lower
    )


def correct(status, *, by, **known):
    answers = {"code": status.code, "since": status.during.lower, "why": "Misread.", **known}
    return legal.correct_legal_status(status, **answers, by=by)


def test_a_correction_moves_its_neighbours_and_keeps_what_was_said(patient, by):
    first = held(patient, "02", since=TODAY - 30 * DAY, by=by)
    second = held(patient, "03", since=TODAY - 20 * DAY, by=by)
    held(patient, "10", since=TODAY - 5 * DAY, by=by)
    first, second = as_known(first), as_known(second)
    legal.correct_legal_status(
        second, code="03", since=TODAY - 18 * DAY, last_day=TODAY - 8 * DAY, why="Misread.", by=by
    )
    found = [(one.code, one.during) for one in patient.legal_statuses.current().order_by("during")]
    assert found == [
        ("02", DateRange(TODAY - 30 * DAY, TODAY - 18 * DAY)),
        ("03", DateRange(TODAY - 18 * DAY, TODAY - 7 * DAY)),
        ("10", DateRange(TODAY - 7 * DAY, None)),
    ]
    first.refresh_from_db()
    assert (first.why, first.superseded_by) == ("Misread.", by.user)
    assert first.during == DateRange(TODAY - 30 * DAY, TODAY - 20 * DAY)


def test_a_correction_voids_the_limit_that_never_held(patient, by):
    status = held(patient, "02", since=TODAY - 9 * DAY, by=by)
    corrected = legal.correct_legal_status(status, code="03", since=TODAY - 9 * DAY, why="Misread.", by=by)
    assert ended(patient) == [("detention-ends", "void")]
    assert running(patient) == {"detention-ends": corrected.authorised_until}
    with pytest.raises(Refused, match="corrected already"):
        legal.correct_legal_status(status, code="03", since=TODAY, why="Again.", by=by)


def test_a_correction_of_something_else_keeps_the_renewals_and_until_when(patient, by):
    status = held(patient, "03", since=date(2025, 9, 10), by=by)
    legal.renew_detention(status, renewals=0, last_day=date(2026, 8, 31), by=by)
    kept = correct(status, by=by)
    assert (kept.renewals, kept.authorised_until) == (1, date(2026, 8, 31))
    again = correct(kept, authorised_until=date(2026, 9, 9), by=by)
    assert (again.renewals, again.authorised_until) == (1, date(2026, 9, 9))
    with pytest.raises(Refused, match="no later day than 9 September 2026"):
        correct(again, authorised_until=date(2026, 9, 10), by=by)


def test_a_correction_of_something_else_keeps_the_day_from_which_it_was_counted(patient, by):
    status = held(patient, "17", limb="a", since=TODAY - 9 * DAY, by=by)
    assert correct(status, limb="b", by=by).authorised_until is None
    status = held(patient, "16", since=TODAY - 5 * DAY, counted_from=TODAY - 10 * DAY, by=by)
    status = correct(status, by=by)
    assert status.authorised_until == date(2026, 8, 19)
    # So does another first day: the order is as old as it was.
    assert correct(status, since=TODAY - 4 * DAY, by=by).authorised_until == date(2026, 8, 19)


def test_a_first_day_put_right_counts_the_periods_again_from_it(patient, by):
    status = held(patient, "03", since=date(2025, 9, 10), by=by)
    renew(status, by=by)
    moved = correct(status, since=date(2025, 9, 20), by=by)
    assert (moved.renewals, moved.authorised_until) == (1, date(2026, 9, 19))


def test_the_status_after_that_moves_is_counted_again_from_its_new_first_day(patient, by):
    first = held(patient, "03", since=TODAY - 30 * DAY, by=by)
    held(patient, "02", since=TODAY - 9 * DAY, by=by)
    correct(as_known(first), last_day=TODAY - 13 * DAY, by=by)
    assert running(patient) == {"detention-ends": TODAY + 15 * DAY}
    moved = LegalStatus.objects.current().get(patient=patient, code="02")
    assert (moved.during.lower, moved.authorised_until) == (TODAY - 12 * DAY, TODAY + 15 * DAY)


def test_another_status_put_right_is_in_its_first_period(patient, by):
    status = held(patient, "03", since=date(2025, 9, 10), by=by)
    renew(status, by=by)
    other = correct(status, code="10", by=by)
    assert (other.renewals, other.authorised_until) == (0, date(2026, 3, 9))
    assert correct(other, code="09", by=by).authorised_until is None


def test_a_status_without_a_limit_has_no_last_day(patient, by):
    with pytest.raises(Refused, match="has no last day") as refused:
        held(patient, "09", authorised_until=TODAY + 9 * DAY, by=by)
    assert refused.value.field == "authorised_until"
    status = held(patient, "09", by=by)
    with pytest.raises(Refused, match="has no last day"):
        correct(status, authorised_until=TODAY + 9 * DAY, by=by)
    # What was recorded before that was asked is put right with anything else.
    LegalStatus.objects.filter(pk=status.pk).update(authorised_until=TODAY + 9 * DAY)
    assert correct(status, by=by).authorised_until is None


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"why": " "}, "why"),
        ({"code": "33"}, "code"),
        ({"since": TODAY + DAY}, "since"),
        ({"since": TODAY - 30 * DAY}, "since"),
        ({"last_day": TODAY - 20 * DAY}, "last_day"),
        ({"last_day": TODAY + DAY}, "last_day"),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(patient, by, known, field):
    held(patient, "02", since=TODAY - 30 * DAY, by=by)
    status = held(patient, "03", since=TODAY - 9 * DAY, by=by)
    answers = {"code": "03", "since": TODAY - 9 * DAY, "why": "Misread.", **known}
    with pytest.raises(Refused) as refused:
        legal.correct_legal_status(status, **answers, by=by)
    assert refused.value.field == field
    status.refresh_from_db()
    assert status.superseded_at is None


@pytest.mark.parametrize("code", ["98", "99"])
def test_in_hospital_the_alarm_ends_only_with_what_follows(patient, by, code):
    status = held(patient, "02", since=TODAY - 5 * DAY, by=by)
    alarm = running(patient)
    with pytest.raises(Refused, match="Record the legal status that follows"):
        legal.end_legal_status(status, last_day=TODAY, by=by)
    with pytest.raises(Refused, match="Record the legal status that follows"):
        correct(status, last_day=TODAY, by=by)
    for act in (lambda: held(patient, code, since=TODAY, by=by), lambda: correct(status, code=code, by=by)):
        with pytest.raises(Refused, match="Say what they are held under now"):
            act()
    assert running(patient) == alarm
    held(patient, "01", since=TODAY, by=by)
    assert running(patient) == {}


@pytest.mark.parametrize("elsewhere", AWAY)
def test_whoever_is_only_away_from_hospital_has_not_left_it(england, patient, by, elsewhere):
    status = held(patient, "03", since=TODAY - 5 * DAY, by=by)
    alarm = running(patient)
    placements.place(patient, elsewhere=elsewhere, at=NOW - 2 * DAY, by=by)
    for act in (
        lambda: legal.end_legal_status(status, last_day=TODAY, by=by),
        lambda: correct(status, last_day=TODAY, by=by),
        lambda: held(patient, "98", since=TODAY, by=by),
    ):
        with pytest.raises(Refused, match="only away from it"):
            act()
    placements.place(patient, service=england.ashdown, at=NOW - DAY, by=by)
    assert running(patient) == alarm


def test_another_ward_or_hospital_is_no_way_out_of_hospital(england, patient, by):
    held(patient, "03", since=TODAY - 5 * DAY, by=by)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW - 2 * DAY, by=by)
    placements.place(patient, service=england.brook, at=NOW, by=by)
    with pytest.raises(Refused, match="Say what they are held under now"):
        held(patient, "98", since=TODAY - DAY, by=by)


def test_whoever_was_at_large_and_does_not_come_back_is_no_longer_held(patient, by):
    status = held(patient, "03", since=TODAY - 5 * DAY, by=by)
    placements.place(patient, elsewhere="at_large", at=NOW - 2 * DAY, by=by)
    placements.place(patient, elsewhere="released", at=NOW, by=by)
    legal.end_legal_status(status, last_day=TODAY, by=by)
    assert running(patient) == {}
