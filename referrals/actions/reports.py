"""Doctors' reports of one transfer, and its two report steps as the reports held have it.

The report itself belongs to a lower floor, which knows nothing of transfers: what holds for them is asked here, and the
listeners of this floor call `follow` inside the same transaction.
"""

from collections.abc import Mapping
from datetime import date

from assessments import actions as assessing
from assessments.models import MedicalReport
from core.actions import action
from organisations.actor import Actor
from referrals import rules
from referrals.actions import checklist, steps
from referrals.codes import StepKind
from referrals.models import LegalBasis, Referral, Step
from referrals.reasons import why_is_in


@action
def record_report(
    referral: Referral,
    *,
    doctor_name: str,
    gmc_number: str,
    is_section_12_approved: bool,
    examined_on: date,
    signed_on: date,
    says_urgent_need: bool = False,
    by: Actor,
) -> MedicalReport:
    """Record a doctor's report for the section that is asked for now."""
    referral = checklist.hold_open(referral)
    checklist.check_concerned(referral, by=by)
    basis = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    return assessing.record_report(
        referral.patient,
        about=checklist.about(referral),
        doctor_name=doctor_name,
        gmc_number=gmc_number,
        is_section_12_approved=is_section_12_approved,
        examined_on=examined_on,
        signed_on=signed_on,
        section=basis.section,
        says_urgent_need=says_urgent_need,
        by=by,
    )


@action
def withdraw_report(report: MedicalReport, *, why: str, by: Actor) -> MedicalReport:
    """Stop believing a report, with why; its step opens again."""
    referral = checklist.hold_open(Referral.objects.get(pk=report.about_id, patient=report.patient_id))
    is_own = by.user is not None and report.recorded_by_id == by.user.pk
    prison_id = referral.from_service_id
    rules.check_may(rules.Act.WITHDRAW_REPORT, prison_id=prison_id, is_own=is_own, by=by)
    return assessing.withdraw_report(report, why=why, by=by)


def follow(referral: Referral, *, why: str, by: Actor) -> None:
    """Make the report steps say what the reports held say, and put right the limits that hang on the first."""
    done = checklist.done(referral)
    named = _known_by_name(referral, done)
    held = MedicalReport.objects.of(*checklist.about(referral))
    wanted = rules.steps_of_reports(held, named)
    _check(referral, wanted, named)
    for kind in rules.REPORTS:
        if kind not in named:
            _put(referral, kind, done.get(kind), wanted.get(kind), why=why, by=by)
    before, now = (_first_on(known) for known in (done, checklist.done(referral)))
    steps.first_assessed(referral, before=before, on=now, by=by)
    checklist.settle(referral)


def _first_on(done: Mapping[str, Step]) -> date | None:
    first = done.get(StepKind.FIRST_REPORT)
    return first.done_on if first else None


def _known_by_name(referral: Referral, done: Mapping[str, Step]) -> set[str]:
    """The report steps that stand on a doctor's name and a date, and on no report that is or was held."""
    kind, about_id = checklist.about(referral)
    ever = list(MedicalReport.objects.filter(about_kind=kind, about_id=about_id))
    return {
        kind
        for kind in rules.REPORTS
        if kind in done and not rules.stands_on(ever, done[kind].words, done[kind].done_on)
    }


def _check(referral: Referral, wanted: Mapping[StepKind, tuple[date, str]], named: set[str]) -> None:
    dates = checklist.dates(referral)
    for kind in rules.REPORTS:
        if kind not in named:
            dates.pop(kind, None)
    dates |= {kind: rules.When(on) for kind, (on, _) in wanted.items()}
    for kind in wanted:
        field = "examined_on" if kind == StepKind.FIRST_REPORT else "signed_on"
        rules.check_dates(kind, dates[kind], dates, field=field)


def _put(
    referral: Referral,
    kind: StepKind,
    step: Step | None,
    wanted: tuple[date, str] | None,
    *,
    why: str,
    by: Actor,
) -> None:
    if wanted is None:
        checklist.reopen(referral, kind, why=why, by=by)
        return
    on, doctor = wanted
    if step is not None and (step.done_on, step.words) == wanted:
        return
    if step is not None:
        step.supersede(by=by, why=why)
        details = {"step": kind, "before": str(step.done_on), "now": str(on), **why_is_in(step)}
        checklist.record(referral, "referrals.step_corrected", details=details, by=by)
    checklist.mark(referral, kind, on=on, words=doctor, by=by)
