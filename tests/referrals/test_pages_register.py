"""Registering tells no more than a trace: the same reason, count, log and cards, and nothing of a restricted person."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.models import Access, AccessedPatient
from core.models import Notification
from pathways.actions.relationships import open_relationship
from pathways.models import Patient, Placement, Relationship
from tests.referrals.asking import address, begin, boxes, choose, text
from tests.referrals.test_pages_new import register_answers
from tests.referrals.transfers import asked
from tests.world import LONG_AGO, a_nhs_number, a_patient, actor_of, client_of, now

pytestmark = pytest.mark.django_db
KEPT_BACK = "These numbers cannot be used here."


@pytest.fixture
def lena(england):
    """The liaison's browser."""
    return client_of(england.lena)


@pytest.fixture
def draft(lena):
    return begin(lena)


@pytest.fixture
def away(england):
    """Somebody in another prison, unknown to Lena's."""
    return a_patient(england, at_service=england.other_prison, since=now() - timedelta(days=60))


def restrict(patient, named):
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    open_relationship(
        patient, user=named, basis=Relationship.Basis.NAMED, since=LONG_AGO, by=actor_of(named, at=now())
    )


def register(lena, draft, **changed):
    return lena.post(address(draft, "register"), register_answers(**changed))


@pytest.mark.parametrize("number", ["nhs_number", "prison_number"])
def test_a_held_number_answers_with_the_card_of_a_trace(lena, draft, away, number):
    response = register(lena, draft, **{number: getattr(away, number)})
    assert response.status_code == 409
    page = text(response)
    assert away.full_name in page
    assert "Born in 1990" in page
    assert 'value="Robin"' in response.content.decode()
    assert not Patient.objects.filter(family_name="Marsh").exists()
    assert choose(lena, draft, away).url == address(draft, "arrived")


def test_it_is_logged_as_a_trace_with_its_reason(england, lena, draft, away):
    register(lena, draft, nhs_number=away.nhs_number)
    looked = Access.objects.get(page="referrals:register", action="trace", reason="Came to us today.")
    assert AccessedPatient.objects.get(access_id=looked.pk).patient_id == away.pk


def test_without_a_reason_it_tells_nothing(lena, draft, away):
    response = register(lena, draft, nhs_number=away.nhs_number, reason="")
    assert response.status_code == 400
    assert away.full_name not in text(response)
    assert not Access.objects.filter(action="trace").exists()


def test_it_counts_as_a_trace(settings, lena, draft, away):
    settings.TRACES_AN_HOUR = 1
    register(lena, draft, nhs_number=away.nhs_number)
    response = register(lena, draft, nhs_number=away.nhs_number)
    assert response.status_code == 409
    assert "too many people" in text(response)
    assert away.full_name not in text(response)


def test_somebody_with_restricted_access_is_not_told_of_and_not_registered_twice(england, lena, draft, away):
    restrict(away, england.maya)
    response = register(lena, draft, nhs_number=away.nhs_number)
    assert response.status_code == 409
    page = text(response)
    assert KEPT_BACK in page
    assert away.full_name not in page
    assert "restricted" not in page.lower()
    assert Patient.objects.filter(nhs_number=away.nhs_number).get() == away
    assert Notification.objects.get(kind="pathways.traced").user == england.maya
    looked = Access.objects.get(page="referrals:register", action="trace")
    assert AccessedPatient.objects.get(access_id=looked.pk).patient_id == away.pk


def test_somebody_who_came_days_ago_is_there_since_then(lena, draft):
    came_on = now().date() - timedelta(days=9)
    assert register(lena, draft, **boxes("came_on", came_on)).status_code == 302
    placement = Placement.objects.get(patient__family_name="Marsh")
    assert (placement.during.lower.date(), placement.start_time_known) == (came_on, False)


def test_nobody_comes_to_a_prison_tomorrow(lena, draft):
    response = register(lena, draft, **boxes("came_on", now().date() + timedelta(days=1)))
    assert "Date they came to this prison" in text(response)
    assert "must be today or in the past" in text(response)
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_nobody_came_to_a_prison_before_they_were_born(lena, draft):
    response = register(lena, draft, **boxes("came_on", date(1950, 3, 27)))
    assert response.status_code == 409
    assert "The date they came to this prison is before their date of birth." in text(response)
    assert not Patient.objects.filter(family_name="Marsh").exists()


def test_a_registration_sent_twice_gets_its_first_answer_and_no_card(lena, draft):
    given = register_answers(nhs_number=a_nhs_number(), submission=str(uuid4()))
    first, second = (lena.post(address(draft, "register"), given) for _ in range(2))
    assert first.url == second.url == address(draft, "section")
    assert Patient.objects.filter(family_name="Marsh").count() == 1


# Somebody of the same name and date of birth


def alike(patient, **changed):
    """The answers for somebody of the same name and date of birth, without any number."""
    known = {"given_name": patient.given_name, "family_name": patient.family_name}
    return {
        **known,
        "has_nhs_number": "not_known",
        "nhs_number": "",
        **boxes("born_on", patient.born_on),
        **changed,
    }


def test_the_same_name_and_date_of_birth_is_asked_about_before_anything_is_written(lena, draft, away):
    before = Patient.objects.count()
    response = register(lena, draft, **alike(away))
    assert response.status_code == 409
    page = text(response)
    assert "Is it this person?" in page
    assert away.full_name in page
    assert "Born in 1990" in page
    assert away.nhs_number not in response.content.decode()
    assert Patient.objects.count() == before
    assert choose(lena, draft, away).url == address(draft, "arrived")


def test_ones_own_people_are_found_with_a_misspelling(england, lena, draft):
    here = a_patient(england)
    page = text(register(lena, draft, **alike(here, family_name=f"{here.family_name}e")))
    assert "Is it this person?" in page
    assert here.full_name in page


def test_somebody_with_a_transfer_of_one_s_own_is_not_offered_to_be_taken_over(england, lena, draft):
    referral = asked(england)
    here = referral.patient
    page = text(register(lena, draft, **alike(here)))
    assert f"It is this person: open transfer {referral.reference}" in page
    assert "take over" not in page
    assert choose(lena, draft, here).url == f"/transfers/{referral.public_id}/"


def test_when_it_is_none_of_them_the_person_is_registered(lena, draft, away):
    before = Patient.objects.count()
    response = register(lena, draft, **alike(away, is_nobody_found="on"))
    assert response.status_code == 409  # nobody has been shown yet
    assert register(lena, draft, **alike(away, is_nobody_found="on")).url == address(draft, "section")
    assert Patient.objects.count() == before + 1


def test_none_of_them_holds_only_for_the_name_that_was_asked_about(england, lena, draft, away):
    register(lena, draft, **alike(away))
    other = a_patient(england, at_service=england.other_prison)
    page = text(register(lena, draft, **alike(other, is_nobody_found="on")))
    assert other.full_name in page


def test_another_date_of_birth_is_another_person(lena, draft, away):
    given = alike(away, **boxes("born_on", away.born_on - timedelta(days=1)))
    assert register(lena, draft, **given).url == address(draft, "section")


def test_somebody_of_the_same_name_with_restricted_access_is_not_told_of(england, lena, draft, away):
    restrict(away, england.maya)
    response = register(lena, draft, **alike(away))
    assert response.url == address(draft, "section")
    assert Notification.objects.get(kind="pathways.traced").user == england.maya
