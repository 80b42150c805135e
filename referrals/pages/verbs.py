"""What every verb on a transfer has in common: its form, its act, what is said after, and the way back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.forms import PathwaysForm, SeenForm, render_form
from core.refusals import Conflicting, refusal
from core.submissions import once
from core.views import answer as refused_page
from referrals import rules
from referrals.models import Referral
from referrals.naming import address_of, title_of
from referrals.pages import line
from referrals.pages.found import caption, sight

Act = Callable[[dict[str, Any]], Any]

# What a verb's page shows beside its form, unless it says otherwise. `falls`: what ends with it, before the form.
# `pairs`: facts to have in view. `links`: words and addresses. `warning`: a red button.
PLAIN: dict[str, Any] = {
    "button": "Save",
    "intro": "",
    "falls": (),
    "pairs": (),
    "links": (),
    "warning": False,
}


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
    part: str = "",
    history: Any = None,
    acts: bool = True,
    after_end: bool = False,
    template: str = "referrals/verb.jinja",
    **shown: Any,
) -> HttpResponse:
    """Show the form of a verb; once sent, act, say what was done and who was told, and go back to the transfer.

    `part`: the section of the transfer's page to come back to. `history`: the events that moved the version of what the
    form changes, where that is not the request. `acts`: false where the form is only shown again. `after_end`:
    whether it may be recorded once the referral has ended; the form of anything else is not even shown then. `shown`:
    see PLAIN.
    """

    ended = None if after_end or form.is_bound else refusal(rules.check_open, referral.ended_on)
    if ended:
        return refused_page(request, 409, [ended], back=address(referral, part))

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act, form.cleaned_data)
        if not outcome:
            return None
        return done(request, referral, said(outcome.value) if callable(said) else said, part)

    if acts and form.is_bound and form.is_valid() and not form.refused:
        response = once(request, form, answer)
        if response is not None:
            return response
        if hasattr(form, "offer_again"):
            form.offer_again()
    actor = request.actor  # type: ignore[attr-defined]
    changed: list[Any] = []
    if form.is_stale:
        apart = max(1, form.initial["version"] - form.cleaned_data["version"])
        changed = line.last_of(history or line.history_of(referral), apart, sight(referral, actor))
    if isinstance(form.refused, Conflicting) and isinstance(form, SeenForm):
        shown["conflicts"] = form.refused.conflicts
        shown["button"] = f"{shown['button']} all the same"
        form.show_again(form.refused)
    who = caption(referral, actor)
    around = {"caption": who, "back": address(referral, part), "back_words": f"Back to {title_of(referral)}"}
    context = {**PLAIN, **shown, **around, "heading": heading, "changed": changed}
    return render_form(request, template, form, **context)


def done(request: HttpRequest, referral: Referral, sentence: str, part: str = "") -> HttpResponse:
    """Say what was done and go back to the transfer."""
    messages.success(request, sentence)
    return redirect(address(referral, part))


def address(referral: Referral, part: str = "") -> str:
    """The referral's page, at one of its sections."""
    path = address_of(referral)
    return f"{path}#{part}" if part else path
