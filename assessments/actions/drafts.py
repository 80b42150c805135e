"""The working draft: who writes it, and its words until it is signed or given up."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q

from assessments import rules
from assessments.codes import Closing, SectionKind
from assessments.models import Assessment, Passage, Rating, Recommendation, Section, SignedAssessment
from assessments.snapshot import copied_sections, with_more
from core.actions import action
from core.refusals import Refused, Stale
from organisations.models import Service
from pathways import line
from pathways.actions import relationships
from pathways.line import About
from pathways.models import Patient


@action
def claim_assessment(
    patient: Patient,
    *,
    service: Service,
    about: About | None = None,
    repeat_reason: str = "",
    repeat_why: str = "",
    by: Any,
) -> Assessment:
    """Start the assessment of a person for a service. A second one needs a coded reason, and is counted."""
    _check_works_at(service, by)
    (patient,) = Patient.objects.locked(patient.pk)
    others, own = _open_drafts(patient, service)
    current = SignedAssessment.objects.of(patient).current(on=by.today).select_related("service").first()
    rules.check_claim(
        service=service,
        died_on=patient.died_on,
        own_open=own,
        others_open=others,
        current=current,
        repeat_reason=repeat_reason,
        repeat_why=repeat_why,
    )
    # A reason given where nothing is open or current is no repeat, and is not counted as one.
    is_repeat = bool(others or current)
    assessment = open_draft(
        patient,
        service=service,
        about=about,
        by=by,
        repeats=current,
        repeat_reason=repeat_reason if is_repeat else "",
        repeat_why=repeat_why.strip() if is_repeat else "",
    )
    _begin_sections(assessment, on=by.today)
    record(assessment, "assessments.opened", by=by, due_on=assessment.due_on.isoformat(), repeat=is_repeat)
    return assessment


def open_draft(
    patient: Patient, *, service: Service, about: About | None, by: Any, **known: Any
) -> Assessment:
    """The draft's row, and the relationship that lets the assessing service open the person."""
    kind, about_id = about or ("", None)
    assessment = Assessment.objects.create(
        patient=patient,
        lead_service=service,
        assessor=by.user,
        opened_at=by.at,
        due_on=_due_on(by.today),
        about_kind=kind,
        about_id=about_id,
        **known,
    )
    _relate(assessment, by=by)
    return assessment


@action
def take_over(assessment: Assessment, *, why: str, service: Service | None = None, by: Any) -> Assessment:
    """Another service goes on with a draft that is past its due date; who works at several says which."""
    Patient.objects.locked(assessment.patient_id)
    assessment = Assessment.objects.locked(assessment)
    service = service or _only_service(by)
    _check_works_at(service, by)
    rules.check_take_over(assessment, service_id=service.pk, why=why, on=by.today)
    relationships.end_relationships(about=("assessment", assessment.pk), at=by.at, by=by)
    assessment.lead_service, assessment.assessor = service, by.user
    assessment.due_on, assessment.taken_over_why = _due_on(by.today), why.strip()
    _save(assessment, "lead_service", "assessor", "due_on", "taken_over_why")
    _relate(assessment, by=by)
    record(assessment, "assessments.taken_over", by=by, due_on=assessment.due_on.isoformat())
    return assessment


@action
def save_section(
    assessment: Assessment,
    kind: str,
    *,
    texts: Mapping[str, str],
    version: int,
    finished: bool = True,
    by: Any,
) -> Section:
    """Keep the words of a section, by restriction. Restrictions not named in `texts` stay as they are.

    `version` is the one that the writer began from; another's save in between is refused. The same save sent
    twice is answered as the first. `finished` says that the section is written.
    """
    assessment = Assessment.objects.locked(assessment)
    rules.check_may_write(assessment, by)
    section = Section.objects.locked(assessment, kind)
    texts = {restriction: _tidy(text) for restriction, text in texts.items()}
    rules.check_passages(by, texts)
    held = dict(section.passages.values_list("restriction", "text"))
    if section.version != version:
        if _is_same(section, held, texts, finished):
            return section
        raise Stale(rules.STALE)
    if finished:
        rules.check_written({**held, **texts}.values())
    for restriction, text in texts.items():
        _put(section, restriction, text, held)
    section.saved_at, section.saved_by = by.at, by.user
    section.is_written, section.is_prefilled = finished, False
    section.version += 1
    section.save(update_fields=["saved_at", "saved_by", "is_written", "is_prefilled", "version"])
    return section


@action
def save_recommendation(
    assessment: Assessment,
    *,
    tier: str = "",
    also_suitable: Iterable[str] = (),
    why_not_lower: str = "",
    why_not_higher: str = "",
    urgency: str = "",
    ward_gender: str = "",
    special_needs: str = "",
    version: int,
    finished: bool = True,
    by: Any,
) -> Recommendation:
    """Keep the recommended tier and why neither lower nor higher. `version` is 0 where there is none yet.

    Until it is `finished` any part may be wanting. The same save sent twice is answered as the first.
    """
    assessment = Assessment.objects.locked(assessment)
    rules.check_may_write(assessment, by)
    kept = Recommendation.objects.filter(assessment=assessment).first()
    answers: dict[str, Any] = {
        "tier": tier,
        "also_suitable": [other for other in also_suitable if other != tier],
        "why_not_lower": _tidy(why_not_lower),
        "why_not_higher": _tidy(why_not_higher),
        "urgency": urgency,
        "ward_gender": ward_gender,
        "special_needs": _tidy(special_needs),
        "is_written": finished,
    }
    if (kept.version if kept else 0) != version:
        if kept and all(getattr(kept, name) == answer for name, answer in answers.items()):
            return kept
        raise Stale(rules.STALE)
    if finished:
        rules.check_recommendation(answers)
    answers["version"] = version + 1
    recommendation, _ = Recommendation.objects.update_or_create(assessment=assessment, defaults=answers)
    return recommendation


@action
def add_rating(
    assessment: Assessment,
    *,
    instrument: str,
    instrument_version: str = "",
    rated_on: date,
    rater: str,
    score: Decimal | None = None,
    summary: str = "",
    by: Any,
) -> Rating:
    """Note that a licensed instrument was used. Its items are never kept."""
    assessment = Assessment.objects.locked(assessment)
    rules.check_may_write(assessment, by)
    rules.check_rating(instrument=instrument, rated_on=rated_on, score=score, on=by.today)
    return Rating.objects.create(
        assessment=assessment,
        instrument=instrument,
        instrument_version=instrument_version,
        rated_on=rated_on,
        rater=rater,
        score=score,
        summary=_tidy(summary),
    )


@action
def remove_rating(rating: Rating, *, by: Any) -> None:
    """Take a rating off a draft; its change history stays."""
    rules.check_may_write(Assessment.objects.locked(rating.assessment), by)
    Rating.objects.filter(pk=rating.pk).delete()


@action
def abandon(assessment: Assessment, *, why: str, by: Any) -> Assessment:
    """Give a draft up with a reason, so that another service may start."""
    Patient.objects.locked(assessment.patient_id)
    assessment = Assessment.objects.locked(assessment)
    rules.check_may_write(assessment, by)
    if not why.strip():
        raise Refused("Say why this assessment is given up.", "why")
    close(assessment, Closing.ABANDONED, why=why.strip(), by=by)
    relationships.end_relationships(about=("assessment", assessment.pk), at=by.at, by=by)
    record(assessment, "assessments.abandoned", by=by)
    return assessment


def add_to_copy(assessment_id: int, kind: str, lines: Iterable[str]) -> None:
    """Add to the copy that a section begins with, inside the action that opened the draft.

    For listeners: what only a higher floor holds, and the writer should find all the same.
    """
    section = Section.objects.get(assessment=assessment_id, kind=kind, is_prefilled=True)
    passage = section.passages.get()
    passage.text = with_more(passage.text, lines)
    passage.save(update_fields=["text"])


def close(assessment: Assessment, how: str, *, why: str = "", by: Any) -> None:
    """End the work on a draft."""
    assessment.closed_at, assessment.closed_as, assessment.closed_why = by.at, how, why
    _save(assessment, "closed_at", "closed_as", "closed_why")


def record(assessment: Assessment, kind: str, *, by: Any, **details: Any) -> None:
    """Put an event about the draft on the person's line, with the referral it was opened for, if any."""
    if assessment.about_kind == "referral":
        details["referral"] = assessment.about_id
    line.record(
        kind,
        patient=assessment.patient,
        by=by,
        about=("assessment", assessment.pk),
        service=assessment.lead_service,
        details=details,
    )


def _open_drafts(patient: Patient, service: Service) -> tuple[Assessment | None, Assessment | None]:
    """The open draft of another service, and that of one's own."""
    drafts = list(
        Assessment.objects.of(patient).open().select_related("lead_service").order_by("opened_at", "pk")
    )
    others = next((draft for draft in drafts if draft.lead_service_id != service.pk), None)
    own = next((draft for draft in drafts if draft.lead_service_id == service.pk), None)
    return others, own


def _begin_sections(assessment: Assessment, *, on: date) -> None:
    copied = copied_sections(assessment.patient, on=on)
    sections = Section.objects.bulk_create(
        [Section(assessment=assessment, kind=kind, is_prefilled=kind.value in copied) for kind in SectionKind]
    )
    Passage.objects.bulk_create(
        [
            Passage(section=section, text=copied[section.kind])
            for section in sections
            if section.kind in copied
        ]
    )


def _put(section: Section, restriction: str, text: str, held: Mapping[str, str]) -> None:
    if restriction in held:
        Passage.objects.filter(Q(section=section), restriction=restriction).update(text=text)
    elif text:
        Passage.objects.create(section=section, restriction=restriction, text=text)


def _is_same(section: Section, held: Mapping[str, str], texts: Mapping[str, str], finished: bool) -> bool:
    same_words = all(held.get(restriction, "") == text for restriction, text in texts.items())
    return same_words and section.is_written == finished and not section.is_prefilled


def _tidy(text: str) -> str:
    """Line ends as one character, nothing after the last word."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _relate(assessment: Assessment, *, by: Any) -> None:
    relationships.open_relationship(
        assessment.patient,
        service=assessment.lead_service,
        basis="assessment",
        about=("assessment", assessment.pk),
        since=by.at,
        by=by,
    )


def _check_works_at(service: Service, by: Any) -> None:
    if not by.works_at(service.pk):
        raise Refused("Choose a service where you work.", "service")


def _only_service(by: Any) -> Service:
    if len(by.service_ids) != 1:
        raise Refused("Choose the service that takes the assessment over.", "service")
    return Service.objects.get(pk__in=by.service_ids)


def _due_on(on: date) -> date:
    return on + timedelta(days=settings.ASSESSMENT_DUE_DAYS)


def _save(assessment: Assessment, *fields: str) -> None:
    assessment.version += 1
    assessment.save(update_fields=[*fields, "version"])
