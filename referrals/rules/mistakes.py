"""What was recorded by mistake: who may take it back, and while what hangs on it has been taken back first."""

from collections.abc import Collection
from datetime import date

from accounts.rights import Right
from core.pages import in_sentence, listed
from core.refusals import Refused, Stale
from organisations.actor import Actor
from referrals.codes import EndReason, StepKind
from referrals.rules.steps import BLOCKED_BY_LAW, NEEDS, SIMPLY_DATED, acts_for
from referrals.rules.who import is_author_or_case_manager

# A warrant is a row of its own, and its step is taken back with it. The other steps are what other rows say.
TAKEN_BACK = SIMPLY_DATED | {StepKind.WARRANT, StepKind.AGREED, StepKind.AFTERCARE, StepKind.PLANNED}


def check_taken_back(
    kind: str,
    *,
    why: str,
    superseded: bool,
    done: Collection[str],
    from_report: bool,
    recorded_by_id: int | None,
    by: Actor,
) -> None:
    """Refuse to take back a step without a reason, under what stands on it by law, or what somebody else recorded."""
    if superseded:
        raise Stale
    if kind not in TAKEN_BACK:
        raise Refused("Take back what this step came from instead.")
    if from_report:
        raise Refused("This step is a doctor's report. Withdraw the report instead.")
    check_author(recorded_by_id, by=by)
    after = [
        StepKind(later)
        for later in StepKind
        if later in done and later in BLOCKED_BY_LAW and kind in NEEDS[StepKind(later)]
    ]
    if after:
        names = ", ".join(in_sentence(later.label) for later in after)
        raise Refused(f"Something recorded since stands on this step. Take back first: {names}.")
    if not why.strip():
        raise Refused("Say what was wrong.", "why")


def check_author(recorded_by_id: int | None, *, by: Actor) -> None:
    """Refuse anybody but who recorded it and the case manager."""
    if not is_author_or_case_manager(recorded_by_id, by=by):
        raise Refused("Only who recorded this, or the case manager, can take it back.")


def check_end_undone(
    *,
    why: str,
    reason: str,
    recorded_on: date | None,
    within_days: int,
    today: date,
    prison_id: int,
    received_id: int | None = None,
    is_transfer: bool = True,
    by: Actor,
) -> None:
    """Refuse to undo no end, one too long ago, and anybody but who asked, who received and the case manager.

    `within_days` is the installation's choice: an end stands on the line and in figures, and others act on it.
    """
    if recorded_on is None:
        raise Refused("It has not ended.")
    if reason == EndReason.DIED and not is_transfer:
        raise Refused(
            "The death ended it. A death recorded by mistake is taken back on the person’s own page."
        )
    if not (acts_for(by, prison_id, received_id) or by.has(Right.TRIAGE)):
        raise Refused(
            "The service that asked, one that received the person, or the case manager, can undo the end."
        )
    if (today - recorded_on).days > within_days:
        raise Refused(f"The end was recorded more than {within_days} days ago. Ask anew instead.")
    if not why.strip():
        raise Refused("Say why the end is undone.", "why")


def check_nothing_since(later: Collection[str]) -> None:
    """Refuse to take back a move on which something else that was recorded stands."""
    if later:
        raise Refused(
            f"Since the move there is on record: {listed(later)}. "
            "A move can be undone only while nothing has come after it."
        )
