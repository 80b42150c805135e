"""Exports: asked for, written whole or not at all, had by whoever asked for 24 hours, and harmless to open."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Access, AccessedPatient
from core import jobs
from core.classed import FieldClass
from core.models import Job
from core.refusals import Refused
from referrals.actions import change_urgency
from referrals.models import Referral
from reports import actions, rules, specification, tasks
from reports.exports import files
from reports.exports.neutral import neutral
from reports.models import Export
from tests.reports.small_world import a_transfer
from tests.world import a_patient, a_user, actor_of, client_of, make_england, member, now

EVIL = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def world(england):
    england.first = a_patient(england, family_name=EVIL, given_name="Ann")
    england.second = a_patient(england, family_name="Secret", given_name="Sue")
    england.second.has_restricted_access = True
    england.second.save()
    a_transfer(england, date(2026, 1, 5), received_on=date(2026, 1, 19), patient=england.first)
    a_transfer(england, date(2026, 1, 6), patient=england.second)
    return england


def asked(england, form="csv", **more):
    by = actor_of(england.adam, at=now())
    return actions.ask_export(
        "transfers", form=form, filters=more.pop("filters", {}), why="A return", by=by, **more
    )


def written(england, form="csv", **more):
    export = asked(england, form, **more)
    jobs.run(export.job_id)
    export.refresh_from_db()
    assert export.job.state == Job.State.DONE
    return export


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


def test_asked_for_on_the_page_and_downloaded(world):
    client = client_of(world.adam)
    assert client.get("/exports/ask/").status_code == 200
    answers = {"form": "csv", "why": "A return", "with_names": "no"}
    sent = client.post("/exports/ask/", answers)
    export = Export.objects.get()
    assert sent["Location"] == f"/exports/{export.public_id}/"
    page = client.get(sent["Location"]).content.decode()
    assert "Waiting for a worker" in page
    assert "every 1s" in page
    assert client.get(f"{sent['Location']}file/").status_code == 404
    jobs.run(export.job_id)
    page = client.get(sent["Location"]).content.decode()
    assert "Download CSV" in page
    assert "every 1s" not in page
    got = client.get(f"{sent['Location']}file/")
    body = b"".join(got.streaming_content)
    assert body.startswith("\ufeff".encode())
    assert "attachment" in got["Content-Disposition"]
    (access,) = Access.objects.filter(page="reports:download", action="export")
    assert access.reason == "A return"
    people = set(AccessedPatient.objects.filter(access_id=access.pk).values_list("patient_id", flat=True))
    assert people == {world.first.pk, world.second.pk}
    assert client.get("/exports/").status_code == 200


def test_a_form_that_is_wrong(world):
    client = client_of(world.adam)
    answers = {"form": "csv", "why": "", "with_names": "yes", "identity_why": ""}
    response = client.post("/exports/ask/", answers)
    assert response.status_code == 400
    assert "Enter an answer" in response.content.decode()


def test_another_administrator_has_none_of_it(world):
    export = written(world)
    other = a_user("Astrid")
    member(other, "administrator")
    for address in (f"/exports/{export.public_id}/", f"/exports/{export.public_id}/file/"):
        assert client_of(other).get(address).status_code == 404
    assert str(export.public_id) not in client_of(other).get("/exports/").content.decode()


def test_a_download_that_cannot_be_logged_is_withheld(world, monkeypatch):
    from django.db import OperationalError

    from accounts import readlog

    def fail(_record):
        raise OperationalError

    export = written(world)
    monkeypatch.setattr(readlog, "write", fail)
    assert client_of(world.adam).get(f"/exports/{export.public_id}/file/").status_code == 503


def test_after_24_hours_it_is_gone(world):
    export = written(world)
    assert export.expires_at - now() > rules.KEPT_FOR - timedelta(minutes=5)
    name = export.file_name
    export.expires_at = now() - timedelta(seconds=1)
    export.save()
    client = client_of(world.adam)
    assert client.get(f"/exports/{export.public_id}/file/").status_code == 404
    tasks.clear_exports()
    export.refresh_from_db()
    assert export.file_name == ""
    assert not (files.folder() / name).exists()
    assert not files.people_file(name).exists()
    assert "No longer kept" in client.get(f"/exports/{export.public_id}/").content.decode()


def test_clearing_leaves_what_can_still_be_had_and_what_is_being_written(world):
    export = written(world)
    half = files.folder() / f"{files.HALF}x-1"
    half.mkdir()
    (half / "half").write_text("a")
    tasks.clear_exports()
    assert half.exists()
    assert (files.folder() / export.file_name).exists()
    assert files.remove_orphans({export.file_name}, now=time.time() + 2 * files.ORPHANS_AFTER_SECONDS) == 1
    assert (files.folder() / export.file_name).exists()
    assert files.people_file(export.file_name).exists()


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
