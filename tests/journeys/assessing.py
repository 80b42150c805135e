"""How a clinician writes the shared assessment, and how another service takes it as its own."""

from tests.journeys.asking import Newcomer
from tests.journeys.person import Person

SECTIONS = 11
WORDS = "Seen on the wing and in healthcare. Made up for a demonstration: {number}."


def opens_transfer(person: Person, newcomer: Newcomer) -> None:
    """The transfer's page, by the link that everybody concerned has."""
    person.goes(newcomer.path)
    person.sees_heading(newcomer.reference)


def starts_to_assess(clinician: Person, newcomer: Newcomer) -> None:
    """Claims the assessment from the checklist."""
    opens_transfer(clinician, newcomer)
    clinician.follows("Start the shared assessment")
    clinician.presses("Start the assessment")
    clinician.sees_heading("Write the assessment")


def writes_every_section(clinician: Person) -> None:
    """Eleven sections one after the other: each one saved leads to the next."""
    clinician.page.locator(".nhsuk-task-list a").first.click()
    for number in range(1, SECTIONS + 1):
        clinician.sees_heading(f"Section {number} of {SECTIONS}")
        clinician.page.locator("textarea").first.fill(WORDS.format(number=number))
        clinician.presses("Save and mark as written")
    clinician.sees_heading("Write the assessment")


def recommends_medium(clinician: Person) -> None:
    """The recommended tier, with why neither lower nor higher."""
    clinician.page.locator(".nhsuk-task-list a", has_text="Recommendation").click()
    clinician.sees_heading("Recommendation")
    clinician.chooses("Which tier do you recommend?", "Medium secure")
    clinician.fills(
        "Why would a lower tier not do?", "Serious risk to others that relational security would not hold."
    )
    clinician.fills("Why is a higher tier not needed?", "No attempts to escape, and settles with one nurse.")
    clinician.chooses("How soon is admission needed?", "Urgent")
    clinician.chooses("Which ward?", "Men")
    clinician.presses("Save")


def signs(clinician: Person) -> None:
    """Reads it through and signs."""
    clinician.follows("Check and sign")
    clinician.ticks("I have read this assessment")
    clinician.presses("Sign")
    clinician.sees("Signed. It is now the current assessment for every service.")


def accepts_assessment(clinician: Person) -> None:
    """The word of one's own service on the signed version that is open."""
    clinician.follows("Accept or question it")
    clinician.chooses("Does your service accept this assessment?", "Yes")
    clinician.presses("Record the answer")
    clinician.sees("Your service's answer is recorded")
