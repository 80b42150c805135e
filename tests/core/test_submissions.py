"""A form sent twice acts once, and both senders see the first answer."""

import threading
import time
import uuid
from types import SimpleNamespace

import pytest
from django.db import connections
from django.shortcuts import redirect
from django.test import RequestFactory

from core.actions import action
from core.forms import PathwaysForm
from core.models import Draft, Submission
from core.refusals import Refused
from core.submissions import once
from tests.world import NOW, a_user


class Ask(PathwaysForm):
    """Nothing but the key."""

    sent_once = True


def request_of(user):
    request = RequestFactory().post("/ask/")
    request.user, request.actor = user, SimpleNamespace(user=user, at=NOW, trace=dict)
    return request


@action
def begin(*, fails: bool = False, by) -> Draft:
    """Leaves one row for each time that it acts."""
    draft = Draft.objects.create(user=by.user, kind="test", begun_at=NOW, saved_at=NOW)
    if fails:
        raise Refused("Not now.")
    return draft


def send(user, key, *, fails: bool = False, pause: float = 0):
    """The response to one sending, or None when the action refused."""
    request, form = request_of(user), Ask({"submission": str(key) if key else ""})
    assert form.is_valid()

    def answer():
        if done := form.attempt(begin, fails=fails, by=request.actor):
            time.sleep(pause)
            return redirect(f"/drafts/{done.value.public_id}/")
        return None

    return once(request, form, answer)


def test_the_second_sending_gets_the_first_answer(db):
    user, key = a_user("Ines"), uuid.uuid4()
    first, second = send(user, key), send(user, key)
    assert first["Location"] == second["Location"]
    assert Draft.objects.count() == 1


def test_another_opening_of_the_form_is_another_sending(db):
    user = a_user("Ines")
    assert send(user, uuid.uuid4())["Location"] != send(user, uuid.uuid4())["Location"]
    assert send(user, None)["Location"] != send(user, None)["Location"]
    assert Draft.objects.count() == 4


def test_somebody_elses_key_is_not_mine(db):
    key = uuid.uuid4()
    assert send(a_user("Ines"), key)["Location"] != send(a_user("Lena"), key)["Location"]


def test_a_refused_form_may_be_put_right_and_sent_again(db):
    user, key = a_user("Ines"), uuid.uuid4()
    assert send(user, key, fails=True) is None
    assert not Submission.objects.exists()
    assert not Draft.objects.exists()
    assert send(user, key)["Location"].startswith("/drafts/")


def test_an_error_keeps_nothing(db):
    user, key = a_user("Ines"), uuid.uuid4()
    form = Ask({"submission": str(key)})
    assert form.is_valid()
    with pytest.raises(ZeroDivisionError):
        once(request_of(user), form, lambda: 1 / 0)
    assert not Submission.objects.exists()


@pytest.mark.race
def test_two_sendings_at_once_act_once(committed_db):
    user, key = a_user("Ines"), uuid.uuid4()
    together, places = threading.Barrier(4), []

    def press() -> None:
        together.wait()
        try:
            places.append(send(user, key, pause=0.2)["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 4
    assert len(set(places)) == 1
    assert Draft.objects.count() == 1
