"""Flags that somebody takes on."""

from collections import defaultdict
from collections.abc import Iterable

from core.actions import action
from organisations.actor import Actor
from organisations.models import Commissioner
from pathways.actions import clocks, relationships
from pathways.models import Flag, Relationship
from referrals import messages, rules
from referrals.actions import checklist
from referrals.models import Referral


def sides_of(referral: Referral) -> rules.Sides:
    """Who stands on each side of a transfer."""
    offices = Commissioner.objects.national_offices().filter(region=referral.from_service.region_id)
    return rules.Sides(
        service_ids=frozenset({referral.from_service_id, *checklist.asked_ids(referral)}),
        commissioner_id=messages.commissioner_id_of(referral),
        office_ids=frozenset(offices.values_list("pk", flat=True)),
    )


def standing_owners(referral: Referral) -> set[str]:
    """Whose job the flags of a transfer are that nobody has taken on."""
    kind, about_id = checklist.about(referral)
    owed = Flag.objects.to_acknowledge().filter(clock__about_kind=kind, clock__about_id=about_id)
    return set(owed.values_list("owner", flat=True))


def open_to_the_region(referrals: Iterable[Referral], *, by: Actor) -> None:
    """Let NHS England's offices open the people of whom they have a flag to take on, while the transfers go on."""
    offices = Commissioner.objects.national_offices().by_region()
    for referral in referrals:
        for office in offices.get(referral.from_service.region_id, ()):
            relationships.open_relationship(
                referral.patient,
                commissioner=office,
                basis=Relationship.Basis.REQUEST,
                about=checklist.about(referral),
                since=by.at,
                by=by,
            )


@action
def acknowledge_flags(referral: Referral, *, flag: Flag | None = None, by: Actor) -> list[Flag]:
    """Take on a flag, or with none given every one that waits for the actor's side.

    Whoever takes on a rung has taken on those below it on the same clock, whoever they were for.
    """
    referral = checklist.hold(referral)
    rules.check_flags_count(referral.ended_on)
    kind, about_id = checklist.about(referral)
    here = Flag.objects.filter(clock__about_kind=kind, clock__about_id=about_id)
    owed = list(here.to_acknowledge().select_related("clock__patient").order_by("day", "pk"))
    sides = sides_of(referral)
    if flag is None:
        taken = [one for one in owed if rules.takes_on(one.owner, sides, by=by)]
        rules.check_some_wait(len(taken))
    else:
        rules.check_takes_on(flag.owner, sides, by=by)
        taken = [flag]
    highest: dict[int, int] = defaultdict(lambda: -1)
    for one in taken:
        highest[one.clock_id] = max(highest[one.clock_id], one.day)
    below = [one for one in owed if one.day <= highest[one.clock_id] and one not in taken]
    return [clocks.acknowledge_flag(one, by=by) for one in (*taken, *below)]
