"""Under what made-up people are held, one status after another. Whatever follows is asked of the law's own table.

Shares and days are ours; the longest of each status is the law's (`pathways.rules.legal.durations`).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pathways.codes import LegalForm, Limb
from pathways.codes import MhsdsLegalStatus as S
from pathways.rules import Held, is_restricted, usually_follows
from pathways.rules.legal import WAYS_BACK, StatusKind, rule_of

CONDITIONAL = Held(S.NOT_APPLICABLE, LegalForm.CONDITIONAL_DISCHARGE)
CTO = Held(S.NOT_APPLICABLE, LegalForm.COMMUNITY_TREATMENT)
RECALLED = Held(S.NOT_APPLICABLE, LegalForm.RECALLED)
INSANITY_RESTRICTED = Held(S.INSANITY_ACT, LegalForm.WITH_RESTRICTIONS)
FREE = Held(S.NOT_APPLICABLE)
GUARDIANSHIP = Held(S.S37_GUARDIANSHIP)
CROWN, MAGISTRATES, CIVIL, IMMIGRATION = (Held(S.S48_49, limb) for limb in Limb)

Weights = dict[Held, float]
# By what a transfer from prison is asked for: 56% are sentenced; remand prisoners are always restricted (s49).
ASKED_UNDER: Weights = {
    Held(S.S47_49): 0.5, Held(S.S47): 0.06, CROWN: 0.27, MAGISTRATES: 0.12, CIVIL: 0.008, IMMIGRATION: 0.03,
    Held(S.S48, Limb.CIVIL): 0.004, Held(S.S48, Limb.IMMIGRATION): 0.008,
}  # fmt: skip
ORDERED: Weights = {
    Held(S.S37_41): 0.36, Held(S.S37): 0.2, Held(S.S38): 0.1, Held(S.S35): 0.12, Held(S.S36): 0.07, Held(S.S45A): 0.06,
    Held(S.S44): 0.03, Held(S.INSANITY_ACT): 0.03, INSANITY_RESTRICTED: 0.03,
}  # fmt: skip
CIVIL_ADMISSIONS: Weights = {
    Held(S.S2): 0.34, Held(S.S3): 0.3, Held(S.INFORMAL): 0.2, Held(S.S136): 0.06, Held(S.S135): 0.04, Held(S.S4): 0.05,
    Held(S.OTHER_ACTS): 0.03, Held(S.NOT_KNOWN): 0.03,
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """After how many days, at least and at most, what follows a status in hospital; and for which share it does."""

    days: tuple[int, int]
    becomes: Weights
    share: float = 1.0


_TREATED: Weights = {Held(S.S3): 0.6, Held(S.INFORMAL): 0.4}
_DISPOSED: Weights = {Held(S.S37_41): 0.45, Held(S.S37): 0.3, Held(S.S38): 0.15, Held(S.S45A): 0.1}
COURSES: dict[Held, Course] = {
    Held(S.INFORMAL): Course((5, 60), {Held(S.S5_2): 0.6, Held(S.S5_4): 0.4}, share=0.3),
    Held(S.S2): Course((12, 26), _TREATED),
    Held(S.S4): Course((1, 2), {Held(S.S2): 1}),
    Held(S.S5_4): Course((1, 1), {Held(S.S5_2): 1}),
    Held(S.S5_2): Course((1, 2), {Held(S.S2): 0.4, Held(S.S3): 0.6}),
    Held(S.S135): Course((1, 1), {Held(S.S2): 1}),
    Held(S.S136): Course((1, 1), {Held(S.S2): 1}),
    Held(S.NOT_KNOWN): Course((2, 20), _TREATED),
    Held(S.S35): Course((25, 80), {Held(S.S36): 0.2, **_DISPOSED}),
    Held(S.S36): Course((25, 80), {**_DISPOSED, INSANITY_RESTRICTED: 0.15, Held(S.INSANITY_ACT): 0.15}),
    Held(S.S38): Course((60, 320), {Held(S.S37_41): 0.5, Held(S.S37): 0.4, Held(S.S45A): 0.1}),
    Held(S.S44): Course((20, 90), {Held(S.S37_41): 0.8, Held(S.S38): 0.2}),
    Held(S.S37_41): Course((900, 2500), {Held(S.S37): 1}, share=0.1),
    # The release date: the restrictions end and the rest goes on, s50(2) and (5).
    Held(S.S47_49): Course((250, 1800), {Held(S.S47): 1}, share=0.7),
    Held(S.S45A): Course((400, 2000), {Held(S.S45A_ENDED): 1}, share=0.7),
    # In hospital “free” is the return to where they were held, ss51 to 53.
    CROWN: Course((60, 260), {Held(S.S47_49): 0.2, **_DISPOSED, FREE: 0.1}),
    MAGISTRATES: Course(
        (10, 60), {CROWN: 0.45, Held(S.S37): 0.25, Held(S.S47_49): 0.1, Held(S.S3): 0.05, FREE: 0.15}
    ),
    CIVIL: Course((30, 200), {FREE: 1.5, **_TREATED}),
    IMMIGRATION: Course((60, 300), {FREE: 0.5, **_TREATED}),
    Held(S.S48, Limb.CIVIL): Course((40, 170), _TREATED),
    Held(S.S48, Limb.IMMIGRATION): Course((40, 170), _TREATED),
    CTO: Course((250, 1100), {FREE: 1}, share=0.6),
    CONDITIONAL: Course((800, 2600), {FREE: 1}, share=0.5),
    Held(S.S7): Course((150, 700), {FREE: 1}),
    GUARDIANSHIP: Course((150, 700), {FREE: 1}),
}
# Some are released by a court under guardianship, s37.
RELEASED: Weights = {GUARDIANSHIP: 0.06, FREE: 0.94}
# How people go who are not restricted; and of the restricted, those discharged with conditions.
DISCHARGED: Weights = {Held(S.S7): 0.04, CTO: 0.45, FREE: 0.51}
SHARE_WITH_CONDITIONS = 0.85
# What a community treatment order goes back to when it is revoked after a recall, s17F.
REVOKED_TO = frozenset({Held(S.S3), Held(S.S37), Held(S.S47), Held(S.S45A_ENDED)})


@dataclass
class Period:
    """One status during days; open while it holds."""

    held: Held
    since: date
    until: date | None = None


@dataclass
class Law:
    """What one person was held under, without overlap."""

    periods: list[Period] = field(default_factory=list)

    @property
    def now(self) -> Held | None:
        """What holds, if anything does."""
        return self.periods[-1].held if self.periods and self.periods[-1].until is None else None

    def on(self, day: date) -> Held | None:
        """What held on a day."""
        found = (
            one.held for one in self.periods if one.since <= day and (one.until is None or day < one.until)
        )
        return next(found, None)

    def changes_on(self, day: date) -> bool:
        """Whether another status began on a day; nothing follows it before the next."""
        return bool(self.periods) and self.periods[-1].since == day

    def begin(self, held: Held, day: date) -> Period:
        """Another status from a day; the one before ends with it. What the law's table does not know is a mistake."""
        before = self.periods[-1] if self.now is not None else None
        if before is not None and not usually_follows(before.held, held):
            raise ValueError(f"{held} does not follow {before.held}")
        if before is not None and before.since >= day:
            raise ValueError(f"{before.held} lasts at least a day")
        if before is not None:
            before.until = day
        self.periods.append(Period(held, day))
        return self.periods[-1]

    def end(self, day: date) -> None:
        """Nothing holds from a day on: the person has died."""
        if self.now is None:
            return
        if self.periods[-1].since >= day:
            self.periods.pop()
        else:
            self.periods[-1].until = day

    def before_discharge(self) -> Held | None:
        """The last status that detained the person in hospital."""
        return next((one.held for one in reversed(self.periods) if rule_of(*one.held).detains), None)


class Deck:
    """Draws statuses by their shares, but each of a list once before any is left to chance.

    So a small England shows the rare ones as well.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.left: dict[tuple[Held, ...], list[Held]] = {}

    def draw(self, weights: Weights, *, after: Held | None = None) -> Held:
        """One status, of those that may follow another."""
        lawful = {
            one: share for one, share in weights.items() if after is None or usually_follows(after, one)
        }
        left = self.left.setdefault(tuple(weights), list(weights))
        for one in left:
            if one in lawful:
                left.remove(one)
                return one
        return self.random.choices(list(lawful), weights=list(lawful.values()))[0]

    def what_follows(self, period: Period) -> tuple[date, Held] | None:
        """On which day a status becomes which other by itself, or None while it goes on."""
        course = COURSES.get(period.held)
        if course is None or self.random.random() >= course.share:
            return None
        return period.since + timedelta(days=self.random.randint(*course.days)), self.draw(course.becomes)

    def after_discharge(self, held: Held | None) -> Held:
        """What somebody is under in the community: with conditions, on a treatment order, in guardianship, or free."""
        if held is None:
            return FREE
        if is_restricted(*held) and usually_follows(held, CONDITIONAL):
            return CONDITIONAL if self.random.random() < SHARE_WITH_CONDITIONS else FREE
        return self.draw(DISCHARGED, after=held)


def may_return(held: Held | None) -> bool:
    """Whether somebody may be returned to prison from what holds (ss50 to 53)."""
    return bool(held and WAYS_BACK.get(held))


def is_for_the_court(held: Held | None) -> bool:
    """Whether only the court moves or discharges them."""
    return held is not None and rule_of(*held).kind == StatusKind.COURT
