"""Twenty people want one bed in the same moment, by real requests to a real server."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from pathways.models import BedUse
from referrals.models import BedOffer
from tests.referrals.asking import boxes
from tests.referrals.sending import address, hidden
from tests.referrals.transfers import accepted, approach_of, on
from tests.world import NOW, a_patient, client_of, make_england

TAKERS = 20


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request, as the web server has."""

    daemon_threads = True
    request_queue_size = 2 * TAKERS


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_args):
        pass


def closing(application):
    """Gives the thread's database connection back when the answer is made."""

    def answer(environ, start_response):
        try:
            return [b"".join(application(environ, start_response))]
        finally:
            connections.close_all()

    return answer


@pytest.fixture
def server(committed_db, time_machine):
    time_machine.move_to(NOW, tick=False)
    one = Server(("127.0.0.1", 0), Quiet)
    one.set_app(closing(get_wsgi_application()))
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{one.server_port}"
    one.shutdown()
    thread.join()
    one.server_close()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def posted(url: str, path: str, client, fields: dict[str, str]) -> int:
    """The status that a browser with this client's cookies gets for a form."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = {"Cookie": cookies, "Referer": url + path, "Origin": url}
    request = urllib.request.Request(url + path, urllib.parse.urlencode(fields).encode(), headers)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as other:
        with other:
            return other.code


@pytest.mark.race
@pytest.mark.timeout(300)
def test_of_twenty_who_give_one_bed_over_http_one_does(server):
    england = make_england()
    forms = []
    for _ in range(TAKERS):
        referral = accepted(england, patient=a_patient(england))
        path = address(referral, f"services/{approach_of(referral, england.ashdown).public_id}/bed")
        client = client_of(england.maya)
        shown = client.get(path)
        token = {"csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value}
        bed = {"bed": str(england.bed.public_id), **boxes("bed_on", on(3))}
        forms.append((path, client, {**hidden(shown), **token, **bed}))
    together, answers = threading.Barrier(TAKERS), []

    def take(path, client, fields):
        together.wait()
        answers.append(posted(server, path, client, fields))

    threads = [threading.Thread(target=take, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One redirect to the transfer; everybody else is told, and nobody waits for a deadlock.
    assert sorted(answers) == [302] + [409] * (TAKERS - 1)
    assert BedOffer.objects.count() == BedUse.objects.current().held().count() == 1
