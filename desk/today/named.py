"""What waits for named staff, whatever their role: the flags of people with restricted access."""

from django.db.models import Min

from desk.today.things import MOST, Thing
from organisations.actor import Actor
from pathways.models import Flag, Patient, Relationship


def flags_of_restricted(actor: Actor) -> list[Thing]:
    """Flags that nobody has taken on, of people for whom the actor is named; a case manager has them anyway."""
    if actor.is_case_manager:
        return []
    named = Relationship.objects.naming(actor.at).filter(user=actor.user)
    people = Patient.objects.visible_to(actor).filter(
        has_restricted_access=True, pk__in=named.values("patient")
    )
    flags = (
        Flag.objects.visible_to(actor)
        .to_acknowledge()
        .filter(clock__about_kind="referral", clock__ended_on=None, clock__patient__in=people)
        .values("clock__about_id")
        .annotate(first=Min("became_on"))
        .order_by("first", "clock__about_id")
    )
    return [
        Thing(
            "You are named: see that its flags are taken on",
            one["first"],
            referral_id=one["clock__about_id"],
            part="flags",
        )
        for one in flags[:MOST]
    ]


SOURCES = (flags_of_restricted,)
