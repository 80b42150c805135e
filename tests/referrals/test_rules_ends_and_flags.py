"""Every end by every role, and whose job a flag is."""

from uuid import uuid4

import pytest

from accounts.rights import Right, Role
from core.pages import in_sentence
from core.refusals import refusal
from organisations.actor import Actor
from pathways.codes import Elsewhere
from pathways.models import FlagRule
from referrals import rules
from referrals.codes import (
    EndReason,
)
from tests.referrals.rules_world import ASHDOWN, BROOK, DAY, FIRST, NOW, PRISON, TODAY, somebody

# Ends


def test_the_list_of_ends_is_closed_and_total():
    assert set(rules.END_REASONS) == set(EndReason)
    assert {end.elsewhere for end in rules.END_REASONS.values()} - {""} <= set(Elsewhere)


@pytest.mark.parametrize("reason", EndReason)
@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.LIAISON])
def test_every_end_by_every_role(reason, role):
    known = {"why": "As agreed", "on": TODAY, "first_day": FIRST, "today": TODAY, "has_service": True}
    sentence = refusal(rules.check_end, reason, **known, by=somebody(role=role))
    if reason == EndReason.ADMITTED:
        assert sentence == "Record that the hospital received the person instead."
    elif reason == EndReason.IMPROVED and role == Role.LIAISON:
        assert sentence == "Only a clinician can record that the person has improved."
    else:
        assert sentence is None


@pytest.mark.parametrize(
    ("reason", "changes", "sentence"),
    [
        ("vanished", {}, "Choose how the transfer ended."),
        ("improved", {"why": " "}, "Say why."),
        ("entered_in_error", {"why": ""}, "Say why."),
        ("released", {"why": ""}, None),
        ("admitted_by_court", {"has_service": False}, "Choose the hospital that admitted the person."),
        ("admitted_after_release", {"has_service": False}, "Choose the hospital that admitted the person."),
        ("released", {"on": TODAY + DAY}, "The date must be today or in the past."),
        ("released", {"on": FIRST - DAY}, "The end is before the day a medical report was first requested."),
        (
            "entered_in_error",
            {"on": FIRST - DAY},
            "The end is before the day a medical report was first requested.",
        ),
    ],
)
def test_what_an_end_takes(reason, changes, sentence):
    known = {"why": "x", "on": TODAY, "first_day": FIRST, "today": TODAY, "has_service": True, **changes}
    assert refusal(rules.check_end, reason, **known, by=somebody()) == sentence


def test_an_end_is_not_before_the_last_prison_move():
    assert refusal(rules.check_end_after_move, TODAY, None) is None
    assert refusal(rules.check_end_after_move, TODAY, TODAY) is None
    assert "before 17 March 2026, the day of the last" in refusal(
        rules.check_end_after_move, TODAY, TODAY + DAY
    )


# Flags

NORTH, OFFICE = 7, 9
SIDES = rules.Sides(frozenset({PRISON, ASHDOWN}), NORTH, frozenset({OFFICE}))
NO_OFFICE = rules.Sides(frozenset({PRISON, ASHDOWN}), NORTH, frozenset())


def of_commissioner(pk, *, rights=frozenset({Right.TRIAGE})):
    own = frozenset({pk} - {None})
    return Actor(None, Role.COMMISSIONER, "", (), frozenset(), own, frozenset(rights), NOW, uuid4(), "")


def test_every_owner_of_flags_has_a_side():
    assert set(rules.TAKEN_BY) == set(FlagRule.Owner)


ENDS, CASE_MANAGER, REGION = somebody(PRISON), of_commissioner(NORTH), of_commissioner(OFFICE)


@pytest.mark.parametrize(
    ("owner", "sides", "takes"),
    [
        ("concerned", SIDES, [ENDS]),
        ("case_manager", SIDES, [CASE_MANAGER]),
        ("commissioner", SIDES, [CASE_MANAGER]),
        ("region", SIDES, [REGION]),
        ("region", NO_OFFICE, [CASE_MANAGER]),
    ],
)
def test_only_the_owners_side_takes_a_flag_on(owner, sides, takes):
    everybody = [
        ENDS,
        CASE_MANAGER,
        REGION,
        somebody(BROOK),
        somebody(rights={Right.TRIAGE}),
        of_commissioner(8),
        of_commissioner(NORTH, rights=()),
    ]
    assert [by for by in everybody if rules.takes_on(owner, sides, by=by)] == takes
    refused = refusal(rules.check_takes_on, owner, sides, by=somebody(BROOK))
    assert in_sentence(FlagRule.Owner(owner).label) in refused


def test_a_transfer_nobody_answers_for_leaves_its_flags_to_no_commissioner():
    sides = rules.Sides(frozenset(), None, frozenset())
    assert not rules.takes_on("case_manager", sides, by=of_commissioner(None))


def test_where_there_is_nothing_to_acknowledge():
    assert "has ended" in refusal(rules.check_flags_count, TODAY)
    assert refusal(rules.check_flags_count, None) is None
    assert "waits for you" in refusal(rules.check_some_wait, 0)
    assert refusal(rules.check_some_wait, 1) is None
