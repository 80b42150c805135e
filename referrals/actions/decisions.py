"""What each service asked decides about the person."""

from dataclasses import dataclass
from datetime import date

from assessments.models import Acceptance, SignedAssessment
from core.actions import action
from organisations.actor import Actor
from organisations.models import AdmissionCriterion
from pathways import days
from pathways.actions import relationships
from pathways.models import Relationship
from referrals import messages, rules
from referrals.actions import beds, checklist, escalation
from referrals.codes import Outcome, StepKind
from referrals.models import Approach, BedOffer, Decision, Referral


@dataclass(frozen=True)
class Answer:
    """Everything a decision says, as it was given."""

    acceptance: Acceptance
    outcome: str
    tier: str
    reason: str
    criterion: AdmissionCriterion | None
    words: str
    deferred_to: date | None
    expected_on: date | None
    depends_on: str
    decided_on: date


@action
def decide(
    approach: Approach,
    *,
    acceptance: Acceptance,
    outcome: str,
    tier: str = "",
    reason: str = "",
    criterion: AdmissionCriterion | None = None,
    words: str = "",
    deferred_to: date | None = None,
    expected_on: date | None = None,
    depends_on: str = "",
    decided_on: date,
    by: Actor,
) -> Decision:
    """Accept, accept at another tier, decline or defer: on the service's word on a current assessment."""
    answer = Answer(
        acceptance, outcome, tier, reason, criterion, words, deferred_to, expected_on, depends_on, decided_on
    )
    referral, approach = _held(approach)
    rules.check_decides(
        acts_for_it=rules.acts_for(by, approach.service_id),
        closed=approach.closed_at is not None,
        decided=Decision.objects.current().filter(approach=approach).exists(),
    )
    decision = _write(referral, approach, answer, by=by)
    _keep_or_end_relationship(referral, approach, outcome, by=by)
    _tell(referral, decision, "referrals.decided", by=by)
    escalation.look(referral, by=by)
    checklist.settle(referral)
    return decision


@action
def change_decision(
    decision: Decision,
    *,
    why: str,
    acceptance: Acceptance,
    outcome: str,
    tier: str = "",
    reason: str = "",
    criterion: AdmissionCriterion | None = None,
    words: str = "",
    deferred_to: date | None = None,
    expected_on: date | None = None,
    depends_on: str = "",
    decided_on: date,
    version: int | None = None,
    by: Actor,
) -> Decision:
    """Decide otherwise, with why. The first answer is kept; a bed held on it falls free.

    With a `version` of the approach, only if its decision and bed date are those that were seen.
    """
    answer = Answer(
        acceptance, outcome, tier, reason, criterion, words, deferred_to, expected_on, depends_on, decided_on
    )
    referral, approach = _held(decision.approach)
    decision = Decision.objects.get(pk=decision.pk)
    rules.check_decides(
        acts_for_it=rules.acts_for(by, approach.service_id),
        closed=approach.closed_at is not None,
        decided=False,
    )
    checklist.check_seen(approach, version)
    rules.check_change_of_decision(superseded=decision.superseded_at is not None, why=why)
    decision.supersede(by=by, why=why)
    decision = _write(referral, approach, answer, by=by)
    _keep_or_end_relationship(referral, approach, outcome, by=by)
    if outcome not in rules.ACCEPTING:
        for offer in BedOffer.objects.current().filter(approach=approach).select_related("hold"):
            beds.let_go(offer, why="The service has decided otherwise.", by=by)
    _tell(referral, decision, "referrals.decision_changed", by=by)
    escalation.look(referral, by=by)
    checklist.settle(referral)
    return decision


def _keep_or_end_relationship(referral: Referral, approach: Approach, outcome: str, *, by: Actor) -> None:
    """A service that declines can open the person for the grace and no longer; one that decides otherwise, again."""
    about = ("approach", approach.pk)
    if outcome == Outcome.DECLINED:
        relationships.end_relationships(about=about, at=by.at, by=by)
        return
    relationships.open_relationship(
        referral.patient,
        service=approach.service,
        basis=Relationship.Basis.APPROACH,
        about=about,
        since=by.at,
        by=by,
    )


def _held(approach: Approach) -> tuple[Referral, Approach]:
    """The transfer and the approach as they are now, under the locks."""
    referral = checklist.hold_open(approach.referral)
    rules.check_of_kind(StepKind.DECISION, referral.kind)
    return referral, Approach.objects.select_related("service").get(pk=approach.pk)


def _write(referral: Referral, approach: Approach, answer: Answer, *, by: Actor) -> Decision:
    signed = answer.acceptance.signed
    said = (
        Acceptance.objects.filter(signed=signed, service=approach.service)
        .order_by("answered_at", "pk")
        .last()
    )
    rules.check_acceptance(
        of_this_service=answer.acceptance.service_id == approach.service_id,
        of_this_person=signed.patient_id == referral.patient_id,
        is_current=SignedAssessment.objects.current(on=by.today).filter(pk=signed.pk).exists(),
        answer=said.answer if said else "no",
        outcome=answer.outcome,
    )
    criterion = answer.criterion
    rules.check_decision(
        answer.outcome,
        tier=answer.tier,
        recommended=signed.tier,
        reason=answer.reason,
        words=answer.words,
        deferred_to=answer.deferred_to,
        expected_on=answer.expected_on,
        decided_on=answer.decided_on,
        today=by.today,
        asked_on=days.london_date(approach.asked_at),
        signed_on=days.london_date(signed.signed_at),
        criterion_is_own=criterion is None or criterion.service_id == approach.service_id,
        own_tiers=approach.service.wards.all().tiers_at(days.noon(answer.decided_on)),
    )
    rules.check_belongs(answer.outcome, vars(answer))
    checklist.move_on(approach)
    return Decision.objects.create(
        approach=approach,
        acceptance=answer.acceptance,
        outcome=answer.outcome,
        tier=rules.tier_accepted(answer.outcome, answer.tier, signed.tier),
        reason=answer.reason,
        criterion=criterion,
        words=answer.words,
        deferred_to=answer.deferred_to,
        expected_on=answer.expected_on,
        depends_on=answer.depends_on,
        decided_on=answer.decided_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )


def _tell(referral: Referral, decision: Decision, kind: str, *, by: Actor) -> None:
    event = checklist.record(
        referral,
        kind,
        on=decision.decided_on,
        service=decision.approach.service,
        details={"outcome": decision.outcome, "tier": decision.tier, "reason": decision.reason},
        by=by,
    )
    messages.tell(event, referral, services=[referral.from_service], by=by)
