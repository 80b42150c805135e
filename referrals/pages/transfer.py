"""One transfer: the page that everyone concerned shares."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rights import Right
from organisations.actor import Actor
from organisations.doors import needs
from pathways.days import london_date
from referrals import recorded
from referrals.codes import DelayReason, StepKind, Urgency, WarrantOutcome
from referrals.models import Referral
from referrals.naming import address_of
from referrals.pages import banner, checklist, delay_lines, line, line_groups, offers, sheet
from referrals.pages.found import Sees, find_transfer, sight
from referrals.pages.rows import FLAG_COLOURS, URGENCY_COLOURS

# The sections of the page in reading order, for the links at its top.
PARTS = (
    ("clocks", "Clocks and flags"),
    ("checklist", "Checklist"),
    ("services", "Services asked"),
    ("assessment", "Assessment and reports"),
    ("warrants", "Warrants"),
    ("legal", "Request and legal basis"),
    ("delays", "Delays"),
    ("reviews", "Reviews"),
    ("contacts", "Contacts"),
    ("moves", "Prison moves"),
    ("line", "Everything that happened"),
)


@require_safe
@needs(Right.SEE_TRANSFERS)
def transfer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Clocks, what is needed next and from whom, and everything recorded."""
    referral = find_transfer(request, public_id)
    actor = request.actor  # type: ignore[attr-defined]
    sees = sight(referral, actor)
    group = request.GET.get("show", "")
    return render(
        request,
        "referrals/transfer.jinja",
        {
            "heading": f"Transfer {referral.reference}",
            "referral": referral,
            "sees": sees,
            "today": actor.today,
            "actor": actor,
            "parts": [part for part in PARTS if sees.words or part[0] != "contacts"],
            "is_simply_agreed": False,
            "may_see_services": actor.has(Right.SEE_SERVICE),
            "may_record_movement": _may_record_movement(referral, actor, sees),
            **_head(referral, actor, sees),
            **_wait(referral, actor, sees),
            "lines": line.events_of(referral, group=group, sees=sees),
            "groups": line_groups.GROUPS,
            "group": group,
        },
    )


def _may_record_movement(referral: Referral, actor: Actor, sees: Sees) -> bool:
    """Those who have the person say that they are at court, at A&E or out under escort."""
    may = sees.identity and referral.is_open and actor.has(Right.RECORD_MOVEMENT)
    return may and actor.works_at(referral.from_service_id)


def _head(referral: Referral, actor: Actor, sees: Sees) -> dict[str, Any]:
    """Who it is, the clocks, and the checklist."""
    standing = sheet.standing_of(referral, actor, sees)
    clocks = recorded.clocks_of(referral)
    lines = [sheet.clock_line(clock, actor.today) for clock in clocks]
    rows = checklist.rows(standing)
    hand_overs, i_have_it = sheet.hand_over_of(standing)
    delays = delay_lines.delays_of(standing, hand_overs)
    sums, unaccounted = delay_lines.delay_sums(delays, waited=referral.days_waited(on=actor.today))
    return {
        "person": banner.banner_of(referral, actor, sees),
        "headline": next((one for one in lines if one.is_headline), None),
        "clocks": lines,
        "flags": sheet.flags_of(clocks),
        "flag_colours": FLAG_COLOURS,
        "urgency": Urgency(referral.urgency).label,
        "urgency_colour": URGENCY_COLOURS[Urgency(referral.urgency)],
        "flags_for_me": sheet.flags_for(clocks, referral, actor, sees),
        "acknowledge_path": address_of(referral, "acknowledge"),
        "first_day_corrected": standing.corrected.get(StepKind.REPORT_REQUESTED),
        "rows": rows,
        "next_row": next((row for row in rows if row.is_next), None),
        "warrants": standing.warrants,
        "may": offers.verbs(standing),
        "another_report": offers.another_report(standing),
        "reports": standing.reports,
        "section": standing.section,
        "bases": standing.bases,
        "withdrawable": offers.withdrawable(standing.reports, standing),
        "undo": sheet.undo_of(standing),
        "departure": sheet.departure_of(standing),
        "asked": sheet.asked_of(standing, actor, sees),
        "assessed": standing.assessed,
        "troubles": sheet.troubles_of(standing),
        "hand_overs": hand_overs,
        "i_have_it": i_have_it,
        "take_over": sheet.take_over_of(standing, hand_overs),
        "delays": delays,
        "delay_sums": sums,
        "unaccounted": unaccounted,
        "delay_reasons": dict(DelayReason.choices),
        "waited": referral.days_waited(on=actor.today),
        "ended": sheet.how_it_ended(referral),
    }


def _wait(referral: Referral, actor: Actor, sees: Sees) -> dict[str, Any]:
    """What was recorded on the way. Words that somebody typed are read only for those who may read them."""
    reviews = recorded.REVIEWS if sees.clinical else recorded.REVIEWS_WITHOUT_WORDS
    return {
        "outcomes": dict(WarrantOutcome.choices),
        "reviews": reviews.of(referral.pk),
        "contacts": recorded.CONTACTS.of(referral.pk) if sees.words else [],
        "key_dates": recorded.KEY_DATES.of(referral.patient_id) if sees.identity else [],
        "entered_late": checklist.entered_late(
            referral.report_first_requested_on, london_date(referral.requested_at)
        ),
    }
