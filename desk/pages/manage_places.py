"""Managing the directory: what there is to manage, the four kinds that are one form each, and one service."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.tables import Table
from desk import manage_forms as forms
from desk import registers
from desk.manage_forms import said
from desk.pages.manage_kinds import KINDS, Kind
from desk.pages.managing import data_of, form_page
from organisations import actions
from organisations.doors import needs, needs_any
from organisations.rules import Tier

# What there is to manage: right, then words, what it is for, and the name of its page with arguments.
PARTS = [
    (
        Right.MANAGE_ORGANISATIONS,
        "Organisations",
        [
            (
                "Services",
                "Hospitals, prisons and others, with their wards",
                "desk:manage_list",
                ["services"],
            ),
            ("Wards", "What each ward is for, from when", "desk:manage_wards", []),
            ("Beds", "Every bed, and times for which one is closed", "desk:manage_beds", []),
            ("Admission criteria", "Whom services take", "desk:manage_criteria", []),
            ("Providers", "Trusts and companies", "desk:manage_list", ["providers"]),
            ("Commissioners", "Who pays for care", "desk:manage_list", ["commissioners"]),
            ("Regions", "Regions of NHS England", "desk:manage_list", ["regions"]),
        ],
    ),
    (
        Right.MANAGE_POLICIES,
        "Clocks",
        [
            ("Clock policies", "Limits in days, and the flags they raise", "desk:manage_policies", []),
            ("Lengths in law", "How long each legal status lasts, from when", "desk:manage_lengths", []),
        ],
    ),
    (
        Right.MANAGE_PRICES,
        "Prices",
        [("Bed prices", "What a day in each tier is reckoned to cost", "desk:manage_prices", [])],
    ),
    (
        Right.MANAGE_ACCOUNTS,
        "People who sign in",
        [
            ("Accounts", "Who may sign in, as what and where", "desk:manage_accounts", []),
            ("Machine access", "Keys by which machines act in somebody’s name", "desk:manage_keys", []),
        ],
    ),
    (
        Right.READ_AUDIT,
        "Work owed",
        [
            ("Jobs", "Work asked of the workers", "desk:manage_jobs", []),
            ("Messages", "E-mails and bells, sent and unsent", "desk:manage_messages", []),
        ],
    ),
]


@require_safe
@needs_any(*(right for right, _, _ in PARTS))
def manage(request: HttpRequest) -> HttpResponse:
    """What the actor may manage."""
    parts = [
        (heading, [(words, hint, reverse(name, args=args)) for words, hint, name, args in pages])
        for right, heading, pages in PARTS
        if request.actor.has(right)
    ]
    return render(request, "desk/manage.jinja", {"heading": "Manage", "parts": parts})


def kind_or_404(name: str) -> Kind:
    """One of the four kinds."""
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def list_of(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything of one kind."""
    what, actor = kind_or_404(kind), request.actor
    table = Table(
        request,
        what.rows(actor),
        name=what.name,
        caption=what.many,
        columns=what.columns,
        filters=what.filters(actor),
        order=["name"],
        nothing=f"No {what.one} fits." if request.GET else f"No {what.one} yet.",
    )
    add = (f"Add a {what.one}", reverse("desk:manage_add", args=[what.name]))
    return table.answer(
        "desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage", actions=[add]
    )


@needs(Right.MANAGE_ORGANISATIONS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """One more of a kind."""
    what, actor = kind_or_404(kind), request.actor
    form = what.form(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: what.add(**form.answers(), by=actor),
        heading=f"Add a {what.one}",
        button=f"Add the {what.one}",
        said=lambda made: f"{made.name} is added.",
        back=lambda made: _after(what, made),
        cancel=reverse("desk:manage_list", args=[what.name]),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def change(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Change one of a kind."""
    what, actor = kind_or_404(kind), request.actor
    row = _find(what, key, actor)
    initial = {**what.initial(row), "version": row.version}
    form = what.change_form(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: what.change(row, **form.answers(), by=actor),
        heading=f"Change {row.name}",
        button="Save the changes",
        said=lambda changed: f"{changed.name} is changed.",
        back=lambda changed: _after(what, changed),
        cancel=_after(what, row),
    )


def _after(what: Kind, row: Any) -> str:
    """A service has a page of its own; of the others there is the list."""
    if what.name == "services":
        return reverse("desk:manage_service", args=[row.public_id])
    return reverse("desk:manage_list", args=[what.name])


def _find(what: Kind, key: str, actor: Any) -> Any:
    try:
        return get_object_or_404(what.rows(actor), **{what.key: key})
    except ValidationError as error:  # no UUID
        raise Http404 from error


@require_safe
@needs(Right.MANAGE_ORGANISATIONS)
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One service with its wards and its criteria."""
    actor = request.actor
    row = get_object_or_404(registers.services(actor), public_id=public_id)
    return render(
        request,
        "desk/manage_service.jinja",
        {
            "heading": row.name,
            "service": row,
            "wards": list(registers.wards(actor).filter(service=row).order_by("name")),
            "criteria": list(row.criteria.order_by("-is_open", "kind", "pk")),
            "has_wards": row.kind == "hospital",
            "tiers": dict(Tier.choices),
        },
    )


@needs(Right.MANAGE_ORGANISATIONS)
def add_criterion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more thing that a service takes or does not take."""
    actor = request.actor
    row = get_object_or_404(registers.services(actor), public_id=public_id)
    form = forms.CriterionForm(data_of(request), actor=actor)
    return form_page(
        request,
        form,
        lambda: actions.add_criterion(row, **form.answers(), by=actor),
        heading="Add an admission criterion",
        caption=row.name,
        button="Publish it",
        said="Published. Services that decline somebody can be held against it.",
        back=reverse("desk:manage_service", args=[row.public_id]),
    )


@needs(Right.MANAGE_ORGANISATIONS)
def change_criterion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say a criterion otherwise, or publish it no longer."""
    actor = request.actor
    row = get_object_or_404(registers.criteria(actor), public_id=public_id)
    initial = {
        "kind": row.kind,
        "takes": said(row.takes),
        "words": row.words,
        "covers": row.covers,
        "is_open": said(row.is_open),
        "version": row.version,
    }
    form = forms.ChangeCriterionForm(data_of(request), actor=actor, initial=initial)
    return form_page(
        request,
        form,
        lambda: actions.change_criterion(row, **form.answers(), by=actor),
        heading="Change an admission criterion",
        caption=row.service.name,
        said="The criterion is changed. Declines held against it keep pointing at it.",
        back=reverse("desk:manage_service", args=[row.service.public_id]),
    )
