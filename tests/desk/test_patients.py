"""Finding a person, the page of one, and what may be put right there."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, AccessedPatient
from desk import person
from pathways.actions import patients
from pathways.actions.patients import add_risk_alert
from pathways.models import Diagnosis, KeyDate, Patient, RiskAlert
from referrals.actions import withdraw_approach
from tests.referrals.asking import boxes, key_of, text, today
from tests.referrals.transfers import approach_of, asked
from tests.world import a_nhs_number, a_patient, actor_of, client_of, now

CANARY = "Xanthippeson"


def address(patient, part=""):
    return f"/patients/{patient.public_id}/{part}"


def details(patient, **changed):
    """What the form of corrections holds, as a browser sends it."""
    return {
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        **boxes("born_on", patient.born_on),
        "stated_gender": patient.stated_gender,
        "has_nhs_number": "yes",
        "nhs_number": patient.nhs_number,
        "prison_number": patient.prison_number or "",
        "pnc_id": "",
        "ethnicity": patient.ethnicity,
        "interpreter_language": "",
        "home_area": str(patient.home_area.public_id),
        "version": patient.version,
        "why": "Misspelt at reception.",
        **changed,
    }


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_each_role_has_its_answer(england):
    patient = a_patient(england)
    pages = [
        address(patient),
        address(patient, "correct/"),
        address(patient, "died/"),
        address(patient, "warnings/"),
    ]
    for page in pages:
        assert client_of(england.lena).get(page).status_code == 200, page
        assert client_of(england.ines).get(page).status_code == 200, page
        assert client_of(england.sam).get(page).status_code == 404, page
        assert client_of(england.owen).get(page).status_code == 404, page
        assert client_of(england.anna).get(page).status_code == 403, page
        assert client_of(england.adam).get(page).status_code == 403, page
    assert client_of(england.carl).get(pages[0]).status_code == 200
    assert client_of(england.carl).get(pages[1]).status_code == 403


def test_the_list_and_the_search_find_ones_own_people_only(england):
    own = a_patient(england, family_name="Papadopoulos")
    a_patient(england, at_service=england.other_prison, family_name="Papadopoulou", home_area=england.south)
    client = client_of(england.lena)
    assert "PAPADOPOULOS" in text(client.get("/patients/"))
    found = text(client.post("/patients/", {"words": "Papadopuolos"}))
    assert "1 person found" in found
    assert "PAPADOPOULOS" in found
    assert "1 person found" in text(client.post("/patients/", {"words": own.nhs_number}))
    assert "Nobody found" in text(client_of(england.sam).post("/patients/", {"words": "Papadopoulos"}))


def test_a_search_that_finds_nobody_is_logged_and_no_name_is_in_an_address(england):
    client = client_of(england.lena)
    response = client.post("/patients/", {"words": CANARY})
    assert response.status_code == 200
    assert CANARY not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
    access = Access.objects.get(user_id=england.lena.pk, page="desk:patients")
    assert (access.action, access.people) == ("search", 0)


def test_a_search_for_nothing_asks_for_words(england):
    response = client_of(england.lena).post("/patients/", {"words": " "})
    assert response.status_code == 400
    assert "Enter the name, NHS number or prison number" in text(response)


def test_a_trace_gives_a_card_and_is_logged_with_its_reason(england):
    caches["default"].clear()
    patient = a_patient(england, at_service=england.other_prison, home_area=england.south)
    asking = {"by_what": "nhs_number", "nhs_number": patient.nhs_number, "reason": "Came today."}
    response = client_of(england.maya).post("/patients/trace/", asking)
    page = text(response)
    assert patient.full_name in page
    assert "Born in 1990" in page
    assert "17 May" not in page
    assert address(patient) not in response.content.decode()
    access = Access.objects.get(user_id=england.maya.pk, page="desk:trace")
    assert (access.action, access.reason, access.people) == ("trace", "Came today.", 1)


def test_a_trace_without_a_reason_or_of_somebody_restricted_finds_nobody(england):
    caches["default"].clear()
    patient = a_patient(england, at_service=england.other_prison)
    asking = {"by_what": "nhs_number", "nhs_number": patient.nhs_number}
    assert client_of(england.maya).post("/patients/trace/", asking).status_code == 400
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    page = text(client_of(england.maya).post("/patients/trace/", {**asking, "reason": "Came today."}))
    assert "Nobody found" in page
    assert patient.full_name not in page


def test_somebody_with_restricted_access_is_not_there(england):
    patient = a_patient(england, family_name=CANARY)
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    client = client_of(england.lena)
    assert client.get(address(patient)).status_code == 404
    assert CANARY.upper() not in text(client.get("/patients/"))
    assert "Nobody found" in text(client.post("/patients/", {"words": CANARY}))


def test_the_page_tells_the_whole_pathway(england):
    patient = a_patient(england)
    by = actor_of(england.lena, at=now())
    referral = asked(england, patient, by=by, report_first_requested_on=today())
    add_risk_alert(patient, words="Two officers at the door", by=by)
    page = text(client_of(england.lena).get(address(patient)))
    for words in (
        "HMP Wexley",
        referral.reference,
        "Two officers at the door",
        "North Shires",
        "Transfer asked for",
    ):
        assert words in page
    narrowed = text(client_of(england.lena).get(address(patient) + "?show=person"))
    assert "Transfer asked for" not in narrowed
    assert "Person registered" in narrowed


def test_the_page_counts_the_services_that_are_still_asked(england):
    patient = a_patient(england)
    by = actor_of(england.lena, at=now())
    referral = asked(england, patient, by=by, report_first_requested_on=today())
    client = client_of(england.lena)
    assert "2 services asked" in text(client.get(address(patient)))
    withdraw_approach(approach_of(referral, england.brook), why="Full.", by=by)
    assert "1 service asked" in text(client.get(address(patient)))


def test_only_those_who_may_read_clinical_text_see_diagnoses(england):
    patient = a_patient(england)
    Diagnosis.objects.create(patient=patient, icd10="F20.0", diagnosed_on=today(), recorded_at=now())
    assert "F20.0" in text(client_of(england.ines).get(address(patient)))
    liaison = text(client_of(england.lena).get(address(patient)))
    assert "F20.0" not in liaison
    assert "Diagnoses" not in liaison
    # Not even read for them: the page's own guard is the second.
    assert person.diagnoses_of(patient, person.sight_of(actor_of(england.lena))) == []
    assert person.diagnoses_of(patient, person.sight_of(actor_of(england.ines)))


def test_details_are_corrected_with_a_reason_against_the_version_seen(england):
    patient = a_patient(england)
    client = client_of(england.lena)
    sent = details(patient, family_name="Newname")
    response = client.post(address(patient, "correct/"), sent)
    assert response.status_code == 302, text(response)
    patient.refresh_from_db()
    assert patient.family_name == "Newname"
    stale = client.post(address(patient, "correct/"), details(patient, family_name="Other", version=0))
    assert stale.status_code == 409
    assert "Somebody changed this" in text(stale)
    assert 'value="Other"' in stale.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "Nothing is different"),
        ({"why": ""}, "Say why it is corrected"),
        ({"nhs_number": "9990000001"}, "NHS number"),
        ({"born_on-year": "2999"}, "past"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_beside_its_field(england, wrong, words):
    patient = a_patient(england)
    response = client_of(england.lena).post(address(patient, "correct/"), details(patient, **wrong))
    assert response.status_code == 400
    assert words in text(response)


def test_somebody_elses_number_is_refused(england):
    patient, other = a_patient(england), a_patient(england)
    response = client_of(england.lena).post(
        address(patient, "correct/"), details(patient, nhs_number=other.nhs_number)
    )
    assert response.status_code == 409
    assert "These numbers cannot be used here" in text(response)
    traced = Access.objects.get(page="desk:correct", action="trace")
    assert traced.reason == details(patient)["why"]
    assert AccessedPatient.objects.get(access_id=traced.pk).patient_id == other.pk


def test_other_numbers_count_as_a_trace_and_other_corrections_do_not(england, settings):
    settings.TRACES_AN_HOUR = 0
    patient = a_patient(england)
    client = client_of(england.lena)
    number = client.post(address(patient, "correct/"), details(patient, nhs_number=a_nhs_number()))
    assert number.status_code == 409
    assert "too many people" in text(number)
    assert client.post(address(patient, "correct/"), details(patient, family_name="Other")).status_code == 302


def test_a_death_ends_everything_once(england):
    patient = a_patient(england)
    by = actor_of(england.lena, at=now())
    referral = asked(england, patient, by=by, report_first_requested_on=today())
    client = client_of(england.lena)
    first = client.post(address(patient, "died/"), boxes("on", today()))
    assert (first.status_code, "Check before you record the death" in text(first)) == (200, True)
    referral.refresh_from_db()
    assert referral.is_open
    sure = {**boxes("on", today()), "checked": "yes"}
    assert client.post(address(patient, "died/"), sure).status_code == 302
    referral.refresh_from_db()
    assert referral.end_reason == "died"
    assert client.post(address(patient, "died/"), sure).status_code == 409
    assert "Record that this person has died" not in text(client.get(address(patient)))


def test_a_death_recorded_by_mistake_is_taken_back_on_the_persons_page(england):
    patient = a_patient(england)
    referral = asked(england, patient, by=actor_of(england.lena, at=now()), report_first_requested_on=today())
    patients.record_death(patient, on=today(), by=actor_of(england.lena, at=now()))
    client = client_of(england.lena)
    assert "The death was recorded by mistake" in text(client.get(address(patient)))
    assert "Enter an answer to “What was wrong?”" in text(
        client.post(address(patient, "died/mistake/"), {"why": ""})
    )
    assert client.post(address(patient, "died/mistake/"), {"why": "Another person."}).status_code == 302
    referral.refresh_from_db()
    assert referral.is_open
    shown = text(client.get(address(patient)))
    assert "Record that this person has died" in shown
    assert "Death recorded by mistake" in shown
    assert client.post(address(patient, "died/mistake/"), {"why": "Again."}).status_code == 409


def test_a_risk_to_staff_is_added_once_and_withdrawn_with_a_reason(england):
    patient = a_patient(england)
    client = client_of(england.lena)
    key = key_of(client.get(address(patient, "warnings/")))
    for _ in range(2):
        client.post(address(patient, "warnings/"), {"words": "Two officers", "submission": key})
    alert = RiskAlert.objects.get()
    withdraw = address(patient, f"warnings/{alert.public_id}/withdraw/")
    assert client.post(withdraw, {"why": ""}).status_code == 400
    assert client.post(withdraw, {"why": "Settled."}).status_code == 302
    assert "Two officers" not in text(client.get(address(patient)))
    assert (
        client_of(england.ines)
        .get(address(a_patient(england), f"warnings/{alert.public_id}/withdraw/"))
        .status_code
        == 404
    )


def test_a_key_date_is_added(england):
    patient = a_patient(england)
    sent = {"kind": "release", **boxes("on", today() + timedelta(days=90))}
    assert client_of(england.lena).post(address(patient, "key-dates/"), sent).status_code == 302
    assert KeyDate.objects.get().on == today() + timedelta(days=90)


def test_a_key_date_is_corrected_and_withdrawn_with_why(england):
    patient, client = a_patient(england), client_of(england.lena)
    client.post(address(patient, "key-dates/"), {"kind": "release", **boxes("on", today())})
    page = f"key-dates/{KeyDate.objects.get().public_id}/correct/"
    assert client_of(england.sam).get(address(patient, page)).status_code == 404
    assert client_of(england.anna).get(address(patient, page)).status_code == 403
    assert address(patient, page) in client.get(address(patient)).content.decode()
    assert "That is the date that is recorded" in text(
        client.post(address(patient, page), {**boxes("on", today()), "why": "Misread."})
    )
    later = boxes("on", today() + timedelta(days=9))
    assert client.post(address(patient, page), {**later, "why": ""}).status_code == 400
    assert client.post(address(patient, page), {**later, "why": "Misread."}).status_code == 302
    assert client.get(address(patient, page)).status_code == 404
    corrected = KeyDate.objects.current().get()
    assert corrected.on == today() + timedelta(days=9)
    page = f"key-dates/{corrected.public_id}/withdraw/"
    assert client_of(england.sam).get(address(patient, page)).status_code == 404
    assert client_of(england.anna).get(address(patient, page)).status_code == 403
    assert client.post(address(patient, page), {"why": "Another person."}).status_code == 302
    shown = text(client.get(address(patient)))
    assert "No court or sentence date is recorded" in shown
    assert "Date corrected" in shown
    assert "Date withdrawn" in shown


def test_who_looked_is_shown_to_those_who_may_read_it(england):
    patient = a_patient(england)
    client_of(england.lena).get(address(patient))
    page = text(client_of(england.ines).get(address(patient, "who-looked/")))
    assert "Lena" in page
    assert "Prison liaison" in page
    assert "HMP Wexley" in page
    assert "Opened" in page
    assert client_of(england.lena).get(address(patient, "who-looked/")).status_code == 403
    assert client_of(england.sam).get(address(patient, "who-looked/")).status_code == 404


def test_opening_is_logged_and_a_stranger_is_noted_as_refused(england):
    patient = a_patient(england)
    client_of(england.lena).get(address(patient))
    client_of(england.sam).get(address(patient))
    opened = Access.objects.get(user_id=england.lena.pk)
    assert opened.action == "view"
    assert AccessedPatient.objects.filter(access_id=opened.pk, patient_id=patient.pk).exists()
    assert Access.objects.get(user_id=england.sam.pk).action == "denied"


def test_a_long_line_costs_as_many_queries_as_a_short_one(england):
    patient = a_patient(england)
    client = client_of(england.ines)
    once, looked = queries(client, address(patient)), queries(client, address(patient, "who-looked/"))
    by = actor_of(england.lena, at=now())
    for number in range(120):
        add_risk_alert(patient, words=f"Warning {number}", by=by)
    assert queries(client, address(patient)) == once
    assert queries(client, address(patient, "who-looked/")) == looked
    page = client.get(address(patient)).content.decode()
    assert re.search(r'\?page=2[^"]*#line', page)
    assert "Person registered" in text(client.get(address(patient) + "?page=2"))


def test_ten_people_cost_as_many_queries_as_one(england):
    client = client_of(england.lena)
    a_patient(england)
    once = queries(client, "/patients/")
    for _ in range(9):
        a_patient(england)
    assert queries(client, "/patients/") == once
