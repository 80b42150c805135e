"""Where Celery comes in. Timed tasks claim their run, so that any number of schedulers is as good as one."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import drafts, jobs, notifications


@shared_task
def run_job(job_id: int) -> None:
    """Do one job that is owed."""
    jobs.run(job_id)


@shared_task
def send_now() -> None:
    """Send what has just been put into the outbox."""
    notifications.send_owed(timezone.now())


@shared_task
def send_owed() -> None:
    """Send what is still in the outbox, whoever should have sent it."""
    at = timezone.now()
    if jobs.claim_run("send-owed", timedelta(minutes=1), at):
        notifications.send_owed(at)


@shared_task
def reap_jobs() -> None:
    """Wake workers for jobs that nobody is at work on."""
    at = timezone.now()
    if jobs.claim_run("reap-jobs", timedelta(seconds=30), at):
        jobs.reap(at)


@shared_task
def clear_drafts() -> None:
    """Remove what is only kept for a while."""
    at = timezone.now()
    if jobs.claim_run("clear-drafts", timedelta(days=1), at):
        drafts.clear(at)
        jobs.forget_runs(at)
