"""The outbox. A row exists once by its key, in the transaction of what it tells; e-mail goes out at least once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from core.jobs import publish
from core.models import Notification

log = structlog.get_logger("pathways.notifications")

# A slow mail server takes ten seconds a message (EMAIL_TIMEOUT), so a batch is sent within the lease.
BATCH = 10
# Messages put into the outbox by one statement.
AT_ONCE = 5000
# A worker that died holding a batch is followed by another after this.
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


@dataclass
class Message:
    """What is told, to a user by the bell or to a mailbox by e-mail; the key makes it once-only.

    Whoever makes it chooses the words; no name or NHS number may be among them. `path` is where to go to act.
    """

    key: str
    kind: str
    subject: str
    body: str
    made_at: datetime
    user_id: int | None = None
    mailbox: str = ""
    path: str = ""
    about_kind: str = ""
    about_id: int | None = None


# A bad morning has tens of thousands of messages, so they go in as a set and not as a model each.
_PUT = """
INSERT INTO core_notification (public_id, key, kind, user_id, mailbox, subject, body, path, about_kind, about_id,
                               made_at, attempts)
SELECT gen_random_uuid(), message.*, 0
  FROM jsonb_to_recordset(%s::jsonb)
    AS message(key text, kind text, user_id int, mailbox text, subject text, body text, path text, about_kind text,
               about_id bigint, made_at timestamptz)
    ON CONFLICT (key) DO NOTHING
"""


def notify(messages: Iterable[Message]) -> None:
    """Put messages into the outbox; one whose key is there already is left as it is. They go after the commit."""
    told = list(messages)
    with connection.cursor() as cursor:
        for first in range(0, len(told), AT_ONCE):
            rows = [vars(one) for one in told[first : first + AT_ONCE]]
            cursor.execute(_PUT, [json.dumps(rows, default=datetime.isoformat)])
    if any(one.mailbox for one in told):
        publish("core.tasks.send_now")


def stop_about(kind: str, ids: Iterable[int], *, at: datetime) -> None:
    """Send nothing more about these things, for example after a death."""
    unsent = Notification.objects.filter(
        about_kind=kind, about_id__in=list(ids), sent_at=None, stopped_at=None
    )
    unsent.update(stopped_at=at)


def send_owed(at: datetime) -> int:
    """Send every e-mail whose time has come; how many went. Any number of workers may do so at once."""
    sent = 0
    while batch := _claim(at):
        sent += sum(_send(row) for row in batch)
    return sent


def _claim(at: datetime) -> list[Notification]:
    """Take some for ourselves, committed before anything is sent: who dies now leaves them owed after the lease."""
    with transaction.atomic():
        owed = Notification.objects.owed(at).select_for_update(skip_locked=True, no_key=True)
        batch = list(owed.order_by("pk")[:BATCH])
        for row in batch:
            row.attempts += 1
            row.next_try_at = at + LEASE
        Notification.objects.bulk_update(batch, ["attempts", "next_try_at"])
    return batch


def _send(row: Notification) -> bool:
    try:
        message_for(row).send()
    except (
        OSError,
        ValueError,
    ) as error:  # smtplib's errors are OSErrors; a header that can't be is a ValueError
        Notification.objects.filter(pk=row.pk).update(next_try_at=timezone.now() + wait_after(row.attempts))
        log.warning("e-mail not sent", notification=str(row.public_id), error=type(error).__name__)
        return False
    Notification.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    return True


def message_for(row: Notification) -> mail.EmailMessage:
    """The e-mail of a row. Its Message-ID is the same each time, so that a mail server can drop a second copy."""
    link = f"\n\n{settings.SITE_URL}{row.path}\n" if row.path else "\n"
    return mail.EmailMessage(
        subject=row.subject,
        body=row.body + link,
        to=[row.mailbox],
        headers={
            "Message-ID": f"<{row.public_id}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def wait_after(attempts: int) -> timedelta:
    """One minute after the first failure, then twice as long each time, up to an hour."""
    return min(timedelta(minutes=2 ** (min(attempts, 10) - 1)), LONGEST_WAIT)
