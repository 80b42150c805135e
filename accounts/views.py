"""Signing in, where demonstration mode adds something to allauth's page, and what was written while signed out."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import unsent
from accounts.demonstration import demonstration_accounts
from core.views import send_again


class SignIn(LoginView):
    """The sign-in page. In demonstration mode it lists the accounts that are there to be tried."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = demonstration_accounts() if settings.DEMO else []
        return {**super().get_context_data(**kwargs), "accounts": listed}


sign_in = SignIn.as_view()


@require_safe
def unsent_words(request: HttpRequest) -> HttpResponse:
    """What somebody sent after their session had ended, for them to send again."""
    kept = unsent.kept_in(request)
    if kept is None:
        return redirect("/")
    action, sent = kept
    why = "You were signed out before you sent this. It is kept for you until you sign out."
    return send_again(request, 200, why, heading="You were signed out", sent=sent, action=action)
