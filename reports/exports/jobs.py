"""A worker writes an export: rows stream from COPY to a file, and memory stays the same however many there are."""

import csv
import threading
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.utils import timezone

from core import jobs
from core.models import Job
from organisations.actor import Actor
from pathways.pseudonyms import pseudonym_of
from reports import actions, rules
from reports.exports import files, transfers
from reports.figures.facts import Statement
from reports.models import Export
from reports.specification import PSEUDONYM, Column, columns_for

TELL_EVERY_SECONDS = 1
# The longest that one file may take the database.
LONGEST = timedelta(minutes=20)


@jobs.handles(actions.JOB, "Write an export")
def write_export(job: Job) -> dict[str, Any]:
    """Write the file that a job is for. Done again after a crash it writes anew, and only one file is ever named."""
    export = Export.objects.get(job=job)
    if export.expires_at is not None:
        return {"rows": export.rows}
    columns = columns_for(with_names=export.holds_identity)
    with files.half_folder(export) as folder:
        half = folder / "half"
        with _long_enough():
            written = _copy(export, columns, half, job)
        if export.form == Export.Form.XLSX:
            rules.check_sheet(len(written.people))
            _make_sheet(half, columns)
        size = half.stat().st_size
        name = files.put(half, export.form, written.people)
    by = Actor.system(actions.JOB, at=timezone.now())
    if not actions.finish_export(export, file_name=name, rows=len(written.people), size=size, by=by):
        files.remove(name)
    return {"rows": len(written.people)}


class Lines:
    """What COPY writes to, a row a call: puts the pseudonym in the place of the person's id, and keeps the id."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.people = array("q")

    def write(self, line: bytes) -> int:
        """One row of the file."""
        person, _, rest = line.partition(b",")
        patient_id = int(person)
        self.people.append(patient_id)
        name = pseudonym_of(patient_id, commissioner_id=None)
        self.file.write(b'"' + name.encode() + b'",' + rest)
        return len(line)


def _copy(export: Export, columns: list[Column], half: Path, job: Job) -> Lines:
    """Write the rows as CSV, with the byte order mark without which Excel takes UTF-8 for Windows text."""
    total = _count(transfers.about_how_many(export.filters, at=export.asked_at))
    statement = transfers.rows(export.filters, at=export.asked_at, with_names=export.holds_identity)
    quoted = ", ".join(
        f'"{c.key}"' for c in columns if c.key != PSEUDONYM and c.kind in ("text", "yes or no")
    )
    with half.open("wb") as file, connection.cursor() as cursor:
        file.write(("\ufeff" + ",".join(f'"{c.heading}"' for c in columns) + "\r\n").encode())
        lines = Lines(file)
        query = cursor.mogrify(_named(statement, columns), statement.values).decode()
        with _telling(job, lines, total):
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE ({quoted}))", lines)
    return lines


def _named(statement: Statement, columns: list[Column]) -> str:
    """The statement with its columns named, so that COPY can be told which of them are text."""
    names = ", ".join(["patient_id", *(f'"{c.key}"' for c in columns if c.key != PSEUDONYM)])
    return f"SELECT * FROM ({statement.sql}) AS cells ({names})"


def _count(statement: Statement) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return cursor.fetchone()[0]


def _make_sheet(half: Path, columns: list[Column]) -> None:
    """Turn the CSV into a spreadsheet of the same cells, a row at a time, in which no text is ever a formula."""
    sheet_file = half.with_name("sheet")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(half.parent),
    }
    with (
        xlsxwriter.Workbook(str(sheet_file), options) as book,
        half.open(newline="", encoding="utf-8-sig") as file,
    ):
        sheet = book.add_worksheet("Transfers")
        sheet.freeze_panes(1, 0)
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(csv.reader(file)):
            _write_row(sheet, number, row, columns, dated)
    sheet_file.replace(half)


def _write_row(sheet: Any, number: int, row: list[str], columns: list[Column], dated: Any) -> None:
    for place, (value, column) in enumerate(zip(row, columns, strict=True)):
        if value == "":
            continue
        if number and column.kind == "date":
            sheet.write_datetime(number, place, date.fromisoformat(value), dated)
        elif number and column.kind == "number":
            sheet.write_number(number, place, int(value))
        else:
            sheet.write_string(number, place, value)


@contextmanager
def _long_enough() -> Iterator[None]:
    """A transaction that may take longer than a page's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s", [int(LONGEST.total_seconds() * 1000)])
        yield


@contextmanager
def _telling(job: Job, lines: Lines, total: int) -> Iterator[None]:
    """Say now and then how far it has come, from a thread with a connection of its own: this one is busy."""
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(TELL_EVERY_SECONDS):
            try:
                jobs.progress(job, min(99, 99 * len(lines.people) // max(total, 1)))
            finally:
                connection.close()

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
