"""Keeping two people apart, from the page of either."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.rights import Right
from core.forms import PathwaysForm, render_form
from core.pages import long_date
from core.submissions import once
from organisations.doors import needs
from pathways.actions import apart as actions
from pathways.kept_apart import share_a_ward, somebody_by_number
from pathways.models import KeepApart, Patient
from pathways.pages.bed_forms import EndKeepApartForm, KeepApartForm

# Above this floor, and reached by its address alone.
PERSON = "desk:patient"


@needs(Right.OPEN_PATIENT, Right.KEEP_APART)
def keep_apart(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record that this person and another must not share a ward."""
    found, actor = _find(request, public_id), request.actor  # type: ignore[attr-defined]
    form = KeepApartForm(
        request.POST if request.method == "POST" else None, actor=actor, initial={"since": actor.today}
    )

    def act() -> Any:
        given = form.cleaned_data
        other = somebody_by_number(given["number"], actor)
        request.reads.saw([other.pk])  # type: ignore[attr-defined]
        return actions.keep_apart(
            found,
            other,
            since=given["since"],
            last_day=given["last_day"],
            reason=given["reason"],
            by=actor,
        )

    def said(apart: Any) -> str:
        if share_a_ward(apart, at=actor.at):
            return "Recorded. They share a ward now: speak to its security lead."
        return "Recorded. They will not be given beds on one ward."

    return _form_page(
        request,
        found,
        form,
        act,
        said=said,
        heading="Keep apart from another person",
        intro="Whoever asks for a bed on the same ward is told that there is a conflict, not with whom or why.",
        button="Keep them apart",
    )


@needs(Right.OPEN_PATIENT, Right.KEEP_APART)
def end(request: HttpRequest, public_id: UUID, apart_id: UUID) -> HttpResponse:
    """They may share a ward again."""
    found, actor = _find(request, public_id), request.actor  # type: ignore[attr-defined]
    pairs = KeepApart.objects.visible_to(actor).current().of(found)
    apart = get_object_or_404(pairs, public_id=apart_id)
    form = EndKeepApartForm(
        request.POST if request.method == "POST" else None, actor=actor, initial={"last_day": actor.today}
    )
    return _form_page(
        request,
        found,
        form,
        lambda: actions.end_keep_apart(
            apart, last_day=form.cleaned_data["last_day"], why=form.cleaned_data["why"], by=actor
        ),
        said=lambda _: "Recorded. After that day they may share a ward again.",
        heading="No longer keep them apart",
        button="End it",
    )


def _find(request: HttpRequest, public_id: UUID) -> Patient:
    """Somebody the actor may open, or 404. That they were looked at is logged."""
    people = Patient.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    found = get_object_or_404(people, public_id=public_id)
    request.reads.saw([found.pk])  # type: ignore[attr-defined]
    return found


def _form_page(
    request: HttpRequest,
    found: Patient,
    form: PathwaysForm,
    act: Callable[[], Any],
    *,
    said: Callable[[Any], str],
    **words: Any,
) -> HttpResponse:
    back = f"{reverse(PERSON, args=[found.public_id])}#apart"

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act)
        if not outcome:
            return None
        messages.success(request, said(outcome.value))
        return redirect(back)

    sent = once(request, form, answer) if form.is_bound and form.is_valid() else None
    caption = f"{found.full_name}, born {long_date(found.born_on)}"
    context = {"back": back, "back_words": "Back to the person", "caption": caption, **words}
    return sent or render_form(request, "core/form.jinja", form, **context)
