"""The pages of the law one person is held under: who may, what is done, what is refused, what Home says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import DateRange

from accounts.models import AccessedPatient
from accounts.rights import Duty, Role
from core.pages import long_date
from desk.journey import SHORT_FORM, SHORT_STATUS, journey_of
from desk.legal_forms import CHOICES, given_status
from desk.recorded import Recorded
from pathways.actions import authorities, key_dates, legal, placements
from pathways.codes import Act, LegalForm, MhsdsLegalStatus
from pathways.models import Authority, Diagnosis, LegalDuration, LegalStatus, MissingAuthority
from pathways.rules.legal import is_restricted
from tests.referrals.asking import boxes, text, today
from tests.world import a_patient, a_user, actor_of, client_of, member, now

DAY = timedelta(days=1)


@pytest.fixture
def patient(england):
    """Somebody at Ashdown."""
    return a_patient(england, at_service=england.ashdown)


@pytest.fixture
def by(england):
    return actor_of(england.maya, at=now())


@pytest.fixture
def status(patient, by):
    """Under sections 37 and 41 for a month."""
    return legal.record_legal_status(patient, code="09", since=today() - 30 * DAY, by=by)


def address(patient, part=""):
    return f"/patients/{patient.public_id}/{part}"


def allowed(patient, by, **known):
    answers = {"kind": "ministry_standing", "scope": [Act.ESCORTED_LEAVE], "since": today(), **known}
    return authorities.record_authority(patient, by=by, **answers)


def unauthorised(patient, by, act=Act.ESCORTED_LEAVE):
    return authorities.note_unauthorised(patient, act, on=today(), about=("leave", 1), by=by)


@pytest.fixture
def a_doctor(england):
    """A clinician of Ashdown without duties."""
    doctor = a_user("Dora")
    member(doctor, Role.CLINICIAN, service=england.ashdown)
    return doctor


@pytest.fixture
def pages(patient, status, by):
    """Every page about the law, and whether a clinician without the duty may open it."""
    missing = unauthorised(patient, by)
    authority = allowed(patient, by, scope=[Act.TRANSFER])
    of_status, of_authority = f"legal-status/{status.public_id}/", f"authorities/{authority.public_id}/"
    return {
        "legal-status/": True,
        f"{of_status}correct/": True,
        f"{of_status}end/": True,
        f"{of_status}renew/": True,
        f"{of_status}report/": True,
        "authorities/": False,
        f"{of_authority}correct/": False,
        f"{of_authority}end/": False,
        f"missing-authorities/{missing.public_id}/settle/": False,
        "diagnoses/": True,
    }


def test_each_role_has_its_answer(england, patient, pages, a_doctor):
    member(england.lena, Role.LIAISON, service=england.ashdown)
    for page, for_clinicians in pages.items():
        full = address(patient, page)
        assert client_of(england.maya).get(full).status_code == 200, page
        assert client_of(a_doctor).get(full).status_code == (200 if for_clinicians else 403), page
        # Without the right it is 403 before anybody is looked for; with it a stranger finds nobody.
        assert client_of(england.sam).get(full).status_code == (404 if for_clinicians else 403), page
        assert client_of(england.lena).get(full).status_code == 403, page
        assert client_of(england.anna).get(full).status_code == 403, page


def test_nothing_of_another_person_is_found_under_this_one(england, patient, status, by):
    other = a_patient(england, at_service=england.ashdown)
    authority, missing = allowed(patient, by, scope=[Act.TRANSFER]), unauthorised(patient, by)
    for page in (
        f"legal-status/{status.public_id}/end/",
        f"authorities/{authority.public_id}/end/",
        f"missing-authorities/{missing.public_id}/settle/",
    ):
        assert client_of(england.maya).get(address(other, page)).status_code == 404, page


def send(england, patient, page, **given):
    return client_of(england.maya).post(address(patient, page), given)


def test_a_status_is_recorded_by_what_usually_follows_the_present_one(england, patient, status):
    page = text(client_of(england.maya).get(address(patient, "legal-status/")))
    assert "It ends by" in page
    assert "the tribunal, section 73" in page
    assert page.index("Conditionally discharged") < page.index("Another legal status")
    response = send(england, patient, "legal-status/", status="10", **boxes("since", today()))
    assert response.status_code == 302
    assert LegalStatus.objects.current().get(during__upper_inf=True).code == "10"
    assert "Section 37" in text(client_of(england.maya).get(address(patient)))


@pytest.mark.parametrize(
    ("value", "code", "limb", "form"),
    [
        ("17b", "17", "b", ""),
        ("98community_treatment", "98", "", "community_treatment"),
        ("31with_restrictions", "31", "", "with_restrictions"),
    ],
)
def test_any_other_status_is_chosen_with_its_limb_or_form(england, patient, value, code, limb, form):
    given = {"status": "other", "other": value, **boxes("since", today())}
    assert send(england, patient, "legal-status/", **given).status_code == 302
    status = LegalStatus.objects.current().get()
    assert (status.code, status.limb, status.form) == (code, limb, form)


def test_every_status_and_form_has_a_name_for_where_there_is_little_room():
    assert set(SHORT_STATUS) == set(MhsdsLegalStatus)
    assert set(SHORT_FORM) == set(LegalForm)
    assert all(SHORT_STATUS.values())


@pytest.mark.parametrize("value", CHOICES)
def test_whatever_status_is_recorded_the_person_and_their_pathway_are_shown(england, patient, by, value):
    legal.record_legal_status(patient, **given_status(value), since=today() - 30 * DAY, by=by)
    for part in ("", "pathway/"):
        assert client_of(england.maya).get(address(patient, part)).status_code == 200
    (held,) = journey_of(Recorded(patient, by)).held
    assert held.is_restricted is is_restricted(*CHOICES[value])
    variant = CHOICES[value].variant
    if variant in LegalForm.values:
        assert held.short == SHORT_FORM[variant]
        assert LegalForm(variant).label.lower() in held.words.lower()


def test_codes_no_longer_in_use_and_section_48_without_its_limb_are_not_offered(england, patient):
    for value in ("33", "34", "14", "17", "18"):
        given = {"status": "other", "other": value, **boxes("since", today())}
        assert send(england, patient, "legal-status/", **given).status_code == 400


def test_a_refusal_stands_beside_what_was_typed(england, patient, status):
    response = send(england, patient, "legal-status/", status="10", **boxes("since", patient.born_on - DAY))
    assert response.status_code == 409
    assert "before the person was born" in text(response)
    assert "Nothing is written yet" not in text(response)


def test_a_status_is_renewed_reported_corrected_and_ended(england, patient, by):
    status = legal.record_legal_status(patient, code="03", since=today() - 30 * DAY, by=by)
    of_status = f"legal-status/{status.public_id}/"
    until = status.authorised_until
    assert send(england, patient, f"{of_status}renew/", version=0).status_code == 302
    status.refresh_from_db()
    assert status.authorised_until > until
    refused = send(england, patient, f"{of_status}report/", **boxes("on", today()))
    assert "Only a restricted person" in text(refused)
    given = {"status": "09", **boxes("since", today() - 20 * DAY), "why": "Misread."}
    assert send(england, patient, f"{of_status}correct/", **given).status_code == 302
    corrected = LegalStatus.objects.current().get()
    of_status = f"legal-status/{corrected.public_id}/"
    assert send(england, patient, f"{of_status}report/", **boxes("on", today())).status_code == 302
    assert f"{of_status}end/" not in client_of(england.maya).get(address(patient)).content.decode()
    in_hospital = send(england, patient, f"{of_status}end/", **boxes("last_day", today()))
    assert "Record the legal status that follows" in text(in_hospital)
    placements.place(patient, elsewhere="at_large", at=now(), by=actor_of(england.maya, at=now()))
    assert f"{of_status}end/" not in client_of(england.maya).get(address(patient)).content.decode()
    placements.place(patient, elsewhere="abroad", at=now(), by=actor_of(england.maya, at=now()))
    assert f"{of_status}end/" in client_of(england.maya).get(address(patient)).content.decode()
    assert send(england, patient, f"{of_status}end/", **boxes("last_day", today())).status_code == 302
    corrected.refresh_from_db()
    assert (corrected.reported_on, corrected.during.upper) == (today(), today() + DAY)
    assert send(england, patient, f"legal-status/{status.public_id}/end/").status_code == 404


def test_a_renewal_that_another_has_recorded_is_shown_before_it_is_recorded_again(england, patient, by):
    status = legal.record_legal_status(patient, code="03", since=today() - 30 * DAY, by=by)
    page = f"legal-status/{status.public_id}/renew/"
    shown = client_of(england.maya).get(address(patient, page)).content.decode()
    assert '<input type="hidden" name="version" value="0"' in shown
    legal.renew_detention(status, renewals=0, by=by)
    stale = send(england, patient, page, version=0)
    assert stale.status_code == 409
    assert "Somebody changed this" in text(stale)
    assert long_date(status.authorised_until) in text(stale)
    assert 'name="version" value="1"' in stale.content.decode()


def test_a_renewed_status_is_corrected_as_its_form_is_shown(england, patient, by):
    status = legal.record_legal_status(patient, code="03", since=today() - 170 * DAY, by=by)
    legal.renew_detention(status, renewals=0, by=by)
    page = f"legal-status/{status.public_id}/correct/"
    response = client_of(england.maya).get(address(patient, page))
    assert f"Authority until {long_date(status.authorised_until)}" in text(response)
    # The boxes of the last day stand empty: the present one is kept without typing it again.
    (box,) = re.findall(r'<input[^>]*name="authorised_until-day"[^>]*>', response.content.decode())
    assert 'value=""' in box
    given = {"status": "03", **boxes("since", status.during.lower), "why": "Other group."}
    assert send(england, patient, page, **given).status_code == 302
    corrected = LegalStatus.objects.current().get()
    assert (corrected.renewals, corrected.authorised_until) == (1, status.authorised_until)


def test_an_authority_is_recorded_corrected_and_ended(england, patient, status, by):
    missing = unauthorised(patient, by)
    page = text(client_of(england.maya).get(address(patient)))
    assert "Without authority on record" in page
    given = {
        "kind": "ministry_specific",
        "scope": [Act.ESCORTED_LEAVE, Act.TRANSFER],
        **boxes("since", today() - DAY),
        "hospital": str(england.brook.public_id),
        "conditions": "Two escorts.",
        "reference": "MHCS 1",
    }
    assert send(england, patient, "authorities/", **given).status_code == 302
    authority = Authority.objects.current().get()
    assert (authority.hospital, authority.conditions) == (england.brook, "Two escorts.")
    missing.refresh_from_db()
    assert missing.authority == authority
    of_authority = f"authorities/{authority.public_id}/"
    shown = client_of(england.maya).get(address(patient, f"{of_authority}correct/")).content.decode()
    assert "Two escorts." in shown
    changed = {**given, "scope": [Act.TRANSFER], "why": "Misread."}
    assert send(england, patient, f"{of_authority}correct/", **changed).status_code == 302
    missing.refresh_from_db()
    assert missing.settled_at is None
    now_valid = Authority.objects.current().get()
    ended = {**boxes("last_day", today()), "why": "Withdrawn."}
    assert send(england, patient, f"authorities/{now_valid.public_id}/end/", **ended).status_code == 302
    assert Authority.objects.current().get().during.upper == today() + DAY


def test_conditions_are_for_those_who_read_clinical_text(england, patient, status, by):
    allowed(patient, by, conditions="Never with X.")
    nurse = a_user("Nick")
    member(nurse, Role.LIAISON, service=england.ashdown)
    assert "Never with X." in text(client_of(england.maya).get(address(patient)))
    page = text(client_of(nurse).get(address(patient)))
    assert "Never with X." not in page
    assert "Escorted leave" in page


def test_home_has_what_lacks_its_authority_for_the_office_only(england, patient, status, by, a_doctor):
    missing = unauthorised(patient, by)
    words = "Without authority on record: escorted leave"
    response = client_of(england.maya).get("/")
    assert words in text(response)
    assert AccessedPatient.objects.filter(patient_id=patient.pk).exists()
    assert words not in text(client_of(a_doctor).get("/"))
    assert words not in text(client_of(england.luke).get("/"))
    settled = {"why": "Emergency."}
    page = f"missing-authorities/{missing.public_id}/settle/"
    assert send(england, patient, page, **settled).status_code == 302
    assert words not in text(client_of(england.maya).get("/"))
    assert MissingAuthority.objects.get().why == "Emergency."


def test_who_let_somebody_go_without_the_authority_still_has_it_to_settle(england, patient, status, by):
    placements.place(patient, service=england.brook, at=by.at, by=by)
    authorities.note_unauthorised(patient, Act.TRANSFER, on=today(), about=("placement", 1), by=by)
    assert "Without authority on record: transfer" in text(client_of(england.maya).get("/"))


def test_only_what_the_law_renews_is_offered_for_it(england, patient, by):
    legal.record_legal_status(patient, code="02", since=today() - 2 * DAY, by=by)
    for form, since in (("", today() + DAY), (LegalForm.COMMUNITY_TREATMENT, today() - 9 * DAY)):
        LegalDuration.objects.create(
            code="02",
            form=form,
            stage="renewal",
            number=1,
            unit="months",
            effective=DateRange(since, None),
            legal_basis="Of a law to come, or of another form",
        )
    assert "Renew" not in text(client_of(england.maya).get(address(patient)))
    legal.record_legal_status(patient, code="03", since=today() - DAY, by=by)
    assert "Renew" in text(client_of(england.maya).get(address(patient)))


def test_home_of_the_ward_has_the_end_of_an_authority_until_the_next_is_recorded(
    england, patient, by, a_doctor
):
    legal.record_legal_status(patient, code="02", since=today() - 28 * DAY, by=by)
    for user in (england.maya, a_doctor):
        page = text(client_of(user).get("/"))
        assert "The authority to detain has ended" in page
        assert "1 day late" in page
    assert "authority to detain" not in text(client_of(england.luke).get("/"))
    legal.record_legal_status(patient, code="03", since=today() - DAY, by=by)
    assert "The authority to detain has ended" not in text(client_of(a_doctor).get("/"))


def test_whoever_comes_to_hospital_while_nothing_on_record_holds_them_stands_on_home_until_it_does(
    england, by
):
    patient = a_patient(england)
    words = "nothing on record says by what right"
    assert words not in text(client_of(england.lena).get("/"))
    placements.place(patient, service=england.ashdown, at=by.at, by=by)
    maya = client_of(england.maya)
    assert words in text(maya.get("/"))
    assert "nothing on record says under what" in text(maya.get(address(patient)))
    assert words not in text(client_of(england.luke).get("/"))
    legal.record_legal_status(patient, code="99", since=today() - DAY, by=by)
    assert words in text(maya.get("/"))
    legal.record_legal_status(patient, code="01", since=today(), by=by)
    assert words not in text(maya.get("/"))
    assert "nothing on record says under what" not in text(maya.get(address(patient)))


def test_home_of_the_liaison_officer_has_remands_court_orders_and_tribunals(england, by):
    patient = a_patient(england)
    key_dates.record_key_date(patient, kind="remand_expiry", on=today() + 2 * DAY, by=by)
    key_dates.record_key_date(patient, kind="tribunal", on=today() + 20 * DAY, by=by)
    key_dates.record_key_date(a_patient(england), kind="tribunal", on=today() + 40 * DAY, by=by)
    page = text(client_of(england.lena).get("/"))
    assert "The remand expires soon" in page
    assert page.count("Tribunal: reports and attendance") == 1
    legal.record_legal_status(patient, code="10", since=today() - 28 * DAY, by=by)
    assert "The court’s order has lapsed" in text(client_of(england.lena).get("/"))


def test_the_page_and_home_cost_the_same_with_many(england, patient, status, by):
    def queries(path):
        client = client_of(england.maya)
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    unauthorised(patient, by)
    allowed(patient, by, scope=[Act.TRANSFER], hospital=england.brook)
    before = queries(address(patient)), queries("/")
    for number in range(2, 8):
        authorities.note_unauthorised(patient, Act.ESCORTED_LEAVE, on=today(), about=("leave", number), by=by)
        allowed(patient, by, scope=[Act.TRANSFER], hospital=england.brook)
        legal.record_legal_status(
            a_patient(england, at_service=england.ashdown), code="02", since=today() - 27 * DAY, by=by
        )
    assert (queries(address(patient)), queries("/")) == before


def test_a_diagnosis_is_added_by_its_code_and_withdrawn(england, patient):
    given = boxes("diagnosed_on", today())
    assert send(england, patient, "diagnoses/", icd10="mad", **given).status_code == 409
    assert send(england, patient, "diagnoses/", icd10="f20.0", **given).status_code == 302
    assert send(england, patient, "diagnoses/", icd10="F20.0 ", **given).status_code == 302
    diagnosis = Diagnosis.objects.get()
    assert "F20.0" in text(client_of(england.maya).get(address(patient)))
    page = f"diagnoses/{diagnosis.public_id}/withdraw/"
    assert client_of(england.sam).get(address(patient, page)).status_code == 404
    assert send(england, patient, page, why="Another person.").status_code == 302
    assert not Diagnosis.objects.current().exists()
    assert send(england, patient, page, why="Again.").status_code == 404


def test_the_duty_of_the_office_is_enough_without_being_a_clinician(england, patient, status):
    office = a_user("Oona")
    member(office, Role.LIAISON, service=england.ashdown, duties=[Duty.MHA_OFFICE])
    for page in ("legal-status/", "authorities/"):
        assert client_of(office).get(address(patient, page)).status_code == 200
    assert client_of(office).get(address(patient, "diagnoses/")).status_code == 403
