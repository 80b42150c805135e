"""The test databases keep the promises that other tests stand on."""

import threading

import psycopg2
import pytest
from django.db import connection, connections

from tools import databases
from tools.servers import port_is_free


def _current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_tests_run_as_the_applications_role():
    assert _current_user() == "pathways_app"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE accounts_user CASCADE",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE accounts_user ADD COLUMN mine int",
        "DROP TABLE accounts_user",
        "CREATE DATABASE mine",
        "SET ROLE pathways_owner",
    ],
)
def test_the_applications_role_cannot_change_the_house(statement):
    plain = psycopg2.connect(_dsn())
    plain.autocommit = True
    try:
        with (
            plain.cursor() as cursor,
            pytest.raises(psycopg2.Error, match=r"permission denied|must be owner"),
        ):
            cursor.execute(statement)
    finally:
        plain.close()


def _dsn() -> str:
    chosen = connections.settings["default"]
    return psycopg2.extensions.make_dsn(
        dbname=chosen["NAME"],
        user=chosen["USER"],
        password=chosen["PASSWORD"],
        host=chosen["HOST"],
        port=chosen["PORT"],
    )


def test_a_committed_database_is_seen_from_another_thread_and_starts_as_the_template(committed_db):
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.create(app_label="made", model="here")
    seen = []

    def look():
        seen.append(ContentType.objects.filter(app_label="made").count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(10)
    assert seen == [1]


@pytest.mark.django_db
def test_what_a_committed_database_held_is_gone():
    from django.contrib.contenttypes.models import ContentType

    assert not ContentType.objects.filter(app_label="made").exists()


def test_two_committed_databases_differ(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0] == committed_db
    assert "alone" in committed_db


@pytest.mark.django_db
def test_the_owner_connection_reaches_the_same_database(owner_connection):
    with owner_connection().cursor() as cursor, connection.cursor() as ours:
        ours.execute("SELECT current_database()")
        cursor.execute("SELECT current_database(), current_user")
        assert cursor.fetchone() == (ours.fetchone()[0], "pathways_owner")


def test_a_redis_comes_back_empty(redis_server):
    import redis

    with redis.Redis.from_url(redis_server.url) as before:
        before.set("owed", "1")
    redis_server.stop()
    assert not redis_server.running()
    redis_server.ensure()
    with redis.Redis.from_url(redis_server.url) as kept:
        assert kept.get("owed") == b"1"
    redis_server.stop()
    redis_server.empty()
    redis_server.ensure()
    with redis.Redis.from_url(redis_server.url) as emptied:
        assert emptied.get("owed") is None


def test_a_new_migration_starts_from_the_template_that_is_there(template_database, launched, monkeypatch):
    now = databases._migrations()
    monkeypatch.setattr(databases, "_migrations", lambda: {**now, "core/migrations/9999_new.py": "new"})
    assert databases._nearest(launched) is not None


def test_a_changed_migration_starts_from_no_template_that_had_it(template_database, launched, monkeypatch):
    now = databases._migrations().items()
    changed = {name: "changed" if name.endswith("0001_extensions.py") else found for name, found in now}
    monkeypatch.setattr(databases, "_migrations", lambda: changed)
    assert databases._nearest(launched) is None


def test_a_stopped_server_has_let_go_of_its_port(redis_server):
    for _ in range(5):
        port = redis_server.port
        redis_server.stop()
        assert port_is_free(port)
        redis_server.ensure()
        assert redis_server.port == port
