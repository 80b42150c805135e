"""The ways back to prison, or to another place of detention, by the basis on which somebody came."""

from dataclasses import dataclass
from datetime import date

from core.refusals import Refused
from pathways.codes import AuthorityKind, Limb, MhsdsLegalStatus
from pathways.rules.legal.statuses import Held

S = MhsdsLegalStatus


@dataclass(frozen=True)
class RemissionBasis:
    """One way back: its section, whose decision it is, and until when it is open."""

    section: str
    decided_by: AuthorityKind
    words: str
    until: str


_RELEASE = "the release date"
_BY_WARRANT = "the Secretary of State directs it by warrant"
S50_1 = RemissionBasis("50(1)", AuthorityKind.WARRANT, _BY_WARRANT, _RELEASE)
S50_1_BY_50_5 = RemissionBasis("50(1) by 50(5)", AuthorityKind.WARRANT, _BY_WARRANT, _RELEASE)
S51_3 = RemissionBasis("51(3)", AuthorityKind.WARRANT, _BY_WARRANT, "the court’s disposal")
S51_4 = RemissionBasis("51(4)", AuthorityKind.COURT, "the court orders it", "the court’s disposal")
S52_5 = RemissionBasis(
    "52(5)", AuthorityKind.COURT, "the magistrates’ court directs it", "the end of the remand"
)
S53_2 = RemissionBasis("53(2)", AuthorityKind.WARRANT, _BY_WARRANT, "the end of liability to detention")

# Mental Health Act 1983 ss50 to 53, section text read. The usual way first.
WAYS_BACK: dict[Held, tuple[RemissionBasis, ...]] = {
    Held(S.S47_49): (S50_1,),
    Held(S.S45A): (S50_1_BY_50_5,),
    Held(S.S48_49, Limb.CROWN_REMAND): (S51_3, S51_4),
    Held(S.S48_49, Limb.MAGISTRATES_REMAND): (S52_5,),
    Held(S.S48_49, Limb.CIVIL): (S53_2,),
    Held(S.S48_49, Limb.IMMIGRATION): (S53_2,),
}

# Why there is no way back, where somebody might look for one.
NO_WAY_BACK: dict[str, str] = {
    S.S47: (
        "Section 47 without restrictions, a “notional section 37” among them, cannot be ended by return to prison: "
        "section 50 needs a restriction direction that is still in force."
    ),
    S.S45A_ENDED: (
        "The limitation direction has ended, so section 50(5) no longer allows a return to prison. "
        "The person is discharged or stays."
    ),
    S.S48: (
        "Section 48 without restrictions cannot be ended by return: section 53(2) needs a restriction direction. "
        "It ends when liability to detention does, section 53(1)."
    ),
    S.S48_49: "Say first to which group of section 48 the person belongs: the way back is different for each.",
    S.S35: "Only the court ends a remand under section 35.",
    S.S36: "Only the court ends a remand under section 36.",
    S.S38: "Only the court ends an interim hospital order, section 38(5).",
    S.S44: "Only the Crown Court ends a committal to hospital, section 44(3).",
}
_NOT_FROM_PRISON = "Nobody is returned to prison from this legal status. Check the legal status first."


def remission_basis(code: str, limb: str = "") -> tuple[RemissionBasis, ...]:
    """The ways by which somebody may be returned, the usual first; refused, with the reason, where there is none."""
    ways = WAYS_BACK.get(Held(code, limb)) or WAYS_BACK.get(Held(code), ())
    if not ways:
        raise Refused(NO_WAY_BACK.get(code, _NOT_FROM_PRISON))
    return ways


def check_remission(code: str, limb: str = "", *, on: date, release_on: date | None) -> None:
    """Refuse a return for which there is no basis, or by section 50 on or after the release date (s50(1) to (3))."""
    ways = remission_basis(code, limb)
    if release_on is not None and on >= release_on and any(way.until == _RELEASE for way in ways):
        raise Refused(
            "The release date has come: the restrictions have ended, and nobody is returned after it.", "on"
        )
