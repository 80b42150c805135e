"""How signing in behaves: no sign-up, our words, and no e-mail to strangers."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import unsent
from accounts.models import User

# In the session of somebody who pressed a button while they were signed out, until they have signed in.
PRESS_AGAIN = "press_again"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; the sentences say what to do next and never whether an account exists."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "too_many_login_attempts": (
            "There were too many wrong passwords for this account, so it is locked. "
            "Wait 15 minutes, then try again or reset your password."
        ),
        "incorrect_password": "The password is not right.",
        "enter_current_password": "The present password is not right.",
        "rate_limited": "There were too many attempts. Wait a few minutes, then try again.",
    }

    # Signing in and out show by themselves; a banner about them would hide what matters.
    silent = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; whoever pressed a button while they were signed out is told that it was not done."""
        super().login(request, user)
        unsent.give_to(request, user)
        if request.session.pop(PRESS_AGAIN, False):
            messages.warning(request, "You were signed out: press it again.")

    def post_login(self, request: HttpRequest, user: User, **known: Any) -> HttpResponse:
        """Go on to what was written before, or to where one was going."""
        if unsent.kept_in(request):
            known["redirect_url"] = reverse("unsent")
        response = super().post_login(request, user, **known)
        unsent.note(response, user)
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Nothing goes to an address without an account: anybody could make us write to anybody."""
        if template_prefix != "account/email/unknown_account":
            super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in self.silent:
            super().add_message(request, level, message_template, *args, **kwargs)

    def reauthenticate(self, user: User, password: str) -> bool:
        """The password again, under the same limits. Our accounts' address is on the user, not in allauth's table."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk
