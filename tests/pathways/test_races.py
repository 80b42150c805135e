"""Several at once, committed for real: one bed, one clock, one person."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from core.refusals import Refused
from organisations.actor import Actor
from pathways.actions import beds, clocks, legal, movements, placements, ready
from pathways.actions.movements import Outing
from pathways.days import noon
from pathways.models import BedUse, Clock, Event, Flag, Leave, LegalStatus, Placement
from pathways.policies import REQUESTED
from tests.pathways.waiting import waits
from tests.world import NOW, TODAY, a_patient, actor_of, make_england

pytestmark = pytest.mark.race


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Run every act in a thread of its own from one starting gun; “ok” or the reason why not, for each."""
    gun, results = threading.Barrier(len(acts)), []

    def run(act):
        gun.wait()
        try:
            act()
            results.append("ok")
        except Refused as refused:
            results.append(refused.sentence)
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_of_twenty_takers_of_one_bed_one_wins_and_nobody_deadlocks(committed_db):
    england = make_england()
    by = actor_of(england.maya)
    people = [a_patient(england, at_service=england.ashdown) for _ in range(20)]

    def taker(number, patient):
        if number % 2:
            return lambda: beds.occupy_bed(england.bed, patient=patient, at=NOW, by=by)
        until = NOW + timedelta(days=14)
        return lambda: beds.hold_bed(england.bed, patient=patient, since=NOW, until=until, about=None, by=by)

    results = at_once([taker(number, patient) for number, patient in enumerate(people)])
    assert results.count("ok") == 1
    assert {result for result in results if result != "ok"} <= {
        "That bed has just gone. Choose another bed or other dates.",
        "That bed is taken for part of this time. Choose another bed or other dates.",
    }
    assert BedUse.objects.count() == 1


def test_two_workers_and_two_sweeps_of_each_raise_every_flag_once(committed_db):
    england = make_england()
    for number in range(1, 41):
        clocks.start_clocks(
            a_patient(england),
            event=REQUESTED,
            about=("referral", number),
            on=date(2026, 2, 1),
            by=actor_of(england.lena),
        )

    def worker():
        for _ in range(2):
            clocks.raise_flags(by=Actor.system("sweep", at=noon(date(2026, 2, 16))), batch=7)

    assert at_once([worker, worker]) == ["ok", "ok"]
    worker()
    assert Flag.objects.count() == 40 * 5
    assert Event.objects.filter(kind="clock.flagged").count() == 40 * 5
    assert not Clock.objects.due_for_flag(on=date(2026, 2, 16)).exists()


def test_two_moves_of_one_person_at_once_see_each_other(committed_db):
    england = make_england()
    by = actor_of(england.maya)

    def move(patient, service, hours):
        return lambda: placements.place(patient, service=service, at=NOW - timedelta(hours=hours), by=by)

    for _ in range(8):
        patient = a_patient(england)
        results = at_once([move(patient, england.ashdown, 2), move(patient, england.brook, 1)])
        # The second either follows the first or is told of it, and never meets the constraint beneath.
        assert all(
            one == "ok" or one.startswith("On 2 March 2026, 08:00 they are recorded") for one in results
        )
        assert "ok" in results
        assert Placement.objects.open().filter(patient=patient).count() == 1


def test_of_two_who_record_one_renewal_at_once_one_is_told_of_the_other(committed_db):
    england = make_england()
    by, patient = actor_of(england.maya), a_patient(england, at_service=england.ashdown)
    known = legal.record_legal_status(patient, code="03", since=date(2025, 9, 10), by=by)

    def renew():
        legal.renew_detention(LegalStatus.objects.get(pk=known.pk), renewals=0, by=by)

    results = at_once([renew, renew])
    assert results.count("ok") == 1
    assert LegalStatus.objects.get(pk=known.pk).renewals == 1


def test_somebody_is_ready_once_and_a_move_at_the_same_moment_ends_it(committed_db):
    england = make_england()
    patient = a_patient(england, at_service=england.ashdown)
    by, since = actor_of(england.maya), TODAY - timedelta(days=5)
    results = at_once([lambda: ready.record_ready(patient, since=since, **waits(), by=by) for _ in range(4)])
    assert results.count("ok") == 1
    assert set(results) == {"ok", "The person is already recorded as ready for part of this time."}
    for _ in range(4):
        person = a_patient(england, at_service=england.ashdown)
        assert at_once(
            [
                lambda person=person: ready.record_ready(person, since=since, **waits(), by=by),
                lambda person=person: placements.place(person, service=england.brook, at=NOW, by=by),
            ]
        ) == ["ok", "ok"]
        assert person.ready_periods.current().get().ended_as == "moved"


def test_one_court_day_that_two_record_at_once_is_one_and_its_return_too(committed_db):
    england = make_england()
    patient = a_patient(england)
    said = Outing("court", "Wexley Crown Court", "Plea hearing", NOW - timedelta(hours=2))
    by = [actor_of(england.lena), actor_of(england.ines)]
    results = at_once([lambda who=who: movements.record_movement(patient, said, by=who) for who in by])
    assert sorted(results) == [
        "Another movement is recorded for part of this time. Record its return first.",
        "ok",
    ]
    row = Leave.objects.get()
    results = at_once([lambda who=who: movements.return_movement(row, at=NOW, by=who) for who in by])
    assert sorted(results) == ["This movement is over. Look at it again.", "ok"]
