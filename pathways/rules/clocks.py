"""How days are counted, and on which of them a flag is raised."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.refusals import Refused


@dataclass(frozen=True)
class Counting:
    """How the days of a limit are counted. London calendar days; nothing is subtracted for weekends or delays."""

    days: int
    first_day_counts: bool  # “28 days beginning with the request” does; “within 14 days of” does not

    def day_on(self, day: int, started_on: date) -> date:
        """The date of a day as the limit counts it: day 0 is the start, or day 1 where the first day counts."""
        return started_on + timedelta(days=day - self.first_day_counts)

    def due_on(self, started_on: date) -> date:
        """The last day in time."""
        return self.day_on(self.days, started_on)

    def start_for(self, due_on: date) -> date:
        """The day to begin with so that the last day in time is one that is known: a section’s, a release date."""
        return due_on - timedelta(days=self.days - self.first_day_counts)

    def day_of(self, on: date, started_on: date) -> int:
        """Which day of the limit a date is."""
        return (on - started_on).days + self.first_day_counts


@dataclass(frozen=True)
class FlagDay:
    """A day of a limit on which a flag is raised; `every` many days it comes again, for ever."""

    day: int
    every: int | None = None

    def days_after(self, day: int) -> Iterator[int]:
        """The days of this rule later than one given, soonest first; endless where it comes again."""
        if self.day > day:
            yield self.day
        if self.every:
            step = max(1, (day - self.day) // self.every + 1)
            while True:
                yield self.day + step * self.every
                step += 1


def next_flag_on(
    rules: Iterable[FlagDay], started_on: date, counting: Counting, after: int = -1
) -> date | None:
    """The date of the first flag later than a day already flagged, or None when no more will come."""
    coming = [next(rule.days_after(after), None) for rule in rules]
    days = [day for day in coming if day is not None]
    return counting.day_on(min(days), started_on) if days else None


def flags_owed(rules: Iterable[FlagDay], started_on: date, counting: Counting, *, on: date) -> list[int]:
    """Every day on which a flag has become true by a London date. The sweep works the same out as sets, in SQL."""
    today = counting.day_of(on, started_on)
    owed = set()
    for rule in rules:
        for day in rule.days_after(-1):
            if day > today:
                break
            owed.add(day)
    return sorted(owed)


def first_flag_on(
    rules: Iterable[FlagDay], started_on: date, counting: Counting, *, since: date, known_on: date
) -> date | None:
    """The date of the first flag of a limit that runs towards a date, and is known only since a day.

    A section of long ago, entered today, is one alarm and not one for each week of the years between. No flag is of a
    day before `since`, when there was nothing to flag.
    """
    rules = list(rules)
    come = flags_owed(rules, started_on, counting, on=known_on)
    first_day = max([counting.day_of(since, started_on), *come[-1:]])
    return next_flag_on(rules, started_on, counting, after=first_day - 1)


def outcome_of(due_on: date, stopped_on: date) -> str:
    """How a clock ends when what it waits for happens: met up to and on its last day, lapsed after."""
    return "met" if stopped_on <= due_on else "lapsed"


def check_request_date(on: date, today: date) -> None:
    """The day a medical report was first requested may be long ago, never in the future."""
    if on > today:
        raise Refused("The day a medical report was first requested must be today or in the past.", "on")


def check_may_acknowledge(*, is_lapse: bool) -> None:
    """Where an authority ends, only the next one on record ends the alarm: nobody takes it off a list."""
    if is_lapse:
        raise Refused("This alarm ends when the new authority is recorded. It cannot be acknowledged away.")


def check_newer_length(since: date, *, of: Any, today: date) -> None:
    """Another length of a limit begins on a day to come, after the one that it follows. `of`: when that one holds."""
    if of.upper is not None:
        raise Refused("Another length follows this one. Change that one instead.")
    if since <= today:
        raise Refused("Give a day from tomorrow on: what has started goes on as it began.", "since")
    if of.lower is not None and since < of.lower:
        raise Refused("A length is to hold from a later day already. Change that one instead.", "since")


def check_flags_fit(days: Iterable[int]) -> None:
    """Every flag has a day of its own in the limit."""
    if any(day < 0 for day in days):
        raise Refused(
            "Its flags come earlier than that before the last day. Change or remove them first.", "days"
        )


def check_may_change_flag(*, is_lapse: bool, before: str | None, level: str, every: int | None) -> None:
    """Refuse to make less of the flag that says that an authority has ended. `before`: its level, if there is one."""
    if is_lapse and before == "breached" and (level != "breached" or not every):
        raise Refused(
            "An authority ends with this limit, so this flag stays “breached” and comes again.", "level"
        )


def check_may_switch(*, is_authority: bool, is_on: bool) -> None:
    """Refuse to silence the end of an authority to detain or to take somebody to hospital."""
    if is_authority and not is_on:
        raise Refused("An authority ends with this limit, so it cannot be switched off.", "is_on")


def check_may_remove_flag(*, is_lapse: bool, level: str) -> None:
    """Refuse to take away the flag that says that an authority has ended."""
    if is_lapse and level == "breached":
        raise Refused("An authority ends with this limit, so this flag stays.")
