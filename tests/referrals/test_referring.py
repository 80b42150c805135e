"""Every kind of referral but the transfer from prison: asked, decided, planned under the law, moved."""

from datetime import timedelta

import pytest

from core.notifications import Notification
from core.refusals import Refused
from pathways.actions import authorities, key_dates, placements
from pathways.days import noon
from pathways.models import BedUse, Clock, Event, LegalStatus, MissingAuthority, Placement
from referrals import actions
from referrals.models import Referral
from tests.referrals.referring import ADMITTED_ON, accepted_by_brook, in_ashdown, referred
from tests.referrals.transfers import approach_of, asked, fresh
from tests.world import NOW, TODAY, a_patient, a_service, actor_of

DAY = timedelta(days=1)


def test_a_step_down_is_asked_and_what_is_needed_next_is_worked_out(england):
    referral = referred(england, in_ashdown(england))
    assert (referral.kind, referral.next_step, referral.is_primary) == ("step_down", "services_asked", True)
    event = Event.objects.get(kind="referrals.referred")
    assert event.details == {
        "reference": referral.reference,
        "referral": "step_down",
        "acts": [],
        "days_entered_late": 0,
    }
    assert not Clock.objects.filter(about_kind="referral").exists()


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({"kind": "prison_transfer"}, "Choose what is asked for"),
        ({"kind": "elopement"}, "Choose what is asked for"),
        ({"why": " "}, "Say why"),
        ({"on": TODAY + DAY}, "today or in the past"),
        ({"on": TODAY - 1200 * DAY}, "Check the year"),
        ({"ground": "not_required"}, "Only a return to prison"),
        ({"act": "discharge"}, "Only a discharge"),
        ({"kind": "to_community"}, "how the person is discharged"),
        ({"kind": "remission"}, "why the person is to return"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_writes_nothing(england, known, says):
    patient = in_ashdown(england, code="15")
    with pytest.raises(Refused, match=says):
        referred(england, patient, **known)
    assert not Referral.objects.exists()


def test_only_the_service_that_has_the_person_asks_for_a_move_out_of_it(england, luke):
    patient = in_ashdown(england)
    with pytest.raises(Refused, match="only for the service you work at"):
        actions.refer(
            patient, kind="sideways", from_service=england.ashdown, urgency=3, why="W", on=TODAY, by=luke
        )
    with pytest.raises(Refused, match="not at your service"):
        actions.refer(
            patient, kind="sideways", from_service=england.brook, urgency=3, why="W", on=TODAY, by=luke
        )


def test_one_open_referral_of_a_kind_and_several_beside_each_other_with_one_that_leads(england, maya):
    patient = in_ashdown(england)
    first = referred(england, patient)
    with pytest.raises(Refused, match="asked for already"):
        referred(england, patient)
    second = referred(england, patient, "sideways")
    assert (first.is_primary, second.is_primary) == (True, False)
    actions.make_primary(second, by=maya)
    assert (fresh(first).is_primary, fresh(second).is_primary) == (False, True)
    actions.make_primary(fresh(second), by=maya)  # pressed twice, it leads once
    assert Event.objects.filter(kind="referrals.leads").count() == 1
    actions.end_referral(fresh(second), reason="not_needed", why="Better.", on=TODAY, by=maya)
    assert fresh(first).is_primary


def test_a_transfer_from_prison_leads_before_what_was_open(england):
    patient = a_patient(england)
    by = actor_of(england.ines)
    court = actions.refer(
        patient,
        kind="court_admission",
        from_service=england.prison,
        urgency=2,
        why="Trial ends soon.",
        on=TODAY,
        by=by,
    )
    transfer = asked(england, patient)
    assert (fresh(court).is_primary, transfer.is_primary) == (False, True)


@pytest.mark.parametrize(
    ("code", "limb", "says"),
    [
        ("16", "", "needs a restriction direction"),
        ("03", "", "Nobody is returned to prison"),
        ("38", "", "limitation direction has ended"),
        ("", "", "Nobody is returned to prison"),
    ],
)
def test_a_return_to_prison_without_a_basis_is_refused_with_the_reason(england, code, limb, says):
    patient = in_ashdown(england, code=code, limb=limb)
    with pytest.raises(Refused, match=says):
        referred(england, patient, "remission", ground="not_required")


def test_nobody_is_returned_after_the_release_date(england, maya):
    patient = in_ashdown(england, code="15")
    key_dates.record_key_date(patient, kind="release", on=TODAY, by=maya)
    with pytest.raises(Refused, match="release date has come"):
        referred(england, patient, "remission", ground="not_required")


def test_a_restricted_person_gets_no_community_treatment_order(england):
    with pytest.raises(Refused, match=r"41\(3\)\(aa\)"):
        referred(england, in_ashdown(england, code="09"), "to_community", act="community_treatment")


def test_only_somebody_discharged_with_conditions_is_recalled(england):
    with pytest.raises(Refused, match="conditionally discharged or on a community treatment order"):
        referred(england, in_ashdown(england, code="03"), "recall")


def test_a_restricted_persons_move_is_planned_under_an_authority_only(england, maya):
    referral = referred(england, in_ashdown(england, code="09"))
    accepted_by_brook(england, referral)
    actions.give_bed_date(
        approach_of(referral, england.brook), england.brook_bed, bed_on=TODAY + DAY, by=actor_of(england.luke)
    )
    assert fresh(referral).next_step == "authority"
    with pytest.raises(Refused, match="agreement of the Ministry of Justice"):
        actions.plan_move(referral, on=TODAY + 2 * DAY, by=maya)
    consent = authorities.record_authority(
        referral.patient, kind="ministry_specific", scope=["transfer"], since=TODAY, by=maya
    )
    assert fresh(referral).next_step == "planned"
    actions.plan_move(referral, on=TODAY + 2 * DAY, by=maya)
    assert fresh(referral).next_step == "moved"
    authorities.end_authority(consent, last_day=TODAY, why="Withdrawn.", by=maya)
    assert fresh(referral).next_step == "moved"  # an authority that held since it was asked is on record
    with pytest.raises(Refused, match="agreement of the Ministry"):
        actions.plan_move(fresh(referral), on=TODAY + 3 * DAY, why="Later.", by=maya)


def test_an_unrestricted_person_needs_nobodys_authority(england, maya):
    referral = referred(england, in_ashdown(england, code="03"))
    step = actions.plan_move(referral, on=TODAY + 5 * DAY, by=maya)
    assert (step.for_on, step.done_on) == (TODAY + 5 * DAY, TODAY)
    with pytest.raises(Refused, match="Say why"):
        actions.plan_move(referral, on=TODAY + 6 * DAY, by=maya)
    actions.plan_move(referral, on=TODAY + 6 * DAY, why="No escort.", by=maya)
    assert [one.for_on for one in referral.steps.current().filter(kind="planned")] == [TODAY + 6 * DAY]
    with pytest.raises(Refused, match="today or later"):
        actions.plan_move(referral, on=TODAY - DAY, why="Slip.", by=maya)


def test_a_step_down_with_a_hold_from_ask_to_bed(england, luke):
    patient = in_ashdown(england)
    referral = referred(england, patient)
    approach = accepted_by_brook(england, referral)
    actions.give_bed_date(approach, england.brook_bed, bed_on=TODAY, by=luke)
    actions.record_move(
        referral,
        service=england.brook,
        bed=england.brook_bed,
        at=NOW,
        by=luke,
    )
    moved = fresh(referral)
    assert (moved.end_reason, moved.received_service, moved.ended_on) == ("moved", england.brook, TODAY)
    now = Placement.objects.open_of(patient)
    assert (now.service, now.ward) == (england.brook, england.brook_ward)
    occupied = BedUse.objects.current().filter(patient=patient, during__upper_inf=True)
    assert [(one.bed, one.purpose) for one in occupied] == [(england.brook_bed, "occupied")]
    assert not BedUse.objects.current().filter(purpose="held", during__contains=NOW + DAY).exists()
    assert Event.objects.get(kind="pathways.placed", about_id=now.pk).details["direction"] == "down"
    assert not MissingAuthority.objects.exists()


def test_a_move_without_the_authority_it_needed_is_taken_and_becomes_a_task(england, luke):
    referral = referred(england, in_ashdown(england, code="09"))
    accepted_by_brook(england, referral)
    actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=NOW, by=luke)
    assert fresh(referral).end_reason == "moved"
    missing = MissingAuthority.objects.get()
    assert (missing.act, missing.hospital, missing.about_kind) == ("transfer", england.brook, "referral")


def test_a_move_into_nobodys_bed_or_by_nobody_concerned_is_refused(england, luke):
    referral = referred(england, in_ashdown(england))
    accepted_by_brook(england, referral)
    with pytest.raises(Refused, match="a bed of the hospital"):
        actions.record_move(referral, service=england.brook, bed=england.bed, at=NOW, by=luke)
    with pytest.raises(Refused, match="Choose the bed"):
        actions.record_move(referral, service=england.brook, at=NOW, by=luke)
    with pytest.raises(Refused, match="Only the service that had the person"):
        actions.record_move(
            referral, service=england.brook, bed=england.brook_bed, at=NOW, by=actor_of(england.sam)
        )
    with pytest.raises(Refused, match="before the day it was asked"):
        actions.record_move(referral, service=england.brook, bed=england.brook_bed, at=NOW - 3 * DAY, by=luke)


def test_a_remission_has_its_own_clock_agreement_and_meeting(england, maya):
    patient = in_ashdown(england, code="15")
    referral = referred(england, patient, "remission", ground="not_effective", on=TODAY - 3 * DAY)
    clock = Clock.objects.get(about_id=referral.pk, about_kind="referral")
    assert (clock.policy.code, clock.due_on) == ("remission-14", TODAY + 11 * DAY)
    actions.ask_service(referral, england.prison, by=maya)
    assert fresh(referral).next_step == "agreed"
    with pytest.raises(Refused, match="can be asked"):
        actions.ask_service(referral, england.brook, by=maya)
    actions.record_agreement(
        approach_of(referral, england.prison), on=TODAY, words="The governor", by=actor_of(england.lena)
    )
    assert fresh(referral).next_step == "aftercare"
    with pytest.raises(Refused, match="say why there was none"):
        actions.record_meeting(referral, by=maya)
    authorities.record_authority(patient, kind="warrant", scope=["remission"], since=TODAY, by=maya)
    with pytest.raises(Refused, match="Record the section 117 meeting first, or why there was none"):
        actions.plan_move(referral, on=TODAY, by=maya)
    step = actions.record_meeting(referral, exception="No team would come.", by=maya)
    assert step.words == "No meeting: No team would come."
    assert fresh(referral).next_step == "planned"
    actions.plan_move(referral, on=TODAY, by=maya)
    actions.record_move(referral, service=england.prison, at=NOW, by=actor_of(england.lena))
    clock.refresh_from_db()
    assert (clock.ended_as, clock.ended_on) == ("met", TODAY)
    assert Placement.objects.open_of(patient).service == england.prison
    assert not BedUse.objects.current().filter(patient=patient, during__upper_inf=True).exists()
    status = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    assert (status.code, status.form) == ("98", "")


def test_a_remission_that_happened_without_agreement_or_meeting_is_kept_with_its_exception(england, maya):
    patient = in_ashdown(england, code="15")
    referral = referred(england, patient, "remission", ground="not_required")
    actions.ask_service(referral, england.prison, by=maya)
    actions.record_move(referral, service=england.prison, at=NOW, by=actor_of(england.lena))
    moved = referral.steps.current().get(kind="moved")
    assert (
        moved.words
        == "Not on record when they moved: agreement of those who receive them and section 117 meeting."
    )


def test_a_conditional_discharge_and_the_recall_from_it(england, maya, luke):
    team = a_service(
        "Shires community team",
        kind="community",
        provider=england.ashdown.provider,
        commissioner=england.north,
    )
    patient = in_ashdown(england, code="09")
    out = referred(england, patient, "to_community", act="conditional_discharge")
    actions.ask_service(out, team, by=maya)
    authorities.record_authority(
        patient, kind="tribunal", scope=["conditional_discharge"], since=TODAY, by=maya
    )
    actions.record_move(out, service=team, at=NOW, by=maya)
    status = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    assert (status.code, status.form) == ("98", "conditional_discharge")
    assert not MissingAuthority.objects.exists()
    recall = actions.refer(
        patient, kind="recall", from_service=england.brook, urgency=1, why="Relapse.", on=TODAY, by=luke
    )
    actions.ask_service(recall, england.ashdown, by=luke)
    later = actor_of(england.maya, at=NOW + DAY)
    actions.record_move(recall, service=england.ashdown, bed=england.bed, at=NOW + DAY, by=later)
    status = LegalStatus.objects.current().get(patient=patient, during__upper_inf=True)
    assert (status.code, status.form) == ("09", "")
    assert [one.act for one in MissingAuthority.objects.all()] == ["recall"]


def test_a_court_admission_gives_its_order(england, maya):
    patient = a_patient(england)
    referral = actions.refer(
        patient,
        kind="court_admission",
        from_service=england.prison,
        urgency=2,
        why="Found unfit.",
        on=TODAY,
        by=actor_of(england.ines),
    )
    actions.ask_service(referral, england.ashdown, by=actor_of(england.ines))
    with pytest.raises(Refused, match="order or remand"):
        actions.record_move(referral, service=england.ashdown, bed=england.bed, at=NOW, by=maya)
    with pytest.raises(Refused, match="Give the day"):
        actions.record_move(referral, service=england.ashdown, bed=england.bed, at=NOW, order="10", by=maya)
    move = {"bed": england.bed, "at": NOW, "order": "10", "ordered_on": TODAY}
    actions.record_move(referral, service=england.ashdown, **move, by=maya)
    assert LegalStatus.objects.current().get(patient=patient, during__upper_inf=True).code == "10"


def test_a_temporary_movement_ends_no_referral(england, maya):
    patient = in_ashdown(england)
    referral = referred(england, patient)
    placements.place(patient, elsewhere="general_hospital", at=NOW, by=maya)
    assert fresh(referral).is_open


def test_an_assessment_that_is_there_counts_at_once_and_one_signed_later_when_it_is(england):
    patient = in_ashdown(england)
    first = referred(england, patient)
    accepted_by_brook(england, first)
    second = referred(england, patient, "sideways")
    for one in (first, second):
        assert one.steps.current().filter(kind="assessment").exists()


def test_nobody_is_told_that_another_kind_is_a_transfer_from_prison(england):
    referral = referred(england, in_ashdown(england))
    accepted_by_brook(england, referral)
    told = Notification.objects.filter(about_kind="referral", about_id=referral.pk)
    assert told
    for one in told:
        assert one.subject.startswith(f"Step down {referral.reference}")
        assert "prison" not in one.body.lower()
        assert one.path == f"/referrals/{referral.public_id}/"


def test_the_first_day_of_a_move_is_when_it_was_asked(england):
    patient = in_ashdown(england)
    referral = referred(england, patient, on=ADMITTED_ON)
    assert referral.days_waited(on=TODAY) == 40
    assert noon(ADMITTED_ON) < referral.requested_at


def test_a_prison_decides_nothing_on_an_assessment(england, maya):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    actions.ask_service(referral, england.prison, by=maya)
    with pytest.raises(Refused, match="has no step"):
        actions.decide(
            approach_of(referral, england.prison),
            acceptance=None,
            outcome="deferred",
            decided_on=TODAY,
            by=actor_of(england.ines),
        )


@pytest.mark.parametrize(
    ("on", "says"), [(TODAY + DAY, "today or in the past"), (TODAY - DAY, "before the day it was asked")]
)
def test_an_agreement_is_of_a_day_on_which_it_can_have_been(england, maya, on, says):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    approach = actions.ask_service(referral, england.prison, by=maya)
    with pytest.raises(Refused, match=says):
        actions.record_agreement(approach, on=on, by=maya)


def test_a_service_that_is_asked_no_more_agrees_to_nothing(england, maya):
    referral = referred(england, in_ashdown(england, code="15"), "remission", ground="not_required")
    approach = actions.ask_service(referral, england.prison, by=maya)
    actions.withdraw_approach(approach, why="Another prison.", by=maya)
    with pytest.raises(Refused, match="not asked any more"):
        actions.record_agreement(approach, on=TODAY, by=maya)


def test_a_kind_has_its_own_steps_and_no_others(england, maya):
    with pytest.raises(Refused, match="has no step “Section 117 meeting”"):
        actions.record_meeting(referred(england, in_ashdown(england)), on=TODAY, by=maya)


def test_who_is_not_concerned_says_nothing_of_which_leads(england, luke):
    patient = in_ashdown(england)
    referred(england, patient)
    second = referred(england, patient, "sideways")
    with pytest.raises(Refused, match="Only the service that asks"):
        actions.make_primary(second, by=luke)
