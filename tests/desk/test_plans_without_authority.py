"""A plan whose authority is gone says so: on the person's page, on the referral, and on Home until it is put right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.law import planned_under
from pathways.actions import authorities, leave, legal, movements
from pathways.actions.movements import Outing
from pathways.codes import Act
from pathways.plans import Plan, refused, rests_on
from referrals import actions
from tests.pathways.leave_world import in_bed, terms
from tests.referrals.asking import boxes, text
from tests.referrals.referring import accepted_by_brook, referred
from tests.referrals.transfers import approach_of
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TAG, HOME = "Without authority on record", "is without authority on record: record it, or cancel"
MOVE = "planned without authority on record"


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def consent(patient, act, by, *, last_day=None, **known):
    return authorities.record_authority(
        patient, kind="ministry_specific", scope=[act], since=TODAY, last_day=last_day, by=by, **known
    )


def planned(patient, by, *, days=1, kind="overnight"):
    at = NOW + 5 * DAY
    agreed = terms(kind, due_back_at=at + days * DAY)
    return leave.plan_leave(patient, planned_from=at, terms=agreed, by=by)


@pytest.fixture
def patient(england):
    """Under sections 37 and 41."""
    return in_bed(england, code="09")


@pytest.fixture
def allowed(patient, by):
    """Overnight leave may be given from today on."""
    return consent(patient, Act.OVERNIGHT_LEAVE, by)


def page_of(england, patient):
    return text(client_of(england.maya).get(f"/patients/{patient.public_id}/"))


def home_of(user):
    return text(client_of(user).get("/"))


def end(authority, by, *, ahead):
    return authorities.end_authority(authority, last_day=TODAY + ahead * DAY, why="Withdrawn.", by=by)


def test_a_leave_planned_under_a_consent_that_is_withdrawn_says_so_until_another_is_recorded(
    england, patient, allowed, by
):
    planned(patient, by)
    assert TAG not in page_of(england, patient)
    assert HOME not in home_of(england.maya)
    end(allowed, by, ahead=1)
    page = page_of(england, patient)
    assert TAG in page
    assert "It could not be planned now. Overnight leave of a restricted person needs" in page
    rows = client_of(england.maya).get(f"/patients/{patient.public_id}/leave/?format=csv")
    assert TAG in b"".join(rows.streaming_content).decode()
    assert HOME in home_of(england.maya)
    assert HOME not in home_of(england.luke)
    consent(patient, Act.OVERNIGHT_LEAVE, by)
    assert TAG not in page_of(england, patient)
    assert HOME not in home_of(england.maya)


@pytest.mark.parametrize(("ahead", "lacks"), [(5, True), (6, False)])
def test_each_day_of_the_leave_is_asked_about(england, patient, allowed, by, ahead, lacks):
    planned(patient, by)
    end(allowed, by, ahead=ahead)
    assert (TAG in page_of(england, patient)) is lacks


def test_so_does_one_whose_consent_was_put_right(england, patient, allowed, by):
    planned(patient, by)
    authorities.correct_authority(
        allowed, kind="ministry_specific", scope=[Act.ESCORTED_LEAVE], since=TODAY, why="Misread.", by=by
    )
    assert HOME in home_of(england.maya)


def test_so_does_one_planned_before_somebody_was_restricted(england, by):
    patient = in_bed(england, code="10")
    row = planned(patient, by)
    assert HOME not in home_of(england.maya)
    legal.record_legal_status(patient, code="09", since=TODAY, by=by)
    assert HOME in home_of(england.maya)
    leave.cancel_leave(row, why="No consent.", by=by)
    assert HOME not in home_of(england.maya)


def test_before_a_consent_ends_the_page_says_what_is_planned_under_it(england, patient, allowed, by):
    planned(patient, by)
    for verb in ("end", "correct"):
        page = text(
            client_of(england.maya).get(
                f"/patients/{patient.public_id}/authorities/{allowed.public_id}/{verb}/"
            )
        )
        assert "Planned under it" in page
        assert "Overnight leave, planned for 7 March 2026" in page
    other = consent(patient, Act.TRANSFER, by)
    page = client_of(england.maya).get(f"/patients/{patient.public_id}/authorities/{other.public_id}/end/")
    assert "Planned under it" not in text(page)


@pytest.fixture
def step_down(england, patient, by):
    """Accepted by Brook House and planned in three days, under a consent that names it."""
    referral = referred(england, patient)
    accepted_by_brook(england, referral)
    consent(patient, Act.TRANSFER, by, hospital=england.brook)
    actions.plan_move(referral, on=TODAY + 3 * DAY, by=by)
    return referral


def test_a_move_planned_under_a_consent_that_is_withdrawn_says_so(england, patient, step_down, by):
    address = f"/referrals/{step_down.public_id}/"
    authority = patient.authorities.current().get()
    assert MOVE not in home_of(england.maya)
    assert "is without authority on record" not in text(client_of(england.maya).get(address))
    page = f"/patients/{patient.public_id}/authorities/{authority.public_id}/end/"
    assert f"Step down {step_down.reference}, planned for" in text(client_of(england.maya).get(page))
    given = {"why": "Withdrawn.", **boxes("last_day", TODAY + DAY)}
    assert client_of(england.maya).post(page, given).status_code == 302
    shown = text(client_of(england.maya).get(address))
    assert (
        "The day planned, 5 March 2026, is without authority on record. Transfer to another hospital" in shown
    )
    assert MOVE in home_of(england.maya)
    assert MOVE not in home_of(england.luke)
    actions.plan_move(step_down, on=TODAY + DAY, why="The consent ends.", by=by)
    assert MOVE not in home_of(england.maya)


def test_a_consent_for_one_hospital_allows_no_move_to_another(england, step_down, by):
    actions.ask_service(step_down, england.elsewhere, by=by)
    actions.withdraw_approach(approach_of(step_down, england.brook), why="Full.", by=by)
    assert MOVE in home_of(england.maya)


def test_home_costs_the_same_with_many_plans(england, patient, allowed, by):
    def queries():
        client = client_of(england.maya)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert HOME in text(client.get("/"))
        return len(seen)

    def plan_in(days):
        at = NOW + days * DAY
        agreed = terms("overnight", due_back_at=at + DAY)
        return leave.plan_leave(patient, planned_from=at, terms=agreed, by=by)

    consented = end(allowed, by, ahead=40)
    for days in (10, 12, 14):
        plan_in(days)
    legal_end = end(consented, by, ahead=11)
    before = queries()
    authorities.end_authority(legal_end, last_day=TODAY, why="Withdrawn.", by=by)
    assert queries() == before


def test_what_a_plan_rests_on_and_why_it_would_be_refused(patient, allowed, by):
    plan = Plan(patient.pk, Act.OVERNIGHT_LEAVE, TODAY, TODAY + DAY)
    other = plan._replace(act=Act.TRANSFER)
    assert [bool(one) for one in refused([plan, other])] == [False, True]
    assert rests_on(plan, allowed)
    assert not rests_on(other, allowed)
    assert not rests_on(plan._replace(on=TODAY - 3 * DAY, last_day=TODAY - DAY), allowed)


def test_a_court_day_whose_authority_has_ended_says_so_but_not_from_prison(england, patient, by):
    allowed = consent(patient, Act.COURT_ATTENDANCE, by)
    prisoner = a_patient(england)
    lena = actor_of(england.lena)
    legal.record_legal_status(prisoner, code="09", since=TODAY, by=by)
    for who, actor in ((patient, by), (prisoner, lena)):
        at = NOW + 3 * DAY
        outing = Outing("court", "Wexley Crown Court", "Plea hearing", at, at + 7 * HOUR)
        movements.plan_movement(who, outing, by=actor)
    assert "Court: Wexley Crown Court, Plea hearing, planned for" in " ".join(planned_under(allowed))
    authorities.end_authority(allowed, last_day=TODAY + DAY, why="Withdrawn.", by=by)
    assert TAG in page_of(england, patient)
    assert HOME in text(client_of(england.maya).get("/"))
    assert TAG not in text(client_of(england.lena).get(f"/patients/{prisoner.public_id}/"))
    assert HOME not in text(client_of(england.lena).get("/"))
