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
from referrals.codes import BASIS_CHANGED, StepKind
from referrals.models import Referral, Step
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
    return assessing.record_report(
        referral.patient,
        about=checklist.about(referral),
        doctor_name=doctor_name,
        gmc_number=gmc_number,
        is_section_12_approved=is_section_12_approved,
        examined_on=examined_on,
        signed_on=signed_on,
        section=checklist.section_of(referral),
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


def follow(referral: Referral, changed: MedicalReport, *, why: str, by: Actor) -> None:
    """Make the report steps say what the reports held say, and put right the limits that hang on the first.

    `changed`: the report that was recorded or withdrawn.
    """
    section = checklist.section_of(referral)
    done = checklist.done(referral)
    named = _known_by_name(referral, done, section)
    wanted = rules.steps_of_reports(checklist.reports(referral), named)
    _check(referral, wanted, named)
    _put_all(referral, done, wanted, named, why=why, by=by)
    held = set(MedicalReport.objects.of(*checklist.about(referral)))
    steps.move_first_assessed(
        referral,
        before=rules.first_assessed_on(_first_on(done), held ^ {changed}, section),
        on=rules.first_assessed_on(_first_on(checklist.done(referral)), held, section),
        by=by,
    )
    checklist.settle(referral)


def follow_basis(referral: Referral, *, was: str, by: Actor) -> None:
    """Reports made for the section that `was` in force serve no more, and those held for the present one do.

    A report known by name and date alone says nothing here of its section, and stays.
    """
    section = checklist.section_of(referral)
    done = checklist.done(referral)
    named = _known_by_name(referral, done, was)
    wanted = rules.steps_of_reports(checklist.reports(referral), named)
    _put_all(referral, done, wanted, named, why=BASIS_CHANGED, by=by)
    held = list(MedicalReport.objects.of(*checklist.about(referral)))
    steps.move_first_assessed(
        referral,
        before=rules.first_assessed_on(_first_on(done), held, was),
        on=rules.first_assessed_on(_first_on(checklist.done(referral)), held, section),
        by=by,
    )


def _put_all(
    referral: Referral,
    done: Mapping[str, Step],
    wanted: Mapping[StepKind, tuple[date, str]],
    named: set[str],
    *,
    why: str,
    by: Actor,
) -> None:
    for kind in rules.REPORTS:
        if kind not in named:
            _put(referral, kind, done.get(kind), wanted.get(kind), why=why, by=by)


def _first_on(done: Mapping[str, Step]) -> date | None:
    first = done.get(StepKind.FIRST_REPORT)
    return first.done_on if first else None


def _known_by_name(referral: Referral, done: Mapping[str, Step], section: str) -> set[str]:
    """The report steps that stand on a doctor's name and a date, and on no report that is or was held for a section."""
    kind, about_id = checklist.about(referral)
    ever = list(MedicalReport.objects.filter(about_kind=kind, about_id=about_id, section=section))
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
