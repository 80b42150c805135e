"""One referral of another kind than the transfer from prison: the page that everyone concerned shares."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.pages import long_date
from core.refusals import refusal
from organisations.actor import Actor
from organisations.doors import needs
from pathways.models import Placement
from referrals import recorded, rules
from referrals.actions.orders import lapses_on as lapses_on_of
from referrals.actions.orders import order_on_record
from referrals.actions.referring import check_lawful
from referrals.codes import Kind, StepKind, Urgency
from referrals.models import Referral
from referrals.naming import address_of, title_of
from referrals.pages import banner, checklist, line, line_groups, offers, sheet
from referrals.pages.found import Sees, find_referral, sight
from referrals.pages.rows import FLAG_COLOURS, URGENCY_COLOURS

PARTS = (
    ("checklist", "Checklist"),
    ("services", "Services asked"),
    ("assessment", "Shared assessment"),
    ("request", "What is asked for"),
    ("clocks", "Clocks and flags"),
    ("contacts", "Contacts"),
    ("line", "Everything that happened"),
)


@require_safe
@needs(Right.SEE_TRANSFERS)
def referral(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is asked for, what is needed next and from whom, and everything recorded."""
    found = find_referral(request, public_id)
    if found.is_transfer:
        return redirect(address_of(found))
    actor = request.actor  # type: ignore[attr-defined]
    sees, group = sight(found, actor), request.GET.get("show", "")
    return render(
        request,
        "referrals/referral.jinja",
        {
            "heading": title_of(found),
            "kind": Kind(found.kind).label,
            "referral": found,
            "sees": sees,
            "today": actor.today,
            "actor": actor,
            "parts": [part for part in PARTS if part[0] not in _left_out(found, sees)],
            # A prison or a community team agrees; it decides nothing on an assessment.
            "is_simply_agreed": StepKind.DECISION not in rules.steps_of(found.kind),
            "may_see_services": actor.has(Right.SEE_SERVICE),
            **_head(found, actor, sees),
            "contacts": recorded.CONTACTS.of(found.pk) if sees.words else [],
            "lines": line.events_of(found, group=group, sees=sees),
            "groups": line_groups.GROUPS,
            "group": group,
        },
    )


def _left_out(found: Referral, sees: Sees) -> set[str]:
    """The sections that this reader, or this kind, has not."""
    left_out = set() if sees.words else {"contacts"}
    left_out |= set() if rules.KINDS[found.kind].clock else {"clocks"}
    return left_out if StepKind.DECISION in rules.steps_of(found.kind) else left_out | {"assessment"}


def _head(found: Referral, actor: Actor, sees: Sees) -> dict[str, Any]:
    """Who it is, the clock where there is one, and the checklist."""
    standing = sheet.standing_of(found, actor, sees)
    clocks = recorded.clocks_of(found)
    rows = checklist.rows(standing)
    return {
        "person": banner.banner_of(found, actor, sees),
        "clocks": [sheet.clock_line(clock, actor.today) for clock in clocks],
        "flags": sheet.flags_of(clocks),
        "flags_for_me": sheet.flags_for(clocks, found, actor, sees),
        "acknowledge_path": address_of(found, "acknowledge"),
        "flag_colours": FLAG_COLOURS,
        "urgency": Urgency(found.urgency).label,
        "urgency_colour": URGENCY_COLOURS[Urgency(found.urgency)],
        "rows": rows,
        "next_row": next((row for row in rows if row.is_next), None),
        "planned_on": planned.for_on if (planned := standing.done.get(StepKind.PLANNED)) else None,
        "may": offers.verbs_of_other_kind(standing),
        "assessed": standing.assessed,
        "undo": sheet.undo_of(standing),
        "asked": sheet.asked_of(standing, actor, sees),
        "troubles": [*sheet.troubles_of(standing), *_troubles(found, actor, sees)],
        "beside": _beside(found, actor),
        "waited": found.days_waited(on=actor.today),
        "way": [*_way(found), *_order_of_court(found, sees)],
        "ended": sheet.how_it_ended(found),
    }


def _troubles(found: Referral, actor: Actor, sees: Sees) -> list[str]:
    """The person is not where they were asked from, or the law has changed under it."""
    if found.ended_on or not sees.identity:
        return []
    troubles = []
    now = Placement.objects.visible_to(actor).open_of(found.patient)
    here = now is not None and now.service_id == found.from_service_id
    if rules.KINDS[found.kind].is_here and not here:
        troubles.append(
            f"The person is no longer at {found.from_service.name}. If they have moved as asked, record it; "
            "if another move has overtaken this one, end it."
        )
    refused = refusal(check_lawful, found.patient, found.kind, found.act, by=actor)
    return [*troubles, refused] if refused else troubles


def _beside(found: Referral, actor: Actor) -> list[tuple[str, str, bool]]:
    """Other open referrals of the person: words, address, and whether it leads."""
    others = Referral.objects.visible_to(actor).open().filter(patient=found.patient).exclude(pk=found.pk)
    return [(title_of(one), address_of(one), one.is_primary) for one in others.order_by("requested_at", "pk")]


def _order_of_court(found: Referral, sees: Sees) -> list[tuple[str, Any]]:
    """The court's order on which an admission stands, and until when they may be admitted under it."""
    if found.kind != Kind.COURT_ADMISSION or found.ended_on or not sees.identity:
        return []
    order, lapses_on = order_on_record(found.patient), lapses_on_of(found.patient)
    if order is None:
        return [
            (
                "The court’s order",
                "Not recorded yet. Record it once it is made: its days for the admission run.",
            )
        ]
    pairs = [("The court’s order", f"{order.words}, {long_date(order.during.lower)}")]
    return [*pairs, ("Lapses unless admitted by", long_date(lapses_on))] if lapses_on else pairs


def _way(found: Referral) -> list[tuple[str, Any]]:
    """What is asked for, in words."""
    pairs: list[tuple[str, Any]] = [
        ("Asked by", found.from_service.name),
        ("First asked for", long_date(found.report_first_requested_on)),
    ]
    if found.act:
        pairs.append(("How", found.get_act_display()))
    if found.ground:
        pairs.append(("Ground", found.get_ground_display()))
    return pairs
