"""A whole stack on a database of its own: its parts die one by one and come back."""

import os

import psycopg2
import pytest

from tools import databases, stack
from tools.servers import wait_until


@pytest.fixture(scope="module")
def running():
    with stack.running(dict(os.environ)) as one:
        yield one


def _answer(one):
    return one.status("/health/ready")


def test_it_serves_from_a_copy_that_nobody_else_has(running):
    assert _answer(running) == 200
    assert running.database != databases.name_in(os.environ["DATABASE_URL"])
    assert databases.name_in(running.env["MIGRATE_DATABASE_URL"]) == running.database
    with psycopg2.connect(running.env["DATABASE_URL"]) as ours, ours.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("pathways_app", running.database)
    ours.close()


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_the_web_goes_on_while_another_part_is_dead(running, part):
    running.kill(part)
    assert not running.running(part)
    assert running.status("/health/live") == 200
    running.start(part)
    assert running.running(part)


def test_the_web_comes_back_on_the_same_address(running):
    running.kill("web")
    assert _answer(running) == 0
    running.start("web")
    running.wait_ready(20)
    running.restart("web")
    running.wait_ready(20)


def test_redis_comes_back_empty_on_the_same_address(running):
    import redis

    with redis.Redis.from_url(running.env["REDIS_URL"]) as before:
        before.set("owed", "1")
    running.empty_redis()
    with redis.Redis.from_url(running.env["REDIS_URL"]) as after:
        assert after.get("owed") is None


def test_nothing_is_left_when_it_ends():
    env = dict(os.environ)
    with stack.running(env, parts=("beat",)) as one:
        beat = one.children["beat"]
        assert wait_until(beat.running, 5)
    assert not beat.running()
    assert not one.running("redis")
    with databases.connection(databases.admin_url(env)) as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [one.database])
        assert cursor.fetchone() == (0,)
