"""Writing a status into the line of legal statuses: what it takes the place of is shown, kept, and said anew.

Facts as known: a row is ended in place only by what happens as it is recorded. What is entered later supersedes what
stood, so that a figure of any past day can be reproduced as it stood.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from psycopg2.extras import DateRange

from core.pages import listed, long_date
from pathways import rules
from pathways.actions import clocks, law
from pathways.actions.legal_limits import columns, counted_again
from pathways.models import LegalStatus, Patient
from pathways.querysets import LegalStatusQuerySet
from pathways.rules import Days

DAY = timedelta(days=1)
KEPT = ("patient_id", "code", "limb", "form", "authorised_until", "renewals", "reported_on")
MOMENTS = ("began_at", "lapses_at")
SAME_DAY = LegalStatusQuerySet.SAME_DAY
LAST_DAY = "Another legal status was given for its last day."
LATER = "Another legal status was entered later."


class Change(NamedTuple):
    """A status on whose days another is recorded, and what stays of it, as rows that are not saved yet."""

    status: LegalStatus
    rest: list[LegalStatus]


def known_of(patient: Patient) -> list[LegalStatus]:
    """The statuses believed now, earliest first."""
    return list(LegalStatus.objects.current().filter(patient=patient).order_by("during"))


def days(status: LegalStatus) -> Days:
    """The days of a status."""
    return Days(status.during.lower, status.during.upper)


def copy(status: LegalStatus, during: Any) -> LegalStatus:
    """The same with other days, not saved yet. Of another first day nobody knows the moment."""
    kept = (*KEPT, *MOMENTS) if during.lower == status.during.lower else KEPT
    return LegalStatus(during=during, **{name: getattr(status, name) for name in kept})


def moved(status: LegalStatus, during: Any) -> LegalStatus:
    """The same beginning on another day, counted again from it."""
    anew = copy(status, during)
    for name, value in columns(counted_again(status, during.lower)).items():
        setattr(anew, name, value)
    return anew


def held_before(known: Sequence[LegalStatus], since: date) -> LegalStatus | None:
    """What the person was held under as another status began: on that day, or to the day before."""
    return next((one for one in reversed(known) if one.during.lower <= since <= _end(one)), None)


def changes_of(known: Sequence[LegalStatus], new: Days) -> list[Change]:
    """What would no longer be believed as it stands if another status were recorded for some days."""
    found = []
    for status in known:
        rest = rules.rest_of(days(status), new)
        if rest != [days(status)]:
            found.append(Change(status, [_part(status, one, new) for one in rest]))
    return found


def _part(status: LegalStatus, part: Days, new: Days) -> LegalStatus:
    """A part of a status. One that begins later is counted again; one that was interrupted goes on as it was."""
    during = DateRange(part.since, part.until)
    if status.during.lower >= new.since:
        return moved(status, during)
    rest = copy(status, during)
    rest.lapses_at = status.lapses_at
    return rest


def against(status: LegalStatus, known: Sequence[LegalStatus], changes: Sequence[Change]) -> list[str]:
    """What a status entered late goes with and against, in sentences; none where nothing beside it is recorded."""
    touched = {change.status.pk for change in changes}
    later = [one for one in known if one.during.lower > status.during.lower and one.pk not in touched]
    said = [
        *(_stays(change) for change in changes),
        *_without_authority(status),
        *_unusual(status, known, changes),
    ]
    return [_records(status, later), *said] if later or said else []


def _records(status: LegalStatus, later: Sequence[LegalStatus]) -> str:
    sentence = f"This would record “{status.words}” {_range_words(days(status))}."
    if later:
        sentence += f" “{later[0].words}”, recorded {_range_words(days(later[0]))}, stays."
    if len(later) > 1:
        sentence += f" {len(later) - 1} more after it {'stays' if len(later) == 2 else 'stay'} as recorded."
    return sentence


def _stays(change: Change) -> str:
    status, rest = change
    if not rest:
        return f"“{status.words}”, recorded {_range_words(days(status))}, would no longer be believed."
    kept = listed(_range_words(days(one)) for one in rest)
    sentence = f"Of “{status.words}”, recorded {_range_words(days(status))}, only {kept} would stay."
    until = rest[-1].authorised_until
    if until is not None and until != status.authorised_until:
        sentence += f" Its authority would be counted again, to {long_date(until)}."
    return sentence


def _without_authority(status: LegalStatus) -> list[str]:
    until, last_day = status.authorised_until, days(status).last_day
    if until is None or last_day is None or until >= last_day:
        return []
    ended_on, held_until = long_date(until), long_date(last_day)
    return [f"Its authority ended on {ended_on}: from then to {held_until} the person was held without one."]


def _unusual(status: LegalStatus, known: Sequence[LegalStatus], changes: Sequence[Change]) -> list[str]:
    touched = {change.status.pk for change in changes}
    stays = [one for one in known if one.pk not in touched]
    line = [*stays, *(one for change in changes for one in change.rest)]
    before = next((one for one in line if one.during.upper == status.during.lower), None)
    after = next((one for one in line if one.during.lower == status.during.upper), None)
    return [
        f"“{second.words}” does not usually follow “{first.words}”."
        for first, second in ((before, status), (status, after))
        if first is not None
        and second is not None
        and not rules.usually_follows(rules.held_of(first), rules.held_of(second))
    ]


def _range_words(during: Days) -> str:
    last_day = during.last_day
    if last_day == during.since:
        return f"on {long_date(during.since)}"
    return f"from {long_date(during.since)} " + (f"to {long_date(last_day)}" if last_day else "on")


def write(status: LegalStatus, changes: Sequence[Change], *, by: Any) -> None:
    """Save a status in place of what stands on its days. Limits that have ended are judged by the line as it is now."""
    were = [days(change.status) for change in changes]
    written = [_write_rest(change, status, by=by) for change in changes]
    save(status, by=by)
    for was, rest in zip(were, written, strict=True):
        for row in rest:
            if row.during.lower == was.since:
                law.end_again(row, was.until, by=by)
            else:
                law.follow_past(row, by=by)
    law.follow_past(status, by=by)


def _write_rest(change: Change, status: LegalStatus, *, by: Any) -> list[LegalStatus]:
    """What stays of a status, saved; the same row where it ends as it happens."""
    old, rest = change
    if [days(one) for one in rest] == [Days(old.during.lower, status.during.lower)]:
        went_on = old.during.upper is None
        return [
            ended(old, status.during.lower, why=LATER, by=by) if went_on else _shorter(old, status, by=by)
        ]
    same_day = old.during.lower == status.during.lower
    old.supersede(by=by, why=SAME_DAY if same_day and not rest else LATER)
    for row in rest:
        save(row, by=by)
    if rest and rest[0].during.lower == old.during.lower:
        clocks.pass_on(about=("legal_status", old.pk), to=rest[0].pk, by=by)
    else:
        law.never_held(old, by=by)
    return rest


def _shorter(old: LegalStatus, status: LegalStatus, *, by: Any) -> LegalStatus:
    is_last_day = old.during.upper == status.during.lower + DAY
    return said_anew(old, status.during.lower, why=LAST_DAY if is_last_day else LATER, by=by)


def ended(status: LegalStatus, upper: date, *, why: str, by: Any) -> LegalStatus:
    """Another end, inside an action: in place as it happens.

    An end that has passed is said anew, so that what was known until now can be read as it was.
    """
    if upper < by.today:
        return said_anew(status, upper, why=why, by=by)
    status.during = DateRange(status.during.lower, upper)
    status.save(update_fields=["during"])
    return status


def said_anew(status: LegalStatus, upper: date, *, why: str, by: Any) -> LegalStatus:
    """The same with another end in a row of its own, with its limits; inside an action."""
    status.supersede(by=by, why=why)
    anew = copy(status, DateRange(status.during.lower, upper))
    save(anew, by=by)
    clocks.pass_on(about=("legal_status", status.pk), to=anew.pk, by=by)
    return anew


def save(status: LegalStatus, *, by: Any) -> None:
    """Believe a status from now on."""
    status.recorded_at, status.recorded_by = by.at, by.user
    status.save(force_insert=True)


def _end(status: LegalStatus) -> date:
    return status.during.upper or date.max
