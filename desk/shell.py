"""What surrounds every page: the menu an actor's rights allow, what they may act as, and what waits in the bell."""

import functools
from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from accounts.rights import Capacity, Right
from core.models import Notification

MY_SERVICE = "My service"

# Words, path (design.md, “Pages”), and the rights of which one is enough; none means everybody.
MENU: tuple[tuple[str, str, frozenset[Right]], ...] = (
    ("Home", "/", frozenset()),
    ("Patients", "/patients/", frozenset({Right.OPEN_PATIENT})),
    ("Transfers", "/transfers/", frozenset({Right.SEE_TRANSFERS, Right.SEE_EVERY_TRANSFER})),
    ("Referrals", "/referrals/", frozenset({Right.SEE_TRANSFERS, Right.SEE_EVERY_TRANSFER})),
    (MY_SERVICE, "/services/", frozenset({Right.SEE_SERVICE})),
    ("Assessments", "/assessments/", frozenset({Right.READ_ASSESSMENT})),
    ("Beds", "/beds/", frozenset({Right.SEE_BEDS})),
    ("Ready to move on", "/ready/", frozenset({Right.SEE_READY})),
    ("Dashboards", "/dashboards/", frozenset({Right.SEE_DASHBOARDS})),
    ("Exports", "/exports/", frozenset({Right.EXPORT})),
    (
        "Manage",
        "/manage/",
        frozenset(
            {
                Right.MANAGE_ORGANISATIONS,
                Right.MANAGE_POLICIES,
                Right.MANAGE_PRICES,
                Right.MANAGE_ACCOUNTS,
                Right.READ_AUDIT,
            }
        ),
    ),
)


@dataclass(frozen=True)
class MenuItem:
    """One link of the menu."""

    words: str
    path: str
    is_here: bool


class Shell:
    """The surroundings of one request's page. Nothing is asked of the database until a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.path = request.path
        self.actor = getattr(request, "actor", None)
        self.held = tuple(getattr(request, "capacities", ()))

    @property
    def name(self) -> str:
        """Whose page it is; empty before sign-in."""
        return self.actor.user.name if self.actor and self.actor.user else ""

    @property
    def role(self) -> str:
        """What the person acts as at present, in words."""
        return Capacity(self.actor.capacity).label if self.actor and self.actor.capacity else ""

    @property
    def other_roles(self) -> list[tuple[str, str]]:
        """Value and words of what the person could change to."""
        held = [Capacity(one) for one in self.held]
        return [(one.value, one.label) for one in held if self.actor and one != self.actor.capacity]

    @property
    def menu(self) -> list[MenuItem]:
        """The links that the actor's rights allow, of pages that exist."""
        if not self.actor:
            return []
        allowed = [(words, path) for words, path, rights in MENU if not rights or rights & self.actor.rights]
        places = [(words, self._own_service() if words == MY_SERVICE else path) for words, path in allowed]
        return [MenuItem(words, path, self._is_here(path)) for words, path in places if _exists(path)]

    def _own_service(self) -> str:
        """The page of the first service that the person works at; it leads to their others."""
        services = [held.service for held in self.actor.memberships if held.service_id]
        return f"/services/{services[0].public_id}/" if services else "/services/"

    def _is_here(self, path: str) -> bool:
        return self.path == path if path == "/" else self.path.startswith(path)

    @functools.cached_property
    def unread(self) -> int:
        """Messages not yet opened. A page that works otherwise isn't lost for want of this number."""
        if not self.actor or not self.actor.user:
            return 0
        try:
            return Notification.objects.bell_of(self.actor.user).unread().order_by().count()
        except DatabaseError:
            return 0


def shell(request: HttpRequest) -> Shell:
    """The surroundings for a template: `{% set here = shell(request) %}`."""
    return Shell(request)


@functools.cache
def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
