"""The made-up England is plausible, lawful, and the same for the same numbers."""

import itertools
from datetime import date
from random import Random

import pytest

from pathways import nhs_number
from synthetic import england, lives, people, transfers

TODAY = date(2026, 11, 22)


def made(patients: int = 400, seed: int = 1):
    random = Random(seed)
    services = england.services(patients // 2, random)
    world = lives.World(services, TODAY, 6, random)
    return services, world.live(people.people(patients, len(england.REGIONS), TODAY, random)), random


@pytest.fixture(scope="module")
def world():
    return made()


def test_the_same_numbers_make_the_same_people(world):
    again = made()
    assert [life.person for life in world[1]] == [life.person for life in again[1]]
    assert [life.stays for life in world[1]] == [life.stays for life in again[1]]


def test_every_nhs_number_is_valid_and_of_the_range_that_is_never_issued(world):
    numbers = [life.person.nhs_number for life in world[1] if life.person.nhs_number]
    for number in numbers:
        nhs_number.check(number)
        assert 9990000000 <= int(number) <= 9999999999
    assert len(set(numbers)) == len(numbers)


def test_no_bed_ever_holds_two_people(world):
    uses = {}
    for life in world[1]:
        for stay in life.stays:
            if stay.bed:
                uses.setdefault((stay.service, *stay.bed), []).append((stay.since, stay.until or date.max))
    assert uses
    for spells in uses.values():
        spells.sort()
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spells))


def test_every_line_of_stays_has_no_gap(world):
    for life in world[1]:
        for before, after in zip(life.stays, life.stays[1:], strict=False):
            assert before.until == after.since
        assert life.stays[-1].until is None


def test_transfers_stand_at_most_steps_and_ends():
    services, everybody, random = made(1500)
    details = [
        transfers.detail(life, request, services, TODAY, random)
        for life in everybody
        for request in life.requests
    ]
    steps = ["report_requested", *transfers.WHEN, "received"]
    next_steps = {next(k for k in steps if k not in one.steps) for one in details if not one.request.end}
    assert next_steps >= set(steps) - {"report_requested"}
    assert {one.request.end for one in details} >= {"admitted", *lives.OTHER_ENDS}


def test_steps_of_a_transfer_are_in_order_and_not_in_the_future(world):
    services, everybody, random = world
    for life in everybody:
        for request in life.requests:
            one = transfers.detail(life, request, services, TODAY, random)
            assert all(request.requested_on <= on <= TODAY for on in one.steps.values())
            if one.limb in ("a", "b"):
                assert one.restricted
