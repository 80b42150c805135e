"""Who a person is, for machines: traced with a reason, registered once, put right, come to one's prison, warned of."""

from uuid import uuid4

import pytest

from accounts.models import Access, AccessedPatient
from core.models import Notification
from pathways.actions.relationships import open_relationship
from pathways.models import Patient, Placement, Relationship, RiskAlert
from referrals.models import HandOver
from tests.api.asking import do, read, stranger
from tests.api.test_verbs import TODAY_TEXT, done
from tests.referrals.transfers import asked, at, fresh, on
from tests.world import LONG_AGO, a_nhs_number, a_patient, actor_of

pytestmark = pytest.mark.django_db
REASON = "Came to us today."


@pytest.fixture
def away(england):
    """Somebody in another prison, unknown to Lena's."""
    return a_patient(england, at_service=england.other_prison, since=at(-60))


def robin(england, **changed):
    return {
        "given_name": "Robin",
        "family_name": "Marsh",
        "born_on": "1990-04-05",
        "stated_gender": "1",
        "nhs_number": a_nhs_number(),
        "at_service": str(england.prison.public_id),
        "reason": REASON,
        **changed,
    }


def like(england, patient, **changed):
    """Somebody of the same name and date of birth, without any number."""
    names = {name: getattr(patient, name) for name in ("given_name", "family_name", "born_on")}
    return robin(england, nhs_number="", no_nhs_number="not_known", **names, **changed)


def logged(reason=REASON):
    """Whom the read log says was met by a trace for this reason."""
    looks = Access.objects.filter(action="trace", reason=reason)
    return set(
        AccessedPatient.objects.filter(access_id__in=looks.values("pk")).values_list("patient_id", flat=True)
    )


def test_a_trace_gives_cards_and_is_logged_with_its_reason(england, away):
    (card,) = do(england.lena, "patients/trace/", {"nhs_number": away.nhs_number, "reason": REASON}).json()
    assert card == {
        "id": str(away.public_id),
        "name": away.full_name,
        "born_in": away.born_on.year,
        "transfer": None,
        "transfer_prison": None,
        "assessment": None,
    }
    assert logged() == {away.pk}


def test_a_trace_needs_full_identifiers_a_reason_and_the_right(england, away):
    part = do(england.lena, "patients/trace/", {"family_name": away.family_name, "reason": REASON})
    assert (part.status_code, "full name and date of birth" in part.json()["detail"]) == (409, True)
    asked_by = {"nhs_number": away.nhs_number}
    unreasoned = do(england.lena, "patients/trace/", asked_by)
    assert (unreasoned.status_code, unreasoned.json()["field"]) == (400, "reason")
    assert do(england.anna, "patients/trace/", {**asked_by, "reason": REASON}).status_code == 403
    assert stranger().post("/api/patients/trace/", "{}", content_type="application/json").status_code == 401
    assert logged() == set()


def test_traces_are_counted_with_those_of_the_pages(england, away, settings):
    settings.TRACES_AN_HOUR = 1
    asked_by = {"nhs_number": away.nhs_number, "reason": REASON}
    assert do(england.lena, "patients/trace/", asked_by).status_code == 200
    again = do(england.lena, "patients/trace/", asked_by)
    assert (again.status_code, "too many people" in again.json()["detail"]) == (409, True)


def test_somebody_is_registered_where_they_are_since_they_came(england):
    told = done(do(england.lena, "patients/register/", robin(england, came_on=str(on(-9)))))
    patient = Patient.objects.get(family_name="Marsh")
    assert told == {"location": f"/api/patients/{patient.public_id}/", "id": str(patient.public_id)}
    place = Placement.objects.open_of(patient)
    assert (place.service, place.during.lower, place.start_time_known) == (england.prison, at(-9, 3), False)


def test_nobody_came_to_a_prison_before_they_were_born(england):
    refused = do(england.lena, "patients/register/", robin(england, came_on="1989-01-01"))
    assert (refused.status_code, refused.json()["field"]) == (409, "came_on")
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_a_registration_sent_again_by_its_key_is_answered_the_same_and_traces_nobody(england):
    body, key = robin(england), str(uuid4())
    first = done(do(england.lena, "patients/register/", body, Idempotency_Key=key))
    before = Access.objects.filter(action="trace").count()
    again = do(england.lena, "patients/register/", body, Idempotency_Key=key)
    assert (done(again), again["Idempotent-Replayed"]) == (first, "true")
    assert Patient.objects.filter(family_name="Marsh").count() == 1
    assert Access.objects.filter(action="trace").count() == before


def test_whoever_holds_the_number_is_that_person(england, away):
    response = do(england.lena, "patients/register/", robin(england, nhs_number=away.nhs_number))
    assert (response.status_code, "with these numbers" in response.json()["detail"]) == (409, True)
    assert logged() == {away.pk}
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_the_same_name_and_date_of_birth_is_asked_about_first(england, away):
    refused = do(england.lena, "patients/register/", like(england, away))
    told = refused.json()
    assert refused.status_code == 409
    assert told["conflicts"] == [f"{away.full_name}, born in {away.born_on.year}, is recorded already."]
    assert away.pk in logged()
    wrong = do(england.lena, "patients/register/", like(england, away, checked="0" * 16))
    assert wrong.status_code == 409
    done(do(england.lena, "patients/register/", like(england, away, checked=told["checked"])))
    assert Patient.objects.filter(family_name=away.family_name, born_on=away.born_on).count() == 2


def test_of_somebody_restricted_nothing_is_told_and_their_staff_hear_of_it(england, away):
    Patient.objects.filter(pk=away.pk).update(has_restricted_access=True)
    named = actor_of(england.maya, at=at(0))
    open_relationship(away, user=england.maya, basis=Relationship.Basis.NAMED, since=LONG_AGO, by=named)
    response = do(england.lena, "patients/register/", robin(england, nhs_number=away.nhs_number))
    assert (response.status_code, "cannot be used here" in response.json()["detail"]) == (409, True)
    assert away.family_name not in response.content.decode()
    assert Notification.objects.get(kind="pathways.traced").user == england.maya
    assert logged() == {away.pk}


def test_only_into_a_prison_of_one_s_own_and_with_the_right(england):
    elsewhere = robin(england, at_service=str(england.other_prison.public_id))
    assert do(england.lena, "patients/register/", elsewhere).json()["field"] == "at_service"
    assert do(england.anna, "patients/register/", robin(england)).status_code == 403
    assert not Patient.objects.filter(family_name="Marsh").exists()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"nhs_number": "9991234560"}, "nhs_number", "not a valid NHS number"),
        ({"nhs_number": ""}, None, "say why there is none"),
        ({"prison_number": "12"}, "prison_number", "a letter, four numbers"),
        ({"born_on": "2090-01-01"}, "born_on", "in the past"),
    ],
)
def test_what_cannot_be_a_person_is_refused_with_the_sentence_of_the_pages(england, changed, field, sentence):
    response = do(england.lena, "patients/register/", robin(england, **changed))
    told = response.json()
    assert (response.status_code, told["field"], sentence in told["detail"]) == (409, field, True)
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_details_are_put_right_against_the_version_that_was_read(england):
    patient = a_patient(england)
    one = f"patients/{patient.public_id}/correct/"
    body = {"family_name": "Wren", "why": "Misspelt.", "version": patient.version}
    unversioned = do(england.lena, one, {"family_name": "Wren", "why": "Misspelt."})
    assert (unversioned.status_code, unversioned.json()["field"]) == (400, "version")
    done(do(england.lena, one, body))
    patient.refresh_from_db()
    assert patient.family_name == "Wren"
    assert do(england.lena, one, {**body, "family_name": "Rook"}).status_code == 412
    same = do(england.lena, one, {**body, "version": patient.version})
    assert (same.status_code, "Nothing is different" in same.json()["detail"]) == (400, True)
    assert do(england.sam, one, body).status_code in (403, 404)
    assert do(england.anna, one, body).status_code == 403


def test_a_number_that_is_new_to_somebody_is_traced_first(england, away):
    patient = a_patient(england)
    body = {"nhs_number": away.nhs_number, "why": "From the card.", "version": patient.version}
    response = do(england.lena, f"patients/{patient.public_id}/correct/", body)
    assert (response.status_code, "cannot be used here" in response.json()["detail"]) == (409, True)
    assert logged("From the card.") == {away.pk}


def test_a_number_found_later_takes_the_place_of_the_reason_why_none(england):
    patient = a_patient(england)
    one = f"patients/{patient.public_id}/correct/"
    without = {"no_nhs_number": "not_known", "why": "Another's.", "version": patient.version}
    done(do(england.lena, one, without))
    patient.refresh_from_db()
    assert (patient.nhs_number, patient.no_nhs_number) == (None, "not_known")
    number = a_nhs_number()
    done(do(england.lena, one, {"nhs_number": number, "why": "Found.", "version": patient.version}))
    patient.refresh_from_db()
    assert (patient.nhs_number, patient.no_nhs_number) == (number, "")


def test_a_warning_is_added_read_and_withdrawn(england):
    patient = a_patient(england)
    one = f"patients/{patient.public_id}/"
    made = done(do(england.lena, f"{one}warnings/", {"words": "Two officers."}))["id"]
    (shown,) = read(england.lena, one).json()["warnings"]
    assert (shown["id"], shown["words"]) == (made, "Two officers.")
    assert do(england.anna, f"{one}warnings/{made}/withdraw/", {"why": "X"}).status_code == 403
    assert do(england.lena, f"{one}warnings/{uuid4()}/withdraw/", {"why": "X"}).status_code == 404
    done(do(england.lena, f"{one}warnings/{made}/withdraw/", {"why": "No longer."}))
    assert read(england.lena, one).json()["warnings"] == []
    assert RiskAlert.objects.get(public_id=made).why == "No longer."


def test_a_date_in_a_court_is_added_where_there_is_no_transfer(england):
    patient = a_patient(england)
    one = f"patients/{patient.public_id}/key-dates/"
    made = done(do(england.lena, one, {"kind": "release", "on": str(on(90))}))["id"]
    (shown,) = read(england.lena, f"patients/{patient.public_id}/law/").json()["key_dates"]
    assert shown == {"id": made, "kind": "release", "on": str(on(90))}
    assert do(england.anna, one, {"kind": "release", "on": str(on(90))}).status_code == 403


def came(england, patient, **more):
    return {
        "patient": str(patient.public_id),
        "service": str(england.prison.public_id),
        "on": TODAY_TEXT,
        "at_time": "08:00",
        **more,
    }


def test_somebody_traced_comes_to_one_s_prison(england, away):
    body = came(england, away, nhs_number=away.nhs_number, reason=REASON)
    told = done(do(england.lena, "patients/arrived/", body))
    assert told["location"] == f"/api/patients/{away.public_id}/"
    assert Placement.objects.open_of(away).service == england.prison
    assert away.pk in logged()
    assert read(england.lena, f"patients/{away.public_id}/").status_code == 200


def test_nobody_comes_by_an_id_alone(england, away):
    for known in ({}, {"nhs_number": a_nhs_number(), "reason": REASON}):
        response = do(england.lena, "patients/arrived/", came(england, away, **known))
        assert response.status_code in (400, 409)
    assert Placement.objects.open_of(away).service == england.other_prison


def test_an_open_transfer_is_taken_over_with_them_from_the_day_they_came(england, away, time_machine):
    referral = asked(england, patient=away, from_service=england.other_prison, by=actor_of(england.owen))
    time_machine.move_to(at(4), tick=False)
    body = came(england, away, nhs_number=away.nhs_number, reason=REASON, on=str(on(2)))
    told = done(do(england.lena, "patients/arrived/", body))
    assert told["location"] == f"/api/transfers/{referral.public_id}/"
    assert fresh(referral).from_service == england.prison
    assert HandOver.objects.get().moved_on == on(2)
    assert Placement.objects.open_of(away).during.lower == at(2, -1)


def test_a_transfer_is_not_taken_over_from_a_day_after_which_they_moved_on(england, away):
    asked(england, patient=away, from_service=england.other_prison, by=actor_of(england.owen))
    body = came(england, away, nhs_number=away.nhs_number, reason=REASON, on=str(on(-61)))
    refused = do(england.lena, "patients/arrived/", body)
    assert (refused.status_code, "moved on since" in refused.json()["detail"]) == (409, True)
    assert Placement.objects.open_of(away).service == england.other_prison


def test_what_goes_against_a_later_record_is_told_before_it_is_written(england, away):
    """Without a transfer: they came to this prison first, and were moved from it to the other."""
    body = came(england, away, nhs_number=away.nhs_number, reason=REASON, on=str(on(-61)))
    told = do(england.lena, "patients/arrived/", body).json()
    assert told["conflicts"]
    assert not Placement.objects.filter(patient=away, service=england.prison).exists()
    done(do(england.lena, "patients/arrived/", {**body, "checked": told["checked"]}))
    assert Placement.objects.filter(patient=away, service=england.prison).exists()
    assert Placement.objects.open_of(away).service == england.other_prison
