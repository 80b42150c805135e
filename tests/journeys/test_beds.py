"""A ward's beds in a browser: a bed closed and opened, a departure expected, the bed held for the next, other days."""

from tests.journeys.asking import days_ago, nhs_style
from tests.journeys.conftest import Enter
from tests.journeys.person import PHONE, Person


def test_a_ward_looks_after_its_beds(signed_in: Enter) -> None:
    maya = signed_in("clinician")
    when_a_free_bed_is_closed(maya)
    then_it_can_be_had_again(maya)
    when_somebody_is_expected_to_leave_and_the_bed_is_held_for_the_next(maya)
    then_the_board_of_that_day_says_so(maya)
    then_in_reach_sees_the_region(signed_in("inreach"))


def test_the_board_on_a_telephone(signed_in: Enter) -> None:
    maya = signed_in("clinician", width=PHONE)
    maya.goes("/beds/")
    maya.follows("Bed 1")
    maya.sees("Hold for somebody")


def opens_bed(person: Person, colour: str) -> str:
    """Opens the first bed of a colour; its name on the board."""
    person.goes("/beds/")
    link = person.page.locator(f".app-tile--{colour} a").first
    name = link.inner_text().partition(",")[0]
    with person.page.expect_navigation():
        link.click()
    person.looks()
    return name


def when_a_free_bed_is_closed(maya: Person) -> None:
    opens_bed(maya, "green")
    maya.follows("Close")
    maya.fills("Why is it closed?", "The window is broken.")
    maya.presses("Close the bed")
    maya.sees("The bed is closed for that time.")
    maya.goes("/beds/")
    maya.sees("Closed")
    maya.sees("The window is broken.")


def then_it_can_be_had_again(maya: Person) -> None:
    opens_bed(maya, "grey")
    maya.follows("Open it again")
    maya.fills("Why?", "It is mended.")
    maya.presses("Open the bed")
    maya.sees("The bed can be had again from that day.")


def when_somebody_is_expected_to_leave_and_the_bed_is_held_for_the_next(maya: Person) -> None:
    opens_bed(maya, "blue")
    maya.follows("Change expected departure")
    maya.dates("Expected departure", days_ago(-5))
    maya.presses("Save")
    maya.sees(f"Expected to leave on {nhs_style(days_ago(-5))}")
    maya.follows("Hold for somebody")
    maya.sees(f"is expected to leave on {nhs_style(days_ago(-5))}")
    maya.page.get_by_label("For whom?").select_option(index=2)
    maya.dates("Until the end of which day?", days_ago(-9))
    maya.presses("Hold the bed")
    maya.sees("The bed is held to the end of")


def then_the_board_of_that_day_says_so(maya: Person) -> None:
    maya.goes(f"/beds/?on={days_ago(-6).isoformat()}")
    assert maya.page.locator(".app-tile--yellow").count() >= 1
    maya.sees(" held")
    maya.goes(f"/beds/?on={days_ago(-12).isoformat()}")
    maya.sees("Expected free")
    maya.follows("Print as ward lists")
    maya.sees("Printed")


def then_in_reach_sees_the_region(inreach: Person) -> None:
    inreach.goes("/beds/")
    inreach.sees("Ashdown Unit")
    inreach.sees("Net balance")
