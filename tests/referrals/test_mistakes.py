"""What was recorded by mistake is taken back: a step, the warrant, an end, a death."""

import pytest

from core.models import Notification
from core.refusals import Refused, Stale
from pathways.actions import beds as bed_uses
from pathways.actions import clocks, patients, placements
from pathways.models import Clock, Event, Flag, Patient, Placement, Relationship
from referrals import actions
from referrals.actions.undoing import not_restored
from referrals.models import Approach, BedOffer, Delay, Step, Warrant
from tests.referrals.test_flags import office_of
from tests.referrals.transfers import (
    accepted,
    applied,
    asked,
    assessed,
    at,
    bedded,
    decided,
    fresh,
    on,
    ready,
    received,
    reported,
    standing,
)
from tests.world import a_patient, actor_of


def step_of(referral, kind):
    return Step.objects.current().get(referral=referral, kind=kind)


def taken_back(england, referral, kind, *, who="lena", why="Another person's."):
    by = actor_of(getattr(england, who), at=at(1))
    return actions.take_back_step(step_of(referral, kind), why=why, by=by)


def clock_of(referral, code):
    return Clock.objects.of("referral", referral.pk).filter(policy__code=code).order_by("pk").last()


# Steps


def test_a_step_recorded_by_mistake_is_open_again_and_everyone_is_told(england):
    referral = ready(england)
    lena = actor_of(england.lena, at=at(1))
    actions.record_step(referral, "escort", on=on(1), by=lena)
    step = taken_back(england, referral, "escort")
    assert (step.superseded_at, step.superseded_by, step.why) == (at(1), england.lena, "Another person's.")
    assert "escort" not in standing(referral)
    assert fresh(referral).next_step == "escort"
    event = Event.objects.get(kind="referrals.step_taken_back")
    assert "Another person" not in str(event.details)
    assert Notification.objects.filter(kind="referrals.step_taken_back", user=england.maya).exists()
    with pytest.raises(Refused, match="while you had it open"):
        actions.take_back_step(step, why="x", by=lena)


def test_only_who_recorded_a_step_or_the_case_manager_takes_it_back(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    for who in ("ines", "maya"):
        with pytest.raises(Refused, match="Only who recorded this"):
            taken_back(england, referral, "application", who=who)
    with pytest.raises(Refused, match="Say what was wrong"):
        taken_back(england, referral, "application", who="carl", why=" ")
    taken_back(england, referral, "application", who="carl")
    assert "application" not in standing(referral)


@pytest.mark.parametrize(
    ("kind", "after"),
    [("application", "warrant given"), ("warrant", "left prison"), ("bed_date", "came from")],
)
def test_what_stands_on_a_step_is_taken_back_first(england, kind, after):
    referral = ready(england)
    actions.leave_prison(referral, on=on(1), by=actor_of(england.lena, at=at(1)))
    with pytest.raises(Refused, match=after):
        taken_back(england, referral, kind)


def test_a_warrant_taken_back_was_never_given(england):
    referral = ready(england)
    taken_back(england, referral, "warrant")
    assert not Warrant.objects.current().filter(referral=referral).exists()
    assert clock_of(referral, "warrant-14").ended_as == "void"
    assert fresh(referral).next_step == "warrant"
    with pytest.raises(Refused, match="no live warrant"):
        received(england, referral)


def test_a_first_report_given_as_a_date_is_taken_back_with_its_clocks(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(1))
    actions.record_step(referral, "first_report", on=on(1), words="Dr First", by=lena)
    assert clock_of(referral, "nhse-assess-14").ended_as == "met"
    taken_back(england, referral, "first_report")
    assert clock_of(referral, "nhse-assess-14").ended_on is None
    assert clock_of(referral, "nhse-transfer-14").ended_as == "void"


def test_a_step_of_a_report_that_is_held_is_taken_back_by_withdrawing_the_report(england):
    referral = asked(england)
    reported(england, referral)
    with pytest.raises(Refused, match="Withdraw the report instead"):
        taken_back(england, referral, "second_report", who="ines")


# Ends


def ended(england, referral, reason="released", **known):
    by = actor_of(england.lena, at=at(2))
    return actions.end_transfer(referral, **{"reason": reason, "on": on(2), "by": by, **known})


def undone(england, referral, *, who="lena", when=None, why="Another person's."):
    return actions.undo_end(fresh(referral), why=why, by=actor_of(getattr(england, who), at=when or at(3)))


def test_an_end_undone_leaves_the_transfer_as_it_was(england):
    referral = ready(england)
    before = standing(referral)
    ended(england, referral)
    assert Placement.objects.open_of(referral.patient).elsewhere == "released"
    again = undone(england, referral)
    assert (again.ended_on, again.end_reason, again.next_step) == (None, "", "escort")
    assert standing(referral) == before
    assert Placement.objects.open_of(referral.patient).service == england.prison
    running = set(Clock.objects.running().of("referral", referral.pk).values_list("policy__code", flat=True))
    assert {"bradley-14", "nhse-transfer-14", "warrant-14"} <= running
    assert clock_of(referral, "nhse-assess-14").ended_as == "met"
    assert Warrant.objects.live().filter(referral=referral).exists()
    assert Approach.objects.open().filter(referral=referral).count() == 2
    offer = BedOffer.objects.current().get(approach__referral=referral)
    assert offer.bed == england.bed
    assert offer.hold.during.upper > at(13)
    for user in (england.lena, england.luke):
        assert Patient.objects.visible_to(actor_of(user, at=at(60))).filter(pk=referral.patient_id).exists()
    assert Notification.objects.filter(kind="referrals.end_undone", user=england.carl).exists()
    assert received(england, fresh(referral), when=at(4)).end_reason == "admitted"


def test_flags_that_came_true_meanwhile_are_raised_by_the_next_sweep(england):
    referral = asked(england)
    ended(england, referral, on=on(2))
    undone(england, referral, when=at(8))
    clocks.raise_flags(by=actor_of(england.adam, at=at(11)))
    assert Flag.objects.filter(clock=clock_of(referral, "bradley-14"), day=10).exists()


@pytest.mark.parametrize("who", ["luke", "sam", "owen"])
def test_only_the_prison_and_the_case_manager_undo_an_end(england, who):
    referral = asked(england)
    ended(england, referral)
    with pytest.raises(Refused, match="or the case manager, can undo"):
        undone(england, referral, who=who)
    undone(england, referral, who="carl")


def test_an_end_is_undone_within_a_week_and_once(england, settings):
    referral = asked(england)
    with pytest.raises(Refused, match="has not ended"):
        undone(england, referral)
    ended(england, referral)
    with pytest.raises(Refused, match="Say why"):
        undone(england, referral, why="")
    with pytest.raises(Refused, match="more than 7 days ago"):
        undone(england, referral, when=at(10))
    undone(england, referral, when=at(9))
    settings.END_UNDONE_WITHIN_DAYS = 0
    ended(england, fresh(referral), on=on(9), by=actor_of(england.lena, at=at(9)))
    with pytest.raises(Refused, match="more than 0 days ago"):
        undone(england, referral, when=at(10))


def test_an_end_with_a_new_request_after_it_is_not_undone(england):
    other = asked(england)
    ended(england, other, reason="improved", why="Well.", by=actor_of(england.ines, at=at(2)))
    asked(england, other.patient, by=actor_of(england.lena, at=at(3)))
    with pytest.raises(Refused, match="already has an open transfer"):
        undone(england, other)


def test_a_bed_given_to_somebody_else_is_not_held_again(england):
    referral = accepted(england)
    bedded(england, referral)
    ended(england, referral)
    maya = actor_of(england.maya, at=at(2))
    bed_uses.hold_bed(england.bed, patient=a_patient(england), since=at(3), until=at(9), about=None, by=maya)
    lost = not_restored(fresh(referral), at=at(3))
    assert "Alder ward, bed 1, is gone: a new bed date is needed" in lost
    undone(england, referral)
    assert fresh(referral).next_step != "application"
    assert "bed_date" not in standing(referral)
    assert not BedOffer.objects.current().filter(approach__referral=referral).exists()


def test_a_warrant_that_lapsed_meanwhile_has_lapsed(england):
    referral = ready(england)
    ended(england, referral, on=on(12), by=actor_of(england.lena, at=at(12)))
    assert "the warrant has lapsed meanwhile" in str(not_restored(fresh(referral), at=at(16)))
    undone(england, referral, when=at(16))
    warrant = Warrant.objects.get(referral=referral)
    assert (warrant.outcome, warrant.outcome_on) == ("lapsed", on(14))
    assert not {"warrant", "application"} & standing(referral)


def test_a_delay_that_went_on_stays_ended_and_that_is_said(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(1))
    actions.record_delay(referral, first_day=on(0), party="court", reason="court_date", by=lena)
    ended(england, referral)
    assert "a delay that went on stays ended" in str(not_restored(fresh(referral), at=at(3)))
    undone(england, referral)
    assert Delay.objects.get().during.upper == on(2)


def test_a_court_admission_recorded_on_the_wrong_transfer_is_undone(england):
    referral = asked(england)
    ended(england, referral, reason="admitted_by_court", service=england.ashdown)
    assert clock_of(referral, "bradley-14").ended_as == "met"
    again = undone(england, referral)
    assert (again.received_on, again.received_service) == (None, None)
    assert clock_of(referral, "bradley-14").ended_on is None
    assert Placement.objects.open_of(referral.patient).service == england.prison


def test_a_place_that_was_known_before_the_end_stands(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(1))
    placements.place(referral.patient, elsewhere="released", at=at(1), by=lena)
    ended(england, referral)
    undone(england, referral)
    assert Placement.objects.open_of(referral.patient).elsewhere == "released"


def test_a_death_recorded_by_mistake_is_undone(england):
    referral = ready(england)
    ended(england, referral, reason="died")
    undone(england, referral)
    patient = Patient.objects.get(pk=referral.patient_id)
    assert patient.died_on is None
    assert Placement.objects.open_of(patient).service == england.prison
    assert clock_of(referral, "bradley-14").ended_on is None
    assert Relationship.objects.open_at(at(4)).filter(patient=patient, service=england.prison).exists()


def test_an_end_that_is_not_known_to_be_the_deaths_is_undone_from_the_transfer(england, monkeypatch):
    referral = ready(england)
    ended(england, referral, reason="died")
    # As a record brought in from elsewhere has it: the end and the death were put down at different moments.
    monkeypatch.setattr("referrals.actions.undoing.reopen_ended_by", lambda _death, by: None)
    assert undone(england, referral).is_open
    assert clock_of(referral, "bradley-14").ended_on is None


def test_a_service_that_declined_does_not_get_the_person_back_with_the_transfer(england):
    referral = asked(england)
    assessed(england, referral)
    decided(england, referral, england.brook, outcome="declined", reason="no_bed")
    ended(england, referral)
    undone(england, referral)
    luke = actor_of(england.luke, at=at(60))
    assert not Patient.objects.visible_to(luke).filter(pk=referral.patient_id).exists()


def test_the_transfer_of_somebody_who_died_since_stays_ended(england):
    referral = asked(england)
    ended(england, referral)
    patients.record_death(referral.patient, on=on(3), by=actor_of(england.lena, at=at(3)))
    with pytest.raises(Refused, match="has died"):
        undone(england, referral, when=at(4))


def test_the_region_that_owes_a_flag_opens_the_person_again(england):
    nora = office_of(england)
    referral = asked(england)
    clocks.raise_flags(by=actor_of(england.adam, at=at(42)))
    lena = actor_of(england.lena, at=at(43))
    actions.end_transfer(referral, reason="released", on=on(43), by=lena)
    undone(england, referral, when=at(44))
    by = actor_of(nora, at=at(100))
    assert Patient.objects.visible_to(by).filter(pk=referral.patient_id).exists()


def test_a_delay_that_was_to_begin_with_the_end_is_said_to_be_gone(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(2))
    actions.record_delay(referral, first_day=on(2), party="court", reason="court_date", by=lena)
    ended(england, referral)
    assert "is gone: record it again" in str(not_restored(fresh(referral), at=at(3)))


def test_after_the_end_no_delay_goes_on(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(1))
    delay = actions.record_delay(referral, first_day=on(0), party="court", reason="court_date", by=lena)
    ended(england, referral)
    by = actor_of(england.lena, at=at(3))
    given = {"first_day": on(0), "party": "court", "reason": "court_date", "why": "Wrong day.", "by": by}
    with pytest.raises(Stale):
        actions.correct_delay(delay, version=delay.version, **given)
    for last_day in (None, on(2)):
        with pytest.raises(Refused, match="before its end"):
            actions.correct_delay(delay, last_day=last_day, **given)
    assert actions.correct_delay(delay, last_day=on(1), **given).during.upper == on(2)
