"""The bed that somebody leaves by a planned move: expected to be free then, as long as the plan stands."""

from organisations.actor import Actor
from pathways import days
from pathways.actions import ward_beds
from referrals.actions import checklist
from referrals.codes import StepKind
from referrals.models import Referral, Step


def follow_plan(referral: Referral, *, by: Actor) -> None:
    """The day for which the move is planned is when they are expected to leave their bed; inside an action."""
    planned = checklist.done(referral).get(StepKind.PLANNED)
    if planned is not None and planned.for_on is not None and planned.for_on >= by.today:
        until = days.noon(planned.for_on)
        ward_beds.follow_plan(referral.patient, referral.from_service, until=until, by=by)


def call_off(referral: Referral, planned: Step | None, *, by: Actor) -> None:
    """The move does not take place as planned: nobody is expected to leave by it; inside an action."""
    if planned is not None and planned.for_on is not None:
        was = days.noon(planned.for_on)
        ward_beds.follow_plan(referral.patient, referral.from_service, until=None, planned=was, by=by)
