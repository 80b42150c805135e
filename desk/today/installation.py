"""What waits for an administrator: work that failed, messages that did not go, and whether timed work runs."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max

from core.models import Job, JobRun, Notification
from organisations.actor import Actor

# A message is sent within a minute and tried again within the hour; a job is woken every minute.
LATE = timedelta(hours=1)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Sign:
    """One sign of health: how many, of what, where to look, and whether it is as it should be."""

    number: int
    words: str
    path: str
    is_well: bool


def signs(actor: Actor) -> list[Sign]:
    """Jobs and messages that need somebody, and the timed work that has stopped."""
    failed = Job.objects.filter(state=Job.State.FAILED, ended_at__gte=actor.at - A_WEEK).count()
    owed = Job.objects.owed(actor.at).filter(asked_at__lt=actor.at - LATE).count()
    unsent = unsent_messages().filter(made_at__lt=actor.at - LATE).count()
    return [
        Sign(failed, "jobs failed in the last week", "/manage/jobs/?state=failed", failed == 0),
        Sign(owed, "jobs have waited more than an hour", "/manage/jobs/?state=waiting", owed == 0),
        Sign(unsent, "e-mails have waited more than an hour", "/manage/messages/?state=unsent", unsent == 0),
    ]


def unsent_messages():
    """E-mails neither sent nor stopped."""
    return Notification.objects.filter(sent_at=None, stopped_at=None).exclude(mailbox="")


def last_runs() -> list[tuple[str, object]]:
    """When each timed job last began."""
    runs = JobRun.objects.values("name").annotate(last=Max("began_at")).order_by("name")
    return [(run["name"], run["last"]) for run in runs]
