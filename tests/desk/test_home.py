"""Home: what waits for whom, by due date, named as far as the reader may know, at a constant cost."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Access, AccessedPatient
from accounts.rights import Role
from assessments import actions as assessing
from assessments.models import SignedAssessment
from core.models import Job, Notification
from organisations.actor import Actor
from pathways.actions.clocks import raise_flags
from pathways.models import Patient
from referrals import actions
from referrals.models import Referral
from tests.referrals.asking import text, today
from tests.referrals.transfers import approach_of, asked, assessed, at, ready, received
from tests.world import a_patient, actor_of, client_of, member, now

CANARY = "Xanthippeson"


def ask(england, *, days_ago=0, patient=None, **known):
    """Lena asks, now, for somebody whose report was requested some days ago."""
    by = actor_of(england.lena, at=now())
    patient = patient or a_patient(england)
    first = today() - timedelta(days=days_ago)
    return asked(england, patient, by=by, report_first_requested_on=first, **known)


def home_of(user):
    return text(client_of(user).get("/"))


def test_a_calm_home_says_that_nothing_waits(england):
    for user in (england.lena, england.ines, england.maya, england.carl):
        assert "Nothing waits for you" in home_of(user)


def test_somebody_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/").status_code == 302


def test_a_liaison_officer_sees_the_prisons_next_step_under_the_day_it_is_due(england):
    late, calm = ask(england, days_ago=15), ask(england)
    page = home_of(england.lena)
    assert "To do now 2" in page
    assert "1 day late" in page
    assert "Needed next: first psychiatric assessment and report" in page
    assert page.index(late.reference) < page.index(calm.reference)


def test_what_can_be_done_now_stands_on_top_emergencies_first(england):
    late, emergency = ask(england, days_ago=15), ask(england, urgency=1, days_ago=1)
    page = home_of(england.lena)
    assert page.index("To do now 2") < page.index(emergency.reference) < page.index(late.reference)
    assert "Emergency" in page


def test_a_step_that_can_only_be_waited_for_is_not_to_do_now(england, time_machine):
    time_machine.move_to(at(0), tick=False)
    referral = ask(england)
    Referral.objects.filter(pk=referral.pk).update(next_step="warrant")
    page = home_of(england.lena)
    assert "Needed next: warrant given" in page
    assert "To do now" not in page


def test_the_table_on_home_is_sorted_downloaded_and_printed(england):
    soon, urgent = ask(england, days_ago=9, urgency=3), ask(england, urgency=2)
    client = client_of(england.lena)
    page = client.get("/?sort=urgency").content.decode()
    table = page[page.index("<tbody") :]
    assert table.index(urgent.reference) < table.index(soon.reference)
    answer = client.get("/?format=csv")
    head, *rows = csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines())
    assert head[:5] == ["Reference", "Person", "Date of birth", "Urgency", "Day"]
    assert [row[0] for row in rows] == [soon.reference, urgent.reference]
    assert Access.objects.filter(action="export", user_id=england.lena.pk).exists()
    client.get("/?format=print")
    assert Access.objects.filter(action="print", user_id=england.lena.pk).exists()


def test_the_last_contacts_next_action_waits_until_another_contact(england):
    referral = ask(england)
    by = actor_of(england.lena, at=now())
    contact = {"on": today(), "with_whom": "Ashdown", "said": "No answer.", "by": by}
    actions.record_contact(referral, next_action="Ring the ward", next_on=today(), **contact)
    assert "Ring the ward" in home_of(england.lena)
    actions.record_contact(referral, **contact)
    assert "Ring the ward" not in home_of(england.lena)


def test_the_departure_of_somebody_received_waits_for_the_prison(england, time_machine):
    time_machine.move_to(at(0), tick=False)
    referral = ready(england)
    time_machine.move_to(at(4), tick=False)
    received(england, referral)
    page = home_of(england.lena)
    assert "Confirm that they left" in page
    assert referral.reference in page
    assert "Confirm that they left" not in home_of(england.maya)
    actions.confirm_departure(referral, by=actor_of(england.lena, at=at(4)))
    assert "Confirm that they left" not in home_of(england.lena)


def test_a_hand_over_waits_for_the_prison_that_has_the_person_now(england):
    referral = ask(england)
    by = actor_of(england.lena, at=now())
    actions.record_prison_move(referral, to_service=england.other_prison, on=today(), by=by)
    words = "Moved to you: say that you have it"
    assert words in home_of(england.owen)
    assert words not in home_of(england.lena)
    actions.take_hand_over(referral.hand_overs.get(), by=actor_of(england.owen, at=now()))
    assert words not in home_of(england.owen)


def test_an_unfinished_request_waits_for_its_owner_only(england):
    client_of(england.lena).post("/transfers/new/")
    assert "Finish asking for a transfer" in home_of(england.lena)
    assert "Finish asking for a transfer" not in home_of(england.owen)


def test_a_review_waits_for_the_in_reach_team_and_not_for_the_liaison_officer(england):
    referral = ask(england)
    referral.next_review_on = today() - timedelta(days=2)
    referral.save(update_fields=["next_review_on"])
    assert "2 days late" in home_of(england.ines)
    assert "Review how the person is" in home_of(england.ines)
    assert "Review how the person is" not in home_of(england.lena)


def test_nobody_is_told_to_decide_before_the_assessment_is_signed(england):
    referral = ask(england)
    by = actor_of(england.maya, at=now())
    assert "Start the shared assessment" in home_of(england.maya)
    assert "Waits for Ashdown Unit to start the shared assessment" in home_of(england.luke)
    for user in (england.maya, england.luke):
        assert "Decide for" not in home_of(user)
    about = ("referral", referral.pk)
    assessing.claim_assessment(referral.patient, service=england.ashdown, about=about, by=by)
    assert "Finish and sign the shared assessment" in home_of(england.maya)
    assert "Ashdown Unit writes the assessment until" in home_of(england.luke)
    for user in (england.maya, england.luke):
        assert "Start the shared assessment" not in home_of(user)
        assert "Decide for" not in home_of(user)
    assert referral.reference not in home_of(england.sam)


def test_a_service_asked_decides_on_a_current_assessment(england):
    referral = ask(england)
    assessed(england, referral, when=now())
    assert "Decide for Ashdown Unit" in home_of(england.maya)
    assert "Decide for Brook House" in home_of(england.luke)
    assert "Start the shared assessment" not in home_of(england.maya)
    version = SignedAssessment.objects.get(patient=referral.patient)
    assessing.end_currency(version, why="A new charge.", by=actor_of(england.maya, at=now()))
    assert "Decide for" not in home_of(england.maya)
    assert "Start the shared assessment" in home_of(england.maya)


def test_the_lead_starts_the_assessment_and_the_others_know_whom_they_wait_for(england):
    referral = ask(england)
    actions.name_lead(referral, england.brook, by=actor_of(england.carl, at=now()))
    assert "Start the shared assessment" in home_of(england.luke)
    assert "Start the shared assessment" not in home_of(england.maya)
    assert "Waits for Brook House to start" in home_of(england.maya)


def test_with_no_lead_whoever_is_asked_may_start_it(england):
    referral = ask(england)
    lead = approach_of(referral, england.ashdown)
    actions.withdraw_approach(lead, why="Full.", by=actor_of(england.lena, at=now()))
    assert "Start the shared assessment" in home_of(england.luke)


def test_a_draft_past_its_day_is_said_to_be_there_for_the_taking(england):
    referral = ask(england, days_ago=12)
    by, about = actor_of(england.maya, at=now() - timedelta(days=9)), ("referral", referral.pk)
    assessing.claim_assessment(referral.patient, service=england.ashdown, about=about, by=by)
    page = home_of(england.luke)
    assert "Ashdown Unit has not signed the assessment" in page
    assert "it can be taken over" in page


def test_a_question_about_the_assessment_waits_until_it_is_answered(england):
    referral = ask(england)
    by = actor_of(england.maya, at=now())
    assessed(england, referral, when=now())
    luke = actor_of(england.luke, at=now())
    word = {"service": england.brook, "tier": "low", "answer": "question", "words": "On insulin?"}
    version = SignedAssessment.objects.get(patient=referral.patient)
    asked_with = assessing.accept_assessment(version, **word, by=luke)
    waits = "Answer the question of Brook House"
    assert waits in home_of(england.maya)
    assert waits not in home_of(england.luke)
    assessing.answer_question(asked_with, words="No.", by=by)
    assert waits not in home_of(england.maya)
    told = Notification.objects.filter(kind="assessments.question_answered")
    assert {one.mailbox for one in told if one.mailbox} == {england.brook.alert_mailbox}


def test_a_case_manager_takes_on_flags_and_asks_where_nobody_is_asked(england):
    referral = ask(england, days_ago=22, services=[])
    assert "No service is asked: ask one" in home_of(england.carl)
    in_time = ask(england, days_ago=4, services=[])
    # Whoever nobody is asked for is not left for the last day in time.
    assert in_time.reference in home_of(england.carl).partition("Later")[0]
    raise_flags(by=Actor.system("sweep", at=now()))
    page = home_of(england.carl)
    assert "Take on the flag of day 21" in page
    assert referral.patient.full_name in page


def test_an_analyst_sees_figures_and_nobody(england):
    known = a_patient(england, given_name=CANARY, family_name=CANARY)
    ask(england, patient=known, days_ago=15)
    page = home_of(england.anna)
    assert "1 transfers are open" in page
    assert "1 are past the 14 days" in page
    assert CANARY.lower() not in page.lower()


def test_an_administrator_sees_what_failed(england):
    at = timezone.now()
    Job.objects.create(kind="reports.export", key="1", state="failed", asked_at=at, ended_at=at)
    page = home_of(england.adam)
    assert "1 jobs failed in the last week Look" in page
    assert CANARY.lower() not in page.lower()


def test_somebody_with_restricted_access_is_counted_and_not_named(england):
    known = a_patient(england, given_name=CANARY, family_name=CANARY)
    ask(england, patient=known)
    Patient.objects.filter(pk=known.pk).update(has_restricted_access=True)
    page = home_of(england.lena)
    assert "Restricted person" in page
    assert CANARY.lower() not in page.lower()


def test_what_waits_in_another_role_is_counted(england):
    ask(england)
    member(england.lena, Role.COMMISSIONER, commissioner=england.north, duties=["case_manager"])
    ask(england, services=[])
    page = home_of(england.lena)
    assert "As case manager: nothing waits" in page
    assert "Change to case manager" in page


def test_who_was_seen_is_logged(england):
    referral = ask(england)
    client_of(england.lena).get("/")
    access = Access.objects.get(user_id=england.lena.pk, page="desk:home")
    assert access.action == "list"
    assert list(AccessedPatient.objects.filter(access_id=access.pk).values_list("patient_id", flat=True)) == [
        referral.patient_id
    ]


@pytest.mark.parametrize("who", ["lena", "maya", "carl"])
def test_ten_transfers_cost_as_many_queries_as_one(england, who):
    def cost():
        client = client_of(getattr(england, who))
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        return len(seen)

    ask(england)
    once = cost()
    for days in range(9):
        ask(england, days_ago=days)
    assert cost() == once
