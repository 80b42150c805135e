"""Who is to receive somebody who moves: only they, and who had the person, are told of it and record it."""

import re

import pytest

from assessments import actions as assessing
from assessments.models import SignedAssessment
from organisations.models import Bed
from referrals import actions
from referrals.actions.moving import receivers_of
from referrals.models import Referral
from tests.referrals.asking import boxes, key_of, text, today
from tests.referrals.referring import accepted_by_brook, in_ashdown, referred
from tests.referrals.transfers import approach_of
from tests.world import TODAY, a_ward, actor_of, client_of, now

pytestmark = pytest.mark.django_db

MOVED = "Record that they have moved"
NOT_THEIRS = "Only the service that had the person or the one that receives them"


@pytest.fixture
def referral(england):
    """A step down for which Far Clinic is asked before Brook House, which accepts."""
    referral = referred(england, in_ashdown(england))
    actions.ask_service(referral, england.elsewhere, by=actor_of(england.maya))
    accepted_by_brook(england, referral)
    return referral


@pytest.fixture
def remission(england):
    """A return to prison for which two prisons are asked."""
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    for prison in (england.prison, england.other_prison):
        actions.ask_service(referral, prison, by=actor_of(england.maya))
    return referral


def planned(england, referral):
    actions.plan_move(referral, on=today(), by=actor_of(england.maya, at=now()))


def far_accepts(england, referral):
    """Far Clinic, which has a ward now, accepts as well; the answer is its bed."""
    by, ward = actor_of(england.sam), a_ward(england.elsewhere, "low", name="Cedar")
    signed = SignedAssessment.objects.of(referral.patient).current(on=TODAY).get()
    word = assessing.accept_assessment(
        signed, service=england.elsewhere, tier=signed.tier, answer="yes", words="", by=by
    )
    actions.decide(
        approach_of(referral, england.elsewhere),
        acceptance=word,
        outcome="accepted_other_tier",
        tier="low",
        decided_on=TODAY,
        by=by,
    )
    return Bed.objects.create(ward=ward, name="1")


def hold(referral, bed, user):
    by = actor_of(user, at=now())
    actions.give_bed_date(approach_of(referral, bed.ward.service), bed, bed_on=by.today, by=by)


def address(referral, rest=""):
    return f"/referrals/{referral.public_id}/{rest}"


def names(referral):
    return [one.name for one in receivers_of(referral)]


def home_of(user):
    return text(client_of(user).get("/"))


def page_of(referral, user):
    return text(client_of(user).get(address(referral)))


def waits_for(referral, user):
    return Referral.objects.filter(pk=referral.pk).needing(actor_of(user, at=now())).exists()


def test_nobody_receives_whom_nobody_is_asked_about_and_else_everybody_asked_does(england):
    referral = referred(england, in_ashdown(england))
    assert names(referral) == []
    for service in (england.elsewhere, england.brook):
        actions.ask_service(referral, service, by=actor_of(england.maya))
    assert names(referral) == ["Far Clinic", "Brook House"]


def test_who_accepts_receives_and_of_those_who_holds_a_bed(england, referral):
    assert names(referral) == ["Brook House"]
    far_bed = far_accepts(england, referral)
    assert names(referral) == ["Far Clinic", "Brook House"]
    hold(referral, england.brook_bed, england.luke)
    assert names(referral) == ["Brook House"]
    hold(referral, far_bed, england.sam)
    assert names(referral) == ["Far Clinic", "Brook House"]
    actions.withdraw_approach(
        approach_of(referral, england.elsewhere), why="No escort.", by=actor_of(england.maya, at=now())
    )
    assert names(referral) == ["Brook House"]


def test_a_prison_that_agrees_receives(england, remission):
    assert names(remission) == ["HMP Wexley", "HMP Barrow Hill"]
    owen = actor_of(england.owen)
    actions.record_agreement(approach_of(remission, england.other_prison), on=TODAY, by=owen)
    assert names(remission) == ["HMP Barrow Hill"]


def test_a_move_planned_waits_for_both_its_ends_and_for_no_other_service_asked(england, referral):
    far_accepts(england, referral)
    hold(referral, england.brook_bed, england.luke)
    planned(england, referral)
    assert Referral.objects.get(pk=referral.pk).next_step == "moved"
    for user, is_theirs in ((england.maya, True), (england.luke, True), (england.sam, False)):
        assert ("Step down planned: record when they have moved" in home_of(user)) == is_theirs
        assert waits_for(referral, user) == is_theirs
        page = page_of(referral, user)
        assert (MOVED in page, NOT_THEIRS in page) == (True, not is_theirs)
        shown = client_of(user).get(address(referral, "moved/"))
        assert (shown.status_code, NOT_THEIRS in text(shown)) == ((200, False) if is_theirs else (409, True))


def test_of_two_that_hold_a_bed_each_records_that_the_person_came_to_it(england, referral):
    far_bed = far_accepts(england, referral)
    hold(referral, england.brook_bed, england.luke)
    hold(referral, far_bed, england.sam)
    for user, name in (
        (england.luke, "Brook House"),
        (england.sam, "Far Clinic"),
        (england.maya, "Far Clinic"),
    ):
        assert f"Moved to {name}" in text(client_of(user).get(address(referral, "moved/")))
    sent = moved(england, referral, england.luke, bed=str(england.brook_bed.public_id))
    assert sent.status_code == 302, text(sent)
    assert Referral.objects.get(pk=referral.pk).received_service == england.brook


def moved(england, referral, user, **given):
    client, path = client_of(user), address(referral, "moved/")
    return client.post(path, {"submission": key_of(client.get(path)), **boxes("on", today()), **given})


def test_each_prison_asked_says_only_that_they_came_to_it_and_the_hospital_says_to_which(england, remission):
    owen = actor_of(england.owen)
    actions.record_agreement(approach_of(remission, england.other_prison), on=TODAY, by=owen)
    shown = {
        user: text(client_of(user).get(address(remission, "moved/"))).partition("Where are they now?")[2]
        for user in (england.ines, england.maya)
    }
    assert "HMP Wexley" in shown[england.ines]
    assert "HMP Barrow Hill" not in shown[england.ines]
    assert "HMP Barrow Hill" in shown[england.maya]
    sent = moved(england, remission, england.ines, service=str(england.prison.public_id))
    assert sent.status_code == 302, text(sent)


def test_the_bed_held_is_where_to_begin_and_is_not_said_to_be_free_again(england, referral):
    Bed.objects.create(ward=england.brook_ward, name="0")
    hold(referral, england.brook_bed, england.luke)
    page = client_of(england.luke).get(address(referral, "moved/")).content.decode()
    beds = re.findall(r'<input[^>]*name="bed"[^>]*>', page)
    assert [("checked" in bed, str(england.brook_bed.public_id) in bed) for bed in beds] == [
        (True, True),
        (False, False),
    ]
    words = re.sub(r"\s+", " ", page)
    assert "Brook House is no longer asked" not in words
    assert "Far Clinic is no longer asked" in words
    assert "is free again unless they moved into it" in words
