"""Writes made-up transfers by COPY: the request, its steps, who was asked and what they said, warrants."""

from datetime import date, timedelta

from pathways.days import noon
from pathways.models import ClockPolicy
from pathways.policies import FIRST_ASSESSED, RECEIVED, REQUESTED, WARRANT_GIVEN
from referrals.codes import ADMISSIONS
from referrals.models import LegalBasis, Warrant
from referrals.rules import TRANSFER_STEPS
from synthetic.by_copy import People
from synthetic.by_copy_clocks import Clocks
from synthetic.by_copy_referrals import Referrals, Written
from synthetic.by_copy_waiting import Waiting
from synthetic.copying import Table
from synthetic.transfers import Asked, Transfer

STEP_ORDER = [kind.value for kind in TRANSFER_STEPS]
DOCTORS = {"first_report": "Dr A Pemberton", "second_report": "Dr B Lockyer"}
HOSPITAL_STEPS = {"assessment", "decision", "bed_date", "received"}
# What the line says of these is the step itself; of the others something else there says it.
STEPS_ON_THE_LINE = {"application", "escort", "left"}
WARRANT_DAYS = timedelta(days=14)


class Transfers:
    """Tables of what only a transfer has; the rest goes into those of every referral."""

    def __init__(self, referrals: Referrals, clocks: Clocks, today: date) -> None:
        self.of, self.clocks, self.waiting, self.today = referrals, clocks, Waiting(referrals), today
        self.people, self.written = referrals.people, referrals.written
        self.installed = referrals.installed
        self.bases, self.warrants = Table(LegalBasis), Table(Warrant)
        self.policies = [one for one in clocks.policies if one.start_event.startswith("transfer.")]

    tables = People.tables

    def write(self, patient: int, transfer: Transfer, home: int) -> None:
        """One transfer, as far as it has come."""
        of = self._refer(patient, transfer, home)
        self._request(of, transfer)
        signed = self._assess(of, transfer)
        self._report(of, transfer)
        for asked in transfer.asked:
            self._ask(of, transfer, asked, signed)
        self._steps(of, transfer)
        self._warrants(of, transfer)
        self.waiting.write(of, transfer)
        self._clocks(of, transfer, self.installed.case_managers[home])
        self._end(of, transfer)

    def _refer(self, patient: int, transfer: Transfer, home: int) -> Written:
        request, steps, service = transfer.request, transfer.steps, self.installed.service_ids
        admitted = request.end in ADMISSIONS
        return self.of.refer(
            patient,
            kind="prison_transfer",
            from_service_id=service[request.prison],
            lead_service_id=None if transfer.lead is None else service[transfer.lead],
            commissioner_id=self.installed.commissioner_ids[home],
            urgency=transfer.urgency,
            urgency_why="Made up: distressed and not accepting treatment.",
            report_first_requested_on=request.requested_on,
            services_first_asked_on=steps.get("services_asked"),
            waiting_since=request.requested_on,
            requested_at=noon(transfer.entered_on),
            requested_by_id=self.installed.liaison[request.prison],
            is_primary=not request.end,
            next_step="" if request.end else next(kind for kind in STEP_ORDER if kind not in steps),
            next_review_on=None if request.end else self._next_review(transfer),
            received_on=request.ended_on if admitted else None,
            received_service_id=service[request.hospital]
            if admitted and request.hospital is not None
            else None,
            ended_on=request.ended_on,
            end_reason=request.end,
            end_why="" if not request.end or admitted else "Made up: see the line of events.",
        )

    def _request(self, of: Written, transfer: Transfer) -> None:
        request = transfer.request
        self.bases.add(
            referral_id=of.pk,
            section=transfer.section,
            limb=transfer.limb,
            with_restrictions=transfer.restricted,
            during=(request.requested_on, None),
            recorded_at=noon(transfer.entered_on),
            recorded_by_id=self.installed.liaison[request.prison],
        )
        self.of.event(
            of,
            "referrals.requested",
            request.requested_on,
            service=request.prison,
            recorded_on=transfer.entered_on,
            section=transfer.section,
            limb=transfer.limb,
            first_requested_on=request.requested_on.isoformat(),
            days_entered_late=(transfer.entered_on - request.requested_on).days,
        )
        self.of.show(of, request.prison, "request", request.requested_on)

    @staticmethod
    def _next_review(transfer: Transfer) -> date:
        last = transfer.reviews[-1] if transfer.reviews else transfer.request.requested_on
        return last + timedelta(days=7)

    def _assess(self, of: Written, transfer: Transfer) -> int | None:
        lead, steps = transfer.lead, transfer.steps
        if lead is None:
            return None
        opened_on = steps["services_asked"]
        if "assessment" not in steps:
            if not transfer.request.end:
                self.written.open(of.patient, lead, opened_on, of.pk)
            return None
        signed_on = steps["assessment"]
        signed = self.written.sign(of.patient, lead, opened_on, signed_on, of.pk)
        if transfer.repeated and len(transfer.asked) > 1:
            again = transfer.asked[1]
            on = min(again.decided_on or signed_on, self.today)
            self.written.sign(
                of.patient, again.service, on, on, of.pk, repeats=signed, reason=transfer.repeated
            )
        return signed

    def _report(self, of: Written, transfer: Transfer) -> None:
        """The two doctors' reports, as far as they have come."""
        for number, (kind, doctor) in enumerate(DOCTORS.items()):
            if kind not in transfer.steps:
                continue
            on = transfer.steps[kind]
            report = self.written.reports.add(
                patient_id=of.patient,
                about_kind="referral",
                about_id=of.pk,
                doctor_name=doctor,
                gmc_number=f"{7_000_000 + of.pk * 2 + number}"[-7:],
                is_section_12_approved=number == 0,
                examined_on=on,
                signed_on=on,
                section=transfer.section,
                says_urgent_need=transfer.section == "48",
                recorded_at=noon(on),
            )
            self.people.event(
                of.patient,
                "assessments.reported",
                on,
                by=transfer.request.prison,
                about=of.about,
                referral=of.pk,
                report=report,
                examined_on=on.isoformat(),
                signed_on=on.isoformat(),
            )

    def _ask(self, of: Written, transfer: Transfer, asked: Asked, signed: int | None) -> None:
        prison = transfer.request.prison
        approach = self.of.ask(
            of, asked.service, asked.asked_on, by_id=self.installed.liaison[prison], by=prison
        )
        if asked.decided_on is None or signed is None:
            return
        self.of.answer(of, approach, asked, signed)
        if (
            asked is transfer.asked[0]
            and asked.outcome
            and "bed_date" in transfer.steps
            and transfer.promised
        ):
            self.of.offer(of, approach, transfer.promised, transfer.steps["bed_date"])

    def _steps(self, of: Written, transfer: Transfer) -> None:
        hospital = self._hospital(transfer)
        for kind, on in transfer.steps.items():
            service = hospital if kind in HOSPITAL_STEPS and hospital is not None else transfer.request.prison
            recorded_on = max(on, transfer.entered_on)
            self.of.step(
                of,
                kind,
                on,
                service,
                recorded_on=recorded_on,
                with_event=kind in STEPS_ON_THE_LINE,
                words=DOCTORS.get(kind, ""),
                # Both ends have long said that the person who left is the one who came.
                confirmed_at=noon(recorded_on) if kind in ("left", "received") else None,
            )

    @staticmethod
    def _hospital(transfer: Transfer) -> int | None:
        return transfer.request.hospital if transfer.request.hospital is not None else transfer.lead

    def _warrants(self, of: Written, transfer: Transfer) -> None:
        request, hospital = transfer.request, self._hospital(transfer)
        for given_on, outcome in transfer.warrants:
            assert hospital is not None  # noqa: S101 (a warrant names a hospital)
            lapses_on = given_on + WARRANT_DAYS
            ends_on = lapses_on - timedelta(days=1)
            ends_on = given_on if outcome == "refused" else ends_on
            outcome_on = {"live": None, "lapsed": ends_on, "used": request.ended_on}.get(
                outcome, transfer.steps["warrant"] if outcome == "replaced" else given_on
            )
            self.warrants.add(
                referral_id=of.pk,
                section=transfer.section,
                with_restrictions=transfer.restricted,
                hospital_id=self.installed.service_ids[hospital],
                given_on=given_on,
                ends_on=ends_on,
                outcome=outcome,
                outcome_on=outcome_on,
                why="Made up: the reports did not agree." if outcome == "refused" else "",
                recorded_at=noon(given_on),
                recorded_by_id=self.installed.liaison[request.prison],
            )
            said = {"section": transfer.section, "ends_on": ends_on.isoformat()}
            by = request.prison
            if outcome == "refused":
                self.of.event(of, "referrals.warrant_refused", given_on, by=by)
                continue
            self.of.event(of, "referrals.warrant_given", given_on, service=hospital, by=by, **said)
            if outcome == "lapsed":
                on, said = lapses_on, {"given_on": given_on.isoformat()}
                self.of.event(
                    of, "referrals.warrant_lapsed", min(on, self.today), service=hospital, by=by, **said
                )

    def _clocks(self, of: Written, transfer: Transfer, manager: int) -> None:
        steps, request = transfer.steps, transfer.request
        began = {REQUESTED: [request.requested_on], FIRST_ASSESSED: [], WARRANT_GIVEN: []}
        if "first_report" in steps:
            began[FIRST_ASSESSED].append(steps["first_report"])
        warrants = [warrant for warrant in transfer.warrants if warrant[1] != "refused"]
        began[WARRANT_GIVEN] = [given_on for given_on, _ in warrants]
        for policy in self.policies:
            for number, started_on in enumerate(began[policy.start_event]):
                outcome = warrants[number][1] if policy.start_event == WARRANT_GIVEN else ""
                ended_on, how = self._end_of(policy, transfer, started_on, outcome)
                self.clocks.write(of, policy, started_on, ended_on, how, manager=manager)

    @staticmethod
    def _end_of(
        policy: ClockPolicy, transfer: Transfer, started_on: date, outcome: str
    ) -> tuple[date | None, str]:
        steps, request = transfer.steps, transfer.request
        if outcome == "lapsed":
            return started_on + WARRANT_DAYS, "lapsed"
        if outcome == "replaced":
            return steps["warrant"], "void"
        if policy.stop_event == FIRST_ASSESSED and "first_report" in steps:
            return steps["first_report"], "met"
        if policy.stop_event in (RECEIVED, FIRST_ASSESSED) and request.end:
            is_met = request.end in ADMISSIONS and policy.stop_event == RECEIVED
            return request.ended_on, "met" if is_met else "void"
        return None, ""

    def _end(self, of: Written, transfer: Transfer) -> None:
        request = transfer.request
        if of.ended_on is None:
            return
        if request.end == "admitted":
            waited = (of.ended_on - request.requested_on).days
            kind, service, said = "referrals.admitted", request.hospital, {"days_waited": waited}
        else:
            by_hospital = request.end in ADMISSIONS
            service = request.hospital if by_hospital else request.prison
            kind, said = "referrals.ended", {"reason": request.end}
        self.of.event(of, kind, of.ended_on, service=service, **said)
