"""The actor: who acts, as what, where, with which rights, and when. Made once a request, key or job."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from accounts.rights import Duty, Right, Role, rights_of
from organisations.models import Membership


@dataclass(frozen=True)
class Actor:
    """Everything that a rule or a scope may ask about whoever acts.

    `at` is the one reading of the clock: when what is done is recorded. When it happened is an argument.
    """

    user: User | None
    role: str
    memberships: tuple[Membership, ...]
    service_ids: frozenset[int]
    commissioner_id: int | None
    rights: frozenset[Right]
    at: datetime
    request_id: UUID = field(default_factory=uuid4)
    job: str = ""

    @classmethod
    def system(cls, job: str, *, at: datetime) -> "Actor":
        """A job of the installation itself. It has no rights and no scope: it calls actions that need none."""
        return cls(None, "", (), frozenset(), None, frozenset(), at, job=job)

    @property
    def today(self) -> date:
        """The London calendar date of `at`."""
        return timezone.localdate(self.at)

    @property
    def is_case_manager(self) -> bool:
        """Whether the actor may see identified people of the commissioner's own population."""
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
    user: User, memberships: list[Membership], *, role: str, at: datetime, request_id: UUID
) -> Actor:
    """The actor of a signed-in user in one of the roles that the memberships (all held at `at`) allow.

    Memberships of one role are combined, but for commissioners: one acts for the first of theirs, with the duties held
    there, so that a case manager of one population is no more than an analyst of another. With none of that role the
    actor has no rights.
    """
    held = tuple(membership for membership in memberships if membership.role == role)
    commissioner_id = next((m.commissioner_id for m in held if m.commissioner_id), None)
    held = tuple(membership for membership in held if membership.commissioner_id == commissioner_id)
    duties = sorted({duty for membership in held for duty in membership.duties})
    return Actor(
        user=user,
        role=role if held else "",
        memberships=held,
        service_ids=frozenset(m.service_id for m in held if m.service_id),
        commissioner_id=commissioner_id,
        rights=rights_of(role, duties) if held else frozenset(),
        at=at,
        request_id=request_id,
    )


__all__ = ["Actor", "Duty", "Right", "Role", "actor_for"]
