"""Timed work of referrals."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.jobs import claim_run
from organisations.actor import Actor
from referrals import actions


@shared_task
def lapse_warrants() -> None:
    """Lapse warrants whose last day is behind, also those whose clock raises no flag."""
    at = timezone.now()
    if claim_run("referrals.lapse_warrants", timedelta(hours=1), at):
        by = Actor.system("referrals.lapse_warrants", at=at)
        actions.lapse_warrants(on=by.today, by=by)
