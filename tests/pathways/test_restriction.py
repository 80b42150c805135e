"""Restricted access: who may know, from when, and that nobody lets themselves in or is shut out by the last removal."""

from datetime import timedelta

import pytest

from accounts.rights import Duty, Role
from core.models import Notification
from core.refusals import Refused
from pathways.actions import restriction as actions
from pathways.models import Event, Patient
from tests.world import NOW, a_patient, a_user, actor_of, member

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def paul(england):
    """The privacy officer of the prison."""
    england.paul = a_user("Paul")
    member(england.paul, Role.CLINICIAN, service=england.prison, duties=[Duty.PRIVACY])
    return england.paul


@pytest.fixture
def patient(england, paul):
    return a_patient(england)


def restrict(patient, by, *named, why="harm", at=NOW):
    return actions.restrict_access(patient, reason=why, named_staff=named, by=actor_of(by, at=at))


def openers(england, at=LATER):
    people = (england.lena, england.ines, england.paul, england.maya, england.carl)
    return {one.name for one in people if Patient.objects.visible_to(actor_of(one, at=at)).exists()}


def test_only_those_named_open_a_restricted_person(england, paul, patient):
    assert openers(england) == {"Lena", "Ines", "Paul", "Carl"}
    restrict(patient, paul, paul, england.maya)
    assert openers(england) == {"Paul", "Maya"}
    assert Notification.objects.get(kind="pathways.staff_named").user == england.maya
    kinds = list(Event.objects.filter(patient=patient).order_by("pk").values_list("kind", "details"))[2:]
    assert kinds == [
        ("pathways.access_restricted", {"reason": "harm"}),
        ("pathways.staff_named", {"user": paul.pk}),
        ("pathways.staff_named", {"user": england.maya.pk}),
    ]


def test_lifting_gives_everybody_back_what_they_had_and_ends_the_naming(england, paul, patient):
    restrict(patient, paul, england.maya)
    patient = actions.lift_restriction(patient, reason="over", by=actor_of(paul, at=LATER))
    assert not patient.has_restricted_access
    assert openers(england, at=LATER) == {"Lena", "Ines", "Paul", "Carl"}


def test_a_removal_holds_from_the_moment_and_without_grace(england, paul, patient):
    restrict(patient, paul, england.maya, england.lena)
    actions.remove_named_staff(patient, user=england.lena, by=actor_of(paul, at=LATER))
    assert openers(england, at=LATER) == {"Maya"}


def test_the_last_one_named_is_not_removed(england, paul, patient):
    restrict(patient, paul, england.maya)
    with pytest.raises(Refused, match="Name somebody else first"):
        actions.remove_named_staff(patient, user=england.maya, by=actor_of(paul, at=LATER))


def test_nobody_names_themselves(england, paul, patient):
    restrict(patient, paul, england.maya)
    with pytest.raises(Refused, match="cannot name yourself"):
        actions.name_staff(patient, user=paul, by=actor_of(paul, at=LATER))
    actions.name_staff(patient, user=england.ines, by=actor_of(paul, at=LATER))
    assert openers(england) == {"Maya", "Ines"}
    with pytest.raises(Refused, match="named already"):
        actions.name_staff(patient, user=england.ines, by=actor_of(paul, at=LATER))


@pytest.mark.parametrize("nobody", ["anna", "adam"])
def test_somebody_who_could_open_nobody_is_not_named(england, paul, patient, nobody):
    with pytest.raises(Refused, match="has no role now"):
        restrict(patient, paul, england.maya, getattr(england, nobody))
    assert not Patient.objects.get(pk=patient.pk).has_restricted_access


def test_a_restriction_names_somebody_and_gives_a_known_reason_once(england, paul, patient):
    with pytest.raises(Refused, match="Name at least one"):
        restrict(patient, paul)
    with pytest.raises(Refused, match="Choose why"):
        restrict(patient, paul, england.maya, why="Because he is famous")
    restrict(patient, paul, england.maya)
    with pytest.raises(Refused, match="restricted already"):
        restrict(patient, paul, england.maya, at=LATER)
    with pytest.raises(Refused, match="Choose why"):
        actions.lift_restriction(patient, reason="Bored", by=actor_of(paul, at=LATER))


def test_what_belongs_to_a_restriction_needs_one(england, paul, patient):
    by = actor_of(paul)
    for act in (
        lambda: actions.lift_restriction(patient, reason="over", by=by),
        lambda: actions.name_staff(patient, user=england.maya, by=by),
        lambda: actions.remove_named_staff(patient, user=england.maya, by=by),
    ):
        with pytest.raises(Refused, match="is not restricted"):
            act()


def test_a_privacy_officer_sees_to_restricted_people_of_their_own_population_only(england, paul, patient):
    restrict(patient, paul, england.maya)
    member(england.sam, Role.CLINICIAN, service=england.ashdown, duties=[Duty.PRIVACY])
    found = {
        one.name: Patient.objects.restricted_of(actor_of(one, at=LATER)).exists()
        for one in (paul, england.sam, england.ines)
    }
    assert found == {"Paul": True, "Sam": False, "Ines": False}
