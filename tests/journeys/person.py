"""Somebody at a browser: what they do is named as they would say it, and every page they come to is looked over."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Response, expect

DESKTOP, PHONE = 1280, 390
TALL = {DESKTOP: 800, PHONE: 844}
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
# A loaded machine of two cores is slow; a person would wait as long.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
# Links that say the same and lead elsewhere; in a table the row says which is meant.
SAME_WORDS = """() => {
  const seen = new Map();
  for (const link of document.querySelectorAll("main a[href]")) {
    if (link.closest("tbody") || !link.checkVisibility()) continue;
    const words = link.textContent.trim().replace(/\\s+/g, " ");
    seen.set(words, (seen.get(words) || new Set()).add(link.href));
  }
  return [...seen].filter(([words, places]) => places.size > 1).map(([words, places]) => [words, ...places]);
}"""


# What a page is made of, without its words: pages that are made alike are looked at by axe once.
MADE_OF = """() => [...document.querySelectorAll("body, body *")].map(
  (part) => [part.tagName, part.className, part.type, part.hidden, [...part.attributes].map((one) => one.name)].join()
).join(" ")"""
LOOKED_AT: set[int] = set()


class Person:
    """A browser of one person's own, at one width."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        name: str = "",
        width: int = DESKTOP,
        state: Any = None,
        scripts: bool = True,
    ) -> None:
        self.name, self.url, self.width, self.scripts = name, url, width, scripts
        self.context = browser.new_context(
            base_url=url,
            storage_state=state,
            viewport={"width": width, "height": TALL[width]},
            java_script_enabled=scripts,
            is_mobile=width == PHONE,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.context.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        self.page = self.opens_tab()

    def opens_tab(self) -> Any:
        """One more tab; what the person does is then done in it."""
        self.page = self.context.new_page()
        self.page.on("console", self._hears)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("response", self._gets)
        self.status = 0
        return self.page

    # What a person does

    def signs_in(self, password: str = settings.DEMO_PASSWORD) -> None:
        """Signs in on the page that is open, or else on the sign-in page."""
        if "/accounts/login/" not in self.page.url:
            self.goes("/accounts/login/")
        self.page.get_by_label("E-mail").fill(f"{self.name}@demo.test")
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")

    def goes(self, path: str) -> None:
        """Opens an address."""
        self.page.goto(path)
        self.looks()

    def follows(self, words: str, within: Locator | None = None) -> None:
        """Follows a link by the words it begins with."""
        link = (within or self.page.locator("main")).get_by_role("link", name=_beginning(words)).first
        with self.page.expect_navigation():
            link.click()
        self.looks()

    def presses(self, words: str) -> None:
        """Presses a button that leads to a page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=_beginning(words)).first.click()
        self.looks()

    def fills(self, label: str, words: str) -> None:
        """Types into a box."""
        self.page.get_by_label(label, exact=True).fill(words)

    def dates(self, question: str, on: date | tuple[str, str, str]) -> None:
        """Types a date into its three boxes; a tuple for what is no date."""
        parts = (str(on.day), str(on.month), str(on.year)) if isinstance(on, date) else on
        group = self.page.get_by_role("group", name=question)
        for label, part in zip(("Day", "Month", "Year"), parts, strict=True):
            group.get_by_label(label).fill(part)

    def chooses(self, question: str, answer: str) -> None:
        """Chooses one of a few."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_role("radio", name=_beginning(answer)).first.check()

    def ticks(self, words: str) -> None:
        """Ticks a box."""
        self.page.get_by_role("checkbox", name=_beginning(words)).first.check()

    def selects(self, label: str, answer: str) -> None:
        """Chooses from a list that opens."""
        self.page.get_by_label(label, exact=True).select_option(label=answer)

    def sees(self, words: str) -> None:
        """There is, somewhere on the page, what was expected."""
        expect(self.page.locator("main")).to_contain_text(words)

    def sees_heading(self, words: str) -> None:
        """The page is the one expected."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def text(self, where: str = "main") -> str:
        """The words of a part of the page."""
        return self.page.locator(where).inner_text()

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return self.page.url.removeprefix(self.url)

    def pictures(self, name: str, *, top: str = "body") -> None:
        """A picture of a window that begins at `top`, for the README; only when asked for by SCREENSHOTS=1."""
        if os.environ.get("SCREENSHOTS") == "1":
            self.page.locator(top).first.evaluate("(part) => part.scrollIntoView()")
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    # What is true of every page

    def looks(self) -> None:
        """Looks the page over: nothing was wrong, everybody can use it, and it fits the window."""
        self.page.wait_for_load_state("load")
        if not self.scripts:
            return
        self.then_the_page_is_accessible()
        self.then_the_page_fits()
        self.then_links_say_where_they_lead()
        assert self.page.locator("h1").count() == 1, f"{self.path}: not one h1"
        left = re.findall(r"(?m)^(?:undefined|NaN|Undefined)$|\{[{%]", self.text("body"))
        assert not left, f"{self.path}: says {left}"
        assert not self.wrong, f"{self.path}: {self.wrong}"

    def then_the_page_is_accessible(self) -> None:
        """axe finds nothing (WCAG 2.2 A and AA)."""
        made_of = hash((self.width, self.page.evaluate(MADE_OF)))
        if made_of in LOOKED_AT:
            return
        LOOKED_AT.add(made_of)
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(self.page, options={"runOnly": rules, "resultTypes": ["violations"]})
        wrong = [
            f"{rule['id']}: {rule['help']}: {[node['html'][:200] for node in rule['nodes'][:3]]}"
            for rule in found.response["violations"]
            if not _is_the_design_systems(rule)
        ]
        assert not wrong, f"{self.name} {self.path}: {wrong}"

    def then_the_page_fits(self) -> None:
        """The page is no wider than the window."""
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{self.name} {self.path} is {wider} px wider than {self.width}"

    def then_links_say_where_they_lead(self) -> None:
        """No two links in sight have the same words and different targets."""
        same = self.page.evaluate(SAME_WORDS)
        assert not same, f"{self.name} {self.path}: links with the same words: {same}"

    def _gets(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.wrong.append(f"{response.status} {response.url}")

    def _hears(self, message: ConsoleMessage) -> None:
        # That a page came with 400 or 404 is noted by the browser as well, and is what the journey is about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(message.text)


def _beginning(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}", re.IGNORECASE)


def _is_the_design_systems(rule: dict[str, Any]) -> bool:
    """Radios that reveal a field say aria-expanded: NHS frontend's own, tested by them with people and kept."""
    marks = ("nhsuk-radios__input", "aria-expanded")
    return rule["id"] == "aria-allowed-attr" and all(
        mark in node["html"] for node in rule["nodes"] for mark in marks
    )
