"""The leave of made-up people is in order, inside their stays, and of every kind and standing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pathways.codes import MovementKind
from synthetic.day_by_day import TURNS
from synthetic.leave import now_cycle, past_outings

NOW = datetime(2026, 11, 22, 15, 40, tzinfo=UTC)


@given(seed=st.integers(0, 10_000), length=st.integers(1, 3000))
def test_leave_that_is_over_was_inside_its_stay_one_after_another(seed, length):
    began, ended = NOW - timedelta(days=length), NOW
    outings = past_outings(Random(seed), began, ended)
    for one in outings:
        assert began < one.left < one.back < ended
    assert all(before.back < after.left for before, after in pairwise(outings))


def test_now_there_is_leave_of_every_kind_on_time_late_absent_and_planned():
    cycle = now_cycle(NOW)
    assert {one.kind for one in cycle} == {"escorted", "unescorted", "overnight", "trial"}
    assert all(one.left is None or one.left < NOW for one in cycle)
    assert any(one.left and one.due < NOW and not one.absent for one in cycle)
    assert any(one.absent for one in cycle)
    assert any(one.planned and not one.is_cancelled for one in cycle)
    assert any(one.left and (NOW - one.left).days > 28 for one in cycle)


def test_of_those_who_are_out_some_are_expected_some_late_and_some_back_and_there_is_every_kind():
    assert {kind for kind, *_ in TURNS} == set(MovementKind)
    assert all(left > 0 and left > due for *_, left, due, _ in TURNS)
    assert any(due < 0 and back is None for *_, due, back in TURNS)
    assert any(due > 0 and back is None for *_, due, back in TURNS)
    assert any(back is not None and back < left for *_, left, _, back in TURNS)
