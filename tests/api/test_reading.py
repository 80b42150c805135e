"""What machines read: who sees what, how it is narrowed, what is logged, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Access, AccessedPatient
from assessments.models import Assessment, SignedAssessment
from core.paging import ApiPages
from pathways.actions import relationships
from pathways.models import Patient
from pathways.pseudonyms import pseudonym_of
from referrals import actions
from tests.api.asking import key_of, read, stranger
from tests.api.conftest import CLINICAL, NAME, TYPED
from tests.assessments.drafting import drafted, signed
from tests.referrals.transfers import accepted, asked, assessed, bedded, fresh, on, ready
from tests.world import NOW, a_patient, actor_of

pytestmark = pytest.mark.django_db


def one(referral):
    return f"transfers/{referral.public_id}/"


@pytest.fixture
def everything(england, waiting):
    """The addresses of one of each."""
    version = SignedAssessment.objects.get(patient=waiting.patient)
    return {
        "transfer": one(waiting),
        "patient": f"patients/{waiting.patient.public_id}/",
        "assessment": f"assessments/{version.public_id}/",
        "draft": f"assessments/drafts/{version.assessment.public_id}/",
        "bed": f"beds/{england.bed.public_id}/",
    }


LISTS = ["transfers/", "patients/", "assessments/", "assessments/drafts/", "beds/", "services/", "schema/"]
MAY = {  # lena, ines, maya, sam (a stranger), anna, carl, adam
    "transfer": (200, 200, 200, 404, 200, 200, 200),
    "patient": (200, 200, 200, 404, 403, 200, 403),
    "assessment": (403, 200, 200, 404, 403, 200, 403),
    "draft": (403, 200, 200, 404, 403, 200, 403),
    "bed": (403, 200, 200, 200, 200, 200, 403),
    "transfers/": (200, 200, 200, 200, 200, 200, 200),
    "patients/": (200, 200, 200, 200, 403, 200, 403),
    "assessments/": (403, 200, 200, 200, 403, 200, 403),
    "assessments/drafts/": (403, 200, 200, 200, 403, 200, 403),
    "beds/": (403, 200, 200, 200, 200, 200, 403),
    "services/": (200, 200, 200, 200, 200, 200, 200),
}
WHO = ("lena", "ines", "maya", "sam", "anna", "carl", "adam")


def test_own_others_and_wrong_role(england, everything):
    found = {
        name: tuple(read(getattr(england, who), everything.get(name, name)).status_code for who in WHO)
        for name in MAY
    }
    assert found == MAY


def test_nobody_gets_nothing(everything):
    for path in [*everything.values(), *LISTS]:
        response = stranger().get(f"/api/{path}")
        assert (path, response.status_code) == (path, 401)
        assert response["WWW-Authenticate"] == "Token"


def test_a_stranger_s_lists_are_empty(england, waiting):
    for path in ("transfers/", "patients/", "assessments/", "assessments/drafts/"):
        assert read(england.sam, path).json()["count"] == 0


def test_a_key_reads_as_its_membership(england, waiting):
    assert stranger().get(f"/api/{one(waiting)}", headers=key_of(england.maya)).json()["id"] == str(
        waiting.public_id
    )
    assert stranger().get(f"/api/{one(waiting)}", headers=key_of(england.sam)).status_code == 404


@pytest.mark.parametrize(
    ("who", "named", "clinical", "typed"),
    [
        ("lena", True, False, True),
        ("ines", True, True, True),
        ("maya", True, True, True),
        ("carl", True, True, True),
        ("anna", False, False, False),
        ("adam", False, False, False),
    ],
)
@pytest.mark.parametrize("path", ["transfers/", "one"])
def test_columns_by_who_reads(england, waiting, who, named, clinical, typed, path):
    said = read(getattr(england, who), one(waiting) if path == "one" else path).content.decode()
    assert (NAME in said, CLINICAL in said) == (named, clinical)
    assert (TYPED in said) == (typed and path == "one")


def test_liaison_staff_read_no_clinical_column_of_a_person(england, waiting):
    path = f"patients/{waiting.patient.public_id}/"
    seen, whole = read(england.lena, path).json(), read(england.maya, path).json()
    assert (seen["ethnicity"], seen["interpreter_language"]) == (None, None)
    assert (whole["ethnicity"], seen["family_name"]) == ("99", NAME)


def test_who_never_knows_gets_the_pseudonym_of_the_pages(england, waiting):
    row = read(england.anna, "transfers/").json()["results"][0]
    assert row["person"] is None
    assert row["pseudonym"] == pseudonym_of(waiting.patient_id, commissioner_id=england.north.pk)
    assert read(england.maya, "transfers/").json()["results"][0]["pseudonym"] == ""


@pytest.mark.parametrize("who", ["lena", "ines", "maya", "carl", "anna", "adam"])
def test_of_a_restricted_person_nobody_unnamed_reads_who_it_is(england, waiting, who):
    bedded(england, waiting)
    number = waiting.patient.nhs_number
    Patient.objects.filter(pk=waiting.patient_id).update(has_restricted_access=True)
    user, version = getattr(england, who), SignedAssessment.objects.get(patient=waiting.patient_id)
    paths = [
        one(waiting),
        *LISTS[:5],
        f"beds/{england.bed.public_id}/",
        f"patients/{waiting.patient.public_id}/",
    ]
    paths += [f"assessments/{version.public_id}/", f"assessments/drafts/{version.assessment.public_id}/"]
    for path in paths:
        said = read(user, path).content.decode()
        for canary in (NAME, CLINICAL, TYPED, number, str(waiting.patient.public_id)):
            assert (path, canary in said) == (path, False)


def test_named_staff_read_a_restricted_person(england, waiting):
    Patient.objects.filter(pk=waiting.patient_id).update(has_restricted_access=True)
    relationships.open_relationship(
        waiting.patient, user=england.maya, basis="named", since=NOW, why="Named", by=actor_of(england.lena)
    )
    assert read(england.maya, one(waiting)).json()["person"]["family_name"] == NAME
    assert read(england.ines, one(waiting)).json()["person"] is None


def test_only_steps_that_are_believed_are_told(england, waiting):
    bedded(england, waiting)
    lena = actor_of(england.lena)
    step = actions.record_step(waiting, "escort", on=on(0), for_on=on(4), by=lena)
    actions.correct_step(step, on=on(0), why="Booked by the other wing.", by=lena)
    kinds = [step["kind"] for step in read(england.maya, one(waiting)).json()["steps"]]
    assert sorted(kinds) == sorted(set(kinds))


def test_one_transfer_says_what_the_page_says(england, waiting):
    bedded(england, waiting)
    response = read(england.maya, one(waiting))
    told = response.json()
    assert response["ETag"] == f'"{fresh(waiting).version}"'
    assert (told["days_waited"], told["due_on"], told["next_step"]) == (9, "2026-03-07", "application")
    assert {step["kind"] for step in told["steps"]} >= {
        "report_requested",
        "assessment",
        "decision",
        "bed_date",
    }
    ashdown = next(row for row in told["services"] if row["service"]["name"] == "Ashdown Unit")
    assert ashdown["decision"]["outcome"] == "accepted"
    assert ashdown["bed_date"]["bed"] == str(england.bed.public_id)
    assert [(delay["first_day"], delay["last_day"]) for delay in told["delays"]] == [
        (str(on(-9)), str(on(-6)))
    ]


def test_a_step_put_right_or_taken_back_is_not_shown_as_it_was(england):
    referral = ready(england, report_first_requested_on=on(-9))
    by = actor_of(england.lena)
    step = actions.record_step(referral, "escort", on=on(0), by=by)

    def escorts():
        steps = read(england.lena, one(referral)).json()["steps"]
        return [step["done_on"] for step in steps if step["kind"] == "escort"]

    assert escorts() == [str(on(0))]
    step = actions.correct_step(step, on=on(-1), why="A day earlier.", by=by)
    assert escorts() == [str(on(-1))]
    actions.take_back_step(step, why="Another person's.", by=by)
    assert escorts() == []


def test_a_signed_version_without_what_is_kept_from_the_reader(england):
    risk = {"victim": "Victimcanary", "hospital_only": "Hospitalcanary"}
    patient = asked(england).patient
    path = f"assessments/{signed(england, patient, risk=risk).public_id}/"
    maya, ines, carl = (read(user, path).json() for user in (england.maya, england.ines, england.carl))
    assert maya["is_intact"]
    assert maya["is_current"]
    for told, seen in ((maya, [True, True]), (ines, [True, False]), (carl, [False, False])):
        assert [word in str(told) for word in risk.values()] == seen
        hidden = [s["kind"] for s in told["readable"]["sections"] if s["is_partly_hidden"]]
        assert hidden == ([] if all(seen) else ["risk"])


def test_the_words_of_a_draft_are_for_the_service_that_writes_it(england):
    draft = drafted(england, asked(england).patient)
    path = f"assessments/drafts/{draft.public_id}/"
    own, other = read(england.maya, path).json(), read(england.luke, path).json()
    assert any(section["passages"] for section in own["sections"])
    assert not any(section["passages"] for section in other["sections"])
    assert Assessment.objects.get(public_id=own["id"]) == draft


def test_a_bed_says_how_it_stands_and_whose_it_is_only_to_those_who_may_open_them(england, waiting):
    bedded(england, waiting, bed_on=on(0))
    path = f"beds/{england.bed.public_id}/"
    later = read(england.maya, path).json()
    assert (later["state"], later["patient"]) == ("free", None)
    with_hold = [row["state"] for row in read(england.maya, "beds/", state="free").json()["results"]]
    assert set(with_hold) == {"free"}


def test_a_held_bed(england, waiting, time_machine):
    bedded(england, waiting, bed_on=on(0))
    time_machine.move_to(NOW.replace(hour=13), tick=False)
    path = f"beds/{england.bed.public_id}/"
    mine, strangers = read(england.maya, path).json(), read(england.sam, path).json()
    assert (mine["state"], mine["patient"]) == ("held", str(waiting.patient.public_id))
    assert (strangers["state"], strangers["patient"]) == ("held", None)
    assert read(england.sam, "beds/", state="held").json()["count"] == 1
    free = {row["id"] for row in read(england.sam, "beds/", state="free").json()["results"]}
    assert free == {str(england.second_bed.public_id), str(england.brook_bed.public_id)}


def test_what_was_read_is_logged_before_it_leaves(england, waiting):
    read(england.maya, one(waiting))
    entry = Access.objects.latest("pk")
    assert (entry.action, entry.page, entry.status) == ("api", "api:transfer", 200)
    assert AccessedPatient.objects.filter(access_id=entry.pk).get().patient_id == waiting.patient_id
    read(england.maya, "transfers/")
    assert Access.objects.latest("pk").people == 1


def test_asking_in_vain_is_logged(england, waiting):
    read(england.sam, one(waiting))
    entry = Access.objects.latest("pk")
    assert (entry.action, entry.status) == ("denied", 404)
    assert str(waiting.public_id) in entry.reason


def test_lists_are_narrowed(england, waiting):
    asked(england, urgency=1)

    def count(**narrowed):
        return read(england.lena, "transfers/", **narrowed).json()["count"]

    assert (count(), count(urgency=1), count(state="open"), count(state="ended")) == (2, 1, 2, 0)
    assert (count(prison=england.prison.public_id), count(prison=england.other_prison.public_id)) == (2, 0)
    assert (count(service=england.brook.public_id), count(next_step="bed_date")) == (2, 1)
    assert (count(is_late="true"), count(is_late="false")) == (0, 2)


def test_a_filter_that_is_not_there_or_wrong_is_an_error(england):
    assert read(england.lena, "transfers/", name="Smith").json()["errors"] == {
        "name": ["There is no such filter."]
    }
    assert read(england.lena, "transfers/", urgency="9").json()["field"] == "urgency"
    assert read(england.lena, "transfers/", prison="x").status_code == 400


def test_pages_of_at_most_a_hundred(england):
    assert len(read(england.lena, "services/", page_size=2).json()["results"]) == 2
    assert (ApiPages.page_size, ApiPages.max_page_size) == (50, 100)
    assert read(england.lena, "services/", page=99).status_code == 404


@pytest.mark.parametrize("path", ["transfers/", "patients/", "assessments/", "beds/"])
def test_queries_do_not_grow_with_the_rows(england, waiting, path):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert read(england.maya, path).status_code == 200
        return len(caught)

    few = queries()
    for _ in range(3):
        referral = asked(england, a_patient(england))
        if path == "assessments/":
            assessed(england, referral)
    assert queries() <= few


def test_a_transfer_tells_the_place_on_the_services_waiting_list(england, waiting):
    accepted(england, urgency=1)
    ashdown, brook = read(england.anna, one(waiting)).json()["services"]
    assert (ashdown["place"], brook["place"]) == ({"number": 2, "of": 2}, None)
    bedded(england, waiting)
    assert read(england.anna, one(waiting)).json()["services"][0]["place"] is None


def test_one_transfer_in_a_number_of_queries_that_does_not_grow(england, waiting):
    with CaptureQueriesContext(connection) as before:
        read(england.maya, one(waiting))
    for days in (3, 2, 1):
        actions.record_contact(waiting, on=on(-days), with_whom="X", said="Y", by=actor_of(england.lena))
    actions.ask_service(waiting, england.elsewhere, by=actor_of(england.carl))
    with CaptureQueriesContext(connection) as after:
        read(england.maya, one(waiting))
    assert len(after) == len(before)
