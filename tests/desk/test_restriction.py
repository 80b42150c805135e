"""The pages of restricted access, and that a late transfer of a restricted person still reaches somebody."""

from datetime import timedelta

import pytest

from accounts.models import Access
from accounts.rights import Duty, Role
from organisations.actor import Actor
from pathways.actions.clocks import raise_flags
from pathways.actions.restriction import restrict_access
from pathways.models import Flag, Patient
from tests.api.asking import do
from tests.referrals.asking import text, today
from tests.referrals.transfers import asked
from tests.world import a_patient, a_user, actor_of, client_of, member, now

pytestmark = pytest.mark.django_db
CANARY = "Xanthippeson"


@pytest.fixture
def world(england):
    """A late transfer of somebody of the north, and Paul, the prison's privacy officer."""
    england.paul = a_user("Paul")
    member(england.paul, Role.CLINICIAN, service=england.prison, duties=[Duty.PRIVACY])
    england.one = a_patient(england, given_name=CANARY, family_name=CANARY)
    by = actor_of(england.lena, at=now())
    first = today() - timedelta(days=22)
    england.transfer = asked(england, england.one, by=by, report_first_requested_on=first)
    return england


def restrict(world, *named):
    by = actor_of(world.paul, at=now())
    restrict_access(world.one, reason="harm", named_staff=named or [world.luke], by=by)


def page(world, part=""):
    return f"/patients/{world.one.public_id}/{part}"


def test_a_privacy_officer_restricts_access_from_the_persons_page(world):
    paul = client_of(world.paul)
    assert "Restrict access" in text(paul.get(page(world)))
    sent = {"why": "staff", "named_staff": f"{world.luke.email.upper()}\n\n{world.paul.email}\n"}
    assert paul.post(page(world, "restriction/"), {**sent, "named_staff": ""}).status_code == 400
    unknown = paul.post(page(world, "restriction/"), {**sent, "named_staff": "who@example.test"})
    assert unknown.status_code == 409
    assert "no account here" in text(unknown)
    assert paul.post(page(world, "restriction/"), sent).status_code == 302
    assert Patient.objects.get(pk=world.one.pk).has_restricted_access
    assert client_of(world.lena).get(page(world)).status_code == 404
    assert "Restricted access" in text(client_of(world.luke).get(page(world)))


def test_an_unnamed_privacy_officer_sees_to_it_without_knowing_who_it_is(world):
    restrict(world, world.luke)
    paul = client_of(world.paul)
    assert paul.get(page(world)).status_code == 404
    for address in ("/patients/restricted/", page(world, "restriction/"), page(world, "restriction/lift/")):
        shown = text(paul.get(address))
        assert "Restricted person" in shown
        assert CANARY.lower() not in shown.lower()
        assert world.one.nhs_number not in shown
    shown = text(paul.get("/patients/restricted/"))
    assert "HMP Wexley" in shown
    assert world.transfer.reference in shown
    named = {"named_staff": world.maya.email}
    assert paul.post(page(world, "restriction/name/"), named).status_code == 302
    assert client_of(world.maya).get(page(world)).status_code == 200
    removed = {"named_staff": str(world.luke.public_id)}
    assert paul.post(page(world, "restriction/remove/"), removed).status_code == 302
    assert "Luke" not in text(paul.get(page(world, "restriction/")))
    himself = paul.post(page(world, "restriction/name/"), {"named_staff": world.paul.email})
    assert himself.status_code == 409
    assert "cannot name yourself" in text(himself)
    assert paul.post(page(world, "restriction/lift/"), {"why": "over"}).url == page(world)
    assert paul.get(page(world)).status_code == 200


def test_the_list_is_logged_and_gives_a_file_without_names(world):
    restrict(world)
    file = client_of(world.paul).get("/patients/restricted/?format=csv")
    body = b"".join(file.streaming_content).decode()
    assert "Restricted person" in body
    assert CANARY.lower() not in body.lower()
    assert Access.objects.get(page="desk:restricted", action="export").people == 1


def test_nobody_else_restricts_or_lifts(world):
    for user in (world.ines, world.lena, world.carl, world.maya, world.adam, world.anna):
        assert client_of(user).get(page(world, "restriction/")).status_code == 403
        assert client_of(user).get("/patients/restricted/").status_code == 403
    member(world.sam, Role.LIAISON, service=world.other_prison, duties=[Duty.PRIVACY])
    stranger = client_of(world.sam)
    stranger.post("/role/", {"role": "liaison"})
    assert stranger.get(page(world, "restriction/")).status_code == 404


def test_the_api_does_the_same(world):
    api = f"patients/{world.one.public_id}/restriction/"
    body = {"why": "harm", "named_staff": [world.luke.email]}
    assert do(world.ines, api, body).status_code == 403
    assert do(world.paul, api, {**body, "why": "He is famous"}).status_code == 400
    assert do(world.paul, api, body).status_code == 200
    assert do(world.paul, api, body).status_code == 409
    assert do(world.paul, f"{api}staff/", {"named_staff": world.maya.email}).status_code == 200
    assert do(world.paul, f"{api}staff/remove/", {"named_staff": world.luke.email}).status_code == 200
    assert do(world.paul, f"{api}staff/remove/", {"named_staff": world.maya.email}).status_code == 409
    assert do(world.paul, f"{api}lift/", {"why": "error"}).status_code == 200
    assert not Patient.objects.get(pk=world.one.pk).has_restricted_access


def test_flags_of_a_restricted_person_wait_on_the_home_page_of_named_staff(world):
    restrict(world, world.luke)
    raise_flags(by=Actor.system("sweep", at=now()))
    home = text(client_of(world.luke).get("/"))
    assert "You are named: see that its flags are taken on" in home
    assert world.transfer.reference in home
    assert "You are named" not in text(client_of(world.ines).get("/"))


def acknowledgeable(world):
    return Flag.objects.to_acknowledge().filter(clock__patient=world.one).order_by("pk").first()


def test_a_case_manager_takes_on_a_restricted_persons_flag_and_never_learns_who_it_is(world):
    restrict(world, world.luke)
    raise_flags(by=Actor.system("sweep", at=now()))
    carl, transfer = client_of(world.carl), f"/transfers/{world.transfer.public_id}/"
    home, shown = text(carl.get("/")), text(carl.get(transfer))
    assert "Take on the flag of day 21" in home
    assert "Acknowledge" in shown
    for said in (home, shown):
        assert "Restricted person" in said
        assert CANARY.lower() not in said.lower()
    flag = acknowledgeable(world)
    assert carl.post(f"{transfer}flags/", {"flag": flag.pk}).status_code == 302
    flag.refresh_from_db()
    assert flag.acknowledged_by == world.carl


def test_a_case_manager_takes_it_on_by_the_api_too(world):
    restrict(world, world.luke)
    raise_flags(by=Actor.system("sweep", at=now()))
    flag, api = acknowledgeable(world), f"transfers/{world.transfer.public_id}/flags/"
    assert do(world.carl, api, {"flag": flag.pk}).status_code == 200
    flag.refresh_from_db()
    assert flag.acknowledged_by == world.carl


def test_nobody_else_unnamed_takes_it_on(world):
    restrict(world, world.luke)
    raise_flags(by=Actor.system("sweep", at=now()))
    flag, transfer = acknowledgeable(world), f"/transfers/{world.transfer.public_id}/flags/"
    for user in (world.lena, world.ines, world.maya):
        assert client_of(user).post(transfer, {"flag": flag.pk}).status_code == 403
    flag.refresh_from_db()
    assert flag.acknowledged_at is None
