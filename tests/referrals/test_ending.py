"""Every end of the closed list, and what falls with it."""

import pytest

from core.models import Notification
from core.refusals import Refused
from pathways.actions import clocks, placements
from pathways.actions.patients import record_death
from pathways.models import BedUse, Clock, Event, Placement, Relationship
from referrals import actions
from referrals.codes import EndReason
from referrals.models import Approach, Delay
from tests.referrals.transfers import approach_of, asked, at, fresh, on, ready
from tests.world import a_patient, actor_of


def end(england, referral, reason, *, user=None, when=None, **known):
    by = actor_of(user or england.ines, at=when or at(5))
    known.setdefault("on", by.today)
    return actions.end_transfer(referral, reason=reason, why="As agreed.", by=by, **known)


@pytest.mark.parametrize("reason", [r for r in EndReason if r not in (EndReason.ADMITTED, EndReason.DIED)])
def test_every_end_closes_everything_once(england, reason):
    referral = ready(england)
    service = england.ashdown if reason.startswith("admitted") else None
    end(england, referral, reason, service=service)
    referral = fresh(referral)
    assert (referral.end_reason, referral.ended_on, referral.next_step) == (reason, on(5), "")
    assert referral.next_review_on is None
    assert not Clock.objects.running().of("referral", referral.pk).exists()
    assert not Approach.objects.open().filter(referral=referral).exists()
    assert not BedUse.objects.current().filter(patient=referral.patient, during__contains=at(6)).exists()
    assert referral.warrants.get().outcome == "lapsed"
    about = Relationship.objects.about("referral", referral.pk)
    assert not about.filter(during__upper_inf=True).exists()
    assert Event.objects.filter(kind="referrals.ended").count() == 1
    assert Notification.objects.filter(kind="referrals.ended", user=england.carl).count() == 1
    with pytest.raises(Refused, match="has ended"):
        end(england, referral, reason, service=service)


@pytest.mark.parametrize(
    ("reason", "elsewhere"),
    [("released", "released"), ("left_england", "abroad"), ("improved", ""), ("entered_in_error", "")],
)
def test_where_the_person_is_after_an_end(england, reason, elsewhere):
    referral = asked(england)
    end(england, referral, reason)
    placement = Placement.objects.open_of(referral.patient)
    assert placement.elsewhere == elsewhere
    assert placement.service == (None if elsewhere else england.prison)


@pytest.mark.parametrize("reason", ["admitted_by_court", "admitted_after_release"])
def test_an_admission_by_another_way_is_counted_as_received(england, reason):
    referral = asked(england)
    with pytest.raises(Refused, match="Choose the hospital"):
        end(england, referral, reason)
    end(england, referral, reason, service=england.brook)
    referral = fresh(referral)
    assert (referral.received_on, referral.received_service) == (on(5), england.brook)
    assert Placement.objects.open_of(referral.patient).service == england.brook
    assert Clock.objects.of("referral", referral.pk).get(policy__is_headline=True).ended_as == "met"


def test_release_keeps_the_last_days_plan_and_a_placement_already_known(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(4))
    placements.place(referral.patient, elsewhere="released", at=at(4), by=by)
    end(england, referral, "released", user=england.lena, after_care="Community team on Monday.", on=on(4))
    assert fresh(referral).after_care == "Community team on Monday."
    assert Placement.objects.open_of(referral.patient).during.lower == at(4)


def test_only_a_clinician_says_somebody_has_improved(england):
    with pytest.raises(Refused, match="Only a clinician"):
        end(england, asked(england), "improved", user=england.lena)


def test_admission_is_not_recorded_by_ending_and_strangers_end_nothing(england):
    referral = asked(england)
    with pytest.raises(Refused, match="received the person instead"):
        end(england, referral, "admitted")
    with pytest.raises(Refused, match="ends it"):
        end(england, referral, "released", user=england.sam)


def test_asked_in_error_ends_no_sooner_than_it_began(england):
    referral = asked(england)
    with pytest.raises(Refused, match="before the day a medical report"):
        end(england, referral, "entered_in_error", on=on(-1))
    assert end(england, referral, "entered_in_error", on=on(0)).ended_on == on(0)


def test_a_delay_that_goes_on_ends_with_the_transfer_and_one_that_begins_then_never_was(england):
    first, second = asked(england), asked(england, a_patient(england))
    known = {"party": "escort", "reason": "escort", "by": actor_of(england.lena, at=at(5))}
    going_on = actions.record_delay(first, first_day=on(2), **known)
    same_day = actions.record_delay(second, first_day=on(5), **known)
    for referral in (first, second):
        end(england, referral, "released")
    going_on.refresh_from_db()
    same_day.refresh_from_db()
    assert going_on.during.upper == on(5)
    assert same_day.superseded_at == at(5)
    assert Delay.objects.current().count() == 1


def test_death_stops_everything_at_once_and_nothing_is_sent(england):
    referral = ready(england)
    Notification.objects.filter(pk=Notification.objects.earliest("pk").pk).update(sent_at=at(0))
    owed = Notification.objects.filter(about_id=referral.pk).exclude(sent_at=at(0)).count()
    before = Notification.objects.count()
    record_death(referral.patient, on=on(2), by=actor_of(england.ines, at=at(3)))
    referral = fresh(referral)
    assert (referral.ended_on, referral.end_reason) == (on(2), "died")
    assert not Clock.objects.running().of("referral", referral.pk).exists()
    assert Notification.objects.count() == before
    assert Notification.objects.filter(stopped_at=at(3)).count() == owed > 0
    assert not Approach.objects.open().filter(referral=referral).exists()
    assert not BedUse.objects.current().filter(patient=referral.patient, during__contains=at(3)).exists()
    assert referral.warrants.get().outcome == "lapsed"
    clocks.raise_flags(by=actor_of(england.adam, at=at(30)))
    assert Notification.objects.count() == before
    approach = Approach.objects.filter(referral=referral).first()
    with pytest.raises(Refused, match="has ended"):
        actions.give_bed_date(approach, england.bed, bed_on=on(9), by=actor_of(england.maya, at=at(4)))


def test_death_by_the_end_of_the_transfer_is_the_same_death(england):
    referral = asked(england)
    ended = end(england, referral, "died")
    assert ended.end_reason == "died"
    assert ended.patient.died_on == on(5)
    assert Event.objects.filter(kind="referrals.ended").count() == 1


def test_the_death_of_somebody_without_a_transfer_touches_none(england):
    other = asked(england)
    patient = a_patient(england)
    ended = end(england, asked(england, patient), "improved")
    record_death(patient, on=on(6), by=actor_of(england.ines, at=at(6)))
    assert fresh(ended).end_reason == "improved"
    assert fresh(other).is_open


def test_a_transfer_that_ended_while_its_death_was_heard_of_stays_as_it_ended(england):
    from referrals.actions.ending import die

    referral = end(england, asked(england), "improved")
    die(referral, on=on(6), by=actor_of(england.ines, at=at(6)))
    assert fresh(referral).end_reason == "improved"
    assert not Approach.objects.filter(referral=referral, closed_at=at(6)).exists()


def test_the_services_asked_may_argue_about_a_delay_after_the_end(england):
    referral = asked(england)
    approach = approach_of(referral, england.ashdown)
    delay = actions.record_delay(
        referral,
        first_day=on(1),
        last_day=on(2),
        party="service_asked",
        service=england.ashdown,
        reason="no_bed",
        by=actor_of(england.lena, at=at(5)),
    )
    end(england, referral, "released")
    approach.refresh_from_db()
    assert approach.closed_why == "The transfer ended."
    assert actions.dispute_delay(delay, why="No.", by=actor_of(england.maya, at=at(6))).disputed_at == at(6)


@pytest.mark.parametrize("ended_on", [5, 4])
@pytest.mark.parametrize(
    "reason", ["admitted_by_court", "admitted_after_release", "released", "left_england"]
)
def test_the_place_follows_the_end_also_where_the_prison_was_entered_after_it(england, reason, ended_on):
    patient = a_patient(england, since=at(5, 6))
    referral = asked(
        england, patient, report_first_requested_on=on(1), by=actor_of(england.lena, at=at(5, 7))
    )
    service = england.brook if reason.startswith("admitted") else None
    end(england, referral, reason, service=service, on=on(ended_on), when=at(5, 8))
    placement = Placement.objects.open_of(patient)
    assert (placement.service, bool(placement.elsewhere)) == (service, service is None)


def test_a_place_known_since_the_end_is_left_as_it_is(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(4))
    placements.place(referral.patient, service=england.ashdown, at=at(4), by=by)
    end(england, referral, "released", user=england.lena, on=on(3))
    assert Placement.objects.open_of(referral.patient).service == england.ashdown


def test_nobody_is_released_before_a_prison_move(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(4))
    actions.record_prison_move(referral, to_service=england.other_prison, on=on(4), by=by)
    with pytest.raises(Refused, match="before 6 March 2026, the day of the last prison move"):
        end(england, fresh(referral), "released", on=on(3), user=england.owen)
    assert end(england, fresh(referral), "released", on=on(4), user=england.owen).ended_on == on(4)
