"""Who acts: one actor a request, and no view without a door."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from rest_framework.views import APIView

from organisations.actor import Actor, actor_for, capacities_held
from organisations.models import Membership


class ActorMiddleware:
    """Sets `request.actor` (None for somebody who is not signed in) and `request.capacities`, between which
    they may switch.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor, request.capacities = None, []  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.actor = signed_in_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code < 400:
            keep_capacity(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Deny by default; and tell somebody who belongs nowhere yet whom to ask."""
        if is_guarded_elsewhere(request, view):
            return None
        if not hasattr(view, "door"):
            raise PermissionDenied(f"{view.__module__}.{view.__name__} has no door")
        actor = request.actor  # type: ignore[attr-defined]
        if actor and not actor.memberships and view.door != "anyone":
            return render(request, "core/no_role.jinja", status=403)
        return None


def is_guarded_elsewhere(request: HttpRequest, view: Any) -> bool:
    """Views that need no door: the sign-in pages, and the API, which denies by default for itself."""
    match = request.resolver_match
    is_api = isinstance(getattr(view, "cls", None), type) and issubclass(view.cls, APIView)
    return is_api or bool(match and match.route.startswith("accounts/"))


def keep_capacity(request: Any) -> None:
    """Go on in the capacity in use, so that a new one does not take its place in the middle of somebody's work."""
    held = request.capacities
    if held and request.actor and request.session.get("capacity") not in held:
        request.session["capacity"] = request.actor.capacity


def signed_in_actor(request: HttpRequest) -> Actor:
    """The actor in the capacity that the session chose, else in the first that is held."""
    at = timezone.now()
    user: Any = request.user
    found = Membership.objects.at(at).filter(user=user).order_by("pk")
    memberships = list(found.select_related("service", "commissioner"))
    held = capacities_held(memberships)
    request.capacities = held  # type: ignore[attr-defined]
    chosen = request.session.get("capacity")
    capacity = chosen if chosen in held else next(iter(held), "")
    return actor_for(user, memberships, capacity=capacity, at=at, request_id=request.request_id)  # type: ignore[attr-defined]
