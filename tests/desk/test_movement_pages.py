"""The pages of temporary movements: who may, each step by its form, and where it is seen that somebody is out."""

from datetime import timedelta
from html import unescape

import pytest

from pathways.actions import leave, movements
from pathways.actions.movements import Outing
from pathways.days import LONDON
from pathways.models import Leave
from tests.pathways.leave_world import away, in_bed, on_trial
from tests.referrals.asking import boxes
from tests.referrals.asking import text as text_of
from tests.referrals.transfers import accepted, asked
from tests.world import NOW, TODAY, a_patient, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient(england):
    return a_patient(england)


def text(response):
    return unescape(text_of(response))


def address(patient, part=""):
    return f"/patients/{patient.public_id}/movements/{part}"


def page_of(patient):
    return f"/patients/{patient.public_id}/"


def clock(name, at, time=None):
    """A date in three boxes and a time beside it."""
    local = at.astimezone(LONDON)
    return {**boxes(f"{name}_on", local.date()), time or f"{name}_time": f"{local:%H:%M}"}


def due(at):
    return {**boxes("due_back", at.date()), "due_time": f"{at:%H:%M}"}


SAID = {"kind": "court", "to_where": "Wexley Crown Court", "purpose": "Plea hearing"}


def send(england, patient, part, who="lena", **given):
    return client_of(getattr(england, who)).post(address(patient, part), given)


def out(england, patient, *, who="lena", at=NOW, kind="court", **known):
    said = Outing(kind, "Wexley Crown Court", "Plea hearing", at, **known)
    return movements.record_movement(patient, said, by=actor_of(getattr(england, who), at=at))


def test_each_role_has_its_answer(england, patient):
    row = out(england, patient)
    for part in ("record/", *(f"{row.public_id}/{verb}/" for verb in ("return", "correct", "remove"))):
        full = address(patient, part)
        for who in ("lena", "ines"):
            assert client_of(getattr(england, who)).get(full).status_code == 200, (part, who)
        for who in ("sam", "owen", "maya"):
            assert client_of(getattr(england, who)).get(full).status_code == 404, (part, who)
        for who in ("anna", "carl", "adam"):
            assert client_of(getattr(england, who)).get(full).status_code == 403, (part, who)


def test_a_hospital_that_was_asked_sees_it_and_may_not_record_it(england):
    patient = asked(england).patient
    response = send(england, patient, "record/", "maya", **SAID, **clock("left", NOW), is_back="no")
    assert response.status_code == 409
    assert "Only the prison or hospital that has the person can record this" in text(response)


def test_movements_and_leave_are_not_found_under_each_other_s_addresses(england):
    patient = in_bed(england)
    movement = out(england, patient, who="maya")
    given = away(england, patient)
    client = client_of(england.maya)
    assert client.get(address(patient, f"{given.public_id}/return/")).status_code == 404
    assert client.get(f"{page_of(patient)}leave/{movement.public_id}/return/").status_code == 404
    other = in_bed(england, bed=england.second_bed)
    assert client.get(address(other, f"{movement.public_id}/return/")).status_code == 404


def test_it_is_recorded_and_they_are_back(england, patient, time_machine):
    given = {**SAID, **clock("left", NOW), "is_back": "no", **due(NOW + 6 * HOUR)}
    response = send(england, patient, "record/", **given)
    assert (response.status_code, response.url[-6:]) == (302, "#leave")
    row = Leave.objects.get()
    assert (row.to_where, row.left_at, row.due_back_at) == ("Wexley Crown Court", NOW, NOW + 6 * HOUR)
    page = text(client_of(england.lena).get(page_of(patient)))
    assert "Court: Wexley Crown Court, Plea hearing At court" in page
    assert "Left 2 March 2026, 09:00, due back 2 March 2026, 15:00" in page
    assert "At court since 09:00, expected back 15:00." in page
    assert "Went out, to come back , HMP Wexley: Court" in page
    assert "1 × court, A&E or escort" in page
    assert "Absent without leave" not in page
    time_machine.move_to(NOW + 5 * HOUR, tick=False)
    when = {**boxes("on", TODAY), "at_time": "13:30"}
    assert send(england, patient, f"{row.public_id}/return/", **when).status_code == 302
    page = text(client_of(england.lena).get(page_of(patient)))
    assert "At court since" not in page
    assert "Came back , HMP Wexley: Court; Returned" in page


def test_what_is_left_out_is_asked_for(england, patient):
    response = send(england, patient, "record/", **clock("left", NOW))
    assert response.status_code == 400
    for sentence in ("What kind of movement?", "Where to?", "What for?", "Are they back?"):
        assert sentence in text(response)
    given = {**SAID, **clock("left", NOW - HOUR), "is_back": "yes", **clock("back", NOW - 2 * HOUR)}
    response = send(england, patient, "record/", **given)
    assert response.status_code == 409
    assert "The return must be after the leaving" in text(response)
    assert "Plea hearing" in response.content.decode()


def test_a_late_return_is_shown(england, patient, time_machine):
    row = out(england, patient, due_back_at=NOW + HOUR)
    time_machine.move_to(NOW + 2 * HOUR, tick=False)
    page = text(client_of(england.lena).get(page_of(patient)))
    assert "At court since 09:00, late: was expected back 10:00." in page
    send(england, patient, f"{row.public_id}/return/", **boxes("on", TODAY))
    assert "Returned late" in text(client_of(england.lena).get(f"{page_of(patient)}leave/"))


def test_it_is_corrected_and_removed_with_why(england, patient):
    row = out(england, patient, at=NOW - 2 * HOUR)
    movements.return_movement(row, at=NOW - HOUR, by=actor_of(england.lena))
    row.refresh_from_db()
    part = f"{row.public_id}/correct/"
    shown = client_of(england.lena).get(address(patient, part)).content.decode()
    assert 'value="08:00"' in shown
    given = {**SAID, "kind": "emergency", **clock("left", NOW - 3 * HOUR), "version": row.version}
    given |= {"how": "returned", **clock("back", NOW), "why": "Misread."}
    assert send(england, patient, part, **{**given, "version": 9}).status_code == 409
    assert send(england, patient, part, **{**given, "why": ""}).status_code == 400
    assert send(england, patient, part, **given).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.left_at, row.ended_at) == ("emergency", NOW - 3 * HOUR, NOW)
    given |= {"how": "not_back", "version": row.version}
    assert send(england, patient, part, **given).status_code == 302
    assert Leave.objects.current().get().ended_as == ""
    part = f"{row.public_id}/remove/"
    assert send(england, patient, part, why="Another person.").status_code == 302
    assert not Leave.objects.current().exists()


def test_the_transfer_says_that_they_are_out_to_those_who_may_know_who_they_are(england):
    referral = accepted(england)
    out(england, referral.patient, due_back_at=NOW + DAY)
    sentence = "At court since 09:00, expected back 3 March 2026, 09:00."
    page = f"/transfers/{referral.public_id}/"
    for who in ("lena", "ines", "maya", "carl"):
        assert sentence in text(client_of(getattr(england, who)).get(page)), who
    for who in ("anna", "adam"):
        response = client_of(getattr(england, who)).get(page)
        assert response.status_code == 200
        assert "At court" not in text(response), who


def test_the_transfer_offers_it_to_the_prison_that_has_the_person(england):
    referral = asked(england)
    page, link = f"/transfers/{referral.public_id}/", address(referral.patient, "record/")
    assert link in client_of(england.lena).get(page).content.decode()
    for who in ("maya", "carl", "anna"):
        assert link not in client_of(getattr(england, who)).get(page).content.decode(), who


def test_a_time_alone_is_of_the_day_on_which_they_left(england, patient):
    given = {**SAID, **clock("left", NOW - DAY), "is_back": "no", "due_time": "16:00"}
    assert send(england, patient, "record/", **given).status_code == 302
    assert Leave.objects.get().due_back_at == NOW - DAY + 7 * HOUR


def test_home_of_the_prison_and_of_the_ward_says_who_is_due_and_late_once(england, patient, time_machine):
    out(england, patient, due_back_at=NOW + HOUR, kind="emergency")
    out(england, in_bed(england), who="maya", due_back_at=NOW + HOUR)
    sentences = {"lena": "Due back from A&E at 10:00", "ines": "Due back from A&E at 10:00"}
    for who, sentence in {**sentences, "maya": "Due back from court at 10:00"}.items():
        assert text(client_of(getattr(england, who)).get("/")).count(sentence) == 1, who
    assert "Due back" not in text(client_of(england.owen).get("/"))
    time_machine.move_to(NOW + 2 * HOUR, tick=False)
    home = text(client_of(england.lena).get("/"))
    assert "Late back from A&E: was due 2 March 2026, 10:00" in home


def test_the_ward_of_a_trial_is_told_who_is_due_back_to_it(england):
    patient = in_bed(england)
    on_trial(england, patient, at=NOW - DAY)
    out(england, patient, who="luke", due_back_at=NOW + HOUR)
    assert "Due back from court at 10:00" in text(client_of(england.luke).get("/"))


def test_nobody_has_left_the_spell_by_being_out(england):
    patient = in_bed(england)
    out(england, patient, who="maya", at=NOW - 30 * DAY)
    page = text(client_of(england.maya).get(page_of(patient)))
    assert "At court since" in page
    assert "Over 28 days" not in page


def test_the_list_has_leave_and_movements_and_links_what_each_may_correct(england):
    patient = in_bed(england)
    row = leave.return_leave(
        away(england, patient, at=NOW - 3 * DAY), at=NOW - DAY, by=actor_of(england.maya)
    )
    movement = out(england, patient, who="maya")
    page = client_of(england.maya).get(f"{page_of(patient)}leave/").content.decode()
    assert f"{page_of(patient)}leave/{row.public_id}/correct/" in page
    assert address(patient, f"{movement.public_id}/correct/") in page
    assert "1 row " in text(client_of(england.maya).get(f"{page_of(patient)}leave/?kind=court"))
    assert "Over 28 days" not in page


def test_a_liaison_may_record_movements_and_no_leave(england, patient):
    page = text(client_of(england.lena).get(page_of(patient)))
    assert "Record court, A&E or an escort" in page
    assert "Plan leave" not in page
