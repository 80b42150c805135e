"""Timed work on the read log."""

from datetime import timedelta

from celery import shared_task
from django.db import connection
from django.utils import timezone

from accounts import readlog
from core.jobs import claim_run

MONTHS_AHEAD = 3


@shared_task
def make_partitions() -> None:
    """Make the read log's coming months, so that none begins without a place of its own."""
    if claim_run("make-partitions", timedelta(days=1), timezone.now()):
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_make_partitions(%s)", [MONTHS_AHEAD])


@shared_task
def take_up_spool() -> None:
    """Put what was noted while the log could not be written into the log. The spool is this machine's own."""
    readlog.take_up_spool()
