"""What every referral by COPY has alike, of whichever kind: services asked, decisions, the bed, steps, events."""

from datetime import date
from typing import Any, NamedTuple

from pathways.days import noon
from referrals.codes import ENDED
from referrals.models import Approach, BedOffer, Decision, Referral, Step
from referrals.references import HOW_MANY, reference_from
from synthetic.by_copy import GRACE, People
from synthetic.by_copy_assessments import Assessments
from synthetic.copying import Table
from synthetic.transfers import Asked, Promise

# A prime that shares no factor with the number of references, so that each id gets one of its own.
SCATTER = 7919


class Written(NamedTuple):
    """A referral that has its row: whose it is, its id, what it is called, and the day it ended."""

    patient: int
    pk: int
    reference: str
    ended_on: date | None

    @property
    def about(self) -> tuple[str, int]:
        """What events, clocks and relationships of it point at."""
        return "referral", self.pk


class Referrals:
    """Tables of referrals, and what is written about each."""

    def __init__(self, people: People, assessments: Assessments) -> None:
        self.people, self.written, self.installed = people, assessments, people.installed
        self.referrals, self.steps = Table(Referral), Table(Step)
        self.approaches, self.decisions, self.offers = Table(Approach), Table(Decision), Table(BedOffer)

    tables = People.tables

    def refer(self, patient: int, *, ended_on: date | None, **columns: Any) -> Written:
        """The row of a referral, by a reference of its own."""
        reference = reference_from((self.referrals.last_id + 1) * SCATTER % HOW_MANY)
        pk = self.referrals.add(reference=reference, patient_id=patient, ended_on=ended_on, **columns)
        return Written(patient, pk, reference, ended_on)

    def event(self, of: Written, kind: str, on: date, *, service: int | None = None, **more: Any) -> None:
        """One event about it on the person's line."""
        self.people.event(
            of.patient, kind, on, service=service, about=of.about, reference=of.reference, **more
        )

    def show(
        self, of: Written, service: int, basis: str, since: date, *, about: tuple[str, int] | None = None
    ) -> None:
        """A plain service may open the person because of it, until the grace after its end."""
        about_kind, about_id = about or of.about
        self.people.relationships.add(
            patient_id=of.patient,
            service_id=self.installed.service_ids[service],
            basis=basis,
            about_kind=about_kind,
            about_id=about_id,
            during=(noon(since), noon(of.ended_on) + GRACE if of.ended_on else None),
        )

    def ask(self, of: Written, service: int, on: date, *, by_id: int, by: int) -> int:
        """A service is asked by a user of a plain service; the answer is the approach's id."""
        approach = self.approaches.add(
            referral_id=of.pk,
            service_id=self.installed.service_ids[service],
            asked_at=noon(on),
            asked_by_id=by_id,
            closed_at=noon(of.ended_on) if of.ended_on else None,
            closed_why=ENDED if of.ended_on else "",
        )
        self.show(of, service, "approach", on, about=("approach", approach))
        self.event(of, "referrals.service_asked", on, service=service, by=by)
        return approach

    def answer(self, of: Written, approach: int, asked: Asked, signed: int) -> None:
        """What a service says of the assessment, and decides about the person if it does."""
        assert asked.decided_on is not None  # noqa: S101 (only who has decided answers)
        by = self.installed.staff_of(asked.service)
        acceptance = self.written.accept(
            of.patient, signed, asked.service, asked.decided_on, answer=asked.answer, referral=of.pk
        )
        if not asked.outcome:
            return
        self.decisions.add(
            approach_id=approach,
            acceptance_id=acceptance,
            outcome=asked.outcome,
            tier=asked.tier,
            reason=asked.reason,
            words="Made up: see the assessment." if asked.reason == "other" else "",
            deferred_to=asked.deferred_to,
            expected_on=asked.expected_on,
            depends_on="A discharge from the ward" if asked.expected_on else "",
            decided_on=asked.decided_on,
            recorded_at=noon(asked.decided_on),
            recorded_by_id=by,
        )
        said = {"outcome": asked.outcome, "tier": asked.tier, "reason": asked.reason}
        self.event(of, "referrals.decided", asked.decided_on, service=asked.service, **said)

    def offer(self, of: Written, approach: int, promised: Promise, given_on: date) -> None:
        """The bed promised: held until it was taken up, or still held."""
        service, ward, bed = promised.bed
        by, bed_id = self.installed.staff_of(service), self.installed.beds[service, ward, bed]
        taken_up = of.ended_on
        over = (
            {"superseded_at": noon(taken_up), "superseded_by_id": by, "why": "Taken up."} if taken_up else {}
        )
        hold = self.people.bed_uses.add(
            bed_id=bed_id,
            patient_id=of.patient,
            during=(noon(given_on), noon(promised.until)),
            purpose="held",
            about_kind="referral",
            about_id=of.pk,
            recorded_at=noon(given_on),
            recorded_by_id=by,
            **over,
        )
        self.offers.add(
            approach_id=approach,
            bed_id=bed_id,
            hold_id=hold,
            bed_on=promised.bed_on,
            recorded_at=noon(given_on),
            recorded_by_id=by,
        )
        until = noon(promised.until).isoformat()
        self.people.event(
            of.patient,
            "pathways.bed_held",
            given_on,
            service=service,
            about=("bed_use", hold),
            bed=bed_id,
            until=until,
        )
        bed_on = promised.bed_on.isoformat()
        self.event(of, "referrals.bed_date_given", given_on, service=service, bed_on=bed_on)

    def step(
        self,
        of: Written,
        kind: str,
        on: date,
        service: int,
        *,
        recorded_on: date | None = None,
        with_event: bool = True,
        **columns: Any,
    ) -> None:
        """A step that was done, on the line unless something else there says it."""
        self.steps.add(
            referral_id=of.pk,
            kind=kind,
            done_on=on,
            service_id=self.installed.service_ids[service],
            recorded_at=noon(recorded_on or on),
            recorded_by_id=self.installed.staff_of(service),
            **columns,
        )
        if with_event:
            self.event(of, "referrals.step_recorded", on, service=service, step=kind)
