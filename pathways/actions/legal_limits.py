"""Until when a legal status authorises, from the lengths in law: by its last day, or by the moment in hours."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from pathways import rules
from pathways.days import at, last_day
from pathways.models import LegalDuration, LegalStatus
from pathways.rules.legal import Stage

DAY = timedelta(days=1)


class Until(NamedTuple):
    """The last day of an authority, and of one in hours the moment at which they are over."""

    last_day: date | None
    lapses_at: datetime | None = None


def until_of(
    code: str,
    form: str,
    since: date,
    *,
    given: date | None = None,
    counted_from: date | None = None,
    began_at: datetime | None = None,
) -> Until:
    """Until when a status that begins on a day authorises: as long as the law allows, or to an earlier day given.

    `counted_from`: the day of an order or direction that is older than the status.
    """
    longest = _longest(code, form, counted_from or since, began_at=began_at)
    if given is None:
        return longest
    rules.check_authorised_until(given, since=since, longest=longest.last_day)
    return _no_later_than(longest, given)


def counted_again(
    status: LegalStatus, since: date, *, began_at: datetime | None = None, given: date | None = None
) -> Until:
    """Until when the same status authorises, put right: as known, or counted again from another first day.

    A last day earlier than the law's was given, or counted from an order older than the status: another first day
    leaves it.
    """
    if given is None:
        return _as_known(status, since, began_at)
    longest = _longest(status.code, status.form, since, renewals=status.renewals, began_at=began_at)
    rules.check_authorised_until(given, since=since, longest=longest.last_day)
    return _no_later_than(longest, given)


def _as_known(status: LegalStatus, since: date, began_at: datetime | None) -> Until:
    known, began = Until(status.authorised_until, status.lapses_at), status.during.lower
    longest, counted = (
        _longest(status.code, status.form, day, renewals=status.renewals, began_at=moment)
        for day, moment in ((since, began_at), (began, status.began_at))
    )
    if longest.last_day is None or known.last_day is None or known.last_day == counted.last_day:
        return longest
    return known if since == began else _no_later_than(longest, known.last_day)


def _no_later_than(longest: Until, day: date) -> Until:
    if longest.last_day is not None and longest.last_day <= day:
        return longest
    return Until(day, at(day + DAY, time(0)) if longest.lapses_at else None)


def _longest(
    code: str, form: str, since: date, *, renewals: int = 0, began_at: datetime | None = None
) -> Until:
    """The law's own end of a status that began on a day, after so many renewals, each for as long as it may be."""
    lengths = LegalDuration.objects.lengths(code, form, on=since)
    if rules.is_in_hours(lengths):
        lapses_at = rules.lapses_at(began_at or at(since, time(0)), lengths[Stage.FIRST])
        return Until(last_day(lapses_at), lapses_at)
    until, first_day = None, since
    for number in range(renewals + 1):
        lengths = LegalDuration.objects.lengths(code, form, on=first_day)
        until = rules.authority_ends_on(first_day, lengths, renewals=number, first_day=since)
        if until is None:
            break
        first_day = until + DAY
    return Until(until)


def is_in_hours(code: str, form: str, since: date) -> bool:
    """Whether the law counts a status in hours on a day."""
    return rules.is_in_hours(LegalDuration.objects.lengths(code, form, on=since))


def columns(until: Until, began_at: datetime | None = None) -> dict[str, Any]:
    """The same as a status has it."""
    return {
        "authorised_until": until.last_day,
        "lapses_at": until.lapses_at,
        "began_at": began_at if until.lapses_at else None,
    }
