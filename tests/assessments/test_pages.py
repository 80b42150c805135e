"""The pages of assessments, as each role sees them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Access
from assessments import actions
from assessments.codes import SectionKind
from assessments.models import Acceptance, Assessment, Recommendation, SignedAssessment
from core.models import Draft
from tests.assessments.drafting import RECOMMENDED, asked_about, drafted, signed, written
from tests.referrals.transfers import approach_of, asked, assessed
from tests.world import actor_of, client_of, now

CANARIES = {
    "third_party": "Canary-third-party-words",
    "victim": "Canary-victim-words",
    "hospital_only": "Canary-hospital-words",
}
BY_ITSELF = {"headers": {"X-Autosave": "1"}}
READS = {"maya": set(CANARIES), "luke": set(CANARIES), "ines": {"third_party", "victim"}, "carl": set()}


def path(name, row, *more):
    return reverse(f"assessments:{name}", args=[row.public_id, *more])


def canaries_in(response):
    body = response.content.decode()
    return {restriction for restriction, words in CANARIES.items() if words in body}


def hidden_in(response, name):
    """The value of a hidden box on a page."""
    return re.search(rf'name="{name}" value="([^"]+)"', response.content.decode()).group(1)


def version_of(response):
    return hidden_in(response, "version")


@pytest.fixture
def version(england):
    return signed(england, at=now(), risk=CANARIES)


@pytest.fixture
def draft(england):
    return drafted(england, at=now())


@pytest.mark.parametrize("page", ["signed", "print"])
@pytest.mark.parametrize("name", READS)
def test_restricted_words_reach_only_those_who_may_read_them(england, version, page, name):
    response = client_of(getattr(england, name)).get(path(page, version))
    assert response.status_code == 200
    assert canaries_in(response) == READS[name]
    hidden = b"Part of this section is restricted" in response.content
    assert hidden == (READS[name] != set(CANARIES))


@pytest.mark.parametrize("page", ["signed", "print", "accept", "correct", "end_currency"])
@pytest.mark.parametrize(
    ("name", "status"), [("sam", 404), ("lena", 403), ("adam", 403), ("anna", 403), ("maya", 200)]
)
def test_the_doors_of_a_signed_version(england, version, page, name, status):
    assert client_of(getattr(england, name)).get(path(page, version)).status_code == status


@pytest.mark.parametrize("page", ["draft", "recommendation", "ratings", "sign", "give_up"])
@pytest.mark.parametrize(("name", "status"), [("sam", 404), ("lena", 403), ("maya", 200)])
def test_the_doors_of_a_draft(england, draft, page, name, status):
    assert client_of(getattr(england, name)).get(path(page, draft)).status_code == status


def test_another_service_sees_how_far_a_draft_is_and_none_of_its_words(england):
    draft = written(england, at=now(), risk=CANARIES)
    luke = client_of(england.luke)
    shown = luke.get(path("draft", draft))
    assert shown.status_code == 200
    assert "Written" in shown.content.decode()
    assert not canaries_in(shown)
    for address in [path("section", draft, "risk"), path("sign", draft), path("recommendation", draft)]:
        closed = luke.get(address)
        assert closed.status_code == 403
        assert "Ashdown Unit writes this assessment" in closed.content.decode()
        assert "Your role" not in closed.content.decode()


def test_liaison_staff_see_that_assessments_exist_and_open_none(england, version):
    page = client_of(england.lena).get(reverse("assessments:person", args=[version.patient.public_id]))
    body = page.content.decode()
    assert page.status_code == 200
    assert "Ashdown Unit" in body
    assert "Current" in body
    assert str(version.public_id) not in body
    assert not canaries_in(page)
    assert "Start an assessment" not in body
    assert client_of(england.lena).get(reverse("assessments:list")).status_code == 403


def test_reading_is_in_the_read_log(england, version):
    client_of(england.luke).get(path("signed", version))
    client_of(england.luke).get(path("print", version))
    kept = Access.objects.filter(user_id=england.luke.pk).order_by("pk").values_list("action", flat=True)
    assert list(kept) == ["view", "print"]


def test_the_list_shows_current_ones_and_drafts_and_asks_as_much_for_ten_as_for_one(england, version):
    maya = client_of(england.maya)
    address = reverse("assessments:list")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            page = maya.get(address)
        assert page.status_code == 200
        return len(counted), page.content.decode()

    drafted(england, at=now())
    queries()
    one, body = queries()
    assert version.patient.full_name in body
    assert "Being written" in body
    for _ in range(9):
        signed(england, at=now())
        drafted(england, at=now())
    ten, _ = queries()
    assert ten == one


def test_the_list_narrows_and_downloads(england, version):
    maya = client_of(england.maya)
    address = reverse("assessments:list")
    assert version.patient.full_name not in maya.get(address, {"tier": "low"}).content.decode()
    assert version.patient.full_name in maya.get(address, {"of": "mine"}).content.decode()
    csv = maya.get(address, {"format": "csv"})
    assert version.patient.family_name.upper() in b"".join(csv.streaming_content).decode()


def test_a_clinician_claims_and_the_next_service_is_told_who_has_it(england):
    patient = asked_about(england)
    address = reverse("assessments:claim", args=[patient.public_id])
    maya = client_of(england.maya)
    page = maya.get(address)
    key = re.search(r'name="submission" value="([^"]+)"', page.content.decode()).group(1)
    answers = {"service": england.ashdown.pk, "submission": key}
    first, second = maya.post(address, answers), maya.post(address, answers)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Assessment.objects.count() == 1
    refused = client_of(england.luke).post(address, {"service": england.brook.pk})
    assert refused.status_code == 409
    assert "already being assessed by Ashdown Unit" in refused.content.decode()


def test_a_section_is_saved_and_leads_to_the_next(england, draft):
    maya = client_of(england.maya)
    address = path("section", draft, "risk")
    page = maya.get(address)
    saved = maya.post(address, {"none": "Words.", "victim": "", "version": version_of(page), "finish": "1"})
    assert saved["Location"] == path("section", draft, "physical")
    again = maya.get(address).content.decode()
    assert "Words." in again
    assert "Last saved" in again
    assert "Written" in maya.get(path("draft", draft)).content.decode()


def test_a_section_page_never_holds_what_its_writer_may_not_read(england):
    draft = written(england, at=now(), risk=CANARIES)
    Assessment.objects.filter(pk=draft.pk).update(lead_service=england.prison)
    page = client_of(england.ines).get(path("section", draft, "risk"))
    assert page.status_code == 200
    assert canaries_in(page) == READS["ines"]
    assert canaries_in(client_of(england.ines).get(path("sign", draft))) == READS["ines"]


def test_a_stale_save_shows_both_texts_and_the_next_one_goes_through(england, draft):
    maya = client_of(england.maya)
    address = path("section", draft, "risk")
    version = version_of(maya.get(address))
    maya.post(address, {"none": "The first text.", "version": version, "later": "1"})
    stale = maya.post(address, {"none": "The second text.", "version": version, "later": "1"})
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "The first text." in body
    assert "The second text." in body
    assert draft.sections.get(kind="risk").passages.get().text == "The first text."
    answer = maya.post(address, {"none": "Both together.", "version": version_of(stale), "later": "1"})
    assert answer.status_code == 302
    assert draft.sections.get(kind="risk").passages.get().text == "Both together."


def test_the_page_saves_by_itself(england, draft):
    maya = client_of(england.maya)
    address = path("section", draft, "risk")
    saved = maya.post(address, {"none": "Half a", "version": "0"}, **BY_ITSELF)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert not draft.sections.get(kind="risk").is_written
    stale = maya.post(address, {"none": "Other", "version": "0"}, **BY_ITSELF)
    assert stale.status_code == 409
    assert "Somebody else" in stale.json()["detail"]
    assert maya.post(address, {"none": "Other", "version": ""}, **BY_ITSELF).status_code == 400


def test_what_was_typed_after_the_session_ended_waits_behind_the_sign_in(england, draft):
    maya = client_of(england.maya)
    address = path("section", draft, "risk")
    page = maya.get(address).content.decode()
    note = re.search(r'name="note" value="([^"]+)"', page).group(1)
    maya.logout()
    sent = maya.post(address, {"none": "Typed too late.", "version": "0", "note": note, "finish": "1"})
    assert sent.status_code == 302
    assert "next=" in sent["Location"]
    assert not draft.sections.get(kind="risk").passages.exists()
    assert "Typed too late." not in client_of(england.luke).get(path("draft", draft)).content.decode()
    back = client_of(england.maya)
    shown = back.get(address)
    assert "Typed too late." in shown.content.decode()
    assert "You were signed out" in shown.content.decode()
    back.post(address, {"none": "Typed too late.", "version": version_of(shown), "finish": "1"})
    assert draft.sections.get(kind="risk").passages.get().text == "Typed too late."
    assert not Draft.objects.exists()


@pytest.mark.parametrize("note", ["", "forged:note", None])
def test_without_a_true_note_nothing_is_kept(england, draft, client, note):
    if note is None:
        page = client_of(england.maya).get(path("section", draft, "legal")).content.decode()
        note = re.search(r'name="note" value="([^"]+)"', page).group(1)
    sent = client.post(path("section", draft, "risk"), {"none": "x", "version": "0", "note": note})
    assert sent.status_code == 302
    assert not Draft.objects.exists()


def test_what_was_kept_can_be_thrown_away(england, draft, client):
    address = path("section", draft, "risk")
    page = client_of(england.maya).get(address).content.decode()
    note = re.search(r'name="note" value="([^"]+)"', page).group(1)
    client.post(address, {"none": "Typed too late.", "version": "0", "note": note})
    maya = client_of(england.maya)
    maya.post(address, {"throw_away": "1", "version": "0"})
    assert not Draft.objects.exists()
    assert "Typed too late." not in maya.get(address).content.decode()


def test_the_recommendation_and_instruments_are_kept(england, draft):
    maya = client_of(england.maya)
    address = path("recommendation", draft)
    assert maya.post(address, {"version": "0", "finish": "1"}).status_code == 400
    assert maya.post(address, {**RECOMMENDED, "version": "0", "finish": "1"}).status_code == 302
    stale = maya.post(address, {**RECOMMENDED, "tier": "low", "version": "0", "finish": "1"})
    assert stale.status_code == 409
    assert "What is saved now" in stale.content.decode()
    rating = {
        "instrument": "HCR-20",
        "rater": "Dr Made Up",
        "rated_on-day": "1",
        "rated_on-month": "2",
        "rated_on-year": "2026",
    }
    address = path("ratings", draft)
    refused = maya.post(address, {**rating, "score": "12"})
    assert refused.status_code == 409
    assert "not summed" in refused.content.decode()
    assert maya.post(address, rating).status_code == 302
    noted = draft.ratings.get()
    for page in (address, path("sign", draft)):
        assert "Dr Made Up" in maya.get(page).content.decode()
    assert maya.post(path("remove_rating", draft, noted.pk)).status_code == 302
    assert not draft.ratings.exists()


def test_half_a_recommendation_is_saved_as_it_is_typed_and_cannot_be_signed(england):
    draft = drafted(england, at=now())
    maya = client_of(england.maya)
    address = path("recommendation", draft)
    half = {"tier": "medium", "why_not_lower": "Two assaults.", "version": "0"}
    saved = maya.post(address, half, **BY_ITSELF)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert "Two assaults." in maya.get(address).content.decode()
    assert "Started" in maya.get(path("draft", draft)).content.decode()
    check = maya.get(path("sign", draft)).content.decode()
    assert "Recommendation not written" in check
    assert "Not yet said" in check
    stale = maya.post(address, {**half, "why_not_lower": "Another tab."}, **BY_ITSELF)
    assert stale.status_code == 409
    assert maya.post(address, half, **BY_ITSELF).json()["version"] == 1
    assert maya.post(address, {**half, "version": "1", "finish": "1"}).status_code == 400
    later = maya.post(address, {**half, "version": "1", "later": "1"})
    assert later["Location"] == path("draft", draft)


def test_a_recommendation_typed_after_the_session_ended_waits_behind_the_sign_in(england, draft, client):
    address = path("recommendation", draft)
    note = hidden_in(client_of(england.maya).get(address), "note")
    typed = {**RECOMMENDED, "also_suitable": ["low", "high"], "why_not_lower": "Typed too late."}
    sent = client.post(address, {**typed, "version": "0", "note": note, "finish": "1"})
    assert "next=" in sent["Location"]
    assert not Recommendation.objects.exists()
    assert "Typed too late." not in client_of(england.luke).get(path("draft", draft)).content.decode()
    maya = client_of(england.maya)
    page = maya.get(address)
    body = page.content.decode()
    assert "You were signed out" in body
    assert "Typed too late." in body
    assert len(re.findall(r'name="also_suitable"[^>]*checked', body)) == 2
    maya.post(address, {**typed, "version": version_of(page), "finish": "1"})
    assert Recommendation.objects.get().why_not_lower == "Typed too late."
    assert not Draft.objects.exists()


def test_an_instrument_is_kept_for_its_writer_as_it_is_typed_and_over_a_time_out(england, draft, client):
    address = path("ratings", draft)
    maya = client_of(england.maya)
    page = maya.get(address)
    date = {"rated_on-day": "1", "rated_on-month": "2", "rated_on-year": "2026"}
    half = {"instrument": "HCR-20", "summary": "Typed by", **date, "note": hidden_in(page, "note")}
    assert maya.post(address, half, **BY_ITSELF).status_code == 200
    assert not draft.ratings.exists()
    client.post(address, {**half, "summary": "Typed by Maya, too late."})
    body = client_of(england.maya).get(address).content.decode()
    assert "Typed by Maya, too late." in body
    assert re.search(r'name="rated_on-month"[^>]*value="2"', body)
    maya.post(address, {**half, "rater": "Dr Made Up"})
    assert draft.ratings.get().rater == "Dr Made Up"
    assert not Draft.objects.exists()
    maya.post(address, half, **BY_ITSELF)
    maya.post(address, {"throw_away": "1"})
    assert "Typed by" not in maya.get(address).content.decode()


def test_signing_says_what_is_missing_then_signs_once(england):
    unready = drafted(england, at=now())
    maya = client_of(england.maya)
    assert "Section not written: Risk" in maya.get(path("sign", unready)).content.decode()
    draft = written(england, at=now())
    page = maya.get(path("sign", draft))
    key = re.search(r'name="submission" value="([^"]+)"', page.content.decode()).group(1)
    assert maya.post(path("sign", draft), {"submission": key}).status_code == 400
    sent = [maya.post(path("sign", draft), {"submission": key, "statement": "on"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [302, 302]
    assert SignedAssessment.objects.filter(assessment=draft).count() == 1
    other = maya.post(path("sign", draft), {"statement": "on"})
    assert other.status_code == 409
    assert "Open the signed version" in maya.get(path("draft", draft)).content.decode()


def test_a_low_secure_service_accepts_with_a_question(england, version):
    luke = client_of(england.luke)
    address = path("accept", version)
    answers = {"service": england.brook.pk, "tier": "low", "answer": "question"}
    assert luke.post(address, answers).status_code == 400
    assert luke.post(address, {**answers, "question": "On clozapine?"}).status_code == 302
    assert Acceptance.objects.get().words == "On clozapine?"
    assert "On clozapine?" in luke.get(path("signed", version)).content.decode()


def test_the_service_that_signed_answers_the_question_and_the_answer_stands_beside_it(england, version):
    luke, maya = client_of(england.luke), client_of(england.maya)
    asked = {"service": england.brook.pk, "tier": "low", "answer": "question", "question": "On clozapine?"}
    luke.post(path("accept", version), asked)
    acceptance = Acceptance.objects.get()
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
    address = path("answer_question", version, Acceptance.objects.get().public_id)
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
    assert client_of(england.luke).get(path("correct", newer)).status_code == 403


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
    assert "Now decide" not in client_of(england.maya).get(path("signed", found)).content.decode()
