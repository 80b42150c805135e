"""Assessments as tests need them: opened, written, signed."""

from datetime import date
from typing import Any

from assessments import actions
from assessments.codes import SectionKind
from assessments.models import Assessment, SignedAssessment
from pathways.models import Patient
from tests.world import NOW, England, a_patient, actor_of

RECOMMENDED = {
    "tier": "medium",
    "why_not_lower": "Two serious assaults in six months.",
    "why_not_higher": "No planning and no escape history.",
    "urgency": "urgent",
    "ward_gender": "men",
}


def asked_about(england: England, *services: Any) -> Patient:
    """Somebody in HMP Wexley about whom Ashdown and Brook (or the services named) have been asked."""
    from pathways.actions import relationships

    patient = a_patient(england)
    for service in services or (england.ashdown, england.brook):
        relationships.open_relationship(
            patient, service=service, basis="approach", since=NOW, by=actor_of(england.lena)
        )
    relationships.open_relationship(
        patient, commissioner=england.north, basis="responsibility", since=NOW, by=actor_of(england.lena)
    )
    return patient


def drafted(england: England, patient: Patient | None = None, *, at=NOW, **known: Any) -> Assessment:
    """Opened by Maya for Ashdown; nothing written yet."""
    patient = patient or asked_about(england)
    return actions.claim_assessment(
        patient, service=england.ashdown, by=actor_of(england.maya, at=at), **known
    )


def write_all(assessment: Assessment, by: Any, *, risk: dict[str, str] | None = None) -> None:
    """Every section with a few words, and the recommendation."""
    for kind in SectionKind:
        texts = {"none": f"About {kind.label.lower()}."}
        if kind == SectionKind.RISK and risk:
            texts |= risk
        version = assessment.sections.get(kind=kind).version
        actions.save_section(assessment, kind, texts=texts, version=version, by=by)
    actions.save_recommendation(assessment, **RECOMMENDED, version=0, by=by)


def written(
    england: England, patient: Patient | None = None, *, at=NOW, risk=None, **known: Any
) -> Assessment:
    """Ready to be signed."""
    assessment = drafted(england, patient, at=at, **known)
    write_all(assessment, actor_of(england.maya, at=at), risk=risk)
    return assessment


def signed(
    england: England, patient: Patient | None = None, *, at=NOW, risk=None, **known: Any
) -> SignedAssessment:
    """Signed by Maya."""
    assessment = written(england, patient, at=at, risk=risk, **known)
    return actions.sign_assessment(assessment, by=actor_of(england.maya, at=at))


def a_report(england: England, patient: Patient, gmc_number: str, **known: Any):
    """A doctor's report under section 47 for a made-up transfer."""
    answers = {
        "about": ("referral", 1),
        "doctor_name": "Dr Made Up",
        "is_section_12_approved": True,
        "examined_on": date(2026, 2, 26),
        "signed_on": date(2026, 2, 27),
        "section": "47",
        **known,
    }
    return actions.record_report(patient, gmc_number=gmc_number, by=actor_of(england.ines), **answers)
