"""Signing in: the pages, the lock-out, and what does not depend on Redis."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings

from accounts.models import User
from tests.world import PASSWORD, a_user, client_of


@pytest.fixture
def client(db) -> Client:
    return Client()


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_the_sign_in_page_says_who_it_is_and_runs_nothing_inside(client):
    html = client.get("/accounts/login/").content.decode()
    assert "<title>Sign in – Secure pathways</title>" in html
    assert "Secure pathways" in html
    assert 'lang="en"' in html
    assert 'href="#maincontent"' in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=|<style", html)
    # Everything comes from us.
    assert not re.search(r"(src|href)=\"(https?:)?//", html)


def test_a_right_password_signs_in_and_goes_where_one_wanted(client):
    user = a_user("Ines")
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/notifications/"}
    )
    assert response.status_code == 302
    assert response["Location"] == "/notifications/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_going_elsewhere_after_signing_in_is_refused(client):
    user = a_user("Ines")
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "https://evil.test/"}
    )
    assert response["Location"] == "/"


@pytest.mark.parametrize("email", ["ines@example.test", "nobody@example.test"])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(client, email):
    a_user("Ines")
    html = sign_in(client, email, "wrong").content.decode()
    assert "The e-mail address or the password is not right." in html
    assert "<title>Error: Sign in" in html


def test_what_is_missing_is_said_beside_its_box(client):
    html = sign_in(client, "", "").content.decode()
    assert "Enter the e-mail address" in html
    assert 'href="#id_login"' in html
    assert "Enter the password" in html


def test_five_wrong_passwords_lock_the_account_also_for_the_right_one(client):
    user = a_user("Ines")
    for _ in range(5):
        html = sign_in(client, user.email, "wrong").content.decode()
        assert "not right" in html
    html = sign_in(client, user.email).content.decode()
    assert "Wait 15 minutes" in html
    assert "_auth_user_id" not in client.session
    assert "Wait 15 minutes" in sign_in(Client(REMOTE_ADDR="10.1.2.3"), user.email).content.decode()
    other = a_user("Lena")
    assert sign_in(Client(), other.email).status_code == 302


def test_signing_in_does_not_ask_redis(client):
    # Nobody listens on port 1.
    with override_settings(REDIS_URL="redis://127.0.0.1:1", CELERY_BROKER_URL="redis://127.0.0.1:1"):
        assert sign_in(client, a_user("Ines").email).status_code == 302
    assert "redis" not in str(settings.CACHES).lower()
    assert "cache" not in settings.SESSION_ENGINE


def test_a_closed_account_cannot_sign_in(client):
    user = a_user("Ines")
    User.objects.filter(pk=user.pk).update(is_active=False)
    html = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=True
    ).content.decode()
    assert "_auth_user_id" not in client.session
    assert "closed" in html or "not right" in html


def test_nobody_makes_an_account_for_themselves(client):
    answered = {"email": "new@example.test", "password1": "Made-up-people-2", "password2": "Made-up-people-2"}
    assert "Accounts are made by the administrator" in client.get("/accounts/signup/").content.decode()
    assert (
        "Accounts are made by the administrator"
        in client.post("/accounts/signup/", answered).content.decode()
    )
    assert not User.objects.exists()


def test_demonstration_accounts_are_listed_in_demonstration_mode_only(client):
    user = a_user("Ines")
    User.objects.filter(pk=user.pk).update(is_demonstration=True)
    other = a_user("Lena")
    with override_settings(DEMO=True):
        html = client.get("/accounts/login/").content.decode()
    assert user.email in html
    assert other.email not in html
    with override_settings(DEMO=False):
        html = client.get("/accounts/login/").content.decode()
    assert user.email not in html
    assert settings.DEMO_PASSWORD not in html


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(client):
    user = a_user("Ines")
    response = client.post("/accounts/password/reset/", {"email": user.email}, follow=True)
    assert "Check your e-mail" in response.content.decode()
    [letter] = mail.outbox
    assert letter.subject == "Reset your password for Secure pathways"
    assert user.name not in letter.body
    link = re.search(r"http://testserver(/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.content.decode()
    place = page.redirect_chain[-1][0]
    weak = client.post(place, {"password1": "short", "password2": "short"}).content.decode()
    assert "There is a problem" in weak
    new = {"password1": "horse staple violet", "password2": "horse staple violet"}
    assert "Your password is changed" in client.post(place, new, follow=True).content.decode()
    assert sign_in(Client(), user.email, "horse staple violet").status_code == 302
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_an_unknown_address_gets_no_letter_and_the_same_page(client):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.test"}, follow=True)
    assert "Check your e-mail" in response.content.decode()
    assert mail.outbox == []


def test_the_account_page_shows_where_one_is_signed_in_and_ends_it_elsewhere(client):
    user = a_user("Ines")
    here, there = Client(), Client()
    sign_in(here, user.email)
    sign_in(there, user.email)
    html = here.get("/accounts/sessions/").content.decode()
    assert "This one" in html
    assert "Sign out everywhere else" in html
    here.post("/accounts/sessions/")
    assert here.get("/accounts/sessions/").status_code == 200
    assert there.get("/accounts/sessions/").status_code == 302


def test_a_password_is_changed_only_with_the_present_one(client):
    user = a_user("Ines")
    mine = client_of(user)
    new = {"password1": "horse staple violet", "password2": "horse staple violet"}
    html = mine.post("/accounts/password/change/", {"oldpassword": "wrong", **new}).content.decode()
    assert "The present password is not right." in html
    assert mine.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302
    user.refresh_from_db()
    assert user.check_password("horse staple violet")


def test_the_password_is_asked_again_under_the_same_limit(client):
    mine = client_of(a_user("Ines"))
    html = mine.post("/accounts/reauthenticate/", {"password": "wrong"}).content.decode()
    assert "The password is not right." in html
    assert mine.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_signing_out_is_a_button_and_not_a_link(client):
    mine = client_of(a_user("Ines"))
    assert "Do you want to sign out?" in mine.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in mine.session
    mine.post("/accounts/logout/")
    assert "_auth_user_id" not in mine.session


def test_allauths_other_pages_are_not_there(client):
    mine = client_of(a_user("Ines"))
    assert mine.get("/accounts/email/").status_code == 404
    assert mine.get("/accounts/password/set/").status_code == 404


def test_a_button_pressed_when_signed_out_leads_back_to_its_page_and_asks_to_press_it_again(england, client):
    page = "http://testserver/assessments/?tier=low"
    address = "/transfers/6b1f0a46-9d4c-4b53-8f0c-0d9d8a6f6a11/flags/"
    sent = client.post(address, {"flag": "1"}, headers={"Referer": page})
    assert sent["Location"] == "/accounts/login/?next=/assessments/%3Ftier%3Dlow"
    credentials = {"login": england.maya.email, "password": PASSWORD, "next": "/assessments/?tier=low"}
    back = client.post("/accounts/login/", credentials)
    assert back["Location"] == "/assessments/?tier=low"
    assert "You were signed out: press it again." in client.get(back["Location"]).content.decode()
    assert "press it again" not in client.get("/assessments/").content.decode()


def test_a_page_read_when_signed_out_leads_back_to_itself_and_asks_nothing(england, client):
    assert client.get("/assessments/")["Location"] == "/accounts/login/?next=/assessments/"
    sign_in(client, england.maya.email)
    assert "press it again" not in client.get("/assessments/").content.decode()


def test_a_button_of_nowhere_leads_home(client):
    sent = client.post("/role/", {"role": "clinician"}, headers={"Referer": "https://elsewhere.test/x/"})
    assert sent["Location"] == "/accounts/login/?next=/"
