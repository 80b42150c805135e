"""A test that would reach another machine fails; this machine's own servers are reached."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_another_machine_is_not_reached():
    with (
        socket.socket() as line,
        pytest.raises((SocketConnectBlockedError, UserWarning), match="A test tried"),
    ):
        line.connect(("192.0.2.1", 80))


def test_this_machine_is_reached():
    with socket.socket() as listening, socket.socket() as line:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        line.connect(listening.getsockname())
