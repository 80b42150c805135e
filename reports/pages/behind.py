"""The rows behind a figure, on whichever dashboard it stands: by name only for those who may know, each look logged."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.readlog import Action
from core.tables import Column, Table
from referrals.pages.rows import shows_people, who_is

# By its id, what is known of a row on the day asked about.
KnownOf = Callable[[list[int]], Mapping[int, Any]]


def rows_behind(
    request: HttpRequest,
    found: Any,
    known_of: KnownOf,
    *,
    name: str,
    columns: list[Column],
    caption: str,
    order: list[str],
    nothing: str,
    **shown: Any,
) -> HttpResponse:
    """Rows of people with `who` and `known`, as a page, print or file. Whoever is shown is in the read log."""
    actor = request.actor  # type: ignore[attr-defined]
    found = found.with_identity(actor)
    if shows_people(actor):
        found = found.select_related("patient")
    table = Table(request, found, columns=columns, name=name, caption=caption, order=order, nothing=nothing)
    known = known_of([row.pk for row in table.rows])
    for row in table.rows:
        row.known, row.who = known[row.pk], who_is(row, actor)
    logged = Action.EXPORT if table.is_csv else Action.PRINT if table.is_print else Action.LIST
    request.reads.saw([row.patient_id for row in table.rows], logged)  # type: ignore[attr-defined]
    return table.answer(
        "reports/rows.jinja",
        back_words="Back to the dashboard",
        is_pseudonymous=not shows_people(actor),
        **shown,
    )
