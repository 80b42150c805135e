"""Warrants, being received, delays, reviews and contacts, each refusal at its boundary."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from accounts.rights import Right
from core.refusals import Refused, refusal
from pathways.days import noon
from referrals import rules
from referrals.codes import (
    DelayParty,
    DelayReason,
)
from tests.referrals.rules_world import ASHDOWN, BROOK, DAY, FIRST, NOW, TODAY, somebody

# Warrants (domain.md 1.1, test vectors)


@pytest.mark.parametrize(
    ("given_on", "ends_on"),
    [
        (date(2026, 6, 10), date(2026, 6, 23)),
        (date(2028, 2, 20), date(2028, 3, 4)),  # 29 February between
        (date(2026, 3, 20), date(2026, 4, 2)),  # the clocks go forward between
        (date(2026, 10, 20), date(2026, 11, 2)),  # the clocks go back between
    ],
)
def test_a_warrant_lasts_14_days_beginning_with_its_date(given_on, ends_on):
    assert rules.warrant_ends_on(given_on) == ends_on


def test_a_bed_is_held_a_week_past_its_date_and_to_the_end_of_a_live_warrant():
    bed_on = date(2026, 6, 12)
    assert rules.hold_until(bed_on, None) == noon(date(2026, 6, 19))
    # Midnight in London, an hour before midnight UTC in summer.
    assert rules.hold_until(bed_on, date(2026, 6, 23)) == datetime(2026, 6, 23, 23, tzinfo=UTC)
    assert rules.hold_until(date(2026, 6, 20), date(2026, 6, 23)) == noon(date(2026, 6, 27))


WARRANT = {
    "section": "47",
    "basis_section": "47",
    "limb": "",
    "with_restrictions": True,
    "hospital_is_one": True,
    "hospital_has_accepted": True,
    "given_on": TODAY,
    "today": TODAY,
}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"with_restrictions": False}, None),
        ({"section": "48"}, "another section"),
        ({"section": "48", "basis_section": "48", "limb": "a", "with_restrictions": False}, "mandatory"),
        ({"section": "48", "basis_section": "48", "limb": "b", "with_restrictions": False}, "mandatory"),
        ({"section": "48", "basis_section": "48", "limb": "c", "with_restrictions": False}, None),
        ({"hospital_is_one": False}, "Choose the hospital"),
        ({"hospital_has_accepted": False}, "Ask that service first"),
        ({"given_on": TODAY + DAY}, "today or in the past"),
        ({"given_on": FIRST}, None),
    ],
)
def test_what_a_warrant_takes(changes, word):
    sentence = refusal(rules.check_warrant, **{**WARRANT, **changes})
    assert sentence is None if word is None else word in sentence


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"in_force": True}, "given, not refused"),
        ({"applied_on": None}, "No application"),
        ({"why": " "}, "Say why"),
        ({"on": TODAY + DAY}, "today or in the past"),
        ({"on": FIRST - DAY}, "before the application"),
    ],
)
def test_what_a_refusal_takes(changes, word):
    good = {"in_force": False, "on": TODAY, "applied_on": FIRST, "why": "Incomplete", "today": TODAY}
    sentence = refusal(rules.check_refusal, **{**good, **changes})
    assert sentence is None if word is None else word in sentence


ADMISSION = {
    "hospital_id": ASHDOWN,
    "given_on": date(2026, 3, 10),
    "ends_on": date(2026, 3, 23),
    "service_id": ASHDOWN,
    "bed_is_own": True,
    "at": NOW,
    "now": NOW,
    "time_known": True,
}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"at": NOW + timedelta(seconds=1)}, "in the future"),
        ({"at": noon(TODAY), "time_known": False}, None),
        ({"at": noon(TODAY + DAY), "time_known": False}, "in the future"),
        ({"hospital_id": None, "given_on": None, "ends_on": None}, "no live warrant"),
        ({"hospital_id": BROOK}, "another hospital"),
        ({"at": noon(date(2026, 3, 9))}, "before the warrant"),
        ({"at": noon(date(2026, 3, 10))}, None),
        ({"bed_is_own": False}, "a bed of the hospital"),
        ({"at": noon(date(2026, 3, 23)), "now": noon(date(2026, 3, 30))}, None),
        ({"at": noon(date(2026, 3, 24)), "now": noon(date(2026, 3, 30))}, "had lapsed"),
    ],
)
def test_being_received_takes_a_live_warrant_that_names_the_hospital(changes, word):
    sentence = refusal(rules.check_admission, **{**ADMISSION, **changes})
    assert sentence is None if word is None else word in sentence


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": NOW + timedelta(seconds=1)}, "at_time"),
        ({"at": noon(TODAY + DAY), "time_known": False}, "on"),
        ({"at": noon(date(2026, 3, 9))}, "on"),
        ({"at": noon(date(2026, 3, 24)), "now": noon(date(2026, 3, 30))}, "on"),
    ],
)
def test_a_day_of_admission_that_is_refused_stands_beside_its_box(changes, field):
    with pytest.raises(Refused) as refused:
        rules.check_admission(**{**ADMISSION, **changes})
    assert refused.value.field == field


def test_both_ends_of_a_departure():
    assert refusal(rules.check_receives, acts_for_it=True) is None
    assert "hospital that receives" in refusal(rules.check_receives, acts_for_it=False)
    good = {"received": True, "confirmed": False, "acts_for_prison": True}
    assert refusal(rules.check_departure, **good) is None
    assert "has not recorded" in refusal(rules.check_departure, **{**good, "received": False})
    assert "prison that had" in refusal(rules.check_departure, **{**good, "acts_for_prison": False})
    assert "confirmed already" in refusal(rules.check_departure, **{**good, "confirmed": True})


# Waiting


def test_days_of_a_delay_are_half_open():
    assert rules.days_of(FIRST, FIRST) == (FIRST, FIRST + DAY)
    assert rules.days_of(FIRST, None) == (FIRST, None)


DELAY = {
    "first_day": FIRST,
    "last_day": None,
    "party": "prison",
    "has_service": False,
    "reason": "escort",
    "contributing": [],
    "words": "",
    "waiting_from": FIRST,
    "ended_on": None,
    "today": TODAY,
}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"party": "nobody"}, "Choose who"),
        ({"party": "service_asked"}, "Choose the service"),
        ({"party": "accepting_service", "has_service": True}, None),
        ({"reason": "weather"}, "main reason"),
        ({"contributing": ["no_bed"]}, None),
        ({"contributing": ["escort"]}, "other than the main"),
        ({"contributing": ["weather"]}, "other than the main"),
        ({"reason": "other"}, "in words"),
        ({"reason": "other", "words": "Lockdown"}, None),
        ({"first_day": TODAY}, None),
        ({"first_day": TODAY + DAY}, "today or in the past"),
        ({"first_day": FIRST - DAY}, "before the day"),
        ({"last_day": FIRST}, None),
        ({"last_day": FIRST - DAY}, "before the first"),
        ({"last_day": TODAY + DAY}, "today or in the past"),
        ({"ended_on": TODAY}, "has ended"),
        ({"ended_on": TODAY, "last_day": TODAY}, "has ended"),
        ({"ended_on": TODAY, "last_day": TODAY - DAY}, None),
    ],
)
def test_what_a_delay_takes(changes, word):
    sentence = refusal(rules.check_delay, **{**DELAY, **changes})
    assert sentence is None if word is None else word in sentence


def test_every_party_and_reason_can_be_given():
    for party, reason in product(DelayParty, DelayReason):
        known = {**DELAY, "party": party, "reason": reason, "has_service": True, "words": "x"}
        assert refusal(rules.check_delay, **known) is None


def test_a_delay_that_holds_can_be_changed_and_disputed_by_the_service_named():
    assert refusal(rules.check_delay_open, superseded=False, ended=False) is None
    assert "corrected since" in refusal(rules.check_delay_open, superseded=True, ended=False)
    assert "has an end" in refusal(rules.check_delay_open, superseded=False, ended=True)
    good = {
        "why": "We had a bed", "disputed": False, "named_id": ASHDOWN, "recorded_by_id": 900,
        "by": somebody(ASHDOWN),
    }  # fmt: skip
    assert refusal(rules.check_dispute, **good) is None
    assert "case manager" in refusal(rules.check_dispute, **{**good, "named_id": None})
    assert "disputed already" in refusal(rules.check_dispute, **{**good, "disputed": True})
    assert "Say why" in refusal(rules.check_dispute, **{**good, "why": ""})
    assert "may dispute" in refusal(rules.check_dispute, **{**good, "by": somebody(BROOK)})
    assert refusal(rules.check_dispute, **{**good, "by": somebody(rights={Right.TRIAGE})}) is None


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"how": " "}, "how the person is"),
        ({"plan": ""}, "meanwhile"),
        ({"on": TODAY + DAY, "next_on": TODAY + 2 * DAY}, "today or in the past"),
        ({"on": FIRST - DAY, "next_on": FIRST}, "before the day"),
        ({"next_on": TODAY}, "after this one"),
        ({"next_on": TODAY + 7 * DAY}, None),
        ({"next_on": TODAY + 8 * DAY}, "within a week"),
    ],
)
def test_a_review_is_followed_within_a_week(changes, word):
    good = {"on": TODAY, "next_on": TODAY + DAY, "today": TODAY, "how": "x", "plan": "y", "first_day": FIRST}
    sentence = refusal(rules.check_review, **{**good, **changes})
    assert sentence is None if word is None else word in sentence


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"with_whom": " "}, "with whom"),
        ({"said": " "}, "what was said"),
        ({"on": TODAY + DAY}, "today or in the past"),
        ({"next_on": TODAY}, None),
        ({"next_on": TODAY - DAY}, "not be before"),
    ],
)
def test_what_a_contact_takes(changes, word):
    good = {"on": TODAY, "today": TODAY, "with_whom": "Ashdown", "said": "No bed", "next_on": None}
    sentence = refusal(rules.check_contact, **{**good, **changes})
    assert sentence is None if word is None else word in sentence


def test_the_prison_on_a_day_is_read_off_the_hand_overs_in_any_order():
    def move(pk, on, from_id, to_id):
        return SimpleNamespace(pk=pk, moved_on=on, from_service_id=from_id, to_service_id=to_id)

    assert rules.prison_on(TODAY, [], prison_id=3) == 3
    moves = [move(2, TODAY, 2, 3), move(1, TODAY - 5 * DAY, 1, 2)]
    days = {TODAY - 6 * DAY: 1, TODAY - 5 * DAY: 2, TODAY - DAY: 2, TODAY: 3, TODAY + DAY: 3}
    assert {on: rules.prison_on(on, moves, prison_id=3) for on in days} == days
