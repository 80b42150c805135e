"""The container's health check tells a ready server from one that is not."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tools.healthcheck import ready
from tools.servers import free_port


@pytest.fixture
def server():
    class Answer(BaseHTTPRequestHandler):
        status = 200

        def do_GET(self):
            known = self.path == "/health/ready" and self.headers["Host"] == "pathways.example"
            self.send_response(self.status if known else 400)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield Answer, f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_ready_under_the_name_that_it_serves(server):
    _, address = server
    assert ready(address, "pathways.example,localhost")
    assert ready(address, ".pathways.example")
    assert not ready(address, "localhost")


def test_not_ready_is_not_ready(server):
    answer, address = server
    answer.status = 503
    assert not ready(address, "pathways.example")


def test_nobody_listens():
    assert not ready(f"http://127.0.0.1:{free_port()}", "localhost")
