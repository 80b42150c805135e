"""Find a bed: what is met and what is not, in the order of the rules, for those who may act on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.actions import change_criterion
from organisations.models import AdmissionCriterion, Region
from pathways.actions import bed_places, ward_beds
from pathways.actions import beds as bed_uses
from tests.referrals.matching_world import (
    DAY,
    becomes_for_autism,
    in_bed,
    inpatient,
    keeps_apart,
    page,
    redesignated,
    rows,
)
from tests.referrals.sending import address, says
from tests.referrals.transfers import accepted, asked, assessed, bedded, decided
from tests.world import NOW, a_service, a_ward, actor_of, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_wards_stand_in_order_with_every_constraint(england):
    a_ward(england.ashdown, "medium", name="Willow", gender="women")
    referral = accepted(england)
    found = rows(england.maya, referral)
    assert list(found) == ["Ashdown Unit, Alder", "Ashdown Unit, Willow", "Brook House, Birch"]
    assert found["Ashdown Unit, Alder"] == {
        "Place in the order": "1",
        "Service": "Ashdown Unit",
        "Provider": "Ashdown Trust",
        "Ring": "01632 960001",
        "Ward": "Alder",
        "Keeping apart": "Met. No conflict on this ward",
        "Tier": "Met. Medium secure, as recommended",
        "Ward gender": "Met. Men, as recommended",
        "Specialty": "Met. For all",
        "Admission criteria": "To ask. 1 to be read by a person (to ask: Gender: Men aged 18 and over)",
        "The service's decision": "Met. Accepted",
        "Distance": "Met. Middle Shires, the home region",
        "Free from when": "Met. 2 beds free now.",
        "Beds": "1: Free now; 2: Free now",
    }
    shown = says(page(england.maya, referral))
    assert shown.index("1. Ashdown Unit, Alder ward") < shown.index("2. Ashdown Unit, Willow ward")
    assert "There is no score, and nothing is chosen for you." in shown
    assert "Keeping apart: nobody on the ward whom the person must not meet" in shown


def becomes_high(england, referral):
    redesignated(england, tier="high")


def becomes_for_women(england, referral):
    redesignated(england, gender="women")


def takes_women(england, referral):
    one = england.ashdown.criteria.get()
    change_criterion(
        one,
        version=one.version,
        kind="gender",
        takes=True,
        words="Women",
        covers=["women"],
        is_open=True,
        by=actor_of(england.adam),
    )


def declines(england, referral):
    assessed(england, referral)
    decided(england, referral, outcome="declined", reason="no_bed")


def moves_far_away(england, referral):
    england.ashdown.region = Region.objects.create(code="Y56", name="London")
    england.ashdown.save()


def fills(england, referral):
    for bed in (england.bed, england.second_bed):
        in_bed(england, bed)


UNMET = [
    (keeps_apart, "Keeping apart", "Not met. Conflict on this ward: ask its security lead"),
    (becomes_high, "Tier", "Not met. High secure; medium secure is recommended"),
    (
        becomes_for_women,
        "Ward gender",
        "Not met. Women; a ward for men is recommended: to give a bed here needs a reason",
    ),
    (becomes_for_autism, "Specialty", "Not met. Autism only: to give a bed here needs a reason"),
    (takes_women, "Admission criteria", "Not met. 1 not met (not met: Gender: Women)"),
    (declines, "The service's decision", "Not met. Declined"),
    (moves_far_away, "Distance", "Not met. London, further away"),
    (fills, "Free from when", "Not met. No bed has a date."),
]


@pytest.mark.parametrize(("happens", "heading", "words"), UNMET)
def test_an_unmet_constraint_of_each_kind(england, happens, heading, words):
    referral = asked(england)
    if happens is not declines:
        assessed(england, referral)
    happens(england, referral)
    found = rows(england.maya, referral)["Ashdown Unit, Alder"]
    assert found[heading] == words
    told = words.removeprefix("Not met. ").split(" (")[0]
    shown = says(page(england.maya, referral))
    assert f"Not met. {told}" in shown
    assert "Otherperson" not in shown
    assert "They fought" not in shown


def test_a_file_and_a_page_name_nobody_but_the_person(england):
    referral = accepted(england)
    other = keeps_apart(england, referral)
    for user in (england.maya, england.lena, england.carl):
        for shape in ("", "csv", "print"):
            response = page(user, referral, format=shape)
            said = response.getvalue().decode() if shape == "csv" else response.content.decode()
            assert other.family_name.casefold() not in said.casefold()
            assert str(other.public_id) not in said


def test_when_a_bed_is_free_and_who_waits_before(england):
    referral = asked(england)
    in_bed(england, england.bed, leaves=4)
    ward_beds.hold_own_bed(
        england.second_bed,
        patient=inpatient(england),
        since=NOW,
        until=NOW + 6 * DAY,
        by=actor_of(england.maya),
    )
    found = rows(england.maya, referral)["Ashdown Unit, Alder"]
    assert found["Free from when"] == "To ask. Free from 6 March 2026, when a departure is expected."
    assert found["Beds"] == (
        "1: Free from 6 March 2026, when a departure is expected; 2: Free from 8 March 2026, until when it is held"
    )
    assert rows(england.maya, referral, free="now").keys() == {"Brook House, Birch"}
    accepted(england)
    waits = rows(england.maya, referral)["Ashdown Unit, Alder"]["Free from when"]
    assert waits.endswith("expected. 1 waits for such a bed before them.")


def test_a_departure_that_was_expected_and_is_not_recorded_leaves_no_bed_free(england, time_machine):
    referral = asked(england)
    for bed in (england.bed, england.second_bed):
        in_bed(england, bed, leaves=1)
    time_machine.move_to(NOW + 2 * DAY, tick=False)
    words = rows(england.maya, referral)["Ashdown Unit, Alder"]["Free from when"]
    assert words == "To ask. A departure was expected by 3 March 2026 and is not recorded: ring."


def test_closed_beds_and_beds_out_of_use(england):
    referral = asked(england)
    by = actor_of(england.maya)
    ward_beds.close_own_bed(england.bed, since=NOW, until=NOW + 9 * DAY, why="Repairs", by=by)
    found = rows(england.maya, referral)["Ashdown Unit, Alder"]
    assert found["Beds"] == "2: Free now; 1: Free from 11 March 2026, until when it is closed"
    later = (NOW + 5 * DAY).date()
    bed_places.give_up_bed(england.second_bed, since=later, why="An office", by=by)
    bed_places.add_bed(england.ward, name="3", since=later, by=by)
    found = rows(england.maya, referral)["Ashdown Unit, Alder"]["Beds"]
    assert "2:" not in found
    assert "3: Free from 7 March 2026, when it comes into use" in found


def test_only_the_more_urgent_and_those_as_urgent_are_before(england):
    soon = accepted(england, urgency=3)
    urgent = accepted(england, urgency=2)
    emergency = asked(england, urgency=1)
    words = {
        one: rows(england.maya, one)["Ashdown Unit, Alder"]["Free from when"]
        for one in (soon, urgent, emergency)
    }
    assert words == {
        soon: "Met. 2 beds free now. 1 waits for such a bed before them.",
        urgent: "Met. 2 beds free now.",
        emergency: "Met. 2 beds free now.",
    }


def test_a_bed_held_for_the_person_is_theirs(england):
    referral = accepted(england)
    bedded(england, referral)
    found = rows(england.maya, referral)["Ashdown Unit, Alder"]
    assert found["Free from when"] == "Met. A bed is held for this person"
    assert found["Beds"].startswith("1: Held for this person")


def test_the_filters_of_the_address(england):
    far = Region.objects.create(code="Y56", name="London")
    england.brook.region = far
    england.brook.save()
    referral = accepted(england)
    assert rows(england.maya, referral, region="Y56").keys() == {"Brook House, Birch"}
    assert rows(england.maya, referral, tier="medium").keys() == {"Ashdown Unit, Alder"}
    assert rows(england.maya, referral, unmet="0").keys() == {"Ashdown Unit, Alder"}
    assert rows(england.maya, referral, unmet="1").keys() == {"Ashdown Unit, Alder"}
    assert len(rows(england.maya, referral, tier="nonsense", region="x")) == 2
    shown = page(england.maya, referral, tier="high")
    assert "No ward fits. Remove a filter to see more." in says(shown)
    kept = rows(england.maya, referral, tier="low")["Brook House, Birch"]
    assert kept["Place in the order"] == "2"


def queries(client, referral):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(referral, "find-a-bed")).status_code == 200
    return len(captured)


def test_as_many_queries_for_ten_services_as_for_one(england):
    referral = accepted(england)
    keeps_apart(england, referral)
    client = client_of(england.maya)
    queries(client, referral)
    few = queries(client, referral)
    for number in range(10):
        service = a_service(f"Unit {number}", provider=england.ashdown.provider, commissioner=england.north)
        AdmissionCriterion.objects.create(service=service, kind="tier", words="Medium", covers=["medium"])
        ward = a_ward(service, "medium", name=f"Ward {number}")
        for name in range(5):
            bed_uses.close_bed(
                ward.beds.create(name=str(name)),
                since=NOW,
                until=NOW + DAY,
                why="Repairs",
                by=actor_of(england.maya),
            )
    assert queries(client, referral) == few
