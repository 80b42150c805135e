"""What every answer has, and how the application says no."""

import re
from html import unescape
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.test import Client

from core.views import NOT_THERE
from tests.world import a_patient, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.pages_for_tests")]


@pytest.fixture
def maya(england):
    client = client_of(england.maya)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [("/t/mine/", 200), ("/t/doorless/", 403), ("/no/such/", 404), ("/t/refuse/", 409), ("/t/broken/", 500)],
)
def test_every_page_is_private_to_its_tab(maya, address, status):
    response = maya.get(address)
    assert response.status_code == status
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe-" not in response["Content-Security-Policy"]
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_each_request_has_an_id_of_its_own_whatever_the_browser_says(maya):
    ids = [maya.get("/t/mine/", headers={"X-Request-ID": "mine"})["X-Request-ID"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert all(UUID(one) for one in ids)


def test_an_error_page_gives_the_id_that_the_logs_have(maya):
    response = maya.get("/t/broken/")
    assert response["X-Request-ID"] in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()


def test_what_is_not_yours_answers_as_what_is_not_there(maya):
    not_there = maya.get("/no/such/page/")
    not_yours = maya.get(f"/t/person/{uuid4()}/404/")
    assert not_there.status_code == not_yours.status_code == 404
    assert _without_tokens(not_there) == _without_tokens(not_yours)
    assert set(not_there.headers) == set(not_yours.headers)


def _without_tokens(response):
    text = re.sub(r'value="[A-Za-z0-9]{64}"|X-CSRFToken": "[A-Za-z0-9]{64}"', "", response.content.decode())
    return text.replace(response["X-Request-ID"], "")


def test_a_refused_button_answers_with_its_sentence_and_the_way_back(maya):
    response = maya.post("/t/refuse/", headers={"Referer": "http://testserver/t/mine/?page=2"})
    assert response.status_code == 409
    assert "That bed is taken for part of this time." in response.content.decode()
    assert 'href="http://testserver/t/mine/?page=2"' in response.content.decode()


def test_the_way_back_never_leads_to_another_house(maya):
    response = maya.post("/t/refuse/", headers={"Referer": "https://elsewhere.test/t/mine/"})
    assert "elsewhere.test" not in response.content.decode()


def test_a_refusal_to_htmx_takes_the_place_of_the_page(maya):
    response = maya.post("/t/refuse/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (409, "body")


def test_a_database_that_is_away_is_a_503_with_retry_after(maya):
    response = maya.get("/t/away/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "server closed" not in response.content.decode()


def test_an_error_page_asks_nothing_of_the_database(maya, django_assert_max_num_queries, monkeypatch):
    with django_assert_max_num_queries(3) as asked:
        maya.get("/t/away/")
    tables = [query["sql"] for query in asked.captured_queries]
    assert ["session" in tables[0], "accounts_user" in tables[1], "membership" in tables[2]] == [True] * 3


def test_an_error_page_is_plain_when_its_template_fails(maya, monkeypatch):
    monkeypatch.setattr("core.views.render_to_string", lambda *_: 1 / 0)
    response = maya.get("/t/away/")
    assert response.status_code == 503
    assert "Try again in a few seconds" in response.content.decode()


def test_the_api_says_no_as_json(maya):
    refused = maya.post("/api/t/declared/", {}, content_type="application/json")
    assert (refused.status_code, refused.json()) == (409, {"detail": "That bed is taken.", "field": "bed"})
    assert maya.get("/api/no/such/").json()["detail"] == NOT_THERE
    away = maya.get("/api/t/away/")
    assert (away.status_code, away["Retry-After"]) == (503, "5")
    assert away.json()["request_id"] == away["X-Request-ID"]


OURS = {"Origin": "http://testserver"}


def test_the_api_says_the_same_for_everything_that_is_not_there_or_not_yours(england):
    sam = client_of(england.sam)
    patient = a_patient(england)
    addresses = [
        "no/such/",
        f"patients/{uuid4()}/",
        f"patients/{patient.public_id}/",
        f"transfers/{uuid4()}/",
    ]
    said = {sam.get(f"/api/{one}").json()["detail"] for one in addresses}
    said.add(sam.post(f"/api/transfers/{uuid4()}/end/", {}, content_type="application/json").json()["detail"])
    assert said == {NOT_THERE}


def test_a_post_without_a_token_is_refused_in_plain_words(england):
    client = Client(enforce_csrf_checks=True)
    sent = {"login": "a@example.test", "password": "Not shown again"}
    response = client.post("/accounts/login/", sent, headers=OURS)
    body = response.content.decode()
    assert response.status_code == 403
    assert "This page is out of date" in body
    assert "open for too long" in body
    assert "Not shown again" not in body


def form_out_of_date(user, headers, **sent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    coded = "application/x-www-form-urlencoded"
    return client, client.post("/t/refuse/", urlencode(sent, doseq=True), content_type=coded, headers=headers)


def test_a_form_from_before_signing_in_again_comes_back_with_its_words_and_can_be_sent(england):
    words = "Two assaults <in May>.\r\nNone since."
    client, response = form_out_of_date(england.maya, OURS, why=words, kind=["a", "b"])
    body = response.content.decode()
    assert response.status_code == 403
    assert "This page is out of date" in body
    assert "Your role" not in body
    assert f"You are signed in as {england.maya.name}." in body
    assert "below" not in body
    hidden = {
        (name, unescape(value))
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body)
    }
    assert {("why", words), ("kind", "a"), ("kind", "b")} <= hidden
    token = next(value for name, value in hidden if name == "csrfmiddlewaretoken")
    again = client.post("/t/refuse/", {"why": words, "csrfmiddlewaretoken": token}, headers=OURS)
    assert again.status_code == 409


def test_a_page_that_saves_itself_is_told_in_words_and_not_by_a_page(england):
    _, response = form_out_of_date(england.maya, {**OURS, "X-Autosave": "1"}, why="X")
    assert response.status_code == 403
    assert response.json()["detail"].startswith("You have signed in again since this page was opened.")


def test_a_password_is_never_shown_to_be_sent_again(england):
    client = Client(enforce_csrf_checks=True)
    client.force_login(england.maya)
    coded = "application/x-www-form-urlencoded"
    response = client.post("/accounts/login/", "password=Not+shown+again", content_type=coded, headers=OURS)
    assert response.status_code == 403
    assert "Not shown again" not in response.content.decode()


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://elsewhere.test"}, {"Origin": "null"}])
def test_what_another_site_may_have_sent_is_never_shown_to_be_sent_again(england, origin):
    _, response = form_out_of_date(england.maya, origin, why="Words of a stranger")
    assert response.status_code == 403
    assert "Words of a stranger" not in response.content.decode()


def test_the_address_of_a_button_has_a_page_of_its_own(maya):
    response = maya.get("/t/button/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "press it there" in response.content.decode()
