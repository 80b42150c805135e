"""The steps of one transfer as they are marked, reopened and counted. Called by actions, inside their transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from assessments.models import MedicalReport
from core.refusals import check_version
from organisations.actor import Actor
from organisations.models import Service
from pathways import line
from pathways.actions.authorities import missing_authority
from pathways.models import Event, Patient
from referrals import rules
from referrals.codes import StepKind
from referrals.models import Approach, Delay, LegalBasis, Referral, Step
from referrals.reasons import why_is_in


def hold(referral: Referral) -> Referral:
    """The referral as it is now, locked: the person first, then the referral."""
    Patient.objects.locked(referral.patient_id)
    return Referral.objects.locked(referral)


def hold_open(referral: Referral) -> Referral:
    """The same, refused once the transfer has ended."""
    referral = hold(referral)
    rules.check_open(referral.ended_on)
    return referral


def check_seen(row: Referral | Approach | Delay, version: int | None) -> None:
    """Refuse what was made on an older version of the row, where the version seen is told."""
    if version is not None:
        check_version(row.version, version)


def move_on(approach: Approach) -> None:
    """Count a change to what a service has said, so that whoever has the answer before it open is told."""
    approach.version += 1
    approach.save(update_fields=["version"])


def about(referral: Referral) -> tuple[str, int]:
    """What clocks, events and relationships of a transfer point at."""
    return "referral", referral.pk


def done(referral: Referral) -> dict[str, Step]:
    """The steps believed now, by kind."""
    return {step.kind: step for step in Step.objects.current().filter(referral=referral)}


def stands(referral: Referral) -> set[str]:
    """The kinds of step that need nobody now: those done, and an authority that is on record or not needed."""
    kinds = set(done(referral))
    if StepKind.AUTHORITY in rules.steps_of(referral.kind):
        act, since = rules.act_of(referral.kind, referral.act), referral.report_first_requested_on
        kinds |= set() if missing_authority(referral.patient, act, since=since) else {StepKind.AUTHORITY}
    return kinds


def section_of(referral: Referral) -> str:
    """The section in force; empty for a kind of referral that has none."""
    bases = LegalBasis.objects.current().filter(referral=referral, during__upper_inf=True)
    return bases.values_list("section", flat=True).first() or ""


def reports(referral: Referral) -> list[MedicalReport]:
    """The doctors' reports that are held for the section in force."""
    return list(MedicalReport.objects.of(*about(referral)).filter(section=section_of(referral)))


def dates(referral: Referral) -> dict[str, rules.When]:
    """When each step believed now was done; of those that may be done again, the first time."""
    again = Step.objects.filter(referral=referral, kind__in=rules.DONE_AGAIN).order_by("-done_on")
    known = [*done(referral).values(), *again]
    return {step.kind: rules.When(step.done_on, step.done_at) for step in known}


def asked_ids(referral: Referral) -> list[int]:
    """The services that are asked and have not been let go."""
    return list(Approach.objects.open().filter(referral=referral).values_list("service_id", flat=True))


def check_recorder(referral: Referral, kind: str, *, by: Actor) -> None:
    """Refuse somebody who is not at the end where the step is done."""
    rules.check_recorder(
        kind,
        prison_id=referral.from_service_id,
        hospital_ids=asked_ids(referral),
        origin=rules.origin_of(referral.kind),
        by=by,
    )


def check_concerned(referral: Referral, *, also: Iterable[int | None] = (), by: Actor) -> None:
    """Refuse somebody from neither end of the transfer. Once it has ended, those who were asked are still concerned."""
    approaches = Approach.objects.filter(referral=referral)
    asked = approaches if referral.ended_on else approaches.open()
    hospitals = [*asked.values_list("service_id", flat=True), *(pk for pk in also if pk)]
    rules.check_concerned(
        prison_id=referral.from_service_id,
        hospital_ids=hospitals,
        origin=rules.origin_of(referral.kind),
        by=by,
    )


def check_may(act: rules.Act, referral: Referral, *, is_own: bool = False, by: Actor) -> None:
    """Refuse somebody whose act on the referral as a whole it is not."""
    rules.check_may(
        act,
        prison_id=referral.from_service_id,
        is_own=is_own,
        origin=rules.origin_of(referral.kind),
        by=by,
    )


def mark(
    referral: Referral,
    kind: str,
    *,
    on: date,
    at: datetime | None = None,
    service: Service | None = None,
    words: str = "",
    for_on: date | None = None,
    by: Actor,
) -> Step:
    """Put a step down as done on a London date. One that is done already is left as it is."""
    found = Step.objects.current().filter(referral=referral, kind=kind).first()
    return found or Step.objects.create(
        referral=referral,
        kind=kind,
        done_on=on,
        done_at=at,
        service=service,
        words=words,
        for_on=for_on,
        recorded_at=by.at,
        recorded_by=by.user,
    )


def reopen(referral: Referral, kind: str, *, why: str, by: Actor) -> Step | None:
    """Stop believing that a step is done, visibly and with why; the step as it was, if it was done."""
    found = Step.objects.current().filter(referral=referral, kind=kind).first()
    if found is None:
        return None
    found.supersede(by=by, why=why)
    record(referral, "referrals.step_reopened", details={"step": kind, **why_is_in(found)}, by=by)
    return found


def settle(referral: Referral, *fields: str) -> Referral:
    """Work out what is needed next, in the one place that does so, and save that with some other fields."""
    referral.next_step = "" if referral.ended_on else rules.first_unmet(referral.kind, stands(referral))
    referral.save(update_fields=["next_step", *fields])
    return referral


def record(
    referral: Referral,
    kind: str,
    *,
    on: date | None = None,
    at: datetime | None = None,
    service: Service | None = None,
    details: dict[str, Any] | None = None,
    by: Actor,
) -> Event:
    """Put what happened on the person's line, as about this transfer."""
    return line.record(
        kind,
        patient=referral.patient,
        occurred_at=at,
        on=on,
        about=about(referral),
        service=service,
        details={"reference": referral.reference, **(details or {})},
        by=by,
    )
