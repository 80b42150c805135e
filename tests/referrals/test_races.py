"""Two at once, committed for real, and walks of steps in any order."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import sampled_from

from core.refusals import Refused
from organisations.models import Bed
from pathways.models import BedUse, Clock, Placement
from referrals import actions, rules
from referrals.actions import checklist
from referrals.models import Approach, BedOffer, Decision, Referral, Step, Warrant
from tests.pathways.test_races import at_once
from tests.referrals.transfers import (
    accepted,
    accepts_assessment,
    applied,
    approach_of,
    asked,
    assessed,
    bedded,
    fresh,
    on,
    ready,
    reported,
    standing,
    warranted,
)
from tests.world import NOW, TODAY, a_patient, actor_of, make_england


@pytest.mark.race
def test_of_two_decisions_at_once_one_stands(committed_db):
    england = make_england()
    referral = asked(england)
    assessed(england, referral)
    acceptance = accepts_assessment(england, referral, england.ashdown)
    approach = approach_of(referral, england.ashdown)
    by = actor_of(england.maya)
    known = {"acceptance": acceptance, "decided_on": TODAY, "by": by}
    results = at_once(
        [
            lambda: actions.decide(approach, outcome="accepted", **known),
            lambda: actions.decide(approach, outcome="declined", reason="no_bed", **known),
        ]
    )
    assert sorted(results) == ["A decision is already recorded. Open it to change it.", "ok"]
    assert Decision.objects.count() == 1


@pytest.mark.race
def test_of_two_requests_at_once_one_stands(committed_db):
    england = make_england()
    patient = a_patient(england)
    results = at_once([lambda: asked(england, patient), lambda: asked(england, patient)])
    assert sorted(results) == ["This person already has an open transfer. Take it over or add to it.", "ok"]
    assert Referral.objects.count() == 1


@pytest.mark.race
def test_a_bed_promised_to_two_people_at_once_goes_to_one(committed_db):
    england = make_england()
    first, second = accepted(england), accepted(england)
    results = at_once([lambda: bedded(england, first), lambda: bedded(england, second)])
    assert sorted(results) == ["That bed has just gone. Choose another bed or other dates.", "ok"]
    assert BedOffer.objects.count() == 1


@pytest.mark.race
def test_received_and_died_at_once_leave_one_end(committed_db):
    england = make_england()
    referral = ready(england)
    from pathways.actions.patients import record_death

    maya, ines = actor_of(england.maya), actor_of(england.ines)
    results = at_once(
        [
            lambda: actions.admit(referral, service=england.ashdown, bed=england.bed, at=NOW, by=maya),
            lambda: record_death(referral.patient, on=TODAY, by=ines),
        ]
    )
    assert "ok" in results
    assert not [result for result in results if "Error" in result or "deadlock" in result]
    assert fresh(referral).end_reason in ("admitted", "died")
    assert not Clock.objects.running().of("referral", referral.pk).exists()


def walk_of(england):
    """A machine that does any act in any order on one transfer; refusals are fine, illegal states are not."""

    class Walk(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.hour = NOW
            # A bed of its own: `ready` holds the first one, for a person of an earlier walk too.
            Bed.objects.filter(pk=england.bed.pk).update(name=f"Old {Bed.objects.count()}")
            england.bed = self.bed = Bed.objects.create(ward=england.ward, name="1")
            self.referral = None

        def attempt(self, act):
            self.hour += timedelta(hours=1)
            try:
                act()
            except Refused:
                pass
            except (Approach.DoesNotExist, Decision.DoesNotExist, IndexError):
                pass  # there is nothing to act on yet
            self.referral = fresh(self.referral)

        def by(self, user):
            return actor_of(user, at=self.hour)

        @initialize(start=sampled_from([ready, accepted, asked]))
        def begin(self, start):
            self.referral = start(england, patient=a_patient(england), services=[england.ashdown])

        @rule()
        def assess(self):
            self.attempt(lambda: assessed(england, self.referral, when=self.hour))

        @rule()
        def report(self):
            self.attempt(lambda: reported(england, self.referral, when=self.hour))

        @rule(outcome=sampled_from(["accepted", "declined", "deferred"]))
        def decide(self, outcome):
            def act():
                acceptance = accepts_assessment(england, self.referral, england.ashdown, when=self.hour)
                known = {"outcome": outcome, "decided_on": on(0), "acceptance": acceptance}
                if outcome == "declined":
                    known["reason"] = "no_bed"
                if outcome == "deferred":
                    known["deferred_to"] = on(5)
                approach = approach_of(self.referral, england.ashdown)
                before = Decision.objects.current().filter(approach=approach).first()
                if before:
                    actions.change_decision(before, why="Otherwise.", **known, by=self.by(england.maya))
                else:
                    actions.decide(approach, **known, by=self.by(england.maya))

            try:
                self.attempt(act)
            except type(self).no_assessment:
                pass

        @rule()
        def give_bed(self):
            def act():
                approach = approach_of(self.referral, england.ashdown)
                actions.give_bed_date(approach, self.bed, bed_on=on(3), by=self.by(england.maya))

            self.attempt(act)

        @rule()
        def take_bed_back(self):
            offers = BedOffer.objects.current().filter(approach__referral=self.referral)
            self.attempt(lambda: actions.withdraw_bed_date(offers[0], why="Flood.", by=self.by(england.maya)))

        @rule(service=sampled_from(["ashdown", "brook"]))
        def ask_or_let_go(self, service):
            def act():
                where = getattr(england, service)
                if Approach.objects.open().filter(referral=self.referral, service=where).exists():
                    approach = approach_of(self.referral, where)
                    actions.withdraw_approach(approach, why="Too far.", by=self.by(england.lena))
                else:
                    actions.ask_service(self.referral, where, by=self.by(england.lena))

            self.attempt(act)

        @rule()
        def apply(self):
            self.attempt(lambda: applied(england, self.referral, when=self.hour))

        @rule()
        def give_warrant(self):
            self.attempt(lambda: warranted(england, self.referral, when=self.hour))

        @rule()
        def refuse_warrant(self):
            self.attempt(
                lambda: actions.record_refused_warrant(
                    self.referral, on=on(0), why="Old.", by=self.by(england.lena)
                )
            )

        @rule()
        def change_section(self):
            basis = self.referral.legal_bases.current().get(during__upper_inf=True)
            to = {"section": "48", "limb": "a"} if basis.section == "47" else {"section": "47", "limb": ""}
            restricted = None if to["limb"] else True
            self.attempt(
                lambda: actions.change_legal_basis(
                    self.referral, **to, with_restrictions=restricted, since=on(0), by=self.by(england.lena)
                )
            )

        @rule(kind=sampled_from(["escort", "left"]))
        def date(self, kind):
            self.attempt(lambda: actions.record_step(self.referral, kind, on=on(0), by=self.by(england.lena)))

        @rule()
        def admit(self):
            self.attempt(
                lambda: actions.admit(
                    self.referral,
                    service=england.ashdown,
                    bed=self.bed,
                    at=self.hour,
                    by=self.by(england.maya),
                )
            )

        @rule()
        def end(self):
            self.attempt(
                lambda: actions.end_transfer(
                    self.referral, reason="released", on=on(0), by=self.by(england.lena)
                )
            )

        @rule()
        def undo_the_end(self):
            self.attempt(lambda: actions.undo_end(self.referral, why="Slip.", by=self.by(england.carl)))

        @rule(kind=sampled_from(["escort", "left", "warrant", "application"]))
        def take_back(self, kind):
            def act():
                step = Step.objects.current().filter(referral=self.referral, kind=kind)[0]
                actions.take_back_step(step, why="Slip.", by=self.by(england.carl))

            self.attempt(act)

        @invariant()
        def is_legal(self):
            if self.referral is None:
                return
            self.referral = fresh(self.referral)
            referral, done = self.referral, standing(self.referral)
            asked_now = Approach.objects.open().filter(referral=referral)
            offers = BedOffer.objects.current().filter(approach__in=asked_now)
            live = Warrant.objects.live().filter(referral=referral)
            assert referral.next_step == (rules.first_unmet(referral.kind, done) if referral.is_open else "")
            assert ("received" in done) == (referral.end_reason == "admitted")
            assert referral.is_open == (referral.end_reason == "")
            now = Placement.objects.open_of(referral.patient)
            beds_slept_in = BedUse.objects.current().occupying().filter(patient=referral.patient)
            if referral.is_open:
                assert ("warrant" in done) == live.exists()
                assert ("bed_date" in done) == offers.exists()
                in_force = [report.section for report in checklist.reports(referral)]
                assert len(done & set(rules.REPORTS)) == min(2, len(in_force))
                accepting = Decision.objects.current().filter(
                    approach__in=asked_now, outcome__in=rules.ACCEPTING
                )
                assert ("decision" in done) == accepting.exists()
                assert ("services_asked" in done) == asked_now.exists()
                assert now.service == england.prison
                assert not beds_slept_in.exists()
                assert (
                    Clock.objects.running()
                    .of("referral", referral.pk)
                    .filter(policy__is_headline=True)
                    .exists()
                )
            else:
                assert not asked_now.exists()
                assert not live.exists()
                assert not Clock.objects.running().of("referral", referral.pk).exists()
                came = referral.end_reason == "admitted"
                assert (now.service, now.elsewhere) == ((england.ashdown, "") if came else (None, "released"))
                assert beds_slept_in.count() == int(came)
            assert not ("warrant" in done and "application" not in done)
            kinds = list(Step.objects.current().filter(referral=referral).values_list("kind", flat=True))
            assert len(kinds) == len(set(kinds))

    from assessments.models import SignedAssessment

    Walk.no_assessment = SignedAssessment.DoesNotExist
    return Walk


@pytest.mark.property
def test_no_walk_of_steps_reaches_an_illegal_state(england):
    quick = settings(
        max_examples=16,
        stateful_step_count=16,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walk_of(england), settings=quick)
