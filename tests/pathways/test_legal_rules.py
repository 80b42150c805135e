"""The law as tables: every status, every act, every way back and every length, row by row."""

from datetime import date
from types import SimpleNamespace

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused, refusal
from pathways.codes import Act, AuthorityKind, LegalForm, Limb, MhsdsLegalStatus
from pathways.rules import legal
from pathways.rules.legal.durations import DURATIONS, Length, Stage, Unit
from pathways.rules.legal.statuses import CONDITIONAL, CTO, INSANITY_RESTRICTED, Held, StatusKind

S = MhsdsLegalStatus
ON = date(2026, 3, 2)

# code, limb or form: restricted or not, and one status that usually follows and one that does not.
ROWS = {
    ("01", ""): (False, ("03", ""), ("09", "")),
    ("02", ""): (False, ("03", ""), ("16", "")),
    ("03", ""): (False, CTO, ("47", "")),
    ("04", ""): (False, ("02", ""), ("15", "")),
    ("05", ""): (False, ("02", ""), ("15", "")),
    ("06", ""): (False, ("05", ""), ("15", "")),
    ("07", ""): (False, ("08", ""), ("16", "")),
    ("08", ""): (False, ("09", ""), ("07", "")),
    ("09", ""): (True, CONDITIONAL, ("03", "")),
    ("10", ""): (False, CTO, ("09", "")),
    ("12", ""): (False, ("37", ""), ("03", "")),
    ("13", ""): (True, ("09", ""), ("16", "")),
    ("15", ""): (True, ("16", ""), ("03", "")),
    ("16", ""): (False, CTO, ("15", "")),
    ("17", ""): (True, ("09", ""), ("18", "c")),
    ("17", "a"): (True, ("15", ""), ("18", "c")),
    ("17", "b"): (True, ("17", "a"), ("18", "c")),
    ("17", "c"): (True, ("03", ""), ("09", "")),
    ("17", "d"): (True, ("98", ""), ("15", "")),
    ("18", ""): (False, ("03", ""), ("17", "a")),
    ("18", "c"): (False, ("01", ""), ("17", "a")),
    ("18", "d"): (False, ("98", ""), ("17", "a")),
    ("19", ""): (False, ("02", ""), ("15", "")),
    ("20", ""): (False, ("03", ""), ("15", "")),
    ("31", ""): (False, ("01", ""), ("15", "")),
    tuple(INSANITY_RESTRICTED): (True, CONDITIONAL, ("15", "")),
    ("35", ""): (False, ("03", ""), ("15", "")),
    ("36", ""): (False, ("03", ""), ("15", "")),
    ("37", ""): (True, ("38", ""), ("03", "")),
    ("38", ""): (False, CTO, ("37", "")),
    tuple(CONDITIONAL): (True, ("09", ""), ("16", "")),
    tuple(CTO): (False, ("03", ""), ("15", "")),
}
# Of which nothing is known to follow: anything may.
OPEN_ENDED = {("14", ""), ("32", ""), ("33", ""), ("34", ""), ("98", ""), ("99", "")}


def test_every_code_limb_and_form_has_a_row():
    wanted = {Held(code) for code in S.values}
    wanted |= {Held(S.S48_49, limb) for limb in Limb.values} | {Held(S.S48, "c"), Held(S.S48, "d")}
    wanted |= {CONDITIONAL, CTO, INSANITY_RESTRICTED}
    assert set(legal.STATUSES) == wanted
    assert set(ROWS) | OPEN_ENDED == {tuple(held) for held in wanted}


@pytest.mark.parametrize("held", ROWS, ids=lambda held: f"{held[0]}{held[1]}")
def test_a_status_is_restricted_or_not_and_followed_by_what_the_act_says(held):
    restricted, follows, does_not = ROWS[held]
    assert legal.is_restricted(*held) is restricted
    assert legal.usually_follows(Held(*held), Held(*follows))
    assert not legal.usually_follows(Held(*held), Held(*does_not))
    assert legal.rule_of(*held).ends_by


@pytest.mark.parametrize("held", sorted(OPEN_ENDED))
def test_of_what_is_not_known_anything_may_follow(held):
    assert not legal.is_restricted(*held)
    assert legal.usually_follows(Held(*held), Held(S.S37_41))


def test_everything_that_may_follow_is_itself_in_the_table():
    for rule in legal.STATUSES.values():
        assert rule.may_follow <= set(legal.STATUSES)


def test_no_community_treatment_order_follows_restrictions_though_its_code_does():
    for code in (S.S37_41, S.S47_49, S.S45A):
        assert legal.usually_follows(Held(code), Held(S.NOT_APPLICABLE))
        assert not legal.usually_follows(Held(code), CTO)


@pytest.mark.parametrize(
    ("held", "detains"),
    [
        ("01", False),
        ("02", True),
        ("05", True),
        ("07", True),
        ("10", True),
        ("17", True),
        ("35", False),
        ("99", False),
    ],
)
def test_what_detains_in_hospital(held, detains):
    assert legal.rule_of(held).detains is detains


def test_what_is_recorded_is_looked_up_by_limb_or_form():
    status = SimpleNamespace(code="17", limb="b", form="")
    assert legal.held_of(status) == ("17", "b")
    assert legal.held_of(SimpleNamespace(code="98", limb="", form="community_treatment")) == CTO
    assert legal.held_of(None) == (S.NOT_KNOWN, "")


# The way back

WAYS = {
    ("15", ""): ["50(1)"],
    ("37", ""): ["50(1) by 50(5)"],
    ("17", "a"): ["51(3)", "51(4)"],
    ("17", "b"): ["52(5)"],
    ("17", "c"): ["53(2)"],
    ("17", "d"): ["53(2)"],
}


@pytest.mark.parametrize("held", sorted(legal.STATUSES), ids=lambda held: f"{held[0]}{held[1]}")
def test_there_is_a_way_back_by_the_limb_or_none_and_why(held):
    if tuple(held) in WAYS:
        assert [way.section for way in legal.remission_basis(*held)] == WAYS[held]
    else:
        with pytest.raises(Refused) as refused:
            legal.remission_basis(*held)
        assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("code", "limb", "says"),
    [
        ("16", "", "notional section 37"),
        ("38", "", "limitation direction has ended"),
        ("18", "d", "needs a restriction direction"),
        ("17", "", "which group of section 48"),
        ("12", "", "Only the court"),
    ],
)
def test_why_there_is_no_way_back(code, limb, says):
    assert says in refusal(legal.remission_basis, code, limb)


def test_who_sends_somebody_back():
    assert {way.decided_by for way in legal.remission_basis("17", "a")} == {"warrant", "court"}
    assert {way.decided_by for way in legal.remission_basis("17", "b")} == {"court"}


@pytest.mark.parametrize(
    ("code", "limb", "release_on", "refused"),
    [
        ("15", "", None, False),
        ("15", "", date(2026, 3, 3), False),
        ("15", "", ON, True),
        ("37", "", ON, True),
        ("17", "c", ON, False),
    ],
)
def test_nobody_is_returned_by_section_50_from_the_release_date_on(code, limb, release_on, refused):
    assert bool(refusal(legal.check_remission, code, limb, on=ON, release_on=release_on)) is refused


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
    ("99", ""): (N, N, N, N, X),
}


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


# How long


@pytest.mark.parametrize(
    ("since", "number", "unit", "last"),
    [
        (date(2026, 6, 1), 28, Unit.DAYS, date(2026, 6, 28)),
        (date(2026, 6, 1), 12, Unit.WEEKS, date(2026, 8, 23)),
        (date(2026, 3, 1), 6, Unit.MONTHS, date(2026, 8, 31)),
        (date(2026, 8, 31), 6, Unit.MONTHS, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, Unit.MONTHS, date(2025, 2, 28)),
        (date(2026, 12, 15), 12, Unit.MONTHS, date(2027, 12, 14)),
        (date(2026, 6, 1), 72, Unit.HOURS, date(2026, 6, 4)),
        (date(2026, 6, 1), 6, Unit.HOURS, date(2026, 6, 1)),
    ],
)
def test_a_period_that_begins_with_a_day_ends(since, number, unit, last):
    assert legal.last_day_of(since, Length(number, unit)) == last


def _lengths(code, form="", in_force=True):
    rows = [row for row in DURATIONS if (row.code, row.form) == (code, form)]
    return legal.lengths_of(row for row in rows if bool(row.in_force_from) is in_force)


SIX_SIX_YEAR = [(6, "months"), (6, "months"), (12, "months"), (12, "months")]
COURT_REMAND = [(28, "days"), (28, "days"), (28, "days"), (28, "days")]
NEVER = [None, None, None, None]
ONCE = {"02": (28, "days"), "04": (72, "hours"), "05": (72, "hours"), "06": (6, "hours")}
ONCE |= {"19": (24, "hours"), "20": (24, "hours")}
LASTS = {
    **{Held(code): [length, None, None, None] for code, length in ONCE.items()},
    **{Held(code): SIX_SIX_YEAR for code in ("03", "10", "16", "18", "31", "35", "36", "38")},
    Held("18", "c"): SIX_SIX_YEAR,
    Held("18", "d"): SIX_SIX_YEAR,
    CTO: SIX_SIX_YEAR,
    Held("07"): COURT_REMAND,
    Held("08"): COURT_REMAND,
    Held("12"): [(12, "weeks"), (28, "days"), (28, "days"), (28, "days")],
}


@pytest.mark.parametrize("held", sorted(legal.STATUSES), ids=lambda held: f"{held[0]}{held[1]}")
def test_how_long_each_status_lasts_and_is_renewed_for(held):
    lengths = _lengths(held.code, "" if held.variant in Limb.values else held.variant)
    found = [legal.length_after(lengths, renewals) for renewals in range(4)]
    assert found == LASTS.get(held, NEVER)
    assert legal.is_renewable(lengths) is (found[1] is not None)


def test_whoever_is_restricted_is_reported_on_within_a_year():
    for held, rule in legal.STATUSES.items():
        lengths = _lengths(held.code, "" if held.variant in Limb.values else held.variant)
        assert (Stage.REPORT in lengths) is rule.is_restricted
        assert lengths.get(Stage.REPORT) in (None, (12, "months"))


def test_the_act_of_2025_shortens_section_3_only_and_is_not_in_force():
    lengths = _lengths("03", in_force=False)
    found = [legal.length_after(lengths, renewals) for renewals in range(4)]
    assert found == [(3, "months"), (3, "months"), (6, "months"), (12, "months")]
    assert {row.code for row in DURATIONS if row.in_force_from is None} == {"03"}


def test_each_length_cites_its_law():
    assert all("Act 19" in row.legal_basis or "Act 20" in row.legal_basis for row in DURATIONS)


def test_the_courts_remand_ends_within_what_it_may_last_in_all():
    lengths, first = _lengths("07"), date(2026, 1, 1)
    ends = legal.authority_ends_on(first, lengths)
    assert ends == date(2026, 1, 28)
    # Twelve weeks beginning with 1 January end on 25 March.
    third = legal.authority_ends_on(date(2026, 3, 10), lengths, renewals=2, first_day=first)
    assert third == date(2026, 3, 25)
    assert legal.authority_ends_on(first, _lengths("09")) is None


@pytest.mark.parametrize(
    ("code", "until", "last_day", "longest", "says"),
    [
        ("09", None, ON, None, "no last day"),
        ("02", date(2026, 3, 1), ON, None, "cannot be renewed"),
        ("03", ON, ON, None, "after the present one"),
        ("03", date(2026, 3, 1), ON, date(2026, 3, 1), "no later day than 1 March 2026"),
        ("03", date(2026, 3, 1), ON, ON, None),
        ("03", date(2026, 3, 1), ON, None, None),
    ],
)
def test_what_may_be_renewed(code, until, last_day, longest, says):
    sentence = refusal(
        legal.check_renewal,
        lengths=_lengths(code),
        authorised_until=until,
        last_day=last_day,
        longest=longest,
    )
    assert (says in sentence) if says else sentence is None


@pytest.mark.parametrize(
    ("last_day", "longest", "refused"),
    [(date(2026, 3, 1), None, True), (ON, None, False), (ON, ON, False), (date(2026, 3, 3), ON, True)],
)
def test_a_last_day_is_within_the_law(last_day, longest, refused):
    found = refusal(legal.check_authorised_until, last_day, since=ON, longest=longest)
    assert bool(found) is refused


# What may be recorded


@pytest.mark.parametrize(
    ("code", "limb", "form", "field"),
    [
        ("11", "", "", "code"),
        ("33", "", "", "code"),
        ("34", "", "", "code"),
        ("14", "", "", "code"),
        ("18", "a", "", "code"),
        ("17", "e", "", "limb"),
        ("15", "a", "", "limb"),
        ("15", "", LegalForm.WITH_RESTRICTIONS, "form"),
        ("98", "", LegalForm.WITH_RESTRICTIONS, "form"),
        ("98", "", LegalForm.CONDITIONAL_DISCHARGE, None),
        ("31", "", LegalForm.WITH_RESTRICTIONS, None),
        ("18", "c", "", None),
    ],
)
def test_what_the_act_knows(code, limb, form, field):
    if field is None:
        legal.check_legal_status(code, limb, form)
        return
    with pytest.raises(Refused) as refused:
        legal.check_legal_status(code, limb, form)
    assert refused.value.field == field


def test_retired_codes_are_those_of_the_kind():
    retired = {held.code for held, rule in legal.STATUSES.items() if rule.kind == StatusKind.RETIRED}
    assert retired == {"14", "33", "34"}


@pytest.mark.parametrize(
    ("check", "args", "kwargs", "refused"),
    [
        ("check_status_follows", (ON, ON), {}, False),
        ("check_status_follows", (ON, date(2026, 3, 1)), {}, True),
        ("check_status_ends", (ON, ON), {"today": ON}, False),
        ("check_status_ends", (ON, date(2026, 3, 1)), {"today": ON}, True),
        ("check_status_ends", (ON, date(2026, 3, 3)), {"today": ON}, True),
        ("check_not_after", (ON, ON, "on"), {}, False),
        ("check_not_after", (date(2026, 3, 3), ON, "on"), {}, True),
        ("check_neighbour", (ON, None), {}, False),
        ("check_neighbour", (ON, date(2026, 3, 3)), {}, False),
        ("check_neighbour", (ON, ON), {}, True),
        ("check_neighbour", (None, None), {}, True),
        ("check_reported", (ON,), {"is_restricted": True, "since": ON, "today": ON}, False),
        ("check_reported", (ON,), {"is_restricted": False, "since": ON, "today": ON}, True),
        ("check_reported", (ON,), {"is_restricted": True, "since": date(2026, 3, 3), "today": ON}, True),
        ("check_key_date_kind", ("hearing", ["hearing"]), {}, False),
        ("check_key_date_kind", ("birthday", ["hearing"]), {}, True),
        ("check_authority_ends", (DateRange(ON, None), ON), {}, False),
        ("check_authority_ends", (DateRange(ON, None), date(2026, 3, 1)), {}, True),
        ("check_authority_ends", (DateRange(ON, date(2026, 3, 5)), date(2026, 3, 3)), {}, False),
        ("check_authority_ends", (DateRange(ON, date(2026, 3, 5)), date(2026, 3, 4)), {}, True),
        ("check_not_settled", (SimpleNamespace(settled_at=None),), {}, False),
        ("check_not_settled", (SimpleNamespace(settled_at=1),), {}, True),
        ("check_still_open", (SimpleNamespace(superseded_at=None, during=DateRange(ON, None)),), {}, False),
        ("check_still_open", (SimpleNamespace(superseded_at=1, during=DateRange(ON, None)),), {}, True),
        ("check_still_open", (SimpleNamespace(superseded_at=None, during=DateRange(ON, ON)),), {}, True),
    ],
)
def test_small_checks(check, args, kwargs, refused):
    assert bool(refusal(getattr(legal, check), *args, **kwargs)) is refused
