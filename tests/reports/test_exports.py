"""Exports: asked for, written whole or not at all, and harmless to open."""

import csv
import io
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core import jobs
from core.classed import FieldClass
from core.models import Job
from core.refusals import Refused
from referrals.actions import change_urgency
from referrals.models import Referral
from reports import actions, specification
from reports.exports import files
from reports.exports.neutral import neutral
from tests.reports.exporting import EVIL, asked, world, written
from tests.reports.small_world import a_transfer
from tests.world import actor_of, client_of, make_england, now

__all__ = ["world"]


def csv_rows(export):
    text = (files.folder() / export.file_name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_file_is_written_and_says_what_is_so(world):
    rows = csv_rows(written(world))
    first, second = rows
    assert [first["Days"], first["Within 14 days"], first["State"], first["How it ended"]] == [
        "14",
        "Yes",
        "Received",
        "Admitted under section 47 or 48",
    ]
    assert (second["State"], second["Within 14 days"], second["Ended"]) == ("Waiting", "", "")
    assert first["Medical report first requested"] == "2026-01-05"
    assert first["Prison"] == "HMP Wexley"


def test_filters(world):
    assert len(csv_rows(written(world, filters={"state": "waiting"}))) == 1
    assert len(csv_rows(written(world, filters={"from": "2026-02"}))) == 0
    assert len(csv_rows(written(world, filters={"as_at": "2026-01-05"}))) == 1


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"from": "2026-02", "to": "2026-01"}, "first_month"),
        ({"from": "2026-02", "as_at": "2026-01-31"}, "first_month"),
        ({"from": "2999-01"}, "first_month"),
        ({"to": "soon"}, "last_month"),
        ({"as_at": "2099-12-31"}, "as_at"),
    ],
)
def test_no_file_is_written_of_a_period_that_cannot_be_meant(world, filters, field):
    with pytest.raises(Refused, match="is not a") as refused:
        asked(world, filters=filters)
    assert refused.value.field == field
    assert not Job.objects.filter(kind=actions.JOB).exists()


def test_urgency_is_as_it_was_known_on_the_day(world):
    referral = Referral.objects.get(patient=world.second)
    for day, urgency in ((10, 1), (20, 3)):
        by = actor_of(world.lena, at=datetime(2026, 1, day, 9, tzinfo=UTC))
        known = {"why": "Made up.", "version": Referral.objects.get(pk=referral.pk).version}
        change_urgency(referral, urgency=urgency, by=by, **known)
    as_at = {"2026-01-08": "Urgent", "2026-01-15": "Emergency", "2026-01-25": "Soon", "": "Soon"}
    found = {day: csv_rows(written(world, filters={"as_at": day}))[1]["Urgency"] for day in as_at}
    assert found == as_at


def test_pseudonyms_unless_names_are_needed(world):
    plain = csv_rows(written(world))
    assert "NHS number" not in plain[0]
    assert plain[0]["Person"].startswith("P-")
    whole = "".join(map(str, plain))
    assert EVIL not in whole
    assert world.first.nhs_number not in whole
    named = csv_rows(written(world, with_names=True, identity_why="The audit asked"))
    assert named[0]["First name"] == "Ann"
    assert named[0]["Person"] == plain[0]["Person"]


def test_somebody_with_restricted_access_is_named_in_no_file(world):
    named = csv_rows(written(world, with_names=True, identity_why="The audit asked"))
    assert "Secret" not in str(named)
    assert named[1]["NHS number"] == named[1]["Date of birth"] == ""


def test_csv_and_spreadsheet_hold_the_same(world):
    why = {"with_names": True, "identity_why": "The audit asked"}
    in_csv = csv_rows(written(world, **why))
    export = written(world, "xlsx", **why)
    book = openpyxl.load_workbook(files.folder() / export.file_name)
    heads, *rows = [list(row) for row in book.active.iter_rows()]
    for row, same in zip(rows, in_csv, strict=True):
        for head, cell in zip(heads, row, strict=True):
            value = cell.value
            text = "" if value is None else value.date().isoformat() if cell.is_date else str(value)
            assert text == same[head.value]
            assert cell.data_type != "f"
    book.close()


def test_a_name_that_is_a_formula_does_nothing(world):
    named = csv_rows(written(world, with_names=True, identity_why="The audit asked"))
    assert named[0]["Last name"] == "'" + EVIL


def neutralised(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {neutral('words')} FROM unnest(%s::text[]) WITH ORDINALITY AS given(words, n) ORDER BY n",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u2003@x",
    "|calc",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    '"=1',
    "'=1",
    "\ufeff=1",
    "\u200b=1",
    "\tword",
    "\rword",
    "a;=1",
    "a\n=1",
    ",=1",
]
ORDINARY = ["Anne-Marie", "O'Brien", "HMP Wexley", "a = b", "", "Smith, John", "'t Hooft"]


def test_payloads(db):
    for text, safe in zip(PAYLOADS, neutralised(PAYLOADS), strict=True):
        assert safe != text
        assert safe[0] == "'" or safe == "a;'=1" or safe == "a\n'=1", text
    assert neutralised(ORDINARY) == ORDINARY


@pytest.mark.property
@pytest.mark.django_db
def test_no_cell_ever_begins_a_formula():
    begin = st.text("=+-@|,＝＋－＠\t\r\n \u00a0\u2003\"'a;", max_size=6)

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.builds(
                "".join,
                st.tuples(
                    begin,
                    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
                ),
            ),
            max_size=8,
        )
    )
    def check(texts):
        for text, safe in zip(texts, neutralised(texts), strict=True):
            assert safe.replace("'", "") == text.replace("'", "")
            assert safe[:1] not in ("=", "+", "-", "@", "|", ",", "\t", "\r", "\n", "＝", "＋", "－", "＠")
            stripped = safe.lstrip(' "\t\r\n\u00a0\u2003\ufeff')
            assert stripped[:1] not in tuple("=+-@|,＝＋－＠")

    check()


def test_no_column_is_clinical_and_identity_is_asked_for():
    assert {c.field_class for c in specification.COLUMNS} == {FieldClass.OPERATIONAL, FieldClass.IDENTITY}
    plain = {c.key for c in specification.columns_for(with_names=False)}
    assert not plain & {"nhs_number", "family_name", "given_name", "born_on", "prison_number"}
    keys = [c.key for c in specification.COLUMNS]
    heads = [c.heading for c in specification.COLUMNS]
    assert len(set(keys)) == len(keys)
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"with_names": True}, "Say why names are needed."),
        ({"filters": {"sql": "x"}}, "That can't be exported."),
        ({"filters": {"state": "x"}}, "That can't be exported."),
    ],
)
def test_what_is_refused(world, more, sentence):
    with pytest.raises(Refused, match=sentence):
        asked(world, **more)
    assert not Job.objects.exists()


def test_nobody_else_may_ask(world):
    with pytest.raises(Refused):
        actions.ask_export("transfers", form="csv", filters={}, why="x", by=actor_of(world.carl, at=now()))
    assert client_of(world.carl).get("/exports/").status_code == 403
    assert client_of(world.lena).get("/exports/dictionary/").status_code == 403


def test_written_once_however_often_it_is_done(world):
    from reports.exports.jobs import write_export

    export = written(world)
    name = export.file_name
    write_export(export.job)
    export.refresh_from_db()
    assert export.file_name == name
    assert len(list(files.folder().iterdir())) == 2


def test_a_failure_leaves_no_half_file(world, monkeypatch):
    from reports.exports import jobs as writing

    export = asked(world, "xlsx")
    monkeypatch.setattr(writing, "_write_row", lambda *_: 1 / 0)
    jobs.run(export.job_id)
    assert list(files.folder().iterdir()) == []
    assert Job.objects.get().state == Job.State.WAITING


def test_the_dictionary_is_the_specification(world):
    client = client_of(world.adam)
    assert "Medical report first requested" in client.get("/exports/dictionary/").content.decode()
    lines = b"".join(client.get("/exports/dictionary/?format=csv")).decode().splitlines()
    assert len(lines) == len(specification.COLUMNS) + 1
    schema = client.get("/exports/dictionary/?format=json").json()
    assert [f["name"] for f in schema["fields"]] == [c.heading for c in specification.COLUMNS]


SLOW_WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.db import connections
settings.STORAGES["exports"]["OPTIONS"] = {"location": sys.argv[2]}
connections.settings["default"]["NAME"] = sys.argv[3]
from core import jobs
from reports.exports import jobs as writing
write = writing.Lines.write
def slow(self, line):
    written = write(self, line)
    self.file.flush()
    print("row", flush=True)
    time.sleep(60)
    return written
writing.Lines.write = slow
jobs.run(int(sys.argv[1]))
"""


@pytest.mark.race
def test_a_worker_killed_half_way(committed_db, launched):
    england = make_england()
    for day in range(1, 4):
        a_transfer(england, date(2026, 1, day))
    export = asked(england)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    arguments = [str(export.job_id), str(files.folder()), committed_db]
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, *arguments], env=env, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "row\n"
    (half,) = files.folder().iterdir()
    assert half.name.startswith(files.HALF)
    assert (half / "half").stat().st_size > 0
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    export.refresh_from_db()
    assert export.file_name == ""
    # Its heartbeat stopped; the reaper wakes another worker.
    Job.objects.filter(pk=export.job_id).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    jobs.run(export.job_id)
    export.refresh_from_db()
    assert len(csv_rows(export)) == export.rows == 3
    assert {path.name for path in files.folder().iterdir()} == {
        export.file_name,
        f"{export.file_name}.people",
    }
    connections.close_all()
