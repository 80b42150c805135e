"""`exec` on servers that are here already: exit codes, signals, and what it leaves to the command."""

import os
import signal
import subprocess
import sys

import pytest

from tools import environment, launcher
from tools.folders import ROOT
from tools.servers import port_is_free, wait_until


def _launched(*command, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "tools.launcher", "exec", "--no-frontend", "--", *command],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **more,
    )  # fmt: skip


@pytest.mark.parametrize("code", [0, 3])
def test_the_exit_code_is_the_commands(code):
    with _launched("sh", "-c", f"exit {code}") as one:
        assert one.wait(30) == code


def test_a_command_that_was_killed_is_told_as_a_shell_does():
    with _launched("sh", "-c", "kill -9 $$") as one:
        assert one.wait(30) == 128 + signal.SIGKILL


def test_no_command_is_an_error_that_says_so():
    with _launched() as one:
        _, said = one.communicate(timeout=30)
        assert one.returncode == 1
        assert said == "Say which command to run, after --.\n"


def test_a_polite_end_reaches_the_command():
    with _launched(
        "sh", "-c", "trap 'echo tidied; exit 7' TERM; echo up; while :; do sleep 0.05; done"
    ) as one:
        assert one.stdout.readline() == "up\n"
        one.send_signal(signal.SIGTERM)
        said, _ = one.communicate(timeout=30)
        assert (one.returncode, said) == (7, "tidied\n")


def test_the_command_finds_the_addresses_that_were_set():
    names = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "SECRET_KEY")
    with _launched("env") as one:
        said, _ = one.communicate(timeout=30)
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    assert {name: found[name] for name in names} == {name: os.environ[name] for name in names}
    assert found["DEMO"] == "1"


def test_servers_that_are_given_are_not_started(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@127.0.0.1/else")
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert [server.name for server in environment.embedded_servers()] == ["redis"]


def test_a_second_run_says_that_one_is_running(tmp_path, capsys):
    with (tmp_path / "run.lock").open("a+") as first, (tmp_path / "run.lock").open("a+") as second:
        assert launcher._only_one(first)
        launcher._note(first, "http://localhost:8000")
        assert not launcher._only_one(second)
    assert capsys.readouterr().err == (
        f"Secure pathways is already running: http://localhost:8000 (process {os.getpid()})\n"
    )


def test_leftovers_of_a_killed_launcher_are_ended_and_strangers_are_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "data_folder", lambda: tmp_path)
    sleep = "import time; time.sleep(60)"
    ours = subprocess.Popen([sys.executable, "-c", sleep, "config"], start_new_session=True)
    stranger = subprocess.Popen([sys.executable, "-c", sleep, "another"], start_new_session=True)
    try:
        (tmp_path / "run.json").write_text(f"[{ours.pid}, {stranger.pid}]")
        assert wait_until(lambda: launcher._is_ours(ours.pid), 20)
        launcher._end_leftovers()
        assert ours.wait(20) == -signal.SIGKILL
        with pytest.raises(subprocess.TimeoutExpired):
            stranger.wait(0.3)
        assert not (tmp_path / "run.json").exists()
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()


def test_a_taken_port_is_seen():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_is_free(taken.getsockname()[1])
