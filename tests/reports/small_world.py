"""A handful of transfers whose figures a person can count by hand, written as plain facts."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from psycopg2.extras import DateRange

from pathways.models import Event
from referrals.models import Delay, LegalBasis, Referral, Step
from reports.figures import asked as question
from tests.world import England, a_patient

# The day on which everything is asked, and the months before it.
ASKED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_references = iter(range(1, 10_000))


def noon(on: date) -> datetime:
    """Midday of a day, when facts were put down."""
    return datetime.combine(on, time(12), tzinfo=UTC)


def a_transfer(
    england: England,
    requested_on: date,
    *,
    steps: dict[str, date] | None = None,
    received_on: date | None = None,
    hospital: Any = None,
    ended: tuple[date, str] | None = None,
    patient: Any = None,
    commissioner: Any = None,
    prison: Any = None,
) -> Referral:
    """One transfer with its steps, and its end if it has one. Everything was recorded on its day."""
    patient = patient or a_patient(england)
    reason = "admitted" if received_on else ended[1] if ended else ""
    ended_on = received_on or (ended[0] if ended else None)
    referral = Referral.objects.create(
        reference=f"T{next(_references):05d}",
        kind="prison_transfer",
        patient=patient,
        from_service=prison or england.prison,
        commissioner=commissioner or england.north,
        urgency=2,
        urgency_why="Made up.",
        report_first_requested_on=requested_on,
        waiting_since=requested_on,
        requested_at=noon(requested_on),
        received_on=received_on,
        ended_on=ended_on,
        end_reason=reason,
    )
    LegalBasis.objects.create(
        referral=referral,
        section="47",
        with_restrictions=True,
        during=DateRange(requested_on, None),
        recorded_at=noon(requested_on),
    )
    a_step(referral, "report_requested", requested_on, service=prison or england.prison)
    for kind, on in (steps or {}).items():
        a_step(referral, kind, on)
    if received_on:
        a_step(referral, "received", received_on, service=hospital or england.ashdown)
    if ended_on:
        _end(referral, ended_on, reason, hospital or england.ashdown)
    return referral


def a_step(
    referral: Referral, kind: str, on: date, *, service: Any = None, recorded_on: date | None = None
) -> Step:
    """A step, known from the day it was recorded on."""
    return Step.objects.create(
        referral=referral, kind=kind, done_on=on, service=service, recorded_at=noon(recorded_on or on)
    )


def correct(step: Step, on: date, *, corrected_on: date) -> Step:
    """The step's date put right on a later day."""
    step.superseded_at, step.why = noon(corrected_on), "It was misread."
    step.save()
    return a_step(step.referral, step.kind, on, service=step.service, recorded_on=corrected_on)


def a_delay(referral: Referral, first: date, last: date | None, party: str, reason: str) -> Delay:
    """Days put down to a party; both days count."""
    upper = last + timedelta(days=1) if last else None
    return Delay.objects.create(
        referral=referral, during=DateRange(first, upper), party=party, reason=reason, recorded_at=noon(first)
    )


def _end(referral: Referral, on: date, reason: str, hospital: Any) -> None:
    admitted = reason == "admitted"
    Event.objects.create(
        patient=referral.patient,
        kind="referrals.admitted" if admitted else "referrals.ended",
        occurred_at=noon(on),
        recorded_at=noon(on),
        about_kind="referral",
        about_id=referral.pk,
        service=hospital if admitted else None,
        details={} if admitted else {"reason": reason},
    )


def asked(at: datetime = ASKED_AT, **answers: str) -> question.Asked:
    """The dashboard asked about the first quarter, unless an answer says otherwise."""
    return question.read({"from": "2026-01", "to": "2026-03", **answers}, now=at)
