"""Words sent after the session had ended: kept on the server until whoever wrote them has signed in again.

A browser keeps a signed note of who signed in on it last. A form from before somebody else signed in never comes here:
its token is out of date. Nothing is saved to the record; the writer is shown the words, and may send them again.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from core.views import Sent, sent_in

# In the session of somebody who is not signed in: for whom, to which address, and what.
KEPT = "unsent"
COOKIE = "last_user"
SALT = "accounts.unsent"
# A page left open overnight, but not for a week.
NOTE_HOLDS = timedelta(days=1)


def note(response: HttpResponse, user: User) -> None:
    """Note on the browser who has signed in."""
    response.set_signed_cookie(
        COOKIE,
        str(user.pk),
        salt=SALT,
        max_age=NOTE_HOLDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def keep(request: HttpRequest) -> bool:
    """Keep what was written for whoever signed in last, if it is known who that is; whether it is kept."""
    user_id = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=NOTE_HOLDS)
    sent = sent_in(request)
    if not user_id or not any(" " in value for _, value in sent):
        return False
    request.session[KEPT] = {"user": user_id, "to": request.get_full_path(), "sent": sent}
    return True


def give_to(request: HttpRequest, user: User) -> None:
    """Let go of what was written, unless it is by the one who signs in."""
    if request.session.get(KEPT, {}).get("user") != str(user.pk):
        request.session.pop(KEPT, None)


def kept_in(request: HttpRequest) -> tuple[str, list[Sent]] | None:
    """The address and the words that wait for whoever is signed in, if any do."""
    kept = request.session.get(KEPT)
    return (kept["to"], kept["sent"]) if kept else None
