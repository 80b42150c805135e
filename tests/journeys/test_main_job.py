"""The main job: a transfer asked for, assessed once, decided, admitted in time, seen by whoever pays, exported."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.asking import (
    ASHDOWN,
    BROOK,
    Newcomer,
    answers,
    begins_to_ask,
    days_ago,
    nhs_style,
    registers,
    today,
)
from tests.journeys.assessing import (
    accepts_assessment,
    opens_transfer,
    recommends_medium,
    signs,
    starts_to_assess,
    writes_every_section,
)
from tests.journeys.conftest import Enter, Place
from tests.journeys.person import Person

LONDON = ZoneInfo("Europe/London")


def test_somebody_new_is_asked_for_assessed_once_decided_and_admitted_in_time(
    place: Place, signed_in: Enter
) -> None:
    newcomer = Newcomer("Osric", "Penhallow")
    liaison, inreach = signed_in("liaison"), signed_in("inreach")
    ashdown, brook = signed_in("clinician"), signed_in("clinician2")
    when_a_transfer_is_asked_for_nine_days_late(liaison, newcomer)
    when_the_prisons_doctor_reports(inreach, newcomer, "first", "Dr Imre Vance", "7000001")
    when_the_first_service_assesses(ashdown, newcomer)
    when_it_accepts_the_person(ashdown, newcomer)
    when_the_other_service_takes_the_same_assessment_and_declines(brook, newcomer)
    when_the_prisons_doctor_reports(inreach, newcomer, "second", "Dr Senna Wolfe", "7000002")
    when_a_bed_is_promised(ashdown, newcomer)
    when_the_prison_gets_the_warrant_and_sends_the_person(liaison, newcomer)
    when_the_hospital_receives_the_person(ashdown, newcomer)
    then_the_clocks_are_met_and_both_ends_see_it(liaison, newcomer)
    then_the_person_is_in_hospital(ashdown, newcomer)
    then_the_commissioner_sees_it_counted(signed_in("commissioner"), newcomer)
    then_the_administrator_has_it_in_a_file(signed_in("admin"), newcomer)
    then_no_e_mail_says_who_it_is(place, newcomer)


def when_a_transfer_is_asked_for_nine_days_late(liaison: Person, newcomer: Newcomer) -> None:
    begins_to_ask(liaison)
    registers(liaison, newcomer)
    answers(liaison, days_ago(9), (ASHDOWN, BROOK))
    liaison.sees("entered 9 days late")
    liaison.presses("Ask for this transfer")
    liaison.sees_heading("Transfer asked for")
    # Day 14 is the fourteenth day after the first request, and still in time.
    liaison.sees(f"Last day in time: {nhs_style(days_ago(9 - 14))}")
    newcomer.path = liaison.path.removesuffix("asked/")
    newcomer.reference = liaison.page.locator(".nhsuk-panel strong").first.inner_text()
    liaison.sees(f"{ASHDOWN} and {BROOK} have been told")
    liaison.follows("Go to transfer")
    liaison.sees("Entered 9 days later")


def when_the_prisons_doctor_reports(
    inreach: Person, newcomer: Newcomer, which: str, doctor: str, gmc_number: str
) -> None:
    opens_transfer(inreach, newcomer)
    inreach.page.locator(f"a[href$='/steps/{which}_report/']").first.click()
    inreach.fills("Which doctor?", doctor)
    inreach.fills("GMC number", gmc_number)
    inreach.chooses("Is the doctor approved under section 12?", "Yes")
    inreach.dates("When did the doctor examine the person?", today())
    inreach.dates("When did the doctor sign the report?", today())
    inreach.chooses("Does the report say that treatment is urgently needed?", "Yes")
    inreach.presses("Record the report")
    inreach.sees(doctor)


def when_the_first_service_assesses(clinician: Person, newcomer: Newcomer) -> None:
    starts_to_assess(clinician, newcomer)
    writes_every_section(clinician)
    recommends_medium(clinician)
    signs(clinician)
    clinician.pictures("assessment")


def when_it_accepts_the_person(clinician: Person, newcomer: Newcomer) -> None:
    opens_transfer(clinician, newcomer)
    clinician.follows("Decide")
    clinician.sees("Medium secure")
    clinician.chooses("What has your service decided?", "Accepted")
    clinician.presses("Record the decision")
    clinician.sees("Accepted. HMP Wexley has been told.")
    clinician.sees("Waiting for a bed")


def when_the_other_service_takes_the_same_assessment_and_declines(
    clinician: Person, newcomer: Newcomer
) -> None:
    opens_transfer(clinician, newcomer)
    # Nothing can be decided before the service has said what it makes of the assessment.
    clinician.follows("Decide")
    clinician.sees("says whether it accepts the shared assessment")
    clinician.goes(newcomer.path)
    clinician.follows(f"Shared assessment, signed by {ASHDOWN}")
    accepts_assessment(clinician)
    clinician.sees(BROOK)
    opens_transfer(clinician, newcomer)
    clinician.follows("Decide")
    clinician.chooses("What has your service decided?", "Declined")
    clinician.selects("Main reason", "Legal basis the service does not take")
    criterion = clinician.page.get_by_label("Which published criterion is not met?")
    criterion.select_option(label="People on remand for the Crown Court")
    clinician.presses("Record the decision")
    clinician.sees("Declined. HMP Wexley has been told.")
    clinician.sees("Against its criterion: People on remand for the Crown Court")


def when_a_bed_is_promised(clinician: Person, newcomer: Newcomer) -> None:
    opens_transfer(clinician, newcomer)
    clinician.follows("Give a bed date")
    clinician.page.get_by_role("group", name="Which bed?").get_by_role("radio").first.check()
    clinician.presses("Give this bed date")
    clinician.sees(f"Bed held from {nhs_style(today())}")


def when_the_prison_gets_the_warrant_and_sends_the_person(liaison: Person, newcomer: Newcomer) -> None:
    opens_transfer(liaison, newcomer)
    liaison.page.locator("a[href$='/steps/application/']").first.click()
    liaison.dates("On which day?", today())
    liaison.presses("Record the application")
    liaison.follows("Record the warrant")
    liaison.dates("When was the warrant given?", today())
    liaison.presses("Record the warrant")
    # The day it was given is the first of its 14.
    liaison.sees(f"Its last day is {nhs_style(days_ago(-13))}")
    liaison.page.locator("a[href$='/steps/escort/']").first.click()
    liaison.dates("For which day?", today())
    liaison.presses("Record the escort")
    liaison.pictures("transfer")
    liaison.follows("Record that they left")
    liaison.presses("Record that the person has left")
    liaison.sees("Needed next: ")


def when_the_hospital_receives_the_person(clinician: Person, newcomer: Newcomer) -> None:
    opens_transfer(clinician, newcomer)
    clinician.follows("Record that they are here")
    # The person was registered moments ago and times are typed in minutes: the next minute is surely later.
    clinician.page.wait_for_timeout((60 - datetime.now(tz=LONDON).second) * 1000)
    clinician.fills("At what time? (optional)", f"{datetime.now(tz=LONDON):%H:%M}")
    clinician.presses("Record that the person is here")
    clinician.sees("Received. The clocks have stopped and everyone concerned has been told.")


def then_the_clocks_are_met_and_both_ends_see_it(liaison: Person, newcomer: Newcomer) -> None:
    opens_transfer(liaison, newcomer)
    liaison.sees("Received on day 9 of 14")
    liaison.sees("In time")
    liaison.presses("Confirm that they left")
    assert f"Now at\n{ASHDOWN}" in liaison.text(".app-banner")


def then_the_person_is_in_hospital(clinician: Person, newcomer: Newcomer) -> None:
    clinician.follows("My service", clinician.page.locator("header"))
    clinician.goes("/transfers/board/")
    clinician.pictures("board")
    opens_transfer(clinician, newcomer)
    clinician.sees("Confirmed by the other end")


def then_the_commissioner_sees_it_counted(commissioner: Person, newcomer: Newcomer) -> None:
    commissioner.goes("/transfers/")
    commissioner.pictures("worklist", top="h1")
    commissioner.goes("/dashboards/transfers/")
    commissioner.pictures("dashboard")
    commissioner.page.locator(".app-tile a[href*='figure=received']").first.click()
    commissioner.looks()
    commissioner.sees(newcomer.reference)
    commissioner.goes("/dashboards/beds/")
    commissioner.page.locator(".app-tile a[href*='figure=admitted']").first.click()
    commissioner.looks()
    commissioner.sees(newcomer.family_name.upper())


def then_the_administrator_has_it_in_a_file(administrator: Person, newcomer: Newcomer) -> None:
    administrator.goes("/exports/ask/")
    administrator.fills("What is it for?", "Monthly return")
    administrator.presses("Ask for the file")
    # The page follows the worker by itself.
    download = administrator.page.get_by_role("link", name="Download")
    expect(download).to_be_visible()
    with administrator.page.expect_download() as coming:
        download.click()
    written = coming.value.path().read_text(encoding="utf-8-sig")
    assert newcomer.reference in written
    # Names were not asked for.
    assert newcomer.family_name not in written
    assert newcomer.number not in written


def then_no_e_mail_says_who_it_is(place: Place, newcomer: Newcomer) -> None:
    sent = place.e_mails()
    assert newcomer.reference in sent
    assert newcomer.family_name not in sent
    assert newcomer.number not in sent.replace(" ", "")
