"""What a referral is for: who asks whom, which steps it has, and what the law wants before the person moves.

One flow for all: ask, the current shared assessment, decision, bed, move. The kind changes only what is asked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.refusals import Refused
from organisations.models import Service
from pathways import policies
from pathways import rules as person_rules
from pathways.codes import Act
from referrals.codes import Kind, RemissionReason, StepKind
from referrals.rules.steps import TRANSFER_STEPS
from referrals.rules.transfers import FIRST_DAY_WITHIN_DAYS

PLACE = Service.Kind
CUSTODY = frozenset({PLACE.PRISON, PLACE.REMOVAL_CENTRE})
TO_A_BED = (
    StepKind.SERVICES_ASKED,
    StepKind.ASSESSMENT,
    StepKind.DECISION,
    StepKind.BED_DATE,
    StepKind.AUTHORITY,
    StepKind.PLANNED,
    StepKind.MOVED,
)
OUT_OF_HOSPITAL = (
    StepKind.SERVICES_ASKED,
    StepKind.AGREED,
    StepKind.AFTERCARE,
    StepKind.AUTHORITY,
    StepKind.PLANNED,
    StepKind.MOVED,
)


@dataclass(frozen=True)
class KindRule:
    """One kind of referral.

    `asks`: from which kinds of service; `asked`: which it may ask. `act`: what the law calls the move, empty where it
    wants no authority of anybody's and where it is chosen among `acts`. `is_here`: the person is at the service that
    asks. `clock`: the event that starts a clock of its own. `receivers`: who receives the person, in a sentence.
    """

    asks: frozenset[str]
    asked: frozenset[str]
    steps: tuple[StepKind, ...]
    hint: str
    receivers: str = "the service that receives the person"
    act: str = ""
    acts: tuple[Act, ...] = ()
    is_here: bool = True
    clock: str = ""

    @property
    def needs_bed(self) -> bool:
        """Whether the person moves into a bed of a hospital."""
        return StepKind.BED_DATE in self.steps


HOSPITAL = frozenset({PLACE.HOSPITAL})
ANYBODY = frozenset(set(PLACE) - CUSTODY)

KINDS: dict[str, KindRule] = {
    Kind.PRISON_TRANSFER: KindRule(
        asks=CUSTODY,
        asked=HOSPITAL,
        steps=TRANSFER_STEPS,
        hint="From prison to hospital. A prison asks for it at “Ask for a transfer”.",
    ),
    Kind.STEP_UP: KindRule(
        asks=HOSPITAL,
        asked=HOSPITAL,
        steps=TO_A_BED,
        hint="To a ward of higher security.",
        act=Act.TRANSFER,
    ),
    Kind.STEP_DOWN: KindRule(
        asks=HOSPITAL,
        asked=HOSPITAL,
        steps=TO_A_BED,
        hint="To a ward of lower security, or to general psychiatry.",
        act=Act.TRANSFER,
    ),
    Kind.SIDEWAYS: KindRule(
        asks=HOSPITAL,
        asked=HOSPITAL,
        steps=TO_A_BED,
        hint="To another ward of the same security, for example nearer home or of a specialty.",
        act=Act.TRANSFER,
    ),
    Kind.COURT_ADMISSION: KindRule(
        asks=frozenset(PLACE),
        asked=HOSPITAL,
        steps=tuple(step for step in TO_A_BED if step != StepKind.AUTHORITY),
        hint="A court makes, or is asked to make, a hospital order or a remand to hospital.",
        is_here=False,
    ),
    Kind.ADMISSION: KindRule(
        asks=ANYBODY,
        asked=HOSPITAL,
        steps=tuple(step for step in TO_A_BED if step != StepKind.AUTHORITY),
        hint="Somebody in the community or on a general ward needs a secure bed.",
        is_here=False,
    ),
    Kind.REMISSION: KindRule(
        asks=HOSPITAL,
        asked=CUSTODY,
        steps=OUT_OF_HOSPITAL,
        hint="Back to prison, by the section that fits how the person came.",
        receivers="the prison",
        act=Act.REMISSION,
        clock=policies.REMISSION_ASKED,
    ),
    Kind.TO_COMMUNITY: KindRule(
        asks=HOSPITAL,
        asked=frozenset({PLACE.COMMUNITY}),
        steps=OUT_OF_HOSPITAL,
        hint="Discharge, with conditions or a community treatment order where the law has them.",
        receivers="the community team",
        acts=(Act.CONDITIONAL_DISCHARGE, Act.COMMUNITY_TREATMENT, Act.DISCHARGE),
    ),
    Kind.RECALL: KindRule(
        asks=ANYBODY,
        asked=HOSPITAL,
        steps=TO_A_BED,
        hint="Back to hospital of somebody conditionally discharged or on a community treatment order.",
        act=Act.RECALL,
        is_here=False,
    ),
}
# What may be asked for here; a transfer from prison has a way of its own.
OTHER_KINDS = tuple(Kind(kind) for kind in KINDS if kind != Kind.PRISON_TRANSFER)
# What is called otherwise than on a transfer from prison, whose steps carry the words of the table.
OWNER_WORDS = {StepKind.SERVICES_ASKED: "The service that asks"}


def steps_of(kind: str) -> tuple[StepKind, ...]:
    """The checklist of a kind of referral, in its order."""
    return KINDS[kind].steps


def first_unmet(kind: str, done: Collection[str]) -> StepKind | str:
    """The first step of a referral that is not done, or an empty string once every one is.

    Nobody books an escort for a person who has left.
    """
    over = {StepKind.ESCORT} if StepKind.LEFT in done else set()
    return next((step for step in steps_of(kind) if step not in done and step not in over), "")


def origin_of(kind: str) -> str:
    """What the service that asks is called in a sentence."""
    return "prison that has the person" if kind == Kind.PRISON_TRANSFER else "service that asks"


def act_of(kind: str, act: str = "") -> str:
    """What the law calls the move; empty where it wants nobody's authority."""
    return KINDS[kind].act or act


def check_kind(kind: str, service: Service, *, acts_for_it: bool) -> None:
    """Refuse a kind that is not asked for here, or from a service that can't ask for it."""
    if kind not in OTHER_KINDS:
        raise Refused("Choose what is asked for.", "kind")
    if not acts_for_it:
        raise Refused("You can ask only for the service you work at.", "from_service")
    if service.kind not in KINDS[kind].asks:
        raise Refused(f"{Kind(kind).label} is not asked for by a service of this kind.", "from_service")


def check_here(kind: str, *, is_here: bool) -> None:
    """Refuse to ask on behalf of a service where the person is not."""
    if KINDS[kind].is_here and not is_here:
        raise Refused(
            "The person is not at your service. Record first that they came, or ask whoever has them."
        )


def check_no_other(kind: str, open_kinds: Collection[str]) -> None:
    """Refuse a second open referral of one kind: another service is asked on the first."""
    if kind in open_kinds:
        raise Refused(
            f"{Kind(kind).label} is asked for already. Ask another service on that referral instead."
        )


def check_asked_on(on: date, *, today: date) -> None:
    """Refuse a day on which it can't have been asked: after today, or so long ago that the year must be wrong."""
    if on > today:
        raise Refused("The day it was asked must be today or in the past.", "on")
    if (today - on).days > FIRST_DAY_WITHIN_DAYS:
        raise Refused("The day it was asked is more than three years ago. Check the year.", "on")


def check_ground(kind: str, reason: str) -> None:
    """Refuse a return to prison without one of its two grounds, and a ground for anything else."""
    if kind == Kind.REMISSION and reason not in RemissionReason.values:
        raise Refused("Choose why the person is to return to prison.", "reason")
    if kind != Kind.REMISSION and reason:
        raise Refused("Only a return to prison has a ground.", "reason")


def check_act(kind: str, act: str) -> None:
    """Refuse a discharge that does not say which, and an act where the kind says it already."""
    choices = KINDS[kind].acts
    if choices and act not in choices:
        raise Refused("Choose how the person is discharged.", "act")
    if act and not choices:
        raise Refused("Only a discharge says how.", "act")


def check_lawful(kind: str, act: str, status: Any, *, on: date, release_on: date | None) -> None:
    """Refuse to ask for what the law of the person's status can't allow, with the reason.

    `status` has `code`, `limb` and `form`, or is None where none is recorded; then nothing is known and nothing
    refused, but a return to prison, which always needs a basis (Mental Health Act 1983 ss50 to 53).
    """
    named = act_of(kind, act)
    held = person_rules.held_of(status)
    if named == Act.REMISSION:
        person_rules.check_remission(*held, on=on, release_on=release_on)
    elif named:
        needed = person_rules.authority_needed(named, *held)
        if needed.agrees == person_rules.Agrees.IMPOSSIBLE and needed.is_sure:
            raise Refused(needed.sentence, "act" if KINDS[kind].acts else None)


def next_primary(referrals: Iterable[Any]) -> Any:
    """Which of the open referrals of a person leads once the one that led has ended: a transfer, else the oldest."""
    return min(
        referrals, key=lambda one: (one.kind != Kind.PRISON_TRANSFER, one.requested_at, one.pk), default=None
    )
