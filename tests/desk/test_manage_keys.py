"""Keys of machines: listed, made and shown once, revoked with a reason."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from psycopg2.extras import DateTimeTZRange

from core.models import Notification
from organisations import actions
from organisations.models import ApiKey, Membership
from tests.referrals.asking import text, today
from tests.world import actor_of, client_of, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(england):
    """Maya's role."""
    return Membership.objects.get(user=england.maya)


def make(adam, held, **changed):
    return adam.post(f"/manage/roles/{held.public_id}/keys/", {"name": "Bed board", "days": 30, **changed})


def come_in(key):
    return Client().get("/api/transfers/", headers={"Authorization": f"Token {key}"}).status_code


def test_a_key_is_shown_once_lets_in_and_tells_its_holder(england, adam, held):
    response = make(adam, held)
    key = re.search(r"<code>([\w-]{43})</code>", response.content.decode()).group(1)
    assert "no-store" in response["Cache-Control"]
    assert come_in(key) == 200
    kept = ApiKey.objects.get()
    assert (kept.made_by, kept.last_used_on, kept.name) == (england.adam, today(), "Bed board")
    page = text(adam.get("/manage/keys/"))
    assert "Bed board" in page
    assert "Maya" in page
    assert key not in page
    assert Notification.objects.get(kind="organisations.key_made").user == england.maya


def test_a_revoked_key_lets_nobody_in_and_its_reason_is_kept(england, adam, held):
    key = actions.make_key(held, name="Bed board", days=30, by=actor_of(england.adam, at=now()))
    row = ApiKey.objects.get()
    address = f"/manage/keys/{row.public_id}/revoke/"
    assert adam.post(address, {"why": ""}).status_code == 400
    assert come_in(key) == 200
    assert adam.post(address, {"why": "The system was replaced."}).status_code == 302
    assert come_in(key) == 401
    row.refresh_from_db()
    assert (row.revoked_by, row.why_revoked) == (england.adam, "The system was replaced.")
    events = apps.get_model("organisations", "ApiKeyEvent").objects.filter(id=row.pk).order_by("pgh_id")
    assert events.last().pgh_context["why"] == "The system was replaced."
    assert events.last().pgh_context["user"] == england.adam.pk
    again = adam.post(address, {"why": "Once more."})
    assert again.status_code == 409
    assert "revoked already" in text(again)
    file = b"".join(adam.get("/manage/keys/?state=revoked&format=csv").streaming_content).decode()
    assert "The system was replaced." in file
    assert "Bed board" not in text(adam.get("/manage/keys/?state=usable")).partition("No key fits")[0]


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 367}, {"name": ""}])
def test_a_key_that_cannot_be_is_refused(adam, held, wrong):
    assert make(adam, held, **wrong).status_code == 400
    assert not ApiKey.objects.exists()


def test_two_keys_of_one_name_are_refused(adam, held):
    assert make(adam, held).status_code == 200
    again = make(adam, held)
    assert again.status_code == 409
    assert "already has a key of that name" in text(again)


def test_no_key_stands_for_a_role_that_is_over(england, adam, held):
    held.during = DateTimeTZRange(held.during.lower, now() - timedelta(days=1))
    held.save()
    refused = make(adam, held)
    assert refused.status_code == 409
    assert "Nobody holds this role now" in text(refused)


def test_only_administrators_make_and_revoke(england, held):
    actions.make_key(held, name="Bed board", days=30, by=actor_of(england.adam, at=now()))
    row = ApiKey.objects.get()
    for user in (england.maya, england.lena, england.carl):
        assert make(client_of(user), held).status_code == 403
        address = f"/manage/keys/{row.public_id}/revoke/"
        assert client_of(user).post(address, {"why": "No."}).status_code == 403
