"""The actor: who acts, as what, where, with which rights, and when. Made once a request, key or job."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from accounts.rights import Capacity, Duty, Right, Role, capacities_of, rights_of
from organisations.models import Membership


@dataclass(frozen=True)
class Actor:
    """Everything that a rule or a scope may ask about whoever acts.

    `at` is the one reading of the clock: when what is done is recorded. When it happened is an argument.
    """

    user: User | None
    role: str
    capacity: str
    memberships: tuple[Membership, ...]
    service_ids: frozenset[int]
    commissioner_ids: frozenset[int]
    rights: frozenset[Right]
    at: datetime
    request_id: UUID = field(default_factory=uuid4)
    job: str = ""

    @classmethod
    def system(cls, job: str, *, at: datetime) -> "Actor":
        """A job of the installation itself. It has no rights and no scope: it calls actions that need none."""
        return cls(None, "", "", (), frozenset(), frozenset(), frozenset(), at, job=job)

    @property
    def today(self) -> date:
        """The London calendar date of `at`."""
        return timezone.localdate(self.at)

    @property
    def is_case_manager(self) -> bool:
        """Whether the actor may see identified people of the commissioners' own populations."""
        return Right.TRIAGE in self.rights

    def has(self, right: Right) -> bool:
        """Whether a role or duty of the actor carries a right."""
        return right in self.rights

    def works_at(self, service_id: int | None) -> bool:
        """Whether the present role is held at a service."""
        return service_id in self.service_ids

    def trace(self) -> dict:
        """What goes into change history: ids only."""
        return {
            "user": self.user.pk if self.user else None,
            "request": str(self.request_id),
            "job": self.job,
        }


def actor_for(
    user: User, memberships: list[Membership], *, capacity: str, at: datetime, request_id: UUID
) -> Actor:
    """The actor of a signed-in user in one of the capacities that the memberships (all held at `at`) allow.

    Memberships of one capacity are combined. A case manager acts for the populations where that duty is held and for no
    other; an analyst for all of theirs, without the duty, so that nobody is known by name. With no membership of that
    capacity the actor has no rights.
    """
    held = tuple(one for one in memberships if capacity in capacities_of(one.role, one.duties))
    role = held[0].role if held else ""
    duties = {duty for membership in held for duty in membership.duties}
    if capacity == Capacity.ANALYST:
        duties.discard(Duty.CASE_MANAGER)
    return Actor(
        user=user,
        role=role,
        capacity=capacity if held else "",
        memberships=held,
        service_ids=frozenset(m.service_id for m in held if m.service_id),
        commissioner_ids=frozenset(m.commissioner_id for m in held if m.commissioner_id),
        rights=rights_of(role, sorted(duties)) if held else frozenset(),
        at=at,
        request_id=request_id,
    )


def capacities_held(memberships: list[Membership]) -> list[Capacity]:
    """What the memberships let their holder act as, in the order in which capacities are listed."""
    held = {capacity for one in memberships for capacity in capacities_of(one.role, one.duties)}
    return [capacity for capacity in Capacity if capacity in held]


__all__ = ["Actor", "Capacity", "Duty", "Right", "Role", "actor_for", "capacities_held"]
