"""Work that is owed. PostgreSQL remembers it; a message in Redis only wakes a worker, and may be lost or doubled."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from core.models import Job, JobRun
from core.refusals import Refused

log = structlog.get_logger("pathways.jobs")
Handler = Callable[[Job], dict[str, Any] | None]

MOST_ATTEMPTS = 5
HEARTBEAT_SECONDS = 15
# How long Redis is left alone after it did not answer, so that its absence costs one request and not each.
LEFT_ALONE_SECONDS = 30
RUNS_ARE_KEPT = timedelta(days=7)

HANDLERS: dict[str, Handler] = {}
# What the jobs of a kind are called where people look at them.
NAMES: dict[str, str] = {}


def handles(kind: str, name: str) -> Callable[[Handler], Handler]:
    """Register what does the jobs of a kind. It may be run again after a crash, so it must bear being run twice."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind], NAMES[kind] = handler, name
        return handler

    return register


def ask(kind: str, *, key: str, payload: dict[str, Any], by: Any) -> Job:
    """The job of this key: made and a worker woken, or the one that was asked for before."""
    job, is_new = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload, "asked_at": by.at, "asked_by": by.user}
    )
    if is_new:
        wake(job)
    return job


def wake(job: Job) -> None:
    """Wake a worker for a job once what is being written is committed."""
    publish("core.tasks.run_job", job.pk)


def publish(task: str, *args: Any) -> None:
    """The only door to Celery. Never fails and never waits long: what is not published, the timed jobs find."""
    transaction.on_commit(partial(_breaker.publish, task, args), robust=True)


class Breaker:
    """Publishes while Redis answers; after a failure leaves it alone for a while."""

    def __init__(self) -> None:
        self.closed_until = 0.0

    def publish(self, task: str, args: tuple[Any, ...]) -> bool:
        """Whether the message went."""
        if time.monotonic() < self.closed_until:
            return False
        try:
            with _connection() as broker:
                current_app.send_task(task, args, connection=broker, retry=False)
        except Exception as error:  # kombu's transports raise many kinds, and none may reach the person
            self.closed_until = time.monotonic() + LEFT_ALONE_SECONDS
            log.warning("no worker woken", task=task, error=type(error).__name__)
            return False
        return True


def _connection() -> Any:
    """A connection to Redis that gives up after a second instead of trying for ever, as the shared one does."""
    patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0, "retry_on_timeout": False}
    return current_app.connection_for_write(connect_timeout=1, transport_options=patience)


_breaker = Breaker()


@contextmanager
def nobody_woken() -> Iterator[None]:
    """Write without waking workers, where there is nothing to be done at once: the timed jobs find what is owed."""
    _breaker.closed_until = math.inf
    try:
        yield
    finally:
        _breaker.closed_until = 0.0


def reap(at: datetime) -> int:
    """Wake a worker for every job that nobody is at work on; how many."""
    owed = list(Job.objects.owed(at).order_by("asked_at"))
    for job in owed:
        wake(job)
    return len(owed)


def run(job_id: int) -> None:
    """Do a job, unless another worker has it. Its end is written only by whoever still holds it."""
    job = _claim(job_id, timezone.now())
    if job is None:
        return
    try:
        with _heartbeat(job):
            result = HANDLERS[job.kind](job)
    except Refused as refusal:
        _end(job, Job.State.FAILED, {"refused": refusal.sentence})
    except Exception:
        log.exception("job failed", job=str(job.public_id), kind=job.kind, attempt=job.attempts)
        _give_back(job)
    else:
        _end(job, Job.State.DONE, result, progress=100)


def progress(job: Job, per_cent: int) -> None:
    """Say how far a job has come; also a sign of life."""
    _held(job).update(progress=min(per_cent, 100), heartbeat_at=timezone.now())


def _claim(job_id: int, at: datetime) -> Job | None:
    with transaction.atomic():
        owed = Job.objects.owed(at).select_for_update(skip_locked=True, no_key=True)
        job = owed.filter(pk=job_id).first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            # Its workers died each time, or it would have been ended below.
            Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, ended_at=at)
            return None
        job.state, job.heartbeat_at = Job.State.RUNNING, at
        job.attempts += 1
        job.save(update_fields=["state", "heartbeat_at", "attempts"])
    return job


def _held(job: Job) -> Any:
    """The job's row, if no other worker has taken it since: its attempt number is the proof."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _end(job: Job, state: str, result: dict[str, Any] | None, **more: Any) -> None:
    _held(job).update(state=state, result=result, ended_at=timezone.now(), **more)


def _give_back(job: Job) -> None:
    """Owed again, for the reaper to wake; or failed after the last attempt."""
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, Job.State.FAILED, None)
    else:
        _held(job).update(state=Job.State.WAITING, heartbeat_at=None, progress=0)


@contextmanager
def _heartbeat(job: Job) -> Any:
    """Write a sign of life now and then while a job is done, from a thread with a connection of its own."""
    is_over = threading.Event()

    def beat() -> None:
        while not is_over.wait(HEARTBEAT_SECONDS):
            try:
                _held(job).update(heartbeat_at=timezone.now())
            except Exception:  # a database that is away for a moment must not end the heartbeat
                log.warning("no heartbeat", job=str(job.public_id))
            finally:
                connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def claim_run(name: str, period: timedelta, at: datetime) -> bool:
    """Whether this run of a timed job is ours: the first to ask in a period of this length (UTC) gets it."""
    seconds = period.total_seconds()
    begin = datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
    # INSERT … ON CONFLICT DO NOTHING does not say through the ORM whether it inserted.
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {JobRun._meta.db_table} (name, period, began_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [name, begin, at],
        )
        return bool(cursor.rowcount)


def forget_runs(at: datetime) -> None:
    """Remove the notes of timed runs that are a week old; they only keep one period from running twice."""
    JobRun.objects.filter(period__lt=at - RUNS_ARE_KEPT).delete()
