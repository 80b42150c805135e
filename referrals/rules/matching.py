"""How a ward answers what a person needs: every constraint met, unmet or to be asked, and the order that comes of it.

There is no score. Wards are put in order by the first constraint of WEIGHED on which they differ, and a person decides.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.pages import long_date
from core.refusals import Refused
from organisations.models import AdmissionCriterion, WardGender
from organisations.rules import DIAGNOSTIC_GROUPS, Tier, is_neighbour
from pathways.rules import TAKES, groups_of
from referrals.codes import Outcome
from referrals.rules.decisions import ACCEPTING

MAY_FIND = (
    "The prison that has the person, the case manager or a service asked, for its own beds, looks for a bed."
)


KEPT_DIAGNOSES = "Diagnoses are not shown to you: a clinician who knows the person can say"


@dataclass(frozen=True)
class Silence:
    """Why no tier is compared, in a few words beside each ward, and once in full with who can say."""

    short: str
    full: str


def silence_on_tier(
    *,
    signed_by: str = "",
    signed_on: date | None = None,
    writing: str = "",
    due_on: date | None = None,
    lead: str = "",
) -> Silence:
    """What is not known of the tier, and who can say, by the furthest that the assessment has come.

    `signed_by`: the service whose current assessment the reader may not read; `writing`: the one that writes it;
    `lead`: the one that is to. Without any of them nobody has begun.
    """
    if signed_by:
        return Silence(
            f"Ask {signed_by} whether this is the tier",
            f"Not shown to you: it is part of the assessment. {signed_by} signed that on {long_date(signed_on)} and "
            "can say which tier it recommends.",
        )
    if writing:
        return Silence(
            f"No tier is recommended yet: {writing} is assessing",
            f"Not recommended yet. {writing} is writing the assessment, due {long_date(due_on)}, and can say more.",
        )
    if lead:
        return Silence(
            f"No tier is recommended yet: {lead} is to assess",
            f"Not recommended yet. {lead} leads and is to write the assessment, which recommends a tier.",
        )
    return Silence(
        "No tier is recommended yet",
        "Not recommended yet, and nobody is assessing. Ask a hospital: its assessment recommends a tier.",
    )


class State(StrEnum):
    """How a constraint stands. What the record does not say is to be asked and never taken for met or unmet."""

    MET = "met"
    ASK = "ask"
    UNMET = "unmet"


class FreeFrom(StrEnum):
    """What stands between now and the moment a bed can be had."""

    NOW = "now"
    OWN = "own"  # held for this very person
    DEPARTURE = "departure"
    HOLD = "hold"
    CLOSED = "closed"
    NEW = "new"  # not in use yet
    OVERDUE = "overdue"  # a departure was expected by now, and somebody is still there
    UNKNOWN = "unknown"


# The order in which beds are offered: one that is held for the person, one that is free, then by date (None stands for
# those), then where a departure is overdue, and last where nothing is known.
SOONEST = (FreeFrom.OWN, FreeFrom.NOW, None, FreeFrom.OVERDUE, FreeFrom.UNKNOWN)
DATED = SOONEST.index(None)
RANKS = {state: rank for rank, state in enumerate(State)}


@dataclass(frozen=True)
class Need:
    """What a person needs, as far as the record says and the reader may know.

    `unread_…`: why the assessment, or the diagnoses, say nothing here. `sections`: of the Mental Health Act, under
    which the person is or would be held, such as “47” and “48(a)”. `region`: of their home area.
    """

    tier: str = ""
    also_suitable: tuple[str, ...] = ()
    ward_gender: str = ""
    stated_gender: str = ""
    diagnoses: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    region: str = ""
    unread_tier: str = "No tier is recommended yet"
    unread_diagnoses: str = "No diagnosis is recorded"

    @property
    def genders(self) -> frozenset[str]:
        """The single-sex wards for whom the person is: as recommended, or else by the gender they state."""
        if self.ward_gender in TAKES:
            return frozenset({self.ward_gender})
        return frozenset(ward for ward, stated in TAKES.items() if stated == self.stated_gender)

    def said(self, kind: str) -> frozenset[str]:
        """What the record says of the person, in the codes of a kind of admission criterion; nothing: not known."""
        of = AdmissionCriterion.Kind
        known: dict[str, Collection[str]] = {
            of.TIER: {self.tier, *self.also_suitable} - {""},
            of.GENDER: self.genders,
            of.LEGAL_BASIS: self.sections,
            of.DIAGNOSIS: groups_of(self.diagnoses),
            of.AREA: {self.region} - {""},
        }
        return frozenset(known.get(kind, ()))


@dataclass(frozen=True)
class Published:
    """One admission criterion of a service: its words, and the codes it stands for where it has any."""

    kind: str
    words: str
    takes: bool = True
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Free:
    """When a bed can be had, and what stands before that. `at`: the expected instant, or the one that has passed."""

    why: FreeFrom
    at: datetime | None = None

    @property
    def is_now(self) -> bool:
        """Whether this person can have the bed at once."""
        return self.why in (FreeFrom.NOW, FreeFrom.OWN)

    @property
    def is_known(self) -> bool:
        """Whether a day can be named from which this person can have the bed."""
        return self.why not in (FreeFrom.OVERDUE, FreeFrom.UNKNOWN)

    @property
    def order(self) -> tuple[float, float]:
        """Soonest first."""
        rank = SOONEST.index(self.why) if self.why in SOONEST else DATED
        return rank, self.at.timestamp() if self.at and rank == DATED else 0

    @property
    def words(self) -> str:
        """As it is said of one bed."""
        on = long_date(self.at)
        return {
            FreeFrom.OWN: "Held for this person",
            FreeFrom.NOW: "Free now",
            FreeFrom.DEPARTURE: f"Free from {on}, when a departure is expected",
            FreeFrom.HOLD: f"Free from {on}, until when it is held",
            FreeFrom.CLOSED: f"Free from {on}, until when it is closed",
            FreeFrom.NEW: f"Free from {on}, when it comes into use",
            FreeFrom.OVERDUE: f"A departure was expected by {on} and is not recorded: ring",
            FreeFrom.UNKNOWN: "Nobody knows yet when it is free",
        }[self.why]


@dataclass(frozen=True)
class Offered:
    """A ward with what is known of it and its service. `beds`: soonest first. `waiting`: people before this one.

    `outcome`: what the service has decided about the person; `is_asked` though it may not have decided.
    """

    tier: str
    gender: str
    specialties: tuple[str, ...] = ()
    region: str = ""
    region_name: str = ""
    published: tuple[Published, ...] = ()
    in_conflict: bool = False
    is_asked: bool = False
    outcome: str = ""
    beds: tuple[Free, ...] = ()
    waiting: int = 0

    @property
    def free_now(self) -> int:
        """How many of its beds nobody has and that are held for nobody."""
        return sum(bed.why == FreeFrom.NOW for bed in self.beds)


@dataclass(frozen=True)
class Finding:
    """How one constraint stands, in words. `order`: lower comes first. `parts`: what it is made of, if of several."""

    state: State
    words: str
    order: tuple[float, ...] = ()
    parts: tuple[tuple[State, str], ...] = field(default=())

    @property
    def place(self) -> tuple[float, ...]:
        """For the order of wards: met before to be asked before unmet, and within that as the constraint says."""
        return (RANKS[self.state], *self.order)


@dataclass(frozen=True)
class Constraint:
    """One thing that is compared: what it is called, what it means, and how it is answered."""

    key: str
    label: str
    explained: str
    answer: Callable[[Need, Offered], Finding]


def _apart(_need: Need, ward: Offered) -> Finding:
    """Neither with whom nor why."""
    if ward.in_conflict:
        return Finding(State.UNMET, "Conflict on this ward: ask its security lead")
    return Finding(State.MET, "No conflict on this ward")


def _tier(need: Need, ward: Offered) -> Finding:
    name = Tier(ward.tier).label
    if not need.tier:
        return Finding(State.ASK, f"{name}. {need.unread_tier}")
    if ward.tier == need.tier:
        return Finding(State.MET, f"{name}, as recommended", (0,))
    if ward.tier in need.also_suitable:
        return Finding(State.MET, f"{name}, also suitable", (1,))
    return Finding(State.UNMET, f"{name}; {Tier(need.tier).label.lower()} is recommended")


def _gender(need: Need, ward: Offered) -> Finding:
    """As recommended, or else by the gender stated, by which a bed is given without a reason or only with one."""
    name, wanted = WardGender(ward.gender).label, need.ward_gender
    takes = TAKES.get(ward.gender)
    by_reason = ": to give a bed here needs a reason" if takes and takes != need.stated_gender else ""
    if wanted in TAKES and wanted != ward.gender:
        return Finding(State.UNMET, f"{name}; a ward for {wanted} is recommended{by_reason}")
    if wanted == ward.gender:
        return Finding(State.MET, f"{name}, as recommended{by_reason}")
    if not by_reason:
        return Finding(State.MET, name)
    state = State.UNMET if need.genders else State.ASK
    return Finding(state, f"{name} only{by_reason}")


def _specialty(need: Need, ward: Offered) -> Finding:
    """Only a specialty that is a group of diagnoses can be held against them; of others a person judges."""
    if not ward.specialties:
        return Finding(State.MET, "For all", (1,))
    words = ", ".join(ward.specialties)
    words = words[:1].upper() + words[1:]
    wanted = {one.casefold() for one in ward.specialties}
    known = groups_of(need.diagnoses)
    if wanted & known:
        return Finding(State.MET, f"{words}, as diagnosed", (0,))
    if wanted - set(DIAGNOSTIC_GROUPS):
        return Finding(State.ASK, f"{words}: whether that fits, a person has to say")
    if not known:
        return Finding(State.ASK, f"{words}. {need.unread_diagnoses}")
    return Finding(State.UNMET, f"{words} only: to give a bed here needs a reason")


def _published(need: Need, ward: Offered) -> Finding:
    """Each criterion for itself; the gravest answer stands for all."""
    if not ward.published:
        return Finding(State.ASK, "The service publishes none")
    parts = tuple((state_of(one, need), _published_words(one)) for one in ward.published)
    states = [state for state, _ in parts]
    gravest = max(states, key=RANKS.__getitem__)
    count = states.count(gravest)
    words = {
        State.MET: f"All {count} met" if count > 1 else "Met",
        State.ASK: f"{count} to be read by a person",
        State.UNMET: f"{count} not met",
    }[gravest]
    return Finding(gravest, words, (0 if gravest == State.MET else count,), parts)


def state_of(one: Published, need: Need) -> State:
    """How a person stands to one admission criterion. Without codes, or with nothing recorded, a person reads it."""
    known = need.said(one.kind)
    if not one.covers or not known:
        return State.ASK
    return State.MET if bool(known & set(one.covers)) == one.takes else State.UNMET


def _published_words(one: Published) -> str:
    return f"{AdmissionCriterion.Kind(one.kind).label}: {one.words}{'' if one.takes else ' (not taken)'}"


def _outcome(_need: Need, ward: Offered) -> Finding:
    if ward.outcome in ACCEPTING:
        return Finding(State.MET, Outcome(ward.outcome).label)
    if ward.outcome:
        state = State.UNMET if ward.outcome == Outcome.DECLINED else State.ASK
        return Finding(state, Outcome(ward.outcome).label)
    return Finding(State.ASK, "Asked, not decided yet" if ward.is_asked else "Not asked yet")


def _region(need: Need, ward: Offered) -> Finding:
    """By region alone: nobody has measured how far it is."""
    if not need.region:
        return Finding(State.ASK, f"{ward.region_name}. No home area is recorded")
    if ward.region == need.region:
        return Finding(State.MET, f"{ward.region_name}, the home region")
    if is_neighbour(ward.region, need.region):
        return Finding(State.UNMET, f"{ward.region_name}, next to the home region", (0,))
    return Finding(State.UNMET, f"{ward.region_name}, further away", (1,))


def _free(_need: Need, ward: Offered) -> Finding:
    """From when a bed can be had, with those who wait for one before this person."""
    wait = "waits" if ward.waiting == 1 else "wait"
    before = f" {ward.waiting} {wait} for such a bed before them." if ward.waiting else ""
    if not ward.beds:
        return Finding(State.UNMET, "No bed of this ward is in use", (ward.waiting,))
    soonest = ward.beds[0]
    if soonest.why == FreeFrom.OWN:
        return Finding(State.MET, "A bed is held for this person", (0,))
    if ward.free_now:
        count = f"{ward.free_now} {'bed' if ward.free_now == 1 else 'beds'} free now."
        if ward.free_now > ward.waiting:
            return Finding(State.MET, f"{count}{before}", (1, ward.waiting))
        return Finding(State.ASK, f"{count}{before}", (0, 0, ward.waiting - ward.free_now))
    if soonest.why == FreeFrom.UNKNOWN:
        return Finding(State.UNMET, f"No bed has a date.{before}", (ward.waiting,))
    return Finding(State.ASK, f"{soonest.words}.{before}", (*soonest.order, ward.waiting))


# In order of weight. What no reason would make right comes first; then what the assessment says the person needs, what
# the service says of itself and of them, and only then how near and how soon: a bed that is free is not for that the
# right one.
WEIGHED: tuple[Constraint, ...] = (
    Constraint("apart", "Keeping apart", "nobody on the ward whom the person must not meet", _apart),
    Constraint("tier", "Tier", "the tier that the assessment recommends, then tiers also suitable", _tier),
    Constraint(
        "gender", "Ward gender", "a ward for the person's gender, or as the assessment recommends", _gender
    ),
    Constraint("specialty", "Specialty", "a ward for what is diagnosed, then wards for all", _specialty),
    Constraint("published", "Admission criteria", "what the service publishes that it takes", _published),
    Constraint("outcome", "The service's decision", "accepted, then not decided, then declined", _outcome),
    Constraint(
        "region", "Distance", "the region of the home area, then regions next to it, then others", _region
    ),
    Constraint(
        "free", "Free from when", "free now, then the soonest date, less those who wait before", _free
    ),
)


def findings_of(need: Need, ward: Offered) -> dict[str, Finding]:
    """Every constraint with how it stands, heaviest first, by its key."""
    return {one.key: one.answer(need, ward) for one in WEIGHED}


def order_of(findings: dict[str, Finding]) -> tuple[tuple[float, ...], ...]:
    """What wards are sorted by: the heaviest constraint first, and the next only where wards are equal on it."""
    return tuple(findings[one.key].place for one in WEIGHED)


def check_may_find(*, may_ask: bool, may_give: bool) -> None:
    """Beds are looked for by those who ask services, and by services asked."""
    if not (may_ask or may_give):
        raise Refused(MAY_FIND)
