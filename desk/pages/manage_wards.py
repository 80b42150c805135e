"""Managing wards, what they are for, and their beds."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from desk import manage_forms as forms
from desk import registers
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs
from organisations.models import AdmissionCriterion, Service, WardGender
from organisations.rules import HOSPITAL_TIERS, Tier, end_of_day, start_of_day
from pathways.actions import beds

TIERS = [(tier.value, tier.label) for tier in HOSPITAL_TIERS]


def _ward_address(ward: Any) -> str:
    return reverse("desk:manage_ward", args=[ward.public_id])


def _hospitals(actor: Any) -> list[tuple[str, str]]:
    return choices_of(
        Service.objects.visible_to(actor).hospitals().order_by("name").values_list("public_id", "name")
    )


def _words(choices: Any, value: Any) -> str:
    return dict(choices).get(value, "")


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def wards(request: HttpRequest) -> HttpResponse:
    """Every ward."""
    actor = request.actor
    table = Table(
        request,
        registers.wards(actor),
        name="wards",
        caption="Wards",
        columns=[
            Column("name", "Ward", "name", sort="name", link=_ward_address),
            Column("service", "Service", lambda row: row.service.name, sort="service__name"),
            Column("tier", "Tier", lambda row: _words(Tier.choices, row.tier), sort="tier"),
            Column("gender", "Takes", lambda row: _words(WardGender.choices, row.gender), sort="gender"),
            Column("beds", "Beds", "bed_count", sort="bed_count", numeric=True),
        ],
        filters=[
            Filter("service", "Service", _in_service, _hospitals(actor)),
            Filter("tier", "Tier", _of_tier, choices_of(TIERS)),
            Filter("gender", "Takes", _of_gender, choices_of(WardGender.choices)),
        ],
        order=["service__name", "name"],
        nothing="No ward fits." if request.GET else "No ward yet. Add one on its service’s page.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _in_service(rows: Any, service: str) -> Any:
    return rows.filter(service__public_id=service)


def _of_tier(rows: Any, tier: str) -> Any:
    return rows.filter(tier=tier)


def _of_gender(rows: Any, gender: str) -> Any:
    return rows.filter(gender=gender)


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def ward(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One ward: what it is and was for, its beds, and times for which beds are closed."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    return render(
        request,
        "desk/manage_ward.jinja",
        {
            "heading": f"{row.name} ward",
            "ward": row,
            "today": actor.today,
            "designations": list(row.designations.filter(superseded_at=None).order_by("-during")),
            "beds": sorted(registers.beds(actor).filter(ward=row), key=_by_number),
            "closures": list(registers.closures(actor).filter(bed__ward=row).order_by("during", "pk")),
        },
    )


def _by_number(bed: Any) -> tuple[int, str]:
    """Bed 2 before bed 10."""
    return len(bed.name), bed.name


@needs(Right.MANAGE_ORGANISATIONS)
def add_ward(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more ward of a hospital."""
    actor = request.actor
    service = get_object_or_404(registers.services(actor), public_id=public_id)
    form = forms.WardForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: actions.add_ward(service, **form.answers(), by=actor),
        heading="Add a ward",
        caption=service.name,
        button="Add the ward",
        said=lambda made: f"{made.name} ward is added. Add its beds now.",
        back=_ward_address,
        cancel=reverse("desk:manage_service", args=[service.public_id]),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def rename_ward(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another name for a ward."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    form = forms.RenameForm(data_of(request), actor=actor, initial={"name": row.name, "version": row.version})
    return form_page(
        request,
        form,
        lambda: actions.rename_ward(row, **form.answers(), by=actor),
        heading=f"Rename {row.name} ward",
        caption=row.service.name,
        said="The ward has another name.",
        back=_ward_address(row),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def designate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what a ward is for from a day on."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    initial = {"tier": row.tier, "gender": row.gender}
    form = forms.RedesignateForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: actions.designate_ward(row, **form.answers(), by=actor),
        heading=f"What is {row.name} ward for?",
        caption=row.service.name,
        intro="What it was for before ends on that day and is kept, so that past figures stay as they were.",
        said="The ward’s designation is changed from that day on.",
        back=_ward_address(row),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def add_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more bed on a ward."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    form = forms.NameForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: actions.add_bed(row, **form.answers(), by=actor),
        heading="Add a bed",
        caption=f"{row.service.name}, {row.name} ward",
        button="Add the bed",
        said=lambda made: f"Bed {made.name} is added.",
        back=_ward_address(row),
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
                link=lambda row: _ward_address(row.ward),
            ),
            Column("service", "Service", lambda row: row.ward.service.name, sort="ward__service__name"),
            Column("closed", "Closed now", lambda row: row.closed_why or "", sort="closed_why"),
        ],
        filters=[
            Filter("service", "Service", _on_wards_of, _hospitals(actor)),
            Filter("state", "State", _closed_or_not, [("open", "Open"), ("closed", "Closed now")]),
        ],
        order=["ward__service__name", "ward__name", "name"],
        nothing="No bed fits." if request.GET else "No bed yet. Add beds on a ward’s page.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _on_wards_of(rows: Any, service: str) -> Any:
    return rows.filter(ward__service__public_id=service)


def _closed_or_not(rows: Any, state: str) -> Any:
    return rows.filter(closed_why__isnull=state == "open")


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
        back=_ward_address(bed.ward),
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
        back=_ward_address(bed.ward),
    )


@require_POST
@needs(Right.MANAGE_ORGANISATIONS)
def reopen_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The bed can be had again from now on, or is not closed after all."""
    actor = request.actor
    use = get_object_or_404(registers.closures(actor), public_id=public_id)
    beds.reopen_bed(use, at=actor.at, by=actor)
    return redirect(_ward_address(use.bed.ward))


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def criteria(request: HttpRequest) -> HttpResponse:
    """What every service takes and does not take."""
    actor = request.actor
    table = Table(
        request,
        registers.criteria(actor),
        name="criteria",
        caption="Admission criteria",
        columns=[
            Column("words", "In words", "words", sort="words", link=_criterion_address),
            Column("service", "Service", lambda row: row.service.name, sort="service__name"),
            Column("kind", "About", lambda row: row.get_kind_display(), sort="kind"),
            Column("takes", "Takes", "takes", sort="takes"),
            Column("is_open", "Published", "is_open", sort="is_open"),
        ],
        filters=[
            Filter("service", "Service", _in_service, _hospitals(actor)),
            Filter(
                "kind",
                "About",
                lambda rows, kind: rows.filter(kind=kind),
                choices_of(AdmissionCriterion.Kind.choices),
            ),
        ],
        order=["service__name", "kind"],
        nothing="No criterion fits." if request.GET else "No criterion yet. Add one on its service’s page.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _criterion_address(row: Any) -> str:
    return reverse("desk:manage_change_criterion", args=[row.public_id])
