"""Things are killed under load and the recovery is timed. Run by `make drill`; each prints what it saw."""

import os
import threading
import time

import psycopg2
import pytest

from tests.drills.browser import Browser
from tools import databases, stack

pytestmark = pytest.mark.drill

PATIENTS = 150
EXPORT = {"form": "csv", "why": "drill", "with_names": "no", "state": "", "first_month": "", "last_month": ""}


def rows(one: stack.Stack, statement: str):
    """What a statement finds in the stack's database."""
    connection = psycopg2.connect(one.env["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


def until(condition, seconds: float) -> float:
    """Waits until something holds, and answers how many seconds it took; it must within the time."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.2)
    return time.monotonic() - began


def exports_done(one: stack.Stack) -> int:
    return rows(one, "SELECT count(*) FROM core_job WHERE kind = 'reports.export' AND state = 'done'")[0][0]


def say(words: str) -> None:
    print(f"\n  {words}")  # noqa: T201 - a drill is read as it runs


@pytest.fixture(scope="module")
def one():
    with stack.running(dict(os.environ), patients=PATIENTS) as running:
        yield running


def test_a_worker_killed_on_the_job_finishes_it_once(one):
    admin = Browser(one.url).sign_in("admin@demo.test")
    for _ in range(3):
        before = exports_done(one)
        assert admin.post("/exports/ask/", EXPORT)[0] == 200
        one.kill("worker")
        one.start("worker")
        seconds = until(lambda before=before: exports_done(one) == before + 1, 120)
        say(f"export finished {seconds:.1f} s after its worker was killed")
    found = rows(one, "SELECT count(*), count(file_name), count(DISTINCT file_name) FROM reports_export")
    assert found[0][0] == found[0][1] == found[0][2]


def test_with_redis_gone_people_go_on_working_and_nothing_is_lost(one):
    one.stop("redis")
    began = time.monotonic()
    admin = Browser(one.url).sign_in("admin@demo.test")
    say(f"signed in {time.monotonic() - began:.1f} s with Redis gone")
    before = exports_done(one)
    began = time.monotonic()
    assert admin.post("/exports/ask/", EXPORT)[0] == 200
    say(f"asked for an export in {time.monotonic() - began:.1f} s with Redis gone")
    assert one.status("/health/ready") == 200
    one.empty_redis()
    seconds = until(lambda: exports_done(one) == before + 1, 150)
    say(f"the export was done {seconds:.0f} s after Redis came back empty")


def test_two_beats_run_each_period_once(one):
    from tools import processes

    second = processes.child("beat", one.env, one.log_path.parent)
    second.start()
    try:
        before = rows(one, "SELECT coalesce(max(id), 0) FROM core_jobrun")[0][0]
        time.sleep(75)
    finally:
        second.stop()
    found = rows(
        one,
        f"SELECT name, count(*), count(DISTINCT period) FROM core_jobrun WHERE id > {before} GROUP BY name",
    )
    assert found
    assert all(runs == periods for _, runs, periods in found)
    say(f"two timers, each period once: {found}")


def test_web_stops_in_order_with_requests_in_flight(one):
    browsers = [Browser(one.url).sign_in("liaison@demo.test") for _ in range(4)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda b=b: answers.append(b.get("/transfers/")[0])) for b in browsers]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    began = time.monotonic()
    one.stop("web")
    seconds = time.monotonic() - began
    for thread in threads:
        thread.join()
    one.start("web")
    one.wait_ready()
    say(f"web stopped in {seconds:.1f} s; requests in flight answered {sorted(answers)}")
    assert set(answers) <= {200, 0}
    assert seconds < 30


def test_after_a_database_crash_the_web_comes_back():
    env = dict(os.environ)
    with stack.running(env, source=databases.migrated(env), own_postgres=True, parts=("web",)) as one:
        one.kill("postgres")
        until(lambda: one.status("/health/ready") == 503, 10)
        assert one.status("/health/live") == 200
        # What the killed server left behind has to let go of its memory first.
        time.sleep(5)
        one.start("postgres")
        seconds = until(lambda: one.status("/health/ready") == 200, 20)
        say(f"ready again {seconds:.1f} s after PostgreSQL was started again")
