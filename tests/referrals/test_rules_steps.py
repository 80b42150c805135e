"""Steps: the table is total, the law blocks what it blocks, and dates hold each other."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from accounts.rights import DUTY_RIGHTS, RIGHTS, Right
from core.refusals import Refused, refusal
from referrals import rules
from referrals.codes import Kind, StepKind
from tests.referrals.rules_world import ASHDOWN, BROOK, DAY, FIRST, NOW, PRISON, TODAY, somebody

# The checklist


def test_every_step_has_needs_and_an_owner():
    assert set(rules.NEEDS) == set(rules.OWNERS) == set(StepKind)


def test_every_owner_has_words_and_a_right_somebody_has():
    for owner in rules.OWNERS.values():
        assert owner.words
        held = frozenset().union(*RIGHTS.values(), *DUTY_RIGHTS.values())
        assert owner.rights <= held
        assert owner.rights


def test_needs_come_before_what_needs_them_so_there_is_no_circle():
    order = list(StepKind)
    for kind, needs in rules.NEEDS.items():
        assert all(order.index(need) < order.index(kind) for need in needs)


def test_the_board_has_a_column_for_every_step():
    assert rules.board_columns() == list(rules.TRANSFER_STEPS)


@pytest.mark.parametrize(
    ("referral", "kind"), [(referral, kind) for referral in Kind for kind in rules.steps_of(referral)]
)
def test_the_first_unmet_need_is_the_first_not_done(referral, kind):
    steps = rules.steps_of(referral)
    assert rules.first_unmet(referral, set(steps[: steps.index(kind)])) == kind
    over = kind == StepKind.ESCORT  # nobody books an escort for a person who has left
    assert rules.first_unmet(referral, set(StepKind) - {kind}) == ("" if over else kind)


@pytest.mark.parametrize("referral", Kind)
def test_nothing_is_needed_when_all_is_done(referral):
    assert rules.first_unmet(referral, set(StepKind)) == ""


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
        (
            "warrant",
            99,
            "Only the prison that has the person, the services asked and the case manager can record this.",
        ),
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
    for kind in (Kind.PRISON_TRANSFER, Kind.STEP_DOWN):
        origin = rules.origin_of(kind)
        said = refusal(rules.check_may, act, prison_id=PRISON, origin=origin, by=somebody(ASHDOWN))
        assert said == rules.WHO_MAY[act].sentence.format(origin=origin)


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
    assert "while you had it open" in refusal(rules.check_step_correction, "escort", "x", **superseded)
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
