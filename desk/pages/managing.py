"""What every page of managing has in common: a form that acts once, says what was done, and goes back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.forms import PathwaysForm, render_form
from core.submissions import once

Act = Callable[[], Any]


def data_of(request: HttpRequest) -> Any:
    """What was sent, or None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: PathwaysForm,
    act: Act,
    *,
    said: str | Callable[[Any], str],
    back: str | Callable[[Any], str],
    cancel: str = "",
    then: Callable[[Any], None] | None = None,
    **words: Any,
) -> HttpResponse:
    """Show a form; once sent, act, say what was done, and go to `back`. `said` and `back` may ask what was made.

    `then` is called with what the action returned, in the same transaction. `cancel`: where to go back to unsent.
    """

    def answer() -> HttpResponse | None:
        outcome = form.attempt(act)
        if not outcome:
            return None
        if then is not None:
            then(outcome.value)
        messages.success(request, said(outcome.value) if callable(said) else said)
        return redirect(back(outcome.value) if callable(back) else back)

    sent = once(request, form, answer) if form.is_bound and form.is_valid() else None
    unsent = cancel or (back if isinstance(back, str) else reverse("desk:manage"))
    return sent or render_form(request, "core/form.jinja", form, back=unsent, **words)
