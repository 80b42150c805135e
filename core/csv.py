"""Comma-separated files that a spreadsheet shows as text and never runs."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

# A spreadsheet runs a cell that begins so (OWASP, “CSV Injection”), whatever blanks and quotation marks it passes over
# before. “,” and “|” begin one for careless importers, and so does a tab or the end of a line.
BEGINS_A_FORMULA = re.compile(r"[\s\u180e\u200b-\u200d\u2060\ufeff\"']*[=+\-@|,＝＋－＠]|[ \"']*[\t\r\n]")
# Where a careless importer may begin a cell inside the text, and then what would be run.
HIDDEN_FORMULA = re.compile(r"([\t\r\n,;|\"])([\s\"]*)(?=[=+\-@＝＋－＠])")


def neutral(text: str) -> str:
    """Text with an apostrophe before whatever a spreadsheet might run; ordinary words stay as they are."""
    text = text.replace("\0", "")
    text = HIDDEN_FORMULA.sub(r"\1\2'", text)
    if BEGINS_A_FORMULA.match(text):
        return f"'{text}"
    return text


def cell(value: Any) -> Any:
    """A value as a file has it: numbers as they are, dates in ISO, instants in London time, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return neutral(str(value))


class _Line:
    """What csv.writer writes to: gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file's lines, the byte order mark first, without which Excel takes UTF-8 for Windows text."""
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([cell(one) for one in headings])
    for row in rows:
        yield writer.writerow([cell(one) for one in row])


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A file to download, named for what it lists and never for a person."""
    return StreamingHttpResponse(
        lines(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
