"""Who may open whom, who finds whom, and what a trace tells."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from psycopg2.extras import DateTimeTZRange

from accounts.rights import Role
from core.models import Notification
from core.refusals import Refused
from organisations.actor import Actor
from pathways import nhs_number, tracing
from pathways.actions import relationships
from pathways.models import Clock, Event, Flag, Patient, Relationship
from pathways.search import search
from tests.world import LONG_AGO, NOW, a_nhs_number, a_patient, actor_of, member

HOUR = timedelta(hours=1)
EVER = (LONG_AGO, None)
EXPIRED = (LONG_AGO, NOW)
TO_COME = (NOW + HOUR, None)


# The holder of the one relationship, its period, whether access is restricted and who is named → who may open.
@pytest.mark.parametrize(
    ("holder", "during", "restricted", "named", "openers"),
    [
        ({}, EVER, False, "", set()),
        ({"service": "ashdown"}, EVER, False, "", {"maya"}),
        ({"service": "prison"}, EVER, False, "", {"lena", "ines"}),
        ({"service": "ashdown"}, EXPIRED, False, "", set()),
        ({"service": "ashdown"}, TO_COME, False, "", set()),
        ({"user": "sam"}, EVER, False, "", {"sam"}),
        ({"user": "anna"}, EVER, False, "", set()),
        ({"user": "adam"}, EVER, False, "", set()),
        ({"commissioner": "north"}, EVER, False, "", {"carl"}),
        ({"commissioner": "south"}, EVER, False, "", set()),
        ({"commissioner": "north"}, EXPIRED, False, "", set()),
        ({"service": "ashdown"}, EVER, True, "", set()),
        ({"commissioner": "north"}, EVER, True, "", set()),
        ({"service": "ashdown"}, EVER, True, "maya", {"maya"}),
        ({"service": "ashdown"}, EVER, True, "luke", {"luke"}),
        ({"service": "ashdown"}, EVER, True, "anna", set()),
    ],
)
def test_who_may_open_a_person(england, holder, during, restricted, named, openers):
    patient = a_patient(england, home_area=None)
    Relationship.objects.filter(patient=patient).delete()
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=restricted)
    if holder:
        who = {kind: getattr(england, name) for kind, name in holder.items()}
        Relationship.objects.create(patient=patient, basis="approach", during=DateTimeTZRange(*during), **who)
    if named:
        Relationship.objects.create(
            patient=patient, basis="named", user=getattr(england, named), during=DateTimeTZRange(*EVER)
        )
    everyone = ("lena", "ines", "owen", "maya", "luke", "sam", "anna", "carl", "adam")
    seen = {
        name for name in everyone if Patient.objects.visible_to(actor_of(getattr(england, name))).exists()
    }
    assert seen == openers


def test_an_analyst_counts_the_population_and_opens_nobody(england):
    patient = a_patient(england)
    anna = actor_of(england.anna)
    assert patient in Patient.objects.in_population_of(anna)
    assert patient not in Patient.objects.visible_to(anna)


def test_a_job_of_the_installation_sees_nobody(england):
    a_patient(england)
    job = Actor.system("sweep", at=NOW)
    assert not Patient.objects.visible_to(job).exists()
    assert not Patient.objects.in_population_of(job).exists()
    assert not Patient.objects.traceable(job).exists()


def test_only_the_role_that_is_worn_opens(england):
    patient = a_patient(england)
    member(england.lena, Role.CLINICIAN, service=england.brook)
    assert patient in Patient.objects.visible_to(actor_of(england.lena, capacity=Role.LIAISON))
    assert patient not in Patient.objects.visible_to(actor_of(england.lena, capacity=Role.CLINICIAN))


def test_rows_about_a_person_are_seen_where_the_person_is(england):
    patient = a_patient(england)
    for model in (Event, Clock, Flag):
        assert not model.objects.visible_to(actor_of(england.sam)).exists()
    assert Event.objects.visible_to(actor_of(england.lena)).filter(patient=patient).count() == 2


def open_for_maya(england, patient, **known):
    answers = {
        "service": england.ashdown,
        "basis": "approach",
        "about": ("approach", 1),
        "since": NOW,
        **known,
    }
    return relationships.open_relationship(patient, by=actor_of(england.lena), **answers)


def test_a_relationship_is_opened_once_while_it_is_open(england):
    patient = a_patient(england)
    first = open_for_maya(england, patient)
    assert open_for_maya(england, patient) == first
    assert open_for_maya(england, patient, about=("approach", 2)) != first
    ended = relationships.end_relationships(about=("approach", 1), at=NOW, by=actor_of(england.lena))
    assert ended == 1
    assert open_for_maya(england, patient) != first


def test_a_relationship_ends_after_its_grace_and_never_before_it_began(england, settings):
    settings.RELATIONSHIP_GRACE_DAYS = 28
    relationship = open_for_maya(england, a_patient(england))
    long_before = NOW - timedelta(days=90)
    relationships.end_relationships(about=("approach", 1), at=long_before, by=actor_of(england.lena))
    relationship.refresh_from_db()
    assert relationship.during == DateTimeTZRange(NOW, NOW + timedelta(seconds=1))


def find(england, words, **known):
    patient = a_patient(england, **{"given_name": "Jonathan", "family_name": "Fairweather", **known})
    a_patient(england, given_name="Moses", family_name="Quill")
    found = search(Patient.objects.visible_to(actor_of(england.lena)), words)
    return list(found) == [patient]


@pytest.mark.parametrize(
    "words",
    ["Fairweather", "fairwaether", "Jonathon Fairwether", "FAIRWEATHER, Jonathan", "Jonathan", "Fáirweather"],
)
def test_search_forgives_a_slip(england, words):
    assert find(england, words)


def test_search_finds_by_alias_and_by_number(england):
    assert find(england, "Blackwood", aliases=["Jon Blackwood", "Johnny Goodfellow"])
    number = a_nhs_number()
    assert find(england, f"{number[:3]} {number[3:6]} {number[6:]}", nhs_number=number)
    assert find(england, "b7654xy", prison_number="B7654XY")


def test_search_for_nothing_finds_nobody_and_never_goes_beyond_the_people_given(england):
    a_patient(england, family_name="Fairweather")
    assert not search(Patient.objects.all(), "  ").exists()
    assert not search(Patient.objects.visible_to(actor_of(england.sam)), "Fairweather").exists()


def test_search_stands_on_the_trigram_index(england):
    a_patient(england)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "patient_search_name" in search(Patient.objects.all(), "Fairweather").explain()


def trace(england, who="sam", reason="Referred by telephone.", at=NOW, **identifiers):
    actor = actor_of(getattr(england, who), at=at)
    return tracing.trace(reason=reason, actor=actor, **identifiers).cards


def test_a_trace_tells_a_name_and_a_year_and_no_more(england):
    patient = a_patient(england)
    (card,) = trace(england, nhs_number=f"{patient.nhs_number[:3]} {patient.nhs_number[3:]}")
    assert card == tracing.Card(patient.pk, patient.public_id, patient.full_name, 1990)


@pytest.mark.parametrize(
    ("identifiers", "found"),
    [
        ({"prison_number": "c1111dd"}, True),
        ({"given_name": "Ann", "family_name": "Old", "born_on": date(1990, 5, 17)}, True),
        ({"given_name": "ANN ", "family_name": "old", "born_on": date(1990, 5, 17)}, True),
        ({"given_name": "Ann", "family_name": "Old", "born_on": date(1990, 5, 18)}, False),
        ({"given_name": "An", "family_name": "Old", "born_on": date(1990, 5, 17)}, False),
        ({"given_name": "Ann", "family_name": "Ol", "born_on": date(1990, 5, 17)}, False),
    ],
)
def test_a_trace_needs_whole_identifiers(england, identifiers, found):
    a_patient(england, given_name="Ann", family_name="Old", prison_number="C1111DD", aliases=["Annie"])
    assert bool(trace(england, **identifiers)) is found


@pytest.mark.parametrize(
    "identifiers",
    [{}, {"given_name": "Ann", "family_name": "Old"}, {"family_name": "Old", "born_on": date(1990, 5, 17)}],
)
def test_part_of_an_identity_is_not_enough(england, identifiers):
    with pytest.raises(Refused, match="full name and date of birth"):
        trace(england, **identifiers)


def test_a_trace_says_why(england):
    with pytest.raises(Refused) as refused:
        trace(england, reason=" ", prison_number="C1111DD")
    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["anna", "carl", "adam"])
def test_who_may_not_trace(england, who):
    with pytest.raises(PermissionDenied):
        trace(england, who, prison_number="C1111DD")


def test_traces_are_limited_by_the_hour_and_by_the_user(england, settings):
    settings.TRACES_AN_HOUR = 2
    for _ in range(2):
        assert trace(england, prison_number="C1111DD") == []
    with pytest.raises(Refused, match="too many"):
        trace(england, prison_number="C1111DD")
    assert trace(england, "luke", prison_number="C1111DD") == []
    assert trace(england, prison_number="C1111DD", at=NOW + HOUR) == []


def test_a_restricted_person_answers_as_nobody_and_the_named_staff_are_told(england):
    patient = a_patient(england, given_name="Veronica", family_name="Hidden")
    Patient.objects.filter(pk=patient.pk).update(has_restricted_access=True)
    for name in ("maya", "luke"):
        ends = None if name == "maya" else NOW
        Relationship.objects.create(
            patient=patient,
            basis="named",
            user=getattr(england, name),
            during=DateTimeTZRange(LONG_AGO, ends),
        )
    assert trace(england, nhs_number=patient.nhs_number) == trace(england, nhs_number=a_nhs_number()) == []
    task = Notification.objects.get()
    assert task.user == england.maya
    words = f"{task.subject} {task.body} {task.path}"
    assert not any(secret in words for secret in ("Veronica", "Hidden", patient.nhs_number, "Sam"))


def test_whoever_traces_logs_everybody_met_also_those_without_a_card(england):
    shown, hidden = a_patient(england), a_patient(england)
    Patient.objects.filter(pk=hidden.pk).update(has_restricted_access=True)
    answer = tracing.trace(
        nhs_number=shown.nhs_number,
        prison_number=hidden.prison_number,
        reason="Referred.",
        actor=actor_of(england.sam),
    )
    assert [card.patient_id for card in answer.cards] == [shown.pk]
    assert answer.met == [shown.pk, hidden.pk]


def test_higher_floors_fill_the_cards(england, monkeypatch):
    patient = a_patient(england)
    monkeypatch.setattr(tracing, "_FILLS", [])
    tracing.fills(lambda ids, actor: {pk: {"has_open_transfer": True} for pk in ids})
    (card,) = trace(england, prison_number=patient.prison_number)
    assert card.more == {"has_open_transfer": True}


# domain.md 2.8.
@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("9912003888", True),
        ("9000000009", True),
        ("9434765919", True),
        ("4857773456", False),
        ("4123456879", False),
        ("9999999999", False),
    ],
)
def test_nhs_numbers_are_checked_by_their_last_digit(number, is_right):
    refused = None
    try:
        nhs_number.check(nhs_number.clean(f"{number[:3]} {number[3:6]}–{number[6:]}"))
    except Refused as reason:
        refused = reason
    assert (refused is None) is is_right


def test_one_misspelt_word_finds_a_full_name(england):
    patient = a_patient(england, given_name="Nathan", family_name="Nowak")
    assert list(search(Patient.objects.visible_to(actor_of(england.lena)), "Nowack")) == [patient]
