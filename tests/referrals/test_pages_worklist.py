"""The worklist and the board: who sees what, in which order, narrowed how, at what cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, AccessedPatient
from organisations.actor import Actor
from pathways.actions import patients
from pathways.actions.clocks import raise_flags
from pathways.models import Clock, Patient
from pathways.pseudonyms import pseudonym_of
from referrals import actions
from referrals.models import Referral
from tests.referrals.asking import text, today
from tests.referrals.transfers import asked, assessed, decided, ready
from tests.world import NOW, TODAY, a_patient, actor_of, client_of, member, now

CANARY = "Xanthippeson"


def ask(england, *, days_ago=0, **known):
    """Lena asks, now, for somebody whose report was requested some days ago."""
    patient = known.pop("patient", None) or a_patient(england)
    by = actor_of(england.lena, at=now())
    return asked(
        england, patient, by=by, report_first_requested_on=today() - timedelta(days=days_ago), **known
    )


def references(response):
    """The references in the order in which the page shows them."""
    return re.findall(r'<a href="/transfers/[0-9a-f-]{36}/">([^<]+)</a>', response.content.decode())


def queries(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_worklist_is_ordered_by_urgency_then_overdue_review_then_days_waited(england):
    soon = ask(england, urgency=3, days_ago=40)
    longer = ask(england, urgency=2, days_ago=9)
    shorter = ask(england, urgency=2, days_ago=2)
    overdue = ask(england, urgency=2, days_ago=1)
    emergency = ask(england, urgency=1)
    Referral.objects.filter(pk=overdue.pk).update(next_review_on=today() - timedelta(days=1))
    page = client_of(england.lena).get("/transfers/")
    assert references(page) == [one.reference for one in (emergency, overdue, longer, shorter, soon)]


def test_a_row_tells_who_where_how_urgent_which_day_and_what_is_next(england):
    referral = ask(england, days_ago=9)
    page = text(client_of(england.lena).get("/transfers/"))
    assert referral.patient.full_name in page
    assert "HMP Wexley" in page
    assert "Day 9 of 14" in page
    assert "5 days left" in page
    assert "From: the first doctor" in page
    assert "Ashdown Unit asked" in page
    assert "Brook House asked" in page


@pytest.mark.parametrize(("days_ago", "words"), [(14, "Due today"), (15, "1 day late")])
def test_day_fourteen_is_in_time_and_day_fifteen_late(england, days_ago, words):
    ask(england, days_ago=days_ago)
    assert words in text(client_of(england.lena).get("/transfers/"))


def test_raised_flags_show_with_the_gravest_first(england):
    ask(england, days_ago=22)
    raise_flags(by=Actor.system("sweep", at=now()))
    page = text(client_of(england.lena).get("/transfers/"))
    assert "Escalated" in page
    assert "To acknowledge" in page


def test_a_stranger_sees_nothing_and_a_service_asked_sees_it(england):
    referral = ask(england)
    assert references(client_of(england.maya).get("/transfers/")) == [referral.reference]
    for user in (england.sam, england.owen):
        page = client_of(user).get("/transfers/")
        assert references(page) == []
        assert "waiting for a transfer" in text(page)


@pytest.mark.parametrize(
    "address", ["/transfers/", "/transfers/board/", "/transfers/?format=csv", "/transfers/?format=print"]
)
def test_an_analyst_and_an_administrator_see_no_identity_in_any_byte(england, address):
    known = a_patient(england, given_name=CANARY, family_name=CANARY)
    referral = ask(england, patient=known)
    for user in (england.anna, england.adam):
        response = client_of(user).get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said = body.decode().lower()
        assert referral.reference.lower() in said
        for secret in (CANARY, known.nhs_number, known.prison_number, "1990", "17 May"):
            assert secret.lower() not in said
    case_manager = client_of(england.carl).get("/transfers/")
    assert CANARY.upper() in text(case_manager)


def test_a_case_manager_who_works_as_an_analyst_knows_nobody(england):
    known = a_patient(england, given_name=CANARY, family_name=CANARY)
    referral = ask(england, patient=known)
    carl = client_of(england.carl)
    carl.post("/role/", {"role": "analyst"})
    for address in ("/", "/transfers/", f"/transfers/{referral.public_id}/", f"/patients/{known.public_id}/"):
        assert CANARY.lower() not in text(carl.get(address)).lower()
    assert pseudonym_of(known.pk, commissioner_id=england.north.pk) in text(carl.get("/transfers/"))
    assert "Work as case manager" in carl.get("/").content.decode()
    carl.post("/role/", {"role": "case_manager"})
    assert CANARY.upper() in text(carl.get("/transfers/"))


def test_an_analyst_of_two_populations_sees_each_person_by_their_own_commissioner(england):
    member(england.anna, "commissioner", commissioner=england.south)
    northern, southern = a_patient(england), a_patient(england, home_area=england.south)
    ask(england, patient=northern)
    ask(england, patient=southern)
    page = text(client_of(england.anna).get("/transfers/"))
    assert pseudonym_of(northern.pk, commissioner_id=england.north.pk) in page
    assert pseudonym_of(southern.pk, commissioner_id=england.south.pk) in page


def test_an_analyst_and_the_other_area_have_different_pseudonyms(england):
    ask(england)
    assert set(re.findall(r"P-[A-Z2-7]{8}", text(client_of(england.anna).get("/transfers/")))).isdisjoint(
        re.findall(r"P-[A-Z2-7]{8}", text(client_of(england.adam).get("/transfers/")))
    )


def test_somebody_with_restricted_access_is_counted_and_not_named(england):
    known = a_patient(england, given_name=CANARY, family_name=CANARY)
    ask(england, patient=known)
    Patient.objects.filter(pk=known.pk).update(has_restricted_access=True)
    for address in ("/transfers/", "/transfers/board/", f"/services/{england.prison.public_id}/"):
        page = client_of(england.lena).get(address)
        assert "Restricted person" in text(page)
        assert CANARY.upper() not in text(page).upper()


def test_filters_narrow_and_chips_take_them_away(england):
    urgent, soon = ask(england, urgency=2), ask(england, urgency=3)
    page = client_of(england.lena).get("/transfers/?urgency=3")
    assert references(page) == [soon.reference]
    assert "Urgency: Soon" in text(page)
    late = ask(england, days_ago=15)
    near = ask(england, days_ago=11)
    client = client_of(england.lena)
    assert references(client.get("/transfers/?late=late")) == [late.reference]
    assert references(client.get("/transfers/?late=approaching")) == [near.reference]
    assert urgent.reference in references(client.get(f"/transfers/?prison={england.prison.public_id}"))
    assert references(client.get(f"/transfers/?asked={england.elsewhere.public_id}")) == []
    assert len(references(client.get(f"/transfers/?asked={england.brook.public_id}"))) == 4
    assert len(references(client.get("/transfers/?region=Y99&step=first_report"))) == 4
    assert "No transfer fits. Remove a filter" in text(client.get("/transfers/?step=received"))


@pytest.mark.parametrize(
    "question", ["?late=x", "?urgency=x", "?prison=x", "?asked=%00", "?step=%27", "?page=x", "?sort=x"]
)
def test_an_unknown_value_in_the_address_is_passed_over(england, question):
    referral = ask(england)
    assert references(client_of(england.lena).get(f"/transfers/{question}")) == [referral.reference]


def test_what_waits_for_me_is_what_my_side_does_next(england):
    referral = ask(england)
    mine = "/transfers/?needs=me"
    # The first report is the prison's to get.
    assert references(client_of(england.lena).get(mine)) == [referral.reference]
    assert references(client_of(england.maya).get(mine)) == []
    alone = ask(england, services=())
    assert references(client_of(england.carl).get(f"{mine}&step=first_report")) == []
    Referral.objects.filter(pk=alone.pk).update(next_step="services_asked")
    assert references(client_of(england.carl).get(mine)) == [alone.reference]


def test_a_service_that_owes_a_decision_finds_it_under_me(england):
    referral = ask(england)
    assessed(england, referral, when=now())
    Referral.objects.filter(pk=referral.pk).update(next_step="decision")
    assert references(client_of(england.luke).get("/transfers/?needs=me")) == [referral.reference]


def test_one_prison_is_not_asked_which_prison_or_region(england):
    ask(england)
    page = text(client_of(england.lena).get("/transfers/"))
    assert "Region" not in page
    assert "Region" in text(client_of(england.carl).get("/transfers/"))


def test_the_board_leads_to_a_file_and_a_print_of_the_same_transfers(england):
    ask(england)
    page = client_of(england.lena).get("/transfers/board/?urgency=2").content.decode()
    assert "/transfers/?urgency=2&amp;format=csv" in page
    assert "/transfers/?urgency=2&amp;format=print" in page


def test_what_ended_last_comes_first_as_it_stood_when_it_ended(england, time_machine):
    time_machine.move_to(NOW, tick=False)
    first = asked(england, urgency=1)
    second, third = ready(england), asked(england)
    for referral, reason, by in (
        (first, "left_england", england.lena), (second, "released", england.lena), (third, "improved", england.ines),
    ):  # fmt: skip
        why = "Well." if reason == "improved" else ""
        actions.end_transfer(referral, reason=reason, why=why, on=TODAY, by=actor_of(by))
    client = client_of(england.lena)
    assert references(client.get("/transfers/?state=ended")) == [
        third.reference, second.reference, first.reference,
    ]  # fmt: skip
    shown = text(client.get("/transfers/?state=ended"))
    assert "Ashdown Unit bed date given" in shown
    assert "Brook House had not decided" in shown
    assert "Bed date 5 March 2026" in text(client.get(f"/transfers/{second.public_id}/"))


def test_ended_transfers_are_a_list_of_their_own(england):
    referral = ask(england)
    by = actor_of(england.ines, at=now())
    actions.end_transfer(referral, reason="entered_in_error", why="Wrong person.", on=today(), by=by)
    client = client_of(england.lena)
    assert references(client.get("/transfers/")) == []
    page = client.get("/transfers/?state=ended&end=entered_in_error")
    assert references(page) == [referral.reference]
    assert "Asked in error" in text(page)
    assert references(client.get("/transfers/?state=ended&end=died")) == []


def test_a_file_holds_what_is_shown_and_is_logged_as_an_export(england):
    one, _ = ask(england, urgency=1), ask(england, urgency=3)
    response = client_of(england.lena).get("/transfers/?urgency=1&format=csv")
    lines = b"".join(response.streaming_content).decode().strip().splitlines()
    assert len(lines) == 2
    assert one.reference in lines[1]
    assert one.patient.family_name.upper() in lines[1]
    assert Access.objects.filter(action="export", user_id=england.lena.pk).exists()


def test_the_people_on_the_list_are_in_the_read_log(england):
    referral = ask(england)
    for address in ("/transfers/", "/transfers/board/", f"/services/{england.ashdown.public_id}/"):
        before = AccessedPatient.objects.filter(patient_id=referral.patient_id).count()
        client_of(england.maya).get(address)
        assert AccessedPatient.objects.filter(patient_id=referral.patient_id).count() == before + 1


@pytest.mark.parametrize("address", ["/transfers/", "/transfers/board/", "ashdown", "prison"])
def test_the_number_of_queries_is_the_same_for_one_row_and_for_ten(england, address):
    if not address.startswith("/"):
        address = f"/services/{getattr(england, address).public_id}/"
    client = client_of(
        england.maya if "services" in address and str(england.ashdown.public_id) in address else england.lena
    )
    first = ask(england, days_ago=20)
    decided_on = {"decided_on": today(), "when": now()}
    assessed(england, first, when=now())
    decided(england, first, **decided_on)
    raise_flags(by=Actor.system("sweep", at=now()))
    client.get(address)
    one = queries(client, address)
    for number in range(9):
        ask(england, days_ago=number * 3)
    raise_flags(by=Actor.system("sweep", at=now()))
    assert queries(client, address) == one


def test_the_board_groups_by_first_unmet_need_with_the_same_filters(england):
    first = ask(england, urgency=1)
    other = ask(england, urgency=3)
    Referral.objects.filter(pk=other.pk).update(next_step="escort")
    page = client_of(england.lena).get("/transfers/board/")
    said = text(page)
    assert references(page) == [first.reference, other.reference]
    assert (
        said.index("First psychiatric assessment") < said.index(first.reference) < said.index("Escort booked")
    )
    assert said.index("Escort booked") < said.index(other.reference)
    narrowed = client_of(england.lena).get("/transfers/board/?urgency=3")
    assert references(narrowed) == [other.reference]
    assert 'href="/transfers/?urgency=3"' in narrowed.content.decode()


def test_a_full_column_shows_twenty_five_and_leads_to_the_rest(england, monkeypatch):
    monkeypatch.setattr("referrals.pages.board.MOST_CARDS", 2)
    for _ in range(3):
        ask(england)
    page = client_of(england.lena).get("/transfers/board/")
    assert len(references(page)) == 2
    assert "All 3 in the list" in text(page)


def test_somebody_who_died_is_on_the_worklist_no_more(england):
    referral = ask(england)
    patients.record_death(referral.patient, on=today(), by=actor_of(england.ines, at=now()))
    assert references(client_of(england.lena).get("/transfers/")) == []
    assert not Clock.objects.running().exists()
