"""Being clinically ready to move on: recorded, waiting for something else, ended without a move, put right."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.rights import Right
from core.pages import long_date
from desk import ready_forms as forms
from desk.pages.patient import data_of, find_patient, form_page
from organisations.doors import needs
from organisations.rules import Tier
from pathways.actions import ready
from pathways.models import Patient, ReadyPeriod
from pathways.ready_codes import ReadyReason
from referrals.forms.fields import WhyForm

READY = "ready"
PAGE = "desk/legal_form.jinja"
KEPT = "What stood before is kept, with your reason."


def _period(found: Patient, period_id: UUID) -> ReadyPeriod:
    related = ("waits_on_service", "waits_on_commissioner")
    return get_object_or_404(found.ready_periods.current().select_related(*related), public_id=period_id)


def _pairs(period: ReadyPeriod) -> list[tuple[str, str]]:
    return [
        ("Ready for", str(Tier(period.next_tier).label)),
        ("Reason", str(ReadyReason(period.reason_code).label)),
        ("Waits on", period.waits_on_whom),
        ("From", long_date(period.during.lower)),
    ]


@needs(Right.OPEN_PATIENT, Right.RECORD_READY)
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """From a day on they are ready."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.ReadyForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: ready.record_ready(found, **form.answers(), by=actor),
        heading="Ready to move on",
        intro="It ends by itself when a move to another service or tier, a release or a death is recorded.",
        button="Record that they are ready",
        said="They are recorded as ready to move on, and are in the queue.",
        part=READY,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_READY)
def change_reason(request: HttpRequest, public_id: UUID, period_id: UUID) -> HttpResponse:
    """It waits for something else now."""
    found, actor = find_patient(request, public_id), request.actor
    period = _period(found, period_id)
    form = forms.ChangeReasonForm(data_of(request), actor=actor, initial=forms.as_it_is(period))
    return form_page(
        request,
        found,
        form,
        lambda: ready.change_ready_reason(period, **form.answers(), by=actor),
        template=PAGE,
        heading="It waits for something else",
        intro="The days go on without a break. Those before keep their reason.",
        pairs=_pairs(period),
        button="Change the reason",
        said="The reason is changed from that day.",
        part=READY,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_READY)
def end(request: HttpRequest, public_id: UUID, period_id: UUID) -> HttpResponse:
    """They are no longer ready, and have not moved."""
    found, actor = find_patient(request, public_id), request.actor
    period = _period(found, period_id)
    form = forms.EndReadyForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: ready.end_ready(
            period,
            **{name: form.cleaned_data[name] for name in ("on", "ended_as", "why")},
            by=actor,
        ),
        template=PAGE,
        heading="No longer ready to move on",
        intro="Have they moved? Record where they are instead: this ends by itself.",
        pairs=_pairs(period),
        button="End it",
        said="It is recorded that they are no longer ready.",
        part=READY,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_READY)
def correct(request: HttpRequest, public_id: UUID, period_id: UUID) -> HttpResponse:
    """What was recorded wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    period = _period(found, period_id)
    initial = {**forms.as_it_is(period), "since": period.during.lower, "until": period.during.upper}
    form = forms.CorrectReadyForm(data_of(request), actor=actor, period=period, initial=initial)
    return form_page(
        request,
        found,
        form,
        lambda: ready.correct_ready(period, **form.answers(), by=actor),
        heading="Correct being ready to move on",
        button="Correct it",
        said=f"It is corrected. {KEPT}",
        part=READY,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_READY)
def take_back(request: HttpRequest, public_id: UUID, period_id: UUID) -> HttpResponse:
    """They never were ready, or never for this reason."""
    found, actor = find_patient(request, public_id), request.actor
    period = _period(found, period_id)
    form = WhyForm(data_of(request), actor=actor, label="Why was it recorded by mistake?")
    return form_page(
        request,
        found,
        form,
        lambda: ready.take_back_ready(period, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="Recorded by mistake",
        intro="The reason before this one goes on, if there was one.",
        pairs=_pairs(period),
        button="Take it back",
        warning=True,
        said=f"It is taken back. {KEPT}",
        part=READY,
    )
