"""Every legal status by code, limb and form: restricted or not, what follows, what detains, the ways back."""

from datetime import date
from types import SimpleNamespace

import pytest

from core.refusals import Refused, refusal
from pathways.codes import Limb, MhsdsLegalStatus
from pathways.rules import legal
from pathways.rules.legal.statuses import CONDITIONAL, CTO, INSANITY_RESTRICTED, RECALLED, Held

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
    tuple(CTO): (False, RECALLED, ("15", "")),
    tuple(RECALLED): (False, CTO, ("15", "")),
}
# Of which nothing is known to follow: anything may.
OPEN_ENDED = {("14", ""), ("32", ""), ("33", ""), ("34", ""), ("98", ""), ("99", "")}


def test_every_code_limb_and_form_has_a_row():
    wanted = {Held(code) for code in S.values}
    wanted |= {Held(S.S48_49, limb) for limb in Limb.values} | {Held(S.S48, "c"), Held(S.S48, "d")}
    wanted |= {CONDITIONAL, CTO, RECALLED, INSANITY_RESTRICTED}
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
