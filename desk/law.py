"""What one person's page says of the law that they are held under."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.pages import date_and_time, long_date
from desk.leave import kind_words
from desk.recorded import LAPSED_ORDERS, LENGTHS, Recorded
from pathways import plans
from pathways.models import Authority, Leave, LegalDuration, LegalStatus
from pathways.rules.legal import (
    ADMITTED_WITHIN_7,
    ADMITTED_WITHIN_28,
    held_of,
    is_renewable,
    rule_of,
    says_what_holds,
)
from pathways.rules.legal.durations import lengths_of
from pathways.rules.stays import in_hospital_since
from referrals.models import Referral
from referrals.naming import title_of
from referrals.pages.found import Sees
from referrals.planned import plan_of, planned_moves

BY_COURTS = ADMITTED_WITHIN_7 | ADMITTED_WITHIN_28


@dataclass(frozen=True)
class Status:
    """By what right a person was held, from and to which day, and what ends it.

    Of one that the law counts in hours: from which moment, where it is known, to which, and how it stands.
    `is_in_passing`: it held for a part of one day, on which another followed.
    """

    public_id: UUID
    words: str
    limb: str
    since: date
    last_day: date | None
    authorised_until: date | None
    began_at: datetime | None
    lapses_at: datetime | None
    hours: str
    is_over: bool
    is_restricted: bool
    is_renewable: bool
    ends_by: tuple[str, ...]
    is_in_passing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it holds now."""
        return self.last_day is None


@dataclass(frozen=True)
class Allowed:
    """An authority; its conditions only for those who may read clinical text."""

    public_id: UUID
    kind: str
    scope: str
    hospital: str
    since: date
    last_day: date | None
    reference: str
    conditions: str
    holds: bool


def last_day_of(during: Any) -> date | None:
    """The last day of a period of days, or None where it has no end."""
    return during.upper - timedelta(days=1) if during.upper else None


def statuses_of(recorded: Recorded) -> list[Status]:
    """Legal statuses, newest first."""
    lengths = LENGTHS.of(recorded.patient.pk)
    shown = [_status(one, lengths, recorded.actor.at) for one in recorded.statuses]
    passed = [
        replace(_status(one, [], recorded.actor.at), last_day=one.during.lower, is_in_passing=True)
        for one in recorded.recalls_in_passing
    ]
    # Below the one that followed on the same day.
    return sorted([*shown, *passed], key=lambda one: (one.since, not one.is_in_passing), reverse=True)


def may_end_status(recorded: Recorded) -> bool:
    """Whether a legal status may end with nothing after it: never while the person is in hospital, or away from it."""
    return in_hospital_since(recorded.placements) is None


def is_held_by_nothing(recorded: Recorded) -> bool:
    """Whether somebody is in hospital, or away from it, and nothing on record says by what right."""
    now = [one for one in recorded.statuses if one.during.upper is None]
    return in_hospital_since(recorded.placements) is not None and not any(map(says_what_holds, now))


def had_lapsed(recorded: Recorded) -> bool:
    """Whether the court's order under which somebody is held had lapsed when they were admitted."""
    held = [one for one in recorded.statuses if one.during.upper is None and one.code in BY_COURTS]
    lapsed = {one.about_id for one in LAPSED_ORDERS.of(recorded.patient.pk)}
    return any(one.pk in lapsed for one in held)


def _status(status: LegalStatus, lengths: list[LegalDuration], now: datetime) -> Status:
    rule = rule_of(*held_of(status))
    return Status(
        public_id=status.public_id,
        words=status.words,
        limb=status.get_limb_display() if status.limb else "",
        since=status.during.lower,
        last_day=last_day_of(status.during),
        authorised_until=status.authorised_until,
        began_at=status.began_at,
        lapses_at=status.lapses_at,
        hours=_hours(status, now),
        is_over=status.is_over(now),
        is_restricted=rule.is_restricted,
        is_renewable=status.during.upper is None
        and status.authorised_until is not None
        and _renewable(status, lengths),
        ends_by=rule.ends_by,
    )


def _hours(status: LegalStatus, now: datetime) -> str:
    """How the hours of a status stand at a moment; whole hours that are left, so that none is promised."""
    if status.lapses_at is None:
        return ""
    if status.is_over(now):
        return "Over"
    left = (status.lapses_at - now) // timedelta(hours=1)
    return "Less than 1 hour left" if left == 0 else f"{left} hour{'' if left == 1 else 's'} left"


def _renewable(status: LegalStatus, lengths: list[LegalDuration]) -> bool:
    in_force = [
        one
        for one in lengths
        if (one.code, one.form) == (status.code, status.form)
        and one.effective is not None
        and status.during.lower in one.effective
    ]
    return is_renewable(lengths_of(in_force))


def authorities_of(recorded: Recorded, sees: Sees) -> list[Allowed]:
    """Authorities on record, newest first."""
    return [_allowed(one, sees, recorded.actor.today) for one in recorded.authorities]


def planned_under(authority: Authority) -> list[str]:
    """What is planned that may rest on an authority, in words: each is looked at again once it ends."""
    leaves = (
        Leave.objects.planned_by_law().filter(patient=authority.patient_id).select_related("to_ward__service")
    )
    moves = planned_moves(Referral.objects.of_other_kinds().open().filter(patient=authority.patient_id))
    return [
        *(
            f"{kind_words(one)}, planned for {date_and_time(one.planned_from)}"
            for one in leaves.order_by("planned_from", "pk")
            if plans.rests_on(plans.plan_of(one), authority)
        ),
        *(
            f"{title_of(one.referral)}, planned for {long_date(one.for_on)}"
            for one in moves
            if plans.rests_on(plan_of(one), authority)
        ),
    ]


def _allowed(authority: Authority, sees: Sees, today: date) -> Allowed:
    return Allowed(
        public_id=authority.public_id,
        kind=authority.get_kind_display(),
        scope=authority.scope_words,
        hospital=authority.hospital.name if authority.hospital else "",
        since=authority.during.lower,
        last_day=last_day_of(authority.during),
        reference=authority.reference,
        conditions=authority.conditions if sees.clinical else "",
        holds=today in authority.during,
    )
