"""The two report steps as the doctors' reports held have it. Called by listeners, inside their transaction."""

from collections.abc import Mapping
from datetime import date

from assessments.models import MedicalReport
from organisations.actor import Actor
from referrals import rules
from referrals.actions import checklist, steps
from referrals.codes import StepKind
from referrals.models import Referral, Step
from referrals.reasons import why_is_in


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
