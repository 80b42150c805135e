"""When the clocks are swept."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.jobs import claim_run
from organisations.actor import Actor
from pathways.actions import clocks

QUARTER_HOUR = timedelta(minutes=15)


@shared_task
def sweep_clocks() -> None:
    """Raise every flag owed. Of two schedulers that ask in the same quarter of an hour, one is heard."""
    at = timezone.now()
    if claim_run("sweep-clocks", QUARTER_HOUR, at):
        clocks.raise_flags(by=Actor.system("sweep-clocks", at=at))
