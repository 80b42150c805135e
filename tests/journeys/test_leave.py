"""In a browser: trial leave, agreed, planned, begun in another ward's bed and back; and a court day from prison."""

from tests.journeys.asking import days_ago
from tests.journeys.conftest import Enter
from tests.journeys.person import PHONE, Person


def test_trial_leave_from_plan_to_return(signed_in: Enter) -> None:
    maya = signed_in("clinician")
    person, bed = when_somebody_sleeps_in_a_bed_of_ashdown(maya)
    then_it_is_not_planned_without_the_ministry(maya, person)
    when_the_ministry_agrees_and_it_is_planned(maya, person)
    luke = signed_in("clinician2")
    held = when_the_other_ward_holds_a_bed(luke, person)
    when_they_leave(maya, person, held)
    then_each_board_shows_its_bed(maya, luke, bed, held)
    when_they_are_back(luke, person)
    then_the_first_bed_is_theirs_again(maya, bed)


def test_leave_on_a_telephone(signed_in: Enter) -> None:
    maya = signed_in("clinician", width=PHONE)
    person, _ = when_somebody_sleeps_in_a_bed_of_ashdown(maya)
    maya.goes(f"{person}leave/plan/")
    maya.sees_heading("Plan leave")
    maya.goes(f"{person}leave/record/")
    maya.sees_heading("Record leave")
    maya.goes(f"{person}movements/record/")
    maya.sees_heading("Record a court, A&E or escorted movement")
    maya.goes(f"{person}leave/")
    maya.sees_heading("Leave and movements")


def test_a_court_day_while_a_transfer_is_open(signed_in: Enter) -> None:
    lena = signed_in("liaison")
    transfer = when_somebody_who_waits_is_taken_to_court(lena)
    lena.sees("The movement is recorded.")
    lena.sees("At court since")
    then_the_transfer_goes_on_and_says_so(lena, transfer)
    when_they_are_back_from_court(lena)
    lena.goes(transfer)
    assert "At court since" not in lena.text()


def when_somebody_who_waits_is_taken_to_court(lena: Person) -> str:
    """The address of the open transfer of somebody who is not out, and was in the prison yesterday."""
    lena.goes("/transfers/")
    links = lena.page.locator("main td a[href^='/transfers/'], main tr a[href^='/transfers/']").all()
    for transfer in [link.get_attribute("href") or "" for link in links]:
        lena.goes(transfer)
        words = lena.text()
        is_out = any(where in words for where in ("At court since", "At A&E since", "Out under escort since"))
        if "Record court, A&E or an escort" in words and not is_out:
            takes_to_court(lena)
            # Whom another journey registered today was nowhere yesterday.
            if "There is a problem" not in lena.text():
                return transfer
    raise AssertionError("Nobody waits at HMP Wexley.")


def takes_to_court(lena: Person) -> None:
    lena.follows("Record court, A&E or an escort")
    lena.chooses("What kind of movement?", "Court")
    lena.fills("Where to?", "Wexley Crown Court")
    lena.fills("What for?", "Plea hearing")
    lena.dates("On which day did they leave?", days_ago(1))
    lena.fills("At what time did they leave?", "10:00")
    lena.presses("Record the movement")


def then_the_transfer_goes_on_and_says_so(lena: Person, transfer: str) -> None:
    lena.goes(transfer)
    lena.sees("At court since")
    lena.sees("Needed next:")


def when_they_are_back_from_court(lena: Person) -> None:
    lena.page.locator(".app-banner__name a").first.click()
    lena.follows("Record the return")
    lena.presses("Record the return")
    lena.sees("The return is recorded.")


def when_somebody_sleeps_in_a_bed_of_ashdown(maya: Person) -> tuple[str, str]:
    """Somebody restricted, on a men's ward and not on leave; their address, and that of their bed."""
    maya.goes("/beds/")
    beds = [
        link.get_attribute("href")
        for ward in maya.page.locator(".app-tile--blue").all()
        if (link := ward.locator("a").first)
    ]
    for bed in filter(None, beds):
        maya.goes(bed)
        who = maya.page.locator(".app-uses a[href^='/patients/']").first
        if "secure, men" not in maya.text() or not who.count():
            continue
        person = who.get_attribute("href") or ""
        maya.goes(person)
        law, leave = (maya.page.locator(part).text_content() or "" for part in ("#legal", "#leave"))
        if "Restricted" in law and "they are not on leave" in leave:
            return person, bed
    raise AssertionError("Nobody at Ashdown is restricted and on the ward.")


def fills_in_the_plan(maya: Person) -> None:
    maya.chooses("What kind of leave?", "Trial leave")
    maya.selects("To which ward?", "Brook House, Alder ward")
    maya.dates("On which day do they leave?", days_ago(0))
    maya.fills("At what time?", "10:00")
    maya.dates("Due back on which day?", days_ago(-14))
    maya.fills("Due back at what time?", "16:00")
    maya.fills("Who agreed to it?", "Dr A Pemberton, responsible clinician")


def then_it_is_not_planned_without_the_ministry(maya: Person, person: str) -> None:
    maya.goes(f"{person}leave/plan/")
    fills_in_the_plan(maya)
    maya.presses("Plan the leave")
    assert maya.status == 409
    maya.sees("Trial leave of a restricted person needs the agreement of the Ministry of Justice")


def when_the_ministry_agrees_and_it_is_planned(maya: Person, person: str) -> None:
    maya.goes(f"{person}authorities/")
    maya.chooses("Whose decision is it?", "Ministry of Justice, specific")
    maya.ticks("Trial leave")
    maya.dates("From which day?", days_ago(0))
    maya.presses("Record the authority")
    maya.goes(f"{person}leave/plan/")
    fills_in_the_plan(maya)
    maya.presses("Plan the leave")
    maya.sees("The leave is planned.")
    maya.sees("Trial leave to Brook House, Alder ward")
    maya.goes("/")
    maya.sees("Trial leave to another ward, to leave")


def when_the_other_ward_holds_a_bed(luke: Person, person: str) -> str:
    """The bed's address."""
    luke.goes(person)
    name = luke.page.locator(".app-banner__name strong").inner_text()
    luke.goes("/beds/")
    free = luke.page.locator(".app-ward", has_text="Alder ward").locator(".app-tile--green a")
    for bed in [one.get_attribute("href") or "" for one in free.all()]:
        luke.goes(f"{bed}hold/")
        # A bed that is free today may be promised to somebody from tomorrow.
        if "It is taken from" not in luke.page.inner_text("main"):
            break
    label = next(one for one in luke.page.locator("option").all_inner_texts() if one.startswith(name))
    luke.selects("For whom?", label)
    luke.dates("Until the end of which day?", days_ago(-1))
    luke.presses("Hold the bed")
    luke.sees("The bed is held to the end of")
    return bed


def when_they_leave(maya: Person, person: str, held: str) -> None:
    maya.goes(person)
    maya.follows("Record that they left")
    maya.sees("Held for this person")
    maya.page.locator(f"input[value='{held.split('/')[2]}']").check()
    maya.presses("Record that they left")
    maya.sees("Recorded. They are on leave.")
    maya.sees("is kept for them")


def then_each_board_shows_its_bed(maya: Person, luke: Person, bed: str, held: str) -> None:
    for person, address, words in ((maya, bed, "Kept for leave"), (luke, held, "Occupied")):
        person.goes("/beds/")
        tile = person.page.locator(".app-tile", has=person.page.locator(f"a[href='{address}']"))
        assert words in tile.inner_text()


def when_they_are_back(luke: Person, person: str) -> None:
    luke.goes(person)
    luke.follows("Record the return")
    luke.chooses("How did the leave end?", "They came back")
    luke.presses("Record the return")
    luke.sees("The return is recorded.")


def then_the_first_bed_is_theirs_again(maya: Person, bed: str) -> None:
    maya.goes("/beds/")
    tile = maya.page.locator(".app-tile", has=maya.page.locator(f"a[href='{bed}']"))
    assert "Occupied" in tile.inner_text()
