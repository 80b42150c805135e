"""A transfer that has run out of time: flagged, escalated, acknowledged; what is said and done while somebody waits."""

from tests.journeys.asking import ASHDOWN, Newcomer, days_ago, has_asked, nhs_style
from tests.journeys.assessing import opens_transfer
from tests.journeys.conftest import Enter, Place
from tests.journeys.person import Person

# The very sweep that the beat starts every quarter of an hour.
SWEEP = (
    "from django.utils import timezone; from organisations.actor import Actor; from pathways.actions import clocks; "
    "clocks.raise_flags(by=Actor.system('sweep-clocks', at=timezone.now()))"
)


def test_a_late_transfer_is_flagged_escalated_and_accounted_for(place: Place, signed_in: Enter) -> None:
    newcomer = Newcomer("Perpetua", "Hollis")
    liaison, inreach = signed_in("liaison"), signed_in("inreach")
    has_asked(liaison, newcomer, days_ago(22), (ASHDOWN,))
    place.manage("shell", "-c", SWEEP)
    then_it_is_escalated_and_the_case_manager_acknowledges(signed_in("commissioner"), newcomer)
    when_a_call_is_noted(liaison, newcomer)
    when_the_person_is_reviewed(inreach, newcomer)
    when_days_are_put_down_to_the_service(liaison, newcomer)
    then_the_service_disputes_them(signed_in("clinician"), newcomer)


def then_it_is_escalated_and_the_case_manager_acknowledges(manager: Person, newcomer: Newcomer) -> None:
    opens_transfer(manager, newcomer)
    manager.sees("Day 22 of 14")
    manager.sees("8 days late")
    for level in ("Approaching", "Imminent", "Breached", "Escalated"):
        manager.sees(f"{level} 14 days from prison to hospital")
    manager.sees("to be acknowledged")
    before = manager.page.get_by_role("button", name="Acknowledge").count()
    assert before
    manager.presses("Acknowledge")
    manager.sees("Acknowledged by Carl Enderby")
    assert manager.page.get_by_role("button", name="Acknowledge").count() == before - 1


def when_a_call_is_noted(liaison: Person, newcomer: Newcomer) -> None:
    opens_transfer(liaison, newcomer)
    liaison.follows("Record a contact")
    liaison.fills("With whom?", "Bed manager at Ashdown Unit")
    liaison.fills("What was said?", "A bed may come free on Thursday.")
    liaison.fills("What happens next? (optional)", "Ring again")
    liaison.dates("When?", days_ago(-2))
    liaison.presses("Record the contact")
    liaison.sees("A bed may come free on Thursday.")


def when_the_person_is_reviewed(inreach: Person, newcomer: Newcomer) -> None:
    opens_transfer(inreach, newcomer)
    inreach.follows("Record a review")
    inreach.fills("How is the person?", "Eats a little, sleeps badly.")
    inreach.fills("What is done meanwhile?", "Seen every day; medicine by agreement.")
    inreach.presses("Record the review")
    inreach.sees(f"Next review {nhs_style(days_ago(-7))}")


def when_days_are_put_down_to_the_service(liaison: Person, newcomer: Newcomer) -> None:
    opens_transfer(liaison, newcomer)
    liaison.follows("Record a delay")
    liaison.dates("First day of the delay", days_ago(5))
    liaison.dates("Last day of the delay", days_ago(1))
    liaison.selects("Who is the delay put down to?", "Service asked")
    liaison.selects("Which service? (optional)", ASHDOWN)
    liaison.selects("Main reason", "Access assessment not done")
    liaison.presses("Record the delay")
    liaison.sees("access assessment not done, 5 days")


def then_the_service_disputes_them(clinician: Person, newcomer: Newcomer) -> None:
    opens_transfer(clinician, newcomer)
    clinician.follows("Dispute")
    clinician.page.locator("main form").get_by_role("textbox").first.fill(
        "The first report came two days ago."
    )
    clinician.presses("Dispute the delay")
    clinician.sees("Disputed")
    clinician.sees("The first report came two days ago.")
