"""Admission: what it ends, begins, stops and tells."""

from datetime import timedelta

import pytest

from core.models import Notification
from core.refusals import Conflicting, Refused
from organisations.actor import Actor
from pathways.actions import legal, placements
from pathways.days import noon
from pathways.models import BedUse, Clock, Event, LegalStatus, Placement
from referrals import actions
from referrals.models import Approach, Referral, Step, Warrant
from tests.referrals.transfers import applied, asked, at, fresh, on, ready, received, standing, warranted
from tests.world import NOW, a_ward, actor_of


def test_receiving_moves_the_person_stops_the_clocks_and_uses_the_warrant(england):
    referral = received(england, ready(england))
    referral = fresh(referral)
    assert (referral.ended_on, referral.end_reason, referral.received_on) == (on(3), "admitted", on(3))
    assert referral.received_service == england.ashdown
    assert referral.next_step == ""
    placement = Placement.objects.open_of(referral.patient)
    assert (placement.service, placement.ward) == (england.ashdown, england.ward)
    assert placement.during.lower == noon(on(3))
    use = BedUse.objects.current().get(patient=referral.patient, purpose="occupied")
    assert (use.bed, use.about_kind, use.about_id) == (england.bed, "referral", referral.pk)
    status = LegalStatus.objects.current().get(patient=referral.patient)
    assert (status.code, status.during.lower) == ("15", on(3))
    assert Warrant.objects.get(referral=referral).outcome == "used"
    clocks = {c.policy.code: c.ended_as for c in Clock.objects.of("referral", referral.pk)}
    assert clocks == {
        "bradley-14": "met",
        "nhse-assess-14": "met",
        "nhse-transfer-14": "met",
        "mha-28": "met",
        "warrant-14": "met",
    }
    assert not Approach.objects.open().filter(referral=referral).exists()
    event = Event.objects.get(kind="referrals.admitted")
    assert (event.occurred_at, event.details["days_waited"]) == (noon(on(3)), 3)


def test_a_legal_status_that_began_after_the_reception_stands_and_stops_nobody(england):
    referral = ready(england)
    by = actor_of(england.maya, at=at(5))
    legal.record_legal_status(referral.patient, code="10", since=on(4), by=by)
    actions.admit(referral, service=england.ashdown, bed=england.bed, at=at(3), by=by)
    assert fresh(referral).end_reason == "admitted"
    assert LegalStatus.objects.current().get(patient=referral.patient).code == "10"


def test_everyone_concerned_is_told_and_nobody_of_their_own_act(england):
    received(england, ready(england))
    told = Notification.objects.filter(kind="referrals.admitted")
    mailboxes = set(told.filter(user=None).values_list("mailbox", flat=True))
    assert mailboxes == {s.alert_mailbox for s in (england.prison, england.ashdown, england.brook)}
    people = set(told.exclude(user=None).values_list("user", flat=True))
    assert people == {england.lena.pk, england.ines.pk, england.luke.pk, england.carl.pk}


def test_admission_without_a_warrant_is_refused_and_nothing_is_half_written(england):
    referral = asked(england)
    with pytest.raises(Refused, match="There is no live warrant"):
        received(england, referral)
    assert Placement.objects.open_of(referral.patient).service == england.prison
    assert not BedUse.objects.filter(patient=referral.patient).exists()


def test_admission_to_a_hospital_the_warrant_does_not_name_is_refused(england):
    referral = ready(england)
    by = actor_of(england.luke, at=at(3))
    with pytest.raises(Refused, match="names another hospital"):
        actions.admit(referral, service=england.brook, bed=england.brook_bed, at=at(3), by=by)


def test_a_warrant_may_be_used_on_its_fourteenth_day_and_not_after(england):
    referral = ready(england)
    with pytest.raises(Refused, match="lapsed by then"):
        received(england, referral, when=at(14))
    assert received(england, referral, when=at(13)).received_on == on(13)


def test_somebody_who_came_in_time_is_recorded_after_the_warrant_ran_out(england):
    referral = ready(england)
    actions.lapse_warrants(on=on(14), by=Actor.system("sweep", at=at(14)))
    assert Warrant.objects.get(referral=referral).outcome == "lapsed"
    assert fresh(referral).next_step == "application"
    late = actor_of(england.maya, at=at(16))
    for too_late in (at(14), at(15)):
        with pytest.raises(Refused, match="lapsed by then"):
            actions.admit(referral, service=england.ashdown, bed=england.bed, at=too_late, by=late)
    actions.admit(referral, service=england.ashdown, bed=england.bed, at=at(13), by=late)
    referral = fresh(referral)
    assert (referral.end_reason, referral.received_on) == ("admitted", on(13))
    warrant = Warrant.objects.get(referral=referral)
    assert (warrant.outcome, warrant.outcome_on) == ("used", on(13))
    (clock,) = Clock.objects.of("referral", referral.pk).filter(policy__code="warrant-14")
    assert (clock.ended_as, clock.ended_on) == ("met", on(13))
    done = set(referral.steps.current().values_list("kind", flat=True))
    assert {"application", "warrant", "received"} <= done


def test_what_fell_with_a_warrant_that_ran_out_stays_fallen_under_the_next(england):
    referral = ready(england)
    actions.leave_prison(referral, on=on(2), by=actor_of(england.lena, at=at(2)))
    actions.lapse_warrants(on=on(14), by=Actor.system("sweep", at=at(14)))
    applied(england, referral, when=at(15))
    warranted(england, referral, when=at(16))
    received(england, referral, when=at(17))
    assert not referral.steps.current().filter(kind="left").exists()
    outcomes = (
        Warrant.objects.filter(referral=referral).order_by("given_on").values_list("outcome", flat=True)
    )
    assert list(outcomes) == ["lapsed", "used"]


def test_a_warrant_that_ended_otherwise_receives_nobody(england):
    referral = ready(england)
    by = actor_of(england.lena, at=at(2))
    actions.change_legal_basis(referral, section="48", limb="a", since=on(2), by=by)
    with pytest.raises(Refused, match="There is no live warrant"):
        actions.admit(
            referral, service=england.ashdown, bed=england.bed, at=at(1), by=actor_of(england.maya, at=at(3))
        )


def test_only_the_hospital_itself_says_it_received_somebody(england):
    referral = ready(england)
    by = actor_of(england.luke, at=at(3))
    with pytest.raises(Refused, match="hospital that receives"):
        actions.admit(referral, service=england.ashdown, bed=england.bed, at=at(3), by=by)


def test_a_date_without_a_time_is_noon_and_says_so(england):
    referral = ready(england)
    by = actor_of(england.maya, at=at(3))
    actions.admit(referral, service=england.ashdown, bed=england.bed, at=noon(on(3)), time_known=False, by=by)
    event = Event.objects.get(kind="referrals.admitted")
    assert (event.occurred_at, event.time_known) == (noon(on(3)), False)
    assert Step.objects.get(referral=referral, kind="received").done_at is None


def test_both_ends_confirm(england):
    referral = ready(england)
    left = actions.leave_prison(referral, at=at(3), by=actor_of(england.lena, at=at(3, 1)))
    assert left.confirmed_at is None
    received(england, referral, when=at(3, 5))
    left.refresh_from_db()
    assert left.confirmed_at == at(3, 5)
    actions.confirm_departure(referral, by=actor_of(england.lena, at=at(4)))
    assert Step.objects.get(referral=referral, kind="received").confirmed_at == at(4)
    with pytest.raises(Refused, match="confirmed already"):
        actions.confirm_departure(referral, by=actor_of(england.lena, at=at(4)))


def test_confirming_records_a_departure_that_nobody_had_recorded(england):
    referral = received(england, ready(england))
    with pytest.raises(Refused, match="prison that had the person"):
        actions.confirm_departure(referral, by=actor_of(england.maya, at=at(4)))
    actions.confirm_departure(referral, by=actor_of(england.lena, at=at(4)))
    assert "left" in standing(referral)


def test_a_departure_is_not_confirmed_before_anybody_was_received(england):
    with pytest.raises(Refused, match="has not recorded that it received"):
        actions.confirm_departure(asked(england), by=actor_of(england.lena))


def test_leaving_needs_a_day_or_a_time_that_has_come(england):
    referral = ready(england)
    with pytest.raises(Refused, match="Enter the day"):
        actions.leave_prison(referral, by=actor_of(england.lena))
    with pytest.raises(Refused, match="must be in the past"):
        actions.leave_prison(referral, at=NOW + timedelta(minutes=1), by=actor_of(england.lena))
    assert actions.leave_prison(referral, on=on(0), by=actor_of(england.lena)).done_at is None


def test_nothing_more_is_recorded_on_a_transfer_that_has_ended(england):
    referral = received(england, ready(england))
    with pytest.raises(Refused, match="has ended"):
        received(england, referral, when=at(4))
    assert Referral.objects.count() == 1


def test_the_admission_that_ended_a_transfer_stays_on_its_day(england):
    referral = received(england, ready(england))
    admission, by = Placement.objects.open_of(referral.patient), actor_of(england.maya, at=at(5))
    for act, given in (
        (placements.correct_placement, {"at": at(4)}),
        (placements.correct_placement, {"service": england.elsewhere}),
        (placements.remove_placement, {}),
    ):
        with pytest.raises(Conflicting) as seen:
            act(admission, why="Wrong day.", by=by, **given)
        with pytest.raises(Refused, match="ended with this move on 5 March 2026, and its limits"):
            act(admission, why="Wrong day.", checked=seen.value.checked, by=by, **given)
    second = a_ward(england.ashdown, "medium", name="Rowan")
    with pytest.raises(Conflicting) as seen:
        placements.correct_placement(admission, ward=second, why="Wrong ward.", by=by)
    placements.correct_placement(admission, ward=second, why="Wrong ward.", checked=seen.value.checked, by=by)
    assert Placement.objects.open_of(referral.patient).ward == second


def test_an_admission_is_entered_after_they_left_the_hospital_again(england):
    """The ward's entry is two days late; that they went to a general hospital meanwhile is known already."""
    referral = ready(england)
    patient, lena, maya = (
        referral.patient,
        actor_of(england.lena, at=at(4)),
        actor_of(england.maya, at=at(5)),
    )
    placements.place(patient, elsewhere="general_hospital", at=at(4), by=lena)
    late = {"service": england.ashdown, "bed": england.bed, "at": at(3), "by": maya}
    with pytest.raises(Conflicting) as seen:
        actions.admit(referral, **late)
    assert fresh(referral).is_open
    actions.admit(referral, **late, checked=seen.value.checked)
    assert (fresh(referral).end_reason, fresh(referral).received_on) == ("admitted", on(3))
    assert Placement.objects.open_of(patient).elsewhere == "general_hospital"
    use = BedUse.objects.current().get(patient=patient, purpose="occupied")
    assert (use.bed, use.during.lower, use.during.upper) == (england.bed, at(3), at(4))


def moves_and_is_received(england, *, moved_at=None):
    """The prison moves the person in the morning; the hospital receives them on that very day."""
    referral = ready(england)
    by = actor_of(england.lena, at=at(3, 6))
    actions.record_prison_move(referral, to_service=england.other_prison, on=on(3), at=moved_at, by=by)
    received(england, referral, when=at(3, 2))
    return fresh(referral)


def test_somebody_is_received_on_the_day_of_a_prison_move_whose_time_is_known(england):
    assert moves_and_is_received(england, moved_at=at(3, 1)).end_reason == "admitted"


def test_received_on_the_day_of_a_move_without_its_time_says_where_that_is_put_right(england):
    sentence = "The other one has no time: put it right on the person’s pathway line first."
    with pytest.raises(Refused, match=sentence) as refused:
        moves_and_is_received(england)
    assert refused.value.field == "at_time"
    referral = Referral.objects.get()
    by = actor_of(england.owen, at=at(3, 6))
    move = Placement.objects.open_of(referral.patient)
    placements.correct_placement(move, at=at(3, 1), time_known=True, why="The time is known now.", by=by)
    received(england, referral, when=at(3, 2))
    assert fresh(referral).end_reason == "admitted"
