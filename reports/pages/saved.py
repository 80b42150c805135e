"""Views kept by name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.rights import Right
from organisations.doors import needs
from reports import actions
from reports.models import SavedView
from reports.pages.transfers import PAGE, QUESTIONS, address


@require_POST
@needs(Right.SEE_DASHBOARDS)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the dashboard's present filters under a name."""
    asked = QueryDict(request.POST.get("query", "")[:500])
    answers = {name: value for name in QUESTIONS if (value := asked.get(name, ""))}
    view = actions.keep_view(
        PAGE,
        name=request.POST.get("name", ""),
        query=address(answers).partition("?")[2],
        by=request.actor,  # type: ignore[attr-defined]
    )
    messages.success(request, f"Kept as “{view.name}”.")
    return redirect(address(answers))


@require_POST
@needs(Right.SEE_DASHBOARDS)
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a view of one's own."""
    actor = request.actor  # type: ignore[attr-defined]
    view = get_object_or_404(SavedView.objects.visible_to(actor), public_id=view_id)
    actions.remove_view(view, by=actor)
    messages.success(request, "Removed.")
    return redirect("reports:transfers")
