"""Queries prepared once: the same rows as the queryset they are made of, for any id and on any thread."""

import threading

import pytest
from django.db import connections

from core.models import Draft, Notification
from core.notifications import Message, notify
from core.prepared import Prepared
from tests.core.test_notifications import AT

ABOUT = Prepared(lambda pk: Notification.objects.filter(about_id=pk).select_related("user").order_by("-key"))


def told(key, about, user=None):
    return Message(
        key, "test.told", "Subject", "Body", AT, about_id=about, user_id=user, mailbox="a@example.test"
    )


@pytest.mark.django_db
def test_it_answers_as_its_queryset_does_with_what_is_one_step_away(
    django_user_model, django_assert_num_queries
):
    user = django_user_model.objects.create(email="a@example.test", name="A", date_joined=AT)
    notify([told("a", 1), told("b", 1, user.pk), told("c", 2)])
    with django_assert_num_queries(1):
        found = ABOUT.of(1)
        assert [(row.key, row.user) for row in found] == [("b", user), ("a", None)]
    assert [row.key for row in ABOUT.of(2)] == ["c"]
    assert ABOUT.of(3) == []


def test_each_thread_asks_over_its_own_connection(committed_db):
    notify([told("a", 1)])
    ABOUT.of(1)
    found = []

    def ask():
        found.extend(ABOUT.of(1))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert [row.key for row in found] == ["a"] * 4


@pytest.mark.django_db
def test_what_cannot_be_prepared_says_so():
    with pytest.raises(TypeError, match="about the id"):
        Prepared(lambda pk: Draft.objects.all()).of(1)
    with pytest.raises(TypeError, match="nothing beside"):
        Prepared(lambda pk: Draft.objects.filter(user=pk).prefetch_related("user")).of(1)
