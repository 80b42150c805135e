"""Who is told of what: once a transfer a day, led by the gravest flag, and never with a name."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Notification
from core.notifications import message_for
from organisations.models import Commissioner, Membership
from pathways import line
from pathways.actions import clocks
from pathways.actions.relationships import open_relationship
from pathways.models import Event, FlagRule, Patient
from referrals import messages
from referrals.actions import checklist
from tests.referrals.transfers import (
    asked,
    assessed,
    at,
    decided,
    fresh,
    on,
    ready,
    received,
)
from tests.world import LONG_AGO, a_patient, a_user, actor_of, member


def sweep(england, days: int, hours: int = 0) -> None:
    clocks.raise_flags(by=actor_of(england.adam, at=at(days, hours)))


def flagged(**known):
    return Notification.objects.filter(kind="clock.flagged", **known)


def test_one_message_a_transfer_a_day_to_each_led_by_the_gravest(england):
    referral = asked(england)
    for hour in range(3):
        sweep(england, 15, hour)
    mailbox = flagged(mailbox=england.prison.alert_mailbox).get()
    assert mailbox.subject == f"Transfer {referral.reference}: late"
    assert mailbox.key == f"transfer:{referral.pk}:{on(15)}:{england.prison.alert_mailbox}"
    assert mailbox.path == f"/transfers/{referral.public_id}/"
    people = set(flagged().exclude(user=None).values_list("user", flat=True))
    assert people == {u.pk for u in (england.lena, england.ines, england.maya, england.luke)}
    assert flagged(user=england.maya).get().mailbox == ""


def test_the_next_day_says_more_only_when_there_is_more(england):
    asked(england)
    sweep(england, 10)
    sweep(england, 11)
    sweep(england, 12)
    subjects = flagged(mailbox=england.prison.alert_mailbox).order_by("pk").values_list("subject", flat=True)
    assert [subject.split(": ")[1] for subject in subjects] == ["the limit is near", "the limit is days away"]


def test_the_ladder_goes_to_higher_owners(england):
    national = Commissioner.objects.create(
        region=england.region, kind="nhs_england", name="NHS England, Shires"
    )
    nora = a_user("Nora")
    member(nora, "commissioner", commissioner=national, duties=["case_manager"])
    asked(england)
    sweep(england, 15)
    assert not flagged(user=england.carl).exists()
    sweep(england, 21)
    assert flagged(user=england.carl).count() == 1
    assert flagged(user=england.carl).get().mailbox == england.carl.email
    sweep(england, 28)
    assert (flagged(user=england.carl).count(), flagged(user=nora).count()) == (2, 0)
    sweep(england, 42)
    assert (flagged(user=england.carl).count(), flagged(user=nora).count()) == (3, 1)
    assert not flagged(user=england.anna).exists()


def test_named_staff_are_told_of_a_restricted_persons_flags(england):
    referral = asked(england)
    Patient.objects.filter(pk=referral.patient_id).update(has_restricted_access=True)
    open_relationship(
        referral.patient, user=england.sam, basis="named", since=LONG_AGO, by=actor_of(england.lena)
    )
    sweep(england, 15)
    assert flagged(user=england.sam).get().mailbox == england.sam.email


def test_a_warrants_flags_are_never_folded_into_the_days_message(england):
    referral = ready(england)
    sweep(england, 13)
    mailbox = england.prison.alert_mailbox
    day, warrant = flagged(mailbox=mailbox).order_by("key")
    assert day.key.startswith(f"transfer:{referral.pk}:")
    assert warrant.key.startswith(f"warrant:{referral.pk}:")
    assert "warrant" in warrant.subject
    sweep(england, 14)
    assert flagged(mailbox=mailbox, key__startswith="warrant:").count() == 2
    assert Notification.objects.filter(kind="referrals.warrant_lapsed", mailbox=mailbox).count() == 1


def test_nobody_off_duty_is_told(england):
    Membership.objects.filter(user=england.luke).update(is_on_duty=False)
    asked(england)
    sweep(england, 15)
    assert not flagged(user=england.luke).exists()


def test_a_service_without_a_mailbox_is_told_by_the_bell(england):
    england.brook.alert_mailbox = ""
    england.brook.save()
    asked(england)
    sweep(england, 15)
    assert flagged(user=england.luke).exists()
    assert not flagged(user=None, mailbox="").exists()


def test_flags_of_a_transfer_that_ended_and_of_other_things_say_nothing(england):
    received(england, ready(england))
    referral = asked(england, a_patient(england))
    clocks.start_clocks(
        referral.patient,
        event="transfer.report_requested",
        about=("elsewhere", 1),
        on=on(0),
        by=actor_of(england.lena),
    )
    sweep(england, 30)
    assert set(flagged().values_list("about_id", flat=True)) == {referral.pk}


def test_a_sweep_of_other_things_alone_is_not_ours(england):
    patient = a_patient(england)
    clocks.start_clocks(
        patient,
        event="transfer.report_requested",
        about=("elsewhere", 1),
        on=on(0),
        by=actor_of(england.lena),
    )
    sweep(england, 30)
    assert Event.objects.filter(kind="clock.flagged").exists()
    assert not flagged().exists()


def test_many_flags_cost_the_same_queries_as_one(england):
    def queries_for(transfers: int, day: int) -> int:
        for _ in range(transfers):
            asked(england, a_patient(england))
        with CaptureQueriesContext(connection) as caught:
            sweep(england, day)
        return len(caught)

    assert queries_for(1, 10) == queries_for(9, 15)


def test_every_level_has_words_and_every_kind_that_is_told_has_a_line():
    levels = set(FlagRule.Level.values)
    assert set(messages.FLAG_WORDS) == set(messages.WARRANT_FLAG_WORDS) == levels
    assert messages.GRAVITY == ["approaching", "imminent", "breached", "escalated"]


def test_no_e_mail_names_a_person(england):
    canary = a_patient(england, given_name="Zebediah", family_name="Canaryson")
    referral = ready(england, patient=canary)
    sweep(england, 14)
    from tests.referrals.transfers import applied, warranted

    applied(england, referral, when=at(15))
    warranted(england, referral, when=at(15))
    received(england, referral, when=at(16))
    second = asked(england, a_patient(england, given_name="Zebediah", family_name="Canaryson"))
    assessed(england, second)
    decided(england, second, outcome="declined", reason="no_bed", words="Zebediah Canaryson shouts.")
    sweep(england, 42)
    rows = list(Notification.objects.all())
    assert len({row.kind for row in rows}) > 8
    for row in rows:
        text = " ".join((row.subject, row.body, row.path, row.key))
        assert not re.search("zebediah|canaryson|shouts", text, re.IGNORECASE)
        assert canary.nhs_number not in text
        assert not re.search(r"\b999\d{7}\b", text)
        if row.mailbox:
            assert "Canaryson" not in message_for(row).message().as_string()


def test_a_job_of_the_installation_tells_everybody(england):
    from organisations.actor import Actor

    referral = asked(england)
    by = Actor.system("import", at=at(1))
    event = checklist.record(referral, "referrals.all_declined", by=by)
    messages.tell_concerned(event, referral, by=by)
    told = Notification.objects.filter(kind="referrals.all_declined").exclude(user=None)
    assert set(told.values_list("user", flat=True)) == {
        u.pk for u in (england.lena, england.ines, england.maya, england.luke)
    }


@pytest.mark.parametrize(
    "kind",
    ["pathways.died", "pathways.placed", "assessments.signed", "assessments.reported", "clock.flagged"],
)
def test_what_happens_below_is_heard_here(kind):
    assert any(listener.__module__ == "referrals.listens" for listener in line.LISTENERS[kind])


def test_a_signed_assessment_is_there_for_the_open_transfer_and_ends_with_a_material_change(england):
    from assessments import actions as assessing

    referral = asked(
        england, services=[england.brook, england.ashdown], patient=a_patient(england, home_area=None)
    )
    signed = assessed(england, referral)
    referral = fresh(referral)
    assert referral.lead_service == england.ashdown
    assert checklist.done(referral)["assessment"].service == england.ashdown
    assessing.end_currency(signed, why="A new charge.", by=actor_of(england.maya, at=at(1)))
    assert "assessment" not in checklist.done(referral)


def test_an_assessment_of_somebody_without_a_transfer_is_nobodys_step(england):
    from assessments import actions as assessing
    from tests.assessments.drafting import signed

    version = signed(england)
    assessing.end_currency(version, why="A new charge.", by=actor_of(england.maya, at=at(1)))
    assert not Event.objects.filter(kind__startswith="referrals.").exists()
