"""A form sent once: a double click, a resend or a second tab meets the key and gets the first answer."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.forms import PathwaysForm
from core.models import Submission


def once(
    request: HttpRequest, form: PathwaysForm, answer: Callable[[], HttpResponse | None]
) -> HttpResponse | None:
    """Let `answer` act and redirect; the same form sent again is redirected to the same place without acting.

    `answer` gives None when the action refused: then nothing is kept and the form may be sent again.
    The row is inserted in the transaction of what the form does, so a parallel second sending waits for the first.
    """
    key = form.submission_key
    if key is None:
        return answer()
    with transaction.atomic():
        if not _claimed(request, key):
            return redirect(Submission.objects.get(user=request.user, key=key).location)
        response = answer()
        if response is None:
            transaction.set_rollback(True)
        else:
            Submission.objects.filter(user=request.user, key=key).update(location=response["Location"])
        return response


def _claimed(request: HttpRequest, key: UUID) -> bool:
    """Whether the key is ours to use; the insert waits while another request that holds it is undecided."""
    try:
        with transaction.atomic():
            Submission.objects.create(user=request.user, key=key, at=request.actor.at)  # type: ignore[attr-defined]
    except IntegrityError:
        return False
    return True
