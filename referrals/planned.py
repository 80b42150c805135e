"""Moves for which a day is planned, as the law asks about them."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from pathways.plans import Plan
from referrals import rules
from referrals.codes import StepKind
from referrals.models import Approach, BedOffer, Step


def planned_moves(referrals: Any) -> list[Step]:
    """The days planned of some referrals, for moves that are an act in law, soonest first.

    Each with its referral, and as `hospital_id` the one that would receive the person now, as `hospital_of` chooses it.
    """
    asked = Approach.objects.open().filter(referral=OuterRef("referral"))
    holds = BedOffer.objects.current().filter(approach=OuterRef("pk"))
    accepts = Approach.objects.accepting().filter(pk=OuterRef("pk"))
    receiving = asked.annotate(holds=Exists(holds), accepts=Exists(accepts)).order_by(
        "-holds", "-accepts", "pk"
    )
    steps = Step.objects.current().filter(
        kind=StepKind.PLANNED, for_on__isnull=False, referral__in=referrals.order_by().values("pk")
    )
    rows = steps.annotate(hospital_id=Subquery(receiving.values("service")[:1])).select_related("referral")
    return [one for one in rows.order_by("for_on", "pk") if rules.act_of(one.referral.kind, one.referral.act)]


def plan_of(step: Any) -> Plan:
    """A day planned, of `planned_moves`."""
    referral = step.referral
    hospital_id = step.hospital_id if rules.KINDS[referral.kind].needs_bed else None
    act = rules.act_of(referral.kind, referral.act)
    return Plan(referral.patient_id, act, step.for_on, step.for_on, hospital_id)
