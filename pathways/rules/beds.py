"""What a bed may be used for."""

from datetime import datetime
from typing import Any

from core.refusals import Refused


def check_bed_period(since: datetime, until: datetime | None) -> None:
    """An end comes after its beginning."""
    if until is not None and until <= since:
        raise Refused("The end must be after the beginning.", "until")


def check_use_is_hold(use: Any) -> None:
    """Only a hold that is still believed can be extended or released."""
    if use.purpose != "held" or use.superseded_at is not None:
        raise Refused("That bed is not held any more.")


def check_use_is_open(use: Any, *, purpose: str, at: datetime) -> None:
    """Only a use of its kind that has not ended can be ended."""
    ended = use.during.upper is not None and use.during.upper <= at
    if use.purpose != purpose or use.superseded_at is not None or ended:
        raise Refused("That has already ended.")


def check_occupant_on_ward(placement: Any, bed: Any) -> None:
    """A person sleeps where they are: on a ward of the service that has them."""
    if placement is None or placement.service_id != bed.ward.service_id:
        raise Refused("The person is not at the service that this bed belongs to. Move them there first.")


def check_bed_in_use(bed: Any) -> None:
    """A bed that has been taken out of use is nobody's."""
    if not bed.is_open:
        raise Refused("That bed is no longer in use. Choose another bed.", "bed")


def check_hold_is_to_come(until: datetime, *, now: datetime) -> None:
    """A promise that is already over helps nobody."""
    if until <= now:
        raise Refused("The hold would already be over. Choose a later date.", "until")
