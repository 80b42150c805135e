"""Signing in, where demonstration mode adds something to allauth's page."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts.demonstration import demonstration_accounts


class SignIn(LoginView):
    """The sign-in page. In demonstration mode it lists the accounts that are there to be tried."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = demonstration_accounts() if settings.DEMO else []
        return {**super().get_context_data(**kwargs), "accounts": listed}


sign_in = SignIn.as_view()
