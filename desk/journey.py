"""One person's journey as facts: where they were, at what security, by what right, and what was waited for.

Everything that the picture of the pathway and the table beside it say, read in a fixed number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from core.pages import date_and_time, long_date
from core.pages import days as day_words
from desk.leave import kind_words, what_it_is
from desk.recorded import Recorded
from organisations.models import Provider
from organisations.rules import Tier
from pathways import days, rules
from pathways.codes import Elsewhere, LegalForm
from pathways.codes import MhsdsLegalStatus as S
from pathways.models import LegalStatus, Placement
from pathways.ready_lists import days_of
from pathways.rules.lines import FOREVER
from pathways.tiers import tier_of

# A legal status where there is no room for its name.
SHORT_STATUS: dict[str, str] = {
    S.INFORMAL: "Informal",
    S.S2: "s2",
    S.S3: "s3",
    S.S4: "s4",
    S.S5_2: "s5(2)",
    S.S5_4: "s5(4)",
    S.S35: "s35",
    S.S36: "s36",
    S.S37_41: "s37/41",
    S.S37: "s37",
    S.S38: "s38",
    S.S44: "s44",
    S.S46: "s46",
    S.S47_49: "s47/49",
    S.S47: "s47",
    S.S48_49: "s48/49",
    S.S48: "s48",
    S.S135: "s135",
    S.S136: "s136",
    S.INSANITY_ACT: "Insanity Act",
    S.OTHER_ACTS: "Other Acts",
    S.SUPERVISED_DISCHARGE: "Supervised discharge",
    S.OLD_S45A: "s45A",
    S.S7: "s7",
    S.S37_GUARDIANSHIP: "s37 guardianship",
    S.S45A: "s45A",
    S.S45A_ENDED: "s45A ended",
    S.NOT_APPLICABLE: "None",
    S.NOT_KNOWN: "Not known",
}
# And where its form says more than its code.
SHORT_FORM: dict[str, str] = {
    LegalForm.CONDITIONAL_DISCHARGE: "Conditional discharge",
    LegalForm.COMMUNITY_TREATMENT: "CTO",
    LegalForm.RECALLED: "CTO, recalled",
    LegalForm.WITH_RESTRICTIONS: "Insanity Act, restricted",
}


@dataclass(frozen=True)
class Stay:
    """Where a person was during a period, in words and codes. `number` counts from the first."""

    number: int
    placement_id: UUID
    place: str
    ward: str
    tier: str
    sector: str
    provider: str  # who gives the care; empty where nobody does
    since: datetime
    time_known: bool
    until: datetime | None
    days: int
    is_death: bool
    came_by: str
    crossed: str
    held_under: str
    bedless: int  # days on a ward for which no bed is recorded
    recorded_by: str
    recorded_at: datetime

    @property
    def tier_words(self) -> str:
        """The tier of care; empty where there is none or it is not known."""
        return Tier(self.tier).label if self.tier else ""

    @property
    def sector_words(self) -> str:
        """NHS or independent; empty where nobody gives care."""
        return Provider.Sector(self.sector).label if self.sector else ""

    @property
    def move_words(self) -> str:
        """How they came there in a few words, for one line of a sheet: which way, and between whom if that changed."""
        return ", ".join(filter(None, (self.came_by, SHORT_CROSSED.get(self.crossed, ""))))

    @property
    def provider_words(self) -> str:
        """Who gives care, and whether NHS or independent; empty where nobody does."""
        return f"{self.provider} ({self.sector_words})" if self.sector else ""

    @property
    def where(self) -> str:
        """Place and ward in one line."""
        return f"{self.place}, {self.ward} ward" if self.ward else self.place


@dataclass(frozen=True)
class Held:
    """By what right a person was held, and whether restricted. Instants of London days.

    `passed`: what they were held under for a part of its first day, before it; mostly nothing.
    """

    code: str
    words: str
    short: str
    is_restricted: bool
    since: datetime
    until: datetime | None
    passed: str = ""


@dataclass(frozen=True)
class Period:
    """A time that is marked on the picture: a wait for a transfer, readiness to move on, leave, a movement."""

    kind: str  # waiting | ready | leave | movement
    words: str
    since: datetime
    until: datetime | None
    days: int


@dataclass(frozen=True)
class Journey:
    """All of it, oldest first, as it stands at an instant."""

    stays: tuple[Stay, ...]
    held: tuple[Held, ...]
    periods: tuple[Period, ...]
    now: datetime

    def fitting(self, lines: int) -> tuple["Journey", int]:
        """The newest of it that so many lines take, two periods to a line, and how much of it that leaves out."""
        stays = self.stays[-lines:]
        room = 2 * (lines - len(stays))
        periods = self.periods[-room:] if room else ()
        left_out = len(self.stays) - len(stays) + len(self.periods) - len(periods)
        return replace(self, stays=stays, periods=periods), left_out

    @property
    def newest_first(self) -> list[Stay]:
        """As the table has them."""
        return list(reversed(self.stays))


def journey_of(recorded: Recorded) -> Journey:
    """The journey of somebody whom the actor may open."""
    passed = {one.during.lower: one for one in recorded.recalls_in_passing}
    held = [_held(one, passed.get(one.during.lower)) for one in reversed(recorded.statuses)]
    return Journey(
        tuple(_stays(recorded, held)),
        tuple(held),
        tuple(sorted(_periods(recorded), key=lambda period: period.since)),
        recorded.actor.at,
    )


Range = tuple[datetime, datetime | None]


def _beds(recorded: Recorded) -> list[Range]:
    """When the person had a bed, in order; the bed that they were in and one kept for them may overlap."""
    bounds = [(use.during.lower, use.during.upper) for use in recorded.bed_uses]
    return sorted(bounds, key=lambda one: one[0])


def _bedless(placement: Placement, beds: Sequence[Range], today: date) -> int:
    """Days of a stay on a ward that no bed answers for."""
    if placement.ward_id is None:
        return 0
    at, ends, found = placement.during.lower, placement.during.upper, 0
    for since, until in [*beds, (FOREVER, None)]:
        gap_ends = since if ends is None else min(since, ends)
        if at < gap_ends:
            found += rules.length_of_stay(at, None if gap_ends == FOREVER else gap_ends, on=today)
        if until is None:
            break
        at = max(at, until)
    return found


def _stays(recorded: Recorded, held: Sequence[Held]) -> list[Stay]:
    designations, beds, today = recorded.designations, _beds(recorded), recorded.actor.today
    stays: list[Stay] = []
    before: Placement | None = None
    for number, one in enumerate(recorded.placements, start=1):
        since, until = one.during.lower, one.during.upper
        tier = tier_of(one, since, designations)
        left = tier_of(before, since, designations) if before else ""
        crossed = rules.sector_change_of(
            rules.sector_of(before.service) if before else "", rules.sector_of(one.service)
        )
        sector = rules.sector_of(one.service)
        stays.append(
            Stay(
                number=number,
                placement_id=one.public_id,
                place=one.service.name if one.service else one.get_elsewhere_display(),
                ward=one.ward.name if one.ward else "",
                tier=tier,
                sector=sector,
                provider=one.service.provider.name if one.service and sector else "",
                since=since,
                time_known=one.start_time_known,
                until=until,
                days=rules.length_of_stay(since, until, on=today),
                is_death=one.elsewhere == Elsewhere.DIED,
                came_by=dict(rules.Direction.choices).get(rules.direction_of(left, tier), ""),
                crossed=crossed.label if crossed in CROSSES else "",
                held_under=", then ".join(_under(held, since, until)),
                bedless=_bedless(one, beds, today),
                recorded_by=one.recorded_by.name if one.recorded_by else "the system",
                recorded_at=one.recorded_at,
            )
        )
        before = one
    return stays


CROSSES = {rules.SectorChange.TO_INDEPENDENT, rules.SectorChange.TO_NHS}
SHORT_CROSSED = {
    rules.SectorChange.TO_INDEPENDENT.label: "NHS to independent",
    rules.SectorChange.TO_NHS.label: "independent to NHS",
}


def _under(held: Sequence[Held], since: datetime, until: datetime | None) -> list[str]:
    """The statuses of a stay, in order, those of its last day left to the next."""
    first, last = days.london_date(since), days.london_date(until) if until else None
    found = []
    for one in held:
        since = days.london_date(one.since)
        if (last is None or since < max(last, first + timedelta(days=1))) and (
            one.until is None or days.london_date(one.until) > first
        ):
            found += [one.passed, one.short] if one.passed and since >= first else [one.short]
    return found


def _held(status: LegalStatus, passed: LegalStatus | None) -> Held:
    """`passed`: a recall that held for a part of its first day, before it."""
    upper = status.during.upper
    return Held(
        status.code,
        f"{status.words}, {_passed_words(passed)}" if passed else status.words,
        SHORT_FORM.get(status.form) or SHORT_STATUS[status.code],
        rules.is_restricted(*rules.held_of(status)),
        days.noon(status.during.lower),
        days.noon(upper) if upper else None,
        SHORT_FORM[LegalForm.RECALLED] if passed else "",
    )


def _passed_words(recall: LegalStatus) -> str:
    when = date_and_time(recall.began_at) if recall.began_at else long_date(recall.during.lower)
    return f"after a recall earlier that day ({when})"


def _periods(recorded: Recorded) -> list[Period]:
    return [*_waits(recorded), *_ready(recorded), *_leaves(recorded)]


def _waits(recorded: Recorded) -> list[Period]:
    return [
        Period(
            "waiting",
            f"{one.get_kind_display()} {one.reference}",
            days.noon(one.report_first_requested_on),
            days.noon(one.ended_on) if one.ended_on else None,
            one.days_waited(on=recorded.actor.today),
        )
        for one in recorded.referrals
    ]


def _ready(recorded: Recorded) -> list[Period]:
    return [
        Period(
            "ready",
            f"Clinically ready to move on, waits on {one.waits_on_whom}",
            days.noon(one.during.lower),
            days.noon(one.during.upper) if one.during.upper else None,
            days_of(one, recorded.actor.today),
        )
        for one in recorded.ready_periods
    ]


def _leaves(recorded: Recorded) -> list[Period]:
    return [
        Period(
            what_it_is(one),
            f"{kind_words(one)}{': absent without leave' if one.absent_since else ''}",
            one.during.lower,
            one.during.upper,
            rules.length_of_stay(one.during.lower, one.during.upper, on=recorded.actor.today),
        )
        for one in recorded.leaves
        if one.during is not None
    ]


def in_words(journey: Journey) -> str:
    """The journey in a sentence or two, for those who hear it."""
    if not journey.stays:
        return "No place is recorded."
    first, last = journey.stays[0], journey.stays[-1]
    count = len(journey.stays)
    places = "One place" if count == 1 else f"{count} places"
    ended = "died" if last.is_death else f"now {last.where}"
    names = {
        "waiting": "wait for a transfer",
        "ready": "time ready to move on",
        "leave": "leave",
        "movement": "court, A&E or escort",
    }
    marked = {kind: sum(1 for one in journey.periods if one.kind == kind) for kind in names}
    also = "; ".join(f"{number} × {names[kind]}" for kind, number in marked.items() if number)
    return (
        f"{places} since {long_date(first.since)}, from {first.where}; {ended}, since {long_date(last.since)} "
        f"({day_words(last.days)})." + (f" Marked: {also}." if also else "")
    )


def last_day(period: Period | Held) -> date | None:
    """The last London day of what is over."""
    return days.london_date(period.until) if period.until else None
