"""A doctor's report of one transfer: what holds for transfers is asked under the lock, whoever brings it."""

import pytest

from assessments.models import MedicalReport
from core.refusals import Refused
from referrals import actions
from tests.referrals.transfers import asked, at, on, ready, received, standing
from tests.world import actor_of

ENDED = "This has ended"


def a_report(user, referral, gmc="1111111"):
    return actions.record_report(
        referral,
        doctor_name=f"Dr {gmc}",
        gmc_number=gmc,
        is_section_12_approved=True,
        examined_on=on(2),
        signed_on=on(3),
        by=actor_of(user, at=at(4)),
    )


def test_a_report_is_of_the_section_asked_for_and_fills_its_step(england):
    referral = asked(england)
    report = a_report(england.ines, referral)
    assert (report.section, report.about_kind, report.about_id) == ("47", "referral", referral.pk)
    assert "first_report" in standing(referral)


def test_a_clinician_of_neither_end_records_no_report(england):
    referral = asked(england)
    brook = referral.approaches.get(service=england.brook)
    actions.withdraw_approach(brook, why="Full.", by=actor_of(england.lena))
    with pytest.raises(Refused, match="Only the prison that has the person, the services asked"):
        a_report(england.luke, referral)
    assert not MedicalReport.objects.exists()


def test_a_report_is_withdrawn_by_its_author_or_the_prison_that_has_the_person(england):
    referral = asked(england)
    report = a_report(england.maya, referral)
    with pytest.raises(Refused, match="whoever recorded the report"):
        actions.withdraw_report(report, why="Unsigned.", by=actor_of(england.luke, at=at(5)))
    actions.withdraw_report(report, why="Unsigned.", by=actor_of(england.maya, at=at(5)))
    second = a_report(england.maya, referral, "2222222")
    actions.withdraw_report(second, why="Unsigned.", by=actor_of(england.ines, at=at(5)))
    assert "first_report" not in standing(referral)


def test_a_transfer_that_ended_meanwhile_takes_and_gives_back_no_report(england):
    referral = ready(england)
    report = MedicalReport.objects.of("referral", referral.pk).last()
    received(england, referral)
    assert referral.ended_on is None, "as whoever opened the page before the end has it"
    with pytest.raises(Refused, match=ENDED):
        a_report(england.ines, referral, "3333333")
    with pytest.raises(Refused, match=ENDED):
        actions.withdraw_report(report, why="Unsigned.", by=actor_of(england.ines, at=at(9)))
    report.refresh_from_db()
    assert report.superseded_at is None
