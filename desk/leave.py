"""What one person's page says of leave: what is planned or on with what comes next, and all of it as a list."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.pages import date_and_time
from desk.offers import may_act_on
from desk.recorded import Recorded
from organisations.actor import Actor
from organisations.models import Service
from pathways import plans
from pathways.models import BedUse, Leave, MissingAuthority
from pathways.rules import leave as rules
from pathways.rules import length_of_stay
from pathways.rules.leave import Standing, Verb
from pathways.rules.movements import MOVEMENTS
from referrals.pages.found import Sees

# What each act is called on a link.
VERBS = {
    Verb.BEGIN: "Record that they left",
    Verb.RETURN: "Record the return",
    Verb.ABSENT: "Absent without leave",
    Verb.STAY: "They stay there",
    Verb.CANCEL: "Cancel",
    Verb.CORRECT: "Correct",
}


@dataclass(frozen=True)
class LeaveNow:
    """A leave that is planned or on: how it stands, what was agreed, and what comes next.

    `why_not`: of one that is planned and could not be planned now.
    """

    public_id: UUID
    words: str
    standing: str
    colour: str
    when: str
    is_over_spell: bool
    bed: str
    lacks_authority: bool
    why_not: str
    agreed_by: str
    conditions: str
    verbs: list[tuple[str, str]]


COLOURS = {
    "Planned": "blue",
    "On leave": "purple",
    "Late": "red",
    "Absent without leave": "red",
    **{kind.while_on: "purple" for kind in MOVEMENTS.values()},
}


def what_it_is(leave: Leave) -> str:
    """Whether it is a leave or a movement, as their addresses end."""
    return "movement" if leave.is_movement else "leave"


def kind_words(leave: Leave) -> str:
    """The kind, with the ward of a trial, or where a movement is to and what for."""
    if leave.is_movement:
        return f"{leave.get_kind_display()}: {leave.to_where}, {leave.purpose}"
    if leave.to_ward is None:
        return leave.get_kind_display()
    return f"Trial leave to {leave.to_ward.service.name}, {leave.to_ward.name} ward"


def open_leaves_of(recorded: Recorded, sees: Sees) -> list[LeaveNow]:
    """What is on and what is planned, soonest first; with links for those who may."""
    rows = [one for one in recorded.leaves if one.ended_as == ""]
    leaves = sorted(rows, key=lambda one: one.left_at or one.planned_from)
    return [_now(one, recorded, sees) for one in leaves]


def _lacking_authority(leaves: list[Leave]) -> set[int]:
    """Those that lacked an authority, and those that are planned and lack one now."""
    if not leaves:
        return set()
    planned = [one for one in leaves if _is_planned(one)]
    refused = plans.refused([plans.plan_of(one) for one in planned]) if planned else []
    lacking = {one.pk for one, why_not in zip(planned, refused, strict=True) if why_not}
    return lacking | _tasks_of(leaves)


def _is_planned(leave: Leave) -> bool:
    """Whether it is planned, and the law may want an authority for it: from prison no movement does."""
    asks = not leave.is_movement or leave.service.kind == Service.Kind.HOSPITAL
    return asks and rules.standing_of(leave) == Standing.PLANNED


def _tasks_of(leaves: list[Leave]) -> set[int]:
    open_tasks = MissingAuthority.objects.open().filter(about_kind="leave")
    return set(open_tasks.filter(about_id__in=[one.pk for one in leaves]).values_list("about_id", flat=True))


def _now(leave: Leave, recorded: Recorded, sees: Sees) -> LeaveNow:
    actor = recorded.actor
    words = rules.in_words(leave, now=actor.at)
    acts = [
        (f"desk:{verb.value}_{what_it_is(leave)}", VERBS[verb])
        for verb in rules.verbs_of(leave)
        if verb in VERBS
    ]
    why_not = _why_not(leave, recorded)
    return LeaveNow(
        public_id=leave.public_id,
        words=kind_words(leave),
        standing=words,
        colour=COLOURS.get(words, "grey"),
        when=when_words(leave),
        is_over_spell=_is_over_spell(leave, actor.today),
        bed=_bed(leave, recorded.bed_uses),
        lacks_authority=bool(why_not)
        or any((one.about_kind, one.about_id) == ("leave", leave.pk) for one in recorded.missing),
        why_not=why_not,
        agreed_by=leave.agreed_by,
        conditions=leave.conditions if sees.clinical else "",
        verbs=acts if may_act_on(leave, recorded) else [],
    )


def _why_not(leave: Leave, recorded: Recorded) -> str:
    if not _is_planned(leave):
        return ""
    known = plans.refusal_of(plans.plan_of(leave), recorded.statuses, recorded.authorities)
    return known or ""


def _is_over_spell(leave: Leave, today: date) -> bool:
    """Of leave of absence only: nobody at court has left the spell by it."""
    taken = leave.during is not None and not leave.is_movement
    return taken and rules.ends_spell(leave.during.lower, None, on=today)


def when_words(leave: Leave) -> str:
    """When they left or are to leave, when they are due, and since when they are missed."""
    begins = (
        f"Left {date_and_time(leave.left_at)}"
        if leave.left_at
        else f"From {date_and_time(leave.planned_from)}"
    )
    due = (
        f", due back {date_and_time(leave.due_back_at)}"
        if leave.due_back_at
        else ", no time agreed to be back"
    )
    missed = f". Missed since {date_and_time(leave.absent_since)}" if leave.absent_since else ""
    return f"{begins}{due}{missed}"


def _bed(leave: Leave, uses: list[BedUse]) -> str:
    """What has become of their bed, while they are away."""
    if rules.kept_from(leave) is None:
        return ""
    if leave.bed_released_at:
        return f"Their bed was released {date_and_time(leave.bed_released_at)}"
    kept = (one for one in uses if one.purpose == "leave" and one.bed.ward_id != leave.to_ward_id)
    use = next((one for one in kept if (one.about_kind, one.about_id) == ("leave", leave.pk)), None)
    return (
        f"{use.bed.ward.name} ward, bed {use.bed.name} is kept for them" if use else "No bed is kept for them"
    )


@dataclass(frozen=True)
class Row:
    """What the list says of one leave beside its own columns."""

    how: str
    nights: int | None
    authority: str


def facts_of(leaves: list[Leave], actor: Actor) -> dict[int, Row]:
    """What the list says of each, beside its own columns."""
    lacking = _lacking_authority(leaves)
    return {one.pk: _row(one, actor.at, actor.today, lacks=one.pk in lacking) for one in leaves}


def _row(leave: Leave, now: Any, today: date, *, lacks: bool) -> Row:
    standing = rules.standing_of(leave)
    taken = standing not in (Standing.PLANNED, Standing.CANCELLED)
    return Row(
        rules.in_words(leave, now=now),
        length_of_stay(leave.during.lower, leave.during.upper, on=today) if taken else None,
        "Without authority on record" if lacks else "",
    )
