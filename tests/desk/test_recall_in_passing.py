"""A recall and what it became on one day: both are on the line, in their order, though a status lasts whole days."""

from datetime import timedelta

import pytest

from desk.journey import journey_of
from desk.recorded import Recorded
from pathways.actions import legal, placements
from pathways.models import LegalStatus
from pathways.rules import held_in_passing
from tests.pathways.test_law import held
from tests.referrals.asking import text
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = NOW + 3 * HOUR
RECALL_SHORT = "CTO, recalled"


@pytest.fixture(autouse=True)
def _evening(time_machine):
    time_machine.move_to(NOW + 9 * HOUR, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=NOW + 9 * HOUR)


@pytest.fixture
def patient(england, by):
    """Forty days in the community on an order after section 3, and back in hospital today."""
    patient = a_patient(england, at_service=england.ashdown, since=NOW - 400 * DAY)
    held(patient, "03", since=TODAY - 100 * DAY, by=by)
    placements.place(patient, elsewhere="released", at=NOW - 40 * DAY, by=by)
    held(patient, "98", form="community_treatment", since=TODAY - 40 * DAY, by=by)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW, by=by)
    return patient


def recalled(patient, by, *, began_at=NOW):
    return held(patient, "98", form="recalled", since=TODAY, began_at=began_at, by=by)


def page(england, patient):
    return text(client_of(england.maya).get(f"/patients/{patient.public_id}/"))


@pytest.mark.parametrize(
    ("code", "form", "short"),
    [("03", "", "s3"), ("98", "community_treatment", "CTO"), ("01", "", "informal")],
)
def test_both_are_on_the_line(england, patient, by, code, form, short):
    recalled(patient, by)
    held(patient, code, form=form, since=TODAY, by=by)
    journey = journey_of(Recorded(patient, by))
    under = journey.stays[-1].held_under
    assert under.lower().endswith(f"{RECALL_SHORT}, then {short}".lower())
    assert journey.held[-1].words.endswith("after a recall earlier that day (2 March 2026, 09:00)")
    shown = page(england, patient)
    assert (
        "Recalled from a community treatment order, section 17E From 2 March 2026, 09:00, for a part of that day"
        in shown
    )
    assert RECALL_SHORT not in journey.stays[-2].held_under


def test_a_later_stay_says_nothing_of_it(england, patient, by):
    recalled(patient, by)
    held(patient, "03", since=TODAY, by=by)
    tomorrow = actor_of(england.maya, at=NOW + 2 * DAY)
    placements.place(patient, service=england.brook, at=NOW + DAY, by=tomorrow)
    *_, recall_stay, last = journey_of(Recorded(patient, tomorrow)).stays
    assert RECALL_SHORT in recall_stay.held_under
    assert RECALL_SHORT not in last.held_under


@pytest.mark.parametrize("began_at", [NOW, NOON + 2 * HOUR, None])
def test_the_events_stand_in_their_order_with_the_time_that_is_known(patient, by, began_at):
    recall = recalled(patient, by, began_at=began_at)
    after = held(patient, "03", since=TODAY, by=by)
    newest, before, *_ = patient.events.filter(kind="pathways.held").line()
    assert (newest.about_id, before.about_id) == (after.pk, recall.pk)
    assert newest.time_known is False
    assert before.time_known is (began_at is not None)
    if began_at is not None:
        assert before.occurred_at == began_at


def test_a_recall_that_is_put_right_or_was_a_slip_is_not_on_the_line(england, patient, by):
    recall = recalled(patient, by)
    legal.correct_legal_status(
        recall, code="98", form="community_treatment", since=TODAY, why="Another person.", by=by
    )
    assert "for a part of that day" not in page(england, patient)


def test_what_does_not_follow_a_recall_took_the_place_of_a_slip(england, patient, by):
    recalled(patient, by)
    held(patient, "09", since=TODAY, by=by)
    assert Recorded(patient, by).recalls_in_passing == []


def test_taken_back_it_is_a_recall_again_and_stands_once(patient, by):
    recall = recalled(patient, by)
    later = actor_of(by.user, at=by.at + HOUR)
    after = held(patient, "03", since=TODAY, by=later)
    legal.take_back_legal_status(after, why="Another person.", by=later)
    assert next(one.form for one in Recorded(patient, later).statuses) == "recalled"
    assert Recorded(patient, later).recalls_in_passing == []
    assert LegalStatus.objects.get(pk=recall.pk).superseded_at


def test_of_other_statuses_of_one_day_the_later_is_a_correction(patient, by):
    held(patient, "02", since=TODAY, by=by)
    held(patient, "03", since=TODAY, by=by)
    known = list(patient.legal_statuses.current())
    assert held_in_passing(patient.legal_statuses.replaced_on_their_day(), known) == []
