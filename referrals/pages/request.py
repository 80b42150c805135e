"""What changes about the request while somebody waits: its first day, urgency, legal basis, dates and warnings."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.rights import Right
from assessments.models import MedicalReport
from core.pages import long_date
from organisations.doors import needs, needs_any
from pathways.actions.key_dates import record_key_date
from pathways.actions.patients import add_risk_alert as warn_of_risk
from referrals import actions, rules
from referrals.codes import Urgency
from referrals.forms.request import (
    KeyDateForm,
    LegalBasisForm,
    RequestDateForm,
    RiskAlertForm,
    UrgencyForm,
)
from referrals.pages.found import find_any_to_record, find_to_record
from referrals.pages.steps import basis_of
from referrals.pages.verbs import data_of, form_page


@needs(Right.REQUEST_TRANSFER)
def correct_request_date(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put the first day right."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    before = referral.report_first_requested_on
    form = RequestDateForm(data_of(request), actor=actor, initial={"version": referral.version, "on": before})
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.correct_request_date(
            referral, on=given["on"], why=given["why"], version=given["version"], by=actor
        ),
        heading="Correct the day a medical report was first requested",
        intro=f"Now recorded as {long_date(before)}.",
        falls=["every clock is worked out again", "flags that were never true are marked so, and kept"],
        button="Correct the date",
        said="The date is corrected and the clocks are worked out again. Everyone concerned has been told.",
        part="clocks",
    )


@needs_any(Right.REQUEST_TRANSFER, Right.TRIAGE)
def change_urgency(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that it is more or less urgent."""
    referral = find_any_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    form = UrgencyForm(
        data_of(request), actor=actor, initial={"version": referral.version, "urgency": referral.urgency}
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.change_urgency(
            referral, urgency=given["urgency"], why=given["why"], version=given["version"], by=actor
        ),
        heading="Change the urgency",
        intro=f"Now: {Urgency(referral.urgency).label.lower()}.",
        button="Change the urgency",
        said=lambda changed: (
            f"Now {changed.get_urgency_display().lower()}. Everyone concerned has been told."
        ),
        part="request",
    )


@needs(Right.REQUEST_TRANSFER)
def change_legal_basis(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on under another section."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    basis = basis_of(referral)
    held = MedicalReport.objects.visible_to(actor).of("referral", referral.pk)
    falls = rules.reports_that_fall(list(held.values_list("section", flat=True)), basis.section)
    form = LegalBasisForm(
        data_of(request),
        actor=actor,
        initial={
            "version": referral.version,
            "section": basis.section,
            "limb": basis.limb,
            "with_restrictions": "yes" if basis.with_restrictions else "no",
        },
    )
    return form_page(
        request,
        referral,
        form,
        lambda given: actions.change_legal_basis(
            referral, version=given["version"], by=actor, **form.basis()
        ),
        heading="Change the legal basis",
        pairs=[("Legal basis now", basis.get_section_display()), ("Since", long_date(basis.during.lower))],
        falls=[
            "the application and a warrant in force lapse, because they name the old section",
            *([falls] if falls else []),
            "the clocks run on: it is the same wait",
        ],
        button="Change the legal basis",
        said="The legal basis is changed and the clocks run on. Everyone concerned has been told.",
        part="legal",
    )


@needs(Right.RECORD_STEP)
def add_key_date(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A date in a court or sentence."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        KeyDateForm(data_of(request), actor=actor),
        lambda given: record_key_date(referral.patient, kind=given["kind"], on=given["on"], by=actor),
        after_end=True,
        heading="Add a date that matters",
        intro="A new date takes the place of one of its kind that is still to come.",
        button="Add the date",
        said=lambda key_date: f"{key_date.get_kind_display()} on {long_date(key_date.on)} is recorded.",
        part="dates",
    )


@needs(Right.RECORD_STEP)
def add_risk_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Warn everyone who handles the person."""
    referral = find_to_record(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        referral,
        RiskAlertForm(data_of(request), actor=actor),
        lambda given: warn_of_risk(referral.patient, words=given["words"], by=actor),
        after_end=True,
        heading="Add a risk to staff",
        intro="Everyone who may open the person sees it at the top of every page about them.",
        button="Add the warning",
        said="The warning now stands at the top of the person's pages.",
    )
