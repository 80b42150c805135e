"""The legal statuses of one person as days: one at a time, and gaps where nothing is recorded."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from core.refusals import Refused
from pathways.codes import LegalForm
from pathways.rules.legal.statuses import held_of, usually_follows

DAY = timedelta(days=1)
# An end of time for comparing; never written.
FOREVER = date.max


class Days(NamedTuple):
    """From a London day on, up to but without another; None while it goes on."""

    since: date
    until: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last of them, or None while it goes on."""
        return self.until - DAY if self.until else None


def days_of(known: Iterable[Days], since: date, last_day: date | None) -> Days:
    """The days of a status entered now: to its last day, else until the next on record begins, else going on."""
    if last_day is not None:
        return Days(since, last_day + DAY)
    return Days(since, min((one.since for one in known if one.since > since), default=None))


def rest_of(known: Days, new: Days) -> list[Days]:
    """What stays of a status once another is recorded for some days: all, nothing, a part, or one on either side."""
    ends, new_ends = known.until or FOREVER, new.until or FOREVER
    if ends <= new.since or new_ends <= known.since:
        return [known]
    rest = []
    if known.since < new.since:
        rest.append(Days(known.since, new.since))
    if new.until is not None and new.until < ends:
        rest.append(Days(new.until, known.until))
    return rest


def follows_on(known: Iterable[Days], new: Days) -> bool:
    """Whether a status simply takes its turn: the newest of all and going on.

    It ends an open one, takes the place of one of its own first day, or has the last day of one that ended on it.
    """
    return new.until is None and all(
        one.since <= new.since and (one.until is None or one.until <= new.since + DAY) for one in known
    )


def held_in_passing(stood: Iterable[Any], known: Iterable[Any]) -> list[Any]:
    """Of recalls whose own day another status took, those that it came after: they held for a part of that day.

    A status lasts whole days, so that such a recall is not believed as one; but it is followed by the order on which
    the person is released, or by what it was revoked to, and was no slip. `stood`: what is no longer believed.
    """
    followed = {one.during.lower: held_of(one) for one in known}
    found = {
        one.during.lower: one
        for one in sorted(stood, key=lambda one: one.recorded_at)
        if one.form == LegalForm.RECALLED
        and (after := followed.get(one.during.lower)) is not None
        and after != held_of(one)
        and usually_follows(held_of(one), after)
    }
    return list(found.values())


def check_in_life(
    since: date, last_day: date | None = None, *, born_on: date | None, died_on: date | None
) -> None:
    """Nobody is held before they are born, or after they have died."""
    if born_on is not None and since < born_on:
        raise Refused("This is before the person was born. Check the date.", "since")
    if died_on is not None and since > died_on:
        raise Refused("The person had died by then. Check the date.", "since")
    if died_on is not None and last_day is not None and last_day > died_on:
        raise Refused("The person had died by then. Check the last day.", "last_day")


def check_rest_has_begun(rest: Days, *, today: date) -> None:
    """What goes on after a status that is over goes on by today: nobody is held from a day to come."""
    if rest.since > today:
        raise Refused(
            "Another legal status is recorded as holding now. Give a last day before today, or correct that one.",
            "last_day",
        )
