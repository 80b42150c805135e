"""Recording where somebody is, on the page and by machine: late entry, conflicts first, correction, removal."""

import re
from datetime import timedelta

import pytest

from core.refusals import Conflicting
from pathways.actions import beds, placements
from pathways.days import LONDON, london_date
from pathways.models import BedUse, Patient, Placement
from tests.api.asking import do, read, stranger
from tests.desk.test_patients import address
from tests.referrals.asking import boxes, key_of, text
from tests.referrals.transfers import asked
from tests.world import a_patient, a_ward, actor_of, client_of, now

DAY = timedelta(days=1)


def known(england, patient, days, **where):
    """A move that was recorded as it happened."""
    at = now() - days * DAY
    return placements.place(patient, at=at, by=actor_of(england.maya, at=at), **where)


@pytest.fixture
def patient(england):
    """In prison, at Ashdown in a bed for 20 days."""
    patient = a_patient(england, since=now() - 100 * DAY)
    placement = known(england, patient, 20, service=england.ashdown, ward=england.ward)
    at = placement.during.lower
    beds.occupy_bed(england.bed, patient=patient, at=at, by=actor_of(england.maya, at=at))
    return patient


def on(days):
    return london_date(now() - days * DAY)


def at_service(service, days, **more):
    return {
        "kind": "service",
        "service": str(service.public_id),
        **boxes("on", on(days)),
        "at_time": "",
        **more,
    }


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def test_each_role_has_its_answer(england, patient):
    place = patient.placements.current().order_by("during").last()
    pages = ["place/", f"places/{place.public_id}/correct/", f"places/{place.public_id}/remove/"]
    for page in pages:
        assert client_of(england.maya).get(address(patient, page)).status_code == 200, page
        assert client_of(england.sam).get(address(patient, page)).status_code == 404, page
        for user in (england.anna, england.adam, england.carl):
            assert client_of(user).get(address(patient, page)).status_code == 403, page
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    for page in pages:
        assert client_of(england.maya).get(address(patient, page)).status_code == 404, page


def test_a_place_of_somebody_else_or_that_is_no_longer_believed_is_not_found(england, patient):
    other = a_patient(england, at_service=england.ashdown)
    client, place = client_of(england.maya), Placement.objects.open_of(other)
    assert client.get(address(patient, f"places/{place.public_id}/correct/")).status_code == 404
    corrected = placements.correct_placement(
        Placement.objects.open_of(patient),
        at=now() - 21 * DAY,
        why="X",
        by=actor_of(england.maya, at=now()),
    )
    gone = patient.placements.exclude(superseded_at=None).latest("pk")
    assert client.get(address(patient, f"places/{gone.public_id}/remove/")).status_code == 404
    assert client.get(address(patient, f"places/{corrected.public_id}/remove/")).status_code == 200


def test_the_ward_is_asked_once_the_hospital_is_chosen(england, patient):
    client = client_of(england.maya)
    page = client.get(address(patient, "place/"))
    key = key_of(page)
    given = at_service(england.brook, 1, submission=key)
    asked_again = client.post(address(patient, "place/"), given)
    assert asked_again.status_code == 200
    assert "On which ward?" in text(asked_again)
    assert "Birch" in text(asked_again)
    assert Placement.objects.open_of(patient).service == england.ashdown
    ward = str(england.brook_ward.public_id)
    assert client.post(address(patient, "place/"), {**given, "ward": ward}).status_code == 302
    here = Placement.objects.open_of(patient)
    assert (here.service, here.ward, here.start_time_known) == (england.brook, england.brook_ward, False)


def test_conflicts_are_shown_before_anything_is_written(england, patient):
    client, path = client_of(england.maya), address(patient, "place/")
    given = {
        "kind": "elsewhere",
        "elsewhere": "general_hospital",
        **boxes("on", on(30)),
        "submission": key_of(client.get(path)),
    }
    shown = client.post(path, given)
    assert shown.status_code == 409
    assert "Nothing is written yet" in text(shown)
    assert "they are recorded as at Ashdown Unit, Alder ward" in text(shown)
    assert "Record the place all the same" in text(shown)
    assert patient.placements.count() == 2
    assert client.post(path, {**given, "checked": hidden(shown, "checked")}).status_code == 302
    assert patient.placements.current().filter(elsewhere="general_hospital").exists()


def test_a_place_is_corrected_with_why_and_what_stood_is_shown(england, patient):
    client, place = client_of(england.maya), Placement.objects.open_of(patient)
    path = address(patient, f"places/{place.public_id}/correct/")
    page = client.get(path)
    given = at_service(
        england.ashdown,
        18,
        ward=str(england.ward.public_id),
        at_time="10:00",
        why="Came two days later",
        submission=key_of(page),
    )
    shown = client.post(path, given)
    assert shown.status_code == 409
    assert "They are recorded in bed 1 of Alder ward" in text(shown)
    assert client.post(path, {**given, "checked": hidden(shown, "checked")}).status_code == 302
    assert BedUse.objects.current().get(patient=patient).during.lower == (
        Placement.objects.open_of(patient).during.lower
    )
    page = text(client.get(address(patient)))
    assert "What was recorded before" in page
    assert "Came two days later" in page
    assert "Place corrected" in page


def test_a_correction_of_the_ward_alone_leaves_the_moment_as_it_was(england, patient):
    ward = a_ward(england.ashdown, "medium", name="Cedar")
    placements.place(
        patient,
        service=england.ashdown,
        at=now().replace(second=37) - DAY,
        by=actor_of(england.maya, at=now()),
    )
    client, place = client_of(england.maya), Placement.objects.open_of(patient)
    path = address(patient, f"places/{place.public_id}/correct/")
    page = client.get(path)
    given = at_service(
        england.ashdown,
        1,
        ward=str(ward.public_id),
        at_time=f"{place.during.lower.astimezone(LONDON):%H:%M}",
        why="The other ward",
        submission=key_of(page),
    )
    assert client.post(path, given).status_code == 302
    corrected = Placement.objects.open_of(patient)
    assert (corrected.ward, corrected.during.lower) == (ward, place.during.lower)


def test_somebody_was_but_is_not_now_at_a_service_that_has_closed(england, patient):
    for service in (england.brook, england.elsewhere):
        service.is_open = False
        service.save()
    client, path = client_of(england.maya), address(patient, "place/")
    page = client.get(path)
    assert "Brook House (closed)" in page.content.decode()
    given = at_service(england.brook, 0, ward="", submission=key_of(page))
    assert "That service has closed" in text(client.post(path, given))
    given = at_service(england.brook, 40, ward="", submission=key_of(page))
    seen = hidden(client.post(path, given), "checked")
    assert client.post(path, {**given, "checked": seen}).status_code == 302
    assert patient.placements.current().filter(service=england.brook).exists()
    place = Placement.objects.open_of(patient)
    path = address(patient, f"places/{place.public_id}/correct/")
    given = at_service(england.elsewhere, 20, why="It was there", submission=key_of(client.get(path)))
    assert "That service has closed" in text(client.post(path, given))


def test_a_place_is_removed_with_why(england, patient):
    client, place = client_of(england.maya), known(england, patient, 3, service=england.brook)
    path = address(patient, f"places/{place.public_id}/remove/")
    given = {"why": "Entered for somebody else", "submission": key_of(client.get(path))}
    assert client.post(path, {**given, "why": ""}).status_code == 400
    assert client.post(path, given).status_code == 302
    assert Placement.objects.open_of(patient).service == england.ashdown


def test_a_refusal_stands_beside_its_field(england, patient):
    client, path = client_of(england.maya), address(patient, "place/")
    given = at_service(
        england.ashdown, 10, ward=str(england.ward.public_id), submission=key_of(client.get(path))
    )
    refused = client.post(path, given)
    assert refused.status_code == 409
    assert "They are already recorded there at that time" in text(refused)


def test_an_open_transfer_is_pointed_at(england):
    person = a_patient(england)
    by = actor_of(england.lena, at=now())
    referral = asked(england, person, by=by, report_first_requested_on=on(0))
    assert referral.reference in text(client_of(england.lena).get(address(person, "place/")))


def api(patient, part):
    return f"patients/{patient.public_id}/{part}"


def test_machines_read_add_correct_and_remove(england, patient):
    brook = {"service": str(england.brook.public_id), "ward": str(england.brook_ward.public_id)}
    done = do(england.maya, api(patient, "place/"), {**brook, "on": on(1)})
    assert done.status_code == 200
    assert done.json()["location"] == f"/api/{api(patient, 'places/')}"
    line = read(england.maya, api(patient, "places/")).json()
    assert [row["service"]["name"] for row in line] == ["HMP Wexley", "Ashdown Unit", "Brook House"]
    newest = line[-1]["id"]
    correct = {"on": on(2), "why": "A day earlier"}
    refused = do(england.maya, api(patient, f"places/{newest}/correct/"), correct)
    assert refused.status_code == 409
    assert "in bed 1 of Alder ward" in refused.json()["conflicts"][0]
    checked = {**correct, "checked": refused.json()["checked"]}
    assert do(england.maya, api(patient, f"places/{newest}/correct/"), checked).status_code == 200
    newest = read(england.maya, api(patient, "places/")).json()[-1]["id"]
    assert do(england.maya, api(patient, f"places/{newest}/remove/"), {"why": "X"}).status_code == 200
    assert Placement.objects.open_of(patient).service == england.ashdown


def test_machines_that_may_not_are_refused(england, patient):
    newest = Placement.objects.open_of(patient).public_id
    verbs = {
        "place/": {"elsewhere": "released", "on": on(0)},
        f"places/{newest}/correct/": {"elsewhere": "released", "why": "X"},
        f"places/{newest}/remove/": {"why": "X"},
    }
    for part, body in verbs.items():
        where = f"/api/{api(patient, part)}"
        assert stranger().post(where, body, content_type="application/json").status_code == 401
        assert do(england.sam, api(patient, part), body).status_code == 404
        for user in (england.carl, england.adam):
            assert do(user, api(patient, part), body).status_code == 403
    assert read(england.sam, api(patient, "places/")).status_code == 404
    other = a_patient(england, at_service=england.ashdown)
    assert do(england.maya, api(other, f"places/{newest}/remove/"), {"why": "X"}).status_code == 404
    assert Placement.objects.open_of(patient).public_id == newest


def test_nights_without_a_bed_are_said_so_that_a_cut_one_is_not_lost(england, patient):
    by = actor_of(england.maya, at=now())
    where = {"elsewhere": "abroad", "at": now() - 8 * DAY, "by": by}
    placements.place(patient, **where)
    away, other = Placement.objects.open_of(patient), a_patient(england)
    beds.hold_bed(england.bed, patient=other, since=now(), until=now() + DAY, about=None, by=by)
    assert "No bed on record" not in text(client_of(england.maya).get(address(patient)))
    with pytest.raises(Conflicting) as gone:
        placements.remove_placement(away, why="They stayed", by=by)
    placements.remove_placement(away, why="They stayed", checked=gone.value.checked, by=by)
    assert "No bed on record for 9 days" in text(client_of(england.maya).get(address(patient)))


def test_the_page_says_how_long_the_hospital_has_had_them_on_all_its_wards(england, patient):
    other = a_ward(england.ashdown, "medium", name="Cedar")
    known(england, patient, 5, service=england.ashdown, ward=other)
    page = text(client_of(england.maya).get(address(patient)))
    assert "Ashdown Unit has had them since" in page
    assert "21 days" in page
    known(england, patient, 1, service=england.prison)
    assert "has had them since" not in text(client_of(england.maya).get(address(patient)))
