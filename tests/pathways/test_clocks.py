"""Clocks start, stop and are put right; the sweep raises every flag once."""

from datetime import date, timedelta

import pytest
from django.db import connection

from core.refusals import Refused
from organisations.actor import Actor
from pathways import line, tasks
from pathways.actions import clocks
from pathways.days import noon
from pathways.models import Clock, ClockPolicy, Event, Flag
from pathways.policies import FIRST_ASSESSED, RECEIVED, REQUESTED, WARRANT_GIVEN
from pathways.sweep import DUE
from tests.world import a_patient, actor_of

FIRST = date(2026, 3, 1)
ABOUT = ("referral", 1)


def on_day(day: int) -> date:
    return FIRST + timedelta(days=day)


def sweep(day: int, **kwargs) -> int:
    return clocks.raise_flags(by=Actor.system("sweep", at=noon(on_day(day))), **kwargs)


def by_lena(england, day: int = 0):
    return actor_of(england.lena, at=noon(on_day(day)))


def start(england, patient=None, *, event=REQUESTED, about=ABOUT, on=FIRST, day=0):
    patient = patient or a_patient(england)
    return clocks.start_clocks(patient, event=event, about=about, on=on, by=by_lena(england, day))


def bradley() -> Clock:
    return Clock.objects.get(policy__code="bradley-14")


def flagged(code: str = "bradley-14") -> list[tuple[int, str, date]]:
    flags = Flag.objects.current().filter(clock__policy__code=code).order_by("day")
    return list(flags.values_list("day", "level", "became_on"))


def test_a_request_starts_every_limit_that_begins_with_it(england):
    codes = {clock.policy.code: (clock.due_on, clock.next_flag_on) for clock in start(england)}
    assert codes == {
        "bradley-14": (on_day(14), on_day(10)),
        "nhse-assess-14": (on_day(14), on_day(10)),
        "mha-28": (on_day(27), None),
    }


def test_starting_again_leaves_running_clocks_alone(england):
    patient = a_patient(england)
    start(england, patient)
    assert start(england, patient, on=on_day(3)) == []
    assert bradley().started_on == FIRST


def test_all_policies_side_by_side_and_the_silent_one_shown(england):
    patient = a_patient(england)
    start(england, patient)
    start(england, patient, event=FIRST_ASSESSED, on=on_day(5))
    start(england, patient, event=WARRANT_GIVEN, on=on_day(8))
    assert Clock.objects.running().count() == 5
    sweep(40)
    assert flagged("mha-28") == []
    assert Clock.objects.running().get(policy__code="mha-28").days_left(on=on_day(40)) == -13
    assert [day for day, _, _ in flagged("nhse-transfer-14")] == [10, 15]
    assert [became for _, _, became in flagged("warrant-14")] == [on_day(17), on_day(20), on_day(22)]


@pytest.mark.parametrize(
    ("day", "levels"),
    [
        (9, []),
        (10, ["approaching"]),
        (11, ["approaching"]),
        (12, ["approaching", "imminent"]),
        (14, ["approaching", "imminent"]),
        (15, ["approaching", "imminent", "breached"]),
        (21, ["approaching", "imminent", "breached", "escalated"]),
    ],
)
def test_what_is_flagged_by_a_day(england, day, levels):
    start(england)
    sweep(day)
    assert [level for _, level, _ in flagged()] == levels


def test_three_sweeps_say_the_same_thing(england):
    start(england)
    assert [sweep(15), sweep(15), sweep(15)] == [5, 0, 0]
    assert Flag.objects.count() == 5


def test_a_flag_that_is_there_already_is_not_raised_again(england):
    start(england)
    sweep(12)
    Clock.objects.update(next_flag_on=on_day(10))
    assert sweep(12) == 0
    assert [day for day, _, _ in flagged()] == [10, 12]


def test_a_silent_policy_stays_silent_even_if_its_clocks_come_up(england):
    start(england)
    Clock.objects.filter(policy__code="mha-28").update(next_flag_on=on_day(20))
    sweep(40)
    assert flagged("mha-28") == []
    assert Clock.objects.get(policy__code="mha-28").next_flag_on is None


def test_a_late_sweep_raises_everything_owed_on_the_day_it_became_true(england):
    start(england)
    sweep(60)
    assert flagged() == [
        (day, level, on_day(day))
        for day, level in [
            (10, "approaching"),
            (12, "imminent"),
            (15, "breached"),
            (21, "escalated"),
            (28, "escalated"),
            (42, "escalated"),
            (56, "escalated"),
        ]
    ]
    assert bradley().next_flag_on == on_day(70)
    assert set(Flag.objects.values_list("raised_at", flat=True)) == {noon(on_day(60))}


def test_daily_sweeps_and_one_late_sweep_raise_the_same(england):
    start(england)
    for day in range(61):
        sweep(day)
    daily = flagged()
    Flag.objects.all()._raw_delete("default")
    Clock.objects.filter(policy__is_on=True).update(next_flag_on=FIRST)
    sweep(60)
    assert flagged() == daily


def test_a_request_entered_late_is_flagged_for_every_day_gone_by(england):
    start(england, day=16)
    sweep(16)
    assert [day for day, _, _ in flagged()] == [10, 12, 15]


def test_a_limit_with_no_rule_left_is_not_looked_at_again(england):
    start(england)
    sweep(15)
    assert Clock.objects.get(policy__code="nhse-assess-14").next_flag_on is None


def test_a_flag_is_recorded_on_the_line_with_the_day_it_became_true(england):
    start(england)
    sweep(13)
    event = Event.objects.filter(kind="clock.flagged", details__policy="bradley-14").first()
    assert event.occurred_at == noon(on_day(10))
    assert event.recorded_at == noon(on_day(13))
    assert (event.about_kind, event.about_id) == ABOUT
    assert event.details["level"] == "approaching"


def test_listeners_hear_of_flags_once_in_the_same_transaction(england, monkeypatch):
    heard = []
    monkeypatch.setitem(line.LISTENERS, "clock.flagged", [heard.extend])
    start(england)
    for _ in range(3):
        sweep(12)
    assert sorted((e.details["policy"], e.details["day"]) for e in heard) == [
        ("bradley-14", 10),
        ("bradley-14", 12),
        ("nhse-assess-14", 10),
    ]


def test_one_bad_clock_neither_stops_the_rest_nor_stays_silent(england, monkeypatch):
    bad = a_patient(england)
    start(england, bad)
    for number in range(2, 8):
        start(england, about=("referral", number))

    def refuse_one(events):
        if any(event.patient_id == bad.pk for event in events):
            raise ValueError("bad row")

    monkeypatch.setitem(line.LISTENERS, "clock.flagged", [refuse_one])
    with pytest.raises(ValueError, match="bad row"):
        sweep(10)
    assert Flag.objects.filter(clock__patient=bad).count() == 0
    assert Flag.objects.count() == 12
    monkeypatch.setitem(line.LISTENERS, "clock.flagged", [])
    assert sweep(10) == 2


def test_a_policy_switched_off_raises_nothing_more_and_switched_on_raises_what_is_owed(england):
    start(england)
    policy = ClockPolicy.objects.get(code="bradley-14")
    by = actor_of(england.adam, at=noon(on_day(11)))
    sweep(11)
    clocks.change_policy(policy, version=0, is_on=False, by=by)
    sweep(20)
    assert [day for day, _, _ in flagged()] == [10]
    later = actor_of(england.adam, at=noon(on_day(20)))
    clocks.change_policy(policy, version=1, is_on=True, by=later)
    sweep(20)
    assert [day for day, _, _ in flagged()] == [10, 12, 15]
    with pytest.raises(Refused, match="Somebody changed this"):
        clocks.change_policy(policy, version=1, is_on=True, by=later)


@pytest.mark.parametrize(("day", "ended_as"), [(14, "met"), (15, "lapsed")])
def test_reception_stops_a_clock_as_met_up_to_its_last_day(england, day, ended_as):
    start(england)
    clocks.stop_clocks(about=ABOUT, event=RECEIVED, on=on_day(day), by=by_lena(england, day))
    clock = bradley()
    assert (clock.ended_on, clock.ended_as, clock.next_flag_on) == (on_day(day), ended_as, None)
    assert Clock.objects.running().get().policy.code == "nhse-assess-14"


def test_flags_raised_after_the_day_of_a_stop_recorded_late_no_longer_count(england):
    start(england)
    sweep(12)
    clocks.stop_clocks(about=ABOUT, event=RECEIVED, on=on_day(11), by=by_lena(england, 12))
    assert [day for day, _, _ in flagged()] == [10]
    assert Flag.objects.filter(clock=bradley()).count() == 2


def test_clocks_end_as_void_all_or_those_of_one_policy(england):
    start(england)
    by = by_lena(england, 3)
    assert clocks.end_clocks(about=ABOUT, on=on_day(3), only="mha-28", by=by) == 1
    assert clocks.end_clocks(about=ABOUT, on=on_day(3), by=by) == 2
    assert set(Clock.objects.values_list("ended_as", flat=True)) == {"void"}
    assert sweep(60) == 0


def test_a_first_date_put_later_supersedes_flags_that_were_never_true(england):
    start(england)
    sweep(15)
    clocks.restart_clocks(about=ABOUT, event=REQUESTED, on=on_day(4), by=by_lena(england, 15))
    clock = bradley()
    assert (clock.started_on, clock.due_on, clock.next_flag_on) == (on_day(4), on_day(18), on_day(16))
    assert flagged() == [(10, "approaching", on_day(14))]
    assert Flag.objects.filter(clock=clock).exclude(superseded_at=None).count() == 2
    sweep(19)
    assert flagged() == [
        (10, "approaching", on_day(14)),
        (12, "imminent", on_day(16)),
        (15, "breached", on_day(19)),
    ]


def test_a_first_date_put_earlier_owes_the_flags_of_the_days_gone_by(england):
    start(england)
    sweep(11)
    clocks.restart_clocks(about=ABOUT, event=REQUESTED, on=on_day(-5), by=by_lena(england, 11))
    sweep(11)
    assert flagged() == [
        (10, "approaching", on_day(5)),
        (12, "imminent", on_day(7)),
        (15, "breached", on_day(10)),
    ]


def test_a_first_date_put_right_judges_an_ended_clock_again_and_leaves_a_void_one(england):
    start(england)
    clocks.end_clocks(about=ABOUT, on=on_day(14), only="nhse-assess-14", by=by_lena(england, 14))
    clocks.stop_clocks(about=ABOUT, event=RECEIVED, on=on_day(14), by=by_lena(england, 14))
    clocks.restart_clocks(about=ABOUT, event=REQUESTED, on=on_day(-1), by=by_lena(england, 14))
    assert bradley().ended_as == "lapsed"
    assert Clock.objects.get(policy__code="nhse-assess-14").started_on == FIRST


def test_a_stop_that_did_not_happen_lets_the_clock_run_on(england):
    start(england)
    clocks.stop_clocks(about=ABOUT, event=RECEIVED, on=on_day(9), by=by_lena(england, 9))
    clocks.change_stop(about=ABOUT, event=RECEIVED, on=None, by=by_lena(england, 12))
    assert (bradley().ended_as, bradley().next_flag_on) == ("", on_day(10))
    sweep(12)
    assert [day for day, _, _ in flagged()] == [10, 12]


def test_a_flag_is_acknowledged_once(england):
    start(england)
    sweep(21)
    flag = Flag.objects.to_acknowledge().get()
    carl = actor_of(england.carl, at=noon(on_day(21)))
    clocks.acknowledge_flag(flag, by=carl)
    assert flag.acknowledged_by == england.carl
    assert not Flag.objects.to_acknowledge().exists()
    with pytest.raises(Refused, match="already"):
        clocks.acknowledge_flag(flag, by=carl)


def test_a_superseded_flag_is_not_acknowledged(england):
    start(england)
    sweep(21)
    clocks.restart_clocks(about=ABOUT, event=REQUESTED, on=on_day(10), by=by_lena(england, 21))
    flag = Flag.objects.get(day=21)
    with pytest.raises(Refused, match="untrue"):
        clocks.acknowledge_flag(flag, by=actor_of(england.carl, at=noon(on_day(21))))


def test_a_list_sees_the_gravest_flag_that_still_counts_and_whether_an_answer_is_owed(england):
    start(england)
    sweep(21)

    def summed():
        return Clock.objects.headline().with_flags_summed().values_list("gravest", "owes_answer").get()

    assert summed() == ("escalated", True)
    clocks.restart_clocks(about=ABOUT, event=REQUESTED, on=on_day(10), by=by_lena(england, 21))
    assert summed() == ("approaching", False)


def test_two_schedulers_in_one_quarter_of_an_hour_sweep_once(england, time_machine, monkeypatch):
    start(england)
    swept = []
    monkeypatch.setattr(clocks, "raise_flags", lambda by: swept.append(by.at))
    for minute in (0, 5, 15):
        time_machine.move_to(noon(on_day(11)) + timedelta(minutes=minute), tick=False)
        tasks.sweep_clocks()
    assert len(swept) == 2


def test_a_sweep_with_nothing_due_reads_at_most_ten_buffers(england):
    """The plan stands on the partial index, so its cost is that of the rows due and not of the rows open."""
    patient = a_patient(england)
    policy = ClockPolicy.objects.get(code="bradley-14")
    Clock.objects.bulk_create(
        Clock(
            patient=patient,
            policy=policy,
            about_kind="referral",
            about_id=number,
            started_on=FIRST,
            due_on=on_day(14),
            next_flag_on=on_day(10) if number % 2 else None,
        )
        for number in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pathways_clock")
        cursor.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {DUE}",
            {"today": FIRST, "passed_over": [], "batch": 2000},
        )
        (plan,) = cursor.fetchone()
    top = plan[0]["Plan"]
    assert "clock_with_a_flag_to_raise" in str(plan)
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] <= 10
