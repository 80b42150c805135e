"""Temporary movements of one person: planned, out to court, A&E or under escort, back, and put right."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.rights import Right
from desk import leave as shown
from desk import movement_forms as forms
from desk.pages.leave import KEPT, PAGE, PART
from desk.pages.patient import data_of, find_patient, form_page
from organisations.doors import needs
from pathways.actions import movements as actions
from pathways.models import Leave, Patient
from pathways.pages.bed_forms import MomentForm
from pathways.rules.leave import Verb, verbs_of
from pathways.rules.movements import MOVEMENTS
from referrals.forms.fields import WhyForm

NOTHING_ELSE = "No bed is given up, no clock stops, and no transfer or referral ends by it."


def _find(found: Patient, movement_id: UUID) -> Leave:
    """A movement of the person that is still believed, or 404."""
    rows = found.leaves.current().movements().select_related("service", "patient")
    return get_object_or_404(rows, public_id=movement_id)


def _of(movement: Leave) -> list[tuple[str, str]]:
    return [("Movement", shown.kind_words(movement)), ("When", shown.when_words(movement))]


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """They are to be produced at court, or taken somewhere under escort."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.PlanMovementForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: actions.plan_movement(found, form.outing(), by=actor),
        heading="Plan a court day or an escort",
        intro="For somebody restricted who is in hospital the authority must be on record for every day of it: the "
        "agreement of the Ministry of Justice or, for a court day, the order of the court. Have they left already? "
        "Record it instead.",
        button="Plan it",
        said="It is planned. Record that they left when they do.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def begin(request: HttpRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    """They have left as planned."""
    found, actor = find_patient(request, public_id), request.actor
    movement = _find(found, movement_id)
    form = MomentForm(data_of(request), actor=actor, initial={"on": actor.today})
    return form_page(
        request,
        found,
        form,
        lambda: actions.begin_movement(movement, at=form.moment(), by=actor),
        template=PAGE,
        heading="They have left",
        pairs=_of(movement),
        intro=NOTHING_ELSE,
        button="Record that they left",
        said="Recorded. They are out until you record that they are back.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def cancel(request: HttpRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    """It does not take place."""
    found, actor = find_patient(request, public_id), request.actor
    movement = _find(found, movement_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it cancelled?")
    return form_page(
        request,
        found,
        form,
        lambda: actions.cancel_movement(movement, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="Cancel a court day or an escort",
        pairs=_of(movement),
        button="Cancel it",
        said="It is cancelled.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """They are out, or were out and are back."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.RecordMovementForm(
        data_of(request), actor=actor, initial={"left_on": actor.today, "is_back": "no"}
    )
    return form_page(
        request,
        found,
        form,
        lambda: actions.record_movement(found, form.outing(), returned_at=form.returned_at(), by=actor),
        heading="Record a court, A&E or escorted movement",
        intro=f"{NOTHING_ELSE} Somebody admitted to a general hospital, released by the court or at large is recorded "
        "under “Record where they are”.",
        button="Record the movement",
        said="The movement is recorded.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def come_back(request: HttpRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    """They are back."""
    found, actor = find_patient(request, public_id), request.actor
    movement = _find(found, movement_id)
    form = MomentForm(data_of(request), actor=actor, initial={"on": actor.today})
    return form_page(
        request,
        found,
        form,
        lambda: actions.return_movement(movement, at=form.moment(), by=actor),
        template=PAGE,
        heading="They are back",
        pairs=_of(movement),
        intro=f"{MOVEMENTS[movement.kind].while_on} until then. If they went anywhere else from there, record where "
        "they are instead.",
        button="Record the return",
        said="The return is recorded.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def correct(request: HttpRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    """What was recorded wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    movement = _find(found, movement_id)
    form = forms.CorrectMovementForm(data_of(request), actor=actor, movement=movement)
    return form_page(
        request,
        found,
        form,
        lambda: actions.correct_movement(movement, **form.answers(), by=actor),
        template="desk/leave_correct.jinja",
        heading="Correct a movement",
        intro=NOTHING_ELSE if movement.during else "The plan is asked for its authority again.",
        remove=reverse("desk:remove_movement", args=[found.public_id, movement.public_id])
        if Verb.REMOVE in verbs_of(movement)
        else "",
        remove_words="They were never out: remove this movement",
        button="Correct the movement",
        said=f"The movement is corrected. {KEPT}",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_MOVEMENT)
def remove(request: HttpRequest, public_id: UUID, movement_id: UUID) -> HttpResponse:
    """They were never out."""
    found, actor = find_patient(request, public_id), request.actor
    movement = _find(found, movement_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it removed?")
    return form_page(
        request,
        found,
        form,
        lambda: actions.remove_movement(movement, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="They were never out",
        pairs=_of(movement),
        button="Remove the movement",
        warning=True,
        said=f"The movement is removed. {KEPT}",
        part=PART,
    )
