"""Which assessments there are, those of one person, and starting one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from assessments import actions
from assessments.existing import existing_of, may_start
from assessments.forms import ClaimForm
from assessments.models import Assessment, SignedAssessment
from core.forms import render_form
from core.submissions import once
from core.tables import Column, Filter, Table, choices_of
from organisations.doors import needs
from organisations.models import Service
from organisations.rules import Tier
from pathways.models import Patient


@require_safe
@needs(Right.READ_ASSESSMENT)
def assessments(request: HttpRequest) -> HttpResponse:
    """Current assessments of people the actor may open, and above them those being written."""
    actor = request.actor
    table = _current(request)
    drafts = list(
        Assessment.objects.visible_to(actor)
        .open()
        .select_related("patient", "lead_service", "assessor")
        .order_by("due_on", "pk")[:50]
    )
    action = Action.EXPORT if table.is_csv else Action.PRINT if table.is_print else Action.LIST
    request.reads.saw([row.patient_id for row in [*table.rows, *drafts]], action)
    return table.answer("assessments/list.jinja", drafts=drafts, today=actor.today)


def _current(request: HttpRequest) -> Table:
    actor = request.actor
    rows = SignedAssessment.objects.visible_to(actor).current(on=actor.today).with_services_relying()
    services = Service.objects.visible_to(actor).hospitals().order_by("name")
    return Table(
        request,
        rows.select_related("patient", "service").defer("content"),
        name="assessments",
        caption="Current assessments",
        columns=[
            Column("person", "Person", lambda row: row.patient.full_name, sort="patient__family_name"),
            Column("tier", "Recommended tier", lambda row: row.get_tier_display(), sort="tier"),
            Column("service", "Signed by", lambda row: row.service.name, sort="service__name"),
            Column("signed", "Signed", "signed_at", sort="signed_at"),
            Column("until", "Current until", "current_until", sort="current_until"),
            Column("relying", "Other services relying on it", "services_relying", numeric=True),
        ],
        filters=[
            Filter("tier", "Tier", lambda found, tier: found.filter(tier=tier), choices_of(Tier.choices)),
            Filter(
                "service",
                "Signed by",
                lambda found, service: found.filter(service__public_id=service),
                choices_of(services.values_list("public_id", "name")),
            ),
            Filter("of", "Whose", _whose(actor), [("mine", "My services"), ("others", "Other services")]),
        ],
        order=["-signed_at"],
        nothing="No current assessment of anybody you may open.",
    )


def _whose(actor: Any) -> Any:
    def narrowed(found: Any, whose: str) -> Any:
        mine = {"service_id__in": actor.service_ids}
        return found.filter(**mine) if whose == "mine" else found.exclude(**mine)

    return narrowed


@require_safe
@needs(Right.OPEN_PATIENT)
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """That assessments of one person exist, by which service, and when. With the right, they open from here."""
    actor = request.actor
    patient = get_object_or_404(Patient.objects.visible_to(actor), public_id=public_id)
    existing = existing_of(patient, actor)
    request.reads.saw([patient.pk])
    return render(
        request,
        "assessments/person.jinja",
        {
            "patient": patient,
            "drafts": [one for one in existing if not one.is_signed],
            "versions": [one for one in existing if one.is_signed],
            "today": actor.today,
            "may_start": may_start(patient, existing, actor),
        },
    )


@needs(Right.WRITE_ASSESSMENT)
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Start the assessment of a person; a reason is asked for where one is open or current."""
    actor = request.actor
    patient = get_object_or_404(Patient.objects.visible_to(actor), public_id=public_id)
    opened = Assessment.objects.visible_to(actor).of(patient).open().select_related("lead_service")
    current = SignedAssessment.objects.visible_to(actor).of(patient).current(on=actor.today)
    existing = [*opened, *current.select_related("service").defer("content")]
    request.reads.saw([patient.pk])
    form = ClaimForm(request.POST or None, actor=actor, is_repeat=bool(existing))

    def answer() -> HttpResponse | None:
        known = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "submission"}
        done = form.attempt(actions.claim_assessment, patient, **known, by=actor)
        if not done:
            return None
        messages.success(
            request, "Started. Everyone concerned sees that your service is assessing this person."
        )
        return redirect("assessments:draft", done.value.public_id)

    sent = once(request, form, answer) if form.is_valid() else None
    return sent or render_form(
        request, "assessments/claim.jinja", form, patient=patient, opened=list(opened), current=list(current)
    )
