"""Dates in a court or sentence: added, put right, and withdrawn."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.rights import Right
from core.pages import long_date
from desk.forms import CorrectKeyDateForm
from desk.pages.patient import data_of, find_patient, form_page
from organisations.doors import needs
from pathways.actions import key_dates as actions
from pathways.models import KeyDate, Patient
from referrals.forms.fields import WhyForm
from referrals.forms.request import KeyDateForm

PART = "dates"
KEPT = "What stood before is kept, with your reason."


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A date in a court or sentence."""
    found, actor = find_patient(request, public_id), request.actor
    form = KeyDateForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: actions.record_key_date(
            found, kind=form.cleaned_data["kind"], on=form.cleaned_data["on"], by=actor
        ),
        heading="Add a date that matters",
        intro="A new date takes the place of one of its kind that is still to come.",
        button="Add the date",
        said="The date is recorded.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def correct(request: HttpRequest, public_id: UUID, date_id: UUID) -> HttpResponse:
    """It was read or typed wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    key_date = _find(found, date_id)
    form = CorrectKeyDateForm(data_of(request), actor=actor, initial={"on": key_date.on})

    def act() -> Any:
        given = form.cleaned_data
        return actions.correct_key_date(key_date, on=given["on"], why=given["why"], by=actor)

    return form_page(
        request,
        found,
        form,
        act,
        heading=f"Correct a date: {key_date.get_kind_display().lower()}",
        intro=f"Recorded now: {long_date(key_date.on)}. A limit that follows from it is worked out again.",
        button="Correct the date",
        said=f"The date is corrected. {KEPT}",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_STEP)
def withdraw(request: HttpRequest, public_id: UUID, date_id: UUID) -> HttpResponse:
    """There is no such date."""
    found, actor = find_patient(request, public_id), request.actor
    key_date = _find(found, date_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it withdrawn?")
    return form_page(
        request,
        found,
        form,
        lambda: actions.withdraw_key_date(key_date, why=form.cleaned_data["why"], by=actor),
        heading=f"Withdraw a date: {key_date.get_kind_display().lower()}",
        intro=(
            f"Recorded now: {long_date(key_date.on)}. A limit that follows from it ends. Has a remand expired? Record "
            "first what holds the person now."
        ),
        button="Withdraw the date",
        said=f"The date is withdrawn. {KEPT}",
        part=PART,
    )


def _find(found: Patient, date_id: UUID) -> KeyDate:
    """A date of the person that is still believed, or 404."""
    return get_object_or_404(found.key_dates.current(), public_id=date_id)
