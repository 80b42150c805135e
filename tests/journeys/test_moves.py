"""Moves after the transfer, in a browser: down to low security with a bed held, and back to prison under the law."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.asking import BROOK, today
from tests.journeys.assessing import (
    accepts_assessment,
    recommends_medium,
    signs,
    writes_every_section,
)
from tests.journeys.conftest import Enter, Place, a_place
from tests.journeys.person import PHONE, Person

WHY = "Settled on the ward, and the team sees the next step."


@pytest.fixture(scope="module")
def place(launched: dict[str, str]) -> Iterator[Place]:
    """A ward of one's own: the journeys before have moved people of the shared one."""
    yield from a_place(launched)


@pytest.fixture(scope="module")
def cookies() -> dict[str, Any]:
    """Whoever signed in elsewhere has not signed in here."""
    return {}


def test_somebody_moves_down_into_a_bed_that_was_held(signed_in: Enter) -> None:
    ashdown, brook = signed_in("clinician"), signed_in("clinician2")
    path = when_a_step_down_is_asked(ashdown)
    when_the_assessment_is_there(ashdown, path)
    when_the_other_service_accepts_and_holds_a_bed(brook, path)
    when_the_day_is_planned(ashdown, path)
    when_the_person_has_moved(brook, path)
    then_the_line_says_so(brook, path)


def test_somebody_goes_back_to_prison_by_the_section_that_fits(signed_in: Enter) -> None:
    ashdown = signed_in("clinician", width=PHONE)
    path = when_a_return_is_asked(ashdown)
    when_the_prison_agrees_and_there_was_no_meeting(ashdown, path)
    when_the_warrant_is_on_record(ashdown, path)
    when_the_day_is_planned(ashdown, path)
    then_the_return_is_recorded(ashdown, path)


def finds_somebody(clinician: Person, kind: str) -> None:
    """Looks among the people in the beds of the ward for one for whom a move of this kind can be asked."""
    clinician.goes("/beds/")
    tiles = clinician.page.locator(".app-tile--blue a")
    beds = [tiles.nth(number).get_attribute("href") for number in range(tiles.count())]
    for bed in beds:
        clinician.page.goto(str(bed))
        person = clinician.page.locator("main a[href^='/patients/']").first
        clinician.page.goto(str(person.get_attribute("href")))
        may_refer = clinician.page.get_by_role("link", name="Refer for another move").count()
        # Where a service elsewhere is writing the assessment, the move waits for it.
        is_written = "Begun" in str(clinician.page.locator("#assessments").text_content())
        if not may_refer or is_written:
            continue
        clinician.follows("Refer for another move")
        clinician.chooses("What does the person need?", kind)
        clinician.presses("Continue")
        if clinician.path.count("/") == 5:  # the kind's own page; a refusal shows the choice again
            return
    raise AssertionError(f"Nobody on the ward can be referred: {kind}.")


def opens_the_referral(clinician: Person) -> str:
    clinician.chooses("How urgent is it?", "Soon")
    clinician.page.locator("textarea").first.fill(WHY)
    clinician.presses("Open the referral")
    clinician.sees("is open.")
    clinician.sees("Needed next: services asked")
    return clinician.path


def asks(clinician: Person, service: str) -> None:
    clinician.follows("Ask a service")
    clinician.fills("Name or provider", service)
    clinician.presses("Narrow")
    clinician.page.get_by_role("radio", name=service).first.check()
    clinician.presses("Ask this service")
    clinician.sees(f"{service} has been asked and told.")


def when_a_step_down_is_asked(clinician: Person) -> str:
    finds_somebody(clinician, "Step down")
    path = opens_the_referral(clinician)
    clinician.pictures("referral")
    asks(clinician, BROOK)
    return path


def when_the_assessment_is_there(clinician: Person, path: str) -> None:
    """Where one is current, it counts; else it is written once, for every service asked."""
    clinician.goes(path)
    if not clinician.page.get_by_role("link", name="Start the shared assessment").count():
        return
    clinician.follows("Start the shared assessment")
    clinician.presses("Start the assessment")
    writes_every_section(clinician)
    recommends_medium(clinician)
    signs(clinician)


def when_the_other_service_accepts_and_holds_a_bed(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.follows("Shared assessment, signed by")
    accepts_assessment(clinician)
    clinician.goes(path)
    clinician.follows("Decide")
    # An assessment that was current already may recommend the very tier that this service has.
    decisions = clinician.page.get_by_role("group", name="What has your service decided?")
    if decisions.get_by_label("Accepted at another tier").count():
        clinician.chooses("What has your service decided?", "Accepted at another tier")
        clinician.page.get_by_label("At which tier?").select_option(index=1)
    else:
        clinician.chooses("What has your service decided?", "Accepted")
    clinician.presses("Record the decision")
    clinician.follows("Give a bed date")
    takes_a_free_bed(clinician)
    clinician.presses("Give this bed date")
    clinician.sees("Bed held from")


def takes_a_free_bed(clinician: Person) -> None:
    """One that is free and fits. The first of a ward may be promised to somebody for later; the last ones are not."""
    beds = clinician.page.get_by_role("group", name="Which bed?").locator(".nhsuk-radios__item")
    free = [bed for bed in beds.all() if bed.inner_text().strip().endswith("Free now")]
    free[-1].get_by_role("radio").check()


def when_the_day_is_planned(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.follows("Plan the day")
    clinician.dates("For which day is the move planned?", today())
    clinician.presses("Plan this day")
    if clinician.page.get_by_text("Record the authority first").count():
        records_authority(clinician, path, "Ministry of Justice, specific", "Transfer to another hospital")
        when_the_day_is_planned(clinician, path)


def records_authority(clinician: Person, path: str, kind: str, act: str) -> None:
    clinician.goes(path)
    clinician.follows("Record the authority")
    clinician.chooses("Whose decision is it?", kind)
    clinician.ticks(act)
    clinician.dates("From which day?", today())
    clinician.presses("Record the authority")


def when_the_person_has_moved(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.follows("Record that they have moved")
    clinician.page.get_by_role("group", name="Into which bed?").get_by_role("radio").first.check()
    clinician.presses("Record that they have moved")
    clinician.sees("The referral is complete")


def then_the_line_says_so(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.sees("Moved as asked")
    clinician.sees(f"At {BROOK}")
    clinician.page.locator(".app-banner__name a").click()
    clinician.looks()
    clinician.sees(f"{BROOK}")


def when_a_return_is_asked(clinician: Person) -> str:
    finds_somebody(clinician, "Remission to prison")
    clinician.chooses("Why is the person to return to prison?", "No longer requires treatment")
    path = opens_the_referral(clinician)
    clinician.sees("14 days for the return to prison")
    asks(clinician, "HMP Wexley")
    return path


def when_the_prison_agrees_and_there_was_no_meeting(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.follows("Record that they agree")
    clinician.fills("Who agreed?", "The governor")
    clinician.presses("Record that they agree")
    clinician.follows("Record the meeting")
    clinician.chooses("Was a section 117 meeting held?", "No")
    clinician.fills("Why was there none?", "Nobody from the home area could come.")
    clinician.presses("Record it")
    clinician.sees("No meeting: Nobody from the home area could come.")


def when_the_warrant_is_on_record(clinician: Person, path: str) -> None:
    records_authority(clinician, path, "Warrant", "Return to prison")
    clinician.goes(path)
    clinician.sees("Needed next: day of the move planned")


def then_the_return_is_recorded(clinician: Person, path: str) -> None:
    clinician.goes(path)
    clinician.follows("Record that they have moved")
    clinician.page.get_by_role("radio", name="HMP Wexley").first.check()
    clinician.presses("Record that they have moved")
    clinician.sees("The referral is complete")
    clinician.goes(path)
    clinician.sees("Moved as asked")
