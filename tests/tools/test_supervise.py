"""The supervisor: a dead child comes back with a growing pause, and everything stops in the reverse order."""

import io
import os
import signal
import sys

import pytest

from tools import supervise
from tools.servers import wait_until
from tools.supervise import Child, Supervisor


class Fake:
    """A thing to keep up, whose life is in the test's hands."""

    def __init__(self, name, order=None, *, refuses=False):
        self.name, self.order, self.refuses = name, order if order is not None else [], refuses
        self.up = False
        self.starts = 0

    def start(self):
        self.starts += 1
        self.order.append(f"start {self.name}")
        if self.refuses:
            raise OSError("no room")
        self.up = True

    def running(self):
        return self.up

    def stop(self):
        self.order.append(f"stop {self.name}")
        self.up = False


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(supervise.time, "monotonic", lambda: Clock.now)
    return Clock


def _kept(*kept):
    told = []
    return Supervisor(kept, tell=lambda name, line: told.append(f"{name}: {line}")), told


def test_starts_in_order_and_stops_in_the_reverse():
    order = []
    supervisor, _ = _kept(*(Fake(name, order) for name in ("postgres", "redis", "beat", "worker", "web")))
    supervisor.start()
    supervisor.stop()
    assert order == [
        "start postgres", "start redis", "start beat", "start worker", "start web",
        "stop web", "stop worker", "stop beat", "stop redis", "stop postgres",
    ]  # fmt: skip


def test_the_launcher_gives_its_parts_in_that_order(monkeypatch):
    from tools import launcher

    given = []

    class Told(Supervisor):
        def start(self):
            given.extend(one.name for one in self.kept)
            raise KeyboardInterrupt

    monkeypatch.setattr(launcher, "Supervisor", Told)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with pytest.raises(KeyboardInterrupt):
            launcher.keep_up([Fake("postgres"), Fake("redis")], {})
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert given == ["postgres", "redis", "beat", "worker", "web"]


def test_a_dead_child_starts_again_after_a_pause(clock):
    child = Fake("worker")
    supervisor, told = _kept(child)
    supervisor.start()
    child.up = False
    supervisor.look()
    assert child.starts == 1
    clock.now += supervise.FIRST_PAUSE
    supervisor.look()
    assert child.running()
    assert told == ["worker: ended; starting again in 0.5 s"]


def test_the_pause_grows_up_to_a_limit_while_a_child_keeps_dying(clock):
    child = Fake("worker")
    supervisor, told = _kept(child)
    supervisor.start()
    for _ in range(8):
        child.up = False
        supervisor.look()
        clock.now += supervise.LONGEST_PAUSE
        supervisor.look()
    pauses = [float(line.split()[-2]) for line in told]
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_a_child_that_lived_long_is_restarted_at_once_again(clock):
    child = Fake("worker")
    supervisor, told = _kept(child)
    supervisor.start()
    for lived in (1, 1, supervise.WELL_AFTER + 1):
        clock.now += lived
        child.up = False
        supervisor.look()
        clock.now += 2
        supervisor.look()
    assert [line.split()[-2] for line in told] == ["0.5", "1.0", "0.5"]


def test_one_that_cannot_start_leaves_the_others_up(clock):
    broken, fine = Fake("redis", refuses=True), Fake("web")
    supervisor, told = _kept(broken, fine)
    supervisor.start()
    assert fine.running()
    assert told == ["redis: did not start: no room"]
    supervisor.look()
    clock.now += 1
    supervisor.look()
    assert broken.starts == 2


def _child(code, log=None, grace=20.0):
    return Child("it", [sys.executable, "-c", code], dict(os.environ), grace=grace, log=log or io.StringIO())


def test_a_child_is_asked_before_it_is_ended():
    log = io.StringIO()
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('tidying'), sys.exit()))\n"
        "print('up', flush=True)\ntime.sleep(60)"
    )
    child = _child(code, log)
    child.start()
    assert wait_until(lambda: "up" in log.getvalue(), 20)
    child.stop()
    assert wait_until(lambda: "      it | tidying\n" in log.getvalue(), 20)
    assert not child.running()


def test_a_child_that_does_not_listen_is_ended_after_its_grace():
    log = io.StringIO()
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(60)"
    child = _child(code, log, grace=0.2)
    child.start()
    assert wait_until(lambda: "up" in log.getvalue(), 20)
    child.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_ctrl_c_in_the_terminal_does_not_reach_a_child():
    child = _child("import time; time.sleep(60)")
    child.start()
    try:
        assert os.getsid(child.process.pid) != os.getsid(0)
    finally:
        child.kill()
    assert not child.running()


def test_a_stop_takes_less_than_thirty_seconds_at_worst():
    from tools.postgres import Postgres
    from tools.processes import GRACE
    from tools.redis import Redis

    assert sum(GRACE.values()) + Redis.kill_after + Postgres.kill_after < 30
