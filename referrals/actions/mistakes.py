"""Taking back what was recorded by mistake: a step, a warrant."""

from core.actions import action
from organisations.actor import Actor
from pathways import policies
from pathways.actions import clocks
from referrals import messages, rules
from referrals.actions import checklist, departures, steps
from referrals.codes import StepKind
from referrals.models import Referral, Step, Warrant
from referrals.reasons import why_is_in


@action
def take_back_step(step: Step, *, why: str, by: Actor) -> Step:
    """A step was not done after all: it is believed no more, with why, and what hung on it is put right."""
    referral = checklist.hold_open(step.referral)
    step = Step.objects.select_related("service").get(pk=step.pk)
    checklist.check_concerned(referral, by=by)
    held = checklist.reports(referral)
    rules.check_taken_back(
        step.kind,
        why=why,
        superseded=step.superseded_at is not None,
        done=checklist.done(referral),
        from_report=step.kind in rules.REPORTS and rules.stands_on(held, step.words, step.done_on),
        recorded_by_id=step.recorded_by_id,
        by=by,
    )
    step.supersede(by=by, why=why.strip())
    if step.kind == StepKind.FIRST_REPORT:
        steps.first_assessed(referral, before=step.done_on, on=None, by=by)
    if step.kind == StepKind.WARRANT:
        _take_back_warrant(referral, why=why.strip(), by=by)
    if step.kind == StepKind.PLANNED:
        departures.call_off(referral, step, by=by)
    event = checklist.record(
        referral,
        "referrals.step_taken_back",
        service=step.service,
        details={"step": step.kind, **why_is_in(step)},
        by=by,
    )
    messages.tell_concerned(event, referral, also=[step.service] if step.service else [], by=by)
    checklist.settle(referral)
    return step


def _take_back_warrant(referral: Referral, *, why: str, by: Actor) -> None:
    """The warrant was never given: its limit never applied. A bed held to its end stays held."""
    for warrant in Warrant.objects.live().filter(referral=referral):
        warrant.supersede(by=by, why=why)
    about = checklist.about(referral)
    clocks.end_clocks(about=about, on=by.today, only=policies.WARRANT, by=by)
