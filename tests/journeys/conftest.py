"""One running stack and one Chromium for all journeys, and a browser of their own for whoever takes part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.journeys.person import DESKTOP, Person
from tools import chromium, databases, stack

# A journey is many pages on a machine that does other things too.
A_JOURNEY_TAKES_AT_MOST = 600
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is in this folder, so that `make test` runs it by itself."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(A_JOURNEY_TAKES_AT_MOST))


@dataclass(frozen=True)
class Place:
    """Where the application answers, and the environment in which it runs."""

    url: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> None:
        """One manage.py command beside the running application."""
        databases.manage(self.env, *arguments)

    def e_mails(self) -> str:
        """Everything that was sent by e-mail."""
        folder = Path(urlsplit(self.env["EMAIL_URL"]).path)
        return "\n".join(path.read_text() for path in folder.iterdir())


# Not for the session: while Playwright is open no other test could use the database from this thread.
@pytest.fixture(scope="package")
def place(launched: dict[str, str]) -> Iterator[Place]:
    """A web, worker, beat and Redis on a copy of a seeded database, shared by most journeys."""
    yield from a_place(launched)


def a_place(launched: dict[str, str]) -> Iterator[Place]:
    """One of one's own, for journeys that want a ward on which nobody else has moved anybody."""
    with stack.running(launched, patients=stack.FEW_PATIENTS, extra={"DEMO": "1"}) as one:
        yield Place(one.url, one.env)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGUMENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def cookies() -> dict[str, Any]:
    """Who has signed in already, by account: the sign-in page is walked through once for each."""
    return {}


Enter = Callable[..., Person]


@pytest.fixture
def somebody(place: Place, browser: Browser) -> Iterator[Enter]:
    """Opens a browser for somebody who has not signed in: `somebody(width=390)`."""
    opened = []

    def enter(**options: Any) -> Person:
        person = Person(browser, place.url, **options)
        opened.append(person)
        return person

    yield enter
    for person in opened:
        person.context.close()


@pytest.fixture
def signed_in(somebody: Enter, cookies: dict[str, Any]) -> Enter:
    """Opens a browser for a demonstration account: `signed_in("liaison", width=390)`."""

    def enter(name: str, **options: Any) -> Person:
        if name not in cookies:
            first = somebody(
                name=name, **{"width": DESKTOP} | {k: options[k] for k in options if k == "width"}
            )
            first.signs_in()
            cookies[name] = first.context.storage_state()
            if options.keys() <= {"width"}:
                return first
        return somebody(name=name, state=cookies[name], **options)

    return enter
