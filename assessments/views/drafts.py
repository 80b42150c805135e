"""Writing an assessment: the task list, one section a page, the recommendation, instruments, and the signature."""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from assessments import actions, pages, rules, unsaved
from assessments.codes import Restriction, SectionKind
from assessments.forms import (
    RatingForm,
    RecommendationForm,
    SectionForm,
    SignForm,
    TakeOverForm,
    WhyForm,
)
from assessments.models import Assessment, Recommendation
from core.forms import render_form
from core.pages import date_and_time
from core.submissions import once
from organisations.doors import needs

View = Callable[..., HttpResponseBase]
FIRST = 1


def keeps_words(view: View) -> View:
    """Around a section's page: when the session has ended, keep what was typed, ask to sign in and come back."""

    @login_not_required
    @functools.wraps(view)
    def enter(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, public_id=public_id, kind=kind)
        if request.method == "POST":
            unsaved.keep_for_owner(request.POST, public_id=public_id, kind=kind, at=timezone.now())
        return redirect_to_login(request.path)

    return enter


def _found(request: HttpRequest, public_id: UUID) -> Assessment:
    """A draft of somebody the actor may open; noted in the read log."""
    drafts = Assessment.objects.visible_to(request.actor)
    found = get_object_or_404(
        drafts.select_related("patient", "lead_service", "assessor", "corrects"), public_id=public_id
    )
    request.reads.saw([found.patient_id])
    return found


def _own(request: HttpRequest, public_id: UUID) -> Assessment:
    """A draft that the actor's service writes; to other services its words are closed until it is signed."""
    found = _found(request, public_id)
    if not request.actor.works_at(found.lead_service_id):
        raise PermissionDenied("another service's draft")
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


@keeps_words
@needs(Right.WRITE_ASSESSMENT)
def section(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """One section. Saved by its buttons, and every few seconds by the page itself where scripts run."""
    if kind not in SectionKind.values:
        raise Http404
    assessment = _own(request, public_id)
    if request.method == "POST":
        return _save_section(request, assessment, kind)
    if assessment.closed_at is not None and not unsaved.kept_for(request.actor, public_id, kind):
        return redirect("assessments:draft", public_id)
    shown = assessment.sections.with_passages(rules.readable_restrictions(request.actor)).get(kind=kind)
    saved = {passage.restriction: passage.text for passage in shown.readable_passages}
    kept = unsaved.kept_for(request.actor, public_id, kind)
    typed = unsaved.texts_of(kept, request.actor) if kept else {}
    version = kept.answers.get("version") if kept else shown.version
    form = SectionForm(actor=request.actor, initial={**saved, **typed, "version": version})
    return _section_page(request, assessment, shown, form, saved=saved if kept else None, was_kept=bool(kept))


def _save_section(request: HttpRequest, assessment: Assessment, kind: str) -> HttpResponse:
    actor = request.actor
    if "throw_away" in request.POST:
        unsaved.discard(actor, assessment.public_id, kind)
        return redirect("assessments:section", assessment.public_id, kind)
    is_autosave = request.headers.get("X-Autosave") == "1"
    form = SectionForm(request.POST, actor=actor)
    if form.is_valid():
        finished = "finish" in request.POST
        done = form.attempt(
            actions.save_section,
            assessment,
            kind,
            texts=form.texts,
            version=form.cleaned_data["version"],
            finished=finished,
            by=actor,
        )
        if done:
            unsaved.discard(actor, assessment.public_id, kind)
            return _section_saved(request, assessment, done.value, is_autosave=is_autosave)
    if is_autosave:
        sentence = form.errors.as_data()
        said = [str(error.messages[0]) for errors in sentence.values() for error in errors]
        return JsonResponse({"detail": " ".join(said)}, status=409 if form.refused else 400)
    return _section_not_saved(request, assessment, kind, form)


def _section_saved(request: HttpRequest, assessment: Any, section: Any, *, is_autosave: bool) -> HttpResponse:
    if is_autosave:
        return JsonResponse({"version": section.version, "saved": date_and_time(section.saved_at)})
    messages.success(request, f"{SectionKind(section.kind).label}: saved.")
    following = pages.section_after(section.kind)
    if section.is_written and following:
        return redirect("assessments:section", assessment.public_id, following)
    return redirect("assessments:draft", assessment.public_id)


def _section_not_saved(request: HttpRequest, assessment: Any, kind: str, form: SectionForm) -> HttpResponse:
    """What was typed stays; where somebody else saved in between, their text stands beside it."""
    shown = assessment.sections.with_passages(rules.readable_restrictions(request.actor)).get(kind=kind)
    saved = {passage.restriction: passage.text for passage in shown.readable_passages}
    is_stale = form.refused and str(shown.version) != form.data.get("version")
    if is_stale:
        # From here the writer has seen the other text, so that the next save is made knowing it.
        form.data = form.data.copy()
        form.data["version"] = str(shown.version)
    return _section_page(request, assessment, shown, form, saved=saved if is_stale else None)


def _section_page(
    request: HttpRequest,
    assessment: Any,
    shown: Any,
    form: SectionForm,
    *,
    saved: Any,
    was_kept: bool = False,
) -> HttpResponse:
    kind = SectionKind(shown.kind)
    return render_form(
        request,
        "assessments/section.jinja",
        form,
        assessment=assessment,
        patient=assessment.patient,
        section=shown,
        kind=kind,
        number=SectionKind.values.index(kind) + FIRST,
        hints=pages.SECTION_HINTS[kind],
        saved=[(Restriction(name).label, text) for name, text in saved.items() if text]
        if saved is not None
        else None,
        was_kept=was_kept,
        note=unsaved.note_for(request.actor, assessment.public_id, shown.kind),
        following=pages.section_after(kind),
    )


@needs(Right.WRITE_ASSESSMENT)
def recommendation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The recommended tier, and why neither lower nor higher."""
    assessment = _own(request, public_id)
    kept = getattr(assessment, "recommendation", None)
    form = RecommendationForm(
        request.POST or None, actor=request.actor, initial=pages.recommendation_answers(kept)
    )
    if form.is_valid() and form.attempt(
        actions.save_recommendation, assessment, **form.cleaned_data, by=request.actor
    ):
        messages.success(request, "Recommendation: saved.")
        return redirect("assessments:draft", public_id)
    theirs: Recommendation | None = None
    if form.refused and kept and str(kept.version) != form.data.get("version"):
        theirs = kept
        form.data = form.data.copy()
        form.data["version"] = str(kept.version)
    return render_form(
        request,
        "assessments/recommendation.jinja",
        form,
        assessment=assessment,
        patient=assessment.patient,
        theirs=pages.recommendation_facts(pages.recommendation_answers(theirs)) if theirs else None,
    )


@needs(Right.WRITE_ASSESSMENT)
def ratings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Instruments that were used: those noted so far, and one more."""
    assessment = _own(request, public_id)
    form = RatingForm(request.POST or None, actor=request.actor)
    if form.is_valid() and form.attempt(
        actions.add_rating, assessment, **form.cleaned_data, by=request.actor
    ):
        messages.success(request, "Instrument noted.")
        return redirect("assessments:ratings", public_id)
    noted = list(assessment.ratings.order_by("rated_on", "pk"))
    return render_form(
        request,
        "assessments/ratings.jinja",
        form,
        assessment=assessment,
        patient=assessment.patient,
        noted=noted,
    )


@require_POST
@needs(Right.WRITE_ASSESSMENT)
def remove_rating(request: HttpRequest, public_id: UUID, rating_id: int) -> HttpResponse:
    """Take one instrument off."""
    assessment = _own(request, public_id)
    rating = get_object_or_404(assessment.ratings, pk=rating_id)
    actions.remove_rating(rating, by=request.actor)
    messages.success(request, "Taken off.")
    return redirect("assessments:ratings", public_id)


@needs(Right.SIGN_ASSESSMENT)
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Read the whole draft, see what is missing, and sign."""
    assessment = _own(request, public_id)
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
    assessment = _own(request, public_id)
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
