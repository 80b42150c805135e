"""Referrals, services asked, decisions, and what a transfer needs on its way."""

from referrals.models.approaches import Approach, BedOffer, Decision
from referrals.models.referrals import HandOver, LegalBasis, Referral
from referrals.models.steps import Step, Warrant
from referrals.models.waiting import Contact, Delay, Review

__all__ = [
    "Approach",
    "BedOffer",
    "Contact",
    "Decision",
    "Delay",
    "HandOver",
    "LegalBasis",
    "Referral",
    "Review",
    "Step",
    "Warrant",
]
