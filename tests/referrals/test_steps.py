"""Steps that are simply dated, reports, and warrants: given, refused, replaced, lapsed."""

from datetime import date

import pytest

from assessments import actions as assessing
from assessments.models import MedicalReport
from core.models import Notification
from core.refusals import Refused
from pathways import policies
from pathways.actions import clocks
from pathways.models import Clock, Event
from referrals import actions
from referrals.models import Step, Warrant
from referrals.tasks import lapse_warrants
from tests.referrals.transfers import (
    accepted,
    applied,
    approach_of,
    asked,
    at,
    bedded,
    decided,
    fresh,
    on,
    ready,
    received,
    reported,
    standing,
    warranted,
)
from tests.world import TODAY, a_patient, actor_of


def clock(referral, code: str) -> Clock:
    return Clock.objects.of("referral", referral.pk).filter(policy__code=code).latest("pk")


def a_report(england, referral, gmc: str = "1111111", **known) -> MedicalReport:
    answers = {
        "about": ("referral", referral.pk),
        "doctor_name": f"Dr {gmc}",
        "gmc_number": gmc,
        "is_section_12_approved": True,
        "examined_on": on(2),
        "signed_on": on(3),
        "section": "47",
        **known,
    }
    return assessing.record_report(referral.patient, by=actor_of(england.ines, at=at(4)), **answers)


def test_a_liaison_officer_records_reports_by_date_and_doctor(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(4))
    actions.record_step(referral, "first_report", on=on(3), words="Dr One", by=by)
    assert clock(referral, "nhse-assess-14").ended_as == "met"
    assert clock(referral, "nhse-transfer-14").due_on == on(17)
    with pytest.raises(Refused, match="two different doctors"):
        actions.record_step(referral, "second_report", on=on(4), words="dr one", by=by)
    actions.record_step(referral, "second_report", on=on(4), words="Dr Two", by=by)
    assert standing(referral) >= {"first_report", "second_report"}


def test_the_doctor_of_a_report_that_is_held_is_not_the_second_doctor_too(england):
    referral = asked(england)
    a_report(england, referral, doctor_name="Dr. Ann Lee")
    by = actor_of(england.lena, at=at(4))
    with pytest.raises(Refused, match="two different doctors"):
        actions.record_step(referral, "second_report", on=on(4), words="Ann Lee", by=by)
    actions.record_step(referral, "second_report", on=on(4), words="Dr Two", by=by)
    assert "second_report" in standing(referral)


def test_an_application_with_one_report_held_asks_that_one_for_what_the_law_wants(england):
    referral = accepted(england)
    a_report(england, referral, is_section_12_approved=False, examined_on=TODAY, signed_on=TODAY)
    by = actor_of(england.lena, at=at(4))
    actions.record_step(referral, "second_report", on=on(4), words="Dr Two", by=by)
    bedded(england, referral)
    with pytest.raises(Refused, match="the one whose report is held is not"):
        applied(england, referral, when=at(4))
    a_report(england, referral, "2222222", doctor_name="Dr Two", signed_on=on(4))
    applied(england, referral, when=at(4))
    assert "application" in standing(referral)


def test_a_doctors_report_marks_the_first_step_then_the_second(england):
    referral = asked(england)
    a_report(england, referral)
    first = Step.objects.current().get(referral=referral, kind="first_report")
    assert (first.done_on, first.words) == (on(2), "Dr 1111111")
    assert clock(referral, "nhse-transfer-14").started_on == on(2)
    a_report(england, referral, "2222222", signed_on=on(4))
    assert Step.objects.current().get(referral=referral, kind="second_report").done_on == on(4)
    a_report(england, referral, "3333333")
    assert Step.objects.current().filter(referral=referral).count() == 4


def test_a_report_withdrawn_reopens_its_step_and_the_limits_run_on(england):
    referral = asked(england)
    report = a_report(england, referral)
    assessing.withdraw_report(report, why="Of another person.", by=actor_of(england.ines, at=at(5)))
    assert "first_report" not in standing(referral)
    assert clock(referral, "nhse-assess-14").ended_on is None
    assert clock(referral, "nhse-transfer-14").ended_as == "void"
    assert fresh(referral).next_step == "first_report"


def test_one_of_two_reports_withdrawn_leaves_the_first_assessment_standing(england):
    referral = asked(england)
    a_report(england, referral)
    second = a_report(england, referral, "2222222")
    assessing.withdraw_report(second, why="Unsigned.", by=actor_of(england.ines, at=at(5)))
    assert "first_report" in standing(referral)
    assert "second_report" not in standing(referral)


def test_a_report_on_a_transfer_that_has_ended_is_refused(england):
    referral = received(england, ready(england))
    with pytest.raises(Refused, match="has ended"):
        a_report(england, referral, "3333333")


def test_a_report_about_something_else_touches_no_transfer(england):
    referral = asked(england)
    a_report(england, referral, about=("referral", referral.pk + 999))
    report = a_report(england, referral, about=("approach", referral.pk))
    assessing.withdraw_report(report, why="Wrong.", by=actor_of(england.ines, at=at(5)))
    assert "first_report" not in standing(referral)


def test_what_happened_is_never_blocked_by_a_prompt(england):
    referral = asked(england)
    by = actor_of(england.lena)
    actions.record_step(referral, "escort", on=TODAY, by=by)
    assert "escort" in standing(referral)
    assert fresh(referral).next_step == "first_report"


def test_nobody_leaves_prison_for_a_hospital_without_a_warrant(england):
    referral = asked(england)
    with pytest.raises(Refused, match="This can't be recorded before: warrant given"):
        actions.leave_prison(referral, on=TODAY, by=actor_of(england.lena))
    assert "left" not in standing(referral)


def test_the_law_blocks_the_application_and_the_warrant(england):
    referral = accepted(england)
    with pytest.raises(
        Refused, match="first psychiatric assessment and report, second medical report, bed date"
    ):
        applied(england, referral)
    with pytest.raises(Refused, match="application to the Ministry"):
        warranted(england, referral)
    assert not Warrant.objects.exists()


def test_an_application_rests_on_two_doctors_one_approved(england):
    referral = accepted(england)
    a_report(england, referral, is_section_12_approved=False, examined_on=TODAY, signed_on=TODAY)
    a_report(england, referral, "2222222", is_section_12_approved=False, examined_on=TODAY, signed_on=TODAY)
    bedded(england, referral)
    with pytest.raises(Refused, match="approved under section 12"):
        applied(england, referral, when=at(4))


def test_a_step_is_recorded_once_by_its_own_end_and_corrected_with_why(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(3))
    step = actions.record_step(referral, "first_report", on=on(3), words="Dr One", by=by)
    with pytest.raises(Refused, match="already recorded"):
        actions.record_step(referral, "first_report", on=on(2), words="Dr One", by=by)
    with pytest.raises(Refused, match="The prison that has the person"):
        actions.record_step(referral, "escort", on=on(2), by=actor_of(england.maya, at=at(3)))
    with pytest.raises(Refused, match="by what happens"):
        actions.record_step(referral, "decision", on=on(2), by=actor_of(england.maya, at=at(3)))
    corrected = actions.correct_step(step, on=on(1), why="Mistyped.", by=by)
    assert (corrected.done_on, corrected.words) == (on(1), "Dr One")
    assert clock(referral, "nhse-assess-14").ended_on == on(1)
    assert clock(referral, "nhse-transfer-14").due_on == on(15)
    step.refresh_from_db()
    assert step.why == "Mistyped."
    with pytest.raises(Refused, match="while you had it open"):
        actions.correct_step(step, on=on(2), why="Again.", by=by)
    assert Event.objects.get(kind="referrals.step_corrected").details["now"] == str(on(1))


def test_the_date_of_an_escort_is_corrected_without_touching_a_limit(england):
    referral = ready(england)
    by = actor_of(england.lena, at=at(3))
    step = actions.record_step(referral, "escort", on=on(1), by=by)
    before = set(Clock.objects.of("referral", referral.pk).values_list("pk", "due_on", "ended_on"))
    assert actions.correct_step(step, on=on(2), why="Moved.", by=by).done_on == on(2)
    assert set(Clock.objects.of("referral", referral.pk).values_list("pk", "due_on", "ended_on")) == before


def test_an_escort_put_right_still_comes_on_or_after_its_booking(england):
    by = actor_of(england.lena, at=at(3))
    step = actions.record_step(ready(england), "escort", on=on(1), for_on=on(2), by=by)
    with pytest.raises(Refused, match="on or after the day it was booked"):
        actions.correct_step(step, on=on(3), why="Moved.", by=by)


def test_a_warrant_runs_its_own_fourteen_days_and_everyone_is_told(england):
    referral = ready(england)
    warrant = Warrant.objects.get(referral=referral)
    assert (warrant.given_on, warrant.ends_on, warrant.outcome) == (TODAY, on(13), "live")
    assert clock(referral, policies.WARRANT).due_on == on(13)
    mailboxes = Notification.objects.filter(kind="referrals.warrant_given", user=None)
    assert set(mailboxes.values_list("mailbox", flat=True)) == {
        s.alert_mailbox for s in (england.prison, england.ashdown, england.brook)
    }


def test_the_mha_office_of_the_hospital_may_record_the_warrant_too(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    by = actor_of(england.maya)
    warrant = actions.record_warrant(
        referral, section="47", with_restrictions=True, hospital=england.ashdown, given_on=TODAY, by=by
    )
    assert warrant.recorded_by == england.maya


def test_a_new_warrant_replaces_the_one_in_force(england):
    referral = ready(england)
    old = Warrant.objects.get(referral=referral)
    new = warranted(england, referral, when=at(5), unit="Alder")
    old.refresh_from_db()
    assert (old.outcome, old.outcome_on) == ("replaced", on(5))
    assert new.ends_on == on(18)
    ended = Clock.objects.of("referral", referral.pk).filter(policy__code=policies.WARRANT).order_by("pk")
    assert [(c.ended_as, c.due_on) for c in ended] == [("void", on(13)), ("", on(18))]
    assert Step.objects.current().get(referral=referral, kind="warrant").done_on == on(5)


def test_a_warrant_names_a_hospital_that_accepts_the_person_now(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    decided(england, referral, england.brook, outcome="declined", reason="no_bed")
    for never_asked_or_declined in (england.elsewhere, england.brook):
        with pytest.raises(Refused, match="Ask that service first"):
            warranted(england, referral, hospital=never_asked_or_declined)
    ashdown = approach_of(referral, england.ashdown)
    actions.withdraw_approach(ashdown, why="Too far from home.", by=actor_of(england.lena))
    with pytest.raises(Refused, match="Ask that service first"):
        warranted(england, referral)
    assert not Warrant.objects.exists()


def test_the_sweep_lapses_a_warrant_and_reopens_application_and_warrant(england):
    referral = ready(england)
    clocks.raise_flags(by=actor_of(england.adam, at=at(13)))
    assert Warrant.objects.get().outcome == "live"
    for _ in range(3):
        clocks.raise_flags(by=actor_of(england.adam, at=at(14)))
    warrant = Warrant.objects.get()
    assert (warrant.outcome, warrant.outcome_on) == ("lapsed", on(14))
    assert not standing(referral) & {"warrant", "application"}
    assert fresh(referral).next_step == "application"
    assert clock(referral, policies.WARRANT).ended_as == "lapsed"
    assert Event.objects.filter(kind="referrals.warrant_lapsed").count() == 1
    reopened = Event.objects.filter(kind="referrals.step_reopened").values_list("details__step", flat=True)
    assert set(reopened) == {"warrant", "application"}
    told = Notification.objects.filter(kind="referrals.warrant_lapsed")
    assert told.filter(user=england.carl).count() == 1
    assert clock(referral, "bradley-14").ended_on is None


def test_after_a_lapse_a_new_application_and_warrant_carry_on(england):
    referral = ready(england)
    clocks.raise_flags(by=actor_of(england.adam, at=at(14)))
    with pytest.raises(Refused, match="application"):
        warranted(england, referral, when=at(15))
    applied(england, referral, when=at(15))
    assert warranted(england, referral, when=at(16)).ends_on == on(29)
    assert received(england, referral, when=at(17)).end_reason == "admitted"


def test_a_warrant_whose_last_day_is_behind_is_recorded_as_lapsed_at_once(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    still = warranted(england, referral, when=at(13), given_on=TODAY)
    assert still.outcome == "live"
    other = accepted(england, patient=a_patient(england))
    reported(england, other)
    by = actor_of(england.maya)
    actions.give_bed_date(approach_of(other, england.ashdown), england.second_bed, bed_on=on(3), by=by)
    applied(england, other)
    warrant = warranted(england, other, when=at(14), given_on=TODAY)
    warrant.refresh_from_db()
    assert (warrant.outcome, warrant.outcome_on) == ("lapsed", on(14))
    assert not standing(other) & {"warrant", "application"}
    assert fresh(other).next_step == "application"
    assert clock(other, policies.WARRANT).ended_as == "lapsed"
    told = Notification.objects.filter(kind="referrals.warrant_lapsed", about_id=other.pk)
    assert told.filter(user=england.carl).exists()


def test_a_warrant_is_in_force_on_its_own_days_alone(england):
    ready(england)
    days = [day for day in range(-1, 16) if Warrant.objects.in_force(on=on(day)).exists()]
    assert days == list(range(14))


def test_the_hourly_task_lapses_a_warrant_whose_clock_says_nothing(england, time_machine):
    referral = ready(england)
    clocks.end_clocks(
        about=("referral", referral.pk), on=TODAY, only=policies.WARRANT, by=actor_of(england.adam)
    )
    time_machine.move_to(at(13, 14), tick=False)
    lapse_warrants()
    assert Warrant.objects.get().outcome == "live"
    time_machine.move_to(at(13, 15), tick=False)  # midnight in London
    lapse_warrants()
    lapse_warrants()
    assert Warrant.objects.get().outcome == "lapsed"


def test_a_warrant_used_meanwhile_does_not_lapse(england):
    referral = ready(england)
    warrant = Warrant.objects.get()
    received(england, referral)
    from referrals.actions.warrants import lapse_warrant

    assert lapse_warrant(warrant, on=on(20), by=actor_of(england.adam, at=at(20))) is False
    assert Warrant.objects.get().outcome == "used"


def test_a_refused_warrant_is_an_escalation_and_goes_back_to_the_application(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    by = actor_of(england.lena, at=at(1))
    with pytest.raises(Refused, match="No application"):
        actions.record_refused_warrant(referral, on=on(1), why="x", by=by)
    applied(england, referral)
    warrant = actions.record_refused_warrant(referral, on=on(1), why="Reports out of date.", by=by)
    assert (warrant.outcome, warrant.hospital, warrant.why) == (
        "refused",
        england.ashdown,
        "Reports out of date.",
    )
    assert fresh(referral).next_step == "application"
    assert fresh(referral).is_open
    assert Notification.objects.filter(kind="referrals.warrant_refused", user=england.carl).exists()
    assert not Clock.objects.of("referral", referral.pk).filter(policy__code=policies.WARRANT).exists()


def test_dates_of_the_warrant_are_checked(england):
    referral = ready(england)
    with pytest.raises(Refused, match="before “Application to the Ministry"):
        warranted(england, referral, given_on=date(2026, 3, 1))
