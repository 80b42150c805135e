"""Pages for when something is not as asked, and what machines ask about health. No view here reads a record."""

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db import Error, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from core.refusals import NotYours, Refused

# Seconds after which a browser or machine may try again when the database is away.
RETRY_AFTER = 5

# The name and the value of one field of a form.
Sent = tuple[str, str]
OUT_OF_DATE = "This page is out of date"
HEADINGS = {
    400: "We could not read what was sent",
    403: "You cannot do this",
    404: "Page not found",
    405: "This address is only for a button",
    409: "This cannot be done now",
    500: "Sorry, there is a problem with the service",
    503: "Sorry, the service is not available just now",
}
SENTENCES = {
    400: ["Go back, check what you entered and try again."],
    403: ["Your role does not allow this. If you think that it should, ask your administrator."],
    404: [
        "If you typed the address, check that it is right.",
        "The page may have moved, or it may be about somebody whose record you cannot open.",
    ],
    405: ["It shows nothing by itself. Go back to the page with the button and press it there."],
    500: ["Nothing you did was lost that had been saved. Try again in a few minutes."],
    503: ["What was saved is safe. Try again in a few seconds."],
}

# The same words for what is not there and for what is not yours: an id's existence is information.
NOT_THERE = "There is nothing here, or nothing that you may see."


def saves_itself(request: HttpRequest) -> bool:
    """Whether a page sent this by itself while somebody writes (`static/src/autosave.js`); it reads JSON."""
    return request.headers.get("X-Autosave") == "1"


def answer(
    request: HttpRequest, status: int, sentences: list[str] | None = None, **context: Any
) -> HttpResponse:
    """What is the matter, with the id of the request: a page, or JSON for the API and for a page that saves itself."""
    of_api = request.path.startswith("/api/")
    said = sentences or ([NOT_THERE] if of_api and status == 404 else SENTENCES[status])
    request_id = str(getattr(request, "request_id", ""))
    if of_api or saves_itself(request):
        told = {"detail": " ".join(said), "field": None, "request_id": request_id}
        return JsonResponse(told, status=status)
    page = {
        "status": status,
        "heading": HEADINGS.get(status, ""),
        "sentences": said,
        "request_id": request_id,
        **context,
    }
    return HttpResponse(render_to_string("core/error.jinja", page, request), status=status)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal of a button: its sentence, and the way back. htmx shows it in place of the whole page."""
    response = answer(request, 409, [refusal.sentence], back=came_from(request))
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def came_from(request: HttpRequest) -> str:
    """The page of ours that a request came from, or Home."""
    address = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = [str(exception)] if isinstance(exception, NotYours) else None
    return answer(request, 403, said)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words for what is not there and for what is not yours: an id's existence is information."""
    return answer(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was made before the session that sends it: open for too long, or signed in again in another tab."""
    if saves_itself(request):
        return answer(
            request, 403, ["You have signed in again since this page was opened. Save now to go on."]
        )
    why, heading = "It was open for too long, or you have signed in again since in another tab.", OUT_OF_DATE
    sent = sent_from_our_page(request)
    if sent:
        return send_again(request, 403, why, heading=heading, sent=sent, action=request.get_full_path())
    return answer(request, 403, [why, "Go back, load the page again and try again."], heading=heading)


def sent_from_our_page(request: HttpRequest) -> list[Sent]:
    """What a form of ours sent, for whoever is signed in to send again; nothing where another site may have sent it.

    The browser, and no page, writes the Origin.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return sent_in(request) if ours and request.user.is_authenticated else []


def sent_in(request: HttpRequest) -> list[Sent]:
    """The fields of a form as they were sent, for a page that sends them again.

    The sign-in pages are left out: they send passwords.
    """
    is_form = request.content_type == "application/x-www-form-urlencoded"
    if not is_form or request.path.startswith("/accounts/"):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def send_again(
    request: HttpRequest, status: int, why: str, *, heading: str, sent: list[Sent], action: str
) -> HttpResponse:
    """A page that shows what was sent in vain, and sends it again as whoever is signed in now."""
    said = [
        f"What you sent was not saved. {why}",
        f"You are signed in as {request.user.get_full_name()}. If that is you, send it again.",  # type: ignore[union-attr]
    ]
    return answer(request, status, said, heading=heading, sent=sent, action=action)


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """Somebody followed the address of a button, such as from their history."""
    response = answer(request, 405)
    response.headers["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """An unknown error, or a database that is away. Reads nothing, since reading may be what failed."""
    return unavailable(request) if isinstance(sys.exception(), _AWAY) else without_database(request, 500)


def unavailable(request: HttpRequest, sentences: list[str] | None = None) -> HttpResponse:
    """503: nothing was shown; the person or machine may try again in seconds."""
    response = without_database(request, 503, sentences)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def without_database(request: HttpRequest, status: int, sentences: list[str] | None = None) -> HttpResponse:
    """An error page that needs no query: nobody is signed in on it, and plain if its template fails too."""
    try:
        with _as_nobody(request):
            return answer(request, status, sentences)
    except Exception:  # the template itself may be what is broken
        said = " ".join(sentences or SENTENCES[status])
        page = f"<!doctype html><html lang=en><title>{HEADINGS[status]}</title><p>{said}"
        return HttpResponse(page, status=status)


@contextmanager
def _as_nobody(request: Any) -> Iterator[None]:
    """The request without its user, actor and messages, each of which a template might look up; then as it was."""
    nobody: dict[str, Any] = {"user": AnonymousUser(), "actor": None, "_messages": []}
    before = {name: getattr(request, name) for name in nobody if hasattr(request, name)}
    vars(request).update(nobody)
    try:
        yield
    finally:
        for name in nobody:
            delattr(request, name)
        vars(request).update(before)


_AWAY = (OperationalError, InterfaceError)


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve pages: the database answers within a second and has every migration."""
    # A connection of its own: one that a request left half dead must not answer for the database.
    probe = connection.copy()
    probe.settings_dict["OPTIONS"] = {
        **probe.settings_dict["OPTIONS"],
        "connect_timeout": 1,
        "options": "-c statement_timeout=1000",
    }
    try:
        missing = latest_migrations() - set(MigrationRecorder(probe).applied_migrations())
    except Error:
        return _not_ready("The database does not answer.")
    finally:
        probe.close()
    return (
        _not_ready("Migrations are missing.")
        if missing
        else HttpResponse("ready\n", content_type="text/plain")
    )


HEALTH = {"/health/live": live, "/health/ready": ready}


def _not_ready(words: str) -> HttpResponse:
    return HttpResponse(
        f"{words}\n", content_type="text/plain", status=503, headers={"Retry-After": str(RETRY_AFTER)}
    )


@functools.cache
def latest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app, as this process's code has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
