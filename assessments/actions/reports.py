"""Doctors' reports for a transfer under section 47 or 48."""

from datetime import date
from typing import Any

from assessments import rules
from assessments.models import MedicalReport
from core.actions import action
from pathways import line
from pathways.line import About
from pathways.models import Patient


@action
def record_report(
    patient: Patient,
    *,
    about: About,
    doctor_name: str,
    gmc_number: str,
    is_section_12_approved: bool,
    examined_on: date,
    signed_on: date,
    section: str,
    says_urgent_need: bool = False,
    by: Any,
) -> MedicalReport:
    """Record a doctor's report. That the two are by different doctors is asked when both are needed.

    The same doctor may report for the same thing under another section: only those of the section in force serve.
    """
    Patient.objects.locked(patient.pk)
    gmc_number = gmc_number.replace(" ", "")
    rules.check_report_dates(gmc_number=gmc_number, examined_on=examined_on, signed_on=signed_on, on=by.today)
    held = MedicalReport.objects.of(*about).filter(gmc_number=gmc_number, section=section)
    rules.check_reports_once(is_held=held.exists(), section=section)
    report = MedicalReport.objects.create(
        patient=patient,
        about_kind=about[0],
        about_id=about[1],
        doctor_name=doctor_name.strip(),
        gmc_number=gmc_number,
        is_section_12_approved=is_section_12_approved,
        examined_on=examined_on,
        signed_on=signed_on,
        section=section,
        says_urgent_need=says_urgent_need,
        recorded_at=by.at,
        recorded_by=by.user,
    )
    line.record(
        "assessments.reported",
        patient=patient,
        by=by,
        on=signed_on,
        about=about,
        details={
            about[0]: about[1],
            "report": report.pk,
            "examined_on": examined_on.isoformat(),
            "signed_on": signed_on.isoformat(),
        },
    )
    return report


@action
def withdraw_report(report: MedicalReport, *, why: str, by: Any) -> MedicalReport:
    """Stop believing a report that was recorded wrongly; the right one is recorded anew."""
    Patient.objects.locked(report.patient_id)
    report = MedicalReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    rules.check_withdrawal(report, why=why)
    report.supersede(by=by, why=why.strip())
    line.record(
        "assessments.report_withdrawn",
        patient=report.patient,
        by=by,
        about=(report.about_kind, report.about_id),
        details={report.about_kind: report.about_id, "report": report.pk},
    )
    return report
