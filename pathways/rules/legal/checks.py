"""What may be recorded about the law that somebody is held under."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from core.refusals import Refused
from pathways.codes import LegalForm, Limb, MhsdsLegalStatus
from pathways.rules.legal.statuses import Held, StatusKind, rule_of

S = MhsdsLegalStatus

# Whole years between which a date that matters may lie: longer than any sentence's minimum term is set ahead, and back
# to the hearings that somebody in hospital for many years is still held by.
YEARS_BACK, YEARS_AHEAD = 30, 60

FORMS_OF: dict[str, frozenset[str]] = {
    S.NOT_APPLICABLE: frozenset(
        {LegalForm.CONDITIONAL_DISCHARGE, LegalForm.COMMUNITY_TREATMENT, LegalForm.RECALLED}
    ),
    S.INSANITY_ACT: frozenset({LegalForm.WITH_RESTRICTIONS}),
}
# A court's order under which a person is to be admitted to hospital within 28 days beginning with the order (s37(4),
# s38(4), s40(1), (3); s45A(5) not read), and a remand to hospital within seven (s35(4), s36(3)).
ADMITTED_WITHIN_28 = frozenset({S.S37, S.S37_41, S.S38, S.S45A})
ADMITTED_WITHIN_7 = frozenset({S.S35, S.S36})
# Whom the end of a remand concerns: s52(2) for section 48(2)(b); a prisoner who waits; s35 and s36. The Crown Court's
# remand under section 48(2)(a) ends with its disposal, s51(2).
ENDS_WITH_REMAND = frozenset(
    {
        Held(S.S48_49),
        Held(S.S48_49, Limb.MAGISTRATES_REMAND),
        Held(S.S35),
        Held(S.S36),
        Held(S.NOT_APPLICABLE),
        Held(S.NOT_KNOWN),
    }
)
# Restrictions of these end on the release date, s50(2) and (5).
RESTRICTED_UNTIL_RELEASE = frozenset({S.S47_49, S.S45A})


def check_legal_status(code: str, limb: str = "", form: str = "") -> None:
    """A code of the national list; the limbs (a) to (d) are section 48's, and (a) and (b) are always restricted."""
    if code not in S.values:
        raise Refused("Choose a legal status from the list.", "code")
    if rule_of(code).kind == StatusKind.RETIRED:
        raise Refused("This legal status is no longer in use. Choose the one that took its place.", "code")
    if limb and limb not in Limb.values:
        raise Refused("Choose a limb of section 48 from the list.", "limb")
    if limb and code not in (S.S48, S.S48_49):
        raise Refused("Only section 48 has limbs (a) to (d).", "limb")
    if code == S.S48 and limb in (Limb.CROWN_REMAND, Limb.MAGISTRATES_REMAND):
        raise Refused("Restrictions under section 49 always go with section 48(2)(a) and (b).", "code")
    if form and form not in FORMS_OF.get(code, ()):
        raise Refused("That does not go with this legal status.", "form")


def check_status_ends(since: date, last_day: date, *, today: date) -> None:
    """A legal status ends on a day from its first to today."""
    if last_day < since:
        raise Refused("The last day is before the first.", "last_day")
    if last_day > today:
        raise Refused("The last day must be today or in the past.", "last_day")


# What says nothing of why somebody may be kept in hospital.
SAYS_NOTHING = (S.NOT_APPLICABLE, S.NOT_KNOWN)


def says_what_holds(status: Any) -> bool:
    """Whether a status says why somebody may be in hospital, be it by their own choice."""
    return status.code not in SAYS_NOTHING or bool(status.form)


def check_says_what_holds(code: str, form: str, *, since: date, hospital_since: date | None) -> None:
    """Somebody who is detained in hospital and stays there is held under something else, or stays of their own will.

    The alarm of an authority that runs out ends with what takes its place, never with “not known”. `hospital_since`:
    the day since which they have not left hospital, or None. At a general hospital or at large they have not left it.
    """
    if code in SAYS_NOTHING and not form and hospital_since is not None and hospital_since <= since:
        raise Refused(
            "They are in hospital, or only away from it. Say what they are held under now: “informal” if they stay by "
            "their own choice. If they have left for good, record where they are first.",
            "code",
        )


def check_ends_outside_hospital(hospital_since: date | None) -> None:
    """In hospital one legal status follows another: to end one alone would silence the alarm and say nothing.

    `hospital_since`: see `check_says_what_holds`.
    """
    if hospital_since is not None:
        raise Refused(
            "They are in hospital, or only away from it. Record the legal status that follows: “informal” if they stay "
            "by their own choice. If they have left for good, record where they are first."
        )


def check_lapse_followed(*, of_remand: bool, is_held: bool) -> None:
    """The alarm of a remand or a court's order that has lapsed in custody ends only with what holds them now.

    `is_held`: under a status that detains, or to a date of a remand or sentence that is to come.
    """
    if not is_held:
        raise Refused(
            f"The {'remand has expired' if of_remand else 'court’s order has lapsed'} and they are in custody. Record "
            "first what holds them now: the court’s new order, the date to which they are remanded, or the date of "
            "release or parole of their sentence. If they have been released, record that."
        )


def check_still_open(status: Any) -> None:
    """Only a status that holds now is ended, renewed or reported on."""
    if status.superseded_at is not None or status.during.upper is not None:
        raise Refused("This legal status has ended or was corrected. Look at it again.")


def check_neighbour(begins: date | None, ends: date | None) -> None:
    """A correction leaves at least a day of the status before and of the one after."""
    if begins is None or (ends is not None and ends <= begins):
        raise Refused(
            "That would leave no day of the legal status beside it. Correct that one first.", "since"
        )


def check_reported(on: date, *, is_restricted: bool, since: date, today: date) -> None:
    """A yearly report is made on somebody restricted, after the last one, by today."""
    if not is_restricted:
        raise Refused("Only a restricted person is reported on every year.")
    check_not_after(on, today, "on")
    if on < since:
        raise Refused("This is before the last report, or before the legal status began.", "on")


def check_authority_ends(during: Any, last_day: date) -> None:
    """An authority that is ended ends on a day of its own period, before it would have."""
    if last_day < during.lower:
        raise Refused("The last day is before the first.", "last_day")
    if during.upper is not None and last_day + timedelta(days=1) >= during.upper:
        raise Refused("It ends by then already.", "last_day")


def check_not_settled(missing: Any) -> None:
    """What is settled is settled once."""
    if missing.settled_at is not None:
        raise Refused("This is settled already.")


def check_not_after(on: date, today: date, field: str) -> None:
    """What has happened happened by today."""
    if on > today:
        raise Refused("The date must be today or in the past.", field)


def check_key_date_kind(kind: str, kinds: Collection[str]) -> None:
    """One of the dates that matter."""
    if kind not in kinds:
        raise Refused("Choose what the date is from the list.", "kind")


def check_key_date_near(on: date, *, today: date) -> None:
    """A date that matters is not so far off that only a slip of the finger explains it."""
    if not today.year - YEARS_BACK <= on.year <= today.year + YEARS_AHEAD:
        raise Refused(
            f"Check the year: the date must be within {YEARS_BACK} years before and {YEARS_AHEAD} years after today.",
            "on",
        )


def check_key_date_differs(before: date, now: date) -> None:
    """A correction says something else."""
    if before == now:
        raise Refused("That is the date that is recorded. Change it, or go back.", "on")
