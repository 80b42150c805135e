"""Words typed into a section are kept without anybody pressing anything."""

from playwright.sync_api import Route, expect

from tests.journeys.asking import ASHDOWN, Newcomer, days_ago, has_asked
from tests.journeys.assessing import starts_to_assess
from tests.journeys.conftest import Enter


def test_what_is_typed_in_a_section_is_there_in_another_browser_without_saving(signed_in: Enter) -> None:
    newcomer = Newcomer("Aurelio", "Strand")
    has_asked(signed_in("liaison"), newcomer, days_ago(2), (ASHDOWN,))
    clinician = signed_in("clinician")
    starts_to_assess(clinician, newcomer)
    clinician.page.locator(".nhsuk-task-list a").first.click()
    clinician.sees_heading("Section 1 of 11")
    # When: words are typed, and nothing is pressed.
    clinician.page.locator("textarea").first.fill("Sleeps two hours a night.")
    expect(clinician.page.locator("[data-autosave-state]")).to_contain_text("Saved ")
    # Then: they are there for the same clinician elsewhere.
    elsewhere = signed_in("clinician", width=1280)
    elsewhere.goes(clinician.path)
    assert elsewhere.page.locator("textarea").first.input_value() == "Sleeps two hours a night."
    # And what is typed there makes the first page stale: it says so, and loses neither text.
    elsewhere.page.locator("textarea").first.fill("Sleeps two hours a night, in the day.")
    expect(elsewhere.page.locator("[data-autosave-state]")).to_contain_text("Saved ")
    clinician.page.locator("textarea").first.fill("Sleeps three hours a night.")
    expect(clinician.page.locator("[data-autosave-state]")).to_contain_text("Somebody else changed this")
    clinician.wrong.clear()
    clinician.presses("Save and come back later")
    clinician.sees("Sleeps two hours a night, in the day.")
    assert clinician.page.locator("textarea").first.input_value() == "Sleeps three hours a night."


def test_a_save_refused_is_told_in_the_words_of_the_refusal_and_the_page_is_not_left_unawares(
    signed_in: Enter,
) -> None:
    newcomer = Newcomer("Benedikt", "Holloway")
    has_asked(signed_in("liaison"), newcomer, days_ago(2), (ASHDOWN,))
    clinician = signed_in("clinician")
    starts_to_assess(clinician, newcomer)
    clinician.page.locator(".nhsuk-task-list a").first.click()
    clinician.sees_heading("Section 1 of 11")
    said = "Brook House writes this assessment."

    def taken_over(route: Route) -> None:
        by_itself = route.request.headers.get("x-autosave") == "1"
        route.fulfill(status=403, json={"detail": said}) if by_itself else route.continue_()

    clinician.page.route(clinician.page.url, taken_over)
    clinician.page.locator("textarea").first.fill("Sleeps two hours a night.")
    expect(clinician.page.locator("[data-autosave-state]")).to_have_text(
        f"Not saved. {said} What you wrote is still on this page."
    )
    with clinician.page.expect_event("dialog") as asked:
        clinician.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    clinician.wrong.clear()
