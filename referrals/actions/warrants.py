"""The Secretary of State's warrant: given, refused, replaced, lapsed, used."""

from datetime import date, timedelta

from core.actions import action
from organisations.actor import Actor
from organisations.models import Service
from pathways import policies
from pathways.actions import clocks
from pathways.models import Clock
from referrals import messages, rules
from referrals.actions import beds, checklist
from referrals.codes import BASIS_CHANGED, RAN_OUT, StepKind, WarrantOutcome
from referrals.models import LegalBasis, Referral, Step, Warrant
from referrals.reasons import why_is_in


@action
def record_warrant(
    referral: Referral,
    *,
    section: str,
    with_restrictions: bool,
    hospital: Service,
    unit: str = "",
    given_on: date,
    by: Actor,
) -> Warrant:
    """Record a warrant, in force for 14 days beginning with its date. One in force before is replaced by it.

    One whose last day is behind has lapsed already, and is recorded so at once.
    """
    referral = checklist.hold_open(referral)
    checklist.check_recorder(referral, StepKind.WARRANT, by=by)
    rules.check_law(StepKind.WARRANT, checklist.done(referral))
    basis = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    rules.check_warrant(
        section=section,
        basis_section=basis.section,
        limb=basis.limb,
        with_restrictions=with_restrictions,
        hospital_is_one=hospital.kind == Service.Kind.HOSPITAL,
        hospital_has_accepted=referral.approaches.open().accepting().filter(service=hospital).exists(),
        given_on=given_on,
        today=by.today,
    )
    rules.check_dates(StepKind.WARRANT, rules.When(given_on), checklist.dates(referral), field="given_on")
    _replace(referral, on=given_on, by=by)
    warrant = Warrant.objects.create(
        referral=referral,
        section=section,
        with_restrictions=with_restrictions,
        hospital=hospital,
        unit=unit,
        given_on=given_on,
        ends_on=rules.warrant_ends_on(given_on),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    about = checklist.about(referral)
    clocks.start_clocks(referral.patient, event=policies.WARRANT_GIVEN, about=about, on=given_on, by=by)
    checklist.mark(referral, StepKind.WARRANT, on=given_on, service=hospital, by=by)
    beds.hold_under(warrant, referral, by=by)
    event = checklist.record(
        referral,
        "referrals.warrant_given",
        on=given_on,
        service=hospital,
        details={"section": section, "ends_on": str(warrant.ends_on)},
        by=by,
    )
    messages.tell_concerned(event, referral, also=[hospital], by=by)
    if warrant.ends_on < by.today:
        _lapse(warrant, referral, by=by)
    checklist.settle(referral)
    return warrant


@action
def record_refused_warrant(referral: Referral, *, on: date, why: str, by: Actor) -> Warrant:
    """Record that the Secretary of State refused: no end, but back to the application, and up to the case manager."""
    referral = checklist.hold_open(referral)
    checklist.check_recorder(referral, StepKind.WARRANT, by=by)
    done = checklist.done(referral)
    application = done.get(StepKind.APPLICATION)
    rules.check_refusal(
        in_force=Warrant.objects.in_force(on=by.today).filter(referral=referral).exists(),
        on=on,
        applied_on=application.done_on if application else None,
        why=why,
        today=by.today,
    )
    basis = LegalBasis.objects.current().get(referral=referral, during__upper_inf=True)
    bed_date = done.get(StepKind.BED_DATE)
    warrant = Warrant.objects.create(
        referral=referral,
        section=basis.section,
        with_restrictions=basis.with_restrictions,
        hospital=(bed_date and bed_date.service) or referral.lead_service or referral.from_service,
        given_on=on,
        ends_on=on,
        outcome=WarrantOutcome.REFUSED,
        outcome_on=on,
        why=why.strip(),
        recorded_at=by.at,
        recorded_by=by.user,
    )
    checklist.reopen(referral, StepKind.APPLICATION, why="The warrant was refused.", by=by)
    event = checklist.record(referral, "referrals.warrant_refused", on=on, details=why_is_in(warrant), by=by)
    messages.tell_concerned(event, referral, case_managers=True, by=by)
    checklist.settle(referral)
    return warrant


def lapse_warrants(*, on: date, by: Actor) -> int:
    """Lapse every warrant whose last day is behind on a London date, each in its own transaction; how many did."""
    behind = Warrant.objects.live().filter(ends_on__lt=on).order_by("referral__patient_id", "pk")
    return sum(lapse_warrant(warrant, on=on, by=by) for warrant in behind.select_related("referral"))


@action
def lapse_warrant(warrant: Warrant, *, on: date, by: Actor) -> bool:
    """Lapse one warrant, unless it was used or replaced meanwhile. A new application and warrant are needed."""
    referral = checklist.hold(warrant.referral)
    warrant = Warrant.objects.get(pk=warrant.pk)
    if warrant.outcome != WarrantOutcome.LIVE or warrant.ends_on >= on:
        return False
    _lapse(warrant, referral, by=by)
    checklist.settle(referral)
    return True


def _lapse(warrant: Warrant, referral: Referral, *, by: Actor) -> None:
    out_of_force = warrant.ends_on + timedelta(days=1)
    close(warrant, WarrantOutcome.LAPSED, on=out_of_force, by=by)
    _fall(referral, why=RAN_OUT, by=by)
    event = checklist.record(
        referral,
        "referrals.warrant_lapsed",
        on=out_of_force,
        service=warrant.hospital,
        details={"given_on": str(warrant.given_on)},
        by=by,
    )
    messages.tell_concerned(event, referral, also=[warrant.hospital], case_managers=True, by=by)


def use_in_time(warrant: Warrant, referral: Referral, *, on: date, by: Actor) -> None:
    """Somebody was received before the warrant ran out, and it is recorded after: what fell with it stands again.

    Inside an action that asked whether the day is one of the warrant's.
    """
    if warrant.outcome != WarrantOutcome.LAPSED:
        return
    warrant.outcome, warrant.outcome_on = WarrantOutcome.LIVE, None
    warrant.save(update_fields=["outcome", "outcome_on"])
    about = checklist.about(referral)
    clocks.judge_lapsed(about=about, code=policies.WARRANT, started_on=warrant.given_on, on=on, by=by)
    fallen = Step.objects.filter(referral=referral, why=RAN_OUT).order_by("superseded_at", "pk")
    # Of several that ran out, what fell with the last.
    for step in {step.kind: step for step in fallen}.values():
        checklist.mark(
            referral,
            step.kind,
            on=step.done_on,
            at=step.done_at,
            service=step.service,
            words=step.words,
            for_on=step.for_on,
            by=by,
        )


def close(warrant: Warrant, outcome: str, *, on: date, by: Actor) -> None:
    """Say what became of a warrant; unless it was used its clock ends here, as lapsed or as no longer applying."""
    warrant.outcome, warrant.outcome_on = outcome, on
    warrant.save(update_fields=["outcome", "outcome_on"])
    if outcome != WarrantOutcome.USED:
        ended_as = Clock.End.LAPSED if outcome == WarrantOutcome.LAPSED else Clock.End.VOID
        about = checklist.about(warrant.referral)
        clocks.end_clocks(about=about, on=on, only=policies.WARRANT, ended_as=ended_as, by=by)


def _replace(referral: Referral, *, on: date, by: Actor) -> None:
    """Make room for a new warrant: the one in force is replaced, and its step reopened."""
    for warrant in Warrant.objects.live().filter(referral=referral):
        close(warrant, WarrantOutcome.REPLACED, on=max(on, warrant.given_on), by=by)
        checklist.reopen(referral, StepKind.WARRANT, why="A new warrant replaces it.", by=by)


def end_for_change_of_basis(referral: Referral, *, on: date, by: Actor) -> bool:
    """End a live warrant and the application when the section changes, inside an action; whether either was there."""
    live = list(Warrant.objects.live().filter(referral=referral))
    for warrant in live:
        close(warrant, WarrantOutcome.LAPSED, on=max(on, warrant.given_on), by=by)
    return _fall(referral, why=BASIS_CHANGED, by=by) or bool(live)


def _fall(referral: Referral, *, why: str, by: Actor) -> bool:
    """Reopen what no longer serves: the warrant, its application, and having left under it; whether any was there."""
    kinds = (StepKind.LEFT, StepKind.WARRANT, StepKind.APPLICATION)
    reopened = [checklist.reopen(referral, kind, why=why, by=by) for kind in kinds]
    return any(reopened)
