"""What every verb on a transfer has in common: its form, its act, what is said after, and the way back."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.forms import PathwaysForm, render_form
from core.submissions import once
from referrals.models import Referral
from referrals.pages.found import caption

Act = Callable[[dict[str, Any]], Any]


def data_of(request: HttpRequest) -> Any:
    """What was sent, or None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    referral: Referral,
    form: PathwaysForm,
    act: Act,
    *,
    heading: str,
    said: str | Callable[[Any], str],
    button: str = "Save",
    intro: str = "",
    falls: Sequence[str] = (),
    pairs: Sequence[tuple[str, Any]] = (),
    links: Sequence[tuple[str, str]] = (),
    warning: bool = False,
    part: str = "",
) -> HttpResponse:
    """Show the form of a verb; once sent, act, say what was done and who was told, and go back to the transfer.

    `falls`: what ends with it, shown before the form. `pairs`: facts to have in view. `part`: the section of the
    transfer's page to come back to.
    """

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act, form.cleaned_data)
        return done(request, referral, said(outcome.value) if callable(said) else said, part) if outcome else None

    if form.is_bound and form.is_valid():
        response = once(request, form, answer)
        if response is not None:
            return response
        if hasattr(form, "offer_again"):
            form.offer_again()
    return render_form(
        request,
        "referrals/verb.jinja",
        form,
        heading=heading,
        caption=caption(referral, request.actor),  # type: ignore[attr-defined]
        back=address(referral, part),
        back_words="Back to the transfer",
        button=button,
        intro=intro,
        falls=falls,
        pairs=pairs,
        links=links,
        warning=warning,
    )


def done(request: HttpRequest, referral: Referral, sentence: str, part: str = "") -> HttpResponse:
    """Say what was done and go back to the transfer."""
    messages.success(request, sentence)
    return redirect(address(referral, part))


def address(referral: Referral, part: str = "") -> str:
    """The transfer's page, at one of its sections."""
    path = reverse("referrals:transfer", args=[referral.public_id])
    return f"{path}#{part}" if part else path
