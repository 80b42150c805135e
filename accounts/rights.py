"""Who may do what: rights, the roles and duties that carry them. The only place that says so."""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import TextChoices


class Right(StrEnum):
    """One thing that a person may do, wherever their relationships and the rules allow it."""

    OPEN_PATIENT = "open patient"
    TRACE_PATIENT = "trace patient"
    REGISTER_PATIENT = "register patient"
    READ_CLINICAL = "read clinical text"
    READ_WHO_LOOKED = "read who looked"
    RESTRICT_ACCESS = "restrict access to a person"
    SEE_TRANSFERS = "see transfers"
    SEE_EVERY_TRANSFER = "see every transfer without identity"
    REQUEST_TRANSFER = "request transfer"
    RECORD_STEP = "record step"
    RECORD_REPORT = "record medical report"
    RECORD_DELAY = "record delay"
    RECORD_REVIEW = "record review"
    RECORD_CONTACT = "record contact"
    END_TRANSFER = "end transfer"
    TRIAGE = "triage"
    ACKNOWLEDGE_FLAG = "acknowledge flag"
    READ_ASSESSMENT = "read assessment"
    WRITE_ASSESSMENT = "write assessment"
    SIGN_ASSESSMENT = "sign assessment"
    ACCEPT_ASSESSMENT = "accept assessment"
    DECIDE = "decide"
    SEE_SERVICE = "see service"
    SEE_BEDS = "see beds"
    OFFER_BED = "offer bed"
    KEEP_APART = "keep people apart"
    SEE_READY = "see who is ready to move on"
    RECORD_READY = "record who is ready to move on"
    ADMIT = "admit"
    RECORD_WARRANT = "record warrant"
    RECORD_LEGAL_STATUS = "record legal status"
    RECORD_AUTHORITY = "record authority"
    RECORD_LEAVE = "plan and record leave"
    RECORD_MOVEMENT = "plan and record court, A&E and escorted movements"
    SEE_DASHBOARDS = "see dashboards"
    OPEN_FIGURES = "open the rows behind a figure"
    EXPORT = "export"
    MANAGE_ORGANISATIONS = "manage organisations"
    MANAGE_POLICIES = "manage clock policies"
    MANAGE_PRICES = "manage bed prices"
    MANAGE_ACCOUNTS = "manage accounts"
    READ_AUDIT = "read audit"


class Role(TextChoices):
    """What kind of work somebody does; memberships of one kind are combined."""

    CLINICIAN = "clinician", "Clinician"
    LIAISON = "liaison", "Prison liaison"
    COMMISSIONER = "commissioner", "Commissioner"
    ADMINISTRATOR = "administrator", "Administrator"


class Duty(TextChoices):
    """Rights beyond a role, carried by one membership."""

    CASE_MANAGER = "case_manager", "Case manager"
    BED_MANAGER = "bed_manager", "Bed manager"
    MHA_OFFICE = "mha_office", "Mental Health Act office"
    PRIVACY = "privacy", "Privacy officer"


class Capacity(TextChoices):
    """What somebody acts as, one at a time: a role, and for a commissioner whether they work with people or figures."""

    CLINICIAN = "clinician", "Clinician"
    LIAISON = "liaison", "Prison liaison"
    CASE_MANAGER = "case_manager", "Case manager"
    ANALYST = "analyst", "Analyst"
    ADMINISTRATOR = "administrator", "Administrator"


def capacities_of(role: str, duties: Collection[str]) -> tuple[Capacity, ...]:
    """What a membership lets its holder act as, the usual one first. A case manager may also work as an analyst."""
    if role != Role.COMMISSIONER:
        return (Capacity(role),)
    return (Capacity.CASE_MANAGER, Capacity.ANALYST) if Duty.CASE_MANAGER in duties else (Capacity.ANALYST,)


RIGHTS: dict[str, frozenset[Right]] = {
    Role.CLINICIAN: frozenset(
        {
            Right.OPEN_PATIENT,
            Right.TRACE_PATIENT,
            Right.REGISTER_PATIENT,
            Right.READ_CLINICAL,
            Right.READ_WHO_LOOKED,
            Right.SEE_TRANSFERS,
            Right.REQUEST_TRANSFER,
            Right.RECORD_STEP,
            Right.RECORD_REPORT,
            Right.RECORD_DELAY,
            Right.RECORD_REVIEW,
            Right.RECORD_CONTACT,
            Right.END_TRANSFER,
            Right.ACKNOWLEDGE_FLAG,
            Right.READ_ASSESSMENT,
            Right.WRITE_ASSESSMENT,
            Right.SIGN_ASSESSMENT,
            Right.ACCEPT_ASSESSMENT,
            Right.DECIDE,
            Right.SEE_SERVICE,
            Right.SEE_BEDS,
            Right.OFFER_BED,
            Right.KEEP_APART,
            Right.SEE_READY,
            Right.RECORD_READY,
            Right.ADMIT,
            Right.RECORD_LEGAL_STATUS,
            Right.RECORD_LEAVE,
            Right.RECORD_MOVEMENT,
        }
    ),
    Role.LIAISON: frozenset(
        {
            Right.OPEN_PATIENT,
            Right.TRACE_PATIENT,
            Right.REGISTER_PATIENT,
            Right.SEE_TRANSFERS,
            Right.REQUEST_TRANSFER,
            Right.RECORD_STEP,
            Right.RECORD_WARRANT,
            Right.RECORD_DELAY,
            Right.RECORD_CONTACT,
            Right.END_TRANSFER,
            Right.ACKNOWLEDGE_FLAG,
            Right.SEE_SERVICE,
            Right.RECORD_MOVEMENT,
        }
    ),
    # The commissioners' bed board has no name but those of people whom a case manager may open.
    Role.COMMISSIONER: frozenset(
        {Right.SEE_TRANSFERS, Right.SEE_BEDS, Right.SEE_READY, Right.SEE_DASHBOARDS, Right.OPEN_FIGURES}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.SEE_TRANSFERS,
            Right.SEE_EVERY_TRANSFER,
            Right.SEE_DASHBOARDS,
            Right.OPEN_FIGURES,
            Right.EXPORT,
            Right.MANAGE_ORGANISATIONS,
            Right.MANAGE_POLICIES,
            Right.MANAGE_PRICES,
            Right.MANAGE_ACCOUNTS,
            Right.READ_AUDIT,
        }
    ),
}

DUTY_RIGHTS: dict[str, frozenset[Right]] = {
    Duty.CASE_MANAGER: frozenset(
        {
            Right.OPEN_PATIENT,
            Right.READ_ASSESSMENT,
            Right.READ_CLINICAL,
            Right.TRIAGE,
            Right.RECORD_DELAY,
            Right.RECORD_CONTACT,
            Right.ACKNOWLEDGE_FLAG,
        }
    ),
    Duty.BED_MANAGER: frozenset({Right.SEE_BEDS, Right.OFFER_BED}),
    Duty.MHA_OFFICE: frozenset({Right.RECORD_WARRANT, Right.RECORD_LEGAL_STATUS, Right.RECORD_AUTHORITY}),
    Duty.PRIVACY: frozenset({Right.READ_WHO_LOOKED, Right.READ_AUDIT, Right.RESTRICT_ACCESS}),
}


def rights_of(role: str, duties: list[str]) -> frozenset[Right]:
    """Everything that a role and the duties beside it allow."""
    return RIGHTS[role].union(*(DUTY_RIGHTS[duty] for duty in duties))


def carriers_of(right: Right) -> tuple[list[str], list[str]]:
    """The roles and the duties that carry a right."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    return roles, [duty for duty, rights in DUTY_RIGHTS.items() if right in rights]
