"""Asking for a transfer, its first date and urgency, prison moves and the legal basis, each refusal at its boundary."""

from datetime import timedelta
from itertools import product

import pytest

from core.refusals import Refused, refusal
from pathways.codes import Limb
from referrals import rules
from referrals.codes import (
    ADMISSIONS,
    EndReason,
    LegalSection,
    Urgency,
)
from tests.referrals.rules_world import DAY, FIRST, PRISON, TODAY, service

# Asking


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TODAY, None),
        (TODAY - timedelta(days=462), None),
        (TODAY + DAY, "The day a medical report was first requested must be today or in the past."),
        (TODAY - timedelta(days=1095), None),
        (
            TODAY - timedelta(days=1096),
            "The day a medical report was first requested is more than three years ago. Check the year.",
        ),
    ],
)
def test_the_first_day_may_be_earlier_and_never_later(on, sentence):
    assert refusal(rules.check_first_day, on, today=TODAY) == sentence


COMES = "must be today or in the future. Leave it empty if it is not known."


@pytest.mark.parametrize(
    ("dates", "basis", "sentence", "field"),
    [
        ({}, ("47", ""), None, None),
        ({"release_on": TODAY}, ("47", ""), None, None),
        ({"release_on": TODAY - DAY}, ("47", ""), f"Release date {COMES}", "release_on"),
        ({"hearing_on": TODAY - DAY}, ("48", "a"), f"Next court hearing {COMES}", "hearing_on"),
        ({"remand_expires_on": TODAY - DAY}, ("48", "b"), f"Remand expires {COMES}", "remand_expires_on"),
        (
            {"release_on": None, "remand_expires_on": TODAY + DAY},
            ("47", ""),
            "Remand expires is not asked for under section 47. Leave it empty.",
            "remand_expires_on",
        ),
        (
            {"release_on": TODAY + DAY},
            ("48", "a"),
            "Release date is not asked for under section 48(a). Leave it empty.",
            "release_on",
        ),
        ({"release_on": TODAY + DAY}, ("48", "c"), None, None),
    ],
)
def test_only_dates_that_fit_the_legal_basis_and_are_to_come(dates, basis, sentence, field):
    if sentence is None:
        rules.check_dates_given(dates, *basis, today=TODAY)
        return
    with pytest.raises(Refused) as refused:
        rules.check_dates_given(dates, *basis, today=TODAY)
    assert (refused.value.sentence, refused.value.field) == (sentence, field)


def test_every_basis_says_which_dates_fit_it():
    known = {("47", ""), *(("48", limb) for limb in Limb.values)}
    assert set(rules.FITTING_DATES) == known
    assert {name for names in rules.FITTING_DATES.values() for name in names} == set(rules.DATE_WORDS)


def test_entered_late_is_counted_from_the_first_request():
    assert rules.days_entered_late(FIRST, entered_on=FIRST) == 0
    assert rules.days_entered_late(FIRST, entered_on=TODAY) == 14


@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_needs_a_reason(urgency):
    assert refusal(rules.check_urgency, urgency, "Not eating") is None
    assert refusal(rules.check_urgency, urgency, " ") == "Say why it is this urgent."


def test_an_unknown_urgency_is_refused():
    assert refusal(rules.check_urgency, 4, "x") == "Choose how urgent this is."


@pytest.mark.parametrize("reason", EndReason)
@pytest.mark.parametrize(("days", "within"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_request_within_90_days_of_an_end_without_admission_goes_on_with_the_wait(reason, days, within):
    continues = reason not in (*ADMISSIONS, EndReason.ENTERED_IN_ERROR, EndReason.DIED)
    asked_on = TODAY + timedelta(days=days)
    assert rules.follows(reason, TODAY, asked_on=asked_on) == (within and continues)


def test_an_open_transfer_is_followed_by_none():
    assert not rules.follows("", None, asked_on=TODAY)


def test_the_lead_is_the_first_asked_of_the_home_area():
    services = [
        service(pk=1, commissioner_id=8),
        service(pk=2, commissioner_id=9),
        service(pk=3, commissioner_id=9),
    ]
    assert rules.lead_among(services, 9).pk == 2
    assert rules.lead_among(services, 7) is None
    assert rules.lead_among([service(commissioner_id=None)], None) is None


@pytest.mark.parametrize(
    ("kind", "acts", "hospital", "sentence"),
    [
        ("prison", True, False, None),
        ("removal_centre", True, False, None),
        ("hospital", True, False, "A transfer is asked for by a prison or a removal centre."),
        ("prison", False, False, "You can ask only for the prison you work at."),
        (
            "prison",
            True,
            True,
            "This person is in hospital. Ask for a transfer when they are back in prison.",
        ),
    ],
)
def test_a_transfer_is_asked_for_by_the_prison_that_has_the_person(kind, acts, hospital, sentence):
    assert refusal(rules.check_from, service(kind), acts_for_it=acts, at_hospital=hospital) == sentence


def test_small_refusals_of_the_request():
    assert refusal(rules.check_open, None) is None
    assert "has ended" in refusal(rules.check_open, TODAY)
    assert refusal(rules.check_alive, None) is None
    assert "has died" in refusal(rules.check_alive, TODAY)
    assert refusal(rules.check_no_open_transfer, None) is None
    assert "already has an open transfer" in refusal(rules.check_no_open_transfer, object())
    recorded = [("Review", TODAY), ("Services asked", FIRST + DAY)]
    assert refusal(rules.check_nothing_before, FIRST + DAY, recorded) is None
    assert refusal(rules.check_nothing_before, TODAY + DAY, recorded) == (
        "“Services asked” is recorded on 3 March 2026, before that day. Check both dates."
    )
    assert refusal(rules.check_why, " ") == "Say why."
    assert refusal(rules.check_why, "Mistyped") is None


@pytest.mark.parametrize(
    ("to", "on", "sentence"),
    [
        (service("prison", pk=9), TODAY, None),
        (service("hospital", pk=9), TODAY, "Choose the prison the person has moved to."),
        (service("prison", pk=PRISON), TODAY, "The person is already at this prison."),
        (service("prison", pk=9), TODAY + DAY, "The date must be today or in the past."),
        (service("prison", pk=9), FIRST, None),
        (
            service("prison", pk=9),
            FIRST - DAY,
            "The move is before 2 March 2026, the day a medical report was first requested.",
        ),
    ],
)
def test_a_prison_move_goes_to_another_prison(to, on, sentence):
    assert refusal(rules.check_move, PRISON, to, on, first_day=FIRST, today=TODAY) == sentence


def test_taking_over_and_taking_a_hand_over():
    prison = service("prison", pk=9)
    assert refusal(rules.check_take_over, PRISON, prison, acts_for_it=True) is None
    assert "work at" in refusal(rules.check_take_over, PRISON, prison, acts_for_it=False)
    assert "already has" in refusal(rules.check_take_over, 9, prison, acts_for_it=True)
    assert refusal(rules.check_hand_over, taken=False, acts_for_it=True) is None
    assert "taken already" in refusal(rules.check_hand_over, taken=True, acts_for_it=True)
    assert "moved to takes" in refusal(rules.check_hand_over, taken=False, acts_for_it=False)


# The legal basis


def test_restrictions_are_a_question_only_where_the_law_leaves_a_choice():
    for limb in ("a", "b"):
        assert rules.restrictions_for("48", limb, None) is True
        assert rules.restrictions_for("48", limb, True) is True
        with pytest.raises(Refused, match="mandatory"):
            rules.restrictions_for("48", limb, False)
    for section, limb in (("47", ""), ("48", "c"), ("48", "d")):
        with pytest.raises(Refused, match="Say whether"):
            rules.restrictions_for(section, limb, None)
        assert rules.restrictions_for(section, limb, True) is True
        assert rules.restrictions_for(section, limb, False) is False


@pytest.mark.parametrize(
    ("section", "limb", "sentence"),
    [
        ("47", "", None),
        *[("48", limb, None) for limb in Limb.values],
        ("37", "", "Choose section 47 or section 48."),
        ("48", "", "Say which group of section 48 the person belongs to."),
        ("48", "e", "Say which group of section 48 the person belongs to."),
        ("47", "a", "Section 47 has no groups. Leave this empty."),
    ],
)
def test_a_basis_is_section_47_or_a_group_of_48(section, limb, sentence):
    assert refusal(rules.check_basis, section, limb) == sentence


def test_a_code_is_known_for_every_warrant():
    assert set(rules.DIRECTION_CODES) == set(product(LegalSection.values, (True, False)))


def test_what_may_follow_is_total_and_never_itself():
    bases = [("47", ""), *[("48", limb) for limb in Limb.values]]
    for basis in bases:
        following = rules.may_follow(*basis)
        assert following <= set(bases)
        assert basis not in following
    assert all(("47", "") in rules.may_follow("48", limb) for limb in ("a", "b"))


@pytest.mark.parametrize(
    ("since", "same", "sentence"),
    [
        (TODAY, False, None),
        (FIRST, False, None),
        (TODAY, True, "That is the legal basis already recorded."),
        (TODAY + DAY, False, "The date must be today or in the past."),
        (FIRST - DAY, False, "The date is before the day a medical report was first requested."),
    ],
)
def test_a_basis_changes_between_the_request_and_today(since, same, sentence):
    assert refusal(rules.check_basis_since, since, first_day=FIRST, today=TODAY, same=same) == sentence
