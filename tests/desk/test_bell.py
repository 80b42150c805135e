"""The bell: one's own messages, opened and read."""

import pytest

from core.models import Notification
from tests.referrals.asking import text
from tests.world import client_of, now


@pytest.fixture
def told(england):
    """Lena is told of something."""
    return Notification.objects.create(
        key="1",
        kind="referrals.decided",
        user=england.lena,
        subject="Transfer XFS-8488: decision made",
        body="A service has decided.",
        path="/transfers/",
        made_at=now(),
    )


def test_ones_own_messages_are_listed_and_nobody_elses(england, told):
    assert "XFS-8488" in text(client_of(england.lena).get("/notifications/"))
    page = text(client_of(england.owen).get("/notifications/"))
    assert "XFS-8488" not in page
    assert "Nothing has been sent to you" in page


def test_opening_one_reads_it_and_leads_where_it_points(england, told):
    address = f"/notifications/{told.public_id}/open/"
    client = client_of(england.lena)
    assert client_of(england.owen).post(address).status_code == 404
    assert client.get(address).status_code == 405
    assert client.post(address).url == "/transfers/"
    told.refresh_from_db()
    first = told.read_at
    assert first is not None
    client.post(address)
    told.refresh_from_db()
    assert told.read_at == first


def test_a_path_that_is_not_ours_is_not_followed(england, told):
    Notification.objects.filter(pk=told.pk).update(path="//elsewhere.example/")
    assert client_of(england.lena).post(f"/notifications/{told.public_id}/open/").url == "/notifications/"


def test_all_are_read_at_once_and_only_ones_own(england, told):
    other = Notification.objects.create(
        key="2", kind="x", user=england.owen, subject="Other", body="", made_at=now()
    )
    client = client_of(england.lena)
    assert "New" in text(client.get("/notifications/"))
    assert client.post("/notifications/read/").status_code == 302
    told.refresh_from_db()
    other.refresh_from_db()
    assert (told.read_at is None, other.read_at is None) == (False, True)
    assert "Nothing fits" in text(client.get("/notifications/?state=new"))
