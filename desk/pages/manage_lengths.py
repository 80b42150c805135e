"""Managing how long the law lets each legal status last: the lengths on record, and another from a day on."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.pages import in_sentence, long_date
from core.tables import Column, Filter, Table
from desk import manage_limit_forms as forms
from desk import registers
from desk.legal_forms import words_of
from desk.manage_forms import said
from desk.pages.managing import data_of, form_page
from organisations.doors import needs
from pathways.actions.durations import set_duration
from pathways.models import LegalDuration
from pathways.rules.legal import Held

STATES = [
    ("now", "In force"),
    ("to_come", "To come"),
    ("past", "Past"),
    ("undated", "Enacted, without a day"),
]

# What an installation begins with says so behind the law; once it has a day, it would be untrue.
NOT_YET = " (not in force)"


def _status(row: LegalDuration) -> str:
    return words_of(Held(row.code, row.form))


def _length(row: LegalDuration) -> str:
    unit = row.get_unit_display()
    return f"{row.number} {unit.removesuffix('s') if row.number == 1 else unit}"


def _last_day(row: LegalDuration) -> Any:
    return row.effective.upper - timedelta(days=1) if row.effective and row.effective.upper else None


def _address(row: LegalDuration) -> str:
    return reverse("desk:manage_change_length", args=[row.pk])


@require_safe
@needs(Right.MANAGE_POLICIES)
def lengths(request: HttpRequest) -> HttpResponse:
    """Every length on record: in force, to come, past, and enacted without a day."""
    actor = request.actor

    def by_state(rows: Any, state: str) -> Any:
        if state == "undated":
            return rows.filter(effective=None)
        if state == "now":
            return rows.filter(effective__contains=actor.today)
        return (
            rows.filter(effective__startswith__gt=actor.today)
            if state == "to_come"
            else rows.filter(effective__endswith__lte=actor.today)
        )

    table = Table(
        request,
        registers.durations(actor),
        name="lengths-in-law",
        caption="Lengths in law",
        columns=[
            Column("status", "Legal status", _status, sort="code", link=_address),
            Column("stage", "Period", LegalDuration.get_stage_display, sort="place"),
            Column("length", "Length", _length),
            Column("since", "From", lambda row: row.effective and row.effective.lower, sort="effective"),
            Column("until", "Until", _last_day),
            Column("basis", "Authority", "legal_basis", sort="legal_basis"),
            Column("read", "Section read", "is_verified", sort="is_verified"),
        ],
        filters=[Filter("state", "State", by_state, STATES)],
        order=["code", "form", "place", "effective"],
        nothing="No length fits.",
    )
    return table.answer(
        "desk/manage_list.jinja",
        back=reverse("desk:manage"),
        back_words="Manage",
        actions=[("Add a length", reverse("desk:manage_add_length"))],
    )


@needs(Right.MANAGE_POLICIES)
def add(request: HttpRequest) -> HttpResponse:
    """The length of a period of any legal status."""
    form = forms.AddLengthForm(data_of(request), actor=request.actor)
    return _page(request, form, {}, heading="Add a length")


@needs(Right.MANAGE_POLICIES)
def change(request: HttpRequest, length_id: int) -> HttpResponse:
    """Another length of the same period, or the day of one enacted without."""
    row = get_object_or_404(registers.durations(request.actor), pk=length_id)
    initial = {
        "number": row.number,
        "unit": row.unit,
        "legal_basis": row.legal_basis.removesuffix(NOT_YET),
        "is_verified": said(row.is_verified),
    }
    return _page(
        request,
        forms.LengthForm(data_of(request), actor=request.actor, initial=initial),
        {"code": row.code, "form": row.form, "stage": row.stage},
        heading="Set another length from a day on",
        caption=f"{_status(row)}: {in_sentence(row.get_stage_display())}",
    )


def _page(request: HttpRequest, form: forms.LengthForm, known: dict[str, str], **words: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return form_page(
        request,
        form,
        lambda: set_duration(**known, **form.answers(), by=actor),
        intro=(
            "What held before stays on record. People keep the last days that they have: the new length is for periods "
            "that begin on or after its day, renewals among them."
        ),
        said=lambda made: f"{_length(made)} from {long_date(made.effective.lower)}.",
        back=reverse("desk:manage_lengths"),
        **words,
    )
