"""Writes made-up transfers by COPY: the request, its steps, who was asked and what they said, delays, clocks."""

from datetime import date, timedelta

from pathways.days import noon
from pathways.models import ClockPolicy, Flag
from pathways.policies import FIRST_ASSESSED, RECEIVED, REQUESTED, WARRANT_GIVEN
from pathways.rules import Counting
from referrals.codes import ADMISSIONS
from referrals.models import (
    Approach,
    BedOffer,
    Contact,
    Decision,
    Delay,
    LegalBasis,
    Referral,
    Review,
    Step,
    Warrant,
)
from referrals.references import HOW_MANY, reference_from
from referrals.rules import TRANSFER_STEPS
from synthetic.by_copy import Assessments, People
from synthetic.copying import Table
from synthetic.transfers import SERVICE_PARTIES, Asked, Transfer

GRACE = timedelta(days=28)
# A prime that shares no factor with the number of references, so that each id gets one of its own.
SCATTER = 7919
STEP_ORDER = [kind.value for kind in TRANSFER_STEPS]
DOCTORS = {"first_report": "Dr A Pemberton", "second_report": "Dr B Lockyer"}
HOSPITAL_STEPS = {"assessment", "decision", "bed_date", "received"}


class Transfers:
    """Tables of referrals and of the clocks that run for them."""

    def __init__(self, people: People, assessments: Assessments, today: date) -> None:
        self.people, self.written, self.installed, self.today = people, assessments, people.installed, today
        self.referrals, self.bases, self.steps = Table(Referral), Table(LegalBasis), Table(Step)
        self.approaches, self.decisions, self.warrants = Table(Approach), Table(Decision), Table(Warrant)
        self.offers, self.delays = Table(BedOffer), Table(Delay)
        self.reviews, self.contacts = Table(Review), Table(Contact)
        self.clocks, self.flags = people.law.clocks, Table(Flag)
        # Those of the law begin with a status, not with a transfer: see synthetic.law.
        policies = ClockPolicy.objects.filter(start_event__startswith="transfer.")
        self.policies = list(policies.prefetch_related("flag_rules"))

    tables = People.tables

    def write(self, patient: int, transfer: Transfer, home: int) -> None:
        """One transfer, as far as it has come."""
        request, steps = transfer.request, transfer.steps
        service = self.installed.service_ids
        liaison = self.installed.liaison[request.prison]
        next_step = "" if request.end else next(kind for kind in STEP_ORDER if kind not in steps)
        entered_at = noon(transfer.entered_on)
        admitted = request.end in ADMISSIONS
        referral = self.referrals.add(
            reference=reference_from((self.referrals.last_id + 1) * SCATTER % HOW_MANY),
            kind="prison_transfer",
            patient_id=patient,
            from_service_id=service[request.prison],
            lead_service_id=None if transfer.lead is None else service[transfer.lead],
            commissioner_id=self.installed.commissioner_ids[home],
            urgency=transfer.urgency,
            urgency_why="Made up: distressed and not accepting treatment.",
            report_first_requested_on=request.requested_on,
            services_first_asked_on=steps.get("services_asked"),
            waiting_since=request.requested_on,
            requested_at=entered_at,
            requested_by_id=liaison,
            is_primary=not request.end,
            next_step=next_step,
            next_review_on=None if request.end else self._next_review(transfer),
            received_on=request.ended_on if admitted else None,
            received_service_id=service[request.hospital]
            if admitted and request.hospital is not None
            else None,
            ended_on=request.ended_on,
            end_reason=request.end,
            end_why="" if not request.end or admitted else "Made up: see the line of events.",
        )
        about = ("referral", referral)
        self.bases.add(
            referral_id=referral,
            section=transfer.section,
            limb=transfer.limb,
            with_restrictions=transfer.restricted,
            during=(request.requested_on, None),
            recorded_at=entered_at,
            recorded_by_id=liaison,
        )
        self.people.event(
            patient,
            "referrals.requested",
            request.requested_on,
            service=request.prison,
            about=about,
            recorded_on=transfer.entered_on,
        )
        self._relationship(patient, request.prison, "request", about, request.requested_on, request.ended_on)
        signed = self._assess(patient, referral, transfer)
        self._report(patient, referral, transfer)
        for asked in transfer.asked:
            self._ask(patient, referral, transfer, asked, signed)
        self._steps(patient, referral, transfer)
        self._waiting(referral, transfer)
        self._clocks(patient, referral, transfer, home)
        if request.end:
            kind = "referrals.admitted" if admitted else "referrals.ended"
            at_service = request.hospital if admitted else request.prison
            self.people.event(
                patient, kind, request.ended_on, service=at_service, about=about, reason=request.end
            )

    def _next_review(self, transfer: Transfer) -> date:
        last = transfer.reviews[-1] if transfer.reviews else transfer.request.requested_on
        return last + timedelta(days=7)

    def _relationship(self, patient, service, basis, about, since: date, until: date | None) -> None:
        self.people.relationships.add(
            patient_id=patient,
            service_id=self.installed.service_ids[service],
            basis=basis,
            about_kind=about[0],
            about_id=about[1],
            during=(noon(since), noon(until) + GRACE if until else None),
        )

    def _assess(self, patient: int, referral: int, transfer: Transfer) -> int | None:
        lead, steps = transfer.lead, transfer.steps
        if lead is None:
            return None
        opened_on = steps["services_asked"]
        if "assessment" not in steps:
            if not transfer.request.end:
                self.written.open(patient, lead, opened_on, referral)
            return None
        signed_on = steps["assessment"]
        signed = self.written.sign(patient, lead, opened_on, signed_on, referral)
        self.people.event(
            patient, "assessments.signed", signed_on, service=lead, about=("referral", referral)
        )
        if transfer.repeated and len(transfer.asked) > 1:
            again = transfer.asked[1]
            on = min(again.decided_on or signed_on, self.today)
            self.written.sign(
                patient, again.service, on, on, referral, repeats=signed, reason=transfer.repeated
            )
        return signed

    def _report(self, patient: int, referral: int, transfer: Transfer) -> None:
        """The two doctors' reports, as far as they have come."""
        for number, (kind, doctor) in enumerate(DOCTORS.items()):
            if kind in transfer.steps:
                on = transfer.steps[kind]
                self.written.reports.add(
                    patient_id=patient,
                    about_kind="referral",
                    about_id=referral,
                    doctor_name=doctor,
                    gmc_number=f"{7_000_000 + referral * 2 + number}"[-7:],
                    is_section_12_approved=number == 0,
                    examined_on=on,
                    signed_on=on,
                    section=transfer.section,
                    says_urgent_need=transfer.section == "48",
                    recorded_at=noon(on),
                )

    def _ask(self, patient: int, referral: int, transfer: Transfer, asked: Asked, signed: int | None) -> None:
        ended_on = transfer.request.ended_on
        approach = self.approaches.add(
            referral_id=referral,
            service_id=self.installed.service_ids[asked.service],
            asked_at=noon(asked.asked_on),
            asked_by_id=self.installed.liaison[transfer.request.prison],
            closed_at=noon(ended_on) if ended_on else None,
            closed_why="The transfer ended." if ended_on else "",
        )
        self._relationship(
            patient, asked.service, "approach", ("approach", approach), asked.asked_on, ended_on
        )
        about = ("referral", referral)
        self.people.event(
            patient, "referrals.service_asked", asked.asked_on, service=asked.service, about=about
        )
        if asked.decided_on is None or signed is None:
            return
        by, tier = self.installed.staff_of(asked.service), self.installed.services[asked.service].tier
        acceptance = self.written.acceptances.add(
            signed_id=signed,
            service_id=self.installed.service_ids[asked.service],
            tier=tier,
            answer=asked.answer,
            words="" if asked.answer == "yes" else "Made up: what was the response to the last treatment?",
            answered_by_id=by,
            answered_at=noon(asked.decided_on),
        )
        if not asked.outcome:
            return
        self.decisions.add(
            approach_id=approach,
            acceptance_id=acceptance,
            outcome=asked.outcome,
            tier=asked.tier,
            reason=asked.reason,
            expected_on=asked.expected_on,
            depends_on="A discharge from the ward" if asked.expected_on else "",
            decided_on=asked.decided_on,
            recorded_at=noon(asked.decided_on),
            recorded_by_id=by,
        )
        kind = "referrals.decided"
        self.people.event(
            patient, kind, asked.decided_on, service=asked.service, about=about, outcome=asked.outcome
        )
        if asked is transfer.asked[0] and "bed_date" in transfer.steps:
            self._offer(patient, approach, transfer, asked)

    def _offer(self, patient: int, approach: int, transfer: Transfer, asked: Asked) -> None:
        """The bed promised: held until it was taken up, or still held for an open transfer."""
        given_on, promised = transfer.steps["bed_date"], transfer.promised
        if promised is None:
            return
        by, (service, ward, bed), bed_on = (
            self.installed.staff_of(asked.service),
            promised.bed,
            promised.bed_on,
        )
        taken_up = transfer.request.ended_on
        over = (
            {"superseded_at": noon(taken_up), "superseded_by_id": by, "why": "Taken up."} if taken_up else {}
        )
        bed_id = self.installed.beds[service, ward, bed]
        hold = self.people.bed_uses.add(
            bed_id=bed_id,
            patient_id=patient,
            during=(noon(given_on), noon(promised.until)),
            purpose="held",
            about_kind="referral",
            about_id=self.referrals.last_id,
            recorded_at=noon(given_on),
            recorded_by_id=by,
            **over,
        )
        self.offers.add(
            approach_id=approach,
            bed_id=bed_id,
            hold_id=hold,
            bed_on=bed_on,
            recorded_at=noon(given_on),
            recorded_by_id=by,
        )

    def _steps(self, patient: int, referral: int, transfer: Transfer) -> None:
        request = transfer.request
        hospital = request.hospital if request.hospital is not None else transfer.lead
        for kind, on in transfer.steps.items():
            service = hospital if kind in HOSPITAL_STEPS and hospital is not None else request.prison
            self.steps.add(
                referral_id=referral,
                kind=kind,
                done_on=on,
                words=DOCTORS.get(kind, ""),
                service_id=self.installed.service_ids[service],
                recorded_at=noon(max(on, transfer.entered_on)),
                recorded_by_id=self.installed.staff_of(service),
                # Both ends have long said that the person who left is the one who came.
                confirmed_at=noon(max(on, transfer.entered_on)) if kind in ("left", "received") else None,
            )
            if kind in ("first_report", "second_report", "bed_date", "application", "escort", "left"):
                about = ("referral", referral)
                self.people.event(
                    patient, "referrals.step_recorded", on, service=service, about=about, step=kind
                )
        for given_on, outcome in transfer.warrants:
            ends_on = given_on + timedelta(days=13)
            self.warrants.add(
                referral_id=referral,
                section=transfer.section,
                with_restrictions=transfer.restricted,
                hospital_id=self.installed.service_ids[hospital],
                given_on=given_on,
                ends_on=ends_on,
                outcome=outcome,
                outcome_on={"live": None, "lapsed": ends_on, "used": request.ended_on}[outcome],
                recorded_at=noon(given_on),
                recorded_by_id=self.installed.liaison[request.prison],
            )

    def _waiting(self, referral: int, transfer: Transfer) -> None:
        liaison = self.installed.liaison[transfer.request.prison]
        inreach = self.installed.staff_of(transfer.request.prison)
        for first, last, party, reason in transfer.delays:
            self.delays.add(
                referral_id=referral,
                during=(first, last),
                party=party,
                service_id=self.installed.service_ids[transfer.party_service(party)]
                if party in SERVICE_PARTIES
                else None,
                reason=reason,
                recorded_at=noon(last or first),
                recorded_by_id=liaison,
            )
        for on in transfer.reviews:
            self.reviews.add(
                referral_id=referral,
                on=on,
                how_the_person_is="Made up: much the same; eating, not sleeping.",
                interim_plan="Daily review by the in-reach team.",
                next_on=on + timedelta(days=7),
                recorded_at=noon(on),
                recorded_by_id=inreach,
            )
        for on in transfer.contacts:
            self.contacts.add(
                referral_id=referral,
                on=on,
                with_whom="Bed manager",
                said="No date yet.",
                next_action="Ring again",
                next_on=on + timedelta(days=5),
                recorded_at=noon(on),
                recorded_by_id=liaison,
            )

    def _clocks(self, patient: int, referral: int, transfer: Transfer, home: int) -> None:
        steps, request = transfer.steps, transfer.request
        began = {REQUESTED: [request.requested_on], FIRST_ASSESSED: [], WARRANT_GIVEN: []}
        if "first_report" in steps:
            began[FIRST_ASSESSED].append(steps["first_report"])
        began[WARRANT_GIVEN] = [given_on for given_on, _ in transfer.warrants]
        self.current_referral, self.case_manager = referral, self.installed.case_managers[home]
        for policy in self.policies:
            for number, started_on in enumerate(began[policy.start_event]):
                ended_on, how = self._end_of(policy, transfer, number)
                self._clock(patient, transfer, policy, started_on, (ended_on, how))

    def _end_of(self, policy, transfer: Transfer, number: int) -> tuple[date | None, str]:
        steps, request = transfer.steps, transfer.request
        if policy.start_event == WARRANT_GIVEN:
            given_on, outcome = transfer.warrants[number]
            if outcome == "lapsed":
                return given_on + timedelta(days=14), "lapsed"
        if policy.stop_event == FIRST_ASSESSED and "first_report" in steps:
            return steps["first_report"], "met"
        if policy.stop_event in (RECEIVED, FIRST_ASSESSED) and request.end:
            return (
                request.ended_on,
                "met" if request.end in ADMISSIONS and policy.stop_event == RECEIVED else "void",
            )
        return None, ""

    def _clock(
        self, patient: int, transfer: Transfer, policy, started_on: date, end: tuple[date | None, str]
    ) -> None:
        """A running clock raises its flags in the sweep that follows; an ended one has those it raised."""
        ended_on, how = end
        counting = Counting(policy.days, policy.first_day_counts)
        due_on = counting.due_on(started_on)
        if how == "met" and ended_on is not None and ended_on > due_on:
            how = "lapsed"
        rules = sorted(policy.flag_rules.all(), key=lambda rule: rule.day) if policy.is_on else []
        clock = self.clocks.add(
            patient_id=patient,
            policy_id=policy.pk,
            about_kind="referral",
            about_id=self.current_referral,
            started_on=started_on,
            due_on=due_on,
            next_flag_on=None if ended_on or not rules else counting.day_on(rules[0].day, started_on),
            ended_on=ended_on,
            ended_as=how,
        )
        if ended_on is None:
            return
        for rule in rules:
            days = [rule.day] if not rule.every else range(rule.day, rule.day + 600, rule.every)
            for day in days:
                became_on = counting.day_on(day, started_on)
                if became_on >= ended_on:
                    break
                self.flags.add(
                    clock_id=clock,
                    level=rule.level,
                    day=day,
                    owner=rule.owner,
                    must_be_acknowledged=rule.must_be_acknowledged,
                    became_on=became_on,
                    raised_at=noon(became_on),
                    acknowledged_by_id=self.case_manager if rule.must_be_acknowledged else None,
                    acknowledged_at=noon(became_on) if rule.must_be_acknowledged else None,
                )
