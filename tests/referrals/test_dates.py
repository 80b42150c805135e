"""Dates that contradict each other: among steps, with the first day, and with a report that is held."""

import pytest

from assessments import actions as assessing
from core.refusals import Refused
from pathways.actions import clocks
from pathways.models import Clock, Flag
from referrals import actions
from referrals.models import Referral, Step
from tests.referrals.transfers import (
    accepted,
    applied,
    asked,
    at,
    bedded,
    fresh,
    on,
    ready,
    received,
    reported,
    standing,
    warranted,
)
from tests.world import TODAY, actor_of


def step(referral: Referral, kind: str) -> Step:
    return Step.objects.current().get(referral=referral, kind=kind)


def clock(referral: Referral, code: str) -> Clock:
    return Clock.objects.of("referral", referral.pk).filter(policy__code=code).latest("pk")


def a_report(england, referral, gmc="1111111", *, doctor="", examined=2, signed=3):
    return assessing.record_report(
        referral.patient,
        about=("referral", referral.pk),
        doctor_name=doctor or f"Dr {gmc}",
        gmc_number=gmc,
        is_section_12_approved=True,
        examined_on=on(examined),
        signed_on=on(signed),
        section="47",
        by=actor_of(england.ines, at=at(6)),
    )


# Among steps


def test_a_second_report_is_not_before_the_first(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(4))
    actions.record_step(referral, "first_report", on=on(3), words="Dr One", by=by)
    with pytest.raises(
        Refused, match="before “First psychiatric assessment and report”, recorded on 5 March"
    ):
        actions.record_step(referral, "second_report", on=on(2), words="Dr Two", by=by)
    actions.record_step(referral, "second_report", on=on(3), words="Dr Two", by=by)
    with pytest.raises(Refused, match="after “Second medical report”"):
        actions.correct_step(step(referral, "first_report"), on=on(4), why="Mistyped.", by=by)


def test_an_application_is_not_before_what_it_rests_on_nor_after_the_warrant(england):
    referral = accepted(england)
    reported(england, referral, when=at(1))
    bedded(england, referral, when=at(2))
    by = actor_of(england.lena, at=at(5))
    with pytest.raises(Refused, match="before “Bed date given”"):
        actions.record_step(referral, "application", on=on(1), by=by)
    application = actions.record_step(referral, "application", on=on(3), by=by)
    warranted(england, referral, when=at(5), given_on=on(4))
    with pytest.raises(Refused, match="before “First psychiatric assessment"):
        actions.correct_step(application, on=TODAY, why="Mistyped.", by=by)
    with pytest.raises(Refused, match="after “Warrant given”, recorded on 6 March 2026"):
        actions.correct_step(application, on=on(5), why="Mistyped.", by=by)
    assert actions.correct_step(application, on=on(4), why="Mistyped.", by=by).done_on == on(4)


def test_a_bed_promised_anew_is_held_to_its_first_day(england):
    referral = accepted(england)
    reported(england, referral)
    offer = bedded(england, referral)
    application = applied(england, referral, when=at(1))
    maya = actor_of(england.maya, at=at(2))
    actions.withdraw_bed_date(offer, why="A leak.", by=maya)
    bedded(england, referral, when=at(3), bed_on=on(5))
    by = actor_of(england.lena, at=at(4))
    assert actions.correct_step(application, on=on(2), why="Mistyped.", by=by).done_on == on(2)


def test_a_person_leaves_within_the_days_of_the_warrant(england):
    referral = ready(england)
    warranted(england, referral, when=at(3))
    by = actor_of(england.lena, at=at(20))
    with pytest.raises(Refused, match="before “Warrant given”, recorded on 5 March"):
        actions.leave_prison(referral, on=on(2), by=by)
    with pytest.raises(Refused, match="last day of the warrant is 18 March 2026"):
        actions.leave_prison(referral, on=on(17), by=by)
    left = actions.leave_prison(referral, on=on(16), by=by)
    with pytest.raises(Refused, match="last day of the warrant"):
        actions.correct_step(left, on=on(17), why="Mistyped.", by=by)


def test_a_warrant_is_not_given_after_somebody_left_under_it(england):
    referral = ready(england)
    actions.leave_prison(referral, on=on(2), by=actor_of(england.lena, at=at(3)))
    with pytest.raises(Refused, match="after “Left prison”"):
        warranted(england, referral, when=at(4), given_on=on(3))


def test_nobody_is_received_before_they_left(england):
    referral = ready(england)
    actions.leave_prison(referral, at=at(4, 3), by=actor_of(england.lena, at=at(4, 3)))
    for early in (at(3), at(4, 2)):
        with pytest.raises(Refused, match="before “Left prison”, recorded on 6 March"):
            received(england, fresh(referral), when=early)
    assert received(england, fresh(referral), when=at(4, 4)).received_on == on(4)


def test_having_left_under_a_warrant_that_lapsed_is_open_again(england):
    referral = ready(england)
    actions.leave_prison(referral, on=on(2), by=actor_of(england.lena, at=at(3)))
    clocks.raise_flags(by=actor_of(england.adam, at=at(14)))
    assert "left" not in standing(referral)
    applied(england, referral, when=at(15))
    warranted(england, referral, when=at(16))
    assert "warrant" in standing(referral)


def test_a_prison_move_is_not_before_the_request(england):
    referral = asked(england)
    by = actor_of(england.lena)
    with pytest.raises(Refused, match="before 2 March 2026, the day a medical report"):
        actions.record_prison_move(referral, to_service=england.other_prison, on=on(-1), by=by)


# With the first day


def correct_first_day(england, referral, day, *, when=6):
    by, version = actor_of(england.lena, at=at(when)), fresh(referral).version
    return actions.correct_request_date(referral, on=on(day), why="Mistyped.", version=version, by=by)


def test_a_first_day_after_something_recorded_is_refused_and_names_it(england):
    referral = asked(england, report_first_requested_on=on(-5))
    assert correct_first_day(england, referral, 0).report_first_requested_on == TODAY
    with pytest.raises(Refused, match="“Services asked” is recorded on 2 March 2026"):
        correct_first_day(england, referral, 1)


@pytest.mark.parametrize("what", ["Delay", "Review", "First psychiatric assessment and report"])
def test_delays_reviews_and_steps_hold_the_first_day(england, what):
    referral = asked(england, report_first_requested_on=on(-5), services=[])
    ines, lena = actor_of(england.ines, at=at(5)), actor_of(england.lena, at=at(5))
    if what == "Delay":
        actions.record_delay(referral, first_day=on(-3), party="escort", reason="escort", by=lena)
    elif what == "Review":
        words = {"how_the_person_is": "Withdrawn.", "interim_plan": "Daily visits."}
        actions.record_review(referral, on=on(-3), next_on=on(3), **words, by=ines)
    else:
        actions.record_step(referral, "first_report", on=on(-3), words="Dr One", by=lena)
    with pytest.raises(Refused, match=f"“{what}” is recorded on 27 February 2026"):
        correct_first_day(england, referral, -2)
    assert correct_first_day(england, referral, -3).report_first_requested_on == on(-3)


def test_an_older_assessment_that_is_used_again_does_not_hold_the_first_day(england):
    referral = accepted(england)
    actions.end_transfer(referral, reason="released", on=on(1), why="", by=actor_of(england.ines, at=at(1)))
    again = asked(
        england,
        referral.patient,
        services=[],
        report_first_requested_on=on(3),
        by=actor_of(england.lena, at=at(5)),
    )
    assert step(again, "assessment").done_on == TODAY
    assert correct_first_day(england, again, 4).report_first_requested_on == on(4)


def test_a_flag_that_was_never_true_keeps_the_day_on_which_it_was_raised(england):
    referral = asked(england, report_first_requested_on=on(-12), services=[])
    clocks.raise_flags(by=actor_of(england.adam))
    correct_first_day(england, referral, -10, when=0)
    flags = {flag.day: flag for flag in Flag.objects.filter(clock=clock(referral, "bradley-14"))}
    assert (flags[12].became_on, flags[12].superseded_at is None) == (TODAY, False)
    assert (flags[10].became_on, flags[10].superseded_at is None) == (TODAY, True)


# With a report that is held


def test_the_date_of_a_report_that_is_held_is_the_reports(england):
    referral = asked(england)
    a_report(england, referral)
    by = actor_of(england.lena, at=at(6))
    with pytest.raises(Refused, match="the date is its own"):
        actions.correct_step(step(referral, "first_report"), on=on(1), why="x", by=by)
    assert clock(referral, "nhse-assess-14").ended_on == on(2)


def test_the_report_itself_takes_the_place_of_its_doctors_name_and_date(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(6))
    actions.record_step(referral, "first_report", on=on(5), words="A Lee", by=by)
    a_report(england, referral, doctor="Dr. A. Lee")
    first = step(referral, "first_report")
    assert (first.done_on, first.words) == (on(2), "Dr. A. Lee")
    assert clock(referral, "nhse-assess-14").ended_on == on(2)
    assert clock(referral, "nhse-transfer-14").started_on == on(2)
    assert "second_report" not in standing(referral)


def test_a_report_of_another_doctor_stands_beside_one_known_by_name(england):
    referral = asked(england)
    by = actor_of(england.lena, at=at(6))
    actions.record_step(referral, "first_report", on=on(3), words="A Lee", by=by)
    with pytest.raises(Refused, match="before “First psychiatric assessment"):
        a_report(england, referral, examined=1, signed=2)
    a_report(england, referral)
    assert step(referral, "first_report").words == "A Lee"
    assert step(referral, "second_report").words == "Dr 1111111"


def test_of_two_reports_the_earlier_examination_is_the_first_whichever_was_recorded_first(england):
    referral = asked(england)
    a_report(england, referral, examined=3, signed=3)
    early = a_report(england, referral, "2222222", examined=1, signed=4)
    assert (step(referral, "first_report").done_on, step(referral, "second_report").done_on) == (on(1), on(3))
    assert clock(referral, "nhse-transfer-14").started_on == on(1)
    assessing.withdraw_report(early, why="Unsigned.", by=actor_of(england.ines, at=at(6)))
    assert step(referral, "first_report").done_on == on(3)
    assert clock(referral, "nhse-assess-14").ended_on == on(3)
    assert "second_report" not in standing(referral)


def test_a_report_is_not_of_an_examination_before_the_request(england):
    with pytest.raises(Refused, match="before “Medical report requested”"):
        a_report(england, asked(england), examined=-1)
