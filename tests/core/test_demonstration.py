"""Demonstration mode lists accounts with their password, so it never faces the public."""

import os
import subprocess
import sys

import pytest


def started(hosts):
    """The end of the output of a process that reads the settings in demonstration mode, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**os.environ, "DEMO": "1", "ALLOWED_HOSTS": hosts},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("hosts", ["pathways.example", "localhost,pathways.example", "*"])
def test_it_refuses_a_public_host_name(hosts):
    code, said = started(hosts)
    assert code == 1
    assert "DEMO=1 is refused with a public host name" in said


def test_it_starts_on_the_machine_itself():
    assert started("localhost,127.0.0.1")[0] == 0
