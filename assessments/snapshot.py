"""Sections 1 to 3 as a dated copy of the structured record: a beginning for the writer, not the record."""

from collections.abc import Iterable
from datetime import date

from assessments.codes import SectionKind
from core.pages import long_date
from pathways.codes import Elsewhere
from pathways.models import Authority, Clock, KeyDate, LegalStatus, Patient, Placement, Responsibility

NO_LEGAL_STATUS = "Nothing about legal status is held."


def with_more(text: str, lines: Iterable[str]) -> str:
    """The words of a pre-filled section with what a higher floor holds of the same matter."""
    return "\n".join([*(line for line in text.splitlines() if line != NO_LEGAL_STATUS), *lines])


def copied_sections(patient: Patient, *, on: date) -> dict[str, str]:
    """The words that each pre-filled section begins with, from what is held of the person."""
    parts = {
        SectionKind.REFERRAL.value: _referral(patient),
        SectionKind.IDENTITY.value: _identity(patient),
        SectionKind.LEGAL.value: _legal(patient),
    }
    heading = f"Copied from the record on {long_date(on)}."
    return {kind: "\n".join([heading, *lines]) for kind, lines in parts.items()}


def _referral(patient: Patient) -> list[str]:
    lines = [f"Where the person is: {_place(patient)}"]
    clock = Clock.objects.filter(patient=patient).running().headline().order_by("pk").first()
    if clock:
        lines.append(f"Medical report first requested: {long_date(clock.started_on)}")
        lines.append(f"Last day in time: {long_date(clock.due_on)}")
    lines.append(f"Home area: {patient.home_area or 'Not known'}")
    responsible = (
        Responsibility.objects.current()
        .filter(patient=patient, during__upper_inf=True)
        .select_related("commissioner")
        .first()
    )
    if responsible:
        name = responsible.commissioner or "Not known"
        lines.append(f"Responsible commissioner: {name} ({responsible.get_state_display().lower()})")
    return lines


def _place(patient: Patient) -> str:
    here = (
        Placement.objects.current()
        .filter(patient=patient, during__upper_inf=True)
        .select_related("service", "ward")
        .first()
    )
    if here is None:
        return "Not known"
    place = str(here.service) if here.service else Elsewhere(here.elsewhere).label
    ward = f", {here.ward} ward" if here.ward else ""
    return f"{place}{ward}, since {long_date(here.during.lower)}"


def _identity(patient: Patient) -> list[str]:
    aliases = ", ".join(patient.aliases.order_by("pk").values_list("name", flat=True))
    number = patient.nhs_number or f"None: {patient.get_no_nhs_number_display()}"
    known = {
        "Name": f"{patient.given_name} {patient.family_name}",
        "Also known as": aliases,
        "Date of birth": long_date(patient.born_on),
        "Stated gender": patient.get_stated_gender_display(),
        "Ethnic category": patient.get_ethnicity_display(),
        "NHS number": number,
        "Prison number": patient.prison_number or "",
        "PNC number": patient.pnc_id,
        "Interpreter": patient.interpreter_language,
    }
    return [f"{label}: {value}" for label, value in known.items() if value]


def _legal(patient: Patient) -> list[str]:
    status = LegalStatus.objects.current().filter(patient=patient, during__upper_inf=True).first()
    lines = []
    if status:
        limb = f", {status.get_limb_display()}" if status.limb else ""
        lines.append(f"Legal status: {status.words}{limb}, since {long_date(status.during.lower)}")
    for key_date in KeyDate.objects.current().filter(patient=patient).order_by("on", "pk"):
        lines.append(f"{key_date.get_kind_display()}: {long_date(key_date.on)}")
    for authority in Authority.objects.current().filter(patient=patient).order_by("pk"):
        lines.append(
            f"{authority.get_kind_display()}: {authority.scope_words}, from {long_date(authority.during.lower)}"
        )
    return lines or [NO_LEGAL_STATUS]
