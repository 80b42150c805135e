"""Every legal status: what ends it and what usually follows (domain.md 1.5 and 1.8).

The sections named were read in the Mental Health Act 1983, except where `is_sure` is False: those rows prompt and
refuse nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pathways.codes import LegalForm, Limb, MhsdsLegalStatus

S = MhsdsLegalStatus


class Held(NamedTuple):
    """By what right somebody is held: the national code, and the limb of section 48 or the form it does not say."""

    code: str
    variant: str = ""


class StatusKind(StrEnum):
    """Statuses that the law treats alike."""

    NONE = "none"
    ASSESSMENT = "assessment"
    HOLDING = "holding power"
    TREATMENT = "treatment or hospital order without restrictions"
    COURT = "the court’s own remand or interim order"
    RESTRICTED = "restricted"
    CONDITIONAL_DISCHARGE = "conditional discharge"
    COMMUNITY_TREATMENT = "community treatment order"
    RECALLED = "recalled from a community treatment order"
    GUARDIANSHIP = "guardianship"
    NOT_KNOWN = "not known"
    RETIRED = "no longer in use"


DETAINING = frozenset(
    {
        StatusKind.ASSESSMENT,
        StatusKind.HOLDING,
        StatusKind.TREATMENT,
        StatusKind.COURT,
        StatusKind.RESTRICTED,
        StatusKind.RECALLED,
    }
)
RESTRICTING = frozenset({StatusKind.RESTRICTED, StatusKind.CONDITIONAL_DISCHARGE})


@dataclass(frozen=True)
class StatusRule:
    """What the law says of one status."""

    kind: StatusKind
    ends_by: tuple[str, ...]
    may_follow: frozenset[Held]
    is_sure: bool = True

    @property
    def is_restricted(self) -> bool:
        """Whether the Ministry must agree to what is planned."""
        return self.kind in RESTRICTING

    @property
    def detains(self) -> bool:
        """Whether it is an authority to detain in hospital."""
        return self.kind in DETAINING


def _held(*codes: str) -> frozenset[Held]:
    return frozenset(map(Held, codes))


CONDITIONAL = Held(S.NOT_APPLICABLE, LegalForm.CONDITIONAL_DISCHARGE)
CTO = Held(S.NOT_APPLICABLE, LegalForm.COMMUNITY_TREATMENT)
RECALLED = Held(S.NOT_APPLICABLE, LegalForm.RECALLED)
INSANITY_RESTRICTED = Held(S.INSANITY_ACT, LegalForm.WITH_RESTRICTIONS)

_OUT = _held(S.INFORMAL, S.NOT_APPLICABLE)
_CIVIL = _OUT | _held(S.S2, S.S3)
_INSANITY = _held(S.INSANITY_ACT) | {INSANITY_RESTRICTED}
_ORDERS = _held(S.S37, S.S37_41, S.S45A)
_COURT = _ORDERS | _held(S.S38) | _INSANITY
_SENTENCED = _held(S.S47, S.S47_49)
# What somebody was held under before a community treatment order, and is again once it is revoked, section 17G.
_BEFORE_CTO = _held(S.S3, S.S37, S.S47, S.S45A_ENDED)
_UNRESTRICTED_ENDS = (
    "authority not renewed, section 20",
    "discharge, section 23 or 72",
    "community treatment order, section 17A",
)

_CROWN_REMAND = StatusRule(
    StatusKind.RESTRICTED,
    (
        "disposal by the court, section 51(2)",
        "return to prison by warrant, section 51(3)",
        "return to prison or bail by the court, section 51(4)",
        "hospital order without conviction, section 51(5)",
    ),
    _COURT | _SENTENCED | _CIVIL,
)
_MAGISTRATES_REMAND = StatusRule(
    StatusKind.RESTRICTED,
    (
        "end of the remand, unless sent to the Crown Court, section 52(2) and (6)",
        "direction of the magistrates’ court, section 52(5)",
    ),
    _COURT | _SENTENCED | _CIVIL | {Held(S.S48_49, Limb.CROWN_REMAND)},
)
_LIABILITY_ENDS = "end of liability to detention in the place left, section 53(1)"
_LIABLE_RESTRICTED = StatusRule(
    StatusKind.RESTRICTED, (_LIABILITY_ENDS, "return by warrant, section 53(2)"), _CIVIL
)
_LIABLE = StatusRule(StatusKind.TREATMENT, (_LIABILITY_ENDS,), _CIVIL)
_COURT_REMAND_ENDS = ("the court; 28 days at a time, 12 weeks in all",)
_RETIRED = StatusRule(StatusKind.RETIRED, (), frozenset(), is_sure=False)

STATUSES: dict[Held, StatusRule] = {
    Held(S.INFORMAL): StatusRule(
        StatusKind.NONE, ("the person leaves",), _CIVIL | _held(S.S5_2, S.S5_4, S.S4), is_sure=False
    ),
    Held(S.S2): StatusRule(
        StatusKind.ASSESSMENT,
        ("28 days, section 2(4)", "discharge, section 23 or 72"),
        _OUT | _held(S.S3),
    ),
    Held(S.S3): StatusRule(StatusKind.TREATMENT, _UNRESTRICTED_ENDS, _OUT | {CTO} | _held(S.S7)),
    Held(S.S4): StatusRule(
        StatusKind.ASSESSMENT,
        ("72 hours, unless a second recommendation makes it section 2, section 4(4)",),
        _OUT | _held(S.S2, S.S3),
    ),
    Held(S.S5_2): StatusRule(StatusKind.HOLDING, ("72 hours, section 5(2)",), _OUT | _held(S.S2, S.S3)),
    Held(S.S5_4): StatusRule(
        StatusKind.HOLDING,
        ("6 hours or the doctor’s arrival, section 5(4)",),
        _OUT | _held(S.S5_2, S.S2, S.S3),
    ),
    Held(S.S35): StatusRule(StatusKind.COURT, _COURT_REMAND_ENDS, _COURT | _CIVIL | _held(S.S36)),
    Held(S.S36): StatusRule(StatusKind.COURT, _COURT_REMAND_ENDS, _COURT | _CIVIL),
    Held(S.S37_41): StatusRule(
        StatusKind.RESTRICTED,
        ("the Secretary of State, section 42", "the tribunal, section 73"),
        _OUT | _held(S.S37) | {CONDITIONAL},
    ),
    Held(S.S37): StatusRule(StatusKind.TREATMENT, _UNRESTRICTED_ENDS, _OUT | {CTO} | _held(S.S3, S.S7)),
    Held(S.S38): StatusRule(
        StatusKind.COURT,
        ("the court’s final disposal; 12 weeks, then 28 days at a time, 12 months in all, section 38(5)",),
        _ORDERS | _held(S.NOT_APPLICABLE),
    ),
    Held(S.S44): StatusRule(
        StatusKind.RESTRICTED,
        ("disposal by the Crown Court, section 44(3)",),
        _ORDERS | _held(S.S38, S.NOT_APPLICABLE),
    ),
    Held(S.S46): _RETIRED,
    Held(S.S47_49): StatusRule(
        StatusKind.RESTRICTED,
        (
            "return to prison or release, section 50(1)",
            "release date: the restrictions end and section 47 goes on, section 50(2)",
        ),
        _held(S.S47, S.NOT_APPLICABLE),
    ),
    Held(S.S47): StatusRule(StatusKind.TREATMENT, _UNRESTRICTED_ENDS, _CIVIL | {CTO}),
    # Of a limb that is not known: what may be true of any that goes with the code.
    Held(S.S48_49): StatusRule(
        StatusKind.RESTRICTED,
        (*_CROWN_REMAND.ends_by, *_MAGISTRATES_REMAND.ends_by, *_LIABLE_RESTRICTED.ends_by),
        _CROWN_REMAND.may_follow,
    ),
    Held(S.S48_49, Limb.CROWN_REMAND): _CROWN_REMAND,
    Held(S.S48_49, Limb.MAGISTRATES_REMAND): _MAGISTRATES_REMAND,
    Held(S.S48_49, Limb.CIVIL): _LIABLE_RESTRICTED,
    Held(S.S48_49, Limb.IMMIGRATION): _LIABLE_RESTRICTED,
    Held(S.S48): _LIABLE,
    Held(S.S48, Limb.CIVIL): _LIABLE,
    Held(S.S48, Limb.IMMIGRATION): _LIABLE,
    Held(S.S135): StatusRule(
        StatusKind.HOLDING, ("24 hours, section 136(2A)",), _OUT | _held(S.S2, S.S3), is_sure=False
    ),
    Held(S.S136): StatusRule(
        StatusKind.HOLDING, ("24 hours, section 136(2A)",), _OUT | _held(S.S2, S.S3), is_sure=False
    ),
    Held(S.INSANITY_ACT): StatusRule(
        StatusKind.TREATMENT, _UNRESTRICTED_ENDS, _OUT | {CTO} | _held(S.S3), is_sure=False
    ),
    INSANITY_RESTRICTED: StatusRule(
        StatusKind.RESTRICTED,
        ("the Secretary of State, section 42", "the tribunal, section 73", "remission for trial"),
        _OUT | _held(S.INSANITY_ACT) | {CONDITIONAL},
        is_sure=False,
    ),
    Held(S.OTHER_ACTS): StatusRule(StatusKind.NOT_KNOWN, (), frozenset(), is_sure=False),
    Held(S.SUPERVISED_DISCHARGE): _RETIRED,
    Held(S.OLD_S45A): _RETIRED,
    Held(S.S7): StatusRule(
        StatusKind.GUARDIANSHIP, ("authority not renewed, section 20", "discharge, section 23"), _CIVIL, False
    ),
    Held(S.S37_GUARDIANSHIP): StatusRule(
        StatusKind.GUARDIANSHIP, ("authority not renewed, section 20", "discharge, section 23"), _CIVIL, False
    ),
    Held(S.S45A): StatusRule(
        StatusKind.RESTRICTED,
        (
            "return to prison or release, section 50(1) by section 50(5)",
            "release date: the limitation direction ends, section 50(2) by section 50(5)",
        ),
        _held(S.S45A_ENDED, S.NOT_APPLICABLE),
    ),
    Held(S.S45A_ENDED): StatusRule(StatusKind.TREATMENT, _UNRESTRICTED_ENDS, _CIVIL | {CTO}),
    Held(S.NOT_APPLICABLE): StatusRule(StatusKind.NONE, (), frozenset(), is_sure=False),
    CONDITIONAL: StatusRule(
        StatusKind.CONDITIONAL_DISCHARGE,
        (
            "recall to the hospital that the warrant names, section 42(3)",
            "absolute discharge, section 42(2) or 75",
            "end of the restriction order, section 42(5)",
        ),
        _held(S.S37_41, S.NOT_APPLICABLE) | {INSANITY_RESTRICTED},
    ),
    CTO: StatusRule(
        StatusKind.COMMUNITY_TREATMENT,
        (
            "authority not renewed, section 20A",
            "discharge, section 23 or 72",
            "revoked after recall, section 17F",
        ),
        _OUT | {RECALLED} | _BEFORE_CTO,
        is_sure=False,
    ),
    RECALLED: StatusRule(
        StatusKind.RECALLED,
        (
            "the order is revoked: the section before it goes on, section 17F(4)",
            "release: the order goes on, section 17F(5)",
            "72 hours from the arrival in hospital, section 17F(6)",
            "discharge, section 23 or 72",
        ),
        _OUT | {CTO} | _BEFORE_CTO,
        is_sure=False,
    ),
    Held(S.NOT_KNOWN): StatusRule(StatusKind.NOT_KNOWN, (), frozenset(), is_sure=False),
}


def held_of(status: Any) -> Held:
    """The key into the tables of a recorded status; of nothing recorded, “not known”."""
    return Held(S.NOT_KNOWN) if status is None else Held(status.code, status.limb or status.form)


def rule_of(code: str, variant: str = "") -> StatusRule:
    """What the law says of a status; of an unusual variant what it says of the code."""
    return STATUSES.get(Held(code, variant)) or STATUSES[Held(code)]


def is_restricted(code: str, variant: str = "") -> bool:
    """Whether the Ministry must agree to leave, transfer and discharge."""
    return rule_of(code, variant).is_restricted


def usually_follows(before: Held, after: Held) -> bool:
    """Whether one status usually follows another. A page asks and prompts; nothing is refused for it.

    Of a status of which nothing is known to follow, anything may.
    """
    follow = rule_of(*before).may_follow
    of_the_code = after.variant in Limb.values and Held(after.code) in follow
    return not follow or after in follow or of_the_code
