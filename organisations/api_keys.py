"""How machines come in: a key that stands for one membership, and no endpoint without a right."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from organisations.actions.keys import note_use
from organisations.actor import actor_for, capacities_held
from organisations.models import ApiKey
from organisations.rules import hash_of


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Token <key>` makes the actor of the key's membership, while both are in time."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        at = timezone.now()
        api_key = (
            ApiKey.objects.usable(at)
            .filter(hash=hash_of(key.strip()))
            .select_related("membership__user", "membership__service", "membership__commissioner")
            .first()
        )
        if api_key is None:
            raise AuthenticationFailed("This key is not known or is out of time.")
        membership, django_request = api_key.membership, request._request
        django_request.actor = actor_for(  # type: ignore[attr-defined]
            membership.user,
            [membership],
            capacity=capacities_held([membership])[0],
            at=at,
            request_id=django_request.request_id,  # type: ignore[attr-defined]
        )
        if api_key.last_used_on != django_request.actor.today:  # type: ignore[attr-defined]
            note_use(api_key, by=django_request.actor)  # type: ignore[attr-defined]
        return membership.user, api_key

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class HasDeclaredRight(BasePermission):
    """Lets in an actor who has every right that the view declares. A view that declares none lets nobody in.

    `rights = (Right.X,)`, or by action of a viewset `rights = {"list": (Right.X,), "retrieve": (Right.Y,)}`.
    """

    message = "Your role does not allow this."

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = getattr(request._request, "actor", None)
        rights = declared_rights(view)
        return bool(actor and rights and all(actor.has(right) for right in rights))


def declared_rights(view: Any) -> tuple:
    """The rights that a view, or the present action of a viewset, declares."""
    rights = getattr(view, "rights", ())
    return tuple(rights.get(getattr(view, "action", None), ())) if isinstance(rights, dict) else tuple(rights)
