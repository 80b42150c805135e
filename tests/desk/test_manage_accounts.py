"""Accounts and roles as administrators manage them."""

from datetime import timedelta

from django.core import mail

from accounts.models import User
from accounts.rights import Role
from organisations.models import Membership
from tests.desk.history import history
from tests.referrals.asking import boxes, text, today
from tests.world import a_user, client_of, member, now


def test_an_account_is_made_with_a_link_and_a_role(england, adam, django_capture_on_commit_callbacks):
    sent = {"name": "Nora New", "email": "Nora@Example.test"}
    with django_capture_on_commit_callbacks(execute=True):
        page = adam.post("/manage/accounts/add/", sent).url
    user = User.objects.get(email="nora@example.test")
    assert not user.has_usable_password()
    assert [letter.to for letter in mail.outbox] == [["nora@example.test"]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert client_of(user).get("/").status_code == 403
    role = {"role": "clinician", "is_on_duty": "yes", **boxes("since", today())}
    refused = adam.post(f"{page}roles/", role)
    assert refused.status_code == 409
    assert "Choose the service" in text(refused)
    role["service"] = str(england.brook.public_id)
    assert adam.post(f"{page}roles/", {**role, "duties": ["case_manager"]}).status_code == 409
    assert adam.post(f"{page}roles/", {**role, "duties": ["bed_manager"]}).status_code == 302
    assert client_of(user).get("/").status_code == 200
    assert adam.post(f"{page}roles/", role).status_code == 409
    held = Membership.objects.get(user=user)
    ended = {"is_on_duty": "no", "version": 0, **boxes("last_day", today())}
    assert adam.post(f"/manage/roles/{held.public_id}/", ended).status_code == 302
    assert adam.post(f"/manage/roles/{held.public_id}/", ended).status_code == 409
    held.refresh_from_db()
    assert (held.duties, held.is_on_duty) == ([], False)
    assert history(Membership, id=held.pk) == 2


def test_an_account_is_found_by_words_that_are_in_no_address(england, adam):
    shown = adam.get("/manage/accounts/")
    assert "Search accounts" in text(shown)
    for words in ("lena", "LENA@", "example.test lena"):
        found = adam.post("/manage/accounts/", {"words": words})
        assert found.status_code == 200
        assert "1 account found" in text(found)
        assert f"/manage/accounts/{england.lena.public_id}/" in found.content.decode()
        assert england.maya.email not in text(found)
    assert "No account fits" in text(adam.post("/manage/accounts/", {"words": "zzyzx"}))
    assert adam.post("/manage/accounts/", {"words": " "}).status_code == 400
    assert client_of(england.lena).post("/manage/accounts/", {"words": "maya"}).status_code == 403


def test_an_address_has_one_account(england, adam):
    response = adam.post("/manage/accounts/add/", {"name": "Another", "email": "LENA@example.test"})
    assert response.status_code == 409
    assert "already an account" in text(response)


def test_a_suspended_account_is_signed_out_and_let_in_again(england, adam):
    lena = client_of(england.lena)
    assert lena.get("/").status_code == 200
    page = f"/manage/accounts/{england.lena.public_id}/"
    assert adam.post(f"{page}suspend/", {"why": "", "version": 0}).status_code == 400
    assert adam.post(f"{page}suspend/", {"why": "Left.", "version": 0}).status_code == 302
    assert lena.get("/").status_code == 302
    assert "Suspended" in text(adam.get(page))
    assert adam.post(f"{page}restore/", {"why": "Back.", "version": 1}).status_code == 302
    assert lena.get("/").status_code == 200


def test_an_administrator_cannot_lock_themselves_out(england, adam):
    member(england.adam, Role.LIAISON, service=england.prison)
    page = f"/manage/accounts/{england.adam.public_id}/"
    own = adam.post(f"{page}suspend/", {"why": "Tired.", "version": 0})
    assert own.status_code in (403, 409)
    client = client_of(england.adam)
    client.post("/role/", {"role": "administrator"})
    refused = client.post(f"{page}suspend/", {"why": "Tired.", "version": 0})
    assert refused.status_code == 409
    assert "You cannot suspend your own account" in text(refused)


def test_nobody_changes_their_own_roles(england, adam):
    page = f"/manage/accounts/{england.adam.public_id}/"
    assert "Ask another administrator" in text(adam.get(page))
    held = Membership.objects.get(user=england.adam)
    ended = {"is_on_duty": "yes", "version": 0, **boxes("last_day", today())}
    clinician = {"role": "clinician", "service": str(england.brook.public_id), "is_on_duty": "yes"}
    for address, sent in (
        (f"/manage/roles/{held.public_id}/", ended),
        (f"{page}roles/", {**clinician, **boxes("since", today())}),
    ):
        refused = adam.post(address, sent)
        assert refused.status_code == 409
        assert "Ask another administrator to change your own roles" in text(refused)
    assert Membership.objects.get(user=england.adam) == held


def test_another_administrator_changes_them(england):
    nora = a_user("Nora")
    member(nora, Role.ADMINISTRATOR)
    role = {"role": "liaison", "service": str(england.prison.public_id), "is_on_duty": "yes"}
    page = f"/manage/accounts/{england.adam.public_id}/roles/"
    assert client_of(nora).post(page, {**role, **boxes("since", today())}).status_code == 302


def test_a_role_given_by_mistake_ends_now_and_opens_nothing_more(england, adam):
    nora = a_user("Nora")
    given = {"role": "clinician", "service": str(england.brook.public_id), "is_on_duty": "yes"}
    adam.post(f"/manage/accounts/{nora.public_id}/roles/", {**given, **boxes("since", today())})
    held = Membership.objects.get(user=nora)
    assert client_of(nora).get("/assessments/").status_code == 200
    end = f"/manage/roles/{held.public_id}/end/"
    assert end in adam.get(f"/manage/accounts/{nora.public_id}/").content.decode()
    assert adam.post(end, {"version": 0}).status_code == 302
    assert client_of(nora).get("/assessments/").status_code == 403
    held.refresh_from_db()
    assert held.during.upper <= now()
    assert "over already" in text(adam.post(end, {"version": 1}))
    assert end not in adam.get(f"/manage/accounts/{nora.public_id}/").content.decode()
    assert adam.post(end, {"version": 0}).status_code == 409


def test_a_role_is_not_said_to_have_been_over_and_one_that_is_over_stays_so(england, adam):
    held = Membership.objects.get(user=england.luke)
    page, given = f"/manage/roles/{held.public_id}/", {"is_on_duty": "no", "duties": ["bed_manager"]}
    yesterday = boxes("last_day", today() - timedelta(days=1))
    refused = adam.post(page, {**given, **yesterday, "version": 0})
    assert "The last day has passed" in text(refused)
    assert adam.post(f"{page}end/", {"version": 0}).status_code == 302
    held.refresh_from_db()
    ended_at = held.during.upper
    assert adam.post(page, {**given, **boxes("last_day", today()), "version": 1}).status_code == 302
    held.refresh_from_db()
    assert (held.during.upper, held.duties) == (ended_at, ["bed_manager"])


def test_a_role_to_come_has_no_end_now_and_nobody_ends_their_own_administration(england, adam):
    nora = a_user("Nora")
    given = {"role": "clinician", "service": str(england.brook.public_id), "is_on_duty": "yes"}
    tomorrow = boxes("since", today() + timedelta(days=1))
    adam.post(f"/manage/accounts/{nora.public_id}/roles/", {**given, **tomorrow})
    for held, why in (
        (Membership.objects.get(user=nora), "has not begun"),
        (Membership.objects.get(user=england.adam), "Ask another administrator"),
    ):
        assert why in text(adam.post(f"/manage/roles/{held.public_id}/end/", {"version": 0}))
