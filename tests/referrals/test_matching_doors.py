"""Find a bed: who may look, what each may know, and where it leads."""

import re

import pytest

from accounts.models import Access
from referrals import actions
from referrals.models import Approach
from referrals.rules.matching import KEPT_DIAGNOSES
from tests.assessments.drafting import drafted
from tests.referrals.asking import boxes
from tests.referrals.matching_world import becomes_for_autism, keeps_apart, page, rows
from tests.referrals.sending import address, done, refused, says, send
from tests.referrals.transfers import accepted, asked, assessed, on
from tests.world import NOW, actor_of, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


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
    assert found["Tier"] == "To ask. Medium secure. Ask Ashdown Unit whether this is the tier"
    assert found["Specialty"] == f"To ask. Autism. {KEPT_DIAGNOSES}"
    assert found["Ward gender"] == "Met. Men"
    assert "Beds" not in found
    shown = says(page(england.lena, referral))
    assert KEPT_DIAGNOSES in shown
    assert "Ashdown Unit signed that on 2 March 2026 and can say which tier it recommends" in shown
    assert "Until the tier is known wards of every tier stand as equal" in shown
    assert "Until the tier is known" not in says(page(england.maya, referral))
    assert "Mental illness" not in shown
    assert "Mental illness" in says(page(england.maya, referral))


def test_before_it_is_assessed_everybody_is_told_who_is_to_say_which_tier(england):
    referral = asked(england)
    lead = referral.lead_service.name
    for user in (england.lena, england.ines, england.maya):
        shown = says(page(user, referral))
        assert f"Not recommended yet. {lead} leads and is to write the assessment" in shown
        assert f"No tier is recommended yet: {lead} is to assess" in shown
    drafted(england, referral.patient)
    for user in (england.lena, england.luke):
        shown = says(page(user, referral))
        assert "Not recommended yet. Ashdown Unit is writing the assessment, due" in shown
        assert "No tier is recommended yet: Ashdown Unit is assessing" in shown


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
