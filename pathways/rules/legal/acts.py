"""Whose authority each act needs, by the legal status that somebody has. Planning asks; recording never does.

Section 41(3) of the Mental Health Act 1983 was read, and applies to section 49 by s49(2), to section 44 by s44(3).
What was not read (`is_sure` False) prompts: it refuses nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from core.refusals import Refused
from pathways.codes import Act, AuthorityKind, MhsdsLegalStatus
from pathways.rules.legal.remission import NO_WAY_BACK, WAYS_BACK
from pathways.rules.legal.statuses import STATUSES, Held, StatusKind, held_of

K = AuthorityKind
S = MhsdsLegalStatus


class Agrees(StrEnum):
    """Who must agree."""

    NOBODY = "nobody"
    CLINICIAN = "the responsible clinician"
    MINISTRY = "the Ministry of Justice"
    COURT = "the court"
    IMPOSSIBLE = "nobody can"


@dataclass(frozen=True)
class Needed:
    """Who must agree to an act, which kinds of authority on record show it, and where the law says so.

    `sentence` is what whoever plans without it is told.
    """

    agrees: Agrees
    source: str
    kinds: frozenset[AuthorityKind] = frozenset()
    sentence: str = ""
    is_sure: bool = True

    @property
    def needs_record(self) -> bool:
        """Whether an authority must be on record, or none could be."""
        return self.agrees in (Agrees.MINISTRY, Agrees.COURT, Agrees.IMPOSSIBLE)


LEAVES = (Act.ESCORTED_LEAVE, Act.UNESCORTED_LEAVE, Act.OVERNIGHT_LEAVE, Act.TRIAL_LEAVE)
# What the acts are called inside a sentence.
IN_WORDS = {
    Act.ESCORTED_LEAVE: "Escorted leave",
    Act.UNESCORTED_LEAVE: "Unescorted leave",
    Act.OVERNIGHT_LEAVE: "Overnight leave",
    Act.TRIAL_LEAVE: "Trial leave",
    Act.COURT_ATTENDANCE: "Attendance at court",
    Act.TRANSFER: "Transfer to another hospital",
    Act.CONDITIONAL_DISCHARGE: "Conditional discharge",
    Act.DISCHARGE: "Discharge",
    Act.COMMUNITY_TREATMENT: "A community treatment order",
    Act.REMISSION: "Return to prison",
    Act.RECALL: "Recall to hospital",
}
_STANDING = frozenset({K.MINISTRY_SPECIFIC, K.MINISTRY_STANDING})
_BY_WARRANT = frozenset({K.MINISTRY_SPECIFIC, K.WARRANT})


def _nobody(source: str = "") -> Needed:
    return Needed(Agrees.NOBODY, source)


def _clinician(source: str, *, is_sure: bool = True) -> Needed:
    return Needed(Agrees.CLINICIAN, source, is_sure=is_sure)


def _ministry(act: Act, source: str, kinds: frozenset[AuthorityKind], *, also: str = "") -> Needed:
    return Needed(
        Agrees.MINISTRY,
        source,
        kinds,
        f"{IN_WORDS[act]} of a restricted person needs the agreement of the Ministry of Justice{also}, {source}. "
        "Record the authority first.",
    )


def _court(act: Act, source: str, *, is_sure: bool) -> Needed:
    return Needed(
        Agrees.COURT,
        source,
        frozenset({K.COURT}),
        f"{IN_WORDS[act]} is for the court to decide, {source}. Record its decision first.",
        is_sure,
    )


def _impossible(source: str, sentence: str, *, is_sure: bool = True) -> Needed:
    return Needed(Agrees.IMPOSSIBLE, source, frozenset(), sentence, is_sure)


_ONLY_RESTRICTED = _impossible(
    "section 42(2)", "Only somebody restricted is discharged with conditions, section 42(2) or 73."
)
_NO_CTO = (
    "A community treatment order follows section 3 or a hospital order without restrictions, section 17A."
)


def _restricted(held: Held) -> dict[Act, Needed]:
    """Section 41(3): (aa) no community treatment order; (c) leave, transfer and discharge only with consent."""
    by_court = frozenset({K.COURT}) if held.code in (S.S48_49, S.S44) else frozenset()
    discharge = _BY_WARRANT | {K.TRIBUNAL} | by_court
    instead = ", or the decision of a tribunal"
    return {
        **{act: _ministry(act, "section 41(3)(c)(i)", _STANDING) for act in LEAVES},
        # Away from the hospital it is leave like other leave; that the court has ordered it shows why it may be.
        Act.COURT_ATTENDANCE: _ministry(
            Act.COURT_ATTENDANCE,
            "section 41(3)(c)(i)",
            _STANDING | {K.COURT},
            also=", or the order of the court",
        ),
        Act.TRANSFER: _ministry(Act.TRANSFER, "section 41(3)(c)(ii)", _STANDING | {K.WARRANT}),
        Act.DISCHARGE: _ministry(Act.DISCHARGE, "section 41(3)(c)(iii)", discharge, also=instead),
        Act.CONDITIONAL_DISCHARGE: _ministry(
            Act.CONDITIONAL_DISCHARGE, "section 42(2) or 73", _BY_WARRANT | {K.TRIBUNAL}, also=instead
        ),
        Act.COMMUNITY_TREATMENT: _impossible(
            "section 41(3)(aa)",
            "A community treatment order is not possible for a restricted person, section 41(3)(aa).",
        ),
    }


def _treatment(held: Held) -> dict[Act, Needed]:
    """Section 3 and hospital orders without restrictions: the responsible clinician's own powers."""
    return {
        **{act: _clinician("section 17") for act in (*LEAVES, Act.COURT_ATTENDANCE)},
        Act.TRANSFER: _clinician("section 19"),
        Act.DISCHARGE: _clinician("section 23"),
        Act.CONDITIONAL_DISCHARGE: _ONLY_RESTRICTED,
        Act.COMMUNITY_TREATMENT: _clinician(
            "section 17A, with an approved mental health professional", is_sure=False
        ),
    }


def _assessment(held: Held) -> dict[Act, Needed]:
    return {**_treatment(held), Act.COMMUNITY_TREATMENT: _impossible("section 17A", _NO_CTO, is_sure=False)}


def _holding(held: Held) -> dict[Act, Needed]:
    none = _impossible("section 17", "Nobody is sent on leave or moved under a holding power.", is_sure=False)
    return {
        **dict.fromkeys(LEAVES, none),
        Act.COURT_ATTENDANCE: _clinician("", is_sure=False),
        Act.TRANSFER: none,
        Act.DISCHARGE: _clinician("", is_sure=False),
        Act.CONDITIONAL_DISCHARGE: _ONLY_RESTRICTED,
        Act.COMMUNITY_TREATMENT: _impossible("section 17A", _NO_CTO, is_sure=False),
    }


def _by_the_court(held: Held) -> dict[Act, Needed]:
    """Sections 35, 36 and 38: the clinician may not give leave or transfer (Code of Practice, ch. 27, not read)."""
    source = {S.S35: "section 35(7)", S.S36: "section 36(6)", S.S38: "section 38(5)"}[S(held.code)]
    moves = (*LEAVES, Act.TRANSFER)
    return {
        **{act: _court(act, "Code of Practice, chapter 27", is_sure=False) for act in moves},
        Act.COURT_ATTENDANCE: _nobody("the court whose order it is"),
        Act.DISCHARGE: _court(Act.DISCHARGE, source, is_sure=True),
        Act.CONDITIONAL_DISCHARGE: _ONLY_RESTRICTED,
        Act.COMMUNITY_TREATMENT: _impossible("section 17A", _NO_CTO, is_sure=False),
    }


def _conditionally_discharged(held: Held) -> dict[Act, Needed]:
    out = dict.fromkeys((*LEAVES, Act.COURT_ATTENDANCE, Act.TRANSFER), _nobody("not in hospital"))
    return {
        **_restricted(held),
        **out,
        Act.CONDITIONAL_DISCHARGE: _nobody("already so discharged"),
        Act.DISCHARGE: _ministry(
            Act.DISCHARGE,
            "section 42(2) or 75",
            _BY_WARRANT | {K.TRIBUNAL},
            also=", or the decision of a tribunal",
        ),
    }


def _in_community(held: Held) -> dict[Act, Needed]:
    return {
        **dict.fromkeys((*LEAVES, Act.COURT_ATTENDANCE, Act.TRANSFER), _nobody("not detained")),
        Act.DISCHARGE: _clinician("section 23"),
        Act.CONDITIONAL_DISCHARGE: _ONLY_RESTRICTED,
        Act.COMMUNITY_TREATMENT: _impossible("section 17A", _NO_CTO, is_sure=False),
    }


def _recalled(held: Held) -> dict[Act, Needed]:
    """Detained for hours while the order stands; released they are on it as before."""
    return {
        **{act: _clinician("section 17", is_sure=False) for act in (*LEAVES, Act.COURT_ATTENDANCE)},
        Act.TRANSFER: _clinician("section 17F(2)", is_sure=False),
        Act.DISCHARGE: _clinician("section 23"),
        Act.CONDITIONAL_DISCHARGE: _ONLY_RESTRICTED,
        Act.COMMUNITY_TREATMENT: _nobody("section 17F(7)"),
    }


def _free(held: Held) -> dict[Act, Needed]:
    """Nobody holds them: the person's own consent is what counts."""
    return {**_in_community(held), Act.DISCHARGE: _nobody("not detained")}


def _unknown(held: Held) -> dict[Act, Needed]:
    """Nothing is known of the law that applies, so nothing is asked."""
    return dict.fromkeys(Act, Needed(Agrees.NOBODY, "legal status not known", is_sure=False))


_BY_KIND = {
    StatusKind.NONE: _free,
    StatusKind.ASSESSMENT: _assessment,
    StatusKind.HOLDING: _holding,
    StatusKind.TREATMENT: _treatment,
    StatusKind.COURT: _by_the_court,
    StatusKind.RESTRICTED: _restricted,
    StatusKind.CONDITIONAL_DISCHARGE: _conditionally_discharged,
    StatusKind.COMMUNITY_TREATMENT: _in_community,
    StatusKind.RECALLED: _recalled,
    StatusKind.GUARDIANSHIP: _in_community,
    StatusKind.NOT_KNOWN: _unknown,
    StatusKind.RETIRED: _unknown,
}


def _remission(held: Held) -> Needed:
    ways = WAYS_BACK.get(held, ())
    if not ways:
        # What is not known about somebody is no ground to refuse: see `remission_basis` for the way itself.
        is_sure = STATUSES[held].kind not in (StatusKind.NOT_KNOWN, StatusKind.RETIRED)
        sentence = NO_WAY_BACK.get(held.code, "Nobody is returned to prison from this legal status.")
        return _impossible("sections 50 to 53", sentence, is_sure=is_sure)
    source = " or ".join(f"section {way.section}" for way in ways)
    who = " or ".join(way.words for way in ways)
    return Needed(
        Agrees.MINISTRY if ways[0].decided_by == K.WARRANT else Agrees.COURT,
        source,
        frozenset(way.decided_by for way in ways),
        f"Return to prison needs {source}: {who}. Record the authority first.",
    )


def _recall(held: Held) -> Needed:
    """Section 42(3): by warrant of the Secretary of State; section 17E: by the responsible clinician, in writing."""
    kind = STATUSES[held].kind
    if kind == StatusKind.CONDITIONAL_DISCHARGE:
        return Needed(
            Agrees.MINISTRY,
            "section 42(3)",
            _BY_WARRANT,
            "Recall of somebody conditionally discharged needs the warrant of the Secretary of State, section 42(3). "
            "Record the authority first.",
        )
    if kind == StatusKind.COMMUNITY_TREATMENT:
        return _clinician("section 17E")
    if kind == StatusKind.RECALLED:
        return _nobody("already recalled")
    return _impossible(
        "sections 17E and 42(3)",
        "Only somebody conditionally discharged or on a community treatment order is recalled.",
        is_sure=kind not in (StatusKind.NOT_KNOWN, StatusKind.RETIRED),
    )


AUTHORITY_NEEDED: dict[tuple[Held, Act], Needed] = {
    (held, act): needed
    for held, rule in STATUSES.items()
    for act, needed in {
        **_BY_KIND[rule.kind](held),
        Act.REMISSION: _remission(held),
        Act.RECALL: _recall(held),
    }.items()
}


def authority_needed(act: str, code: str, variant: str = "") -> Needed:
    """Who must agree to an act for somebody with a legal status; of an unusual variant what is needed for the code."""
    act = Act(act)
    return AUTHORITY_NEEDED.get((Held(code, variant), act)) or AUTHORITY_NEEDED[Held(code), act]


def covers(authority: Any, act: str, needed: Needed, *, on: date, hospital_id: int | None = None) -> bool:
    """Whether an authority shows that who must agree did: of a kind that may, for this act, that day and that hospital.

    One consent covers any number of outings in its period.
    """
    names_another = authority.hospital_id and hospital_id and authority.hospital_id != hospital_id
    return (
        authority.kind in needed.kinds
        and act in authority.scope
        and on in authority.during
        and not names_another
    )


def missing(
    act: str, status: Any, authorities: Iterable[Any], *, on: date, hospital_id: int | None = None
) -> Needed | None:
    """What an act needs and is not on record; None where nothing is needed or an authority covers it.

    `status` has `code`, `limb` and `form`, or is None where none is recorded.
    """
    needed = authority_needed(act, *held_of(status))
    if not needed.needs_record:
        return None
    covered = any(covers(one, act, needed, on=on, hospital_id=hospital_id) for one in authorities)
    return None if covered else needed


def missing_since(act: str, status: Any, authorities: Iterable[Any], *, since: date) -> Needed | None:
    """The same where the day of the act is not known yet: an authority that holds on any day since then shows it."""
    needed = authority_needed(act, *held_of(status))
    if not needed.needs_record:
        return None
    covered = any(covers(one, act, needed, on=max(one.during.lower, since)) for one in authorities)
    return None if covered else needed


def check_planned(
    act: str, status: Any, authorities: Iterable[Any], *, on: date, hospital_id: int | None = None
) -> None:
    """Refuse to plan or authorise what needs an authority that is not on record; where the law was not read, never."""
    needed = missing(act, status, authorities, on=on, hospital_id=hospital_id)
    if needed is not None and needed.is_sure:
        raise Refused(needed.sentence)


def check_planned_days(
    act: str,
    statuses: Sequence[Any],
    authorities: Sequence[Any],
    *,
    on: date,
    last_day: date,
    hospital_id: int | None = None,
) -> None:
    """The same for every day from the one to the other, each under that of the statuses which holds on it."""
    for ahead in range((last_day - on).days + 1):
        day = on + timedelta(days=ahead)
        status = next((one for one in statuses if day in one.during), None)
        check_planned(act, status, authorities, on=day, hospital_id=hospital_id)


def recorded_without(
    act: str, status: Any, authorities: Iterable[Any], *, on: date, hospital_id: int | None = None
) -> Needed | None:
    """What authority is missing for something that has happened. It is recorded all the same, and marked.

    Unlike `check_planned` this speaks up also where the law was not read: a task costs a look, a refusal a bed.
    """
    return missing(act, status, authorities, on=on, hospital_id=hospital_id)


def check_authority(*, kind: str, scope: Iterable[str], since: date, last_day: date | None) -> None:
    """Refuse an authority of no kind, for nothing, or that ends before it begins."""
    if kind not in AuthorityKind.values:
        raise Refused("Choose whose decision it is from the list.", "kind")
    acts = list(scope)
    if not acts or not set(acts) <= set(Act.values):
        raise Refused("Choose what the authority allows, from the list.", "scope")
    if last_day is not None and last_day < since:
        raise Refused("The last day is before the first.", "last_day")
