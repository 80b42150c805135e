"""Lists: columns, filters kept in the address, order, pages, and the file of what is shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.csv import csv_response

PAGE_SIZE = 50
# Rows of one file or print. Beyond it an export, which a worker writes, is the way.
MOST_ROWS = 5000


@dataclass(frozen=True)
class Column:
    """One column. `value` is an attribute's name or a function of the row; `sort` a field that orders by it."""

    key: str
    heading: str
    value: str | Callable[[Any], Any] = ""
    sort: str = ""
    numeric: bool = False
    link: Callable[[Any], str] | None = None

    def of(self, row: Any) -> Any:
        """What the cell holds: text, a number, a date; “” for none."""
        value = self.value(row) if callable(self.value) else getattr(row, self.value or self.key)
        return "" if value is None else value


@dataclass(frozen=True)
class Filter:
    """One question of the address: `?name=value`. `apply` narrows the rows; a value that isn't a choice is ignored."""

    name: str
    label: str
    apply: Callable[[QuerySet, str], QuerySet]
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    # What no choice means, in words.
    every: str = "All"

    def words(self, value: str) -> str | None:
        """The chosen value in words, or None when it is not one of the choices."""
        if not self.choices:
            return value
        return next((str(words) for key, words in self.choices if str(key) == value), None)


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    words: str
    without: str


@dataclass(frozen=True)
class Heading:
    """A column's heading as the page shows it."""

    column: Column
    address: str
    direction: str


class Table:
    """Rows as the address asks for them. Always two queries: a count and the rows shown.

    `rows` are those shown: a page of them, or all (to MOST_ROWS) for a file or for paper. Read them once in the view,
    to tell the read log. `found` is all that the filters let through, for totals. `order` is the order where the
    address asks for none, ties broken by id. `on`: the day that the list is of, where the address may ask for another.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet,
        *,
        columns: Sequence[Column],
        name: str,
        caption: str,
        filters: Sequence[Filter] = (),
        order: Sequence[str] = (),
        nothing: str = "Nothing to show.",
        on: date | None = None,
    ) -> None:
        self.request, self.columns, self.filters = request, columns, filters
        self.name, self.caption, self.nothing, self.on = name, caption, nothing, on
        self.shape = request.GET.get("format", "")
        self._order = tuple(order)
        self.found = self._filtered(rows)
        self._page = self._find_page(self._sorted(self.found))
        self.rows: list[Any] = list(self._page.object_list)

    @property
    def is_csv(self) -> bool:
        """Whether the answer is a file: the read log calls it an export."""
        return self.shape == "csv"

    @property
    def is_print(self) -> bool:
        """Whether the answer is meant for paper: all rows, no pages."""
        return self.shape == "print"

    @property
    def total(self) -> int:
        """How many rows there are under these filters."""
        return self._page.paginator.count

    @property
    def is_cut(self) -> bool:
        """Whether a file or print holds fewer rows than there are."""
        return (self.is_csv or self.is_print) and self.total > MOST_ROWS

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on."""
        return [
            Chip(one.label, words, query(self.request, **{one.name: None, "page": None}))
            for one in self.filters
            if (value := self.chosen(one.name)) and (words := one.words(value)) is not None
        ]

    @property
    def headings(self) -> list[Heading]:
        """The columns with the address that sorts by each."""
        return [Heading(one, self._address_to_sort(one), self._direction(one)) for one in self.columns]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The page numbers to offer, with gaps as None."""
        if self._page.paginator.num_pages < 2:
            return []
        shown = self._page.paginator.get_elided_page_range(self._page.number, on_each_side=1, on_ends=1)
        return [
            {"number": n, "address": query(self.request, page=n), "is_here": n == self._page.number}
            if isinstance(n, int)
            else {"number": None, "address": "", "is_here": False}
            for n in shown
        ]

    @property
    def first_and_last(self) -> tuple[int, int]:
        """The numbers of the first and last row shown, from 1; 0, 0 with none."""
        return self._page.start_index(), self._page.end_index()

    def chosen(self, name: str) -> str:
        """The value of a filter in the address, “” for none."""
        return self.request.GET.get(name, "").strip()

    def address(self, **changes: Any) -> str:
        """The present address with some of its questions changed; None takes one away."""
        return query(self.request, **changes)

    @property
    def keys_and_headings(self) -> list[tuple[str, str]]:
        """The columns as a template that draws whole rows wants them."""
        return [(one.key, one.heading) for one in self.columns]

    def cells(self, row: Any) -> list[tuple[Column, Any, str]]:
        """The row's columns, values and where each leads."""
        return [(one, one.of(row), one.link(row) if one.link else "") for one in self.columns]

    def answer(self, template: str, **context: Any) -> HttpResponse:
        """The page, or the file if the address asks for one."""
        if self.is_csv:
            heads = [one.heading for one in self.columns]
            return csv_response(
                self.name, heads, ([one.of(row) for one in self.columns] for row in self.rows)
            )
        return render(self.request, template, {"table": self, "heading": self.caption, **context})

    def _filtered(self, rows: QuerySet) -> QuerySet:
        for one in self.filters:
            value = self.chosen(one.name)
            if value and one.words(value) is not None and "\0" not in value:
                rows = one.apply(rows, value)
        return rows

    def _sorted(self, rows: QuerySet) -> QuerySet:
        asked = self.request.GET.get("sort", "")
        for one in self.columns:
            if one.sort and asked.lstrip("-") == one.key:
                by = F(one.sort)
                order = by.desc(nulls_last=True) if asked.startswith("-") else by.asc(nulls_last=True)
                return rows.order_by(order, "pk")
        return rows.order_by(*self._order, "pk") if self._order else rows

    def _find_page(self, rows: QuerySet) -> Page:
        size = MOST_ROWS if self.is_csv or self.is_print else PAGE_SIZE
        wanted = 1 if size == MOST_ROWS else self.request.GET.get("page", "1")
        return Paginator(rows, size).get_page(wanted)

    def _direction(self, column: Column) -> str:
        asked = self.request.GET.get("sort", "")
        if asked.lstrip("-") != column.key or not column.sort:
            return "none"
        return "descending" if asked.startswith("-") else "ascending"

    def _address_to_sort(self, column: Column) -> str:
        if not column.sort:
            return ""
        turned = self._direction(column) == "ascending"
        return query(self.request, sort=f"-{column.key}" if turned else column.key, page=None)


def query(request: HttpRequest, **changes: Any) -> str:
    """The address's questions with some changed, as “?a=1&b=2”; None takes one away."""
    asked = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


def choices_of(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Choices for a filter from any pairs of value and words."""
    return [(str(value), str(words)) for value, words in pairs]
