"""What goes wrong at a keyboard: slips, double clicks, old pages, other people's links, an ended session."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.journeys.asking import (
    ASHDOWN,
    Newcomer,
    answers,
    begins_to_ask,
    days_ago,
    fills_registration,
    has_asked,
    registers,
    throws_away_what_was_begun,
)
from tests.journeys.conftest import Enter
from tests.journeys.person import Person


def then_the_problem_is(person: Person, sentence: str) -> None:
    """The summary names it and leads to the field, and the title begins with Error."""
    summary = person.page.locator(".nhsuk-error-summary")
    expect(summary).to_contain_text(sentence)
    assert person.page.title().startswith("Error: ")
    target = summary.locator("a", has_text=sentence).get_attribute("href")
    assert target
    expect(person.page.locator(target)).to_have_count(1)
    assert person.status in (400, 409), person.status


def test_slips_are_named_beside_their_fields_and_what_was_typed_stays(signed_in: Enter) -> None:
    newcomer = Newcomer("Wystan", "Marlow", number="9991234560")
    liaison = signed_in("liaison")
    begins_to_ask(liaison)
    liaison.follows("Register somebody new")
    # Given: a number whose check digit does not fit, and a day that no year has.
    fills_registration(liaison, newcomer)
    liaison.dates("Date of birth", ("31", "2", "1988"))
    liaison.presses("Register and continue")
    then_the_problem_is(liaison, "That is not a valid NHS number.")
    then_the_problem_is(liaison, "Date of birth must be a real date")
    assert liaison.page.get_by_label("First name", exact=True).input_value() == "Wystan"
    assert liaison.page.get_by_label("NHS number", exact=True).input_value() == "9991234560"
    born = liaison.page.get_by_role("group", name="Date of birth")
    assert born.get_by_label("Month").input_value() == "2"
    # When: both are put right, the first request is to come.
    right = Newcomer("Wystan", "Marlow")
    fills_registration(liaison, right)
    liaison.presses("Register and continue")
    liaison.chooses("Under which section", "Section 47")
    liaison.presses("Save and continue")
    liaison.chooses("Are section 49 restrictions asked for?", "No")
    liaison.presses("Save and continue")
    liaison.presses("Save and continue")
    liaison.chooses("How soon is the transfer needed?", "Soon")
    liaison.fills("Why is it this urgent?", "Hears voices.")
    liaison.presses("Save and continue")
    liaison.dates("When was a medical report first requested?", days_ago(-1))
    liaison.presses("Save and continue")
    assert liaison.status == 400
    expect(liaison.page.locator(".nhsuk-error-summary")).to_contain_text("today or in the past")
    assert liaison.page.get_by_label("Year").input_value() == str(days_ago(-1).year)
    throws_away_what_was_begun(liaison)


def test_a_double_click_asks_once_and_going_back_asks_nothing_again(signed_in: Enter) -> None:
    newcomer = Newcomer("Leofric", "Dunmore")
    # Without scripts nothing in the browser stops the second click.
    liaison = signed_in("liaison", scripts=False)
    begins_to_ask(liaison)
    registers(liaison, newcomer)
    answers(liaison, days_ago(1), (ASHDOWN,))
    liaison.page.get_by_role("button", name="Ask for this transfer").dblclick()
    # The second click cuts the first answer off, so it is the address that is waited for and no one navigation.
    expect(liaison.page).to_have_url(re.compile(r"/asked/$"), timeout=30_000)
    liaison.sees_heading("Transfer asked for")
    first = liaison.path
    # Going back finds no form to send again: what was asked has its own page.
    liaison.page.go_back()
    liaison.sees_heading("Transfer asked for")
    assert liaison.path == first
    begins_to_ask(liaison)
    liaison.fills("Name, NHS number or prison number", newcomer.number)
    liaison.presses("Search your people")
    liaison.sees("1 person found")
    assert liaison.page.get_by_role("link", name="Open transfer").count() == 1
    throws_away_what_was_begun(liaison)


def test_a_page_that_is_no_longer_true_is_refused_with_a_sentence(signed_in: Enter) -> None:
    newcomer = Newcomer("Ansel", "Quarrie")
    liaison = signed_in("liaison")
    has_asked(liaison, newcomer, days_ago(1), (ASHDOWN,))
    # Given: the same form open in two tabs.
    first = liaison.page
    liaison.goes(f"{newcomer.path}urgency/")
    second = liaison.opens_tab()
    liaison.goes(f"{newcomer.path}urgency/")
    liaison.chooses("How urgent is it?", "Emergency")
    liaison.fills("Why?", "Worse overnight.")
    liaison.page.locator("main form button").first.click()
    second.wait_for_url(f"**{newcomer.path}**")
    # When: the older one is sent.
    liaison.page = first
    liaison.chooses("How urgent is it?", "Soon")
    liaison.fills("Why?", "Calmer.")
    with first.expect_navigation():
        first.locator("main form button").first.click()
    liaison.looks()
    # Then: it is not done, it says so, and what was typed is there.
    assert liaison.status == 409
    expect(first.locator(".nhsuk-error-summary")).to_contain_text("changed")
    assert "Calmer." in first.locator("main form").inner_html()


def test_links_of_others_are_not_found_and_links_before_sign_in_come_back(
    signed_in: Enter, somebody: Enter
) -> None:
    newcomer = Newcomer("Isolde", "Farrow")
    has_asked(signed_in("liaison"), newcomer, days_ago(1), (ASHDOWN,))
    stranger = signed_in("clinician2")
    # A transfer that was not asked of them is as little there as one that never was.
    for path in (newcomer.path, f"/transfers/{uuid4()}/"):
        stranger.goes(path)
        assert stranger.status == 404
        stranger.sees_heading("Page not found")
        assert newcomer.family_name not in stranger.text("body")
    # Somebody signed out is asked to sign in, and comes back to where they were going.
    late = somebody(name="liaison")
    late.goes(newcomer.path)
    late.sees_heading("Sign in")
    assert newcomer.family_name not in late.text("body")
    late.signs_in()
    assert late.path == newcomer.path
    late.sees_heading(newcomer.reference)
