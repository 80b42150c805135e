"""Delays, reviews, contacts, prison moves."""

import pytest

from core.models import Notification
from core.refusals import Refused
from pathways.actions import placements
from pathways.models import Clock, Event, Patient, Placement
from referrals import actions
from referrals.models import Delay, HandOver, Review
from tests.referrals.transfers import asked, at, fresh, on, ready, standing
from tests.world import TODAY, actor_of


def delayed(england, referral, **known) -> Delay:
    answers = {
        "first_day": on(1),
        "last_day": on(3),
        "party": "service_asked",
        "service": england.ashdown,
        "reason": "no_bed",
        **known,
    }
    return actions.record_delay(referral, by=actor_of(england.lena, at=at(9)), **answers)


def test_days_of_waiting_are_put_down_to_a_party_who_is_told(england):
    referral = asked(england)
    delay = delayed(england, referral, contributing=["staff_shortage"], words="Two wards closed.")
    assert (delay.during.lower, delay.during.upper) == (on(1), on(4))
    told = Notification.objects.filter(kind="referrals.delay_recorded")
    assert set(told.filter(user=None).values_list("mailbox", flat=True)) == {england.ashdown.alert_mailbox}
    assert "Two wards" not in str(Event.objects.get(kind="referrals.delay_recorded").details)
    assert Clock.objects.running().of("referral", referral.pk).get(policy__is_headline=True).due_on == on(14)


def test_a_day_of_waiting_has_one_main_reason(england):
    referral = asked(england)
    delayed(england, referral)
    with pytest.raises(Refused, match="already has a main reason"):
        delayed(england, referral, first_day=on(3), last_day=on(5), party="escort", service=None)
    delayed(england, referral, first_day=on(4), last_day=None, party="escort", service=None)
    assert Delay.objects.count() == 2


def test_a_delay_that_goes_on_is_ended_once(england):
    referral = asked(england)
    delay = delayed(england, referral, last_day=None)
    by = actor_of(england.lena, at=at(9))
    assert actions.end_delay(delay, last_day=on(5), by=by).during.upper == on(6)
    with pytest.raises(Refused, match="has an end"):
        actions.end_delay(delay, last_day=on(6), by=by)


def test_the_service_named_may_dispute_and_a_correction_answers(england):
    referral = asked(england)
    delay = delayed(england, referral)
    with pytest.raises(Refused, match="You recorded this delay yourself"):
        actions.dispute_delay(delay, why="Not so.", by=actor_of(england.lena, at=at(9)))
    with pytest.raises(Refused, match="may dispute"):
        actions.dispute_delay(delay, why="Not so.", by=actor_of(england.ines, at=at(9)))
    by = actor_of(england.maya, at=at(9))
    disputed = actions.dispute_delay(delay, why="We had a bed.", by=by)
    assert (disputed.disputed_by, disputed.disputed_why) == (england.maya, "We had a bed.")
    assert Notification.objects.filter(kind="referrals.delay_disputed", user=england.carl).exists()
    known = {"first_day": on(1), "last_day": on(3), "party": "prison", "reason": "escort"}
    lena = actor_of(england.lena, at=at(10))
    corrected = actions.correct_delay(delay, why="It was the escort.", **known, by=lena)
    delay.refresh_from_db()
    assert (delay.superseded_at, delay.why) == (at(10), "It was the escort.")
    assert Delay.objects.current().get() == corrected
    with pytest.raises(Refused, match="corrected since"):
        actions.correct_delay(delay, why="x", **known, by=lena)
    with pytest.raises(Refused, match="corrected since"):
        actions.dispute_delay(delay, why="x", by=by)


def test_a_service_named_that_was_never_asked_may_dispute(england):
    referral = asked(england)
    delay = delayed(england, referral, service=england.elsewhere)
    by = actor_of(england.sam, at=at(9))
    assert actions.dispute_delay(delay, why="Never asked.", by=by).disputed_at == at(9)


def prison_delay(england, referral, **known) -> Delay:
    """Brook House puts days down to the prison."""
    answers = {"first_day": on(1), "last_day": on(4), "party": "prison", "reason": "late_request", **known}
    return actions.record_delay(referral, by=actor_of(england.luke, at=at(9)), **answers)


@pytest.mark.parametrize("party", ["prison", "prison_healthcare"])
def test_the_prison_is_told_of_its_own_delay_and_may_dispute_it(england, party):
    delay = prison_delay(england, asked(england), party=party)
    told = Notification.objects.filter(kind="referrals.delay_recorded")
    assert set(told.values_list("mailbox", flat=True)) == {england.prison.alert_mailbox, ""}
    assert told.filter(user=england.lena).exists()
    with pytest.raises(Refused, match="may dispute"):
        actions.dispute_delay(delay, why="No.", by=actor_of(england.maya, at=at(9)))
    actions.dispute_delay(delay, why="Asked on the first day.", by=actor_of(england.lena, at=at(9)))
    assert Notification.objects.filter(kind="referrals.delay_disputed", user=england.luke).exists()


def test_days_of_the_prison_are_those_of_the_prison_that_had_the_person_then(england):
    referral = asked(england)
    lena, owen = actor_of(england.lena, at=at(9)), actor_of(england.owen, at=at(9))
    actions.record_prison_move(referral, to_service=england.other_prison, on=on(5), by=lena)
    Notification.objects.all().delete()
    before = prison_delay(england, referral)
    told = Notification.objects.filter(kind="referrals.delay_recorded")
    assert set(told.values_list("mailbox", flat=True)) == {england.prison.alert_mailbox, ""}
    assert "Put down to Prison: HMP Wexley." in told.get(user=england.lena).body
    assert not told.filter(user=england.owen).exists()
    with pytest.raises(Refused, match="may dispute"):
        actions.dispute_delay(before, why="Not us.", by=owen)
    actions.dispute_delay(before, why="Asked on the first day.", by=lena)
    since = prison_delay(england, referral, first_day=on(5), last_day=on(6))
    actions.dispute_delay(since, why="They came late.", by=owen)


def test_for_a_party_with_nobody_here_the_case_manager_disputes(england):
    delay = prison_delay(england, asked(england), party="ministry", reason="ministry_decision")
    with pytest.raises(Refused, match="or the case manager"):
        actions.dispute_delay(delay, why="No.", by=actor_of(england.lena, at=at(9)))
    actions.dispute_delay(delay, why="It had not been sent.", by=actor_of(england.carl, at=at(9)))


def test_days_put_down_to_the_commissioner_reach_its_case_manager(england):
    prison_delay(england, asked(england), party="commissioner", reason="commissioner_dispute")
    assert Notification.objects.filter(kind="referrals.delay_recorded", user=england.carl).exists()


def test_only_who_recorded_a_delay_or_the_case_manager_moves_it_to_another_party(england):
    referral = asked(england)
    delay = prison_delay(england, referral)
    maya, luke, carl = (actor_of(one, at=at(9)) for one in (england.maya, england.luke, england.carl))
    known = {"why": "Put right.", "reason": "no_bed", "first_day": on(1), "last_day": on(3)}
    away = {**known, "party": "service_asked", "service": england.brook}
    with pytest.raises(Refused, match="Only who recorded this delay"):
        actions.correct_delay(delay, by=maya, **away)
    # Other days stay with the party, and do not make the corrector its author.
    delay = actions.correct_delay(delay, by=maya, party="prison", **known)
    with pytest.raises(Refused, match="Only who recorded this delay"):
        actions.correct_delay(delay, by=maya, **away)
    delay = actions.correct_delay(delay, by=luke, **away)
    told = Notification.objects.filter(kind="referrals.delay_corrected", user=england.lena)
    assert told.exists()
    delay = actions.correct_delay(delay, by=carl, party="prison", **known)
    with pytest.raises(Refused, match="Only who recorded this delay"):
        actions.correct_delay(delay, by=luke, **away)


def test_the_party_named_disputes_its_days_and_does_not_rewrite_them(england):
    delay = prison_delay(england, asked(england))
    lena = actor_of(england.lena, at=at(9))
    known = {"why": "Put right.", "party": "prison", "reason": "late_request", "first_day": on(2)}
    with pytest.raises(Refused, match="put down to your service"):
        actions.correct_delay(delay, by=lena, **known)
    assert actions.dispute_delay(delay, why="Not so.", by=lena).disputed_at == at(9)


def test_a_weekly_review_moves_the_next_one(england):
    referral = asked(england)
    by = actor_of(england.ines, at=at(6))
    known = {"how_the_person_is": "Canary.", "interim_plan": "Canary too.", "by": by}
    actions.record_review(referral, on=on(6), next_on=on(13), **known)
    assert fresh(referral).next_review_on == on(13)
    actions.record_review(referral, on=on(2), next_on=on(9), **known)
    assert fresh(referral).next_review_on == on(13)
    assert Review.objects.count() == 2
    assert not Event.objects.filter(details__icontains="Canary").exists()
    with pytest.raises(Refused, match="within a week"):
        actions.record_review(referral, on=on(6), next_on=on(14), **known)


def test_a_contact_is_kept_with_what_comes_next(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(2))
    contact = actions.record_contact(
        referral,
        on=on(2),
        with_whom="Ashdown bed office",
        said="Perhaps Friday.",
        next_action="Ring",
        next_on=on(4),
        by=by,
    )
    assert (contact.next_action, contact.next_on) == ("Ring", on(4))
    assert Event.objects.get(kind="referrals.contacted").details["contact"] == contact.pk
    with pytest.raises(Refused, match="Only the prison"):
        actions.record_contact(
            referral, on=on(2), with_whom="x", said="y", by=actor_of(england.sam, at=at(2))
        )


def test_a_prison_move_hands_the_transfer_over(england):
    referral = ready(england)
    lena, owen = actor_of(england.lena, at=at(2)), actor_of(england.owen, at=at(3))
    actions.record_step(referral, "escort", on=on(1), by=lena)
    hand_over = actions.record_prison_move(referral, to_service=england.other_prison, on=on(2), by=lena)
    assert (hand_over.from_service, hand_over.to_service) == (england.prison, england.other_prison)
    assert (hand_over.taken_at, hand_over.recorded_by) == (None, england.lena)
    assert fresh(referral).from_service == england.other_prison
    assert Placement.objects.open_of(referral.patient).service == england.other_prison
    assert "escort" not in standing(referral)
    assert Patient.objects.visible_to(owen).filter(pk=referral.patient_id).exists()
    assert Event.objects.filter(kind="referrals.prison_moved").count() == 1
    assert Notification.objects.filter(
        kind="referrals.prison_moved", mailbox=england.other_prison.alert_mailbox
    ).exists()
    with pytest.raises(Refused, match="moved to takes"):
        actions.take_hand_over(hand_over, by=lena)
    actions.take_hand_over(hand_over, by=owen)
    hand_over.refresh_from_db()
    assert (hand_over.taken_at, hand_over.taken_by) == (at(3), england.owen)
    with pytest.raises(Refused, match="taken already"):
        actions.take_hand_over(hand_over, by=owen)
    assert Clock.objects.running().of("referral", referral.pk).get(policy__is_headline=True).due_on == on(14)


def test_the_prison_left_opens_the_person_for_the_grace_and_no_longer(england):
    referral = asked(england)
    lena = actor_of(england.lena, at=at(2))
    actions.record_prison_move(referral, to_service=england.other_prison, on=on(2), by=lena)
    for days, opens in ((20, True), (40, False)):
        seen = Patient.objects.visible_to(actor_of(england.lena, at=at(days)))
        assert seen.filter(pk=referral.patient_id).exists() == opens
    actions.record_prison_move(
        referral, to_service=england.prison, on=on(41), by=actor_of(england.owen, at=at(41))
    )
    back = Patient.objects.visible_to(actor_of(england.lena, at=at(42)))
    assert back.filter(pk=referral.patient_id).exists()


def test_the_transfer_follows_a_placement_recorded_elsewhere(england):
    referral = asked(england)
    by = actor_of(england.owen, at=at(1))
    placements.place(referral.patient, service=england.other_prison, at=at(1), by=by)
    assert fresh(referral).from_service == england.other_prison
    assert HandOver.objects.get().recorded_by == england.owen


def test_a_move_already_in_the_line_of_placements_is_followed(england):
    referral = asked(england)
    placements.place(
        referral.patient, service=england.other_prison, at=at(1), by=actor_of(england.owen, at=at(1))
    )
    referral.from_service = england.prison  # as if the move had been recorded before transfers followed
    referral.save(update_fields=["from_service"])
    lena = actor_of(england.lena, at=at(2))
    actions.record_prison_move(referral, to_service=england.other_prison, on=on(1), by=lena)
    assert fresh(referral).from_service == england.other_prison


def test_somebody_who_moved_here_is_taken_over(england):
    referral = asked(england)
    owen = actor_of(england.owen, at=at(4))
    taken = actions.take_over_transfer(referral, service=england.other_prison, at=at(3), by=owen)
    assert taken.from_service == england.other_prison
    assert (HandOver.objects.get().taken_by, HandOver.objects.get().moved_on) == (england.owen, on(3))
    place = Placement.objects.open_of(referral.patient)
    assert (place.service, place.during.lower) == (england.other_prison, at(3))
    with pytest.raises(Refused, match="already has"):
        actions.take_over_transfer(referral, service=england.other_prison, at=at(3), by=owen)
    with pytest.raises(Refused, match="prison you work at"):
        actions.take_over_transfer(referral, service=england.prison, at=at(3), by=owen)


def test_a_transfer_that_did_not_follow_is_taken_over_where_the_person_is(england):
    referral = asked(england)
    owen = actor_of(england.owen, at=at(4))
    placements.place(referral.patient, service=england.other_prison, at=at(1), by=owen)
    referral.from_service = england.prison
    referral.save(update_fields=["from_service"])
    taken = actions.take_over_transfer(referral, service=england.other_prison, at=at(4), by=owen)
    assert taken.from_service == england.other_prison
    assert HandOver.objects.latest("pk").moved_on == on(1)


def test_somebody_at_large_keeps_the_clock_and_the_transfer(england):
    referral = asked(england)
    placements.place(referral.patient, elsewhere="at_large", at=at(1), by=actor_of(england.lena, at=at(1)))
    assert fresh(referral).is_open
    assert Clock.objects.running().of("referral", referral.pk).get(policy__is_headline=True).due_on == on(14)


def test_somebody_moved_to_the_same_prison_or_a_hospital_changes_nothing(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(2))
    placements.place(referral.patient, elsewhere="general_hospital", at=at(1), by=by)
    placements.place(referral.patient, service=england.prison, at=at(1, 5), by=by)
    assert not HandOver.objects.exists()
    assert referral.report_first_requested_on == TODAY
