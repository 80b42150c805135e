"""The link by which somebody chooses a password."""

import structlog
from allauth.core import context
from django.http import HttpRequest

from accounts.forms import ResetPasswordForm
from accounts.models import User

log = structlog.get_logger("pathways.accounts")


def send_password_link(request: HttpRequest, user: User) -> bool:
    """E-mail the link; whether it went. An account is not lost for a mail server that is away."""
    form = ResetPasswordForm({"email": user.email})
    if not form.is_valid():
        return False
    try:
        # The request is named, since the mail may go after the view has answered.
        with context.request_context(request):
            form.save(request)
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("password link not sent", user=user.pk, error=type(error).__name__)
        return False
    return True
