"""Pages of assessments: who gets in, whose words are read, and lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Access
from tests.assessments.drafting import drafted, signed, written
from tests.assessments.pages_world import BY_ITSELF, CANARIES, READS, canaries_in, path
from tests.world import client_of, now


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
    by_itself = luke.post(path("section", draft, "risk"), {"none": "Late.", "version": "0"}, **BY_ITSELF)
    assert by_itself.status_code == 403
    assert by_itself.json()["detail"].startswith("Ashdown Unit writes this assessment.")


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
