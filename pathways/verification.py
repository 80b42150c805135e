"""What must be true of everything at once, worked out again from the facts. Each check answers the ids that fail it.

A floor registers its own checks; `manage.py verify` asks them all, for example after a seed or a restore.
"""

from collections.abc import Callable, Iterable

from django.db.models import Exists, F, OuterRef, Q

from pathways.codes import AWAY
from pathways.models import (
    BedUse,
    Clock,
    Leave,
    Patient,
    Placement,
    ReadyPeriod,
    Relationship,
    Responsibility,
)
from pathways.rules import flags_owed
from pathways.rules.legal.limits import OF_THE_LAW

Check = Callable[[], Iterable[int]]

CHECKS: dict[str, Check] = {}


def verifies(sentence: str) -> Callable[[Check], Check]:
    """Register a check by what it makes sure of."""

    def register(check: Check) -> Check:
        CHECKS[sentence] = check
        return check

    return register


def failures() -> dict[str, list[int]]:
    """Every check that fails, with the ids that fail it."""
    answers = {sentence: list(check()) for sentence, check in CHECKS.items()}
    return {sentence: ids for sentence, ids in answers.items() if ids}


def _relationships(kind: str):
    return Relationship.objects.filter(about_kind=kind, about_id=OuterRef("pk"), patient=OuterRef("patient"))


@verifies("Everybody who has not died is somewhere, and everybody who has is nowhere else")
def people_in_the_wrong_place() -> Iterable[int]:
    """Patients without an open placement, or whose death and place don't agree."""
    placed = Placement.objects.open().filter(patient=OuterRef("pk"))
    dead = placed.filter(elsewhere="died")
    return (
        Patient.objects.annotate(is_placed=Exists(placed), is_dead=Exists(dead))
        .filter(Q(is_placed=False) | Q(died_on=None, is_dead=True) | Q(died_on__isnull=False, is_dead=False))
        .values_list("pk", flat=True)
    )


@verifies("Every service that has somebody may open them")
def placements_without_relationship() -> Iterable[int]:
    """Open placements whose service has no open relationship from them."""
    held = _relationships("placement").filter(service=OuterRef("service"), during__upper_inf=True)
    placements = Placement.objects.open().filter(service__isnull=False)
    return placements.exclude(Exists(held)).values_list("pk", flat=True)


@verifies("No service goes on having somebody who has left")
def relationships_without_placement() -> Iterable[int]:
    """Relationships from a placement that are open although it has ended or is no longer believed."""
    open_placement = Placement.objects.open().filter(pk=OuterRef("about_id"), service=OuterRef("service"))
    left = Relationship.objects.filter(about_kind="placement", during__upper_inf=True)
    return left.exclude(Exists(open_placement)).values_list("pk", flat=True)


@verifies("Every responsible commissioner has a relationship with the person")
def responsibilities_without_relationship() -> Iterable[int]:
    """Responsibilities still believed whose commissioner has no open relationship from them."""
    held = _relationships("responsibility").filter(
        commissioner=OuterRef("commissioner"), during__upper_inf=True
    )
    believed = Responsibility.objects.current().filter(commissioner__isnull=False, during__upper_inf=True)
    return believed.exclude(Exists(held)).values_list("pk", flat=True)


@verifies("No commissioner goes on having somebody who is not theirs")
def relationships_without_responsibility() -> Iterable[int]:
    """Relationships from a responsibility that are open although it is no longer believed."""
    believed = Responsibility.objects.current().filter(
        pk=OuterRef("about_id"), commissioner=OuterRef("commissioner"), during__upper_inf=True
    )
    held = Relationship.objects.filter(about_kind="responsibility", during__upper_inf=True)
    return held.exclude(Exists(believed)).values_list("pk", flat=True)


@verifies("A bed is kept only for somebody who is on leave, or away and has not moved on")
def beds_kept_for_nobody() -> Iterable[int]:
    """Beds kept without end for a leave that is over or no longer believed, or for somebody who is not away."""
    on_leave = Leave.objects.away().filter(pk=OuterRef("about_id"), patient=OuterRef("patient"))
    away = Placement.objects.open().filter(patient=OuterRef("patient"), elsewhere__in=AWAY)
    kept = BedUse.objects.current().filter(purpose=BedUse.Purpose.LEAVE, during__upper_inf=True)
    of_leave = Q(about_kind="leave")
    return (
        kept.exclude(of_leave & Exists(on_leave))
        .exclude(~of_leave & Exists(away))
        .values_list("pk", flat=True)
    )


@verifies("Nobody is on leave from a hospital that does not have them")
def leaves_from_elsewhere() -> Iterable[int]:
    """Leave that is on, of somebody who is placed somewhere else."""
    here = Placement.objects.open().filter(patient=OuterRef("patient"), service=OuterRef("service"))
    return Leave.objects.away().exclude(Exists(here)).values_list("pk", flat=True)


@verifies("No clock runs for somebody who has died")
def clocks_of_the_dead() -> Iterable[int]:
    """Running clocks of people who have died."""
    return Clock.objects.running().exclude(patient__died_on=None).values_list("pk", flat=True)


@verifies("Every ended clock met its last day, or lapsed after it")
def misjudged_clocks() -> Iterable[int]:
    """Ended clocks whose end doesn't agree with their last day."""
    wrong = Q(ended_as="met", ended_on__gt=F("due_on")) | Q(ended_as="lapsed", ended_on__lte=F("due_on"))
    return Clock.objects.filter(wrong).values_list("pk", flat=True)


@verifies("Every running clock has raised the flags before its next one, and no others")
def clocks_with_wrong_flags() -> Iterable[int]:
    """Running clocks of policies that raise flags, whose flags are not those owed before the next.

    A limit of the law may have been known late: then its flags begin with the last that had come.
    """
    clocks = Clock.objects.running().filter(policy__is_on=True).select_related("policy")
    for clock in clocks.prefetch_related("flags", "policy__flag_rules").iterator(chunk_size=2000):
        policy, raised = clock.policy, {flag.day for flag in clock.flags.all() if flag.superseded_at is None}
        if clock.next_flag_on is None:
            owed = {rule.day for rule in policy.flag_days}
            wrong = any(rule.every for rule in policy.flag_days)
        else:
            before = flags_owed(policy.flag_days, clock.started_on, policy.counting, on=clock.next_flag_on)
            last = policy.counting.day_of(clock.next_flag_on, clock.started_on)
            owed, wrong = {day for day in before if day < last}, False
        if clock.about_kind in OF_THE_LAW:
            owed = {day for day in owed if raised and day >= min(raised)}
        if wrong or raised != owed:
            yield clock.pk


@verifies("Nobody waits to move on from a hospital that they have left")
def ready_periods_without_placement() -> Iterable[int]:
    """Open periods of people who are at another service now, or gone for good; being away is no leaving."""
    here = Placement.objects.open().filter(patient=OuterRef("patient"))
    stays = here.filter(Q(service=OuterRef("service")) | Q(elsewhere__in=[str(one) for one in AWAY]))
    return ReadyPeriod.objects.open().exclude(Exists(stays)).values_list("pk", flat=True)
