"""The order or remand of a court: it holds from its own day, its days for the admission run, and none outlives them."""

import re
from datetime import timedelta

import pytest

from core.refusals import Refused
from pathways import verification
from pathways.actions import legal
from pathways.models import Clock, LegalStatus, Placement
from referrals import actions
from tests.pathways.test_law_ends import ends
from tests.referrals.asking import boxes, text, today
from tests.referrals.referring import in_ashdown, referred
from tests.referrals.test_pages_referral import address, send
from tests.referrals.transfers import fresh
from tests.world import NOW, TODAY, a_patient, actor_of, client_of, now

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def admission(england, patient=None, *, at=NOW):
    """Asked of Ashdown fifty days ago by the team of HMP Wexley."""
    ines = actor_of(england.ines, at=at)
    referral = actions.refer(
        patient or a_patient(england),
        kind="court_admission",
        from_service=england.prison,
        urgency=2,
        why="Found unfit.",
        on=ines.today - 50 * DAY,
        by=ines,
    )
    actions.ask_service(referral, england.ashdown, by=ines)
    return referral


@pytest.fixture
def referral(england):
    return admission(england)


@pytest.fixture
def patient(referral):
    return referral.patient


@pytest.fixture(autouse=True)
def _verified(db):
    yield
    assert not verification.failures()


def move(england, referral, by, **known):
    return actions.record_move(
        referral, **{"service": england.ashdown, "bed": england.bed, "at": NOW, "order": "10", **known}, by=by
    )


def ordered(england, referral, *, days_ago, order="10", user=None):
    return actions.record_court_order(
        referral, order=order, on=TODAY - days_ago * DAY, by=actor_of(user or england.lena)
    )


def held(patient):
    return LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)


@pytest.mark.parametrize(
    ("order", "days_ago", "limit", "outcome"),
    [
        ("10", 20, "court-28", "met"),
        ("09", 27, "court-28", "met"),
        ("12", 28, "court-28", "lapsed"),
        ("37", 40, "court-28", "lapsed"),
        ("07", 6, "court-7", "met"),
        ("08", 7, "court-7", "lapsed"),
    ],
)
def test_whoever_arrives_is_held_from_the_day_of_the_order(
    england, referral, patient, maya, order, days_ago, limit, outcome
):
    made = TODAY - days_ago * DAY
    move(england, referral, maya, order=order, ordered_on=made)
    assert fresh(referral).end_reason == "moved"
    assert (held(patient).code, held(patient).during.lower) == (order, made)
    assert ends(patient) == [(limit, TODAY, outcome)]


def test_the_authority_is_counted_from_the_day_of_the_order(england, referral, patient, maya):
    move(england, referral, maya, order="07", ordered_on=TODAY - 5 * DAY)
    assert held(patient).authorised_until == TODAY + 22 * DAY


def test_nobody_is_admitted_by_an_order_without_its_day_or_of_a_day_to_come(england, referral, patient, maya):
    with pytest.raises(Refused, match="Give the day on which the court made"):
        move(england, referral, maya)
    with pytest.raises(Refused, match="made the order by 1 March 2026"):
        move(england, referral, maya, at=NOW - DAY, ordered_on=TODAY)
    assert fresh(referral).is_open
    assert not LegalStatus.objects.filter(patient=patient).exists()
    assert Placement.objects.open_of(patient).service == england.prison


def test_an_order_on_record_needs_to_be_said_no_more_and_a_newer_one_takes_its_place(
    england, referral, patient, maya
):
    ordered(england, referral, days_ago=20)
    with pytest.raises(Refused, match="on record was made on 10 February 2026"):
        move(england, referral, maya, ordered_on=TODAY - 21 * DAY)
    move(england, referral, maya, order="")
    assert held(patient).during.lower == TODAY - 20 * DAY
    other = admission(england)
    ordered(england, other, days_ago=40)
    move(england, other, maya, bed=england.second_bed, ordered_on=TODAY - 2 * DAY)
    assert held(other.patient).during.lower == TODAY - 2 * DAY
    assert ("court-28", TODAY, "met") in ends(other.patient)


def test_where_another_status_is_recorded_since_the_order_is_counted_from_its_own_day(
    england, referral, patient, maya
):
    legal.record_legal_status(patient, code="98", since=TODAY - 3 * DAY, by=maya)
    move(england, referral, maya, order="07", ordered_on=TODAY - 5 * DAY)
    assert held(patient).during.lower == TODAY
    assert held(patient).authorised_until == TODAY + 22 * DAY


def test_undone_the_person_is_held_as_before(england, referral, patient, maya):
    legal.record_legal_status(patient, code="98", since=TODAY - 90 * DAY, by=maya)
    move(england, referral, maya, ordered_on=TODAY - 5 * DAY)
    later = actor_of(england.maya, at=NOW + HOUR)
    actions.undo_end(fresh(referral), why="Never came.", by=later)
    assert (held(patient).code, held(patient).during.lower) == ("98", TODAY - 90 * DAY)
    assert Placement.objects.open_of(patient).service == england.prison


# Recorded when it is made


def test_an_order_is_recorded_as_it_is_made_and_its_days_run(england, referral, patient):
    status = ordered(england, referral, days_ago=2)
    (clock,) = Clock.objects.running().filter(patient=patient, policy__code="court-28")
    assert clock.due_on == TODAY + 25 * DAY
    assert ordered(england, referral, days_ago=2) == status
    with pytest.raises(Refused, match="on record was made on"):
        ordered(england, referral, days_ago=3)


def test_only_those_concerned_record_an_order_and_only_for_an_admission_by_a_court(england, referral, maya):
    with pytest.raises(Refused, match="case manager can record"):
        ordered(england, referral, days_ago=2, user=england.luke)
    step_down = referred(england, in_ashdown(england))
    with pytest.raises(Refused, match="Only an admission by a court"):
        ordered(england, step_down, days_ago=2, user=england.maya)
    with pytest.raises(Refused, match="Choose the order"):
        ordered(england, referral, days_ago=2, order="02")
    with pytest.raises(Refused, match="by 2 March 2026"):
        ordered(england, referral, days_ago=-1)


def test_nobody_is_planned_to_come_after_the_order_has_lapsed(england, referral, patient):
    ordered(england, referral, days_ago=20)
    by = actor_of(england.ines)
    with pytest.raises(Refused, match="unless they are admitted by 9 March 2026"):
        actions.plan_move(referral, on=TODAY + 8 * DAY, by=by)
    assert actions.plan_move(referral, on=TODAY + 7 * DAY, by=by).for_on == TODAY + 7 * DAY


# Pages


def test_the_page_records_the_order_and_home_of_the_liaison_officer_has_its_last_day(england):
    referral = admission(england, at=now())
    page = text(client_of(england.lena).get(address(referral)))
    assert "Not recorded yet" in page
    made = today() - 23 * DAY
    answer = send(england.lena, address(referral, "court-order/"), order="10", **boxes("ordered_on", made))
    assert answer.status_code == 302
    page = text(client_of(england.lena).get(address(referral)))
    assert "Lapses unless admitted by" in page
    assert "Not recorded yet" not in page
    assert "Court order: admission is due" in text(client_of(england.lena).get("/"))
    assert client_of(england.sam).get(address(referral, "court-order/")).status_code == 404
    assert client_of(england.anna).get(address(referral, "court-order/")).status_code == 403


def test_the_form_of_the_move_asks_for_the_day_and_has_what_is_on_record(england):
    referral = admission(england, at=now())
    path, bed = address(referral, "moved/"), {"bed": str(england.bed.public_id)}
    missing = send(england.maya, path, order="10", **bed, **boxes("on", today()))
    assert "There is a problem" in text(missing)
    assert fresh(referral).is_open
    actions.record_court_order(
        referral, order="10", on=today() - 9 * DAY, by=actor_of(england.lena, at=now())
    )
    shown = client_of(england.maya).get(path).content.decode()
    (box,) = re.findall(r'<input[^>]*name="ordered_on-day"[^>]*>', shown)
    assert f'value="{(today() - 9 * DAY).day}"' in box
    late = boxes("ordered_on", today() - 9 * DAY)
    assert send(england.maya, path, order="10", **bed, **late, **boxes("on", today())).status_code == 302
    assert held(referral.patient).during.lower == today() - 9 * DAY


def test_an_admission_after_the_order_had_lapsed_stands_on_home_until_another_authority(england):
    referral, words = admission(england, at=now()), "Admitted after the court’s order had lapsed"
    maya, on_page = client_of(england.maya), f"/patients/{referral.patient.public_id}/"
    by = actor_of(england.maya, at=now())
    move(england, referral, by, at=by.at, ordered_on=today() - 28 * DAY)
    assert words in text(maya.get("/"))
    assert "The court’s order had lapsed" in text(maya.get(on_page))
    assert words not in text(client_of(england.luke).get("/"))
    legal.record_legal_status(referral.patient, code="03", since=today(), by=by)
    assert words not in text(maya.get("/"))
    assert "The court’s order had lapsed" not in text(maya.get(on_page))
