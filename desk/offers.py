"""What one person's page offers: acts that somebody has the right to and whose rule refuses neither who nor where.

Each asks the very rules that the action asks; what depends on what is typed is left to that.
"""

from collections.abc import Iterable

from accounts.rights import Right
from assessments.existing import Existing, may_start
from core.refusals import refusal
from desk.recorded import Recorded
from pathways.models import Leave, Placement
from pathways.rules import check_may_place
from pathways.rules import leave as of_leave
from pathways.rules import movements as of_movements
from pathways.rules.movements import TAKEN_FROM
from referrals.pages.worklist import may_ask
from referrals.rules.transfers import check_no_open_transfer, check_not_in_hospital


def offered_to(recorded: Recorded, assessed: Iterable[Existing]) -> dict[str, bool]:
    """Every act of the page, by the word that the templates know it by, and whether it is offered."""
    actor, found = recorded.actor, recorded.patient
    is_alive = found.died_on is None
    return {
        "may_correct": actor.has(Right.REGISTER_PATIENT),
        "may_record": actor.has(Right.RECORD_STEP),
        "may_place": actor.has(Right.RECORD_STEP),
        "may_record_death": actor.has(Right.END_TRANSFER) and is_alive,
        "may_take_back_death": actor.has(Right.END_TRANSFER) and not is_alive,
        "may_ask": is_alive and _may_ask(recorded),
        "may_refer": actor.has(Right.REQUEST_TRANSFER) and is_alive,
        "may_assess": may_start(found, assessed, actor),
        "may_restrict": actor.has(Right.RESTRICT_ACCESS),
        "may_record_status": actor.has(Right.RECORD_LEGAL_STATUS) and is_alive,
        "may_record_authority": actor.has(Right.RECORD_AUTHORITY),
        "may_record_ready": actor.has(Right.RECORD_READY) and is_alive and _had_in_hospital(recorded),
        "may_diagnose": actor.has(Right.WRITE_ASSESSMENT) and is_alive,
        "may_see_who_looked": actor.has(Right.READ_WHO_LOOKED),
        "may_keep_apart": actor.has(Right.KEEP_APART),
        **leave_offers(recorded),
    }


def leave_offers(recorded: Recorded) -> dict[str, bool]:
    """Leave and movements. What is to come is of those who have the person, what was also of those who had them."""
    actor = recorded.actor
    is_alive = recorded.patient.died_on is None
    gives = actor.has(Right.RECORD_LEAVE) and is_alive
    moves = actor.has(Right.RECORD_MOVEMENT) and is_alive
    return {
        "may_plan_leave": gives and not refusal(_check_gives_leave, recorded),
        "may_record_leave": gives and _had_in_hospital(recorded),
        "may_plan_movement": moves and not refusal(_check_takes_out, recorded),
        "may_record_movement": moves and (_had(recorded, TAKEN_FROM) or _tries_out(recorded)),
    }


def may_act_on(leave: Leave, recorded: Recorded) -> bool:
    """Whether somebody may do anything about a leave or a movement: of theirs, or of somebody on trial with them."""
    actor = recorded.actor
    if leave.is_movement:
        on_trial_at = _on_trial_at(recorded, leave.left_at or actor.at)
        return actor.has(Right.RECORD_MOVEMENT) and not refusal(
            of_movements.check_may_record, [leave.service_id, *on_trial_at], acts_for=actor.service_ids
        )
    concerned = [leave.service_id] + ([leave.to_ward.service_id] if leave.to_ward else [])
    return actor.has(Right.RECORD_LEAVE) and not refusal(
        of_leave.check_may_give_leave, concerned, acts_for=actor.service_ids
    )


def places_to_correct(recorded: Recorded) -> frozenset[object]:
    """The ids of the places that somebody may put right: of theirs, the one after it, and all while they are there."""
    actor, rows = recorded.actor, recorded.placements
    if not actor.has(Right.RECORD_STEP):
        return frozenset()
    found = set()
    for number, row in enumerate(rows):
        around = {one.service_id for one in (*rows[max(0, number - 1) : number + 1], rows[-1])}
        if not refusal(check_may_place, around - {None}, acts_for=actor.service_ids):
            found.add(row.public_id)
    return frozenset(found)


def _now(recorded: Recorded) -> Placement | None:
    last = recorded.placements[-1:]
    return next((one for one in last if one.during.upper is None), None)


def _may_ask(recorded: Recorded) -> bool:
    """A transfer from prison, where the person is in no hospital and nobody has asked for one."""
    now = _now(recorded)
    asked = next((one for one in recorded.referrals if one.is_transfer and one.is_open), None)
    return (
        may_ask(recorded.actor)
        and not refusal(check_not_in_hospital, at_hospital=now is not None and now.is_at_hospital)
        and not refusal(check_no_open_transfer, asked)
    )


def _check_gives_leave(recorded: Recorded) -> None:
    now = _now(recorded)
    of_leave.check_on_ward(now)
    assert now is not None  # noqa: S101 (the rule refused)
    assert now.service_id is not None  # noqa: S101
    of_leave.check_may_give_leave([now.service_id], acts_for=recorded.actor.service_ids)


def _check_takes_out(recorded: Recorded) -> None:
    now = _now(recorded)
    of_movements.check_taken_from(now)
    assert now is not None  # noqa: S101 (the rule refused)
    assert now.service_id is not None  # noqa: S101
    concerned = [now.service_id, *_on_trial_at(recorded, recorded.actor.at)]
    of_movements.check_may_record(concerned, acts_for=recorded.actor.service_ids)


def _on_trial_at(recorded: Recorded, at: object) -> list[int]:
    """The hospital that has or had the person on trial leave at an instant."""
    return [one.to_ward.service_id for one in _trials(recorded) if at in one.during]


def _trials(recorded: Recorded) -> list[Leave]:
    return [one for one in recorded.leaves if one.during is not None and one.to_ward is not None]


def _tries_out(recorded: Recorded) -> bool:
    """Whether a hospital of the actor's has or had the person on trial leave."""
    return any(recorded.actor.works_at(one.to_ward.service_id) for one in _trials(recorded) if one.to_ward)


def _had(recorded: Recorded, kinds: Iterable[str]) -> bool:
    """Whether a service of the actor's of some kinds has the person, or had them."""
    return any(
        one.service is not None and one.service.kind in kinds and recorded.actor.works_at(one.service_id)
        for one in recorded.placements
    )


def _had_in_hospital(recorded: Recorded) -> bool:
    return _had(recorded, ("hospital",))
