"""Twenty at once for one bed, with periods that overlap in the past, now and in time to come; and over HTTP."""

import json
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections

from pathways.actions import apart, beds, placements, ward_beds
from pathways.models import BedUse
from tests.pathways.test_races import at_once
from tests.referrals.asking import boxes
from tests.referrals.sending import hidden
from tests.referrals.test_bed_over_http import TAKERS, posted, server
from tests.world import NOW, TODAY, a_patient, actor_of, client_of, make_england

__all__ = ["server"]

pytestmark = [pytest.mark.race, pytest.mark.timeout(300)]
DAY = timedelta(days=1)
NO = {
    "That bed has just gone. Choose another bed or other dates.",
    "That bed is taken for part of this time. Choose another bed or other dates.",
}


def inpatients(england, count=TAKERS):
    by = actor_of(england.maya)
    people = [a_patient(england) for _ in range(count)]
    for person in people:
        placements.place(person, service=england.ashdown, ward=england.ward, at=NOW - 60 * DAY, by=by)
    return people


def one_wins(results):
    assert results.count("ok") == 1, results
    assert {result for result in results if result != "ok"} <= NO
    assert len(results) == TAKERS


def test_twenty_who_were_all_in_one_bed_last_week(committed_db):
    england = make_england()
    by = actor_of(england.maya)

    def taker(number, patient):
        at = NOW - (20 - number) * DAY
        return lambda: ward_beds.take_bed(england.bed, patient=patient, at=at, by=by)

    one_wins(at_once([taker(*pair) for pair in enumerate(inpatients(england))]))
    assert BedUse.objects.count() == 1


def test_twenty_who_are_promised_overlapping_days_to_come(committed_db):
    england = make_england()
    by = actor_of(england.maya)

    def taker(number, patient):
        since = NOW + number * DAY / 4
        return lambda: ward_beds.hold_own_bed(
            england.bed, patient=patient, since=since, until=NOW + 30 * DAY, by=by
        )

    one_wins(at_once([taker(*pair) for pair in enumerate(inpatients(england))]))


def test_twenty_for_the_bed_after_the_expected_departure(committed_db):
    england = make_england()
    by = actor_of(england.maya)
    first, *people = inpatients(england, TAKERS + 1)
    use = ward_beds.take_bed(england.bed, patient=first, at=NOW - DAY, expected_end_at=NOW + 5 * DAY, by=by)

    def taker(number, patient):
        if number == 0:
            return lambda: ward_beds.expect_departure(use, until=NOW + 9 * DAY, version=0, by=by)
        return lambda: ward_beds.hold_own_bed(
            england.bed, patient=patient, since=NOW + 5 * DAY, until=NOW + 9 * DAY, by=by
        )

    results = at_once([taker(*pair) for pair in enumerate(people)])
    assert results.count("ok") == 1, results
    assert set(results) <= {
        "ok",
        *NO,
        "The bed is held for somebody or closed before that. Change that first.",
    }


def test_a_closure_and_nineteen_takers(committed_db):
    england = make_england()
    by = actor_of(england.maya)
    people = inpatients(england)

    def taker(number, patient):
        if number == 0:
            return lambda: ward_beds.close_own_bed(england.bed, since=NOW, until=None, why="Paint.", by=by)
        return lambda: ward_beds.take_bed(england.bed, patient=patient, at=NOW, by=by)

    results = at_once([taker(*pair) for pair in enumerate(people)])
    assert results.count("ok") == 1
    closed = "That bed is closed for part of this time. Choose another bed or other dates."
    assert {result for result in results if result != "ok"} <= {*NO, closed}


def test_two_kept_apart_never_come_onto_one_ward_at_once(committed_db):
    england = make_england()
    by = actor_of(england.maya)
    for number in range(6):
        one, two = inpatients(england, 2)
        placements.place(one, service=england.ashdown, at=NOW - 9 * DAY, by=by)
        placements.place(two, service=england.ashdown, at=NOW - 9 * DAY, by=by)
        apart.keep_apart(one, two, since=TODAY, reason="An assault.", by=by)
        rooms = [england.ward.beds.create(name=f"{number}{side}") for side in "ab"]
        results = at_once(
            [
                lambda bed=bed, person=person: beds.hold_bed(
                    bed, patient=person, since=NOW, until=NOW + DAY, about=None, by=by
                )
                for bed, person in zip(rooms, (one, two), strict=True)
            ]
        )
        assert sorted(results) == ["Conflict on this ward: ask its security lead.", "ok"]


def test_people_who_swap_and_move_in_a_ring_do_not_deadlock(committed_db):
    england = make_england()
    by = actor_of(england.maya)
    rooms = [england.bed, england.second_bed, *(england.ward.beds.create(name=n) for n in "345678")]
    uses = [
        ward_beds.take_bed(bed, patient=person, at=NOW - DAY, by=by)
        for bed, person in zip(rooms, inpatients(england, len(rooms)), strict=True)
    ]
    pairs = [(uses[n], uses[(n + 1) % len(uses)]) for n in range(len(uses))]
    results = at_once([lambda pair=pair: ward_beds.swap_beds(*pair, at=NOW, by=by) for pair in pairs])
    assert set(results) <= {"ok", "Only two beds with somebody in them can be swapped. Look at them again."}
    assert "ok" in results
    slept = BedUse.objects.current().filter(purpose="occupied", during__upper_inf=True)
    assert {use.bed_id for use in slept} == {bed.pk for bed in rooms}
    assert len({use.patient_id for use in slept}) == len(rooms)


def shots(server, requests):
    """Send every prepared request from one starting gun; the statuses."""
    gun, answers = threading.Barrier(len(requests)), []

    def fire(path, client, fields):
        gun.wait()
        answers.append(posted(server, path, client, fields))

    threads = [threading.Thread(target=fire, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.parametrize("act", ["hold", "take"])
def test_of_twenty_browsers_that_want_one_bed_one_gets_it(server, act):
    england = make_england()
    requests = []
    for patient in inpatients(england):
        client, path = client_of(england.maya), f"/beds/{england.bed.public_id}/{act}/"
        page = client.get(path)
        token = {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
        when = (
            {**boxes("since", TODAY + DAY), **boxes("last_day", TODAY + 4 * DAY)}
            if act == "hold"
            else boxes("on", TODAY - DAY)
        )
        requests.append((path, client, {**hidden(page), **token, **when, "patient": str(patient.public_id)}))
    assert shots(server, requests) == [302] + [409] * (TAKERS - 1)
    assert BedUse.objects.count() == 1


def test_the_machine_s_way_is_the_same(committed_db, time_machine):
    time_machine.move_to(NOW, tick=False)
    england = make_england()
    path, gun, answers = f"/api/beds/{england.bed.public_id}/hold/", threading.Barrier(TAKERS), []

    def fire(client, patient):
        body = {"patient": str(patient.public_id), "since": NOW.isoformat(), "until": (NOW + DAY).isoformat()}
        gun.wait()
        try:
            answers.append(client.post(path, json.dumps(body), content_type="application/json").status_code)
        finally:
            connections.close_all()

    people = inpatients(england)
    threads = [threading.Thread(target=fire, args=(client_of(england.maya), person)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * (TAKERS - 1)
