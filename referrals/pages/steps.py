"""Recording the steps of the checklist: reports, dates, leaving, being received."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.rights import Right
from assessments.models import MedicalReport
from core.pages import long_date
from organisations.doors import needs, needs_any
from referrals import actions, rules
from referrals.codes import StepKind, WarrantOutcome
from referrals.forms.fields import WhyForm, WhyOfSeenForm
from referrals.forms.steps import AdmitForm, CorrectForm, LeftForm, ReportForm, StepForm
from referrals.models import LegalBasis, Referral, Step, Warrant
from referrals.pages import line
from referrals.pages.beds import beds_then
from referrals.pages.checklist import MISTAKES
from referrals.pages.found import find_any_to_record, find_to_record
from referrals.pages.verbs import data_of, done, form_page

PART = "checklist"
# What is taken back with a step, and what is not.
FALL_WITH = {
    StepKind.FIRST_REPORT: [
        "the step is open again, and the 14 days to the first assessment run on as if it had never been done",
        "the 14 days from the first assessment no longer run",
    ],
    StepKind.WARRANT: [
        "the warrant no longer counts, and its 14 days no longer run",
        "a warrant that it replaced is not restored: record that one again",
        "a bed held until its last day stays held",
    ],
}
BUTTONS = {
    StepKind.APPLICATION: "Record the application",
    StepKind.ESCORT: "Record the escort",
}


def basis_of(referral: Referral) -> LegalBasis:
    """The legal basis of the transfer now."""
    return referral.legal_bases.current().get(during__upper_inf=True)


@needs(Right.RECORD_STEP)
def record_step(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """A step that is simply dated. A clinician records a report with what the law asks of it."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    if kind not in rules.SIMPLY_DATED or kind == StepKind.LEFT:
        raise Http404
    if kind in rules.REPORTS and actor.has(Right.RECORD_REPORT):
        return _report_page(request, referral, StepKind(kind))
    return _step_page(request, referral, StepKind(kind))


def _step_page(request: HttpRequest, referral: Referral, kind: StepKind) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    # Dates that limits or the law hang on are typed, and never taken as today by pressing twice.
    form = StepForm(
        data_of(request),
        actor=actor,
        kind=kind,
        initial={"on": actor.today} if kind == StepKind.ESCORT else {},
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.record_step(
            referral, kind, on=given["on"], words=given["words"], for_on=given.get("for_on"), by=actor
        ),
        heading=kind.label,
        intro=_reports_not_seen(referral, actor) if kind == StepKind.APPLICATION else _prompt(referral, kind),
        button=BUTTONS.get(kind, "Record the report"),
        said=f"Recorded: {_lower(kind)}. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.RECORD_REPORT)
def withdraw_report(request: HttpRequest, public_id: UUID, report_id: UUID) -> HttpResponse:
    """A report that was recorded wrongly is believed no more; its step opens again."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    held = MedicalReport.objects.visible_to(actor).of("referral", referral.pk)
    report = get_object_or_404(held, public_id=report_id)
    return form_page(
        request,
        referral,
        WhyForm(data_of(request), actor=actor, label="What was wrong with it?"),
        lambda given: actions.withdraw_report(report, why=given["why"], by=actor),
        heading=f"Withdraw the report of {report.doctor_name}",
        intro="It stays on the record as it was, with your reason. Record the right one afterwards.",
        button="Withdraw the report",
        said="Report withdrawn.",
        part="assessment",
    )


def _report_page(request: HttpRequest, referral: Referral, kind: StepKind) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    section = basis_of(referral).section
    form = ReportForm(data_of(request), actor=actor, section=section)
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.record_report(referral, by=actor, **form.report()),
        heading="Record a medical report",
        intro=f"For section {section}. The two reports are by two different doctors.",
        button="Record the report",
        said=f"Recorded: {_lower(kind)}. Everyone concerned can see that it is done.",
        part=PART,
    )


def _prompt(referral: Referral, kind: StepKind) -> str:
    """What is usually there first, and is not yet. It stops nobody from recording what has happened."""
    done_kinds = set(referral.steps.current().values_list("kind", flat=True))
    missing = rules.missing_before(kind, done_kinds)
    if not missing or kind in rules.BLOCKED_BY_LAW:
        return ""
    return f"Not yet recorded, and usually first: {', '.join(_lower(need) for need in missing)}."


def _reports_not_seen(referral: Referral, actor: Any) -> str:
    """What nobody can see here for the sender, where a report is known by name and date alone."""
    section = basis_of(referral).section
    held = MedicalReport.objects.visible_to(actor).of("referral", referral.pk).filter(section=section).count()
    if held > 1:
        return ""
    found = (
        "Only one of the two reports is held here." if held else "Neither of the two reports is held here."
    )
    return (
        f"{found} See for yourself that both are for section {section}, that the doctors are two, "
        "and that one is approved under section 12."
    )


def _lower(kind: StepKind) -> str:
    return kind.label[0].lower() + kind.label[1:]


def find_step(request: HttpRequest, referral: Referral, kind: str) -> tuple[Step, Step]:
    """A step as it is believed now, and as it was on the page that was sent; on a page only shown, the same twice.

    A step put right is another row, so the row is its version.
    """
    steps = referral.steps.filter(kind=kind).select_related("referral")
    now = get_object_or_404(steps.current())
    version = request.POST.get("version", "")
    return now, get_object_or_404(steps, pk=version) if version.isdecimal() else now


@needs(Right.RECORD_STEP)
def correct_step(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Put the date of a step right."""
    referral = find_to_record(request, public_id)
    step, seen = find_step(request, referral, kind)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        CorrectForm(data_of(request), actor=actor, initial={"on": step.done_on, "version": step.pk}),
        lambda given: actions.correct_step(seen, on=given["on"], why=given["why"], by=actor),
        history=line.history_of_step(seen),
        heading=f"Correct the date: {_lower(StepKind(kind))}",
        intro=f"Now recorded as {long_date(step.done_on)}. Clocks that it started or stopped are worked out again.",
        button="Correct the date",
        said="The date is corrected. What was recorded before is kept.",
        part=PART,
    )


@needs_any(*MISTAKES)
def take_back(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """A step was recorded by mistake."""
    referral = find_any_to_record(request, public_id)
    step, seen = find_step(request, referral, kind)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        WhyOfSeenForm(data_of(request), actor=actor, label="What was wrong?", initial={"version": step.pk}),
        lambda given: actions.take_back_step(seen, why=given["why"], by=actor),
        history=line.history_of_step(seen),
        heading=f"Recorded by mistake: {_lower(StepKind(kind))}",
        intro=f"Recorded for {long_date(step.done_on)}. It stays on the record as taken back, with your reason.",
        falls=FALL_WITH.get(StepKind(kind), ["the step is open again"]),
        button="Take it back",
        warning=True,
        said="Taken back. Everyone concerned has been told.",
        part=PART,
    )


@needs(Right.RECORD_STEP)
def leave_prison(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has left prison for the hospital."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = LeftForm(data_of(request), actor=actor, initial={"on": actor.today})

    def act(given: dict[str, Any]) -> Any:
        if form.clock_time is None:
            return actions.leave_prison(referral, on=form.day, by=actor)
        return actions.leave_prison(referral, at=form.moment()[0], by=actor)

    return form_page(
        request,
        referral,
        form,
        act,
        heading="Left prison",
        intro=_prompt(referral, StepKind.LEFT),
        button="Record that the person has left",
        said="Recorded: left prison. The clock runs until the hospital receives them. Everyone has been told.",
        part=PART,
    )


@needs(Right.ADMIT)
def admit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The hospital that the warrant names receives the person."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    warrant = referral.warrants.select_related("hospital").to_receive_under()
    if warrant is None:
        return form_page_without_warrant(request, referral)
    rules.check_receives(acts_for_it=rules.acts_for(actor, warrant.hospital_id))
    form = AdmitForm(
        data_of(request),
        actor=actor,
        beds=lambda at: beds_then(warrant.hospital, actor, patient=referral.patient, at=at),
        initial={"on": actor.today},
    )

    def act(given: dict[str, Any]) -> Any:
        at, time_known = form.moment()
        bed = form.free[given["bed"]]
        return actions.admit(
            referral,
            service=warrant.hospital,
            bed=bed,
            at=at,
            time_known=time_known,
            exception_why=given["exception_why"],
            checked=given["checked"],
            by=actor,
        )

    return form_page(
        request,
        referral,
        form,
        act,
        heading=f"Received at {warrant.hospital.name}",
        pairs=[
            ("Warrant given", long_date(warrant.given_on)),
            ("Last day of the warrant", long_date(warrant.ends_on)),
        ],
        intro=_ran_out(warrant),
        falls=[
            "the person's place is this hospital, on the ward of the bed",
            "the clocks stop",
            "the other services asked are let go, and their beds are free again",
        ],
        button="Record that the person is here",
        said="Received. The clocks have stopped and everyone concerned has been told.",
    )


def _ran_out(warrant: Warrant) -> str:
    if warrant.outcome != WarrantOutcome.LAPSED:
        return ""
    return (
        "The warrant has run out since. Somebody who came before that can be recorded as received; for anybody else "
        "a new warrant is needed."
    )


def form_page_without_warrant(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The rule's own sentence where there is no warrant to receive anybody under."""
    rules.check_law(StepKind.RECEIVED, set(referral.steps.current().values_list("kind", flat=True)))
    raise Http404


@require_POST
@needs(Right.RECORD_STEP)
def confirm_departure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The prison confirms that the person received is the one who left."""
    referral = find_to_record(request, public_id)
    actions.confirm_departure(referral, by=request.actor)  # type: ignore[attr-defined]
    return done(request, referral, "The departure is confirmed at both ends.", PART)
