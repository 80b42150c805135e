"""What a bed may be used for, and what is asked before it is held or taken."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.pages import long_date
from core.refusals import Refused
from pathways.codes import BedException, StatedGender

# Diagnostic groups by ICD-10 code, under the names that a ward's specialties have (ICD-10, chapter V: F60-F61
# personality disorders, F70-F79 mental retardation, F84 pervasive developmental disorders). A specialty that is none
# of these names, such as “deaf people”, cannot be held against a code.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("personality disorder", ("F60", "F61")),
    ("learning disability", ("F7",)),
    ("autism", ("F84",)),
    ("mental illness", ("F0", "F1", "F2", "F3", "F4", "F5")),
)

# Whom a single-sex ward takes. Whoever is not stated to be so, or not stated at all, needs a reason.
TAKES: dict[str, str] = {"men": StatedGender.MALE, "women": StatedGender.FEMALE}


@dataclass(frozen=True)
class Fit:
    """A bed and the person it is for, over the time that it is wanted.

    `ward_gender` is empty while the ward is designated to nothing, which is how a ward is closed. `then`: how they fit
    from an instant within that time on which the ward becomes for something else, or for nothing.
    """

    bed_is_in_use: bool = True
    service_is_open: bool = True
    bed_is_closed: bool = False
    ward_gender: str = "mixed"
    specialties: tuple[str, ...] = ()
    stated_gender: str = StatedGender.NOT_KNOWN
    diagnoses: tuple[str, ...] = ()
    meets_kept_apart: bool = False
    then: tuple[tuple[datetime, "Fit"], ...] = ()


@dataclass(frozen=True)
class FitCheck:
    """One thing that is asked. With an `exception` it may be overridden with a reason; without, it may not."""

    fails: Callable[[Fit], bool]
    sentence: str
    field: str | None = "bed"
    exception: str = ""

    def refusal_of(self, fit: Fit) -> str:
        """Why the bed is refused, with the day from which on where that is to come; empty where it is not."""
        if self.fails(fit):
            return self.sentence
        later = next((since for since, one in fit.then if self.fails(one)), None)
        return f"From {long_date(later)}: {self.sentence[0].lower()}{self.sentence[1:]}" if later else ""


PAST, NOW, TO_COME = "past", "now", "to come"

# What may be done about a use of a bed, by what it is and when.
ACTS: dict[tuple[str, str], frozenset[str]] = {
    ("held", NOW): frozenset({"change", "give_back"}),
    ("held", TO_COME): frozenset({"change", "give_back"}),
    ("occupied", NOW): frozenset({"move", "swap", "departure"}),
    ("leave", NOW): frozenset({"departure", "release"}),
    ("closed", NOW): frozenset({"reopen"}),
    ("closed", TO_COME): frozenset({"reopen"}),
}
# What may be done with a bed that its ward does not have now, except what is done about a use of it.
NOT_WHILE_OUT_OF_USE = frozenset({"hold", "take", "close"})


def time_of(use: Any, *, at: datetime) -> str:
    """Whether a use of a bed is over, goes on, or is to come."""
    if use.during.lower is not None and use.during.lower > at:
        return TO_COME
    return NOW if use.during.upper is None or use.during.upper > at else PAST


def acts_on(purpose: str, when: str) -> frozenset[str]:
    """What may be done about a use of a bed."""
    return ACTS.get((purpose, when), frozenset())


def groups_of(codes: Iterable[str]) -> frozenset[str]:
    """The diagnostic groups of ICD-10 codes."""
    return frozenset(name for name, begins in GROUPS for code in codes if code.upper().startswith(begins))


def _is_of_other_gender(fit: Fit) -> bool:
    takes = TAKES.get(fit.ward_gender)
    return takes is not None and fit.stated_gender != takes


def _is_of_other_specialty(fit: Fit) -> bool:
    """Nothing is held against somebody of whom no diagnosis is recorded."""
    wanted = {one.casefold() for one in fit.specialties} & {name for name, _ in GROUPS}
    known = groups_of(fit.diagnoses)
    return bool(wanted and known and not wanted & known)


# In this order; what may never be comes first. The sentence about people kept apart says neither who nor why.
FIT_CHECKS: tuple[FitCheck, ...] = (
    FitCheck(
        lambda fit: not fit.bed_is_in_use,
        "That bed is not in use for part of this time. Choose another bed or other dates.",
    ),
    FitCheck(
        lambda fit: not fit.service_is_open or not fit.ward_gender, "That ward is closed. Choose another bed."
    ),
    FitCheck(
        lambda fit: fit.bed_is_closed,
        "That bed is closed for part of this time. Choose another bed or other dates.",
    ),
    FitCheck(lambda fit: fit.meets_kept_apart, "Conflict on this ward: ask its security lead."),
    FitCheck(
        _is_of_other_gender,
        "This is a single-sex ward, and the person is not recorded as one it takes. Choose another bed, or say why.",
        "exception_why",
        BedException.GENDER,
    ),
    FitCheck(
        _is_of_other_specialty,
        "This ward is for people with other needs. Choose another bed, or say why.",
        "exception_why",
        BedException.SPECIALTY,
    ),
)


def check_fit(fit: Fit, *, exception_why: str = "") -> list[str]:
    """Refuse a bed that the person may not have; the exceptions that a reason was given for, to be kept and counted."""
    check_possible(fit)
    needed = [check for check in FIT_CHECKS if check.exception and check.refusal_of(fit)]
    if needed and not exception_why.strip():
        raise Refused(needed[0].refusal_of(fit), needed[0].field)
    return [str(check.exception) for check in needed]


def check_possible(fit: Fit) -> None:
    """Refuse what no reason would make right."""
    for check in FIT_CHECKS:
        if not check.exception and (refused := check.refusal_of(fit)):
            raise Refused(refused, check.field)


def reasons_needed(fit: Fit) -> list[str]:
    """The exceptions for which a reason would be asked."""
    return [str(check.exception) for check in FIT_CHECKS if check.exception and check.refusal_of(fit)]


def check_own_bed(*, acts_for_it: bool) -> None:
    """A bed is its own service's to give."""
    if not acts_for_it:
        raise Refused("Only the service whose bed it is can do this. Ring them.")


def check_concerns(*, is_concerned: bool) -> None:
    """A service holds its beds for people who are there, and for people about whom it is asked."""
    if not is_concerned:
        raise Refused("The person is not at this service, and it is not asked about them.", "patient")


def check_not_of_a_transfer(use: Any) -> None:
    """A bed that is held in a transfer is kept or given back there, where the prison is told of it."""
    if use.about_kind:
        raise Refused("This bed is held with a bed date. Change or withdraw the bed date instead.")


def check_bed_period(since: datetime, until: datetime | None) -> None:
    """An end comes after its beginning."""
    if until is not None and until <= since:
        raise Refused("The end must be after the beginning.", "until")


def check_use_is_hold(use: Any) -> None:
    """Only a hold that is still believed can be extended or released."""
    if use.purpose != "held" or use.superseded_at is not None:
        raise Refused("That bed is not held any more.")


def check_hold_runs(use: Any, *, now: datetime) -> None:
    """What has run out is not changed any more: the bed may be somebody else's by now."""
    check_use_is_hold(use)
    if use.during.upper <= now:
        raise Refused("This hold has run out. Hold the bed again.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one} is" if number == 1 else f"{number} {many} are"


def check_use_is_open(use: Any, *, purpose: str, at: datetime) -> None:
    """Only a use of its kind that has not ended can be ended."""
    ended = use.during.upper is not None and use.during.upper <= at
    if use.purpose != purpose or use.superseded_at is not None or ended:
        raise Refused("That has already ended.")


def check_in_bed(use: Any) -> None:
    """Only of somebody who is in the bed, or for whom it is kept, is a departure expected."""
    open_ended = use.superseded_at is None and use.during.upper is None
    if use.purpose not in ("occupied", "leave") or not open_ended:
        raise Refused("Nobody is in that bed any more. Look at it again.")


def check_not_taken_later(*, is_taken: bool) -> None:
    """A bed that is promised, or to be closed, from a day on is held at most until then."""
    if is_taken:
        raise Refused("That bed is taken for part of this time. Choose another bed or other dates.", "until")


def check_departure(until: datetime | None, *, since: datetime, claimed_from: datetime | None) -> None:
    """A departure is after the arrival, and not later than the bed is held for the next person or closed."""
    if until is not None and until <= since:
        raise Refused("The departure must be after the arrival.", "on")
    if claimed_from is not None and (until is None or until > claimed_from):
        raise Refused("The bed is held for somebody or closed before that. Change that first.", "on")


def check_can_be_closed(use: Any, *, since: datetime, now: datetime) -> None:
    """A bed that somebody is in can be closed from when they are expected to leave it, where that is still to come."""
    leaves = use.expected_end_at if use.during.upper is None else None
    if leaves is None or not now < leaves <= since:
        raise Refused(
            "Somebody is in that bed for part of this time. Choose other dates, or say first when they are expected "
            "to leave.",
            "since",
        )


def check_not_promised(*, is_promised: bool, is_closed: bool) -> None:
    """A bed is not closed for a time for which it is held for somebody, or closed already."""
    if is_promised:
        raise Refused(
            "The bed is held for somebody in this time. Give that back first, or choose other dates.", "since"
        )
    if is_closed:
        raise Refused("The bed is closed already for part of this time. Choose other dates.", "since")


def check_swap(one: Any, other: Any) -> None:
    """Two people who are each in a bed of one service can swap them."""
    for use in (one, other):
        if use.purpose != "occupied" or use.superseded_at is not None or use.during.upper is not None:
            raise Refused("Only two beds with somebody in them can be swapped. Look at them again.")
    if one.pk == other.pk:
        raise Refused("Choose another bed.", "other")
    if one.bed.ward.service_id != other.bed.ward.service_id:
        raise Refused("That bed belongs to another service.", "other")


def check_occupant_on_ward(placement: Any, bed: Any) -> None:
    """A person sleeps where they are: on a ward of the service that has them."""
    if placement is None or placement.service_id != bed.ward.service_id:
        raise Refused("The person is not at the service that this bed belongs to. Move them there first.")


def check_bed_in_use(*, is_in_use: bool) -> None:
    """A bed that the ward does not have cannot be closed."""
    if not is_in_use:
        raise Refused("That bed is not in use for part of this time. Choose other dates.", "since")


def check_can_be_given_up(*, is_given_up: bool, is_promised: bool) -> None:
    """A bed is given up once, and not while it is held for somebody for the time after."""
    if is_given_up:
        raise Refused("That bed is given up already.", "since")
    if is_promised:
        raise Refused("The bed is held for somebody after that. Give up the hold first.", "since")


def check_ward_is_left(*, people: int, holds: int) -> None:
    """A ward is closed once nobody is on it and no bed of it is held. `people`: those not expected to have left."""
    if people:
        raise Refused(
            f"{_count(people, 'person', 'people')} on this ward for part of that time. Move them, or say first "
            "when they are expected to leave their beds.",
            "since",
        )
    if holds:
        raise Refused(
            f"{_count(holds, 'bed', 'beds')} held on this ward after that. Give up the holds first.", "since"
        )


def check_hold_is_to_come(until: datetime, *, now: datetime) -> None:
    """A hold that is already over helps nobody."""
    if until <= now:
        raise Refused("The hold would already be over. Choose a later date.", "until")
