"""Whom to ask, what a decision stands on, and what a bed date takes."""

from datetime import timedelta

import pytest

from core.refusals import refusal
from organisations.rules import Tier
from referrals import rules
from referrals.codes import (
    DeclineReason,
    Outcome,
)
from tests.referrals.rules_world import ASHDOWN, BROOK, DAY, FIRST, TODAY, service

# Decisions


@pytest.mark.parametrize(
    ("asked", "of", "sentence"),
    [
        (service(), False, None),
        (service("prison"), False, "Only a hospital can be asked to take somebody."),
        (service(is_open=False), False, "That service is closed."),
        (service(), True, "That service has already been asked."),
    ],
)
def test_whom_to_ask(asked, of, sentence):
    assert refusal(rules.check_ask, asked, asked=of) == sentence


def test_letting_go_leading_and_who_decides():
    assert refusal(rules.check_withdrawal, closed=False, why="Too far") is None
    assert "not asked any more" in refusal(rules.check_withdrawal, closed=True, why="Too far")
    assert "Say why" in refusal(rules.check_withdrawal, closed=False, why=" ")
    assert refusal(rules.check_lead, ASHDOWN, [ASHDOWN]) is None
    assert "can lead" in refusal(rules.check_lead, BROOK, [ASHDOWN])
    assert "Ask a service first" in refusal(rules.check_lead, BROOK, [])
    good = {"acts_for_it": True, "closed": False, "decided": False}
    assert refusal(rules.check_decides, **good) is None
    assert "Only the service" in refusal(rules.check_decides, **{**good, "acts_for_it": False})
    assert "not asked any more" in refusal(rules.check_decides, **{**good, "closed": True})
    assert "already recorded" in refusal(rules.check_decides, **{**good, "decided": True})
    assert refusal(rules.check_change_of_decision, superseded=False, why="New report") is None
    assert "changed already" in refusal(rules.check_change_of_decision, superseded=True, why="x")
    assert "Say why" in refusal(rules.check_change_of_decision, superseded=False, why="")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"answer": "question"}, None),
        ({"of_this_person": False}, "somebody else"),
        ({"of_this_service": False}, "has not said"),
        ({"is_current": False}, "no longer current"),
    ],
)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_stands_on_the_services_word_on_a_current_assessment(changes, word, outcome):
    good = {"of_this_service": True, "of_this_person": True, "is_current": True, "answer": "yes"}
    good["outcome"] = outcome
    sentence = refusal(rules.check_acceptance, **{**good, **changes})
    assert sentence is None if word is None else word in sentence


@pytest.mark.parametrize("outcome", Outcome)
def test_after_a_no_to_the_assessment_a_service_declines_or_defers_and_accepts_nobody(outcome):
    known = {"of_this_service": True, "of_this_person": True, "is_current": True, "answer": "no"}
    sentence = refusal(rules.check_acceptance, **known, outcome=outcome)
    assert (sentence is not None) == (outcome in rules.ACCEPTING)
    assert sentence is None or "decline or defer" in sentence


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("field", rules.BELONGS_TO)
def test_a_decision_says_nothing_that_goes_with_another(outcome, field):
    refused = refusal(rules.check_belongs, outcome, {field: "something"})
    assert (refused is None) == (outcome in rules.BELONGS_TO[field])
    assert refused is None or refused.endswith("Leave it out.")
    nothing = dict.fromkeys(rules.BELONGS_TO, "") | {"words": "Anything"}
    assert refusal(rules.check_belongs, outcome, nothing) is None


DECISION = {
    "tier": "",
    "recommended": "medium",
    "reason": "",
    "words": "",
    "deferred_to": None,
    "expected_on": None,
    "decided_on": TODAY,
    "today": TODAY,
    "asked_on": FIRST,
    "signed_on": FIRST,
    "criterion_is_own": True,
    "own_tiers": {"medium", "low"},
}


@pytest.mark.parametrize(
    ("outcome", "changes", "word"),
    [
        ("accepted", {}, None),
        ("accepted", {"tier": "medium"}, None),
        ("accepted", {"tier": "low"}, "not the tier recommended"),
        ("accepted", {"tier": "prison"}, "Choose the tier"),
        ("accepted", {"expected_on": TODAY}, None),
        ("accepted", {"expected_on": TODAY - DAY}, "before the decision"),
        ("accepted", {"decided_on": TODAY + DAY}, "today or in the past"),
        ("accepted", {"decided_on": FIRST}, None),
        ("accepted", {"asked_on": TODAY + DAY}, "before 17 March 2026, the day your service was asked"),
        ("declined", {"signed_on": TODAY + DAY}, "before 17 March 2026, the day the assessment was signed"),
        ("accepted_other_tier", {"tier": "low"}, None),
        ("accepted_other_tier", {}, "Choose the tier"),
        ("accepted_other_tier", {"tier": "medium"}, "is the tier recommended"),
        ("accepted_other_tier", {"tier": "high"}, "no high secure ward on that day. Choose a tier"),
        ("accepted", {"own_tiers": {"low"}}, "no medium secure ward on that day. Accept at another tier"),
        ("declined", {"reason": "safety", "own_tiers": set()}, None),
        ("declined", {"reason": "safety"}, None),
        ("declined", {}, "Choose why"),
        ("declined", {"reason": "other"}, "in words"),
        ("declined", {"reason": "other", "words": "Ward closing"}, None),
        ("declined", {"reason": "safety", "criterion_is_own": False}, "own service's criteria"),
        ("deferred", {"deferred_to": TODAY + DAY}, None),
        ("deferred", {}, "to which date"),
        ("deferred", {"deferred_to": TODAY}, "after the decision"),
        ("perhaps", {}, "Choose what your service"),
    ],
)
def test_what_a_decision_takes(outcome, changes, word):
    sentence = refusal(rules.check_decision, outcome, **{**DECISION, **changes})
    assert sentence is None if word is None else word in sentence


def test_every_outcome_and_reason_has_a_way_to_be_recorded():
    ways = {
        Outcome.ACCEPTED: {},
        Outcome.ACCEPTED_OTHER_TIER: {"tier": Tier.LOW},
        Outcome.DECLINED: {"reason": DeclineReason.NO_BED},
        Outcome.DEFERRED: {"deferred_to": TODAY + DAY},
    }
    assert set(ways) == set(Outcome)
    for outcome, changes in ways.items():
        assert refusal(rules.check_decision, outcome, **{**DECISION, **changes}) is None
    for reason in DeclineReason:
        declined = {**DECISION, "reason": reason, "words": "In words"}
        assert refusal(rules.check_decision, "declined", **declined) is None


@pytest.mark.parametrize(
    ("outcome", "tier", "expected"),
    [
        ("accepted", "", "medium"),
        ("accepted_other_tier", "low", "low"),
        ("accepted_other_tier", "", ""),
        ("declined", "low", ""),
        ("deferred", "", ""),
    ],
)
def test_the_tier_at_which_a_decision_stands(outcome, tier, expected):
    assert rules.tier_accepted(outcome, tier, "medium") == expected


@pytest.mark.parametrize(
    ("outcomes", "everyone"),
    [
        ([], False),
        (["declined"], True),
        (["declined", "declined"], True),
        (["declined", None], False),
        (["declined", "deferred"], False),
        (["accepted", "declined"], False),
    ],
)
def test_when_everyone_has_declined(outcomes, everyone):
    assert rules.everyone_declined(outcomes) == everyone


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"accepted": False}, "Accept the person"),
        ({"has_one": True}, "already given"),
        ({"bed_is_own": False}, "your own service"),
        ({"bed_on": TODAY - DAY}, "today or later"),
        ({"bed_on": TODAY + timedelta(days=180)}, None),
        ({"bed_on": TODAY + timedelta(days=181)}, "six months"),
    ],
)
def test_what_a_bed_date_takes(changes, word):
    good = {"accepted": True, "has_one": False, "bed_is_own": True}
    sentence = refusal(rules.check_bed_date, **{**good, "bed_on": TODAY, "today": TODAY, **changes})
    assert sentence is None if word is None else word in sentence


def test_who_gives_and_withdraws_a_bed_date():
    assert refusal(rules.check_bed_manager, acts_for_it=True, closed=False) is None
    assert "Only the service" in refusal(rules.check_bed_manager, acts_for_it=False, closed=False)
    assert "not asked any more" in refusal(rules.check_bed_manager, acts_for_it=True, closed=True)
    assert refusal(rules.check_bed_withdrawal, superseded=False, why="Flood") is None
    assert "withdrawn already" in refusal(rules.check_bed_withdrawal, superseded=True, why="Flood")
    assert "Say why" in refusal(rules.check_bed_withdrawal, superseded=False, why="")
