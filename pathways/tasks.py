"""When the clocks are swept, and people are told of holds that have run out and of authorities counted in hours."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.jobs import claim_run
from organisations.actor import Actor
from pathways import alarms
from pathways.actions import clocks, run_out

QUARTER_HOUR = timedelta(minutes=15)


@shared_task
def sweep_clocks() -> None:
    """Raise every flag owed. Of two schedulers that ask in the same quarter of an hour, one is heard."""
    at = timezone.now()
    if claim_run("sweep-clocks", QUARTER_HOUR, at):
        clocks.raise_flags(by=Actor.system("sweep-clocks", at=at))


@shared_task
def tell_of_holds() -> None:
    """Tell of holds that have run out, once however many schedulers ask."""
    at = timezone.now()
    if claim_run("tell-of-holds", QUARTER_HOUR, at):
        run_out.tell_of_holds(by=Actor.system("tell-of-holds", at=at))


@shared_task
def tell_of_hours() -> None:
    """Tell of authorities in hours that are nearly over or over, once however many schedulers ask."""
    at = timezone.now()
    if claim_run("tell-of-hours", QUARTER_HOUR, at):
        alarms.tell_of_hours(by=Actor.system("tell-of-hours", at=at))
