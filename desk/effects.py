"""What a clock policy does, as sentences with real dates: so that whoever changes it sees what it means."""

from collections.abc import Iterable
from datetime import date

from core.pages import in_sentence, long_date
from pathways.models import ClockPolicy, FlagRule
from pathways.policies import (
    ADMITTED,
    AUTHORITY_DATED,
    COURT_ORDERED,
    FIRST_ASSESSED,
    NEXT_RECORDED,
    RECEIVED,
    RELEASE_DATED,
    REMAND_DATED,
    REMANDED,
    REPORT_DATED,
    REQUESTED,
    WARRANT_GIVEN,
)

# What the clock's events are called in a sentence.
EVENTS = {
    REQUESTED: "a medical report is first requested",
    FIRST_ASSESSED: "the first psychiatric assessment is done",
    WARRANT_GIVEN: "the warrant is given",
    RECEIVED: "the person is received in hospital",
    COURT_ORDERED: "a court orders admission to hospital",
    REMANDED: "a court remands the person to hospital",
    ADMITTED: "the person is admitted",
    REMAND_DATED: "the end of a remand comes near",
    AUTHORITY_DATED: "the end of the authority to detain comes near",
    RELEASE_DATED: "the release date comes near",
    REPORT_DATED: "the yearly report comes near",
    NEXT_RECORDED: "what follows is recorded",
}


def event_in_words(name: str) -> str:
    """An event of a clock in words; one that nobody has named stands as it is."""
    return EVENTS.get(name, name)


def effect_of(policy: ClockPolicy, rules: Iterable[FlagRule], *, today: date) -> list[str]:
    """What would happen to a clock that starts today."""
    due, counted = policy.counting.due_on(today), "counts as day 1" if policy.first_day_counts else "is day 0"
    days = f"{policy.days} day" + ("" if policy.days == 1 else "s")
    sentences = [
        f"It starts when {event_in_words(policy.start_event)} and stops when {event_in_words(policy.stop_event)}.",
        f"That day {counted}. If it is today, {long_date(today)}, the last day in time is {long_date(due)} ({days}).",
    ]
    if not policy.is_on:
        return [*sentences, "It is counted and shown, and raises no flag."]
    return [*sentences, *(_flag(policy, rule, today) for rule in rules)]


def _flag(policy: ClockPolicy, rule: FlagRule, today: date) -> str:
    on = policy.counting.day_on(rule.day, today)
    again = f", and again every {rule.every} days" if rule.every else ""
    asked = ", who must acknowledge it" if rule.must_be_acknowledged else ""
    whose = in_sentence(rule.get_owner_display())
    return f"{rule.get_level_display()} on {long_date(on)} (day {rule.day}){again}: for {whose}{asked}."
