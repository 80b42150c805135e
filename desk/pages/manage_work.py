"""Work owed: jobs and messages, to be looked at."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import Right
from core.jobs import NAMES
from core.models import Job
from core.tables import Column, Filter, Table, choices_of
from desk import registers
from organisations.doors import needs

STATES = [
    ("unsent", "E-mails not sent"),
    ("sent", "E-mails sent"),
    ("stopped", "Stopped"),
    ("bell", "Bell only"),
]


@require_safe
@needs(Right.READ_AUDIT)
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs, newest first."""
    table = Table(
        request,
        registers.jobs(request.actor),
        name="jobs",
        caption="Jobs",
        columns=[
            Column("asked", "Asked", "asked_at", sort="asked_at"),
            Column("kind", "What", lambda job: NAMES.get(job.kind, job.kind), sort="kind"),
            Column("state", "State", lambda job: job.get_state_display(), sort="state"),
            Column("progress", "Per cent", "progress", sort="progress", numeric=True),
            Column("attempts", "Attempts", "attempts", sort="attempts", numeric=True),
            Column("by", "Asked by", lambda job: job.asked_by.name if job.asked_by else "The system"),
            Column("ended", "Ended", "ended_at", sort="ended_at"),
        ],
        filters=[Filter("state", "State", _in_state, choices_of(Job.State.choices))],
        order=["-asked_at"],
        nothing="No job fits." if request.GET else "No work has been asked of the workers.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _in_state(rows: Any, state: str) -> Any:
    return rows.filter(state=state)


@require_safe
@needs(Right.READ_AUDIT)
def messages(request: HttpRequest) -> HttpResponse:
    """E-mails and bells, newest first. No name of a patient is ever in one."""
    table = Table(
        request,
        registers.messages(request.actor),
        name="messages",
        caption="Messages sent and unsent",
        columns=[
            Column("made", "Made", "made_at", sort="made_at"),
            Column("subject", "What", "subject"),
            Column("to", "To", lambda row: row.mailbox or (row.user.name if row.user else "")),
            Column("how", "How", lambda row: "E-mail" if row.mailbox else "Bell"),
            Column("sent", "Sent", "sent_at", sort="sent_at"),
            Column("attempts", "Attempts", "attempts", sort="attempts", numeric=True),
            Column("next", "Next try", "next_try_at", sort="next_try_at"),
            Column("stopped", "Stopped", "stopped_at", sort="stopped_at"),
        ],
        filters=[Filter("state", "State", _messages_in_state, STATES)],
        order=["-made_at"],
        nothing="No message fits." if request.GET else "Nothing has been sent yet.",
    )
    return table.answer("desk/manage_list.jinja", back=reverse("desk:manage"), back_words="Manage")


def _messages_in_state(rows: Any, state: str) -> Any:
    emails = rows.exclude(mailbox="")
    return {
        "unsent": emails.filter(sent_at=None, stopped_at=None),
        "sent": emails.exclude(sent_at=None),
        "stopped": rows.exclude(stopped_at=None),
        "bell": rows.filter(mailbox=""),
    }[state]
