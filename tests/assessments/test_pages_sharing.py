"""A signed version on its pages: accepted, asked about, confirmed, corrected, and ended."""

import re
from datetime import timedelta

from django.urls import reverse

from assessments import actions
from assessments.codes import SectionKind
from assessments.models import Acceptance, Assessment
from tests.assessments.drafting import drafted, signed
from tests.assessments.pages_world import hidden_in, path
from tests.referrals.transfers import approach_of, asked, assessed
from tests.world import actor_of, client_of, now


def test_a_low_secure_service_accepts_with_a_question(england, version):
    luke = client_of(england.luke)
    address = path("accept", version)
    answers = {"service": england.brook.pk, "tier": "low", "answer": "question"}
    assert luke.post(address, answers).status_code == 400
    assert luke.post(address, {**answers, "question": "On clozapine?"}).status_code == 302
    assert Acceptance.objects.by_another_service().get().words == "On clozapine?"
    assert "On clozapine?" in luke.get(path("signed", version)).content.decode()


def test_a_service_begins_with_its_own_tier_and_is_offered_those_of_hospitals(england, version):
    page = client_of(england.luke).get(path("accept", version)).content.decode()
    offered = re.findall(r'name="tier" type="radio" value="(\w+)"( checked)?', page)
    assert [tier for tier, _ in offered] == ["high", "medium", "low", "step_down", "general"]
    assert [tier for tier, chosen in offered if chosen] == ["low"]


def test_the_service_that_signed_answers_the_question_and_the_answer_stands_beside_it(england, version):
    luke, maya = client_of(england.luke), client_of(england.maya)
    asked = {"service": england.brook.pk, "tier": "low", "answer": "question", "question": "On clozapine?"}
    luke.post(path("accept", version), asked)
    acceptance = Acceptance.objects.by_another_service().get()
    address = path("answer_question", version, acceptance.public_id)
    assert address in maya.get(path("signed", version)).content.decode()
    assert address not in luke.get(path("signed", version)).content.decode()
    page = maya.get(address)
    assert "On clozapine?" in page.content.decode()
    assert luke.post(address, {"words": "Ours to say."}).status_code == 409
    assert maya.post(address, {"words": " "}).status_code == 400
    reply = {"words": "Since May.", "submission": hidden_in(page, "submission")}
    assert [maya.post(address, reply).status_code for _ in range(2)] == [302, 302]
    assert acceptance.replies.get().words == "Since May."
    for name in ("signed", "print"):
        assert "Since May." in luke.get(path(name, version)).content.decode()


def test_a_plain_yes_has_no_question_to_answer(england, version):
    answers = {"service": england.brook.pk, "tier": "low", "answer": "yes"}
    client_of(england.luke).post(path("accept", version), answers)
    address = path("answer_question", version, Acceptance.objects.by_another_service().get().public_id)
    assert client_of(england.maya).get(address).status_code == 404


def test_a_section_is_confirmed_from_the_page(england, version):
    luke = client_of(england.luke)
    address = path("confirm", version, "risk")
    assert luke.post(address).status_code == 302
    assert "Luke, Brook House" in luke.get(path("signed", version)).content.decode()
    assert client_of(england.carl).post(address).status_code == 403
    assert client_of(england.ines).post(address).status_code == 409
    assert luke.post(path("confirm", version, "mood")).status_code == 404


def test_a_section_past_its_date_asks_and_confirming_answers(england):
    version = signed(england, at=now() - timedelta(days=29))
    luke = client_of(england.luke)
    asks = "Asks to be confirmed"
    body = luke.get(path("signed", version)).content.decode()
    assert body.count(asks) == 1
    assert path("confirm", version, "risk") in body
    assert path("confirm", version, "physical") not in body
    luke.post(path("confirm", version, "risk"))
    body = luke.get(path("signed", version)).content.decode()
    assert asks not in body
    assert path("confirm", version, "risk") not in body


def test_a_version_is_corrected_through_its_pages(england, version):
    maya = client_of(england.maya)
    opened = maya.post(path("correct", version), {"why": "Wrong year."})
    draft = Assessment.objects.get(corrects=version)
    assert opened["Location"] == path("draft", draft)
    newer = actions.sign_assessment(draft, by=actor_of(england.maya, at=now()))
    old = maya.get(path("signed", version)).content.decode()
    assert "newer version" in old
    assert "Superseded" in old
    new = maya.get(path("signed", newer)).content.decode()
    assert "Wrong year." in new
    assert "Version 1" in new
    assert client_of(england.luke).post(path("correct", newer), {"why": "x"}).status_code == 403
    not_yours = client_of(england.luke).get(path("correct", newer))
    assert not_yours.status_code == 403
    assert "Only the service that signed this version can correct it." in not_yours.content.decode()


def test_a_broken_seal_is_said_in_red(england, version, owner_connection, monkeypatch):
    monkeypatch.setattr("assessments.seal.seal_of", lambda *args, **kwargs: "0" * 64)
    for page in ("signed", "print"):
        body = client_of(england.maya).get(path(page, version)).content.decode()
        assert "Its seal does not fit" in body


def test_a_late_draft_is_taken_over_and_one_can_be_given_up(england):
    draft = drafted(england, at=now() - timedelta(days=8))
    luke = client_of(england.luke)
    assert "Take over this assessment" in luke.get(path("draft", draft)).content.decode()
    answers = {"service": england.brook.pk, "why": "No answer."}
    assert luke.post(path("take_over", draft), answers).status_code == 302
    assert luke.get(path("section", draft, "risk")).status_code == 200
    assert luke.post(path("give_up", draft), {"why": "Moved away."}).status_code == 302
    draft.refresh_from_db()
    assert draft.closed_as == "abandoned"
    assert luke.post(path("take_over", draft), answers).status_code == 409


def test_a_material_change_is_said_from_the_page(england, version):
    luke = client_of(england.luke)
    assert luke.post(path("end_currency", version), {"why": "A new charge."}).status_code == 302
    assert "Ended by a material change" in luke.get(path("signed", version)).content.decode()
    refused = luke.post(
        path("accept", version), {"service": england.brook.pk, "tier": "low", "answer": "yes"}
    )
    assert refused.status_code == 409


def test_every_section_has_a_page(england, draft):
    maya = client_of(england.maya)
    for kind in SectionKind:
        assert maya.get(path("section", draft, kind.value)).status_code == 200
    assert maya.get(path("section", draft, "mood")).status_code == 404


def test_an_assessment_leads_to_the_person_the_transfer_and_after_the_answer_to_the_decision(england):
    referral = asked(england, by=actor_of(england.lena, at=now()), report_first_requested_on=now().date())
    found = assessed(england, referral, when=now())
    luke = client_of(england.luke)
    decide = reverse(
        "referrals:decide", args=[referral.public_id, approach_of(referral, england.brook).public_id]
    )
    body = luke.get(path("signed", found)).content.decode()
    assert reverse("desk:patient", args=[referral.patient.public_id]) in body
    assert f"Transfer {referral.reference}" in body
    assert decide not in body
    luke.post(path("accept", found), {"service": england.brook.pk, "tier": "low", "answer": "yes"})
    body = luke.get(path("signed", found)).content.decode()
    assert decide in body
    assert "Now decide for Brook House" in body
    body = client_of(england.maya).get(path("signed", found)).content.decode()
    assert "Now decide for Ashdown Unit" in body
    assert "Accept or question it" not in body
