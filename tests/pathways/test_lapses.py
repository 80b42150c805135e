"""What has lapsed of somebody in custody is silenced by nobody: its alarm ends with what holds them now."""

from datetime import timedelta

import pytest

from core.refusals import Refused
from pathways import verification
from pathways.actions import key_dates, legal, placements
from pathways.models import KeyDate, LegalStatus
from tests.pathways.test_law import held, remand, running
from tests.world import NOW, TODAY, a_patient, actor_of

DAY = timedelta(days=1)
REMAND, ORDER = "The remand has expired and they are in custody", "order has lapsed and they are in custody"
# Dates that say until when somebody is held.
SAYS = ("remand_expiry", "release", "parole")


@pytest.fixture
def by(england):
    return actor_of(england.maya)


@pytest.fixture
def patient(england):
    """Somebody in prison."""
    return a_patient(england)


@pytest.fixture
def expired(patient, by):
    """A remand that ran out three days ago."""
    return remand(patient, TODAY - 3 * DAY, by)


@pytest.fixture
def lapsed(patient, by):
    """A hospital order of forty days ago under which nobody was admitted."""
    return held(patient, "10", since=TODAY - 40 * DAY, by=by)


@pytest.fixture(autouse=True)
def _verified(db):
    yield
    assert not verification.failures()


def dated(patient, kind, by, on=TODAY + 30 * DAY):
    return key_dates.record_key_date(patient, kind=kind, on=on, by=by)


def test_a_remand_that_has_expired_is_not_withdrawn(patient, expired, by):
    with pytest.raises(Refused, match=REMAND):
        key_dates.withdraw_key_date(expired, why="x", by=by)
    assert running(patient) == {"remand-expiry": TODAY - 3 * DAY}
    assert KeyDate.objects.current().get() == expired


def test_on_its_last_day_a_remand_may_still_be_withdrawn(patient, by):
    key_dates.withdraw_key_date(remand(patient, TODAY, by), why="Another person's.", by=by)
    assert running(patient) == {}


@pytest.mark.parametrize("kind", SAYS)
def test_it_is_withdrawn_once_a_date_says_until_when_they_are_held(patient, expired, by, kind):
    dated(patient, "hearing", by)
    with pytest.raises(Refused, match=REMAND):
        key_dates.withdraw_key_date(expired, why="Sentenced.", by=by)
    dated(patient, kind, by)
    key_dates.withdraw_key_date(expired, why="Sentenced.", by=by)
    assert running(patient) == ({"remand-expiry": TODAY + 30 * DAY} if kind == "remand_expiry" else {})


def test_a_date_of_a_sentence_that_has_passed_holds_nobody(patient, expired, by):
    dated(patient, "release", by, on=TODAY - DAY)
    with pytest.raises(Refused, match=REMAND):
        key_dates.withdraw_key_date(expired, why="x", by=by)


def test_it_is_put_right_to_another_day_and_its_alarm_stays_or_runs_to_that(patient, expired, by):
    other = key_dates.correct_key_date(expired, on=TODAY - 9 * DAY, why="Misread.", by=by)
    assert running(patient) == {"remand-expiry": TODAY - 9 * DAY}
    key_dates.correct_key_date(other, on=TODAY + 9 * DAY, why="Misread.", by=by)
    assert running(patient) == {"remand-expiry": TODAY + 9 * DAY}


def test_a_date_put_right_to_before_what_holds_them_silences_nothing(patient, by):
    held(patient, "98", since=TODAY - 20 * DAY, by=by)
    expired = remand(patient, TODAY - 3 * DAY, by)
    with pytest.raises(Refused, match=REMAND):
        key_dates.correct_key_date(expired, on=TODAY - 30 * DAY, why="x", by=by)
    assert running(patient) == {"remand-expiry": TODAY - 3 * DAY}


@pytest.mark.parametrize("code", ["98", "99", "01"])
def test_no_status_that_holds_nobody_silences_a_lapse(patient, expired, by, code):
    with pytest.raises(Refused, match=REMAND):
        held(patient, code, by=by)
    held(patient, "03", by=by)
    assert "remand-expiry" not in running(patient)


@pytest.mark.parametrize("code", ["98", "99", "01"])
def test_an_order_that_has_lapsed_is_not_ended_without_what_follows(patient, lapsed, by, code):
    for act in (
        lambda: legal.end_legal_status(lapsed, last_day=TODAY, by=by),
        lambda: held(patient, code, by=by),
        lambda: correct(lapsed, by, code=code),
        lambda: correct(lapsed, by, last_day=TODAY),
    ):
        with pytest.raises(Refused, match=ORDER):
            act()
    assert running(patient)["court-28"] == TODAY - 13 * DAY
    assert LegalStatus.objects.current().get() == lapsed


def correct(status, by, **known):
    answers = {"code": status.code, "since": status.during.lower, "why": "x", **known}
    return legal.correct_legal_status(status, **answers, by=by)


def test_an_order_put_right_to_a_day_on_which_it_has_not_lapsed_runs(patient, lapsed, by):
    correct(lapsed, by, since=TODAY - 4 * DAY)
    assert running(patient)["court-28"] == TODAY + 23 * DAY


@pytest.mark.parametrize("kind", SAYS)
def test_it_is_ended_once_a_date_says_until_when_they_are_held(patient, lapsed, by, kind):
    dated(patient, kind, by)
    legal.end_legal_status(lapsed, last_day=TODAY, by=by)
    assert "court-28" not in running(patient)


def test_a_new_order_takes_the_place_of_one_that_has_lapsed(patient, lapsed, by):
    held(patient, "10", by=by)
    assert running(patient)["court-28"] == TODAY + 27 * DAY


@pytest.mark.parametrize("elsewhere", ["released", "abroad"])
def test_whoever_has_been_released_is_held_by_nothing(patient, lapsed, by, elsewhere):
    placements.place(patient, elsewhere=elsewhere, at=NOW, by=by)
    legal.end_legal_status(lapsed, last_day=TODAY, by=by)
    assert "court-28" not in running(patient)


def test_another_prison_or_being_at_large_is_no_way_out(england, patient, lapsed, by):
    placements.place(patient, service=england.other_prison, at=NOW - 2 * DAY, by=by)
    placements.place(patient, elsewhere="at_large", at=NOW - DAY, by=by)
    with pytest.raises(Refused, match=ORDER):
        legal.end_legal_status(lapsed, last_day=TODAY, by=by)


def test_what_lapsed_before_they_came_back_to_prison_does_not_refuse_their_return(england, by):
    patient = a_patient(england, at_service=england.ashdown)
    held(patient, "07", since=TODAY - 20 * DAY, by=by)
    remand(patient, TODAY - 3 * DAY, by)
    placements.place(patient, service=england.prison, at=NOW, by=by)
    held(patient, "98", by=by)
    assert "remand-expiry" not in running(patient)
