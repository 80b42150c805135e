"""Lists: order, filters, pages, and files that no spreadsheet runs."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.csv import cell, lines, neutral
from core.tables import Column, Filter, Table, choices_of

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
COLUMNS = [
    Column("name", "Full name", sort="name", link=lambda row: f"/people/{row.pk}/"),
    Column("email", "Address", sort="email"),
    Column("seen", "Times seen", value=lambda row: row.version, numeric=True, sort="version"),
]
FILTERS = [
    Filter("closed", "Account", lambda rows, value: rows.filter(is_active=value == "no"),
           choices_of([("yes", "Closed"), ("no", "Open")])),
    Filter("q", "Name", lambda rows, value: rows.filter(name__icontains=value)),
]  # fmt: skip


@pytest.fixture
def people(db):
    def make(count: int):
        User.objects.bulk_create(
            User(email=f"p{n:03}@example.test", name=f"Person {n:03}", date_joined=NOW, version=n,
                 is_active=n % 2 == 0)
            for n in range(count)
        )  # fmt: skip

    return make


def table(address: str = "/people/") -> Table:
    request = RequestFactory().get(address)
    request.user, request.actor, request.capacities = AnonymousUser(), None, []
    request._messages = []
    return Table(request, User.objects.all(), columns=COLUMNS, filters=FILTERS, name="people",
                 caption="People", order=["-version"], nothing="Nobody.")  # fmt: skip


def page(address: str = "/people/") -> str:
    return table(address).answer("core/list.jinja").content.decode()


def test_rows_come_in_the_order_given_and_in_the_order_asked(people):
    people(3)
    assert [row.version for row in table().rows] == [2, 1, 0]
    assert [row.version for row in table("/people/?sort=name").rows] == [0, 1, 2]
    assert [row.version for row in table("/people/?sort=-name").rows] == [2, 1, 0]
    assert [row.version for row in table("/people/?sort=password").rows] == [2, 1, 0]


def test_the_sorted_column_says_so_and_turns_round(people):
    people(2)
    html = page("/people/?sort=name&q=Person")
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name&amp;q=Person"' in html


def test_filters_stay_in_the_address_and_can_be_taken_off(people):
    people(4)
    found = table("/people/?closed=yes&q=person&page=1")
    assert [row.version for row in found.rows] == [3, 1]
    assert [(chip.label, chip.words, chip.without) for chip in found.chips] == [
        ("Account", "Closed", "?q=person"),
        ("Name", "person", "?closed=yes"),
    ]
    html = page("/people/?closed=yes")
    assert "Account: Closed" in html
    assert '<option value="yes" selected>' in html


@pytest.mark.parametrize("address", [
    "/people/?closed=perhaps", "/people/?q=%00", "/people/?page=999", "/people/?page=x", "/people/?format=pdf",
])  # fmt: skip
def test_a_foolish_address_is_answered_calmly(people, address):
    people(2)
    assert "2 rows" in page(address)


def test_what_was_asked_is_escaped(people):
    people(1)
    assert "<b>" not in page("/people/?q=%22%3E%3Cb%3E")


def test_pages_hold_fifty(people):
    people(120)
    first, last = table(), table("/people/?page=3")
    assert len(first.rows) == 50
    assert first.total == 120
    assert first.first_and_last == (1, 50)
    assert [row.version for row in last.rows] == list(range(19, -1, -1))
    html = page("/people/?page=2")
    assert 'aria-current="page">2<' in html
    assert 'href="?page=3"' in html


def test_an_empty_list_says_so(db):
    assert "Nobody." in page()


def test_the_number_of_queries_is_the_same_for_one_row_and_for_many(people):
    people(1)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page()
    User.objects.all()._raw_delete("default")
    people(80)
    with CaptureQueriesContext(connection) as many:
        page()
    assert len(few) == len(many) == 2


def test_a_file_and_a_print_hold_all_rows_that_are_shown(people):
    people(120)
    response = table("/people/?format=csv&closed=no&sort=name").answer("core/list.jinja")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Full name", "Address", "Times seen"]
    assert rows[1] == ["Person 000", "p000@example.test", "0"]
    assert len(rows) == 61
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert len(table("/people/?format=print").rows) == 120


def test_numbers_line_up_and_columns_are_named_on_a_phone(people):
    people(1)
    html = page()
    assert "app-number" in html
    assert 'nhsuk-table-responsive__heading" aria-hidden="true">Times seen' in html


@pytest.mark.parametrize(("text", "safe"), [
    ("Maya O’Brien", "Maya O’Brien"),
    ("s48(2)(d), remand", "s48(2)(d), remand"),
    ("=1+1", "'=1+1"),
    ("+44 20 7946 0000", "'+44 20 7946 0000"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t'=1"),
    ("\r=1", "'\r'=1"),
    ("\0=1", "'=1"),
    ("|cmd", "'|cmd"),
    (",=1", "','=1"),
    ("＝1", "'＝1"),
    ('"=1', '\'"\'=1'),
    ("  =1", "'  =1"),
    ("\x1f=1", "'\x1f=1"),
    ("\u2003\n=1", "'\u2003\n'=1"),
    ("fine\n=1", "fine\n'=1"),
    ("fine;=1", "fine;'=1"),
    ("", ""),
])  # fmt: skip
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text, safe):
    assert neutral(text) == safe


RISKY = st.text(st.sampled_from("=+-@\t\r\n\0|,;\"' aZ1＝"), max_size=30) | st.text(max_size=40)


@pytest.mark.property
@given(RISKY)
def test_no_cell_and_no_part_of_one_begins_a_formula(text):
    written = "".join(lines(["Words"], [[text], ["last"]]))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows[-1] == ["last"]
    assert len(rows) == 3
    read = rows[1][0] if rows[1] else ""
    assert not re.match(r"[\s\"]*[=+\-@＝＋－＠]", read)
    assert read[:1] not in tuple("|,\t\r")
    for part in re.split(r"[\t\r\n,;|\"]", read):
        assert not re.match(r"\s*[=+\-@＝＋－＠]", part)
    assert "\0" not in read
    # Nothing is lost but NULs, and nothing added but apostrophes.
    assert read.replace("'", "") == text.replace("\0", "").replace("'", "")


def test_a_value_keeps_its_kind_in_a_file():
    assert cell(-3) == -3
    assert cell(date(2026, 3, 29)) == "2026-03-29"
    assert cell(datetime(2026, 7, 1, 11, 30, tzinfo=UTC)) == "2026-07-01 12:30"
    assert cell(True) == "Yes"
    assert cell(None) == ""
