"""Being ready to move on: reasons, days as NHS England counts them, and which moves end it; worked examples."""

from datetime import date

import pytest

from core.refusals import Refused
from organisations.rules import Tier
from pathways.ready_codes import GROUPS, Confirmation, ReadyGroup, ReadyReason, reasons_in
from pathways.rules import ready as rules
from pathways.rules.ready import Departure, Stretch, Whereabouts

MAY = {"first_day": date(2026, 5, 1), "last_day": date(2026, 5, 31)}


def may(day):
    return date(2026, 5, day)


def test_every_code_of_the_national_list_is_there_with_one_group():
    assert sorted(ReadyReason.values) == [f"{n:02d}" for n in range(1, 38)] + ["98"]
    assert set(GROUPS) == set(ReadyReason.values)
    assert {group: len(reasons_in(group)) for group in ReadyGroup.values} == {
        "community": 22,
        "social_care": 5,
        "housing": 7,
        "hospital": 3,
        "not_known": 1,
    }
    assert [GROUPS[code] for code in ("05", "07", "08", "11", "18", "24", "32", "35", "37", "98")] == [
        "community",
        "social_care",
        "community",
        "hospital",
        "housing",
        "community",
        "housing",
        "hospital",
        "community",
        "not_known",
    ]


# Periods as (first day, day on which it ended or None) in May; the days of May that count.
WORKED = {
    "the day it began does not count, nor does the day it ended": ([(10, 15)], 4),
    "still open: to the last day of the period": ([(10, None)], 21),
    "decided on the last day of the period": ([(31, None)], 0),
    "one night": ([(10, 11)], 0),
    "another reason goes on from its own day": ([(10, 15), (15, 20)], 9),
    "begun again the day after counts from its own day": ([(10, 15), (16, 20)], 8),
    "begun again later counts from the day after": ([(10, 15), (18, 20)], 5),
    "ended on the day it began": ([(10, 10)], 0),
}


@pytest.mark.parametrize("name", WORKED)
def test_days_are_counted_as_nhs_england_counts_them(name):
    periods, days = WORKED[name]
    stretches = [Stretch(may(since), may(until) if until else None) for since, until in periods]
    assert rules.ready_days(stretches, **MAY) == days


def test_days_are_cut_at_the_period():
    before = Stretch(date(2026, 3, 1), None)
    assert rules.ready_days([before], **MAY) == 31
    assert rules.ready_days([Stretch(date(2026, 3, 1), may(4))], **MAY) == 3
    assert rules.ready_days([Stretch(may(10), date(2026, 6, 9))], **MAY) == 21
    assert rules.ready_days([Stretch(date(2026, 3, 1), date(2026, 4, 9))], **MAY) == 0
    assert rules.ready_days([], **MAY) == 0


ASHDOWN, BROOK, PRISON = 1, 2, 3
HERE = Whereabouts(may(1), ASHDOWN, True, Tier.MEDIUM)
# What comes after ten days at Ashdown, medium secure, and what it means.
MOVES = {
    "nothing": ([], None),
    "another ward of the same tier": ([Whereabouts(may(11), ASHDOWN, True, Tier.MEDIUM)], None),
    "a ward of a lower tier there": ([Whereabouts(may(11), ASHDOWN, True, Tier.LOW)], "moved"),
    "a ward of a higher tier there": ([Whereabouts(may(11), ASHDOWN, True, Tier.HIGH)], "higher"),
    "no ward said": ([Whereabouts(may(11), ASHDOWN, True, "")], None),
    "another service": ([Whereabouts(may(11), BROOK, True, Tier.LOW)], "moved"),
    "another service of the same tier": ([Whereabouts(may(11), BROOK, True, Tier.MEDIUM)], "moved"),
    "another service of a higher tier": ([Whereabouts(may(11), BROOK, True, Tier.HIGH)], "higher"),
    "prison": ([Whereabouts(may(11), PRISON, False, Tier.PRISON)], "moved"),
    "released": ([Whereabouts(may(11), 0, False, Tier.COMMUNITY, "released")], "moved"),
    "abroad": ([Whereabouts(may(11), 0, False, "", "abroad")], "moved"),
    "died": ([Whereabouts(may(11), 0, False, "", "died")], "died"),
    "a general hospital": ([Whereabouts(may(11), 0, False, "", "general_hospital")], None),
    "at large": ([Whereabouts(may(11), 0, False, "", "at_large")], None),
    "not known": ([Whereabouts(may(11), 0, False, "", "not_known")], None),
}


@pytest.mark.parametrize("name", MOVES)
def test_which_moves_end_it(name):
    after, ended_as = MOVES[name]
    found = rules.departure_after([HERE, *after], 0)
    assert found == (Departure(may(11), ended_as) if ended_as else None)


def test_somebody_back_from_a_general_hospital_has_not_moved_on():
    away = Whereabouts(may(11), 0, False, "", "general_hospital")
    back = Whereabouts(may(13), ASHDOWN, True, Tier.MEDIUM)
    on = Whereabouts(may(20), BROOK, True, Tier.LOW)
    assert rules.departure_after([HERE, away, back], 0) is None
    assert rules.departure_after([HERE, away, back, on], 0) == Departure(may(20), "moved")
    assert rules.departure_after([HERE, away, on], 0) == Departure(may(20), "moved")


def test_on_a_day_of_two_stays_it_is_the_first():
    stays = [
        HERE,
        Whereabouts(may(11), BROOK, True, Tier.LOW),
        Whereabouts(may(20), ASHDOWN, True, Tier.MEDIUM),
    ]
    assert [rules.stay_when_ready(stays, ASHDOWN, may(day)) for day in (1, 5, 11, 12, 20)] == [
        0,
        0,
        0,
        None,
        2,
    ]
    assert [rules.stay_when_ready(stays, BROOK, may(day)) for day in (5, 11, 20, 21)] == [None, 1, 1, None]
    assert rules.stay_when_ready([HERE], ASHDOWN, date(2026, 4, 30)) is None


BY_UNWELL, BY_REASON, BY_MOVE = "unwell", "reason", "moved"
RUNS = {
    "open, not moved": ([(3, None, "")], None, [(3, None, "")]),
    "open, moved": ([(3, None, "")], 11, [(3, 11, BY_MOVE)]),
    "a move before it began": ([(12, None, "")], 11, []),
    "moved on the day it began": ([(11, None, "")], 11, []),
    "unwell before the move": ([(3, 8, BY_UNWELL)], 11, [(3, 8, BY_UNWELL)]),
    "unwell after the move": ([(3, 14, BY_UNWELL)], 11, [(3, 11, BY_MOVE)]),
    "the move is earlier than was said": ([(3, 14, BY_MOVE)], 11, [(3, 11, BY_MOVE)]),
    "the move is later than was said": ([(3, 8, BY_MOVE)], 11, [(3, 11, BY_MOVE)]),
    "the move is no longer believed": ([(3, 8, BY_MOVE)], None, [(3, None, "")]),
    "two reasons, moved in the second": (
        [(3, 8, BY_REASON), (8, None, "")],
        11,
        [(3, 8, BY_REASON), (8, 11, BY_MOVE)],
    ),
    "two reasons, moved in the first": ([(3, 12, BY_REASON), (12, None, "")], 11, [(3, 11, BY_MOVE)]),
    "two reasons, moved as the second began": ([(3, 11, BY_REASON), (11, None, "")], 11, [(3, 11, BY_MOVE)]),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_a_move_leaves(name):
    run, moved_on, left = RUNS[name]

    def stretches(rows):
        return [Stretch(may(since), may(until) if until else None, how) for since, until, how in rows]

    departure = Departure(may(moved_on), BY_MOVE) if moved_on else None
    assert rules.run_after(stretches(run), departure, is_last=True) == stretches(left)


def test_what_a_move_ended_stays_where_something_later_is_recorded():
    ended = [Stretch(may(3), may(8), BY_MOVE)]
    assert rules.run_after(ended, None, is_last=False) == ended


READY = {"since": may(5), "next_tier": Tier.LOW, "confirmed": list(Confirmation), "today": may(20)}
REFUSED = {
    "in the future": ({"since": may(21)}, "since"),
    "not of the team": ({"confirmed": ["clinical", "safe"]}, "confirmed"),
    "not of the clinician": ({"confirmed": ["team", "safe"]}, "confirmed"),
    "not safe": ({"confirmed": ["clinical", "team"]}, "confirmed"),
    "for where they are": ({"next_tier": Tier.MEDIUM}, "next_tier"),
    "for higher security": ({"next_tier": Tier.HIGH}, "next_tier"),
    "for nothing known": ({"next_tier": "moon"}, "next_tier"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_who_is_not_ready(name):
    change, field = REFUSED[name]
    with pytest.raises(Refused) as refused:
        rules.check_ready(Tier.MEDIUM, **{**READY, **change})
    assert refused.value.field == field


def test_who_is_ready():
    for next_tier in (Tier.LOW, Tier.STEP_DOWN, Tier.GENERAL, Tier.COMMUNITY, Tier.PRISON):
        rules.check_ready(Tier.MEDIUM, **{**READY, "next_tier": next_tier})
    rules.check_ready(Tier.MEDIUM, **{**READY, "since": may(20)})
    rules.check_ready("", **READY)


def test_only_somebody_in_a_hospital_of_the_actor_s_is_ready():
    stays = [
        Whereabouts(may(1), PRISON, False, Tier.PRISON),
        Whereabouts(may(5), ASHDOWN, True, Tier.MEDIUM),
        Whereabouts(may(11), BROOK, True, Tier.LOW),
    ]
    both = {ASHDOWN, BROOK, PRISON}
    assert [rules.stay_to_wait_in(stays, may(day), acts_for=both) for day in (5, 10, 11, 20)] == [1, 1, 2, 2]
    assert rules.stay_to_wait_in(stays, may(11), acts_for={ASHDOWN}) == 1
    for on, acts_for in ((may(4), both), (may(12), {ASHDOWN}), (may(6), {BROOK}), (may(6), set())):
        with pytest.raises(Refused, match="your hospital"):
            rules.stay_to_wait_in(stays, on, acts_for=acts_for)
