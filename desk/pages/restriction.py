"""Restricted access to a person: who may know who they are, and the pages of the privacy officer who sees to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.forms import PathwaysForm, render_form
from core.pages import long_date
from core.submissions import once
from core.tables import Column, Table
from desk.forms import LiftForm, NameStaffForm, RemoveStaffForm, RestrictForm
from desk.pages.patient import data_of
from organisations.doors import needs
from pathways.actions import restriction as actions
from pathways.models import Patient
from pathways.naming import named_for, places_of, staff_of
from referrals.models import Referral

RESTRICTED = "Restricted person"


def find_person(request: HttpRequest, public_id: UUID) -> Patient:
    """Somebody the actor may open, or with restricted access in the actor's population, whoever that is; else 404."""
    actor = request.actor
    found = Patient.objects.visible_to(actor).filter(public_id=public_id).first()
    patient = found or Patient.objects.restricted_of(actor).filter(public_id=public_id).first()
    if patient is None:
        raise Http404
    request.reads.saw([patient.pk])
    patient.is_known = found is not None
    return patient


def called(patient: Patient) -> str:
    """Who it is, as far as the reader may know."""
    if not patient.is_known:
        return f"{RESTRICTED}, {places_of([patient]).get(patient.pk, 'place not known')}"
    return f"{patient.full_name}, born {long_date(patient.born_on)}"


@require_safe
@needs(Right.RESTRICT_ACCESS)
def restricted_people(request: HttpRequest) -> HttpResponse:
    """Everybody with restricted access in the actor's population, without who they are."""
    actor = request.actor
    places: dict[int, str] = {}
    transfers: dict[int, str] = {}
    table = Table(
        request,
        Patient.objects.restricted_of(actor),
        name="restricted",
        caption="People with restricted access",
        columns=[
            Column(
                "who",
                "Person",
                lambda one: RESTRICTED,
                link=lambda one: reverse("desk:restriction", args=[one.public_id]),
            ),
            Column("place", "Where now", lambda one: places.get(one.pk, "Not known")),
            Column("transfer", "Open transfer", lambda one: transfers.get(one.pk, "")),
            Column("registered_at", "Registered", "registered_at", sort="registered_at"),
        ],
        order=["registered_at"],
        nothing="Access to nobody here is restricted.",
    )
    places.update(places_of(table.rows))
    asked = Referral.objects.visible_to(actor).transfers().open().filter(patient__in=table.rows)
    transfers.update(asked.values_list("patient_id", "reference"))
    logged = Action.EXPORT if table.is_csv else Action.PRINT if table.is_print else Action.LIST
    request.reads.saw([one.pk for one in table.rows], logged)
    return table.answer(
        "desk/manage_list.jinja", back=reverse("desk:patients"), back_words="Patients", actions=[]
    )


@needs(Right.RESTRICT_ACCESS)
def restriction(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who may know who this is; or the form that restricts it."""
    patient, actor = find_person(request, public_id), request.actor
    if patient.has_restricted_access and request.method != "POST":
        context = {
            "heading": "Restricted access",
            "who": called(patient),
            "patient": patient,
            "named": list(named_for(patient, actor)),
            "own": actor.user.pk,
            "back": _way_back(patient),
        }
        return render(request, "desk/restriction.jinja", context)
    form = RestrictForm(data_of(request), actor=actor, initial={"named_staff": actor.user.email})
    return _form_page(
        request,
        patient,
        form,
        lambda: actions.restrict_access(
            patient,
            reason=form.cleaned_data["why"],
            named_staff=staff_of(form.cleaned_data["named_staff"].splitlines()),
            by=actor,
        ),
        heading="Restrict access",
        intro="Only the people named here can open the record or see who it is. The bed, the wait and every figure are "
        "counted as before. If you do not name yourself, you cannot open the record either.",
        button="Restrict access",
        warning=True,
        said="Access is restricted. Those named have been told.",
        cancel=_way_back(patient),
    )


@needs(Right.RESTRICT_ACCESS)
def name_staff(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more person may know."""
    patient, actor = find_person(request, public_id), request.actor
    form = NameStaffForm(data_of(request), actor=actor)
    return _form_page(
        request,
        patient,
        form,
        lambda: actions.name_staff(patient, user=staff_of([form.cleaned_data["named_staff"]])[0], by=actor),
        heading="Name somebody",
        intro="They can open the record from now on, and are told.",
        button="Name this person",
        said="Named. They have been told.",
    )


@needs(Right.RESTRICT_ACCESS)
def remove_staff(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody named may not know any more."""
    patient, actor = find_person(request, public_id), request.actor
    choices = [(str(one.public_id), one.name) for one in named_for(patient, actor)]
    form = RemoveStaffForm(
        data_of(request), actor=actor, initial={"named_staff": request.GET.get("who", "")}, choices=choices
    )
    return _form_page(
        request,
        patient,
        form,
        lambda: actions.remove_named_staff(
            patient, user=named_for(patient, actor).get(public_id=form.cleaned_data["named_staff"]), by=actor
        ),
        heading="Remove somebody named",
        intro="They cannot open the record from this moment.",
        button="Remove this person",
        warning=True,
        said="Removed. They cannot open the record any more.",
    )


@needs(Right.RESTRICT_ACCESS)
def lift(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everybody with a relationship sees again who this is."""
    patient, actor = find_person(request, public_id), request.actor
    form = LiftForm(data_of(request), actor=actor)
    return _form_page(
        request,
        patient,
        form,
        lambda: actions.lift_restriction(patient, reason=form.cleaned_data["why"], by=actor),
        heading="Lift the restriction",
        intro="Every service that has, or is asked to take, this person sees again who it is.",
        button="Lift the restriction",
        warning=True,
        said="The restriction is lifted.",
    )


def _way_back(patient: Patient) -> str:
    """The person's page for those who may open it, else the list without names."""
    if patient.is_known:
        return reverse("desk:patient", args=[patient.public_id])
    return reverse("desk:restricted")


def _form_page(
    request: HttpRequest,
    patient: Patient,
    form: PathwaysForm,
    act: Callable[[], Any],
    *,
    said: str,
    cancel: str = "",
    **words: Any,
) -> HttpResponse:
    """Show a form; once sent, act, say what was done, and go where the person or the restriction can still be seen."""

    def answer() -> HttpResponse | None:
        if not form.attempt(act):
            return None
        messages.success(request, said)
        can_open = Patient.objects.visible_to(request.actor).filter(pk=patient.pk).exists()
        still = Patient.objects.restricted_of(request.actor).filter(pk=patient.pk).exists()
        page = "desk:restriction" if still else "desk:patient" if can_open else ""
        return redirect(reverse(page, args=[patient.public_id]) if page else "/")

    sent = once(request, form, answer) if form.is_bound and form.is_valid() else None
    back = cancel or reverse("desk:restriction", args=[patient.public_id])
    return sent or render_form(request, "core/form.jinja", form, caption=called(patient), back=back, **words)
