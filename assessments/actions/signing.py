"""Signing a draft, and correcting what was signed by a newer version that says why."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max

from assessments import rules
from assessments.actions import drafts
from assessments.codes import AcceptanceAnswer, Closing, RepeatReason, SectionKind
from assessments.content import content_of, sections_by_kind, written_kinds
from assessments.models import (
    Acceptance,
    Assessment,
    CurrencyEnd,
    Passage,
    Recommendation,
    Section,
    SignedAssessment,
)
from assessments.seal import seal_of
from core.actions import action
from core.refusals import Refused
from pathways.actions import relationships, security
from pathways.days import london_date, noon
from pathways.models import Patient


@action
def sign_assessment(assessment: Assessment, *, by: Any) -> SignedAssessment:
    """Make the draft a signed version that never changes. It is then current for every service.

    The service that signs it takes it as its own by signing, and can decide about the person at once.
    """
    Patient.objects.locked(assessment.patient_id)
    assessment = Assessment.objects.locked(assessment)
    rules.check_may_write(assessment, by)
    has_recommendation = Recommendation.objects.filter(assessment=assessment, is_written=True).exists()
    rules.check_can_sign(written_kinds(assessment.sections.all()), has_recommendation=has_recommendation)
    corrected = _corrected(assessment)
    signed = _write(assessment, corrected, by=by)
    Acceptance.objects.create(
        signed=signed,
        service=signed.service,
        tier=signed.tier,
        answer=AcceptanceAnswer.YES,
        answered_by=by.user,
        answered_at=by.at,
    )
    drafts.close(assessment, Closing.SIGNED, by=by)
    _end_what_it_replaces(assessment, corrected, signed, by=by)
    security.record_need(
        assessment.patient,
        tier=signed.tier,
        since=by.today,
        about=("signed_assessment", signed.pk),
        corrects=("signed_assessment", corrected.pk) if corrected else None,
        by=by,
    )
    # Who signed can open the person while the version is current, and the usual grace after.
    until = max(noon(signed.current_until), by.at)
    relationships.end_relationships(about=("assessment", assessment.pk), at=until, by=by)
    drafts.record(assessment, "assessments.signed", by=by, signed=signed.pk, number=signed.number)
    return signed


@action
def correct(signed: SignedAssessment, *, why: str, by: Any) -> Assessment:
    """Open a draft that begins as the signed version stands. Signed, it is the next version; this one stays."""
    (patient,) = Patient.objects.locked(signed.patient_id)
    signed = SignedAssessment.objects.with_state().select_related("assessment", "service").get(pk=signed.pk)
    rules.check_correction(signed, why=why, actor=by)
    before = signed.assessment
    about = (before.about_kind, before.about_id) if before.about_id else None
    assessment = drafts.open_draft(
        patient, service=signed.service, about=about, by=by, corrects=signed, corrects_why=why.strip()
    )
    _copy_words(before, assessment)
    drafts.record(assessment, "assessments.correction_opened", by=by, corrects=signed.pk)
    return assessment


def _corrected(assessment: Assessment) -> SignedAssessment | None:
    """The version that this draft corrects, if it does; still the newest, or somebody else was first."""
    if assessment.corrects_id is None:
        return None
    corrected: SignedAssessment = SignedAssessment.objects.with_state().get(pk=assessment.corrects_id)
    if hasattr(corrected, "superseded_by_version"):
        raise Refused("A newer version has been signed. Correct that one.")
    return corrected


def _write(assessment: Assessment, corrected: SignedAssessment | None, *, by: Any) -> SignedAssessment:
    content = content_of(assessment, _holds_from(assessment, corrected, on=by.today))
    # A correction puts words right; it does not make the examination newer.
    until = rules.current_until(by.today, settings.ASSESSMENT_CURRENT_MONTHS)
    return SignedAssessment.objects.create(
        assessment=assessment,
        patient=assessment.patient,
        service=assessment.lead_service,
        number=corrected.number + 1 if corrected else 1,
        content=content,
        tier=assessment.recommendation.tier,
        sha256=seal_of(content, signed_by_id=by.user.pk, signed_at=by.at),
        signed_by=by.user,
        signed_at=by.at,
        current_until=corrected.current_until if corrected else until,
        supersedes=corrected,
        why=assessment.corrects_why,
    )


def _holds_from(assessment: Assessment, corrected: SignedAssessment | None, *, on: date) -> dict[str, date]:
    """The London date from which each section is known to hold.

    The signing day; in a correction, for a section left as it was, the day it was last known to hold before.
    """
    if corrected is None:
        return {kind.value: on for kind in SectionKind}
    held = {
        kind: date.fromisoformat(s["holds_from"]) for kind, s in sections_by_kind(corrected.content).items()
    }
    confirmed = corrected.confirmations.values_list("kind").annotate(Max("confirmed_at"))
    for kind, at in confirmed:
        held[kind] = max(held[kind], london_date(at))
    # A copied section begins at version 0, so any save shows.
    changed = assessment.sections.filter(version__gt=0).values_list("kind", flat=True)
    return held | dict.fromkeys(changed, on)


def _end_what_it_replaces(
    assessment: Assessment, corrected: SignedAssessment | None, signed: SignedAssessment, *, by: Any
) -> None:
    if corrected is not None and hasattr(corrected, "currency_end"):
        end = corrected.currency_end
        CurrencyEnd.objects.create(signed=signed, at=end.at, by=end.by, why=end.why)
    repeats = assessment.repeats
    if (
        repeats
        and assessment.repeat_reason == RepeatReason.MATERIAL_CHANGE
        and not hasattr(repeats, "currency_end")
    ):
        CurrencyEnd.objects.create(signed=repeats, at=by.at, by=by.user, why=assessment.repeat_why)


def _copy_words(before: Assessment, assessment: Assessment) -> None:
    """Sections, passages, recommendation and ratings of a closed draft, which are those that were signed."""
    for section in before.sections.prefetch_related("passages"):
        copy = Section.objects.create(
            assessment=assessment,
            kind=section.kind,
            saved_at=section.saved_at,
            saved_by_id=section.saved_by_id,
            is_written=section.is_written,
        )
        Passage.objects.bulk_create(
            Passage(section=copy, restriction=p.restriction, text=p.text) for p in section.passages.all()
        )
    for kept in (before.recommendation, *before.ratings.order_by("pk")):
        model: Any = type(kept)
        known = {f.attname: getattr(kept, f.attname) for f in model._meta.concrete_fields if not f.unique}
        model.objects.create(**{**known, "assessment_id": assessment.pk})
