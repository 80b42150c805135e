"""Asking for a move of another kind than the transfer from prison: which, and what it asks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.rights import Right
from core.forms import PathwaysForm, render_form
from core.pages import long_date
from core.refusals import refusal
from core.submissions import once
from organisations.doors import needs
from organisations.models import Service
from pathways.models import Patient, Placement
from referrals import actions, rules
from referrals.actions.referring import check_lawful
from referrals.codes import Kind
from referrals.forms.moving import KindForm, ReferForm
from referrals.models import Referral
from referrals.naming import address_of, title_of
from referrals.pages.verbs import PLAIN, data_of


@needs(Right.REQUEST_TRANSFER)
def choose_kind(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the person needs, of all that may be asked for; what the law does not allow says why."""
    patient, actor = _person(request, patient_id), request.actor  # type: ignore[attr-defined]
    services = Service.objects.visible_to(actor).open().worked_at_by(actor)
    form = KindForm(data_of(request), actor=actor, places=services.values_list("kind", flat=True))
    hints = form.choice_hints["kind"]
    for kind in hints:
        refused = refusal(_may_be_asked, patient, kind, actor)
        hints[kind] = f"{hints[kind]} Not possible now: {refused}" if refused else hints[kind]
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data["kind"]
        if form.attempt(_may_be_asked, patient, kind, actor):
            return redirect("referrals:refer", patient.public_id, kind)
    return _page(request, patient, form, heading="Refer somebody", intro="", button="Continue", warning=False)


def _may_be_asked(patient: Patient, kind: str, actor: Any) -> None:
    """What can be said before anything is typed: where the person is, and what the law allows."""
    now = Placement.objects.visible_to(actor).open_of(patient)
    here = now is not None and now.service_id is not None and rules.acts_for(actor, now.service_id)
    rules.check_here(kind, is_here=here)
    open_ones = Referral.objects.visible_to(actor).open().filter(patient=patient)
    rules.check_no_other(kind, set(open_ones.values_list("kind", flat=True)))
    if not rules.KINDS[kind].acts:
        check_lawful(patient, kind, "", by=actor)


@needs(Right.REQUEST_TRANSFER)
def refer(request: HttpRequest, patient_id: UUID, kind: str) -> HttpResponse:
    """What the kind asks; once sent the referral is open, and services are asked on its page."""
    patient, actor = _person(request, patient_id), request.actor  # type: ignore[attr-defined]
    if kind not in rules.OTHER_KINDS:
        raise Http404
    services = Service.objects.visible_to(actor).open().worked_at_by(actor).order_by("name")
    mine = services.filter(kind__in=rules.KINDS[kind].asks)
    first = mine.first()
    form = ReferForm(
        data_of(request),
        actor=actor,
        kind=kind,
        services=mine,
        initial={"on": actor.today, "from_service": first and first.public_id},
    )

    def act(given: dict[str, Any]) -> Any:
        return actions.refer(patient, kind=kind, by=actor, **form.referral())

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act, form.cleaned_data)
        return _done(request, outcome.value) if outcome else None

    if form.is_bound and form.is_valid():
        response = once(request, form, answer)
        if response is not None:
            return response
    return _page(
        request,
        patient,
        form,
        heading=Kind(kind).label,
        intro=rules.KINDS[kind].hint,
        button="Open the referral",
    )


def _person(request: HttpRequest, public_id: UUID) -> Patient:
    actor = request.actor  # type: ignore[attr-defined]
    patient = get_object_or_404(Patient.objects.visible_to(actor), public_id=public_id)
    request.reads.saw([patient.pk])  # type: ignore[attr-defined]
    return patient


def _page(request: HttpRequest, patient: Patient, form: PathwaysForm, **shown: Any) -> HttpResponse:
    around = {
        "caption": f"{patient.full_name}, born {long_date(patient.born_on)}",
        "back": reverse("desk:patient", args=[patient.public_id]),
        "back_words": "Back to the person",
        "changed": [],
    }
    return render_form(request, "referrals/verb.jinja", form, **{**PLAIN, **around, **shown})


def _done(request: HttpRequest, referral: Any) -> HttpResponse:
    messages.success(
        request, f"{title_of(referral)} is open. Ask {rules.KINDS[referral.kind].receivers} next."
    )
    return redirect(address_of(referral))
