"""A form sent once: a double click, a resend or a second tab meets the key and gets the first answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.forms import PathwaysForm
from core.models import Submission


def is_sent(user: Any, key: UUID | None) -> bool:
    """Whether what goes by this key was sent before and answered; `once` gives that answer again."""
    return key is not None and Submission.objects.filter(user=user, key=key).exists()


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
        if not _claimed(request.user, key, request.actor.at):  # type: ignore[attr-defined]
            return redirect(Submission.objects.get(user=request.user, key=key).location)
        response = answer()
        if response is None:
            transaction.set_rollback(True)
        else:
            Submission.objects.filter(user=request.user, key=key).update(location=response["Location"])
        return response


class KeyTaken(Exception):
    """A machine used one key for two different acts."""


def once_by_key(
    *, user: Any, key: UUID | None, content: str, at: datetime, act: Callable[[], str]
) -> tuple[str, bool]:
    """The same for a machine that names its sending by a key: where to look, and whether it was sent before.

    `content` is what was asked and of which address. One row stands for the key, one for the key with its content, so
    that a key used for something else is an error (KeyTaken) and nothing is ever taken for done that was not.
    """
    if key is None:
        return act(), False
    whole = uuid5(key, content)
    with transaction.atomic():
        if not _claimed(user, key, at):
            first = Submission.objects.filter(user=user, key=whole).first()
            if first is None:
                raise KeyTaken(
                    "This Idempotency-Key was used for something else. Make a new one for each act."
                )
            return first.location, True
        where = act()
        Submission.objects.create(user=user, key=whole, location=where, at=at)
        return where, False


def _claimed(user: Any, key: UUID, at: datetime) -> bool:
    """Whether the key is ours to use; the insert waits while another request that holds it is undecided."""
    try:
        with transaction.atomic():
            Submission.objects.create(user=user, key=key, at=at)
    except IntegrityError:
        return False
    return True
