"""Leave of one person: the list, with movements, and each step from plan to return, with what is put right."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from desk import leave as shown
from desk import leave_forms as forms
from desk import offers, person
from desk.pages.patient import address, data_of, find_patient, form_page
from desk.recorded import Recorded
from organisations.doors import needs
from organisations.models import Bed, Ward
from pathways.actions import leave as actions
from pathways.actions import leave_corrections
from pathways.codes import LeaveKind, MovementKind
from pathways.free_beds import FreeBed, free_beds
from pathways.models import Leave, Patient
from pathways.rules.leave import KEEPS_BED, Verb, verbs_of
from referrals.forms.fields import WhyForm

PAGE = "desk/legal_form.jinja"
PART = "leave"
KEPT = "What stood before is kept, with your reason."


@require_safe
@needs(Right.OPEN_PATIENT)
def leaves(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every leave and movement of the person, planned, on and over, to sort, print and take away."""
    found, actor = find_patient(request, public_id), request.actor
    recorded = Recorded(found, actor)
    known: dict[int, shown.Row] = {}
    rows = found.leaves.current().select_related("to_ward__service", "service")
    table = Table(
        request,
        rows,
        name="leave",
        caption="Leave and movements",
        columns=[
            Column("kind", "Leave or movement", shown.kind_words, sort="kind", link=_corrects(recorded)),
            Column("from", "Left, or to leave", lambda row: row.left_at or row.planned_from, sort="claimed"),
            Column("due", "Due back", "due_back_at", sort="due_back_at"),
            Column("back", "Back", lambda row: row.ended_at),
            Column("how", "How it stands", lambda row: known[row.pk].how),
            Column("nights", "Days away", lambda row: known[row.pk].nights, numeric=True),
            Column("agreed", "Agreed by", "agreed_by"),
            Column("authority", "Authority", lambda row: known[row.pk].authority),
        ],
        filters=[
            Filter(
                "kind",
                "Kind",
                lambda rows, value: rows.filter(kind=value),
                choices_of([*LeaveKind.choices, *MovementKind.choices]),
            )
        ],
        order=["-claimed"],
        nothing="No leave or movement is recorded.",
    )
    known.update(shown.facts_of(table.rows, actor))
    if table.is_csv or table.is_print:
        request.reads.saw([found.pk], Action.EXPORT if table.is_csv else Action.PRINT)
    return table.answer(
        "desk/leave.jinja",
        patient=found,
        now=shown.open_leaves_of(recorded, person.sight_of(actor)),
        **offers.leave_offers(recorded),
        back=address(found, PART),
        back_words="Back to the person",
    )


def _corrects(recorded: Recorded) -> Callable[[Any], str]:
    person_id = recorded.patient.public_id
    return lambda row: (
        reverse(f"desk:correct_{shown.what_it_is(row)}", args=[person_id, row.public_id])
        if Verb.CORRECT in verbs_of(row) and offers.may_act_on(row, recorded)
        else ""
    )


def find_leave(found: Patient, leave_id: UUID) -> Leave:
    """A leave of the person that is still believed, or 404."""
    rows = found.leaves.current().given().select_related("to_ward__service", "service", "patient")
    return get_object_or_404(rows, public_id=leave_id)


def _of_leave(leave: Leave) -> list[tuple[str, str]]:
    row = shown.kind_words(leave)
    return [("Leave", row), ("When", shown.when_words(leave))]


def _free(actor: Any, ward: Ward, patient: Patient) -> list[FreeBed]:
    beds = Bed.objects.visible_to(actor).filter(ward=ward)
    return free_beds(beds.select_related("ward__service"), at=actor.at, patient=patient)


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Plan and authorise a leave."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.PlanForm(data_of(request), actor=actor)
    return form_page(
        request,
        found,
        form,
        lambda: actions.plan_leave(found, planned_from=form.planned_from(), terms=form.terms(), by=actor),
        heading="Plan leave",
        intro="For somebody restricted the authority must be on record for every day of it. "
        "Has the leave begun already? Record it instead.",
        button="Plan the leave",
        said="The leave is planned.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A leave that nobody had planned here has begun, or is over."""
    found, actor = find_patient(request, public_id), request.actor
    form = forms.RecordForm(
        data_of(request),
        actor=actor,
        beds=lambda ward: _free(actor, ward, found),
        initial={"left_on": actor.today, "is_back": "no"},
    )
    asks_bed = form.asks_bed
    return form_page(
        request,
        found,
        form,
        lambda: actions.record_leave(found, **form.times(), terms=form.terms(), **form.bed(), by=actor),
        acts=not asks_bed,
        heading="Record leave",
        intro="Choose the bed too. Then send it again."
        if asks_bed
        else "What has happened is recorded in any case. Where an authority is missing, the Mental Health Act office "
        "is asked for it.",
        button="Record the leave",
        said="The leave is recorded.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def begin(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """They have left."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    ward = leave.to_ward
    form = forms.BeginForm(
        data_of(request),
        actor=actor,
        beds=(lambda: _free(actor, ward, found)) if ward else None,
        initial={"on": actor.today},
    )
    return form_page(
        request,
        found,
        form,
        lambda: actions.begin_leave(leave, at=form.moment(), **form.bed(), by=actor),
        template=PAGE,
        heading="They have left",
        pairs=_of_leave(leave),
        intro="Their own bed is kept for them." if leave.kind in KEEPS_BED else "Their bed stays occupied.",
        button="Record that they left",
        said="Recorded. They are on leave.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def come_back(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """They are back."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = forms.ReturnForm(data_of(request), actor=actor, initial={"on": actor.today, "how": "returned"})
    return form_page(
        request,
        found,
        form,
        lambda: actions.return_leave(
            leave,
            at=form.moment(),
            recalled=form.cleaned_data["how"] == "recalled",
            why=form.cleaned_data["why"],
            by=actor,
        ),
        template=PAGE,
        heading="They are back",
        pairs=_of_leave(leave),
        intro="Their bed was released: give them one on the bed board after this."
        if leave.bed_released_at
        else "A bed that is kept for them is theirs again.",
        button="Record the return",
        said="The return is recorded.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def absent(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """They are absent without leave."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = forms.AbsentForm(data_of(request), actor=actor, initial={"on": actor.today})
    return form_page(
        request,
        found,
        form,
        lambda: actions.record_absence(leave, since=form.moment(), told=form.cleaned_data["told"], by=actor),
        template=PAGE,
        heading="Absent without leave",
        pairs=_of_leave(leave),
        intro="Their bed is kept until they are back, or are recorded somewhere else. No clock stops.",
        button="Record the absence",
        said="Recorded. They are absent without leave.",
        warning=True,
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def stay(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """The trial has become a stay."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = forms.MomentForm(data_of(request), actor=actor, initial={"on": actor.today})
    return form_page(
        request,
        found,
        form,
        lambda: actions.stay_on_ward(leave, at=form.moment(), by=actor),
        template=PAGE,
        heading="They stay on the other ward",
        pairs=_of_leave(leave),
        intro="From then on that ward has the person, and the bed that was kept for them is released.",
        button="Record the move",
        said="Recorded. They have moved, and the bed that was kept is released.",
        part="pathway",
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def cancel(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """It does not take place."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it cancelled?")
    return form_page(
        request,
        found,
        form,
        lambda: actions.cancel_leave(leave, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="Cancel leave",
        pairs=_of_leave(leave),
        button="Cancel the leave",
        said="The leave is cancelled.",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def correct(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """What was recorded wrongly."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = forms.CorrectLeaveForm(data_of(request), actor=actor, leave=leave)
    return form_page(
        request,
        found,
        form,
        lambda: leave_corrections.correct_leave(leave, **form.answers(), by=actor),
        template="desk/leave_correct.jinja",
        heading="Correct leave",
        intro="The beds follow the times. A plan is asked for its authority again.",
        remove=reverse("desk:remove_leave", args=[found.public_id, leave.public_id])
        if Verb.REMOVE in verbs_of(leave)
        else "",
        remove_words="They never left: remove this leave",
        button="Correct the leave",
        said=f"The leave is corrected. {KEPT}",
        part=PART,
    )


@needs(Right.OPEN_PATIENT, Right.RECORD_LEAVE)
def remove(request: HttpRequest, public_id: UUID, leave_id: UUID) -> HttpResponse:
    """They never left."""
    found, actor = find_patient(request, public_id), request.actor
    leave = find_leave(found, leave_id)
    form = WhyForm(data_of(request), actor=actor, label="Why is it removed?")
    return form_page(
        request,
        found,
        form,
        lambda: leave_corrections.remove_leave(leave, why=form.cleaned_data["why"], by=actor),
        template=PAGE,
        heading="They never left",
        pairs=_of_leave(leave),
        intro="Their bed was theirs all the time, and that of a trial nobody’s.",
        button="Remove the leave",
        warning=True,
        said=f"The leave is removed. {KEPT}",
        part=PART,
    )
