"""Beds are found for a referral of any kind: for somebody in a ward already, by the law they are held under."""

from datetime import timedelta

import pytest

from organisations.actions import add_criterion
from organisations.rules import SECTIONS
from pathways.actions import legal, placements, ward_beds
from referrals.matching import SECTION_OF, matches_for, wanted_for
from referrals.models import Referral
from tests.world import NOW, TODAY, a_patient, actor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def stepping_down(england):
    """Somebody in bed 1 of Ashdown, under section 37, for whom a step down is asked."""
    by = actor_of(england.maya)
    patient = a_patient(england)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW - 30 * DAY, by=by)
    ward_beds.take_bed(england.bed, patient=patient, at=NOW - 30 * DAY, expected_end_at=None, by=by)
    legal.record_legal_status(patient, code="10", since=TODAY - 30 * DAY, by=by)
    return Referral.objects.create(
        reference="AAA-0001",
        kind="step_down",
        patient=patient,
        from_service=england.ashdown,
        urgency=3,
        urgency_why="Ready.",
        report_first_requested_on=TODAY,
        waiting_since=TODAY,
        requested_at=NOW,
    )


def test_the_bed_somebody_is_in_is_no_offer(england, stepping_down):
    actor = actor_of(england.maya)
    need = wanted_for(stepping_down, actor).need
    found = {one.ward_name: one for one in matches_for(stepping_down, need, actor)}
    assert [bed.name for bed in found["Alder"].beds] == ["2"]
    assert [bed.name for bed in found["Birch"].beds] == ["1"]


def test_criteria_are_held_against_the_law_somebody_is_under(england, stepping_down):
    actor, adam = actor_of(england.maya), actor_of(england.adam)
    add_criterion(england.brook, kind="legal_basis", takes=True, words="Section 37", covers=["37"], by=adam)
    need = wanted_for(stepping_down, actor).need
    assert need.sections == ("37",)
    found = {one.ward_name: one for one in matches_for(stepping_down, need, actor)}
    assert found["Birch"].findings["published"].words == "Met"


@pytest.mark.parametrize(
    ("code", "limb", "sections"), [("17", "a", ("48(a)",)), ("01", "", ()), ("16", "", ("47",))]
)
def test_which_section_is_known(england, stepping_down, code, limb, sections):
    by = actor_of(england.maya)
    legal.record_legal_status(stepping_down.patient, code=code, limb=limb, since=TODAY, by=by)
    assert wanted_for(stepping_down, by).need.sections == sections


def test_every_section_that_a_status_has_is_one_that_a_criterion_can_name():
    assert set(SECTION_OF.values()) - {"48"} <= set(SECTIONS)
