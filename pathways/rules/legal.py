"""By what right people are held: what ends a legal status and what usually follows it (domain.md 1.8).

The tables prompt; they refuse nothing but what the Act makes impossible.
"""

from collections.abc import Collection
from datetime import date

from core.refusals import Refused
from pathways.codes import Limb, MhsdsLegalStatus

S = MhsdsLegalStatus

# Section 41 or 49 restrictions, s44 among them; a limitation direction restricts while it is in force.
RESTRICTED_CODES = frozenset({S.S37_41, S.S44, S.S47_49, S.S48_49, S.S45A})

# What ends each status that a prison transfer makes or meets, with its source in the Act.
ENDS_BY: dict[str, tuple[str, ...]] = {
    S.S48_49: (
        "disposal by the court, section 51(2)",
        "return to prison by warrant, section 51(3), or by the court, section 51(4)",
        "end of the remand, section 52(2)",
        "end of liability to detention, section 53(1)",
    ),
    S.S48: ("end of liability to detention, section 53(1)",),
    S.S47_49: ("return to prison or release, section 50(1)", "release date, section 50(2)"),
    S.S47: ("renewal", "discharge", "community treatment order"),
    S.S45A: ("return to prison or release, section 50(5)",),
    S.S38: ("the court’s final disposal; 12 weeks, then 28 days at a time, 12 months in all",),
    S.S35: ("the court; 28 days at a time, 12 weeks in all",),
    S.S36: ("the court; 28 days at a time, 12 weeks in all",),
    S.S37_41: ("the Secretary of State, section 42", "the tribunal, section 73"),
}

_CIVIL = frozenset({S.INFORMAL, S.S2, S.S3, S.NOT_APPLICABLE})
_COURT = frozenset({S.S37, S.S37_41, S.S38, S.S45A, S.INSANITY_ACT})
_SENTENCED = frozenset({S.S47, S.S47_49})

MAY_FOLLOW: dict[str, frozenset[str]] = {
    S.S48_49: _COURT | _SENTENCED | _CIVIL,
    S.S48: _CIVIL,
    S.S47_49: _CIVIL | {S.S47},
    S.S47: _CIVIL,
    S.S45A: _CIVIL | {S.S45A_ENDED},
    S.S38: _COURT - {S.S38, S.INSANITY_ACT} | {S.NOT_APPLICABLE},
    S.S35: _COURT | {S.S36} | _CIVIL,
    S.S36: _COURT | _CIVIL,
    S.S37_41: _CIVIL | {S.S37},
}


def is_restricted(code: str) -> bool:
    """Whether the Ministry must agree to leave, transfer and discharge."""
    return code in RESTRICTED_CODES


def usually_follows(before: str, after: str) -> bool:
    """Whether one status usually follows another. A page asks and prompts; nothing is refused for it."""
    return before not in MAY_FOLLOW or after in MAY_FOLLOW[before] or before == after


def check_legal_status(code: str, limb: str) -> None:
    """A code of the national list; the limbs (a) to (d) are section 48's, and (a) and (b) are always restricted."""
    if code not in S.values:
        raise Refused("Choose a legal status from the list.", "code")
    if limb and limb not in Limb.values:
        raise Refused("Choose a limb of section 48 from the list.", "limb")
    if limb and code not in (S.S48, S.S48_49):
        raise Refused("Only section 48 has limbs (a) to (d).", "limb")
    if code == S.S48 and limb in (Limb.CROWN_REMAND, Limb.MAGISTRATES_REMAND):
        raise Refused("Restrictions under section 49 always go with section 48(2)(a) and (b).", "code")


def check_status_follows(before: date, since: date) -> None:
    """A legal status begins on or after the day on which the present one began."""
    if since < before:
        raise Refused("This is before the present legal status began. Check the date.", "since")


def check_key_date_kind(kind: str, kinds: Collection[str]) -> None:
    """One of the dates that matter."""
    if kind not in kinds:
        raise Refused("Choose what the date is from the list.", "kind")
