"""What every test may rely on: a database of its own worker, as the application's role, and servers to break.

Tests marked `django_db` (or asking for `db`) run in a transaction that is rolled back. Tests that need commits
ask for `committed_db`. Nothing is ever flushed: the application's role may not truncate, and that is the point.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connections

from tests.world import england
from tools import databases
from tools.redis import Redis

__all__ = ["england"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuses tests that would flush the database: the application's role cannot."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        flushes = mark and (mark.kwargs.get("transaction") or mark.kwargs.get("reset_sequences"))
        asked = set(getattr(item, "fixturenames", ()))
        if flushes or asked & {"transactional_db", "live_server", "django_db_reset_sequences"}:
            raise pytest.UsageError(f"{item.nodeid} would flush the database; ask for committed_db instead.")
        if "committed_db" in asked and (mark or "db" in asked):
            raise pytest.UsageError(f"{item.nodeid} asks for committed_db and for a transaction; choose one.")


@pytest.fixture(scope="session")
def launched() -> dict[str, str]:
    """The launcher's environment; tests that need a server are skipped nowhere, they fail."""
    if "MIGRATE_DATABASE_URL" not in os.environ:
        pytest.fail("Run tests by `make test`, or by `python -m tools.launcher exec --ephemeral -- pytest`.")
    return dict(os.environ)


@pytest.fixture(scope="session")
def template_database(launched: dict[str, str]) -> str:
    """The name of the database that every test database is a copy of."""
    return databases.migrated(launched)


@pytest.fixture(scope="session")
def django_db_setup(
    launched: dict[str, str], template_database: str, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the template for this worker, in place of pytest-django's own making and flushing."""
    copy = _on_a_copy(launched, template_database, "worker")
    with django_db_blocker.unblock():
        copy.__enter__()
    # Blocked in between, so that a test that says nothing about a database cannot reach one.
    yield
    with django_db_blocker.unblock():
        copy.__exit__()


@pytest.fixture
def committed_db(launched: dict[str, str], template_database: str, django_db_blocker: Any) -> Iterator[str]:
    """A database for this test alone, where commits are real and other threads see them. Gives its name.

    Threads close what they open: `connections.close_all()` at the end of each.
    """
    with django_db_blocker.unblock(), _on_a_copy(launched, template_database, "alone") as name:
        yield name


@pytest.fixture
def owner_connection(launched: dict[str, str]) -> Iterator[Any]:
    """Opens psycopg2 connections to the current test database as the role that owns the tables.

    `owner_connection()` as the owner, `owner_connection(superuser=True)` as the superuser of an embedded cluster.
    """
    opened = []

    def connect(*, superuser: bool = False) -> Any:
        url = databases.admin_url(launched) if superuser else launched["MIGRATE_DATABASE_URL"]
        connection = psycopg2.connect(databases.named(url, connections.settings["default"]["NAME"]))
        connection.autocommit = True
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """A Redis for this test alone: `.url`, `.stop()`, `.ensure()`, and `.empty()` while it is stopped."""
    server = Redis(tmp_path / "redis")
    server.join()
    yield server
    server.leave()
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """Files that a test makes go to a folder of its own."""
    settings.READ_SPOOL_DIR = tmp_path / "spool"
    settings.READ_SPOOL_DIR.mkdir()
    exports = {**settings.STORAGES["exports"], "OPTIONS": {"location": str(tmp_path / "exports")}}
    settings.STORAGES = {**settings.STORAGES, "exports": exports}


class _on_a_copy:
    """Points Django at a fresh copy of a template, and back; the copy is dropped."""

    def __init__(self, env: dict[str, str], template: str, label: str) -> None:
        self.env, self.template = env, template
        self.label = f"{label}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    def __enter__(self) -> str:
        self.before = connections.settings["default"]["NAME"]
        self.name = databases.copy(self.env, self.template, label=self.label)
        self._point_at(self.name)
        return self.name

    def __exit__(self, *_: object) -> None:
        self._point_at(self.before)
        databases.drop(self.env, self.name)

    def _point_at(self, name: str) -> None:
        # New threads make their connections from connections.settings, this one keeps its own reference to it.
        connections.close_all()
        connections.settings["default"]["NAME"] = name
        connections["default"].settings_dict["NAME"] = name
