"""Asks to sign in; and keeps the read log: what a view says it showed is committed before the answer leaves."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import Error
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import readlog, unsent
from accounts.adapter import PRESS_AGAIN
from core.views import came_from, unavailable

log = structlog.get_logger("pathways.reads")

WITHHELD = [
    "The record of who looked at what cannot be written, so this cannot be shown.",
    "What was saved is safe. Try again in a few minutes.",
]
SPOOLED = (
    "The record of who looked at what is being kept on this server for now. "
    "You can open the people you care for; searching, printing and exporting may not work."
)


class SignInFirst(LoginRequiredMiddleware):
    """Sends somebody who is not signed in to sign in, and back to where they were.

    What was posted is not done by coming back, and its address may show nothing. What they wrote waits for them behind
    the sign-in; after a button they return to the page that it was on, and are told there to press it again.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        if not unsent.keep(request):
            request.session[PRESS_AGAIN] = True
        page = urlsplit(came_from(request))
        return redirect_to_login(urlunsplit(("", "", page.path, page.query, "")))


class ReadLogMiddleware:
    """Gives views `request.reads`, and writes it once the answer, streamed or not, is ready to go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reads = request.reads = readlog.Reads()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code in (403, 404) and (asked_for := ids_in_address(request)):
            reads.denied(asked_for)
        if reads.entries and response.status_code < 500 and not keep(request, response.status_code):
            response.close()
            response = unavailable(request, WITHHELD)
        reads.is_written = True
        return response


def keep(request: Any, status: int) -> bool:
    """Write the request's reads to the log, or to the spool where that may be; False if neither is to be had."""
    record = record_of(request, status)
    try:
        readlog.write(record)
    except Error:
        log.exception("read log not written")
        return not request.reads.must_be_logged and keep_in_spool(request, record)
    return True


def keep_in_spool(request: HttpRequest, record: dict[str, Any]) -> bool:
    """Note the reads on this machine and say so on the next page."""
    try:
        readlog.spool(record)
    except OSError:
        log.exception("read spool not written")
        return False
    messages.warning(request, SPOOLED)
    return True


def record_of(request: Any, status: int) -> dict[str, Any]:
    """Who, as what, when and on which page; the route's name and never the address, which may hold what was typed."""
    actor = request.actor
    return {
        "at": (actor.at if actor else timezone.now()).isoformat(),
        "request_id": str(request.request_id),
        "user_id": actor.user.pk if actor and actor.user else None,
        "role": actor.role if actor else "",
        "service_ids": sorted(actor.service_ids) if actor else [],
        "page": (request.resolver_match.view_name if request.resolver_match else "")[:100],
        "status": status,
        "address": address_of(request),
        "rows": request.reads.rows(),
    }


def ids_in_address(request: HttpRequest) -> str:
    """The random ids of the address, such as that of a patient or a transfer: what was asked for in vain."""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    return " ".join(f"{name} {value}" for name, value in kwargs.items() if isinstance(value, UUID))


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from: what the outermost of our own proxies saw, or nothing on a Unix socket."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR") or None
