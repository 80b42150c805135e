"""Doctors' reports are for the section asked for: what a change of legal basis leaves of them."""

import pytest

from assessments.models import MedicalReport
from assessments.rules import check_reports
from core.refusals import Refused, refusal
from pathways.models import Clock, Event
from referrals import actions, rules
from referrals.models import Step
from tests.referrals.sending import address, says
from tests.referrals.transfers import (
    applied,
    asked,
    at,
    fresh,
    on,
    ready,
    reported,
    standing,
    warranted,
)
from tests.world import NOW, TODAY, actor_of, client_of

REPORTS = {"first_report", "second_report"}
REMAND = {"section": "48", "limb": "b"}
SENTENCE = {"section": "47", "with_restrictions": True}


def under_48(england, **known):
    return asked(england, section="48", limb="b", with_restrictions=None, **known)


def changes(england, referral, basis, *, when=1):
    by = actor_of(england.lena, at=at(when))
    return actions.change_legal_basis(referral, since=on(when), by=by, **basis)


def believed(referral):
    return [(r.gmc_number, r.section) for r in MedicalReport.objects.of("referral", referral.pk)]


def limits(referral):
    found = Clock.objects.of("referral", referral.pk).exclude(policy__code="warrant-14")
    return list(
        found.order_by("pk").values_list("policy__code", "started_on", "due_on", "ended_on", "ended_as")
    )


def test_a_sentence_opens_the_report_steps_again_and_the_same_doctors_report_for_it(england):
    referral = ready(england, section="48", limb="b", with_restrictions=None)
    before = limits(referral)
    changes(england, referral, SENTENCE)
    assert not standing(referral) & {*REPORTS, "application", "warrant"}
    assert fresh(referral).next_step == "first_report"
    reopened = Event.objects.filter(kind="referrals.step_reopened").values_list("details__step", flat=True)
    assert set(reopened) >= REPORTS
    assert {s.why for s in Step.objects.filter(referral=referral, kind__in=REPORTS)} == {
        "The legal basis changed."
    }
    reported(england, referral, when=at(2))
    assert sorted(believed(referral)) == [
        (doctor, section) for doctor in ("1111111", "2222222") for section in ("47", "48")
    ]
    assert limits(referral) == before, "an assessment for another section was an assessment all the same"
    applied(england, referral, when=at(2))
    warranted(england, referral, when=at(2))
    assert fresh(referral).next_step == "escort"


def test_a_change_of_group_within_section_48_leaves_the_reports(england):
    referral = under_48(england)
    reported(england, referral)
    changes(england, referral, {"section": "48", "limb": "a"})
    assert standing(referral) >= REPORTS


def test_back_under_the_first_section_its_reports_serve_again(england):
    referral = under_48(england)
    reported(england, referral)
    before = limits(referral)
    changes(england, referral, SENTENCE)
    changes(england, referral, REMAND, when=2)
    assert standing(referral) >= REPORTS
    steps = Step.objects.current().filter(referral=referral, kind__in=REPORTS).order_by("kind")
    assert [(step.done_on, step.words) for step in steps] == [(TODAY, "Dr First"), (TODAY, "Dr Second")]
    assert limits(referral) == before


def test_back_again_after_new_reports_those_of_that_section_serve_again(england):
    referral = under_48(england)
    reported(england, referral)
    before = limits(referral)
    changes(england, referral, SENTENCE)
    reported(england, referral, when=at(2))
    changes(england, referral, REMAND, when=3)
    assert standing(referral) >= REPORTS
    assert limits(referral) == before
    with pytest.raises(Refused, match="held already, for section 48"):
        reported(england, referral, when=at(4))


def test_a_report_of_the_other_section_withdrawn_was_no_assessment_either(england):
    referral = under_48(england)
    reported(england, referral)
    changes(england, referral, SENTENCE)
    for report in MedicalReport.objects.of("referral", referral.pk):
        actions.withdraw_report(report, why="Of another person.", by=actor_of(england.ines, at=at(2)))
    clock = Clock.objects.of("referral", referral.pk).get(policy__code="nhse-assess-14")
    assert clock.ended_on is None


def test_reports_known_by_name_alone_stay_and_move_no_limit(england):
    referral = under_48(england)
    by = actor_of(england.lena, at=at(1))
    actions.record_step(referral, "first_report", on=on(1), words="Dr One", by=by)
    before = limits(referral)
    changes(england, referral, SENTENCE)
    assert "first_report" in standing(referral)
    assert limits(referral) == before


def test_a_report_named_under_the_new_section_moves_no_limit_and_may_be_the_same_doctors(england):
    referral = under_48(england)
    reported(england, referral)
    before = limits(referral)
    changes(england, referral, SENTENCE)
    by = actor_of(england.lena, at=at(5))
    step = actions.record_step(referral, "first_report", on=on(4), words="Dr First", by=by)
    assert limits(referral) == before
    step = actions.correct_step(step, on=on(5), why="Mistyped.", by=by)
    assert limits(referral) == before
    actions.take_back_step(step, why="Of another person.", by=by)
    assert limits(referral) == before


def test_a_first_day_put_right_stays_before_an_examination_for_another_section(england):
    referral = under_48(england)
    reported(england, referral)
    changes(england, referral, SENTENCE)
    by = actor_of(england.lena, at=at(2))
    with pytest.raises(Refused, match="Examined for a medical report"):
        actions.correct_request_date(referral, on=on(1), why="Later.", version=fresh(referral).version, by=by)


def test_a_refusal_names_the_section_of_the_reports_held():
    held = [
        MedicalReport(gmc_number=gmc, section="48", doctor_name=gmc, says_urgent_need=True)
        for gmc in ("1111111", "2222222")
    ]
    said = "needed for section 47. Those held for section 48 do not serve."
    assert refusal(check_reports, held, "47").endswith(said)
    assert refusal(check_reports, held, "47", ["1111111"]).endswith(said)
    assert refusal(check_reports, held, "47", ["1111111", "2222222"]) is None, (
        "named for section 47 they count"
    )


def test_one_doctor_twice_is_refused_beside_the_number_with_the_section_of_what_is_held(england):
    referral = asked(england)
    reported(england, referral)
    with pytest.raises(Refused, match="held already, for section 47") as refused:
        reported(england, referral)
    assert refused.value.field == "gmc_number"


@pytest.mark.parametrize(
    ("sections", "now", "falls"),
    [
        ([], "48", False),
        (["48"], "48", True),
        (["48", "48"], "48", True),
        (["47", "48"], "48", True),
        (["47", "47", "48"], "48", False),
        (["48", "48"], "47", False),
    ],
)
def test_what_a_change_of_section_means_for_the_reports_held(sections, now, falls):
    assert bool(rules.reports_that_fall(sections, now)) is falls


def test_the_page_of_the_change_says_beforehand_that_the_reports_fall(england, time_machine):
    time_machine.move_to(NOW, tick=False)
    referral = under_48(england)
    lena = client_of(england.lena)
    said = "the reports held are for section 48; two for section 47 are needed"
    assert said not in says(lena.get(address(referral, "legal-basis")))
    reported(england, referral)
    assert said in says(lena.get(address(referral, "legal-basis")))
    changes(england, referral, SENTENCE, when=0)
    shown = says(client_of(england.ines).get(f"/transfers/{referral.public_id}/"))
    assert "for section 48, and does not serve for section 47" in shown
    assert "Correct the date" in shown
