"""One family of “no”: a sentence for the person, and at most the field it stands beside."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """What was asked may not be done now.

    `sentence` is shown as it is, so it says what is wrong and what to do, without naming a patient.
    `field` is the name of the form field it belongs beside, if there is one.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotYours(PermissionDenied):
    """Something that the reader's role allows, but not of this one; its sentence says whose it is."""


OVERTAKEN = "Somebody changed this while you had it open. Look at it again, then make your change."


class Stale(Refused):
    """What was asked is about a version that somebody has changed since. Pages say so in place; the API by 412."""

    def __init__(self, sentence: str = OVERTAKEN) -> None:
        super().__init__(sentence)


def check_version(held: int, seen: int) -> None:
    """Refuse a change that was made on a page, or a copy, older than the row."""
    if held != seen:
        raise Stale


class Conflicting(Refused):
    """What was asked goes against what is recorded. Nothing is written until whoever asks has seen the `conflicts`.

    Asked again with `checked`, it is done, if the conflicts are still the same ones.
    """

    def __init__(self, conflicts: Sequence[str]) -> None:
        super().__init__(" ".join(conflicts))
        self.conflicts = tuple(conflicts)
        self.checked = sha256("\n".join(conflicts).encode()).hexdigest()[:16]


def refusal(check: Callable[..., object], *args: Any, **kwargs: Any) -> str | None:
    """The reason a check would refuse for, or None: so a page asks the very rule that the action will ask."""
    try:
        check(*args, **kwargs)
    except Refused as reason:
        return reason.sentence
    return None
