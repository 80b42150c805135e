"""Which way a move goes and whether it crosses between sectors: every pair, written out."""

from itertools import product

import pytest

from organisations.rules import Tier
from pathways.actions import placements
from pathways.rules import Direction, SectorChange, direction_of, sector_change_of, sector_of
from tests.world import NOW, a_patient, a_service, actor_of

D = Direction
UP, DOWN, SAME = D.UP, D.DOWN, D.SIDEWAYS
GEN, OUT, REMIT = D.TO_GENERAL, D.TO_COMMUNITY, D.REMISSION

# From the tier at the left to those of the heading.
TO = ("high", "medium", "low", "step_down", "general", "community", "prison", "")
DIRECTIONS = {
    "high": (SAME, DOWN, DOWN, DOWN, GEN, OUT, REMIT, ""),
    "medium": (UP, SAME, DOWN, DOWN, GEN, OUT, REMIT, ""),
    "low": (UP, UP, SAME, DOWN, GEN, OUT, REMIT, ""),
    "step_down": (UP, UP, UP, SAME, GEN, OUT, REMIT, ""),
    "general": (*(D.FROM_GENERAL,) * 4, SAME, OUT, REMIT, ""),
    "community": (*(D.FROM_COMMUNITY,) * 5, SAME, D.TO_PRISON, ""),
    "prison": (*(D.FROM_PRISON,) * 5, OUT, D.BETWEEN_PRISONS, ""),
    "": ("",) * 8,
}
S = SectorChange
NO = S.NOT_BETWEEN
SECTORS = ("nhs", "independent", "")
SECTOR_CHANGES = {
    "nhs": (S.WITHIN_NHS, S.TO_INDEPENDENT, NO),
    "independent": (S.TO_NHS, S.WITHIN_INDEPENDENT, NO),
    "": (NO, NO, NO),
}


def test_the_tables_are_complete():
    assert set(TO) == set(DIRECTIONS) == {*Tier.values, ""}
    assert set(SECTORS) == set(SECTOR_CHANGES)
    assert {way for row in DIRECTIONS.values() for way in row} == {*Direction.values, ""}
    assert {change for row in SECTOR_CHANGES.values() for change in row} == set(SectorChange)


@pytest.mark.parametrize(("before", "after"), [*product(DIRECTIONS, TO)])
def test_every_pair_of_tiers_has_its_direction(before, after):
    assert direction_of(before, after) == DIRECTIONS[before][TO.index(after)]


@pytest.mark.parametrize(("before", "after"), [*product(SECTOR_CHANGES, SECTORS)])
def test_every_pair_of_sectors_has_its_change(before, after):
    assert sector_change_of(before, after) == SECTOR_CHANGES[before][SECTORS.index(after)]


def test_only_who_gives_care_has_a_sector(england):
    court = a_service(
        "Shires Crown Court", kind="court", provider=england.prison.provider, commissioner=england.north
    )
    services = (england.ashdown, england.brook, england.prison, court, None)
    assert [sector_of(service) for service in services] == ["nhs", "independent", "", "", ""]


def test_a_move_carries_both_as_codes(england):
    patient = a_patient(england)
    by = actor_of(england.maya)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=NOW, by=by)
    later = actor_of(england.maya, at=NOW.replace(hour=12))
    placements.place(
        patient, service=england.brook, ward=england.brook_ward, at=NOW.replace(hour=11), by=later
    )
    placed = patient.events.filter(kind="pathways.placed").order_by("pk")
    assert [(event.details["direction"], event.details["sector_change"]) for event in placed] == [
        ("", "not_between"),
        ("from_prison", "not_between"),
        ("down", "to_independent"),
    ]
