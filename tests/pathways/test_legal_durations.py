"""How long the law holds, what may be renewed, and the small checks of what is recorded."""

from datetime import date
from types import SimpleNamespace

import pytest
from psycopg2.extras import DateRange

from core.refusals import Refused, refusal
from pathways.codes import LegalForm, Limb
from pathways.rules import legal
from pathways.rules.legal.durations import DURATIONS, Length, Stage, Unit
from pathways.rules.legal.statuses import CTO, RECALLED, Held, StatusKind

ON = date(2026, 3, 2)

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
        (date(2026, 6, 1), 72, Unit.HOURS, date(2026, 6, 3)),
        (date(2026, 6, 1), 24, Unit.HOURS, date(2026, 6, 1)),
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
    RECALLED: [(72, "hours"), None, None, None],
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
    [(date(2026, 3, 1), ON, True), (ON, None, True), (ON, ON, False), (date(2026, 3, 3), ON, True)],
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
        ("check_key_date_near", (date(1996, 1, 1),), {"today": ON}, False),
        ("check_key_date_near", (date(1995, 12, 31),), {"today": ON}, True),
        ("check_key_date_near", (date(2086, 12, 31),), {"today": ON}, False),
        ("check_key_date_near", (date(2087, 1, 1),), {"today": ON}, True),
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
