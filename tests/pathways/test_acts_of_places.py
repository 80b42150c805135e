"""Saying where somebody is, or that nothing holds them, marks what that was in law and lacked its authority."""

from datetime import timedelta

import pytest

from pathways.actions import authorities, legal, placements
from pathways.codes import Act, Elsewhere
from pathways.models import MissingAuthority
from pathways.rules import act_of_place
from tests.world import NOW, TODAY, a_patient, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(england, code="09"):
    """Somebody at Ashdown for two months, detained for a year."""
    patient, by = a_patient(england), actor_of(england.maya, at=NOW)
    legal.record_legal_status(patient, code=code, since=TODAY - 365 * DAY, by=by)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW - 60 * DAY, by=by)
    return patient


def say(england, patient, *, at=NOW - DAY, **where):
    return placements.record_place(patient, at=at, by=actor_of(england.maya, at=NOW), **where)


def marked(patient):
    return set(MissingAuthority.objects.open().filter(patient=patient).values_list("act", flat=True))


@pytest.mark.parametrize(
    ("code", "where", "acts"),
    [
        ("09", {"service": "brook"}, {"transfer"}),
        ("09", {"elsewhere": Elsewhere.ABROAD}, {"transfer"}),
        ("09", {"elsewhere": Elsewhere.RELEASED}, {"discharge"}),
        ("15", {"service": "prison"}, {"remission"}),
        ("15", {"service": "brook"}, {"transfer"}),
        # Nothing is needed, or they have not moved on.
        ("03", {"service": "brook"}, set()),
        ("03", {"elsewhere": Elsewhere.RELEASED}, set()),
        ("09", {"elsewhere": Elsewhere.GENERAL_HOSPITAL}, set()),
        ("09", {"elsewhere": Elsewhere.AT_LARGE}, set()),
    ],
)
def test_a_move_that_is_simply_said_is_marked(england, code, where, acts):
    patient = held(england, code)
    where = {name: getattr(england, value, value) for name, value in where.items()}
    placement = say(england, patient, **where)
    assert marked(patient) == acts
    for missing in MissingAuthority.objects.filter(patient=patient):
        assert (missing.about_kind, missing.about_id) == ("placement", placement.pk)
        assert missing.service == england.ashdown


def test_with_its_authority_on_record_nothing_is_marked(england):
    patient, by = held(england), actor_of(england.maya, at=NOW)
    authorities.record_authority(
        patient, kind="ministry_specific", scope=[Act.TRANSFER], since=TODAY - 9 * DAY, by=by
    )
    say(england, patient, service=england.brook)
    assert not marked(patient)


def test_from_a_general_hospital_it_is_a_move_from_the_hospital_before(england):
    patient = held(england)
    say(england, patient, at=NOW - 3 * DAY, elsewhere=Elsewhere.GENERAL_HOSPITAL)
    say(england, patient, at=NOW - 2 * DAY, service=england.ashdown, ward=england.ward)
    assert not marked(patient)
    say(england, patient, at=NOW - DAY, elsewhere=Elsewhere.AT_LARGE)
    say(england, patient, at=NOW, service=england.brook)
    assert marked(patient) == {"transfer"}


def test_what_is_put_right_or_taken_back_is_marked_as_it_is_known_now(england):
    patient, by = held(england), actor_of(england.maya, at=NOW)
    wrong = say(england, patient, service=england.brook)
    right = placements.correct_placement(wrong, elsewhere=Elsewhere.RELEASED, why="He went home.", by=by)
    assert marked(patient) == {"discharge"}
    placements.remove_placement(right, why="He never left.", by=by)
    assert not marked(patient)


@pytest.mark.parametrize("place_first", [True, False])
def test_a_conditional_discharge_is_one_task(england, place_first):
    patient, by = held(england), actor_of(england.maya, at=NOW)
    acts = [
        lambda: say(england, patient, elsewhere=Elsewhere.RELEASED, at=NOW),
        lambda: legal.record_legal_status(
            patient, code="98", form="conditional_discharge", since=TODAY, by=by
        ),
    ]
    for act in acts if place_first else acts[::-1]:
        act()
    assert marked(patient) == {"conditional_discharge"}


@pytest.mark.parametrize(("before", "after", "acts"), [("09", "01", {"discharge"}), ("10", "01", set())])
def test_that_nothing_holds_somebody_any_more_is_a_discharge(england, before, after, acts):
    patient, by = held(england, before), actor_of(england.maya, at=NOW)
    legal.record_legal_status(patient, code=after, since=TODAY, by=by)
    assert marked(patient) == acts
    say(england, patient, elsewhere=Elsewhere.RELEASED, at=NOW)
    assert marked(patient) == acts


def test_back_in_prison_they_are_held_by_the_prison(england):
    patient, by = held(england, "15"), actor_of(england.maya, at=NOW)
    say(england, patient, service=england.prison)
    legal.record_legal_status(patient, code="98", since=TODAY, by=by)
    assert marked(patient) == {"remission"}


def test_a_move_within_one_hospital_or_from_outside_is_nothing(england):
    assert act_of_place(None, england.brook, "") is None
    assert act_of_place(england.ashdown, england.ashdown, "") is None
