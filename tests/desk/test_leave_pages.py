"""The pages of leave: who may, each step by its form, what is refused, the list, and what Home says."""

from datetime import timedelta

import pytest

from accounts.rights import Role
from pathways.actions import leave
from pathways.codes import Act
from pathways.days import LONDON
from pathways.models import BedUse, Leave, MissingAuthority
from tests.pathways.leave_world import away, consent, hold, in_bed, terms, trial_terms
from tests.referrals.asking import boxes, text
from tests.referrals.sending import hidden
from tests.world import NOW, TODAY, a_user, actor_of, client_of, member

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def patient(england):
    return in_bed(england)


def address(patient, part=""):
    return f"/patients/{patient.public_id}/leave/{part}"


def of(row, verb):
    return f"{row.public_id}/{verb}/"


def clock(name, at):
    """A date in three boxes and a time beside it."""
    local = at.astimezone(LONDON)
    return {**boxes(f"{name}_on", local.date()), f"{name}_time": f"{local:%H:%M}"}


def due(at):
    return {**boxes("due_back", at.date()), "due_time": f"{at:%H:%M}"}


AGREED = {"agreed_by": "Dr A Pemberton", "conditions": "No alcohol."}


def send(england, patient, part, who="maya", **given):
    return client_of(getattr(england, who)).post(address(patient, part), given)


def planned(england, patient, **known):
    at = known.pop("planned_from", NOW + HOUR)
    agreed = known.pop("agreed", None) or terms(known.pop("kind", "overnight"), due_back_at=at + DAY)
    return leave.plan_leave(patient, planned_from=at, terms=agreed, by=actor_of(england.maya))


def test_each_role_has_its_answer(england, patient):
    row = planned(england, patient)
    member(england.lena, Role.LIAISON, service=england.ashdown)
    doctor = a_user("Dora")
    member(doctor, Role.CLINICIAN, service=england.ashdown)
    verbs = ("begin", "return", "absent", "stay", "cancel", "correct", "remove")
    for page in ("plan/", "record/", *(of(row, verb) for verb in verbs)):
        full = address(patient, page)
        assert client_of(doctor).get(full).status_code == 200, page
        assert client_of(england.sam).get(full).status_code == 404, page
        for user in (england.lena, england.anna, england.carl, england.adam):
            assert client_of(user).get(full).status_code == 403, page
    assert client_of(doctor).get(address(patient)).status_code == 200
    assert client_of(england.sam).get(address(patient)).status_code == 404
    assert client_of(england.anna).get(address(patient)).status_code == 403


def test_leave_of_another_person_is_not_found_under_this_one(england, patient):
    row, other = planned(england, patient), in_bed(england, bed=england.second_bed)
    assert client_of(england.maya).get(address(other, of(row, "begin"))).status_code == 404


def test_leave_is_planned_begun_and_over(england, patient):
    given = {"kind": "overnight", **clock("planned", NOW + HOUR), **due(NOW + DAY), **AGREED}
    response = send(england, patient, "plan/", **given)
    assert (response.status_code, response.url[-6:]) == (302, "#leave")
    row = Leave.objects.get()
    assert (row.planned_from, row.due_back_at, row.conditions) == (NOW + HOUR, NOW + DAY, "No alcohol.")
    page = text(client_of(england.maya).get(f"/patients/{patient.public_id}/"))
    assert "Overnight leave Planned From 2 March 2026, 10:00, due back 3 March 2026, 09:00" in page
    assert "Conditions: No alcohol." in page
    assert send(england, patient, of(row, "begin"), **boxes("on", TODAY)).status_code == 302
    page = text(client_of(england.maya).get(address(patient)))
    assert "On leave" in page
    assert "Alder ward, bed 1 is kept for them" in page
    back = {**boxes("on", TODAY), "at_time": "09:00", "how": "returned"}
    response = send(england, patient, of(row, "return"), **back)
    assert response.status_code == 409
    assert "The return must be after the leaving" in text(response)


def test_a_return_is_late_or_recalled(england, patient, time_machine):
    row = away(england, patient, due_back_at=NOW + HOUR)
    time_machine.move_to(NOW + 2 * HOUR, tick=False)
    assert "Late" in text(client_of(england.maya).get(address(patient)))
    assert send(england, patient, of(row, "return"), **boxes("on", TODAY), how="recalled").status_code == 400
    send(england, patient, of(row, "return"), **boxes("on", TODAY), how="returned")
    assert "Returned late" in text(client_of(england.maya).get(address(patient)))


def test_a_plan_without_its_authority_is_refused_and_keeps_what_was_typed(england):
    patient = in_bed(england, code="09")
    given = {"kind": "overnight", **clock("planned", NOW + HOUR), **due(NOW + DAY), **AGREED}
    response = send(england, patient, "plan/", **given)
    assert response.status_code == 409
    assert "needs the agreement of the Ministry of Justice" in text(response)
    assert "No alcohol." in text(response)
    assert not Leave.objects.exists()


def test_leave_that_has_been_is_recorded_without_authority_and_marked(england):
    patient = in_bed(england, code="09")
    given = {
        "kind": "escorted",
        "is_back": "yes",
        **clock("left", NOW - 3 * HOUR),
        **clock("back", NOW - HOUR),
    }
    assert send(england, patient, "record/", **given).status_code == 302
    row = Leave.objects.get()
    assert (row.left_at, row.ended_at, row.ended_as) == (NOW - 3 * HOUR, NOW - HOUR, "returned")
    assert MissingAuthority.objects.get().about_id == row.pk
    assert "Without authority on record" in text(client_of(england.maya).get(address(patient)))


def test_a_trial_is_recorded_with_the_bed_asked_for_once_its_ward_is_known(england, patient):
    hold(england, patient, since=NOW - HOUR)
    given = {
        "kind": "trial",
        "to_ward": str(england.brook_ward.public_id),
        "is_back": "no",
        **clock("left", NOW),
        **due(NOW + 14 * DAY),
        "agreed_by": "Dr A Pemberton",
    }
    response = send(england, patient, "record/", **given)
    assert response.status_code == 400
    assert "Choose the bed too" in text(response)
    assert "Held for this person" in text(response)
    given |= {"bed": str(england.brook_bed.public_id), "exception_why": ""}
    assert send(england, patient, "record/", **given).status_code == 302
    slept = BedUse.objects.current().filter(patient=patient, purpose="occupied", during__upper_inf=True)
    assert slept.get().bed == england.brook_bed


def test_a_planned_trial_begins_in_a_bed_there_and_becomes_a_stay(england, patient):
    row = planned(england, patient, planned_from=NOW, agreed=trial_terms(england))
    hold(england, patient, since=NOW)
    page = text(client_of(england.maya).get(address(patient, of(row, "begin"))))
    assert "Birch ward, bed 1" in page
    given = {**boxes("on", TODAY), "bed": str(england.brook_bed.public_id), "exception_why": ""}
    assert send(england, patient, of(row, "begin"), **given).status_code == 302
    shown = text(client_of(england.luke).get(address(patient)))
    assert "Trial leave to Brook House, Birch ward" in shown
    assert "They stay there" in shown
    bed = text(client_of(england.luke).get(f"/beds/{england.brook_bed.public_id}/"))
    assert "On trial leave from another ward" in bed


def test_a_trial_becomes_a_stay_by_the_page(england, patient, time_machine):
    hold(england, patient)
    by = actor_of(england.maya)
    row = leave.record_leave(patient, left_at=NOW, terms=trial_terms(england), bed=england.brook_bed, by=by)
    time_machine.move_to(NOW + DAY, tick=False)
    assert send(england, patient, of(row, "stay"), "luke", **boxes("on", TODAY + DAY)).status_code == 302
    assert Leave.objects.get(pk=row.pk).ended_as == "moved"


def test_absence_is_recorded_with_who_was_told(england, patient, time_machine):
    row = away(england, patient, "unescorted", due_back_at=NOW + HOUR)
    time_machine.move_to(NOW + 5 * HOUR, tick=False)
    assert send(england, patient, of(row, "absent"), **boxes("on", TODAY)).status_code == 400
    given = {**boxes("on", TODAY), "at_time": "11:00", "told": "Police and family."}
    assert send(england, patient, of(row, "absent"), **given).status_code == 302
    assert "Missed since 2 March 2026, 11:00" in text(client_of(england.maya).get(address(patient)))
    home = text(client_of(england.maya).get("/"))
    assert "Absent without leave since 2 March 2026, 11:00" in home


def test_it_is_cancelled_corrected_and_removed_with_why(england, patient):
    row = planned(england, patient)
    assert send(england, patient, of(row, "cancel"), why="").status_code == 400
    assert send(england, patient, of(row, "cancel"), why="Unwell.").status_code == 302
    row = away(england, patient, at=NOW - HOUR)
    correct = {"kind": "overnight", **clock("left", NOW - 2 * HOUR), "why": "Misread."}
    assert send(england, patient, of(row, "correct"), **correct, version=9).status_code == 409
    page = client_of(england.maya).get(address(patient, of(row, "correct")))
    assert 'value="08:00"' in page.content.decode()
    assert send(england, patient, of(row, "correct"), **correct, version=row.version).status_code == 302
    assert Leave.objects.get(pk=row.pk).left_at == NOW - 2 * HOUR
    assert send(england, patient, of(row, "remove"), why="Another person.").status_code == 302
    assert [one.ended_as for one in Leave.objects.current()] == ["cancelled"]


def test_how_a_leave_ended_is_put_right_once_what_it_goes_against_was_seen(england, patient):
    row = away(england, patient, at=NOW - 3 * DAY)
    row = leave.return_leave(row, at=NOW - DAY, by=actor_of(england.maya, at=NOW - DAY))
    part = of(row, "correct")
    page = client_of(england.maya).get(address(patient, part))
    assert "How did the leave end?" in text(page)
    given = {"kind": "overnight", **clock("left", NOW - 3 * DAY), "version": row.version, "why": "Misread."}
    given |= {"how": "not_back", **clock("back", NOW - DAY)}
    response = send(england, patient, part, **given)
    assert response.status_code == 409
    assert "They are recorded as back since 1 March 2026, 09:00. They would still be away." in text(response)
    assert "Correct the leave all the same" in text(response)
    row.refresh_from_db()
    assert row.ended_as == "returned"
    checked = hidden(response)["checked"]
    assert send(england, patient, part, **given, checked=checked).status_code == 302
    row.refresh_from_db()
    assert (row.ended_as, row.ended_at) == ("", None)


def test_a_recall_says_why_when_a_return_is_put_right(england, patient):
    row = away(england, patient, at=NOW - 3 * DAY)
    row = leave.return_leave(row, at=NOW - DAY, by=actor_of(england.maya, at=NOW - DAY))
    given = {"kind": "overnight", **clock("left", NOW - 3 * DAY), **clock("back", NOW - DAY)}
    given |= {"how": "recalled", "version": row.version, "why": "Misread."}
    assert send(england, patient, of(row, "correct"), **given).status_code == 400
    assert send(england, patient, of(row, "correct"), **given, recall_why="Drinking.").status_code == 302
    row.refresh_from_db()
    assert (row.ended_as, row.ended_why) == ("recalled", "Drinking.")


def test_the_list_is_sorted_filtered_printed_and_taken_away(england, patient):
    leave.return_leave(away(england, patient, at=NOW - 3 * DAY), at=NOW - DAY, by=actor_of(england.maya))
    planned(england, patient, kind="escorted")
    client = client_of(england.maya)
    page = text(client.get(address(patient)))
    assert page.index("Escorted leave") < page.index("Overnight leave")
    assert "1 row " in text(client.get(address(patient, "?kind=overnight")))
    file = client.get(address(patient, "?format=csv")).getvalue().decode()
    assert "Overnight leave" in file
    assert "Returned" in file
    assert client.get(address(patient, "?format=print")).status_code == 200


def test_who_may_not_read_clinical_text_sees_no_conditions(england, patient):
    agreed = terms("overnight", due_back_at=NOW + DAY, conditions="No alcohol.")
    planned(england, patient, agreed=agreed)
    member(england.lena, Role.LIAISON, service=england.ashdown)
    page = text(client_of(england.lena).get(f"/patients/{patient.public_id}/"))
    assert "Overnight leave" in page
    assert "No alcohol." not in page


def test_home_says_who_is_due_late_to_go_and_away_too_long(england, patient, time_machine):
    row = away(england, patient, due_back_at=NOW + HOUR)
    other = in_bed(england, bed=england.second_bed)
    planned(england, other, planned_from=NOW + 2 * HOUR)
    home = text(client_of(england.maya).get("/"))
    assert "Due back from overnight leave at 10:00" in home
    assert "Overnight leave, to leave 2 March 2026, 11:00" in home
    assert "Due back" not in text(client_of(england.sam).get("/"))
    assert "over 28 days" not in home
    time_machine.move_to(NOW + 2 * HOUR, tick=False)
    assert "Late back from overnight leave: was due 2 March 2026, 10:00" in text(
        client_of(england.maya).get("/")
    )
    time_machine.move_to(NOW + 28 * DAY, tick=False)
    assert "over 28 days" not in text(client_of(england.maya).get("/"))
    time_machine.move_to(NOW + 29 * DAY, tick=False)
    assert "On leave over 28 days, which ends the spell" in text(client_of(england.maya).get("/"))
    assert "Over 28 days" in text(client_of(england.maya).get(address(patient)))
    leave.release_kept_bed(
        BedUse.objects.current().get(about_id=row.pk),
        why="Needed.",
        by=actor_of(england.maya, at=NOW + 29 * DAY),
    )
    assert "over 28 days" not in text(client_of(england.maya).get("/"))
    assert "Their bed was released" in text(client_of(england.maya).get(address(patient)))


def test_the_trial_ward_sees_who_is_due_back(england, patient):
    hold(england, patient)
    agreed = trial_terms(england, due_back_at=NOW + HOUR)
    leave.record_leave(patient, left_at=NOW, terms=agreed, bed=england.brook_bed, by=actor_of(england.maya))
    assert "Due back from trial leave to another ward at 10:00" in text(client_of(england.luke).get("/"))


def test_a_kept_bed_is_released_on_its_page(england, patient):
    away(england, patient, at=NOW - DAY)
    page = f"/beds/{england.bed.public_id}/"
    assert "Release the bed" in text(client_of(england.maya).get(page))
    assert "Release the bed" not in text(client_of(england.luke).get(page))
    use = BedUse.objects.current().get(purpose="leave")
    full = f"/beds/uses/{use.public_id}/release/"
    assert client_of(england.luke).get(full).status_code in (403, 404)
    assert client_of(england.maya).post(full, {"why": ""}).status_code == 400
    assert client_of(england.maya).post(full, {"why": "Needed."}).status_code == 302
    assert "Free." in text(client_of(england.maya).get(page))


def test_consent_lets_a_restricted_person_s_leave_be_planned(england):
    patient = in_bed(england, code="09")
    consent(england, patient, Act.ESCORTED_LEAVE)
    given = {"kind": "escorted", **clock("planned", NOW + HOUR), **due(NOW + 3 * HOUR), **AGREED}
    assert send(england, patient, "plan/", **given).status_code == 302
