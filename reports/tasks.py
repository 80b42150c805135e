"""Timed work of reports."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.jobs import claim_run
from organisations.actor import Actor
from reports import actions
from reports.exports import files
from reports.models import Export


@shared_task
def clear_exports() -> None:
    """Take away files whose 24 hours are over, and what workers left that were killed."""
    at = timezone.now()
    if not claim_run("reports.clear_exports", timedelta(hours=1), at):
        return
    by = Actor.system("reports.clear_exports", at=at)
    for export in Export.objects.expired(at=at):
        files.remove(export.file_name)
        actions.forget_file(export, by=by)
    files.remove_orphans(set(Export.objects.ready(at=at).values_list("file_name", flat=True)))
