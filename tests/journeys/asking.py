"""A made-up newcomer to HMP Wexley, and how a transfer is asked for them."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pathways import nhs_number
from tests.journeys.person import Person

# Of whose population the demonstration's commissioner is, and two hospitals of different providers there.
HOME_AREA = "Capital Secure Care Collaborative"
ASHDOWN, BROOK = "Ashdown Unit", "Brook House"
REMAND = "Remanded in custody for the Crown Court"


def today() -> date:
    """The day in London, as the application counts."""
    return datetime.now(tz=ZoneInfo("Europe/London")).date()


def days_ago(days: int) -> date:
    """So many days before today."""
    return today() - timedelta(days=days)


def nhs_style(day: date) -> str:
    """Like 6 August 2018."""
    return f"{day.day} {day:%B %Y}"


def unused_number() -> str:
    """An NHS number of the range that is never issued, whose check digit fits."""
    while True:
        number = f"999{random.randrange(10**7):07d}"
        if nhs_number.has_right_check_digit(number):
            return number


@dataclass
class Newcomer:
    """Somebody whom nobody has registered yet."""

    given_name: str
    family_name: str
    number: str = field(default_factory=unused_number)
    path: str = ""
    reference: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def begins_to_ask(liaison: Person) -> None:
    """From Home to the first question."""
    liaison.goes("/transfers/")
    liaison.follows("Ask for a transfer")
    liaison.presses("Start now")
    liaison.sees_heading("Who is the transfer for?")


def registers(liaison: Person, newcomer: Newcomer) -> None:
    """Looks for somebody, finds nobody, and registers them."""
    liaison.fills("Name, NHS number or prison number", newcomer.number)
    liaison.presses("Search your people")
    liaison.sees("Nobody found among your people")
    liaison.follows("Register somebody new")
    fills_registration(liaison, newcomer)
    liaison.presses("Register and continue")


def fills_registration(liaison: Person, newcomer: Newcomer) -> None:
    """Fills the form in, and does not send it."""
    liaison.fills("First name", newcomer.given_name)
    liaison.fills("Last name", newcomer.family_name)
    liaison.dates("Date of birth", date(1988, 3, 31))
    liaison.chooses("Gender", "Male")
    liaison.chooses("Is there an NHS number?", "Yes")
    liaison.fills("NHS number", newcomer.number)
    liaison.selects("Home area (optional)", HOME_AREA)
    liaison.fills("Why are you registering this person?", "Came to the prison today.")


def answers(
    liaison: Person, first_asked_on: date, services: tuple[str, ...], urgency: str = "Urgent"
) -> None:
    """The questions after the person, up to the check of all answers."""
    liaison.chooses("Under which section", "Section 48")
    liaison.presses("Save and continue")
    liaison.chooses("Why is this person detained?", REMAND)
    liaison.presses("Save and continue")
    # For somebody on remand the law leaves no choice, so restrictions are not asked about.
    liaison.sees_heading("Dates of the court or sentence")
    liaison.presses("Save and continue")
    liaison.chooses("How soon is the transfer needed?", urgency)
    liaison.fills("Why is it this urgent?", "Not eating, and no longer safe on the wing.")
    liaison.presses("Save and continue")
    liaison.dates("When was a medical report first requested?", first_asked_on)
    liaison.presses("Save and continue")
    for service in services:
        liaison.fills("Name or provider", service)
        liaison.presses("Narrow")
        liaison.ticks(service)
    liaison.presses("Save and continue")
    liaison.sees_heading("Check your answers")


def has_asked(liaison: Person, newcomer: Newcomer, first_asked_on: date, services: tuple[str, ...]) -> None:
    """All of it, to the transfer's own page."""
    begins_to_ask(liaison)
    registers(liaison, newcomer)
    answers(liaison, first_asked_on, services)
    liaison.presses("Ask for this transfer")
    liaison.sees_heading("Transfer asked for")
    newcomer.path = liaison.path.removesuffix("asked/")
    newcomer.reference = liaison.page.locator(".nhsuk-panel strong").first.inner_text()


def throws_away_what_was_begun(liaison: Person) -> None:
    """Leaves no unfinished request for the next who signs in with this account."""
    liaison.goes("/transfers/new/")
    while liaison.page.get_by_role("button", name="Throw away").count():
        liaison.presses("Throw away")
