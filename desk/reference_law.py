"""The law that people are held under, as documents: what each status allows, who must agree, how long it lasts."""

from collections.abc import Callable, Iterable

from desk.legal_forms import words_of
from pathways.codes import Act
from pathways.rules.legal import DURATIONS, STATUSES, WAYS_BACK, Agrees, Held, Stage, Unit, authority_needed

Table = Callable[[Iterable[str], Iterable[Iterable[str]]], str]
SHORT = {Agrees.NOBODY: "", Agrees.CLINICIAN: "clinician", Agrees.MINISTRY: "Ministry", Agrees.COURT: "court"}


def parts(table: Table) -> list[str]:
    """The parts of the document."""
    return [
        "What is marked with a question mark was not read in the Act: it prompts and refuses nothing.\n",
        table(["code", "status", "restricted", "ends by", "usually followed by"], _statuses()),
        "## Who must agree\n",
        "“No” is impossible. Planning without it is refused; what has happened is recorded and marked.\n",
        table(["code", "status", *(act.label.lower() for act in Act)], _acts()),
        "## How long\n",
        "What an installation begins with. A length without a date is enacted and not in force.\n",
        table(["code", "form", "stage", "length", "since", "legal basis"], _durations()),
    ]


def _statuses() -> Iterable[list[str]]:
    for held, rule in STATUSES.items():
        yield [
            held.code,
            words_of(held) + ("" if rule.is_sure else " ?"),
            "yes" if rule.is_restricted else "",
            "; ".join(rule.ends_by),
            "; ".join(words_of(one) for one in sorted(rule.may_follow)),
        ]


def _acts() -> Iterable[list[str]]:
    for held in STATUSES:
        yield [held.code, words_of(held), *(_act(act, held) for act in Act)]


def _act(act: Act, held: Held) -> str:
    needed = authority_needed(act, *held)
    who = SHORT.get(needed.agrees, "no")
    if act == Act.REMISSION and (ways := WAYS_BACK.get(held)):
        who = " or ".join(f"s{way.section}" for way in ways)
    elif needed.agrees == Agrees.MINISTRY:
        who += "".join(f" or {kind}" for kind in ("tribunal", "court") if kind in needed.kinds)
    return who + ("" if needed.is_sure or not who else " ?")


def _durations() -> Iterable[list[str]]:
    for row in DURATIONS:
        yield [
            row.code,
            row.form,
            Stage(row.stage).label,
            f"{row.number} {Unit(row.unit).label}" + ("" if row.is_verified else " ?"),
            row.in_force_from.isoformat() if row.in_force_from else "",
            row.legal_basis,
        ]
