"""What a list says of each transfer: a page of rows is worked out in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateField, F, Value, When

from accounts.rights import Right
from organisations.actor import Actor
from pathways.models import FlagRule
from pathways.pseudonyms import pseudonym_for
from referrals.codes import Kind, Outcome, StepKind, Urgency
from referrals.models import Referral
from referrals.naming import address_of
from referrals.querysets import clocks_of
from referrals.rules import OWNER_WORDS, OWNERS

RESTRICTED = "Restricted person"
FLAG_COLOURS = {"approaching": "yellow", "imminent": "orange", "breached": "red", "escalated": "red"}
# Gravest first: the one flag that a row has room for.
GRAVITY = FlagRule.Level.values[::-1]
URGENCY_COLOURS = {Urgency.EMERGENCY: "red", Urgency.URGENT: "orange", Urgency.SOON: "blue"}


@dataclass(frozen=True)
class Asked:
    """A service asked, and how far it has come."""

    service: str
    state: str
    colour: str


class ClockFacts(NamedTuple):
    """What a row needs to know of a clock: a page has hundreds, so they are no models."""

    about_id: int
    pk: int
    due_on: date
    ended_on: date | None
    gravest: str | None
    owes_answer: bool
    days: int
    is_headline: bool


# In the order of `ClockFacts`.
CLOCK_COLUMNS = (
    "about_id", "pk", "due_on", "ended_on", "gravest", "owes_answer", "policy__days", "policy__is_headline",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """One transfer as a row or a card shows it."""

    reference: str
    address: str
    who: str
    born_on: date | None
    prison: str
    urgency: str
    urgency_order: int
    urgency_colour: str
    day: int
    limit: int | None
    due_on: date | None
    runs: bool
    flag: str
    flag_colour: str
    to_acknowledge: bool
    step: str
    owner: str
    asked: list[Asked] = field(default_factory=list)
    review_on: date | None = None
    review_is_overdue: bool = False
    waiting_since: date | None = None
    is_linked: bool = False
    kind: str = ""
    is_primary: bool = False
    ended: str = ""
    ended_on: date | None = None

    @property
    def kind_beside(self) -> str:
        """The kind, where a list of several says it beside the reference: transfers go without."""
        return "" if self.kind == Kind.PRISON_TRANSFER.label else self.kind

    @property
    def asked_words(self) -> str:
        """The services asked in one line, for a file."""
        return "; ".join(f"{one.service}: {one.state}" for one in self.asked)


def shows_people(actor: Actor) -> bool:
    """Whether the actor may know who anybody is. Without it no name is even read from the database."""
    return actor.has(Right.OPEN_PATIENT)


def with_facts(rows: Any, actor: Actor) -> Any:
    """A queryset of referrals with everything a row needs that is on it or one step away."""
    waited = Value(actor.today, output_field=DateField()) - F("report_first_requested_on")
    rows = rows.with_identity(actor).with_approaches()
    rows = rows.annotate(waited=waited, prison_name=F("from_service__name"))
    if not shows_people(actor):
        return rows
    # Sorting by name puts those whose name is kept back together, so that a place in the list tells nothing.
    name = Case(When(shows_identity=True, then="patient__family_name"), output_field=CharField())
    return rows.annotate(shown_name=name).select_related("patient")


def add_facts(rows: Sequence[Referral], actor: Actor) -> None:
    """Give each row its `facts`. One query for the clocks of all, with what their flags come to."""
    clocks = defaultdict(list)
    summed = clocks_of([row.pk for row in rows]).with_flags_summed()
    for clock in map(ClockFacts._make, summed.values_list(*CLOCK_COLUMNS)):
        clocks[clock.about_id].append(clock)
    for row in rows:
        row.facts = facts_of(row, clocks[row.pk], actor)  # type: ignore[attr-defined]


def facts_of(referral: Referral, clocks: list[ClockFacts], actor: Actor) -> Facts:
    """The facts of one row from what has been read already."""
    headline = _headline(clocks)
    level = _gravest(clocks)
    who, born_on = who_is(referral, actor)
    review_on = referral.next_review_on if referral.is_open else None
    return Facts(
        reference=referral.reference,
        address=address_of(referral),
        who=who,
        born_on=born_on,
        prison=referral.prison_name,  # type: ignore[attr-defined]
        urgency=Urgency(referral.urgency).label,
        urgency_order=referral.urgency,
        urgency_colour=URGENCY_COLOURS[Urgency(referral.urgency)],
        day=referral.days_waited(on=actor.today),
        limit=headline.days if headline else None,
        due_on=headline.due_on if headline else None,
        runs=bool(headline and headline.ended_on is None),
        flag=FlagRule.Level(level).label if level else "",
        flag_colour=FLAG_COLOURS[level] if level else "",
        to_acknowledge=any(clock.owes_answer for clock in clocks),
        step=StepKind(referral.next_step).label if referral.next_step else "",
        owner=owner_words(referral.kind, referral.next_step),
        kind=Kind(referral.kind).label,
        is_primary=referral.is_primary,
        asked=[_asked(one, referral.ended_on) for one in referral.asked],  # type: ignore[attr-defined]
        review_on=review_on,
        review_is_overdue=bool(review_on and review_on < actor.today),
        waiting_since=referral.waiting_since,
        is_linked=referral.follows_id is not None,
        ended=referral.get_end_reason_display(),
        ended_on=referral.ended_on,
    )


def owner_words(kind: str, step: str) -> str:
    """Who does a step on a kind of referral, in words; nothing where there is no step."""
    if not step:
        return ""
    other = kind != Kind.PRISON_TRANSFER and OWNER_WORDS.get(StepKind(step))
    return other or OWNERS[StepKind(step)].words


def who_is(referral: Referral, actor: Actor) -> tuple[str, date | None]:
    """Name and date of birth, or what stands for them where the actor may not know."""
    if not shows_people(actor):
        return pseudonym_for(actor, referral.patient_id, home_area_id=referral.home_area_id), None  # type: ignore[attr-defined]
    if not referral.shows_identity:  # type: ignore[attr-defined]
        return RESTRICTED, None
    return referral.patient.full_name, referral.patient.born_on


def _headline(clocks: Iterable[ClockFacts]) -> ClockFacts | None:
    """The headline clock that runs, or the last one that did."""
    ours = [clock for clock in clocks if clock.is_headline]
    return max(ours, key=lambda clock: (clock.ended_on is None, clock.pk), default=None)


def _gravest(clocks: Iterable[ClockFacts]) -> str:
    """The level of the gravest flag of the clocks that run, or nothing."""
    levels = [clock.gravest for clock in clocks if clock.ended_on is None and clock.gravest]
    return min(levels, key=GRAVITY.index, default="")


def _asked(approach: Any, ended_on: date | None) -> Asked:
    """How far a service has come, or had when the transfer ended: asked, decided, or with a bed date given."""
    name = approach.service_name
    if approach.has_bed_date:
        return Asked(name, "bed date given", "green")
    if approach.outcome is None:
        return Asked(name, "had not decided" if ended_on else "asked", "blue")
    outcome = Outcome(approach.outcome)
    if outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_OTHER_TIER):
        return Asked(name, "accepted" if ended_on else "accepted, waiting for a bed", "green")
    return Asked(name, outcome.label.lower(), {Outcome.DECLINED: "red", Outcome.DEFERRED: "yellow"}[outcome])
