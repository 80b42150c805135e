"""The rules of referrals, exhaustively: tables are total, and every refusal is said at its boundary."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts.rights import RIGHTS, Right, Role
from core.pages import in_sentence
from core.refusals import Refused, refusal
from organisations.actor import Actor
from organisations.rules import Tier
from pathways.codes import Elsewhere, Limb
from pathways.days import noon
from pathways.models import FlagRule
from referrals import rules
from referrals.codes import (
    ADMISSIONS,
    DeclineReason,
    DelayParty,
    DelayReason,
    EndReason,
    LegalSection,
    Outcome,
    StepKind,
    Urgency,
)

TODAY = date(2026, 3, 16)
FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PRISON, ASHDOWN, BROOK = 1, 2, 3


def somebody(*service_ids, role=Role.CLINICIAN, rights=None, job=""):
    rights = RIGHTS[role] if rights is None else rights
    return Actor(
        None, role, "", (), frozenset(service_ids), frozenset(), frozenset(rights), NOW, uuid4(), job
    )


def service(kind="hospital", *, pk=ASHDOWN, is_open=True, commissioner_id=None):
    return SimpleNamespace(pk=pk, kind=kind, is_open=is_open, commissioner_id=commissioner_id)


# The checklist


def test_every_step_has_needs_and_an_owner():
    assert set(rules.NEEDS) == set(rules.OWNERS) == set(StepKind)


def test_every_owner_has_words_and_a_right_somebody_has():
    for owner in rules.OWNERS.values():
        assert owner.words
        held = frozenset().union(*RIGHTS.values()) | {Right.TRIAGE}
        assert owner.rights <= held
        assert owner.rights


def test_needs_come_before_what_needs_them_so_there_is_no_circle():
    order = list(StepKind)
    for kind, needs in rules.NEEDS.items():
        assert all(order.index(need) < order.index(kind) for need in needs)


def test_the_board_has_a_column_for_every_step():
    assert rules.board_columns() == list(StepKind)


@pytest.mark.parametrize("kind", StepKind)
def test_the_first_unmet_need_is_the_first_not_done(kind):
    before = list(StepKind)[: list(StepKind).index(kind)]
    assert rules.first_unmet(set(before)) == kind
    over = kind == StepKind.ESCORT  # nobody books an escort for a person who has left
    assert rules.first_unmet(set(StepKind) - {kind}) == ("" if over else kind)


def test_nothing_is_needed_when_all_is_done():
    assert rules.first_unmet(set(StepKind)) == ""


@pytest.mark.parametrize("kind", StepKind)
def test_a_prompt_never_blocks_and_the_law_does(kind):
    missing = rules.missing_before(kind, set())
    assert set(missing) == rules.NEEDS[kind]
    blocked = refusal(rules.check_law, kind, set())
    assert (blocked is not None) == (kind in rules.BLOCKED_BY_LAW)
    assert refusal(rules.check_law, kind, rules.NEEDS[kind]) is None


def test_the_law_says_what_is_missing_in_order():
    done = {StepKind.SECOND_REPORT}
    assert refusal(rules.check_law, "application", done) == (
        "This can't be recorded before: first psychiatric assessment and report, bed date given."
    )


@pytest.mark.parametrize(
    ("kind", "at", "sentence"),
    [
        ("escort", PRISON, None),
        ("escort", ASHDOWN, "The prison that has the person records this step."),
        ("received", ASHDOWN, None),
        ("received", PRISON, "A service that has been asked records this step."),
        ("warrant", PRISON, None),
        ("warrant", ASHDOWN, None),
        ("warrant", 99, "Only the prison, the services asked and the case manager can record this."),
    ],
)
def test_a_step_is_recorded_at_its_own_end(kind, at, sentence):
    by = somebody(at)
    known = {"prison_id": PRISON, "hospital_ids": [ASHDOWN, BROOK], "by": by}
    assert refusal(rules.check_recorder, kind, **known) == sentence


@pytest.mark.parametrize(
    ("act", "case_manager", "own"),
    [
        (rules.Act.ASK, True, False),
        (rules.Act.STOP_ASKING, True, True),
        (rules.Act.PRISON_MOVE, False, False),
        (rules.Act.LEGAL_BASIS, False, False),
        (rules.Act.END, False, False),
        (rules.Act.WITHDRAW_REPORT, False, True),
    ],
)
def test_who_may_besides_the_prison_stands_in_one_table(act, case_manager, own):
    def may(by, **known):
        return refusal(rules.check_may, act, prison_id=PRISON, by=by, **known) is None

    assert may(somebody(PRISON))
    assert may(somebody(job="seed"))
    assert may(somebody(rights={Right.TRIAGE})) == case_manager
    assert may(somebody(ASHDOWN), is_own=True) == own
    assert not may(somebody(ASHDOWN))
    assert (
        refusal(rules.check_may, act, prison_id=PRISON, by=somebody(ASHDOWN)) == rules.WHO_MAY[act].sentence
    )


def test_every_act_is_in_the_table():
    assert set(rules.WHO_MAY) == set(rules.Act)


def test_a_case_manager_and_a_job_are_concerned_with_everything():
    for by in (somebody(rights={Right.TRIAGE}), somebody(job="seed")):
        assert refusal(rules.check_concerned, prison_id=PRISON, hospital_ids=[], by=by) is None
    assert rules.acts_for(somebody(job="seed"), PRISON)
    assert not rules.acts_for(somebody(ASHDOWN), PRISON, None)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TODAY, None),
        (TODAY + DAY, "The date must be today or in the past."),
        (FIRST, None),
        (FIRST - DAY, "The date is before the day a medical report was first requested."),
    ],
)
def test_a_step_is_done_between_the_request_and_today(on, sentence):
    assert refusal(rules.check_done_on, on, first_day=FIRST, today=TODAY) == sentence


def test_every_step_says_what_it_cannot_have_happened_before_and_needs_all_of_it():
    assert set(rules.NOT_BEFORE) == set(StepKind)
    order = list(StepKind)
    for kind, earlier in rules.NOT_BEFORE.items():
        assert all(order.index(one) < order.index(kind) for one in earlier)


def when(on, hour=None):
    return rules.When(on, datetime(on.year, on.month, on.day, hour, tzinfo=UTC) if hour else None)


@pytest.mark.parametrize(
    ("kind", "earlier"), [(kind, one) for kind, need in rules.NOT_BEFORE.items() for one in sorted(need)]
)
def test_a_date_that_contradicts_another_step_is_refused_from_either_side(kind, earlier):
    dates = {earlier: when(FIRST + DAY)}
    assert refusal(rules.check_dates, kind, when(FIRST), dates) == (
        f"That is before “{earlier.label}”, recorded on 3 March 2026. Check both dates."
    )
    assert refusal(rules.check_dates, kind, when(FIRST + DAY), dates) is None
    dates = {kind: when(FIRST)}
    assert refusal(rules.check_dates, earlier, when(FIRST + DAY), dates) == (
        f"That is after “{kind.label}”, recorded on 2 March 2026. Check both dates."
    )
    assert refusal(rules.check_dates, earlier, when(FIRST), dates) is None


@pytest.mark.parametrize("kind", StepKind)
def test_a_step_that_is_missing_contradicts_nothing(kind):
    assert refusal(rules.check_dates, kind, when(FIRST), {kind: when(TODAY)}) is None


@pytest.mark.parametrize(
    ("left", "received", "agree"),
    [(9, 12, True), (12, 9, False), (9, 9, True), (None, 9, True), (9, None, True)],
)
def test_on_one_day_two_times_are_held_against_each_other(left, received, agree):
    refused = refusal(rules.check_dates, "received", when(FIRST, received), {"left": when(FIRST, left)})
    assert (refused is None) == agree


def test_an_escort_may_be_booked_ahead_of_the_warrant():
    assert refusal(rules.check_dates, "escort", when(FIRST), {"warrant": when(TODAY)}) is None


@pytest.mark.parametrize(("kind", "refused"), [("left", True), ("escort", False)])
def test_nobody_leaves_after_the_last_day_of_the_warrant(kind, refused):
    assert refusal(rules.check_dates, kind, when(TODAY), {}, last_day=TODAY) is None
    found = refusal(rules.check_dates, kind, when(TODAY + DAY), {}, last_day=TODAY)
    assert (found is not None) == refused
    assert not refused or "The last day of the warrant is 16 March 2026" in found


@pytest.mark.parametrize("kind", StepKind)
def test_only_some_steps_are_a_date_alone(kind):
    refused = refusal(rules.check_simply_dated, kind, "Dr A", ["Dr B"])
    assert (refused is None) == (kind in rules.SIMPLY_DATED)
    refused = refusal(rules.check_step_correction, kind, "Mistyped", **GOOD)
    assert (refused is None) == (kind in rules.SIMPLY_DATED)


def test_reports_need_their_doctors_and_two_different_ones():
    assert refusal(rules.check_simply_dated, "first_report", " ", []) == "Enter the doctor's name."
    two = "The two reports must be by two different doctors."
    for kind in rules.REPORTS:
        assert refusal(rules.check_simply_dated, kind, "a. lee ", ["Dr B Hart", "Dr A Lee"]) == two
        assert refusal(rules.check_simply_dated, kind, "Dr C Lee", ["Dr A Lee"]) is None
    assert refusal(rules.check_simply_dated, "escort", "", []) is None


def a_report(pk, examined_on, signed_on=None, doctor="Dr A Lee"):
    signed_on = signed_on or examined_on
    return SimpleNamespace(pk=pk, examined_on=examined_on, signed_on=signed_on, doctor_name=doctor)


def test_a_report_step_stands_on_the_report_of_its_doctor_or_of_its_date():
    held = [a_report(1, FIRST, FIRST + DAY)]
    assert rules.stands_on(held, "A. Lee", TODAY)
    assert not rules.stands_on(held, "Dr B Hart", FIRST)
    assert rules.stands_on(held, "", FIRST)
    assert rules.stands_on(held, "", FIRST + DAY)
    assert not rules.stands_on(held, "", TODAY)


def test_the_first_report_is_that_of_the_earliest_examination():
    early, late = a_report(2, FIRST, TODAY, "Dr B Hart"), a_report(1, FIRST + DAY)
    wanted = {"first_report": (FIRST, "Dr B Hart"), "second_report": (FIRST + DAY, "Dr A Lee")}
    assert rules.steps_of_reports([late, early], set()) == wanted
    assert rules.steps_of_reports([early], set()) == {"first_report": (FIRST, "Dr B Hart")}
    assert rules.steps_of_reports([early], {"first_report"}) == {"second_report": (TODAY, "Dr B Hart")}
    assert rules.steps_of_reports([early], {"second_report"}) == {"first_report": (FIRST, "Dr B Hart")}
    assert rules.steps_of_reports([early, late], set(rules.REPORTS)) == {}


GOOD = {"superseded": False, "report_held": False}


def test_a_correction_has_a_reason_and_something_that_holds():
    assert refusal(rules.check_step_correction, "escort", " ", **GOOD) == ("Say why the date is corrected.")
    superseded, held = GOOD | {"superseded": True}, GOOD | {"report_held": True}
    assert "no longer holds" in refusal(rules.check_step_correction, "escort", "x", **superseded)
    assert "the date is its own" in refusal(rules.check_step_correction, "first_report", "x", **held)
    assert "already recorded" in refusal(rules.check_not_done, "escort", {"escort"})
    assert refusal(rules.check_not_done, "escort", set()) is None


def test_the_day_left_is_the_one_given_or_that_of_the_time_in_london():
    assert rules.day_left(TODAY, None, now=NOW) == TODAY
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert rules.day_left(None, late, now=late) == date(2026, 7, 1)
    with pytest.raises(Refused, match="Enter the day"):
        rules.day_left(None, None, now=NOW)
    with pytest.raises(Refused, match="in the past"):
        rules.day_left(None, NOW + timedelta(seconds=1), now=NOW)


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
        ({"bed_is_open": False}, "not in use"),
        ({"bed_on": TODAY - DAY}, "today or later"),
        ({"bed_on": TODAY + timedelta(days=180)}, None),
        ({"bed_on": TODAY + timedelta(days=181)}, "six months"),
    ],
)
def test_what_a_bed_date_takes(changes, word):
    good = {"accepted": True, "has_one": False, "bed_is_own": True, "bed_is_open": True}
    sentence = refusal(rules.check_bed_date, **{**good, "bed_on": TODAY, "today": TODAY, **changes})
    assert sentence is None if word is None else word in sentence


def test_who_gives_and_withdraws_a_bed_date():
    assert refusal(rules.check_bed_manager, acts_for_it=True, closed=False) is None
    assert "Only the service" in refusal(rules.check_bed_manager, acts_for_it=False, closed=False)
    assert "not asked any more" in refusal(rules.check_bed_manager, acts_for_it=True, closed=True)
    assert refusal(rules.check_bed_withdrawal, superseded=False, why="Flood") is None
    assert "withdrawn already" in refusal(rules.check_bed_withdrawal, superseded=True, why="Flood")
    assert "Say why" in refusal(rules.check_bed_withdrawal, superseded=False, why="")


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
