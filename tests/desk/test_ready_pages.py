"""The pages of being ready to move on: who may, what is done, the queue of each role, days of security, prices."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, AccessedPatient
from organisations.rules import Tier
from pathways.actions import placements, ready
from pathways.models import BedPrice, Patient, ReadyPeriod, SecurityNeed
from pathways.pseudonyms import pseudonym_for
from pathways.ready_codes import Confirmation
from tests.pathways.waiting import reason, waits
from tests.referrals.asking import boxes, text, today
from tests.world import LONG_AGO, a_patient, actor_of, client_of, now

DAY = timedelta(days=1)


def at_ashdown(england, *, days=100, **known):
    patient = a_patient(england, since=now() - 500 * DAY, **known)
    by = actor_of(england.maya, at=now())
    placements.place(
        patient, service=england.ashdown, ward=england.ward, at=now() - days * DAY, time_known=True, by=by
    )
    return patient


@pytest.fixture
def patient(england):
    return at_ashdown(england)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=now())


@pytest.fixture
def period(england, patient, by):
    """Ready for low security for thirty days, waiting on Brook House."""
    return ready.record_ready(
        patient,
        since=today() - 30 * DAY,
        **waits(waits_on="service", waits_on_service=england.brook, waits_on_words="Typedcanary"),
        by=by,
    )


def address(patient, part=""):
    return f"/patients/{patient.public_id}/{part}"


def of(period, verb):
    return f"ready/{period.public_id}/{verb}/"


VERBS = ("reason", "end", "correct", "take-back")


def test_each_role_has_its_answer(england, patient, period):
    for page in ("ready/", *(of(period, verb) for verb in VERBS)):
        answers = {"maya": 200, "carl": 403, "lena": 403, "anna": 403, "adam": 403, "sam": 404}
        for name, answer in answers.items():
            response = client_of(getattr(england, name)).get(address(patient, page))
            assert response.status_code == answer, (page, name)


FORM = {
    "next_tier": "low",
    "reason": "24",
    "attributable_to": "04",
    "waits_on": "ministry",
    "waits_on_words": "Form sent on Monday",
}


def test_it_is_recorded_and_stands_on_the_page(england, patient):
    client = client_of(england.maya)
    assert "Record that they are ready" in text(client.get(address(patient)))
    sent = {**FORM, "confirmed": list(Confirmation), **boxes("since", today() - 10 * DAY)}
    assert client.post(address(patient, "ready/"), {**sent, "confirmed": ["team"]}).status_code == 409
    assert not ReadyPeriod.objects.exists()
    assert client.post(address(patient, "ready/"), sent).status_code == 302
    page = text(client.get(address(patient)))
    for words in (
        "Ready now",
        "10 days",
        "Waits on Ministry of Justice: Form sent on Monday",
        "Avoidable cost, an estimate: £356",
        "Clinically ready to move on, waits on Ministry of Justice",
        "It waits for something else",
    ):
        assert words in page


def test_it_waits_for_something_else_then_the_person_becomes_unwell(england, patient, period):
    client = client_of(england.maya)
    changed = {**FORM, **boxes("since", today() - 5 * DAY)}
    assert client.post(address(patient, of(period, "reason")), changed).status_code == 302
    newest = patient.ready_periods.current().get(during__upper_inf=True)
    ended = {"ended_as": "unwell", "why": "Stopped treatment", **boxes("on", today())}
    assert client.post(address(patient, of(newest, "end")), ended).status_code == 302
    page = text(client.get(address(patient)))
    for words in (
        "became unwell: no longer ready, Stopped treatment",
        "goes on for another reason",
        "5 days",
    ):
        assert words in page
    assert "Ready now" not in page


def test_it_is_corrected_and_taken_back(england, patient, period):
    client = client_of(england.maya)
    page = text(client.get(address(patient, of(period, "correct"))))
    assert "On which day did it end?" not in page
    sent = {**FORM, **boxes("since", today() - 20 * DAY), "why": "Misread"}
    assert client.post(address(patient, of(period, "correct")), sent).status_code == 302
    newest = patient.ready_periods.current().get()
    assert (newest.during.lower, newest.reason_code) == (today() - 20 * DAY, "24")
    assert (
        client.post(address(patient, of(newest, "take-back")), {"why": "Another person"}).status_code == 302
    )
    assert not patient.ready_periods.current().exists()


def test_another_hospital_is_offered_nothing_it_may_not_do(england, patient, period, by):
    placements.place(patient, service=england.brook, ward=england.brook_ward, at=by.at, by=by)
    page = client_of(england.luke).get(address(patient)).content.decode()
    assert of(period, "correct") not in page
    assert "moved on" in page


def rows_of(user, **asked):
    """The queue as a file: one dictionary for each person."""
    response = client_of(user).get("/ready/", {"format": "csv", **asked})
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_queue_says_how_long_why_on_whom_and_what_it_costs(england, patient, period):
    (row,) = rows_of(england.maya)
    assert row["Person"] == patient.full_name
    assert (row["Days ready"], row["Tier now"], row["Needs next"]) == ("30", "Medium secure", "Low secure")
    assert (row["Where"], row["Region"]) == ("Ashdown Unit, Alder ward", "Middle Shires")
    assert (row["MHSDS reason code"], row["NHS England’s group"]) == ("05", "Community")
    assert row["Waits on"] == "Brook House: Typedcanary"
    # 30 days at £452.05 less £416.44.
    assert row["Avoidable cost, estimate"] == "1068"
    page = text(client_of(england.maya).get("/ready/"))
    assert "1 person has waited 30 days" in page
    assert "Avoidable cost, an estimate: £1,068" in page
    assert "2011" in page
    assert "Durcan" in page


def test_each_role_sees_its_own_people_and_no_more(england, patient, period):
    assert [row["Person"] for row in rows_of(england.carl)] == [patient.full_name]
    assert rows_of(england.sam) == rows_of(england.luke) == []
    for name in ("lena", "adam"):
        assert client_of(getattr(england, name)).get("/ready/").status_code == 403
    (row,) = rows_of(england.anna)
    actor = actor_of(england.anna, at=now())
    assert row["Person"] == pseudonym_for(actor, patient.pk, home_area_id=england.north.pk)
    assert row["Waits on"] == "Brook House"
    page = client_of(england.anna).get("/ready/").content.decode()
    for hidden in (patient.family_name, "Typedcanary", str(patient.public_id)):
        assert hidden not in page


def test_somebody_with_restricted_access_is_counted_and_not_named(england, patient, period):
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    for user in (england.maya, england.carl):
        (row,) = rows_of(user)
        assert (row["Person"], row["Date of birth"], row["Days ready"]) == ("Restricted person", "", "30")
        page = client_of(user).get("/ready/").content.decode()
        for hidden in (patient.family_name, str(patient.public_id), "Typedcanary"):
            assert hidden not in page


def test_filters_narrow_the_rows_and_the_totals(england, patient, period, by):
    other = at_ashdown(england)
    asked = waits(reason="18", next_tier="community", waits_on="housing")
    ready.record_ready(other, since=today() - 5 * DAY, **asked, by=by)
    assert [row["Days ready"] for row in rows_of(england.maya)] == ["30", "5"]
    assert [row["Days ready"] for row in rows_of(england.maya, sort="days")] == ["5", "30"]
    provider = str(england.ashdown.provider.public_id)
    for asked, days in (
        ({"group": "housing"}, ["5"]),
        ({"group": "hospital"}, []),
        ({"next": "low"}, ["30"]),
        ({"tier": "medium"}, ["30", "5"]),
        ({"tier": "low"}, []),
        ({"waits": "service"}, ["30"]),
        ({"region": "Y99"}, ["30", "5"]),
        ({"region": "Y00"}, ["30", "5"]),
        ({"provider": provider}, ["30", "5"]),
    ):
        assert [row["Days ready"] for row in rows_of(england.maya, **asked)] == days, asked
    page = text(client_of(england.maya).get("/ready/"))
    assert "2 people have waited 35 days" in page
    assert "without 1 person for whose tiers there is no price" in page
    assert "1 person has waited 5 days" in text(client_of(england.maya).get("/ready/?group=housing"))


def test_who_was_listed_printed_or_taken_away_is_logged(england, patient, period):
    for asked in ({}, {"format": "print"}, {"format": "csv"}):
        response = client_of(england.carl).get("/ready/", asked)
        list(response)
    looks = AccessedPatient.objects.filter(patient_id=patient.pk).values("access_id")
    actions = Access.objects.filter(pk__in=looks).values_list("action", flat=True)
    assert sorted(actions) == ["export", "list", "print"]


def test_as_many_queries_for_one_as_for_many(england, patient, period, by):
    client = client_of(england.maya)

    def queries(path):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    paths = ("/ready/", "/ready/security/", address(patient))
    before = [queries(path) for path in paths]
    for _ in range(3):
        ready.record_ready(at_ashdown(england), since=today() - 5 * DAY, **waits(), by=by)
    ready.change_ready_reason(period, since=today() - 5 * DAY, **reason(), by=by)
    assert [queries(path) for path in paths] == before


def test_days_of_security_by_region_and_tier(england, patient, period):
    SecurityNeed.objects.create(
        patient=patient,
        tier=Tier.MEDIUM,
        during=(today() - 90 * DAY, None),
        about_kind="signed_assessment",
        about_id=1,
        recorded_at=now(),
    )
    for user in (england.maya, england.carl, england.anna):
        response = client_of(user).get("/ready/security/?format=csv&days=365")
        lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        # 101 days to today: 10 before anybody assessed, 60 as needed, 31 since they are ready for low.
        assert lines[1:] == [["Middle Shires", "Medium secure", "1", "101", "60", "31", "0", "10"]]
        page = text(client_of(user).get("/ready/security/"))
        assert "More secure than needed" in page
        assert patient.family_name not in page
    page = text(client_of(england.maya).get(address(patient)))
    assert "Needs now: Low secure" in page
    assert "More secure than needed 31 days" in page
    # Somebody without clinical rights opens the same page and reads nothing of it.
    patient.relationships.create(
        service=england.prison, basis="placement", about_kind="placement", during=(LONG_AGO, None)
    )
    other = text(client_of(england.lena).get(address(patient)))
    assert "Where they are and were" in other
    assert "Needs now" not in other
    assert "More secure than needed" not in other
    for name in ("lena", "adam"):
        assert client_of(getattr(england, name)).get("/ready/security/").status_code == 403


def test_an_administrator_adds_a_price_and_estimates_follow_from_its_day(england, patient, period):
    client = client_of(england.adam)
    page = text(client.get("/manage/prices/"))
    assert "452.05" in page
    assert "Centre for Mental Health" in page
    sent = {"tier": "medium", "pounds_a_day": "516.44", "price_year": "2026", "source": "Contract 12"}
    assert (
        client.post("/manage/prices/add/", {**sent, **boxes("since", today() - 9 * DAY)}).status_code == 302
    )
    old, new = BedPrice.objects.filter(tier="medium").order_by("effective")
    assert (old.effective.upper, new.pounds_a_day) == (today() - 9 * DAY, Decimal("516.44"))
    # 20 days at 35.61 and 10 at 100.00.
    assert rows_of(england.maya)[0]["Avoidable cost, estimate"] == "1712"
    again = client.post("/manage/prices/add/", {**sent, **boxes("since", today() - 20 * DAY)})
    assert again.status_code == 409
    assert "Choose a later day" in text(again)
    for name in ("maya", "carl", "anna", "lena"):
        for path in ("/manage/prices/", "/manage/prices/add/"):
            assert client_of(getattr(england, name)).get(path).status_code == 403
