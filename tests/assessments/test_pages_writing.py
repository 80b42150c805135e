"""Writing on pages: saved as it is typed, kept over a time-out, signed once."""

import re

import pytest
from django.urls import reverse

from assessments import actions
from assessments.models import Assessment, Recommendation, SignedAssessment
from core.models import Draft
from tests.assessments.drafting import RECOMMENDED, asked_about, drafted, written
from tests.assessments.pages_world import BY_ITSELF, CANARIES, READS, canaries_in, hidden_in, path, version_of
from tests.world import actor_of, client_of, now


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
    given_up = drafted(england, at=now())
    actions.abandon(given_up, why="Moved.", by=actor_of(england.maya))
    closed = maya.post(path("section", given_up, "risk"), {"none": "X", "version": "0"}, **BY_ITSELF)
    assert closed.status_code == 409
    assert closed.json()["detail"].startswith("This assessment is no longer being written.")
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
    assert maya.post(path("remove_rating", draft, noted.public_id)).status_code == 302
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
