"""The page of one transfer: who sees what of it, and what it says."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessedPatient
from assessments import actions as assessing
from core.pages import nhs_number
from pathways.actions import clocks
from pathways.models import Event, Patient
from pathways.pseudonyms import pseudonym_of
from referrals import actions
from referrals.waiting_lists import Place
from tests.referrals.asking import text
from tests.referrals.transfers import (
    accepted,
    applied,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    decided,
    fresh,
    on,
    ready,
    received,
    reported,
)
from tests.world import NOW, a_patient, actor_of, client_of

CLINICAL = "Clinicalcanary"
TYPED = "Typedcanary"


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def page(user, referral, **asked_for):
    return client_of(user).get(f"/transfers/{referral.public_id}/", asked_for)


@pytest.fixture
def waiting(england):
    """Accepted and reported, with a review, a delay, a contact, and clinical words wherever they may stand."""
    patient = a_patient(england, given_name="Namecanary", family_name="Familycanary")
    referral = asked(england, patient, urgency_why=CLINICAL, report_first_requested_on=on(-9))
    assessed(england, referral)
    decided(england, referral, words=CLINICAL, expected_on=on(5), depends_on=TYPED)
    decided(england, referral, england.brook, outcome="declined", reason="tier_too_low", words=CLINICAL)
    reported(england, referral)
    ines, lena = actor_of(england.ines), actor_of(england.lena)
    actions.record_review(
        referral, on=on(0), how_the_person_is=CLINICAL, interim_plan=CLINICAL, next_on=on(7), by=ines
    )
    actions.record_delay(
        referral,
        first_day=on(-9),
        last_day=on(-6),
        party="prison",
        reason="late_request",
        words=TYPED,
        by=lena,
    )
    actions.record_contact(referral, on=on(0), with_whom="Bed manager", said=TYPED, by=lena)
    return fresh(referral)


@pytest.mark.parametrize("who", ["lena", "ines", "maya", "luke", "carl", "anna", "adam"])
def test_everyone_concerned_sees_the_day_and_what_is_needed_next(england, waiting, who):
    seen = text(page(getattr(england, who), waiting))
    assert "Day 9 of 14" in seen
    assert "Last day in time 7 March 2026" in seen
    assert "Needed next: bed date given" in seen
    assert "From: Ashdown Unit (the accepting service)" in seen


def test_a_stranger_is_told_that_there_is_no_such_page(england, waiting):
    assert page(england.sam, waiting).status_code == 404
    assert page(england.owen, waiting).status_code == 404


@pytest.mark.parametrize("who", ["anna", "adam"])
def test_analysts_and_administrators_see_no_identity_and_nothing_that_was_typed(england, waiting, who):
    shown = page(getattr(england, who), waiting).content.decode()
    patient = waiting.patient
    for canary in (
        "Namecanary",
        "FAMILYCANARY",
        # Its last four digits alone may be those of a reference.
        patient.nhs_number,
        str(nhs_number(patient.nhs_number)),
        patient.prison_number,
        CLINICAL,
        TYPED,
    ):
        assert canary not in shown
    assert "17 May 1990" not in shown
    assert "P-" in shown
    assert waiting.reference in shown


def test_an_analyst_sees_the_pseudonym_of_their_own_commissioner(england, waiting):
    pseudonym = pseudonym_of(waiting.patient_id, commissioner_id=england.north.pk)
    assert pseudonym in page(england.anna, waiting).content.decode()
    assert pseudonym not in page(england.adam, waiting).content.decode()


def test_a_liaison_sees_who_and_what_was_said_but_no_clinical_text(england, waiting):
    shown = page(england.lena, waiting).content.decode()
    assert "FAMILYCANARY, Namecanary" in shown
    assert TYPED in shown
    assert CLINICAL not in shown
    assert "Reviewed" in shown


@pytest.mark.parametrize("who", ["ines", "maya", "carl"])
def test_clinicians_and_the_case_manager_see_all(england, waiting, who):
    shown = page(getattr(england, who), waiting).content.decode()
    assert "FAMILYCANARY, Namecanary" in shown
    assert shown.count(CLINICAL) == 5  # urgency, two decisions, review, plan meanwhile
    assert TYPED in shown


@pytest.mark.parametrize(
    ("who", "unread"),
    [
        ("anna", ["medicalreport", "acceptance", "signedassessment", "contact", "keydate", "placement"]),
        ("adam", ["medicalreport", "acceptance", "signedassessment", "contact", "keydate", "placement"]),
        ("lena", ["acceptance"]),
    ],
)
def test_what_its_reader_may_not_see_is_not_even_read(england, waiting, who, unread):
    with CaptureQueriesContext(connection) as captured:
        page(getattr(england, who), waiting)
    said = " ".join(query["sql"] for query in captured)
    assert [table for table in unread if _asks(said, table)] == []
    assert "how_the_person_is" not in said


def _asks(said, table):
    return any(f'FROM "{app}_{table}"' in said for app in ("pathways", "assessments", "referrals"))


def test_somebody_with_restricted_access_is_masked_for_all_but_named_staff(england, waiting):
    Patient.objects.filter(pk=waiting.patient_id).update(has_restricted_access=True)
    shown = page(england.maya, waiting).content.decode()
    assert "Restricted person" in shown
    assert "Familycanary" not in shown.title()
    assert CLINICAL not in shown
    assert client_of(england.maya).get(f"/transfers/{waiting.public_id}/reviews/").status_code == 403


@pytest.mark.parametrize("who", ["lena", "maya", "carl", "anna", "adam"])
def test_every_link_of_the_page_opens_for_whoever_sees_it(england, waiting, who):
    client = client_of(getattr(england, who))
    shown = client.get(f"/transfers/{waiting.public_id}/").content.decode().split("<main", 1)[1]
    for path in set(re.findall(r'href="(/[^"#]+)', shown)):
        assert client.get(path).status_code == 200, path


def test_that_it_was_looked_at_is_logged(england, waiting):
    before = AccessedPatient.objects.count()
    page(england.maya, waiting)
    assert AccessedPatient.objects.count() == before + 1


def test_delays_are_summed_by_party_against_the_wait(england, waiting):
    seen = text(page(england.lena, waiting))
    assert "Prison 4 days" in seen
    assert "5 days of 9 days waited" in seen


def test_what_was_entered_late_is_shown_as_late(england, waiting):
    assert "Entered 9 days later" in text(page(england.lena, waiting))


def test_the_other_rules_stand_in_a_table_and_the_one_not_in_force_says_so(england, waiting):
    seen = text(page(england.maya, waiting))
    assert "28 days beginning with the request" in seen
    assert "Not in force" in seen


def test_the_place_on_each_services_waiting_list_is_told_without_a_name(england):
    by_urgency = [accepted(england, urgency=urgency) for urgency in (1, 3, 2)]
    sees = {who: text(page(getattr(england, who), by_urgency[2])) for who in ("lena", "maya", "luke", "anna")}
    for seen in sees.values():
        assert "Waiting for a bed: 2nd of 3 on Ashdown Unit's waiting list" in unescape(seen)
    with CaptureQueriesContext(connection) as few:
        page(england.maya, by_urgency[2])
    decided(england, by_urgency[2], england.brook, outcome="accepted_other_tier", tier="low")
    with CaptureQueriesContext(connection) as many:
        seen = unescape(text(page(england.maya, by_urgency[2])))
    assert "1st of 1 on Brook House's waiting list" in seen
    assert len(many) == len(few)
    bedded(england, by_urgency[2])
    assert "on Ashdown Unit's waiting list" not in unescape(text(page(england.maya, by_urgency[2])))


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")],
)
def test_places_are_said_as_they_are_spoken(number, words):
    assert Place(number, 30).words == f"{words} of 30"


def test_the_number_of_queries_does_not_grow_with_what_was_recorded(england, waiting):
    client = client_of(england.maya)
    address = f"/transfers/{waiting.public_id}/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    lena = actor_of(england.lena)
    for day in range(10):
        actions.record_contact(waiting, on=on(0), with_whom=f"Ward {day}", said="Called.", by=lena)
        days = {"first_day": on(day), "last_day": on(day), "party": "prison", "reason": "escort"}
        actions.record_delay(waiting, **days, by=actor_of(england.lena, at=at(20)))
    actions.ask_service(waiting, england.elsewhere, by=lena)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_the_line_can_be_narrowed_to_one_kind(england, waiting):
    seen = text(page(england.lena, waiting, show="assessment")).split("Everything that happened")[-1]
    assert "Medical report recorded" in seen
    assert "Contact recorded" not in seen


def test_why_is_read_from_the_fact_and_never_kept_in_an_event(england):
    referral = asked(england, report_first_requested_on=on(-5))
    assessed(england, referral)
    decided(england, referral)
    reported(england, referral)
    maya, lena = actor_of(england.maya), actor_of(england.lena)
    known = {"why": "Datecanary", "version": fresh(referral).version}
    actions.correct_request_date(referral, on=on(-6), by=lena, **known)
    step = actions.record_step(referral, "escort", on=on(-1), by=lena)
    actions.correct_step(step, on=on(-2), why="Stepcanary", by=lena)
    brook = approach_of(referral, england.brook)
    actions.withdraw_approach(brook, why="Letgocanary", by=lena)
    actions.withdraw_bed_date(bedded(england, referral), why="Bedcanary", by=maya)
    bedded(england, referral)
    applied(england, referral)
    actions.record_refused_warrant(referral, on=on(0), why="Warrantcanary", by=lena)
    canaries = ("Datecanary", "Stepcanary", "Letgocanary", "Bedcanary", "Warrantcanary")
    assert not Event.objects.filter(details__icontains="canary").exists()
    everything = {
        who: text(page(getattr(england, who), referral)) for who in ("lena", "maya", "anna", "adam")
    }
    lines = {who: seen.split("Everything that happened")[-1] for who, seen in everything.items()}
    for canary in canaries:
        assert canary in lines["lena"], canary
        assert canary in lines["maya"], canary
        assert canary not in everything["anna"], canary
        assert canary not in everything["adam"], canary
    person = text(client_of(england.maya).get(f"/patients/{referral.patient.public_id}/"))
    assert "Stepcanary" in person


def test_flags_are_acknowledged_by_name_and_once(england, waiting, time_machine):
    time_machine.move_to(at(30), tick=False)
    clocks.raise_flags(by=actor_of(england.carl, at=at(30)))
    client = client_of(england.carl)
    assert "Escalated" in text(client.get(f"/transfers/{waiting.public_id}/"))
    assert client.post(f"/transfers/{waiting.public_id}/flags/").status_code == 302
    assert "Acknowledged by Carl" in text(client.get(f"/transfers/{waiting.public_id}/"))
    again = client.post(f"/transfers/{waiting.public_id}/flags/")
    assert again.status_code == 409
    assert "No flag waits for you here" in text(again)


def test_a_date_put_right_says_what_it_was_by_whom_and_why(england, time_machine):
    referral = asked(england, report_first_requested_on=on(-5), services=[])
    by = actor_of(england.lena)
    step = actions.record_step(referral, "first_report", on=on(-1), words="A Lee", by=by)
    actions.correct_step(step, on=on(-2), why=TYPED, by=actor_of(england.lena, at=at(0, 1)))
    version = fresh(referral).version
    later = actor_of(england.lena, at=at(3))
    actions.correct_request_date(referral, on=on(-4), why=TYPED, version=version, by=later)
    seen = text(page(england.lena, referral))
    assert f"Corrected from 1 March 2026 by Lena, because: {TYPED}" in seen
    assert seen.count(f"Corrected from 25 February 2026 by Lena, because: {TYPED}") == 2
    # Asked for on 2 March: as late as that, and no later for having been put right since.
    assert seen.count("Entered 4 days later") == 2
    analyst = text(page(england.anna, referral))
    assert "Corrected from 25 February 2026 by Lena" in analyst
    assert TYPED not in analyst


def test_a_flag_for_a_day_by_which_the_step_was_done_says_so(england, time_machine):
    referral = asked(england, report_first_requested_on=on(-12), services=[])
    clocks.raise_flags(by=actor_of(england.adam))
    by = actor_of(england.lena)
    actions.record_step(referral, "first_report", on=on(-3), words="A Lee", by=by)
    seen = text(page(england.lena, referral))
    assert "No longer true: the step had been done by then." in seen
    assert "a date was corrected" not in seen
    version = fresh(referral).version
    actions.correct_request_date(referral, on=on(-9), why="Mistyped.", version=version, by=by)
    assert "No longer true: a date was corrected." in text(page(england.lena, referral))


def test_a_step_with_the_date_of_a_report_offers_no_correction(england):
    referral = asked(england)
    assert "Correct the date : First psychiatric" not in text(page(england.lena, referral))
    reported(england, referral)
    seen = text(page(england.lena, referral))
    assert "Correct the date : Medical report requested" in seen
    assert "Correct the date : First psychiatric" not in seen


def test_a_received_person_ends_the_page_on_the_day_received(england, time_machine):
    referral = ready(england)
    time_machine.move_to(at(4), tick=False)
    received(england, referral)
    seen = text(page(england.lena, referral))
    assert "Received on day 3 of 14" in seen
    assert "In time" in seen
    assert "Confirm that they left" in seen
    assert "End this transfer" not in seen


def test_buttons_are_explained_by_the_rule_that_refuses_them(england, waiting):
    seen = text(page(england.lena, waiting))
    assert "be recorded before: bed date given" in seen  # the application
    maya = text(page(england.maya, waiting))
    assert "The prison that has the person records this step." in maya


def test_the_checklist_leads_straight_to_the_assessment_that_is_there(england):
    referral = asked(england)
    claim = reverse("assessments:claim", args=[referral.patient.public_id])
    shown = page(england.luke, referral).content.decode()
    assert "Start the shared assessment" in shown
    assert claim in shown
    by = actor_of(england.maya, at=NOW)
    draft = assessing.claim_assessment(referral.patient, service=england.ashdown, by=by)
    shown = page(england.luke, referral).content.decode()
    assert "Open the assessment by Ashdown Unit" in shown
    assert reverse("assessments:draft", args=[draft.public_id]) in shown
    assert claim not in shown
