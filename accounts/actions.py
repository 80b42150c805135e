"""Accounts: made, renamed, suspended and let in again. What they may do is a matter of memberships, a floor above."""

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User
from core.actions import action
from core.refusals import Refused, check_version

TAKEN = "There is already an account with this e-mail address."


@action
def add_user(*, email: str, name: str, by: Any) -> User:
    """An account without a password: its holder chooses one by the link that they are sent."""
    answers = _tidied(email, name)
    _check_address_is_free(answers["email"], but=None)
    user = User(**answers, date_joined=by.at)
    user.set_unusable_password()
    user.save()
    return user


@action
def change_user(user: User, *, version: int, email: str, name: str, by: Any) -> User:
    """Another name or address."""
    held = _held(user, version)
    answers = _tidied(email, name)
    _check_address_is_free(answers["email"], but=held.pk)
    held.email, held.name = answers["email"], answers["name"]
    return _saved(held, "email", "name")


@action
def suspend_user(user: User, *, version: int, why: str, by: Any) -> User:
    """They may not sign in any more, and are signed out at their next request. Nothing they wrote changes."""
    held = _held(user, version)
    _check_why(why)
    if by.user is not None and held.pk == by.user.pk:
        raise Refused("You cannot suspend your own account. Ask another administrator.")
    if not held.is_active:
        raise Refused("This account is suspended already.")
    held.is_active = False
    with pghistory.context(why=why.strip()):
        return _saved(held, "is_active")


@action
def restore_user(user: User, *, version: int, why: str, by: Any) -> User:
    """They may sign in again, with the password and the memberships that they had."""
    held = _held(user, version)
    _check_why(why)
    if held.is_active:
        raise Refused("This account is not suspended.")
    held.is_active = True
    with pghistory.context(why=why.strip()):
        return _saved(held, "is_active")


def _held(user: User, version: int) -> User:
    held: User = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_version(held.version, version)
    return held


def _saved(user: User, *fields: str) -> User:
    user.version += 1
    user.save(update_fields=[*fields, "version"])
    return user


def _tidied(email: str, name: str) -> dict[str, str]:
    answers = {"email": email.strip().lower(), "name": " ".join(name.split())}
    if not answers["name"]:
        raise Refused("Enter the full name.", "name")
    try:
        validate_email(answers["email"])
    except ValidationError as error:
        raise Refused("Enter an e-mail address like name@nhs.net.", "email") from error
    return answers


def _check_address_is_free(email: str, *, but: int | None) -> None:
    others = User.objects.exclude(pk=but) if but is not None else User.objects.all()
    if others.filter(email__iexact=email).exists():
        raise Refused(TAKEN, "email")


def _check_why(why: str) -> None:
    if not why.strip():
        raise Refused("Say why.", "why")
