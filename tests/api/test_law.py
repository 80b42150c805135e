"""The law one person is held under, for machines: read and recorded by the pages' actions, closed to others."""

from datetime import datetime, timedelta

import pytest

from pathways.actions import authorities, key_dates, legal, placements
from pathways.codes import Act
from pathways.models import Authority, Diagnosis, KeyDate, LegalStatus, MissingAuthority
from tests.api.asking import do, read, stranger
from tests.referrals.asking import today
from tests.world import a_patient, actor_of, now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def patient(england):
    """Somebody at Ashdown, under sections 37 and 41, whose leave lacked its authority."""
    patient, by = a_patient(england, at_service=england.ashdown), actor_of(england.maya, at=now())
    legal.record_legal_status(patient, code="09", since=today() - 30 * DAY, by=by)
    authorities.note_unauthorised(patient, Act.ESCORTED_LEAVE, on=today(), about=("leave", 1), by=by)
    authorities.record_authority(
        patient,
        kind="ministry_specific",
        scope=[Act.TRANSFER],
        since=today() - DAY,
        conditions="Two escorts.",
        hospital=england.brook,
        by=by,
    )
    return patient


def path(patient, verb=""):
    return f"patients/{patient.public_id}/{verb}"


def verbs(patient):
    """Every verb of the law with a body of the right shape, and whether a clinician without the duty may."""
    status = f"legal-status/{LegalStatus.objects.current().get(patient=patient).public_id}/"
    authority = f"authorities/{Authority.objects.current().get(patient=patient).public_id}/"
    missing = f"missing-authorities/{MissingAuthority.objects.get(patient=patient).public_id}/"
    held = {"code": "10", "since": today()}
    consent = {"kind": "court", "scope": ["discharge"], "since": today()}
    return {
        "legal-status/": (held, True),
        f"{status}correct/": ({**held, "why": "Misread."}, True),
        f"{status}end/": ({"last_day": today()}, True),
        f"{status}renew/": ({"renewals": 0}, True),
        f"{status}report/": ({"on": today()}, True),
        "authorities/": (consent, False),
        f"{authority}correct/": ({**consent, "why": "Misread."}, False),
        f"{authority}end/": ({"last_day": today(), "why": "Withdrawn."}, False),
        f"{missing}settle/": ({"why": "Emergency."}, False),
        "diagnoses/": ({"icd10": "F20.0", "diagnosed_on": today()}, True),
        "diagnoses/withdraw/": ({"icd10": "F20.0", "why": "Another person."}, True),
    }


def done(response):
    assert response.status_code == 200, response.content
    return response.json()


def test_every_verb_is_closed_to_nobody_wrong_roles_and_strangers(england, patient):
    before = read(england.maya, path(patient, "law/")).json()
    for verb, (body, for_clinicians) in verbs(patient).items():
        address = path(patient, verb)
        assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
        assert do(england.lena, address, body).status_code == 403, verb
        assert do(england.sam, address, body).status_code == (404 if for_clinicians else 403), verb
        assert do(england.adam, address, body).status_code == 403, verb
    assert read(england.sam, path(patient, "law/")).status_code == 404
    assert read(england.anna, path(patient, "law/")).status_code == 403
    assert read(england.maya, path(patient, "law/")).json() == before


def test_what_is_on_record_is_read(england, patient):
    law = read(england.maya, path(patient, "law/")).json()
    (status,) = law["legal_statuses"]
    assert (status["code"], status["since"], status["until"]) == ("09", str(today() - 30 * DAY), None)
    (authority,) = law["authorities"]
    assert authority["scope"] == ["transfer"]
    assert authority["hospital"]["name"] == "Brook House"
    assert authority["conditions"] == "Two escorts."
    (missing,) = law["missing_authorities"]
    assert (missing["act"], missing["settled_at"]) == ("escorted_leave", None)


def test_a_status_is_recorded_renewed_corrected_reported_and_ended(england, patient):
    told = done(do(england.maya, path(patient, "legal-status/"), {"code": "03", "since": today() - 9 * DAY}))
    of_status = f"legal-status/{told['id']}/"
    until = LegalStatus.objects.get(public_id=told["id"]).authorised_until
    done(do(england.maya, path(patient, f"{of_status}renew/"), {"renewals": 0}))
    assert LegalStatus.objects.get(public_id=told["id"]).authorised_until > until
    assert do(england.maya, path(patient, f"{of_status}renew/"), {"renewals": 0}).status_code == 412
    newest = read(england.maya, path(patient, "law/")).json()["legal_statuses"][0]
    assert (newest["id"], newest["renewals"]) == (told["id"], 1)
    body = {"code": "09", "since": today() - 8 * DAY, "why": "Misread."}
    told = done(do(england.maya, path(patient, f"{of_status}correct/"), body))
    of_status = f"legal-status/{told['id']}/"
    done(do(england.maya, path(patient, f"{of_status}report/"), {"on": today()}))
    assert do(england.maya, path(patient, f"{of_status}end/"), {"last_day": today()}).status_code == 409
    placements.place(patient, elsewhere="abroad", at=now(), by=actor_of(england.maya, at=now()))
    done(do(england.maya, path(patient, f"{of_status}end/"), {"last_day": today()}))
    status = LegalStatus.objects.get(public_id=told["id"])
    assert (status.reported_on, status.during.upper) == (today(), today() + DAY)
    again = do(england.maya, path(patient, f"{of_status}end/"), {"last_day": today()})
    assert again.status_code == 409
    assert "has ended" in again.json()["detail"]


def test_a_status_that_held_earlier_is_recorded_once_what_it_goes_against_was_seen(england, patient):
    body = {"code": "17", "limb": "a", "since": today() - 60 * DAY, "last_day": today() - 21 * DAY}
    refused = do(england.maya, path(patient, "legal-status/"), body)
    assert refused.status_code == 409
    assert len(refused.json()["conflicts"]) == 2
    assert "would record" in refused.json()["conflicts"][0]
    seen = {**body, "checked": refused.json()["checked"]}
    told = done(do(england.maya, path(patient, "legal-status/"), seen))
    law = read(england.maya, path(patient, "law/")).json()["legal_statuses"]
    assert [(one["code"], one["since"]) for one in law] == [
        ("09", str(today() - 20 * DAY)),
        ("17", str(today() - 60 * DAY)),
    ]
    assert law[1]["id"] == told["id"]


def test_a_recall_is_recorded_with_its_moment(england, patient):
    began = now().replace(microsecond=0)
    body = {"code": "98", "form": "recalled", "since": today(), "began_at": began.isoformat()}
    done(do(england.maya, path(patient, "legal-status/"), body))
    newest = read(england.maya, path(patient, "law/")).json()["legal_statuses"][0]
    assert datetime.fromisoformat(newest["lapses_at"]) == began + timedelta(hours=72)
    assert (
        do(england.maya, path(patient, "legal-status/"), {**body, "code": "03", "form": ""}).status_code
        == 409
    )


def test_a_status_from_a_day_to_come_is_refused(england, patient):
    body = {"code": "10", "since": today() + DAY}
    refused = do(england.maya, path(patient, "legal-status/"), body)
    assert refused.status_code == 409
    assert "today or in the past" in refused.json()["detail"]


def test_an_authority_is_recorded_corrected_and_ended_and_a_missing_one_settled(england, patient):
    body = {"kind": "ministry_standing", "scope": ["overnight_leave"], "since": today()}
    told = done(do(england.maya, path(patient, "authorities/"), body))
    assert MissingAuthority.objects.open().exists()
    corrected = {**body, "scope": ["escorted_leave"], "why": "Misread."}
    told = done(do(england.maya, path(patient, f"authorities/{told['id']}/correct/"), corrected))
    assert MissingAuthority.objects.get().authority.public_id.hex == told["id"].replace("-", "")
    ended = {"last_day": today(), "why": "Withdrawn."}
    done(do(england.maya, path(patient, f"authorities/{told['id']}/end/"), ended))
    missing = MissingAuthority.objects.get()
    refused = do(
        england.maya, path(patient, f"missing-authorities/{missing.public_id}/settle/"), {"why": "Emergency."}
    )
    assert refused.status_code == 409
    assert do(england.maya, path(patient, "authorities/"), {**body, "scope": ["holiday"]}).status_code == 400


def test_a_missing_authority_is_settled_by_a_reason(england, patient):
    missing = MissingAuthority.objects.get()
    done(
        do(
            england.maya,
            path(patient, f"missing-authorities/{missing.public_id}/settle/"),
            {"why": "Emergency."},
        )
    )
    missing.refresh_from_db()
    assert missing.why == "Emergency."


def test_a_key_date_is_corrected_and_withdrawn_by_who_may(england, patient):
    key_dates.record_key_date(patient, kind="hearing", on=today() + DAY, by=actor_of(england.maya, at=now()))
    (known,) = done(read(england.maya, path(patient, "law/")))["key_dates"]
    assert (known["kind"], known["on"]) == ("hearing", str(today() + DAY))
    body = {"on": today() + 2 * DAY, "why": "Misread."}
    for verb in ("correct", "withdraw"):
        address = path(patient, f"key-dates/{known['id']}/{verb}/")
        assert stranger().post(f"/api/{address}", body, content_type="application/json").status_code == 401
        assert do(england.sam, address, body).status_code == 404
        assert do(england.adam, address, body).status_code == 403
        assert do(england.carl, address, body).status_code == 403
    other = path(a_patient(england, at_service=england.ashdown), f"key-dates/{known['id']}/correct/")
    assert do(england.maya, other, body).status_code == 404
    told = done(do(england.maya, path(patient, f"key-dates/{known['id']}/correct/"), body))
    assert KeyDate.objects.current().get().on == today() + 2 * DAY
    done(do(england.maya, path(patient, f"key-dates/{told['id']}/withdraw/"), {"why": "Adjourned."}))
    assert not KeyDate.objects.current().exists()


def test_a_diagnosis_is_recorded_and_withdrawn_without_a_word_of_it_in_an_address(england, patient):
    done(do(england.maya, path(patient, "diagnoses/"), {"icd10": "F20.0", "diagnosed_on": today()}))
    body = {"icd10": "F20.0", "why": "Another person."}
    done(do(england.maya, path(patient, "diagnoses/withdraw/"), body))
    assert not Diagnosis.objects.current().exists()
    assert do(england.maya, path(patient, "diagnoses/withdraw/"), body).status_code == 404
