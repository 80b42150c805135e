"""Managing wards, what they are for, and whom services take."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from desk import manage_forms as forms
from desk import registers
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs
from organisations.models import AdmissionCriterion, Service, WardGender
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.actions import bed_places

TIERS = [(tier.value, tier.label) for tier in HOSPITAL_TIERS]


def ward_address(ward: Any) -> str:
    """Where one ward is managed."""
    return reverse("desk:manage_ward", args=[ward.public_id])


def hospitals(actor: Any) -> list[tuple[str, str]]:
    """Hospitals to filter by."""
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
            Column("name", "Ward", "name", sort="name", link=ward_address),
            Column("service", "Service", lambda row: row.service.name, sort="service__name"),
            Column("tier", "Tier", lambda row: _words(Tier.choices, row.tier), sort="tier"),
            Column("gender", "Takes", lambda row: _words(WardGender.choices, row.gender), sort="gender"),
            Column("beds", "Beds", "bed_count", sort="bed_count", numeric=True),
        ],
        filters=[
            Filter("service", "Service", _in_service, hospitals(actor)),
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
    """One ward: what it is and was for, its beds, and times for which beds are closed or not in use."""
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
            "shut": list(registers.shut_beds(actor).filter(bed__ward=row).order_by("during", "pk")),
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
        back=ward_address,
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
        back=ward_address(row),
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
        back=ward_address(row),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def close_ward(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The ward is for nothing from a day on."""
    actor = request.actor
    row = get_object_or_404(registers.wards(actor), public_id=public_id)
    form = forms.FromDayForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: bed_places.close_ward(row, **form.answers(), by=actor),
        heading=f"Close {row.name} ward",
        caption=row.service.name,
        intro="Nobody can be placed on it, and no bed of it held, from that day on. What was before stays as it was. "
        "To open it again, say what it is for.",
        button="Close the ward",
        said="The ward is closed from that day on.",
        back=ward_address(row),
    )


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
            Filter("service", "Service", _in_service, hospitals(actor)),
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
