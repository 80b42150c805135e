"""A signed version: read it, print it, say what one's service makes of it, confirm its sections, correct it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.readlog import Action
from accounts.rights import Right
from assessments import actions, pages, rules
from assessments.codes import AcceptanceAnswer, SectionKind
from assessments.existing import state_of
from assessments.forms import AcceptForm, ReplyForm, WhyForm, own_services
from assessments.models import Assessment, SignedAssessment
from assessments.seal import is_intact
from core.forms import render_form
from core.refusals import NotYours, Refused, refusal
from core.submissions import once
from organisations.doors import needs


def _found(request: HttpRequest, public_id: UUID, action: str = Action.VIEW) -> SignedAssessment:
    """A signed version of somebody the actor may open; noted in the read log."""
    versions = SignedAssessment.objects.visible_to(request.actor).with_state()
    found = get_object_or_404(
        versions.select_related(
            "patient", "service", "signed_by", "assessment", "supersedes", "currency_end__by"
        ),
        public_id=public_id,
    )
    request.reads.saw([found.patient_id], action)
    return found


@require_safe
@needs(Right.READ_ASSESSMENT)
def signed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The version as it was signed, less what the reader may not read, with what services say of it."""
    found = _found(request, public_id)
    return render(request, "assessments/signed.jinja", _context(request, found))


@require_safe
@needs(Right.READ_ASSESSMENT)
def print_signed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper."""
    found = _found(request, public_id, Action.PRINT)
    return render(request, "assessments/print.jinja", _context(request, found))


def _context(request: HttpRequest, found: SignedAssessment) -> dict[str, Any]:
    actor = request.actor
    acceptances = (
        found.acceptances.standing().select_related("service", "answered_by").with_replies().order_by("pk")
    )
    drafts = Assessment.objects.visible_to(actor).of(found.patient).open()
    is_current = rules.is_current(found, actor.today)
    may_answer = actor.has(Right.ACCEPT_ASSESSMENT) and bool(actor.service_ids)
    may_write = actor.has(Right.WRITE_ASSESSMENT)
    own = list(own_services(actor)) if may_answer else []
    return {
        "signed": found,
        "patient": found.patient,
        "is_intact": is_intact(found),
        "state": state_of(found, actor.today),
        "is_current": is_current,
        "superseded_by": getattr(found, "superseded_by_version", None),
        "currency_end": getattr(found, "currency_end", None),
        "acceptances": list(acceptances),
        "versions": pages.versions_of(found, actor),
        "correction": drafts.filter(corrects=found).first(),
        "may_answer": may_answer and is_current,
        "may_reply": may_write and actor.works_at(found.service_id),
        "may_correct": may_write and not refusal(rules.check_correction, found, why="-", actor=actor),
        "may_end": may_write and is_current,
        # The service that signed took it as its own by that; it corrects it instead.
        "may_accept": is_current and any(service.pk != found.service_id for service in own),
        "own_services": own,
        "today": actor.today,
        **pages.signed_page(found, actor),
    }


@needs(Right.ACCEPT_ASSESSMENT)
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A service's word on the assessment; never about the person."""
    found = _found(request, public_id)
    actor = request.actor
    form = AcceptForm(request.POST or None, actor=actor, recommended=found.tier)

    def answer() -> HttpResponse | None:
        given = form.cleaned_data
        done = form.attempt(
            actions.accept_assessment,
            found,
            service=given["service"],
            tier=given["tier"],
            answer=given["answer"],
            words=form.words,
            by=actor,
        )
        if not done:
            return None
        messages.success(request, "Your service's answer is recorded and everyone concerned sees it.")
        return redirect("assessments:signed", public_id)

    sent = once(request, form, answer) if form.is_valid() else None
    return sent or render_form(
        request,
        "core/form.jinja",
        form,
        heading="Answer for your service",
        caption=pages.person_line(found.patient),
        button="Record the answer",
        back=_path(found),
    )


@needs(Right.WRITE_ASSESSMENT)
def answer_question(request: HttpRequest, public_id: UUID, acceptance_id: UUID) -> HttpResponse:
    """Answer what another service asked when it accepted the assessment."""
    found = _found(request, public_id)
    words_of_services = found.acceptances.select_related("signed__service", "service")
    acceptance = get_object_or_404(
        words_of_services, public_id=acceptance_id, answer=AcceptanceAnswer.QUESTION
    )
    form = ReplyForm(request.POST or None, actor=request.actor)

    def answer() -> HttpResponse | None:
        done = form.attempt(
            actions.answer_question, acceptance, words=form.cleaned_data["words"], by=request.actor
        )
        if not done:
            return None
        messages.success(request, f"Answered. {acceptance.service.name} has been told.")
        return redirect("assessments:signed", public_id)

    sent = once(request, form, answer) if form.is_valid() else None
    return sent or render_form(
        request,
        "core/form.jinja",
        form,
        heading=f"Answer the question of {acceptance.service.name}",
        caption=pages.person_line(found.patient),
        intro=acceptance.words,
        button="Send the answer",
        back=_path(found),
    )


@require_POST
@needs(Right.ACCEPT_ASSESSMENT)
def confirm(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """Confirm that a section still holds."""
    if kind not in SectionKind.values:
        raise Http404
    found = _found(request, public_id)
    services = own_services(request.actor)
    chosen = request.POST.get("service", "")
    service = services.filter(public_id=chosen).first() if _is_id(chosen) else services.first()
    if service is None:
        raise Refused("A section is confirmed for a hospital or community service where you work.")
    actions.confirm_section(found, kind, service=service, by=request.actor)
    messages.success(request, f"{SectionKind(kind).label}: confirmed.")
    return redirect("assessments:signed", public_id)


@needs(Right.WRITE_ASSESSMENT)
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin a newer version that says why."""
    found = _found(request, public_id)
    if not request.actor.works_at(found.service_id):
        raise NotYours(rules.NOT_YOURS_TO_CORRECT)
    form = WhyForm(request.POST or None, actor=request.actor)
    if form.is_valid() and (
        done := form.attempt(actions.correct, found, **form.cleaned_data, by=request.actor)
    ):
        messages.success(request, "A draft has been opened as the signed version stands.")
        return redirect("assessments:draft", done.value.public_id)
    return render_form(
        request,
        "core/form.jinja",
        form,
        heading="Correct this assessment",
        caption=pages.person_line(found.patient),
        intro="The signed version stays as it is. You write and sign a newer one, which says why.",
        button="Open a draft",
        back=_path(found),
    )


@needs(Right.WRITE_ASSESSMENT)
def end_currency(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that a material change ends the currency of a version."""
    found = _found(request, public_id)
    form = WhyForm(request.POST or None, actor=request.actor)
    if form.is_valid() and form.attempt(actions.end_currency, found, **form.cleaned_data, by=request.actor):
        messages.success(request, "It is no longer current. A new assessment can be started.")
        return redirect("assessments:signed", public_id)
    return render_form(
        request,
        "core/form.jinja",
        form,
        heading="What has changed?",
        caption=pages.person_line(found.patient),
        intro="After a material change nobody relies on this version any more. It can still be read.",
        button="End its currency",
        warning=True,
        back=_path(found),
    )


def _path(found: SignedAssessment) -> str:
    return reverse("assessments:signed", args=[found.public_id])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
