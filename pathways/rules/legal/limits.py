"""Which limits run for somebody because of the law that they are held under, and towards which day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from pathways import policies
from pathways.rules.clocks import outcome_of
from pathways.rules.legal.checks import (
    ADMITTED_WITHIN_7,
    ADMITTED_WITHIN_28,
    ENDS_WITH_REMAND,
    RESTRICTED_UNTIL_RELEASE,
)
from pathways.rules.legal.durations import Length, Stage, last_day_of
from pathways.rules.legal.statuses import Held, held_of

# What the clocks of these limits are about.
OF_THE_LAW = ("legal_status", "key_date")
ADMISSIONS = frozenset({policies.COURT_ORDERED, policies.REMANDED})
# Another legal status does not meet these: somebody must be admitted, or a report made.
MET_ALONE = ADMISSIONS | {policies.REPORT_DATED}


class Limit(NamedTuple):
    """One limit: the event of its policy, what it is about, its last day, and the day since which it is known."""

    event: str
    about: tuple[str, int]
    due_on: date
    since: date


def limits_of(
    status: Any,
    key_dates: Iterable[Any],
    lengths: Mapping[str, Length],
    *,
    admission_days: Mapping[str, int],
    admitted: bool,
    held_somewhere: bool,
) -> list[Limit]:
    """Every limit that should run now.

    `status` is the open one or None. `admitted`: in a hospital on any day since it began. `held_somewhere`: neither
    released nor abroad. `admission_days`: days for admission by the event of their policy.
    """
    since = status.during.lower if status else None
    limits = _of_status(status, lengths, admission_days, admitted) if status else []
    for key_date in key_dates:
        about = ("key_date", key_date.pk)
        counts = since is None or key_date.on >= since
        if key_date.kind == "remand_expiry" and counts and held_somewhere and _ends_with_remand(status):
            limits.append(Limit(policies.REMAND_DATED, about, key_date.on, key_date.known_on))
        if key_date.kind == "release" and counts and status and status.code in RESTRICTED_UNTIL_RELEASE:
            limits.append(Limit(policies.RELEASE_DATED, about, key_date.on, key_date.known_on))
    return limits


def _ends_with_remand(status: Any) -> bool:
    return Held(status.code, status.limb) in ENDS_WITH_REMAND if status else held_of(None) in ENDS_WITH_REMAND


def _of_status(
    status: Any, lengths: Mapping[str, Length], admission_days: Mapping[str, int], admitted: bool
) -> list[Limit]:
    about, since = ("legal_status", status.pk), status.during.lower
    limits = []
    event = (
        policies.COURT_ORDERED
        if status.code in ADMITTED_WITHIN_28
        else policies.REMANDED
        if status.code in ADMITTED_WITHIN_7
        else None
    )
    if event and not admitted:
        limits.append(Limit(event, about, since + timedelta(days=admission_days[event] - 1), since))
    if status.authorised_until:
        limits.append(Limit(policies.AUTHORITY_DATED, about, status.authorised_until, since))
    if report := lengths.get(Stage.REPORT):
        reported = status.reported_on or since
        limits.append(Limit(policies.REPORT_DATED, about, last_day_of(reported, report), reported))
    return limits


def runs_on(limit: Limit, due_on: date) -> bool:
    """Whether a clock with a last day is of a limit. One for admission keeps the length that it began with."""
    return limit.event in ADMISSIONS or limit.due_on == due_on


def day_of_move(event: str, admitted_on: date | None, freed_on: date | None) -> date | None:
    """The day of the move that ends a limit of an event, if one does."""
    if event in ADMISSIONS:
        return admitted_on
    return freed_on if event == policies.REMAND_DATED else None


def end_of(
    event: str, due_on: date, *, on: date, moved_on: date | None, has_next: bool, never_held: bool
) -> tuple[date, bool]:
    """The day on which a limit that is wanted no longer ended, and whether it is void: neither met nor lapsed.

    `has_next`: the same limit goes on to another day, because of a renewal or a report.
    """
    if moved_on is not None:
        return moved_on, False
    is_passed_over = event in MET_ALONE and not has_next and outcome_of(due_on, on) == "met"
    return on, never_held or is_passed_over
