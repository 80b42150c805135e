"""Referrals of other kinds than the transfer from prison, as tests need them."""

from datetime import timedelta
from typing import Any

from organisations.models import Service
from pathways.actions import beds, legal, placements
from pathways.models import Patient
from referrals import actions
from referrals.models import Approach, Decision, Referral
from tests.referrals.transfers import accepts_assessment, approach_of, assessed
from tests.world import NOW, TODAY, England, a_patient, actor_of

ADMITTED_ON = TODAY - timedelta(days=40)


def in_ashdown(england: England, *, code: str = "03", limb: str = "", **known: Any) -> Patient:
    """Somebody who came to Ashdown from prison forty days ago, in bed 2, held under a status."""
    patient = a_patient(england, **known)
    at, by = NOW - timedelta(days=40), actor_of(england.maya)
    placements.place(patient, service=england.ashdown, ward=england.ward, at=at, by=by)
    beds.occupy_bed(england.second_bed, patient=patient, at=at, by=by)
    if code:
        legal.record_legal_status(patient, code=code, limb=limb, since=ADMITTED_ON, by=by)
    return patient


def referred(england: England, patient: Patient, kind: str = "step_down", **known: Any) -> Referral:
    """Maya asks for a move of somebody at Ashdown."""
    answers: dict[str, Any] = {
        "from_service": england.ashdown,
        "urgency": 3,
        "why": "Settled for six months.",
        "on": TODAY,
    }
    return actions.refer(patient, kind=kind, by=actor_of(england.maya), **{**answers, **known})


def accepted_by_brook(england: England, referral: Referral) -> Approach:
    """Brook House is asked, takes the shared assessment as its own and accepts at low security."""
    actions.ask_service(referral, england.brook, by=actor_of(england.maya))
    if not referral.steps.current().filter(kind="assessment").exists():
        assessed(england, referral)
    approach = approach_of(referral, england.brook)
    accepts(england, approach, england.brook)
    return approach


def accepts(england: England, approach: Approach, service: Service) -> Decision:
    word = accepts_assessment(england, approach.referral, service)
    return actions.decide(
        approach,
        acceptance=word,
        outcome="accepted_other_tier",
        tier="low",
        decided_on=TODAY,
        by=actor_of(england.luke),
    )
