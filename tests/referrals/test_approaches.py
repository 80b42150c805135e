"""Services asked, decisions, bed dates."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError

from core.models import Notification
from core.refusals import Refused
from organisations.actions import designate_ward
from organisations.models import AdmissionCriterion
from pathways.models import BedUse, Event, Patient
from referrals import actions
from referrals.models import Decision
from tests.referrals.transfers import (
    accepted,
    accepts_assessment,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    decided,
    fresh,
    on,
    standing,
)
from tests.world import NOW, TODAY, a_patient, actor_of


def test_a_service_asked_later_may_open_the_person_and_is_told(england):
    referral = asked(england, services=[])
    assert fresh(referral).next_step == "first_report"
    actions.ask_service(referral, england.elsewhere, by=actor_of(england.lena))
    assert Patient.objects.visible_to(actor_of(england.sam)).filter(pk=referral.patient_id).exists()
    assert Notification.objects.filter(
        kind="referrals.service_asked", mailbox=england.elsewhere.alert_mailbox
    ).exists()
    assert "services_asked" in standing(referral)
    assert fresh(referral).lead_service is None
    actions.ask_service(referral, england.ashdown, by=actor_of(england.carl))
    assert fresh(referral).lead_service == england.ashdown


def test_a_service_is_asked_once_and_only_by_those_concerned(england):
    referral = asked(england)
    with pytest.raises(Refused, match="already been asked"):
        actions.ask_service(referral, england.ashdown, by=actor_of(england.lena))
    with pytest.raises(Refused, match="asks services"):
        actions.ask_service(referral, england.elsewhere, by=actor_of(england.sam))


def test_a_service_let_go_loses_its_bed(england):
    referral = accepted(england)
    offer = bedded(england, referral)
    approach = approach_of(referral, england.ashdown)
    actions.withdraw_approach(approach, why="Wrong gender.", by=actor_of(england.lena, at=at(1)))
    approach.refresh_from_db()
    assert (approach.closed_at, approach.closed_why) == (at(1), "Wrong gender.")
    offer.refresh_from_db()
    assert offer.superseded_at == at(1)
    assert not BedUse.objects.current().filter(pk=offer.hold_id).exists()
    assert standing(referral) == {"report_requested", "services_asked", "assessment"}
    assert fresh(referral).lead_service is None
    with pytest.raises(Refused, match="not asked any more"):
        actions.withdraw_approach(approach, why="Again.", by=actor_of(england.lena, at=at(1)))


def test_a_service_let_go_opens_the_person_for_the_grace_and_no_longer(england):
    referral = asked(england)
    approach = approach_of(referral, england.brook)
    actions.withdraw_approach(approach, why="Too far.", by=actor_of(england.lena, at=at(1)))
    people = Patient.objects.filter(pk=referral.patient_id)
    assert people.visible_to(actor_of(england.luke, at=at(28))).exists()
    assert not people.visible_to(actor_of(england.luke, at=at(30))).exists()


def test_when_nobody_is_asked_any_more_the_step_is_open_again(england):
    referral = asked(england, services=[england.brook])
    actions.withdraw_approach(approach_of(referral, england.brook), why="Too far.", by=actor_of(england.lena))
    assert "services_asked" not in standing(referral)
    assert Event.objects.filter(kind="referrals.step_reopened", details__step="services_asked").exists()


def test_a_case_manager_names_the_lead(england):
    referral = asked(england)
    by = actor_of(england.carl)
    assert actions.name_lead(referral, england.brook, by=by).lead_service == england.brook
    with pytest.raises(Refused, match="has been asked can lead"):
        actions.name_lead(referral, england.elsewhere, by=by)


def test_accepted_without_a_bed_is_waiting_for_a_bed(england):
    referral = asked(england)
    assessed(england, referral)
    decision = decided(england, referral, expected_on=on(10), depends_on="A discharge")
    assert (decision.outcome, decision.tier) == ("accepted", "medium")
    approach = approach_of(referral, england.ashdown)
    waiting = type(approach).objects.waiting_for_a_bed()
    assert list(waiting) == [approach]
    bedded(england, referral)
    assert not waiting.all().exists()
    event = Event.objects.get(kind="referrals.decided")
    assert event.details["outcome"] == "accepted"
    assert Notification.objects.filter(
        kind="referrals.decided", mailbox=england.prison.alert_mailbox
    ).exists()


def test_accepted_at_another_tier_says_which(england):
    referral = asked(england)
    assessed(england, referral)
    decision = decided(england, referral, england.brook, outcome="accepted_other_tier", tier="low")
    assert decision.tier == "low"
    assert "decision" in standing(referral)


def test_a_service_accepts_only_at_a_tier_for_which_it_has_a_ward_on_the_day(england):
    referral = asked(england)
    assessed(england, referral)
    with pytest.raises(Refused, match="no medium secure ward on that day"):
        decided(england, referral, england.brook)
    answers = {"tier": "medium", "gender": "men", "since": on(1), "why": "Rebuilt."}
    designate_ward(england.brook_ward, **answers, by=actor_of(england.adam))
    with pytest.raises(Refused, match="no medium secure ward on that day"):
        decided(england, referral, england.brook)
    tomorrow = at(1)
    with pytest.raises(Refused, match="no low secure ward on that day"):
        decided(england, referral, england.brook, outcome="accepted_other_tier", tier="low", when=tomorrow)
    assert decided(england, referral, england.brook, when=tomorrow).tier == "medium"


def test_deferred_is_neither_accepted_nor_declined(england):
    referral = asked(england, services=[england.ashdown])
    assessed(england, referral)
    decided(england, referral, outcome="deferred", deferred_to=on(5))
    assert "decision" not in standing(referral)
    assert not Event.objects.filter(kind="referrals.all_declined").exists()


def test_a_decline_is_held_against_the_services_own_criterion(england):
    referral = asked(england)
    assessed(england, referral)
    criterion = AdmissionCriterion.objects.get(service=england.ashdown)
    with pytest.raises(Refused, match="own service's criteria"):
        decided(england, referral, england.brook, outcome="declined", reason="gender", criterion=criterion)
    decision = decided(england, referral, outcome="declined", reason="gender", criterion=criterion)
    assert decision.criterion == criterion


def test_every_service_declining_is_an_escalation_and_no_end(england):
    referral = asked(england)
    assessed(england, referral)
    decided(england, referral, outcome="declined", reason="no_bed")
    assert not Event.objects.filter(kind="referrals.all_declined").exists()
    decided(england, referral, england.brook, outcome="declined", reason="tier_too_low")
    assert Event.objects.filter(kind="referrals.all_declined").count() == 1
    assert fresh(referral).is_open
    told = Notification.objects.get(kind="referrals.all_declined", user=england.carl)
    assert told.mailbox == england.carl.email


def test_a_decision_needs_an_assessment_that_the_service_takes_as_its_own(england):
    referral = asked(england)
    assessed(england, referral)
    acceptance = accepts_assessment(england, referral, england.ashdown)
    brook = approach_of(referral, england.brook)
    known = {"acceptance": acceptance, "outcome": "accepted", "decided_on": TODAY}
    with pytest.raises(Refused, match="has not said whether"):
        actions.decide(brook, **known, by=actor_of(england.luke))
    ashdown = approach_of(referral, england.ashdown)
    accepts_assessment(england, referral, england.ashdown, answer="no", when=at(0, 1))
    with pytest.raises(Refused, match="has not accepted the assessment"):
        actions.decide(ashdown, **known, by=actor_of(england.maya, at=at(0, 1)))
    with pytest.raises(Refused, match="Only the service"):
        actions.decide(ashdown, **known, by=actor_of(england.luke))


@pytest.mark.parametrize(
    "known", [{"outcome": "declined", "reason": "no_bed"}, {"outcome": "deferred", "deferred_to": on(7)}]
)
def test_a_service_that_does_not_accept_the_assessment_may_decline_or_defer(england, known):
    referral = asked(england)
    assessed(england, referral)
    said = accepts_assessment(england, referral, england.ashdown, answer="no")
    ashdown, by = approach_of(referral, england.ashdown), actor_of(england.maya, at=at(1))
    first = actions.decide(ashdown, acceptance=said, decided_on=TODAY, **known, by=by)
    assert first.outcome == known["outcome"]
    accepting = {"acceptance": said, "outcome": "accepted", "decided_on": on(1), "why": "x", "by": by}
    with pytest.raises(Refused, match="can decline or defer"):
        actions.change_decision(first, **accepting)
    accepts_assessment(england, referral, england.ashdown, when=at(1))
    assert actions.change_decision(first, **accepting).outcome == "accepted"


def test_a_decision_is_not_before_the_service_was_asked_nor_before_the_signature(england):
    referral = asked(england, services=[england.ashdown], report_first_requested_on=on(-5))
    assessed(england, referral, when=at(1))
    with pytest.raises(Refused, match="before 3 March 2026, the day the assessment was signed"):
        decided(england, referral, decided_on=TODAY, when=at(2))
    brook = actions.ask_service(referral, england.brook, by=actor_of(england.lena, at=at(3)))
    said = accepts_assessment(england, referral, england.brook, when=at(4))
    known = {"acceptance": said, "outcome": "declined", "reason": "no_bed"}
    with pytest.raises(Refused, match="before 5 March 2026, the day your service was asked"):
        actions.decide(brook, **known, decided_on=on(2), by=actor_of(england.luke, at=at(4)))
    assert actions.decide(brook, **known, decided_on=on(3), by=actor_of(england.luke, at=at(4)))


@pytest.mark.parametrize(
    ("outcome", "known", "word"),
    [
        ("accepted", {"reason": "no_bed"}, "declining the person only"),
        ("accepted", {"deferred_to": on(3)}, "deferring only"),
        ("declined", {"reason": "no_bed", "tier": "low"}, "accepting the person only"),
        ("deferred", {"deferred_to": on(3), "expected_on": on(4)}, "accepting the person only"),
    ],
)
def test_what_goes_with_another_decision_is_refused_and_never_stored(england, outcome, known, word):
    referral = asked(england)
    assessed(england, referral)
    with pytest.raises(Refused, match=word):
        decided(england, referral, outcome=outcome, **known)
    decided(england, referral)
    with pytest.raises(IntegrityError, match="a_decision_says_nothing_of_another_outcome"):
        Decision.objects.update(reason="no_bed")


def test_a_decision_on_somebody_elses_or_an_old_assessment_is_refused(england):
    referral, other = asked(england), asked(england, a_patient(england))
    assessed(england, referral)
    acceptance = accepts_assessment(england, referral, england.ashdown)
    known = {"acceptance": acceptance, "outcome": "accepted"}
    with pytest.raises(Refused, match="somebody else"):
        actions.decide(
            approach_of(other, england.ashdown), **known, decided_on=TODAY, by=actor_of(england.maya)
        )
    late = actor_of(england.maya, at=at(200))
    with pytest.raises(Refused, match="no longer current"):
        actions.decide(approach_of(referral, england.ashdown), **known, decided_on=on(200), by=late)


def test_a_second_decision_beside_the_first_is_refused(england):
    referral = accepted(england)
    with pytest.raises(Refused, match="already recorded"):
        decided(england, referral, outcome="declined", reason="no_bed")


def test_a_change_of_mind_keeps_the_first_answer_and_frees_the_bed(england):
    referral = accepted(england)
    offer = bedded(england, referral)
    first = Decision.objects.current().get(approach__referral=referral)
    by = actor_of(england.maya, at=at(1))
    known = {"acceptance": first.acceptance, "decided_on": on(1), "by": by}
    with pytest.raises(Refused, match="Say why"):
        actions.change_decision(first, why="", outcome="declined", reason="safety", **known)
    second = actions.change_decision(
        first, why="An enemy is on the ward.", outcome="declined", reason="safety", **known
    )
    first.refresh_from_db()
    assert (first.superseded_at, first.why) == (at(1), "An enemy is on the ward.")
    assert Decision.objects.as_known(at(0, 1)).get() == first
    assert Decision.objects.current().get() == second
    offer.refresh_from_db()
    assert offer.superseded_at == at(1)
    assert not standing(referral) & {"decision", "bed_date"}
    assert "canary" not in str(Event.objects.get(kind="referrals.decision_changed").details)
    with pytest.raises(Refused, match="changed already"):
        actions.change_decision(first, why="x", outcome="declined", reason="safety", **known)


def test_a_change_between_two_ways_of_accepting_keeps_the_bed(england):
    referral = accepted(england)
    bedded(england, referral)
    first = Decision.objects.current().get(approach__referral=referral)
    actions.change_decision(
        first,
        why="A date is known.",
        acceptance=first.acceptance,
        outcome="accepted",
        expected_on=on(3),
        decided_on=TODAY,
        by=actor_of(england.maya),
    )
    assert standing(referral) >= {"decision", "bed_date"}


def test_a_service_that_declines_opens_the_person_for_the_grace_and_no_longer(england):
    referral = asked(england)
    assessed(england, referral)
    decided(england, referral, service=england.brook, outcome="declined", reason="no_bed")
    later = NOW + timedelta(days=settings.RELATIONSHIP_GRACE_DAYS, hours=1)
    people = Patient.objects
    assert people.visible_to(actor_of(england.luke)).filter(pk=referral.patient_id).exists()
    assert not people.visible_to(actor_of(england.luke, at=later)).filter(pk=referral.patient_id).exists()
    assert people.visible_to(actor_of(england.maya, at=later)).filter(pk=referral.patient_id).exists()


def test_a_service_that_changes_its_mind_opens_the_person_again(england):
    referral = asked(england)
    signed = assessed(england, referral)
    decision = decided(england, referral, service=england.brook, outcome="declined", reason="no_bed")
    actions.change_decision(
        decision,
        why="A ward has opened.",
        acceptance=decision.acceptance,
        outcome="accepted_other_tier",
        tier="low",
        decided_on=TODAY,
        by=actor_of(england.luke),
    )
    later = actor_of(england.luke, at=NOW + timedelta(days=settings.RELATIONSHIP_GRACE_DAYS, hours=1))
    assert signed.patient in Patient.objects.visible_to(later)


def test_no_service_asked_asks_or_stops_asking_another(england):
    referral = asked(england)
    luke = actor_of(england.luke)
    with pytest.raises(Refused, match="or the service itself"):
        actions.withdraw_approach(approach_of(referral, england.ashdown), why="Ours now.", by=luke)
    with pytest.raises(Refused, match="asks services"):
        actions.ask_service(referral, england.elsewhere, by=luke)
    assert referral.approaches.open().count() == 2


def test_a_service_steps_back_and_the_prison_and_the_case_manager_are_told(england):
    referral = asked(england)
    actions.withdraw_approach(approach_of(referral, england.brook), why="Full.", by=actor_of(england.luke))
    assert [one.service for one in referral.approaches.open()] == [england.ashdown]
    told = Notification.objects.filter(kind="referrals.stepped_back")
    assert {england.prison.alert_mailbox, england.carl.email} <= {one.mailbox for one in told}


@pytest.mark.parametrize("who", ["maya", "luke", "carl"])
def test_the_prison_alone_says_where_the_person_is_under_what_and_how_it_ended(england, who):
    referral = asked(england)
    by = actor_of(getattr(england, who))
    with pytest.raises(Refused, match="records that they moved"):
        actions.record_prison_move(referral, to_service=england.other_prison, on=TODAY, by=by)
    with pytest.raises(Refused, match="records the legal basis"):
        actions.change_legal_basis(referral, section="48", limb="b", since=TODAY, by=by)
    with pytest.raises(Refused, match="ends it"):
        actions.end_transfer(referral, reason="released", on=TODAY, by=by)
