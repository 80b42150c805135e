"""Work that is owed is done, once by whoever holds it, whatever happens to Redis and to workers."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import redis
from celery import current_app
from django.db import connections, transaction
from django.utils import timezone

from config.celery import app
from core import jobs, tasks
from core.models import Job, JobRun
from core.refusals import Refused
from organisations.actor import Actor

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_breaker(monkeypatch):
    monkeypatch.setattr(jobs, "_breaker", jobs.Breaker())


@pytest.fixture
def broker(redis_server, monkeypatch):
    """Celery pointed at a Redis of this test alone."""
    monkeypatch.setattr(app.conf, "broker_url", redis_server.url)
    monkeypatch.setattr(app.conf, "broker_write_url", redis_server.url)
    return redis_server


@pytest.fixture
def kinds(monkeypatch):
    """A table of handlers that this test may fill."""
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs, "NAMES", {})
    return jobs.HANDLERS


def _ask(key="one", payload=None):
    return jobs.ask("test.work", key=key, payload=payload or {}, by=Actor.system("test", at=timezone.now()))


def _queued(server):
    return redis.Redis.from_url(server.url).llen("celery")


@pytest.mark.django_db
def test_the_same_question_is_one_job(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs._breaker, "publish", lambda *message: sent.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        first, second = _ask(payload={"year": 2026}), _ask(payload={"year": 1999})
    assert first == second
    assert second.payload == {"year": 2026}
    assert sent == [("core.tasks.run_job", (first.pk,))]


def test_a_worker_is_woken_after_the_commit_and_never_before(committed_db, broker):
    with transaction.atomic():
        _ask()
        assert _queued(broker) == 0
    assert _queued(broker) == 1


def test_nothing_is_published_for_what_was_rolled_back(committed_db, broker):
    with transaction.atomic():
        _ask()
        transaction.set_rollback(True)
    assert (Job.objects.count(), _queued(broker)) == (0, 0)


def test_with_redis_away_asking_is_quick_and_nothing_is_lost(committed_db, broker, kinds):
    kinds["test.work"] = lambda job: {"done": True}
    broker.stop()
    began = time.monotonic()
    asked = [_ask(key=str(number)) for number in range(20)]
    assert time.monotonic() - began < 2
    assert Job.objects.owed(timezone.now()).count() == 20

    broker.empty()
    broker.ensure()
    jobs._breaker.closed_until = 0
    assert jobs.reap(timezone.now()) == 20
    assert _queued(broker) == 20
    for job in asked:
        tasks.run_job(job.pk)
    assert Job.objects.filter(state="done").count() == 20


def test_a_redis_that_accepts_and_says_nothing_costs_a_second_once(committed_db, monkeypatch):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        monkeypatch.setattr(app.conf, "broker_url", address)
        monkeypatch.setattr(app.conf, "broker_write_url", address)
        began = time.monotonic()
        _ask(key="first")
        first = time.monotonic() - began
        _ask(key="second")
        second = time.monotonic() - began - first
    assert first < 3
    assert second < 0.2


def test_after_a_while_redis_is_tried_again(broker, monkeypatch):
    breaker = jobs.Breaker()
    broker.stop()
    assert not breaker.publish("core.tasks.run_job", (1,))
    broker.ensure()
    assert not breaker.publish("core.tasks.run_job", (1,))
    breaker.closed_until = time.monotonic() - 1
    assert breaker.publish("core.tasks.run_job", (1,))


@pytest.mark.django_db
def test_a_job_is_done_and_says_so(kinds):
    def work(job):
        jobs.progress(job, 40)
        assert Job.objects.get(pk=job.pk).progress == 40
        return {"rows": 3}

    jobs.handles("test.work", "Work of a test")(work)
    job = _ask()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.progress, job.attempts) == ("done", {"rows": 3}, 100, 1)
    assert job.ended_at


@pytest.mark.django_db
def test_a_message_that_comes_twice_is_one_piece_of_work(kinds):
    done = []
    kinds["test.work"] = lambda job: done.append(job.pk)
    job = _ask()
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert done == [job.pk]


@pytest.mark.django_db
def test_a_refusal_ends_the_job_with_its_sentence(kinds):
    def work(job):
        raise Refused("There is nothing to export.")

    kinds["test.work"] = work
    job = _ask()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("failed", {"refused": "There is nothing to export."})


@pytest.mark.django_db
def test_an_error_is_tried_five_times_and_then_told(kinds):
    tried = []

    def work(job):
        tried.append(job.attempts)
        raise ZeroDivisionError

    kinds["test.work"] = work
    job = _ask()
    for _ in range(7):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (tried, job.state) == ([1, 2, 3, 4, 5], "failed")


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_owed_again_after_a_minute(kinds):
    kinds["test.work"] = lambda job: None
    job = _ask()
    stopped = timezone.now() - timedelta(seconds=61)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, heartbeat_at=stopped)
    assert jobs.reap(timezone.now() - timedelta(seconds=10)) == 0
    assert jobs.reap(timezone.now()) == 1
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_is_given_up(kinds):
    kinds["test.work"] = lambda job: {"tried": "once more"}
    job = _ask()
    stopped = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=5, heartbeat_at=stopped)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("failed", 5, None)


@pytest.mark.django_db
def test_a_worker_that_was_given_up_does_not_write_over_its_successor(kinds):
    def slow(job):
        # Meanwhile another worker took the job: its attempt is the second.
        Job.objects.filter(pk=job.pk).update(attempts=2)
        return {"from": "the first"}

    kinds["test.work"] = slow
    job = _ask()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("running", None)


@pytest.mark.race
def test_two_workers_and_one_job(committed_db, broker, kinds):
    done, gate = [], threading.Barrier(4)

    def work(job):
        done.append(job.pk)
        time.sleep(0.2)

    kinds["test.work"] = work
    job = _ask()

    def worker():
        gate.wait()
        jobs.run(job.pk)
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert done == [job.pk]


def test_a_long_job_keeps_giving_signs_of_life(committed_db, broker, kinds, monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.05)
    began = timezone.now()

    def work(job):
        deadline = time.monotonic() + 5
        while (
            time.monotonic() < deadline and not Job.objects.filter(pk=job.pk, heartbeat_at__gt=seen).exists()
        ):
            time.sleep(0.02)
        return {"beats": Job.objects.filter(pk=job.pk, heartbeat_at__gt=seen).exists()}

    kinds["test.work"] = work
    job = _ask()
    seen = began + timedelta(seconds=0.06)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"beats": True}


@pytest.mark.django_db
def test_a_timed_job_runs_once_a_period():
    quarter = timedelta(minutes=15)
    claims = [
        jobs.claim_run("sweep", quarter, AT + timedelta(minutes=minute)) for minute in (0, 1, 14, 15, 29, 30)
    ]
    assert claims == [True, False, False, True, False, True]
    assert jobs.claim_run("another", quarter, AT)


@pytest.mark.race
def test_two_schedulers_run_a_timed_job_once(committed_db):
    won, gate = [], threading.Barrier(8)

    def scheduler():
        gate.wait()
        won.append(jobs.claim_run("sweep", timedelta(minutes=15), AT))
        connections.close_all()

    threads = [threading.Thread(target=scheduler) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(won) == [False] * 7 + [True]


@pytest.mark.django_db
def test_old_notes_of_timed_runs_are_removed():
    jobs.claim_run("sweep", timedelta(minutes=15), AT - timedelta(days=8))
    jobs.claim_run("sweep", timedelta(minutes=15), AT)
    jobs.forget_runs(AT)
    assert JobRun.objects.count() == 1


def test_celery_knows_the_tasks_by_the_names_they_are_woken_by():
    current_app.loader.import_default_modules()
    assert {"core.tasks.run_job", "core.tasks.send_now", "core.tasks.send_owed"} <= set(current_app.tasks)
