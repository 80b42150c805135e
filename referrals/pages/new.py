"""Where asking for a transfer begins and ends."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Right
from core import drafts
from core.models import Draft
from organisations.doors import needs
from pathways.days import london_date
from pathways.models import Patient
from referrals import rules
from referrals.models import Referral
from referrals.pages import order, rows
from referrals.pages.drafts import of_own_draft, question_address, unfinished
from referrals.pages.worklist import may_ask


@require_http_methods(["GET", "POST"])
@needs(Right.REQUEST_TRANSFER)
def start(request: HttpRequest) -> HttpResponse:
    """What is needed, the actor's own unfinished requests, and a button that begins a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    if not may_ask(actor):
        raise PermissionDenied
    if request.method == "POST":
        draft = drafts.begin(order.KIND, by=actor)
        return redirect("referrals:person", draft.public_id)
    waiting = list(unfinished(actor))
    people = _people(waiting, actor)
    request.reads.saw([person.pk for person in people.values()])  # type: ignore[attr-defined]
    begun = [
        {
            "draft": draft,
            "patient": people.get((draft.answers.get("person") or {}).get("patient")),
            "address": question_address(draft, order.next_question(draft.answers)),
        }
        for draft in waiting
    ]
    return render(request, "referrals/new/start.jinja", {"heading": "Ask for a transfer", "begun": begun})


def _people(waiting: list, actor: object) -> dict[str, Patient]:
    """The people whom drafts are for and whom the actor may still open, by public id."""
    ids = [draft.answers["person"]["patient"] for draft in waiting if draft.answers.get("person")]
    return {str(one.public_id): one for one in Patient.objects.visible_to(actor).filter(public_id__in=ids)}


@require_POST
@needs(Right.REQUEST_TRANSFER)
@of_own_draft
def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Throw an unfinished request of one's own away."""
    drafts.discard(draft, by=request.actor)  # type: ignore[attr-defined]
    return redirect("referrals:new")


@require_safe
@needs(Right.REQUEST_TRANSFER)
def asked(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The transfer is asked for: its reference, the last day in time, and what happens next."""
    actor = request.actor  # type: ignore[attr-defined]
    found = rows.with_facts(Referral.objects.visible_to(actor).transfers(), actor)
    referral = get_object_or_404(found, public_id=public_id)
    rows.add_facts([referral], actor)
    request.reads.saw([referral.patient_id])  # type: ignore[attr-defined]
    return render(
        request,
        "referrals/new/asked.jinja",
        {
            "heading": "Transfer asked for",
            "referral": referral,
            "facts": referral.facts,
            "today": actor.today,
            "days_late": rules.days_entered_late(
                referral.report_first_requested_on, entered_on=london_date(referral.requested_at)
            ),
        },
    )
