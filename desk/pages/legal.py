"""The law that one person is held under: statuses, authorities, what lacked one, and diagnoses, by hand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.rights import Right
from core.pages import date_and_time, long_date
from desk import legal_forms as forms
from desk.law import last_day_of, planned_under
from desk.pages.patient import data_of, find_patient, form_page
from organisations.doors import needs
from pathways.actions import authorities, legal
from pathways.actions.patients import add_diagnosis, withdraw_diagnosis
from pathways.codes import Act
from pathways.models import Authority, LegalStatus, MissingAuthority, Patient
from pathways.rules.legal import held_of, rule_of
from referrals.forms.fields import WhyForm

LEGAL = "legal"
PAGE = "desk/legal_form.jinja"
KEPT = "What stood before is kept, with your reason."


def _status(found: Patient, status_id: UUID) -> LegalStatus:
    return get_object_or_404(found.legal_statuses.current(), public_id=status_id)


def _of_status(status: LegalStatus) -> list[tuple[str, str]]:
    pairs = [("Legal status", status.words), ("From", long_date(status.during.lower))]
    if status.limb:
        pairs.append(("Group", status.get_limb_display()))
    if status.lapses_at:
        pairs.append(("Authority until", date_and_time(status.lapses_at)))
    elif status.authorised_until:
        pairs.append(("Authority until", long_date(status.authorised_until)))
    return pairs


@needs(Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Under what the person is held from a day on."""
    found, actor = find_patient(request, public_id), request.actor
    before = found.legal_statuses.current().filter(during__upper_inf=True).first()
    form = forms.LegalStatusForm(data_of(request), actor=actor, before=before)
    return form_page(
        request,
        found,
        form,
        lambda: legal.record_legal_status(found, **form.answers(), by=actor),
        template=PAGE,
        heading="Record a legal status",
        intro=(
            "The present one ends on that day. One that held earlier can be entered too: what is recorded for its days "
            "is shown first."
            if before
            else ""
        ),
        pairs=_of_status(before) if before else [],
        ends_by=rule_of(*held_of(before)).ends_by if before else (),
        button="Record the legal status",
        said="The legal status is recorded.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
def correct(request: HttpRequest, public_id: UUID, status_id: UUID) -> HttpResponse:
    """What was recorded wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    status = _status(found, status_id)
    initial = forms.status_as_it_is(status, last_day_of(status.during))
    form = forms.CorrectStatusForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        found,
        form,
        lambda: legal.correct_legal_status(status, **form.answers(), by=actor),
        template=PAGE,
        heading="Correct a legal status",
        intro="The one before and the one after move with its days.",
        pairs=_of_status(status),
        button="Correct the legal status",
        said=f"The legal status is corrected. {KEPT}",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
def end(request: HttpRequest, public_id: UUID, status_id: UUID) -> HttpResponse:
    """Nothing follows it."""
    found, actor = find_patient(request, public_id), request.actor
    status = _status(found, status_id)
    form = forms.EndStatusForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: legal.end_legal_status(status, last_day=form.cleaned_data["last_day"], by=actor),
        template=PAGE,
        heading="End a legal status",
        intro="Does another follow, also “Informal”? Record that one instead: this ends by itself.",
        pairs=_of_status(status),
        ends_by=rule_of(*held_of(status)).ends_by,
        button="End the legal status",
        said="The legal status has ended.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
def renew(request: HttpRequest, public_id: UUID, status_id: UUID) -> HttpResponse:
    """The authority to detain goes on."""
    found, actor = find_patient(request, public_id), request.actor
    status = _status(found, status_id)
    form = forms.RenewForm(data_of(request), actor=actor, initial={"version": status.renewals})
    return form_page(
        request,
        found,
        form,
        lambda: legal.renew_detention(
            status,
            renewals=form.cleaned_data["version"],
            last_day=form.cleaned_data["last_day"],
            by=actor,
        ),
        template=PAGE,
        heading="Renew the authority to detain",
        pairs=_of_status(status),
        button="Record the renewal",
        said="The renewal is recorded.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEGAL_STATUS)
def reported(request: HttpRequest, public_id: UUID, status_id: UUID) -> HttpResponse:
    """The yearly report on a restricted person."""
    found, actor = find_patient(request, public_id), request.actor
    status = _status(found, status_id)
    form = forms.ReportedForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: legal.record_yearly_report(status, on=form.cleaned_data["on"], by=actor),
        template=PAGE,
        heading="Yearly report to the Ministry of Justice",
        pairs=_of_status(status),
        button="Record the report",
        said="The report is recorded. The next is due within a year of it.",
        part=LEGAL,
    )


def _authority(found: Patient, authority_id: UUID) -> Authority:
    return get_object_or_404(found.authorities.current().select_related("hospital"), public_id=authority_id)


@needs(Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
def record_authority(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody agreed."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.AuthorityForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: authorities.record_authority(found, **form.answers(), by=actor),
        heading="Record an authority",
        intro="One covers everything that it allows, on every day of its period. What lacked it is settled by it.",
        button="Record the authority",
        said="The authority is recorded.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
def correct_authority(request: HttpRequest, public_id: UUID, authority_id: UUID) -> HttpResponse:
    """An authority recorded wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    authority = _authority(found, authority_id)
    initial = forms.as_it_is(authority, last_day_of(authority.during))
    form = forms.CorrectAuthorityForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        found,
        form,
        lambda: authorities.correct_authority(authority, **form.answers(), by=actor),
        template=PAGE,
        resting=planned_under(authority),
        heading="Correct an authority",
        intro="What it no longer covers is without authority on record again.",
        button="Correct the authority",
        said=f"The authority is corrected. {KEPT}",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
def end_authority(request: HttpRequest, public_id: UUID, authority_id: UUID) -> HttpResponse:
    """An authority that no longer holds."""
    found, actor = find_patient(request, public_id), request.actor
    authority = _authority(found, authority_id)
    form = forms.EndAuthorityForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: authorities.end_authority(
            authority,
            last_day=form.cleaned_data["last_day"],
            why=form.cleaned_data["why"],
            by=actor,
        ),
        template=PAGE,
        resting=planned_under(authority),
        heading="End an authority",
        pairs=[
            ("Authority", authority.get_kind_display()),
            ("Allows", authority.scope_words),
            ("From", long_date(authority.during.lower)),
        ],
        button="End the authority",
        said="The authority ends on that day.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_AUTHORITY)
def settle(request: HttpRequest, public_id: UUID, missing_id: UUID) -> HttpResponse:
    """Why something done without an authority on record needs none."""
    found, actor = find_patient(request, public_id), request.actor
    missing = get_object_or_404(
        MissingAuthority.objects.visible_to(actor).filter(patient=found), public_id=missing_id
    )
    form = WhyForm(data_of(request), actor=actor, label="Why is none needed, or what was done about it?")
    return form_page(
        request,
        found,
        form,
        lambda: authorities.settle_missing_authority(missing, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="Without authority on record",
        intro="Is there an authority? Record it instead: this is settled by it.",
        pairs=[("What was done", Act(missing.act).label), ("On", long_date(missing.on))],
        button="Settle it",
        said="Settled. Your reason is kept with it.",
        part=LEGAL,
    )


@needs(Right.OPEN_PATIENT, Right.WRITE_ASSESSMENT)
def diagnose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A diagnosis by its code."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.DiagnosisForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: add_diagnosis(
            found,
            icd10=form.cleaned_data["icd10"],
            diagnosed_on=form.cleaned_data["diagnosed_on"],
            by=actor,
        ),
        heading="Add a diagnosis",
        button="Add the diagnosis",
        said="The diagnosis is recorded.",
        part="diagnoses",
    )


@needs(Right.OPEN_PATIENT, Right.WRITE_ASSESSMENT)
def undiagnose(request: HttpRequest, public_id: UUID, diagnosis_id: UUID) -> HttpResponse:
    """A diagnosis that no longer holds, or never did."""
    found, actor = find_patient(request, public_id), request.actor
    diagnosis = get_object_or_404(found.diagnoses.current(), public_id=diagnosis_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it withdrawn?")
    return form_page(
        request,
        found,
        form,
        lambda: withdraw_diagnosis(diagnosis, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="Withdraw a diagnosis",
        pairs=[("ICD-10 code", diagnosis.icd10), ("Diagnosed", long_date(diagnosis.diagnosed_on))],
        button="Withdraw the diagnosis",
        said=f"The diagnosis is withdrawn. {KEPT}",
        part="diagnoses",
    )
