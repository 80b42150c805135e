"""Who comes in: deny by default, a right for every view, one actor a request."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange
from rest_framework.views import APIView

from accounts.rights import Capacity, Duty, Right, Role
from config import urls
from organisations.api_keys import hash_of
from organisations.models import ApiKey, Membership
from tests.core import pages_for_tests
from tests.world import a_user, actor_of, client_of, member

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.pages_for_tests")]


def test_a_stranger_is_asked_to_sign_in(england):
    response = Client().get("/t/decide/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_even_a_view_without_a_door_asks_to_sign_in_first(england):
    assert Client().get("/t/doorless/").status_code == 302


def test_a_view_that_says_nothing_lets_nobody_in(england):
    assert [client_of(user).get("/t/doorless/").status_code for user in (england.maya, england.adam)] == [
        403,
        403,
    ]


def test_a_door_opens_to_its_rights_and_to_no_other(england):
    assert client_of(england.maya).get("/t/decide/").content == b"decided"
    assert client_of(england.lena).get("/t/decide/").status_code == 403


def test_any_of_several_rights(england):
    status = {
        user.name: client_of(user).get("/t/either/").status_code for user in (england.maya, england.adam)
    }
    assert status == {"Maya": 200, "Adam": 200}
    assert client_of(england.lena).get("/t/either/").status_code == 403


def test_what_is_open_to_anyone_needs_no_signing_in(england):
    assert Client().get("/t/anyone/").content == b"anyone"


def test_a_view_says_its_rights_to_whoever_walks_the_addresses():
    assert pages_for_tests.decide.rights == (Right.DECIDE, Right.OPEN_PATIENT)
    assert pages_for_tests.mine.door == "signed in"
    assert pages_for_tests.anyone.door == "anyone"


def test_somebody_who_belongs_nowhere_is_told_whom_to_ask(england):
    client = client_of(a_user("Nora"))
    response = client.get("/t/mine/")
    assert response.status_code == 403
    assert "Ask the administrator" in response.content.decode()
    assert client.get("/t/anyone/").status_code == 200


def test_a_membership_that_has_ended_gives_no_right(england):
    ended = DateTimeTZRange(timezone.now() - timedelta(days=9), timezone.now() - timedelta(seconds=1))
    Membership.objects.filter(user=england.maya).update(during=ended)
    assert client_of(england.maya).get("/t/decide/").status_code == 403


def test_one_role_at_a_time_and_a_switch_between_them(england):
    member(england.maya, Role.LIAISON, service=england.prison)
    client = client_of(england.maya)
    assert client.get("/t/mine/").content == b"clinician"
    response = client.post("/role/", {"role": "liaison", "next": "/t/mine/"})
    assert (response.status_code, response["Location"]) == (302, "/t/mine/")
    assert client.get("/t/mine/").content == b"liaison"
    assert client.get("/t/decide/").status_code == 403


def test_several_commissioners_are_combined(england):
    member(england.anna, Role.COMMISSIONER, commissioner=england.south)
    assert actor_of(england.anna).commissioner_ids == {england.north.pk, england.south.pk}


def test_a_new_role_does_not_take_the_place_of_the_one_in_use(england):
    client = client_of(england.adam)
    assert client.get("/t/mine/").content == b"administrator"
    member(england.adam, Role.CLINICIAN, service=england.ashdown)
    assert client.get("/t/mine/").content == b"administrator"
    Membership.objects.filter(user=england.adam, role=Role.ADMINISTRATOR).delete()
    assert client.get("/t/mine/").content == b"clinician"


def test_a_case_manager_of_one_population_is_an_analyst_of_another(england):
    member(england.anna, Role.COMMISSIONER, commissioner=england.south, duties=[Duty.CASE_MANAGER])
    analyst = actor_of(england.anna, capacity=Capacity.ANALYST)
    manager = actor_of(england.anna, capacity=Capacity.CASE_MANAGER)
    assert analyst.commissioner_ids == {england.north.pk, england.south.pk}
    assert not analyst.has(Right.OPEN_PATIENT)
    assert not analyst.is_case_manager
    assert manager.commissioner_ids == {england.south.pk}
    assert manager.has(Right.OPEN_PATIENT)


def test_an_analyst_keeps_other_duties_and_is_not_a_case_manager(england):
    member(
        england.sam, Role.COMMISSIONER, commissioner=england.south, duties=[Duty.CASE_MANAGER, Duty.PRIVACY]
    )
    sam = actor_of(england.sam, capacity=Capacity.ANALYST)
    assert sam.has(Right.READ_AUDIT)
    assert not sam.has(Right.TRIAGE)


def test_only_a_case_manager_is_offered_both_capacities(england):
    offered = {
        user.name: client_of(user).get("/t/mine/").wsgi_request.capacities
        for user in (england.anna, england.carl, england.maya)
    }
    assert offered == {
        "Anna": [Capacity.ANALYST],
        "Carl": [Capacity.CASE_MANAGER, Capacity.ANALYST],
        "Maya": [Capacity.CLINICIAN],
    }
    assert client_of(england.anna).post("/role/", {"role": "case_manager"}).status_code == 409


def test_a_role_that_is_not_held_cannot_be_taken(england):
    client = client_of(england.maya)
    assert client.post("/role/", {"role": "administrator"}).status_code == 409
    assert client.get("/t/mine/").content == b"clinician"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", ""]
)
def test_a_switch_never_leads_to_another_house(england, address):
    response = client_of(england.maya).post("/role/", {"role": "clinician", "next": address})
    assert response["Location"] == "/"


def test_a_role_is_not_switched_by_a_link(england):
    assert client_of(england.maya).get("/role/").status_code == 405


@pytest.fixture
def key(england):
    membership = Membership.objects.get(user=england.maya)
    during = DateTimeTZRange(timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))
    return ApiKey.objects.create(
        membership=membership, name="Test", hash=hash_of("open-sesame"), during=during
    )


def _api(address="/api/t/declared/", key="open-sesame"):
    return Client().get(address, headers={"Authorization": f"Token {key}"})


def test_a_key_acts_as_its_membership(key):
    assert _api().json() == {"role": "clinician"}


def test_an_endpoint_without_a_right_lets_no_key_in(key):
    assert _api("/api/t/undeclared/").status_code == 403


def test_a_wrong_key_and_no_key_are_401(key):
    assert _api(key="open-barley").status_code == 401
    assert Client().get("/api/t/declared/").status_code == 401


def test_a_key_out_of_time_is_401(key):
    ApiKey.objects.update(during=DateTimeTZRange(timezone.now() - timedelta(days=2), timezone.now()))
    assert _api().status_code == 401


def test_a_key_ends_with_its_membership_and_with_its_holder(key, england):
    england.maya.is_active = False
    england.maya.save()
    assert _api().status_code == 401


def test_a_key_without_the_right_is_403(key, england):
    ApiKey.objects.update(membership=Membership.objects.get(user=england.lena))
    assert _api().status_code == 403


def test_an_actor_carries_the_id_of_the_request(england):
    response = client_of(england.maya).get("/t/mine/")
    assert response.wsgi_request.actor.request_id == UUID(response["X-Request-ID"])


def _views(patterns, prefix=""):
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def _says_who_may_come_in(address, view):
    if address.startswith(("accounts/", "health/")) or view.__module__.startswith("drf_spectacular."):
        return True
    if issubclass(getattr(view, "cls", object), APIView):
        return bool(getattr(view.cls, "rights", ()))
    return hasattr(view, "door")


def test_every_address_says_who_may_come_in():
    assert [
        address for address, view in _views(urls.urlpatterns) if not _says_who_may_come_in(address, view)
    ] == []


def test_an_address_that_says_nothing_would_be_found():
    nameless = [
        address
        for address, view in _views(pages_for_tests.urlpatterns)
        if not _says_who_may_come_in(address, view)
    ]
    assert nameless == ["t/doorless/", "api/t/undeclared/"]
