"""Where a person is: recorded also when it was last week, put right, and taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.rights import Right
from core.forms import SeenForm, render_form
from core.pages import date_and_time, long_date
from core.refusals import Conflicting
from core.submissions import once
from desk.pages.patient import address, data_of, find_patient
from desk.place_forms import CorrectPlaceForm, PlaceForm, RemovePlaceForm
from organisations.doors import needs
from pathways.actions import placements
from pathways.models import Patient, Placement
from referrals.models import Referral
from referrals.naming import address_of, title_of


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say where the person is or was."""
    found, actor = find_patient(request, public_id), request.actor
    form = PlaceForm(data_of(request), actor=actor)

    def act() -> Placement:
        at, time_known = form.moment()
        checked = form.cleaned_data["checked"]
        return placements.record_place(
            found, **form.where(), at=at, time_known=time_known, checked=checked, by=actor
        )

    return _page(
        request,
        found,
        form,
        act,
        heading="Record where they are",
        intro="A move that happened some time ago can be entered now. What is recorded after it stays.",
        referral=_leading(found, actor),
        button="Record the place",
        said="The place is recorded.",
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def correct_place(request: HttpRequest, public_id: UUID, placement_id: UUID) -> HttpResponse:
    """Put right when the person came to a place, or which it was."""
    found, actor = find_patient(request, public_id), request.actor
    placement = _find_placement(found, placement_id)
    form = CorrectPlaceForm(data_of(request), actor=actor, placement=placement)

    def act() -> Placement:
        why, checked = form.cleaned_data["why"], form.cleaned_data["checked"]
        return placements.correct_placement(
            placement, **form.where(), **form.when(), why=why, checked=checked, by=actor
        )

    return _page(
        request,
        found,
        form,
        act,
        heading="Correct a place",
        intro=f"Recorded now: {_recorded(placement)}. Where they were before ends where this begins.",
        remove=placement,
        button="Correct the place",
        said="The place is corrected. What stood before is kept, with your reason.",
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def remove_place(request: HttpRequest, public_id: UUID, placement_id: UUID) -> HttpResponse:
    """They never came there."""
    found, actor = find_patient(request, public_id), request.actor
    placement = _find_placement(found, placement_id)
    form = RemovePlaceForm(data_of(request), actor=actor)
    return _page(
        request,
        found,
        form,
        lambda: placements.remove_placement(
            placement, why=form.cleaned_data["why"], checked=form.cleaned_data["checked"], by=actor
        ),
        heading="Remove a place",
        intro=f"Recorded now: {_recorded(placement)}. Where they were before goes on until the next move.",
        button="Remove the place",
        warning=True,
        said="The place is removed. What stood before is kept, with your reason.",
    )


def _leading(patient: Patient, actor: Any) -> tuple[str, str, bool] | None:
    """The open referral under which they may have moved: words, address, and whether it is a transfer from prison."""
    found = Referral.objects.visible_to(actor).open().filter(patient=patient).order_by("-is_primary").first()
    return (title_of(found), address_of(found), found.is_transfer) if found else None


def _find_placement(patient: Patient, placement_id: UUID) -> Placement:
    """A placement of the person that is still believed, or 404."""
    believed = patient.placements.current().select_related("service", "ward", "patient")
    return get_object_or_404(believed, public_id=placement_id)


def _recorded(placement: Placement) -> str:
    where = placement.service.name if placement.service else placement.get_elsewhere_display()
    ward = f", {placement.ward.name} ward" if placement.ward else ""
    when = date_and_time if placement.start_time_known else long_date
    return f"{where}{ward}, from {when(placement.during.lower)}"


def _page(
    request: HttpRequest, found: Patient, form: SeenForm, act: Callable[[], Any], *, said: str, **words: Any
) -> HttpResponse:
    """The form of one act. What it goes against is shown before anything is written, and what is missing asked for."""

    def answer() -> HttpResponse | None:
        if not form.attempt(act):
            return None
        messages.success(request, said)
        return redirect(address(found, "pathway"))

    asks_more = form.is_bound and form.is_valid() and getattr(form, "asks_ward", False)
    sent = once(request, form, answer) if form.is_bound and form.is_valid() and not asks_more else None
    if sent is not None:
        return sent
    conflicts: tuple[str, ...] = ()
    if isinstance(form.refused, Conflicting):
        conflicts = form.refused.conflicts
        form.show_again(form.refused)
        words["button"] = f"{words['button']} all the same"
    around = {
        "patient": found,
        "back": address(found, "pathway"),
        "back_words": "Back to the person",
        "caption": f"{found.full_name}, born {long_date(found.born_on)}",
    }
    return render_form(
        request, "desk/place.jinja", form, **around, **words, conflicts=conflicts, asks_ward=asks_more
    )
