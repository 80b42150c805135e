"""What the pages of assessments show, with everything decided: the view finds, this arranges, the template words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from assessments import rules
from assessments.codes import RecommendedUrgency, Restriction, SectionKind
from assessments.content import rating_of, readable_content, written_kinds
from assessments.models import Assessment, Recommendation, SectionConfirmation, SignedAssessment
from core.pages import date_and_time, long_date
from organisations.models import WardGender
from organisations.rules import Tier
from pathways.days import london_date
from pathways.models import LegalStatus, Patient

# What to write under each heading (domain.md 3.3, rows 1 to 11), in our words.
SECTION_HINTS = {
    SectionKind.REFERRAL: "Who refers and why, the first request, urgency, responsible commissioner, home area.",
    SectionKind.IDENTITY: "Names, numbers, date of birth, language, religion, next of kin or nominated person.",
    SectionKind.LEGAL: (
        "Legal status and dates, index offence, charges or sentence, release and court dates, restrictions, MAPPA, "
        "exclusion zones."
    ),
    SectionKind.LOCATION: "Wing, segregation, constant watch or ACCT, refusing food or medication.",
    SectionKind.PSYCHIATRIC: (
        "History and diagnoses, learning disability and autism, treatment and response, capacity and consent, "
        "advance statement."
    ),
    SectionKind.RISK: (
        "Violence (most serious, most recent, pattern), sexual, fire, self-harm, absconding, hostage, substances, "
        "vulnerability, safeguarding of children, people to keep apart."
    ),
    SectionKind.PHYSICAL: "Conditions, allergies, pregnancy, infection, mobility, withdrawal.",
    SectionKind.PSYCHOSOCIAL: "Family contact, trauma, culture, housing, money, education and work.",
    SectionKind.TOOLS: "What the instruments add. Note each with its date, rater and summary; never copy items.",
    SectionKind.SECURITY: "Physical, procedural and relational security that the person needs.",
    SectionKind.PURPOSE: "Purpose and goals of admission, expected stay, the way out, after-care bodies.",
}

# In place of a part of a recommendation that is still being written.
WANTING = "Not yet said"


@dataclass(frozen=True)
class Task:
    """One row of the task list."""

    number: int
    label: str
    state: str
    colour: str
    hint: str
    path: str  # "" for those who may not write


@dataclass(frozen=True)
class SignedSection:
    """One section of a signed version as a reader sees it, and whether it still holds."""

    number: int
    kind: str
    label: str
    passages: list[tuple[str, str]]  # restriction in words ("" for none), text
    is_partly_hidden: bool
    written_by: str
    held_on: date
    held_by: str
    confirm_words: str
    asks: bool


def section_after(kind: str) -> str:
    """The next section in reading order, or "" after the last."""
    after = SectionKind.values.index(kind) + 1
    return SectionKind.values[after] if after < len(SectionKind.values) else ""


def person_line(patient: Patient) -> str:
    """Who it is about, in one line: name and date of birth."""
    return f"{patient.full_name}, born {long_date(patient.born_on)}"


def draft_path(assessment: Assessment) -> str:
    """Where the task list is."""
    return reverse("assessments:draft", args=[assessment.public_id])


def tasks_of(assessment: Assessment, *, is_own: bool) -> list[Task]:
    """The eleven sections, then the recommendation, in reading order, with how far each is."""
    sections = {section.kind: section for section in assessment.sections.select_related("saved_by")}
    rows = []
    for number, kind in enumerate(SectionKind, 1):
        section = sections[kind.value]
        state, colour = _state(section)
        path = reverse("assessments:section", args=[assessment.public_id, kind.value]) if is_own else ""
        rows.append(Task(number, kind.label, state, colour, _hint(section), path))
    kept = getattr(assessment, "recommendation", None)
    path = reverse("assessments:recommendation", args=[assessment.public_id]) if is_own else ""
    state, colour = ("Not started", "grey") if kept is None else ("Started", "blue")
    if kept and kept.is_written:
        state, colour = "Written", "green"
    return [*rows, Task(len(rows) + 1, "Recommendation", state, colour, "", path)]


def _state(section: Any) -> tuple[str, str]:
    if section.is_written:
        return "Written", "green"
    if section.is_prefilled:
        return "To confirm", "yellow"
    return ("Started", "blue") if section.saved_at else ("Not started", "grey")


def _hint(section: Any) -> str:
    if section.saved_at:
        return f"Last saved {date_and_time(section.saved_at)} by {section.saved_by.name}"
    return "Copied from the record, confirm" if section.is_prefilled else ""


def recommendation_answers(recommendation: Recommendation | None) -> dict[str, Any]:
    """The recommendation as a form begins with it."""
    if recommendation is None:
        return {"version": 0}
    names = (
        "tier also_suitable why_not_lower why_not_higher urgency ward_gender special_needs version".split()
    )
    return {name: getattr(recommendation, name) for name in names}


def recommendation_facts(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The recommendation in words."""
    also = ", ".join(Tier(tier).label for tier in answers["also_suitable"])
    return [
        ("Recommended tier", _chosen(Tier, answers["tier"])),
        ("Also suitable", also or "None named"),
        ("Why not lower", answers["why_not_lower"] or WANTING),
        ("Why not higher", answers["why_not_higher"] or WANTING),
        ("How soon", _chosen(RecommendedUrgency, answers["urgency"])),
        ("Ward", _chosen(WardGender, answers["ward_gender"])),
        ("Special needs", answers["special_needs"] or "None named"),
    ]


def _chosen(choices: Any, value: str) -> str:
    return choices(value).label if value else WANTING


def check_page(assessment: Assessment, actor: Any) -> dict[str, Any]:
    """The whole draft as its signer reads it, and what is missing."""
    readable = rules.readable_restrictions(actor)
    sections = {s.kind: s for s in assessment.sections.with_passages(readable).prefetch_related("passages")}
    kept = getattr(assessment, "recommendation", None)
    return {
        "assessment": assessment,
        "missing": rules.missing(
            written_kinds(sections.values()), has_recommendation=bool(kept and kept.is_written)
        ),
        "sections": [
            _draft_section(number, sections[kind]) for number, kind in enumerate(SectionKind.values, 1)
        ],
        "recommendation": recommendation_facts(recommendation_answers(kept)) if kept else None,
        "ratings": [_rating_row(rating_of(one)) for one in assessment.ratings.order_by("rated_on", "pk")],
    }


def _draft_section(number: int, section: Any) -> dict[str, Any]:
    worded = [passage for passage in section.passages.all() if passage.text]
    readable = [passage for passage in section.readable_passages if passage.text]
    return {
        "number": number,
        "label": SectionKind(section.kind).label,
        "passages": [(_restricted(p.restriction), p.text) for p in readable],
        "is_partly_hidden": len(readable) < len(worded),
    }


def signed_page(signed: SignedAssessment, actor: Any) -> dict[str, Any]:
    """A signed version without what the actor may not read, and how each section stands today."""
    content = readable_content(signed.content, actor)
    return {
        "sections": _signed_sections(signed, content, actor),
        "recommendation": recommendation_facts(content["recommendation"]),
        "ratings": [_rating_row(rating) for rating in content["ratings"]],
        "assessor": content["assessor"],
    }


def _rating_row(rating: Mapping[str, Any]) -> dict[str, Any]:
    return {**rating, "rated_on": date.fromisoformat(rating["rated_on"])}


def _signed_sections(signed: SignedAssessment, content: Mapping[str, Any], actor: Any) -> list[SignedSection]:
    confirmed: dict[str, SectionConfirmation] = {}
    for confirmation in signed.confirmations.select_related("confirmed_by", "service").order_by("pk"):
        confirmed[confirmation.kind] = confirmation
    changed_on = legal_changed_on(signed.patient, actor)
    return [
        _signed_section(number, section, confirmed.get(section["kind"]), signed, changed_on, actor.today)
        for number, section in enumerate(content["sections"], 1)
    ]


def _signed_section(
    number: int,
    section: Mapping[str, Any],
    confirmation: SectionConfirmation | None,
    signed: SignedAssessment,
    changed_on: date | None,
    today: date,
) -> SignedSection:
    kind = section["kind"]
    held_on, held_by = date.fromisoformat(section["holds_from"]), f"{signed.signed_by.name}, {signed.service}"
    if confirmation:
        held_on = london_date(confirmation.confirmed_at)
        held_by = f"{confirmation.confirmed_by.name}, {confirmation.service}"
    by = rules.confirm_by(kind, held_on)
    return SignedSection(
        number=number,
        kind=kind,
        label=SectionKind(kind).label,
        passages=[(_restricted(p["restriction"]), p["text"]) for p in section["passages"]],
        is_partly_hidden=section["is_partly_hidden"],
        written_by=section["saved_by"],
        held_on=held_on,
        held_by=held_by,
        confirm_words=f"Confirm by {long_date(by)}" if by else "Confirm at each change of legal status",
        asks=rules.asks_to_be_confirmed(kind, held_on=held_on, on=today, legal_changed_on=changed_on),
    )


def _restricted(restriction: str) -> str:
    return "" if restriction == Restriction.NONE else Restriction(restriction).label


def legal_changed_on(patient: Patient, actor: Any) -> date | None:
    """The newest London date on which a legal status of the person began or was recorded."""
    days = [
        max(status.during.lower, london_date(status.recorded_at))
        for status in LegalStatus.objects.visible_to(actor).current().filter(patient=patient)
    ]
    return max(days, default=None)


def versions_of(signed: SignedAssessment, actor: Any) -> list[SignedAssessment]:
    """Every signed version of the line of corrections that this one is in, newest first."""
    versions = (
        SignedAssessment.objects.visible_to(actor)
        .of(signed.patient)
        .select_related("signed_by", "service")
        .defer("content")
        .order_by("-number", "-signed_at")
    )
    by_id = {version.pk: version for version in versions}
    line = {signed.pk}
    for _ in by_id:
        line |= {v.pk for v in by_id.values() if v.supersedes_id in line or v.pk in _before(line, by_id)}
    return [version for version in versions if version.pk in line]


def _before(line: set[int], by_id: Mapping[int, SignedAssessment]) -> set[int]:
    return {by_id[pk].supersedes_id for pk in line if by_id[pk].supersedes_id}
