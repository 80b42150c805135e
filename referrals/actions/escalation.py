"""What the answers of all the services asked amount to. Called by actions, inside their transaction."""

from organisations.actor import Actor
from referrals import messages, rules
from referrals.actions import checklist
from referrals.codes import StepKind
from referrals.models import Approach, BedOffer, Decision, Referral


def look(referral: Referral, *, by: Actor) -> None:
    """Mark or reopen what follows from the decisions; when everyone has declined, call the case managers."""
    asked = Approach.objects.open().filter(referral=referral)
    standing = Decision.objects.current().filter(approach__in=asked).select_related("approach__service")
    accepting = standing.filter(outcome__in=rules.ACCEPTING).order_by("decided_on", "pk").first()
    if accepting is not None:
        service = accepting.approach.service
        checklist.mark(referral, StepKind.DECISION, on=accepting.decided_on, service=service, by=by)
    else:
        checklist.reopen(referral, StepKind.DECISION, why="No service accepts the person.", by=by)
    if not BedOffer.objects.current().filter(approach__in=asked).exists():
        checklist.reopen(referral, StepKind.BED_DATE, why="No bed date stands.", by=by)
    outcomes = {decision.approach_id: decision.outcome for decision in standing}
    if rules.everyone_declined([outcomes.get(pk) for pk in asked.values_list("pk", flat=True)]):
        event = checklist.record(referral, "referrals.all_declined", by=by)
        messages.tell(event, referral, services=[referral.from_service], case_managers=True, by=by)
