"""When access to a person may be restricted, and who may be named. Pure: no query, no clock."""

from typing import Any

from core.refusals import Refused
from pathways.codes import LiftReason, RestrictionReason


def check_restrict(is_restricted: bool, why: str) -> None:
    """Access is restricted once, for one of the known reasons."""
    if is_restricted:
        raise Refused("Access to this person is restricted already.")
    if why not in RestrictionReason:
        raise Refused("Choose why access is restricted.", "why")


def check_restricted(is_restricted: bool) -> None:
    """Named staff go with a restriction."""
    if not is_restricted:
        raise Refused("Access to this person is not restricted.")


def check_lift(why: str) -> None:
    """A restriction ends for one of the known reasons."""
    if why not in LiftReason:
        raise Refused("Choose why the restriction ends.", "why")


def check_named_staff(asked: int, able: int) -> None:
    """Somebody is named, and everybody named works in a role that may open people at all."""
    if not asked:
        raise Refused("Name at least one person, or nobody could open the record.", "named_staff")
    if able < asked:
        raise Refused(
            "Somebody you named has no role now in which people’s records can be opened.", "named_staff"
        )


def check_not_oneself(user_id: int, *, by: Any) -> None:
    """Nobody lets themselves in: another privacy officer names them."""
    if by.user is not None and user_id == by.user.pk:
        raise Refused("You cannot name yourself. Ask another privacy officer.", "named_staff")


def check_not_named(is_named: bool) -> None:
    """Nobody is named twice."""
    if is_named:
        raise Refused("This person is named already.", "named_staff")


def check_removal(*, is_named: bool, others: int) -> None:
    """Only somebody named is removed, and never the last one: then nobody could open the record."""
    if not is_named:
        raise Refused("This person is not named any more.")
    if not others:
        raise Refused("Name somebody else first, or nobody could open the record.")
