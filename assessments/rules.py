"""What may be: who reads what, what is current until when, what a signature needs. No query, no clock."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from accounts.rights import Right, Role
from assessments.codes import AcceptanceAnswer, RepeatReason, Restriction, SectionKind
from core.refusals import Refused
from organisations.models import Service
from organisations.rules import HOSPITAL_TIERS, SECURITY_ORDER
from pathways.rules import search_name_of

# Days for which a section holds before it asks to be confirmed. Risk by domain.md 3.3 row 13; a year for the
# rest is our choice. Legal has no number of days: it asks at each change of legal status.
CONFIRM_AFTER_DAYS: dict[str, int | None] = {
    **dict.fromkeys(SectionKind.values, 365),
    SectionKind.RISK.value: 28,
    SectionKind.LEGAL.value: None,
}

# What stands before a doctor's name and is no part of it.
TITLES = frozenset({"dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame"})

# The third version of the HCR-20 is a structured judgement and is never summed (domain.md 3.2).
NEVER_SUMMED = frozenset({"HCR-20"})

# At which tiers a service can say that it would take somebody. Nobody is taken into a prison.
TIERS_OF = {Service.Kind.HOSPITAL: HOSPITAL_TIERS, Service.Kind.COMMUNITY: SECURITY_ORDER}

MONTHS_A_YEAR = 12

STALE = (
    "Somebody else changed this while you were writing. Both texts are shown: "
    "put together what should stand, then save again."
)
CLOSED = "This assessment is no longer being written. Open the signed version, or start a new assessment."
NOT_YOURS = "Only the assessing service can change this assessment."
NOT_YOURS_TO_CORRECT = "Only the service that signed this version can correct it."


class SeesRestrictions(Protocol):
    """What a rule asks of whoever reads."""

    role: str

    @property
    def memberships(self) -> tuple[Any, ...]: ...

    def has(self, right: Right) -> bool: ...


class Term(Protocol):
    """A signed version, as far as its currency goes."""

    current_until: date


def works_in_hospital(actor: SeesRestrictions) -> bool:
    """Whether one of the places where the present role is held is a hospital."""
    return any(m.service and m.service.kind == Service.Kind.HOSPITAL for m in actor.memberships)


def readable_by(actor: SeesRestrictions, restriction: str) -> bool:
    """Whether the actor may read a passage under a restriction.

    Without the right to read assessments nothing is readable. What is about a victim or a third party is for
    clinicians, wherever they work; what is for hospital staff is for clinicians of hospitals, so neither a
    prison's in-reach team nor a case manager reads it.
    """
    if not (actor.has(Right.READ_ASSESSMENT) and actor.has(Right.READ_CLINICAL)):
        return False
    if restriction == Restriction.NONE:
        return True
    if actor.role != Role.CLINICIAN:
        return False
    return restriction != Restriction.HOSPITAL_ONLY or works_in_hospital(actor)


def readable_restrictions(actor: SeesRestrictions) -> list[str]:
    """The restrictions under which the actor may read, and therefore write."""
    return [restriction.value for restriction in Restriction if readable_by(actor, restriction)]


def current_until(signed_on: date, months: int) -> date:
    """The last London date on which a version signed on a date is current, as people count months.

    The same day of the month so many months on; where that month is shorter, its last day.
    """
    years, month = divmod(signed_on.month - 1 + months, MONTHS_A_YEAR)
    year, month = signed_on.year + years, month + 1
    return date(year, month, min(signed_on.day, monthrange(year, month)[1]))


def is_current(signed: Any, on: date) -> bool:
    """Whether a signed version may be relied on, on a London date: in its term, not ended, not superseded.

    Read the version by `SignedAssessment.objects.with_state()`, so that this asks no query.
    """
    return (
        is_in_term(signed, on)
        and not hasattr(signed, "currency_end")
        and not hasattr(signed, "superseded_by_version")
    )


def is_in_term(signed: Term, on: date) -> bool:
    """Whether a London date is not past the last one of the term."""
    return on <= signed.current_until


def confirm_by(kind: str, on: date) -> date | None:
    """By when a section that held on a date should be confirmed; None: at each change of legal status."""
    days = CONFIRM_AFTER_DAYS[kind]
    return None if days is None else on + timedelta(days=days)


def asks_to_be_confirmed(kind: str, *, held_on: date, on: date, legal_changed_on: date | None) -> bool:
    """Whether a section last known to hold on `held_on` asks to be confirmed. It never blocks a decision.

    `legal_changed_on` is the newest date on which a legal status began or was recorded.
    """
    by = confirm_by(kind, held_on)
    if by is None:
        return legal_changed_on is not None and legal_changed_on > held_on
    return on > by


def check_may_assess(service: Service, *, died_on: date | None, has_own_open: bool) -> None:
    """An access assessment is of somebody alive, by a hospital or community service that does not write one already."""
    if service.kind not in (Service.Kind.HOSPITAL, Service.Kind.COMMUNITY):
        raise Refused("An access assessment is written by a hospital or community service.")
    if died_on:
        raise Refused("This person has died. No assessment can be started.")
    if has_own_open:
        raise Refused("Your service already has an open assessment of this person.")


def check_claim(
    *,
    service: Service,
    died_on: date | None,
    own_open: Any | None,
    others_open: Any | None,
    current: Any | None,
    repeat_reason: str,
    repeat_why: str,
) -> None:
    """A person is assessed once. A second while one is open or current needs a coded reason, and words."""
    check_may_assess(service, died_on=died_on, has_own_open=bool(own_open))
    if repeat_reason and repeat_reason not in RepeatReason.values:
        raise Refused("Choose a reason from the list.", "repeat_reason")
    if not repeat_reason and others_open:
        raise Refused(
            f"This person is already being assessed by {others_open.lead_service}, "
            f"due {_day(others_open.due_on)}. Use that assessment, or give a reason for a second one.",
            "repeat_reason",
        )
    if not repeat_reason and current:
        raise Refused(
            f"A current assessment was signed by {current.service} and holds until "
            f"{_day(current.current_until)}. Use that assessment, or give a reason for a second one.",
            "repeat_reason",
        )
    if (others_open or current) and not repeat_why.strip():
        raise Refused("Say why a second assessment is needed.", "repeat_why")


def check_take_over(assessment: Any, *, service_id: int, why: str, on: date) -> None:
    """Another service may take over a draft once its due date has passed, and says why."""
    if assessment.closed_at is not None:
        raise Refused(CLOSED)
    if assessment.lead_service_id == service_id:
        raise Refused("Your service is already writing this assessment.")
    if on <= assessment.due_on:
        raise Refused(
            f"This assessment is due on {_day(assessment.due_on)}. It can be taken over after that day."
        )
    if not why.strip():
        raise Refused("Say why your service takes the assessment over.", "why")


def words_closed(assessment: Any) -> str:
    """Why somebody of another service may not open the words of a draft."""
    return (
        f"{assessment.lead_service} writes this assessment. Its words are open to others once it is signed."
    )


def check_may_write(assessment: Any, actor: Any) -> None:
    """Only clinicians of the assessing service change a draft, and only while it is open."""
    if assessment.closed_at is not None:
        raise Refused(CLOSED)
    if not actor.works_at(assessment.lead_service_id):
        raise Refused(NOT_YOURS)


def check_passages(actor: SeesRestrictions, texts: Mapping[str, str]) -> None:
    """Nobody writes under a restriction that they may not read: they would overwrite unseen words."""
    for restriction in texts:
        if restriction not in Restriction.values:
            raise Refused("Choose a restriction from the list.")
        if not readable_by(actor, restriction):
            raise Refused("You cannot write text that you may not read.")


def check_written(texts: Iterable[str]) -> None:
    """A section is written when it says something."""
    if not any(text.strip() for text in texts):
        raise Refused("Write this section before you mark it as written.", Restriction.NONE.value)


# What a written recommendation says, and the sentence for each part that is not there.
RECOMMENDATION_PARTS = {
    "tier": "Choose the tier that you recommend.",
    "why_not_lower": "Say why a lower tier would not do.",
    "why_not_higher": "Say why a higher tier is not needed.",
    "urgency": "Choose how soon admission is needed.",
    "ward_gender": "Choose which ward.",
}


def check_recommendation(answers: Mapping[str, Any]) -> None:
    """The least restrictive tier that is safe: a written recommendation says why neither lower nor higher."""
    for part, sentence in RECOMMENDATION_PARTS.items():
        if not answers[part].strip():
            raise Refused(sentence, part)


def check_rating(*, instrument: str, rated_on: date, score: object, on: date) -> None:
    """A rating is of the past, and an instrument that is never summed has no score."""
    if rated_on > on:
        raise Refused("The date of the rating must be in the past.", "rated_on")
    if score is not None and instrument in NEVER_SUMMED:
        raise Refused(f"{instrument} is not summed. Give its summary ratings in words.", "score")


def missing(written: Collection[str], *, has_recommendation: bool) -> list[str]:
    """What a signature still needs, in reading order, as a person would say it."""
    needs = [f"Section not written: {kind.label}" for kind in SectionKind if kind not in written]
    return needs if has_recommendation else [*needs, "Recommendation not written"]


def check_can_sign(written: Collection[str], *, has_recommendation: bool) -> None:
    """Every section written and a recommendation made."""
    needs = missing(written, has_recommendation=has_recommendation)
    if needs:
        raise Refused(f"This assessment cannot be signed yet. {'. '.join(needs)}.")


def check_correction(signed: Any, *, why: str, actor: Any) -> None:
    """The signing service corrects the newest version, and says why."""
    if hasattr(signed, "superseded_by_version"):
        raise Refused("A newer version has been signed. Correct that one.")
    if not actor.works_at(signed.service_id):
        raise Refused(NOT_YOURS_TO_CORRECT)
    if not why.strip():
        raise Refused("Say why the signed version is corrected.", "why")


def check_answer(signed: Any, *, answer: str, words: str, on: date) -> None:
    """A service answers on a current version; a question is asked and a no explained."""
    if answer not in AcceptanceAnswer.values:
        raise Refused("Choose whether your service accepts this assessment.", "answer")
    if not is_current(signed, on):
        raise Refused("This version is no longer current. Open the person's assessments to find one that is.")
    if answer == AcceptanceAnswer.QUESTION and not words.strip():
        raise Refused("Write the question.", "words")
    if answer == AcceptanceAnswer.NO and not words.strip():
        raise Refused("Say why the assessment is not accepted.", "words")


def check_tier(kind: str, tier: str) -> None:
    """A service would take somebody at a tier of its kind."""
    if tier not in TIERS_OF.get(Service.Kind(kind), ()):
        raise Refused("Choose a tier at which your service takes people.", "tier")


def check_reply(acceptance: Any, *, words: str, actor: Any) -> None:
    """A question is answered by the service that signed what it is about; more may be said later."""
    if acceptance.answer != AcceptanceAnswer.QUESTION:
        raise Refused("There is no question here to answer.")
    if not actor.works_at(acceptance.signed.service_id):
        raise Refused(f"{acceptance.signed.service} signed this assessment, so it answers the question.")
    if not words.strip():
        raise Refused("Write the answer.", "words")


def check_report_dates(*, gmc_number: str, examined_on: date, signed_on: date, on: date) -> None:
    """A report is of an examination that has been, by a doctor with a GMC number of seven digits."""
    if not (len(gmc_number) == 7 and gmc_number.isascii() and gmc_number.isdigit()):
        raise Refused("A GMC number has 7 digits.", "gmc_number")
    if examined_on > on:
        raise Refused("The date of the examination must be today or in the past.", "examined_on")
    if signed_on > on:
        raise Refused("The date of signing must be today or in the past.", "signed_on")
    if signed_on < examined_on:
        raise Refused("The report is signed before the examination. Check the dates.", "signed_on")


def check_reports_once(*, is_held: bool, section: str) -> None:
    """One doctor is one of the two. Under another section the same doctor reports anew."""
    if is_held:
        raise Refused(
            f"A report by this doctor is held already, for section {section}. "
            "The two reports must be by two different doctors.",
            "gmc_number",
        )


def check_withdrawal(report: Any, *, why: str) -> None:
    """A report that is still believed can be withdrawn, with a reason."""
    if report.superseded_at is not None:
        raise Refused("This report has already been withdrawn.")
    if not why.strip():
        raise Refused("Say why the report is withdrawn.", "why")


def doctor_of(name: str) -> str:
    """A doctor's name as it is compared: without titles, punctuation, accents or capitals."""
    words = re.findall(r"\w+", search_name_of(name, ""))
    return " ".join(word for word in words if word not in TITLES)


def same_doctor(one: str, other: str) -> bool:
    """Whether two names given are those of one doctor. An empty name is nobody's."""
    return bool(doctor_of(one)) and doctor_of(one) == doctor_of(other)


def check_reports(reports: Collection[Any], section: str = "", named: Collection[str] = ()) -> None:
    """Two reports by different doctors, one approved under s12 (Mental Health Act 1983 s47(1), s48(1), s54(1)).

    Given a section, only reports under it count; under section 48 both say that treatment is urgently needed.
    `named`: doctors whose reports are known by name and date alone; the report that is held is still asked.
    """
    counted = [report for report in reports if not section or report.section == section]
    held = {report.gmc_number for report in counted}
    others = {doctor_of(name) for name in named} - {doctor_of(report.doctor_name) for report in counted}
    if len(held) + len(others) < 2:
        raise Refused(_two_needed(section, {report.section for report in reports}))
    if len(held) > 1:
        _check_both_held(counted, section)
    elif counted:
        _check_one_held(counted[0], section)


def _two_needed(section: str, held: Collection[str]) -> str:
    sentence = "Two reports by two different doctors are needed"
    elsewhere = [other for other in sorted(held) if section and other != section]
    if not elsewhere:
        return f"{sentence}."
    return f"{sentence} for section {section}. Those held for section {elsewhere[0]} do not serve."


def _check_both_held(reports: Collection[Any], section: str) -> None:
    if not any(report.is_section_12_approved for report in reports):
        raise Refused("One of the two doctors must be approved under section 12.")
    if section == "48" and not _two_say_urgent(reports):
        raise Refused("Under section 48 both reports must say that treatment is urgently needed.")


def _check_one_held(report: Any, section: str) -> None:
    if not report.is_section_12_approved:
        raise Refused(
            "One of the two doctors must be approved under section 12, and the one whose report is held is not. "
            "Ask a clinician to record the other report itself."
        )
    if section == "48" and not report.says_urgent_need:
        raise Refused("Under section 48 both reports must say that treatment is urgently needed.")


def _two_say_urgent(reports: Collection[Any]) -> bool:
    urgent = [report for report in reports if report.says_urgent_need]
    doctors = {report.gmc_number for report in urgent}
    return len(doctors) >= 2 and any(report.is_section_12_approved for report in urgent)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
