"""The pages of court days and escorts to come: planned, seen by whoever has the person, begun, cancelled."""

from datetime import timedelta

import pytest

from pathways.actions import movements
from pathways.actions.movements import Outing
from pathways.models import Leave
from tests.desk.test_movement_pages import SAID, address, clock, due, page_of, send, text
from tests.pathways.leave_world import in_bed
from tests.referrals.asking import boxes
from tests.world import NOW, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
THEN = NOW + 3 * DAY


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient(england):
    return a_patient(england)


def planned(england, patient, *, who="lena", kind="court", at=THEN):
    said = Outing(kind, "Wexley Crown Court", "Plea hearing", at, at + 7 * HOUR)
    return movements.plan_movement(patient, said, by=actor_of(getattr(england, who)))


def plan(**known):
    return {**SAID, **clock("left", THEN), **due(THEN + 7 * HOUR), **known}


def test_each_role_has_its_answer(england, patient):
    row = planned(england, patient)
    for part in ("plan/", *(f"{row.public_id}/{verb}/" for verb in ("begin", "cancel", "correct"))):
        full = address(patient, part)
        for who in ("lena", "ines"):
            assert client_of(getattr(england, who)).get(full).status_code == 200, (part, who)
        for who in ("sam", "owen", "maya"):
            assert client_of(getattr(england, who)).get(full).status_code == 404, (part, who)
        for who in ("anna", "carl", "adam"):
            assert client_of(getattr(england, who)).get(full).status_code == 403, (part, who)


def test_planned_seen_begun_and_back(england, patient, time_machine):
    page = client_of(england.lena).get(page_of(patient)).content.decode()
    assert address(patient, "plan/") in page
    response = send(england, patient, "plan/", **plan())
    assert (response.status_code, response.url[-6:]) == (302, "#leave")
    row = Leave.objects.get()
    page = client_of(england.ines).get(page_of(patient))
    assert "Court: Wexley Crown Court, Plea hearing Planned" in text(page)
    assert "From 5 March 2026, 09:00, due back 5 March 2026, 16:00" in text(page)
    assert "Court day or escort planned , HMP Wexley: Court" in text(page)
    assert address(patient, f"{row.public_id}/begin/") in page.content.decode()
    assert address(patient, f"{row.public_id}/cancel/") in page.content.decode()
    time_machine.move_to(THEN + HOUR, tick=False)
    when = {**boxes("on", THEN.date()), "at_time": "09:30"}
    assert send(england, patient, f"{row.public_id}/begin/", **when).status_code == 302
    page = text(client_of(england.lena).get(page_of(patient)))
    assert "At court since 09:30, expected back 16:00." in page


def test_an_hour_is_asked_for_and_an_emergency_is_not_offered(england, patient):
    shown = text(client_of(england.lena).get(address(patient, "plan/")))
    assert "Escorted movement" in shown
    assert "Taken to an emergency department" not in shown
    response = send(england, patient, "plan/", **plan(due_time=""))
    assert response.status_code == 400
    assert "Expected back at what time?" in text(response)
    response = send(england, patient, "plan/", **{**plan(), **clock("left", NOW - DAY)})
    assert response.status_code == 400
    assert not Leave.objects.exists()


def test_the_law_is_asked_and_nothing_typed_is_lost(england):
    patient = in_bed(england, code="09")
    response = send(england, patient, "plan/", "maya", **plan())
    assert response.status_code == 409
    assert "Attendance at court of a restricted person needs the agreement of the Ministry" in text(response)
    assert "Plea hearing" in response.content.decode()


def test_it_is_cancelled_with_why_and_no_longer_prompts(england, patient):
    row = planned(england, patient)
    assert send(england, patient, f"{row.public_id}/cancel/", why="").status_code == 400
    assert send(england, patient, f"{row.public_id}/cancel/", why="Adjourned.").status_code == 302
    assert "Wexley Crown Court, to leave" not in text(client_of(england.lena).get("/"))
    listed = text(client_of(england.lena).get(f"{page_of(patient)}leave/"))
    assert "Cancelled" in listed


def test_a_plan_is_put_right(england, patient):
    row = planned(england, patient)
    part = f"{row.public_id}/correct/"
    shown = text(client_of(england.lena).get(address(patient, part)))
    assert "On which day do they leave?" in shown
    assert "They were never out" not in shown
    given = {**plan(), **clock("left", THEN + DAY), **due(THEN + DAY + HOUR)}
    given |= {"version": row.version, "why": "Adjourned."}
    assert send(england, patient, part, **given).status_code == 302
    row.refresh_from_db()
    assert (row.planned_from, row.during) == (THEN + DAY, None)


def test_home_lists_what_is_to_come_and_prompts_once_the_hour_has_come(england, patient, time_machine):
    planned(england, patient)
    planned(england, patient, at=NOW + 9 * DAY)
    planned(england, in_bed(england), who="maya", kind="escort")
    court = "Court at Wexley Crown Court, to leave 5 March 2026, 09:00"
    escort = "Escorted movement, to leave 5 March 2026, 09:00"
    for who, sentence in (("lena", court), ("ines", court), ("maya", escort)):
        home = text(client_of(getattr(england, who)).get("/"))
        assert home.count(sentence) == 1, who
        assert "11 March 2026" not in home
        assert "record that they left, or cancel" not in home
    assert "to leave" not in text(client_of(england.owen).get("/"))
    time_machine.move_to(THEN + DAY, tick=False)
    assert f"{court}: record that they left, or cancel" in text(client_of(england.lena).get("/"))
