"""The whole pathway on paper: one sheet of A4, however long it is."""

import re

from tests.journeys.conftest import Enter

PAGE = re.compile(rb"/Type\s*/Page[^s]")


def test_a_pathway_prints_on_one_sheet(signed_in: Enter) -> None:
    maya = signed_in("clinician")
    maya.goes("/beds/")
    maya.page.locator(".app-tile--blue a").first.click()
    maya.page.locator("main a[href^='/patients/']").first.click()
    maya.follows("On one page, for print")
    maya.sees("Pathway")
    paper = maya.page.pdf(prefer_css_page_size=True)
    assert len(PAGE.findall(paper)) == 1
