"""The steps of the checklist as a browser sends them: reports, the warrant, leaving, being received."""

import pytest

from assessments.models import MedicalReport
from pathways.models import BedUse, Placement
from referrals import actions
from referrals.models import Step, Warrant
from tests.referrals.asking import boxes, text
from tests.referrals.sending import WHY, address, done, hidden, refused, says, send
from tests.referrals.transfers import (
    accepted,
    applied,
    approach_of,
    asked,
    assessed,
    at,
    bedded,
    decided,
    fresh,
    on,
    ready,
    reported,
    standing,
    warranted,
)
from tests.world import NOW, a_patient, actor_of, client_of


@pytest.fixture(autouse=True)
def monday(time_machine):
    """Pages read the clock; it stands on the Monday on which the world's people act."""
    time_machine.move_to(NOW, tick=False)


def test_an_escort_says_when_it_was_booked_and_for_when(england):
    referral = ready(england)
    shown = says(client_of(england.lena).get(address(referral, "steps/escort")))
    assert "Which day was it booked?" in shown
    assert "For which day?" in shown
    early = {**boxes("on", on(0)), **boxes("for_on", on(-1))}
    refused(send(england.lena, referral, "steps/escort", **early), "on or after the day it was booked")
    done(send(england.lena, referral, "steps/escort", **boxes("on", on(0)), **boxes("for_on", on(3))))
    assert "for 5 March 2026" in says(client_of(england.lena).get(f"/transfers/{referral.public_id}/"))


def test_no_escort_is_needed_for_somebody_who_has_left(england):
    referral = ready(england)
    actions.leave_prison(referral, on=on(0), by=actor_of(england.lena))
    assert fresh(referral).next_step == "received"


def test_dates_that_the_law_hangs_on_are_typed(england):
    referral = asked(england)
    for kind in ("first_report", "application"):
        page = client_of(england.lena).get(address(referral, f"steps/{kind}")).content.decode()
        assert 'name="on-day" type="text" inputmode="numeric" value=' not in page
        assert f'value="{on(0).year}"' not in page


def test_a_corrected_step_is_marked_on_the_line(england):
    referral = ready(england)
    by = actor_of(england.lena)
    step = actions.record_step(referral, "escort", on=on(0), by=by)
    page = f"/transfers/{referral.public_id}/"
    assert "app-line__corrected" not in client_of(england.lena).get(page).content.decode()
    actions.correct_step(step, on=on(0), why=WHY, by=by)
    assert client_of(england.lena).get(page).content.decode().count("app-line__corrected") == 1


def test_a_service_that_declined_is_not_offered_to_be_let_go(england):
    referral = asked(england)
    assessed(england, referral)
    decided(england, referral, outcome="declined", reason="no_bed")
    page = client_of(england.lena).get(f"/transfers/{referral.public_id}/").content.decode()
    assert page.count("/withdraw/") == 1


def test_a_liaison_gives_date_and_doctor_of_a_report(england):
    referral = asked(england)
    done(send(england.lena, referral, "steps/first_report", words="Dr Example", **boxes("on", on(0))))
    assert Step.objects.current().get(kind="first_report").words == "Dr Example"
    refused(
        send(england.lena, referral, "steps/second_report", words="dr example", **boxes("on", on(0))),
        "The two reports must be by two different doctors.",
    )
    refused(
        send(england.lena, referral, "steps/second_report", **boxes("on", on(0))),
        "Enter the doctor's name",
        400,
    )


def report_answers(**changed):
    return {
        "doctor_name": "Dr Example",
        "gmc_number": "1234567",
        "is_section_12_approved": "yes",
        **boxes("examined_on", on(0)),
        **boxes("signed_on", on(0)),
        **changed,
    }


def test_a_clinician_records_a_medical_report_with_what_the_law_asks(england):
    referral = asked(england)
    done(send(england.ines, referral, "steps/first_report", **report_answers()))
    assert Step.objects.current().filter(kind="first_report").exists()
    refused(
        send(england.ines, referral, "steps/second_report", **report_answers()),
        "The two reports must be by two different doctors.",
    )
    refused(
        send(england.ines, referral, "steps/second_report", **report_answers(gmc_number="12")),
        "A GMC number has 7 digits.",
    )


def test_under_section_48_a_report_says_whether_treatment_is_urgently_needed(england):
    referral = asked(england, section="48", limb="a", with_restrictions=None)
    refused(
        send(england.ines, referral, "steps/first_report", **report_answers()),
        "Choose an answer",
        400,
    )
    done(send(england.ines, referral, "steps/first_report", **report_answers(says_urgent_need="yes")))


def test_no_report_is_recorded_on_a_transfer_that_has_ended(england):
    referral = asked(england)
    actions.end_transfer(referral, reason="released", on=on(0), by=actor_of(england.lena))
    refused(
        client_of(england.ines).post(address(referral, "steps/first_report"), report_answers()),
        "This has ended.",
    )


def test_the_application_waits_for_what_the_law_asks(england):
    referral = accepted(england)
    refused(
        send(england.lena, referral, "steps/application", **boxes("on", on(0))),
        "This can't be recorded before: first psychiatric assessment and report",
    )
    reported(england, referral)
    bedded(england, referral)
    done(send(england.lena, referral, "steps/application", **boxes("on", on(0))))


def test_a_step_out_of_order_is_prompted_and_never_blocked(england):
    referral = asked(england)
    shown = client_of(england.lena).get(address(referral, "steps/escort"))
    assert "usually first: warrant given" in text(shown)
    done(send(england.lena, referral, "steps/escort", **boxes("on", on(0)), **boxes("for_on", on(0))))


@pytest.mark.parametrize("kind", ["nonsense", "warrant", "left", "decision"])
def test_a_step_that_is_recorded_otherwise_has_no_such_page(england, kind):
    referral = asked(england)
    assert client_of(england.lena).get(address(referral, f"steps/{kind}")).status_code == 404


def test_a_step_is_corrected_with_why(england):
    referral = asked(england, report_first_requested_on=on(-5))
    actions.record_step(referral, "escort", on=on(0), by=actor_of(england.lena))
    done(send(england.lena, referral, "steps/escort/correct", why=WHY, **boxes("on", on(-1))))
    assert Step.objects.current().get(kind="escort").done_on == on(-1)
    refused(
        send(england.lena, referral, "steps/escort/correct", why=WHY, **boxes("on", on(-9))),
        "before the day a medical report was first requested",
    )
    assert client_of(england.lena).get(address(referral, "steps/left/correct")).status_code == 404


@pytest.fixture
def applied_for(england):
    referral = accepted(england)
    reported(england, referral)
    bedded(england, referral)
    applied(england, referral)
    return referral


def warrant_answers(england, **changed):
    answers = {
        "hospital": str(england.ashdown.public_id),
        "with_restrictions": "yes",
        **boxes("given_on", on(0)),
    }
    return {**answers, **changed}


def test_a_warrant_is_recorded_and_says_its_last_day(england, applied_for):
    client = client_of(england.lena)
    form = hidden(client.get(address(applied_for, "warrant")))
    answer = done(client.post(address(applied_for, "warrant"), {**form, **warrant_answers(england)}))
    assert "Its last day is 15 March 2026" in says(client.get(answer.url))
    assert Warrant.objects.live().count() == 1


def test_the_page_offers_the_services_that_accepted_and_says_to_ask_another_first(england, applied_for):
    shown = client_of(england.lena).get(address(applied_for, "warrant")).content.decode()
    assert str(england.ashdown.public_id) in shown
    assert str(england.brook.public_id) not in shown
    named = warrant_answers(england, hospital=str(england.brook.public_id))
    refused(send(england.lena, applied_for, "warrant", **named), "Ask that service first")
    assert not Warrant.objects.exists()


def test_a_warrant_before_its_application_is_refused(england):
    referral = accepted(england)
    refused(
        send(england.lena, referral, "warrant", **warrant_answers(england)),
        "This can't be recorded before: application to the Ministry of Justice.",
    )


def test_a_refused_warrant_goes_back_to_the_application(england, applied_for):
    done(send(england.lena, applied_for, "warrant/refused", why="Not satisfied", **boxes("on", on(0))))
    assert fresh(applied_for).next_step == "application"
    assert "The warrant was refused. A new application is needed." in says(
        client_of(england.lena).get(f"/transfers/{applied_for.public_id}/")
    )
    refused(
        send(england.lena, applied_for, "warrant/refused", why="Again", **boxes("on", on(0))),
        "No application is recorded",
    )


def test_leaving_receiving_and_confirming_at_both_ends(england, time_machine):
    referral = ready(england)
    time_machine.move_to(at(3, 8), tick=False)
    done(send(england.lena, referral, "left", at_time="11:30", **boxes("on", on(3))))
    given = {"bed": str(england.bed.public_id), "at_time": "14:05", **boxes("on", on(3))}
    done(send(england.maya, referral, "received", **given))
    assert fresh(referral).end_reason == "admitted"
    assert Placement.objects.open_of(referral.patient).service == england.ashdown
    client = client_of(england.lena)
    done(client.post(address(referral, "departure")))
    refused(client.post(address(referral, "departure")), "The departure is confirmed already.")


def test_a_time_that_is_none_and_a_day_to_come_are_refused(england):
    referral = ready(england)
    refused(
        send(england.lena, referral, "left", at_time="25:00", **boxes("on", on(0))),
        "must be a time, like 14:05",
        400,
    )
    refused(send(england.lena, referral, "left", **boxes("on", on(2))), "must be today or in the past", 400)


def test_nobody_is_received_without_a_warrant(england):
    referral = accepted(england)
    answer = client_of(england.maya).get(address(referral, "received"))
    refused(answer, "This can't be recorded before: warrant given.")


def test_the_bed_held_for_the_person_is_offered_first(england, time_machine):
    referral = ready(england)
    time_machine.move_to(at(3), tick=False)
    shown = client_of(england.maya).get(address(referral, "received"))
    assert "Held for this person" in text(shown)
    assert f'value="{england.bed.public_id}" checked' in shown.content.decode()


def test_another_report_can_be_recorded_where_two_are_not_what_the_law_asks(england):
    referral = asked(england)
    for kind, number in (("first_report", "1234567"), ("second_report", "7654321")):
        answers = report_answers(doctor_name=kind, gmc_number=number, is_section_12_approved="no")
        done(send(england.ines, referral, f"steps/{kind}", **answers))
    assert "Record another report" in text(client_of(england.ines).get(f"/transfers/{referral.public_id}/"))
    assert "Record another report" not in text(
        client_of(england.lena).get(f"/transfers/{referral.public_id}/")
    )
    done(send(england.ines, referral, "steps/second_report", **report_answers(gmc_number="7654322")))


def test_only_the_hospital_of_the_warrant_sees_its_free_beds(england, applied_for):
    done(send(england.lena, applied_for, "warrant", **warrant_answers(england)))
    refused(
        client_of(england.luke).get(address(applied_for, "received")), "The hospital that receives the person"
    )


def test_a_reason_given_when_the_bed_was_held_is_shown_and_need_not_be_given_again(england):
    referral = accepted(england, patient=a_patient(england, stated_gender="2"))
    reported(england, referral)
    actions.give_bed_date(
        approach_of(referral, england.ashdown),
        england.bed,
        bed_on=on(0),
        exception_why="She asked for it.",
        by=actor_of(england.maya),
    )
    applied(england, referral)
    warranted(england, referral)
    page = says(client_of(england.maya).get(address(referral, "received")))
    assert "Given when it was held: “She asked for it.”" in page
    done(send(england.maya, referral, "received", bed=str(england.bed.public_id), **boxes("on", on(0))))
    assert BedUse.objects.current().get(purpose="occupied").exception_why == "She asked for it."


def test_a_report_recorded_wrongly_is_withdrawn_with_a_reason(england):
    referral = asked(england)
    reported(england, referral)
    report = MedicalReport.objects.of("referral", referral.pk).last()
    page = client_of(england.ines).get(f"/transfers/{referral.public_id}/")
    assert f"/transfers/{referral.public_id}/reports/{report.public_id}/withdraw/" in page.content.decode()
    verb = f"reports/{report.public_id}/withdraw"
    done(send(england.ines, referral, verb, why="It is about somebody else."))
    assert MedicalReport.objects.of("referral", referral.pk).count() == 1
    assert "second_report" not in standing(referral)


def test_a_report_of_another_transfer_is_not_there(england):
    referral, other = asked(england), asked(england, a_patient(england))
    reported(england, other)
    report = MedicalReport.objects.of("referral", other.pk).last()
    address_of = f"/transfers/{referral.public_id}/reports/{report.public_id}/withdraw/"
    assert client_of(england.ines).get(address_of).status_code == 404
    assert client_of(england.lena).get(address_of).status_code == 403
