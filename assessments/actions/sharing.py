"""What other services say of a signed version, which sections still hold, and when it stops being current."""

from typing import Any

from assessments import rules
from assessments.codes import SectionKind
from assessments.models import Acceptance, CurrencyEnd, Reply, SectionConfirmation, SignedAssessment
from core.actions import action
from core.refusals import Refused
from organisations.models import Service
from pathways import line
from pathways.models import Patient


@action
def accept_assessment(
    signed: SignedAssessment, *, service: Service, tier: str, answer: str, words: str = "", by: Any
) -> Acceptance:
    """A service's word on the assessment, never on the person: its own, with a question, or not and why.

    `tier` is the one at which the service would take the person. A later word stands for an earlier one.
    """
    signed = _locked(signed)
    _check_works_at(service, by)
    rules.check_answer(signed, answer=answer, words=words, on=by.today)
    rules.check_tier(service.kind, tier)
    acceptance = Acceptance.objects.create(
        signed=signed,
        service=service,
        tier=tier,
        answer=answer,
        words=words.strip(),
        answered_by=by.user,
        answered_at=by.at,
    )
    _record(signed, "assessments.accepted", service, by=by, answer=answer, acceptance=acceptance.pk)
    return acceptance


@action
def answer_question(acceptance: Acceptance, *, words: str, by: Any) -> Reply:
    """The service that signed answers the question put with an acceptance; whoever asked is told."""
    signed = _locked(acceptance.signed)
    rules.check_reply(acceptance, words=words, actor=by)
    reply = Reply.objects.create(
        acceptance=acceptance, words=words.strip(), answered_by=by.user, answered_at=by.at
    )
    _record(
        signed,
        "assessments.question_answered",
        signed.service,
        by=by,
        acceptance=acceptance.pk,
        asked_by=acceptance.service_id,
    )
    return reply


@action
def confirm_section(signed: SignedAssessment, kind: str, *, service: Service, by: Any) -> SectionConfirmation:
    """A clinician confirms that a section still holds. The same day's second press changes nothing."""
    signed = _locked(signed)
    _check_works_at(service, by)
    if kind not in SectionKind.values:
        raise Refused("Choose a section from the list.")
    if not rules.is_current(signed, by.today):
        raise Refused("This version is no longer current, so there is nothing to confirm.")
    already = SectionConfirmation.objects.filter(
        signed=signed, kind=kind, service=service, confirmed_by=by.user, confirmed_at__date=by.today
    ).first()
    if already:
        return already
    confirmation = SectionConfirmation.objects.create(
        signed=signed,
        kind=kind,
        service=service,
        confirmed_by=by.user,
        confirmed_at=by.at,
        confirm_by=rules.confirm_by(kind, by.today),
    )
    _record(signed, "assessments.section_confirmed", service, by=by, section=kind)
    return confirmation


@action
def end_currency(signed: SignedAssessment, *, why: str, by: Any) -> CurrencyEnd:
    """A material change: from now on the version is not current, and a new assessment can be started."""
    signed = _locked(signed)
    if not why.strip():
        raise Refused("Say what has changed.", "why")
    if not rules.is_current(signed, by.today):
        raise Refused("This version is already no longer current.")
    ended = CurrencyEnd.objects.create(signed=signed, at=by.at, by=by.user, why=why.strip())
    _record(signed, "assessments.currency_ended", None, by=by)
    return ended


def _locked(signed: SignedAssessment) -> SignedAssessment:
    """The version as it stands once nobody else is at work on this person's assessments.

    The row itself is append-only and can't be locked by the application's role, so the person is.
    """
    Patient.objects.locked(signed.patient_id)
    found: SignedAssessment = (
        SignedAssessment.objects.with_state()
        .select_related("assessment", "patient", "service")
        .get(pk=signed.pk)
    )
    return found


def _check_works_at(service: Service, by: Any) -> None:
    if not by.works_at(service.pk):
        raise Refused("Choose a service where you work.", "service")


def _record(signed: SignedAssessment, kind: str, service: Service | None, *, by: Any, **details: Any) -> None:
    if signed.assessment.about_kind == "referral":
        details["referral"] = signed.assessment.about_id
    line.record(
        kind,
        patient=signed.patient,
        by=by,
        about=("assessment", signed.assessment_id),
        service=service,
        details={"signed": signed.pk, **details},
    )
