"""Managing: who may, what is kept, and what is refused."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs
from core.pages import long_date
from core.refusals import Refused
from organisations.actions import add_criterion
from organisations.actor import Actor
from organisations.models import Provider, Region, Service, Ward, WardDesignation
from pathways.actions.clocks import raise_flags
from pathways.models import BedUse, Clock, ClockPolicy, Flag, LegalDuration
from tests.desk.history import history
from tests.referrals.asking import boxes, text, today
from tests.referrals.transfers import asked
from tests.world import a_patient, actor_of, client_of, now

LISTS = [
    "services",
    "wards",
    "beds",
    "criteria",
    "providers",
    "commissioners",
    "regions",
    "policies",
    "lengths",
    "accounts",
    "keys",
]


def test_only_an_administrator_manages(england):
    pages = ["/manage/", *(f"/manage/{name}/" for name in [*LISTS, "jobs", "messages"])]
    pages += [f"/manage/services/{england.ashdown.public_id}/", f"/manage/wards/{england.ward.public_id}/"]
    for page in pages:
        assert client_of(england.adam).get(page).status_code == 200, page
        for user in (england.lena, england.maya, england.anna, england.carl):
            assert client_of(user).get(page).status_code == 403, page


@pytest.mark.parametrize("name", [*LISTS, "jobs", "messages"])
def test_every_list_sorts_and_gives_a_file(england, adam, name):
    response = adam.get(f"/manage/{name}/?format=csv&sort=name")
    assert response["Content-Type"].startswith("text/csv")
    assert b"".join(response.streaming_content).count(b"\n") >= 1
    with CaptureQueriesContext(connection) as seen:
        adam.get(f"/manage/{name}/?sort=-name")
    assert len(seen) < 14


def test_unknown_kinds_and_keys_are_not_found(england, adam):
    for page in ("/manage/nothing/", "/manage/services/abc/change/", "/manage/regions/Y00/change/"):
        assert adam.get(page).status_code == 404, page


def test_a_region_a_provider_and_a_commissioner_are_added_and_changed(england, adam):
    assert adam.post("/manage/regions/add/", {"code": "y98", "name": " Far  Shires "}).status_code == 302
    region = Region.objects.get(code="Y98")
    assert region.name == "Far Shires"
    sent = {"code": "Y98", "name": "Farther Shires", "version": 0}
    assert adam.post("/manage/regions/Y98/change/", sent).status_code == 302
    stale = adam.post("/manage/regions/Y98/change/", {**sent, "name": "Farthest"})
    assert stale.status_code == 409
    assert "Somebody changed this" in text(stale)
    assert history(Region, code="Y98") == 2
    new = {"name": "New Trust", "ods_code": "nt1", "sector": "nhs"}
    assert adam.post("/manage/providers/add/", new).status_code == 302
    assert Provider.objects.get(ods_code="NT1")
    new = {"name": "New board", "kind": "icb", "region": "Y98"}
    assert adam.post("/manage/commissioners/add/", new).status_code == 302


def test_a_second_one_of_a_name_is_refused_beside_its_field(england, adam):
    sent = {"code": "Y97", "name": england.region.name.upper()}
    response = adam.post("/manage/regions/add/", sent)
    assert response.status_code == 409
    assert "There is already a region of this name." in text(response)
    assert 'href="#id_name"' in response.content.decode()


def service_answers(england, **changed):
    return {
        "name": "New Unit",
        "kind": "hospital",
        "code": "new01",
        "provider": str(england.ashdown.provider.public_id),
        "region": england.region.code,
        "commissioner": str(england.north.public_id),
        "alert_mailbox": "new@example.test",
        "referral_telephone": "",
        **changed,
    }


def test_a_service_its_ward_and_bed_come_into_use_and_go_out_of_it(england, adam):
    page = adam.post("/manage/services/add/", service_answers(england)).url
    service = Service.objects.get(code="NEW01")
    assert page == f"/manage/services/{service.public_id}/"
    ward = {
        "name": "Cedar",
        "tier": "low",
        "gender": "women",
        "specialties": "autism",
        **boxes("since", today()),
    }
    ward_page = adam.post(f"{page}wards/", ward).url
    made = Ward.objects.get(name="Cedar")
    assert (made.designations.get().tier, made.designations.get().specialties) == ("low", ["autism"])
    bed = {"name": "1", **boxes("since", today())}
    assert adam.post(f"{ward_page}beds/", bed).status_code == 302
    again = adam.post(f"{ward_page}beds/", bed)
    assert again.status_code == 409
    assert "This ward already has a bed of that name." in text(again)
    changed = service_answers(england, kind="prison", is_open="yes", version=0)
    refused = adam.post(f"{page}change/", changed)
    assert refused.status_code == 409
    assert "stays a hospital" in text(refused)
    closed = service_answers(england, is_open="no", version=0)
    early = adam.post(f"{page}change/", closed)
    assert early.status_code == 409
    assert "Close its wards first" in text(early)
    sent = {**boxes("since", today()), "why": "It moved."}
    assert adam.post(f"{ward_page}close/", {**sent, "why": ""}).status_code == 400
    assert adam.post(f"{ward_page}close/", sent).status_code == 302
    assert "Closed now" in text(adam.get(ward_page))
    assert adam.post(f"{page}change/", closed).status_code == 302
    assert not Service.objects.get(pk=service.pk).is_open


def test_a_ward_changes_what_it_is_for_and_the_past_stays(england, adam):
    address = f"/manage/wards/{england.ward.public_id}/designation/"
    sent = {
        "tier": "low",
        "gender": "men",
        "specialties": "",
        "why": "Opened as low.",
        **boxes("since", today()),
    }
    assert adam.post(address, {**sent, "why": ""}).status_code == 400
    assert adam.post(address, sent).status_code == 302
    known = WardDesignation.objects.filter(ward=england.ward, superseded_at=None)
    kept = list(known.order_by("during"))
    assert [one.tier for one in kept] == ["medium", "low"]
    assert kept[0].during.upper == kept[1].during.lower
    early = adam.post(address, {**sent, **boxes("since", today() - timedelta(days=9))})
    assert early.status_code == 409
    assert "before the present designation" in text(early)


def test_a_bed_is_closed_with_a_reason_and_opened_again(england, adam):
    address = f"/manage/beds/{england.bed.public_id}/close/"
    sent = {**boxes("since", today()), "why": "New window."}
    assert adam.post(address, {**sent, "why": ""}).status_code == 400
    assert adam.post(address, sent).status_code == 302
    use = BedUse.objects.get(purpose="closed")
    assert use.during.upper is None
    page = f"/manage/wards/{england.ward.public_id}/"
    assert "New window." in text(adam.get(page))
    assert adam.post(address, sent).status_code == 409
    assert adam.post(f"/manage/closures/{use.public_id}/open/").status_code == 302
    assert "Open it again" not in text(adam.get(page))


def test_the_last_day_of_a_closed_bed_is_the_one_that_was_given(england, adam):
    until = today() + timedelta(days=4)
    sent = {**boxes("since", today()), **boxes("last_day", until), "why": "New window."}
    assert adam.post(f"/manage/beds/{england.bed.public_id}/close/", sent).status_code == 302
    page = text(adam.get(f"/manage/wards/{england.ward.public_id}/"))
    assert f"from {long_date(today())} until {long_date(until)}: New window." in page


def test_a_bed_is_given_up_from_a_day_and_taken_back(england, adam):
    address, page = f"/manage/beds/{england.bed.public_id}/", f"/manage/wards/{england.ward.public_id}/"
    sent = {**boxes("since", today() + timedelta(days=9)), "why": "The room is an office."}
    assert adam.post(f"{address}give-up/", {**sent, "why": ""}).status_code == 400
    assert adam.post(f"{address}give-up/", sent).status_code == 302
    use = BedUse.objects.get(purpose="not_in_use")
    assert f"Bed 1 not in use from {long_date(today() + timedelta(days=9))}: The room is" in text(
        adam.get(page)
    )
    # What opens a closed bed again is another act.
    assert adam.post(f"/manage/closures/{use.public_id}/open/").status_code == 404
    assert adam.post(f"/manage/closures/{use.public_id}/use/").status_code == 302
    assert not BedUse.objects.current().exists()
    assert adam.post(f"{address}give-up/", {**sent, **boxes("since", today())}).status_code == 302
    assert "Alder" in text(adam.get("/manage/beds/?state=not_in_use"))
    assert "No bed fits" in text(adam.get(f"/manage/beds/?state=closed&service={england.ashdown.public_id}"))
    assert "Not in use now" in text(adam.get(page))


def test_a_criterion_is_published_changed_and_withdrawn(england, adam):
    service = f"/manage/services/{england.brook.public_id}/"
    sent = {"kind": "gender", "takes": "no", "words": "Women"}
    assert adam.post(f"{service}criteria/", sent).status_code == 302
    row = england.brook.criteria.get()
    assert not row.takes
    change = f"/manage/criteria/{row.public_id}/"
    assert adam.post(change, {**sent, "is_open": "no", "version": 0}).status_code == 302
    assert adam.post(change, {**sent, "is_open": "yes", "version": 0}).status_code == 409
    assert "No longer published" in text(adam.get(service))


def waiting(england, days):
    """Somebody whose report was requested so many days ago."""
    by = actor_of(england.lena, at=now())
    first = today() - timedelta(days=days)
    return asked(england, a_patient(england), by=by, report_first_requested_on=first)


def sweep():
    raise_flags(by=Actor.system("sweep", at=now()))


def test_a_criterion_says_in_codes_what_its_words_stand_for(england, adam):
    path = f"/manage/services/{england.brook.public_id}/criteria/"
    given = {"kind": "legal_basis", "takes": "no", "words": "People on remand for the Crown Court"}
    assert adam.post(path, {**given, "legal_basis": ["48(a)"], "tier": ["medium"]}).status_code == 302
    criterion = england.brook.criteria.get()
    assert criterion.covers == ["48(a)"]
    change = f"/manage/criteria/{criterion.public_id}/"
    shown = adam.get(change).content.decode()
    assert re.search(r'value="48\(a\)"[^>]*checked', shown)
    area = {"kind": "area", "takes": "yes", "words": "Middle Shires", "area": ["Y99"], "is_open": "yes"}
    assert adam.post(change, {**area, "version": criterion.version}).status_code == 302
    criterion.refresh_from_db()
    assert (criterion.kind, criterion.covers) == ("area", ["Y99"])
    assert adam.post(change, {**area, "area": ["Y98"], "version": criterion.version}).status_code == 400


def test_the_codes_of_a_criterion_are_of_its_kind(england):
    by = actor_of(england.adam)
    wrong = [
        ("tier", "47"),
        ("gender", "mixed"),
        ("legal_basis", "48"),
        ("diagnosis", "Y99"),
        ("area", "Y98"),
    ]
    for kind, code in [*wrong, ("other", "medium")]:
        with pytest.raises(Refused, match="not about what you chose"):
            add_criterion(england.brook, kind=kind, takes=True, words="Some", covers=[code], by=by)
    right = [
        ("tier", "low"),
        ("gender", "men"),
        ("legal_basis", "47"),
        ("diagnosis", "autism"),
        ("area", "Y99"),
    ]
    for kind, code in right:
        add_criterion(england.brook, kind=kind, takes=True, words="Some", covers=[code], by=by)
    assert england.brook.criteria.count() == len(right)


def test_a_silent_limit_is_switched_on_and_raises_what_is_owed(england, adam):
    waiting(england, 30)
    sweep()
    assert not Flag.objects.filter(clock__policy__code="mha-28").exists()
    page = text(adam.get("/manage/policies/mha-28/"))
    assert "raises no flag" in page
    assert "counts as day 1" in page
    sent = {"days": 28, "is_on": "yes", "version": 0}
    response = adam.post("/manage/policies/mha-28/change/", sent, follow=True)
    assert "the last day in time is" in text(response)
    sweep()
    assert set(Flag.objects.filter(clock__policy__code="mha-28").values_list("day", flat=True)) == {
        21,
        26,
        29,
    }
    assert adam.post("/manage/policies/mha-28/change/", sent).status_code == 409
    assert history(ClockPolicy, code="mha-28") >= 1


def test_a_length_in_law_is_shown_and_another_begins_on_its_day(england, adam):
    assert "28 days" in text(adam.get("/manage/lengths/?state=now"))
    enacted = LegalDuration.objects.get(code="03", stage="first", effective=None)
    assert "3 months" in text(adam.get("/manage/lengths/?state=undated"))
    page = f"/manage/lengths/{enacted.pk}/"
    assert "Section 3" in text(adam.get(page))
    assert 'value="Mental Health Act 2025 s29"' in adam.get(page).content.decode()
    sent = {"number": 3, "unit": "months", "legal_basis": "Mental Health Act 2025 s29", "is_verified": "yes"}
    past = adam.post(page, {**sent, **boxes("since", today() - timedelta(days=1))})
    assert past.status_code == 400
    response = adam.post(page, {**sent, **boxes("since", today() + timedelta(days=9))}, follow=True)
    assert f"3 months from {long_date(today() + timedelta(days=9))}" in text(response)
    assert "3 months" in text(adam.get("/manage/lengths/?state=to_come"))
    assert adam.get("/manage/lengths/0/").status_code == 404


def test_a_length_of_any_period_is_added_and_a_refusal_stands_beside_it(england, adam):
    sent = {"status": "98community_treatment", "stage": "in_all", "number": 3, "unit": "months"}
    sent |= {"legal_basis": "An Act", "is_verified": "no", **boxes("since", today())}
    assert adam.post("/manage/lengths/add/", sent).status_code == 302
    made = LegalDuration.objects.get(code="98", form="community_treatment", stage="in_all")
    assert (made.number, made.unit, made.is_verified) == (3, "months", False)
    refused = adam.post("/manage/lengths/add/", {**sent, "number": 4})
    assert refused.status_code == 409
    assert "Choose a later day" in text(refused)


def test_a_flag_is_added_changed_and_removed_and_running_clocks_follow(england, adam):
    waiting(england, 3)
    policy = ClockPolicy.objects.get(code="bradley-14")
    clock = Clock.objects.get(policy=policy)
    assert clock.next_flag_on == today() + timedelta(days=7)
    sent = {
        "day": 5,
        "level": "approaching",
        "owner": "concerned",
        "must_be_acknowledged": "no",
        "version": 0,
    }
    assert adam.post("/manage/policies/bradley-14/flags/", sent).status_code == 302
    clock.refresh_from_db()
    assert clock.next_flag_on == today() + timedelta(days=2)
    changed = {**sent, "day": 99, "level": "imminent", "version": 1}
    assert adam.post("/manage/policies/bradley-14/flags/5/", changed).status_code == 302
    assert policy.flag_rules.get(day=5).level == "imminent"
    assert not policy.flag_rules.filter(day=99).exists()
    assert adam.post("/manage/policies/bradley-14/flags/5/remove/", {"version": 1}).status_code == 409
    assert adam.post("/manage/policies/bradley-14/flags/5/remove/", {"version": 2}).status_code == 302
    clock.refresh_from_db()
    assert clock.next_flag_on == today() + timedelta(days=7)


def test_a_limit_has_another_length_from_a_day_on(england, adam):
    address, since = "/manage/policies/bradley-14/", today() + timedelta(days=30)
    sent = {"days": 10, "name": "Ten days", "basis": "A new Act, s1", "version": 0, **boxes("since", since)}
    early = adam.post(f"{address}days/", {**sent, **boxes("since", today())})
    assert early.status_code == 400
    made = adam.post(f"{address}days/", sent)
    assert made.url == f"{address[:-1]}-{since.isoformat()}/"
    page = text(adam.get(made.url))
    assert f"From {long_date(since)}" in page
    assert "A new Act, s1" in page
    assert "Day 11 : Breached" in page
    assert "Ten days" in page
    before = text(adam.get(address))
    assert f"Before {long_date(since)}" in before
    assert "Change the number of days" not in before
    assert adam.get(f"{address[:-1]}-2020-01-01/").status_code == 404


def test_jobs_are_called_by_what_they_do(england):
    jobs.ask("reports.export", key="one", payload={}, by=actor_of(england.adam))
    page = client_of(england.adam).get("/manage/jobs/").content.decode()
    assert "Write an export" in page
    assert "reports.export" not in page
