"""A bed that is kept for somebody on leave or away, released by the service whose it is."""

from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse

from accounts.rights import Right
from core.pages import date_and_time
from organisations.doors import needs
from pathways.actions import leave as actions
from pathways.pages.bed_acts import data_of, find_own_use, form_page
from pathways.pages.bed_forms import LINE, BedForm


class ReleaseForm(BedForm):
    """Why the bed is not kept any longer."""

    why = django_forms.CharField(
        label="Why is it released?", max_length=LINE, error_messages={"required": "Say why it is released"}
    )


@needs(Right.OFFER_BED)
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed can be given to somebody else although who is away has not come back."""
    use, actor = find_own_use(request, public_id, "leave"), request.actor  # type: ignore[attr-defined]
    away = "on leave" if use.about_kind == "leave" else "away"
    form = ReleaseForm(data_of(request), actor=actor)
    return form_page(
        request,
        use.bed,
        form,
        lambda: actions.release_kept_bed(use, why=form.cleaned_data["why"], by=actor),
        heading="Release the bed that is kept",
        intro=f"It is kept for {use.patient.full_name}, {away} since {date_and_time(use.during.lower)}. "
        "Once they are back they will need another bed.",
        button="Release the bed",
        said="The bed is released.",
    )
