"""How a ward answers what a person needs: each constraint in each of its states, and the order that comes of it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.refusals import Refused
from organisations.models import AdmissionCriterion
from organisations.rules import DIAGNOSTIC_GROUPS, HOSPITAL_TIERS, NEIGHBOURS, SINGLE_SEX, is_neighbour
from pathways.rules import TAKES
from pathways.rules.beds import GROUPS
from referrals.codes import Outcome
from referrals.rules import matching
from referrals.rules.matching import (
    WEIGHED,
    Free,
    FreeFrom,
    Need,
    Offered,
    Published,
    State,
    findings_of,
    order_of,
    state_of,
)
from synthetic.england import REGIONS
from tests.world import NOW

DAY = timedelta(days=1)
MET, ASK, UNMET = State.MET, State.ASK, State.UNMET
NEED = Need(
    tier="medium",
    also_suitable=("low",),
    ward_gender="men",
    stated_gender="1",
    diagnoses=("F20.0",),
    sections=("47",),
    region="Y60",
)
NOW_FREE = Free(FreeFrom.NOW)
WARD = Offered(
    tier="medium",
    gender="men",
    region="Y60",
    region_name="Midlands",
    published=(Published("tier", "Medium", covers=("medium",)),),
    is_asked=True,
    outcome="accepted",
    beds=(NOW_FREE,),
)


def on(days, why=FreeFrom.DEPARTURE):
    return Free(why, NOW + days * DAY)


def answer(key, need, ward):
    return findings_of(need, ward)[key]


def of_ward(**known):
    return NEED, replace(WARD, **known)


def of_need(**known):
    return replace(NEED, **known), WARD


def both(need, ward):
    return replace(NEED, **need), replace(WARD, **ward)


ANSWERS = [
    ("apart", of_ward(), MET, "No conflict on this ward"),
    ("apart", of_ward(in_conflict=True), UNMET, "Conflict on this ward: ask its security lead"),
    ("tier", of_ward(), MET, "Medium secure, as recommended"),
    ("tier", of_ward(tier="low"), MET, "Low secure, also suitable"),
    ("tier", of_ward(tier="high"), UNMET, "High secure; medium secure is recommended"),
    ("tier", of_need(tier=""), ASK, "Medium secure. No tier is recommended yet"),
    ("tier", of_need(tier="", unread_tier="Kept"), ASK, "Medium secure. Kept"),
    ("gender", of_ward(), MET, "Men, as recommended"),
    ("gender", of_need(ward_gender=""), MET, "Men"),
    ("gender", of_ward(gender="mixed"), UNMET, "Mixed; a ward for men is recommended"),
    ("gender", both({"ward_gender": ""}, {"gender": "mixed"}), MET, "Mixed"),
    ("gender", both({"ward_gender": "mixed"}, {"gender": "mixed"}), MET, "Mixed, as recommended"),
    ("gender", both({"ward_gender": "mixed"}, {}), MET, "Men"),
    (
        "gender",
        of_ward(gender="women"),
        UNMET,
        "Women; a ward for men is recommended: to give a bed here needs a reason",
    ),
    (
        "gender",
        both({"ward_gender": ""}, {"gender": "women"}),
        UNMET,
        "Women only: to give a bed here needs a reason",
    ),
    ("gender", of_need(ward_gender="women"), UNMET, "Men; a ward for women is recommended"),
    (
        "gender",
        of_need(stated_gender="9"),
        MET,
        "Men, as recommended: to give a bed here needs a reason",
    ),
    (
        "gender",
        of_need(ward_gender="", stated_gender="9"),
        ASK,
        "Men only: to give a bed here needs a reason",
    ),
    ("specialty", of_ward(), MET, "For all"),
    ("specialty", of_ward(specialties=("Mental illness",)), MET, "Mental illness, as diagnosed"),
    (
        "specialty",
        of_ward(specialties=("autism", "mental illness")),
        MET,
        "Autism, mental illness, as diagnosed",
    ),
    ("specialty", of_ward(specialties=("autism",)), UNMET, "Autism only: to give a bed here needs a reason"),
    (
        "specialty",
        of_ward(specialties=("deaf people",)),
        ASK,
        "Deaf people: whether that fits, a person has to say",
    ),
    (
        "specialty",
        both({"diagnoses": ()}, {"specialties": ("autism",)}),
        ASK,
        "Autism. No diagnosis is recorded",
    ),
    ("published", of_ward(), MET, "Met"),
    ("published", of_ward(published=(*WARD.published, *WARD.published)), MET, "All 2 met"),
    ("published", of_ward(published=()), ASK, "The service publishes none"),
    (
        "published",
        of_ward(published=(*WARD.published, Published("other", "Words"))),
        ASK,
        "1 to be read by a person",
    ),
    (
        "published",
        of_ward(published=(Published("other", "Words"), Published("area", "London", covers=("Y56",)))),
        UNMET,
        "1 not met",
    ),
    ("outcome", of_ward(), MET, "Accepted"),
    ("outcome", of_ward(outcome="accepted_other_tier"), MET, "Accepted at another tier"),
    ("outcome", of_ward(outcome="deferred"), ASK, "Deferred to a date"),
    ("outcome", of_ward(outcome="declined"), UNMET, "Declined"),
    ("outcome", of_ward(outcome=""), ASK, "Asked, not decided yet"),
    ("outcome", of_ward(outcome="", is_asked=False), ASK, "Not asked yet"),
    ("region", of_ward(), MET, "Midlands, the home region"),
    ("region", of_ward(region="Y62", region_name="North West"), UNMET, "North West, next to the home region"),
    ("region", of_ward(region="Y56", region_name="London"), UNMET, "London, further away"),
    ("region", of_need(region=""), ASK, "Midlands. No home area is recorded"),
    ("free", of_ward(), MET, "1 bed free now."),
    (
        "free",
        of_ward(beds=(NOW_FREE, NOW_FREE), waiting=1),
        MET,
        "2 beds free now. 1 waits for such a bed before them.",
    ),
    ("free", of_ward(waiting=2), ASK, "1 bed free now. 2 wait for such a bed before them."),
    ("free", of_ward(beds=(Free(FreeFrom.OWN),), waiting=5), MET, "A bed is held for this person"),
    ("free", of_ward(beds=(on(3), on(8))), ASK, "Free from 5 March 2026, when a departure is expected."),
    ("free", of_ward(beds=(on(3, FreeFrom.HOLD),)), ASK, "Free from 5 March 2026, until when it is held."),
    (
        "free",
        of_ward(beds=(on(3, FreeFrom.CLOSED),)),
        ASK,
        "Free from 5 March 2026, until when it is closed.",
    ),
    (
        "free",
        of_ward(beds=(on(-1, FreeFrom.OVERDUE),), waiting=1),
        ASK,
        "A departure was expected by 1 March 2026 and is not recorded: ring. 1 waits for such a bed before them.",
    ),
    ("free", of_ward(beds=(Free(FreeFrom.UNKNOWN),)), UNMET, "No bed has a date."),
    ("free", of_ward(beds=()), UNMET, "No bed of this ward is in use"),
]


@pytest.mark.parametrize(("key", "asked", "state", "words"), ANSWERS)
def test_each_constraint_says_how_it_stands(key, asked, state, words):
    found = answer(key, *asked)
    assert (found.state, found.words) == (state, words)


def test_each_constraint_can_be_unmet_and_each_but_keeping_apart_can_be_left_to_a_person():
    seen = {(key, state) for key, _, state, _ in ANSWERS}
    for one in WEIGHED:
        assert (one.key, MET) in seen
        assert (one.key, UNMET) in seen
        assert (one.key, ASK) in seen or one.key == "apart"


# One criterion of each kind, and how NEED stands to it: taken and so, taken and not so, not taken and so, not taken and
# not so, and with nothing recorded.
CRITERIA = [
    ("tier", "medium", "high", {"tier": "", "also_suitable": ()}),
    ("tier", "low", "high", {"tier": "", "also_suitable": ()}),
    ("gender", "men", "women", {"ward_gender": "", "stated_gender": "9"}),
    ("legal_basis", "47", "48(a)", {"sections": ()}),
    ("diagnosis", "mental illness", "autism", {"diagnoses": ()}),
    ("area", "Y60", "Y56", {"region": ""}),
]


@pytest.mark.parametrize(("kind", "theirs", "other", "nothing"), CRITERIA)
def test_a_criterion_of_each_kind(kind, theirs, other, nothing):
    def stands(covers, *, takes=True, need=NEED):
        return state_of(Published(kind, "In words", takes, covers), need)

    assert stands((theirs,)) == stands((theirs, other)) == MET
    assert stands((other,)) == UNMET
    assert stands((theirs,), takes=False) == UNMET
    assert stands((other,), takes=False) == MET
    assert stands(()) == ASK
    assert stands((theirs,), need=replace(NEED, **nothing)) == ASK


def test_every_kind_of_criterion_is_in_the_table_and_others_are_read_by_a_person():
    assert {kind for kind, *_ in CRITERIA} | {"other"} == set(AdmissionCriterion.Kind.values)
    assert state_of(Published("other", "In words", covers=("medium",)), NEED) == ASK


def test_each_criterion_is_told_in_its_words():
    ward = replace(
        WARD,
        published=(
            Published("legal_basis", "People on remand for the Crown Court", False, ("48(a)",)),
            Published("area", "London", covers=("Y56",)),
            Published("other", "No arson"),
        ),
    )
    assert answer("published", NEED, ward).parts == (
        (MET, "Legal basis: People on remand for the Crown Court (not taken)"),
        (UNMET, "Home area: London"),
        (ASK, "Other: No arson"),
    )


def worse(**known):
    return replace(WARD, **known)


# Each ward stands before the next: within one constraint, as its explanation says.
ORDERS = {
    "apart": [WARD, worse(in_conflict=True)],
    "tier": [WARD, worse(tier="low"), worse(tier="high")],
    "gender": [WARD, worse(gender="mixed")],
    "specialty": [
        worse(specialties=("mental illness",)),
        WARD,
        worse(specialties=("deaf people",)),
        worse(specialties=("autism",)),
    ],
    "published": [
        WARD,
        worse(published=(Published("other", "One"),)),
        worse(published=(Published("other", "One"), Published("other", "Two"))),
        worse(published=(Published("area", "London", covers=("Y56",)),)),
        worse(
            published=(
                Published("area", "London", covers=("Y56",)),
                Published("tier", "High", covers=("high",)),
            )
        ),
    ],
    "outcome": [WARD, worse(outcome=""), worse(outcome="declined")],
    "region": [WARD, worse(region="Y62"), worse(region="Y56")],
    "free": [
        worse(beds=(Free(FreeFrom.OWN),)),
        WARD,
        worse(beds=(NOW_FREE, NOW_FREE), waiting=1),
        worse(waiting=1),
        worse(waiting=2),
        worse(beds=(on(3),)),
        worse(beds=(on(3),), waiting=1),
        worse(beds=(on(4, FreeFrom.HOLD),)),
        worse(beds=(on(-1, FreeFrom.OVERDUE),)),
        worse(beds=(Free(FreeFrom.UNKNOWN),)),
        worse(beds=(Free(FreeFrom.UNKNOWN),), waiting=1),
    ],
}


@pytest.mark.parametrize("key", ORDERS)
def test_the_order_within_one_constraint(key):
    places = [order_of(findings_of(NEED, ward)) for ward in ORDERS[key]]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize(("heavier", "lighter"), list(pairwise(one.key for one in WEIGHED)))
def test_a_heavier_constraint_outweighs_every_lighter_one(heavier, lighter):
    """A ward that is worst on the lighter stands before one that is second best on the heavier."""
    good, bad = ORDERS[lighter][-1], ORDERS[heavier][1]
    one = answer(lighter, NEED, good).place
    other = answer(heavier, NEED, bad).place
    base = findings_of(NEED, ORDERS[heavier][0])
    first = {**base, lighter: answer(lighter, NEED, good)}
    second = {**base, heavier: answer(heavier, NEED, bad)}
    assert one > base[lighter].place or lighter == "apart"
    assert other > base[heavier].place
    assert order_of(first) < order_of(second)


def test_the_order_of_weight_is_this_one():
    assert [one.key for one in WEIGHED] == [
        "apart",
        "tier",
        "gender",
        "specialty",
        "published",
        "outcome",
        "region",
        "free",
    ]
    assert set(ORDERS) == {one.key for one in WEIGHED}


def test_every_answer_can_be_ordered_against_every_other():
    for one in WEIGHED:
        assert sorted(answer(key, *asked).place for key, asked, *_ in ANSWERS if key == one.key)


@pytest.mark.parametrize("tier", HOSPITAL_TIERS)
@pytest.mark.parametrize("gender", ["men", "women", "mixed"])
@pytest.mark.parametrize("outcome", ["", *Outcome.values])
def test_every_tier_gender_and_decision_has_an_answer(tier, gender, outcome):
    ward = Offered(tier=tier, gender=gender, outcome=outcome)
    for need in (NEED, Need()):
        assert set(findings_of(need, ward)) == {one.key for one in WEIGHED}


def test_every_way_of_becoming_free_has_words_and_a_place():
    assert len({Free(why, NOW).words for why in FreeFrom}) == len(FreeFrom)
    assert {why for why in FreeFrom if Free(why, NOW).is_now} == {FreeFrom.NOW, FreeFrom.OWN}
    assert {why for why in FreeFrom if not Free(why, NOW).is_known} == {FreeFrom.OVERDUE, FreeFrom.UNKNOWN}


def test_regions_are_neighbours_both_ways_and_known():
    codes = {code for code, _ in REGIONS}
    assert set().union(*NEIGHBOURS) == codes
    assert all(is_neighbour(one, other) == is_neighbour(other, one) for one in codes for other in codes)
    assert not any(is_neighbour(code, code) for code in codes)
    assert is_neighbour("Y56", "Y59")
    assert not is_neighbour("Y56", "Y58")


def test_the_codes_of_criteria_are_those_of_the_rules():
    assert set(DIAGNOSTIC_GROUPS) == {name for name, _ in GROUPS}
    assert set(SINGLE_SEX) == set(TAKES)


@pytest.mark.parametrize(("may_ask", "may_give"), [(True, False), (False, True), (True, True)])
def test_who_asks_or_gives_may_look(may_ask, may_give):
    matching.check_may_find(may_ask=may_ask, may_give=may_give)


def test_who_does_neither_may_not():
    with pytest.raises(Refused, match="a service asked"):
        matching.check_may_find(may_ask=False, may_give=False)


@pytest.mark.parametrize(
    ("known", "short", "full"),
    [
        ({}, "No tier is recommended yet", "nobody is assessing"),
        ({"lead": "Brook House"}, "Brook House is to assess", "Brook House leads"),
        (
            {"lead": "Brook House", "writing": "Ashdown Unit", "due_on": date(2026, 3, 9)},
            "Ashdown Unit is assessing",
            "due 9 March 2026",
        ),
        (
            {"writing": "Brook House", "signed_by": "Ashdown Unit", "signed_on": date(2026, 3, 2)},
            "Ask Ashdown Unit",
            "signed that on 2 March 2026",
        ),
    ],
)
def test_where_no_tier_is_compared_it_is_said_who_can_say(known, short, full):
    silence = matching.silence_on_tier(**known)
    assert short in silence.short
    assert full in silence.full
