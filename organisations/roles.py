"""Switching between the capacities in which one person may act."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.refusals import Refused
from organisations.doors import open_to_all_signed_in


@require_POST
@open_to_all_signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """Act in another of one's capacities from now on, in this session."""
    if request.POST.get("role") not in request.capacities:  # type: ignore[attr-defined]
        raise Refused("You do not hold that role any more.")
    request.session["capacity"] = request.POST["role"]
    return HttpResponseRedirect(safe_next(request))


def safe_next(request: HttpRequest) -> str:
    """Where the form asked to go on to, if it is a page of ours; Home otherwise."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours and address.startswith("/") else "/"
