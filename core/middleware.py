"""What every request and response has: an id, headers that keep pages private, and a calm answer to a refusal."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from core.refusals import Refused
from core.views import HEALTH, refused, wrong_method

log = structlog.get_logger("pathways.requests")
Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        # The NHS style sheet carries its small icons as data.
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)


class RequestId:
    """Gives every request an id that its answer, its logs, its history and its read-log entries share."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request.request_id = uuid.uuid4()  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=str(request.request_id))  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = str(request.request_id)  # type: ignore[attr-defined]
        if not request.path.startswith((settings.STATIC_URL, "/health/")):
            log.info(
                "answered",
                method=request.method,
                # The route and not the address: what people type may hold a name.
                route=request.resolver_match.route if request.resolver_match else "",
                status=response.status_code,
                milliseconds=round((time.perf_counter() - began) * 1000),
            )
        return response


class SecurityHeaders:
    """Keeps pages in this browser tab: nothing foreign runs in them and no cache keeps them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if not request.path.startswith(settings.STATIC_URL):
            if "no-store" not in response.headers.get("Cache-Control", ""):
                response.headers["Cache-Control"] = "no-store, private"
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class Health:
    """Answers machines that ask about health before any session is looked at: a cookie must not cost them a query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = HEALTH.get(request.path)
        return view(request) if view else self.get_response(request)


class RefusalMiddleware:
    """Answers a refusal that no form caught, such as that of a single button, with its sentence and status 409.

    And gives the bare refusal of a method, which Django leaves empty, a page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return wrong_method(request, response.headers["Allow"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refused(request, error) if isinstance(error, Refused) else None
