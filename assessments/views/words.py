"""What is typed into a draft: one section a page, the recommendation, instruments. Kept as it is written.

A section and the recommendation are saved into the draft itself; an instrument is no row until it is noted, so what is
typed of it is kept for its writer alone. What was typed after the session had ended waits behind the sign-in.
"""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from assessments import actions, pages, rules, unsaved
from assessments.codes import Restriction, SectionKind
from assessments.forms import RatingForm, RecommendationForm, SectionForm
from assessments.models import Assessment
from assessments.views.drafts import own_draft
from core.forms import PathwaysForm, render_form
from core.models import Draft
from core.pages import date_and_time
from core.views import saves_itself
from organisations.doors import needs

View = Callable[..., HttpResponseBase]
FIRST = 1


def keeps_words(part: str = "") -> Callable[[View], View]:
    """Around a form's page: when the session has ended, keep what was typed, ask to sign in and come back.

    `part` is the part of the draft; for sections it is the `kind` in the address.
    """

    def around(view: View) -> View:
        @login_not_required
        @functools.wraps(view)
        def enter(request: HttpRequest, public_id: UUID, **kind: str) -> HttpResponseBase:
            if request.user.is_authenticated:
                return view(request, public_id=public_id, **kind)
            if request.method == "POST":
                of = part or kind["kind"]
                unsaved.keep_for_owner(request.POST, public_id=public_id, part=of, at=timezone.now())
            return redirect_to_login(request.path)

        return enter

    return around


def _not_saved_by_itself(form: PathwaysForm) -> JsonResponse:
    if form.is_stale:
        return JsonResponse({"detail": "Somebody else changed this. Save to see both texts."}, status=409)
    said = [str(error.messages[0]) for errors in form.errors.as_data().values() for error in errors]
    return JsonResponse({"detail": " ".join(said)}, status=409 if form.refused else 400)


def _saved_by_itself(actor: Any, version: int) -> JsonResponse:
    return JsonResponse({"version": version, "saved": date_and_time(actor.at)})


@keeps_words()
@needs(Right.WRITE_ASSESSMENT)
def section(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """One section. Saved by its buttons, and every few seconds by the page itself where scripts run."""
    if kind not in SectionKind.values:
        raise Http404
    assessment = own_draft(request, public_id)
    if request.method == "POST":
        return _save_section(request, assessment, kind)
    kept = unsaved.kept_for(request.actor, public_id, kind)
    if assessment.closed_at is not None and not kept:
        return redirect("assessments:draft", public_id)
    shown, saved = _section_as_saved(request, assessment, kind)
    form = SectionForm(actor=request.actor)
    form.initial = {**saved, "version": shown.version} | (unsaved.typed_in(kept, form) if kept else {})
    return _section_page(request, assessment, shown, form, saved=saved if kept else None, was_kept=bool(kept))


def _section_as_saved(request: HttpRequest, assessment: Assessment, kind: str) -> tuple[Any, dict[str, str]]:
    readable = rules.readable_restrictions(request.actor)
    shown: Any = assessment.sections.with_passages(readable).get(kind=kind)
    return shown, {passage.restriction: passage.text for passage in shown.readable_passages}


def _save_section(request: HttpRequest, assessment: Assessment, kind: str) -> HttpResponse:
    actor = request.actor
    if "throw_away" in request.POST:
        unsaved.discard(actor, assessment.public_id, kind)
        return redirect("assessments:section", assessment.public_id, kind)
    form = SectionForm(request.POST, actor=actor)
    done = form.is_valid() and form.attempt(
        actions.save_section,
        assessment,
        kind,
        texts=form.texts,
        version=form.cleaned_data["version"],
        finished="finish" in request.POST,
        by=actor,
    )
    if done:
        unsaved.discard(actor, assessment.public_id, kind)
        return _section_saved(request, assessment, done.value)
    if saves_itself(request):
        return _not_saved_by_itself(form)
    shown, saved = _section_as_saved(request, assessment, kind)
    form.initial = {"version": shown.version}
    return _section_page(request, assessment, shown, form, saved=saved if form.is_stale else None)


def _section_saved(request: HttpRequest, assessment: Any, section: Any) -> HttpResponse:
    if saves_itself(request):
        return _saved_by_itself(request.actor, section.version)
    messages.success(request, f"{SectionKind(section.kind).label}: saved.")
    following = pages.section_after(section.kind)
    if section.is_written and following:
        return redirect("assessments:section", assessment.public_id, following)
    return redirect("assessments:draft", assessment.public_id)


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


@keeps_words(unsaved.RECOMMENDATION)
@needs(Right.WRITE_ASSESSMENT)
def recommendation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The recommended tier, and why neither lower nor higher. Saved as a section is."""
    assessment = own_draft(request, public_id)
    if request.method == "POST":
        return _save_recommendation(request, assessment)
    saved = pages.recommendation_answers(getattr(assessment, "recommendation", None))
    kept = unsaved.kept_for(request.actor, public_id, unsaved.RECOMMENDATION)
    form = RecommendationForm(actor=request.actor)
    form.initial = saved | (unsaved.typed_in(kept, form) if kept else {})
    theirs = saved if kept and saved["version"] else None
    return _recommendation_page(request, assessment, form, theirs=theirs, was_kept=bool(kept))


def _save_recommendation(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    actor, public_id = request.actor, assessment.public_id
    if "throw_away" in request.POST:
        unsaved.discard(actor, public_id, unsaved.RECOMMENDATION)
        return redirect("assessments:recommendation", public_id)
    finished = "finish" in request.POST
    form = RecommendationForm(request.POST, actor=actor, finished=finished)
    done = form.is_valid() and form.attempt(
        actions.save_recommendation, assessment, **form.cleaned_data, finished=finished, by=actor
    )
    if done:
        unsaved.discard(actor, public_id, unsaved.RECOMMENDATION)
        if saves_itself(request):
            return _saved_by_itself(actor, done.value.version)
        messages.success(request, "Recommendation: saved.")
        return redirect("assessments:draft", public_id)
    if saves_itself(request):
        return _not_saved_by_itself(form)
    saved = pages.recommendation_answers(getattr(assessment, "recommendation", None))
    form.initial = {"version": saved["version"]}
    return _recommendation_page(request, assessment, form, theirs=saved if form.is_stale else None)


def _recommendation_page(
    request: HttpRequest, assessment: Any, form: RecommendationForm, *, theirs: Any, was_kept: bool = False
) -> HttpResponse:
    return render_form(
        request,
        "assessments/recommendation.jinja",
        form,
        assessment=assessment,
        patient=assessment.patient,
        theirs=pages.recommendation_facts(theirs) if theirs else None,
        was_kept=was_kept,
        note=unsaved.note_for(request.actor, assessment.public_id, unsaved.RECOMMENDATION),
    )


@keeps_words(unsaved.RATING)
@needs(Right.WRITE_ASSESSMENT)
def ratings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Instruments that were used: those noted so far, and one more."""
    assessment = own_draft(request, public_id)
    if request.method == "POST":
        return _note_rating(request, assessment)
    kept = unsaved.kept_for(request.actor, public_id, unsaved.RATING)
    form = RatingForm(actor=request.actor)
    form.initial = unsaved.typed_in(kept, form) if kept else {}
    return _ratings_page(request, assessment, form, kept=kept)


def _note_rating(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    actor, public_id = request.actor, assessment.public_id
    if saves_itself(request):
        unsaved.keep(request.POST, public_id=public_id, part=unsaved.RATING, by=actor)
        return JsonResponse({"saved": date_and_time(actor.at)})
    if "throw_away" in request.POST:
        unsaved.discard(actor, public_id, unsaved.RATING)
        return redirect("assessments:ratings", public_id)
    form = RatingForm(request.POST, actor=actor)
    if form.is_valid() and form.attempt(actions.add_rating, assessment, **form.cleaned_data, by=actor):
        unsaved.discard(actor, public_id, unsaved.RATING)
        messages.success(request, "Instrument noted.")
        return redirect("assessments:ratings", public_id)
    return _ratings_page(request, assessment, form)


def _ratings_page(
    request: HttpRequest, assessment: Any, form: RatingForm, *, kept: Draft | None = None
) -> HttpResponse:
    return render_form(
        request,
        "assessments/ratings.jinja",
        form,
        assessment=assessment,
        patient=assessment.patient,
        noted=list(assessment.ratings.order_by("rated_on", "pk")),
        was_kept=bool(kept),
        note=unsaved.note_for(request.actor, assessment.public_id, unsaved.RATING),
    )


@require_POST
@needs(Right.WRITE_ASSESSMENT)
def remove_rating(request: HttpRequest, public_id: UUID, rating_id: UUID) -> HttpResponse:
    """Take one instrument off."""
    assessment = own_draft(request, public_id)
    rating = get_object_or_404(assessment.ratings, public_id=rating_id)
    actions.remove_rating(rating, by=request.actor)
    messages.success(request, "Taken off.")
    return redirect("assessments:ratings", public_id)
