"""The steps that are simply dated."""

from datetime import date, datetime

from assessments.models import MedicalReport
from assessments.rules import check_reports
from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from pathways import policies
from pathways.actions import clocks
from referrals import messages, rules
from referrals.actions import checklist
from referrals.codes import StepKind
from referrals.models import LegalBasis, Referral, Step
from referrals.reasons import why_is_in


@action
def record_step(
    referral: Referral,
    kind: str,
    *,
    on: date,
    at: datetime | None = None,
    service: Service | None = None,
    words: str = "",
    for_on: date | None = None,
    by: Actor,
) -> Step:
    """Record that a step was done on a London date. Only the law stops it; a missing step before it is a prompt.

    `for_on`: of an escort, the day for which it was booked.
    """
    referral = checklist.hold_open(referral)
    checklist.check_recorder(referral, kind, by=by)
    done = checklist.done(referral)
    first = done.get(StepKind.FIRST_REPORT)
    rules.check_simply_dated(kind, words, first.words if first else "")
    rules.check_not_done(kind, done)
    rules.check_law(kind, done)
    if kind == StepKind.APPLICATION:
        _check_reports(referral)
    rules.check_done_on(on, first_day=referral.report_first_requested_on, today=by.today)
    rules.check_booked_for(kind, for_on, booked_on=on)
    step = checklist.mark(
        referral, kind, on=on, at=at, service=service, words=words.strip(), for_on=for_on, by=by
    )
    if kind == StepKind.FIRST_REPORT:
        first_assessed(referral, on=on, by=by)
    event = checklist.record(
        referral, "referrals.step_recorded", on=on, at=at, service=service, details={"step": kind}, by=by
    )
    messages.tell_concerned(event, referral, by=by)
    checklist.settle(referral)
    return step


def _check_reports(referral: Referral) -> None:
    """Where both reports are held, see that the Secretary of State could act on them."""
    reports = list(MedicalReport.objects.of(*checklist.about(referral)))
    basis = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    if len(reports) > 1:
        check_reports(reports, basis.section)


def first_assessed(referral: Referral, *, on: date, by: Actor) -> None:
    """The first psychiatric assessment stops one limit and starts the next, inside an action."""
    about = checklist.about(referral)
    clocks.stop_clocks(about=about, event=policies.FIRST_ASSESSED, on=on, by=by)
    clocks.start_clocks(referral.patient, event=policies.FIRST_ASSESSED, about=about, on=on, by=by)


@action
def correct_step(step: Step, *, on: date, why: str, by: Actor) -> Step:
    """Put the date of a step right, with why. Limits that began or ended with it are worked out again."""
    referral = checklist.hold_open(step.referral)
    step = Step.objects.select_related("service").get(pk=step.pk)
    checklist.check_recorder(referral, step.kind, by=by)
    rules.check_step_correction(step.kind, why, superseded=step.superseded_at is not None)
    rules.check_done_on(on, first_day=referral.report_first_requested_on, today=by.today)
    before = step
    step.supersede(by=by, why=why)
    step = checklist.mark(
        referral, step.kind, on=on, service=step.service, words=step.words, for_on=step.for_on, by=by
    )
    if step.kind == StepKind.FIRST_REPORT:
        about = checklist.about(referral)
        clocks.change_stop(about=about, event=policies.FIRST_ASSESSED, on=on, by=by)
        clocks.restart_clocks(about=about, event=policies.FIRST_ASSESSED, on=on, by=by)
    checklist.record(
        referral,
        "referrals.step_corrected",
        details={"step": step.kind, "before": str(before.done_on), "now": str(on), **why_is_in(before)},
        by=by,
    )
    checklist.settle(referral)
    return step
