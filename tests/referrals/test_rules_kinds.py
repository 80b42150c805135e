"""Kinds of referral: the table is total and agrees with itself, and each rule refuses what it says."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from core.refusals import Refused, refusal
from organisations.models import Service
from pathways.codes import Act
from referrals import rules
from referrals.codes import Kind, MoveEnd, StepKind
from tests.referrals.rules_world import DAY, FIRST, NOW, TODAY, service

PLACES = set(Service.Kind)


def test_every_kind_is_in_the_table():
    assert set(rules.KINDS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_agrees_with_itself(kind):
    rule = rules.KINDS[kind]
    assert rule.asks <= PLACES
    assert rule.asked <= PLACES
    assert rule.hint.endswith(".")
    assert not (rule.act and rule.acts)
    wants_authority = bool(rule.act or rule.acts)
    assert wants_authority == (StepKind.AUTHORITY in rule.steps)
    assert rule.needs_bed == (rule.asked == {Service.Kind.HOSPITAL})
    assert (StepKind.DECISION in rule.steps) == rule.needs_bed
    assert StepKind.SERVICES_ASKED in rule.steps
    assert rule.steps[-1] in (StepKind.RECEIVED, StepKind.MOVED)


@pytest.mark.parametrize("kind", rules.OTHER_KINDS)
def test_each_kind_is_asked_by_its_own_kinds_of_service(kind):
    for place in PLACES:
        refused = refusal(rules.check_kind, kind, service(place), acts_for_it=True)
        assert (refused is None) == (place in rules.KINDS[kind].asks)
    assert refusal(rules.check_kind, kind, service("hospital"), acts_for_it=False)


@pytest.mark.parametrize("kind", rules.OTHER_KINDS)
@pytest.mark.parametrize("act", ["", *Act])
def test_only_a_discharge_says_which(kind, act):
    fits = act in rules.KINDS[kind].acts if rules.KINDS[kind].acts else not act
    assert (refusal(rules.check_act, kind, act) is None) == fits


def test_the_one_that_leads_next_is_a_transfer_then_the_oldest():
    def one(pk, kind, hours):
        return SimpleNamespace(pk=pk, kind=kind, requested_at=NOW + timedelta(hours=hours))

    old, new, transfer = one(1, Kind.STEP_DOWN, 0), one(2, Kind.RECALL, 1), one(3, Kind.PRISON_TRANSFER, 2)
    assert rules.next_primary([new, old]) is old
    assert rules.next_primary([new, old, transfer]) is transfer
    assert rules.next_primary([]) is None


@pytest.mark.parametrize(
    ("on", "exception", "says"),
    [
        (TODAY, "", None),
        (None, "Nobody came.", None),
        (None, " ", "say why there was none"),
        (TODAY, "Nobody came.", "say why there was none"),
        (TODAY + DAY, "", "today or in the past"),
    ],
)
def test_a_meeting_was_held_or_there_is_a_reason(on, exception, says):
    refused = refusal(rules.check_meeting, on, exception, today=TODAY)
    assert refused is None if says is None else says in refused


@pytest.mark.parametrize("reason", MoveEnd)
def test_what_follows_from_a_move_or_a_death_is_no_end_by_hand(reason):
    refused = refusal(rules.check_move_end, reason, why="Because.", on=TODAY, first_day=FIRST, today=TODAY)
    assert (refused is None) == (reason not in (MoveEnd.MOVED, MoveEnd.DIED))


HELD = SimpleNamespace(code="09", limb="", form="")
OUT = SimpleNamespace(code="98", limb="", form="conditional_discharge")
TREATED = SimpleNamespace(code="98", limb="", form="community_treatment")


@pytest.mark.parametrize(
    ("kind", "act", "now", "before", "after"),
    [
        ("remission", "", HELD, HELD, ("98", "", "")),
        ("to_community", "conditional_discharge", HELD, HELD, ("98", "", "conditional_discharge")),
        ("to_community", "community_treatment", HELD, HELD, ("98", "", "community_treatment")),
        ("to_community", "discharge", HELD, HELD, ("98", "", "")),
        ("court_admission", "", None, None, None),
        ("recall", "", OUT, HELD, ("09", "", "")),
        ("recall", "", OUT, None, None),
        ("recall", "", TREATED, HELD, ("98", "", "recalled")),
        ("step_down", "", HELD, HELD, None),
        ("admission", "", None, None, None),
    ],
)
def test_what_holds_once_somebody_has_moved(kind, act, now, before, after):
    assert rules.status_after(kind, act, now, before) == after


@pytest.mark.parametrize("order", ["10", "09", "12", "37", "07", "08", "13", "31"])
def test_every_order_by_which_a_court_sends_somebody_to_hospital_admits(order):
    rules.check_order_of_court("court_admission", order)


@pytest.mark.parametrize(
    ("kind", "order"), [("court_admission", "02"), ("court_admission", ""), ("recall", "10")]
)
def test_no_other_status_is_a_courts_order(kind, order):
    with pytest.raises(Refused, match="order"):
        rules.check_order_of_court(kind, order)


ORDERED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("ordered_on", "known_since", "sentence"),
    [
        (None, None, "Give the day"),
        (date(2026, 3, 6), None, "by 5 March 2026"),
        (date(2026, 2, 28), ORDERED, "made on 1 March 2026"),
    ],
)
def test_an_order_has_its_own_day_by_that_of_the_move_and_not_before_the_one_on_record(
    ordered_on, known_since, sentence
):
    with pytest.raises(Refused, match=sentence) as refused:
        rules.check_day_of_order(ordered_on, by=date(2026, 3, 5), known_since=known_since)
    assert refused.value.field == "ordered_on"


@pytest.mark.parametrize("ordered_on", [None, ORDERED, date(2026, 3, 5)])
def test_of_an_order_on_record_the_day_is_known_and_a_later_one_is_another_order(ordered_on):
    rules.check_day_of_order(ordered_on, by=date(2026, 3, 5), known_since=ORDERED)


def test_an_admission_is_planned_up_to_the_last_day_of_the_order():
    rules.check_order_stands(None, on=date(2027, 1, 1))
    rules.check_order_stands(date(2026, 3, 28), on=date(2026, 3, 28))
    with pytest.raises(Refused, match="by 28 March 2026"):
        rules.check_order_stands(date(2026, 3, 28), on=date(2026, 3, 29))
