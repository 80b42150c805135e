"""Writes the shared assessments of made-up people by COPY, as if signing had written them then."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings

from accounts.models import User
from assessments.codes import SectionKind
from assessments.content import SHAPE
from assessments.models import (
    Acceptance,
    Assessment,
    CurrencyEnd,
    MedicalReport,
    Passage,
    Recommendation,
    Section,
    SignedAssessment,
)
from assessments.rules import current_until
from assessments.seal import seal_of
from organisations.rules import Tier
from pathways.days import noon
from synthetic.by_copy import People
from synthetic.copying import Table

WORDS = {
    SectionKind.REFERRAL: "Referred by the prison mental health team for assessment of need for hospital treatment.",
    SectionKind.IDENTITY: "Identity checked against the record held.",
    SectionKind.LEGAL: "Held in custody. Dates as recorded.",
    SectionKind.LOCATION: "On the healthcare wing, seen daily.",
    SectionKind.PSYCHIATRIC: "Several admissions to general hospital. Hears voices; partly treated.",
    SectionKind.RISK: "Assaults when unwell; none since treatment began. Not known to abscond.",
    SectionKind.PHYSICAL: "No allergies known. Physical health check due.",
    SectionKind.PSYCHOSOCIAL: "Keeps in touch with a sister. Wants to return to work.",
    SectionKind.TOOLS: "See ratings.",
    SectionKind.SECURITY: "Needs a staffed, locked ward with skilled relational security.",
    SectionKind.PURPOSE: "Treatment, then step-down as soon as stable.",
}
CHANGED = "Made up: they need another tier than when this was signed."
QUESTION = "Made up: what was the response to the last treatment?"
RECOMMENDATION = {
    "also_suitable": [],
    "why_not_lower": "Recent violence that an open ward could not manage.",
    "why_not_higher": "No escape planning and no need for high physical security.",
    "urgency": "urgent",
    "special_needs": "",
}


def recommended(tier: str, ward_gender: str) -> dict[str, Any]:
    """What an assessment says that somebody needs."""
    return {"tier": tier, "ward_gender": ward_gender, **RECOMMENDATION}


class Signed(NamedTuple):
    """A signed version of somebody: its id, when it was signed, for which referral, and the tier it recommends."""

    pk: int
    on: date
    referral: int | None
    tier: str


class Assessments:
    """Tables of the shared assessment."""

    def __init__(self, people: People) -> None:
        self.people, self.installed = people, people.installed
        self.names = dict(User.objects.values_list("pk", "name"))
        self.assessments, self.sections, self.passages = Table(Assessment), Table(Section), Table(Passage)
        self.recommendations, self.signed = Table(Recommendation), Table(SignedAssessment)
        self.acceptances, self.reports = Table(Acceptance), Table(MedicalReport)
        self.currency_ends = Table(CurrencyEnd)
        self.assessment_of: dict[int, int] = {}
        self.signed_of: dict[int, Signed] = {}

    tables = People.tables

    def open(self, patient: int, service: int, on: date, referral: int) -> None:
        """A draft that a service has begun, with a few sections written."""
        assessment = self.assessments.add(
            patient_id=patient,
            lead_service_id=self.installed.service_ids[service],
            assessor_id=self.installed.staff_of(service),
            opened_at=noon(on),
            due_on=on + timedelta(days=7),
            about_kind="referral",
            about_id=referral,
        )
        self._event(patient, "assessments.opened", on, service, assessment, referral)
        for number, kind in enumerate(SectionKind):
            saved = (
                {"saved_at": noon(on), "saved_by_id": self.installed.staff_of(service)} if number < 4 else {}
            )
            section = self.sections.add(assessment_id=assessment, kind=kind.value, **saved)
            self.passages.add(section_id=section, restriction="none", text=WORDS[kind] if saved else "")

    def sign(
        self,
        patient: int,
        service: int,
        opened_on: date,
        signed_on: date,
        referral: int | None,
        *,
        tier: str = "",
        repeats: int | None = None,
        reason: str = "",
    ) -> int:
        """A draft with every section, and its signed version. The answer is the signed version's id.

        `tier`: what it recommends, else the tier of the service that signs. `reason`: why it repeats another.
        """
        tier = tier or self.installed.services[service].tier
        tier = tier if tier in Tier.values else Tier.MEDIUM
        needs = recommended(tier, self.people.ward_genders[patient])
        assessment = self.assessments.add(
            patient_id=patient,
            lead_service_id=self.installed.service_ids[service],
            assessor_id=self.installed.staff_of(service),
            opened_at=noon(opened_on),
            due_on=opened_on + timedelta(days=7),
            repeats_id=repeats,
            repeat_reason=reason,
            repeat_why="Made up: a second view was asked for." if reason else "",
            about_kind="referral" if referral else "",
            about_id=referral,
            closed_at=noon(signed_on),
            closed_as="signed",
        )
        self.recommendations.add(assessment_id=assessment, **needs, is_written=True)
        signed_at, signer = noon(signed_on), self.installed.staff_of(service)
        content = signed_content(needs, self.names[signer], self.installed.services[service].name, signed_on)
        row = self.signed.add(
            assessment_id=assessment,
            patient_id=patient,
            service_id=self.installed.service_ids[service],
            number=1,
            content=content,
            tier=tier,
            sha256=seal_of(content, signed_by_id=signer, signed_at=signed_at),
            signed_by_id=signer,
            signed_at=signed_at,
            current_until=current_until(signed_on, settings.ASSESSMENT_CURRENT_MONTHS),
        )
        self.people.waits.assess(patient, signed_on, tier, row, signer)
        self._event(patient, "assessments.opened", opened_on, service, assessment, referral)
        self._event(
            patient, "assessments.signed", signed_on, service, assessment, referral, signed=row, number=1
        )
        self.assessment_of[row] = assessment
        if not reason:
            self.signed_of[patient] = Signed(row, signed_on, referral, tier)
        return row

    def current(self, patient: int, on: date) -> Signed | None:
        """The last signed version of somebody, if it is current on a day."""
        last = self.signed_of.get(patient)
        is_current = last and last.on <= on <= current_until(last.on, settings.ASSESSMENT_CURRENT_MONTHS)
        return last if is_current else None

    def end_currency(self, patient: int, signed: Signed, service: int, on: date) -> None:
        """A service says that somebody has changed so much that another assessment is to be written."""
        by = self.installed.staff_of(service)
        self.currency_ends.add(signed_id=signed.pk, at=noon(on), by_id=by, why=CHANGED)
        about, said = ("assessment", self.assessment_of[signed.pk]), {"signed": signed.pk}
        kind = "assessments.currency_ended"
        self.people.event(patient, kind, on, by=service, about=about, referral=signed.referral, **said)

    def accept(self, patient: int, signed: int, service: int, on: date, *, answer: str, referral: int) -> int:
        """A service's word on a signed version, at its own tier. The answer is the acceptance's id."""
        acceptance = self.acceptances.add(
            signed_id=signed,
            service_id=self.installed.service_ids[service],
            tier=self.installed.services[service].tier,
            answer=answer,
            words="" if answer == "yes" else QUESTION,
            answered_by_id=self.installed.staff_of(service),
            answered_at=noon(on),
        )
        said = {"signed": signed, "answer": answer, "acceptance": acceptance}
        assessment = self.assessment_of[signed]
        self._event(patient, "assessments.accepted", on, service, assessment, referral, **said)
        return acceptance

    def _event(
        self, patient: int, kind: str, on: date, service: int, assessment: int, referral: int | None, **said
    ) -> None:
        about = ("assessment", assessment)
        self.people.event(patient, kind, on, service=service, about=about, referral=referral, **said)


def signed_content(needs: dict[str, Any], signer: str, service: str, signed_on: date) -> dict:
    """The content of a made-up signed version, in the shape that signing writes (assessments.content)."""
    at = noon(signed_on).isoformat()
    return {
        "shape": SHAPE,
        "assessor": signer,
        "service": service,
        "sections": [
            {
                "kind": kind.value,
                "holds_from": signed_on.isoformat(),
                "saved_at": at,
                "saved_by": signer,
                "passages": [{"restriction": "none", "text": WORDS[kind]}],
            }
            for kind in SectionKind
        ],
        "recommendation": needs,
        "ratings": [],
    }
