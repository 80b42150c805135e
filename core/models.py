"""Small tables that every flow needs and that know no domain word."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.querysets import DraftQuerySet, JobQuerySet, NotificationQuerySet

USER = settings.AUTH_USER_MODEL


class AppendOnly(models.Model):
    """Rows that nobody changes or removes: the application's database role has no right to (see core.privileges)."""

    class Meta:
        abstract = True


class Job(models.Model):
    """Work owed. PostgreSQL remembers it; a message in Redis only wakes a worker with its id."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    payload = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent done.")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_ended_job_says_when",
                condition=Q(state__in=["done", "failed"], ended_at__isnull=False)
                | Q(state__in=["waiting", "running"], ended_at__isnull=True),
            ),
            models.CheckConstraint(name="progress_is_a_percentage", condition=Q(progress__lte=100)),
        ]
        indexes = [
            models.Index(
                name="job_owed",
                fields=["asked_at"],
                condition=Q(state__in=["waiting", "running"]),
            )
        ]


class JobRun(models.Model):
    """One run of a timed job. The unique row makes any number of schedulers harmless."""

    name = models.CharField(max_length=60)
    period = models.DateTimeField(help_text="Start of the period that this run is for, UTC.")
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_timed_job_runs_once_a_period", fields=["name", "period"])
        ]


class Notification(models.Model):
    """The outbox, and the bell. The row exists once by its key; e-mail is sent at least once, with a stable id.

    Whoever asks for it decides who is told and in what words; no name or NHS number may be among them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    mailbox = models.EmailField(blank=True, default="")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    path = models.CharField(max_length=200, blank=True, default="", help_text="Where the person goes to act.")
    about_kind = models.CharField(max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(
        null=True, help_text="Not to be sent any more, for example after a death."
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_notification_is_for_a_user_or_a_mailbox",
                condition=Q(user__isnull=False) | ~Q(mailbox=""),
            ),
            # Not `unique=True`, which would bring an index for “begins with” that nobody asks of a key.
            models.UniqueConstraint(name="a_message_is_told_once", fields=["key"]),
        ]
        indexes = [
            models.Index(
                name="notification_owed",
                fields=["next_try_at"],
                condition=Q(sent_at=None, stopped_at=None) & ~Q(mailbox=""),
            ),
            models.Index(
                name="notification_bell", fields=["user", "-made_at"], condition=Q(user__isnull=False)
            ),
            models.Index(
                name="notification_unread", fields=["user"], condition=Q(user__isnull=False, read_at=None)
            ),
            models.Index(name="notification_about", fields=["about_kind", "about_id"]),
        ]


class Submission(models.Model):
    """A form sent once. A double click or a resend meets the key and gets the first answer."""

    key = models.UUIDField()
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    location = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="a_form_is_sent_once", fields=["user", "key"])]


class Draft(models.Model):
    """Answers to a flow of questions, kept as they are given. Not a record of care; it starts no clock."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="draft_of_a_user", fields=["user", "kind", "-saved_at"])]
