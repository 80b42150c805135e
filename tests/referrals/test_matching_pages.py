"""Find a bed: what is met and what is not, in the order of the rules, for those who may act on it."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access
from organisations.actions import change_criterion, designate_ward
from organisations.models import AdmissionCriterion, Bed, Region
from pathways.actions import apart, patients, placements, ward_beds
from pathways.actions import beds as bed_uses
from referrals import actions
from referrals.models import Approach
from tests.referrals.asking import boxes
from tests.referrals.sending import address, done, refused, says, send
from tests.referrals.transfers import accepted, asked, assessed, bedded, decided, on
from tests.world import NOW, a_patient, a_service, a_ward, actor_of, client_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def page(user, referral, **given):
    return client_of(user).get(address(referral, "find-a-bed"), given)


def rows(user, referral, **given):
    """The wards as a file, by service and ward, in order."""
    response = page(user, referral, format="csv", **given)
    assert response.status_code == 200
    lines = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    return {f"{row['Service']}, {row['Ward']}": row for row in lines}


def inpatient(england, **known):
    patient = a_patient(england, **known)
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=actor_of(england.maya)
    )
    return patient


def in_bed(england, bed, *, leaves=None, patient=None):
    return ward_beds.take_bed(
        bed,
        patient=patient or inpatient(england),
        at=NOW - 5 * DAY,
        expected_end_at=NOW + leaves * DAY if leaves is not None else None,
        by=actor_of(england.maya),
    )


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


def keeps_apart(england, referral):
    other = inpatient(england, family_name="Otherperson")
    in_bed(england, england.bed, patient=other)
    apart.keep_apart(
        referral.patient, other, since=NOW.date(), reason="They fought.", by=actor_of(england.maya)
    )
    return other


def redesignated(england, *, tier="medium", gender="men", specialties=()):
    designate_ward(
        england.ward,
        tier=tier,
        gender=gender,
        specialties=specialties,
        since=NOW.date(),
        why="Agreed.",
        by=actor_of(england.adam),
    )


def becomes_high(england, referral):
    redesignated(england, tier="high")


def becomes_for_women(england, referral):
    redesignated(england, gender="women")


def becomes_for_autism(england, referral):
    patients.add_diagnosis(
        referral.patient, icd10="F20.0", diagnosed_on=NOW.date(), by=actor_of(england.maya)
    )
    redesignated(england, specialties=["autism"])


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
    Bed.objects.filter(pk=england.second_bed.pk).update(is_open=False)
    assert "2:" not in rows(england.maya, referral)["Ashdown Unit, Alder"]["Beds"]


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


# Who may look, and what each may know


def test_who_comes_in(england):
    referral = accepted(england)
    allowed = {
        "lena": 200,  # asks
        "ines": 200,
        "carl": 200,
        "maya": 200,  # is asked and gives beds
        "luke": 200,
        "sam": 404,
        "owen": 404,
        "anna": 403,
        "adam": 403,
    }
    assert {name: page(getattr(england, name), referral).status_code for name in allowed} == allowed


def test_a_service_let_go_looks_no_more(england):
    referral = asked(england)
    approach = Approach.objects.get(referral=referral, service=england.brook)
    actions.withdraw_approach(approach, why="Not needed", by=actor_of(england.lena))
    refused(page(england.luke, referral), "a service asked, for its own beds, looks for a bed.")
    assert "Find a bed" not in says(client_of(england.luke).get(f"/transfers/{referral.public_id}/"))


def test_no_bed_is_looked_for_once_it_has_ended(england):
    referral = asked(england)
    actions.end_transfer(
        referral, reason="released", on=NOW.date(), after_care="His GP.", by=actor_of(england.lena)
    )
    refused(page(england.lena, referral), "This has ended.")


def test_liaison_staff_are_told_neither_what_is_recommended_nor_what_is_diagnosed(england):
    referral = asked(england)
    assessed(england, referral)
    becomes_for_autism(england, referral)
    found = rows(england.lena, referral)["Ashdown Unit, Alder"]
    assert (
        found["Tier"] == "To ask. Medium secure. What the assessment recommends is for those who may read it"
    )
    assert found["Specialty"] == "To ask. Autism. Diagnoses are for those who may read them"
    assert found["Ward gender"] == "Met. Men"
    assert "Beds" not in found
    shown = says(page(england.lena, referral))
    assert "Diagnoses are for those who may read them" in shown
    assert "Mental illness" not in shown
    assert "Mental illness" in says(page(england.maya, referral))


def test_of_a_restricted_person_the_unnamed_find_no_bed(england):
    referral = accepted(england)
    referral.patient.has_restricted_access = True
    referral.patient.save()
    assert page(england.maya, referral).status_code == 403


def test_looking_is_logged_as_what_it_is(england):
    referral = asked(england)
    for shape, action in (("", "view"), ("csv", "export"), ("print", "print")):
        page(england.maya, referral, format=shape).getvalue() if shape == "csv" else page(
            england.maya, referral, format=shape
        )
        assert action in Access.objects.order_by("-pk").values_list("action", flat=True)[:2]


# Where it leads


def links(response, words):
    return re.findall(rf'href="([^"]+)"[^>]*>{words}', response.content.decode())


def test_from_a_service_not_asked_to_asking_it(england):
    referral = asked(england, services=[england.brook])
    (path,) = links(page(england.lena, referral), "Ask this service")
    shown = client_of(england.lena).get(path)
    ticked = re.search(r'value="([0-9a-f-]{36})"[^>]*checked', shown.content.decode())
    assert ticked[1] == str(england.ashdown.public_id)
    done(send(england.lena, referral, "services", service=ticked[1]))
    assert not links(page(england.lena, referral), "Ask this service")


def test_from_the_accepting_service_to_a_bed_date_with_this_bed(england):
    referral = accepted(england)
    paths = links(page(england.maya, referral), "Give bed")
    approach = Approach.objects.get(referral=referral, service=england.ashdown)
    assert [path.split("?")[0] for path in paths] == [
        address(referral, f"services/{approach.public_id}/bed")
    ] * 2
    shown = client_of(england.maya).get(paths[1])
    ticked = re.search(r'value="([0-9a-f-]{36})"[^>]*checked', shown.content.decode())
    assert ticked[1] == str(england.second_bed.public_id)
    given = {"bed": ticked[1], **boxes("bed_on", on(3))}
    done(send(england.maya, referral, f"services/{approach.public_id}/bed", **given))
    assert not links(page(england.maya, referral), "Give bed")


def test_a_bed_on_a_ward_with_a_conflict_is_not_offered(england):
    referral = accepted(england)
    keeps_apart(england, referral)
    shown = page(england.maya, referral)
    assert "Conflict on this ward" in says(shown)
    assert not links(shown, "Give bed")


def test_nobody_is_led_to_what_is_not_theirs(england):
    referral = accepted(england)
    for user in (england.luke, england.lena, england.carl):
        assert not links(page(user, referral), "Give bed")
    assert not links(page(england.maya, asked(england, services=[england.ashdown])), "Ask this service")


def test_it_is_linked_where_services_are_asked_and_where_a_bed_date_is_given(england):
    referral = accepted(england)
    path = address(referral, "find-a-bed")
    approach = Approach.objects.get(referral=referral, service=england.ashdown)
    for user, where in (
        (england.lena, address(referral, "services")),
        (england.maya, address(referral, f"services/{approach.public_id}/bed")),
        (england.lena, f"/transfers/{referral.public_id}/"),
        (england.maya, f"/transfers/{referral.public_id}/"),
    ):
        assert path in client_of(user).get(where).content.decode()


# However many


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
