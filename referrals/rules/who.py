"""Who may do what is no step of the checklist: the prison that has the person always, and who else by this table."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.rights import Right
from core.refusals import Refused
from organisations.actor import Actor
from referrals.rules.steps import acts_for


class Act(StrEnum):
    """Something done to a transfer as a whole, or to what another party put on it."""

    ASK = "ask"
    STOP_ASKING = "stop asking"
    PRISON_MOVE = "prison move"
    LEGAL_BASIS = "legal basis"
    END = "end"
    WITHDRAW_REPORT = "withdraw report"


@dataclass(frozen=True)
class Who:
    """Who else may, and the sentence for everybody who may not.

    `sentence`: its `origin` is the service that asks, as `kinds.origin_of` calls it. `whose_it_is`: the service that
    would step back, or whoever recorded what would be withdrawn.
    """

    sentence: str
    case_manager: bool = False
    whose_it_is: bool = False


# A service that is asked decides for itself alone: it neither asks nor stops asking another, and what the prison
# knows (where the person is, under which section, how it ended) the prison says.
WHO_MAY: dict[Act, Who] = {
    Act.ASK: Who("The {origin} or the case manager asks services.", case_manager=True),
    Act.STOP_ASKING: Who(
        "The {origin}, the case manager or the service itself does this.",
        case_manager=True,
        whose_it_is=True,
    ),
    Act.PRISON_MOVE: Who("The {origin} records that they moved."),
    Act.LEGAL_BASIS: Who("The {origin} records the legal basis."),
    Act.END: Who("The {origin} ends it."),
    Act.WITHDRAW_REPORT: Who("The {origin} or whoever recorded the report withdraws it.", whose_it_is=True),
}


def is_author_or_case_manager(author_id: int | None, *, by: Actor) -> bool:
    """Whether somebody recorded a thing themselves, or is a case manager; a job of the installation acts for all."""
    return bool(by.job) or by.has(Right.TRIAGE) or (by.user is not None and by.user.pk == author_id)


def check_may(
    act: Act,
    *,
    prison_id: int,
    is_own: bool = False,
    origin: str = "prison that has the person",
    by: Actor,
) -> None:
    """Refuse somebody whose act it is not. `is_own`: it is theirs, as `Who.whose_it_is` means it."""
    who = WHO_MAY[act]
    at_prison = acts_for(by, prison_id)
    if not (at_prison or (who.case_manager and by.has(Right.TRIAGE)) or (who.whose_it_is and is_own)):
        raise Refused(who.sentence.format(origin=origin))
