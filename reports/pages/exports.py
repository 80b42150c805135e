"""Exports: ask, watch the worker write, download for 24 hours, and what the columns mean."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.csv import csv_response
from core.forms import render_form
from core.models import Job
from core.submissions import once
from core.tables import Column, Table
from organisations.doors import needs
from reports import actions, rules, specification
from reports.exports import files
from reports.forms import ExportForm
from reports.models import Export

TYPES = {
    Export.Form.CSV: "text/csv; charset=utf-8",
    Export.Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@needs(Right.EXPORT)
def exports(request: HttpRequest) -> HttpResponse:
    """The files the administrator has asked for."""
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        request,
        Export.objects.visible_to(actor),
        columns=[
            Column(
                "asked_at",
                "Asked for",
                sort="asked_at",
                link=lambda row: reverse("reports:export", args=[row.public_id]),
            ),
            Column("form", "File", lambda row: row.get_form_display()),
            Column("why", "What it is for"),
            Column("names", "Names people", "holds_identity"),
            Column("rows", "Rows", numeric=True, sort="rows"),
            Column("state", "State", lambda row: state_of(row, actor)),
        ],
        name="exports",
        caption="Exports",
        order=["-asked_at"],
        nothing="You have not asked for a file yet.",
    )
    return table.answer(
        "core/list.jinja",
        intro="Files are kept for 24 hours, for the one who asked. Every download is logged with the people in it.",
        actions=[
            ("Ask for a file", reverse("reports:ask")),
            ("What the columns mean", reverse("reports:dictionary")),
        ],
    )


def state_of(export: Export, actor: Any) -> str:
    """How far it has come, in words."""
    if actions.is_ready(export, at=actor.at):
        return "Ready"
    if export.expires_at is not None:
        return "No longer kept"
    return {Job.State.FAILED: "Failed", Job.State.RUNNING: "Being written"}.get(
        export.job.state, "Waiting for a worker"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EXPORT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a file of transfers."""
    actor = request.actor  # type: ignore[attr-defined]
    form = ExportForm(request.POST or None, actor=actor)

    def answer() -> HttpResponse | None:
        data = form.cleaned_data
        done = form.attempt(
            actions.ask_export,
            "transfers",
            form=data["form"],
            filters=form.filters,
            why=data["why"],
            with_names=data["with_names"] == "yes",
            identity_why=data["identity_why"] or "",
            by=actor,
        )
        return redirect("reports:export", done.value.public_id) if done else None

    sent = once(request, form, answer) if form.is_valid() else None
    return sent or render_form(
        request,
        "core/form.jinja",
        form,
        heading="Ask for a file of transfers",
        button="Ask for the file",
        back=reverse("reports:exports"),
        intro="Clinical text is never exported.",
    )


@require_safe
@needs(Right.EXPORT)
def export(request: HttpRequest, public_id: Any) -> HttpResponse:
    """One file: what was asked for, how far it has come, and the download."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Export.objects.visible_to(actor), public_id=public_id)
    running = found.expires_at is None and found.job.state in (Job.State.WAITING, Job.State.RUNNING)
    return render(
        request,
        "reports/export.jinja",
        {
            "export": found,
            "state": state_of(found, actor),
            "is_ready": actions.is_ready(found, at=actor.at),
            "is_running": running,
            "refused": (found.job.result or {}).get("refused", ""),
            "narrowed": _in_words(found.filters),
            "back": reverse("reports:exports"),
        },
    )


def _in_words(filters: dict[str, str]) -> str:
    words = {
        "from": "asked for from {}",
        "to": "asked for until {}",
        "as_at": "as known at the end of {}",
        "region": "region {}",
        "provider": "one provider",
        "state": "{}",
    }
    said = [
        words[name].format(rules.STATES.get(value, value) if name == "state" else value)
        for name, value in filters.items()
    ]
    return "; ".join(said) or "All transfers"


@require_safe
@needs(Right.EXPORT)
def download(request: HttpRequest, public_id: Any) -> HttpResponse:
    """The file itself, once the read log holds who is in it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Export.objects.visible_to(actor).ready(at=actor.at), public_id=public_id)
    try:
        people = files.people_in(found.file_name)
        file = (files.folder() / found.file_name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    why = f"{found.why} / {found.identity_why}" if found.holds_identity else found.why
    request.reads.saw(people, Action.EXPORT, why)  # type: ignore[attr-defined]
    name = f"{found.subject}-{timezone.localdate(found.asked_at):%Y-%m-%d}.{found.form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[Export.Form(found.form)])  # type: ignore[return-value]


@require_safe
@needs(Right.EXPORT)
def dictionary(request: HttpRequest) -> HttpResponse:
    """What each column of a file means: the page, the CSV and the Frictionless schema from one specification."""
    columns = specification.columns_for(with_names=True)
    headings = ["Column", "Type", "What it means", "Class"]
    cells = [[c.heading, c.kind, c.meaning, str(c.field_class)] for c in columns]
    shape = request.GET.get("format")
    if shape == "csv":
        return csv_response("transfers-dictionary", headings, cells)  # type: ignore[return-value]
    if shape == "json":
        return JsonResponse(specification.table_schema(with_names=True))
    return render(
        request,
        "reports/dictionary.jinja",
        {"headings": headings, "cells": cells, "back": reverse("reports:exports")},
    )
