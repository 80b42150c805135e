"""One thing that waits, and how a list of them is read: the same few queries for one as for a hundred."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from organisations.actor import Actor
from referrals.models import Referral
from referrals.pages import rows

# Of each kind of thing, the most that Home reads; the lists behind it have them all.
MOST = 40
# The most that one page shows.
SHOWN = 60
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Thing:
    """What is to be done, for whom, and by when. With a `referral_id` the rest is read off the transfer.

    `by_clock`: due on the last day in time of the transfer's headline limit. `now`: theirs to do
    today, whenever it is due. `patient_id` is for the read log.
    """

    what: str
    due_on: date | None = None
    by_clock: bool = False
    now: bool = False
    urgency: int = 0
    urgency_words: str = ""
    urgency_colour: str = ""
    referral_id: int | None = None
    part: str = ""
    path: str = ""
    who: str = ""
    reference: str = ""
    patient_id: int | None = None


Source = Callable[[Actor], list[Thing]]


@dataclass(frozen=True)
class Group:
    """Things due in one stretch of days."""

    key: str
    words: str
    things: list[Thing]


def gathered(sources: Iterable[Source], actor: Actor) -> list[Thing]:
    """Everything the sources know: what can be done now first, the most urgent before all, then by due date."""
    found = filled([thing for source in sources for thing in source(actor)], actor)
    return sorted(found, key=_order)


def _order(thing: Thing) -> tuple[Any, ...]:
    urgency = thing.urgency if thing.now else 0
    return not thing.now, urgency, thing.due_on is None, thing.due_on or date.max, thing.reference, thing.what


def filled(things: Sequence[Thing], actor: Actor) -> list[Thing]:
    """With who, reference, address and due date of their transfers, as far as the actor may see them."""
    wanted = {thing.referral_id for thing in things if thing.referral_id}
    transfers = list(rows.with_facts(Referral.objects.visible_to(actor).filter(pk__in=wanted), actor))
    rows.add_facts(transfers, actor)
    known = {transfer.pk: transfer for transfer in transfers}
    return [
        _filled(thing, known[thing.referral_id]) if thing.referral_id else thing
        for thing in things
        if not thing.referral_id or thing.referral_id in known
    ]


def _filled(thing: Thing, transfer: Referral) -> Thing:
    facts = transfer.facts  # type: ignore[attr-defined]
    return replace(
        thing,
        who=facts.who,
        reference=facts.reference,
        path=thing.path or f"{facts.address}{'#' if thing.part else ''}{thing.part}",
        due_on=facts.due_on if thing.by_clock else thing.due_on,
        patient_id=transfer.patient_id,
        urgency=facts.urgency_order,
        urgency_words=facts.urgency,
        urgency_colour=facts.urgency_colour,
    )


def grouped(things: Sequence[Thing], today: date) -> list[Group]:
    """What can be done now, then in the stretches of days that people plan by; empty ones are left out."""
    now, later = [one for one in things if one.now], [one for one in things if not one.now]
    stretches = [
        ("late", "Late", lambda on: on is not None and on < today),
        ("today", "Today", lambda on: on == today),
        ("soon", "In the next seven days", lambda on: on is not None and today < on <= today + SOON),
        ("later", "Later", lambda on: on is not None and on > today + SOON),
        ("undated", "Without a date", lambda on: on is None),
    ]
    groups = [Group(key, words, [one for one in later if fits(one.due_on)]) for key, words, fits in stretches]
    return [group for group in (Group("now", "To do now", now), *groups) if group.things]
