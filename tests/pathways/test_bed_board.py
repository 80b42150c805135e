"""The bed board: every bed of a day, whose it is only to those who may know, and never a bed of nobody's invention."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, AccessedPatient
from organisations.actions import designate_ward
from pathways.actions import bed_places, beds, placements, ward_beds
from pathways.models import Patient, Relationship
from tests.referrals.asking import text
from tests.world import NOW, TODAY, a_patient, a_ward, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def by(england):
    return actor_of(england.maya)


def inpatient(england, **known):
    patient = a_patient(england, **known)
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=actor_of(england.maya)
    )
    return patient


def in_bed(england, by, *, bed=None, at=-5, leaves=None, patient=None):
    return ward_beds.take_bed(
        bed or england.bed,
        patient=patient or inpatient(england),
        at=NOW + at * DAY,
        expected_end_at=NOW + leaves * DAY if leaves is not None else None,
        by=by,
    )


def promised(england, by, *, since=0, until=3, patient=None, bed=None):
    return ward_beds.hold_own_bed(
        bed or england.bed,
        patient=patient or inpatient(england),
        since=NOW + since * DAY,
        until=NOW + until * DAY,
        by=by,
    )


def shown(user, **asked):
    response = client_of(user).get("/beds/", asked)
    assert response.status_code == 200
    return text(response)


def rows(user, **asked):
    """The board as a file: the row of each bed by its ward and name."""
    response = client_of(user).get("/beds/", {"format": "csv", "where": "all", **asked})
    lines = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    return {f"{row['Ward']} {row['Bed']}": row for row in lines}


def on(days):
    return (TODAY + days * DAY).isoformat()


def test_each_state_in_words(england, by):
    person = in_bed(england, by, leaves=6).patient
    held_for = promised(england, by, bed=england.second_bed).patient
    england.ward.beds.create(name="3")
    closed = england.ward.beds.create(name="4")
    ward_beds.close_own_bed(closed, since=NOW, until=None, why="The window is broken.", by=by)
    page = shown(england.maya)
    assert f"● Occupied {person.full_name} Expected to leave 8 Mar 2026" in page
    assert f"◔ Held {held_for.full_name} To 5 Mar 2026" in page
    assert "○ Free" in page
    assert "✕ Closed Until further notice The window is broken." in page
    assert "Net balance 1 (2 empty less 1 held)" in page
    assert "4 beds: 1 free, 1 held, 1 occupied, 1 closed." in page
    assert "Medium secure, men" in page


def test_one_s_own_services_come_first_and_everything_is_one_choice_away(england):
    assert "Brook House" not in shown(england.maya)
    assert "Brook House" in shown(england.maya, where="all")
    for user in (england.anna, england.ines):  # a commissioner and an in-reach team look at their region
        assert "Brook House" in shown(user)
        assert "Region: Middle Shires" in shown(user)


@pytest.mark.parametrize(
    ("asked", "wards"),
    [
        ({"tier": "low"}, {"Birch"}),
        ({"tier": "medium"}, {"Alder"}),
        ({"gender": "women"}, set()),
        ({"gender": "men"}, {"Alder", "Birch"}),
        ({"region": "Y99"}, {"Alder", "Birch"}),
        ({"region": "Y00"}, {"Alder", "Birch"}),  # no such choice
        ({"specialty": "autism"}, {"Birch"}),
        ({"where": "mine"}, {"Alder"}),
    ],
)
def test_filters_of_the_address(england, by, asked, wards):
    designate_ward(
        england.brook_ward, tier="low", gender="men", specialties=["autism"], since=TODAY, why="New.", by=by
    )
    assert {row["Ward"] for row in rows(england.maya, **asked).values()} == wards


def test_by_provider(england):
    found = rows(england.maya, provider=str(england.brook.provider.public_id))
    assert {row["Service"] for row in found.values()} == {"Brook House"}


def test_an_empty_board_says_what_to_do(england):
    assert "No bed fits. Remove a filter" in shown(england.maya, gender="women")
    england.ward.designations.update(superseded_at=NOW)
    england.brook_ward.designations.update(superseded_at=NOW)
    assert "No bed fits" in shown(england.maya)


def test_names_are_for_those_who_may_open_the_person(england, by):
    person = in_bed(england, by, leaves=6).patient
    mine, strangers = rows(england.maya)["Alder 1"], rows(england.sam)["Alder 1"]
    assert (mine["State"], mine["Person"]) == ("Occupied", person.full_name)
    assert (strangers["State"], strangers["Person"]) == ("Occupied", "")
    # What a stranger needs to plan, and whom to ring.
    wanted = ("Until", "Tier", "Takes", "Ring")
    assert [strangers[name] for name in wanted] == [
        "2026-03-08 09:00",
        "Medium secure",
        "Men",
        england.ashdown.referral_telephone,
    ]
    assert person.family_name.upper() not in shown(england.anna)


def test_somebody_with_restricted_access_is_counted_and_masked_and_the_bed_is_never_free(england, by):
    person = in_bed(england, by, leaves=2).patient
    Patient.objects.filter(pk=person.pk).update(has_restricted_access=True)
    assert rows(england.maya)["Alder 1"]["State"] == "Occupied (restricted)"
    assert rows(england.maya, on=on(4))["Alder 1"]["State"] == "Occupied (restricted)"
    page = shown(england.maya)
    assert person.family_name.upper() not in page
    assert "1 free, 1 occupied" in page
    Relationship.objects.create(
        patient=person, user=england.maya, basis="named", during=(NOW - DAY, NOW + DAY)
    )
    assert rows(england.maya)["Alder 1"]["Person"] == person.full_name


def test_the_next_promise_is_named_only_to_those_who_may_open_the_person(england, by):
    in_bed(england, by, leaves=2)
    coming = promised(england, by, since=2, until=5).patient
    assert (
        rows(england.maya)["Alder 1"]["Next"] == f"Held for {coming.full_name} from 4 Mar 2026 to 7 Mar 2026"
    )
    assert rows(england.sam)["Alder 1"]["Next"] == "Held from 4 Mar 2026 to 7 Mar 2026"


def test_a_past_day_as_it_was_and_a_day_to_come_as_it_is_planned(england, by):
    first = inpatient(england)
    in_bed(england, by, at=-9, patient=first)
    beds.vacate_bed(first, at=NOW - 4 * DAY, by=by)
    second = in_bed(england, by, at=-2, leaves=3).patient
    promised(england, by, since=3, until=6)
    states = {days: rows(england.maya, on=on(days))["Alder 1"] for days in (-20, -5, -3, 0, 2, 3, 7)}
    assert {days: row["State"] for days, row in states.items()} == {
        -20: "Free",
        -5: "Occupied",
        -3: "Free",
        0: "Occupied",
        2: "Occupied",
        3: "Held",
        7: "Expected free",
    }
    assert states[-5]["Person"] == first.full_name
    assert states[2]["Person"] == second.full_name


def test_somebody_who_stays_too_long_is_in_the_bed_and_the_ward_is_short_of_one(england, by, time_machine):
    in_bed(england, by, leaves=1)
    promised(england, by, since=1, until=9)
    time_machine.move_to(NOW + 2 * DAY, tick=False)
    page = shown(england.maya)
    assert "● Occupied" in page
    assert "Was expected to leave 3 Mar 2026" in page
    assert "Net balance 0 (1 empty less 1 held)" in page
    in_bed(england, actor_of(england.maya, at=NOW + 2 * DAY), bed=england.second_bed, at=2)
    assert "Net balance −1 (0 empty less 1 held)" in shown(england.maya)


def test_a_correction_shows_on_every_day_as_believed_now(england, by):
    use = in_bed(england, by, at=-5)
    use.supersede(by=by, why="It was the other bed.")
    assert rows(england.maya, on=on(-2))["Alder 1"]["State"] == "Free"


def test_the_ward_is_what_it_was_on_that_day(england, by):
    designate_ward(england.ward, tier="low", gender="women", since=TODAY, why="New.", by=by)
    assert rows(england.maya)["Alder 1"]["Takes"] == "Women"
    assert rows(england.maya, on=on(-1))["Alder 1"]["Tier"] == "Medium secure"


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-02-30", "9999-01-01", "0001-01-01"])
def test_a_day_that_is_none_is_today(england, typed):
    assert 'value="2026-03-02"' in client_of(england.maya).get("/beds/", {"on": typed}).content.decode()


def test_exceptions_are_counted(england, by):
    woman = inpatient(england, stated_gender="2")
    ward_beds.hold_own_bed(
        england.bed, patient=woman, since=NOW, until=NOW + DAY, exception_why="Agreed with her.", by=by
    )
    page = shown(england.maya)
    assert "1 by exception" in page
    assert "Agreed with her" not in page


@pytest.mark.parametrize(("shape", "action"), [("", "list"), ("csv", "export"), ("print", "print")])
def test_who_was_named_is_in_the_read_log(england, by, shape, action):
    person = in_bed(england, by).patient
    asked = {"format": shape} if shape else {}
    for user, count in ((england.maya, 1), (england.sam, 0)):
        response = client_of(user).get("/beds/", {"where": "all", **asked})
        b"".join(response) if response.streaming else response.content
        entry = Access.objects.filter(page="pathways:beds").latest("pk")
        assert (entry.action, entry.user_id, entry.people) == (action, user.pk, count)
    assert AccessedPatient.objects.filter(patient_id=person.pk).exists()


def test_on_paper_a_list_for_each_ward(england, by):
    person = in_bed(england, by).patient
    page = shown(england.maya, format="print")
    assert f"1 ● Occupied {person.full_name} 17 May 1990" in page
    assert "Printed" in page


def test_who_comes_in(england):
    allowed = {"maya": 200, "sam": 200, "anna": 200, "carl": 200, "lena": 403, "adam": 403}
    found = {name: client_of(getattr(england, name)).get("/beds/").status_code for name in allowed}
    assert found == allowed
    assert 'href="/beds/"' in client_of(england.anna).get("/beds/").content.decode()


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/beds/", {"where": "all"}).status_code == 200
    return len(captured)


def test_as_many_queries_for_ten_wards_as_for_one(england, by):
    in_bed(england, by)
    client = client_of(england.maya)
    _queries(client)
    few = _queries(client)
    for number in range(10):
        ward = a_ward(england.ashdown, "medium", name=f"Ward {number}")
        for name in range(5):
            in_bed(england, by, bed=ward.beds.create(name=str(name)))
    assert _queries(client) == few


def test_a_bed_given_up_since_is_on_the_board_of_a_day_on_which_somebody_slept_in_it(england, by):
    person = in_bed(england, by, at=-20, patient=inpatient(england)).patient
    beds.vacate_bed(person, at=NOW - 2 * DAY, by=by)
    bed_places.give_up_bed(england.bed, since=TODAY, why="An office.", by=by)
    past = shown(england.maya, on=on(-5))
    assert f"● Occupied {person.full_name} Left 28 Feb 2026" in past
    assert "Alder 1" in rows(england.maya, on=on(-1))
    assert "Alder 1" not in rows(england.maya)


def test_a_bed_is_on_the_boards_of_the_days_on_which_its_ward_has_it(england, by):
    bed_places.give_up_bed(england.bed, since=TODAY + 3 * DAY, why="An office.", by=by)
    bed_places.add_bed(england.ward, name="3", since=TODAY + 5 * DAY, by=by)
    there = {day: set(rows(england.maya, on=on(day))) for day in (-400, 0, 2, 3, 4, 5, 400)}
    old, new = "Alder 1", "Alder 3"
    assert {day for day, found in there.items() if old in found} == {-400, 0, 2}
    assert {day for day, found in there.items() if new in found} == {5, 400}
    assert rows(england.maya)[old]["Next"] == "Not in use from 5 Mar 2026"


def test_a_ward_that_is_closed_is_on_the_board_with_whoever_stayed(england, by):
    person = in_bed(england, by, leaves=4).patient
    bed_places.close_ward(england.ward, since=TODAY + 5 * DAY, why="It moves.", by=by)
    assert "Alder 2" in rows(england.maya, on=on(4))
    assert not [name for name in rows(england.maya, on=on(5)) if name.startswith("Alder")]
    person.bed_uses.update(expected_end_at=None)
    assert "Alder 1" in rows(england.maya, on=on(5))
