"""A small world of which exports are asked for and written in tests."""

from datetime import date

import pytest

from core import jobs
from core.models import Job
from reports import actions
from tests.reports.small_world import a_transfer
from tests.world import a_patient, actor_of, now

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
    """An export of every transfer that the administrator asks for; no worker has begun it."""
    by = actor_of(england.adam, at=now())
    return actions.ask_export(
        "transfers", form=form, filters=more.pop("filters", {}), why="A return", by=by, **more
    )


def written(england, form="csv", **more):
    """The same, written."""
    export = asked(england, form, **more)
    jobs.run(export.job_id)
    export.refresh_from_db()
    assert export.job.state == Job.State.DONE
    return export
