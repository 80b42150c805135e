"""What waits for an actor, whatever they act as, and how much waits in their other capacities."""

from accounts.rights import Capacity, Right, Role
from desk.today import commissioner, hospital, installation, law, leave, moves, named, prison
from desk.today.things import Source, Thing, gathered
from organisations.actor import Actor, actor_for, capacities_held
from organisations.models import Membership, Service
from referrals.models import Referral

PRISONS = (Service.Kind.PRISON, Service.Kind.REMOVAL_CENTRE)


def sources_of(actor: Actor) -> tuple[Source, ...]:
    """The kinds of things that can wait for an actor: by where they work, and the case manager's."""
    kinds = {held.service.kind for held in actor.memberships if held.service_id}
    sources: tuple[Source, ...] = named.SOURCES if actor.has(Right.OPEN_PATIENT) else ()
    if kinds & set(PRISONS):
        sources += prison.SOURCES
    if kinds - set(PRISONS) or actor.role == Role.CLINICIAN:
        sources += hospital.SOURCES + leave.SOURCES
    elif kinds:
        sources += leave.OF_PRISONS
    if kinds:
        sources += law.SOURCES + moves.SOURCES
    return sources + (commissioner.SOURCES if actor.is_case_manager else ())


def things_of(actor: Actor) -> list[Thing]:
    """Everything that waits for an actor, soonest first."""
    return gathered(sources_of(actor), actor)


def waiting_elsewhere(actor: Actor) -> list[tuple[Capacity, int]]:
    """What else the same person may act as, each with how many transfers (an administrator's: faults) wait there.

    Nothing ever waits for an analyst.
    """
    if actor.user is None:
        return []
    held = Membership.objects.at(actor.at).filter(user=actor.user).order_by("pk")
    memberships = list(held.select_related("service", "commissioner"))
    others = [one for one in capacities_held(memberships) if one not in (actor.capacity, Capacity.ANALYST)]
    return [(one, _waiting(_as(one, memberships, actor))) for one in others]


def _as(capacity: Capacity, memberships: list[Membership], actor: Actor) -> Actor:
    return actor_for(actor.user, memberships, capacity=capacity, at=actor.at, request_id=actor.request_id)


def _waiting(actor: Actor) -> int:
    if actor.has(Right.READ_AUDIT) and actor.role == Role.ADMINISTRATOR:
        return sum(sign.number for sign in installation.signs(actor))
    return Referral.objects.visible_to(actor).needing(actor).count()
