"""Messages: one row by its key, e-mail at least once and always under the same id."""

import smtplib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connections, transaction

from core import jobs, notifications
from core.models import Notification

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def published(monkeypatch):
    """What would have woken a worker."""
    sent = []
    monkeypatch.setattr(jobs._breaker, "publish", lambda task, args: sent.append(task))
    return sent


def a_message(key="one", **given):
    return notifications.Message(
        **{
            "key": key,
            "kind": "test.told",
            "mailbox": "unit@example.test",
            "subject": "Transfer AB12 is due on 4 March 2026",
            "body": "Day 12 of 14.",
            "path": "/transfers/1/",
            "made_at": AT,
            **given,
        }
    )


class Died(BaseException):
    """The worker is gone: nothing of its own code runs any more."""


@pytest.mark.django_db
def test_a_message_is_there_once_by_its_key():
    notifications.notify([a_message(), a_message("two")])
    notifications.notify([a_message(subject="Another"), a_message("three")])
    assert list(Notification.objects.order_by("pk").values_list("key", "subject")) == [
        (key, "Transfer AB12 is due on 4 March 2026") for key in ("one", "two", "three")
    ]


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_told(published):
    with transaction.atomic():
        notifications.notify([a_message()])
        transaction.set_rollback(True)
    assert notifications.send_owed(AT) == 0
    assert (mail.outbox, published) == ([], [])


def test_a_worker_is_woken_after_the_commit(committed_db, published):
    with transaction.atomic():
        notifications.notify([a_message()])
        assert published == []
    assert published == ["core.tasks.send_now"]


@pytest.mark.django_db
def test_an_email_has_its_words_its_link_and_a_stable_id(settings):
    settings.SITE_URL = "https://pathways.example"
    notifications.notify([a_message()])
    assert notifications.send_owed(AT) == 1
    (sent,) = mail.outbox
    row = Notification.objects.get()
    assert (sent.to, sent.subject) == (["unit@example.test"], "Transfer AB12 is due on 4 March 2026")
    assert sent.body == "Day 12 of 14.\n\nhttps://pathways.example/transfers/1/\n"
    assert sent.extra_headers["Message-ID"] == f"<{row.public_id}@pathways.example>"
    assert sent.message()["Message-ID"] == f"<{row.public_id}@pathways.example>"
    assert row.sent_at


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again():
    notifications.notify([a_message()])
    assert [notifications.send_owed(AT + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["before it is sent", "after it is sent"])
def test_a_worker_that_dies_is_followed_by_another_under_the_same_id(monkeypatch, moment):
    notifications.notify([a_message()])
    real = mail.EmailMessage.send

    def dying(message, *args, **kwargs):
        if moment == "after it is sent":
            real(message)
        raise Died

    monkeypatch.setattr(mail.EmailMessage, "send", dying)
    with pytest.raises(Died):
        notifications.send_owed(AT)
    monkeypatch.setattr(mail.EmailMessage, "send", real)

    assert notifications.send_owed(AT + timedelta(seconds=10)) == 0
    assert notifications.send_owed(AT + notifications.LEASE) == 1
    row = Notification.objects.get()
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert ids == {f"<{row.public_id}@{notifications.urlsplit(notifications.settings.SITE_URL).hostname}>"}
    assert len(mail.outbox) == (2 if moment == "after it is sent" else 1)


@pytest.mark.django_db
def test_one_mailbox_that_fails_neither_stops_the_others_nor_is_forgotten(monkeypatch):
    notifications.notify([a_message("bad", mailbox="gone@example.test"), a_message("good")])
    real = mail.EmailMessage.send

    def send(message, *args, **kwargs):
        if message.to == ["gone@example.test"]:
            raise smtplib.SMTPRecipientsRefused({})
        return real(message)

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    assert notifications.send_owed(AT) == 1
    bad = Notification.objects.get(key="bad")
    assert (bad.sent_at, bad.attempts) == (None, 1)
    assert bad.next_try_at


def test_each_failure_waits_longer_up_to_an_hour():
    waits = [notifications.wait_after(attempts) for attempts in (1, 2, 3, 7, 40)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 60, 60)]


@pytest.mark.django_db
def test_the_bell_alone_sends_nothing(published, django_user_model, django_capture_on_commit_callbacks):
    user = django_user_model.objects.create(email="a@example.test", name="A", date_joined=AT)
    with django_capture_on_commit_callbacks(execute=True):
        notifications.notify([a_message(mailbox="", user_id=user.pk)])
    assert (published, notifications.send_owed(AT)) == ([], 0)
    assert Notification.objects.bell_of(user).unread().count() == 1


@pytest.mark.django_db
def test_nothing_more_is_sent_about_what_was_stopped():
    notifications.notify(
        [a_message(about_kind="referral", about_id=7), a_message("two", about_kind="referral", about_id=8)]
    )
    notifications.stop_about("referral", [7], at=AT)
    assert notifications.send_owed(AT) == 1
    assert Notification.objects.get(key="one").sent_at is None


@pytest.mark.race
def test_many_workers_send_each_message_once(committed_db):
    notifications.notify([a_message(str(number)) for number in range(120)])
    gate = threading.Barrier(4)

    def worker():
        gate.wait()
        notifications.send_owed(AT)
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(mail.outbox) == 120
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 120
