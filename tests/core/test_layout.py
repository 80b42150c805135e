"""What surrounds every page: the menu of one's rights, one's roles, messages, and nothing that runs inside."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import include, path

from core import pages
from core.models import Notification
from desk import shell
from tests.world import NOW, actor_of


def anything(request, **_):
    return HttpResponse()


PLACES = [
    "",
    "patients/",
    "transfers/",
    "services/<uuid:one>/",
    "assessments/",
    "beds/",
    "dashboards/",
    "exports/",
]
urlpatterns = [path("accounts/", include("accounts.urls")), *(path(place, anything) for place in PLACES)]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__
    shell._exists.cache_clear()
    yield
    shell._exists.cache_clear()


def page(user, address="/transfers/", capacities=(), **context) -> str:
    request = RequestFactory().get(address)
    request.user, request._messages = user, []
    request.actor, request.capacities = (actor_of(user), list(capacities)) if user else (None, [])
    return render(request, "core/no_role.jinja", context).content.decode()


def menu(html: str) -> list[str]:
    return re.findall(r'nhsuk-header__navigation-link" href="([^"]+)"', html)


def test_the_menu_is_what_ones_rights_allow_and_what_exists(england):
    own = f"/services/{england.ashdown.public_id}/"
    assert menu(page(england.maya)) == ["/", "/patients/", "/transfers/", own, "/assessments/", "/beds/"]
    assert menu(page(england.anna)) == ["/", "/transfers/", "/beds/", "/dashboards/"]
    assert menu(page(england.adam)) == ["/", "/transfers/", "/dashboards/", "/exports/"]


def test_the_menu_says_where_one_is(england):
    html = page(england.maya, "/transfers/board/")
    assert html.count('aria-current="page"') == 1
    assert re.search(r'href="/transfers/" aria-current="page"', html)


def test_the_header_has_name_role_other_roles_and_sign_out(england):
    html = page(england.maya, capacities=["clinician", "case_manager"])
    assert "Maya" in html
    assert ", clinician" in html
    assert 'name="role" value="case_manager">Work as case manager<' in html
    assert 'value="clinician"' not in html
    assert html.count("csrfmiddlewaretoken") == 2
    assert "Sign out" in html


def test_the_bell_counts_what_is_unread(england):
    for number, read_at in enumerate([None, None, NOW]):
        Notification.objects.create(
            key=str(uuid4()),
            kind="x",
            user=england.maya,
            subject=f"S{number}",
            body="B",
            made_at=NOW,
            read_at=read_at,
        )
    assert re.search(r"unread: </span>2<", page(england.maya))
    assert "unread:" not in page(england.luke)


def test_nothing_runs_inside_a_page_and_all_of_it_is_ours(england):
    html = page(england.maya, capacities=["clinician", "liaison"])
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|<style", html)
    assert not re.search(r"(src|href)=\"(https?:)?//", html)
    assert '"historyCacheSize":0' in html
    assert '"allowEval":false' in html


def test_a_page_before_signing_in_has_no_menu_and_asks_nothing_of_the_database():
    html = page(None)
    assert menu(html) == []
    assert "Sign out" not in html


@pytest.mark.parametrize(("written", "words"), [
    (pages.long_date(date(2018, 8, 6)), "6 August 2018"),
    (pages.short_date(date(2018, 8, 6)), "6 Aug 2018"),
    (pages.long_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)), "1 July 2026"),
    (pages.date_and_time(datetime(2026, 7, 1, 13, 5, tzinfo=UTC)), "1 July 2026, 14:05"),
    (pages.days(1), "1 day"), (pages.days(3), "3 days"), (pages.days(0), "0 days"),
    (pages.number(12345), "12,345"), (pages.number(3.5), "3.5"), (pages.number(None), ""),
    (pages.nhs_number("9990000018"), '<span class="app-nowrap">999 000 0018</span>'),
    (pages.nhs_number(None), "Not known"),
    (pages.paragraphs("a\nb\n\n<i>"), "<p>a<br>b</p><p>&lt;i&gt;</p>"),
])  # fmt: skip
def test_formats(written, words):
    assert str(written) == words


@pytest.mark.parametrize(("due", "words", "colour"), [
    (date(2026, 3, 1), "1 day late", "red"), (date(2026, 3, 2), "Due today", "orange"),
    (date(2026, 3, 4), "2 days left", "orange"), (date(2026, 3, 5), "3 days left", "grey"),
])  # fmt: skip
def test_how_long_is_left_is_said_in_words_and_colour(due, words, colour):
    from django.template import engines

    macros = engines["jinja2"].env.get_template("core/macros.jinja").module
    assert macros.due_tag(due, date(2026, 3, 2)).strip() == (
        f'<strong class="nhsuk-tag nhsuk-tag--{colour} app-nowrap">{words}</strong>'
    )
