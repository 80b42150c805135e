"""The steps that are simply dated."""

from collections.abc import Mapping
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
from referrals.models import Referral, Step, Warrant
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
    rules.check_not_done(kind, done)
    rules.check_simply_dated(kind, words, _doctors(referral, done))
    rules.check_law(kind, done)
    if kind == StepKind.APPLICATION:
        _check_reports(referral, done)
    _check_date(referral, kind, rules.When(on, at), by=by)
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


def _check_date(referral: Referral, kind: str, when: rules.When, *, by: Actor) -> None:
    rules.check_done_on(when.on, first_day=referral.report_first_requested_on, today=by.today)
    live = Warrant.objects.live().filter(referral=referral).first()
    rules.check_dates(kind, when, checklist.dates(referral), last_day=live and live.ends_on)


def _doctors(referral: Referral, done: Mapping[str, Step]) -> list[str]:
    """Every doctor known to have reported for the section in force, by a report that is held or by name."""
    return [*(report.doctor_name for report in checklist.reports(referral)), *_named(done)]


def _named(done: Mapping[str, Step]) -> list[str]:
    return [done[kind].words for kind in rules.REPORTS if kind in done and done[kind].words]


def _check_reports(referral: Referral, done: Mapping[str, Step]) -> None:
    """See that the Secretary of State could act on the reports, as far as they are known here."""
    held = list(MedicalReport.objects.of(*checklist.about(referral)))
    check_reports(held, checklist.section_of(referral), _named(done))


def first_assessed(referral: Referral, *, before: date | None = None, on: date | None, by: Actor) -> None:
    """The first report step was done, put right or taken back, inside an action: the limits that hang on it follow.

    `before`: the date it had. An examination for a report of another section was an assessment all the same.
    """
    held = MedicalReport.objects.of(*checklist.about(referral))
    section = checklist.section_of(referral)
    before, on = (rules.first_assessed_on(step_on, held, section) for step_on in (before, on))
    move_first_assessed(referral, before=before, on=on, by=by)


def move_first_assessed(referral: Referral, *, before: date | None, on: date | None, by: Actor) -> None:
    """The first psychiatric assessment stops one limit and starts the next, inside an action.

    `before`: the date it had, where it is put right. With no date it did not happen: the first limit runs on.
    """
    about, event = checklist.about(referral), policies.FIRST_ASSESSED
    if before == on:
        return
    if on is None:
        clocks.change_stop(about=about, event=event, on=None, by=by)
        clocks.end_clocks(about=about, on=by.today, only=policies.FROM_ASSESSMENT, by=by)
    elif before is None:
        clocks.stop_clocks(about=about, event=event, on=on, by=by)
        clocks.start_clocks(referral.patient, event=event, about=about, on=on, by=by)
    else:
        clocks.change_stop(about=about, event=event, on=on, by=by)
        clocks.restart_clocks(about=about, event=event, on=on, by=by)


@action
def correct_step(step: Step, *, on: date, why: str, by: Actor) -> Step:
    """Put the date of a step right, with why. Limits that began or ended with it are worked out again."""
    referral = checklist.hold_open(step.referral)
    step = Step.objects.select_related("service").get(pk=step.pk)
    checklist.check_recorder(referral, step.kind, by=by)
    rules.check_step_correction(
        step.kind,
        why,
        superseded=step.superseded_at is not None,
        report_held=step.kind in rules.REPORTS
        and rules.stands_on(checklist.reports(referral), step.words, step.done_on),
    )
    _check_date(referral, step.kind, rules.When(on), by=by)
    rules.check_booked_for(step.kind, step.for_on, booked_on=on)
    before = step
    step.supersede(by=by, why=why.strip())
    step = checklist.mark(
        referral, step.kind, on=on, service=step.service, words=step.words, for_on=step.for_on, by=by
    )
    if step.kind == StepKind.FIRST_REPORT:
        first_assessed(referral, before=before.done_on, on=on, by=by)
    checklist.record(
        referral,
        "referrals.step_corrected",
        details={"step": step.kind, "before": str(before.done_on), "now": str(on), **why_is_in(before)},
        by=by,
    )
    checklist.settle(referral)
    return step
