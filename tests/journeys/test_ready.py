"""Ready to move on, in a browser: recorded, chased from the queue, ended by a move or by becoming unwell."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.asking import days_ago, nhs_style
from tests.journeys.conftest import Enter, Place, a_place
from tests.journeys.person import PHONE, Person

# Longer ago than the day from which somebody is recorded as ready.
STAYED = 5
MINISTRY = "24 Waits for the Ministry of Justice to agree to the placement"
STEP_DOWN = "05 Waits for further NHS care outside an acute setting, such as step-down or rehabilitation"


@pytest.fixture(scope="module")
def place(launched: dict[str, str]) -> Iterator[Place]:
    """A ward of one's own: the journeys before have moved people of the shared one."""
    yield from a_place(launched)


@pytest.fixture(scope="module")
def cookies() -> dict[str, Any]:
    """Whoever signed in elsewhere has not signed in here."""
    return {}


def test_somebody_is_ready_and_becomes_unwell(signed_in: Enter) -> None:
    maya = signed_in("clinician")
    name = when_maya_records_that_somebody_is_ready(maya)
    then_the_queue_says_how_long_and_on_whom_it_waits(maya, name)
    then_the_case_manager_sees_them_by_name_and_the_analyst_does_not(signed_in("commissioner"), name)
    when_it_waits_for_something_else(maya, name)
    when_they_become_unwell(maya)
    then_they_are_no_longer_in_the_queue(maya, name)


def test_somebody_is_ready_and_moves(signed_in: Enter) -> None:
    maya = signed_in("clinician", width=PHONE)
    name = when_maya_records_that_somebody_is_ready(maya)
    when_the_move_is_recorded(maya)
    maya.sees("moved on")
    then_they_are_no_longer_in_the_queue(maya, name)


def unfolds(person: Person, part: str) -> None:
    """Opens a part of the page that a phone keeps folded."""
    folded = person.page.locator(f"#{part}:not([open]) > summary")
    if folded.count():
        folded.click()


def comes_to_somebody_who_never_was_ready(maya: Person) -> str:
    """Opens somebody of the ward, who has been there for a while, and has never been recorded as ready; their name."""
    maya.goes("/beds/")
    beds = maya.page.locator(".app-tile--blue a")
    for path in [bed.get_attribute("href") for bed in beds.all()]:
        maya.goes(path)
        stayed = re.search(r"(\d+) days in this bed", maya.text("main"))
        if stayed is None or int(stayed[1]) < STAYED:
            continue
        link = maya.page.locator("main p strong + a[href^='/patients/'], main p a[href^='/patients/']").first
        name = link.inner_text()
        maya.goes(link.get_attribute("href"))
        unfolds(maya, "ready")
        if "They have not been recorded as clinically ready" in maya.text("#ready"):
            return name
    raise AssertionError("Everybody on the ward has been ready.")


def when_maya_records_that_somebody_is_ready(maya: Person) -> str:
    name = comes_to_somebody_who_never_was_ready(maya)
    maya.follows("Record that they are ready")
    maya.dates("From which day are they clinically ready?", days_ago(2))
    maya.ticks("The responsible clinician has decided")
    maya.chooses("What do they need next?", "Community")
    maya.selects("Why are they still here?", MINISTRY)
    maya.chooses("To whom is the wait attributable?", "The NHS")
    maya.chooses("Who has to act next?", "Ministry of Justice")
    maya.fills("In a few words, what are they asked to do? (optional)", "Answer the request of Monday")
    maya.presses("Record that they are ready")
    maya.sees("only when all three are so")
    maya.ticks("The multidisciplinary team has decided")
    maya.ticks("It is safe for them to move on")
    maya.presses("Record that they are ready")
    maya.sees("are in the queue")
    maya.sees("Ready now")
    maya.sees("Waits on Ministry of Justice: Answer the request of Monday")
    maya.sees("Clinically ready to move on")
    return name


def row_of(person: Person, name: str) -> str:
    """What the queue says of somebody."""
    return person.page.locator("tbody tr", has_text=name).first.inner_text()


def then_the_queue_says_how_long_and_on_whom_it_waits(maya: Person, name: str) -> None:
    maya.goes("/ready/?waits=ministry")
    row = row_of(maya, name)
    for words in ("2", "Ashdown Unit", "Community", "Ministry of Justice: Answer the request of Monday"):
        assert words in row
    maya.sees("Avoidable cost, an estimate:")
    maya.follows("Security needed and had")
    maya.sees("More secure than needed")
    maya.goes("/ready/?group=housing")
    assert name not in maya.text()


def then_the_case_manager_sees_them_by_name_and_the_analyst_does_not(carl: Person, name: str) -> None:
    carl.goes("/ready/?tier=medium")
    listed = carl.page.locator("tbody tr").count()
    assert listed
    carl.page.get_by_role("button", name="Work as analyst").click()
    carl.page.wait_for_load_state("load")
    carl.goes("/ready/?tier=medium")
    assert carl.page.locator("tbody tr").count() == listed
    assert name not in carl.text()
    assert carl.page.locator("tbody a").count() == 0
    carl.page.get_by_role("button", name="Work as case manager").click()
    carl.page.wait_for_load_state("load")


def when_it_waits_for_something_else(maya: Person, name: str) -> None:
    maya.goes("/ready/")
    maya.follows(name, within=maya.page.locator("tbody"))
    maya.follows("It waits for something else")
    maya.dates("From which day does it wait for something else?", days_ago(1))
    maya.selects("Why are they still here?", STEP_DOWN)
    maya.chooses("Who has to act next?", "A service")
    maya.selects("Which service?", "Brook House")
    maya.presses("Change the reason")
    maya.sees("The reason is changed from that day.")
    maya.sees(f"ended {nhs_style(days_ago(1))}: goes on for another reason")
    maya.sees("Waits on Brook House")


def when_they_become_unwell(maya: Person) -> None:
    maya.follows("No longer ready")
    maya.dates("On which day did it end?", days_ago(0))
    maya.chooses("Why are they no longer ready?", "Became unwell")
    maya.fills("Say in a few words what happened", "Stopped treatment")
    maya.presses("End it")
    maya.sees("It is recorded that they are no longer ready.")
    maya.sees("became unwell: no longer ready, Stopped treatment")


def then_they_are_no_longer_in_the_queue(maya: Person, name: str) -> None:
    maya.goes("/ready/")
    assert name not in maya.text()


def when_the_move_is_recorded(maya: Person) -> None:
    unfolds(maya, "pathway")
    maya.follows("Record where they are")
    maya.chooses("Where are they, or where were they?", "Elsewhere")
    maya.chooses("Where?", "Released")
    maya.dates("On which day did they come there?", days_ago(0))
    maya.presses("Record the place")
    maya.sees("The place is recorded.")
