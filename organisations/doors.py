"""The doors of pages. Every view says who may come in; one that says nothing lets nobody in.

They live on this floor because accounts, below, cannot know the actor.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.rights import Right

View = Callable[..., HttpResponseBase]


def needs(*rights: Right) -> Callable[[View], View]:
    """Open to whoever has every one of these rights; 403 to others who are signed in."""
    return _door(rights, lambda actor: all(actor.has(right) for right in rights))


def needs_any(*rights: Right) -> Callable[[View], View]:
    """Open to whoever has at least one of these rights."""
    return _door(rights, lambda actor: any(actor.has(right) for right in rights))


def open_to_all_signed_in(view: View) -> View:
    """Open to everybody who has signed in and belongs somewhere: what it shows is their own."""
    return _door((), lambda actor: True)(view)


def open_to_anyone(view: View) -> View:
    """Open without signing in: it shows nothing about anybody."""
    view = login_not_required(view)
    view.rights, view.door = (), "anyone"  # type: ignore[attr-defined]
    return view


def _door(rights: tuple[Right, ...], lets_in: Callable[[Any], bool]) -> Callable[[View], View]:
    def guarded(view: View) -> View:
        @functools.wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor is None or not lets_in(actor):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        enter.rights, enter.door = rights, "signed in"  # type: ignore[attr-defined]
        return enter

    return guarded
