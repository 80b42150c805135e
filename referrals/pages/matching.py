"""Find a bed: every ward with how it answers what one person needs. A person chooses; nothing here does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.readlog import Action
from accounts.rights import Right
from core.tables import Column, Filter, Table, choices_of
from organisations.doors import needs_any
from organisations.models import Region, WardGender
from organisations.rules import HOSPITAL_TIERS, Tier
from pathways.rules import groups_of
from referrals.matching import FINDING, Match, Sides, Wanted, matches_for, sides_of, wanted_for
from referrals.models import Referral
from referrals.naming import address_of, title_of
from referrals.pages.found import caption, find_any_to_record
from referrals.pages.verbs import address
from referrals.rules import ACCEPTING, KINDS
from referrals.rules.matching import WEIGHED, State

# How each state is shown: its word, its colour, and a sign for whoever sees no colours.
LOOKS = {
    State.MET: ("Met", "green", "✓"),
    State.ASK: ("To ask", "yellow", "?"),
    State.UNMET: ("Not met", "red", "✕"),
}
# Beds of a ward that are shown one by one; the rest are counted.
MOST_BEDS = 6


@require_safe
@needs_any(*FINDING)
def find_a_bed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For a transfer, or another referral that needs a bed, by somebody who may know whose it is."""
    referral = find_any_to_record(request, public_id)
    if not KINDS[referral.kind].needs_bed:
        raise Http404
    actor = request.actor  # type: ignore[attr-defined]
    sides = sides_of(referral, actor)
    wanted = wanted_for(referral, actor)
    table = Table(
        request,
        matches_for(referral, wanted.need, actor),  # type: ignore[arg-type]
        columns=columns(actor),
        name="find-a-bed",
        caption="Find a bed",
        filters=filters(),
        nothing="No ward fits. Remove a filter to see more.",
    )
    if table.is_csv or table.is_print:
        request.reads.saw(  # type: ignore[attr-defined]
            [referral.patient_id], Action.EXPORT if table.is_csv else Action.PRINT
        )
    return table.answer(
        "referrals/find_a_bed.jinja",
        caption=caption(referral, actor),
        back=address(referral, "services"),
        back_words=f"Back to {title_of(referral)}",
        needed=needed(wanted),
        assessment=wanted.signed,
        compares_tiers=not wanted.tier_unknown,
        weighed=WEIGHED,
        looks=LOOKS,
        most_beds=MOST_BEDS,
        shows_beds=actor.has(Right.SEE_BEDS),
        next_for=lambda match: next_for(match, sides, referral),
        actor=actor,
    )


def next_for(match: Match, sides: Sides, referral: Referral) -> list[tuple[str, str, str]]:
    """What the reader may do with a ward: its words, its address, and what else is told of it to whoever hears it."""
    asking = address_of(referral, "ask")
    if match.approach is None:
        return (
            [("Ask this service", f"{asking}?service={match.service_public_id}", match.service_name)]
            if sides.may_ask
            else []
        )
    accepted = match.approach.outcome in ACCEPTING and not match.approach.has_bed_date
    # Keeping apart is what no reason overrides: such a bed would only be refused.
    if match.service_id in sides.giving and accepted and match.findings["apart"].state == State.MET:
        path = address_of(referral, "bed", match.approach.public_id)
        return [
            (f"Give bed {bed.name}", f"{path}?bed={bed.public_id}", match.ward_name)
            for bed in match.beds[:MOST_BEDS]
            if bed.free.is_known
        ]
    return []


def needed(wanted: Wanted) -> list[tuple[str, str]]:
    """What is compared with, in words, as far as the reader may know."""
    need = wanted.need
    also = ", ".join(Tier(one).label.lower() for one in need.also_suitable)
    groups = sorted(groups_of(need.diagnoses))
    return [
        ("Tier recommended", Tier(need.tier).label if need.tier else wanted.tier_unknown),
        *([("Also suitable", also[:1].upper() + also[1:] if also else "None")] if need.tier else []),
        ("Ward", WardGender(need.ward_gender).label if need.ward_gender else _by_gender(need)),
        ("Diagnoses", ", ".join(groups).capitalize() if groups else need.unread_diagnoses),
        *([("Special needs", wanted.special_needs)] if wanted.special_needs else []),
        ("Legal basis", f"Section {', '.join(need.sections)}" if need.sections else "Not recorded"),
        ("Home region", wanted.home_region or "Not recorded"),
    ]


def _by_gender(need: Any) -> str:
    genders = [WardGender(one).label for one in sorted(need.genders)]
    return f"{', '.join(genders)}, by the gender recorded" if genders else "The gender recorded does not say"


def filters() -> list[Filter]:
    """Where, what for, how soon, and how well."""
    regions = Region.objects.order_by("name").values_list("code", "name")
    return [
        Filter("region", "Region", _only(lambda one, value: one.region == value), choices_of(regions)),
        Filter(
            "tier",
            "Tier",
            _only(lambda one, value: one.tier == value),
            choices_of((one, Tier(one).label) for one in HOSPITAL_TIERS),
        ),
        Filter(
            "free", "Free", _only(lambda one, _value: one.is_free_now), [("now", "Now")], every="Whenever"
        ),
        Filter(
            "unmet",
            "Not met",
            _only(lambda one, value: one.unmet <= int(value)),
            [("0", "Nothing"), ("1", "One thing at most")],
            every="Anything",
        ),
    ]


def _only(fits: Callable[[Match, str], bool]) -> Any:
    return lambda found, value: [one for one in found if fits(one, value)]


def columns(actor: Any) -> list[Column]:
    """What the file says of each ward."""
    return [
        Column("place", "Place in the order"),
        Column("service_name", "Service"),
        Column("provider", "Provider"),
        Column("telephone", "Ring"),
        Column("ward_name", "Ward"),
        *(Column(one.key, one.label, _finding_in_a_file(one.key)) for one in WEIGHED),
        *([Column("beds", "Beds", _beds_in_a_file)] if actor.has(Right.SEE_BEDS) else []),
    ]


def _finding_in_a_file(key: str) -> Callable[[Match], str]:
    def words(match: Match) -> str:
        one = match.findings[key]
        parts = "; ".join(f"{LOOKS[state][0].lower()}: {said}" for state, said in one.parts)
        return f"{LOOKS[one.state][0]}. {one.words}{f' ({parts})' if parts else ''}"

    return words


def _beds_in_a_file(match: Match) -> str:
    return "; ".join(f"{bed.name}: {bed.free.words}" for bed in match.beds)
