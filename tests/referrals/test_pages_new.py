"""Asking for a transfer at /transfers/new/: one question a page, kept as given, sent once."""

from datetime import timedelta
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import Access, AccessedPatient
from core.models import Draft
from pathways.actions import placements
from pathways.models import Clock, KeyDate, Patient
from referrals.models import Approach, LegalBasis, Referral
from tests.referrals import asking
from tests.referrals.asking import address, answer, answer_all, begin, boxes, choose, send, text, today
from tests.world import a_nhs_number, a_patient, actor_of, client_of, now


@pytest.fixture
def lena(england):
    return client_of(england.lena)


@pytest.fixture
def patient(england):
    return a_patient(england, given_name="Terence", family_name="Hollowbrook")


@pytest.fixture
def draft(lena):
    return begin(lena)


def register_answers(**changed):
    given = {
        "given_name": "Robin",
        "family_name": "Marsh",
        "stated_gender": "1",
        "has_nhs_number": "yes",
        "nhs_number": a_nhs_number(),
        "ethnicity": "Z",
        "reason": "Came to us today.",
        **boxes("born_on", today().replace(year=1988, day=1)),
    }
    return {**given, **changed}


def test_a_liaison_asks_and_sees_the_last_day_in_time_and_a_reference(england, lena, patient, draft):
    answer_all(lena, draft, patient, services=[england.ashdown, england.brook])
    page = lena.get(send(lena, draft).url)
    referral = Referral.objects.get()
    due = today() + timedelta(days=14)
    assert referral.reference in text(page)
    assert f"{due.day} {due:%B %Y}" in text(page)
    assert "Ashdown Unit and Brook House have been told" in text(page)
    assert referral.from_service == england.prison
    assert referral.urgency == 2
    assert LegalBasis.objects.get().with_restrictions is True
    assert KeyDate.objects.get().kind == "release"
    assert Approach.objects.count() == 2


def test_an_in_reach_clinician_may_ask_and_a_hospital_clinician_an_analyst_and_a_stranger_may_not(england):
    assert client_of(england.ines).get("/transfers/new/").status_code == 200
    for user in (england.maya, england.anna, england.carl, england.adam):
        assert client_of(user).get("/transfers/new/").status_code == 403


def test_search_forgives_misspelling_and_finds_only_own_people(england, lena, patient, draft):
    a_patient(england, at_service=england.other_prison, given_name="Terence", family_name="Hollowbrooke")
    response = lena.post(address(draft, "person"), {"words": "Holowbrok Terence"}, follow=True)
    assert text(response).count("HOLLOWBROOK") == 2  # the name, and again in the button's words
    assert "HOLLOWBROOKE" not in text(response)
    assert f"Ask for this person : {patient.full_name}" in text(response)
    assert "Hol" not in response.request["QUERY_STRING"] + response.request["PATH_INFO"]
    assert AccessedPatient.objects.filter(patient_id=patient.pk).exists()


def test_nobody_found_says_what_to_do(lena, draft):
    response = lena.post(address(draft, "person"), {"words": "Zzyzx"}, follow=True)
    assert "Nobody found among your people" in text(response)
    assert "Trace somebody" in text(response)


def test_somebody_with_an_open_transfer_here_leads_to_it(england, lena, patient, draft):
    answer_all(lena, draft, patient)
    send(lena, draft)
    other = begin(lena)
    page = lena.post(address(other, "person"), {"words": "Hollowbrook"}, follow=True)
    assert f"Open transfer {Referral.objects.get().reference}" in text(page)
    assert choose(lena, other, patient).url == f"/transfers/{Referral.objects.get().public_id}/"


def test_two_requests_for_one_person_are_refused_with_a_sentence_and_nothing_is_lost(
    england, lena, patient, draft
):
    second = begin(lena)
    answer_all(lena, draft, patient)
    answer_all(lena, second, patient)
    send(lena, draft)
    response = send(lena, second)
    assert response.status_code == 409
    assert "already" in text(response)
    assert Referral.objects.count() == 1
    assert Draft.objects.get(public_id=second).answers["urgency"]["urgency_why"] == "Not eating or drinking."


def test_a_double_submit_asks_once_and_gets_the_first_answer(lena, patient, draft):
    answer_all(lena, draft, patient)
    key = asking.key_of(lena.get(address(draft, "check")))
    first = lena.post(address(draft, "check"), {"submission": key})
    again = lena.post(address(draft, "check"), {"submission": key})
    assert first.url == again.url
    assert Referral.objects.count() == 1


def test_the_back_button_after_sending_leads_to_the_answer(lena, patient, draft):
    answer_all(lena, draft, patient)
    sent = send(lena, draft).url
    for question in ("check", "urgency", "person"):
        assert lena.get(address(draft, question)).url == sent
    assert Draft.objects.get().answers["urgency"] is None


def test_going_back_to_change_one_answer_returns_to_the_check(lena, patient, draft):
    answer_all(lena, draft, patient)
    assert "Not eating or drinking." in text(lena.get(address(draft, "urgency")))
    assert answer(lena, draft, "urgency", urgency="1", urgency_why="Worse.") == address(draft, "check")
    assert "Emergency" in text(lena.get(address(draft, "check")))


def test_every_answer_is_kept_at_once_and_never_in_the_address(lena, patient, draft):
    choose(lena, draft, patient)
    assert answer(lena, draft, "section", section="48") == address(draft, "limb")
    assert Draft.objects.get().answers["section"]["section"] == "48"
    assert "Hollowbrook".upper() in text(lena.get("/transfers/new/"))


def test_restrictions_are_asked_only_where_the_law_leaves_a_choice(lena, patient, draft):
    choose(lena, draft, patient)
    answer(lena, draft, "section", section="48")
    assert answer(lena, draft, "limb", limb="a") == address(draft, "dates")
    assert lena.get(address(draft, "restrictions")).status_code == 404
    assert answer(lena, draft, "limb", limb="d") == address(draft, "restrictions")


@pytest.mark.parametrize(
    ("section", "limb", "fields"),
    [
        ("47", "", ["release_on"]),
        ("48", "a", ["hearing_on", "remand_expires_on"]),
        ("48", "b", ["hearing_on", "remand_expires_on"]),
        ("48", "c", ["release_on"]),
        ("48", "d", ["hearing_on"]),
    ],
)
def test_only_dates_that_fit_the_basis_are_asked(lena, patient, draft, section, limb, fields):
    choose(lena, draft, patient)
    answer(lena, draft, "section", section=section)
    if limb:
        answer(lena, draft, "limb", limb=limb)
    page = lena.get(address(draft, "dates")).content.decode()
    asked = [name for name in ("release_on", "hearing_on", "remand_expires_on") if f"{name}-day" in page]
    assert asked == fields


def test_another_basis_asks_again_for_the_dates_that_depend_on_it(lena, patient, draft):
    answer_all(lena, draft, patient)
    assert answer(lena, draft, "section", section="48") == address(draft, "limb")
    assert answer(lena, draft, "limb", limb="b") == address(draft, "dates")
    answer(lena, draft, "dates")
    send(lena, draft)
    assert KeyDate.objects.count() == 0
    assert LegalBasis.objects.get().limb == "b"
    assert LegalBasis.objects.get().with_restrictions


def test_a_report_requested_tomorrow_is_refused_beside_its_field(lena, patient, draft):
    choose(lena, draft, patient)
    response = lena.post(
        address(draft, "requested"), boxes("report_first_requested_on", today() + timedelta(days=1))
    )
    # The section is not answered yet; a question can still be answered out of turn.
    assert response.status_code == 400
    assert "must be today or in the past" in text(response)
    assert f'value="{(today() + timedelta(days=1)).year}"' in response.content.decode()


def test_a_request_of_five_days_ago_is_shown_as_entered_late_and_counts_from_its_day(lena, patient, draft):
    answer_all(lena, draft, patient, requested=today() - timedelta(days=5))
    assert "entered 5 days late" in text(lena.get(address(draft, "check")))
    page = lena.get(send(lena, draft).url)
    assert "Today is day 5 of 14" in text(page)
    assert "shown as entered 5 days late" in text(page)
    headline = Clock.objects.headline().get()
    assert headline.due_on == today() + timedelta(days=9)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hearing_on-day": "31", "hearing_on-month": "2", "hearing_on-year": "2027"}, "must be a real date"),
        ({"hearing_on-day": "3", "hearing_on-year": "2027"}, "must include a month"),
        (
            {"hearing_on-day": "3", "hearing_on-month": "3", "hearing_on-year": "2001"},
            "must be today or in the future",
        ),
    ],
)
def test_impossible_dates_are_refused_with_their_own_sentence(lena, patient, draft, typed, sentence):
    choose(lena, draft, patient)
    answer(lena, draft, "section", section="48")
    answer(lena, draft, "limb", limb="a")
    response = lena.post(address(draft, "dates"), typed)
    assert response.status_code == 400
    assert sentence in text(response)


def test_choosing_no_service_needs_saying_so(lena, patient, draft):
    choose(lena, draft, patient)
    response = lena.post(address(draft, "services"), {})
    assert response.status_code == 400
    assert "Choose at least one service, or say that you do not know yet whom to ask" in text(response)


def test_the_filter_of_services_narrows_by_tier_and_keeps_the_ticks(england, lena, patient, draft):
    choose(lena, draft, patient)
    ticked = str(england.ashdown.public_id)
    lena.post(address(draft, "services"), {"move": "filter", "tier": "low", "services": [ticked]})
    page = lena.get(address(draft, "services"))
    assert "Brook House" in text(page)
    assert "Far Clinic" not in text(page)
    assert f'value="{ticked}" checked' in page.content.decode()


def test_an_unknown_service_is_refused(england, lena, patient, draft):
    choose(lena, draft, patient)
    response = lena.post(address(draft, "services"), {"services": [str(england.prison.public_id)]})
    assert response.status_code == 400
    assert "Choose from the services given" in text(response)


def test_somebody_elses_draft_is_not_there(england, lena, patient, draft):
    ines = client_of(england.ines)
    choose(lena, draft, patient)
    for question in ("person", "section", "services", "check", "trace", "register"):
        assert ines.get(address(draft, question)).status_code == 404
    assert ines.post(address(draft, "choose"), {"person": str(patient.public_id)}).status_code == 404
    assert ines.post(address(draft, "discard")).status_code == 404
    assert Draft.objects.count() == 1


def test_a_draft_is_there_for_fourteen_days(lena, draft):
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=13, hours=23))
    assert lena.get(address(draft, "person")).status_code == 200
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=14, minutes=1))
    assert lena.get(address(draft, "person")).status_code == 404
    assert "Continue where you left off" not in text(lena.get("/transfers/new/"))


def test_a_draft_can_be_thrown_away(lena, draft):
    assert lena.post(address(draft, "discard")).url == "/transfers/new/"
    assert not Draft.objects.exists()


def test_the_person_of_a_draft_is_not_shown_once_they_may_not_be_opened(england, lena, patient, draft):
    choose(lena, draft, patient)
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    assert lena.get(address(draft, "section")).url == address(draft, "person")
    assert "HOLLOWBROOK" not in text(lena.get("/transfers/new/"))


def test_somebody_not_of_ones_own_people_can_not_be_chosen(england, lena, draft):
    stranger = a_patient(england, at_service=england.other_prison)
    assert choose(lena, draft, stranger).status_code == 404
    assert lena.get(address(draft, "arrived")).status_code == 404


def test_a_traced_person_who_came_here_is_placed_here_and_asked_for(england, lena, draft):
    away = a_patient(england, at_service=england.other_prison, since=now() - timedelta(days=60))
    trace = {"by_what": "nhs_number", "nhs_number": away.nhs_number, "reason": "Came to us today."}
    cards = lena.post(address(draft, "trace"), trace, follow=True)
    assert away.full_name in text(cards)
    assert away.nhs_number not in cards.content.decode()
    assert choose(lena, draft, away).url == address(draft, "arrived")
    arrived_on = today() - timedelta(days=2)
    assert answer(lena, draft, "arrived", **boxes("arrived_on", arrived_on)) == address(draft, "section")
    assert Patient.objects.visible_to(actor_of(england.lena, at=now())).filter(pk=away.pk).exists()


def test_a_trace_without_a_reason_or_with_part_of_a_name_is_refused(lena, patient, draft):
    response = lena.post(address(draft, "trace"), {"by_what": "name", "family_name": "Hollowbrook"})
    assert response.status_code == 400
    for sentence in (
        "Say why you are looking for this person",
        "Enter the first name",
        "Enter the date of birth",
    ):
        assert sentence in text(response)


def test_a_traced_person_with_an_open_transfer_elsewhere_is_taken_over(england, draft, lena):
    away = a_patient(england, at_service=england.other_prison, since=now() - timedelta(days=60))
    owen = client_of(england.owen)
    theirs = begin(owen)
    answer_all(owen, theirs, away)
    send(owen, theirs)
    trace = {"by_what": "prison_number", "prison_number": away.prison_number, "reason": "Came to us today."}
    cards = lena.post(address(draft, "trace"), trace, follow=True)
    referral = Referral.objects.get()
    assert f"Open transfer {referral.reference}, asked for by HMP Barrow Hill" in text(cards)
    choose(lena, draft, away)
    assert "Take over transfer" in text(lena.get(address(draft, "arrived")))
    response = lena.post(address(draft, "arrived"), boxes("arrived_on", today()))
    assert response.url == f"/transfers/{referral.public_id}/"
    referral.refresh_from_db()
    assert referral.from_service == england.prison


def test_registering_somebody_goes_on_with_them(england, lena, draft):
    given = register_answers(home_area=str(england.north.public_id), prison_number="a9999zz")
    assert lena.post(address(draft, "register"), given).url == address(draft, "section")
    robin = Patient.objects.get(family_name="Marsh")
    assert robin.prison_number == "A9999ZZ"
    assert robin.home_area == england.north


def test_a_double_click_registers_somebody_without_numbers_once(lena, draft):
    given = register_answers(has_nhs_number="not_known", nhs_number="", submission=str(uuid4()))
    first, second = (lena.post(address(draft, "register"), given) for _ in range(2))
    assert first.url == second.url == address(draft, "section")
    assert Patient.objects.filter(family_name="Marsh").count() == 1


def test_the_cards_of_a_trace_are_logged_each_time_they_are_shown(england, lena, draft):
    away = a_patient(england, at_service=england.other_prison, since=now() - timedelta(days=60))
    trace = {"by_what": "nhs_number", "nhs_number": away.nhs_number, "reason": "Came to us today."}
    lena.post(address(draft, "trace"), trace)
    looks = Access.objects.filter(page="referrals:trace", action="trace", reason="Came to us today.")
    before = looks.count()
    lena.get(address(draft, "trace"))
    assert looks.count() == before + 1
    choose(lena, draft, away)
    lena.get(address(draft, "arrived"))
    assert Access.objects.filter(page="referrals:arrived", people=1).exists()


def test_cards_are_not_shown_while_the_read_log_cannot_be_written(england, lena, draft, monkeypatch):
    away = a_patient(england, at_service=england.other_prison, since=now() - timedelta(days=60))
    trace = {"by_what": "nhs_number", "nhs_number": away.nhs_number, "reason": "Came to us today."}
    lena.post(address(draft, "trace"), trace)
    monkeypatch.setattr("accounts.readlog.write", Mock(side_effect=OperationalError))
    assert lena.get(address(draft, "trace")).status_code == 503


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("999123456", "NHS number must be 10 numbers long."),
        ("99912345AB", "NHS number must only include numbers."),
        ("9991234561", "That is not a valid NHS number."),
        ("", "Enter the NHS number"),
    ],
)
def test_a_wrong_nhs_number_is_told_exactly_and_what_was_typed_stays(lena, draft, number, sentence):
    response = lena.post(address(draft, "register"), register_answers(nhs_number=number))
    assert response.status_code == 400
    assert sentence in text(response)
    assert 'value="Robin"' in response.content.decode()
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_no_nhs_number_needs_a_reason(lena, draft):
    given = register_answers(has_nhs_number="not_known", nhs_number="")
    assert lena.post(address(draft, "register"), given).status_code == 302
    assert Patient.objects.get(family_name="Marsh").no_nhs_number == "not_known"
    refused = lena.post(address(begin(lena), "register"), register_answers(has_nhs_number=""))
    assert "Enter the NHS number, or say why there is none" in text(refused)


def test_a_person_who_left_the_prison_must_have_come_back(england, lena, patient, draft):
    placements.place(
        patient,
        service=england.other_prison,
        at=now() - timedelta(days=3),
        by=actor_of(england.owen, at=now()),
    )
    assert choose(lena, draft, patient).url == address(draft, "arrived")
