"""Managing beds: those a ward comes to have and gives up, and those that are closed for a time."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from core.tables import Column, Filter, Table
from desk import manage_forms as forms
from desk import registers
from desk.pages.manage_wards import hospitals, ward_address
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs
from organisations.rules import end_of_day, start_of_day
from pathways.actions import bed_places, beds

STATES = [("open", "Open"), ("closed", "Closed now"), ("not_in_use", "Not in use now")]


@needs(Right.MANAGE_ORGANISATIONS)
def add_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more bed on a ward."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    form = forms.BedForm(data_of(request), actor=actor, initial={"since": actor.today})
    return form_page(
        request,
        form,
        lambda: bed_places.add_bed(row, **form.answers(), by=actor),
        heading="Add a bed",
        caption=f"{row.service.name}, {row.name} ward",
        button="Add the bed",
        said=lambda made: f"Bed {made.name} is added.",
        back=ward_address(row),
    )


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def list_beds(request: HttpRequest) -> HttpResponse:
    """Every bed. Who is in it is no matter of managing."""
    actor = request.actor
    table = Table(
        request,
        registers.beds(actor),
        name="beds",
        caption="Beds",
        columns=[
            Column("name", "Bed", "name", sort="name"),
            Column(
                "ward",
                "Ward",
                lambda row: row.ward.name,
                sort="ward__name",
                link=lambda row: ward_address(row.ward),
            ),
            Column("service", "Service", lambda row: row.ward.service.name, sort="ward__service__name"),
            Column("closed", "Closed now", lambda row: row.closed_why or "", sort="closed_why"),
            Column("out", "Not in use now", "is_out_of_use", sort="is_out_of_use"),
        ],
        filters=[
            Filter("service", "Service", _on_wards_of, hospitals(actor)),
            Filter("state", "State", _in_state, STATES),
        ],
        order=["ward__service__name", "ward__name", "name"],
        nothing="No bed fits." if request.GET else "No bed yet. Add beds on a ward’s page.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _on_wards_of(rows: Any, service: str) -> Any:
    return rows.filter(ward__service__public_id=service)


def _in_state(rows: Any, state: str) -> Any:
    if state == "not_in_use":
        return rows.filter(is_out_of_use=True)
    return rows.filter(closed_why__isnull=state == "open", is_out_of_use=False)


@needs(Right.MANAGE_ORGANISATIONS)
def rename_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another name for a bed."""
    actor = request.actor
    bed = get_object_or_404(registers.beds(actor), public_id=public_id)
    form = forms.RenameForm(data_of(request), actor=actor, initial={"name": bed.name, "version": bed.version})
    return form_page(
        request,
        form,
        lambda: actions.rename_bed(bed, **form.answers(), by=actor),
        heading=f"Rename bed {bed.name}",
        caption=f"{bed.ward.service.name}, {bed.ward.name} ward",
        said="The bed has another name.",
        back=ward_address(bed.ward),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def close_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a bed for a time, with the reason."""
    actor = request.actor
    bed = get_object_or_404(registers.beds(actor), public_id=public_id)
    form = forms.CloseBedForm(data_of(request), actor=actor)

    def act() -> Any:
        given = form.answers()
        since, until = start_of_day(given["since"]), end_of_day(given["last_day"])
        return beds.close_bed(bed, since=since, until=until, why=given["why"], by=actor)

    return form_page(
        request,
        form,
        act,
        heading=f"Close bed {bed.name}",
        caption=f"{bed.ward.service.name}, {bed.ward.name} ward",
        intro="Nobody can have the bed, and it is held for nobody, while it is closed.",
        button="Close the bed",
        said="The bed is closed for that time.",
        back=ward_address(bed.ward),
    )


@require_POST
@needs(Right.MANAGE_ORGANISATIONS)
def reopen_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed can be had again from now on, or is not closed after all."""
    actor = request.actor
    use = get_object_or_404(registers.shut_beds(actor), public_id=public_id, purpose="closed")
    beds.reopen_bed(use, at=actor.at, by=actor)
    return redirect(ward_address(use.bed.ward))


@needs(Right.MANAGE_ORGANISATIONS)
def give_up_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The ward has the bed no longer, from a day on."""
    actor = request.actor
    bed = get_object_or_404(registers.beds(actor), public_id=public_id)
    form = forms.FromDayForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: bed_places.give_up_bed(bed, **form.answers(), by=actor),
        heading=f"Give up bed {bed.name}",
        caption=f"{bed.ward.service.name}, {bed.ward.name} ward",
        intro="For a bed that the ward no longer has. Is it only closed for a time? Close it instead. "
        "Boards and figures of the days before stay as they were.",
        button="Give up the bed",
        said="The bed is not in use from that day on.",
        back=ward_address(bed.ward),
    )


@require_POST
@needs(Right.MANAGE_ORGANISATIONS)
def use_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed is in use from now on."""
    actor = request.actor
    use = get_object_or_404(registers.shut_beds(actor), public_id=public_id, purpose="not_in_use")
    bed_places.use_again(use, by=actor)
    return redirect(ward_address(use.bed.ward))
