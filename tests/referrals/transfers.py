"""Transfers as tests need them, each brought so far by the acts of the people who do them."""

from datetime import date, datetime, timedelta
from typing import Any

from assessments import actions as assessing
from assessments.models import Acceptance, SignedAssessment
from organisations.actor import Actor
from organisations.models import Service
from pathways.days import noon
from pathways.models import Patient
from referrals import actions
from referrals.models import Approach, BedOffer, Decision, Referral, Step, Warrant
from tests.assessments.drafting import write_all
from tests.world import NOW, TODAY, England, a_patient, actor_of


def at(days: int, hours: int = 0) -> datetime:
    """So many days after the Monday morning on which the tests begin."""
    return NOW + timedelta(days=days, hours=hours)


def on(days: int) -> date:
    """The London date so many days after that Monday."""
    return TODAY + timedelta(days=days)


def asked(
    england: England, patient: Patient | None = None, *, by: Actor | None = None, **known: Any
) -> Referral:
    """Lena at HMP Wexley asks Ashdown and Brook House for somebody who serves a sentence."""
    answers: dict[str, Any] = {
        "from_service": england.prison,
        "section": "47",
        "with_restrictions": True,
        "urgency": 2,
        "urgency_why": "Not eating.",
        "report_first_requested_on": TODAY,
        "services": [england.ashdown, england.brook],
    }
    who = by or actor_of(england.lena)
    return actions.request_transfer(patient or a_patient(england), by=who, **{**answers, **known})


def approach_of(referral: Referral, service: Service) -> Approach:
    return Approach.objects.get(referral=referral, service=service, closed_at=None)


def assessed(england: England, referral: Referral, *, when: datetime = NOW) -> SignedAssessment:
    """Maya writes and signs the assessment for Ashdown: medium."""
    by = actor_of(england.maya, at=when)
    about = ("referral", referral.pk)
    draft = assessing.claim_assessment(referral.patient, service=england.ashdown, about=about, by=by)
    write_all(draft, by)
    return assessing.sign_assessment(draft, by=by)


def accepts_assessment(
    england: England, referral: Referral, service: Service, *, answer: str = "yes", when: datetime = NOW
) -> Acceptance:
    """A service takes the current assessment as its own, or not."""
    user = england.maya if service == england.ashdown else england.luke
    by = actor_of(user, at=when)
    signed = SignedAssessment.objects.of(referral.patient).current(on=by.today).get()
    words = "" if answer == "yes" else "The history is not ours."
    return assessing.accept_assessment(
        signed, service=service, tier=signed.tier, answer=answer, words=words, by=by
    )


def decided(
    england: England,
    referral: Referral,
    service: Service | None = None,
    *,
    outcome: str = "accepted",
    when: datetime = NOW,
    **known: Any,
) -> Decision:
    """A service (Ashdown unless said) accepts the assessment and decides about the person."""
    service = service or england.ashdown
    user = england.maya if service == england.ashdown else england.luke
    acceptance = accepts_assessment(england, referral, service, when=when)
    by = actor_of(user, at=when)
    known.setdefault("decided_on", by.today)
    return actions.decide(
        approach_of(referral, service), acceptance=acceptance, outcome=outcome, by=by, **known
    )


def reported(england: England, referral: Referral, *, when: datetime = NOW) -> None:
    """Two doctors report, both approved under section 12, on the day."""
    by = actor_of(england.ines, at=when)
    for doctor, gmc in (("Dr First", "1111111"), ("Dr Second", "2222222")):
        actions.record_report(
            referral,
            doctor_name=doctor,
            gmc_number=gmc,
            is_section_12_approved=True,
            examined_on=by.today,
            signed_on=by.today,
            says_urgent_need=True,
            by=by,
        )


def accepted(england: England, **known: Any) -> Referral:
    """Asked, assessed and accepted by Ashdown."""
    referral = asked(england, **known)
    assessed(england, referral)
    decided(england, referral)
    return fresh(referral)


def bedded(
    england: England, referral: Referral, *, bed_on: date | None = None, when: datetime = NOW
) -> BedOffer:
    """Ashdown gives a bed date, in three days unless said."""
    by = actor_of(england.maya, at=when)
    approach = approach_of(referral, england.ashdown)
    return actions.give_bed_date(approach, england.bed, bed_on=bed_on or on(3), by=by)


def applied(england: England, referral: Referral, *, when: datetime = NOW) -> Step:
    """Lena sends the application."""
    by = actor_of(england.lena, at=when)
    return actions.record_step(referral, "application", on=by.today, by=by)


def warranted(england: England, referral: Referral, *, when: datetime = NOW, **known: Any) -> Warrant:
    """Lena records the warrant, which names Ashdown."""
    by = actor_of(england.lena, at=when)
    basis = referral.legal_bases.current().get(during__upper_inf=True)
    answers = {
        "section": basis.section,
        "with_restrictions": basis.with_restrictions,
        "hospital": england.ashdown,
        "given_on": by.today,
    }
    return actions.record_warrant(referral, by=by, **{**answers, **known})


def ready(england: England, **known: Any) -> Referral:
    """Everything done but the leaving and the receiving: the warrant is live."""
    referral = accepted(england, **known)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    warranted(england, referral)
    return fresh(referral)


def received(england: England, referral: Referral, *, when: datetime | None = None) -> Referral:
    """Maya receives the person at Ashdown, in three days at noon unless said."""
    when = when or noon(on(3))
    by = actor_of(england.maya, at=when)
    return actions.admit(referral, service=england.ashdown, bed=england.bed, at=when, by=by)


def fresh(referral: Referral) -> Referral:
    """As the database has it."""
    return Referral.objects.get(pk=referral.pk)


def standing(referral: Referral) -> set[str]:
    """The kinds of the steps believed now."""
    return set(Step.objects.current().filter(referral=referral).values_list("kind", flat=True))
