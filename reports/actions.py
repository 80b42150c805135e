"""Every write of reports: exports asked for and finished, views kept by name."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from accounts.rights import Right
from core import jobs
from core.actions import action
from core.refusals import Refused
from organisations.actor import Actor
from reports import rules
from reports.figures.asked import slips_in_time
from reports.models import Export, SavedView

JOB = "reports.export"


@action
def ask_export(
    subject: str,
    *,
    form: str,
    filters: Mapping[str, str],
    why: str,
    with_names: bool = False,
    identity_why: str = "",
    by: Actor,
) -> Export:
    """Ask for a file, which a worker writes from what is known at this moment."""
    if by.user is None or not by.has(Right.EXPORT):
        raise Refused("Your role does not export.")
    rules.check_meant(filters, slips_in_time(filters, now=by.at))
    rules.check_export(subject, filters, why, with_names=with_names, identity_why=identity_why)
    public_id = uuid4()
    job = jobs.ask(JOB, key=f"export:{public_id}", payload={"export": str(public_id)}, by=by)
    return Export.objects.create(
        public_id=public_id,
        job=job,
        subject=subject,
        form=Export.Form(form),
        filters=dict(filters),
        why=why.strip(),
        holds_identity=with_names,
        identity_why=identity_why.strip() if with_names else "",
        asked_by=by.user,
        asked_at=by.at,
    )


@action
def finish_export(export: Export, *, file_name: str, rows: int, size: int, by: Actor) -> bool:
    """Say that the file is there. False when another worker has said so of a file of its own."""
    held = Export.objects.select_for_update(no_key=True).get(pk=export.pk)
    if held.expires_at is not None:
        return False
    held.file_name, held.rows, held.bytes = file_name, rows, size
    held.expires_at = by.at + rules.KEPT_FOR
    held.save(update_fields=["file_name", "rows", "bytes", "expires_at"])
    return True


@action
def forget_file(export: Export, *, by: Actor) -> None:
    """Say that the file has gone. What was asked for, by whom and why, stays."""
    export.file_name = ""
    export.save(update_fields=["file_name"])


@action
def keep_view(page: str, *, name: str, query: str, by: Actor) -> SavedView:
    """Keep a page's filters under a name of one's own."""
    if by.user is None:
        raise Refused("Only a person keeps views.")
    kept = SavedView.objects.visible_to(by)
    rules.check_view(name, kept=kept.count())
    return SavedView.objects.create(user=by.user, page=page, name=name.strip()[:60], query=query[:500])


@action
def remove_view(view: SavedView, *, by: Actor) -> None:
    """Forget a view of one's own."""
    view.delete()


def is_ready(export: Export, *, at: datetime) -> bool:
    """Whether the file can be had."""
    return bool(export.file_name) and export.expires_at is not None and export.expires_at > at
