"""Machines read the same order of wards as the page shows, and no more than their membership may know."""

import pytest

from tests.api.asking import read
from tests.referrals.transfers import accepted
from tests.world import NOW, a_ward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def path(england):
    return f"transfers/{accepted(england).public_id}/find-a-bed/"


def test_wards_in_order_with_findings_and_beds(england, path):
    answer = read(england.maya, path).json()
    assert answer["count"] == 2
    first = answer["results"][0]
    assert first["place"] == 1
    assert first["service"]["name"] == "Ashdown Unit"
    assert first["ward"] == {"id": str(england.ward.public_id), "name": "Alder"}
    assert first["approach"]
    assert [one["constraint"] for one in first["findings"]] == [
        "apart", "tier", "gender", "specialty", "published", "outcome", "region", "free",
    ]  # fmt: skip
    assert first["findings"][1] == {
        "constraint": "tier",
        "state": "met",
        "words": "Medium secure, as recommended",
        "parts": [],
    }
    assert first["findings"][4]["parts"] == [{"state": "ask", "words": "Gender: Men aged 18 and over"}]
    assert first["beds"][0] == {
        "id": str(england.bed.public_id),
        "name": "1",
        "free": "now",
        "free_from": None,
    }


def test_liaison_staff_read_neither_the_recommendation_nor_beds(england, path):
    first = read(england.lena, path).json()["results"][0]
    assert first["beds"] == []
    tier = next(one for one in first["findings"] if one["constraint"] == "tier")
    assert tier["state"] == "ask"
    assert "recommended" not in tier["words"]


def test_it_is_narrowed(england, path):
    a_ward(england.ashdown, "high", name="Yew")

    def wards(query):
        return [one["ward"]["name"] for one in read(england.maya, f"{path}?{query}").json()["results"]]

    assert wards("") == ["Alder", "Birch", "Yew"]
    assert wards("tier=high") == ["Yew"]
    assert wards("is_free_now=true") == ["Alder", "Birch"]
    assert wards("most_unmet=0") == ["Alder"]
    assert wards("region=Y99") == ["Alder", "Birch", "Yew"]
    assert wards("region=Y56") == []
    assert read(england.maya, f"{path}?nearest=1").status_code == 400


def test_who_may_read_it(england, path):
    allowed = {
        "lena": 200, "ines": 200, "carl": 200, "maya": 200, "luke": 200,
        "sam": 404, "owen": 404, "anna": 403, "adam": 403,
    }  # fmt: skip
    assert {name: read(getattr(england, name), path).status_code for name in allowed} == allowed
