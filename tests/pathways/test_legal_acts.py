"""Who must agree to which act of whom, and what an authority covers."""

from datetime import date
from types import SimpleNamespace

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused, refusal
from pathways.codes import Act, AuthorityKind
from pathways.rules import legal
from pathways.rules.legal.statuses import CONDITIONAL, CTO, INSANITY_RESTRICTED, RECALLED

ON = date(2026, 3, 2)

# Who must agree

C, M, N, X, T = "clinician", "ministry", "nobody", "impossible", "court"
LEAVE_AND_TRANSFER = (
    Act.ESCORTED_LEAVE,
    Act.UNESCORTED_LEAVE,
    Act.OVERNIGHT_LEAVE,
    Act.TRIAL_LEAVE,
    Act.TRANSFER,
)
# Leave and transfer, conditional discharge, discharge, community treatment order, return to prison.
RESTRICTED = (M, M, M, X, X)
FREE = (N, X, N, X, X)
UNRESTRICTED = (C, X, C, C, X)
AGREES = {
    ("01", ""): FREE,
    ("02", ""): (C, X, C, X, X),
    ("03", ""): UNRESTRICTED,
    ("04", ""): (C, X, C, X, X),
    ("05", ""): (X, X, C, X, X),
    ("06", ""): (X, X, C, X, X),
    ("07", ""): (T, X, T, X, X),
    ("08", ""): (T, X, T, X, X),
    ("09", ""): RESTRICTED,
    ("10", ""): UNRESTRICTED,
    ("12", ""): (T, X, T, X, X),
    ("13", ""): RESTRICTED,
    ("14", ""): (N, N, N, N, X),
    ("15", ""): (M, M, M, X, M),
    ("16", ""): UNRESTRICTED,
    ("17", ""): RESTRICTED,
    ("17", "a"): (M, M, M, X, M),
    ("17", "b"): (M, M, M, X, T),
    ("17", "c"): (M, M, M, X, M),
    ("17", "d"): (M, M, M, X, M),
    ("18", ""): UNRESTRICTED,
    ("18", "c"): UNRESTRICTED,
    ("18", "d"): UNRESTRICTED,
    ("19", ""): (X, X, C, X, X),
    ("20", ""): (X, X, C, X, X),
    ("31", ""): UNRESTRICTED,
    tuple(INSANITY_RESTRICTED): RESTRICTED,
    ("32", ""): (N, N, N, N, X),
    ("33", ""): (N, N, N, N, X),
    ("34", ""): (N, N, N, N, X),
    ("35", ""): (N, X, C, X, X),
    ("36", ""): (N, X, C, X, X),
    ("37", ""): (M, M, M, X, M),
    ("38", ""): UNRESTRICTED,
    ("98", ""): FREE,
    tuple(CONDITIONAL): (N, N, M, X, X),
    tuple(CTO): (N, X, C, X, X),
    tuple(RECALLED): (C, X, C, N, X),
    ("99", ""): (N, N, N, N, X),
}
# To court: as on leave, but for those whom a court sent to hospital itself, and under a holding power.
TO_COURT = dict.fromkeys([("07", ""), ("08", ""), ("12", "")], N)
TO_COURT |= dict.fromkeys([("05", ""), ("06", ""), ("19", ""), ("20", "")], C)
# Recalled, by warrant or by the clinician: of everybody else nobody can.
RECALLS = {tuple(CONDITIONAL): M, tuple(CTO): C, tuple(RECALLED): N}


def test_every_act_of_every_status_is_answered():
    assert set(legal.AUTHORITY_NEEDED) == {(held, act) for held in legal.STATUSES for act in Act}
    assert set(AGREES) == {tuple(held) for held in legal.STATUSES}


@pytest.mark.parametrize("held", AGREES, ids=lambda held: f"{held[0]}{held[1]}")
def test_who_must_agree(held):
    moves, conditional, discharge, cto, remission = AGREES[held]
    wanted = dict.fromkeys(LEAVE_AND_TRANSFER, moves) | {
        Act.CONDITIONAL_DISCHARGE: conditional,
        Act.DISCHARGE: discharge,
        Act.COMMUNITY_TREATMENT: cto,
        Act.REMISSION: remission,
        Act.RECALL: RECALLS.get(held, X),
        Act.COURT_ATTENDANCE: TO_COURT.get(held, moves),
    }
    found = {act: legal.authority_needed(act, *held).agrees.name.lower() for act in Act}
    assert found == wanted


def test_whoever_must_agree_the_reason_is_a_sentence_and_a_kind_shows_it():
    for needed in legal.AUTHORITY_NEEDED.values():
        if needed.needs_record:
            assert needed.sentence.endswith(".")
            assert bool(needed.kinds) is (needed.agrees != legal.Agrees.IMPOSSIBLE)
        else:
            assert not needed.kinds


def test_what_was_not_read_in_the_act_refuses_nothing():
    for code in ("07", "08", "12"):
        for act in LEAVE_AND_TRANSFER:
            assert not legal.authority_needed(act, code).is_sure
            assert refusal(legal.check_planned, act, _status(code), [], on=ON) is None
        assert "for the court" in refusal(legal.check_planned, Act.DISCHARGE, _status(code), [], on=ON)


def _status(code, limb="", form=""):
    return SimpleNamespace(code=code, limb=limb, form=form)


HALF_A_YEAR = DateRange(date(2026, 1, 1), date(2026, 7, 1))


def _authority(kind, *scope, hospital_id=None):
    return SimpleNamespace(kind=kind, scope=list(scope), during=HALF_A_YEAR, hospital_id=hospital_id)


@pytest.mark.parametrize(
    ("act", "kind", "covered"),
    [
        (Act.ESCORTED_LEAVE, "ministry_standing", True),
        (Act.ESCORTED_LEAVE, "ministry_specific", True),
        (Act.ESCORTED_LEAVE, "tribunal", False),
        (Act.ESCORTED_LEAVE, "court", False),
        (Act.COURT_ATTENDANCE, "ministry_standing", True),
        (Act.COURT_ATTENDANCE, "court", True),
        (Act.COURT_ATTENDANCE, "tribunal", False),
        (Act.TRANSFER, "warrant", True),
        (Act.DISCHARGE, "ministry_standing", False),
        (Act.DISCHARGE, "tribunal", True),
        (Act.DISCHARGE, "court", False),
        (Act.CONDITIONAL_DISCHARGE, "tribunal", True),
        (Act.COMMUNITY_TREATMENT, "ministry_specific", False),
    ],
)
def test_which_kind_of_authority_shows_that_they_agreed(act, kind, covered):
    status, authority = _status("09"), _authority(kind, act)
    assert (refusal(legal.check_planned, act, status, [authority], on=ON) is None) is covered
    assert (legal.recorded_without(act, status, [authority], on=ON) is None) is covered


def test_the_court_decides_on_somebody_it_has_still_to_try():
    authority = _authority("court", Act.DISCHARGE)
    assert refusal(legal.check_planned, Act.DISCHARGE, _status("17", "a"), [authority], on=ON) is None


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_one_consent_covers_every_outing_of_its_days(on, covered):
    authority = _authority("ministry_standing", Act.ESCORTED_LEAVE, Act.UNESCORTED_LEAVE)
    for act in (Act.ESCORTED_LEAVE, Act.UNESCORTED_LEAVE):
        assert (legal.recorded_without(act, _status("15"), [authority], on=on) is None) is covered
    assert legal.recorded_without(Act.OVERNIGHT_LEAVE, _status("15"), [authority], on=on)


def test_an_authority_that_names_a_hospital_is_for_that_one():
    here = _authority("ministry_specific", Act.TRANSFER, hospital_id=1)
    for hospital_id, covered in ((1, True), (2, False), (None, True)):
        found = legal.recorded_without(Act.TRANSFER, _status("09"), [here], on=ON, hospital_id=hospital_id)
        assert (found is None) is covered


def test_planning_is_refused_with_a_reason_and_never_where_nobody_need_agree():
    assert "41(3)(c)(i)" in refusal(legal.check_planned, Act.OVERNIGHT_LEAVE, _status("09"), [], on=ON)
    assert "not possible" in refusal(legal.check_planned, Act.COMMUNITY_TREATMENT, _status("15"), [], on=ON)
    assert refusal(legal.check_planned, Act.OVERNIGHT_LEAVE, _status("03"), [], on=ON) is None
    assert refusal(legal.check_planned, Act.DISCHARGE, None, [], on=ON) is None
    assert legal.recorded_without(Act.DISCHARGE, None, [], on=ON) is None


def test_what_has_happened_speaks_up_where_planning_would_only_prompt():
    assert legal.recorded_without(Act.ESCORTED_LEAVE, _status("07"), [], on=ON)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "minister"}, "kind"),
        ({"scope": []}, "scope"),
        ({"scope": ["holiday"]}, "scope"),
        ({"last_day": date(2026, 3, 1)}, "last_day"),
        ({"last_day": ON}, None),
    ],
)
def test_what_an_authority_must_say(given, field):
    known = {"kind": AuthorityKind.COURT, "scope": [Act.DISCHARGE], "since": ON, "last_day": None, **given}
    if field is None:
        legal.check_authority(**known)
        return
    with pytest.raises(Refused) as refused:
        legal.check_authority(**known)
    assert refused.value.field == field
