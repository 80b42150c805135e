"""What a signed version holds, in one shape that never changes, and what of it a reader may see."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assessments.codes import SectionKind
from assessments.models import Assessment, Rating, Recommendation, Section
from assessments.rules import readable_by

# Raised when the shape changes, so that old versions can always be read as they were signed.
SHAPE = 1


def content_of(assessment: Assessment, holds_from: Mapping[str, date]) -> dict[str, Any]:
    """Sections, passages, recommendation and ratings as they stand; only text, lists and whole numbers."""
    sections = {
        s.kind: s for s in assessment.sections.select_related("saved_by").prefetch_related("passages")
    }
    return {
        "shape": SHAPE,
        "assessor": assessment.assessor.name,
        "service": str(assessment.lead_service),
        "sections": [_section(sections[kind.value], holds_from[kind.value]) for kind in SectionKind],
        "recommendation": _recommendation(assessment.recommendation),
        "ratings": [rating_of(rating) for rating in assessment.ratings.order_by("rated_on", "pk")],
    }


def _section(section: Section, holds_from: date) -> dict[str, Any]:
    passages = sorted(section.passages.all(), key=lambda passage: passage.pk)
    return {
        "kind": section.kind,
        "holds_from": holds_from.isoformat(),
        "saved_at": section.saved_at.isoformat() if section.saved_at else "",
        "saved_by": section.saved_by.name if section.saved_by else "",
        "passages": [{"restriction": p.restriction, "text": p.text} for p in passages if p.text.strip()],
    }


def _recommendation(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "tier": recommendation.tier,
        "also_suitable": list(recommendation.also_suitable),
        "why_not_lower": recommendation.why_not_lower,
        "why_not_higher": recommendation.why_not_higher,
        "urgency": recommendation.urgency,
        "ward_gender": recommendation.ward_gender,
        "special_needs": recommendation.special_needs,
    }


def rating_of(rating: Rating) -> dict[str, Any]:
    """One instrument that was used."""
    return {
        "instrument": rating.instrument,
        "version": rating.instrument_version,
        "rated_on": rating.rated_on.isoformat(),
        "rater": rating.rater,
        "score": None if rating.score is None else str(rating.score),
        "summary": rating.summary,
    }


def readable_content(content: Mapping[str, Any], actor: Any) -> dict[str, Any]:
    """The content without the words the actor may not read. `is_partly_hidden` says that a section has some.

    Pages, print and the API show this and never `content` itself.
    """
    return {**content, "sections": [_readable_section(section, actor) for section in content["sections"]]}


def _readable_section(section: Mapping[str, Any], actor: Any) -> dict[str, Any]:
    readable = [p for p in section["passages"] if readable_by(actor, p["restriction"])]
    return {**section, "passages": readable, "is_partly_hidden": len(readable) < len(section["passages"])}


def sections_by_kind(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The sections of a signed version by kind."""
    return {section["kind"]: section for section in content["sections"]}


def written_kinds(sections: Iterable[Section]) -> set[str]:
    """Kinds of the sections that are finished."""
    return {section.kind for section in sections if section.is_written}
