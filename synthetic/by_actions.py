"""Writes the newest lives through the actions themselves, day by day, as people would have."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from assessments import actions as assessing
from assessments.codes import SectionKind
from assessments.models import Assessment, SignedAssessment
from organisations.actor import Actor, actor_for
from organisations.models import Bed, Commissioner, Membership, Service
from pathways import days
from pathways.actions import patients as registering
from pathways.models import Patient
from referrals import actions as referring
from referrals.models import Approach, Referral
from synthetic.by_copy_assessments import WORDS, recommended
from synthetic.installation import Installation
from synthetic.lives import Life
from synthetic.transfers import SERVICE_PARTIES, Asked, Transfer

# A warrant given on a day may be used on that and the thirteen after it.
LAPSES_AFTER = timedelta(days=14)


class Cast:
    """Whoever acts, at any moment of the made-up past."""

    def __init__(self, installed: Installation, random: Random) -> None:
        self.installed, self.random = installed, random
        self.users = User.objects.in_bulk()
        self.memberships: dict[int, list[Membership]] = defaultdict(list)
        for membership in Membership.objects.select_related("service"):
            self.memberships[membership.user_id].append(membership)

    def _actor(self, user_id: int, capacity: str, at: datetime) -> Actor:
        request = UUID(int=self.random.getrandbits(128), version=4)
        held = self.memberships[user_id]
        return actor_for(self.users[user_id], held, capacity=capacity, at=at, request_id=request)

    def clinician(self, service: int, at: datetime) -> Actor:
        """Somebody with clinical rights at a service."""
        return self._actor(self.installed.staff[service], "clinician", at)

    def administrator(self, at: datetime) -> Actor:
        """Who manages services, wards and beds."""
        everybody = ((user, one.role) for user, held in self.memberships.items() for one in held)
        return self._actor(
            next(user for user, role in everybody if role == "administrator"), "administrator", at
        )

    def liaison(self, prison: int, at: datetime) -> Actor:
        """The liaison officer of a prison."""
        return self._actor(self.installed.liaison[prison], "liaison", at)


class Plays:
    """Collects what everybody does, then does it in order of time."""

    def __init__(self, installed: Installation, now: datetime, random: Random) -> None:
        self.installed, self.now, self.random = installed, now, random
        self.cast = Cast(installed, random)
        self.services = Service.objects.in_bulk()
        self.commissioners = Commissioner.objects.in_bulk()
        self.beds = Bed.objects.select_related("ward").in_bulk()
        self.scenes: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def service(self, index: int) -> Service:
        """The row of a plain service."""
        return self.services[self.installed.service_ids[index]]

    def at(self, on: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a London day. What would be later than now has just been, in the same order."""
        before_midnight = timedelta(microseconds=24 * 60 - 60 * hour - minute)
        return min(days.at(on, time(hour, minute)), self.now - before_midnight)

    def scene(self, when: datetime, act: Callable[[datetime], None]) -> None:
        """Something that will be done at a moment."""
        self.scenes.append((when, len(self.scenes), act))

    def perform(self) -> None:
        """Do everything, in order of time."""
        for when, _, act in sorted(self.scenes, key=lambda scene: scene[:2]):
            act(when)


class Story:
    """One person and the transfer that is newer than sixty days."""

    def __init__(self, plays: Plays, life: Life, transfer: Transfer) -> None:
        self.plays, self.life, self.transfer = plays, life, transfer
        self.prison = transfer.request.prison
        self.patient: Patient
        self.referral: Referral
        self.draft: Assessment
        self.signed: SignedAssessment
        self.approaches: dict[int, Approach] = {}
        self._plan()

    def _plan(self) -> None:
        """Say when each thing is done. Hours differ, so that one day's acts keep their order."""
        plays, transfer, steps = self.plays, self.transfer, self.transfer.steps
        first = self.life.stays[0]
        plays.scene(plays.at(first.since, 12), self._register)
        plays.scene(plays.at(transfer.entered_on, 12, 5), self._request)
        if "services_asked" in steps:
            plays.scene(plays.at(steps["services_asked"], 12, 40), self._ask)
            plays.scene(plays.at(steps["services_asked"], 12, 50), self._open_assessment)
        planned = [
            ("first_report", 12, 30, self._report),
            ("assessment", 13, 0, self._sign),
            ("second_report", 13, 40, self._report),
            ("bed_date", 13, 50, self._bed_date),
            ("application", 14, 0, self._simple("application")),
            ("escort", 14, 20, self._simple("escort")),
            ("left", 14, 30, self._leave),
            ("received", 16, 0, self._receive),
        ]
        for kind, hour, minute, act in planned:
            if kind in steps:
                on = max(steps[kind], transfer.entered_on)
                plays.scene(plays.at(on, hour, minute), self._dated(act, kind, steps[kind]))
        for asked in transfer.asked:
            if asked.decided_on and "assessment" in steps:
                on = max(asked.decided_on, transfer.entered_on)
                plays.scene(plays.at(on, 13, 20), self._decision(asked))
        for number, (given_on, outcome) in enumerate(transfer.warrants):
            plays.scene(
                plays.at(given_on, 14, 10),
                self._warrant(given_on, applied=number == 0 and "application" in steps),
            )
            if outcome == "lapsed":
                plays.scene(plays.at(given_on + LAPSES_AFTER, 6), self._lapse)
        self._plan_waiting()
        if transfer.request.end and transfer.request.end != "admitted":
            plays.scene(plays.at(transfer.request.ended_on, 17), self._end)

    def _plan_waiting(self) -> None:
        plays, transfer = self.plays, self.transfer
        for first, last, party, reason in transfer.delays:
            on = max(last or first, transfer.entered_on)
            plays.scene(plays.at(on, 15), self._delay(first, last, party, reason))
        for on in transfer.reviews:
            plays.scene(plays.at(max(on, transfer.entered_on), 15, 10), self._review(on))
        for on in transfer.contacts:
            plays.scene(plays.at(max(on, transfer.entered_on), 15, 20), self._contact(on))

    @staticmethod
    def _dated(act: Callable[[str, date, datetime], None], kind: str, on: date) -> Callable[[datetime], None]:
        return lambda when: act(kind, on, when)

    def _register(self, when: datetime) -> None:
        person, first = self.life.person, self.life.stays[0]
        self.patient = registering.register_patient(
            given_name=person.given_name,
            family_name=person.family_name,
            born_on=person.born_on,
            stated_gender=person.gender,
            nhs_number=person.nhs_number,
            no_nhs_number="" if person.nhs_number else "not_known",
            ethnicity=person.ethnicity,
            prison_number=person.prison_number,
            aliases=[f"{person.given_name} {person.alias}"] if person.alias else [],
            interpreter_language=person.language,
            home_area=self.plays.commissioners[self.plays.installed.commissioner_ids[person.home]],
            at_service=self.plays.service(self.prison),
            since=days.noon(first.since),
            time_known=False,
            by=self.plays.cast.clinician(self.prison, when),
        )

    def _request(self, when: datetime) -> None:
        transfer = self.transfer
        self.referral = referring.request_transfer(
            self.patient,
            from_service=self.plays.service(self.prison),
            section=transfer.section,
            limb=transfer.limb,
            with_restrictions=transfer.restricted,
            urgency=transfer.urgency,
            urgency_why="Made up: distressed and not accepting treatment.",
            report_first_requested_on=transfer.request.requested_on,
            by=self.plays.cast.liaison(self.prison, when),
        )

    def _ask(self, when: datetime) -> None:
        for asked in self.transfer.asked:
            self.approaches[asked.service] = referring.ask_service(
                self.referral,
                self.plays.service(asked.service),
                by=self.plays.cast.liaison(self.prison, when),
            )

    def _report(self, kind: str, on: date, when: datetime) -> None:
        second = kind == "second_report"
        referring.record_report(
            self.referral,
            doctor_name="Dr B Lockyer" if second else "Dr A Pemberton",
            gmc_number="7000002" if second else "7000001",
            is_section_12_approved=not second,
            examined_on=on,
            signed_on=on,
            says_urgent_need=self.transfer.section == "48",
            by=self.plays.cast.clinician(self.prison, when),
        )

    def _open_assessment(self, when: datetime) -> None:
        lead = self.transfer.asked[0].service
        self.draft = assessing.claim_assessment(
            self.patient,
            service=self.plays.service(lead),
            about=("referral", self.referral.pk),
            by=self.plays.cast.clinician(lead, when),
        )

    def _sign(self, _kind: str, _on: date, when: datetime) -> None:
        lead = self.transfer.asked[0].service
        by = self.plays.cast.clinician(lead, when)
        for section in self.draft.sections.all():
            words = {"none": WORDS[SectionKind(section.kind)]}
            assessing.save_section(
                self.draft, section.kind, texts=words, version=section.version, finished=True, by=by
            )
        tier = self.plays.installed.services[lead].tier
        needed = recommended(tier, self.life.person.ward_gender)
        assessing.save_recommendation(self.draft, **needed, version=0, by=by)
        self.signed = assessing.sign_assessment(self.draft, by=by)

    def _decision(self, asked: Asked) -> Callable[[datetime], None]:
        def decide(when: datetime) -> None:
            by = self.plays.cast.clinician(asked.service, when)
            acceptance = assessing.accept_assessment(
                self.signed,
                service=self.plays.service(asked.service),
                tier=self.plays.installed.services[asked.service].tier,
                answer=asked.answer,
                words=""
                if asked.answer == "yes"
                else "Made up: what was the response to the last treatment?",
                by=by,
            )
            if not asked.outcome:
                return
            referring.decide(
                self.approaches[asked.service],
                acceptance=acceptance,
                outcome=asked.outcome,
                tier=asked.tier,
                reason=asked.reason,
                words="Made up: see the assessment." if asked.reason == "other" else "",
                deferred_to=asked.deferred_to,
                expected_on=asked.expected_on,
                depends_on="A discharge from the ward" if asked.expected_on else "",
                decided_on=asked.decided_on,
                by=by,
            )

        return decide

    def _bed(self) -> Bed:
        service, ward, bed = self.transfer.promised.bed if self.transfer.promised else self._stay_bed()
        return self.plays.beds[self.plays.installed.beds[service, ward, bed]]

    def _stay_bed(self) -> tuple[int, int, int]:
        stay = next(s for s in self.life.stays if s.bed and s.since == self.transfer.request.ended_on)
        return (stay.service, *stay.bed)

    def _bed_date(self, _kind: str, on: date, when: datetime) -> None:
        if self.transfer.promised is None:
            return
        lead = self.transfer.asked[0].service
        referring.give_bed_date(
            self.approaches[lead],
            self._bed(),
            bed_on=max(self.transfer.promised.bed_on, on),
            by=self.plays.cast.clinician(lead, when),
        )

    def _simple(self, step: str) -> Callable[[str, date, datetime], None]:
        def record(_kind: str, on: date, when: datetime) -> None:
            referring.record_step(self.referral, step, on=on, by=self.plays.cast.liaison(self.prison, when))

        return record

    @staticmethod
    def _lapse(when: datetime) -> None:
        referring.lapse_warrants(on=days.london_date(when), by=Actor.system("seed", at=when))

    def _warrant(self, given_on: date, *, applied: bool) -> Callable[[datetime], None]:
        def give(when: datetime) -> None:
            if not applied:
                # A lapsed warrant has taken its application with it, or will: it was made all the same.
                self._simple("application")("application", given_on, when)
            referring.record_warrant(
                self.referral,
                section=self.transfer.section,
                with_restrictions=self.transfer.restricted,
                hospital=self.plays.service(self.transfer.asked[0].service),
                unit="",
                given_on=given_on,
                by=self.plays.cast.liaison(self.prison, when),
            )

        return give

    def _leave(self, _kind: str, _on: date, when: datetime) -> None:
        referring.leave_prison(self.referral, at=when, by=self.plays.cast.liaison(self.prison, when))

    def _receive(self, _kind: str, _on: date, when: datetime) -> None:
        service = self.transfer.request.hospital
        referring.admit(
            self.referral,
            service=self.plays.service(service),
            bed=self._bed(),
            at=when,
            time_known=True,
            by=self.plays.cast.clinician(service, when),
        )

    def _delay(self, first: date, last: date | None, party: str, reason: str) -> Callable[[datetime], None]:
        def record(when: datetime) -> None:
            referring.record_delay(
                self.referral,
                first_day=first,
                last_day=last - timedelta(days=1) if last else None,
                party=party,
                service=self.plays.service(self.transfer.party_service(party))
                if party in SERVICE_PARTIES
                else None,
                reason=reason,
                words="Made up: said on the telephone." if reason == "other" else "",
                by=self.plays.cast.liaison(self.prison, when),
            )

        return record

    def _review(self, on: date) -> Callable[[datetime], None]:
        def record(when: datetime) -> None:
            referring.record_review(
                self.referral,
                on=on,
                how_the_person_is="Made up: much the same; eating, not sleeping.",
                interim_plan="Daily review by the in-reach team.",
                next_on=on + timedelta(days=7),
                by=self.plays.cast.clinician(self.prison, when),
            )

        return record

    def _contact(self, on: date) -> Callable[[datetime], None]:
        def record(when: datetime) -> None:
            referring.record_contact(
                self.referral,
                on=on,
                with_whom="Bed manager",
                said="No date yet.",
                next_action="Ring again",
                next_on=on + timedelta(days=5),
                by=self.plays.cast.liaison(self.prison, when),
            )

        return record

    def _end(self, when: datetime) -> None:
        request = self.transfer.request
        by = self.plays.cast.clinician(self.prison, when)
        if request.end == "died":
            registering.record_death(self.patient, on=request.ended_on, by=by)
            return
        referring.end_transfer(
            self.referral,
            reason=request.end,
            why="Made up: see the line of events.",
            on=request.ended_on,
            by=by,
        )
