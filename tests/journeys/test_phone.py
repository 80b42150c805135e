"""Every role's main pages on a phone: they fit, axe finds nothing, and they say who is meant."""

import pytest

from tests.journeys.conftest import Enter
from tests.journeys.person import PHONE

EVERYWHERE = ("/", "/notifications/", "/accounts/sessions/")
CLINICAL = ("/patients/", "/transfers/", "/transfers/board/", "/assessments/")
PAGES = {
    "liaison": (
        *EVERYWHERE,
        "/patients/",
        "/patients/trace/",
        "/transfers/",
        "/transfers/board/",
        "/transfers/new/",
    ),
    "inreach": (*EVERYWHERE, *CLINICAL),
    "clinician": (*EVERYWHERE, *CLINICAL),
    "clinician2": (*EVERYWHERE, *CLINICAL),
    "commissioner": (
        *EVERYWHERE,
        "/transfers/",
        "/transfers/board/",
        "/dashboards/transfers/",
        "/dashboards/beds/",
    ),
    "admin": (*EVERYWHERE, "/exports/", "/manage/", "/dashboards/transfers/", "/dashboards/beds/"),
}
# Lists whose first row is opened as well, and what its address begins with.
OPENS = {"/patients/": "/patients/", "/transfers/": "/transfers/", "/assessments/": "/assessments/"}


@pytest.mark.parametrize("name", PAGES)
def test_main_pages_fit_a_phone(signed_in: Enter, name: str) -> None:
    person = signed_in(name, width=PHONE)
    for path in PAGES[name]:
        person.goes(path)
        assert person.status == 200, f"{name} {path}: {person.status}"
        if (name, path) == ("commissioner", "/transfers/"):
            person.pictures("worklist-phone", top="tbody")
        rows = person.page.locator(f"tbody a[href^='{OPENS.get(path, 'nowhere')}']")
        if path in OPENS and rows.count():
            person.goes(rows.first.get_attribute("href") or "")
            assert person.status == 200
    own = person.page.locator("header a[href^='/services/']")
    if own.count():
        person.goes(own.first.get_attribute("href") or "")
        assert person.status == 200
