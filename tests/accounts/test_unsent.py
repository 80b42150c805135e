"""What somebody writes and sends after their session has ended waits for them, and for nobody else."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from accounts.unsent import COOKIE
from tests.accounts.test_sign_in import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/transfers/new/?from=home"
WORDS = "Not eating <since Tuesday>."
CODED = "application/x-www-form-urlencoded"
SENT = {"why": WORDS, "kind": ["a", "b"], "csrfmiddlewaretoken": "x"}


@pytest.fixture
def signed_out(england, client):
    """Maya's browser, her session over."""
    sign_in(client, england.maya.email)
    client.cookies.pop("sessionid")
    return client


def sends(client, address, sent):
    """As a browser sends a form without a file."""
    return client.post(address, urlencode(sent, doseq=True), content_type=CODED)


def signs_in(client, user):
    return client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/assessments/"}
    )


def test_words_are_there_after_signing_in_and_can_be_sent(england, signed_out):
    sent = sends(signed_out, ADDRESS, SENT)
    assert sent["Location"].startswith("/accounts/login/")
    back = signs_in(signed_out, england.maya)
    assert back["Location"] == "/accounts/unsent/"
    page = signed_out.get(back["Location"])
    body = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert f"You are signed in as {england.maya.name}." in body
    assert f'action="{ADDRESS}"' in body
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body)
    found = [(name, unescape(value)) for name, value in hidden]
    assert [one for one in found if one[0] in SENT and one[1] != "x"][-3:] == [
        ("why", WORDS),
        ("kind", "a"),
        ("kind", "b"),
    ]
    assert "press it again" not in body


def test_somebody_else_who_signs_in_sees_none_of_it(england, signed_out):
    sends(signed_out, ADDRESS, SENT)
    assert signs_in(signed_out, england.lena)["Location"] == "/assessments/"
    gone = signed_out.get("/accounts/unsent/")
    assert gone["Location"] == "/"
    assert "unsent" not in signed_out.session


def test_nobody_sees_it_before_signing_in(signed_out):
    sends(signed_out, ADDRESS, SENT)
    assert signed_out.get("/accounts/unsent/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("note", [None, "1", "1:forged"])
def test_without_a_true_note_of_who_it_was_nothing_is_kept(england, signed_out, note):
    signed_out.cookies.pop(COOKIE)
    if note:
        signed_out.cookies[COOKIE] = note
    sends(signed_out, ADDRESS, SENT)
    assert "unsent" not in signed_out.session
    assert signs_in(signed_out, england.maya)["Location"] == "/assessments/"


def test_a_button_without_words_is_pressed_again(england, signed_out):
    sends(signed_out, "/role/", {"role": "clinician"})
    assert signs_in(signed_out, england.maya)["Location"] == "/assessments/"
    assert "press it again" in signed_out.get("/assessments/").content.decode()


def test_a_password_is_never_kept(england, signed_out):
    sent = {"oldpassword": "never to be kept", "password1": "nor this one"}
    assert sends(signed_out, "/accounts/password/change/", sent).status_code == 302
    assert "unsent" not in signed_out.session


def test_it_is_gone_once_signed_out(england, signed_out):
    sends(signed_out, ADDRESS, SENT)
    signs_in(signed_out, england.maya)
    signed_out.post("/accounts/logout/")
    assert signs_in(signed_out, england.maya)["Location"] == "/assessments/"
