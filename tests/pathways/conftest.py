"""Somebody who has come from prison to medium and then to low security."""

import pytest

from pathways.actions import beds
from tests.pathways.moves_world import DAY, place
from tests.world import NOW, a_patient, actor_of


@pytest.fixture
def stepped_down(england):
    """In prison, at Ashdown from 20 days ago in a bed, at Brook House from 5 days ago; each known at once."""
    patient = a_patient(england, since=NOW - 100 * DAY)
    for days, service, ward, bed in (
        (-20, england.ashdown, england.ward, england.bed),
        (-5, england.brook, england.brook_ward, england.brook_bed),
    ):
        place(england, patient, days, known=days, service=service, ward=ward)
        at = NOW + days * DAY
        beds.occupy_bed(bed, patient=patient, at=at, by=actor_of(england.maya, at=at))
    return patient
