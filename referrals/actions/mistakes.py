"""Taking back what was recorded by mistake: a step, a warrant."""

from assessments.models import MedicalReport
from core.actions import action
from organisations.actor import Actor
from pathways import policies
from pathways.actions import clocks
from referrals import messages, rules
from referrals.actions import checklist
from referrals.codes import StepKind
from referrals.models import Referral, Step, Warrant
from referrals.reasons import why_is_in


@action
def take_back_step(step: Step, *, why: str, by: Actor) -> Step:
    """A step was not done after all: it is believed no more, with why, and what hung on it is put right."""
    referral = checklist.hold_open(step.referral)
    step = Step.objects.select_related("service").get(pk=step.pk)
    checklist.check_concerned(referral, by=by)
    rules.check_taken_back(
        step.kind,
        why=why,
        superseded=step.superseded_at is not None,
        done=checklist.done(referral),
        from_report=is_of_a_report(step, doctors_of(referral)),
        recorded_by_id=step.recorded_by_id,
        by=by,
    )
    step.supersede(by=by, why=why.strip())
    if step.kind == StepKind.FIRST_REPORT:
        not_assessed(referral, by=by)
    if step.kind == StepKind.WARRANT:
        _take_back_warrant(referral, why=why.strip(), by=by)
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


def doctors_of(referral: Referral) -> set[str]:
    """Whose reports are held for a transfer."""
    return set(MedicalReport.objects.of(*checklist.about(referral)).values_list("doctor_name", flat=True))


def is_of_a_report(step: Step, doctors: set[str]) -> bool:
    """Whether a step stands for a report that is held, and not for a date that somebody gave."""
    return step.kind in (StepKind.FIRST_REPORT, StepKind.SECOND_REPORT) and step.words in doctors


def not_assessed(referral: Referral, *, by: Actor) -> None:
    """The first psychiatric assessment is not there: its limit runs on, and the one it began never applied."""
    about = checklist.about(referral)
    clocks.change_stop(about=about, event=policies.FIRST_ASSESSED, on=None, by=by)
    clocks.end_clocks(about=about, on=by.today, only="nhse-transfer-14", by=by)


def _take_back_warrant(referral: Referral, *, why: str, by: Actor) -> None:
    """The warrant was never given: its limit never applied. A bed held to its end stays held."""
    for warrant in Warrant.objects.live().filter(referral=referral):
        warrant.supersede(by=by, why=why)
    about = checklist.about(referral)
    clocks.end_clocks(about=about, on=by.today, only=policies.WARRANT, by=by)
