"""A draft as a whole: its task list, the signature, taking it over and giving it up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.rights import Right
from assessments import actions, pages, rules
from assessments.forms import SignForm, TakeOverForm, WhyForm
from assessments.models import Assessment
from core.forms import render_form
from core.refusals import NotYours
from core.submissions import once
from organisations.doors import needs


def _found(request: HttpRequest, public_id: UUID) -> Assessment:
    """A draft of somebody the actor may open; noted in the read log."""
    drafts = Assessment.objects.visible_to(request.actor)
    found = get_object_or_404(
        drafts.select_related("patient", "lead_service", "assessor", "corrects"), public_id=public_id
    )
    request.reads.saw([found.patient_id])
    return found


def own_draft(request: HttpRequest, public_id: UUID) -> Assessment:
    """A draft that the actor's service writes; to other services its words are closed until it is signed."""
    found = _found(request, public_id)
    if not request.actor.works_at(found.lead_service_id):
        raise NotYours(rules.words_closed(found))
    return found


@require_safe
@needs(Right.READ_ASSESSMENT)
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The task list: eleven sections, the recommendation, instruments, the signature. Others see how far it is."""
    assessment = _found(request, public_id)
    actor = request.actor
    is_own = actor.works_at(assessment.lead_service_id) and actor.has(Right.WRITE_ASSESSMENT)
    tasks = pages.tasks_of(assessment, is_own=is_own and assessment.closed_at is None)
    may_take_over = actor.has(Right.WRITE_ASSESSMENT) and not is_own and assessment.closed_at is None
    context = {
        "assessment": assessment,
        "patient": assessment.patient,
        "tasks": tasks,
        "today": actor.today,
        "is_own": is_own,
        "may_take_over": may_take_over and assessment.due_on < actor.today,
        "newest": assessment.signed_versions.defer("content").order_by("number").last(),
    }
    return render(request, "assessments/draft.jinja", context)


@needs(Right.SIGN_ASSESSMENT)
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Read the whole draft, see what is missing, and sign."""
    assessment = own_draft(request, public_id)
    actor = request.actor
    form = SignForm(request.POST or None, actor=actor)

    def answer() -> HttpResponse | None:
        done = form.attempt(actions.sign_assessment, assessment, by=actor)
        if not done:
            return None
        messages.success(request, "Signed. It is now the current assessment for every service.")
        return redirect("assessments:signed", done.value.public_id)

    sent = once(request, form, answer) if form.is_valid() else None
    if sent is None and not form.is_bound and assessment.closed_at is not None:
        return redirect("assessments:draft", public_id)
    return sent or render_form(
        request,
        "assessments/sign.jinja",
        form,
        patient=assessment.patient,
        **pages.check_page(assessment, actor),
    )


@needs(Right.WRITE_ASSESSMENT)
def take_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on with another service's draft that is past its due date."""
    assessment = _found(request, public_id)
    form = TakeOverForm(request.POST or None, actor=request.actor)
    if form.is_valid() and form.attempt(actions.take_over, assessment, **form.cleaned_data, by=request.actor):
        messages.success(request, "Your service now writes this assessment.")
        return redirect("assessments:draft", public_id)
    return render_form(
        request,
        "core/form.jinja",
        form,
        heading="Take over this assessment",
        caption=pages.person_line(assessment.patient),
        intro=f"{assessment.lead_service} has been writing it. Their words stay, and yours go on from them.",
        button="Take over",
        back=pages.draft_path(assessment),
    )


@needs(Right.WRITE_ASSESSMENT)
def give_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a draft up, so that another service may start."""
    assessment = own_draft(request, public_id)
    form = WhyForm(request.POST or None, actor=request.actor)
    if form.is_valid() and form.attempt(actions.abandon, assessment, **form.cleaned_data, by=request.actor):
        messages.success(request, "Given up. Another service can start an assessment.")
        return redirect("assessments:person", assessment.patient.public_id)
    return render_form(
        request,
        "core/form.jinja",
        form,
        heading="Give up this assessment",
        caption=pages.person_line(assessment.patient),
        intro="What has been written is kept, but nobody will see it as an assessment.",
        button="Give up",
        warning=True,
        back=pages.draft_path(assessment),
    )
