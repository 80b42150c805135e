"""A file is had from its page, by whoever asked for it, for 24 hours."""

import time
from datetime import timedelta

from accounts.models import Access, AccessedPatient
from core import jobs
from reports import rules, tasks
from reports.exports import files
from reports.forms import months_offered
from reports.models import Export
from tests.reports.exporting import world, written
from tests.world import a_user, client_of, member, now

__all__ = ["world"]


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


def test_a_period_that_ends_before_it_begins_is_said_beside_its_beginning(world):
    newest, before = (month for month, _ in months_offered(now().date())[:2])
    answers = {
        "form": "csv",
        "why": "A return",
        "with_names": "no",
        "first_month": newest,
        "last_month": before,
    }
    response = client_of(world.adam).post("/exports/ask/", answers)
    assert response.status_code == 400
    page = response.content.decode()
    assert 'href="#id_first_month"' in page
    assert (
        f"“{dict(months_offered(now().date()))[newest]}” is not a month before the end of the period" in page
    )
    assert not Export.objects.exists()


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
