"""What made-up people show: every value of every closed list, or a reason here why it is not shown."""

from datetime import timedelta
from itertools import chain, pairwise

import pytest

from pathways.codes import LeaveEnd, LeaveKind, LegalForm, Limb, MhsdsLegalStatus
from pathways.ready_codes import AttributableTo, ReadyEnd, ReadyReason, WaitsOn
from pathways.rules import usually_follows
from pathways.rules.legal import STATUSES, WAYS_BACK, StatusKind, rule_of
from referrals.codes import (
    DeclineReason,
    DelayParty,
    DelayReason,
    EndReason,
    Kind,
    MoveEnd,
    Outcome,
    WarrantOutcome,
)
from referrals.rules import KINDS, ORDERS_OF_COURT
from synthetic import by_copy_moves, held, leave, moves, ready, transfers
from synthetic.law import dates_of
from tests.synthetic.test_lives import TODAY, made

DAY = timedelta(days=1)
RETIRED = {status.code for status, rule in STATUSES.items() if rule.kind == StatusKind.RETIRED}
# Under eighteen: the services here are for adults (design.md, scope).
FOR_THE_YOUNG = {"20", "21", "22", "23", "29", "30"}


@pytest.fixture(scope="module")
def everybody():
    return made(1500)[1]


def periods_of(everybody):
    return [period for life in everybody for period in life.law.periods]


def test_every_legal_status_is_shown_but_those_no_longer_in_use(everybody):
    shown = {period.held.code for period in periods_of(everybody)}
    assert shown == set(MhsdsLegalStatus.values) - RETIRED
    variants = {period.held.variant for period in periods_of(everybody)}
    assert variants == {"", *Limb.values, *LegalForm.values}


def test_statuses_follow_one_another_by_the_laws_own_table(everybody):
    for life in everybody:
        for before, after in pairwise(life.law.periods):
            assert before.until is not None
            assert before.since < before.until <= after.since
            if before.until == after.since:
                assert usually_follows(before.held, after.held)


def test_a_status_that_does_not_follow_is_a_mistake():
    law = held.Law()
    law.begin(held.Held("15"), TODAY)
    with pytest.raises(ValueError, match="does not follow"):
        law.begin(held.CTO, TODAY)


def test_nobody_is_held_in_hospital_without_a_status_or_in_the_community_under_one_that_detains(everybody):
    services = made(1500)[0]
    for life in everybody:
        for stay in life.stays:
            now = life.law.on(stay.since)
            if stay.bed and stay.since != stay.until:
                assert now is not None
            elif stay.service is not None and services[stay.service].kind == "community":
                assert now is not None
                assert not rule_of(*now).detains


def test_people_come_by_every_kind_of_referral_and_are_returned_by_every_basis(everybody):
    came = [stay for life in everybody for stay in life.stays]
    assert {stay.came_by for stay in came} - {""} == set(Kind.values) - {Kind.PRISON_TRANSFER}
    left = {
        life.law.on(before.until - DAY)
        for life in everybody
        for before, stay in pairwise(life.stays)
        if stay.came_by == "remission"
    }
    assert left == set(WAYS_BACK)


def test_transfers_end_and_wait_in_every_way(everybody):
    ends = {request.end for life in everybody for request in life.requests}
    assert ends == {"", *EndReason.values}
    assert {party for party, _ in transfers.DELAYS} == set(DelayParty.values)
    assert {reason for _, reason in transfers.DELAYS} == set(DelayReason.values)
    assert set(transfers.DECLINES) == set(DeclineReason.values)


def test_decisions_and_warrants_have_every_outcome():
    services, everybody, random = made(1500)
    details = [
        transfers.detail(life, request, services, TODAY, random)
        for life in everybody
        for request in life.requests
    ]
    asked = [one for transfer in details for one in transfer.asked]
    assert {one.outcome for one in asked} == {"", *Outcome.values}
    warrants = {outcome for transfer in details for _, outcome in transfer.warrants}
    assert warrants == set(WarrantOutcome.values)


def test_referrals_end_in_every_way_and_are_asked_at_every_stage():
    assert {*by_copy_moves.FAILED, MoveEnd.MOVED, MoveEnd.DIED} == set(MoveEnd)
    assert {*moves.KINDS_ASKED, Kind.COURT_ADMISSION} == set(KINDS) - {Kind.PRISON_TRANSFER}
    assert {order.stage for order in moves.ORDERS} == set(moves.STAGES)


def test_court_orders_are_within_their_days_near_the_end_behind_it_and_met():
    ages = {(order.code in ("07", "08"), order.days_ago, order.stage) for order in moves.ORDERS}
    for is_remand, last in ((True, 7), (False, 28)):
        waiting = {days for remand, days, stage in ages if remand == is_remand and stage != "moved"}
        assert any(days < last - 3 for days in waiting)
        assert any(last - 3 <= days < last for days in waiting)
        assert sum(days >= last for days in waiting) == 1
        assert any(remand == is_remand and stage == "moved" for remand, _, stage in ages)
    shown = {order.code for order in moves.ORDERS} | {one.code for one in held.ORDERED}
    assert shown == set(map(str, ORDERS_OF_COURT))


def test_readiness_has_every_reason_for_adults_everybody_who_may_have_to_act_and_every_end():
    rows = list(chain(ready.WARD, ready.COMMUNITY, ready.PRISON))
    assert {reason for reason, *_ in rows} == set(ReadyReason.values) - FOR_THE_YOUNG
    assert {waits_on for _, waits_on, *_ in rows} == set(WaitsOn.values)
    assert {party for _, _, party, _ in rows} == set(AttributableTo.values)
    ends = {"moved", "reason", *ready.ENDED_WHY, *ready.HOW_IT_TURNED.values()}
    assert ends == set(ReadyEnd.values)


def test_leave_has_every_kind_and_every_end():
    assert set(leave.PAST_KINDS) == set(LeaveKind)
    assert {"returned", "recalled", "moved", "cancelled", *leave.ENDED_BY_PLACE.values()} == set(
        LeaveEnd.values
    )


def test_what_lasts_a_time_is_renewed_or_followed_by_something_before_it_ends(everybody):
    for period in periods_of(everybody):
        until = dates_of(period, TODAY).authorised_until
        assert until is None or until >= (period.until or TODAY) - DAY
